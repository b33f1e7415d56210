"""What a condition is: a sign that is looked for at each check-up, and how long it must last."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from counterplay.doctor.finding import Figure, Severity
from counterplay.doctor.history import Moment
from counterplay.doctor.thresholds import Thresholds

__all__ = [
    "LONG",
    "REAL",
    "WINDOW",
    "Condition",
    "Sign",
    "Signs",
    "above",
    "below",
    "every",
    "figure",
    "is_approaching",
    "is_close",
    "is_falling",
    "is_learning",
    "is_rising",
    "is_steadily_falling",
    "real",
    "shown",
    "turned",
]

Signs = tuple[Figure, ...]
"""The evidence; () where there is no sign."""

Sign = Callable[[Moment, Thresholds], Signs]
"""(the history so far, thresholds) -> the evidence."""


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


def shown(moment: Moment, thresholds: Thresholds, *names: str) -> Signs:
    """Return those of the signals that were measured, beside real examples' range."""
    return tuple(f for name in names if (f := real(moment, name, thresholds)) is not None)


def every(*found: Figure | None) -> Signs:
    """Return the figures when each of them is there, else ()."""
    there = tuple(f for f in found if f is not None)
    return there if len(there) == len(found) else ()


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


def is_close(moment: Moment, t: Thresholds, width: int = 5) -> bool:
    """Return whether samples are lately as close to the data as a finished training's."""
    normal = moment.normal("samples/coverage")
    distance = moment.median("samples/distance", width)
    cover = moment.median("samples/coverage", width)
    if normal is None or distance is None or cover is None:
        return False
    return distance <= t["finished/distance"] and cover >= t["finished/coverage"] * normal.mean


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


WINDOW = 8
"""Check-ups over whose halves a signal is said to rise or to fall."""

LONG = 2 * WINDOW
"""Check-ups after which what has not come is not to be waited for."""


def turned(moment: Moment, name: str, width: int = WINDOW) -> tuple[float, float] | None:
    """Return the signal's median in either half of its last values, the earlier half first.

    With few values so far, of those: two are the least of which anything can be said.
    """
    past = moment.past(name, width)
    half = len(past) // 2
    if not half:
        return None
    return statistics.median(past[:half]), statistics.median(past[half:])


def is_rising(
    moment: Moment, name: str, ratio: float, slack: float = 0.0, width: int = WINDOW
) -> bool:
    """Return whether the later half of the last values is above ``ratio`` times the earlier one.

    And by ``slack`` above: what wanders about nothing is not rising.
    """
    halves = turned(moment, name, width)
    return halves is not None and halves[1] > ratio * halves[0] + slack


def is_falling(moment: Moment, name: str, ratio: float, width: int = WINDOW) -> bool:
    """Return whether the later half of the last values is below ``ratio`` times the earlier one."""
    halves = turned(moment, name, width)
    return halves is not None and halves[1] < ratio * halves[0]


def is_steadily_falling(moment: Moment, name: str, ratio: float, width: int = WINDOW) -> bool:
    """Return whether :func:`is_falling`, and of the pairs across the halves three in four do fall.

    What goes up and down by more than it falls has one pair in two that does.
    """
    past = moment.past(name, width)
    half = len(past) // 2
    if not is_falling(moment, name, ratio, width):
        return False
    fallen = [later < before for before in past[:half] for later in past[half:]]
    return statistics.fmean(fallen) >= 0.75


def is_approaching(moment: Moment, t: Thresholds, prefix: str = "samples") -> bool:
    """Return whether samples still come closer to the data: what they lack may come yet.

    What is already as near as nearly finished samples are has no such excuse. Where held-out
    examples have a cost, samples follow as long as it falls.
    """
    if is_learning(moment):
        return True
    far = moment.median(f"{prefix}/distance", WINDOW // 2)
    if far is not None and far < t["approach/near"]:
        return False
    if is_falling(moment, f"{prefix}/distance", t["falling"]):
        return True
    halves = turned(moment, f"{prefix}/missing")
    return halves is not None and halves[0] - halves[1] > t["partial/missing"] / 2


def is_learning(moment: Moment) -> bool:
    """Return whether a player's cost on held-out examples falls by more than batches differ."""
    for name in moment.players("held"):
        player, halves = name.rpartition("/")[0], turned(moment, name)
        train, again = (moment.past(f"{player}/{which}", WINDOW) for which in ("train", "again"))
        if halves is None or len(train) != len(again) or len(train) < 2:
            continue
        noise = statistics.stdev(a - b for a, b in zip(train, again, strict=True))
        if halves[0] - halves[1] > noise:
            return True
    return False
