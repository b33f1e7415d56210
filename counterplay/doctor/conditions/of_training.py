"""Conditions of the moves themselves, and of the data."""

from __future__ import annotations

import math
import statistics

from counterplay.doctor.conditions.base import (
    LONG,
    REAL,
    WINDOW,
    Condition,
    Signs,
    above,
    figure,
    is_learning,
)
from counterplay.doctor.finding import Figure
from counterplay.doctor.history import Moment
from counterplay.doctor.thresholds import Thresholds

__all__ = ["CONDITIONS"]


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
    """A player's parameters move far in each round, or did once, and nothing comes of it."""
    fast = _fast(moment, t)
    last, normal = moment.past("samples/distance", 1), moment.normal("samples/distance")
    far = not last or normal is None or last[0] > t["plateau/distance"] * normal.mean
    if fast and (far or _round_about(moment, t)) and moment.checkups >= 6:
        return fast
    return _lost(moment, t) or _stunned(moment, t)


def _fast(moment: Moment, t: Thresholds) -> Signs:
    found = []
    for name in moment.players("moved"):
        turn = moment.median(name.replace("/moved", "/turn"), 6)
        speed = moment.median(name, 6)
        if speed is not None and speed > t["rate/high"] and turn is not None and turn < 0.1:
            basis = "share of its size that a player moves in a round"
            found.append(Figure(name, speed, None, t["rate/high"], basis))
    return tuple(found)


def _round_about(moment: Moment, t: Thresholds) -> bool:
    """Return whether a model goes back and forth and its held-out examples become no cheaper.

    It may be near the data all the same: it jumps about what it could come to.
    """
    players = [name.rpartition("/")[0] for name in _priced(moment)]
    turns = [moment.median(f"{player}/turn", 6) for player in players]
    back = any(turn is not None and turn < t["rate/turn"] for turn in turns)
    return back and moment.checkups >= LONG and not is_learning(moment)


def _priced(moment: Moment) -> list[str]:
    """Return the players' costs of held-out examples, where examples have one.

    What a machine of chains plays by is a difference of two energies.
    """
    chained = any(name.startswith("chains/") for name in moment.names)
    return [] if chained else moment.players("held")


def _lost(moment: Moment, t: Thresholds) -> Signs:
    """A model that moved far has lost half of what it had learnt, or knows less than at first.

    What is learnt by heart makes held-out examples dear, and not those that are trained on.
    """
    for name in _priced(moment):
        player = name.rpartition("/")[0]
        train, again = (moment.past(f"{player}/{which}") for which in ("train", "again"))
        jump = _farthest_since_best(moment, player)
        if min(len(train), len(again)) < WINDOW or jump <= t["rate/jump"]:
            continue
        noise = statistics.stdev(
            a - b for a, b in zip(train[-WINDOW:], again[-WINDOW:], strict=True)
        )
        now, best = statistics.median(train[-3:]), min(train)
        room = max((train[0] - best) * t["rate/lost"], t["deviations"] * noise)
        if now > best + room:
            basis = "share of its size that a player moves in a round"
            known = Figure(f"{player}/train", now, None, best + room, "this run's own past")
            return (Figure("farthest move", jump, None, t["rate/jump"], basis), known)
    return ()


def _farthest_since_best(moment: Moment, player: str) -> float:
    """Return the farthest move after the check-up at which training examples cost least."""
    train, moves = (moment.past(f"{player}/{which}") for which in ("train", "moved"))
    steps = moment.steps(f"{player}/train")
    best = steps[train.index(min(train))] if train else 0
    pairs = zip(moment.steps(f"{player}/moved"), moves, strict=True)
    return max((move for step, move in pairs if step > best), default=0.0)


def _stunned(moment: Moment, t: Thresholds) -> Signs:
    """A model that once moved far knows nothing but how often each value is there, and stays so.

    With each number of an example taken from another one, examples cost it as much as whole ones.
    """
    if not _is_tied(moment, t):
        return ()
    if moment.checkups < WINDOW or (moment.checkups < LONG and is_learning(moment)):
        return ()
    for name in _priced(moment):
        player = name.rpartition("/")[0]
        jump = max(moment.past(f"{player}/moved"), default=0.0)
        told, room = _told(moment, player, t)
        if jump > t["rate/jump"] and told <= room and not _creeps(moment, player, t):
            basis = "share of its size that a player moves in a round"
            known = Figure(f"{player}/scrambled less train", told, None, room, "whole examples")
            return (Figure("farthest move", jump, None, t["rate/jump"], basis), known)
    return ()


def _is_tied(moment: Moment, t: Thresholds) -> bool:
    """Return whether the numbers of an example have something to do with each other."""
    torn, whole = moment.fact("data/scrambled"), moment.normal("samples/precision")
    return torn is not None and whole is not None and torn < whole.low(t["deviations"])


def _told(moment: Moment, player: str, t: Thresholds) -> tuple[float, float]:
    """Return by how much scrambled examples cost more than whole ones, and what chance gives."""
    names = ("scrambled", "train", "again")
    pasts = [moment.past(f"{player}/{which}", WINDOW) for which in names]
    if min(map(len, pasts)) < WINDOW:
        return math.inf, 0.0
    noise = statistics.stdev(a - b for _, a, b in zip(*pasts, strict=True))
    told = statistics.median(s - (a + b) / 2 for s, a, b in zip(*pasts, strict=True))
    return told, t["deviations"] * noise / WINDOW**0.5


