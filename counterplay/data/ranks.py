r"""Numbers as their ranks: a piecewise linear quantile function and its inverse.

Notation: :math:`F` is the distribution of a column's values in the training rows, and
:math:`r = 2F - 1` in [-1, 1] a rank. *Knots* :math:`(v_i, r_i)` rise in both; between two of them
value and rank go together linearly. A value that occurs often is an *atom*: two knots of one value,
whose ranks are as far apart as the value is frequent. The rank of an atom is the middle of its
interval; a rank drawn evenly from the interval instead makes the ranks of a column uniform on
[-1, 1], whatever the values are (the randomised probability integral transform).

Ranks are float32, as networks have them, and so knots are exact. Knots stand closer where float32
would not tell neighbouring values of a column with few decimals apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

__all__ = ["Curves", "atoms", "knots"]

STEPS = 512
"""Distinct values up to which each is an atom, where they are no more than half of the rows."""
OFTEN = 0.005
"""Share of the rows, and two of them, from which on a value is an atom elsewhere."""
LEVELS = 256
"""Ranks at which knots stand, beside those of atoms and of the ends."""
STEEP = 4e6
"""Steps of a value a unit of rank from which on float32 may miss one."""
MOST = 4000
"""Knots, at most, that are added for that."""


def knots(values: np.ndarray, unit: float = 0.0) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return (values, ranks) of the knots of finite ``values`` (N,), N >= 1.

    Args:
        values: in any order.
        unit: the values are multiples of it; 0 when of nothing.
    """
    import numpy as np

    distinct, counts = np.unique(values, return_counts=True)
    above = np.cumsum(counts) / len(values)
    below = above - counts / len(values)
    # Values that hardly any two rows share are no few values: atoms of them would be copied cells.
    few = len(distinct) <= min(STEPS, max(1, len(values) // 2))
    often = np.ones_like(counts, bool) if few else counts >= max(2, OFTEN * len(values))
    where = _chosen(below, above, often)
    if unit and not few:
        where = _finer(where, distinct / unit, above)
    found: list[tuple[float, float]] = []
    for i in where.tolist():
        ranks = (below[i], above[i]) if often[i] else ((below[i] + above[i]) / 2,)
        found += [(float(distinct[i]), float(np.float32(2 * r - 1))) for r in ranks]
    # The ends belong to the range: no rank lies outside the knots.
    found[0], found[-1] = (found[0][0], -1.0), (found[-1][0], 1.0)
    return tuple(v for v, _ in found), tuple(r for _, r in found)


def _chosen(below: np.ndarray, above: np.ndarray, often: np.ndarray) -> np.ndarray:
    """Return sorted indices of the distinct values at which knots stand: atoms, ends, quantiles."""
    import numpy as np

    last = len(below) - 1
    tail = 0.5 ** np.arange(9, 30)
    levels = np.concatenate([np.linspace(0, 1, LEVELS + 1), tail, 1 - tail])
    at = np.searchsorted(above, levels).clip(0, last)
    return np.unique(np.concatenate([at, np.flatnonzero(often), [0, last]]))


def _finer(where: np.ndarray, steps: np.ndarray, above: np.ndarray) -> np.ndarray:
    """Return ``where`` and every value between two knots that are too steep."""
    import numpy as np

    rise = np.diff(steps[where]) / np.maximum(2 * np.diff(above[where]), 1e-12)
    more = [np.arange(where[i], where[i + 1]) for i in np.flatnonzero(rise > STEEP).tolist()]
    added = np.concatenate([where, *more])
    return np.unique(added) if len(added) <= MOST else where


def atoms(values: tuple[float, ...], ranks: tuple[float, ...]) -> tuple[tuple[float, float], ...]:
    """Return the intervals of ranks that are one value each.

    >>> atoms((1.0, 1.0, 2.0, 3.0), (-1.0, 0.0, 0.5, 1.0))
    ((-1.0, 0.0),)
    """
    pairs = zip(values, values[1:], ranks, ranks[1:], strict=False)
    return tuple((low, high) for v, w, low, high in pairs if v == w)


class Curves:
    """The quantile functions of several columns at once.

    Args:
        knots: (values, ranks) of each column.
    """

    def __init__(self, knots: list[tuple[tuple[float, ...], tuple[float, ...]]]) -> None:
        import torch

        most = max((len(values) for values, _ in knots), default=1)
        pad = [((v + (v[-1],) * (most - len(v))), r + (r[-1],) * (most - len(r))) for v, r in knots]
        # Where no column is a number there are no curves, and the tables of knots have no row.
        shape = (len(knots), most)
        self._values = torch.tensor([v for v, _ in pad], dtype=torch.float64).reshape(shape)
        self._ranks = torch.tensor([r for _, r in pad], dtype=torch.float64).reshape(shape)
        self._last = torch.tensor([len(v) - 1 for v, _ in knots], dtype=torch.int64)[:, None]

    def ranks(self, values: Tensor) -> Tensor:
        """Return the ranks of values float64 (N, S); outside the knots, those of the ends."""
        import torch

        knots, ranks, last = self._on(values)
        value = values.T.clamp(knots[:, :1], knots[:, -1:]).contiguous()
        left = torch.minimum(torch.searchsorted(knots, value), last)
        right = torch.minimum(torch.searchsorted(knots, value, right=True) - 1, last)
        before = (left - 1).clamp(min=0)
        low, high = knots.gather(1, before), knots.gather(1, left)
        part = (value - low) / (high - low).clamp(min=1e-300)
        first, then = ranks.gather(1, before), ranks.gather(1, left)
        there = (then + ranks.gather(1, right.clamp(min=0))) / 2
        return torch.where(right >= left, there, first + part * (then - first)).T

    def values(self, ranks: Tensor) -> Tensor:
        """Return the values at ranks (N, S): the inverse of :meth:`ranks`."""
        import torch

        knots, curve, last = self._on(ranks)
        rank = ranks.T.double().clamp(-1, 1).contiguous()
        after = torch.searchsorted(curve, rank, right=True).clamp(min=1)
        after = torch.minimum(after, last)
        low, high = curve.gather(1, after - 1), curve.gather(1, after)
        part = ((rank - low) / (high - low).clamp(min=1e-300)).clamp(0, 1)
        first, then = knots.gather(1, after - 1), knots.gather(1, after)
        return (first + part * (then - first)).T

    def _on(self, like: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        there = like.device
        return self._values.to(there), self._ranks.to(there), self._last.to(there)
