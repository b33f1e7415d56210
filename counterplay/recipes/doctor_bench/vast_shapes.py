"""Data of the vast trainings: honeycombs, clans, tides, spectra, quilts, lamps, arrows, flags."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from counterplay.recipes.doctor_bench.material import Made, dice, filed, sampled, split

__all__ = ["SHAPES"]


def _near(centres: np.ndarray, std: float, n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Gaussians around these centres, and which of them each point is of."""
    rng = dice()
    which = rng.integers(0, len(centres), n)
    x = centres[which] + std * rng.normal(size=(n, centres.shape[1]))
    return x.astype(np.float32), which


def _parted(x: np.ndarray, which: np.ndarray, train: int, told: str) -> Made:
    if told == "lots":
        which = dice().permutation(which)
    if told == "slipped":
        which = np.roll(which, 5)
    labels = {k.replace("x_", "y_"): v for k, v in split(which, train).items()}
    if told == "sorted":
        labels = {k: np.sort(v) for k, v in labels.items()}
    return split(x, train) | (labels if told else {})


# ---- points


def honeycomb(told: bool = False) -> Made:
    """Nineteen Gaussians in the cells of a comb, or with circles' numbers drawn by lot."""
    at = [(i, j) for i in range(-2, 3) for j in range(-2, 3) if abs(i + j) < 3]
    x, which = _near(np.array([[i + j / 2, j * 0.75**0.5] for i, j in at]), 0.12)
    circle = np.array([max(abs(i), abs(j), abs(i + j)) for i, j in at])
    return (x, dice().permutation(circle[which])) if told else x


def rungs() -> Made:
    """Ten Gaussians at the ends of five rungs."""
    return _near(np.array([[i, 0.9 * j] for i in range(-2, 3) for j in (-1, 1)]), 0.14)[0]


def sunflower() -> Made:
    """Fourteen Gaussians as seeds lie, each a golden turn on."""
    k = np.arange(14) + 0.5
    turn = k * np.pi * (3 - 5**0.5)
    return _near(0.6 * np.sqrt(k)[:, None] * np.stack([np.cos(turn), np.sin(turn)], 1), 0.1)[0]


def chevron() -> Made:
    """Nine Gaussians, as birds fly."""
    return _near(np.array([[0.6 * i, 0.9 * abs(i)] for i in range(-4, 5)]), 0.13)[0]


def dumbbell() -> Made:
    """Four Gaussians on the left and four on the right, far from them."""
    ends = np.array([[0.7, 0], [-0.7, 0], [0, 0.7], [0, -0.7]])
    far = np.array([2.5, 0])
    return _near(np.concatenate([ends - far, ends + far]), 0.12)[0]


def prism() -> Made:
    """Ten Gaussians at the corners of a prism of five sides."""
    turn = np.arange(5) * 2 * np.pi / 5
    base = np.stack([1.6 * np.cos(turn), 1.6 * np.sin(turn), 0 * turn], 1)
    high = np.array([0, 0, 1.2])
    return _near(np.concatenate([base - high, base + high]), 0.17)[0]


def outposts() -> Made:
    """Three small Gaussians in four dimensions, far from each other."""
    return _near(3 * np.eye(4)[:3], 0.15)[0]


def clans(train: int) -> Made:
    """Twenty-four Gaussians anywhere in eight dimensions."""
    centres = 1.5 * np.random.default_rng(5).normal(size=(24, 8))
    return split(_near(centres, 0.2, train + 800)[0], train)


def switchboard(train: int) -> Made:
    """Six numbers, each of which is about -1 or about 1: 64 modes."""
    sides = np.array([[1 - 2 * (k >> i & 1) for i in range(6)] for k in range(64)])
    return split(_near(sides, 0.15, train + 800)[0], train)


def heart() -> Made:
    """The outline of a heart."""
    rng = dice()
    t = 2 * np.pi * rng.random(4000)
    high = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    x = np.stack([16 * np.sin(t) ** 3, high], 1) / 10
    return (x + 0.07 * rng.normal(size=x.shape)).astype(np.float32)


# ---- rows


