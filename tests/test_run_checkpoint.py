"""A checkpoint is whole or not there, comes back to the bit, and is never believed blindly."""

from __future__ import annotations

import errno
import itertools
import json
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import pytest
import safetensors
import safetensors.torch
import torch

from counterplay.errors import UserError
from counterplay.run import Score, checkpoint


class State:
    """A stand-in with every kind of tensor a training has, a function of its step."""

    def __init__(self, step: int) -> None:
        rng = torch.Generator().manual_seed(step)
        self.weight = torch.randn(3, 4, generator=rng)
        self.image = torch.randn(2, 3, 4, 5, generator=rng).to(memory_format=torch.channels_last)
        self.step = step

    def tensors(self) -> dict[str, torch.Tensor]:
        return {
            "game/weight": self.weight,
            "game/tied": self.weight,
            "game/image": self.image,
            "game/transposed": self.weight.t(),
            "game/row": self.weight[1],
            "game/half": self.weight.to(torch.bfloat16),
            "game/count": torch.tensor(self.step),
            "game/flags": torch.tensor([True, False]),
            "optimiser/0/step": torch.tensor(float(self.step)),
            "memory/empty": torch.empty(0, 3),
            "memory/empty_too": torch.empty(0, 3),
            "precise": torch.tensor([0.1, -0.0, 1e-310], dtype=torch.float64),
        }

    def scalars(self) -> dict[str, int | float | str]:
        return {"step": self.step, "rate": 0.1 + 0.2, "note": "ünïcode"}

    def load(self, tensors, scalars) -> None:
        self.weight, self.image = tensors["game/weight"], tensors["game/image"]
        self.step = int(scalars["step"])


def same(found: checkpoint.Checkpoint, state: State) -> bool:
    wanted = state.tensors()
    return (
        found.scalars == state.scalars()
        and found.tensors.keys() == wanted.keys()
        and all(
            torch.equal(found.tensors[n], v)
            and found.tensors[n].dtype == v.dtype
            and found.tensors[n].shape == v.shape
            for n, v in wanted.items()
        )
    )


def test_every_tensor_comes_back_to_the_bit(tmp_path):
    found = checkpoint.read(checkpoint.save(tmp_path, State(7)))
    assert same(found, State(7))
    assert str(found.tensors["precise"][1].item()) == "-0.0"
    assert found.step == 7


def test_tied_tensors_are_stored_once_and_come_back_tied(tmp_path):
    path = checkpoint.save(tmp_path, State(7))
    found = checkpoint.read(path)
    assert found.tensors["game/tied"] is found.tensors["game/weight"]
    with safetensors.safe_open(path / "state.safetensors", "pt") as file:
        assert "game/tied" not in file.keys()  # noqa: SIM118
    # Equal storage is not enough: a view of it, and two empty tensors, are tensors of their own.
    assert found.tensors["memory/empty_too"] is not found.tensors["memory/empty"]
    assert found.tensors["game/row"].untyped_storage().nbytes() == 16


def test_a_view_is_stored_without_the_storage_it_looks_into(tmp_path):
    class Slice(State):
        def tensors(self):
            return {"few": torch.zeros(100_000)[:3]}

    path = checkpoint.save(tmp_path, Slice(1))
    assert (path / "state.safetensors").stat().st_size < 1000


def test_state_json_says_what_is_in_it(tmp_path):
    path = checkpoint.save(tmp_path, State(7), recipe="abc", score=Score("kid", 0.25))
    said = json.loads((path / "state.json").read_text())
    assert said["tensors"]["game/image"] == "float32[2, 3, 4, 5]"
    assert said["recipe"] == "abc"
    assert said["score"] == {"metric": "kid", "value": 0.25, "better": "lower"}


class Killed(BaseException):
    """The process ends here: nothing that follows in it runs."""


CALLS = ["replace", "fsync", "mkdir", "open"]


def killed_at(monkeypatch, nth: int) -> None:
    """Die before the nth call that touches the disk."""
    count = itertools.count()

    def dying(real):
        def call(*args, **kwargs):
            if next(count) == nth:
                raise Killed
            return real(*args, **kwargs)

        return call

    for name in CALLS:
        monkeypatch.setattr(os, name, dying(getattr(os, name)))
    monkeypatch.setattr(shutil, "rmtree", dying(shutil.rmtree))
    save_file = safetensors.torch.save_file
    monkeypatch.setattr(safetensors.torch, "save_file", dying(save_file))


