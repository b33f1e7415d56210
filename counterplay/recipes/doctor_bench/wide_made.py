"""Data of the wide trainings: trellises, links, months, discs, boxes, paintings, baskets."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from counterplay.recipes.doctor_bench.drawn import rows
from counterplay.recipes.doctor_bench.material import (
    SHARED,
    Made,
    dice,
    dimmed,
    filed,
    pictures,
    sampled,
    split,
)

__all__ = ["WIDE"]

Told = tuple[np.ndarray, np.ndarray]


def _near(centres: np.ndarray, std: float, n: int = 4000) -> Told:
    """Gaussians around these centres, and which of them each point is of."""
    rng = dice()
    which = rng.integers(0, len(centres), n)
    x = centres[which] + std * rng.normal(size=(n, centres.shape[1]))
    return x.astype(np.float32), which


def trellis() -> Made:
    """Sixteen Gaussians, four by four."""
    at = np.array([-1.5, -0.5, 0.5, 1.5]) * 1.2
    return _near(np.stack(np.meshgrid(at, at), -1).reshape(-1, 2), 0.15)[0]


def stairs() -> Made:
    """Seven Gaussians, each above and to the right of the one before."""
    at = np.arange(7) - 3
    return _near(np.stack([at, np.floor(at / 2)], 1) * 0.8, 0.15)[0]


def _rosette() -> Told:
    inner, outer = np.arange(3) * 2 * np.pi / 3, np.arange(5) * 2 * np.pi / 5
    rings = [r * np.stack([np.cos(t), np.sin(t)], 1) for r, t in ((0.8, inner), (2.2, outer))]
    return _near(np.concatenate(rings), 0.18)


def rosette() -> Made:
    """Three Gaussians on a small circle in a large one of five."""
    return _rosette()[0]


def rosette_told(slip: int = 0) -> Made:
    """The same with their numbers, or with those of the points some rows on."""
    x, which = _rosette()
    return x, np.roll(which, slip)


def crystal() -> Made:
    """Twelve Gaussians in space, on the middles of a cube's edges."""
    edges = [[0, i, j] for i in (-1, 1) for j in (-1, 1)]
    return _near(np.array([np.roll(e, k) for e in edges for k in range(3)]) * 1.4, 0.18)[0]


def links() -> Made:
    """Two rings of a chain, in space."""
    rng = dice()
    t, side = 2 * np.pi * rng.random(3000), rng.random(3000) < 0.5
    one = np.stack([np.cos(t), np.sin(t), 0 * t], 1)
    two = np.stack([1 + np.cos(t), 0 * t, np.sin(t)], 1)
    x = np.where(side[:, None], one, two) + 0.08 * rng.normal(size=(3000, 3))
    return (x * 1.3).astype(np.float32)


def ribbon() -> Made:
    """A curve that crosses itself twice."""
    rng = dice()
    t = 2 * np.pi * rng.random(4000)
    x = np.stack([1.6 * np.sin(2 * t), 1.6 * np.cos(3 * t)], 1)
    return (x + 0.08 * rng.normal(size=x.shape)).astype(np.float32)


def shares() -> Made:
    """Logarithms of what five parts are, against the whole."""
    rng = dice()
    z = np.exp(rng.normal(size=(2500, 6)) @ (0.4 * np.eye(6) + 0.15))
    return np.log(z[:, :5] / z[:, 5:]).astype(np.float32)


def months(train: int) -> Made:
    """Twelve months' temperatures of a place: a mean, a swing, a delay, and some weather."""
    rng = dice()
    n = train + 800
    mean, swing, late = 10 + 6 * rng.normal(size=n), 8 + 3 * rng.normal(size=n), rng.normal(size=n)
    turn = 2 * np.pi * np.arange(12) / 12 - 0.4 * late[:, None]
    x = mean[:, None] - swing[:, None] * np.cos(turn) + 1.2 * rng.normal(size=(n, 12))
    return split(x.astype(np.float32), train)


def _parted(x: np.ndarray, which: np.ndarray, train: int, told: str) -> Made:
    if told == "lots":
        which = dice().permutation(which)
    labels = {k.replace("x_", "y_"): v for k, v in split(which, train).items()}
    return split(x, train) | (labels if told else {})


def discs(train: int, told: str = "") -> Made:
    """A bright disc of some size in one of five places, about."""
    rng = dice()
    n = train + 800
    which = rng.integers(0, 5, n)
    centres = np.array([[2, 2], [2, 5], [5, 2], [5, 5], [3.5, 3.5]])
    at = centres[which] + 0.35 * rng.normal(size=(n, 2))
    i, j = np.indices((8, 8))
    away = np.hypot(i - at[:, 0, None, None], j - at[:, 1, None, None])
    x = 30 + 190 / (1 + np.exp(3 * (away - 1.2 - 1.0 * rng.random((n, 1, 1)))))
    x = np.clip(x + 12 * rng.normal(size=x.shape), 0, 255).astype(np.uint8)
    return _parted(x, which, train, told)


