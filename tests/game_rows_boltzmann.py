"""Rows of the table of games: Boltzmann machines."""

from __future__ import annotations

import torch

from counterplay.game import Batch, generator
from counterplay.games.boltzmann import Boltzmann
from counterplay.games.dbm import DeepBoltzmann
from counterplay.networks.boltzmann import RBM, Reals
from counterplay.networks.dbm import DBM


def bits(*shape: int) -> Batch:
    return Batch((torch.rand(8, *shape, generator=generator("bits")) < 0.3).float())


def signs(*shape: int) -> Batch:
    return Batch(bits(*shape).x * 2 - 1)


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
    "rbm of real units on levels": (
        lambda: Boltzmann(RBM(3, 4, Reals), chains=8, gap=0.1),
        reals,
    ),
    "rbm of signs": (lambda: Boltzmann(RBM(6, 4), chains=4, low=-1.0), lambda: signs(6)),
    "dbm": (lambda: DeepBoltzmann(DBM(6, 4, 3), chains=4), lambda: bits(6)),
    "dbm on pictures, too large to sum": (
        lambda: DeepBoltzmann(
            DBM(16, 5, 6), (1, 4, 4), low=-1.0, chains=4, enumerable=2, burn=5, steps=1
        ),
        lambda: signs(1, 4, 4),
    ),
}
"""Name -> (makes the game, makes a batch for it)."""
