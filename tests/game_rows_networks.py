"""Rows of the table of all games: their networks are what is new about them."""

from __future__ import annotations

from functools import partial
from typing import Any

import torch

from counterplay.costs import relativistic
from counterplay.game import Batch, generator
from counterplay.games import GAN
from counterplay.games.progressive import Progressive
from counterplay.games.style import StyleGAN
from counterplay.laws import Labels, Normal
from counterplay.networks import ConvCritic, ConvGenerator
from counterplay.networks.mlp import FlatCritic, FlatGenerator
from counterplay.networks.modern import ModernCritic, ModernGenerator
from counterplay.networks.norms import referenced
from counterplay.networks.parted import PartedGenerator
from counterplay.networks.progressive import GrowingCritic, GrowingGenerator
from counterplay.networks.resnet import ResidualCritic, ResidualGenerator
from counterplay.networks.style import StyleCritic, StyleGenerator
from counterplay.penalties import r1, r2

LABELS = Labels((0.25,) * 4)


def pictures(n: int = 8) -> Batch:
    """Return pictures of 16 × 16 in four classes."""
    rng = generator("pictures")
    return Batch(
        torch.rand(n, 1, 16, 16, generator=rng) * 2 - 1, torch.randint(4, (n,), generator=rng)
    )


def normed(norm: str) -> GAN:
    """Return a game whose generator has the norm ``norm``."""
    forge = ConvGenerator(4, 1, 16, 4, 4, norm=norm)
    return GAN(
        referenced(forge, norm, 4, 4), ConvCritic(1, 16, 4, 4, "group"), Normal(4), labels=LABELS
    )


def progressive(critic_steps: int = 1) -> Progressive:
    """Return a game that has wholly grown after 14 rounds."""
    return Progressive(
        GrowingGenerator(4, 1, 16, 4),
        GrowingCritic(1, 16, 4),
        Normal(4),
        steady=2,
        fade=4,
        critic_steps=critic_steps,
    )


def style(**options: Any) -> StyleGAN:
    """Return a small game of a generator by styles."""
    return StyleGAN(StyleGenerator(4, 1, 16, 4, 8, 2), StyleCritic(1, 16, 4), Normal(4), **options)


ROWS = {
    "residual gan with spectral norm and attention": (
        lambda: GAN(
            ResidualGenerator(4, 1, 16, 4, attention=True),
            ResidualCritic(1, 16, 4, attention=True),
            Normal(4),
        ),
        pictures,
    ),
    "conditional residual gan with attention and r1": (
        lambda: GAN(
            ResidualGenerator(4, 1, 16, 4, 4, inner=1, attention=True),
            ResidualCritic(1, 16, 4, 4, "group", attention=True),
            Normal(4),
            labels=LABELS,
            penalties={"r1": (1.0, r1)},
        ),
        pictures,
    ),
    **{
        f"gan with {norm} norm in the generator": (partial(normed, norm), pictures)
        for norm in ("reference", "virtual", "pixel", "none")
    },
    "fully connected gan on pictures": (
        lambda: GAN(
            FlatGenerator(4, (1, 16, 16), [8], 4),
            FlatCritic((1, 16, 16), [8], 4),
            Normal(4),
            labels=LABELS,
        ),
        pictures,
    ),
    "parts of the latent for place, kind and colour": (
        lambda: GAN(
            PartedGenerator(12, 1, 16, 4),
            ConvCritic(1, 16, 4, norm="none"),
            Normal(12),
            cost=relativistic,
            penalties={"r1": (1.0, r1), "r2": (1.0, r2)},
        ),
        pictures,
    ),
    "modern baseline": (
        lambda: GAN(
            ModernGenerator(4, 1, 16, 4, 4),
            ModernCritic(1, 16, 4, 4),
            Normal(4),
            labels=LABELS,
            cost=relativistic,
            penalties={"r1": (1.0, r1), "r2": (1.0, r2)},
        ),
        pictures,
    ),
    # From the first level (0) over shares of 0 (2, 8) and one half (10) to the last level (30).
    "progressive": (progressive, pictures, {"rounds": (0, 2, 8, 10, 30)}),
    "progressive with critic steps": (partial(progressive, 2), pictures, {"rounds": (0, 5, 30)}),
    "style": (style, pictures),
    "style without penalties": (partial(style, penalties={}, path=0.0, mixing=0.0), pictures),
}
"""Name -> (game, batch), and options of ``check_game`` where it needs any."""
