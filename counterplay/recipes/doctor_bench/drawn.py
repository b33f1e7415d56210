"""Data of several cases: mixtures in few dimensions, rows of bits, rows and pictures of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from counterplay.recipes.doctor_bench.material import (
    SHARED,
    Made,
    dice,
    measured,
    pictures,
    sampled,
    split,
)

__all__ = ["DRAWN", "faces", "gratings", "houses", "mushrooms", "rows"]


def _mixture(centres: np.ndarray, std: float, n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Gaussians around these centres, and which of them each point is of."""
    rng = dice()
    which = rng.integers(0, len(centres), n)
    x = centres[which] + std * rng.normal(size=(n, centres.shape[1]))
    return x.astype(np.float32), which


def star() -> Made:
    """Six Gaussians on a circle and a seventh in its middle."""
    rng = dice()
    angles = np.arange(6) * np.pi / 3
    centres = np.concatenate([[[0, 0]], 2 * np.stack([np.cos(angles), np.sin(angles)], 1)])
    x = centres[rng.integers(0, 7, 4000)] + 0.2 * rng.normal(size=(4000, 2))
    return x.astype(np.float32)


def triangle() -> Made:
    """Three Gaussians, each longer than wide."""
    rng = dice()
    centres = np.array([[-2, -1], [2, -1], [0, 2]])
    x = centres[rng.integers(0, 3, 4000)] + rng.normal(size=(4000, 2)) * [0.5, 0.15]
    return x.astype(np.float32)


def tesseract() -> Made:
    """A Gaussian at each of the sixteen corners of a cube of four dimensions."""
    rng = dice()
    x = rng.integers(0, 2, (4000, 4)) * 2 - 1 + 0.2 * rng.normal(size=(4000, 4))
    return x.astype(np.float32)


def beads() -> Made:
    """Six Gaussians on a wave."""
    at = np.arange(6) - 2.5
    return _mixture(np.stack([at, np.sin(2 * at)], 1), 0.15)[0]


def lattice() -> Made:
    """Nine Gaussians, three by three."""
    return _mixture(np.array([[i, j] for i in (-1, 0, 1) for j in (-1, 0, 1)]) * 1.5, 0.2)[0]


def petals() -> Made:
    """Four leaves that point away from the middle."""
    rng = dice()
    turn = rng.integers(0, 4, 4000) * np.pi / 2 + np.pi / 4
    out, side = 1.5 + 0.5 * rng.normal(size=4000), 0.15 * rng.normal(size=4000)
    x = [out * np.cos(turn) - side * np.sin(turn), out * np.sin(turn) + side * np.cos(turn)]
    return np.stack(x, 1).astype(np.float32)


def _wheel() -> tuple[np.ndarray, np.ndarray]:
    rng = dice()
    which = rng.integers(0, 5, 4000)
    out, side = 1 + 0.3 * rng.normal(size=4000), 0.1 * rng.normal(size=4000)
    turn = which * 2 * np.pi / 5 + 0.6 * np.exp(out)
    x = [out * np.cos(turn) - side * np.sin(turn), out * np.sin(turn) + side * np.cos(turn)]
    return np.stack(x, 1).astype(np.float32), which


def wheel() -> Made:
    """A pinwheel of five arms."""
    return _wheel()[0]


def clock() -> Made:
    """Twelve Gaussians on a circle."""
    turn = np.arange(12) * np.pi / 6
    return _mixture(2 * np.stack([np.cos(turn), np.sin(turn)], 1), 0.15)[0]


def _simplex() -> tuple[np.ndarray, np.ndarray]:
    return _mixture(2.5 * (np.eye(6) - 1 / 6), 0.25)


def simplex() -> Made:
    """A Gaussian at each of six corners that are all as far from each other."""
    return _simplex()[0]


def knot() -> Made:
    """A trefoil knot in space."""
    rng = dice()
    t = 2 * np.pi * rng.random(3000)
    x = [np.sin(t) + 2 * np.sin(2 * t), np.cos(t) - 2 * np.cos(2 * t), -np.sin(3 * t)]
    return (np.stack(x, 1) / 1.5 + 0.1 * rng.normal(size=(3000, 3))).astype(np.float32)


def gratings(train: int, told: bool = False, side: int = 8) -> Made:
    """Waves of grey that run in one of four directions, from any place on."""
    rng = dice()
    n = train + 800
    which, start = rng.integers(0, 4, n), 2 * np.pi * rng.random(n)
    turn = (which * np.pi / 4)[:, None, None]
    i, j = np.indices((side, side)) / side
    wave = np.sin(3 * np.pi * (i * np.sin(turn) + j * np.cos(turn)) + start[:, None, None])
    x = np.clip(127.5 + 100 * wave + 12 * rng.normal(size=wave.shape), 0, 255).astype(np.uint8)
    parts = split(x, train)
    labels = {k.replace("x_", "y_"): v for k, v in split(which, train).items()}
    return parts | labels if told else parts


