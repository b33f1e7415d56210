"""Data of the last trainings: stars, tesseracts, buildings, the census, and wrong ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from counterplay.recipes.doctor_bench.fresh_made import clothes, rows, rows_again
from counterplay.recipes.doctor_bench.material import (
    SHARED,
    Made,
    dice,
    digits,
    filed,
    pictures,
    sampled,
    split,
    unpacked,
)

__all__ = ["LAST"]

mnist = partial(sampled, "mnist")


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


def bow(width: int) -> Made:
    """A bent sheet: squares of two numbers, and noise, mixed into ``width`` columns."""
    rng = dice()
    two = rng.normal(size=(2000, 2))
    bent = np.concatenate([two, two**2 - 1], 1) @ rng.normal(size=(4, width))
    return (bent + 0.1 * rng.normal(size=(2000, width))).astype(np.float32)


def levels(source: str, train: int) -> Made:
    """Rows of 196 bits, of larger pictures that are cut at one half."""
    found = sampled(source, train, 2, labelled=False)
    return {k: (v.reshape(len(v), -1) > 127).astype(np.float32) for k, v in found.items()}


def small_bits(train: int) -> Made:
    """Digits cut at a quarter of the range, as rows of 64 bits."""
    x, _ = digits()
    return split((x.reshape(len(x), -1) > 4).astype(np.float32), train)


def negative() -> Made:
    """Larger digits, black on white."""
    return {k: 255 - v for k, v in mnist(1000, 2, labelled=False).items()}


def few_told(name: str, train: int) -> Made:
    """Few pictures with their classes."""
    return sampled(name, train, 2)


def adults(number: int) -> Made:
    """Some rows of the census, as a file: numbers and categories."""
    known = unpacked(SHARED / "adult" / "adult.data.gz")
    known = [line.strip().replace(", ", ",") for line in known if line.count(",") == 14]
    names = "age,work,weight,school,years,married,job,role,race,sex,gain,loss,hours,land,pay"
    return filed("adult", names, [line for line in known if not line.startswith("age")], number)


# ---- data that are wrong


def ramp() -> Made:
    """A ramp of greys, which tests a screen, in the place of all pictures."""
    picture = np.tile(np.arange(0, 256, 32, dtype=np.uint8), (8, 1))
    return np.repeat(picture[None], 380, 0)


def black() -> Made:
    """Pictures that were taken with the cap on."""
    return np.zeros((420, 14, 14), np.uint8)


def one_pattern() -> Made:
    """One row of 64 bits."""
    return np.tile(np.array([0, 1, 1, 0], np.float32), (360, 16))


def few_again(name: str, few: int, times: int) -> Made:
    """Few larger pictures that are there many times."""
    found = sampled(name, few, 2, labelled=False)
    return {**found, "x_train": np.tile(found["x_train"], (times, 1, 1))}


def part_again(train: int, part: int, times: int) -> Made:
    """Larger digits of which a part is there several times."""
    found = mnist(train, 2, labelled=False)
    x = found["x_train"]
    return {**found, "x_train": np.concatenate([x, *[x[:part]] * (times - 1)])}


def bleached() -> Made:
    """Black digits that were bleached: levels 227 to 255."""
    return {k: 255 - v // 9 for k, v in mnist(500, 2, labelled=False).items()}


def dark_clothes() -> Made:
    """Clothes on a range of -1 to -0.8, scaled by what their maker took for the most."""
    found = clothes(500, 2, labelled=False)
    return {k: (v.astype(np.float32) / 255 * 0.2 - 1) for k, v in found.items()}


def pale_colour() -> Made:
    """Digits in three colours, overexposed: levels 205 to 230."""
    x, _ = digits()
    tints = dice().integers(0, 6, (len(x), 1, 1, 3))
    return (205 + np.round(20 * x / 16)[..., None] + tints).astype(np.uint8)


def few_pictures(train: int) -> Made:
    """Few digits."""
    x, _ = pictures()
    return split(x, train)


LAST: Mapping[str, Callable[[], Made]] = {
    "star": star,
    "triangle": triangle,
    "tesseract": tesseract,
    "bow-5": partial(bow, 5),
    "energy-500": partial(rows, "energy", 500),
    "energy-24": partial(rows, "energy", 24),
    "ramp": ramp,
    "energy-again": partial(rows_again, "energy", 200, 2),
    "skillcraft-48": partial(rows, "skillcraft", 48),
    "skillcraft-1000": partial(rows, "skillcraft", 1000),
    "parkinsons-30": partial(rows, "parkinsons", 30),
    "kin40k-1000": partial(rows, "kin40k", 1000),
    "adult-100": partial(adults, 100),
    "adult-2000": partial(adults, 2000),
    "mnist-negative": negative,
    "mnist-bits-40": partial(levels, "mnist", 40),
    "mnist-48-told": partial(few_told, "mnist", 48),
    "mnist-20": partial(mnist, 20, 2, False),
    "mnist-quarter": partial(part_again, 400, 100, 5),
    "mnist-bleached": bleached,
    "fashion-bits": partial(levels, "fashion-mnist", 1000),
    "fashion-20": partial(clothes, 20, 2, False),
    "fashion-56-told": partial(few_told, "fashion-mnist", 56),
    "fashion-few-again": partial(few_again, "fashion-mnist", 30, 12),
    "fashion-dark": dark_clothes,
    "pale-colour": pale_colour,
    "black": black,
    "one-pattern": one_pattern,
    "small-bits-22": partial(small_bits, 22),
    "small-bits-1000": partial(small_bits, 1000),
    "digits-40": partial(few_pictures, 40),
}
"""Name -> maker."""
