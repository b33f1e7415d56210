"""What a condition is: a sign that is looked for at each check-up, and how long it must last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from counterplay.doctor.finding import Figure, Severity
from counterplay.doctor.history import Moment
from counterplay.doctor.thresholds import Thresholds

__all__ = [
    "Condition",
    "Sign",
    "above",
    "below",
    "figure",
    "is_falling",
    "is_rising",
    "real",
]

Sign = Callable[[Moment, Thresholds], tuple[Figure, ...]]
"""(the history so far, thresholds) -> the evidence; () where there is no sign."""


@dataclass(frozen=True)
class Condition:
    """A row of the table.

    Attributes:
        name: of the finding.
        severity: of the finding.
        meaning: one plain sentence.
        sign: what is looked for at each check-up.
        last: (m, n): m of the last n check-ups show it. (1, 1) is for what is certain at once.
        unless: names of findings that explain this one: then it is not told.
        samples: whether the grid of samples shows it.
    """

    name: str
    severity: Severity
    meaning: str
    sign: Sign
    last: tuple[int, int] = (3, 3)
    unless: tuple[str, ...] = ()
    samples: bool = False


REAL = "real examples in the samples' place"


def real(moment: Moment, name: str, thresholds: Thresholds) -> Figure | None:
    """Return a signal of samples beside the range that real examples have; ``None`` without."""
    value, normal = moment.now(name), moment.normal(name)
    if value is None or normal is None:
        return None
    far = thresholds["deviations"]
    return Figure(name, value, normal.low(far), normal.high(far), REAL)


def below(moment: Moment, name: str, share: float, thresholds: Thresholds) -> Figure | None:
    """Return the figure where it is below ``share`` of real examples', and below their range."""
    found, normal = real(moment, name, thresholds), moment.normal(name)
    if found is None or normal is None or found.low is None:
        return None
    return found if found.value < min(share * normal.mean, found.low) else None


def above(moment: Moment, name: str, ratio: float, thresholds: Thresholds) -> Figure | None:
    """Return the figure where it is above ``ratio`` times real examples', and above their range."""
    found, normal = real(moment, name, thresholds), moment.normal(name)
    if found is None or normal is None or found.high is None:
        return None
    return found if found.value > max(ratio * normal.mean, found.high) else None


def figure(
    moment: Moment,
    name: str,
    low: float | None = None,
    high: float | None = None,
    basis: str = "this run's own past",
) -> Figure | None:
    """Return the figure where it is out of [low, high]."""
    value = moment.now(name)
    if value is None:
        return None
    out = (low is not None and value < low) or (high is not None and value > high)
    return Figure(name, value, low, high, basis) if out else None


def is_rising(moment: Moment, name: str, ratio: float, slack: float = 0.0) -> bool:
    """Return whether the last two values are both above ``ratio`` times the two before them.

    And by ``slack`` above: what wanders about nothing is not rising.
    """
    past = moment.past(name, 4)
    return len(past) == 4 and min(past[2:]) > ratio * max(past[:2]) + slack


def is_falling(moment: Moment, name: str, ratio: float) -> bool:
    """Return whether the last two values are both below ``ratio`` times the two before them."""
    past = moment.past(name, 4)
    return len(past) == 4 and max(past[2:]) < ratio * min(past[:2])
