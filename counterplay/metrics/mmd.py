r"""Maximum mean discrepancy with normal kernels, and its test by permutation.

.. math::

    \mathrm{MMD}^2 = \frac{\sum_{i \ne j} k(x_i, x_j)}{N (N-1)}
        + \frac{\sum_{i \ne j} k(y_i, y_j)}{M (M-1)} - \frac{2 \sum_{ij} k(x_i, y_j)}{N M},
    \qquad k(x, y) = \tfrac1B \sum_b e^{-|x - y|^2 / 2 s_b^2}

unbiased: negative about half of the time when the laws are equal. Unlike the cubic kernel of
:mod:`~counterplay.metrics.kid` a normal kernel sees any difference, in the limit. The widths
:math:`s_b` are ½, 1 and 2 times the median distance between examples of both samples, unless given.

Between N(0, I) and N(m, I) in d dimensions, one width s, it is exactly
:math:`2 (s^2 / (s^2 + 2))^{d/2} (1 - e^{-|m|^2 / (2 (s^2 + 2))})`.

The p-value deals the examples out anew, which is exact whatever the laws. All permutations share
one pass over the kernel: with :math:`a` the indicator of the first sample, every sum above follows
from :math:`a^\top K a`, the row sums and the total, so a tile of K is made once and multiplied with
all indicators.

Source: A kernel two-sample test (Gretton et al., JMLR, 2012).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics.checks import check_pair
from counterplay.metrics.distances import centre, tiles
from counterplay.metrics.intervals import around
from counterplay.metrics.measured import Measured, rank_p

__all__ = ["median_distance", "mmd"]

FACTORS = (0.5, 1.0, 2.0)


@torch.no_grad()
def mmd(
    real: Tensor,
    generated: Tensor,
    widths: Sequence[float] | None = None,
    seed: int = 0,
    permutations: int = 200,
) -> Measured:
    """Estimate MMD² between features (N, F) and (M, F), with its error and permutation p-value.

    The interval is by Hoeffding's projection, as the kernel distance's.

    Raises:
        UserError: when a width is not positive, a sample has fewer than 2 examples, columns
            differ, a value is not finite, or all examples are equal and no width was given.
    """
    real, generated = centre(*check_pair(real, generated))
    n, m = len(real), len(generated)
    x = torch.cat([real, generated])
    chosen = _widths(x, seed) if widths is None else tuple(widths)
    if not chosen or min(chosen) <= 0:
        raise UserError(f"kernel widths {chosen} were asked for: they are above 0")
    indicators = _indicators(n, m, permutations, seed).to(x)
    products, sums = _products(x, indicators, chosen)
    null = _discrepancies(indicators.double(), products, sums, n, m)
    a = products[:, 0] / (n - 1) - (sums - products[:, 0]) / m
    b = (sums - products[:, 0]) / (m - 1) - products[:, 0] / n
    error = math.sqrt(float(4 * a[:n].var() / n + 4 * b[n:].var() / m))
    value = float(null[0])
    p = rank_p(value, null[1:]) if permutations else None
    about = tuple((f"width {i + 1}", float(s)) for i, s in enumerate(chosen))
    return Measured(value, around(value, error), 0.0, p, about)


def median_distance(x: Tensor, seed: int = 0, most: int = 1000) -> float:
    """Return the median distance between different rows of ``x``, of at most ``most`` rows."""
    few = x[torch.randperm(len(x), generator=generator(seed, "median"))[:most].to(x.device)]
    apart = torch.pdist(few.float())
    return float(apart[apart > 0].median()) if bool((apart > 0).any()) else 0.0


def _widths(x: Tensor, seed: int) -> tuple[float, ...]:
    median = median_distance(x, seed)
    if not median > 0:
        raise UserError("all examples are equal, so there is no median distance: give widths")
    return tuple(factor * median for factor in FACTORS)


def _indicators(n: int, m: int, permutations: int, seed: int) -> Tensor:
    """Return which examples are the first sample, (N + M, 1 + P): as it is, then dealt anew."""
    first = torch.zeros(n + m)
    first[:n] = 1
    rng = generator(seed, "mmd")
    dealt = [first[torch.randperm(n + m, generator=rng)] for _ in range(permutations)]
    return torch.stack([first, *dealt], 1)


def _products(x: Tensor, indicators: Tensor, widths: Sequence[float]) -> tuple[Tensor, Tensor]:
    """Return K @ indicators, float64 (n, 1 + P), and K's row sums, (n,); K's diagonal is 0."""
    products, sums = [], []
    for start, squares in tiles(x, x):
        squares.clamp_(min=0)
        kernel = sum(torch.exp(squares / (-2 * s * s)) for s in widths) / len(widths)
        assert isinstance(kernel, Tensor)
        rows = torch.arange(len(kernel), device=x.device)
        kernel[rows, rows + start] = 0
        products.append((kernel @ indicators).double())
        sums.append(kernel.double().sum(1))
    return torch.cat(products), torch.cat(sums)


def _discrepancies(a: Tensor, products: Tensor, sums: Tensor, n: int, m: int) -> Tensor:
    """Return MMD² for each way of dealing, (1 + P,)."""
    inner = (a * products).sum(0)
    across = (a * sums[:, None]).sum(0) - inner
    rest = sums.sum() - inner - 2 * across
    return inner / (n * (n - 1)) + rest / (m * (m - 1)) - 2 * across / (n * m)
