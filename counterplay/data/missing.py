"""What to say of data that are not there: nearest to what was asked for, by name or as a path."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from pathlib import Path

from counterplay.data.catalogue import names
from counterplay.data.listing import first
from counterplay.errors import nearest

__all__ = ["KINDS", "missing"]

KINDS = "a folder or zip of pictures, .npy, .npz, IDX, CSV or Parquet"
"""What can be read."""


def missing(text: str, others: Iterable[str] = ()) -> str:
    """Return what to say of data that are neither known by name nor there as a path.

    Args:
        text: what was asked for.
        others: names that would have been known besides those of data.
    """
    path = Path(text).expanduser()
    parent = path.parent
    there = _beside(parent)
    if re.fullmatch(r"[\w-]+", text):
        known = {*names(), *others}
        close = nearest(text, {*known, *there})
        if close.startswith("choose"):
            close = nearest(text, known, ": see counterplay list")
        what = "data, path or recipe" if others else "data or path"
        return f"no {what} '{text}'; {close}"
    if not parent.is_dir():
        return f"{text} does not exist, and neither does its folder {parent}: {KINDS} can be read"
    hint = nearest(path.name, there)
    if hint.startswith("choose"):
        hint = f"{parent} holds {first(there, 5) or 'nothing'}"
    return f"{text} does not exist: {hint}"


def _beside(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    some = itertools.islice(folder.iterdir(), 1000)  # a folder may hold millions
    return sorted(p.name for p in some if not p.name.startswith("."))
