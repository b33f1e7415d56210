"""Data of the vast trainings: hearts, combs, tides, keys, dice, dunes, hands, skylines, bells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from counterplay.recipes.doctor_bench.material import Made, dice, split
from counterplay.recipes.doctor_bench.vast_files import (
    bells,
    books,
    flights,
    larder,
    phones,
    rolls,
    wages,
)

__all__ = ["VAST"]


def _parted(x: np.ndarray, which: np.ndarray, train: int, told: bool) -> Made:
    labels = {k.replace("x_", "y_"): v for k, v in split(which, train).items()}
    return split(x, train) | (labels if told else {})


def _level(x: np.ndarray) -> np.ndarray:
    return np.clip(x, 0, 255).astype(np.uint8)


# ---- points and rows of numbers


def valentine(train: int) -> Made:
    """The outline of a heart."""
    rng = dice()
    t = 2 * np.pi * rng.random(train + 800)
    down = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    x = np.stack([16 * np.sin(t) ** 3, down], 1) / 8
    return split((x + 0.08 * rng.normal(size=x.shape)).astype(np.float32), train)


def teeth() -> Made:
    """Seven long Gaussians beside each other."""
    rng = dice()
    at = 0.7 * (rng.integers(0, 7, 4000) - 3)
    x = np.stack([at, np.zeros(4000)], 1) + rng.normal(size=(4000, 2)) * [0.08, 0.5]
    return x.astype(np.float32)


def rare(told: bool = False) -> Made:
    """Five Gaussians of which the first has half of the points and the last one in 25."""
    rng = dice()
    which = rng.choice(5, 4000, p=[0.45, 0.28, 0.15, 0.08, 0.04])
    turn = which * 2 * np.pi / 5
    x = 2 * np.stack([np.cos(turn), np.sin(turn)], 1) + 0.2 * rng.normal(size=(4000, 2))
    return (x.astype(np.float32), which) if told else x.astype(np.float32)


def trio() -> Made:
    """Three Gaussians in space, a narrow one, a wider one and a wide one."""
    rng = dice()
    which = rng.integers(0, 3, 3000)
    centres = np.array([[-1.5, -1, 0.5], [1.5, -1, -0.5], [0, 1.5, 1]])
    std = np.array([0.12, 0.25, 0.4])[which, None]
    return (centres[which] + std * rng.normal(size=(3000, 3))).astype(np.float32)


def zigzag() -> Made:
    """A line that turns five times."""
    rng = dice()
    t = 6 * rng.random(4000)
    x = np.stack([0.7 * (t - 3), 1.6 * np.abs(t % 2 - 1) - 0.8], 1)
    return (x + 0.07 * rng.normal(size=x.shape)).astype(np.float32)


def egg() -> Made:
    """The surface of an egg."""
    rng = dice()
    x = rng.normal(size=(3000, 3))
    x *= np.array([2.0, 1.3, 1.0]) / np.linalg.norm(x, axis=1, keepdims=True)
    return (x + 0.08 * rng.normal(size=x.shape)).astype(np.float32)


def saddle() -> Made:
    """A saddle in space."""
    rng = dice()
    a, b = 2.6 * rng.random((2, 3000)) - 1.3
    return (np.stack([a, b, a * a - b * b], 1) + 0.08 * rng.normal(size=(3000, 3))).astype("f4")


def gusts() -> Made:
    """Five columns that hang together, with tails that reach ten deviations."""
    rng = dice()
    mix = np.eye(5) + 0.5 * rng.normal(size=(5, 5))
    return (rng.standard_t(4, size=(2500, 5)) @ mix / 2).astype(np.float32)


def answers(train: int) -> Made:
    """Eight answers from 1 to 5: whole numbers, as people of two leanings give them."""
    rng = dice()
    n = train + 800
    lean, mix = rng.normal(size=(n, 2)), rng.normal(size=(2, 8))
    x = np.round(3 + 0.9 * lean @ mix + 0.5 * rng.normal(size=(n, 8)))
    return split(np.clip(x, 1, 5).astype(np.float32), train)


def tides(train: int) -> Made:
    """The sea's level in each of fourteen hours, by the moon, the sun and the wind."""
    rng = dice()
    n, at = train + 800, np.arange(14)
    moon, sun = 1.2 + 0.3 * rng.normal(size=(n, 1)), 0.5 + 0.15 * rng.normal(size=(n, 1))
    late, rise = 2 * np.pi * rng.random((n, 1)), 0.6 * rng.normal(size=(n, 1))
    x = moon * np.cos(2 * np.pi * at / 12.4 + late) + sun * np.cos(2 * np.pi * at / 24 + 0.5 * late)
    return split((x + rise + 0.15 * rng.normal(size=(n, 14))).astype(np.float32), train)


