"""A run folder is whole from its first moment, goes on exactly, and refuses what would spoil it."""

from __future__ import annotations

import errno
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from PIL import Image

from counterplay.errors import UserError
from counterplay.run import NonFinite, Run, Score, environment, vacant

RECIPE = "name: tiny\nsteps: 40\n"
DOMAIN = {"kind": "vector", "dim": 2}


class State:
    """A stand-in training: w <- 1.5 w + noise(step), with a moment beside it."""

    def __init__(self) -> None:
        self.weight, self.moment, self.step = torch.ones(3), torch.zeros(3), 0

    def advance(self):
        noise = torch.randn(3, generator=torch.Generator().manual_seed(self.step))
        self.moment = 0.9 * self.moment + noise
        self.weight = self.weight + 0.1 * self.moment
        self.step += 1
        return {"critic/cost": self.weight.square().mean(), "generator/cost": self.weight.sum()}

    def tensors(self):
        return {"game/w": self.weight, "optimiser/m": self.moment}

    def scalars(self):
        return {"step": self.step}

    def load(self, tensors, scalars):
        self.weight, self.moment = tensors["game/w"], tensors["optimiser/m"]
        self.step = scalars["step"]


def made(path: Path) -> Run:
    return Run.create(path, RECIPE, DOMAIN, environment())


def play(run: Run, until: int, rank: int = 0) -> State:
    """Go on until ``until``, a checkpoint each 10 rounds, and stop as a killed process would."""
    state = State()
    run.begin(run.restore(state).step, log_every=5, batch=8, rank=rank)
    while state.step < until:
        report = state.advance()
        run.log(state.step, report)
        if state.step % 10 == 0:
            run.save(state)
    return state


def numbers(run: Run) -> list[dict]:
    drop = ("time", "images_per_second")
    return [
        {k: v for k, v in r.items() if k not in drop} for r in run.records() if "event" not in r
    ]


def test_everything_is_there_before_step_one(tmp_path):
    run = made(tmp_path / "runs" / "new")
    opened = Run.open(run.path)
    assert opened.recipe_yaml == RECIPE
    assert opened.recipe == {"name": "tiny", "steps": 40}
    assert opened.domain == DOMAIN
    assert opened.environment["torch"] == torch.__version__
    assert opened.records() == []


def test_an_empty_folder_can_become_a_run(tmp_path):
    (tmp_path / "empty").mkdir()
    assert Run.open(made(tmp_path / "empty").path).recipe_yaml == RECIPE


def line(caught: pytest.ExceptionInfo) -> str:
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_run_that_is_there_is_not_touched(tmp_path):
    run = made(tmp_path / "run")
    before = sorted(p.name for p in run.path.iterdir())
    with pytest.raises(UserError) as caught:
        made(run.path)
    assert "--resume" in line(caught)
    assert "--out" in line(caught)
    assert sorted(p.name for p in run.path.iterdir()) == before


def test_a_folder_with_other_things_and_a_file_are_refused(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("x")
    with pytest.raises(UserError) as caught:
        made(tmp_path / "thesis")
    assert "chapter.tex" in line(caught)
    with pytest.raises(UserError, match="is a file"):
        vacant(tmp_path / "thesis" / "chapter.tex")
    with pytest.raises(UserError, match=r"choose another folder|path made of folders"):
        made(tmp_path / "thesis" / "chapter.tex" / "run")
    assert [p.name for p in tmp_path.rglob("*")] == ["thesis", "chapter.tex"]


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOSPC, errno.EROFS])
@pytest.mark.parametrize("call", ["rename", "replace", "mkdir", "fsync"])
def test_what_cannot_be_written_leaves_nothing(tmp_path, monkeypatch, number, call):
    def refuse(*_, **__):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as context:
        context.setattr(os, call, refuse)
        with pytest.raises(UserError) as caught:
            made(tmp_path / "run")
    line(caught)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_report_that_cannot_be_written_leaves_the_last_one(tmp_path, monkeypatch, call):
    run = made(tmp_path / "run")
    before = run.report().read_bytes()
    names = sorted(run.path.iterdir())

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(UserError, match="disk is full") as caught:
        run.report()
    line(caught)
    assert (run.path / "report.html").read_bytes() == before
    assert sorted(run.path.iterdir()) == names


def test_opening_what_is_no_run_says_so(tmp_path):
    with pytest.raises(UserError, match="nothing is there"):
        Run.open(tmp_path / "none")
    with pytest.raises(UserError, match=r"not a run folder: it has no recipe.yaml and no domain"):
        Run.open(tmp_path)
    run = made(tmp_path / "run")
    (run.path / "domain.json").write_text("{")
    with pytest.raises(UserError, match="is not JSON"):
        Run.open(run.path).domain  # noqa: B018


