"""Conditions that show in the samples: what the data have and they have not, and the reverse."""

from __future__ import annotations

import statistics

from counterplay.doctor.conditions.base import (
    LONG,
    WINDOW,
    Condition,
    Signs,
    above,
    below,
    every,
    figure,
    is_approaching,
    is_falling,
    is_learning,
    is_rising,
    real,
    shown,
    turned,
)
from counterplay.doctor.conditions.of_hopping import hopping
from counterplay.doctor.finding import Figure
from counterplay.doctor.history import STILL, Moment
from counterplay.doctor.thresholds import Thresholds

__all__ = ["CONDITIONS"]

OFTEN = 3
"""Values of a signal that is not measured each time, below which it has not lasted."""


def collapse(moment: Moment, t: Thresholds) -> Signs:
    """Samples are all alike, cover little of the data, and do not become more various.

    Those of a model whose held-out examples still become cheaper, and which has only begun, may.
    """
    narrow = below(moment, "samples/diversity", t["collapse/diversity"], t)
    bare = below(moment, "samples/coverage", t["collapse/coverage"], t)
    if is_rising(moment, "samples/diversity", t["rising"], slack=t["collapse/gain"]):
        return ()
    if moment.checkups < WINDOW and is_learning(moment):
        return ()
    found = every(narrow, bare)
    return found + shown(moment, t, "samples/missing", "samples/distance") if found else ()


def partial(moment: Moment, t: Thresholds) -> Signs:
    """Whole regions of the data are hardly ever made, the others well, and no more is to come."""
    name = "samples/missing"
    gone, normal = real(moment, name, t), moment.normal(name)
    if gone is None or normal is None or gone.high is None:
        return ()
    if moment.checkups < WINDOW and not moment.fact(STILL):
        return ()  # it has only begun
    if gone.value <= max(normal.mean + t["partial/missing"], gone.high):
        return ()
    if divergence(moment, t) or not (_lost(moment, t) or _lost_lately(moment, t)):
        return ()
    return (gone, *shown(moment, t, "samples/coverage", "samples/diversity", "samples/distance"))


