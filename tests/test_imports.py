"""Imports point downwards only: a test that reads them, and its broken twin."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LEVELS = [
    {"cli", "__main__"},
    {"commands"},
    {"recipes"},
    {"games", "train", "check", "run", "metrics", "doctor", "data", "theory", "latents"},
    {
        "ais",
        "terms",
        "costs",
        "decoders",
        "fdivergences",
        "likelihood",
        "penalties",
        "views",
        "networks",
        "dynamics",
        "parallel",
    },
    {"game", "laws"},
    {"errors"},
]
"""From the top down: a room may import its own level and those below it."""

FORBIDDEN = {
    "games": {"train", "run", "data", "metrics"},
    "latents": {"train", "run", "data", "metrics"},
    "metrics": {"games", "run", "train", "data"},
}
"""Beside each other, and still strangers."""

HEIGHT = {room: -i for i, level in enumerate(LEVELS) for room in level}
PUBLIC = "__init__"
"""The package's own file: its lazy table names every level, it imports none."""


def imported(tree: ast.AST, package: list[str]) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted module below the package) for every import, in functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield node.lineno, module
            for alias in node.names:
                yield node.lineno, f"{module}.{alias.name}"
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield from ((node.lineno, str(a.value)) for a in node.args[:1] if _is_word(a))


def _is_word(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant)


def type_only(tree: ast.AST) -> set[int]:
    """Return the lines under ``if TYPE_CHECKING``: names for the reader, not imports."""
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for statement in node.body
        for line in range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    }


def wrong_arrows(root: Path) -> list[str]:
    """Return a line for each import in ``root`` (the package's folder) that points upwards."""
    found = []
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        room = parts[0]
        tree = ast.parse(path.read_text())
        skip = type_only(tree)
        for line, module in imported(tree, [root.name, *parts[:-1]]):
            words = module.split(".")
            if words[0] != root.name or len(words) < 2 or line in skip:
                continue
            if room != PUBLIC and not _allowed(room, words[1]):
                found.append(f"{path.relative_to(root)}:{line}: {room} -> {words[1]}")
            if room == PUBLIC and words[1] in HEIGHT and line in {n.lineno for n in tree.body}:
                found.append(f"{path.relative_to(root)}:{line}: imports {words[1]} eagerly")
    return sorted(set(found))


def _allowed(room: str, other: str) -> bool:
    if other not in HEIGHT:  # a name of the package's own file, such as __version__
        return True
    below = HEIGHT[other] <= HEIGHT[room]
    return below and other not in FORBIDDEN.get(room, set())


def test_every_room_has_its_level():
    rooms = {p.stem for p in (ROOT / "counterplay").iterdir() if p.suffix == ".py" or p.is_dir()}
    assert rooms - {"__pycache__", "py", PUBLIC} <= HEIGHT.keys()


def test_imports_point_downwards():
    assert wrong_arrows(ROOT / "counterplay") == []


BAD = {
    "game.py": "from counterplay.train import State\n",
    "games/gan.py": "from counterplay.data import load\n",
    "games/vae.py": "import counterplay.metrics.frechet\n",
    "metrics/frechet.py": "def f():\n    from counterplay.games.gan import GAN\n",
    "networks/mlp.py": "from ..recipes import build\n",
    "run/log.py": "from .. import cli\n",
    "data/load.py": "import importlib\nimportlib.import_module('counterplay.commands.train')\n",
    "recipes/session.py": "def f():\n    import counterplay.commands\n",
    "__init__.py": "from counterplay.train import train\n",
    "errors.py": "import counterplay.laws\n",
}
GOOD = {
    "commands/train.py": "from counterplay.recipes import Recipe\nimport counterplay\n",
    "recipes/session.py": "from counterplay.train import train\nfrom . import text\n",
    "games/gan.py": "from counterplay.game import Player\nfrom typing import TYPE_CHECKING\n"
    "if TYPE_CHECKING:\n    from counterplay.data import Domain\n",
    "run/log.py": "from counterplay.data import Domain\nimport torch\n",
}


def make(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / "counterplay" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root / "counterplay"


@pytest.mark.parametrize("name", sorted(BAD))
def test_the_broken_twin_is_found(tmp_path, name):
    assert len(wrong_arrows(make(tmp_path, {name: BAD[name]}))) == 1


def test_the_healthy_twin_passes(tmp_path):
    assert wrong_arrows(make(tmp_path, GOOD)) == []


LIGHT = [
    "counterplay",
    "counterplay.cli",
    "counterplay.errors",
    "counterplay.recipes",
    "counterplay.recipes.build",
    "counterplay.recipes.choose",
    "counterplay.recipes.session",
    "counterplay.recipes.trained",
    "counterplay.commands.train",
    "counterplay.commands.sample",
    "counterplay.commands.evaluate",
    "counterplay.commands.diagnose",
    "counterplay.commands.list",
    "counterplay.commands.theory",
]


def test_no_light_module_imports_torch():
    lines = [f"import {m}; assert 'torch' not in sys.modules, {m!r}" for m in LIGHT]
    script = "import sys\n" + "\n".join(lines)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr


def test_every_public_name_is_there():
    import counterplay

    for name in counterplay.__all__:
        assert getattr(counterplay, name) is not None
    assert set(counterplay.__all__) <= set(dir(counterplay))


def test_train_is_the_function_whoever_imported_the_module():
    import counterplay
    from counterplay.train import State, train

    assert counterplay.train is train
    assert counterplay.State is State
    assert sys.modules["counterplay.train"].train is train


def test_an_unknown_name_is_an_attribute_error():
    import counterplay

    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = counterplay.nothing


def test_what_is_read_on_first_use_has_not_the_name_of_its_module():
    """Importing the module would put it in the name's place."""
    import importlib

    import counterplay.data as data

    for name, module in data._LAZY.items():
        importlib.import_module(module)
        assert getattr(data, name).__name__ == name
