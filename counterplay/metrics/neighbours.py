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

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.metrics.checks import check_pair, column_means, double

__all__ = ["Neighbours", "authentic", "expected_coverage", "neighbours"]

TILE = 1 << 22
"""How many distances are held at once (16 MB, and as much for comparing them)."""


@dataclass(frozen=True)
class Neighbours:
    """What the pass found of each example; the metrics are means, on which intervals rest.

    Attributes:
        precise: (M,) bool, the generated example lies in a real ball.
        recalled: (N,) bool, the real example lies in a generated ball.
        dense: (M,) float64, how many real balls hold the generated example, over k.
        covered: (N,) bool, the real example's ball holds a generated example.
        authentic: (M,) bool, the generated example is no copy of its nearest real example.
    """

    precise: Tensor
    recalled: Tensor
    dense: Tensor
    covered: Tensor
    authentic: Tensor

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
    real, generated = _centre(real, generated)
    inner, _ = _closest(real, real, k, tile, themselves=torch.arange(len(real)))
    outer, _ = _closest(generated, generated, k, tile, themselves=torch.arange(len(generated)))
    real_radius = inner[:, -1] + _rounding(real)
    made_radius = (outer[:, -1] + _rounding(generated))[:, None]
    counts, nearest = [], []
    covered, recalled = torch.zeros_like(real_radius), torch.zeros_like(real_radius)
    buffer = real.new_empty(_rows(generated, real, tile), len(real))
    for start, squares in _tiles(generated, real, tile):
        rows = slice(start, start + len(squares))
        inside = torch.le(squares, real_radius, out=buffer[: len(squares)])
        counts.append(inside.sum(1))
        covered = covered.maximum(inside.amax(0))
        nearest.append(_smallest(squares, 1)[:, 0])
        torch.le(squares, made_radius[rows], out=inside)
        recalled = recalled.maximum(inside.amax(0))
    count, index = torch.cat(counts), torch.cat(nearest)
    return Neighbours(
        precise=count > 0,
        recalled=recalled > 0,
        dense=double(count) / k,
        covered=covered > 0,
        authentic=_exact(generated, real[index]) > inner[index, 0] + _rounding(real)[index],
    )


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
    train, generated = _centre(train, generated)
    squares, index = _closest(generated, train, 1, tile)
    asked, back = index[:, 0].unique(return_inverse=True)
    own, _ = _closest(train[asked], train, 1, tile, themselves=asked)
    return squares[:, 0] > own[back, 0] + _rounding(train)[index[:, 0]]


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


def _centre(real: Tensor, generated: Tensor) -> tuple[Tensor, Tensor]:
    """Move both to the real mean, in float32: |x|² + |y|² − 2xy loses least near the origin."""
    mean = column_means(real).to(real)
    return (real - mean).float(), (generated - mean).float()


def _rounding(x: Tensor) -> Tensor:
    """Return by how much a squared distance near the rows of ``x`` may be off, (N,)."""
    return 8 * torch.finfo(x.dtype).eps * x.square().sum(1)


def _rows(x: Tensor, y: Tensor, tile: int) -> int:
    return min(len(x), max(1, tile // len(y)))


def _tiles(x: Tensor, y: Tensor, tile: int) -> Iterator[tuple[int, Tensor]]:
    """Yield (start, squared distances of rows start.. of ``x`` to all of ``y``), one buffer."""
    # [-2x, 1, |x|²] · [y, |y|², 1] = |x - y|²: the whole distance is one matrix product.
    ones_x, ones_y = x.new_ones(len(x), 1), y.new_ones(len(y), 1)
    left = torch.cat([-2 * x, ones_x, x.square().sum(1, keepdim=True)], 1)
    right = torch.cat([y, y.square().sum(1, keepdim=True), ones_y], 1).T
    rows = _rows(x, y, tile)
    buffer = x.new_empty(rows, len(y))
    for start in range(0, len(x), rows):
        part = left[start : start + rows]
        yield start, torch.mm(part, right, out=buffer[: len(part)])


def _closest(
    x: Tensor, y: Tensor, k: int, tile: int, themselves: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Return (squared distances, indices) of the ``k`` rows of ``y`` nearest to each of ``x``.

    ``themselves`` (N,) says which row of ``y`` each row of ``x`` is, and leaves that one out.
    The distances are computed again from the differences, so that copies are at exactly 0.
    """
    found = []
    for start, squares in _tiles(x, y, tile):
        if themselves is not None:
            own = themselves[start : start + len(squares)].to(x.device)
            squares.scatter_(1, own[:, None], torch.inf)
        found.append(_smallest(squares, k))
    index = torch.cat(found)
    exact = torch.stack([_exact(x, y[index[:, i]]) for i in range(k)], 1)
    exact, order = exact.sort(1)
    return exact, index.gather(1, order)


def _smallest(squares: Tensor, k: int, group: int = 16) -> Tensor:
    """Return the columns of the ``k`` smallest values of each row, in no order, (rows, k).

    They are all among the k groups with the smallest minima, which are cheap to find, and the
    columns that no group takes in: a search in k · group values instead of all.
    """
    groups = squares.shape[1] // group
    if groups < 4 * k:
        return squares.topk(k, 1, largest=False).indices
    least = squares[:, : groups * group].unflatten(1, (group, groups)).amin(1)
    chosen = least.topk(k, 1, largest=False).indices[:, None, :]
    members = chosen + groups * torch.arange(group, device=squares.device)[:, None]
    rest = torch.arange(groups * group, squares.shape[1], device=squares.device)
    columns = torch.cat([members.flatten(1), rest.expand(len(squares), -1)], 1)
    picked = squares.gather(1, columns).topk(k, 1, largest=False).indices
    return columns.gather(1, picked)


def _exact(x: Tensor, y: Tensor) -> Tensor:
    """Return the squared distances between the rows of ``x`` and those of ``y``, (N,)."""
    return (x - y).square_().sum(1)