def runs(train: int) -> Made:
    """Rows of 36 bits that mostly are what the bit before them is."""
    rng = dice()
    turns = rng.random((train + 800, 36)) < 0.12
    turns[:, 0] = rng.random(len(turns)) < 0.5
    return split((turns.cumsum(1) % 2).astype(np.float32), train)


def bars(train: int) -> Made:
    """Pictures of 6x6 bits as rows: some whole lines across, or some whole lines down."""
    rng = dice()
    n = train + 800
    line = (rng.random((n, 6, 1)) < 0.5) & np.ones((n, 6, 6), bool)
    down = rng.random(n) < 0.5
    x = np.where(down[:, None, None], line.transpose(0, 2, 1), line)
    x = x ^ (rng.random(x.shape) < 0.03)
    return split(x.reshape(n, 36).astype(np.float32), train)


def mushrooms(train: int) -> Made:
    """Few rows of zeros and ones."""
    with np.load(SHARED / "binary-uci" / "mushrooms.npz") as found:
        x = np.asarray(found["train"], np.float32)
    return split(x[dice().permutation(len(x))][: train + 800], train)


def rows(name: str, train: int) -> Made:
    """Some rows of a table beside the repository, without columns that hardly ever change."""
    x = measured(name)
    varied = [len(np.unique(column)) > 3 for column in x[: min(train, 200)].T]
    return split(x[: train + 800, varied], train)


def houses(train: int, grey: bool = True) -> Made:
    """House numbers of 16x16."""
    from counterplay.data import load

    source = load(str(SHARED / "svhn-small"))
    x = np.concatenate([source.examples(part, 1000).x.numpy() for part in ("train", "test")])
    x = x.reshape(len(x), 3, 16, 2, 16, 2).mean((3, 5)).transpose(0, 2, 3, 1)
    x = x.mean(3) if grey else x
    x = x[dice().permutation(len(x))]
    return split(((x + 1) * 127.5).round().astype(np.uint8), train)


def faces(train: int) -> Made:
    """Faces of 16x16."""
    from counterplay.data import load

    source = load(str(SHARED / "att-faces"))
    x = np.concatenate([source.examples(part, 400).x.numpy() for part in ("train", "test")])[:, 0]
    x = x.reshape(len(x), 16, 4, 16, 4).mean((2, 4))[dice().permutation(len(x))]
    return split(((x + 1) * 127.5).round().astype(np.uint8), train)


def pixels(name: str, train: int) -> Made:
    """Rows of 49 bits, of pictures of which each fourth pixel of each fourth row is cut."""
    found = sampled(name, train, 4, labelled=False)
    return {k: (v.reshape(len(v), -1) > 90).astype(np.float32) for k, v in found.items()}


def few_digits(train: int) -> Made:
    """Few digits."""
    return split(pictures()[0], train)


DRAWN: Mapping[str, Callable[[], Made]] = {
    "star": star,
    "triangle": triangle,
    "tesseract": tesseract,
    "beads": beads,
    "lattice": lattice,
    "petals": petals,
    "wheel": wheel,
    "clock": clock,
    "simplex": simplex,
    "knot": knot,
    "gratings": partial(gratings, 1200),
    "gratings-told": partial(gratings, 1200, told=True),
    "runs-40": partial(runs, 40),
    "bars-30": partial(bars, 30),
    "energy-24": lambda: split(measured("energy"), 24),
    "protein-32": partial(rows, "protein", 32),
    "skillcraft-1000": lambda: split(measured("skillcraft"), 1000),
    "parkinsons-1500": partial(rows, "parkinsons", 1500),
    "parkinsons-48": partial(rows, "parkinsons", 48),
    "houses-600": partial(houses, 600),
    "houses-22": partial(houses, 22),
    "faces-240": partial(faces, 240),
    "faces-40": partial(faces, 40),
    "faces-20": partial(faces, 20),
    "fashion-plain": partial(sampled, "fashion-mnist", 1000, 2, False),
    "fashion-20": partial(sampled, "fashion-mnist", 20, 2, False),
    "fashion-small-bits": partial(pixels, "fashion-mnist", 1000),
    "digits-28": partial(few_digits, 28),
}
"""Name -> maker."""