def leaves(train: int, told: bool = False) -> Made:
    """Six measures of leaves of three trees, half of them of the first: a size and a shape."""
    rng = dice()
    n = train + 800
    which = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    centres = np.array([[0, 0], [1.6, 0.8], [0.4, -1.6]])
    hidden = centres[which] + rng.normal(size=(n, 2)) * [0.6, 0.3]
    mix = np.array([[1, 0.9, 0.5, 0.8, 0.3, 1.2], [0.6, -0.8, 0.7, -0.3, 1.0, 0.1]])
    x = hidden @ mix + 0.15 * rng.normal(size=(n, 6))
    return _parted(x.astype(np.float32), which, train, told)


def walks(train: int) -> Made:
    """Twelve days of a price: a walk, whose steps are larger in some than in others."""
    rng = dice()
    n = train + 800
    step = np.exp(0.4 * rng.normal(size=(n, 1))) * rng.normal(size=(n, 12))
    return split(step.cumsum(1).astype(np.float32), train)


def white(train: int) -> Made:
    """Sixteen columns of noise that has nothing to do with each other."""
    return split(dice().normal(size=(train + 800, 16)).astype(np.float32), train)


# ---- rows of bits


def _bits(x: np.ndarray, train: int) -> Made:
    return split(x.reshape(train + 800, -1).astype(np.float32), train)


def coins(train: int) -> Made:
    """Rows of 60 coins."""
    return _bits(dice().random((train + 800, 60)) < 0.5, train)


def menus(train: int) -> Made:
    """Rows of 30 bits: which of six dishes somebody of four kinds took in five courses."""
    rng = dice()
    n = train + 800
    likes = rng.integers(0, 6, (4, 5))[rng.integers(0, 4, n)]
    taken = np.where(rng.random((n, 5)) < 0.6, likes, rng.integers(0, 6, (n, 5)))
    return _bits(taken[..., None] == np.arange(6), train)


def keys(train: int) -> Made:
    """Rows of 30 bits: a chord of four kinds on one of eighteen keys, rarely struck wrong."""
    rng = dice()
    n = train + 800
    chords = np.array([[0, 4, 7, 12], [0, 3, 7, 12], [0, 3, 6, 9], [0, 4, 7, 10]])
    struck = chords[rng.integers(0, 4, n)] + rng.integers(0, 18, (n, 1))
    x = (struck[..., None] == np.arange(30)).any(1)
    return _bits(x ^ (rng.random(x.shape) < 0.02), train)


def paths(train: int) -> Made:
    """Rows of 42 bits: a path through six columns of seven places, each near the one before."""
    rng = dice()
    n = train + 800
    at, columns = rng.integers(0, 7, n), []
    for _ in range(6):
        columns.append(at[:, None] == np.arange(7))
        at = np.clip(at + rng.integers(-1, 2, n), 0, 6)
    x = np.concatenate(columns, 1)
    return _bits(x ^ (rng.random(x.shape) < 0.005), train)


def four_dice(train: int) -> Made:
    """Rows of 24 bits: four dice, of which each likes to fall as the one before did."""
    rng = dice()
    n = train + 800
    fallen = rng.integers(0, 6, (n, 4))
    for i in range(1, 4):
        fallen[:, i] = np.where(rng.random(n) < 0.5, fallen[:, i - 1], fallen[:, i])
    return _bits(fallen[..., None] == np.arange(6), train)


# ---- pictures


def dunes(train: int) -> Made:
    """Hills of grey, smooth and anywhere."""
    rng = dice()
    n, at = train + 800, (np.arange(8) + 0.5) / 8
    waves = np.cos(np.pi * np.arange(3)[:, None] * at)
    size = 34 / (1 + np.add.outer(np.arange(3), np.arange(3)))
    x = np.einsum("nuv,ui,vj->nij", size * rng.normal(size=(n, 3, 3)), waves, waves)
    return split(_level(128 + x + 8 * rng.normal(size=x.shape)), train)


def embers(train: int) -> Made:
    """A glow of some width anywhere, that is never bright: the lower half of the levels."""
    rng = dice()
    n = train + 800
    at, wide = 1.5 + 4 * rng.random((n, 2, 1, 1)), 1.2 + rng.random((n, 1, 1))
    i, j = np.indices((8, 8))
    away = ((i - at[:, 0]) ** 2 + (j - at[:, 1]) ** 2) / (2 * wide**2)
    glow = (70 + 50 * rng.random((n, 1, 1))) * np.exp(-away)
    return split(_level(12 + glow + 5 * rng.normal(size=glow.shape)), train)


def hands(train: int, told: bool = False, uneven: bool = False) -> Made:
    """A clock's only hand in one of six directions, about; some of them rare if ``uneven``."""
    rng = dice()
    n = train + 800
    share = np.array([0.36, 0.24, 0.16, 0.12, 0.07, 0.05]) if uneven else np.full(6, 1 / 6)
    which = rng.choice(6, n, p=share)
    turn = (which * np.pi / 3 + 0.12 * rng.normal(size=n))[:, None, None]
    i, j = np.indices((8, 8)) - 3.5
    along, off = i * np.sin(turn) + j * np.cos(turn), i * np.cos(turn) - j * np.sin(turn)
    inside = 1 / (1 + np.exp(4 * (np.abs(off) - 0.9))) / (1 + np.exp(-4 * (along + 0.5)))
    x = 30 + (150 + 60 * rng.random((n, 1, 1))) * inside + 10 * rng.normal(size=inside.shape)
    return _parted(_level(x), which, train, told)


