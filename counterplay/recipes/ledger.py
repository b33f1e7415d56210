"""The ledger: what was promised, what was measured, on what. ``results.json`` holds the rows.

::

    {"schema": 1, "rows": [{"promise": …, "system": …, "peer": false, "data": …, …}]}

A row is written whole or not at all, replaces the row of the same promise and system and touches
no other. ``results.md`` beside it is made from it, and from nothing else.
"""

from __future__ import annotations

import json
import math
import os
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from counterplay.errors import UserError
from counterplay.run.files import telling, write

__all__ = ["EVERY", "MEDIAN", "SCHEMA", "Criterion", "Row", "page", "plain", "read", "record"]

SCHEMA = 1

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
        """By what rows are told apart and put in order: ours stands before its peers."""
        return self.promise, self.peer, self.system


def plain(row: Row) -> dict[str, Any]:
    """Return the row as JSON has it."""
    return json.loads(json.dumps(asdict(row)))


def read(path: Path) -> list[Row]:
    """Return the rows of a ledger; none where there is no file.

    Raises:
        UserError: when it is no ledger, or one of another schema.
    """
    if not path.exists():
        return []
    with telling(path, "read"):
        content = path.read_bytes()
    try:
        found = json.loads(content)
    except ValueError as error:
        raise UserError(f"{path} is not JSON ({error}); was it changed by hand?") from None
    rows = found.get("rows") if isinstance(found, dict) else None
    if not isinstance(rows, list):
        raise UserError(f"{path} is no ledger: it has no list of rows")
    if found.get("schema") != SCHEMA:
        raise UserError(
            f"{path} has schema {found.get('schema')!r} and this version knows {SCHEMA}; "
            "use the version that wrote it"
        )
    return [_row(each, f"{path}: row {i}") for i, each in enumerate(rows, start=1)]


def record(path: Path, row: Row) -> list[Row]:
    """Put ``row`` into the ledger in the place of its predecessor; make the page anew.

    Raises:
        UserError: for a row that says nothing, a file that is no ledger, or one that cannot be
            written.
    """
    if row.passed is None:
        raise UserError(f"'{row.system}' was not measured in full and has no place in {path}")
    with telling(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path.parent):
        kept = [each for each in read(path) if each.key != row.key]
        rows = sorted([*kept, row], key=lambda each: each.key)
        save(path, rows)
    return rows


def save(path: Path, rows: Sequence[Row]) -> None:
    """Write the rows, and the page beside them."""
    text = json.dumps({"schema": SCHEMA, "rows": list(map(plain, rows))}, indent=1)
    write(path, _short_lists(text) + "\n")
    write(page(path), _markdown(rows))


def page(path: Path) -> Path:
    """Return where the page of a ledger stands."""
    return path.with_suffix(".md")


def _markdown(rows: Sequence[Row]) -> str:
    from counterplay.recipes.results import markdown

    return markdown(rows)


def _short_lists(text: str) -> str:
    """Return ``text`` with lists of numbers on one line, as a person would write them."""
    import re

    numbers = re.compile(r"\[\s*((?:-?[\d.eE+-]+|null)(?:,\s*(?:-?[\d.eE+-]+|null))*)\s*\]")
    return numbers.sub(lambda m: "[" + ", ".join(m[1].replace(",", " ").split()) + "]", text)


T = TypeVar("T", Row, Criterion)


def _row(found: Any, where: str) -> Row:
    known = _fields(Row, found, where)
    criteria = tuple(_fields(Criterion, each, where) for each in _list(known["criteria"], where))
    made = [Criterion(**{**each, "measured": _numbers(each, "measured", where)})
            for each in criteria]
    lists = {name: _numbers(known, name, where) for name in ("seconds", "training_seconds")}
    row = Row(
        **{
            **known,
            **lists,
            "criteria": tuple(made),
            "seeds": tuple(_list(known["seeds"], where)),
            "notes": tuple(_list(known["notes"], where)),
        }
    )
    lengths = {len(row.seconds), len(row.training_seconds), *(len(c.measured) for c in made)}
    if lengths != {len(row.seeds)} or not row.seeds:
        raise UserError(f"{where}: not one value for each of its {len(row.seeds)} seeds")
    return row


def _fields(kind: type, found: Any, where: str) -> dict[str, Any]:
    names = [each.name for each in fields(kind)]
    given = list(found) if isinstance(found, Mapping) else []
    odd = [name for name in names if name not in given] + [n for n in given if n not in names]
    if odd:
        verb = "lacks" if odd[0] in names else "has a strange"
        raise UserError(f"{where} {verb} '{odd[0]}'; was it changed by hand?")
    return dict(found)


def _list(found: Any, where: str) -> list[Any]:
    if isinstance(found, list):
        return found
    raise UserError(f"{where}: expected a list, got {found!r:.40}")


def _numbers(found: Mapping[str, Any], name: str, where: str) -> tuple[float | None, ...]:
    values = _list(found[name], where)
    for value in values:
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise UserError(f"{where}: {name} has {value!r:.40} among its numbers")
    return tuple(values)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other writers of the folder's ledger waiting meanwhile, where the system can."""
    try:
        import fcntl
    except ImportError:  # Windows: the last writer wins
        yield
        return
    with telling(folder):
        descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
