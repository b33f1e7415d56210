"""Trackers get what the run folder has, and whatever they do, training goes on."""

from __future__ import annotations

import builtins
import importlib
import sys
from types import SimpleNamespace

import pytest
import torch
from PIL import Image

from counterplay.errors import UserError
from counterplay.run import Run, Trackers, environment


def wandb_like(name, calls, fails=()):
    """A module shaped like W&B; the functions named in ``fails`` raise."""

    def function(verb):
        def call(*args, **kwargs):
            calls.append((verb, args, kwargs))
            if verb in fails:
                raise ConnectionError(f"{verb}: no route to host\nmore lines")

        return call

    verbs = {verb: function(verb) for verb in ("init", "log", "finish")}
    return SimpleNamespace(__name__=name, Image=lambda path: ("image", path), **verbs)


def trained(tmp_path, trackers):
    run = Run.create(tmp_path / "run", "name: tiny\nsteps: 4\n", {}, environment())
    run.begin(0, log_every=2, batch=8, trackers=trackers)
    for step in range(1, 5):
        run.log(step, {"critic/cost": torch.tensor(float(step))})
    run.look(4, Image.new("L", (4, 4)), {"metrics": {"kid": {"value": 0.5}}})
    run.finish(4)
    return Run.open(run.path)


@pytest.mark.parametrize("name", ["wandb", "trackio"])
def test_a_wandb_shaped_module_gets_everything(tmp_path, monkeypatch, name):
    calls = []
    monkeypatch.setitem(sys.modules, name, wandb_like(name, calls))
    run = trained(tmp_path, Trackers([name]))
    (_, _, begun), *logged, (last, _, _) = calls
    assert begun["project"] == "counterplay"
    assert begun["config"] == {"name": "tiny", "steps": 4}
    assert last == "finish"
    values = [(kwargs["step"], args[0]) for _, args, kwargs in logged]
    assert [(s, v["critic/cost"]) for s, v in values if "critic/cost" in v] == [(2, 1.5), (4, 3.5)]
    assert (4, {"kid": 0.5}) in values
    assert (4, {"samples": ("image", str(run.pictures()[4]))}) in values


def tensorboard_like(monkeypatch, writer):
    module = SimpleNamespace(SummaryWriter=writer)
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", module)


def test_tensorboard_gets_everything(tmp_path, monkeypatch):
    scalars, images, closed = [], [], []

    class Writer:
        def __init__(self, folder):
            assert folder.endswith("tensorboard")

        def add_scalar(self, name, value, step):
            scalars.append((name, value, step))

        def add_image(self, name, pixels, step, dataformats):
            images.append((pixels.shape, step, dataformats))

        def add_text(self, *_):
            pass

        def flush(self):
            pass

        def close(self):
            closed.append(True)

    tensorboard_like(monkeypatch, Writer)
    trained(tmp_path, Trackers(["tensorboard"]))
    assert ("critic/cost", 3.5, 4) in scalars
    assert ("kid", 0.5, 4) in scalars
    assert images == [((4, 4, 3), 4, "HWC")]
    assert closed == [True]


@pytest.mark.parametrize("verb", ["init", "log", "finish"])
def test_a_failing_tracker_is_named_once_and_dropped(tmp_path, monkeypatch, verb):
    calls, healthy, notes = [], [], []
    monkeypatch.setitem(sys.modules, "wandb", wandb_like("wandb", calls, fails=(verb,)))
    monkeypatch.setitem(sys.modules, "trackio", wandb_like("trackio", healthy))
    run = trained(tmp_path, Trackers(["wandb", "trackio"], note=notes.append))
    assert len(notes) == 1
    assert "wandb failed and is dropped" in notes[0]
    assert "no route to host" in notes[0]
    assert "\n" not in notes[0]
    assert calls[-1][0] == verb  # nothing more was asked of it
    assert healthy[-1][0] == "finish"  # the other one had everything
    assert run.records()[-1]["event"] == "end"


def test_a_missing_package_is_told_before_training(monkeypatch):
    real = importlib.import_module

    def missing(name, *args):
        if name in ("trackio", "torch.utils.tensorboard"):
            raise ModuleNotFoundError(f"No module named {name!r}")
        return real(name, *args)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(UserError, match=r"pip install 'counterplay\[tensorboard\]'"):
        Trackers(["tensorboard"])
    with pytest.raises(UserError, match="pip install trackio"):
        Trackers(["trackio"])


def test_an_unknown_tracker_is_told_with_the_nearest():
    with pytest.raises(UserError, match="did you mean 'wandb'"):
        Trackers(["wandv"])


def test_nothing_is_imported_that_was_not_asked_for(monkeypatch):
    real = builtins.__import__

    def watched(name, *args, **kwargs):
        assert name.split(".")[0] not in ("wandb", "trackio", "tensorboard")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", watched)
    Trackers().finish()


def test_ctrl_c_in_a_tracker_is_still_ctrl_c(tmp_path, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    module = wandb_like("wandb", [])
    module.log = interrupted
    monkeypatch.setitem(sys.modules, "wandb", module)
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path, Trackers(["wandb"]))
