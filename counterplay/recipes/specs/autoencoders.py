"""Auto-encoders without a prior."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from counterplay.recipes.specs.coders import Coders, Dense, Picture
from counterplay.recipes.specs.moves import Adam

__all__ = ["Autoencoder", "Denoiser"]


@dataclass(frozen=True)
class Autoencoder:
    """An auto-encoder; samples are decoded codes, drawn from a law fitted to the last ones."""

    networks: Coders = field(default_factory=Picture)
    latent: int = 8
    """Numbers of a code."""
    sampler: Literal["normal", "mixture", "flow"] = "mixture"
    """The law of codes: a normal, a mixture of them, or a normalising flow."""
    optimiser: Adam = field(default_factory=lambda: Adam(1e-3, (0.9, 0.999)))


@dataclass(frozen=True)
class Denoiser:
    """A denoising auto-encoder (Alain and Bengio, 2012, arXiv:1211.4246) and its chain."""

    networks: Coders = field(default_factory=lambda: Dense(512, 2, "relu"))
    blur: float = 0.5
    """Standard deviation of the noise that is taken away."""
    chain: Literal["langevin", "walk_back"] = "walk_back"
    """How samples are drawn: along the score, or by blurring and denoising again and again."""
    links: int = 100
    """Steps of the chain."""
    stride: float = 0.05
    """The size of Langevin's steps."""
    optimiser: Adam = field(default_factory=lambda: Adam(1e-3, (0.9, 0.999)))
