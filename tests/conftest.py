"""What tests share: the way to real data beside the repository, and how cases are drawn."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

from counterplay import cli
from counterplay.commands import reproduce as verb
from counterplay.recipes import RECIPES, measuring
from counterplay.recipes.promises import REPRODUCTIONS, Reproduction
from counterplay.recipes.reproduction import shortened
from counterplay.recipes.schema import Adam, Data, Mlp, Promise, Recipe, WganGp

# The same cases each time, so that a failure is of the change that is tested;
# HYPOTHESIS_PROFILE=search draws others.
settings.register_profile("same", derandomize=True)
settings.register_profile("search")
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared(name: str) -> Path:
    """Return the path of real test data, or skip the test where it is absent."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"real data '{name}' is not at {SHARED}")
    return path


def _tiny(lr: float) -> Recipe:
    """A ring in a few rounds."""
    adam = Adam(lr, (0.5, 0.9))
    game = WganGp(Mlp(8, 1), penalty=0.1, critic_steps=1, latent=2, generator=adam, critic=adam)
    recipe = Recipe("tiny", Data("ring", batch=16), game, steps=6, precision="float32")
    return replace(shortened(recipe), steps=6, log_every=2)


@pytest.fixture
def promise(monkeypatch):
    """Put a promise of ``tiny`` into the table; returns how to set its bounds."""

    def put(at_least: float = 0.0, seconds: float = 1e6, lr: float = 1e-3) -> None:
        numbers = (Promise("modes", "modes covered", at_least=at_least),)
        made = Reproduction("A tiny system", "tiny", numbers, seconds, seeds=2, note="a note")
        monkeypatch.setitem(RECIPES, "tiny", lambda: _tiny(lr))
        monkeypatch.setitem(REPRODUCTIONS, "tiny", made)

    put()
    return put


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run ``counterplay reproduce`` in an empty folder; returns (exit code, stdout, stderr)."""
    monkeypatch.setattr(measuring, "SAMPLES", 150)
    monkeypatch.setattr(measuring, "TRAIN", 600)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(verb, "home", lambda: None)

    def go(*words: str) -> tuple[int, str, str]:
        code = cli.main(["reproduce", *words])
        heard = capsys.readouterr()
        return code, heard.out, heard.err

    return go
