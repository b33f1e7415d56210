"""What is said of a training that has nothing: whether it is finished, or only not yet."""

from __future__ import annotations

import statistics

from counterplay.doctor.conditions.base import WINDOW, is_falling, is_rising
from counterplay.doctor.finding import Figure, Finding
from counterplay.doctor.history import History, Moment
from counterplay.doctor.thresholds import Thresholds

__all__ = ["verdict"]

UNFINISHED = "Nothing is wrong, and the samples still become better: let it go on."
NO_CLOSER = "No sickness is seen; the samples are not close to the data, nor lately come closer."
FINISHED = "Nothing is wrong, and the samples are as close to the data as can be told: it is done."
UNKNOWN = "Nothing wrong was seen so far; there is not enough to say how far it has come."
AT_REST = "Nothing is wrong, and the costs no longer fall: more rounds will change little."


def verdict(history: History, thresholds: Thresholds) -> list[Finding]:
    """Return the one healthy finding."""
    moment = Moment(history, max(len(history.checkups) - 1, 0))
    name, meaning, figures = _course(moment, thresholds)
    since = moment.step
    return [Finding(name, "healthy", since, moment.step, _sure(moment), meaning, figures)]


def _course(moment: Moment, t: Thresholds) -> tuple[str, str, tuple[Figure, ...]]:
    distance = _median(moment, "samples/distance")
    if distance is not None and moment.checkups >= 3:
        high = t["finished/distance"]
        basis = "times that of real examples"
        figures = (Figure("samples/distance", distance, None, high, basis),)
        cover, normal = _median(moment, "samples/coverage"), moment.normal("samples/coverage")
        if cover is not None and normal is not None:
            least = t["finished/coverage"] * normal.mean
            figures += (Figure("samples/coverage", cover, least, None, "share of real examples'"),)
        gain = _gain(moment, t["finished/gain"])
        falling = (gain,) if gain is not None and _within(gain) else ()
        if all(_within(f) for f in figures) and not falling:
            if gain is None and moment.players("again"):
                return "healthy-unfinished", UNKNOWN, figures  # its cost says more than samples
            return "healthy-finished", FINISHED, figures
        better = UNFINISHED if falling or _nearer(moment, t) else NO_CLOSER
        meaning = UNKNOWN if better == NO_CLOSER and moment.checkups < WINDOW else better
        return "healthy-unfinished", meaning, (*figures, *falling)
    if gain := _gain(moment, t["finished/gain"]):
        at_rest = gain.low is not None and gain.value < gain.low
        name, meaning = ("finished", AT_REST) if at_rest else ("unfinished", UNFINISHED)
        return f"healthy-{name}", meaning, (gain,)
    return "healthy-unfinished", UNKNOWN, ()


def _nearer(moment: Moment, t: Thresholds) -> bool:
    """Return whether samples lately come closer to the data, or reach more of them."""
    closer = is_falling(moment, "samples/distance", t["falling"])
    return closer or is_rising(moment, "samples/coverage", t["rising"])


def _within(figure: Figure) -> bool:
    low, high = figure.low, figure.high
    return (low is None or figure.value >= low) and (high is None or figure.value <= high)


def _median(moment: Moment, name: str) -> float | None:
    return moment.median(name, 5) if moment.now(name) is not None else None


def _gain(moment: Moment, share: float, width: int = 8) -> Figure | None:
    """Return by how much a held-out cost has fallen lately, and what would be too little.

    Once it has fallen by far more than two batches differ, that is ``share`` of the whole fall,
    less twice the error of what is told: a fall that noise may hide is none that has ended.
    """
    for name in moment.players("held"):
        player = name.rpartition("/")[0]
        held = moment.past(name, 2 * width)
        train, again = (moment.past(f"{player}/{w}", 2 * width) for w in ("train", "again"))
        if len(held) == len(train) == len(again) == 2 * width:
            noise = statistics.stdev(a - b for a, b in zip(train, again, strict=True))
            now = statistics.fmean(held[width:])
            fallen, error = statistics.fmean(held[:width]) - now, noise / width**0.5
            whole = max(moment.past(name)) - now
            floor = share * whole - 2 * error if whole > 3 * noise else error
            basis = "a share of the whole fall, and two training batches"
            return Figure(f"{player}/held fallen by", fallen, floor, None, basis)
    return None


def _sure(moment: Moment) -> float:
    return 1 - 0.5**moment.checkups