def boxes(train: int, told: str = "") -> Made:
    """Half planes and corners of one grey on another: six kinds."""
    rng = dice()
    n = train + 800
    which, edge = rng.integers(0, 6, n), 3 + 2 * rng.random((n, 1, 1))
    i, j = np.indices((8, 8))[:, None]
    kinds = [i < edge, i >= edge, j < edge, j >= edge]
    kinds += [(i < edge) & (j < edge), (i >= edge) & (j >= edge)]
    inside = np.stack(kinds, 1)[np.arange(n), which]
    low, high = 40 + 30 * rng.random((n, 1, 1)), 170 + 50 * rng.random((n, 1, 1))
    x = np.where(inside, high, low) + 12 * rng.normal(size=(n, 8, 8))
    return _parted(np.clip(x, 0, 255).astype(np.uint8), which, train, told)


def paintings(train: int, side: int = 8) -> Made:
    """Squares out of paintings, small and in colour."""
    from PIL import Image

    found = []
    with zipfile.ZipFile(SHARED / "monet2photo" / "monet_jpg.zip") as pack:
        chosen = sorted(name for name in pack.namelist() if name.endswith(".jpg"))
        for at in dice().permutation(len(chosen))[:320]:
            picture = Image.open(io.BytesIO(pack.read(chosen[int(at)]))).convert("RGB")
            small = np.asarray(picture.resize((2 * side, 2 * side), Image.Resampling.BOX))
            found.append(small[::2, ::2])
            found += [small[:side, :side], small[:side, side:], small[side:, side:]]
    return split(np.stack(found)[dice().permutation(len(found))], train)


def baskets(train: int) -> Made:
    """Rows of 30 bits: what is in the baskets of six kinds of customers."""
    rng = dice()
    liking = np.where(rng.random((6, 30)) < 0.35, 0.9, 0.06)
    x = rng.random((train + 800, 30)) < liking[rng.integers(0, 6, train + 800)]
    return split(x.astype(np.float32), train)


def patches(train: int) -> Made:
    """Pictures of 6x6 bits as rows: a full rectangle anywhere, with some errors."""
    rng = dice()
    n = train + 800
    (top, left), (tall, wide) = rng.integers(0, 4, (2, n)), rng.integers(2, 4, (2, n))
    i, j = np.indices((6, 6))[:, None]
    top, left, tall, wide = (v[:, None, None] for v in (top, left, tall, wide))
    x = (i >= top) & (i < top + tall) & (j >= left) & (j < left + wide)
    x = x ^ (rng.random(x.shape) < 0.02)
    return split(x.reshape(n, 36).astype(np.float32), train)


def journeys(number: int, times: int = 1) -> Made:
    """How people went to work, as a file: how, how far, how long, on which day, whether dry."""
    rng, lines = dice(), []
    ways, days = ["foot", "bike", "bus", "car"], ["Mon", "Tue", "Wed", "Thu", "Fri"]
    for luck in rng.random((number, 5)):
        far = 0.5 * np.exp(3.5 * luck[0])
        how = min(int(np.log2(far + 0.5) + 2 * luck[1]), 3) if far > 0.6 else 0
        long = 4 + far * 60 / [5, 14, 20, 34][how] * (0.8 + 0.5 * luck[2])
        dry = "wet" if luck[3] < 0.2 + 0.12 * how else "dry"
        lines.append(f"{ways[how]},{far:.1f},{long:.0f},{days[int(5 * luck[4])]},{dry}")
    return filed(f"journeys-{times}", "how,km,minutes,day,sky", lines * times, number * times)


def addresses(lines: int) -> Made:
    """Addresses, one a line, as a file."""
    rng = dice()
    trees, kinds = ["Oak", "Elm", "Ash", "Birch", "Maple", "Cedar"], ["Road", "Lane", "Street"]
    towns = ["Leeds", "York", "Hull", "Bath", "Ely", "Derby"]
    luck = rng.integers(0, [200, 6, 3, 6, 90], (lines, 5))
    text = "".join(
        f"{a + 1} {trees[b]} {kinds[c]}, {towns[d]} {towns[d][0]}{e + 10}\n"
        for a, b, c, d, e in luck
    )
    place = Path(tempfile.gettempdir()) / f"counterplay-doctor-addresses-{lines}.txt"
    part = place.with_suffix(f".{os.getpid()}")
    part.write_text(text, encoding="utf-8")
    part.replace(place)
    return str(place)


def chirps(train: int, told: str = "", times: int = 1, held: int = 20, same: bool = False) -> Made:
    """Recordings of a quarter of a second: a whistle that rises, falls, or stays."""
    from counterplay.data.audio import compressed, to_wav

    name = f"counterplay-doctor-chirps-{train}{told}-{times}-{held}{'-same' * same}"
    place, t, rng = Path(tempfile.gettempdir()) / name, np.arange(1024) / 4000, dice()
    if place.is_dir():
        return str(place)
    part = place.with_name(f"{name}.{os.getpid()}")
    sizes = {"train": train, "val": held, "test": held}
    for where, number in sizes.items():
        (part / where).mkdir(parents=True)
        for at in range(number):
            which, start, luck = int(rng.integers(0, 3)), 250 + 200 * rng.random(), rng.random()
            if same:
                which, start, luck = 1, 300.0, 0.0
            pitch = start * (1 + (which - 1) * 2 * t)
            sound = 0.6 * np.sin(2 * np.pi * np.cumsum(pitch) / 4000 + 6 * luck)
            kind = int(rng.integers(0, 3)) if told == "lots" else which
            for copy in range(times if where == "train" else 1):
                wav = to_wav(compressed(sound), 4000)
                (part / where / f"{kind}_whistle_{at}_{copy}.wav").write_bytes(wav)
    try:
        part.replace(place)
    except OSError:  # another process was quicker
        shutil.rmtree(part)
    return str(place)


