r"""Intervals at 95 % for a value measured on a finite sample.

A share :math:`\hat p` of ``n`` has Wilson's interval, which stays inside [0, 1] and does not
shrink to nothing at 0 or 1. Other values have the normal interval ``value ± 1.96 · error``.
"""

from __future__ import annotations

import math

from torch import Tensor

__all__ = ["Interval", "around", "mean_interval", "wilson"]

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
