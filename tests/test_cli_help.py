"""Help, lists and wrong options: at once, and without torch."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from counterplay.cli import VERBS, main
from counterplay.recipes import RECIPES

ROOT = Path(__file__).parents[1]


def started(*words: str, flags: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *flags, "-m", "counterplay", *words]
    here = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, env=here)


def seconds(*words: str) -> float:
    """Return the processor's seconds for a command: the wall's, on a machine that does no more."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert started(*words).returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def imported(done: subprocess.CompletedProcess[str]) -> set[str]:
    return {
        line.rsplit("|", 1)[1].strip()
        for line in done.stderr.splitlines()
        if line.startswith("import time:")
    }


@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("list",),
        ("train", "--help"),
        ("train", "ring-wgan-gp", "--help"),
        ("sample", "--help"),
        ("evaluate", "--help"),
    ],
)
def test_help_and_list_answer_at_once_without_torch(words):
    done = started(*words, flags=("-X", "importtime"))
    assert done.returncode == 0
    assert "torch" not in imported(done)
    assert len(done.stdout) > 200
    assert min(seconds(*words) for _ in range(3)) < 0.5


def test_a_wrong_option_is_told_without_torch():
    done = started("train", "digits", "--game.critic.lr", "fast", flags=("-X", "importtime"))
    assert done.returncode == 2
    assert "torch" not in imported(done)
    assert "counterplay.recipes.check" in imported(done)


def test_help_names_every_verb_and_list_every_recipe(capsys):
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(verb in said for verb in VERBS)
    assert main(["list"]) == 0
    said = capsys.readouterr().out
    assert all(f"  {name} " in said for name in [*RECIPES, "digits", "moons"])


def test_every_verb_has_its_file():
    files = {p.stem for p in (ROOT / "counterplay" / "commands").glob("*.py")}
    assert set(VERBS) <= files


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip().count(".") == 2