def test_a_resumed_run_is_the_same_run(tmp_path):
    straight = made(tmp_path / "straight")
    ended = play(straight, 40)
    broken = made(tmp_path / "broken")
    for until in (7, 13, 20, 33, 40):
        state = play(Run.open(broken.path), until)
        with (broken.path / "metrics.jsonl").open("a") as file:
            file.write('{"step": 99, "cri')  # killed while it wrote
        (broken.path / "checkpoints" / ".00000099.tmp").mkdir(parents=True)
    assert torch.equal(state.weight, ended.weight)
    assert torch.equal(state.moment, ended.moment)
    assert numbers(broken) == numbers(straight)
    assert [r["step"] for r in broken.records() if r.get("event") == "resume"] == [0, 10, 20, 30]
    Run.open(broken.path).begin(40)
    for written in (broken.path / "metrics.jsonl").read_text().splitlines():
        json.loads(written)  # what was torn is cut off
    assert [p.name for p in broken.checkpoints.glob(".*")] == []


def test_time_goes_on_where_it_stopped(tmp_path):
    run, now = made(tmp_path / "run"), [100.0]
    run.begin(0, log_every=1, batch=4, clock=lambda: now[0])
    state = State()
    now[0] += 2
    assert run.log(1, state.advance())["images_per_second"] == 2.0
    run.save(state)
    with run.aside():
        now[0] += 50
    now[0] += 1
    record = run.log(2, state.advance())
    assert record["images_per_second"] == 4.0
    assert record["time"] == 53.0
    again = Run.open(run.path)
    again.begin(1, log_every=1, batch=4, clock=lambda: now[0])
    now[0] += 3
    assert again.log(2, state.advance())["time"] == 5.0


def test_records_come_each_log_every_rounds_and_at_the_end(tmp_path):
    run = made(tmp_path / "run")
    run.begin(0, log_every=4, batch=2)
    state = State()
    written = [run.log(step, state.advance()) is not None for step in range(1, 11)]
    assert [i + 1 for i, w in enumerate(written) if w] == [4, 8]
    run.finish(10, "stopped")
    records = Run.open(run.path).records()
    assert [r["step"] for r in records if "event" not in r] == [4, 8, 10]
    assert records[-1]["event"] == "end"
    assert records[-1]["reason"] == "stopped"
    assert records[-1]["images"] == 20


def test_a_damaged_checkpoint_is_passed_over_with_a_note_and_replaced(tmp_path):
    run = made(tmp_path / "run")
    play(run, 20)
    os.truncate(run.checkpoints / "00000020" / "state.safetensors", 9)
    state = State()
    restored = Run.open(run.path).restore(state)
    assert restored.step == state.step == 10
    assert "00000020" in restored.notes[0]
    ended = play(Run.open(run.path), 20)
    assert torch.equal(ended.weight, play(made(tmp_path / "other"), 20).weight)
    assert Run.open(run.path).restore(State()).step == 20


def test_restoring_and_reading_write_nothing(tmp_path):
    run = made(tmp_path / "run")
    play(run, 20)
    os.truncate(run.checkpoints / "00000020" / "state.safetensors", 9)
    (run.checkpoints / ".00000030.tmp").mkdir()  # a training goes on meanwhile

    def seen():
        return {p: p.stat().st_mtime_ns for p in run.path.rglob("*")}

    before = seen()
    opened = Run.open(run.path)
    opened.restore(State())
    opened.records()
    opened.pictures()
    opened.best()
    assert seen() == before


def test_beginning_where_no_checkpoint_is_removes_none(tmp_path):
    run = made(tmp_path / "run")
    play(run, 20)
    for step in (0, 15):
        with pytest.raises(UserError, match="go on from one of them"):
            Run.open(run.path).begin(step)
    assert Run.open(run.path).restore(State()).step == 20


def test_going_back_supersedes_later_checkpoints_pictures_and_records(tmp_path):
    run = made(tmp_path / "run")
    play(run, 20)
    run.look(20, Image.new("L", (4, 4)))
    again = Run.open(run.path)
    again.begin(10)
    assert [p.name for p in run.checkpoints.iterdir()] == ["00000010"]
    assert again.pictures() == {}
    assert max(r["step"] for r in again.records()) == 10


def test_a_checkpoint_of_another_recipe_is_refused_an_amended_one_is_not(tmp_path):
    run = made(tmp_path / "run")
    play(run, 10)
    (run.path / "recipe.yaml").write_text("# a comment\n" + RECIPE)
    assert run.restore(State()).step == 10
    (run.path / "recipe.yaml").write_text(RECIPE.replace("40", "80"))
    with pytest.raises(UserError, match="under another recipe") as caught:
        run.restore(State())
    line(caught)
    (run.path / "recipe.yaml").write_text(RECIPE)
    Run.open(run.path).amend(RECIPE.replace("40", "80"), {"steps": [40, 80]})
    opened = Run.open(run.path)
    assert opened.recipe["steps"] == 80
    play(opened, 20)
    assert opened.restore(State()).step == 20
    assert [r["changes"] for r in opened.records() if r.get("event") == "amend"] == [
        {"steps": [40, 80]}
    ]


