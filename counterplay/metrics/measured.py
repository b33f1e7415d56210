r"""A value with what belongs beside it, and the rule by which two of them are said to differ.

Two values :math:`a, b` with intervals :math:`[l_a, u_a], [l_b, u_b]` at 95 % have the difference
:math:`a - b` with the interval

.. math::

    \Big[ a - b - \sqrt{(a - l_a)^2 + (u_b - b)^2},\;
          a - b + \sqrt{(u_a - a)^2 + (b - l_b)^2} \Big],

which needs no symmetry and stays right for shares near 0 and 1. They *differ* only when the same
interval at 99 %, :data:`STRICT` times as wide, leaves out 0. At 95 % one pair in twenty of equal
laws would be called different, and of 200 pairs as often as not more than ten; at 99 % it is two,
and ten hardly ever. Intervals that overlap a little may belong to values that differ, and this rule
knows it. It takes the two for independent; two runs measured against one real sample share its
noise, which makes the rule the more careful.

Source: Construction of confidence limits about effect measures: a general approach (Zou and
Donner, Statistics in Medicine, 2008).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from counterplay.game import generator
from counterplay.metrics.intervals import Interval, Z

__all__ = ["HasInterval", "Measured", "bootstrap", "differ", "difference", "half_sampled", "rank_p"]


STRICT = 2.575829303548901 / Z
"""The normal quantile of an interval at 99 % over that at 95 %."""


class HasInterval(Protocol):
    """Anything with a value and an interval at 95 %."""

    @property
    def value(self) -> float:
        """The value."""
        ...

    @property
    def interval(self) -> Interval:
        """Where the value may lie, at 95 %."""
        ...


@dataclass(frozen=True)
class Measured:
    """What a metric found.

    Attributes:
        value: the figure.
        interval: at 95 %, about the value's own mean: a bias is ``expected``, or unknown.
        expected: the mean value of samples of equal law, where it is known without measuring.
        p_value: how often equal laws give as extreme a value, where the metric is a test.
        about: what else belongs beside the figure, by name.
    """

    value: float
    interval: Interval
    expected: float | None = None
    p_value: float | None = None
    about: tuple[tuple[str, float], ...] = ()


def difference(a: HasInterval, b: HasInterval) -> Interval:
    """Return the interval of ``a − b`` at 95 %."""
    (low, high), (least, most) = a.interval, b.interval
    apart = a.value - b.value
    below, above = (
        math.hypot(a.value - low, most - b.value),
        math.hypot(high - a.value, b.value - least),
    )
    return apart - below, apart + above


def differ(a: HasInterval, b: HasInterval) -> bool:
    """Return whether two values differ: whether 0 is out of their difference's interval at 99 %.

    >>> a, b = Measured(0.5, (0.4, 0.6)), Measured(0.62, (0.52, 0.72))
    >>> differ(a, b), differ(a, Measured(0.7, (0.6, 0.8)))
    (False, True)
    """
    apart, (low, high) = a.value - b.value, difference(a, b)
    return apart > STRICT * (apart - low) or -apart > STRICT * (high - apart)


def bootstrap(
    statistic: Callable[..., float], *samples: Tensor, seed: int = 0, resamples: int = 40
) -> float:
    """Return the standard error of ``statistic(*samples)``: its spread over bootstrap resamples.

    Each draws the rows of every sample anew with replacement. A resample holds the same example
    several times: this is for statistics that do not look for near neighbours.
    """
    rng = generator(seed, "bootstrap")
    values = []
    for _ in range(resamples):
        drawn = [x[torch.randint(len(x), (len(x),), generator=rng).to(x.device)] for x in samples]
        values.append(statistic(*drawn))
    return float(torch.tensor(values, dtype=torch.float64).std())


def half_sampled(
    statistic: Callable[..., float], *samples: Tensor, seed: int = 0, repeats: int = 12
) -> float:
    """Return the standard error of ``statistic(*samples)``: its spread over random halves.

    A half has twice the variance, and two halves of one sample share half of what they have: the
    spread between halves is the error of the whole. No example is taken twice, so this is for
    statistics that look for near neighbours.
    """
    rng = generator(seed, "halves")
    values = []
    for _ in range(repeats):
        halves = [
            x[torch.randperm(len(x), generator=rng)[: len(x) // 2].to(x.device)] for x in samples
        ]
        values.append(statistic(*halves))
    return float(torch.tensor(values, dtype=torch.float64).std())


def rank_p(value: float, null: Tensor) -> float:
    """Return the share of ``null`` (P,) and the value itself that is as large as the value."""
    return (1 + int((null >= value).sum())) / (1 + len(null))
