"""Measures of flows beside their likelihood: a Gaussian's, rounding, sources found again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

    from counterplay.likelihood import Likelihood
    from counterplay.recipes.measuring import Bench
    from counterplay.recipes.session import Outcome

__all__ = ["POWERS", "gaussian", "matched_correlation"]

FITTED = 20_000
"""Training examples, at most, that the Gaussian is fitted to."""
FEW = 1_000
"""Examples whose rounding is looked at."""
HIDDEN = 5_000
"""Rows whose sources are looked for; other rows than were trained on."""


def gaussian(train: Tensor, x: Tensor, levels: int = 0, margin: float = 0.05) -> Likelihood:
    """Return the account of −log p of ``x`` by a Gaussian with any covariance, fitted to ``train``.

    Data on levels it sees as a flow does: dequantised, and by their logits.

    Args:
        train: (N, …) with more examples than dimensions, as networks see them.
        x: (M, …).
        levels: L, or 0 for continuous data.
        margin: a, of the logit.
    """
    import torch

    from counterplay.likelihood import likelihood

    (fitted, _), (seen, slope) = (_shown(each, levels, margin) for each in (train, x))
    mean = fitted.mean(0)
    factor = torch.linalg.cholesky(torch.cov((fitted - mean).T, correction=0))
    white = torch.linalg.solve_triangular(factor, (seen - mean).T, upper=False)
    constant = factor.diagonal().log().sum() + 0.5 * len(factor) * math.log(2 * math.pi)
    log_prob = slope - 0.5 * white.square().sum(0) - constant
    if not levels:
        return likelihood(log_prob, len(factor))
    return likelihood(log_prob, len(factor), "lower bound", "discrete", noise_samples=1)


def _shown(x: Tensor, levels: int, margin: float) -> tuple[Tensor, Tensor]:
    import torch

    from counterplay.game import generator
    from counterplay.likelihood import dequantised, grey_levels, logits

    flat = x.cpu().double().flatten(1)
    if not levels:
        return flat, flat.new_zeros(len(flat))
    noise = torch.rand(flat.shape, generator=generator("gaussian", len(flat)), dtype=flat.dtype)
    y, first = dequantised(grey_levels(flat, levels), levels, noise)
    s, second = logits(y, margin)
    return s, first + second


def _gaussian(outcome: Outcome, on: Bench) -> Likelihood:
    spec: Any = outcome.plan.recipe.game
    domain: Any = on.source.domain
    x = on.source.examples("test", on.prepared.n if on.prepared.n <= 100 else None).x
    return gaussian(on.train[:FITTED], x, domain.levels, spec.margin)


def _gaussian_bits(outcome: Outcome, on: Bench) -> dict[str, float]:
    return {"value": _gaussian(outcome, on).to("bits/dim").value}


def _below_gaussian(outcome: Outcome, on: Bench) -> dict[str, float]:
    from counterplay.recipes.measures_likelihood import whole

    return {"value": whole(outcome, on).to("bits/dim").minus(_gaussian(outcome, on))}


def _inverse_error(outcome: Outcome, on: Bench) -> dict[str, float]:
    game: Any = outcome.sampler.game
    return {"value": float(game.inverse_error(on.test[:FEW]))}


def matched_correlation(found: Tensor, sources: Tensor) -> float:
    """Return the mean |correlation| of numbers ``found`` with ``sources``, matched one to one.

    Order, sign and scale do not count. Both are (N, D); the match is the best of all D! there are.
    """
    import torch
    from scipy.optimize import linear_sum_assignment

    dim = sources.shape[1]
    between = torch.corrcoef(torch.cat([found, sources], 1).double().T)[:dim, dim:].abs().numpy()
    return float(between[linear_sum_assignment(-between)].mean())


def _source_correlation(outcome: Outcome, on: Bench) -> dict[str, float]:
    import torch

    from counterplay.data.mixed import mixed
    from counterplay.game import quiet

    game: Any = outcome.sampler.game
    hidden = mixed(HIDDEN, seed=outcome.plan.recipe.seed + 1)
    x = on.source.domain.encode(torch.from_numpy(hidden.x)).to(on.device)
    with quiet(game):
        found, _ = game.transform(x)  # of no class: what each segment's Gaussian is a law of
    return {"value": matched_correlation(found.cpu(), torch.from_numpy(hidden.s))}


POWERS = {
    "gaussian_bits_per_dim": _gaussian_bits,
    "below_gaussian": _below_gaussian,
    "inverse_error": _inverse_error,
    "source_correlation": _source_correlation,
}
