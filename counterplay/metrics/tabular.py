r"""How alike two tables of mixed columns are, column by column and pair by pair.

Tables are float64 (N, C): numbers as they are, categories as whole numbers from 0, NaN where
missing; ``nominal`` (C,) says which columns are categories. With :math:`F` distribution functions
of the values that are there, :math:`p` shares of categories (missing is one), :math:`\rho` the
correlation (Pearson's) of the rows where both are there:

- a number: :math:`1 - \sup |F_r - F_g|` (Kolmogorov and Smirnov);
- a category: :math:`1 - \frac12 \sum |p_r - p_g|` (total variation);
- two numbers: :math:`1 - \frac12 |\rho_r - \rho_g|`;
- two columns: one less the total variation of their joint shares, numbers cut into ten by the real
  table's quantiles.

Each is averaged over columns or pairs: 1 where the tables are alike, and below it for finite
samples of one law, by more the smaller they are: read it beside real against real. The measures of
Synthetic Data Metrics (DataCebo 2023), whose columns and pairs these agree with.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np
import torch

from counterplay.errors import UserError
from counterplay.metrics.intervals import around
from counterplay.metrics.measured import Measured, half_sampled

__all__ = [
    "category_similarity",
    "check_tables",
    "contingency",
    "contingency_similarity",
    "correlation_similarity",
    "kolmogorov_smirnov",
    "number_similarity",
    "total_variation",
]

PARTS = 10
"""Into how many a number is cut where it is counted with another column."""
PAIRS = 120
"""Pairs of columns, at most, over which contingency is averaged; more are thinned evenly."""

Rows = np.ndarray
Similarity = Callable[[Rows, Rows, Sequence[bool]], float]


def check_tables(real: Rows, generated: Rows, nominal: Sequence[bool]) -> None:
    """Refuse tables that cannot be compared.

    Raises:
        UserError: for other numbers of columns, or no rows.
    """
    if real.shape[1:] != generated.shape[1:] or real.shape[1] != len(nominal):
        raise UserError(
            f"tables of {real.shape[1]} and {generated.shape[1]} columns, of which {len(nominal)} "
            "are described: compare the same columns"
        )
    if not len(real) or not len(generated):
        raise UserError(f"tables of {len(real)} and {len(generated)} rows: it takes 1 of each")


def kolmogorov_smirnov(real: Rows, generated: Rows) -> float:
    """Return sup |F_r − F_g| of two columns (N,), (M,) of numbers, leaving out what is missing.

    >>> kolmogorov_smirnov(np.array([1.0, 2.0]), np.array([2.0, 3.0]))
    0.5
    """
    one, two = np.sort(real[~np.isnan(real)]), np.sort(generated[~np.isnan(generated)])
    if not len(one) or not len(two):
        return float(len(one) != len(two))
    every = np.concatenate([one, two])
    below = (np.searchsorted(each, every, "right") / len(each) for each in (one, two))
    return float(np.abs(next(below) - next(below)).max())


def total_variation(real: Rows, generated: Rows) -> float:
    """Return ½ Σ |p_r − p_g| of two columns (N,), (M,) of categories; missing is one of them.

    >>> total_variation(np.array([0.0, 1.0]), np.array([1.0, 1.0]))
    0.5
    """
    return _apart(_codes(real), _codes(generated))


def contingency(real: Rows, generated: Rows) -> float:
    """Return the total variation of the joint shares of two pairs of categories, (N, 2), (M, 2)."""
    wide = int(max(np.nanmax(real, initial=0), np.nanmax(generated, initial=0))) + 2
    joined = (_codes(x[:, 0]) * wide + _codes(x[:, 1]) for x in (real, generated))
    return _apart(next(joined), next(joined))


def _codes(column: Rows) -> np.ndarray:
    return np.where(np.isnan(column), 0, np.nan_to_num(column) + 1).astype(np.int64)


def _apart(one: np.ndarray, two: np.ndarray) -> float:
    most = int(max(one.max(), two.max())) + 1
    p, q = (np.bincount(x, minlength=most) / len(x) for x in (one, two))
    return float(np.abs(p - q).sum() / 2)


def _numbers(real: Rows, generated: Rows, nominal: Sequence[bool]) -> float:
    where = [i for i, category in enumerate(nominal) if not category]
    each = [1 - kolmogorov_smirnov(real[:, i], generated[:, i]) for i in where]
    return float(np.mean(each))


def _categories(real: Rows, generated: Rows, nominal: Sequence[bool]) -> float:
    where = [i for i, category in enumerate(nominal) if category]
    return float(np.mean([1 - total_variation(real[:, i], generated[:, i]) for i in where]))


def _correlations(real: Rows, generated: Rows, nominal: Sequence[bool]) -> float:
    where = [i for i, category in enumerate(nominal) if not category]
    each = [
        1 - abs(_correlation(real[:, pair]) - _correlation(generated[:, pair])) / 2
        for pair in map(list, itertools.combinations(where, 2))
    ]
    return float(np.mean(each))


def _correlation(pair: Rows) -> float:
    """Return Pearson's correlation of the rows where both are there; 0 where one is constant."""
    pair = pair[~np.isnan(pair).any(1)]
    if len(pair) < 2 or (pair.std(0) == 0).any():
        return 0.0
    return float(np.corrcoef(pair.T)[0, 1])


