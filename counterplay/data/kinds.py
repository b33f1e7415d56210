"""Which kind each column of a table is, by a stated rule, and its cells as numbers.

The first that fits all cells that are not missing: what the person said; two texts such as true
and false: boolean; whole numbers without leading zeros: integer; finite numbers: real; one of
:data:`DATES`: date; few texts: category. A column whose values are all different is an id when it
counts the rows, is called one (``id``, ``user_id``), or is text.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from counterplay.data.columns import without
from counterplay.data.ranks import knots
from counterplay.data.typed import KINDS, Column, Table
from counterplay.errors import UserError, nearest

__all__ = ["DATES", "MISSING", "asked_kinds", "fit", "typed"]

MISSING = frozenset(("", "na", "n/a", "nan", "null", "none", "?", "-"))
"""What a missing value is written as, in any case of letters."""

DATES = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S.%fZ",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%b-%Y",
)
"""Formats of dates, the first that all cells fit; a zone may follow, such as +02:00."""

_PAIRS = [{"true", "false"}, {"yes", "no"}, {"t", "f"}, {"y", "n"}]
_ZONE = re.compile(r".*\d([+-]\d\d:?\d\d)")
_PART = re.compile(r"\.(\d+)")
_WHOLE = re.compile(r"[+-]?(0|[1-9]\d*)")
_NUMBERED = re.compile(r"(.*?)(\d+)", re.DOTALL)
_MOST, _DIGITS, _LEAST = 1000, 9, 20


def asked_kinds(asked: Sequence[str], names: Sequence[str], what: str) -> dict[str, str]:
    """Return name -> kind of words "name=kind".

    Raises:
        UserError: when a column or kind is not known.
    """
    found = {}
    for word in asked:
        name, _, kind = word.rpartition("=")
        if name not in names:
            raise UserError(f"{what} has no column {name!r} to be a type: {nearest(name, names)}")
        if kind not in KINDS:
            raise UserError(f"{word!r}: no type {kind!r}; {nearest(kind, KINDS)}")
        found[name] = kind
    return found


def typed(
    name: str, cells: Sequence[str], kind: str = "", what: str = ""
) -> tuple[Column, np.ndarray]:
    """Return a column and its cells as float64 (N,), NaN where missing.

    Args:
        name: of the column.
        cells: texts.
        kind: what the person said it is, or nothing.
        what: what is read.

    Raises:
        UserError: when the cells are not of that kind, or of none that can be learnt.
    """
    texts, index = _distinct(cells)
    gone = np.array([t.strip().lower() in MISSING for t in texts])
    here = [t.strip() for t, missing in zip(texts, gone.tolist(), strict=True) if not missing]
    counts = np.bincount(index, minlength=len(texts))
    found, values = _typed(name, here, counts[~gone], kind, what)
    codes = np.full(len(texts), np.nan)
    codes[~gone] = values
    blanks = [(int(n), t) for t, n, missing in zip(texts, counts, gone, strict=True) if missing]
    blank = max(blanks)[1] if blanks else ""
    if found.kind == "id":
        return found, np.arange(len(index), dtype=np.float64)
    return replace(found, missing=bool(gone.any()), blank=blank), codes[index]


def _distinct(cells: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """Return the distinct texts, sorted, and which of them each cell is."""
    cells = [str(cell) for cell in cells]
    texts = sorted(set(cells))
    place = {text: i for i, text in enumerate(texts)}
    return texts, np.fromiter((place[cell] for cell in cells), np.int64, len(cells))


def _typed(
    name: str, texts: list[str], counts: np.ndarray, kind: str, what: str
) -> tuple[Column, np.ndarray]:
    if kind == "id" or (not kind and _is_id(name, texts, counts)):
        return _id(name, texts), np.arange(len(texts), dtype=np.float64)
    tests = {"boolean": _boolean, "integer": _integer, "real": _real, "date": _date}
    for each, test in tests.items():
        found = test(name, texts) if each == (kind or each) else None
        if found is not None:
            return found
    if kind and kind != "category":
        raise UserError(f"{what}: column {name!r} is asked to be {kind}, and holds {_odd(texts)}")
    rows = int(counts.sum())
    if not kind and texts and all(_COMMA.fullmatch(text) for text in texts):
        raise UserError(
            f"{what}: column {name!r} has a comma where a point is needed ({_odd(texts)}): write "
            f"its numbers as {texts[0].replace(',', '.')}"
        )
    if not kind and len(texts) > max(_LEAST, min(_MOST, rows // 2)):
        raise UserError(
            f"{what}: column {name!r} holds {len(texts):,} different texts in {rows:,} rows "
            f"({_odd(texts)}): leave it out with {without([name])}, or say what it is: "
            f"types=['{name}=category'] or ['{name}=id'] (--data.types)"
        )
    ordered = sorted(texts, key=_by_number)
    place = {text: i for i, text in enumerate(ordered)}
    return Column(name, "category", tuple(ordered)), np.array([place[t] for t in texts], float)


_COMMA = re.compile(r"-?\d+,\d+")


def _odd(texts: Sequence[str]) -> str:
    return ", ".join(repr(t[:20]) for t in texts[:2]) or "nothing"


def _by_number(text: str) -> tuple[float, str]:
    number = _float(text)
    return (math.inf if number is None else number), text


def _is_id(name: str, texts: Sequence[str], counts: np.ndarray) -> bool:
    """Return whether the cells count the rows, or are all different and called so or no numbers."""
    rows = int(counts.sum())
    if rows < _LEAST or len(texts) < rows:
        return False
    numbers = [_float(t) for t in texts]
    if None in numbers:
        return _date(name, texts) is None
    called = re.search(r"(^|[_ .-])id$", name.lower()) is not None
    whole = all(_WHOLE.fullmatch(t) for t in texts)
    values = [v for v in numbers if v is not None]
    return whole and (called or max(values) - min(values) == rows - 1)


def _id(name: str, texts: Sequence[str]) -> Column:
    """Return the column of an id: text and a number, which goes on where the data end."""
    found = [_NUMBERED.fullmatch(t) for t in texts]
    parts = [(m[1], m[2]) for m in found if m]
    if len(parts) == len(texts) and len({front for front, _ in parts}) == 1:
        last = max(int(number) for _, number in parts)
        digits = min(len(number) for _, number in parts)
        free = float(last + 1) if last < 2**53 else last + 1  # a float would not count on
        return Column(name, "id", values=(free,), form=parts[0][0], places=digits)
    front = "row-"
    while any(t.startswith(front) for t in texts):
        front = f"new-{front}"
    return Column(name, "id", values=(1.0,), form=front, places=1)


def _boolean(name: str, texts: Sequence[str]) -> tuple[Column, np.ndarray] | None:
    if not texts or not any({t.lower() for t in texts} <= pair for pair in _PAIRS):
        return None
    if len(texts) > 2:  # true, True: as they are written
        return None
    return Column(name, "boolean", tuple(texts)), np.arange(len(texts), dtype=np.float64)


def _integer(name: str, texts: Sequence[str]) -> tuple[Column, np.ndarray] | None:
    if not texts or not all(_WHOLE.fullmatch(t) for t in texts):
        return None
    values = np.array([float(t) for t in texts])
    return Column(name, "integer", decimals=0 if abs(values).max() < 2**53 else -1), values


def _real(name: str, texts: Sequence[str]) -> tuple[Column, np.ndarray] | None:
    numbers = [_float(t) for t in texts]
    if not texts or any(number is None for number in numbers):
        return None
    if any(_leading(t) for t in texts) and all(t.isdigit() for t in texts):
        return None  # 007 is a name
    values = np.array(numbers, dtype=np.float64)
    digits = [len(t.rpartition(".")[2]) if "." in t else 0 for t in texts]
    if any("e" in t.lower() for t in texts) or max(digits) > _DIGITS:
        return Column(name, "real"), values
    decimals = next((d for d in range(max(digits) + 1) if _multiples(values, d)), -1)
    if decimals < 0:  # of so many digits that a float does not hold them all
        return Column(name, "real"), values
    places = digits[0] if len(set(digits)) == 1 and digits[0] else -1
    return Column(name, "real", decimals=decimals, places=places), values


def _multiples(values: np.ndarray, decimals: int) -> bool:
    scaled = np.round(values * 10.0**decimals)
    return bool((scaled / 10.0**decimals == values).all())


def _leading(text: str) -> bool:
    return len(text) > 1 and text[0] == "0" and text[1].isdigit()


def _float(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in text else None


def _date(name: str, texts: Sequence[str]) -> tuple[Column, np.ndarray] | None:
    for form, told in _forms(texts) if texts else ():
        seconds = _seconds(texts, form)
        if seconds is not None:
            places = max(len(_PART.findall(t)[0]) for t in texts) if "%f" in form else 0
            column = Column(name, "date", form=told, decimals=places)
            return column, np.array(seconds) / column.unit
    return None


def _forms(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the formats that cells may have, and those in which such dates are told.

    Where all cells end in one zone it is a part of the format, and times are those of its clocks.
    Of several zones, as clocks go forward and back, moments are told by UTC.
    """
    zones = {found[1] if (found := _ZONE.fullmatch(text)) else "" for text in texts}
    zone = next(iter(zones))
    if len(zones) == 1:
        yield from ((form + zone, form + zone) for form in DATES)
    elif "" not in zones:
        whole = "+00:00" if ":" in zone else "+0000"
        yield from ((form + "%z", form + whole) for form in DATES)


