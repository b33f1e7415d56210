"""The README's Python runs as it stands, and its commands exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_ten_lines_run_and_are_ten(capsys: pytest.CaptureFixture) -> None:
    names: dict[str, object] = {}
    exec(compile(BLOCKS[0], "README.md", "exec"), names)
    assert names["points"].shape == (64, 2)
    assert len(capsys.readouterr().out.splitlines()) == 3
    code = [line for line in BLOCKS[0].splitlines() if line and not line.startswith("from")]
    assert len(code) <= 10


def test_the_one_line_fits_an_array(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = np.random.default_rng(0).normal(size=(300, 3)).astype(np.float32)
    names: dict[str, object] = {"X": rows}
    code = BLOCKS[1].replace("fit(X)", "fit(X, steps=5, quiet=True)")
    assert code != BLOCKS[1]
    exec(compile(code, "README.md", "exec"), names)
    assert names["new"].shape == (64, 3)


def test_every_verb_of_the_readme_has_help() -> None:
    verbs = set(re.findall(r"^counterplay (\w+)", README, re.MULTILINE))
    assert {"train", "sample", "evaluate", "list"} <= verbs
    for verb in verbs:
        command = [sys.executable, "-m", "counterplay", verb, "--help"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        assert verb in done.stdout


@pytest.mark.parametrize(
    "target", sorted(set(re.findall(r"make (\w+)", README)) & {"demo", "test"})
)
def test_make_knows_the_readmes_targets(target: str) -> None:
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0
    assert ".venv/bin/" in done.stdout
