r"""Signals of models with a likelihood, by what they offer.

latents/active      share of latents whose posterior mean varies over examples by more than .01
                    (Burda et al. 2015, arXiv 1509.00519)
latents/rate        KL of the posteriors from the prior, summed over latents, in nats
latents/explained   1 − E ‖x − x̂‖² / E ‖x − E x‖², x̂ the reconstruction
latents/axes        the same of as many principal components of the data as there are latents
flow/inverse        largest |f⁻¹(f(x)) − x|, over the mean deviation of the data
chains/flipped      share of hidden bits that differ from the last check-up, over the share that
                    differs between two chains: 1 where chains mix in the rounds between
chains/saturated    share of hidden units that are the same for all examples but one in 100
"""

from __future__ import annotations

import torch
from torch import Tensor

from counterplay.doctor.powers import Chained, Inverts, Machine, Posterior
from counterplay.game import Game, quiet

__all__ = ["CHAINS", "bits", "explained_by_axes", "flips", "of_flow", "of_latents", "of_machine"]

CHAINS = 64
"""Persistent chains that are kept from one check-up to the next."""


@torch.no_grad()
def of_latents(game: Posterior, x: Tensor) -> dict[str, float]:
    """Return the signals of a model with Gaussian posteriors."""
    mean, _ = game.posterior(x)
    rates = game.rates(x)
    lost = (game.reconstruct(x) - x).square().flatten(1).sum(1).mean()
    whole = (x - x.mean(0)).square().flatten(1).sum(1).mean()
    return {
        "latents/active": float((mean.var(0) > 0.01).double().mean()),
        "latents/count": float(mean.shape[1]),
        "latents/rate": float(rates.sum()),
        "latents/explained": 1 - float(lost / whole.clamp(min=1e-12)),
    }


def explained_by_axes(x: Tensor, count: int) -> float:
    """Return the share of variance that ``count`` principal axes of ``x``, (N, …), explain."""
    flat = (x - x.mean(0)).flatten(1).double()
    squares = torch.linalg.svdvals(flat).square()
    return float(squares[:count].sum() / squares.sum().clamp(min=1e-12))


@torch.no_grad()
def of_flow(game: Inverts, x: Tensor) -> dict[str, float]:
    """Return the signal of a bijection, infinite where it does not come back at all."""
    error = float(game.inverse_error(x))
    spread = float(x.flatten(1).std(0).mean())
    return {"flow/inverse": error / max(spread, 1e-12)}


@torch.no_grad()
def of_machine(game: Machine, whole: Game, x: Tensor) -> dict[str, float]:
    """Return the share of saturated hidden units."""
    rbm = game.rbm
    with quiet(whole):
        mean = rbm.hidden.mean(rbm.up(x.flatten(1).to(rbm.weight.dtype)))
    high = (mean > 0.99).double().mean(0)
    low = (mean < 0.01).double().mean(0)
    return {"chains/saturated": float(((high >= 0.99) | (low >= 0.99)).double().mean())}


def bits(game: Chained) -> Tensor | None:
    """Return some of the persistent chains, or ``None`` where there are none."""
    return game.chains[:CHAINS].detach().cpu().clone() if len(game.chains) > 1 else None


def flips(now: Tensor, before: Tensor) -> dict[str, float]:
    """Return how far chains (N, H) have gone, by how far they are from each other."""
    apart = float((now != now.roll(1, 0)).double().mean())
    return {"chains/flipped": float((now != before).double().mean()) / max(apart, 1e-3)}