def _creeps(moment: Moment, player: str, t: Thresholds) -> bool:
    """Return whether it goes straight on and on: its moves are small to what there is to learn.

    Beside a player that began with next to nothing they may be large all the same.
    """
    turn = moment.median(f"{player}/turn", WINDOW)
    return turn is not None and turn > t["rate/straight"]


def too_slow(moment: Moment, t: Thresholds) -> Signs:
    """No player has ever moved by more than a trifle, and the samples are far from the data.

    Whose moves are a trifle even of that has learnt nothing, however near it began; and where the
    samples are far, it does not matter how far it went once. Nor, of what goes straight on and
    learns nothing, how far it goes beside its own size.
    """
    if found := _creeping(moment, t):
        return found
    names = moment.players("moved")
    fastest = max((max(moment.past(name)) for name in names), default=None)
    if fastest is None or moment.checkups < 6:
        return ()
    known = moment.now("samples/distance") is not None
    far = above(moment, "samples/distance", t["finished/distance"], t)
    lately = max(max(moment.past(name, 6)) for name in names)
    far = far or (_away(moment, t) if lately < t["rate/none"] else None)
    stopped = far is not None and lately < t["rate/none"]
    if fastest >= t["rate/low"] and not stopped:
        return ()
    if known and not far and fastest >= t["rate/none"]:
        return ()
    basis = "share of its size that a player moves in a round"
    found = Figure("fastest move", lately if stopped else fastest, t["rate/low"], None, basis)
    return (found, far) if far else (found,)


def _creeping(moment: Moment, t: Thresholds) -> Signs:
    """A model that goes straight on, and after long knows nothing but how often each value is."""
    if moment.checkups < LONG or is_learning(moment) or not _is_tied(moment, t):
        return ()
    for name in _priced(moment):
        player = name.rpartition("/")[0]
        told, room = _told(moment, player, t)
        if told <= room and _creeps(moment, player, t):
            turn = moment.median(f"{player}/turn", WINDOW) or 0.0
            known = Figure(f"{player}/scrambled less train", told, None, room, "whole examples")
            basis = "a way that bends where something is learnt"
            return (Figure(f"{player}/turn", turn, None, t["rate/straight"], basis), known)
    return ()


def _away(moment: Moment, t: Thresholds) -> Figure | None:
    """Return how few real examples samples reached at last, where there were any and it is few.

    What does not move is where it was when it was looked at, however long ago that is.
    """
    normal, seen = moment.normal("samples/coverage"), moment.past("samples/coverage", 1)
    if not seen or normal is None or seen[0] >= t["plateau/coverage"] * normal.mean:
        return None
    low, high = (side(t["deviations"]) for side in (normal.low, normal.high))
    return Figure("samples/coverage", seen[0], low, high, REAL)


def constant(moment: Moment, t: Thresholds) -> Signs:
    """All examples are the same, or the same recording cut at different places."""
    share, places = moment.fact("data/constant"), moment.fact("data/places")
    if share is not None and share >= 1:
        return (Figure("data/constant", 1.0, None, 0.999, "data that vary"),)
    if places is not None and places <= 1 and (moment.fact("data/doubled") or 0) >= t["data/one"]:
        return (Figure("data/places", places, 1.0, None, "more than one recording"),)
    return ()


def doubled(moment: Moment, t: Thresholds) -> Signs:
    """Many training examples are copies of others, and not rows of few values that agree.

    Rows of few values agree now and then, and some of them often; copies are there as often, all.
    """
    share, even = moment.fact("data/doubled"), moment.fact("data/even")
    told = moment.fact("data/pictures") or (moment.fact("data/distinct") or 0) >= t["data/distinct"]
    told = told or (even is not None and even <= t["data/even"])
    told = told or (moment.fact("data/again") or 0) > t["data/again"]
    if share is None or share <= t["data/doubled"] or not told:
        return ()
    return (Figure("data/doubled", share, None, t["data/doubled"], "a set of different examples"),)


def misread(moment: Moment, t: Thresholds) -> Signs:
    """Pictures use a sliver of their range, or recordings of theirs: they were on another scale."""
    if (moment.fact("data/constant") or 0) >= 1:
        return ()
    span, loudest = moment.fact("data/span"), moment.fact("data/outliers")
    if span is not None and span < t["data/span"]:
        return (Figure("data/span", span, t["data/span"], 2.0, "values from -1 to 1"),)
    if moment.fact("data/places") is None or loudest is None or loudest >= t["data/quiet"]:
        return ()
    return (Figure("data/outliers", loudest, t["data/quiet"], 1.0, "values from -1 to 1"),)


def few(moment: Moment, t: Thresholds) -> Signs:
    """There is hardly anything to learn from."""
    count = moment.fact("data/examples")
    if count is None or count >= t["data/few"] or moment.fact("data/endless"):
        return ()
    return (Figure("data/examples", count, t["data/few"], None, "one batch of different ones"),)


def mislabelled(moment: Moment, t: Thresholds) -> Signs:
    """Labels tell no more of the examples than labels drawn by lot would, nor of their nearest."""
    found = []
    for name, by_lot in (("data/told", "data/drawn"), ("data/alike", "data/alike_drawn")):
        told, drawn = moment.fact(name), moment.fact(by_lot)
        if told is not None and drawn is not None:
            if told > t["data/lots"] * drawn:
                return ()
            found.append(Figure(name, told, drawn, None, "labels drawn by lot"))
    return tuple(found)


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
        "A player moves too far: its rounds do not add up, or it came where it learns nothing.",
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
        "The examples use a sliver of the range of values: they were read on the wrong scale.",
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
