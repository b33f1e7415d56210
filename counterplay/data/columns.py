"""Arrays of vectors and columns of tables -> float32 (N, D), checked: finite, of numbers."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterator, Sequence

import numpy as np

from counterplay.data.examples import digest, plural
from counterplay.data.listing import first
from counterplay.data.rows import Rows
from counterplay.errors import UserError, nearest

__all__ = ["check_columns", "check_finite", "named", "scan_vectors", "usable", "without"]


def named(dim: int) -> tuple[str, ...]:
    """Return names for columns that have none: x0, x1 and so on."""
    return tuple(f"x{i}" for i in range(dim))


def usable(columns: Sequence[str], drop: Sequence[str], what: str) -> list[int]:
    """Return the indices of the columns that are left when ``drop`` are left out.

    Raises:
        UserError: when one to leave out is not there, or none is left.
    """
    for name in drop:
        if name not in columns:
            raise UserError(f"{what} has no column {name!r} to drop: {nearest(name, columns)}")
    keep = [i for i, name in enumerate(columns) if name not in drop]
    if not keep:
        raise UserError(f"{what}: no column is left when {', '.join(drop)} are dropped")
    return keep


def check_columns(columns: Sequence[str], bad: Sequence[int], problem: str, what: str) -> None:
    """Refuse columns that are no numbers, naming them and how to leave them out.

    Raises:
        UserError: when there are any.
    """
    if bad:
        names = [columns[i] for i in bad]
        raise UserError(
            f"{what}: {len(names)} of {plural(len(columns), 'column')} {problem} "
            f"({first(names, 5)}): leave them out with {without(names)}"
        )


def check_finite(
    holes: np.ndarray, rows: int, total: int, columns: Sequence[str], what: str
) -> None:
    """Refuse missing and infinite values, naming the columns and counting the rows.

    Args:
        holes: number of such values in each column.
        rows: number of rows that hold any.
        total: number of rows.
        columns: names of the columns.
        what: what is read.

    Raises:
        UserError: when there are any.
    """
    if rows:
        names = [columns[i] for i in np.flatnonzero(holes).tolist()]
        raise UserError(
            f"{what}: missing, NaN or infinite values in {rows:,} of {total:,} rows, in "
            f"{plural(len(names), 'column')} ({first(names, 5)}): fill or remove those rows, or "
            f"leave the columns out with {without(names)}"
        )


def without(names: Sequence[str]) -> str:
    """Return how to leave columns out, from Python and on the command line."""
    words = " ".join(shlex.quote(name) for name in names[:5])
    return f"drop={list(names[:5])!r} (--data.drop {words})"


def scan_vectors(
    parts: Sequence[Rows], columns: Sequence[str], drop: Sequence[str], what: str
) -> tuple[list[int], str]:
    """Read arrays (N, D) once: return the columns to keep, and a hash of the content.

    Raises:
        UserError: when the parts differ in width, or values are no finite numbers.
    """
    widths = {rows.shape[1] for rows in parts}
    if len(widths) > 1:
        raise UserError(f"{what}: the parts differ in width: {sorted(widths)} columns")
    keep = usable(columns, drop, what)
    holes, bad, total = np.zeros(len(keep), np.int64), 0, 0
    contents = []
    for rows in parts:
        content = hashlib.blake2b(digest_size=16)
        for chunk in rows.chunks():
            content.update(np.ascontiguousarray(chunk).data)
            missing = ~np.isfinite(as_float32(chunk[:, keep]))
            holes, bad, total = (
                holes + missing.sum(0),
                bad + int(missing.any(1).sum()),
                total + len(chunk),
            )
        contents.append(digest(rows.shape[1:], rows.dtype.str, content.digest()))
    check_finite(holes, bad, total, [columns[i] for i in keep], what)
    return keep, digest("vectors", *contents, tuple(drop))


def as_float32(values: np.ndarray) -> np.ndarray:
    """Return float32; numbers beyond its range become infinite, without a warning."""
    with np.errstate(over="ignore", invalid="ignore"):
        return values.astype(np.float32)


def vectors(parts: Sequence[Rows], keep: Sequence[int]) -> Iterator[np.ndarray]:
    """Yield the columns ``keep`` of all rows, part after part."""
    for rows in parts:
        for chunk in rows.chunks():
            yield as_float32(chunk[:, keep])
