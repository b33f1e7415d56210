r"""Bins: in how many cells of the real sample the generated one has another share than it should.

The real sample is cut into K cells by k-means; :math:`p_k, q_k` are the shares of N real and M
generated examples in cell k. A bin is *different* when

.. math:: |p_k - q_k| > z_{1 - \alpha/2} \sqrt{r_k (1 - r_k) (1/N + 1/M)},

:math:`r_k` the pooled share. The figure is the share of different bins, NDB / K; of equal laws it
is α, not 0. Beside it stands the Jensen-Shannon divergence between the shares, in nats, from 0 to
ln 2, about (K − 1)(1/N + 1/M) / 8 for equal laws.

Source: On GANs and GMMs (Richardson and Weiss, 2018, arXiv:1805.12462).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from counterplay.game import generator
from counterplay.metrics.cells import cells
from counterplay.metrics.checks import check_pair
from counterplay.metrics.intervals import around, wilson
from counterplay.metrics.measured import Measured

__all__ = ["binned_divergence", "binned_shares", "different_bins", "jensen_shannon"]

RESAMPLES = 200


@torch.no_grad()
def binned_shares(
    real: Tensor, generated: Tensor, bins: int | None = None, seed: int = 0
) -> tuple[Tensor, Tensor]:
    """Return the counts of real and generated examples in the bins, float64 (K,) each.

    Args:
        real: (N, F).
        generated: (M, F).
        bins: K; one for every 25 examples of the smaller sample, from 5 to 100, by default.
        seed: of k-means.

    Raises:
        UserError: when a sample is too small for the bins, columns differ, or a value is not
            finite.
    """
    real, generated = check_pair(real, generated, least=5)
    usual = max(5, min(100, min(len(real), len(generated)) // 25))
    found = cells(real, usual if bins is None else bins, seed)
    return found.counts(real), found.counts(generated)


def different_bins(p: Tensor, q: Tensor, alpha: float = 0.05) -> Measured:
    """Return the share of bins in which the counts (K,) differ; equal laws have ``alpha``."""
    from scipy.stats import norm

    n, m = float(p.sum()), float(q.sum())
    pooled = (p + q) / (n + m)
    error = (pooled * (1 - pooled) * (1 / n + 1 / m)).sqrt()
    different = (p / n - q / m).abs() > float(norm.ppf(1 - alpha / 2)) * error
    share = float(different.double().mean())
    about = (("bins", float(len(p))), ("counted real", n))
    return Measured(share, wilson(share, len(p)), expected=alpha, about=about)


def jensen_shannon(p: Tensor, q: Tensor) -> float:
    """Return the divergence in nats between two histograms (K,) of any sum.

    >>> round(jensen_shannon(torch.tensor([1.0, 0.0]), torch.tensor([0.0, 3.0])), 6)
    0.693147
    """
    p, q = p.double() / p.sum(), q.double() / q.sum()
    middle = torch.special.entr((p + q) / 2).sum()
    return max(0.0, float(middle - (torch.special.entr(p) + torch.special.entr(q)).sum() / 2))


def binned_divergence(p: Tensor, q: Tensor, seed: int = 0) -> Measured:
    """Return :func:`jensen_shannon` of the counts, with the interval of resampled counts."""
    rng = generator(seed, "binned")
    found = []
    for _ in range(RESAMPLES):
        found.append(jensen_shannon(_drawn(p, rng), _drawn(q, rng)))
    value, n, m = jensen_shannon(p, q), float(p.sum()), float(q.sum())
    low, high = around(value, float(torch.tensor(found).std()), 0.0)
    expected = (len(p) - 1) / 8 * (1 / n + 1 / m)
    return Measured(
        value, (low, min(high, math.log(2))), expected, about=(("bins", float(len(p))),)
    )


def _drawn(counts: Tensor, rng: torch.Generator) -> Tensor:
    total = int(counts.sum())
    drawn = torch.multinomial(counts / total, total, replacement=True, generator=rng)
    return torch.bincount(drawn, minlength=len(counts)).double()