def flags(train: int) -> Made:
    """Flags of six countries in a changing light: three stripes, across or down."""
    rng = dice()
    n = train + 800
    colours, which = rng.integers(30, 226, (6, 3, 3)), rng.integers(0, 6, n)
    stripe = np.repeat(colours[which], [3, 2, 3], 1)[:, :, None].repeat(8, 2)
    x = np.where((which < 3)[:, None, None, None], stripe, stripe.transpose(0, 2, 1, 3))
    light = 0.75 + 0.35 * rng.random((n, 1, 1, 1)) + 0.15 * rng.normal(size=(n, 1, 1, 3))
    return split(_level(x * light + 10 * rng.normal(size=x.shape)), train)


def skylines(train: int) -> Made:
    """Hills before a sky, of 12x12: how they rise, how dark they are, how bright it is."""
    rng = dice()
    n, at = train + 800, np.arange(12) / 12
    waves = np.stack([np.cos(np.pi * at), np.cos(2 * np.pi * at), np.cos(3 * np.pi * at)])
    top = 6 + rng.normal(size=(n, 3)) * [2.0, 1.3, 0.8] @ waves
    depth = np.arange(12)[:, None] - top[:, None]
    ground, sky = 30 + 50 * rng.random((n, 1, 1)), 150 + 70 * rng.random((n, 1, 1))
    x = ground + (sky - ground) / (1 + np.exp(2 * depth))
    return split(_level(x + 8 * rng.normal(size=x.shape)), train)


def snow(train: int) -> Made:
    """A screen without a channel: each pixel on one of five levels."""
    return split((60 * dice().integers(0, 5, (train + 800, 8, 8))).astype(np.uint8), train)


VAST: Mapping[str, Callable[[], Made]] = {
    "valentine": partial(valentine, 2500),
    "valentine-16": partial(valentine, 16),
    "valentine-12": partial(valentine, 12),
    "comb-teeth": teeth,
    "rare-five": rare,
    "rare-five-told": partial(rare, told=True),
    "trio-widths": trio,
    "zigzag-line": zigzag,
    "egg-shell": egg,
    "saddle-sheet": saddle,
    "gusts-tails": gusts,
    "answers-five": partial(answers, 1500),
    "sea-tides": partial(tides, 1500),
    "sea-tides-30": partial(tides, 30),
    "leaf-sizes": partial(leaves, 1500),
    "leaf-sizes-told": partial(leaves, 1500, told=True),
    "leaf-sizes-18": partial(leaves, 18),
    "price-walks": partial(walks, 1500),
    "price-walks-36": partial(walks, 36),
    "price-walks-20": partial(walks, 20),
    "white-noise-120": partial(white, 120),
    "white-noise-18": partial(white, 18),
    "white-noise-16": partial(white, 16),
    "coin-rows-200": partial(coins, 200),
    "coin-rows-24": partial(coins, 24),
    "coin-rows-16": partial(coins, 16),
    "coin-rows-12": partial(coins, 12),
    "menu-rows": partial(menus, 1500),
    "menu-rows-120": partial(menus, 120),
    "menu-rows-16": partial(menus, 16),
    "piano-keys": partial(keys, 1500),
    "piano-keys-36": partial(keys, 36),
    "piano-keys-20": partial(keys, 20),
    "piano-keys-16": partial(keys, 16),
    "path-rows": partial(paths, 1500),
    "path-rows-40": partial(paths, 40),
    "path-rows-18": partial(paths, 18),
    "four-dice": partial(four_dice, 1200),
    "dune-shades": partial(dunes, 1500),
    "dune-shades-18": partial(dunes, 18),
    "ember-glow": partial(embers, 1500),
    "clock-hands": partial(hands, 1500),
    "clock-hands-told": partial(hands, 1500, told=True),
    "clock-hands-uneven": partial(hands, 1500, told=True, uneven=True),
    "clock-hands-14": partial(hands, 14),
    "striped-flags": partial(flags, 1200),
    "striped-flags-20": partial(flags, 20),
    "hill-skylines": partial(skylines, 1200),
    "hill-skylines-24": partial(skylines, 24),
    "hill-skylines-18": partial(skylines, 18),
    "snow-screen-24": partial(snow, 24),
    "snow-screen-12": partial(snow, 12),
    "flight-log": partial(flights, 1600),
    "flight-log-80": partial(flights, 80),
    "flight-log-30": partial(flights, 30),
    "book-list": partial(books, 1600),
    "book-list-70": partial(books, 70),
    "wage-list": partial(wages, 1600),
    "dice-rolls": partial(rolls, 1200),
    "phone-list-60": partial(phones, 60),
    "larder-list": partial(larder, 3000),
    "struck-bells": partial(bells, 240),
    "struck-bells-5": partial(bells, 5),
}
"""Name -> maker."""
