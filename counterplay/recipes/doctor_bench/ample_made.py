"""Data of the ample trainings: arches, towers, spirals, moons, hours, pips, votes, patients."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from counterplay.recipes.doctor_bench.drawn import faces
from counterplay.recipes.doctor_bench.material import Made, dice, dimmed, filed, sampled, split
from counterplay.recipes.doctor_bench.next_made import emoji, glyphs, photos
from counterplay.recipes.doctor_bench.wide_made import again, same, squeezed

__all__ = ["AMPLE"]


def _near(centres: np.ndarray, std: float, n: int = 4000) -> np.ndarray:
    """Gaussians around these centres."""
    rng = dice()
    x = centres[rng.integers(0, len(centres), n)] + std * rng.normal(size=(n, centres.shape[1]))
    return x.astype(np.float32)


def arch() -> Made:
    """Nine Gaussians on an arch and its sill."""
    turn = np.linspace(0, np.pi, 6)
    bow = 2 * np.stack([np.cos(turn), np.sin(turn)], 1)
    return _near(np.concatenate([bow, [[-1, -1], [0, -1], [1, -1]]]), 0.17)


def tower() -> Made:
    """Fifteen Gaussians in space: five floors of three."""
    turn = np.arange(3) * 2 * np.pi / 3
    floor = np.stack([np.cos(turn), np.sin(turn), 0 * turn], 1)
    return _near(np.concatenate([floor + np.array([0, 0, 0.9 * k - 1.8]) for k in range(5)]), 0.15)


def spiral() -> Made:
    """One arm that turns outwards."""
    rng = dice()
    t = 4 * np.pi * np.sqrt(0.05 + 0.95 * rng.random(4000))
    x = np.stack([t * np.cos(t), t * np.sin(t)], 1) / 6
    return (x + 0.07 * rng.normal(size=x.shape)).astype(np.float32)


def _parted(x: np.ndarray, which: np.ndarray, train: int, told: str) -> Made:
    if told == "lots":
        which = dice().permutation(which)
    if told == "sorted":
        which = np.sort(which)
    labels = {k.replace("x_", "y_"): v for k, v in split(which, train).items()}
    return split(x, train) | (labels if told else {})


def moons(train: int, told: str = "") -> Made:
    """Two half circles that hold each other."""
    rng = dice()
    n = train + 800
    which, t = rng.integers(0, 2, n), np.pi * rng.random(n)
    side = 1 - 2 * which
    x = np.stack([which + side * np.cos(t), side * np.sin(t) + 0.4 * which], 1) * 1.5
    return _parted((x + 0.12 * rng.normal(size=x.shape)).astype(np.float32), which, train, told)


def hours(train: int, told: str = "") -> Made:
    """What a household draws in each of sixteen hours: three kinds of households."""
    rng = dice()
    n = train + 800
    which, at = rng.integers(0, 3, n), np.arange(16)
    peaks = np.array([[2.0, 12.0], [6.0, 9.0], [10.0, 14.0]])[which]
    peaks = peaks + 0.5 * rng.normal(size=(n, 2))
    size = np.exp(0.3 * rng.normal(size=(n, 2)) + 0.3 * rng.normal(size=(n, 1)))
    humps = size[..., None] * np.exp(-0.5 * ((at - peaks[..., None]) / 1.6) ** 2)
    x = 0.3 + 2 * humps.sum(1) + 0.15 * rng.normal(size=(n, 16))
    return _parted(x.astype(np.float32), which, train, told)


def pips(train: int, told: str = "") -> Made:
    """The six faces of a die, about in the middle, more or less bright."""
    rng = dice()
    n = train + 800
    which, at = rng.integers(0, 6, n), 0.3 * rng.normal(size=(n, 2))
    faces_of = ["4", "08", "048", "0268", "02468", "035268"]
    i, j = np.indices((8, 8))
    spots = np.zeros((n, 8, 8))
    for k in range(9):
        down, right = (1.2 + 2.3 * v + at[:, a] for v, a in ((k // 3, 0), (k % 3, 1)))
        away = np.hypot(i - down[:, None, None], j - right[:, None, None])
        here = np.array([str(k) in face for face in faces_of])[which]
        spots += here[:, None, None] / (1 + np.exp(4 * (away - 0.9)))
    bright = 150 + 70 * rng.random((n, 1, 1))
    x = np.clip(25 + bright * spots + 10 * rng.normal(size=spots.shape), 0, 255)
    return _parted(x.astype(np.uint8), which, train, told)


def votes(train: int) -> Made:
    """Rows of 24 bits: how members of four parties voted, of which some are loyal."""
    rng = dice()
    n = train + 800
    lines, party = rng.random((4, 24)) < 0.5, rng.integers(0, 4, n)
    loyal = np.where(rng.random(n) < 0.7, 0.95, 0.8)[:, None]
    x = lines[party] ^ (rng.random((n, 24)) > loyal)
    return split(x.astype(np.float32), train)


def meters(train: int) -> Made:
    """Rows of 30 bits: five columns of lamps, each lit up to a level near its neighbour's."""
    rng = dice()
    n = train + 800
    level = rng.integers(0, 7, n)
    columns = []
    for _ in range(5):
        level = np.clip(level + rng.integers(-1, 2, n), 0, 6)
        columns.append(np.arange(6) < level[:, None])
    x = np.concatenate(columns, 1) ^ (rng.random((n, 30)) < 0.02)
    return split(x.astype(np.float32), train)