@pytest.mark.parametrize("again", [False, True], ids=["new", "in the place of one"])
def test_killed_at_any_call_there_is_a_whole_checkpoint(tmp_path, monkeypatch, again):
    """Save, die before the nth call, read as the next process would, for every n."""
    for nth in itertools.count():
        folder = tmp_path / f"{again}{nth}"
        checkpoint.save(folder, State(1))
        following = State(1 if again else 2)
        finished = False
        with monkeypatch.context() as context:
            killed_at(context, nth)
            try:
                checkpoint.save(folder, following)
                checkpoint.trim(folder, keep=1)
                finished = True
            except Killed:
                pass
        found, notes = checkpoint.latest(folder)
        assert found is not None
        assert notes == ()
        assert same(found, State(found.step))
        checkpoint.tidy(folder)
        whole, _ = checkpoint.latest(folder)
        assert whole is not None
        assert whole.step == found.step
        assert not list(folder.glob(".*"))
        if finished:
            assert [p.name for p in folder.iterdir()] == [f"{following.step:08d}"]
            break
    assert nth > 8  # the calls were in fact met


def test_a_process_killed_while_it_saves_leaves_only_whole_ones(tmp_path):
    code = f"""
import itertools, sys, torch
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_run_checkpoint import State
from counterplay.run import checkpoint
for step in itertools.count(1):
    checkpoint.save(Path({str(tmp_path)!r}), State(step))
    checkpoint.trim(Path({str(tmp_path)!r}), 2)
    if step == 20: print("going", flush=True)
"""
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=env)
    with process:
        assert process.stdout.readline() == b"going\n"
        time.sleep(random.Random().uniform(0, 0.1))
        process.send_signal(signal.SIGKILL)
    found, notes = checkpoint.latest(tmp_path)
    assert notes == ()
    assert found.step >= 20
    assert same(found, State(found.step))


