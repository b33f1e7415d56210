r"""Precision, recall, density, coverage and authenticity, from one pass over the distances.

With :math:`B_k(x)` the closed ball around an example whose radius is the distance to its k-th
nearest other example of its own sample, real examples :math:`x_1..x_N` and generated
:math:`y_1..y_M`:

- precision: the share of y that lie in some :math:`B_k(x_i)`;
- recall: the share of x that lie in some :math:`B_k(y_j)`;
- density: the mean over y of the number of :math:`B_k(x_i)` around it, over k. Unbounded, and it
  rewards blur: read it beside recall;
- coverage: the share of x whose ball holds some y;
- authenticity: the share of y farther from their nearest x than that x is from its own nearest.
  The only one of the five that notices copies of the real sample.

Balls are closed (``<=``), up to the rounding of a distance. For continuous features this equals
the strict balls of the ``prdc`` package; duplicates are where they differ. When every feature is
the same, precision, recall and coverage are 1 here (the samples are the same) and 0 with strict
balls; density is then N / k. A copy of a real example counts as inside the ball of that example's
neighbours at exactly their k-th distance: M = N copies have density (k + 1) / k. An exact copy is
never authentic.

None of the ideal values is 0 or 1: compare with real against real, and see
:func:`expected_coverage`.

Sources: Improved precision and recall (Kynkäänniemi et al., 2019, arXiv:1904.06991); Reliable
fidelity and diversity (Naeem et al., 2020, arXiv:2002.09797); How faithful is your synthetic data?
(Alaa et al., 2022, arXiv:2102.08921).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.metrics.checks import check_pair, double
from counterplay.metrics.distances import (
    TILE,
    centre,
    closest,
    exact,
    rounding,
    row_count,
    smallest,
    tiles,
)

__all__ = ["Neighbours", "authentic", "expected_coverage", "neighbours"]


@dataclass(frozen=True)
class Neighbours:
    """What the pass found of each example; the metrics are means, on which intervals rest.

    Attributes:
        precise: (M,) bool, the generated example lies in a real ball.
        recalled: (N,) bool, the real example lies in a generated ball.
        dense: (M,) float64, how many real balls hold the generated example, over k.
        covered: (N,) bool, the real example's ball holds a generated example.
        authentic: (M,) bool, the generated example is no copy of its nearest real example.
        sole_cover: (M,) float64, how many real balls hold this generated example alone.
        sole_recall: (M,) float64, how many real examples lie in this one's ball alone.
    """

    precise: Tensor
    recalled: Tensor
    dense: Tensor
    covered: Tensor
    authentic: Tensor
    sole_cover: Tensor
    sole_recall: Tensor

    def values(self) -> dict[str, float]:
        """Return the five metrics as plain numbers."""
        found = {
            "precision": self.precise,
            "recall": self.recalled,
            "density": self.dense,
            "coverage": self.covered,
            "authenticity": self.authentic,
        }
        return {name: float(double(each).mean()) for name, each in found.items()}


@torch.no_grad()
def neighbours(real: Tensor, generated: Tensor, k: int = 5, tile: int = TILE) -> Neighbours:
    """Compare features (N, F) and (M, F) by their k nearest neighbours.

    ``tile`` bounds the number of distances held at once and does not change the result.

    Raises:
        UserError: when k < 1, or a sample has fewer than k + 2 examples, columns differ, or a
            value is not finite.
    """
    if k < 1:
        raise UserError(f"k = {k} nearest neighbours were asked for: k is at least 1, usually 5")
    real, generated = check_pair(real, generated, least=k + 2)
    real, generated = centre(real, generated)
    inner, _ = closest(real, real, k, tile, themselves=torch.arange(len(real)))
    outer, _ = closest(generated, generated, k, tile, themselves=torch.arange(len(generated)))
    real_radius = inner[:, -1] + rounding(real)
    made_radius = (outer[:, -1] + rounding(generated))[:, None]
    counts, nearest = [], []
    covers, recalls = _Holders(real), _Holders(real)
    buffer = real.new_empty(row_count(generated, real, tile), len(real))
    for start, squares in tiles(generated, real, tile):
        rows = slice(start, start + len(squares))
        inside = torch.le(squares, real_radius, out=buffer[: len(squares)])
        counts.append(inside.sum(1))
        covers.add(inside, start)
        nearest.append(smallest(squares, 1)[:, 0])
        torch.le(squares, made_radius[rows], out=inside)
        recalls.add(inside, start)
    count, index = torch.cat(counts), torch.cat(nearest)
    return Neighbours(
        precise=count > 0,
        recalled=recalls.count > 0,
        dense=double(count) / k,
        covered=covers.count > 0,
        authentic=exact(generated, real, index) > inner[index, 0] + rounding(real)[index],
        sole_cover=covers.sole(len(generated)),
        sole_recall=recalls.sole(len(generated)),
    )


class _Holders:
    """For each real example, how many generated ones hold it, and which one if it is one."""

    def __init__(self, real: Tensor) -> None:
        self.count, self.index = real.new_zeros(len(real)), real.new_zeros(len(real))

    def add(self, inside: Tensor, start: int) -> None:
        """Count a tile (rows, N) of 0 and 1, whose first row is generated example ``start``."""
        # The sum of the indices of those inside is the index of the one, where there is one; the
        # rows of a tile are few enough for float32, and so is the start: below 2²⁴.
        rows = torch.arange(start, start + len(inside), device=inside.device).to(inside)
        self.count += inside.sum(0)
        self.index += rows @ inside

    def sole(self, n: int) -> Tensor:
        """Return how many real examples each of ``n`` generated ones holds alone, (n,)."""
        alone = self.index[self.count == 1].round().long()
        return torch.bincount(alone, minlength=n).double()


@torch.no_grad()
def authentic(generated: Tensor, train: Tensor, tile: int = TILE) -> Tensor:
    """Return which of the generated examples (M, F) are no copies of the training set (N, F).

    An example is authentic when it is farther from its nearest training example than that one is
    from its own nearest. The share says nothing by itself (a perfect generator has .375 in 2
    dimensions, .89 in 512): compare with the share of a held-out set. The radii of only those
    training examples that are somebody's nearest are computed, so the cost is M·N, not N².

    Returns: (M,) bool.

    Raises:
        UserError: when a sample has fewer than 3 examples, columns differ, or values are not
            finite.
    """
    train, generated = check_pair(train, generated, least=3)
    train, generated = centre(train, generated)
    squares, index = closest(generated, train, 1, tile)
    asked, back = index[:, 0].unique(return_inverse=True)
    own, _ = closest(train[asked], train, 1, tile, themselves=asked)
    return squares[:, 0] > own[back, 0] + rounding(train)[index[:, 0]]


def expected_coverage(n_real: int, n_generated: int, k: int = 5) -> float:
    r"""Return the expected coverage when both samples are of one continuous law.

    .. math:: 1 - \prod_{i=1}^{k} \frac{N - i}{N + M - i}

    about 1 − 2^{−k} for equal counts, whatever the law and the dimension (Naeem et al., 2020).

    >>> round(expected_coverage(2000, 2000), 5)
    0.96887
    """
    missed = 1.0
    for i in range(1, k + 1):
        missed *= (n_real - i) / (n_real + n_generated - i)
    return 1 - missed
