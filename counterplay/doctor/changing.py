"""What a remedy does with the value of a field: functions from the old value to the new one."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

__all__ = ["Change", "instead", "least", "more", "times", "to"]

Change = Callable[[Any], Any]


def to(value: Any) -> Change:
    """Return the change to ``value``."""
    return lambda _: value


def instead(**choices: str) -> Change:
    """Return the change from one choice to another, of those that are named; others stay."""
    return lambda old: choices.get(old, old)


def times(factor: float, least: float = 0.0, most: float = math.inf) -> Change:
    """Return multiplication within bounds, beyond which it changes nothing.

    Whole numbers stay whole and at least one.
    """

    def change(value: Any) -> Any:
        if not value:
            return value
        wanted = value * factor
        if isinstance(value, int):
            wanted = max(1, round(wanted))
        found = min(max(wanted, min(least, value)), max(most, value))
        return int(found) if isinstance(value, int) else float(f"{found:.6g}")

    return change


def least(value: float) -> Change:
    """Return the change to ``value`` where it was less."""
    return lambda old: max(old or 0, value)


def more(factor: float, start: float, most: float) -> Change:
    """Return multiplication up to ``most``, or ``start`` where there was none."""

    def change(old: Any) -> Any:
        return times(factor, most=most)(old) if old else start

    return change
