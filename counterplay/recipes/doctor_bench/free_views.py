"""Pictures of the free trainings: stairways, rainbows, targets, panes, candles, tiles."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from counterplay.recipes.doctor_bench.material import Made, dice, sampled, split

__all__ = [
    "again",
    "binary",
    "candles",
    "clipped",
    "coarse",
    "dimly",
    "drawn",
    "fractions",
    "levels",
    "negative",
    "panes",
    "rainbows",
    "same",
    "sixteen",
    "stairways",
    "stuttered",
    "targets",
    "tiles",
]

Parts = Mapping[str, np.ndarray]


def parted(x: np.ndarray, which: np.ndarray, train: int, told: bool) -> Made:
    """Rows to train on and to hold out, with their classes where they are told."""
    labels = {k.replace("x_", "y_"): v for k, v in split(which, train).items()}
    return split(x, train) | (labels if told else {})


def _level(x: np.ndarray) -> np.ndarray:
    return np.clip(x, 0, 255).astype(np.uint8)


def stairways(train: int, told: bool = False) -> Made:
    """Four steps up to the right, up to the left, or one of the two hanging from above."""
    rng = dice()
    n = train + 800
    which = rng.integers(0, 4, n)
    tread, rise = rng.integers(0, 3, n)[:, None, None], rng.integers(0, 2, n)[:, None, None]
    i, j = np.indices((8, 8))[:, None]
    across = np.where((which % 2 == 1)[:, None, None], 7 - j, j)
    down = np.where((which > 1)[:, None, None], 7 - i, i)
    inside = 7 - down <= 2 * ((across + tread) // 2) - rise
    dark, light = 30 + 30 * rng.random((n, 1, 1)), 160 + 60 * rng.random((n, 1, 1))
    x = np.where(inside, light, dark) + 9 * rng.normal(size=(n, 8, 8))
    return parted(_level(x), which, train, told)


def rainbows(train: int) -> Made:
    """Three bows of colour around a point below, in one of four orders, in more or less sun."""
    rng = dice()
    n = train + 800
    inks = np.array([[220, 50, 40], [240, 200, 60], [60, 170, 70], [50, 80, 200], [130, 170, 220]])
    order = np.array([[4, 0, 1, 3], [4, 3, 2, 0], [4, 1, 2, 3], [4, 2, 0, 1]])
    which, at = rng.integers(0, 4, n), 3.5 + 0.6 * rng.normal(size=(n, 1, 1))
    i, j = np.indices((8, 8))[:, None]
    away = np.hypot(8.5 - i, j - at)
    band = np.where(away < 2.5, 0, np.clip((away - 0.5) // 2, 1, 4)).astype(int) % 4
    x = inks[order[which[:, None, None], band]] * (0.7 + 0.3 * rng.random((n, 1, 1, 1)))
    return split(_level(x + 9 * rng.normal(size=x.shape)), train)


def targets(train: int, told: bool = False) -> Made:
    """Rings around about the middle, of one of three widths, the innermost one bright or dark."""
    rng = dice()
    n = train + 800
    which = rng.integers(0, 6, n)
    wide = np.array([1.6, 2.2, 3.0])[which % 3][:, None, None]
    at = 3.5 + 0.3 * rng.normal(size=(n, 2, 1, 1))
    i, j = np.indices((8, 8))[:, None]
    wave = np.cos(np.pi * np.hypot(i - at[:, 0], j - at[:, 1]) / wide)
    side = (1 - 2 * (which // 3))[:, None, None]
    x = 127 + (75 + 35 * rng.random((n, 1, 1))) * side * wave + 8 * rng.normal(size=(n, 8, 8))
    return parted(_level(x), which, train, told)


def panes(train: int, told: bool = False) -> Made:
    """A window of four panes, each lit or not; told how many of them are."""
    rng = dice()
    n = train + 800
    lit = rng.random((n, 2, 2)) < 0.5
    glow = np.where(lit, 150 + 70 * rng.random((n, 1, 1)), 35 + 20 * rng.random((n, 1, 1)))
    x = np.full((n, 8, 8), 95.0)
    for a in range(2):
        for b in range(2):
            here = slice(1 + 3 * a + a, 4 + 3 * a), slice(1 + 3 * b + b, 4 + 3 * b)
            x[:, here[0], here[1]] = glow[:, a, b, None, None]
    x = x + 8 * rng.normal(size=x.shape)
    return parted(_level(x), lit.sum((1, 2)), train, told)


def candles(train: int) -> Made:
    """Three candles of 12x12, burnt down by unlike much, each with its flame."""
    rng = dice()
    n = train + 800
    tall = rng.integers(2, 8, (n, 3))[:, None]
    i, j = np.indices((12, 12))[:, None]
    place, beside = j // 4, j % 4
    high = 12 - np.take_along_axis(np.broadcast_to(tall, (n, 12, 3)), place.repeat(n, 0), 2)
    body = (i >= high) & (beside > 0) & (beside < 3)
    flame = np.exp(-(((i - high + 2.2) / 1.3) ** 2) - ((beside - 1.5) / 0.9) ** 2)
    bright = 120 + 80 * rng.random((n, 1, 1))
    x = 20 + np.where(body, 0.6 * bright, 0) + np.where(i < high, bright * flame, 0)
    return split(_level(x + 7 * rng.normal(size=x.shape)), train)


def tiles(train: int) -> Made:
    """Tiles in colour that are parted from corner to corner, in two of five colours."""
    rng = dice()
    n = train + 800
    inks = np.array([[210, 60, 50], [50, 90, 200], [235, 225, 200], [60, 150, 80], [230, 180, 50]])
    pair = np.array([rng.permutation(5)[:2] for _ in range(n)])
    i, j = np.indices((8, 8))[:, None]
    above = np.where((rng.random(n) < 0.5)[:, None, None], i < j, i + j < 7)
    x = np.where(above[..., None], inks[pair[:, 0], None, None], inks[pair[:, 1], None, None])
    x = x * (0.8 + 0.2 * rng.random((n, 1, 1, 1))) + 9 * rng.normal(size=(n, 8, 8, 3))
    return split(_level(x), train)


# ---- data that are wrong


def same(found: Parts, names: int = 0, number: int = 320) -> Made:
    """One example again and again, under so many names where there are any."""
    x = np.repeat(found["x_train"][:1], number, 0)
    return (x, np.arange(number) % names) if names else x


def again(found: Parts, part: int, times: int) -> Made:
    """Examples, with their classes where they are told, the first of them several times."""
    return {
        k: np.concatenate([v, *[v[:part]] * (times - 1)]) if k.endswith("train") else v
        for k, v in found.items()
    }


def drawn(found: Parts, number: int) -> Made:
    """A sample with replacement in the place of the examples themselves."""
    x = found["x_train"]
    return {**found, "x_train": x[dice().integers(0, len(x), number)]}


def stuttered(found: Parts) -> Made:
    """Pictures by a camera that sends the last one again while the next one is late."""
    x = found["x_train"]
    return {**found, "x_train": np.repeat(x, dice().integers(1, 6, len(x)), 0)}


def clipped(number: int, level: int) -> Made:
    """Pictures that are of one level all over."""
    return np.full((number, 8, 8), level, np.uint8)


def _changed(found: Parts, change: object) -> Made:
    assert callable(change), "a change is made of the values"
    return {k: change(v) if k.startswith("x_") else v for k, v in found.items()}


def levels(found: Parts, low: float, high: float) -> Made:
    """Levels from ``low`` to ``high``, as bytes."""
    return _changed(found, lambda x: np.round(low + x * ((high - low) / 255)).astype(np.uint8))


def fractions(found: Parts, low: float, high: float) -> Made:
    """The same as fractions."""
    return _changed(found, lambda x: (low + x * ((high - low) / 255)).astype(np.float32))


def dimly(found: Parts, most: float, gamma: float) -> Made:
    """Levels of which a curve leaves only what is brightest, and of that not much."""
    return _changed(found, lambda x: np.round(most * (x / 255) ** gamma).astype(np.uint8))


def negative(found: Parts) -> Made:
    """A thin negative: white, but for a little less of it where it was bright."""
    return _changed(found, lambda x: (252 - x // 14).astype(np.uint8))


def coarse(found: Parts, bits: int) -> Made:
    """Levels of few bits that were not brought back to eight."""
    return _changed(found, lambda x: x >> (8 - bits))


def sixteen(found: Parts, low: int, step: int) -> Made:
    """Counts of sixteen bits, ``step`` of them for each level."""
    return _changed(found, lambda x: (low + step * x.astype(np.uint16)).astype(np.uint16))


def binary(train: int) -> Made:
    """Larger digits with their classes, cut at one half and saved as levels 0 and 1."""
    return _changed(sampled("mnist", train, 2), lambda x: (x > 110).astype(np.uint8))
