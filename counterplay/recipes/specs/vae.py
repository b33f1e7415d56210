"""Variational auto-encoders."""

from __future__ import annotations

from dataclasses import dataclass, field

from counterplay.recipes.specs.moves import Adam
from counterplay.recipes.specs.networks import Dcgan, Networks

__all__ = ["Vae"]


@dataclass(frozen=True)
class Vae:
    """A variational auto-encoder (Kingma and Welling, 2013, arXiv:1312.6114): one player."""

    networks: Networks = field(default_factory=Dcgan)
    latent: int = 16
    """Dimensions of the normal latent."""
    beta: float = 1.0
    """Weight of the KL term; 1 is the evidence bound."""
    optimiser: Adam = field(default_factory=lambda: Adam(1e-3, (0.9, 0.999)))
