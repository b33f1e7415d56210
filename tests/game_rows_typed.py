"""Rows of the table of games: tables of mixed columns."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from typed_tables import content

from counterplay.data import load
from counterplay.game import Batch
from counterplay.recipes.build.typed import GAMES
from counterplay.recipes.specs.typed import (
    Columns,
    TypedAutoregressive,
    TypedFlow,
    TypedGan,
    TypedVae,
)

SMALL = Columns(16, 1, 8)


def _source():
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_text(content(80))
        return load(path)


def table():
    return _source().domain


def batch() -> Batch:
    return Batch(_source().examples("train", 16).x)


def made(spec):
    return lambda: GAMES[type(spec)](spec, table(), ())


ROWS = {
    "columns one after the other": (made(TypedAutoregressive(SMALL)), batch),
    "a vae on columns": (made(TypedVae(SMALL, 3)), batch),
    "a flow on columns": (made(TypedFlow(SMALL, 2)), batch),
    "wgan-gp on columns": (made(TypedGan(SMALL, 4, pack=4)), batch),
}
"""Name -> (makes the game, makes a batch for it)."""
