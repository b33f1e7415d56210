"""Conditions of the moves themselves, and of the data."""

from __future__ import annotations

import statistics

from counterplay.doctor.conditions.base import Condition, above, figure
from counterplay.doctor.finding import Figure
from counterplay.doctor.history import Moment
from counterplay.doctor.thresholds import Thresholds

__all__ = ["CONDITIONS"]

Signs = tuple[Figure, ...]


def nonfinite(moment: Moment, t: Thresholds) -> Signs:
    """Something is not a number any more."""
    value = moment.now("nonfinite")
    return (Figure("nonfinite", value, None, 0.0, "numbers"),) if value else ()


def exploding(moment: Moment, t: Thresholds) -> Signs:
    """A player's gradient is many times what it was."""
    found = []
    for name in moment.players("grad"):
        past = moment.past(name)
        if len(past) < 8:
            continue
        usual = statistics.median(past[:-3])
        grown = figure(moment, name, None, t["exploding/past"] * usual)
        found += [grown] if grown else []
    return tuple(found)


def too_fast(moment: Moment, t: Thresholds) -> Signs:
    """A player's parameters move far in each round, and nothing comes of it."""
    found = []
    for name in moment.players("moved"):
        turn = moment.median(name.replace("/moved", "/turn"), 6)
        speed = moment.median(name, 6)
        if speed is not None and speed > t["rate/high"] and turn is not None and turn < 0.1:
            basis = "share of its size that a player moves in a round"
            found.append(Figure(name, speed, None, t["rate/high"], basis))
    last, normal = moment.past("samples/distance", 1), moment.normal("samples/distance")
    far = not last or normal is None or last[0] > t["plateau/distance"] * normal.mean
    return tuple(found) if found and far and moment.checkups >= 6 else ()


def too_slow(moment: Moment, t: Thresholds) -> Signs:
    """No player has ever moved by more than a trifle, and the samples are far from the data.

    Whose moves are a trifle even of that has learnt nothing, however near it began.
    """
    names = moment.players("moved")
    fastest = max((max(moment.past(name)) for name in names), default=None)
    if fastest is None or fastest >= t["rate/low"] or moment.checkups < 6:
        return ()
    known = moment.now("samples/distance") is not None
    far = above(moment, "samples/distance", t["finished/distance"], t)
    if known and not far and fastest >= t["rate/none"]:
        return ()
    basis = "share of its size that a player moves in a round"
    found = Figure("fastest move", fastest, t["rate/low"], None, basis)
    return (found, far) if far else (found,)


def constant(moment: Moment, t: Thresholds) -> Signs:
    """All examples are the same."""
    share = moment.fact("data/constant")
    one = share is not None and share >= 1
    return (Figure("data/constant", 1.0, None, 0.999, "data that vary"),) if one else ()


def doubled(moment: Moment, t: Thresholds) -> Signs:
    """Many training examples are copies of others, and not rows of few values that agree."""
    share = moment.fact("data/doubled")
    told = moment.fact("data/pictures") or (moment.fact("data/distinct") or 0) >= t["data/distinct"]
    if share is None or share <= t["data/doubled"] or not told:
        return ()
    return (Figure("data/doubled", share, None, t["data/doubled"], "a set of different examples"),)


def misread(moment: Moment, t: Thresholds) -> Signs:
    """Pictures use a sliver of their range: they were on another scale than they are read in."""
    span = moment.fact("data/span")
    if span is None or span >= t["data/span"] or (moment.fact("data/constant") or 0) >= 1:
        return ()
    return (Figure("data/span", span, t["data/span"], 2.0, "values from -1 to 1"),)


def few(moment: Moment, t: Thresholds) -> Signs:
    """There is hardly anything to learn from."""
    count = moment.fact("data/examples")
    if count is None or count >= t["data/few"] or moment.fact("data/endless"):
        return ()
    return (Figure("data/examples", count, t["data/few"], None, "one batch of different ones"),)


def mislabelled(moment: Moment, t: Thresholds) -> Signs:
    """Labels tell no more of the examples than labels drawn by lot would."""
    told, drawn = moment.fact("data/told"), moment.fact("data/drawn")
    if told is None or drawn is None or told > drawn:
        return ()
    return (Figure("data/told", told, drawn, None, "labels drawn by lot"),)


CONDITIONS = (
    Condition(
        "non-finite",
        "sick",
        "A cost, a weight or a sample is no finite number any more: nothing can be learnt from it.",
        nonfinite,
        last=(1, 1),
    ),
    Condition(
        "exploding-gradient",
        "sick",
        "A player's gradient has grown to many times its usual size.",
        exploding,
        last=(3, 4),
    ),
    Condition(
        "rate-too-high",
        "sick",
        "A player jumps about: each round moves it far, and the rounds do not add up.",
        too_fast,
        last=(4, 5),
        samples=True,
    ),
    Condition(
        "rate-too-low",
        "warning",
        "The players hardly move: at this pace the training will not end.",
        too_slow,
        last=(3, 3),
    ),
    Condition(
        "data-constant",
        "sick",
        "All examples are the same: there is nothing to learn.",
        constant,
        last=(1, 1),
    ),
    Condition(
        "data-doubled",
        "warning",
        "Many training examples are copies of others, perhaps of held-out ones too.",
        doubled,
        last=(1, 1),
    ),
    Condition(
        "data-range",
        "sick",
        "The pictures use a sliver of the range of values: they were read on the wrong scale.",
        misread,
        last=(1, 1),
    ),
    Condition(
        "data-few",
        "warning",
        "There are so few training examples that anything can be learnt by heart.",
        few,
        last=(1, 1),
    ),
    Condition(
        "data-labels",
        "warning",
        "The labels tell nothing of the examples: they may be those of other ones.",
        mislabelled,
        last=(1, 1),
    ),
)