def tides(train: int, told: str = "") -> Made:
    """How high the water stood in each of fourteen hours: at springs, at neaps, or in a storm."""
    rng = dice()
    n = train + 800
    which, at = rng.integers(0, 3, n), np.arange(14)
    swing = np.array([2.2, 1.0, 1.6])[which] * np.exp(0.15 * rng.normal(size=n))
    late = np.array([0.0, 3.0, 1.5])[which] + 0.5 * rng.normal(size=n)
    wave = np.cos(2 * np.pi * (at - late[:, None]) / 12.4)
    surge = (which == 2)[:, None] * np.exp(-0.5 * ((at - 8) / 2.5) ** 2) * 1.8
    x = 3 + swing[:, None] * wave + surge + 0.15 * rng.normal(size=(n, 14))
    return _parted(x.astype(np.float32), which, train, told)


def spectra(train: int, told: str = "") -> Made:
    """Twenty shades of the light of five lamps, each with lines of its own."""
    rng = dice()
    n = train + 800
    which, at = rng.integers(0, 5, n), np.arange(20)
    lines = np.array([[2, 9, 15], [4, 5, 17], [1, 11, 18], [7, 13, 14], [3, 8, 12]])[which]
    bright = np.exp(0.3 * rng.normal(size=(n, 1)) + 0.15 * rng.normal(size=(n, 3)))
    peaks = bright[..., None] * np.exp(-0.5 * ((at - lines[..., None]) / 0.7) ** 2)
    x = 0.2 + 2 * peaks.sum(1) + 0.1 * rng.normal(size=(n, 20))
    return _parted(x.astype(np.float32), which, train, told)


def switches(train: int, told: str = "") -> Made:
    """Rows of 28 bits: which lights of a house are on, in the morning, at noon, by night, never."""
    rng = dice()
    n = train + 800
    habits, which = np.where(rng.random((4, 28)) < 0.4, 0.92, 0.05), rng.integers(0, 4, n)
    x = rng.random((n, 28)) < habits[which]
    return _parted(x.astype(np.float32), which, train, told)


def rentals(number: int) -> Made:
    """Flats to let, as a file: rooms, size, rent, part of the town, whether there is a lift."""
    lines = []
    for luck in dice().random((number, 5)):
        rooms = 1 + int(5 * luck[0] ** 1.5)
        size = rooms * 19 + 12 + 14 * luck[1]
        part = ["harbour", "hill", "old town", "suburb"][int(4 * luck[2])]
        rent = size * {"harbour": 17, "hill": 14, "old town": 12, "suburb": 8}[part]
        lift = "lift" if luck[4] < (0.7 if part in ("harbour", "suburb") else 0.15) else "stairs"
        lines.append(f"{rooms},{size:.0f},{rent * (0.9 + 0.2 * luck[3]):.0f},{part},{lift}")
    return filed("rentals", "rooms,size,rent,part,way", lines, number)


# ---- pictures


