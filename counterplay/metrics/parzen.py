r"""Parzen window: a density of normal bumps on the samples. Not to be used to compare generators.

.. math:: \log p(x) = \log \tfrac1M \sum_j N(x; y_j, s^2 I)

It is here because published figures need reproducing, and because its failure is worth seeing: with
K-means *centroids* of the training set as "samples" it rates them above real examples, and above
any honest generator. It has hardly to do with the likelihood of a model that has one, and nothing
with how samples look. Every value carries :data:`WARNING`.

Source: A note on the evaluation of generative models (Theis, van den Oord and Bethge, 2016,
arXiv:1511.01844).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.metrics.checks import check_pair
from counterplay.metrics.distances import centre, tiles
from counterplay.metrics.intervals import mean_interval
from counterplay.metrics.measured import Measured

__all__ = ["WARNING", "parzen"]

WARNING = (
    "a Parzen window compares nothing: k-means centroids of the training set get a higher value "
    "than real examples (Theis et al., 2016, arXiv:1511.01844)"
)


@torch.no_grad()
def parzen(
    real: Tensor, generated: Tensor, widths: Sequence[float] = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5)
) -> Measured:
    """Return the mean log density of ``real`` (N, F) in nats under bumps on ``generated`` (M, F).

    The width is the best of ``widths`` on the first half of ``real``, the value the second half's.

    Raises:
        UserError: when a width is not above 0, ``real`` has fewer than 4 examples, columns differ,
            or a value is not finite.
    """
    real, generated = centre(*check_pair(real, generated, least=4))
    if not widths or min(widths) <= 0:
        raise UserError(f"widths {tuple(widths)} of a Parzen window: they are above 0")
    half = len(real) // 2
    tried = [float(_log_density(real[:half], generated, s).mean()) for s in widths]
    best = widths[tried.index(max(tried))]
    found = _log_density(real[half:], generated, best)
    return Measured(float(found.mean()), mean_interval(found), about=(("width", float(best)),))


def _log_density(x: Tensor, centres: Tensor, width: float) -> Tensor:
    """Return the log density of each row, float64 (N,)."""
    parts = [
        torch.logsumexp(squares.clamp(min=0).double() / (-2 * width**2), 1)
        for _, squares in tiles(x, centres)
    ]
    constant = math.log(len(centres)) + x.shape[1] / 2 * math.log(2 * math.pi * width**2)
    return torch.cat(parts) - constant