def _seconds(texts: Iterable[str], form: str) -> list[float] | None:
    try:
        dates = [datetime.strptime(t, form) for t in texts]
    except ValueError:
        return None
    return [(d if d.tzinfo else d.replace(tzinfo=UTC)).timestamp() for d in dates]


def fit(columns: Sequence[Column], raw: np.ndarray, train: np.ndarray, **rest: object) -> Table:
    """Return the table of ``columns``, its numbers' knots and orders those of the training rows.

    Args:
        columns: as :func:`typed` returns them.
        raw: all rows, float64 (N, C).
        train: indices of the training rows.
        rest: fields of :class:`Table`.
    """
    rows = np.asarray(raw[train], np.float64)
    fitted = tuple(_fitted(column, rows[:, i]) for i, column in enumerate(columns))
    return Table(fitted, below=_below(fitted, rows), **rest)  # type: ignore


def _fitted(column: Column, values: np.ndarray) -> Column:
    gone = np.isnan(values)
    if column.nominal:
        index = np.where(gone, len(column.choices), values).astype(int)
        return replace(column, shares=_shares(index, column.options))
    if not column.numeric:
        return column
    column = replace(column, shares=_shares(gone.astype(int), column.options))
    there = values[~gone]
    unit = 10.0**-column.decimals if column.decimals >= 0 else 0.0
    found, ranks = knots(there if len(there) else np.zeros(1), unit)
    return replace(column, values=found, ranks=ranks)