def patients(number: int, times: int = 1, same: bool = False) -> Made:
    """Who lies in a hospital, as a file: age, sex, pressure, whether they smoke, where."""
    rng, lines = dice(), []
    for luck in rng.random((number, 5)):
        age = int(18 + 70 * luck[0] ** 0.7)
        smokes = luck[2] < 0.45 - 0.004 * age
        pressure = 100 + 0.5 * age + 12 * smokes + 30 * (luck[3] - 0.5)
        ward = "heart" if pressure > 145 else "lungs" if smokes else "bones" if age > 60 else "eyes"
        sex = "f" if luck[1] < 0.3 + 0.004 * age else "m"
        lines.append(f"{age},{sex},{pressure:.0f},{'yes' if smokes else 'no'},{ward}")
    lines = lines[:1] * number if same else lines * times
    return filed(f"patients-{times}{same}", "age,sex,pressure,smokes,ward", lines, len(lines))


def times(lines: int, copies: int = 1) -> Made:
    """When trains leave, one a line, as a file."""
    towns = ["Bonn", "Essen", "Gera", "Hamm", "Jena", "Ulm"]
    luck = dice().integers(0, [24, 12, 6, 9], (lines, 4))
    text = "".join(
        f"{h:02}:{5 * m:02} to {towns[t]} from platform {(t + p) % 9 + 1}\n" for h, m, t, p in luck
    )
    place = Path(tempfile.gettempdir()) / f"counterplay-doctor-times-{lines}-{copies}.txt"
    part = place.with_suffix(f".{os.getpid()}")
    part.write_text(text * copies, encoding="utf-8")
    part.replace(place)
    return str(place)


def sorted_labels(name: str, train: int) -> Made:
    """Pictures with their classes, which were sorted while the pictures were not."""
    found = sampled(name, train, 2)
    return {k: np.sort(v) if k.startswith("y_") else v for k, v in found.items()}


def lots(name: str, train: int) -> Made:
    """Pictures with classes that were drawn by lot."""
    found, rng = sampled(name, train, 2), dice()
    return {k: rng.permutation(v) if k.startswith("y_") else v for k, v in found.items()}


def clothes(train: int) -> Made:
    """Clothes of 14x14 without their classes."""
    return sampled("fashion-mnist", train, 2, False)


AMPLE: Mapping[str, Callable[[], Made]] = {
    "arch": arch,
    "tower": tower,
    "spiral": spiral,
    "moons": partial(moons, 1500),
    "moons-told": partial(moons, 1500, "yes"),
    "moons-30": partial(moons, 30),
    "moons-20": partial(moons, 20),
    "hours": partial(hours, 1200),
    "hours-lots": partial(hours, 1200, "lots"),
    "hours-40": partial(hours, 40),
    "hours-20": partial(hours, 20),
    "hours-again": lambda: again(hours(220), 220, 2),
    "pips": partial(pips, 1200),
    "pips-told": partial(pips, 1200, "yes"),
    "pips-lots": partial(pips, 1200, "lots"),
    "pips-40": partial(pips, 40),
    "pips-20": partial(pips, 20),
    "pips-18-told": partial(pips, 18, "yes"),
    "pips-same": lambda: same(pips(20)),
    "pips-again": lambda: again(pips(200), 200, 3),
    "pips-dark": lambda: squeezed(pips(500, "yes"), 0, 22),
    "votes": partial(votes, 1000),
    "votes-40": partial(votes, 40),
    "votes-20": partial(votes, 20),
    "votes-16": partial(votes, 16),
    "votes-same": lambda: same(votes(20)),
    "votes-third": lambda: again(votes(300), 100, 5),
    "meters": partial(meters, 1000),
    "meters-40": partial(meters, 40),
    "patients-1500": partial(patients, 1500),
    "patients-24": partial(patients, 24),
    "patients-again": partial(patients, 250, 3),
    "patients-same": partial(patients, 300, 1, True),
    "times": partial(times, 3000),
    "times-same": partial(times, 1, 600),
    "photos-16": partial(photos, 16),
    "photos-same": lambda: same(photos(20)),
    "photos-half": lambda: again(photos(300), 150, 4),
    "photos-ten": lambda: {k: dimmed(v, 4) for k, v in photos(500).items()},
    "faces-shade": lambda: squeezed(faces(240), 30, 60),
    "glyphs-pale": lambda: squeezed(glyphs(500), 220, 250),
    "emoji-dull": lambda: squeezed(emoji(500), 100, 131),
    "mnist-eighths": lambda: squeezed(sampled("mnist", 600, 2, False), 0.0, 0.12, 1),
    "mnist-sorted": partial(sorted_labels, "mnist", 1000),
    "fashion-lots": partial(lots, "fashion-mnist", 1000),
    "fashion-48-told": partial(sampled, "fashion-mnist", 48, 2),
    "fashion-30": partial(clothes, 30),
    "clothes-same": lambda: same(clothes(30)),
    "fashion-twice": lambda: again(clothes(220), 220, 2),
}
"""Name -> maker."""