def test_a_number_that_is_none_stops_and_points_at_the_last_good_checkpoint(tmp_path):
    run = made(tmp_path / "run")
    play(run, 10)
    run.log(11, {"critic/cost": torch.tensor(1.0)})
    run.log(12, {"critic/cost": torch.tensor(1.0), "generator/cost": torch.tensor(math.nan)})
    run.log(13, {"critic/cost": torch.tensor(math.inf)})
    state = State()
    state.step = 14
    with pytest.raises(NonFinite) as caught:
        run.save(state)
    assert "'generator'" in line(caught)
    assert "'cost'" in line(caught)
    assert "step 12" in line(caught)
    assert "step 10, is kept" in line(caught)
    assert list(run.checkpoints.iterdir()) == [run.checkpoints / "00000010"]
    assert run.records()[-1]["event"] == "nonfinite"
    assert "generator" in (run.path / "report.html").read_text()


def test_a_state_with_nan_is_never_saved(tmp_path):
    run = made(tmp_path / "run")
    state = play(run, 10)
    state.advance()
    state.moment[1] = math.nan
    with pytest.raises(NonFinite, match="optimiser/m") as caught:
        run.save(state)
    line(caught)
    assert Run.open(run.path).restore(State()).step == 10


def test_best_is_by_score(tmp_path):
    run, state = made(tmp_path / "run"), State()
    run.begin(0, keep=1)
    for value in (3.0, 1.0, 2.0):
        state.advance()
        run.save(state, Score("frechet/judge", value))
    assert run.best().step == 2
    assert run.best().score == Score("frechet/judge", 1.0)
    assert run.latest_good()[0].step == 3


def test_other_ranks_check_and_write_nothing(tmp_path):
    run = made(tmp_path / "run")
    before = {p: p.stat().st_mtime_ns for p in run.path.rglob("*")}
    state = play(run, 10, rank=1)
    run.look(10, Image.new("L", (4, 4)))
    run.show_real(Image.new("L", (4, 4)))
    with run.aside():
        pass
    run.finish(10)
    assert {p: p.stat().st_mtime_ns for p in run.path.rglob("*")} == before
    run.log(11, {"critic/cost": torch.tensor(math.nan)})
    with pytest.raises(NonFinite):
        run.save(state)


def test_two_processes_do_not_write_into_one_run(tmp_path):
    run = made(tmp_path / "run")
    run.begin(0)
    code = f"""
from counterplay.run import Run
from counterplay.errors import UserError
try:
    Run.open({str(run.path)!r}).begin(0)
except UserError as error:
    print(error)
"""
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}

    def other():
        return subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True
        ).stdout

    assert "another process is training" in other()
    run.close()
    assert other() == ""


def test_looks_and_evaluations_are_written_down(tmp_path):
    run = made(tmp_path / "run")
    run.begin(0, facts={"name": "ring", "notes": ["All of it."]})
    metrics = {"metrics": {"kid": {"value": 0.1, "reference": 0.01}}, "notes": ["n"]}
    path = run.look(5, Image.new("L", (4, 4), 200), metrics)
    assert Image.open(path).getpixel((0, 0)) == 200
    assert run.pictures() == {5: path}
    run.evaluated(5, metrics)
    start, look, evaluation = run.records()
    assert start["notes"] == ["All of it."]
    assert look["picture"] == "samples/00000005.png"
    assert look["metrics"] == evaluation["metrics"] == metrics["metrics"]
    assert evaluation["event"] == "evaluate"


def test_no_torch_until_it_is_needed(tmp_path):
    code = f"""
import sys
from counterplay.run import Run, Progress, Trackers, environment
run = Run.create({str(tmp_path / "run")!r}, "a: 1", {{}}, environment())
run.begin(); run.records(); run.finish(0)
assert "torch" not in sys.modules
print("none")
"""
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-W", "error", "-c", code]
    said = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    assert said.stdout == "none\n"


def test_the_environment_says_on_what_it_was_made(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["/opt/bin/counterplay", "train", "my digits"])
    said = json.loads(json.dumps(environment()))
    assert said["command"] == "counterplay train 'my digits'"
    assert said["machine"].startswith(f"{said['cores']} cores ")
    assert "/opt" not in json.dumps(said)
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert environment()["command"].startswith("torchrun --nproc-per-node 2 -m counterplay train")
