r"""Distances of records: how near generated rows are to the training rows.

The distance of two rows is the mean over columns of: for numbers :math:`|a - b|` over the training
rows' range, at most 1; for categories 0 or 1; between a value and a missing one 1, between two
missing ones 0. Generated rows should be no nearer to the training rows than held-out rows are: a
copy has distance 0, and beats every held-out row on every other metric of this package.

The distance is that of Synthetic Data Metrics (DataCebo 2023), in tiles of matrix products.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from counterplay.metrics.intervals import around, mean_interval, wilson
from counterplay.metrics.measured import Measured, half_sampled
from counterplay.metrics.tabular import Rows, check_tables

__all__ = ["closer_to_training", "copies", "record_distance", "records"]

TILE = 1 << 22
"""How many distances are held at once."""


def records(rows: Rows, to: Rows, nominal: Sequence[bool], train: Rows | None = None) -> Tensor:
    """Return the distance of each of ``rows`` (N, C) to the nearest of ``to`` (M, C), float32 (N,).

    Args:
        rows: float64, NaN where missing.
        to: likewise.
        nominal: which columns are categories.
        train: the rows whose ranges count; ``to`` when ``None``.
    """
    check_tables(to, rows, nominal)
    scaled = _Scaled(to if train is None else train, nominal, (to, rows))
    sides = [scaled(to), scaled(rows)]
    holes = sides[0][0].isnan().any(0) | sides[1][0].isnan().any(0)
    parts = [[numbers[:, ~holes], numbers[:, holes], hot] for numbers, hot in sides]
    step = max(1, TILE // len(to))
    found = [
        _distances([part[at : at + step] for part in parts[1]], parts[0]).amin(1)
        for at in range(0, len(rows), step)
    ]
    return torch.cat(found).clamp(min=0) / len(nominal)


class _Scaled:
    """Numbers over their range, and categories as codes: of ``train``, and of ``others`` too."""

    def __init__(self, train: Rows, nominal: Sequence[bool], others: Sequence[Rows]) -> None:
        self.nominal = np.array(nominal, bool)
        numbers = train[:, ~self.nominal]
        self.low = np.nanmin(numbers, 0, initial=np.inf, where=~np.isnan(numbers))
        high = np.nanmax(numbers, 0, initial=-np.inf, where=~np.isnan(numbers))
        self.range = np.where(high > self.low, high - self.low, 1.0)
        self.low = np.where(np.isfinite(self.low), self.low, 0.0)
        codes = np.concatenate([each[:, self.nominal] for each in (train, *others)])
        self.sizes = np.nanmax(codes, 0, initial=0.0, where=~np.isnan(codes)) + 2

    def __call__(self, rows: Rows) -> tuple[Tensor, Tensor]:
        """Return (numbers (N, A), NaN where missing, one-hot (N, K)); each row has a 1 a column."""
        numbers = torch.from_numpy((rows[:, ~self.nominal] - self.low) / self.range).float()
        codes = rows[:, self.nominal]
        hot = [
            torch.from_numpy(
                np.where(np.isnan(codes[:, [i]]), 0, codes[:, [i]] + 1) == np.arange(n)
            )
            for i, n in enumerate(self.sizes.astype(int))
        ]
        one_hot = torch.cat([torch.zeros(len(rows), 0), *(h.float() for h in hot)], 1)
        return numbers, one_hot


def _distances(rows: list[Tensor], to: list[Tensor]) -> Tensor:
    """Return the sums over columns of the distances of all pairs, (n, M)."""
    whole, broken, hot = zip(rows, to, strict=True)
    columns = float(hot[0][:1].sum())
    found = columns - hot[0] @ hot[1].T
    found += torch.cdist(whole[0], whole[1], p=1.0)
    for a, b in zip(broken[0].T, broken[1].T, strict=True):
        apart = (a[:, None] - b).abs().clamp(max=1).nan_to_num(1.0)
        found += apart.masked_fill(a.isnan()[:, None] & b.isnan(), 0.0)
    return found


def record_distance(
    train: Rows, generated: Rows, nominal: Sequence[bool], seed: int = 0
) -> Measured:
    """Return the mean distance of generated rows to the nearest training row, with its interval.

    Read it beside that of held-out rows: below it generated rows are nearer than chance allows.
    """
    found = records(generated, train, nominal)
    return Measured(float(found.double().mean()), mean_interval(found))


def closer_to_training(
    train: Rows, held: Rows, generated: Rows, nominal: Sequence[bool], seed: int = 0
) -> Measured:
    """Return the share of generated rows nearer to a training than to a held-out row, ties half.

    As many training rows as there are held-out ones are taken: ½ is no copying.
    """
    n = min(len(train), len(held))
    rng = np.random.default_rng(seed)
    some = (x[np.sort(rng.permutation(len(x))[:n])] for x in (train, held))
    there = [torch.from_numpy(x) for x in (*some, generated)]

    def statistic(one: Tensor, other: Tensor, rows: Tensor) -> float:
        near, far = (records(rows.numpy(), x.numpy(), nominal, train) for x in (one, other))
        return float(((near < far).double() + (near == far).double() / 2).mean())

    share = statistic(*there)
    # Not a share of independent trials: rows that are near each other have one nearest row.
    error = half_sampled(statistic, *there, seed=seed, repeats=8)
    low, high = around(share, error, 0.0)
    return Measured(share, (low, min(1.0, high)), 0.5)


def copies(train: Rows, generated: Rows, nominal: Sequence[bool], seed: int = 0) -> Measured:
    """Return the share of generated rows that are a training row to the last cell."""
    there = {row.tobytes() for row in np.nan_to_num(train, nan=np.inf)}
    same = [row.tobytes() in there for row in np.nan_to_num(generated, nan=np.inf)]
    share = sum(same) / len(same)
    return Measured(share, wilson(share, len(same)))