def _noised(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return np.clip(x + 10 * rng.normal(size=x.shape), 0, 255).astype(np.uint8)


def quilts(train: int) -> Made:
    """Six patches, each of them light or dark: 64 kinds."""
    rng = dice()
    n = train + 800
    light = rng.random((n, 2, 3)) < 0.5
    shade = np.where(light, 205.0, 45.0) + 8 * rng.normal(size=(n, 1, 1))
    x = np.repeat(np.repeat(shade, 4, 1), [3, 2, 3], 2)
    return split(_noised(x, rng), train)


def lamps(train: int, told: str = "") -> Made:
    """Pictures of 12x12: two of nine lamps are lit; the first one's row is the class."""
    rng = dice()
    n = train + 800
    pairs = np.array([[a, b] for a in range(9) for b in range(a + 1, 9)])
    chosen = pairs[rng.integers(0, len(pairs), n)]
    i, j = np.indices((12, 12))
    glow = [np.exp(-((np.hypot(i - 4 * (k // 3) - 1.5, j - 4 * (k % 3) - 1.5) / 1.6) ** 4))
            for k in range(9)]  # fmt: skip
    lit = np.stack(glow)[chosen].sum(1)
    x = 30 + (170 + 40 * rng.random((n, 1, 1))) * lit
    return _parted(_noised(x, rng), chosen[:, 0] // 3, train, told)


def arrows(train: int, told: str = "") -> Made:
    """An arrow up, to the left, down, or to the right, somewhere near the middle."""
    rng = dice()
    n = train + 800
    which, (down, right) = rng.integers(0, 4, n), rng.integers(0, 3, (2, n))
    shape = np.zeros((6, 6))
    shape[0, 2:4] = shape[1, 1:5] = shape[2] = 1
    shape[3:, 2:4] = 1
    x = np.zeros((n, 8, 8))
    for at in range(n):
        i, j = down[at], right[at]
        x[at, i : i + 6, j : j + 6] = np.rot90(shape, which[at])
    bright = 150 + 70 * rng.random((n, 1, 1))
    return _parted(_noised(25 + bright * x, rng), which, train, told)


def flags(train: int, told: str = "") -> Made:
    """Flags of three stripes, down or across, each in one of three colours: 54 kinds."""
    rng = dice()
    n = train + 800
    colours = np.array([[200, 40, 50], [235, 230, 220], [40, 70, 180]])
    chosen, turned = rng.integers(0, 3, (n, 3)), rng.random(n) < 0.5
    stripes = np.repeat(colours[chosen], [3, 2, 3], 1)[:, :, None]
    x = np.broadcast_to(stripes, (n, 8, 8, 3)).astype(float)
    x = np.where(turned[:, None, None, None], x.transpose(0, 2, 1, 3), x)
    x = x + 10 * rng.normal(size=(n, 1, 1, 1))
    return _parted(_noised(x, rng), chosen[:, 1], train, told)


# ---- sound


def hums(train: int) -> Made:
    """Recordings of a quarter of a second, low, middling or high, in files named by lot."""
    from counterplay.data.audio import compressed, to_wav

    name = f"counterplay-doctor-hums-{train}"
    place, t, rng = Path(tempfile.gettempdir()) / name, np.arange(1024) / 4000, dice()
    if place.is_dir():
        return str(place)
    part = place.with_name(f"{name}.{os.getpid()}")
    for where, number in {"train": train, "val": 20, "test": 20}.items():
        (part / where).mkdir(parents=True)
        for at in range(number):
            pitch = [110, 220, 440][int(rng.integers(0, 3))] * np.exp(0.03 * rng.normal())
            phase = 2 * np.pi * (pitch * t + rng.random())
            sound = 0.5 * np.sin(phase) + 0.2 * np.sin(2 * phase)
            wav = to_wav(compressed(sound), 4000)
            (part / where / f"{int(rng.integers(0, 3))}_hum_{at}.wav").write_bytes(wav)
    try:
        part.replace(place)
    except OSError:  # another process was quicker
        shutil.rmtree(part)
    return str(place)


SHAPES: Mapping[str, Callable[[], Made]] = {
    "honeycomb": honeycomb,
    "rungs": rungs,
    "sunflower": sunflower,
    "chevron": chevron,
    "dumbbell": dumbbell,
    "prism": prism,
    "outposts": outposts,
    "clans": partial(clans, 2500),
    "clans-48": partial(clans, 48),
    "switchboard": partial(switchboard, 2500),
    "switchboard-40": partial(switchboard, 40),
    "heart": heart,
    "tides": partial(tides, 1200),
    "tides-40": partial(tides, 40),
    "tides-sorted": partial(tides, 1200, "sorted"),
    "spectra": partial(spectra, 1200),
    "spectra-40": partial(spectra, 40),
    "spectra-lots": partial(spectra, 1200, "lots"),
    "switches-lots": partial(switches, 1200, "lots"),
    "switches-slipped": partial(switches, 1200, "slipped"),
    "rentals-1500": partial(rentals, 1500),
    "rentals-60": partial(rentals, 60),
    "quilts": partial(quilts, 1200),
    "quilts-40": partial(quilts, 40),
    "lamps": partial(lamps, 1200),
    "lamps-told": partial(lamps, 1200, "yes"),
    "lamps-40": partial(lamps, 40),
    "arrows": partial(arrows, 1200),
    "arrows-told": partial(arrows, 1200, "yes"),
    "arrows-40": partial(arrows, 40),
    "arrows-40-told": partial(arrows, 40, "yes"),
    "arrows-lots": partial(arrows, 1200, "lots"),
    "flags": partial(flags, 1200),
    "flags-told": partial(flags, 1200, "yes"),
    "flags-44": partial(flags, 44),
    "flags-44-told": partial(flags, 44, "yes"),
    "flags-lots": partial(flags, 1200, "lots"),
    "hums-lots": partial(hums, 240),
    "mnist-44": partial(sampled, "mnist", 44, 2, False),
}
"""Name -> maker."""