def _contingencies(real: Rows, generated: Rows, nominal: Sequence[bool]) -> float:
    pairs = list(itertools.combinations(range(len(nominal)), 2))
    kept = pairs[:: -(-len(pairs) // PAIRS)]
    one, two = _cut(real, real, nominal), _cut(generated, real, nominal)
    return float(np.mean([1 - contingency(one[:, list(p)], two[:, list(p)]) for p in kept]))


def _cut(x: Rows, real: Rows, nominal: Sequence[bool]) -> Rows:
    """Return the table with numbers cut into ten by the quantiles of ``real``."""
    found = x.copy()
    for i, category in enumerate(nominal):
        there = real[~np.isnan(real[:, i]), i]
        if category:
            continue
        if not len(there):  # nothing to cut by: a value is there or it is not
            found[:, i] = np.where(np.isnan(x[:, i]), np.nan, 0.0)
            continue
        edges = np.unique(np.quantile(there, np.linspace(0, 1, PARTS + 1)[1:-1]))
        place = np.searchsorted(edges, np.nan_to_num(x[:, i])).astype(float)
        found[:, i] = np.where(np.isnan(x[:, i]), np.nan, place)
    return found


def _similarity(
    measure: Similarity, least: int, which: bool | None, what: str
) -> Callable[..., Measured]:
    def similarity(real: Rows, generated: Rows, nominal: Sequence[bool], seed: int = 0) -> Measured:
        check_tables(real, generated, nominal)
        count = len(nominal) if which is None else sum(bool(n) == which for n in nominal)
        if count < least:
            raise UserError(f"{what} takes {least} or more; the tables have {count}")

        def statistic(a: torch.Tensor, b: torch.Tensor) -> float:
            return measure(a.numpy(), b.numpy(), nominal)

        value = measure(real, generated, nominal)
        rows = torch.from_numpy(real), torch.from_numpy(generated)
        error = half_sampled(statistic, *rows, seed=seed, repeats=8)
        low, high = around(value, error, 0.0)
        return Measured(value, (low, min(1.0, high)))

    similarity.__doc__ = f"Return the mean similarity of {what}, with its interval (see above)."
    return similarity


number_similarity = _similarity(_numbers, 1, False, "columns of numbers")
category_similarity = _similarity(_categories, 1, True, "columns of categories")
correlation_similarity = _similarity(_correlations, 2, False, "pairs of numbers")
contingency_similarity = _similarity(_contingencies, 2, None, "pairs of columns")
