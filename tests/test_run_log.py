"""Records are strict JSON, survive a kill at any byte, and name the first number that is none."""

from __future__ import annotations

import json
import math
import os

import pytest
import torch

from counterplay.errors import UserError
from counterplay.run import NonFinite
from counterplay.run.log import Journal, Window, history, mend, records, strict


def filled(**terms):
    return {name.replace("_", "/"): torch.tensor(value) for name, value in terms.items()}


def test_the_mean_and_the_last_over_rounds_in_which_a_term_was_there():
    window = Window()
    window.add(1, filled(critic_a=1.0))
    window.add(2, filled(critic_a=2.0, generator_a=10.0))
    window.add(3, filled(critic_a=6.0))
    assert window.close() == (
        {"critic/a": 3.0, "generator/a": 10.0},
        {"critic/a": 6.0, "generator/a": 10.0},
    )
    assert window.empty
    assert window.close() == ({}, {})


def test_mixed_types_and_shapes_keep_their_order_and_values():
    window = Window()
    window.add(1, {"a/x": torch.tensor(0.1, dtype=torch.float64), "b/y": torch.tensor([2.0])})
    window.add(2, {"a/x": torch.tensor(0.3, dtype=torch.float64), "b/y": torch.tensor(3)})
    window.add(2, {"c/z": torch.tensor(1.5, dtype=torch.bfloat16)})
    means, last = window.close()
    assert means == {"a/x": 0.2, "b/y": 2.5, "c/z": 1.5}
    assert last["a/x"] == 0.3


def test_adding_asks_nothing_of_the_device(monkeypatch):
    def sync(*_):
        raise AssertionError("the host waited for the device")

    window = Window()
    for name in ("item", "tolist", "__float__", "__bool__", "cpu", "numpy"):
        monkeypatch.setattr(torch.Tensor, name, sync)
    for step in range(100):
        window.add(step, filled(critic_a=1.0))
    monkeypatch.undo()
    calls, real = [], torch.Tensor.tolist
    monkeypatch.setattr(torch.Tensor, "tolist", lambda t: calls.append(1) or real(t))
    window.close()
    assert calls == [1]


def test_adding_lets_go_of_the_graph():
    weight = torch.ones(3, requires_grad=True)
    window = Window()
    window.add(1, {"critic/a": (weight * 2).sum()})
    assert not window._waiting[0][2].requires_grad


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_the_first_number_that_is_none_is_named(bad):
    window = Window()
    window.add(7, filled(critic_adversarial=1.0, critic_penalty=2.0))
    window.add(8, filled(critic_adversarial=1.0, critic_penalty=bad))
    window.add(9, filled(critic_adversarial=math.nan, critic_penalty=math.nan))
    with pytest.raises(NonFinite) as caught:
        window.settle()
    error = caught.value
    assert (error.player, error.term, error.step) == ("critic", "penalty", 8)
    assert str(bad) in str(error)
    assert isinstance(error, UserError)


def test_lines_are_strict_json_whatever_the_numbers(tmp_path):
    journal = Journal(tmp_path / "m.jsonl")
    record = {"step": 1, "a/b": math.nan, "metrics": {"kid": {"interval": (0.0, math.inf)}}}
    journal.write(record)
    line = (tmp_path / "m.jsonl").read_text()
    read = json.loads(line, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert read["a/b"] is None
    assert read["nonfinite"] == {"a/b": "nan", "metrics.kid.interval.1": "inf"}
    assert strict({"x": torch.tensor(2)}) == {"x": 2}


def test_each_line_is_there_before_the_next_is_written(tmp_path):
    journal = Journal(tmp_path / "m.jsonl")
    for step in range(3):
        journal.write({"step": step})
        assert [r["step"] for r in history(tmp_path / "m.jsonl")] == list(range(step + 1))


def test_cut_at_any_byte_whole_lines_stay_and_writing_goes_on(tmp_path):
    path = tmp_path / "m.jsonl"
    journal = Journal(path)
    for step in (1, 2):
        journal.write({"step": step, "note": "ü"})
    data = path.read_bytes()
    first = data.index(b"\n") + 1
    for cut in range(len(data) + 1):
        path.write_bytes(data[:cut])
        whole = (cut >= first - 1) + (cut >= len(data) - 1)
        assert len(history(path)) == whole
        mend(path)
        assert path.read_bytes() == data[: [0, first, len(data)][whole]]
        Journal(path).write({"step": 9})
        assert len(history(path)) == whole + 1


def test_a_torn_line_that_was_not_mended_spoils_only_itself(tmp_path):
    path = tmp_path / "m.jsonl"
    path.write_bytes(b'{"step": 1}\n{"st')
    Journal(path).write({"step": 2})
    assert [r["step"] for r in history(path)] == [1, 2]


def test_zeros_after_a_power_cut_are_no_record(tmp_path):
    path = tmp_path / "m.jsonl"
    path.write_bytes(b'{"step": 1}\n' + bytes(50))
    mend(path)
    assert path.read_bytes() == b'{"step": 1}\n'


def test_a_resume_supersedes_what_came_after_its_step(tmp_path):
    journal = Journal(tmp_path / "m.jsonl")
    for record in (
        {"event": "start", "step": 0},
        {"step": 10, "run": 1},
        {"step": 20, "run": 1},
        {"event": "look", "step": 20, "run": 1},
        {"step": 30, "run": 1},
        {"event": "resume", "step": 20},
        {"step": 30, "run": 2},
        {"step": 40, "run": 2},
        {"event": "resume", "step": 10},
        {"step": 20, "run": 3},
    ):
        journal.write(record)
    held = records(tmp_path / "m.jsonl")
    assert [(r["step"], r.get("run"), r.get("event")) for r in held] == [
        (0, None, "start"),
        (10, 1, None),
        (10, None, "resume"),
        (20, 3, None),
    ]
    assert len(history(tmp_path / "m.jsonl")) == 10


def test_a_full_disk_leaves_no_half_line(tmp_path, monkeypatch):
    room, write = [30], os.write

    def almost_full(file, data):
        """Write to a disk with room for 30 bytes more."""
        if room[0] == 0:
            raise OSError(28, "No space left on device")
        taken = write(file, data[: room[0]])
        room[0] -= taken
        return taken

    journal = Journal(tmp_path / "m.jsonl")
    journal.write({"step": 1})
    monkeypatch.setattr(os, "write", almost_full)
    with pytest.raises(UserError, match="disk is full"):
        journal.write({"step": 2, "note": "x" * 100})
    assert room == [0]
    assert (tmp_path / "m.jsonl").read_bytes() == b'{"step": 1}\n'
