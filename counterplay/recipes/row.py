"""A row of the ledger: what was promised, what was measured, on what; and the same as JSON."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from counterplay.errors import UserError

__all__ = ["EVERY", "MEDIAN", "Criterion", "Row", "from_plain", "plain"]

MEDIAN, EVERY = "median", "every seed"
"""Over what a bound is held: the median over the seeds, or each of them."""


@dataclass(frozen=True)
class Criterion:
    """One number of a row, with its bound.

    Attributes:
        metric: its name among the metrics of ``evaluate``, or "seconds".
        what: the same for a reader.
        at_least: the lower bound, or ``None``.
        at_most: the upper bound, or ``None``.
        relative: whether it is a multiple of ``reference``.
        over: :data:`MEDIAN` or :data:`EVERY`.
        published: the published value, or ``None``.
        source: of the published value.
        reference: the metric's value for real against real, or ``None``.
        measured: one value a seed; ``None`` where the training went astray.
        median: over the seeds, a value that is missing being the worst; ``None`` if that is one.
        passed: whether the bound holds; ``None`` where nothing is promised by it.
    """

    metric: str
    what: str
    at_least: float | None
    at_most: float | None
    relative: bool
    over: str
    published: float | None
    source: str
    reference: float | None
    measured: tuple[float | None, ...]
    median: float | None
    passed: bool | None

    @property
    def worst(self) -> float:
        """What a missing value counts as."""
        return -math.inf if self.at_most is None else math.inf

    def middle(self) -> float | None:
        """Return the median of ``measured``."""
        found = statistics.median(self.worst if v is None else v for v in self.measured)
        return found if math.isfinite(found) else None

    def holds(self) -> bool:
        """Return whether ``measured`` keeps the bound."""
        judged = [self.middle()] if self.over == MEDIAN else self.measured
        return all(self._within(self.worst if v is None else v) for v in judged)

    def _within(self, value: float) -> bool:
        low = -math.inf if self.at_least is None else self.at_least
        high = math.inf if self.at_most is None else self.at_most
        return math.isfinite(value) and low <= value <= high


@dataclass(frozen=True)
class Row:
    """One row of the ledger.

    Attributes:
        promise: the name that ``counterplay reproduce`` takes.
        system: what was trained.
        peer: whether it is another's system, measured beside ours.
        data: the data's name or path.
        fingerprint: of the data's content.
        split: the part of the data that was held against.
        seeds: one number a training.
        criteria: what was measured.
        passed: whether all bounds hold; ``None`` in a row that says nothing, and is never kept.
        seconds: what each seed took in all: data, training, a judge of its own, measuring.
        training_seconds: what its data and training took.
        machine: the machine's class.
        version: of this package.
        command: what makes this row again.
        notes: how it was measured.
        recipe: every field of the recipe, seed excepted; empty for a peer.
    """

    promise: str
    system: str
    peer: bool
    data: str
    fingerprint: str
    split: str
    seeds: tuple[int, ...]
    criteria: tuple[Criterion, ...]
    passed: bool | None
    seconds: tuple[float, ...]
    training_seconds: tuple[float, ...]
    machine: str
    version: str
    command: str
    notes: tuple[str, ...]
    recipe: dict[str, Any]

    @property
    def key(self) -> tuple[str, bool, str]:
        """By what rows are told apart and put in order: ours, then its peers by their names."""
        return self.promise, self.peer, self.system if self.peer else ""


def plain(row: Row) -> dict[str, Any]:
    """Return the row as JSON has it."""
    return json.loads(json.dumps(asdict(row)))


def from_plain(found: Any, where: str) -> Row:
    """Return the row that JSON holds. ``from_plain(plain(row), "") == row``.

    Args:
        found: what JSON said.
        where: where it stood, for the error.

    Raises:
        UserError: for a field too many or too few, a list or number that is none, or lists of
            different lengths.
    """
    known = _fields(Row, found, where)
    criteria = tuple(_criterion(each, where) for each in _list(known["criteria"], where))
    lists = {name: tuple(_list(known[name], where)) for name in ("seeds", "notes")}
    times = {name: _numbers(known[name], where) for name in ("seconds", "training_seconds")}
    row = Row(**{**known, **lists, **times, "criteria": criteria})
    lengths = {len(row.seconds), len(row.training_seconds), *(len(c.measured) for c in criteria)}
    if lengths != {len(row.seeds)} or not row.seeds:
        raise UserError(f"{where} has not one value for each of its {len(row.seeds)} seeds")
    return row


def _criterion(found: Any, where: str) -> Criterion:
    known = _fields(Criterion, found, where)
    for name in ("at_least", "at_most", "median"):
        _numbers([known[name]], where)
    return Criterion(**{**known, "measured": _numbers(known["measured"], where)})


def _fields(kind: type, found: Any, where: str) -> dict[str, Any]:
    names = [each.name for each in fields(kind)]
    given = list(found) if isinstance(found, Mapping) else []
    odd = [n for n in names if n not in given] + [n for n in given if n not in names]
    if odd:
        verb = "lacks" if odd[0] in names else "has a strange"
        raise UserError(f"{where} {verb} '{odd[0]}'; was it changed by hand?")
    return dict(found)


def _list(found: Any, where: str) -> list[Any]:
    if isinstance(found, list):
        return found
    raise UserError(f"{where}: expected a list, got {found!r:.40}")


def _numbers(found: Any, where: str) -> tuple[Any, ...]:
    values = _list(found, where)
    for value in values:
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise UserError(f"{where}: expected a number, got {value!r:.40}")
    return tuple(values)
