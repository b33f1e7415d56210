"""Signals of the data themselves, looked at once: constant, doubled, mislabelled, too few.

data/examples      training examples
data/constant      share of the numbers of an example that are the same in all of them
data/doubled       share of examples that are a copy of another one
data/span          of pictures: the range of the middle 98 % of values, of 2 that there could be
data/levels        of pictures: different values
data/outliers      of vectors: the largest value, in standard deviations; of sequences, as it is
data/distinct      of vectors: different values of the number that has the most of them, over
                   different examples; near 1 two examples that are alike are one, copied
data/even          of vectors: variance of how often each is there, over that of a Poisson law with
                   the same mean of those that are there at all: 1 where equal rows meet by chance,
                   more where some are frequent, and less where all were copied as often
data/again         of vectors: share of examples that are there so often as others are not: of what
                   is drawn anew each time, p_k² ≤ p_{k−1} p_{k+1} (k + 1) / k for the share p_k of
                   rows that are there k times, whatever their frequencies λ, since k! p_k =
                   E λᵏ e^{−λ} are moments of a measure
data/places        of sequences: different examples, by the places at which a recording as long as
                   one of them can be cut: up to 1 they may be one recording that goes round
"""

from __future__ import annotations

import math

import torch
from scipy.optimize import brentq
from torch import Tensor

__all__ = ["LOOKED_AT", "of_examples"]

LOOKED_AT = 2048
"""Training examples that are looked at; how often vectors are there is counted in all."""
DIFFERENT = 100
"""Different rows below which their counts say little of how they came about."""
FAR = 4.0
"""Deviations of a Poisson law that a number of rows may be more than is due."""


@torch.no_grad()
def of_examples(train: Tensor, count: int, ordered: bool = False) -> dict[str, float]:
    """Return the data's signals.

    Args:
        train: training examples as networks see them.
        count: how many there are in all.
        ordered: whether they are sequences, whose last axis is time.
    """
    x = train[:LOOKED_AT].flatten(1)
    still = (x == x[:1]).all(0)
    found = {
        "data/examples": float(count),
        # Of one example nothing differs: that it is one is told, and not that it stands still.
        "data/constant": float(still.double().mean()) if len(x) > 1 else 0.0,
        "data/doubled": 1 - len(x.unique(dim=0)) / max(len(x), 1),
    }
    if train.ndim == 4:
        return found | _of_pictures(train[:LOOKED_AT])
    if ordered:
        found["data/places"] = len(x.unique(dim=0)) / train.shape[-1]
    found |= {"data/outliers": float(x.abs().max()), "data/distinct": _distinct(x)}
    return found | _evenness(train)


def _distinct(x: Tensor) -> float:
    rows = x.unique(dim=0)
    return max((len(column.unique()) / len(rows) for column in rows.T), default=0.0)


def _evenness(train: Tensor) -> dict[str, float]:
    """Return the signal where enough rows differ and some are there more than once."""
    counts = train.flatten(1).unique(dim=0, return_counts=True)[1]
    mean = float(counts.double().mean())
    if len(counts) < DIFFERENT or mean == 1:
        return {}
    rate = float(brentq(lambda r: r / -math.expm1(-r) - mean, 1e-9, mean))  # type: ignore[arg-type]
    even = float(counts.double().var()) / (mean * (1 + rate - mean))
    return {"data/even": even, "data/again": _again(counts)}


def _again(counts: Tensor) -> float:
    """Return the signal from how often each row is there: by what is four deviations too many."""
    rows = [0.0, *torch.bincount(counts)[1:].tolist(), 0.0]
    more = 0.0
    for k in range(2, len(rows) - 1):
        # One is added to either side: that none was there is no proof that none could be.
        due = math.sqrt((rows[k - 1] + 1) * (rows[k + 1] + 1) * (k + 1) / k)
        more += k * max(0.0, rows[k] - due - FAR * math.sqrt(rows[k]))
    return more / int(counts.sum())


def _of_pictures(x: Tensor) -> dict[str, float]:
    flat = x.flatten()
    some = flat[:: max(1, len(flat) // 200_000)]
    low, high = some.quantile(0.01), some.quantile(0.99)
    return {"data/span": float(high - low), "data/levels": float(len(some.unique()))}
