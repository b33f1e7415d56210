"""What was seen of a training: check-ups, each a set of signals by name, and what is normal here.

A history is plain numbers. It is written down as ``signals.jsonl`` in the run folder, so that a
diagnosis can be made anew, with other thresholds, without training anew.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "STILL",
    "Checkup",
    "History",
    "Moment",
    "Normal",
    "finite",
    "from_records",
    "merged",
    "to_record",
]


STILL = "still"
"""The fact, 1, that nothing moves from check-up to check-up: nobody is training."""
FAR = 1e30
"""Beyond it a number is as good as endless, and its square is still one."""
NOBODY = ("samples", "raw", "look")
"""What stands before a signal's name where a player's name stands in others."""


@dataclass(frozen=True)
class Normal:
    """What real examples in the samples' place give: mean and deviation over several draws."""

    mean: float
    std: float

    def low(self, deviations: float) -> float:
        """Return the mean less so many deviations."""
        return self.mean - deviations * self.std

    def high(self, deviations: float) -> float:
        """Return the mean and so many deviations."""
        return self.mean + deviations * self.std


@dataclass(frozen=True)
class Checkup:
    """The signals after ``step`` rounds; one that cannot be measured is left out."""

    step: int
    values: Mapping[str, float]


@dataclass(frozen=True)
class History:
    """All that a diagnosis rests on.

    Attributes:
        facts: what is known of the data and of the run, by name: plain numbers.
        normal: signal -> its value for real examples.
        checkups: in order of their steps.
        options: the recipe's fields by dotted path, which remedies change.
    """

    facts: Mapping[str, float] = field(default_factory=dict)
    normal: Mapping[str, Normal] = field(default_factory=dict)
    checkups: Sequence[Checkup] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    def upto(self, step: int) -> History:
        """Return the same, as it was after ``step`` rounds."""
        seen = [c for c in self.checkups if c.step <= step]
        return History(self.facts, self.normal, seen, self.options)


class Moment:
    """A history as it was at its ``index``-th check-up: what a condition looks at."""

    def __init__(self, history: History, index: int) -> None:
        self._history, self._index = history, index

    @property
    def step(self) -> int:
        """Rounds finished."""
        return self._history.checkups[self._index].step if self._history.checkups else 0

    @property
    def checkups(self) -> int:
        """How many check-ups there have been."""
        return min(self._index + 1, len(self._history.checkups))

    @property
    def names(self) -> Sequence[str]:
        """Signals that were measured now."""
        return tuple(self._values)

    @property
    def _values(self) -> Mapping[str, float]:
        return self._history.checkups[self._index].values if self._history.checkups else {}

    def fact(self, name: str) -> float | None:
        """Return what is known beforehand, or ``None``."""
        return self._history.facts.get(name)

    def now(self, name: str) -> float | None:
        """Return the signal now, or ``None`` where it was not measured."""
        return self._values.get(name)

    def normal(self, name: str) -> Normal | None:
        """Return its value for real examples, or ``None`` where there is none."""
        return self._history.normal.get(name)

    def past(self, name: str, count: int | None = None) -> list[float]:
        """Return the signal's last ``count`` values, this one included; all when ``None``."""
        seen, found = self._history.checkups, []
        for i in range(min(self._index, len(seen) - 1), -1, -1):
            if len(found) == count:
                break
            if name in seen[i].values:
                found.append(seen[i].values[name])
        return found[::-1]

    def steps(self, name: str) -> list[int]:
        """Return the steps at which the signal was measured."""
        seen = self._history.checkups[: self._index + 1]
        return [c.step for c in seen if name in c.values]

    def median(self, name: str, count: int | None = None) -> float | None:
        """Return the median of :meth:`past`."""
        values = self.past(name, count)
        return statistics.median(values) if values else None

    def players(self, suffix: str) -> list[str]:
        """Return the players' signals of that suffix, ``PLAYER/suffix``."""
        pairs = ((name, name.rpartition("/")) for name in self.names)
        return [name for name, (who, _, what) in pairs if what == suffix and who not in NOBODY]


def to_record(history: History) -> dict[str, Any]:
    """Return the head of ``signals.jsonl``: everything but the check-ups."""
    normal = {name: [n.mean, n.std] for name, n in history.normal.items()}
    return {"facts": dict(history.facts), "normal": normal, "options": dict(history.options)}


def from_records(records: Sequence[Mapping[str, Any]]) -> History:
    """Return the history that the lines of ``signals.jsonl`` tell: the newest head counts."""
    heads = [r for r in records if isinstance(r.get("normal"), Mapping)]
    head = heads[-1] if heads else {}
    normal = {name: Normal(*pair) for name, pair in head.get("normal", {}).items()}
    checkups = [Checkup(r["step"], finite(r["signals"])) for r in records if _is_checkup(r)]
    ordered = merged(sorted(checkups, key=lambda c: c.step))
    return History(
        finite(head.get("facts", {})),
        normal,
        ordered,
        head.get("options", {}),
    )


def merged(checkups: Sequence[Checkup]) -> list[Checkup]:
    """Return the check-ups, those of one step as one: a look may follow a check-up."""
    found: list[Checkup] = []
    for each in checkups:
        if found and found[-1].step == each.step:
            found[-1] = Checkup(each.step, {**found[-1].values, **each.values})
        else:
            found.append(each)
    return found


def _is_checkup(record: Mapping[str, Any]) -> bool:
    """Return whether a line is a check-up; a file may have been cut off, or written to by hand."""
    return isinstance(record.get("step"), int) and isinstance(record.get("signals"), Mapping)


def finite(values: Mapping[str, Any]) -> dict[str, float]:
    """Return the numbers among ``values``, the endless ones cut at ±1e30: what can be counted with.

    One that is no number says nothing and is left out.
    """
    numbers = {k: float(v) for k, v in values.items() if isinstance(v, int | float)}
    return {k: min(max(v, -FAR), FAR) for k, v in numbers.items() if not math.isnan(v)}
