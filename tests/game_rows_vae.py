"""Rows of the table of games: variational autoencoders of every likelihood, bound and price."""

from __future__ import annotations

import torch

from counterplay.decoders import Decoded, bernoulli, discretised_logistic, gaussian
from counterplay.game import Batch, generator
from counterplay.games.hierarchical import HierarchicalVAE, Infer, bottom_up, top_down
from counterplay.games.iwae import IWAE
from counterplay.games.vae import VAE, ramp
from counterplay.networks import MLP, ConvEncoder, ConvGenerator
from counterplay.networks.coders import DenseDecoder
from counterplay.networks.iaf import IAF
from counterplay.networks.ladder import ladder
from counterplay.networks.picture_ladder import GridDecoder, grids, picture_ladder


def points() -> Batch:
    return Batch(torch.randn(8, 2, generator=generator("points")))


def pictures() -> Batch:
    return Batch(torch.rand(8, 1, 16, 16, generator=generator("pictures")).round() * 2 - 1)


def flat(law: Decoded, **options: float) -> VAE:
    return VAE(MLP([2, 8, 4]), MLP([2, 8, 2 * law.maps]), 2, decoded=law, **options)  # type: ignore


def deep(law: Decoded) -> VAE:
    decoder = ConvGenerator(2, law.maps, 16, 4)
    return VAE(ConvEncoder(1, 16, 4, 4), decoder, 2, decoded=law)


def layered(infer: Infer, **options: float) -> HierarchicalVAE:
    nets = ladder((2,), (3, 2), [8], infer is top_down)
    decoder = DenseDecoder(3, (2,), [8])
    return HierarchicalVAE(*nets, decoder, (3, 2), infer=infer, **options)  # type: ignore


def tiny_pictures() -> Batch:
    return Batch(pictures().x[:, :, :8, :8])


def on_grids(infer: Infer) -> HierarchicalVAE:
    layers = grids(8, (1, 3, 2), 4)
    nets = picture_ladder(1, layers, infer is top_down)
    sizes = [layer.numbers for layer in layers]
    return HierarchicalVAE(
        *nets, GridDecoder(layers[0], 1), sizes, infer=infer, decoded=bernoulli()
    )


def refined(cls: type[VAE], **options: int) -> VAE:
    return cls(MLP([2, 8, 7]), MLP([2, 8, 2]), 2, refine=IAF(2, 5, 2, 3), **options)  # type: ignore


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
    "vae, refined": (lambda: refined(VAE), points),
    "iwae, refined": (lambda: refined(IWAE, samples=3), points),
    "ladder of latents": (lambda: layered(top_down, beta=0.7), points),
    "ladder of latents on grids": (lambda: on_grids(top_down), tiny_pictures),
    "latents over latents on grids": (lambda: on_grids(bottom_up), tiny_pictures),
    "latents over latents, free bits": (lambda: layered(bottom_up, free_bits=50.0), points),
    "iwae, doubly": (
        lambda: IWAE(MLP([2, 8, 4]), MLP([2, 8, 2]), 2, samples=3, estimator="doubly"),
        points,
    ),
    "iwae on points": (lambda: IWAE(MLP([2, 8, 4]), MLP([2, 8, 2]), 2, samples=3), points),
}
"""Name -> (game, batch), and options of ``check_game`` where it needs any."""
