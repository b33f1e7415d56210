"""``kill -9`` at any moment leaves a run that goes on to the same bits; Ctrl-C says how to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import torch

from benchmarks import kill
from counterplay.cli import main
from counterplay.run import Run

ROOT = Path(__file__).resolve().parents[1]
ONE_THREAD = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}


def test_trainings_killed_at_random_moments_end_with_the_same_bits(tmp_path):
    words = ["-m", "benchmarks.kill", "--trials", "10", "--json", str(tmp_path / "rows.json")]
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=ONE_THREAD, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (row,) = json.loads((tmp_path / "rows.json").read_text())
    assert row["value"] == 10


def test_the_comparison_sees_a_bit(tmp_path):
    kill.points(tmp_path / kill.DATA)
    a, b = tmp_path / "a", tmp_path / "b"
    data = [str(tmp_path / kill.DATA), *kill.GAMES[0].split(), "--steps", "6"]
    assert main(["train", *data, "--out", str(a)]) == 0
    assert main(["train", *data, "--out", str(b)]) == 0
    left, right = kill.ending(a), kill.ending(b)
    assert left.differs(right) == ""
    name = next(n for n in left.tensors if n.startswith("optimiser/"))
    right.tensors[name] = torch.nextafter(right.tensors[name], torch.tensor(torch.inf))
    assert left.differs(right) == f"tensor {name}"


def test_killed_between_its_last_checkpoint_and_its_end_a_run_has_the_last_record(tmp_path):
    """The window of the last rounds was not full: its record went down with the process."""
    kill.points(tmp_path / kill.DATA)
    data = [str(tmp_path / kill.DATA), *kill.GAMES[0].split(), "--steps", "6"]
    assert main(["train", *data, "--out", str(tmp_path / "a")]) == 0
    assert main(["train", *data, "--out", str(tmp_path / "b")]) == 0
    journal = tmp_path / "b" / "metrics.jsonl"
    lines = journal.read_text().splitlines(keepends=True)
    saved = next(i for i, line in enumerate(lines) if '"event": "evaluate"' in line)
    journal.write_text("".join(lines[:saved]))
    assert main(["train", "--resume", str(tmp_path / "b"), "--quiet"]) == 0
    assert kill.ending(tmp_path / "a").differs(kill.ending(tmp_path / "b")) == ""


def test_ctrl_c_saves_and_says_how_to_go_on(tmp_path, capsys):
    kill.points(tmp_path / kill.DATA)
    data = [str(tmp_path / kill.DATA), *kill.GAMES[0].split()]
    long, out = ["--steps", "1000000", "--checkpoint-every", "1000000"], tmp_path / "run"
    step, said = _interrupted(["train", *data, *long, "--out", str(out)], out)
    assert f"counterplay train --resume {out}" in said
    assert step > 0

    end = ["--steps", str(step + 5)]
    assert main(["train", "--resume", str(out), "--quiet", *end]) == 0
    assert main(["train", *data, *end, "--out", str(tmp_path / "straight")]) == 0
    gone_on, straight = kill.ending(out), kill.ending(tmp_path / "straight")
    assert straight.tensors.keys() == gone_on.tensors.keys()
    for name, value in straight.tensors.items():
        assert torch.equal(value, gone_on.tensors[name]), name


def _interrupted(words: list[str], out: Path) -> tuple[int, str]:
    """Train until there are records, press Ctrl-C; return the step saved and what was said."""
    command = [sys.executable, "-m", "counterplay", *words]
    with subprocess.Popen(
        command, cwd=ROOT, env=ONE_THREAD, stdout=subprocess.PIPE, text=True
    ) as process:
        begin = time.monotonic()
        while not (out / "metrics.jsonl").exists() or len(Run.open(out).records()) < 3:
            if process.poll() is not None or time.monotonic() - begin > 120:
                process.kill()
                raise AssertionError("no record was written")
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    found, _ = Run.open(out).latest_good()
    return found.step, said
