"""Rows of the table of games: Boltzmann machines."""

from __future__ import annotations

import torch

from counterplay.game import Batch, generator
from counterplay.games.boltzmann import Boltzmann
from counterplay.networks.boltzmann import RBM, Reals


def bits(*shape: int) -> Batch:
    return Batch((torch.rand(8, *shape, generator=generator("bits")) < 0.3).float())


def reals() -> Batch:
    return Batch(torch.randn(8, 3, generator=generator("reals")))


ROWS = {
    "rbm by contrastive divergence": (lambda: Boltzmann(RBM(6, 4), steps=2), lambda: bits(6)),
    "rbm with persistent chains": (lambda: Boltzmann(RBM(6, 4), chains=12), lambda: bits(6)),
    "rbm on pictures, too large to sum": (
        lambda: Boltzmann(RBM(16, 5), (1, 4, 4), chains=4, enumerable=2, burn=5),
        lambda: bits(1, 4, 4),
    ),
    "rbm of real units": (
        lambda: Boltzmann(RBM(3, 4, Reals), chains=8, enumerable=2, burn=5),
        reals,
    ),
}
"""Name -> (makes the game, makes a batch for it)."""
