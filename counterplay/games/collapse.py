r"""Which latents of a VAE are used: what its posteriors N(m, diag std²) know of the examples.

Notation: q(z) = E_x q(z | x), over the N examples given. The mean KL, in nats, is
I_q(x; z) + KL(q(z) ‖ N(0, I)): a collapsed latent has none of either.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from counterplay.costs import gaussian_nll

__all__ = ["LayerUse", "active_units", "mutual_information", "used"]

SILENT = 0.05
"""Nats a latent below which a layer has collapsed."""


def active_units(mean: Tensor, least: float = 0.01) -> Tensor:
    """Return which latents are active, bool (latent,): Var_x E[z_i | x] > ``least``.

    Importance Weighted Autoencoders (Burda et al. 2015, arXiv 1509.00519), section 5.

    Args:
        mean: the posteriors' means, (N, latent), N > 1.
        least: their least variance over examples.
    """
    return mean.var(0) > least


def mutual_information(
    mean: Tensor, log_std: Tensor, rng: torch.Generator, draws: int = 1
) -> float:
    """Return an estimate of I_q(x; z) = E log q(z | x) / q(z) in nats, x uniform on N examples.

    It is at most log N, and at most the mean KL. q(z) is the exact mixture of the N posteriors.
    ELBO Surgery (Hoffman, Johnson 2016).

    Args:
        mean: the posteriors' means, (N, latent).
        log_std: their log standard deviations, likewise.
        rng: draws z from each.
        draws: of each posterior.
    """
    total = 0.0
    for _ in range(draws):
        z = mean + log_std.exp() * torch.randn(mean.shape, generator=rng).to(mean)
        own = -gaussian_nll(z, mean, log_std)
        # One row of the (N, N) table at a time: memory stays at N · latent.
        mixed = torch.stack([torch.logsumexp(-_nlls(row, mean, log_std), 0) for row in z])
        total += float((own - mixed).mean()) + math.log(len(mean))
    return total / draws


def _nlls(z: Tensor, mean: Tensor, log_std: Tensor) -> Tensor:
    return gaussian_nll(z.expand_as(mean), mean, log_std)


class LayerUse(NamedTuple):
    """What a layer of latents says of the examples.

    Attributes:
        rate: its KL from the prior, in nats an example.
        active: how many of its latents are active.
        latents: how many it has.
        information: an estimate of I(x; z) in nats, see :func:`mutual_information`.
    """

    rate: float
    active: int
    latents: int
    information: float

    @property
    def collapsed(self) -> bool:
        """Whether the layer says next to nothing: less than 0.05 nats a latent."""
        return self.rate < SILENT * self.latents


def used(layers: Sequence[LayerUse]) -> list[str]:
    """Return sentences on the layers, from the data upwards, and one on which have collapsed."""
    found = [
        f"layer {i} of {len(layers)} has a KL of {each.rate:.2f} nats, {each.active} of "
        f"{each.latents} latents active, {max(each.information, 0.0):.2f} nats of information on "
        "the examples"
        for i, each in enumerate(layers, 1)
    ]
    silent = [i for i, each in enumerate(layers, 1) if each.collapsed]
    if not silent:
        found.append(f"no layer has collapsed: each knows {SILENT} nats a latent or more")
    else:
        *first, last = map(str, silent)
        which = f"{', '.join(first)} and {last}" if first else last
        one, more = f"layer {which} has collapsed", f"layers {which} have collapsed"
        found.append(
            f"{one if len(silent) == 1 else more}: the posterior there is the prior, and says "
            "nothing of its own of an example; warm-up (--game.warm-up) and free bits "
            "(--game.free-bits) keep layers open"
        )
    return found
