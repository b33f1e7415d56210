r"""Intervals at 95 % for a value measured on a finite sample.

A share :math:`\hat p` of ``n`` has Wilson's interval, which stays inside [0, 1] and does not
shrink to nothing at 0 or 1. Other values have the normal interval ``value ± 1.96 · error``.
"""

from __future__ import annotations

import math

from torch import Tensor

__all__ = ["Interval", "around", "held_interval", "mean_interval", "wilson"]

Interval = tuple[float, float]

Z = 1.959963984540054
"""The normal quantile of a two-sided interval at 95 %."""


def wilson(share: float, n: int) -> Interval:
    """Return the interval of Wilson (JASA, 1927) for a share of ``n`` independent trials.

    >>> tuple(round(bound, 4) for bound in wilson(1.0, 100))
    (0.963, 1.0)
    """
    centre = share + Z * Z / (2 * n)
    half = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    scale = 1 + Z * Z / n
    low, high = (centre - half) / scale, (centre + half) / scale
    return 0.0 if share == 0 else low, 1.0 if share == 1 else high


def around(value: float, error: float, least: float = -math.inf) -> Interval:
    """Return ``value ± 1.96 error``, cut off below at ``least``."""
    return max(least, value - Z * error), max(least, value + Z * error)


def mean_interval(x: Tensor) -> Interval:
    """Return the normal interval for the mean of independent values (N,)."""
    x = x.double()
    return around(float(x.mean()), float(x.std()) / math.sqrt(len(x)))


def held_interval(found: Tensor, sole: Tensor) -> Interval:
    """Return the interval of the share of examples (N,) that some of another sample (M,) holds.

    One generated example holds many real ones, so these are no independent trials. ``sole`` (M,)
    says how many real examples each generated one holds alone: what the count would lose without
    it, and so the jackknife's variance over generated examples. Wilson's interval is taken for as
    many trials as have the sum of this variance and the binomial one.
    """
    n, m = len(found), len(sole)
    share = float(found.double().mean())
    binomial = max(share * (1 - share), 1 / n) / n
    jackknife = (m - 1) / m * float((sole / n - sole.mean() / n).square().sum())
    return wilson(share, max(1, round(n * binomial / (binomial + jackknife))))
