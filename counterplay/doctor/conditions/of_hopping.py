"""Samples that are elsewhere each time: one part of the data after the other, never all of them."""

from __future__ import annotations

from itertools import pairwise

from counterplay.doctor.conditions.base import (
    LONG,
    REAL,
    WINDOW,
    Signs,
    above,
    below,
    every,
    is_falling,
    is_learning,
    is_rising,
    is_steadily_falling,
    shown,
)
from counterplay.doctor.finding import Figure
from counterplay.doctor.history import Moment
from counterplay.doctor.thresholds import Thresholds

__all__ = ["hopping"]


def hopping(moment: Moment, t: Thresholds) -> Signs:
    """From check-up to check-up samples are elsewhere, and come no closer to the data.

    Either most of the data are missing each time, with or without averaged weights; or what is
    sampled from moves about in spite of them, and covers little.
    """
    if moment.checkups < WINDOW // 2:
        return ()  # it has only begun
    prefix = "raw" if moment.now("raw/moved") is not None else "samples"
    if found := _restless(moment, t) or _nowhere(moment, t) or _wandering(moment, t):
        return found
    if _comes_nearer(moment, t, prefix):
        return ()  # it is on its way
    gone = moment.now(f"{prefix}/missing") or 0.0
    moved = above(moment, f"{prefix}/moved", t["hopping/moved"], t)
    if moved is not None and gone >= t["hopping/missing"]:
        return (moved, *shown(moment, t, f"{prefix}/missing", f"{prefix}/diversity"))
    bare = below(moment, "samples/coverage", t["plateau/coverage"], t)
    moved = above(moment, "samples/moved", t["hopping/moved"], t)
    return () if _comes_nearer(moment, t, "samples") else every(moved, bare)


def _about(moment: Moment, name: str, ratio: float, width: int) -> Figure | None:
    """Return how far samples have gone about lately, where it is ``ratio`` times what is normal."""
    moved, normal = moment.median(name, width), moment.normal(name)
    if moved is None or normal is None or moved < ratio * normal.mean:
        return None
    return Figure(name, moved, None, ratio * normal.mean, REAL)


def _restless(moment: Moment, t: Thresholds) -> Signs:
    """Samples that reach little go far about for so long that it is no way to anywhere.

    So do those that average over networks whose samples are nearly all elsewhere each time.
    """
    bare = below(moment, "samples/coverage", t["plateau/coverage"], t)
    if bare is None or moment.checkups < LONG or is_learning(moment):
        return ()
    moved = _about(moment, "samples/moved", t["hopping/restless"], LONG)
    return every(moved or _about(moment, "raw/moved", t["hopping/wildly"], WINDOW), bare)


def _nowhere(moment: Moment, t: Thresholds) -> Signs:
    """Samples that reach next to nothing go about for long, and so do those before averaging."""
    nowhere = below(moment, "samples/coverage", t["hopping/nowhere"], t)
    if nowhere is None or moment.checkups < LONG or is_learning(moment):
        return ()
    prefix = "raw" if moment.now("raw/moved") is not None else "samples"
    moved = _about(moment, f"{prefix}/moved", t["hopping/wandered"], WINDOW)
    return every(moved, _about(moment, "samples/moved", t["hopping/about"], WINDOW), nowhere)


def _comes_nearer(moment: Moment, t: Thresholds, prefix: str) -> bool:
    """Return whether samples come closer by what is more than going about near the data.

    Where nearly all of them are elsewhere each time, they are nearer every other time.
    """
    far, name = moment.median(f"{prefix}/distance", WINDOW // 2), f"{prefix}/distance"
    if far is not None and far < t["approach/near"]:
        return False
    moved, normal = moment.median(f"{prefix}/moved", WINDOW), moment.normal(f"{prefix}/moved")
    wild = moved is not None and normal is not None and moved > t["hopping/wildly"] * normal.mean
    if not wild:
        return is_falling(moment, name, t["hopping/nearer"])
    lately = moment.past(name, WINDOW // 2)
    straight = len(lately) > 2 and all(b < a for a, b in pairwise(lately))
    return straight or is_steadily_falling(moment, name, t["hopping/nearer"])


def _wandering(moment: Moment, t: Thresholds) -> Signs:
    """Samples go about for long, and nothing is won by it: far, or not far and reaching little.

    Those of averaged networks stay where they are while what is averaged goes far about.
    """
    if moment.checkups < LONG or is_learning(moment):
        return ()
    far = _about(moment, "samples/moved", t["hopping/moved"], WINDOW)
    moved = (
        far
        or _about(moment, "samples/moved", t["hopping/wandered"], WINDOW)
        or _about(moment, "raw/moved", t["hopping/moved"], WINDOW)
    )
    share = t["hopping/partly" if far else "plateau/coverage"]
    ratio, gains = t["hopping/nearer_long"], ("distance", "missing")
    nearer = any(is_falling(moment, f"samples/{what}", ratio, LONG) for what in gains)
    lost = any(is_falling(moment, "samples/coverage", ratio, width) for width in (WINDOW, LONG))
    if nearer and not lost:  # what reaches less and less is on its way to nowhere
        return ()
    if is_rising(moment, "samples/coverage", t["filling/coverage"], width=LONG):
        return ()
    return every(moved, below(moment, "samples/coverage", share, t))
