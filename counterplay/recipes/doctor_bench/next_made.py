"""Data of the next trainings: solids, helices, shades, glyphs, fronts, emoji, cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from counterplay.recipes.doctor_bench.drawn import rows
from counterplay.recipes.doctor_bench.material import SHARED, Made, dice, dimmed, pictures, split
from counterplay.recipes.doctor_bench.next_files import FILES

__all__ = ["NEXT"]

Told = tuple[np.ndarray, np.ndarray]


def _near(centres: np.ndarray, std: float, n: int = 4000) -> np.ndarray:
    """Gaussians around these centres."""
    rng = dice()
    which = rng.integers(0, len(centres), n)
    x = centres[which] + std * rng.normal(size=(n, centres.shape[1]))
    return x.astype(np.float32)


def quincunx() -> Made:
    """Five Gaussians as on a die."""
    return _near(np.array([[0, 0], [1, 1], [1, -1], [-1, 1], [-1, -1]]) * 1.5, 0.15)


def brick() -> Made:
    """Eight Gaussians in three rows, the middle one between the others."""
    ends = [[i, j] for i in (-2, 0, 2) for j in (-1.6, 1.6)]
    return _near(np.array([*ends, [-1, 0], [1, 0]]) * 1.0, 0.2)


def octahedron() -> Made:
    """A Gaussian at either end of each of three axes."""
    return _near(2 * np.concatenate([np.eye(3), -np.eye(3)]), 0.2)


def dodecahedron() -> Made:
    """A Gaussian at each of twenty corners."""
    gold = (1 + 5**0.5) / 2
    cube = [[i, j, k] for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)]
    flat = [[0, i / gold, j * gold] for i in (-1, 1) for j in (-1, 1)]
    turned = [np.roll(corner, k) for corner in flat for k in range(3)]
    return _near(np.array([*cube, *turned]) * 1.2, 0.15)


def helix() -> Made:
    """Two turns of a screw."""
    rng = dice()
    t = rng.random(3000)
    x = [np.cos(4 * np.pi * t), np.sin(4 * np.pi * t), 3 * t - 1.5]
    return (np.stack(x, 1) + 0.08 * rng.normal(size=(3000, 3))).astype(np.float32)


def torus() -> Made:
    """The surface of a tyre."""
    rng = dice()
    a, b = 2 * np.pi * rng.random((2, 3000))
    out = 2 + 0.8 * np.cos(b)
    x = np.stack([out * np.cos(a), out * np.sin(a), 0.8 * np.sin(b)], 1)
    return (x + 0.08 * rng.normal(size=x.shape)).astype(np.float32)


def frame() -> Made:
    """The outline of a square."""
    rng = dice()
    along, side = 2 * rng.random(4000) - 1, rng.integers(0, 4, 4000)
    far = np.where(side < 2, 1.0, -1.0)
    x = np.where((side % 2 == 0)[:, None], np.stack([along, far], 1), np.stack([far, along], 1))
    return (x + 0.06 * rng.normal(size=x.shape)).astype(np.float32)


def eight() -> Made:
    """A figure of eight that lies down."""
    rng = dice()
    t = 2 * np.pi * rng.random(4000)
    x = np.stack([2 * np.cos(t), np.sin(2 * t)], 1)
    return (x + 0.08 * rng.normal(size=x.shape)).astype(np.float32)


def spokes(shuffled: bool = False) -> Made:
    """Five rays with their numbers, or with numbers drawn by lot."""
    rng = dice()
    which, out = rng.integers(0, 5, 3000), 0.5 + 1.5 * rng.random(3000)
    turn = which * 2 * np.pi / 5
    x = np.stack([out * np.cos(turn), out * np.sin(turn)], 1) + 0.1 * rng.normal(size=(3000, 2))
    return x.astype(np.float32), rng.permutation(which) if shuffled else which


def copula() -> Made:
    """Six columns that hang together: two even ones, two waiting times, two bell curves."""
    rng = dice()
    z = rng.normal(size=(2500, 6)) + 0.8 * rng.normal(size=(2500, 1))
    z /= z.std(0)
    z[:, :2] = np.tanh(1.2 * z[:, :2])  # nearly even
    z[:, 2:4] = np.logaddexp(0, 2 * z[:, 2:4])
    return z.astype(np.float32)


def factors() -> Made:
    """Ten columns that three hidden numbers of unlike weight explain, but for some noise."""
    rng = dice()
    mix = np.linalg.qr(rng.normal(size=(10, 3)))[0] * [5, 3.5, 2.5]
    x = rng.normal(size=(2500, 3)) @ mix.T + 0.5 * rng.normal(size=(2500, 10))
    return x.astype(np.float32)


def _parted(x: np.ndarray, which: np.ndarray, train: int, told: bool) -> Made:
    labels = {k.replace("x_", "y_"): v for k, v in split(which, train).items()}
    return split(x, train) | (labels if told else {})


def shades(train: int, told: bool = False) -> Made:
    """Pictures that grow darker in one of six directions, from any level on."""
    rng = dice()
    n = train + 800
    which, level = rng.integers(0, 6, n), rng.normal(size=(n, 1, 1))
    turn = (which * np.pi / 3 + 0.15 * rng.normal(size=n))[:, None, None]
    i, j = np.indices((8, 8)) / 3.5 - 1
    x = 128 + 55 * (i * np.sin(turn) + j * np.cos(turn)) + 18 * level
    x = np.clip(x + 16 * rng.normal(size=x.shape), 0, 255).astype(np.uint8)
    return _parted(x, which, train, told)


def _shapes() -> np.ndarray:
    """Six shapes of 6x6."""
    x = np.zeros((6, 6, 6))
    x[0, 2:4], x[0, :, 2:4] = 1, 1  # a plus
    x[1, np.arange(6), np.arange(6)] = x[1, np.arange(6), np.arange(5, -1, -1)] = 1  # a cross
    x[2], x[2, 1:-1, 1:-1] = 1, 0  # a frame
    x[3, 2:4] = 1  # a bar across
    x[4, :, 2:4] = 1  # a bar down
    x[5, 1:-1, 1:-1] = 1  # a block
    return x


def glyphs(train: int, told: bool = False) -> Made:
    """Six shapes of some brightness, at one of nine places."""
    rng = dice()
    n = train + 800
    which, (down, right) = rng.integers(0, 6, n), rng.integers(0, 3, (2, n))
    bright, x = 170 + 70 * rng.random(n), np.zeros((n, 8, 8))
    for each, shape in enumerate(_shapes()):
        for i in range(3):
            for j in range(3):
                here = (which == each) & (down == i) & (right == j)
                x[here, i : i + 6, j : j + 6] = bright[here, None, None] * shape
    x = np.clip(x + 24 * rng.normal(size=x.shape), 0, 255).astype(np.uint8)
    return _parted(x, which, train, told)


def _opened(path: Path, names: Callable[[str], bool], number: int, side: int) -> np.ndarray:
    """Return some pictures of an archive, each ``side`` wide, in colour on white."""
    from PIL import Image

    with zipfile.ZipFile(path) as pack:
        chosen = sorted(name for name in pack.namelist() if names(name))
        found = []
        for at in dice().permutation(len(chosen))[:number]:
            picture = Image.open(io.BytesIO(pack.read(chosen[int(at)]))).convert("RGBA")
            white = Image.new("RGBA", picture.size, "white")
            whole = Image.alpha_composite(white, picture).convert("RGB")
            found.append(np.asarray(whole.resize((side, side), Image.Resampling.BOX)))
    return np.stack(found)


def emoji(train: int) -> Made:
    """Small signs of 16x16 in colour, on white."""
    path = SHARED / "emoji-captions" / "noto_emoji_72.zip"
    return split(_opened(path, lambda name: name.endswith(".png"), train + 600, 16), train)


def fronts(train: int) -> Made:
    """Grey photographs of 16x16 of the fronts of houses."""
    path = SHARED / "facades" / "facades_128_derived.zip"
    x = _opened(path, lambda name: name.endswith(".webp"), train + 200, 16)
    return split(x.mean(3).round().astype(np.uint8), train)


def photos(train: int) -> Made:
    """Photographs of ten things, of 8x8 in colour."""
    from PIL import Image

    with Image.open(SHARED / "cifar10" / "data_batch_1.webp") as sheet:
        x = np.asarray(sheet.convert("RGB").crop((0, 0, 3200, 640)))
    x = x.reshape(20, 32, 100, 32, 3).transpose(0, 2, 1, 3, 4).reshape(-1, 8, 4, 8, 4, 3)
    return split(x.mean((2, 4)).round().astype(np.uint8), train)


def cells(train: int) -> Made:
    """Rows of 40 bits: eight cells, and what a rule makes of them four times, with errors."""
    rng = dice()
    now, x = rng.random((train + 800, 8)) < 0.5, []
    for _ in range(5):
        x.append(now)
        now = np.roll(now, 1, 1) ^ (now | np.roll(now, -1, 1))
    bits = np.concatenate(x, 1) ^ (rng.random((train + 800, 40)) < 0.03)
    return split(bits.astype(np.float32), train)


def teams(train: int) -> Made:
    """Rows of 32 bits that are one of ten patterns but for some errors."""
    rng = dice()
    patterns = rng.random((10, 32)) < 0.5
    x = patterns[rng.integers(0, 10, train + 800)] ^ (rng.random((train + 800, 32)) < 0.06)
    return split(x.astype(np.float32), train)


def strokes(train: int, step: int = 2) -> Made:
    """Rows of bits: a known binarisation of digits, every ``step``-th pixel of such rows."""
    with np.load(SHARED / "binarized-mnist" / "binarized_mnist_packbits.npz") as found:
        packed = found["train"][np.sort(dice().permutation(50_000)[: train + 800])]
    x = np.unpackbits(packed, axis=1)[:, :784].reshape(-1, 28, 28)[:, ::step, ::step]
    x = x[dice().permutation(len(x))].reshape(len(x), -1)
    return split(x.astype(np.float32), train)


def rows_told(train: int) -> Made:
    """Wines with their growers, few of them to learn from."""
    from sklearn.datasets import load_wine

    x, y = map(np.asarray, load_wine(return_X_y=True))
    order = dice().permutation(len(x))
    return _parted(x[order].astype(np.float32), y[order], train, told=True)


# ---- data that are wrong


def same_emoji() -> Made:
    """One sign in colour, many times."""
    return np.repeat(emoji(20)["x_train"][2:3], 340, 0)


def same_front() -> Made:
    """One front, many times: a camera that hung."""
    return np.repeat(fronts(20)["x_train"][5:6], 360, 0)


def same_glyph() -> Made:
    """One shape under six names."""
    found = glyphs(360, told=True)
    return np.repeat(found["x_train"][:1], 360, 0), found["y_train"]


def drawn_again() -> Made:
    """A sample of 2,000 points of which only 250 are different: drawn with replacement."""
    x = split(eight(), 250)
    return x | {"x_train": x["x_train"][dice().integers(0, 250, 2000)]}


def glyphs_again() -> Made:
    """Shapes of which half are there four times."""
    x = glyphs(300)
    own = x["x_train"]
    return x | {"x_train": np.concatenate([own, *[own[:150]] * 3])}


def strokes_again() -> Made:
    """Rows of bits of two folders of which one was a copy."""
    x = strokes(350)
    return x | {"x_train": np.concatenate([x["x_train"]] * 2)}


def noon() -> Made:
    """Photographs against the sun: levels 205 to 250."""
    return {k: (205 + v * (45 / 255)).astype(np.uint8) for k, v in photos(500).items()}


def gloom() -> Made:
    """Fronts by night: levels 0 to 31."""
    return {k: v // 8 for k, v in fronts(350).items()}


def centred() -> Made:
    """Shades that were divided by ten and moved to the middle, as fractions."""
    return {k: (0.45 + v / 2550).astype(np.float32) for k, v in shades(500).items()}


def tenths() -> Made:
    """Shapes of eleven bits that were read as ones of sixteen: levels 0 to 2,040 of 65,535."""
    return {k: dimmed(v, 8) for k, v in glyphs(500).items()}


def slipped() -> Made:
    """Digits whose labels are those of the digits nine rows on."""
    x, y = pictures()
    return x, np.roll(y, 9)


NEXT: Mapping[str, Callable[[], Made]] = {
    "quincunx": quincunx,
    "brick": brick,
    "octahedron": octahedron,
    "dodecahedron": dodecahedron,
    "helix": helix,
    "torus": torus,
    "frame": frame,
    "eight": eight,
    "spokes": spokes,
    "spokes-lots": partial(spokes, shuffled=True),
    "copula": copula,
    "factors": factors,
    "shades": partial(shades, 1200),
    "shades-told": partial(shades, 1200, told=True),
    "glyphs": partial(glyphs, 1200),
    "glyphs-told": partial(glyphs, 1200, told=True),
    "glyphs-24-told": partial(glyphs, 24, told=True),
    "emoji-700": partial(emoji, 700),
    "emoji-44": partial(emoji, 44),
    "fronts-400": partial(fronts, 400),
    "photos-800": partial(photos, 800),
    "photos-40": partial(photos, 40),
    "photos-26": partial(photos, 26),
    "photos-18": partial(photos, 18),
    "cells": partial(cells, 1000),
    "strokes-16": partial(strokes, 16),
    "teams": partial(teams, 1000),
    "strokes": partial(strokes, 1000),
    "strokes-30": partial(strokes, 30),
    "strokes-small": partial(strokes, 1000, 4),
    "strokes-small-22": partial(strokes, 22, 4),
    "wine-told-44": partial(rows_told, 44),
    "kin40k-40": partial(rows, "kin40k", 40),
    "protein-20": partial(rows, "protein", 20),
    "same-emoji": same_emoji,
    "same-front": same_front,
    "same-glyph": same_glyph,
    "drawn-again": drawn_again,
    "glyphs-again": glyphs_again,
    "strokes-again": strokes_again,
    "photos-noon": noon,
    "fronts-gloom": gloom,
    "shades-centred": centred,
    "glyphs-tenths": tenths,
    "digits-slipped": slipped,
    **FILES,
}
"""Name -> maker."""
