"""One process and two on the same global batch are one training; a dead rank ends the other."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from parallel_worker import main
from safetensors.torch import load_file
from torch import nn

from counterplay.parallel import average, world

WORKER = Path(__file__).with_name("parallel_worker.py")
pytestmark = pytest.mark.dist


def torchrun(processes: int, *words: object) -> subprocess.CompletedProcess:
    command = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--standalone",
        f"--nproc-per-node={processes}",
        str(WORKER),
        *map(str, words),
    ]
    environment = os.environ | {
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(WORKER.parents[1]),
        "GLOO_SOCKET_IFNAME": "lo",
    }
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180)


def alone(folder: Path, name: str, rounds: int) -> dict[str, torch.Tensor]:
    main(name, rounds, f"{folder}/{name}1")
    return load_file(folder / f"{name}1.0.safetensors")


def ends(folder: Path, processes: int, name: str, rounds: int) -> list[dict[str, torch.Tensor]]:
    done = torchrun(processes, name, rounds, folder / f"{name}{processes}")
    assert done.returncode == 0, done.stderr[-2000:]
    return [load_file(folder / f"{name}{processes}.{r}.safetensors") for r in range(processes)]


@pytest.mark.parametrize("name", ["gp", "r1"])
def test_two_processes_are_one(tmp_path: Path, name: str) -> None:
    whole = alone(tmp_path, name, 100)
    first, second = ends(tmp_path, 2, name, 100)
    assert whole.keys() == first.keys()
    for key, value in whole.items():
        assert torch.equal(first[key], second[key]), f"ranks differ in {key}"
        assert torch.allclose(value, first[key], atol=1e-5), key


def test_batch_norm_statistics_agree_between_processes(tmp_path: Path) -> None:
    first, second = ends(tmp_path, 2, "bn", 5)
    assert any("running_mean" in key for key in first)
    for key, value in first.items():
        assert torch.equal(value, second[key]), f"ranks differ in {key}"


def test_a_gradient_that_one_process_lacks_does_not_misalign_the_others(tmp_path: Path) -> None:
    first, second = ends(tmp_path, 2, "uneven", 0)
    for end in (first, second):
        assert torch.equal(end["a"], torch.full((2,), 0.5))
        assert torch.equal(end["b"], torch.full((3,), 0.5))


def test_a_rank_that_dies_ends_the_other_with_a_clear_message(tmp_path: Path) -> None:
    said = []
    while not any("process 0 of 2 lost another process" in words for words in said):
        assert len(said) < 3, said  # torchrun may end the other before it has said so
        start = time.monotonic()
        done = torchrun(2, "gp", 100, tmp_path / str(len(said)), 3)
        assert done.returncode != 0
        assert time.monotonic() - start < 60
        said.append(done.stderr)
    assert not list(tmp_path.glob("*.*"))


def test_alone_nothing_is_averaged() -> None:
    p = nn.Parameter(torch.ones(2))
    average([p])
    assert p.grad is None
    assert world().size == 1
