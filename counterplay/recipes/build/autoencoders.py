"""Auto-encoders without a prior, from their specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterplay.recipes.build.coders import CODERS, only_dense
from counterplay.recipes.build.moves import adam
from counterplay.recipes.build.vae import START
from counterplay.recipes.specs.autoencoders import Autoencoder, Denoiser

if TYPE_CHECKING:
    from counterplay.data import Domain, Source
    from counterplay.game import Game

__all__ = ["FIRST", "GAMES"]


def _autoencoder(spec: Autoencoder, domain: Domain, share: tuple[float, ...]) -> Game:
    from counterplay.games.autoencoder import Autoencoder as Made
    from counterplay.games.codes import FITS

    nets, fit = spec.networks, FITS[spec.sampler]()
    encoder, decoder = CODERS[type(nets)](nets, domain, spec.latent, spec.latent, 1)
    return Made(encoder, decoder, spec.latent, fit=fit, move=adam(spec.optimiser))


def _denoiser(spec: Denoiser, domain: Domain, share: tuple[float, ...]) -> Game:
    from counterplay.games.autoencoder import Denoiser as Made
    from counterplay.games.autoencoder import langevin, walk_back
    from counterplay.networks.coders import Denoising

    nets = only_dense(spec.networks, "a denoiser")
    network = Denoising(domain.shape, [nets.width] * nets.layers, spec.blur, nets.activation)
    chains = {
        "langevin": lambda: langevin(spec.links, spec.stride),
        "walk_back": lambda: walk_back(spec.links),
    }
    chain, move = chains[spec.chain](), adam(spec.optimiser)
    return Made(network, domain.shape, std=spec.blur, chain=chain, move=move)


def _start(game: Any, source: Source, seed: int) -> None:
    device = next(game.parameters()).device
    game.start(source.examples("train", min(START, source.splits["train"]), seed).x.to(device))


GAMES: dict[type, Any] = {Autoencoder: _autoencoder, Denoiser: _denoiser}

FIRST: dict[type, Any] = {Autoencoder: _start}
"""Spec -> what is done to a new game with its data before its first round."""
