"""Data that a case needs and nobody has: few, doubled, constant, misread, mislabelled, small.

A maker returns what ``counterplay.data.load`` takes. All of it is drawn with one seed, so that a
case's seed changes the training alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from counterplay.errors import UserError
from counterplay.recipes.doctor_bench.ample_made import AMPLE
from counterplay.recipes.doctor_bench.drawn import DRAWN
from counterplay.recipes.doctor_bench.free_made import FREE
from counterplay.recipes.doctor_bench.free_shapes import FREE_SHAPES
from counterplay.recipes.doctor_bench.free_tables import FREE_TABLES
from counterplay.recipes.doctor_bench.material import (
    SHARED,
    Made,
    dice,
    digits,
    dimmed,
    filed,
    pictures,
    sampled,
    split,
    table,
    unpacked,
)
from counterplay.recipes.doctor_bench.next_made import NEXT
from counterplay.recipes.doctor_bench.vast_made import VAST
from counterplay.recipes.doctor_bench.vast_shapes import SHAPES
from counterplay.recipes.doctor_bench.vast_tables import FILES
from counterplay.recipes.doctor_bench.wide_made import WIDE

__all__ = ["MADE", "SHARED"]

mnist = partial(sampled, "mnist")


def _ring(n: int, seed: int = 1, std: float = 0.1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    angles = rng.integers(0, 8, n) * np.pi / 4
    means = np.stack([np.cos(angles), np.sin(angles)], 1) * 2
    return (means + std * rng.normal(size=(n, 2))).astype(np.float32)


def few_points(train: int) -> Made:
    """A ring of 8 Gaussians of which few points are known."""
    return split(_ring(train + 800), train)


def few_digits(train: int, labelled: bool = False) -> Made:
    """Few of the digits to train on, and as many held out as there are otherwise."""
    x, y = pictures()
    found = split(x, train)
    labels = {k.replace("x_", "y_"): v for k, v in split(y, train).items()}
    return found | labels if labelled else found


def few_rows(name: str, train: int) -> Made:
    """Few rows of a table."""
    return split(table(name), train)


def _bits(name: str) -> np.ndarray:
    path = SHARED / "binary-uci" / f"{name}.npz"
    if not path.is_file():
        raise UserError(f"{path} is not there: this case needs it")
    with np.load(path) as found:
        x = np.asarray(found["train"], np.uint8)
    return x[dice().permutation(len(x))]


def bits(name: str, train: int) -> Made:
    """Some rows of zeros and ones."""
    return split(_bits(name).astype(np.float32), train)


def digit_bits(train: int) -> Made:
    """Digits cut at one half, as rows of 64 bits."""
    x, _ = digits()
    return split((x.reshape(len(x), -1) > 8).astype(np.float32), train)


def housing(rows: int) -> Made:
    """Some rows of a table of numbers and a category, as a file."""
    head, *lines = unpacked(SHARED / "california-housing" / "housing.csv.gz")
    return filed("housing", head, lines, rows)


def wide_ring() -> Made:
    """A ring of 8 Gaussians that nearly touch, of which rough samples hit some."""
    return _ring(4000, std=0.2)


def wide_grid() -> Made:
    """25 Gaussians on a lattice, likewise."""
    rng = dice()
    return (rng.integers(-2, 3, (4000, 2)) + 0.12 * rng.normal(size=(4000, 2))).astype(np.float32)


def two_modes() -> Made:
    """Two Gaussians far from each other."""
    rng = dice()
    side = rng.integers(0, 2, 4000) * 2 - 1
    return np.stack([2 * side, 0 * side], 1) + 0.2 * rng.normal(size=(4000, 2))


def normal(width: int) -> Made:
    """One Gaussian with correlated numbers: nothing could be easier."""
    rng = dice()
    mix = rng.normal(size=(width, width)) / width**0.5
    return (rng.normal(size=(2000, width)) @ mix).astype(np.float32)


# ---- data that are wrong


def constant_digits() -> Made:
    """One digit again and again."""
    x, _ = pictures()
    return np.repeat(x[:1], 600, 0)


def constant_grey() -> Made:
    """Pictures without anything on them."""
    return np.full((600, 8, 8), 128, np.uint8)


def constant_colour() -> Made:
    """One picture of one colour, many times: a folder whose files were overwritten."""
    picture = dice().integers(0, 256, (1, 8, 8, 3)).astype(np.uint8)
    return np.repeat(picture, 300, 0)


def constant_mnist() -> Made:
    """One picture of 28x28, as a reader makes that always reads the first."""
    x = np.zeros((400, 28, 28), np.uint8)
    x[:, 6:22, 12:16] = 255
    return x


def doubled_digits(times: int, share: float = 1.0) -> Made:
    """Digits of which a share is there several times."""
    x, _ = pictures()
    few = x[:600]
    copied = few[: int(share * len(few))]
    found = np.concatenate([few, *[copied] * (times - 1)])
    return found[dice().permutation(len(found))]


def doubled_mnist(train: int) -> Made:
    """Two downloads of the same pictures in one folder."""
    found = mnist(train, 2, labelled=False)
    return {k: np.concatenate([v, v]) for k, v in found.items()}


def dim_digits(most: int) -> Made:
    """Digits whose levels 0 … ``most`` are read as if they were 0 … 255."""
    x, _ = digits()
    return np.round(x * most / 16).astype(np.uint8)


def bright_digits() -> Made:
    """Pictures that were scaled to [0, 1] and then read as values of [-1, 1], nearly white."""
    x, _ = digits()
    return (0.9 + 0.1 * x / 16).astype(np.float32)


def dim_mnist() -> Made:
    """Pictures of 12 bits that were read as ones of 16: the darkest sixteenth of the range."""
    found = mnist(600, 2, labelled=False)
    return {k: dimmed(v, 16) for k, v in found.items()}


def shuffled_digits() -> Made:
    """Digits with each other's labels."""
    x, y = pictures()
    return x, dice().permutation(y)


