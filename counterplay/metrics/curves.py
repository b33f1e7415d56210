r"""Precision and recall as curves: how much of each law the other one has, at every exchange rate.

.. math::

    \alpha(\lambda) = \sum_\omega \min(\lambda p(\omega), q(\omega)), \qquad
    \beta(\lambda) = \alpha(\lambda) / \lambda

for the real law p and the generated law q: precision α and recall β, λ from 0 to ∞. Equal laws
reach (1, 1), disjoint ones only (0, 0). Two ways to estimate it:

- :func:`histogram_curve`: both samples are put into the cells of a k-means of their union.
- :func:`ball_curve`: α(λ) is the least :math:`\lambda P(\text{says } q) + Q(\text{says } p)` over
  classifiers. The one taken says p where :math:`\lambda` times the share of real balls around the
  point is at least the share of generated balls. Its ends are improved precision and recall.

The curve as a scalar: :math:`F_8` (recall counts 8 times) and :math:`F_{1/8}` (precision does), the
largest over the curve of :math:`(1 + b^2) \alpha \beta / (b^2 \alpha + \beta)`.

Sources: Assessing generative models via precision and recall (Sajjadi et al., 2018,
arXiv:1806.00035); Revisiting precision and recall definition for generative model evaluation (Simon
et al., 2019, arXiv:1905.05441); Unifying and extending precision recall metrics for assessing
generative models (Sykes et al., 2024, arXiv:2405.01611).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics.cells import cells
from counterplay.metrics.checks import check_pair
from counterplay.metrics.distances import centre, closest, rounding, tiles
from counterplay.metrics.intervals import around
from counterplay.metrics.measured import Measured, half_sampled

__all__ = ["Curve", "ball_curve", "ball_f", "curve_of", "histogram_curve", "histogram_f"]

ANGLES = 1001
"""At how many exchange rates λ = tan(angle) the curve is drawn."""


@dataclass(frozen=True)
class Curve:
    """The curve from recall's end (λ = 0) to precision's.

    Attributes:
        precision: α at each angle, (A,), from 0 up.
        recall: β at each angle, (A,), down to 0.
    """

    precision: Tensor
    recall: Tensor

    def f(self, beta: float) -> float:
        """Return the largest F-score that weighs recall ``beta`` times as much, in [0, 1]."""
        top = (1 + beta**2) * self.precision * self.recall
        below = (beta**2 * self.precision + self.recall).clamp(min=1e-300)
        return float((top / below).max())

    @property
    def area(self) -> float:
        """The area below the curve, in [0, 1]."""
        return float(-torch.trapezoid(self.precision, self.recall))


def curve_of(p: Tensor, q: Tensor, angles: int = ANGLES) -> Curve:
    """Return the exact curve between two histograms (K,), each summing to 1.

    >>> curve_of(torch.tensor([0.5, 0.5]), torch.tensor([1.0, 0.0])).f(1)
    0.6666666666666666
    """
    p, q = p.double(), q.double()
    corners = (q / p)[(p > 0) & (q > 0)]  # where the curve bends, it is farthest out
    rates = torch.cat([_rates(angles), corners]).sort().values
    precision = torch.minimum(rates[:, None] * p, q).sum(1)
    recall = torch.minimum(p, q / rates[:, None]).sum(1)
    return Curve(precision, recall)


@torch.no_grad()
def histogram_curve(real: Tensor, generated: Tensor, k: int = 20, seed: int = 0) -> Curve:
    """Return the curve between the samples' shares of the ``k`` cells of their union.

    Raises:
        UserError: when a sample has fewer than ``k`` examples, columns differ, or a value is not
            finite.
    """
    p, q = _cell_counts(real, generated, k, seed)
    return curve_of(p / p.sum(), q / q.sum())


@torch.no_grad()
def histogram_f(
    real: Tensor, generated: Tensor, beta: float, k: int = 20, seed: int = 0, resamples: int = 40
) -> Measured:
    r"""Return :math:`F_\beta` of :func:`histogram_curve`, its interval by resampling the cells."""
    p, q = _cell_counts(real, generated, k, seed)
    value = curve_of(p / p.sum(), q / q.sum()).f(beta)
    rng, found = generator(seed, "curve"), []
    for _ in range(resamples):
        drawn = [_resampled(each, rng) for each in (p, q)]
        found.append(curve_of(*drawn, angles=101).f(beta))
    low, high = around(value, float(torch.tensor(found).std()), 0.0)
    return Measured(value, (low, min(1.0, high)))


@torch.no_grad()
def ball_curve(real: Tensor, generated: Tensor, k: int = 5, angles: int = ANGLES) -> Curve:
    """Return the curve by balls of the ``k``-th neighbour around features (N, F) and (M, F).

    Raises:
        UserError: when k < 1, or a sample has fewer than k + 2 examples, columns differ, or a
            value is not finite.
    """
    if k < 1:
        raise UserError(f"k = {k} nearest neighbours were asked for: k is at least 1, usually 5")
    real, generated = centre(*check_pair(real, generated, least=k + 2))
    balls = [_radii(x, k) for x in (real, generated)]
    # An example is in its own ball: the ratio is above 0 at real examples and finite at made ones.
    at_real, at_made = (
        _share_inside(x, real, balls[0]) / _share_inside(x, generated, balls[1])
        for x in (real, generated)
    )
    rates = _rates(angles)
    says_q = torch.searchsorted(at_real.sort().values, 1 / rates).double() / len(at_real)
    says_p = 1 - torch.searchsorted(at_made.sort().values, 1 / rates).double() / len(at_made)
    precision = (rates * says_q + says_p).clamp(max=1).minimum(rates)
    return Curve(precision, precision / rates)


def ball_f(real: Tensor, generated: Tensor, beta: float, k: int = 5, seed: int = 0) -> Measured:
    r"""Return :math:`F_\beta` of :func:`ball_curve`, its interval by halves of the samples.

    Raises:
        UserError: as :func:`ball_curve`, whose least counts are twice as large here.
    """
    check_pair(real, generated, least=2 * k + 4)

    def statistic(x: Tensor, y: Tensor) -> float:
        return ball_curve(x, y, k, angles=201).f(beta)

    value = ball_curve(real, generated, k).f(beta)
    low, high = around(value, half_sampled(statistic, real, generated, seed=seed), 0.0)
    return Measured(value, (low, min(1.0, high)))


def _rates(angles: int) -> Tensor:
    """Return λ = tan(angle) at equally spaced angles inside the quarter turn, (A,)."""
    ends = torch.linspace(1e-6, math.pi / 2 - 1e-6, angles, dtype=torch.float64)
    return ends.tan()


def _cell_counts(real: Tensor, generated: Tensor, k: int, seed: int) -> tuple[Tensor, Tensor]:
    real, generated = check_pair(real, generated, least=k)
    found = cells(torch.cat([real, generated.to(real)]), k, seed)
    return found.counts(real), found.counts(generated)


def _resampled(counts: Tensor, rng: torch.Generator) -> Tensor:
    total = int(counts.sum())
    drawn = torch.multinomial(counts / total, total, replacement=True, generator=rng)
    return torch.bincount(drawn, minlength=len(counts)) / total


def _radii(x: Tensor, k: int) -> Tensor:
    """Return the squared radius of each example's ball, rounding allowed for, (N,)."""
    apart, _ = closest(x, x, k, themselves=torch.arange(len(x)))
    return apart[:, -1] + rounding(x)


def _share_inside(x: Tensor, centres: Tensor, radii: Tensor) -> Tensor:
    """Return the share of balls that hold each row of ``x``, float64 (N,)."""
    counts = torch.cat([(squares <= radii).sum(1) for _, squares in tiles(x, centres)])
    return counts.cpu().double() / len(centres)
