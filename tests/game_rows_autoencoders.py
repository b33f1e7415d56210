"""Rows of the table of games: autoencoders."""

from __future__ import annotations

import torch

from counterplay.game import Batch, generator
from counterplay.games.autoencoder import Autoencoder, Denoiser, langevin, walk_back
from counterplay.laws import Normal
from counterplay.networks import MLP


def points() -> Batch:
    return Batch(torch.randn(8, 2, generator=generator("points")))


ROWS = {
    "autoencoder": (lambda: Autoencoder(MLP([2, 8, 1]), MLP([1, 8, 2]), Normal(1)), points),
    "denoiser, Langevin": (
        lambda: Denoiser(MLP([2, 8, 2]), (2,), std=0.5, chain=langevin(3, 0.1)),
        points,
    ),
    "denoiser, walked back": (
        lambda: Denoiser(MLP([2, 8, 2]), (2,), std=0.5, chain=walk_back(3)),
        points,
    ),
}
"""Name -> (game, batch)."""
