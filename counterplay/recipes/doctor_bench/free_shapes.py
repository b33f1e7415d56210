"""Data of free trainings: buoys, orbits, cushions, broths, ripples, engines, gaits, harvests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from counterplay.recipes.doctor_bench.drawn import faces, houses
from counterplay.recipes.doctor_bench.free_sights import (
    blinds,
    horns,
    kites,
    panes,
    parted,
    quarters,
    signs,
    swells,
    washes,
)
from counterplay.recipes.doctor_bench.material import Made, dice, filed, sampled, split

__all__ = ["FREE_SHAPES"]


def _near(centres: np.ndarray, std: float, n: int = 4000) -> np.ndarray:
    """Gaussians around these centres."""
    rng = dice()
    x = centres[rng.integers(0, len(centres), n)] + std * rng.normal(size=(n, centres.shape[1]))
    return x.astype(np.float32)


def _circle(number: int, radius: float = 2.0) -> np.ndarray:
    turn = np.arange(number) * 2 * np.pi / number
    return radius * np.stack([np.cos(turn), np.sin(turn)], 1)


# ---- points around a middle where nothing is


def buoys() -> Made:
    """Five Gaussians on a circle."""
    return _near(_circle(5), 0.15)


def carousel() -> Made:
    """Six Gaussians on an ellipse."""
    return _near(_circle(6) * np.array([1.2, 0.75]), 0.14)


def clover() -> Made:
    """Three wide Gaussians around a middle."""
    return _near(_circle(3, 1.8), 0.28)


def ferris() -> Made:
    """Ten Gaussians on a circle."""
    return _near(_circle(10, 2.2), 0.12)


def gates() -> Made:
    """Four gates of two posts each, on four sides."""
    apart = np.array([[-0.4, 0.4], [0.4, -0.4]])
    return _near(np.concatenate([c + apart for c in _circle(4)]), 0.12)


def hedges() -> Made:
    """The four sides of a square, which do not meet at its corners."""
    rng = dice()
    side, along = rng.integers(0, 4, 4000), 1.6 * rng.random(4000) - 0.8
    turn = side * np.pi / 2
    x = [1.8 * np.cos(turn) - along * np.sin(turn), 1.8 * np.sin(turn) + along * np.cos(turn)]
    return (np.stack(x, 1) + 0.1 * rng.normal(size=(4000, 2))).astype(np.float32)


def shores() -> Made:
    """Two Gaussians in space, far from each other."""
    return _near(np.array([[1.6, 0.8, -1.2], [-1.6, -0.8, 1.2]]), 0.2)


def tetra() -> Made:
    """Four Gaussians in space, each as far from each."""
    return _near(1.2 * np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]), 0.2)


def cube() -> Made:
    """A Gaussian at each of the eight corners of a cube."""
    return _near(
        1.3 * np.array([[i, j, k] for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)]), 0.18
    )


def orbit() -> Made:
    """Seven Gaussians on a tilted circle in space."""
    flat = _circle(7)
    return _near(np.concatenate([flat, 0.8 * flat[:, :1]], 1), 0.14)


def pentatope() -> Made:
    """Five Gaussians in five dimensions, each as far from each."""
    return _near(2.4 * (np.eye(5) - 0.2), 0.2)


def lighthouses() -> Made:
    """Eight Gaussians in four dimensions, two at the ends of each axis."""
    return _near(2 * np.concatenate([np.eye(4), -np.eye(4)]), 0.18)


# ---- solids: whatever is between two of their points is of them, too


def cushion() -> Made:
    """A cube of five dimensions, evenly filled."""
    return (2.4 * dice().random((4000, 5)) - 1.2).astype(np.float32)


def pearl() -> Made:
    """A ball of six dimensions, evenly filled."""
    rng = dice()
    x = rng.normal(size=(4000, 6))
    size = rng.random((4000, 1)) ** (1 / 6)
    return (2 * size * x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)


def loaves() -> Made:
    """A Gaussian of seven dimensions, each of which hangs together with the ones beside it."""
    gap = np.abs(np.subtract.outer(np.arange(7), np.arange(7)))
    return (dice().normal(size=(4000, 7)) @ np.linalg.cholesky(0.4**gap).T).astype(np.float32)


def budgets() -> Made:
    """How seven posts share a hundred."""
    return (100 * dice().dirichlet(np.full(7, 2.5), 4000)).astype(np.float32)


def grains() -> Made:
    """Six measures of grains, none below nought, each with a long tail."""
    return dice().gamma(4.0, 0.5, (4000, 6)).astype(np.float32)


def wedge() -> Made:
    """Six numbers in order, the smallest first."""
    return (3 * np.sort(dice().random((4000, 6)), 1)).astype(np.float32)


def broths(train: int, told: bool = False) -> Made:
    """Twelve measures of broths that eight ingredients make; whether much of the first is in."""
    rng = dice()
    n = train + 800
    put = rng.normal(size=(n, 8))
    x = put @ np.linalg.qr(rng.normal(size=(12, 8)))[0].T * 1.5 + 0.05 * rng.normal(size=(n, 12))
    return parted(x.astype(np.float32), (put[:, 0] > 0).astype(int), train, "yes" if told else "")


def ripples(train: int) -> Made:
    """Sixteen heights of a wave of four lengths, each from any place on."""
    rng = dice()
    n, at = train + 800, np.arange(16) / 16
    waves = [f(2 * np.pi * k * at) for k in (1, 2, 3, 4) for f in (np.cos, np.sin)]
    x = rng.normal(size=(n, 8)) @ np.stack(waves) / 2 + 0.05 * rng.normal(size=(n, 16))
    return split(x.astype(np.float32), train)


# ---- rows of kinds


def engines(train: int, told: str = "") -> Made:
    """Eighteen hours of the heat of engines of four kinds, with a start and a stop of their own."""
    rng = dice()
    n = train + 800
    which, at = rng.integers(0, 4, n), np.arange(18)
    start = np.array([2.0, 5.0, 8.0, 3.0])[which] + 0.4 * rng.normal(size=n)
    stop = np.array([7.0, 14.0, 16.0, 11.0])[which] + 0.4 * rng.normal(size=n)
    warm = 1 / (1 + np.exp(-2 * (at - start[:, None]))) - 1 / (1 + np.exp(-(at - stop[:, None])))
    heat = np.array([3.0, 1.8, 2.6, 4.0])[which] * np.exp(0.15 * rng.normal(size=n))
    x = 0.5 + heat[:, None] * warm + 0.08 * rng.normal(size=(n, 18))
    return parted(x.astype(np.float32), which, train, told)


def gaits(train: int, told: str = "") -> Made:
    """Twenty-four angles of a knee: a walk, a trot or a run, begun anywhere."""
    rng = dice()
    n, at = train + 800, np.arange(24) / 24
    which = rng.integers(0, 3, n)
    turn = 2 * np.pi * (np.array([1, 2, 3])[which, None] * at + rng.random((n, 1)))
    swing = np.array([1.0, 1.5, 2.2])[which, None] * np.exp(0.1 * rng.normal(size=(n, 1)))
    x = swing * np.sin(turn) + 0.3 * np.cos(2 * turn) + 0.07 * rng.normal(size=(n, 24))
    return parted(x.astype(np.float32), which, train, told)


def cards(train: int, told: str = "") -> Made:
    """Rows of 32 bits: the holes of cards of five machines."""
    rng = dice()
    n = train + 800
    holes, which = np.where(rng.random((5, 32)) < 0.45, 0.93, 0.04), rng.integers(0, 5, n)
    x = rng.random((n, 32)) < holes[which]
    return parted(x.astype(np.float32), which, train, told)


def harvests(number: int) -> Made:
    """Fields, as a file: the crop, the soil, whether it was watered, rain, and what it gave."""
    lines = []
    for luck in dice().random((number, 6)):
        crop = ["wheat", "maize", "beets"][int(3 * luck[0])]
        soil = ["clay", "sand", "loam", "chalk"][int(4 * luck[1] ** 1.3)]
        wet = "watered" if luck[2] < (0.8 if soil == "sand" else 0.2) else "dry"
        rain = 300 + 500 * luck[3] + 60 * luck[4]
        gave = {"wheat": 6, "maize": 9, "beets": 60}[crop] * (0.5 + rain / 1000)
        gave *= (1.3 if wet == "watered" else 1) * (0.9 + 0.2 * luck[5])
        lines.append(f"{crop},{soil},{wet},{rain:.0f},{gave:.1f}")
    return filed("harvests", "crop,soil,way,rain,gave", lines, number)


def slipped(name: str, train: int) -> Made:
    """Larger pictures whose labels slipped by eleven."""
    found = sampled(name, train, 2)
    return {k: np.roll(v, 11) if k.startswith("y") else v for k, v in found.items()}


FREE_SHAPES: Mapping[str, Callable[[], Made]] = {
    "buoys": buoys,
    "carousel": carousel,
    "clover": clover,
    "ferris": ferris,
    "gates": gates,
    "hedges": hedges,
    "shores": shores,
    "tetra": tetra,
    "cube-corners": cube,
    "orbit": orbit,
    "pentatope": pentatope,
    "lighthouses": lighthouses,
    "cushion": cushion,
    "pearl": pearl,
    "loaves": loaves,
    "budgets": budgets,
    "grains": grains,
    "wedge": wedge,
    "broths": partial(broths, 2500),
    "broths-told": partial(broths, 2500, told=True),
    "ripples": partial(ripples, 2500),
    "ripples-42": partial(ripples, 42),
    "engines": partial(engines, 1200),
    "engines-40": partial(engines, 40),
    "engines-lots": partial(engines, 1200, "lots"),
    "gaits": partial(gaits, 1200),
    "gaits-44": partial(gaits, 44),
    "gaits-slipped": partial(gaits, 1200, "slipped"),
    "gaits-lots": partial(gaits, 1200, "lots"),
    "cards-lots": partial(cards, 1200, "lots"),
    "cards-sorted": partial(cards, 1200, "sorted"),
    "harvests-1500": partial(harvests, 1500),
    "harvests-64": partial(harvests, 64),
    "blinds": partial(blinds, 1200),
    "blinds-told": partial(blinds, 1200, "yes"),
    "panes": partial(panes, 1200),
    "washes": partial(washes, 1200),
    "washes-40": partial(washes, 40),
    "swells": partial(swells, 1200),
    "swells-40": partial(swells, 40),
    "quarters": partial(quarters, 1200),
    "quarters-told": partial(quarters, 1200, "yes"),
    "signs": partial(signs, 1200),
    "signs-40": partial(signs, 40),
    "signs-told": partial(signs, 1200, "yes"),
    "signs-44-told": partial(signs, 44, "yes"),
    "signs-lots": partial(signs, 1200, "lots"),
    "signs-sorted": partial(signs, 1200, "sorted"),
    "kites": partial(kites, 1200),
    "kites-40": partial(kites, 40),
    "kites-told": partial(kites, 1200, "yes"),
    "kites-44-told": partial(kites, 44, "yes"),
    "kites-slipped": partial(kites, 1200, "slipped"),
    "horns-lots": partial(horns, 240),
    "fashion-42": partial(sampled, "fashion-mnist", 42, 2, False),
    "fashion-slipped": partial(slipped, "fashion-mnist", 1000),
    "faces-44": partial(faces, 44),
    "houses-42": partial(houses, 42),
}
"""Name -> maker."""
