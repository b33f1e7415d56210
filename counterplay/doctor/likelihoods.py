r"""Signals of models with a likelihood, by what they offer.

latents/active      share of latents whose posterior mean varies over examples by more than .01
                    (Burda et al. 2015, arXiv 1509.00519)
latents/rate        KL of the posteriors from the prior, summed over latents, in nats
latents/open        share of latents whose own KL is more than .01 nats
latents/explained   1 − E ‖x − x̂‖² / E ‖x − E x‖², x̂ the reconstruction
latents/axes        the same of as many principal components of the data as there are latents
latents/sensitivity E ‖G(z + εu) − G(z)‖ / ε, u normal, over the data's scale: 1 of a linear G
                    that has the data's covariance, 0 where the latent makes no difference
flow/inverse        largest |f⁻¹(f(x)) − x|, over the mean deviation of the data
flow/shrunk, grown  least and largest log |det ∂f/∂x| of examples, by dimensions, in nats
chains/flipped      share of hidden bits that differ from the last check-up, over the share that
                    differs between two chains: 1 where chains mix in the rounds between
chains/saturated    share of hidden units that are the same for all examples but one in 100
chains/gap          E F(held-out) − E F(training), in nats: it grows with what is learnt by heart
chains/drift        log Z_t − log Z_{t−1} ≈ log (1/N) Σ w, w = exp(F_{t−1}(v) − F_t(v)), v ~ p_{t−1}
                    from the chains of the last check-up; low in the mean, and by more the fewer of
                    them count: chains/counted = (Σ w)² / N Σ w²
chains/strayed      deviation of log w over that of F_{t−1}(v): how much of what the model says of
                    its chains' states is other than it was, whatever the machine's size
chains/gained       E log p_t − E log p_{t−1} of training examples, by that estimate, in nats
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from counterplay.doctor.powers import Chained, Inverts, Latent, Machine, Posterior, Volumed
from counterplay.game import Game, quiet

__all__ = [
    "CHAINS",
    "bits",
    "dreams",
    "drift",
    "explained_by_axes",
    "flips",
    "free_energies",
    "of_flow",
    "of_latents",
    "of_machine",
    "of_volume",
    "sensitivity",
]

NEAR, NUDGE = 32, 0.1
"""Latents that are nudged, and by how many deviations."""
CHAINS = 64
"""Persistent chains that are kept from one check-up to the next."""


@torch.no_grad()
def of_latents(game: Posterior, x: Tensor) -> dict[str, float]:
    """Return the signals of a model with posteriors of latents."""
    mean, rates = game.encode(x), game.rates(x)
    lost = (game.reconstruct(x) - x).square().flatten(1).sum(1).mean()
    whole = (x - x.mean(0)).square().flatten(1).sum(1).mean()
    return {
        "latents/active": float((mean.var(0) > 0.01).double().mean()),
        "latents/count": float(mean.shape[1]),
        "latents/rate": float(rates.sum()),
        "latents/open": float((rates > 0.01).double().mean()),
        "latents/explained": 1 - float(lost / whole.clamp(min=1e-12)),
    }


@torch.no_grad()
def sensitivity(
    game: Latent, classes: Tensor | None, scale: float, rng: torch.Generator
) -> dict[str, float]:
    """Return how far samples go where their latents go a little.

    Args:
        game: makes samples of latents.
        classes: asked for, (n,), or ``None`` where there are none.
        scale: square root of the data's mean squared distance from their mean.
        rng: draws the latents.
    """
    n = NEAR if classes is None else len(classes)
    z = game.latent.sample(n, rng)
    u = torch.randn(z.shape, generator=rng)
    device = next(game.parameters()).device
    given = () if classes is None else (classes.to(device),)
    one, other = (game.render(at.to(device), *given).flatten(1) for at in (z, z + NUDGE * u))
    far = float((one - other).norm(dim=1).mean()) / NUDGE
    return {"latents/sensitivity": far / max(scale, 1e-12)}


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
def of_volume(game: Volumed, x: Tensor) -> dict[str, float]:
    """Return the range of log |det|, from log p(x) and the prior's log p(z)."""
    z = game.encode(x)
    volume = (game.log_prob(x).double() - game.latent.log_prob(z).double()) / x[0].numel()
    return {"flow/shrunk": float(volume.min()), "flow/grown": float(volume.max())}


@torch.no_grad()
def of_machine(game: Machine, whole: Game, x: Tensor, held: Tensor) -> dict[str, float]:
    """Return the share of saturated hidden units, and the gap of free energies where it is known.

    Args:
        game: the machine.
        whole: the same, as a game.
        x: training examples.
        held: held-out ones, none if there are none.
    """
    rbm = game.rbm
    with quiet(whole):
        mean = rbm.hidden.mean(rbm.up(game.units(x)))
        gap = [float(free_energies(game, part).mean()) for part in (x, held) if len(part)]
    high = (mean > 0.99).double().mean(0)
    low = (mean < 0.01).double().mean(0)
    found = {"chains/saturated": float(((high >= 0.99) | (low >= 0.99)).double().mean())}
    return found | ({"chains/gap": gap[1] - gap[0]} if len(gap) == 2 else {})


def free_energies(game: Machine, x: Tensor) -> Tensor:
    """Return F of examples, (N,), in nats."""
    return game.rbm.free_energy(game.units(x)).detach().double()


def bits(game: Chained) -> Tensor | None:
    """Return some of the persistent chains, or ``None`` where there are none."""
    return game.chains[:CHAINS].detach().cpu().clone() if len(game.chains) > 1 else None


@torch.no_grad()
def dreams(game: Chained, rng: torch.Generator) -> Tensor:
    """Return what these chains dream of: v ~ p(v | h), (n, D)."""
    rbm = game.rbm
    h = game.chains[:CHAINS].to(rbm.weight)
    noise = rbm.visible.noise.sample(len(h), rng).to(h.device)
    return rbm.visible.draw(rbm.down(h), noise)


@torch.no_grad()
def drift(game: Chained, dreamt: Tensor, energies: Tensor) -> dict[str, float]:
    """Return by how much log Z has grown since the last check-up, and how chains keep up.

    Args:
        game: the machine as it is now.
        dreamt: what its chains dreamt of then, (N, D).
        energies: F of that, then.
    """
    weights = energies - game.rbm.free_energy(dreamt).double()
    grown = float(torch.logsumexp(weights, 0)) - math.log(len(weights))
    shares = torch.softmax(weights, 0)
    counted = 1 / float(shares.square().sum()) / len(shares)
    strayed = float(weights.std()) / max(float(energies.std()), 1e-6)
    return {"chains/drift": grown, "chains/counted": counted, "chains/strayed": strayed}


def flips(now: Tensor, before: Tensor) -> dict[str, float]:
    """Return how far chains (N, H) have gone, by how far they are from each other."""
    apart = float((now != now.roll(1, 0)).double().mean())
    return {"chains/flipped": float((now != before).double().mean()) / max(apart, 1e-3)}
