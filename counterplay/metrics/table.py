"""An evaluation as rows for people: the value with its interval, beside real against real."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["HEADER", "table", "text"]

HEADER = ("metric", "value", "95 % interval", "real vs real", "counts", "features", "split", "ema")


def table(result: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return one row of words per metric of an evaluation, under :data:`HEADER`."""
    return [_row(name, entry) for name, entry in result["metrics"].items()]


def text(result: Mapping[str, Any]) -> str:
    """Return the evaluation as aligned plain text, its notes below."""
    rows = [HEADER, *table(result)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([*lines, *(f"- {note}" for note in result["notes"])])


def _row(name: str, entry: Mapping[str, Any]) -> tuple[str, ...]:
    low, high = entry["interval"]
    floor = f" (floor {_number(entry['floor'])})" if "floor" in entry else ""
    return (
        name,
        _number(entry["value"]) + floor,
        f"{_number(low)} to {_number(high)}",
        "–" if entry["reference"] is None else _number(entry["reference"]),
        f"{entry['n_generated']} vs {entry['n_real']}",
        entry["features"],
        entry["split"],
        "yes" if entry["ema"] else "no",
    )


def _number(x: float) -> str:
    """Return four significant digits, without an exponent where one is not needed.

    >>> _number(0.98765), _number(12345.6), _number(8.0), _number(-0.000123456)
    ('0.9877', '12346', '8', '-0.0001235')
    """
    return f"{x:.0f}" if abs(x) >= 1000 else f"{x:.4g}"
