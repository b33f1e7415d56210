r"""The birthday test: how many different things can a generator make?

Of n draws from S equally likely things about :math:`n (n - 1) / 2S` pairs are equal. Generated
pictures are never quite equal, so a pair counts as equal when it is nearer than pairs of real
examples come: nearer than half of the smallest distance in the real sample. Then

.. math:: \hat S = \frac{n (n - 1)}{2 \cdot \text{pairs}},

with the interval of the Poisson count. No pair at all says only that S is large: the value is then
the lower end. A batch of :math:`\sqrt{2 \ln 2 \cdot S}` has a duplicate with probability ½.

Source: Do GANs actually learn the distribution? (Arora and Zhang, 2017, arXiv:1706.08224), who let
people decide which pictures are equal.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from counterplay.metrics.checks import check_pair
from counterplay.metrics.distances import centre, closest, rounding, tiles
from counterplay.metrics.measured import Measured

__all__ = ["birthday", "support"]


@torch.no_grad()
def birthday(real: Tensor, generated: Tensor, within: float | None = None) -> Measured:
    """Estimate the size of the support of ``generated`` (M, F), beside ``real`` (N, F).

    Args:
        real: the measure of how near two different examples come.
        generated: the draws.
        within: the distance below which two are equal; half of the smallest distance between
            different real examples by default.

    Raises:
        UserError: when a sample has fewer than 2 examples, columns differ, or a value is not
            finite.
    """
    real, generated = centre(*check_pair(real, generated))
    limit = _limit(real) if within is None else within
    n, pairs = len(generated), 0
    slack = rounding(generated)
    for start, squares in tiles(generated, generated):
        rows = torch.arange(start, start + len(squares), device=real.device)
        near = squares <= limit**2 + slack[rows, None]
        near &= rows[:, None] < torch.arange(n, device=real.device)
        pairs += int(near.sum())
    return support(pairs, n, limit)


def support(pairs: int, n: int, limit: float = 0.0) -> Measured:
    """Return the support's size from equal pairs among ``n`` draws, with Garwood's interval.

    >>> support(10, 101).value
    505.0
    """
    from scipy.stats import chi2

    all_pairs = n * (n - 1) / 2
    fewest = float(chi2.ppf(0.025, 2 * pairs)) / 2 if pairs else 0.0
    most = float(chi2.ppf(0.975, 2 * pairs + 2)) / 2
    low, high = all_pairs / most, all_pairs / fewest if fewest else math.inf
    about = (("equal pairs", float(pairs)), ("equal within", limit))
    return Measured(all_pairs / pairs if pairs else low, (low, high), about=about)


def _limit(real: Tensor) -> float:
    different = real.unique(dim=0)
    apart, _ = closest(different, different, 1, themselves=torch.arange(len(different)))
    return 0.5 * float(apart.min().sqrt())
