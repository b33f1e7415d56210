"""Rows of the table of games: variational autoencoders of every likelihood, bound and price."""

from __future__ import annotations

import torch

from counterplay.decoders import Decoded, bernoulli, discretised_logistic, gaussian
from counterplay.game import Batch, generator
from counterplay.games.vae import IWAE, VAE, ramp
from counterplay.networks import MLP, ConvEncoder, ConvGenerator


def points() -> Batch:
    return Batch(torch.randn(8, 2, generator=generator("points")))


def pictures() -> Batch:
    return Batch(torch.rand(8, 1, 16, 16, generator=generator("pictures")).round() * 2 - 1)


def flat(law: Decoded, **options: float) -> VAE:
    return VAE(MLP([2, 8, 4]), MLP([2, 8, 2 * law.maps]), 2, decoded=law, **options)  # type: ignore


def deep(law: Decoded) -> VAE:
    decoder = ConvGenerator(2, law.maps, 16, 4)
    return VAE(ConvEncoder(1, 16, 4, 4), decoder, 2, decoded=law)


ROWS = {
    "vae, Bernoulli, on pictures": (lambda: deep(bernoulli()), pictures),
    "vae, logistic, on pictures": (lambda: deep(discretised_logistic(2)), pictures),
    "vae, a spread each, on points": (lambda: flat(gaussian("pixel")), points),
    "vae, warmed up": (
        lambda: VAE(MLP([2, 8, 4]), MLP([2, 8, 2]), 2, beta=2.0, warm_up=ramp(6)),
        points,
        {"rounds": (0, 3, 9)},
    ),
    # So many free bits that both halves of the batch are below them: their clamp is not linear.
    "vae with free bits": (lambda: flat(gaussian(), free_bits=50.0), points),
    "iwae on points": (lambda: IWAE(MLP([2, 8, 4]), MLP([2, 8, 2]), 2, samples=3), points),
}
"""Name -> (game, batch), and options of ``check_game`` where it needs any."""
