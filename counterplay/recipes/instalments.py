"""A promise over many seeds, run a few at a time: rows that lack seeds, and what is added to them.

A row of fewer seeds than its promise is over tells what it measured and is not kept.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from counterplay.errors import UserError
from counterplay.recipes.row import Criterion, Row

if TYPE_CHECKING:
    from counterplay.data import Source

__all__ = ["added", "kept", "lacking", "same_data", "so_far"]


def kept(criteria: Iterable[Criterion], seeds: int, promised: int) -> bool:
    """Return whether every number is within its bound, over as many seeds as were promised."""
    return seeds >= promised and all(each.holds() for each in criteria)


def so_far(name: str, seeds: int, promised: int) -> tuple[str, ...]:
    """Return what a row of too few seeds says of that; nothing where there are enough."""
    if seeds >= promised:
        return ()
    return (f"{seeds} of {promised} seeds so far: `counterplay reproduce {name} --more` goes on",)


def lacking(row: Row | None, name: str, wanted: int) -> range:
    """Return the seeds that ``row`` lacks of the first ``wanted``.

    Raises:
        UserError: when it lacks none.
    """
    there = len(row.seeds) if row else 0
    if there >= wanted:
        raise UserError(
            f"--more: the row of '{name}' has {there} of {wanted} seeds already; "
            f"--seeds {there + 1} asks for more, and without --more it is made anew"
        )
    return range(there, wanted)


def same_data(row: Row, source: Source) -> None:
    """Raise when ``row`` was measured on other data than ``source``.

    Raises:
        UserError: naming both fingerprints.
    """
    if row.fingerprint != source.fingerprint:
        raise UserError(
            f"--more: the row was measured on other data ({row.fingerprint[:12]}) than these "
            f"({source.fingerprint[:12]}); without --more it is made anew"
        )


def added(before: Row, later: Row, promised: int) -> Row:
    """Return one row of the seeds of both, as if they had been run together.

    Args:
        before: the row that lacked seeds.
        later: the row of those seeds, with the words of the whole one.
        promised: how many seeds the promise is over.
    """
    pairs = zip(before.criteria, later.criteria, strict=True)
    criteria = tuple(itertools.starmap(_longer, pairs))
    seeds = (*before.seeds, *later.seeds)
    unfinished = so_far(before.promise, len(before.seeds), promised)
    notes = [note for note in (*later.notes, *before.notes) if note not in unfinished]
    return replace(
        later,
        seeds=seeds,
        criteria=criteria,
        passed=kept(criteria, len(seeds), promised),
        seconds=before.seconds + later.seconds,
        training_seconds=before.training_seconds + later.training_seconds,
        machine=_once([*before.machine.split("; "), later.machine]),
        notes=tuple(dict.fromkeys(notes)),
    )


def _longer(before: Criterion, later: Criterion) -> Criterion:
    made = replace(later, measured=before.measured + later.measured, reference=before.reference)
    made = replace(made, median=made.middle())
    return replace(made, passed=made.holds())


def _once(machines: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(machines))
