"""Pictures of the free trainings: windows, stains, crosses, dusk, grain, lanterns, bridges."""

from __future__ import annotations

import numpy as np

from counterplay.recipes.doctor_bench.material import Made, dice, split

__all__ = ["bridges", "crosses", "dusk", "grain", "lanterns", "stains", "windows"]

HELD = 800


def _parted(x: np.ndarray, which: np.ndarray, train: int, told: bool) -> Made:
    labels = {k.replace("x_", "y_"): v for k, v in split(which, train).items()}
    return split(np.clip(x, 0, 255).astype(np.uint8), train) | (labels if told else {})


def windows(train: int) -> Made:
    """A window of four panes, lit or not."""
    rng = dice()
    n = train + HELD
    lit = rng.random((n, 2, 2)) < 0.5
    shade = np.where(
        lit, 190 + 25 * rng.normal(size=(n, 2, 2)), 60 + 10 * rng.normal(size=(n, 2, 2))
    )
    x = np.full((n, 8, 8), 30.0)
    for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
        x[:, 4 * i : 4 * i + 3, 4 * j : 4 * j + 3] = shade[:, i, j, None, None]
    return _parted(x + 6 * rng.normal(size=x.shape), lit.sum((1, 2)), train, False)


def stains(train: int) -> Made:
    """A dark oval on paper: anywhere, long or round, turned anyhow."""
    rng = dice()
    n = train + HELD
    at, turn = 2.2 + 2.6 * rng.random((n, 2, 1, 1)), np.pi * rng.random((n, 1, 1))
    long, thin = 1.8 + 0.8 * rng.random((n, 1, 1)), 0.9 + 0.6 * rng.random((n, 1, 1))
    i, j = np.indices((8, 8))
    down, right = i - at[:, 0], j - at[:, 1]
    a = (down * np.cos(turn) + right * np.sin(turn)) / long
    b = (right * np.cos(turn) - down * np.sin(turn)) / thin
    x = 215 - (120 + 40 * rng.random((n, 1, 1))) * np.exp(-0.5 * (a**2 + b**2) ** 2)
    return _parted(x + 7 * rng.normal(size=x.shape), turn[:, 0, 0], train, False)


def crosses(train: int, told: bool = False, uneven: bool = False) -> Made:
    """Five signs of bars, about in the middle: upright, flat, plus, slash and times."""
    rng = dice()
    n = train + HELD
    which = rng.choice(5, n, p=[0.5, 0.25, 0.13, 0.08, 0.04] if uneven else [0.2] * 5)
    at = 3.5 + 0.35 * rng.normal(size=(n, 2))
    i, j = np.indices((8, 8))
    down, right = (v - at[:, k, None, None] for k, v in enumerate((i, j)))
    off = np.stack([right, down, (down - right) / 2**0.5, (down + right) / 2**0.5])
    bars = 1 / (1 + np.exp(4 * (np.abs(off) - 0.8)))
    has = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 1]])
    inside = (bars * has[which].T[:, :, None, None]).max(0)
    x = 35 + (150 + 40 * rng.random((n, 1, 1))) * inside
    return _parted(x + 8 * rng.normal(size=x.shape), which, train, told)


def dusk(train: int) -> Made:
    """A field after sunset: the sky's glow, the line where it ends, and all of it dim."""
    rng = dice()
    n = train + HELD
    line, slope = 2.5 + 3 * rng.random((n, 1, 1)), 0.35 * rng.normal(size=(n, 1, 1))
    i, j = np.indices((8, 8))
    sky = 70 + 60 * rng.random((n, 1, 1)) * np.exp(-0.15 * (line - i) ** 2)
    x = np.where(i < line + slope * (j - 3.5), sky, 12 + 25 * rng.random((n, 1, 1)))
    return _parted(x + 5 * rng.normal(size=x.shape), line[:, 0, 0], train, False)


def grain(train: int) -> Made:
    """Pictures of nothing: each pixel is on one of four levels by lot."""
    levels = 85 * dice().integers(0, 4, (train + HELD, 8, 8))
    return _parted(levels, levels[:, 0, 0], train, False)


def lanterns(train: int) -> Made:
    """A paper lantern in one of four colours before the night, high or low, near or far."""
    rng = dice()
    n = train + HELD
    inks = np.array([[230, 60, 40], [240, 190, 60], [60, 170, 110], [90, 90, 220]])
    which, at = rng.integers(0, 4, n), 2.6 + 1.8 * rng.random((n, 2, 1, 1))
    wide = 1.6 + 0.9 * rng.random((n, 1, 1))
    i, j = np.indices((8, 8))
    away = np.hypot(i - at[:, 0], 1.2 * (j - at[:, 1])) / wide
    glow = (0.7 + 0.3 * rng.random((n, 1, 1))) / (1 + np.exp(5 * (away - 1)))
    x = 20 + glow[..., None] * inks[which][:, None, None]
    return _parted(x + 7 * rng.normal(size=x.shape), which, train, False)


def bridges(train: int) -> Made:
    """Pictures of 12x12: a bridge of one arch over water, by day or in the evening."""
    rng = dice()
    n = train + HELD
    i, j = np.indices((12, 12))
    deck = 3 + 2 * rng.random((n, 1, 1))
    wide, middle = 2.5 + 2 * rng.random((n, 1, 1)), 5.5 + rng.normal(size=(n, 1, 1))
    arch = ((j - middle) / wide) ** 2 + ((12 - i) / (11 - deck)) ** 2 < 1
    light = 120 + 90 * rng.random((n, 1, 1))
    stone = 40 + 30 * rng.random((n, 1, 1))
    x = np.where((i < deck) | arch, light - 5 * i, stone)
    return _parted(x + 7 * rng.normal(size=x.shape), deck[:, 0, 0], train, False)
