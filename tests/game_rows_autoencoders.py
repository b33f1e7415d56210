"""Rows of the table of games: autoencoders."""

from __future__ import annotations

import torch

from counterplay.game import Batch, generator
from counterplay.games.autoencoder import Autoencoder, Denoiser, langevin, walk_back
from counterplay.games.codes import mixed
from counterplay.games.dfc import DFCVAE
from counterplay.games.vaegan import VAEGAN
from counterplay.networks import MLP, ConvCritic
from counterplay.networks.coders import PictureDecoder, PictureEncoder
from counterplay.networks.taps import Taps


def points() -> Batch:
    return Batch(torch.randn(8, 2, generator=generator("points")))


def pictures() -> Batch:
    return Batch(torch.rand(8, 1, 8, 8, generator=generator("pictures")) * 2 - 1)


def consistent() -> DFCVAE:
    encoder, decoder = PictureEncoder(1, 8, 4, 4), PictureDecoder(2, 1, 8, 4)
    return DFCVAE(encoder, decoder, 2, Taps(1, 4))


ROWS = {
    "autoencoder": (lambda: Autoencoder(MLP([2, 8, 1]), MLP([1, 8, 2]), 1), points),
    "denoiser, Langevin": (
        lambda: Denoiser(MLP([2, 8, 2]), (2,), std=0.5, chain=langevin(3, 0.1)),
        points,
    ),
    "denoiser, walked back": (
        lambda: Denoiser(MLP([2, 8, 2]), (2,), std=0.5, chain=walk_back(3)),
        points,
    ),
    "autoencoder, codes mixed": (
        lambda: Autoencoder(MLP([2, 8, 1]), MLP([1, 8, 2]), 1, fit=mixed(2)),
        points,
    ),
    "vae of features": (consistent, pictures),
    "vae and critic on points": (
        lambda: VAEGAN(MLP([2, 8, 4]), MLP([2, 8, 2]), MLP([2, 8, 1]), 2),
        points,
    ),
    "vae and critic with batch norm": (
        lambda: VAEGAN(
            PictureEncoder(1, 8, 4, 4), PictureDecoder(2, 1, 8, 4), ConvCritic(1, 8, 4), 2
        ),
        pictures,
    ),
}
"""Name -> (game, batch)."""
