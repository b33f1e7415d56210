"""Conditions of the play between generator and critic."""

from __future__ import annotations

import statistics

from counterplay.doctor.conditions.base import (
    LONG,
    WINDOW,
    Condition,
    Signs,
    above,
    below,
    is_approaching,
    is_close,
    real,
)
from counterplay.doctor.finding import Figure
from counterplay.doctor.history import Moment
from counterplay.doctor.thresholds import Thresholds

__all__ = ["CONDITIONS"]


def vanishing(moment: Moment, t: Thresholds) -> Signs:
    """The critic is always right, and what it tells the generator is next to nothing.

    A sample that goes along its slope, as far as the data reach, should close the critic's gap: the
    costs that do not saturate let it go further, those that do a small part of the way.
    """
    certain, slope = moment.median("critic/auc", 3), moment.median("generator/slope", 3)
    gap, scale = moment.median("critic/gap", 3), moment.fact("data/scale")
    if slope is None or certain is None or not gap or not scale or gap < 0:
        return ()
    if found := _unmoved(moment, t, certain):
        return found
    basis = "what would close the critic's gap within the data's extent"
    least = t["vanishing/told"] * gap / scale
    if slope >= least or (certain < t["vanishing/auc"] and slope > 0):
        return ()
    told = Figure("generator/slope", slope, least, None, basis)
    sure = Figure("critic/auc", certain, None, t["vanishing/auc"], "a critic that is still unsure")
    return (told, sure)


def _unmoved(moment: Moment, t: Thresholds, certain: float) -> Signs:
    """A generator whose samples are known for certain stands still, and its critic does not.

    Whatever its slope is worth in the critic's units: moves are what came of it.
    """
    name = "generator/moved"
    speed, pace = moment.median(name, 6), moment.median("critic/moved", 6)
    far = above(moment, "samples/distance", t["finished/distance"], t)
    if speed is None or pace is None or far is None or moment.checkups < 6:
        return ()
    still = speed < t["rate/low"] <= pace and speed * t["rate/apart"] < pace
    if not still or certain < t["vanishing/auc"] or is_approaching(moment, t):
        return ()
    basis = "share of its size that the critic moves in a round"
    return (Figure(name, speed, t["rate/low"], None, basis), far)


def overfit(moment: Moment, t: Thresholds) -> Signs:
    """The critic knows training examples from held-out ones of the same law, and samples suffer."""
    return () if is_close(moment, t) else _by_heart(moment, t)


def overfit_yet(moment: Moment, t: Thresholds) -> Signs:
    """The same while samples are as close to the data as a finished training's: no harm so far."""
    return _by_heart(moment, t) if is_close(moment, t) else ()


def _by_heart(moment: Moment, t: Thresholds) -> Signs:
    normal, held = moment.normal("critic/held"), moment.past("critic/held", 5)
    share = moment.median("critic/r_v", 5)
    if normal is None or len(held) < 3 or share is None or moment.fact("data/endless"):
        return ()
    mean = statistics.fmean(held)
    high = 0.5 + t["deviations"] * normal.std * _mean_of_kin(len(held), t["overfit/kin"])
    if mean <= high or share <= t["overfit/r_v"]:
        return ()
    exact = "two samples of one law"
    return (
        Figure("critic/held", mean, 1 - high, high, exact),
        Figure("critic/r_v", share, None, t["overfit/r_v"], "share of the critic's lead"),
    )


def _mean_of_kin(count: int, kin: float) -> float:
    """Return the deviation of a mean over that of one value, where any two correlate by ``kin``.

    The examples are the same at each check-up, and the critic that judges them is nearly.
    """
    return ((1 + (count - 1) * kin) / count) ** 0.5


def weak(moment: Moment, t: Thresholds) -> Signs:
    """Samples are far from the data, reach little of them, and the critic cannot tell them apart.

    What comes closer all the same is excused, but not for long: no critic leads it there. Where for
    long hardly a sample is among the data, a critic that sees little of it is as good as blind.
    """
    far = above(moment, "samples/distance", t["weak/distance"], t)
    bare = below(moment, "samples/coverage", t["weak/coverage"], t)
    null, long = moment.normal("critic/held"), moment.checkups >= LONG
    if far is None or bare is None or (is_approaching(moment, t) and not long):
        return ()
    if moment.checkups < WINDOW // 2:
        return ()  # it has only begun to learn
    seen = moment.median("critic/auc", LONG if is_approaching(moment, t) else 3)
    least = 0.5 + t["weak/deviations"] * (null.std if null else 0.03)
    if long and _is_nowhere(moment, t):
        least = max(least, t["weak/sees"])
    if seen is None or seen > least:
        return ()
    basis = "a critic that sees a difference as large as this"
    return (Figure("critic/auc", seen, least, None, basis), far, bare)


