"""Data of the cases that came last: clothes, corners, uneven clusters, and more that are wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from counterplay.recipes.doctor_bench.material import (
    Made,
    dice,
    digits,
    pictures,
    sampled,
    split,
    table,
)

__all__ = ["FRESH"]

clothes = partial(sampled, "fashion-mnist")


def corners() -> Made:
    """A Gaussian at each corner of a cube."""
    rng = dice()
    x = rng.integers(0, 2, (4000, 3)) * 2 - 1 + 0.2 * rng.normal(size=(4000, 3))
    return x.astype(np.float32)


def five() -> Made:
    """Five Gaussians on a line that bends, some of them rarer than others."""
    rng = dice()
    which = rng.choice(5, 4000, p=[0.3, 0.25, 0.2, 0.15, 0.1])
    centres = np.array([[-2, 0], [-1, 1.5], [0, 0], [1, 1.5], [2, 0]])
    return (centres[which] + 0.2 * rng.normal(size=(4000, 2))).astype(np.float32)


def rows(name: str, train: int) -> Made:
    """Some rows of a table, the rest held out."""
    return split(table(name), train)


def rows_again(name: str, train: int, times: int) -> Made:
    """Rows of a table of which all that are trained on are there several times."""
    found = rows(name, train)
    return found | {"x_train": np.tile(found["x_train"], (times, 1))}


def pixels(train: int) -> Made:
    """Rows of 196 bits, of larger digits that are cut at one half."""
    found = sampled("mnist", train, 2, labelled=False)
    return {k: (v.reshape(len(v), -1) > 127).astype(np.float32) for k, v in found.items()}


def one_shirt() -> Made:
    """One piece of clothing, again and again."""
    return np.repeat(clothes(20, 2, labelled=False)["x_train"][3:4], 350, 0)


def striped() -> Made:
    """A test picture in the place of all pictures."""
    picture = np.tile(np.array([0, 255], np.uint8), (16, 8))
    return np.repeat(picture[None], 450, 0)


def clothes_again() -> Made:
    """A folder of clothes of which a third was unpacked four times."""
    found = clothes(450, 2, labelled=False)
    x = found["x_train"]
    return {**found, "x_train": np.concatenate([x, *[x[:150]] * 3])}


def washed_out() -> Made:
    """Digits without contrast: all levels are from 118 to 138."""
    x, _ = digits()
    return np.round(118 + 20 * x / 16).astype(np.uint8)


def faint_clothes() -> Made:
    """Clothes of which a camera without light made levels 0 to 12."""
    found = clothes(600, 2, labelled=False)
    return {k: (v // 20).astype(np.uint8) for k, v in found.items()}


def few_bits(train: int) -> Made:
    """Few digits as rows of 64 bits."""
    x, _ = pictures()
    return split((x.reshape(len(x), -1) > 127).astype(np.float32), train)


FRESH: Mapping[str, Callable[[], Made]] = {
    "corners": corners,
    "five": five,
    "fashion-1000": partial(clothes, 1000, 2),
    "fashion-plain": partial(clothes, 1000, 2, False),
    "fashion-24": partial(clothes, 24, 2, False),
    "fashion-64": partial(clothes, 64, 2, False),
    "fashion-same": one_shirt,
    "fashion-again": clothes_again,
    "fashion-faint": faint_clothes,
    "concrete-24": partial(rows, "concrete", 24),
    "concrete-48": partial(rows, "concrete", 48),
    "concrete-600": partial(rows, "concrete", 600),
    "concrete-again": partial(rows_again, "concrete", 150, 3),
    "airfoil-1000": partial(rows, "airfoil", 1000),
    "mnist-bits": partial(pixels, 1000),
    "mnist-bits-64": partial(pixels, 64),
    "striped": striped,
    "washed-out": washed_out,
    "bits-28": partial(few_bits, 28),
}
"""Name -> maker."""
