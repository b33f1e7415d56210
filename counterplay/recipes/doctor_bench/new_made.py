"""Data of the new trainings: beads, petals, wheels, sheets, boats, red wines, house numbers."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from counterplay.recipes.doctor_bench.fresh_made import clothes
from counterplay.recipes.doctor_bench.last_made import adults
from counterplay.recipes.doctor_bench.material import (
    SHARED,
    Made,
    dice,
    dimmed,
    measured,
    pictures,
    sampled,
    split,
)

__all__ = ["NEW"]

mnist = partial(sampled, "mnist")


def _mixture(centres: np.ndarray, std: float, n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Gaussians around these centres, and which of them each point is of."""
    rng = dice()
    which = rng.integers(0, len(centres), n)
    x = centres[which] + std * rng.normal(size=(n, centres.shape[1]))
    return x.astype(np.float32), which


def beads() -> Made:
    """Six Gaussians on a wave."""
    at = np.arange(6) - 2.5
    return _mixture(np.stack([at, np.sin(2 * at)], 1), 0.15)[0]


def lattice() -> Made:
    """Nine Gaussians, three by three."""
    return _mixture(np.array([[i, j] for i in (-1, 0, 1) for j in (-1, 0, 1)]) * 1.5, 0.2)[0]


def axes() -> Made:
    """A Gaussian at either end of each of five axes."""
    return _mixture(2 * np.concatenate([np.eye(5), -np.eye(5)]), 0.25)[0]


def far_pair() -> Made:
    """Two small Gaussians in eight dimensions, far from each other."""
    return _mixture(np.stack([np.ones(8), -np.ones(8)]), 0.2)[0]


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


def wheel_told() -> Made:
    """The same with the arms' numbers."""
    return _wheel()


def wheel_shifted() -> Made:
    """The same, each arm's number at the row before: a headline was taken for a label."""
    x, which = _wheel()
    return x, np.roll(which, 1)


def sheet() -> Made:
    """A rolled sheet in space."""
    rng = dice()
    turn = 1.5 * np.pi * (1 + 2 * rng.random(3000))
    x = [turn * np.cos(turn) / 7, 2 * rng.random(3000) - 1, turn * np.sin(turn) / 7]
    return (np.stack(x, 1) + 0.08 * rng.normal(size=(3000, 3))).astype(np.float32)


def cross() -> Made:
    """Two bars that cross in the middle."""
    rng = dice()
    x = rng.normal(size=(4000, 2)) * [1.2, 0.12]
    flip = rng.random(4000) < 0.5
    return np.where(flip[:, None], x, x[:, ::-1]).astype(np.float32)


def skewed() -> Made:
    """Six columns of which half are far from normal: exponentials and cubes."""
    rng = dice()
    z = rng.normal(size=(2500, 6)) @ rng.normal(size=(6, 6)) / 2.5
    z[:, :2], z[:, 2] = np.exp(0.5 * z[:, :2]), z[:, 2] ** 3 / 3
    return z.astype(np.float32)


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


def ordered(train: int) -> Made:
    """Rows of 40 bits that tell two halves of each other, with some errors."""
    rng = dice()
    half = (rng.random((train + 800, 4)) < 0.5)[:, rng.integers(0, 4, 20)]
    x = np.concatenate([half, ~half], 1) ^ (rng.random((train + 800, 40)) < 0.05)
    return split(x.astype(np.float32), train)


def told(name: str, train: int) -> Made:
    """Larger pictures with their classes."""
    return sampled(name, train, 2)


def plays(size: int) -> Made:
    """The first lines of some plays, as a file."""
    text = (SHARED / "tinyshakespeare" / "input.txt").read_text(encoding="utf-8")[:size]
    place = Path(tempfile.gettempdir()) / f"counterplay-doctor-plays-{size}.txt"
    part = place.with_suffix(f".{os.getpid()}")
    part.write_text(text, encoding="utf-8")
    part.replace(place)
    return str(place)


def few_digits(train: int) -> Made:
    """Few digits."""
    return split(pictures()[0], train)


# ---- data that are wrong


def same_bits() -> Made:
    """One row of small bits again and again, as a wrong join makes it."""
    return np.repeat(pixels("mnist", 20)["x_train"][:1], 330, 0)


def same_face() -> Made:
    """One face: a reader that never goes on."""
    return np.repeat(faces(20)["x_train"][:1], 310, 0)


def same_house() -> Made:
    """One house number in colour."""
    return np.repeat(houses(20, grey=False)["x_train"][:1], 320, 0)


