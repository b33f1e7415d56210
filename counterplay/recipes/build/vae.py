"""Variational auto-encoders from their specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterplay.recipes.build.moves import adam
from counterplay.recipes.build.networks import CODERS
from counterplay.recipes.specs.vae import Vae

if TYPE_CHECKING:
    from counterplay.data import Domain
    from counterplay.games.vae import VAE

__all__ = ["GAMES"]


def _vae(spec: Vae, domain: Domain, share: tuple[float, ...]) -> VAE:
    from counterplay.games.vae import VAE

    encoder, decoder = CODERS[type(spec.networks)](spec.networks, domain, spec.latent)
    return VAE(encoder, decoder, spec.latent, beta=spec.beta, move=adam(spec.optimiser))


GAMES: dict[type, Any] = {Vae: _vae}