def test_killed_half_way_through_deleting_nothing_looks_like_a_checkpoint(tmp_path, monkeypatch):
    for step in (1, 2):
        checkpoint.save(tmp_path, State(step))

    def half(path, **_):
        (path / "state.json").unlink()
        raise Killed

    monkeypatch.setattr(shutil, "rmtree", half)
    with pytest.raises(Killed):
        checkpoint.remove(tmp_path / "00000001")
    monkeypatch.undo()
    assert list(checkpoint.steps(tmp_path)) == [2]
    checkpoint.tidy(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["00000002"]


def test_a_full_disk_is_one_line_and_what_was_there_stays(tmp_path, monkeypatch):
    checkpoint.save(tmp_path, State(1))

    def full(*_):
        raise safetensors.SafetensorError("Error while serializing: I/O error: (os error 28)")

    monkeypatch.setattr(safetensors.torch, "save_file", full)
    with pytest.raises(UserError, match="the disk is full; free some space") as caught:
        checkpoint.save(tmp_path, State(2))
    assert "\n" not in str(caught.value)
    assert [p.name for p in tmp_path.iterdir()] == ["00000001"]
    assert same(checkpoint.latest(tmp_path)[0], State(1))


@pytest.mark.parametrize("nth", range(6))
def test_no_space_at_any_sync_leaves_what_was_there(tmp_path, monkeypatch, nth):
    checkpoint.save(tmp_path, State(1))
    count, real = itertools.count(), os.fsync

    def full(descriptor):
        if next(count) == nth:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    told = pytest.raises(UserError, match="disk is full")
    with told if nth < 4 else nullcontext():  # three files and folders, then their parent
        checkpoint.save(tmp_path, State(2))
    monkeypatch.undo()
    found, notes = checkpoint.latest(tmp_path)
    assert same(found, State(found.step))
    assert notes == ()
    assert not list(tmp_path.glob(".*"))


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


DAMAGE = {
    "flipped bit": lambda p: flip(p / "state.safetensors"),
    "truncated": lambda p: os.truncate(p / "state.safetensors", 100),
    "empty": lambda p: os.truncate(p / "state.safetensors", 0),
    "tensors gone": lambda p: (p / "state.safetensors").unlink(),
    "manifest gone": lambda p: (p / "state.json").unlink(),
    "manifest cut": lambda p: os.truncate(p / "state.json", 40),
    "manifest empty": lambda p: os.truncate(p / "state.json", 0),
    "manifest changed": lambda p: (p / "state.json").write_text(
        (p / "state.json").read_text().replace('"rate": 0.3', '"rate": 0.4')
    ),
    "manifest a list": lambda p: (p / "state.json").write_text("[1]"),
    "manifest binary": lambda p: (p / "state.json").write_bytes(b"\xff\xfe\x00"),
    "another format": lambda p: (p / "state.json").write_text('{"format": "x", "seal": ""}'),
    "foreign": lambda p: safetensors.torch.save_file(
        {"w": torch.zeros(2)}, p / "state.safetensors"
    ),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_checkpoint_is_one_line_and_the_one_before_is_taken(tmp_path, damage):
    checkpoint.save(tmp_path, State(1))
    path = checkpoint.save(tmp_path, State(2))
    damage(path)
    with pytest.raises(UserError) as caught:
        checkpoint.read(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    found, notes = checkpoint.latest(tmp_path)
    assert same(found, State(1))
    assert len(notes) == 1
    assert str(path) in notes[0]
    shutil.rmtree(tmp_path / "00000001")
    with pytest.raises(UserError, match=r"no checkpoint in .* is whole"):
        checkpoint.latest(tmp_path)


def test_a_renamed_checkpoint_is_refused(tmp_path):
    checkpoint.save(tmp_path, State(1)).rename(tmp_path / "00000009")
    with pytest.raises(UserError, match="the checkpoint of step 1, renamed"):
        checkpoint.read(tmp_path / "00000009")


EXECUTED = []


class Bomb:
    def __reduce__(self):
        return EXECUTED.append, (1,)


def test_a_pickle_in_the_place_of_tensors_is_never_run(tmp_path):
    path = checkpoint.save(tmp_path, State(1))
    file = path / "state.safetensors"
    file.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(UserError, match="damaged"):
        checkpoint.read(path)
    # Even when the manifest was forged to fit it.
    body = json.loads((path / "state.json").read_text())
    del body["seal"]
    body |= {"sha256": checkpoint._digest(file), "bytes": file.stat().st_size}
    (path / "state.json").write_text(json.dumps({**body, "seal": checkpoint._seal(body)}))
    with pytest.raises(UserError, match="is not a safetensors file"):
        checkpoint.read(path)
    assert EXECUTED == []


def test_the_last_few_and_the_best_are_kept(tmp_path):
    scores = {1: 5.0, 2: 1.0, 3: 4.0, 4: 3.0, 5: 2.0, 6: 9.0}
    for step, value in scores.items():
        checkpoint.save(tmp_path, State(step), score=Score("frechet", value))
        checkpoint.trim(tmp_path, keep=2)
    assert list(checkpoint.steps(tmp_path)) == [2, 5, 6]
    assert checkpoint.best(tmp_path).name == "00000002"


def test_best_can_mean_highest_and_ignores_other_metrics_and_nan(tmp_path):
    checkpoint.save(tmp_path, State(1), score=Score("coverage", 0.9, "higher"))
    checkpoint.save(tmp_path, State(2), score=Score("coverage", 0.5, "higher"))
    checkpoint.save(tmp_path, State(3), score=Score("coverage", float("nan"), "higher"))
    assert checkpoint.best(tmp_path).name == "00000001"
    checkpoint.save(tmp_path, State(4), score=Score("frechet", 100.0))
    assert checkpoint.best(tmp_path).name == "00000004"
    assert checkpoint.best(tmp_path / "none") is None


def test_damaged_ones_do_not_count_as_kept(tmp_path):
    for step in (1, 2):
        checkpoint.save(tmp_path, State(step))
    os.truncate(tmp_path / "00000002" / "state.safetensors", 10)
    checkpoint.trim(tmp_path, keep=1)
    assert same(checkpoint.latest(tmp_path)[0], State(1))


def test_keeping_none_is_refused(tmp_path):
    checkpoint.save(tmp_path, State(1))
    with pytest.raises(UserError, match="keep=0"):
        checkpoint.trim(tmp_path, keep=0)
    assert checkpoint.latest(tmp_path)[0].step == 1
