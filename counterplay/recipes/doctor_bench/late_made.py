"""Data of the latest trainings: clocks, knots, simplices, gratings, voices, scenes, sums."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from counterplay.recipes.doctor_bench.last_made import adults
from counterplay.recipes.doctor_bench.material import SHARED, Made, dice, sampled, split
from counterplay.recipes.doctor_bench.new_made import rows, rows_some_again

__all__ = ["LATE"]

Told = tuple[np.ndarray, np.ndarray]


def _around(centres: np.ndarray, std: float, n: int = 4000) -> Told:
    """Gaussians around these centres, and which of them each point is of."""
    rng = dice()
    which = rng.integers(0, len(centres), n)
    x = centres[which] + std * rng.normal(size=(n, centres.shape[1]))
    return x.astype(np.float32), which


def clock() -> Made:
    """Twelve Gaussians on a circle."""
    turn = np.arange(12) * np.pi / 6
    return _around(2 * np.stack([np.cos(turn), np.sin(turn)], 1), 0.15)[0]


def domino() -> Made:
    """Ten Gaussians, five above five."""
    return _around(np.array([[i, j] for i in range(-2, 3) for j in (-1, 1)]) * 1.0, 0.15)[0]


def _simplex() -> Told:
    return _around(2.5 * (np.eye(6) - 1 / 6), 0.25)


def simplex() -> Made:
    """A Gaussian at each of six corners that are all as far from each other."""
    return _simplex()[0]


def simplex_sorted() -> Made:
    """The same with their numbers, sorted while the rows were not."""
    x, which = _simplex()
    return x, np.sort(which)


def rails() -> Made:
    """Two long bars beside each other."""
    rng = dice()
    side = rng.integers(0, 2, 4000) * 2 - 1
    x = np.stack([3 * rng.random(4000) - 1.5, 0.8 * side + 0.1 * rng.normal(size=4000)], 1)
    return x.astype(np.float32)


def knot() -> Made:
    """A trefoil knot in space."""
    rng = dice()
    t = 2 * np.pi * rng.random(3000)
    x = [np.sin(t) + 2 * np.sin(2 * t), np.cos(t) - 2 * np.cos(2 * t), -np.sin(3 * t)]
    return (np.stack(x, 1) / 1.5 + 0.1 * rng.normal(size=(3000, 3))).astype(np.float32)


def shell() -> Made:
    """The surface of a ball of four dimensions."""
    rng = dice()
    x = rng.normal(size=(3000, 4))
    x *= (2 + 0.1 * rng.normal(size=(3000, 1))) / np.linalg.norm(x, axis=1, keepdims=True)
    return x.astype(np.float32)


def tails() -> Made:
    """Five columns that hang together, with tails heavier than a normal law's."""
    rng = dice()
    x = rng.standard_t(6, size=(2500, 5)) @ rng.normal(size=(5, 5)) / 2.5
    return x.astype(np.float32)


def bananas() -> Made:
    """Three bent clusters with their numbers."""
    rng = dice()
    which, along = rng.integers(0, 3, 3000), rng.normal(size=3000)
    x = np.stack([along, 0.6 * along**2 + 2.2 * which - 2 + 0.15 * rng.normal(size=3000)], 1)
    return x.astype(np.float32), which


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


def scenes(train: int) -> Made:
    """Grey photographs of ten things, of 16x16."""
    from counterplay.data import load

    path = SHARED / "cifar10"
    x = load(str(path)).examples("train", train + 800).x.numpy().mean(1)
    x = x.reshape(len(x), 16, 2, 16, 2).mean((2, 4))
    return split(((x + 1) * 127.5).round().astype(np.uint8), train)


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


def sums(lines: int) -> Made:
    """Sums of two numbers, one a line, as a file."""
    rng = dice()
    pairs = rng.integers(0, 100, (lines, 2))
    text = "".join(f"{a}+{b}={a + b}\n" for a, b in pairs)
    place = Path(tempfile.gettempdir()) / f"counterplay-doctor-sums-{lines}.txt"
    part = place.with_suffix(f".{os.getpid()}")
    part.write_text(text, encoding="utf-8")
    part.replace(place)
    return str(place)


# ---- data that are wrong


def same_frame() -> Made:
    """A white frame around nothing, many times."""
    x = np.full((320, 10, 10), 255, np.uint8)
    x[:, 2:-2, 2:-2] = 30
    return x


def same_scene() -> Made:
    """One photograph."""
    return np.repeat(scenes(20)["x_train"][3:4], 330, 0)


def same_grating() -> Made:
    """One wave."""
    return np.repeat(gratings(20)["x_train"][:1], 350, 0)


def mushrooms_again() -> Made:
    """Rows of zeros and ones of which each was exported four times."""
    found = mushrooms(100)
    return found | {"x_train": np.tile(found["x_train"], (4, 1))}


def scenes_again() -> Made:
    """Photographs of which the first hundred are there five times."""
    found = scenes(300)
    x = found["x_train"]
    return found | {"x_train": np.concatenate([x, *[x[:100]] * 4])}


def dusk() -> Made:
    """Photographs that were taken too late in the day: levels 0 to 21."""
    return {k: v // 12 for k, v in scenes(400).items()}


def thin() -> Made:
    """Waves without contrast: levels 90 to 112."""
    return {k: (90 + v // 11).astype(np.uint8) for k, v in gratings(500).items()}


def percent() -> Made:
    """Small clothes whose shares of white were saved as bytes."""
    found = sampled("fashion-mnist", 400, 2, labelled=False)
    return {k: (v / 255 * 16).astype(np.uint8) for k, v in found.items()}


LATE: Mapping[str, Callable[[], Made]] = {
    "clock": clock,
    "domino": domino,
    "simplex": simplex,
    "simplex-sorted": simplex_sorted,
    "rails": rails,
    "knot": knot,
    "shell": shell,
    "tails": tails,
    "bananas": bananas,
    "gratings": partial(gratings, 1200),
    "gratings-told": partial(gratings, 1200, told=True),
    "gratings-40": partial(gratings, 40),
    "scenes-800": partial(scenes, 800),
    "scenes-40": partial(scenes, 40),
    "scenes-24": partial(scenes, 24),
    "runs": partial(runs, 1000),
    "runs-40": partial(runs, 40),
    "runs-24": partial(runs, 24),
    "bars": partial(bars, 1000),
    "bars-30": partial(bars, 30),
    "sums-4000": partial(sums, 4000),
    "sums-150": partial(sums, 150),
    "mushrooms-26": partial(mushrooms, 26),
    "mushrooms-again": mushrooms_again,
    "parkinsons-1500": partial(rows, "parkinsons", 1500),
    "parkinsons-48": partial(rows, "parkinsons", 48),
    "parkinsons-22": partial(rows, "parkinsons", 22),
    "airfoil-650": partial(rows, "airfoil", 650),
    "airfoil-part": partial(rows_some_again, "airfoil", 300, 150, 3),
    "adult-1200": partial(adults, 1200),
    "same-frame": same_frame,
    "same-scene": same_scene,
    "same-grating": same_grating,
    "scenes-again": scenes_again,
    "scenes-dusk": dusk,
    "gratings-thin": thin,
    "fashion-percent": percent,
}
"""Name -> maker."""