def digits_told(train: int) -> Made:
    """Few digits with their classes."""
    x, y = pictures()
    return _parted(x, y, train, "yes")


# ---- data that are wrong


def same(found: Mapping[str, np.ndarray], told: bool = False) -> Made:
    """One example again and again, under all names where there are any."""
    x = np.repeat(found["x_train"][:1], 340, 0)
    return (x, np.arange(340) % 5) if told else x


def again(found: Mapping[str, np.ndarray], part: int, times: int) -> Made:
    """Examples of which the first ones are there several times."""
    x = found["x_train"]
    return {**found, "x_train": np.concatenate([x, *[x[:part]] * (times - 1)])}


def squeezed(found: Mapping[str, np.ndarray], low: float, high: float, scale: int = 0) -> Made:
    """Levels from ``low`` to ``high``: of bytes, or with ``scale`` 1 as fractions."""
    kind = np.float32 if scale else np.uint8
    return {
        k: v if k.startswith("y_") else (low + v * ((high - low) / 255)).astype(kind)
        for k, v in found.items()
    }


def twelve() -> Made:
    """Paintings of twelve bits that were read as ones of sixteen."""
    return {k: dimmed(v, 16) for k, v in paintings(500).items()}


WIDE: Mapping[str, Callable[[], Made]] = {
    "trellis": trellis,
    "stairs": stairs,
    "rosette": rosette,
    "rosette-told": rosette_told,
    "rosette-slipped": partial(rosette_told, 3),
    "crystal": crystal,
    "links": links,
    "ribbon": ribbon,
    "shares": shares,
    "months": partial(months, 1200),
    "months-40": partial(months, 40),
    "months-24": partial(months, 24),
    "months-18": partial(months, 18),
    "months-again": lambda: again(months(250), 250, 2),
    "airfoil-40": partial(rows, "airfoil", 40),
    "airfoil-20": partial(rows, "airfoil", 20),
    "discs": partial(discs, 1200),
    "discs-told": partial(discs, 1200, "yes"),
    "discs-44-told": partial(discs, 44, "yes"),
    "discs-20": partial(discs, 20),
    "discs-20-told": partial(discs, 20, "yes"),
    "discs-same": lambda: same(discs(20)),
    "discs-again": lambda: again(discs(200), 200, 3),
    "discs-dark": lambda: squeezed(discs(500, "yes"), 0, 20),
    "boxes": partial(boxes, 1200),
    "boxes-told": partial(boxes, 1200, "yes"),
    "boxes-lots": partial(boxes, 1200, "lots"),
    "boxes-24": partial(boxes, 24),
    "boxes-16": partial(boxes, 16),
    "boxes-same": lambda: same(boxes(20), told=True),
    "corner-same": lambda: same(boxes(20)),
    "boxes-faint": lambda: squeezed(boxes(500), 100, 125),
    "boxes-fractions": lambda: squeezed(boxes(500), -1.0, -0.9, 1),
    "paintings": partial(paintings, 800),
    "paintings-40": partial(paintings, 40),
    "paintings-26": partial(paintings, 26),
    "paintings-20": partial(paintings, 20),
    "paintings-same": lambda: same(paintings(20)),
    "paintings-tenth": lambda: again(paintings(300), 30, 10),
    "paintings-fog": lambda: squeezed(paintings(500), 180, 215),
    "paintings-twelve": twelve,
    "baskets": partial(baskets, 1000),
    "baskets-40": partial(baskets, 40),
    "baskets-24": partial(baskets, 24),
    "baskets-20": partial(baskets, 20),
    "baskets-same": lambda: same(baskets(20)),
    "baskets-half": lambda: again(baskets(240), 120, 4),
    "patches": partial(patches, 1000),
    "journeys-1500": partial(journeys, 1500),
    "journeys-80": partial(journeys, 80),
    "journeys-60": partial(journeys, 60),
    "journeys-30": partial(journeys, 30),
    "journeys-again": partial(journeys, 300, 2),
    "addresses": partial(addresses, 3000),
    "addresses-80": partial(addresses, 80),
    "chirps": partial(chirps, 240),
    "chirps-lots": partial(chirps, 240, "lots"),
    "chirps-14": partial(chirps, 14),
    "chirps-again": partial(chirps, 70, "", 3),
    "chirps-same": partial(chirps, 80, "", 1, 20, True),
    "digits-48-told": partial(digits_told, 48),
    "fashion-40": partial(sampled, "fashion-mnist", 40, 2, False),
}
"""Name -> maker."""