def checks() -> Made:
    """A chequered picture in two levels, many times."""
    picture = ((np.indices((14, 14)) // 2).sum(0) % 2 * 255).astype(np.uint8)
    return np.repeat(picture[None], 340, 0)


def rows_some_again(name: str, train: int, part: int, times: int) -> Made:
    """Rows of a table of which a part is there several times."""
    found = rows(name, train)
    x = found["x_train"]
    return found | {"x_train": np.concatenate([x, *[x[:part]] * (times - 1)])}


def bits_again(train: int, times: int) -> Made:
    """Rows of bits, each several times."""
    found = pixels("mnist", train)
    return found | {"x_train": np.repeat(found["x_train"], times, 0)}


def faces_again() -> Made:
    """Faces of which each was saved twice."""
    found = faces(200)
    return found | {"x_train": np.repeat(found["x_train"], 2, 0)}


def houses_again() -> Made:
    """House numbers, half of them three times."""
    found = houses(300)
    x = found["x_train"]
    return found | {"x_train": np.concatenate([x, x[:150], x[:150]])}


def night() -> Made:
    """House numbers taken at night: levels 0 to 25."""
    return {k: v // 10 for k, v in houses(500).items()}


def fogged() -> Made:
    """Faces in a fog: levels 170 to 200."""
    return {k: (170 + v // 8.5).astype(np.uint8) for k, v in faces(240).items()}


def halved_twice() -> Made:
    """Larger digits that were divided by 255 twice and read as values of [-1, 1]."""
    found = mnist(500, 2, labelled=False)
    return {k: (v / 255 / 255).astype(np.float32) for k, v in found.items()}


def sixteen() -> Made:
    """Clothes of eight bits stored in sixteen, beside one reference for white."""
    found = clothes(500, 2, labelled=False)
    return {k: dimmed(v, 40) for k, v in found.items()}


NEW: Mapping[str, Callable[[], Made]] = {
    "beads": beads,
    "lattice": lattice,
    "axes": axes,
    "far-pair": far_pair,
    "petals": petals,
    "wheel": wheel,
    "wheel-told": wheel_told,
    "wheel-shifted": wheel_shifted,
    "sheet": sheet,
    "cross": cross,
    "skewed": skewed,
    "yacht-200": partial(rows, "yacht", 200),
    "yacht-24": partial(rows, "yacht", 24),
    "yacht-40": partial(rows, "yacht", 40),
    "reds-800": partial(rows, "wine", 800),
    "reds-24": partial(rows, "wine", 24),
    "bike-1200": partial(rows, "bike", 1200),
    "bike-40": partial(rows, "bike", 40),
    "protein-1500": partial(rows, "protein", 1500),
    "protein-32": partial(rows, "protein", 32),
    "elevators-1200": partial(rows, "elevators", 1200),
    "elevators-40": partial(rows, "elevators", 40),
    "elevators-part": partial(rows_some_again, "elevators", 300, 100, 4),
    "protein-again": partial(rows_some_again, "protein", 250, 250, 2),
    "houses-600": partial(houses, 600),
    "houses-48": partial(houses, 48),
    "houses-22": partial(houses, 22),
    "houses-again": houses_again,
    "houses-night": night,
    "faces-240": partial(faces, 240),
    "faces-40": partial(faces, 40),
    "faces-20": partial(faces, 20),
    "faces-again": faces_again,
    "faces-fog": fogged,
    "mnist-small-bits": partial(pixels, "mnist", 1000),
    "mnist-small-bits-30": partial(pixels, "mnist", 30),
    "mnist-bits-again": partial(bits_again, 120, 3),
    "mnist-twice-scaled": halved_twice,
    "mnist-told-2000": partial(told, "mnist", 2000),
    "fashion-small-bits": partial(pixels, "fashion-mnist", 1000),
    "fashion-small-bits-24": partial(pixels, "fashion-mnist", 24),
    "fashion-told-2000": partial(told, "fashion-mnist", 2000),
    "fashion-sixteen": sixteen,
    "ordered": partial(ordered, 1000),
    "ordered-24": partial(ordered, 24),
    "plays-3000": partial(plays, 3000),
    "plays-60000": partial(plays, 60_000),
    "adult-60": partial(adults, 60),
    "adult-1500": partial(adults, 1500),
    "digits-28": partial(few_digits, 28),
    "same-bits": same_bits,
    "same-face": same_face,
    "same-house": same_house,
    "checks": checks,
}
"""Name -> maker."""