def _lost_lately(moment: Moment, t: Thresholds) -> bool:
    """Return whether what is made is good, and no more is on its way.

    Where most is missing, more of the rest that is reached is none of it.
    """
    if below(moment, "samples/precision", t["partial/precision"], t) or is_approaching(moment, t):
        return False  # what is made is none of the data: it is not parts of them that are missing
    most = (moment.median("samples/missing", WINDOW // 2) or 0) >= t["partial/most"]
    more = is_rising(moment, "samples/coverage", t["filling/coverage"]) and not most
    return not more and not is_falling(moment, "samples/missing", t["filling/missing"])


def _lost(moment: Moment, t: Thresholds) -> bool:
    """Return whether much is missing, and for long no more of it came, whatever became nearer."""
    missing, good = moment.median("samples/missing", 6), moment.median("samples/precision", 4)
    filled, covered = (turned(moment, f"samples/{what}", LONG) for what in ("missing", "coverage"))
    normal, whole = moment.normal("samples/precision"), moment.normal("samples/coverage")
    if missing is None or good is None or normal is None or whole is None:
        return False
    if filled is None or covered is None or moment.checkups < LONG:
        return False
    if missing < t["partial/much"] or good < t["partial/some"] * normal.mean or is_learning(moment):
        return False
    gain = max(filled[0] - filled[1], (covered[1] - covered[0]) / whole.mean)
    return gain <= t["partial/gain"]


def divergence(moment: Moment, t: Thresholds) -> Signs:
    """Samples lie far outside of the data, and come no closer."""
    if is_falling(moment, "samples/distance", t["falling"]):
        return ()
    wide = above(moment, "samples/diversity", t["divergence/diversity"], t)
    far = above(moment, "samples/distance", t["divergence/distance"], t)
    return tuple(f for f in (wide, far) if f)


def crowded(moment: Moment, t: Thresholds) -> Signs:
    """Samples reach most of the data and lie on top of each other there."""
    close = below(moment, "samples/crowding", t["crowded/crowding"], t)
    if close is None:
        return ()
    if is_rising(moment, "samples/crowding", t["rising"], slack=0.002):
        return ()
    return (close, *shown(moment, t, "samples/diversity", "samples/missing"))


def class_collapse(moment: Moment, t: Thresholds) -> Signs:
    """Some classes have hardly any variety within."""
    name = "samples/class_poorest"
    if is_rising(moment, name, t["rising"]) or is_approaching(moment, t):
        return ()
    return every(figure(moment, name, t["class/poorest"], None, "share of the data's"))


def ignored_latent(moment: Moment, t: Thresholds) -> Signs:
    """Given its class, a sample hardly depends on its latent."""
    name = "samples/class_diversity"
    if is_rising(moment, name, t["rising"], slack=t["class/noise"]) or is_approaching(moment, t):
        return ()
    return every(figure(moment, name, t["class/latent"], None, "share of the data's"))


def ignored_condition(moment: Moment, t: Thresholds) -> Signs:
    """Samples of different classes do not differ, nor are they what was asked for."""
    name = "samples/class_share"
    heard = moment.median("samples/class_heard", WINDOW // 2)
    if heard is not None and heard >= t["class/heard"]:
        return ()
    if is_rising(moment, "samples/class_heard", 1.0, slack=t["class/noise"]):
        return ()  # it begins to be heard
    rising = is_rising(moment, name, t["rising"], slack=t["class/noise"])
    if (rising or is_approaching(moment, t)) and not _deaf(moment, t):
        return ()
    often = len(moment.past("samples/class_heard")) >= OFTEN
    if moment.now(name) is None and heard is not None and often:
        return (
            Figure("samples/class_heard", heard, t["class/heard"], None, "share of the data's"),
        )
    return every(figure(moment, name, t["class/share"], None, "share of the data's"))


def unheard(moment: Moment, t: Thresholds) -> Signs:
    """Samples are varied, and after long no more often of the class asked for than by chance.

    Where the data's classes are hard to tell a single value says little: then it is for their mean
    to be no further from chance than they scatter, and far from where classes are heard.
    """
    name = "samples/class_heard"
    lately = moment.past(name, LONG)
    heard, varied = moment.median(name, WINDOW), moment.median("samples/class_diversity", WINDOW)
    if heard is None or varied is None or moment.checkups < LONG or len(lately) < OFTEN:
        return ()
    mean, room = statistics.fmean(lately), 2 * statistics.stdev(lately) / len(lately) ** 0.5
    if varied < t["class/some"]:
        return ()
    if heard < t["class/unheard"]:
        return (Figure(name, heard, t["class/unheard"], None, "share of the data's"),)
    by_lot = mean < room and mean + room < t["class/faintly"] and len(lately) == LONG
    return (Figure(name, mean, t["class/faintly"], None, "share of the data's"),) if by_lot else ()


def _deaf(moment: Moment, t: Thresholds) -> bool:
    """Return whether samples vary without hearing the class at all: no coming closer excuses that.

    Of a class that makes no difference the share, less what chance gives it, is 0 every other time.
    """
    shares = moment.past("samples/class_share", WINDOW)
    varied = moment.median("samples/class_diversity", WINDOW)
    if len(shares) < WINDOW or varied is None or varied < t["class/varied"]:
        return False
    return sum(not share for share in shares) >= t["class/silent"]


def checkerboard(moment: Moment, t: Thresholds) -> Signs:
    """Samples have a pattern of period two that the data have not."""
    name = "samples/checkerboard"
    if is_falling(moment, name, t["falling"]):
        return ()
    return every(above(moment, name, t["checkerboard/ratio"], t))


def tied(moment: Moment, t: Thresholds) -> Signs:
    """Samples of one batch have something in common that those of another have not."""
    name, basis = "generator/tied", "batches of real examples"
    last = moment.past(name, 1)  # it is not looked at each time
    high = t["tied/ratio"]
    return (Figure(name, last[0], None, high, basis),) if last and last[0] > high else ()


def copies(moment: Moment, t: Thresholds) -> Signs:
    """Samples are closer to training examples than held-out examples are."""
    if moment.fact("data/endless"):
        return ()
    if below(moment, "samples/diversity", t["collapse/diversity"], t):
        return ()
    if is_rising(moment, "samples/authentic", t["rising"], slack=0.02):
        return ()  # what is learnt by heart is copied more and more
    fair = moment.median("samples/impartial", WINDOW)
    if fair is not None and fair >= t["copies/impartial"]:
        return ()  # nearer to what nobody was trained on as often as to what was
    found = every(below(moment, "samples/authentic", t["copies/authentic"], t))
    return found + shown(moment, t, "samples/coverage") if found else ()


_CLOSED = ("posterior-collapse", "over-regularised")
_COLLAPSES = ("mode-collapse", *_CLOSED)

CONDITIONS = (
    Condition(
        "mode-collapse",
        "sick",
        "The samples are nearly all alike: most of what the data show is never made.",
        collapse,
        unless=_CLOSED,
        samples=True,
    ),
    Condition(
        "partial-collapse",
        "sick",
        "Whole parts of the data are hardly ever made, though the other parts are varied.",
        partial,
        last=(5, 6),
        unless=(*_COLLAPSES, "mode-hopping", "crowded-modes"),
        samples=True,
    ),
    Condition(
        "divergence",
        "sick",
        "The samples have left the data far behind and do not come back.",
        divergence,
        last=(4, 5),
        unless=_COLLAPSES,
        samples=True,
    ),
    Condition(
        "crowded-modes",
        "sick",
        "The samples reach the parts of the data, and within each part they are nearly the same.",
        crowded,
        last=(4, 5),
        unless=(*_COLLAPSES, "within-class-collapse", "ignored-latent"),
        samples=True,
    ),
    Condition(
        "within-class-collapse",
        "sick",
        "At least one class in ten is shown by nearly one and the same sample.",
        class_collapse,
        last=(4, 4),
        unless=(*_COLLAPSES, "ignored-latent"),
        samples=True,
    ),
    Condition(
        "ignored-latent",
        "sick",
        "Given the class, the samples hardly depend on the latent: each class has one picture.",
        ignored_latent,
        last=(4, 4),
        unless=_COLLAPSES,
        samples=True,
    ),
    Condition(
        "ignored-condition",
        "sick",
        "The class that is asked for makes no difference to the samples.",
        ignored_condition,
        last=(4, 4),
        unless=_COLLAPSES,
        samples=True,
    ),
    Condition(
        "ignored-condition",
        "warning",
        "The samples are varied, and the class that is asked for makes no difference so far.",
        unheard,
        unless=_COLLAPSES,
        samples=True,
    ),
    Condition(
        "mode-hopping",
        "sick",
        "The generator makes one part of the data after the other instead of all of them.",
        hopping,
        last=(5, 6),
        samples=True,
    ),
    Condition(
        "checkerboard",
        "warning",
        "The samples have a pattern of every second pixel that the data do not have.",
        checkerboard,
        last=(5, 6),
        samples=True,
    ),
    Condition(
        "batch-leakage",
        "warning",
        "Batch norm ties the samples of a batch together: they have more in common than chance.",
        tied,
        last=(4, 5),
        samples=True,
    ),
    Condition(
        "memorisation",
        "sick",
        "The samples are copies of training examples, or nearly: closer than held-out ones are.",
        copies,
        samples=True,
    ),
)
