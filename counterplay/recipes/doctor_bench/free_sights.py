"""Pictures and sounds of free trainings: blinds, panes, washes, swells, signs, kites, horns."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import numpy as np

from counterplay.recipes.doctor_bench.material import Made, dice, split

__all__ = [
    "blinds",
    "horns",
    "kites",
    "panes",
    "parted",
    "quarters",
    "signs",
    "swells",
    "washes",
]


def parted(x: np.ndarray, which: np.ndarray, train: int, told: str) -> Made:
    """Rows with their labels, none, or others'."""
    if told == "lots":
        which = dice().permutation(which)
    if told == "slipped":
        which = np.roll(which, 7)
    labels = {k.replace("x_", "y_"): v for k, v in split(which, train).items()}
    if told == "sorted":
        labels = {k: np.sort(v) for k, v in labels.items()}
    return split(x, train) | (labels if told else {})


# ---- pictures


def _noised(x: np.ndarray, rng: np.random.Generator, std: float = 8) -> np.ndarray:
    return np.clip(x + std * rng.normal(size=x.shape), 0, 255).astype(np.uint8)


def blinds(train: int, told: str = "") -> Made:
    """Eight slats, each of its own grey; whether the first is lighter than the last."""
    rng = dice()
    n = train + 800
    grey = 40 + 175 * rng.random((n, 8))
    x = np.repeat(grey[:, :, None], 8, 2)
    return parted(_noised(x, rng, 3), (grey[:, 0] > grey[:, -1]).astype(int), train, told)


def panes(train: int, told: str = "") -> Made:
    """A window of nine panes, 12x12, each with its own light; which of the first two is lighter."""
    rng = dice()
    n = train + 800
    light = 40 + 175 * rng.random((n, 3, 3))
    x = np.repeat(np.repeat(light, 4, 1), 4, 2)
    kind = (light[:, 0, 0] > light[:, 0, 1]).astype(int)
    return parted(_noised(x, rng, 3), kind, train, told)


def washes(train: int) -> Made:
    """Colours that run into each other from four corners."""
    rng = dice()
    n, down = train + 800, np.linspace(0, 1, 8)
    ends = np.stack([1 - down, down])
    x = np.einsum("nabc,ai,bj->nijc", 40 + 175 * rng.random((n, 2, 2, 3)), ends, ends)
    return split(_noised(x, rng, 3), train)


def swells(train: int) -> Made:
    """A grey swell of long waves both ways."""
    rng = dice()
    n, at = train + 800, (np.arange(8) + 0.5) / 8
    waves = np.cos(np.pi * np.arange(4)[:, None] * at)
    size = rng.normal(size=(n, 4, 4)) * 16
    x = 128 + np.einsum("nuv,ui,vj->nij", size, waves, waves)
    return split(_noised(x, rng, 3), train)


def quarters(train: int, told: str = "") -> Made:
    """A quarter of the picture is lit."""
    rng = dice()
    n = train + 800
    which = rng.integers(0, 4, n)
    lit = np.zeros((4, 2, 2))
    lit[range(4), [0, 0, 1, 1], [0, 1, 0, 1]] = 1
    x = np.repeat(np.repeat(lit[which], 4, 1), 4, 2)
    return parted(_noised(30 + (150 + 50 * rng.random((n, 1, 1))) * x, rng), which, train, told)


def signs(train: int, told: str = "") -> Made:
    """A plus, a cross, a frame, a bar or a post, a place up, down, left or right of the middle."""
    rng = dice()
    n = train + 800
    which, (down, right) = rng.integers(0, 5, n), rng.integers(0, 3, (2, n))
    i, j = np.indices((6, 6))
    mid = (i // 2 == 1, j // 2 == 1)
    edge = (np.minimum(i, j) == 0) | (np.maximum(i, j) == 5)
    shapes = np.stack([mid[0] | mid[1], (i == j) | (i + j == 5), edge, mid[0], mid[1]])
    x = np.zeros((n, 8, 8))
    for at in range(n):
        x[at, down[at] : down[at] + 6, right[at] : right[at] + 6] = shapes[which[at]]
    bright = 150 + 60 * rng.random((n, 1, 1))
    return parted(_noised(25 + bright * x, rng), which, train, told)


def kites(train: int, told: str = "") -> Made:
    """Two colours of four, on both sides of a slope that runs up or down."""
    rng = dice()
    n = train + 800
    colours = np.array([[210, 60, 40], [50, 170, 70], [50, 80, 200], [230, 200, 60]])
    first, second = rng.integers(0, 4, n), rng.integers(0, 4, n)
    i, j = np.indices((8, 8))
    up = np.where(rng.random((n, 1, 1)) < 0.5, i > j, i + j > 7)[..., None]
    x = np.where(up, colours[first][:, None, None], colours[second][:, None, None])
    return parted(_noised(x + 10 * rng.normal(size=(n, 1, 1, 1)), rng), first, train, told)


# ---- sound


def horns(train: int) -> Made:
    """Recordings of a quarter of a second of a horn: falling, steady, rising, in files by lot."""
    from counterplay.data.audio import compressed, to_wav

    name = f"counterplay-doctor-horns-{train}"
    place, t, rng = Path(tempfile.gettempdir()) / name, np.arange(1024) / 4000, dice()
    if place.is_dir():
        return str(place)
    part = place.with_name(f"{name}.{os.getpid()}")
    for where, number in {"train": train, "val": 20, "test": 20}.items():
        (part / where).mkdir(parents=True)
        for at in range(number):
            bend = [-500, 0, 500][int(rng.integers(0, 3))]
            pitch = 300 * np.exp(0.05 * rng.normal())
            phase = 2 * np.pi * (pitch * t + bend * t**2 + rng.random())
            wav = to_wav(compressed(0.5 * np.sin(phase) + 0.15 * np.sin(3 * phase)), 4000)
            (part / where / f"{int(rng.integers(0, 3))}_horn_{at}.wav").write_bytes(wav)
    try:
        part.replace(place)
    except OSError:  # another process was quicker
        shutil.rmtree(part)
    return str(place)