def _shares(index: np.ndarray, options: int) -> tuple[float, ...]:
    if not options:
        return ()
    counts = np.bincount(index, minlength=options) + 0.5
    return tuple((counts / counts.sum()).tolist())


def _below(columns: Sequence[Column], rows: np.ndarray) -> tuple[tuple[int, int], ...]:
    """Return the pairs of numbers, or of dates, of which one is never above the other.

    Those whose ranges say so anyway are left out; the rest come in the order of the larger one.
    """
    found: list[tuple[int, int]] = []
    for unit in (0, 1, 86_400):
        group = [i for i, c in enumerate(columns) if c.numeric and c.unit == unit]
        for low in group if len(group) <= _GROUP else ():
            for high in group:
                if low != high and _holds(rows[:, low], rows[:, high], low, high):
                    found.append((low, high))
    before = Counter(high for _, high in found)
    return tuple(sorted(found, key=lambda pair: (before[pair[1]], pair[1])))


_GROUP, _ROWS = 60, 20


def _holds(a: np.ndarray, b: np.ndarray, low: int, high: int) -> bool:
    both = ~(np.isnan(a) | np.isnan(b))
    a, b = a[both], b[both]
    if len(a) < _ROWS or a.max() <= b.min() or not (a <= b).all():
        return False
    return low < high or not (a == b).all()  # of two equal columns only one is the lower
