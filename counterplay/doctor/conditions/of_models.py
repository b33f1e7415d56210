"""Conditions of models with a likelihood."""

from __future__ import annotations

import statistics

from counterplay.doctor.conditions.base import WINDOW, Condition, Signs, figure, is_rising
from counterplay.doctor.finding import Figure
from counterplay.doctor.history import Moment
from counterplay.doctor.thresholds import Thresholds

__all__ = ["CONDITIONS"]

BASIS = "a share of what as many principal components explain"


def posterior_collapse(moment: Moment, t: Thresholds) -> Signs:
    """Latents know next to nothing of the examples, and learn no more."""
    axes, explained = moment.now("latents/axes"), moment.now("latents/explained")
    if moment.checkups < WINDOW // 2:
        return ()  # they begin with nothing
    if axes is None or explained is None or is_rising(moment, "latents/rate", t["rising"]):
        return ()
    unused = _unused(moment, t, axes, explained)
    if unused is None or explained >= t["latents/explained"] * axes:
        return ()  # what varies with the examples and tells little of them may be taught yet
    told = Figure("latents/explained", explained, t["latents/nothing"] * axes, None, BASIS)
    rate = Figure("latents/rate", moment.now("latents/rate") or 0.0, None, None)
    return (unused, *(each for each in (told, rate) if each.signal != unused.signal))


def _unused(moment: Moment, t: Thresholds, axes: float, explained: float) -> Figure | None:
    """Return what shows that latents do not vary, or in the long run tell nothing, or not a bit."""
    still = figure(moment, "latents/active", t["latents/active"], None, "latents in use")
    taught = is_rising(moment, "latents/explained", 1.0, t["latents/taught"] * axes)
    if still is not None or moment.checkups < WINDOW or taught:
        return still
    lost = figure(moment, "latents/explained", t["latents/lost"] * axes, None, BASIS)
    if lost is not None or explained >= t["latents/nothing"] * axes:
        return lost
    return figure(moment, "latents/rate", t["latents/bit"], None, "one bit, of all latents")


def over_regularised(moment: Moment, t: Thresholds) -> Signs:
    """Reconstructions lose much of what as many linear components would keep."""
    axes = moment.now("latents/axes")
    slack = t["latents/gain"] * (axes or 0.0)
    if axes is None or is_rising(moment, "latents/explained", 1.0, slack):
        return ()
    least = t["latents/explained"] * axes
    found = figure(moment, "latents/explained", least, None, BASIS)
    return () if found is None else (found,)


def not_invertible(moment: Moment, t: Thresholds) -> Signs:
    """An example does not come back from its latent."""
    found = figure(moment, "flow/inverse", None, t["flow/inverse"], "float32, by the data's extent")
    return () if found is None else (found,)


def overfitting(moment: Moment, t: Thresholds) -> Signs:
    """Held-out examples cost more than training examples, and more than they did.

    Where training examples cost more than they did as well, as in a warm-up, only what held-out
    ones rise beyond that is counted.
    """
    for name in moment.players("held"):
        player = name.rpartition("/")[0]
        train, again = moment.past(f"{player}/train"), moment.past(f"{player}/again")
        held, n = moment.past(name), 8
        if not len(held) == len(train) == len(again) or len(held) < n:
            continue
        noise = statistics.stdev(a - b for a, b in zip(train[-n:], again[-n:], strict=True))
        gaps = [h - (a + b) / 2 for h, a, b in zip(held, train, again, strict=True)][-n:]
        gap, room = statistics.fmean(gaps), t["deviations"] * noise / n**0.5
        rise = _rise(held, [(a + b) / 2 for a, b in zip(train, again, strict=True)])
        most = t["overfitting/rise"] * noise / 2**0.5
        if gap > room and rise > most:
            basis = "two training batches"
            return (
                Figure(f"{player}/held less train", gap, -room, room, basis),
                Figure(f"{player}/held risen by", rise, None, most, basis),
            )
    return ()


def _rise(held: list[float], known: list[float], width: int = 4) -> float:
    """Return by how much the latest mean of ``width`` values is above the least one before.

    Less by how much that of training examples has risen since then.
    """
    ends = range(width, len(held) + 1)
    means, ours = ([statistics.fmean(x[end - width : end]) for end in ends] for x in (held, known))
    least = means.index(min(means))
    return means[-1] - means[least] - max(ours[-1] - ours[least], 0.0)


def stuck(moment: Moment, t: Thresholds) -> Signs:
    """Chains do not say what the model is: they stay, or it runs from them, or units never change.

    Where it runs from them, what it says of their states at the next check-up has little to do with
    what it said: one that learns at a rate that chains can follow changes less than they vary. What
    says next to nothing of any state yet may say something else: its chains count all the same.
    """
    if len(moment.past("chains/flipped")) < 4:
        return ()
    rows = [
        ("chains/flipped", 4, t["chains/flipped"], None, "chains that mix"),
        ("chains/saturated", 4, None, t["chains/saturated"], "units in use"),
    ]
    if (moment.median("chains/counted", 6) or 0.0) < t["chains/counted"]:
        row = ("chains/strayed", 6, None, t["chains/strayed"], "chains that follow the model")
        rows.insert(1, row)
    found = (_astray(moment, *row) for row in rows)
    return tuple(f for f in found if f)


def _astray(
    moment: Moment, name: str, width: int, low: float | None, high: float | None, basis: str
) -> Figure | None:
    """Return the signal's median over some check-ups where it is out of its range."""
    value = moment.median(name, width)
    if value is None or not ((low is not None and value < low) or (high or value) < value):
        return None
    return Figure(name, value, low, high, basis)


CONDITIONS = (
    Condition(
        "posterior-collapse",
        "sick",
        "The latents carry next to nothing: the decoder makes the mean of the data of any of them.",
        posterior_collapse,
        last=(5, 5),
        samples=True,
    ),
    Condition(
        "over-regularised",
        "warning",
        "The prior's pull is so strong that reconstructions lose most of what could be kept.",
        over_regularised,
        last=(5, 6),
        unless=("posterior-collapse",),
        samples=True,
    ),
    Condition(
        "not-invertible",
        "sick",
        "The flow does not invert in numbers: likelihoods and samples are of different models.",
        not_invertible,
        last=(2, 2),
    ),
    Condition(
        "overfitting",
        "sick",
        "The model learns the training examples by heart: held-out ones become less likely.",
        overfitting,
        last=(3, 4),
    ),
    Condition(
        "chain-not-mixing",
        "sick",
        "The chains do not follow the model: what they say of it is old news.",
        stuck,
    ),
)
