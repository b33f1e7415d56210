"""Games of a classifier from their specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes.build.moves import adam
from counterplay.recipes.specs.semisupervised import (
    CatGan,
    Lapgan,
    Noisy,
    Pyramid,
    SemiSupervised,
)

if TYPE_CHECKING:
    from counterplay.data import Domain, Source
    from counterplay.game import Game

__all__ = ["FIRST", "GAMES", "KINDS"]

STARTED_WITH = 500
"""Examples that the classifier's weights start from, as published."""


def _semisupervised(spec: SemiSupervised, domain: Domain, share: tuple[float, ...]) -> Game:
    from counterplay.games.semisupervised import SemiSupervised as Made

    return Made(**_parts(spec, domain), unsupervised=spec.unsupervised)


def _catgan(spec: CatGan, domain: Domain, share: tuple[float, ...]) -> Game:
    from counterplay.games.catgan import CatGAN

    return CatGAN(**_parts(spec, domain), supervised=spec.supervised)


def _parts(spec: SemiSupervised | CatGan, domain: Domain) -> dict[str, Any]:
    from counterplay.laws import Uniform
    from counterplay.networks.noisy import NoisyClassifier, SoftGenerator

    classes, nets = len(domain.classes), spec.networks
    if classes < 2:
        raise UserError("the game tells classes apart, and the data have none; give labelled data")
    noise = (nets.input_noise, nets.hidden_noise)
    return {
        "generator": SoftGenerator(spec.latent, domain.shape, nets.generator_width),
        "critic": NoisyClassifier(domain.shape, classes, nets.width, noise),
        "latent": Uniform(spec.latent),
        "moves": (adam(spec.critic), adam(spec.generator)),
    }


def _lapgan(spec: Lapgan, domain: Domain, share: tuple[float, ...]) -> Game:
    from counterplay.games.lapgan import LAPGAN
    from counterplay.laws import Normal
    from counterplay.networks import pyramid

    nets, picture = spec.networks, domain.shape
    channels, size = picture[0], picture[-1]
    small = size >> nets.levels
    if small < 4 or small << nets.levels != size:
        raise UserError(
            f"game.networks.levels: {nets.levels} halvings of pictures of {size}x{size} leave no "
            f"whole side of 4 or more; {_halvings(size)} do"
        )
    shape, width = (channels, small, small), nets.width
    finer = [pyramid.LevelGenerator(channels, width, nets.reach) for _ in range(nets.levels)]
    judges = [pyramid.LevelCritic(channels, size >> k, width) for k in range(nets.levels)]
    return LAPGAN(
        [*finer, pyramid.CoarseGenerator(spec.latent, shape, nets.coarse_width)],
        [*judges, pyramid.CoarseCritic(shape, nets.coarse_width)],
        Normal(spec.latent),
        size,
        slope=spec.r1,
        moves=(adam(spec.critic), adam(spec.generator)),
    )


def _halvings(size: int) -> int:
    """Return how often a side can be halved and be a whole number from 4."""
    return 0 if size % 2 or size < 8 else 1 + _halvings(size // 2)


def _start(game: Any, source: Source, seed: int) -> None:
    device = next(game.parameters()).device
    game.start(source.examples("train", STARTED_WITH, seed).x.to(device), seed)


KINDS: dict[type, tuple[str, ...]] = {Noisy: ("image", "vector"), Pyramid: ("image",)}
"""The kinds of data that networks are for."""

GAMES: dict[type, Any] = {SemiSupervised: _semisupervised, CatGan: _catgan, Lapgan: _lapgan}

FIRST: dict[type, Any] = {SemiSupervised: _start, CatGan: _start}
"""Spec -> what is done to a new game with its data before its first round."""