def _is_nowhere(moment: Moment, t: Thresholds) -> bool:
    """Return whether hardly a sample has lately been among the data: any critic should see it."""
    for name in ("samples/coverage", "samples/precision"):
        lately, normal = moment.median(name, WINDOW), moment.normal(name)
        if lately is None or normal is None or lately > t["weak/nowhere"] * normal.mean:
            return False
    return True


def plateau(moment: Moment, t: Thresholds) -> Signs:
    """Samples are far from the data and come no closer over many check-ups."""
    far = above(moment, "samples/distance", t["plateau/distance"], t)
    bare = below(moment, "samples/coverage", t["plateau/coverage"], t)
    found = tuple(f for f in (far, bare) if f)
    if not found or len(moment.past("samples/distance")) < 2 * t["plateau/checkups"]:
        return ()
    gains = (
        _gain(moment, "samples/distance", t),
        _gain(moment, "samples/coverage", t),
        _gain(moment, "samples/crowding", t) if (moment.now("samples/crowding") or 0) > 1 else 0.0,
    )
    if max(gains) > t["plateau/gain"]:
        return ()
    basis = "the samples of some check-ups before"
    return (*found, Figure("gain on the data", max(gains), t["plateau/gain"], None, basis))


def _gain(moment: Moment, name: str, t: Thresholds) -> float:
    """Return by what share the signal has fallen over the later half of the check-ups.

    Of coverage, by what share of real examples' it has risen: twice next to nothing is nothing.
    """
    past = moment.past(name)
    window = past[-max(int(t["plateau/checkups"]), len(past) // 2) :]
    third = max(1, len(window) // 3)
    before, after = statistics.median(window[:third]), statistics.median(window[-third:])
    normal = moment.normal(name)
    if name == "samples/coverage" and normal is not None and normal.mean:
        return (after - before) / normal.mean
    return 1 - after / before if before else float(-(after > 0))


def turning(moment: Moment, t: Thresholds) -> Signs:
    """Every player goes back on its way from check-up to check-up, and samples are far off."""
    far = above(moment, "samples/distance", t["plateau/distance"], t)
    names = moment.players("turn")
    turns = [m for name in names if (m := moment.median(name, 6)) is not None]
    if far is None or not turns or moment.checkups < 8:
        return ()
    worst = max(turns)
    if worst > t["rate/turn"]:
        return ()
    found = Figure("turn", worst, t["rate/turn"], None, "a way that leads somewhere")
    return (found, *(f for f in [real(moment, "samples/moved", t)] if f))


CONDITIONS = (
    Condition(
        "vanishing-gradient",
        "sick",
        "The critic is so sure that the generator is told next to nothing about how to improve.",
        vanishing,
        last=(4, 5),
        unless=("data-constant", "data-range"),
    ),
    Condition(
        "critic-overfitting",
        "sick",
        "The critic has learnt the training examples by heart and no longer judges the rest.",
        overfit,
        last=(4, 5),
    ),
    Condition(
        "critic-overfitting",
        "warning",
        "The critic has learnt the training examples by heart; samples do not suffer from it yet.",
        overfit_yet,
        last=(4, 5),
    ),
    Condition(
        "critic-too-weak",
        "sick",
        "The samples are far from the data and the critic sees no difference between the two.",
        weak,
        last=(4, 5),
        unless=("oscillation",),
    ),
    Condition(
        "oscillation",
        "sick",
        "The players go back and forth, each undoing what the other made of it.",
        turning,
        last=(4, 5),
        unless=("mode-collapse", "mode-hopping"),
    ),
    Condition(
        "plateau",
        "warning",
        "The samples have come no closer to the data for long, and are still far from them.",
        plateau,
        unless=(
            "mode-collapse",
            "partial-collapse",
            "mode-hopping",
            "divergence",
            "vanishing-gradient",
            "critic-too-weak",
            "oscillation",
            "posterior-collapse",
            "rate-too-low",
            "rate-too-high",
        ),
        samples=True,
    ),
)
