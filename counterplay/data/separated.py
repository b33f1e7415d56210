"""Text files of rows: their separator, their header, and their cells.

What stands in the cells is not looked at here, but for what tells a header from a row.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

import numpy as np

from counterplay.data.kinds import MISSING
from counterplay.errors import UserError

__all__ = ["BLOCK", "HEAD", "has_header", "open_text", "records", "sniff", "strings", "unique"]

HEAD = 20
"""Lines by which separator and header are found out."""
LONG = 256
"""Characters of a cell above which texts are not held in arrays of one width."""
BLOCK = 8192
"""Rows that are read at a time."""


def open_text(path: Path) -> TextIO:
    """Open a text file, packed or not, without the mark that Windows puts first."""
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def sniff(lines: Sequence[str]) -> str:
    """Return the separator: the one of , ; tab | that parts every line into as many cells.

    >>> sniff(["a;b", "1,5;2"])
    ';'
    """

    def cells(separator: str) -> tuple[bool, int]:
        counts = set(map(len, records(lines, separator)))
        return len(counts) == 1, min(counts, default=0)

    found = max(",;\t| ", key=cells)
    return found if cells(found)[1] > 1 else ","


def records(lines: Sequence[str], separator: str) -> list[list[str]]:
    """Return the rows of the first lines, without a last one that may go on behind them."""
    rows = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    found = [row for row in rows if row]
    return found[:-1] if len(lines) >= HEAD and len(found) > 1 else found


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row is text where those below it are numbers, or text throughout."""
    if len(rows) < 2 or not any(map(_is_text, rows[0])):
        return bool(rows) and len(rows) == 1 and all(map(_is_text, rows[0]))
    below = [all(not _is_text(c) for c in column) for column in zip(*rows[1:], strict=False)]
    over_numbers = [
        _is_text(cell) for cell, numbers in zip(rows[0], below, strict=False) if numbers
    ]
    return any(over_numbers) or (not over_numbers and len(set(rows[0])) == len(rows[0]))


def _is_text(cell: str) -> bool:
    if cell.strip().lower() in MISSING:
        return False
    try:
        float(cell)
    except ValueError:
        return True
    return False


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Return names of columns without blanks around them, empty and repeated ones numbered."""
    found: list[str] = []
    for i, name in enumerate(names):
        name = name.strip() or f"x{i}"
        found.append(f"{name}.{i}" if name in found else name)
    return tuple(found)


def strings(path: Path, separator: str, width: int, header: bool) -> Iterator[np.ndarray]:
    """Yield the cells (n, ``width``) as text."""
    with open_text(path) as file:
        rows = csv.reader(file, delimiter=separator, skipinitialspace=True)
        filled = ((rows.line_num, row) for row in rows if row)
        if header:
            next(filled, None)
        while numbered := list(islice(filled, BLOCK)):
            odd = next((pair for pair in numbered if len(pair[1]) != width), None)
            if odd is not None:
                raise UserError(
                    f"{path}: line {odd[0]:,} has {len(odd[1])} cells, the first has {width} "
                    f"({separator.join(odd[1])[:40]!r})"
                )
            some = [row for _, row in numbered]
            longest = max(map(len, chain.from_iterable(some)))
            # An array of texts holds each of them in the room of the longest.
            yield np.array(some, dtype=None if longest <= LONG else object)