def shuffled_mnist(train: int) -> Made:
    """Larger digits with labels drawn by lot."""
    found = mnist(train, 2)
    rng = dice()
    return {k: rng.permutation(v) if k.startswith("y") else v for k, v in found.items()}


MADE: Mapping[str, Callable[[], Made]] = {
    "ring-32": partial(few_points, 32),
    "ring-500": partial(few_points, 500),
    "ring-wide": wide_ring,
    "grid-wide": wide_grid,
    "two-modes": two_modes,
    "normal-4": partial(normal, 4),
    "normal-8": partial(normal, 8),
    "digits-16": partial(few_digits, 16),
    "digits-20": partial(few_digits, 20),
    "digits-48": partial(few_digits, 48),
    "digits-64": partial(few_digits, 64),
    "wine-40": partial(few_rows, "wine", 40),
    "wine-60": partial(few_rows, "wine", 60),
    "cancer-64": partial(few_rows, "cancer", 64),
    "diabetes-48": partial(few_rows, "diabetes", 48),
    "iris-30": partial(few_rows, "iris", 30),
    "cancer-300": partial(few_rows, "cancer", 300),
    "dna-60": partial(bits, "dna", 60),
    "dna-1000": partial(bits, "dna", 1000),
    "mushrooms-80": partial(bits, "mushrooms", 80),
    "mushrooms-1500": partial(bits, "mushrooms", 1500),
    "bits-64": partial(digit_bits, 64),
    "bits-1000": partial(digit_bits, 1000),
    "housing-100": partial(housing, 100),
    "housing-3000": partial(housing, 3000),
    "mnist-1000": partial(mnist, 1000, 2),
    "mnist-unlabelled": partial(mnist, 1000, 2, False),
    "constant-digits": constant_digits,
    "constant-grey": constant_grey,
    "constant-colour": constant_colour,
    "constant-mnist": constant_mnist,
    "doubled-4": partial(doubled_digits, 4),
    "doubled-half": partial(doubled_digits, 2, 0.5),
    "doubled-tenth": partial(doubled_digits, 8, 0.1),
    "doubled-mnist": partial(doubled_mnist, 500),
    "dim-16": partial(dim_digits, 16),
    "dim-25": partial(dim_digits, 25),
    "dim-4": partial(dim_digits, 4),
    "bright": bright_digits,
    "dim-mnist": dim_mnist,
    "shuffled-digits": shuffled_digits,
    "shuffled-mnist": partial(shuffled_mnist, 1000),
    **DRAWN,
    **NEXT,
    **WIDE,
    **AMPLE,
    **SHAPES,
    **FILES,
    **VAST,
    **FREE_SHAPES,
    **FREE_TABLES,
    **FREE,
}
"""Name -> maker."""
