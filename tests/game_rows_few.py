"""Rows of the table of games: few labels, and pyramids."""

from __future__ import annotations

import torch

from counterplay.game import Batch, generator
from counterplay.games.catgan import CatGAN
from counterplay.games.lapgan import LAPGAN
from counterplay.games.semisupervised import SemiSupervised
from counterplay.laws import Normal, Uniform
from counterplay.networks.noisy import NoisyClassifier, SoftGenerator
from counterplay.networks.pyramid import (
    CoarseCritic,
    CoarseGenerator,
    LevelCritic,
    LevelGenerator,
)

SIDE, LEVELS = 16, 2


def triples(*shape: int) -> Batch:
    rng = generator("triples")
    x = torch.randn(12, *shape, generator=rng)
    return Batch(x, torch.randint(3, (12,), generator=rng))


def pictures() -> Batch:
    return Batch(torch.rand(8, 1, SIDE, SIDE, generator=generator("pictures")) * 2 - 1)


def nets(*shape: int) -> tuple[SoftGenerator, NoisyClassifier, Uniform]:
    return SoftGenerator(4, shape, 8), NoisyClassifier(shape, 3, 16), Uniform(4)


def pyramid() -> LAPGAN:
    small = SIDE >> LEVELS
    return LAPGAN(
        [*(LevelGenerator(1, 4, 1) for _ in range(LEVELS)), CoarseGenerator(4, (1, small, small))],
        [*(LevelCritic(1, SIDE >> k, 4) for k in range(LEVELS)), CoarseCritic((1, small, small))],
        Normal(4),
        SIDE,
    )


ROWS = {
    "semi-supervised on points": (lambda: SemiSupervised(*nets(2)), lambda: triples(2)),
    "semi-supervised on pictures": (
        lambda: SemiSupervised(*nets(1, 4, 4)),
        lambda: triples(1, 4, 4),
    ),
    "the classifier by itself": (
        lambda: SemiSupervised(*nets(2), unsupervised=0.0),
        lambda: triples(2),
    ),
    "catgan on points": (lambda: CatGAN(*nets(2)), lambda: triples(2)),
    "lapgan on pictures": (pyramid, pictures),
}
"""Name -> (makes the game, makes a batch for it)."""
