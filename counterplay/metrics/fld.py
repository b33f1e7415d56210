r"""Feature likelihood divergence: how likely held-out examples are under a density of the samples.

The density has one round normal bump around each generated example,
:math:`p(x) = \tfrac1M \sum_j N(x; y_j, s_j^2 I)`, its widths the most likely ones for the training
set. Then

.. math:: \mathrm{FLD} = 100 \cdot \tfrac{1}{F} \big( -\tfrac1N \sum_i \log p(x_i) - C \big)

over held-out examples, where C is the same quantity with half of the training set in the place of
the generated examples and the other half fitting the widths: a perfect generator is near 0. Bad and
missing samples make held-out examples unlikely; copies of training examples get widths of nothing
and make them unlikely too. One number sees quality, diversity and memory.

Features are first moved and scaled, per column, to the held-out sample's mean and deviation. The
widths are fitted by 30 steps of expectation maximisation from the distance to the nearest training
example (the authors take 50 of Adam): each step raises the likelihood, and nothing is tuned.

Source: Feature likelihood divergence: evaluating the generalization of generative models using
samples (Jiralerspong et al., 2023, arXiv:2302.04440).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics.checks import check_features, check_pair
from counterplay.metrics.distances import tiles
from counterplay.metrics.intervals import around
from counterplay.metrics.measured import Measured

__all__ = ["fld", "mixture_nll"]

STEPS = 30
MOST = 3000
"""The most generated and the most training examples: all their distances are held."""


@torch.no_grad()
def fld(train: Tensor, held: Tensor, generated: Tensor, seed: int = 0) -> Measured:
    """Return the divergence of ``generated`` (M, F), given training and held-out features.

    ``about`` has the generalisation gap besides: the same of training examples less that of
    held-out ones, far below 0 for copies.

    Args:
        train: (T, F), what was trained on; at most 3,000 of them are used, chosen by ``seed``.
        held: (N, F), not trained on.
        generated: (M, F); at most 3,000.
        seed: of these choices and of the halves.

    Raises:
        UserError: when a sample has fewer than 4 examples, columns differ, or a value is not
            finite.
    """
    train, generated = check_pair(train, generated, least=4)
    held = check_features(held, "the held-out sample", 4)
    if held.shape[1] != train.shape[1]:
        raise UserError(f"held-out examples have {held.shape[1]} features and not {train.shape[1]}")
    mean, scale = held.mean(0), held.std(0)
    scale = scale.clamp(min=1e-3 * float(scale.max()))
    train, held, generated = (
        (_few(x, seed).to(held) - mean) / scale for x in (train, held, generated)
    )
    half = min(len(generated), len(train) // 2)
    order = torch.randperm(len(train), generator=generator(seed, "fld")).to(train.device)
    train_a, train_b = train[order[:half]], train[order[half:]]
    ours, base = mixture_nll(generated, train, held), mixture_nll(train_a, train_b, held)
    wide, each = train.shape[1], 100 / train.shape[1] * (ours - base)
    value = float(each.mean())
    error = float(each.std()) / math.sqrt(len(each))
    gap = 100 / wide * float(mixture_nll(generated, train, train).mean() - ours.mean())
    return Measured(value, around(value, error), 0.0, about=(("gap", gap),))


@torch.no_grad()
def mixture_nll(centres: Tensor, fitted: Tensor, x: Tensor, steps: int = STEPS) -> Tensor:
    """Return −log p of rows of ``x`` (N, F) in nats, widths fitted to ``fitted``, float64 (N,)."""
    apart = _squares(fitted, centres)
    wide = centres.shape[1]
    least = 1e-10 * float(apart.mean().clamp(min=1e-30))
    variance = ((apart.amin(0) + least) / wide).clamp(min=least)
    for _ in range(steps):
        share = (_log_bumps(apart, variance, wide)).softmax(1)
        total = share.sum(0)
        better = (share * apart).sum(0) / (wide * total.clamp(min=1e-30))
        variance = torch.where(total > 1e-12, better, variance).clamp(min=least)
    logs = _log_bumps(_squares(x, centres), variance, wide)
    return -(torch.logsumexp(logs, 1).double() - math.log(len(centres)))


def _squares(x: Tensor, y: Tensor) -> Tensor:
    """Return all squared distances, float32 (N, M)."""
    return torch.cat([part.clamp(min=0) for _, part in tiles(x.float(), y.float())])


def _log_bumps(apart: Tensor, variance: Tensor, wide: int) -> Tensor:
    """Return log N(x_i; y_j, s_j² I), (N, M)."""
    return -0.5 * (apart / variance + wide * (2 * math.pi * variance).log())


def _few(x: Tensor, seed: int) -> Tensor:
    return x[torch.randperm(len(x), generator=generator(seed, "fld", len(x)))[:MOST].to(x.device)]
