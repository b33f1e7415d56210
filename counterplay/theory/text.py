"""How an item of the theory reads: in a terminal, as a line of checks, as a section of the page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from counterplay.theory.item import Check, Item, Value

__all__ = ["check_line", "exact", "number", "section", "shown"]

PLACES = 6
"""Significant digits of what is exact up to rounding, where machines differ in the last ones."""


def number(value: float) -> str:
    """Return a number in full precision as a person reads it.

    >>> number(0.6931471805599453), number(2.0), number(1e-17), number(math.inf)
    ('0.6931471806', '2', '1e-17', 'inf')
    """
    return f"{float(value):.10g}"


def exact(value: float, error: float = 0.0) -> str:
    """Return a number to its stated precision, so that it reads the same on every machine.

    >>> exact(5.811636741325), exact(0.34567, 0.012), exact(3e-17), exact(289.545544865)
    ('5.81164', '0.346 ± 0.012', '0', '289.546')
    """
    value = float(value)
    if error > 0 and math.isfinite(error) and math.isfinite(value):
        places = max(0, 1 - math.floor(math.log10(error)))
        return f"{value:.{places}f} ± {error:.2g}"
    return "0" if abs(value) < 1e-12 else f"{value:.{PLACES}g}"


def shown(item: Item, values: Mapping[str, Value], checks: Sequence[Check]) -> str:
    """Return what the terminal says of an item: its derivation, numbers and checks."""
    rows = [(name, _spelled(v, number), v.method) for name, v in values.items()]
    tests = [(_verdict(c), c.what, *_sides(c)) for c in checks]
    return "\n".join(
        [
            item.title,
            f"  {item.derivation}",
            "",
            *_columns([("value", "", "method"), *rows]),
            "",
            *_columns([("", "check", *HEAD), *tests]),
        ]
    )


HEAD = ("value", "independent", "difference", "bound", "how")


def check_line(item: Item, check: Check) -> str:
    """Return one line of ``theory all --check``."""
    value, independent, difference, bound, how = _sides(check)
    return (
        f"{_verdict(check):4}  {item.name}: {check.what}: {value} against {independent}, "
        f"difference {difference}, bound {bound} ({how})"
    )


def section(item: Item, values: Mapping[str, Value], checks: Sequence[Check], picture: str) -> str:
    """Return the item's section of the page, in Markdown."""
    given = ", ".join(f"`--{name}` {value}" for name, value in _parameters(item))
    rows = [f"| {name} | {_spelled(v, exact)} | {v.method} |" for name, v in values.items()]
    tests = [
        f"| {c.what} | {exact(c.value)} | {_relation(c)}{exact(c.independent)} | {c.bound:.2g} "
        f"| {c.how} | {_verdict(c)} |"
        for c in checks
    ]
    return "\n".join(
        [
            f"## {item.name}",
            "",
            f"{item.title}.",
            "",
            f"> {item.derivation}",
            "",
            f"![{item.title}]({picture})",
            "",
            "| number | value | method |",
            "|---|---|---|",
            *rows,
            "",
            "| check | value | independently | bound | how | |",
            "|---|---|---|---|---|---|",
            *tests,
            "",
            *([f"Options: {given}.", ""] if given else []),
        ]
    )


def _parameters(item: Item) -> Iterable[tuple[str, str]]:
    defaults = item.parameters()
    for field in fields(item.parameters):
        value: Any = getattr(defaults, field.name)
        words = value if isinstance(value, tuple) else (value,)
        yield field.name.replace("_", "-"), " ".join(map(str, words))


def _spelled(value: Value, write: Any) -> str:
    if getattr(value.value, "ndim", 0):
        flat = value.value.ravel()  # pyright: ignore[reportAttributeAccessIssue]
        return " ".join(write(v) for v in flat[:8]) + (" …" if len(flat) > 8 else "")
    if write is exact:
        return exact(float(value.value), value.error)
    return number(float(value.value)) + (f" ± {value.error:.2g}" if value.error else "")


def _verdict(check: Check) -> str:
    return "pass" if check.passes else "FAIL"


def _relation(check: Check) -> str:
    return {"equal": "", "at most": "≤ ", "at least": "≥ "}[check.side]


def _sides(check: Check) -> tuple[str, str, str, str, str]:
    return (
        number(check.value),
        _relation(check) + number(check.independent),
        f"{check.difference:.2g}",
        f"{check.bound:.2g}",
        check.how,
    )


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  " + "  ".join(f"{c:{w}}" for c, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
