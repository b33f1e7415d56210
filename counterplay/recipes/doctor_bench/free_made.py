"""Data of the free trainings: buoys, matches, herds, ovens, clays, looms, keypads, clubs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from counterplay.recipes.doctor_bench.free_drawn import (
    bridges,
    crosses,
    dusk,
    grain,
    lanterns,
    stains,
    windows,
)
from counterplay.recipes.doctor_bench.free_files import beeps, parcels, plates, results, tickets
from counterplay.recipes.doctor_bench.material import Made, dice, split

__all__ = ["FREE"]

HELD = 800


def _parted(x: np.ndarray, which: np.ndarray, train: int, told: bool) -> Made:
    labels = {k.replace("x_", "y_"): v for k, v in split(which, train).items()}
    return split(x.astype(np.float32), train) | (labels if told else {})


def named(found: Mapping[str, np.ndarray]) -> Made:
    """Few examples, each of which is a class of its own."""
    few = len(found["x_train"])
    parts = {k: v for k, v in found.items() if k.startswith("x_")}
    return parts | {k.replace("x_", "y_"): np.arange(len(v)) % few for k, v in parts.items()}


# ---- points


def buoys(train: int, told: bool = False) -> Made:
    """Six Gaussians of unlike width, anywhere on a bay."""
    rng = dice()
    which = rng.integers(0, 6, train + HELD)
    at = np.array([[-2.0, 0.4], [-0.9, -1.5], [-0.4, 1.2], [0.8, -0.3], [1.5, 1.6], [2.2, -1.2]])
    wide = np.array([0.12, 0.3, 0.18, 0.15, 0.25, 0.2])[which, None]
    return _parted(at[which] + wide * rng.normal(size=(len(which), 2)), which, train, told)


def matches(train: int) -> Made:
    """Five matches that lie on a table."""
    rng = dice()
    which, along = rng.integers(0, 5, train + HELD), rng.uniform(-0.7, 0.7, train + HELD)
    at = np.array([[-1.5, 1.0], [1.4, 1.2], [0.0, 0.0], [-1.3, -1.3], [1.5, -1.1]])
    turn = np.array([0.3, 2.2, 1.2, 0.9, 2.8])[which]
    x = at[which] + along[:, None] * np.stack([np.cos(turn), np.sin(turn)], 1)
    return _parted(x + 0.07 * rng.normal(size=x.shape), which, train, False)


def orbit(train: int) -> Made:
    """A closed curve in four dimensions, whose last two numbers turn twice as fast."""
    rng = dice()
    t = 2 * np.pi * rng.random(train + HELD)
    x = np.stack([np.cos(t), np.sin(t), np.cos(2 * t), np.sin(2 * t)], 1)
    return _parted(x + 0.1 * rng.normal(size=x.shape), t, train, False)


def bowl(train: int) -> Made:
    """The inside of a bowl."""
    rng = dice()
    turn, far = 2 * np.pi * rng.random(train + HELD), np.sqrt(rng.random(train + HELD)) * 1.6
    x = np.stack([far * np.cos(turn), far * np.sin(turn), far**2 - 1.2], 1)
    return _parted(x + 0.08 * rng.normal(size=x.shape), turn, train, False)


def bean(train: int) -> Made:
    """One Gaussian that was bent."""
    rng = dice()
    a, b = rng.normal(size=(2, train + HELD))
    return _parted(np.stack([a, 0.7 * a**2 + 0.35 * b], 1), a, train, False)


def planet(train: int, told: bool = False) -> Made:
    """A ring and, with a fifth of the points, what it goes round."""
    rng = dice()
    n = train + HELD
    core, t = rng.random(n) < 0.2, 2 * np.pi * rng.random(n)
    ring = 2 * np.stack([np.cos(t), np.sin(t)], 1) + 0.12 * rng.normal(size=(n, 2))
    x = np.where(core[:, None], 0.25 * rng.normal(size=(n, 2)), ring)
    return _parted(x, core.astype(np.int64), train, told)


def herds(train: int, told: bool = False) -> Made:
    """Three Gaussians: 78 of 100 points are of the first, 5 of the last."""
    rng = dice()
    which = rng.choice(3, train + HELD, p=[0.78, 0.17, 0.05])
    at = np.array([[0.0, 0.0], [2.6, 0.9], [0.4, 2.7]])
    wide = np.array([0.5, 0.25, 0.2])[which, None]
    return _parted(at[which] + wide * rng.normal(size=(len(which), 2)), which, train, told)


def flocks(train: int) -> Made:
    """Two Gaussians in four dimensions, of which the second has one point in seven."""
    rng = dice()
    side = np.where(rng.random(train + HELD) < 1 / 7, 1.0, -0.2)[:, None]
    x = side * np.array([2.0, -1.5, 1.0, 1.5]) + 0.3 * rng.normal(size=(train + HELD, 4))
    return _parted(x, side[:, 0], train, False)


def pegs(train: int) -> Made:
    """Balls that fell on a board whose places are a half apart."""
    rng = dice()
    x = rng.normal(size=(train + HELD, 3)) @ np.array([[1.2, 0.5, 0], [0, 0.9, -0.6], [0, 0, 0.7]])
    return _parted(np.round(2 * x) / 2, x[:, 0], train, False)


# ---- rows of numbers


def rains(train: int) -> Made:
    """How much it rained in five valleys, with long tails."""
    rng = dice()
    sky = rng.normal(size=(train + HELD, 1))
    x = np.exp(0.5 * sky + 0.35 * rng.normal(size=(train + HELD, 5)) + 0.2 * np.arange(5))
    return _parted(x, sky[:, 0], train, False)


def ponds(train: int) -> Made:
    """How many of six kinds of animals were counted in a pond."""
    rng = dice()
    health = rng.normal(size=(train + HELD, 2))
    mix = np.array([[0.5, 0.4, 0.0, -0.4, 0.3, 0.0], [0.0, 0.3, 0.5, 0.3, -0.3, 0.4]])
    x = rng.poisson(np.exp(1.4 + health @ mix))
    return _parted(np.minimum(x, 30), health[:, 0], train, False)


def ovens(train: int, told: bool = False) -> Made:
    """How hot it is at twelve places of an oven that is run in one of three ways."""
    rng = dice()
    n, at = train + HELD, np.arange(12) / 11
    which = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    shape = np.stack([at, 1 - at, 4 * at * (1 - at)])[which]
    heat = 2 + 0.5 * rng.normal(size=(n, 1))
    tilt, drift = rng.normal(size=(2, n, 1))
    x = heat * shape + 0.5 * tilt * np.cos(np.pi * at) + 0.3 * drift * np.cos(3 * np.pi * at)
    return _parted(x + 0.2 * rng.normal(size=(n, 12)), which, train, told)


def clays(train: int, told: bool = False) -> Made:
    """Eight measures of clays that four hidden numbers explain, each as much as the others."""
    rng = dice()
    hidden = rng.normal(size=(train + HELD, 4))
    mix = np.kron(np.eye(4), [[1.0, 0.8]])
    x = hidden @ mix + 0.35 * rng.normal(size=(train + HELD, 8))
    return _parted(x, rng.integers(0, 3, len(x)), train, told)


def pulses(train: int) -> Made:
    """Sixteen moments of a pulse that comes sooner or later and is narrow or wide."""
    rng = dice()
    n, at = train + HELD, np.arange(16)
    when, wide = 3 + 9 * rng.random((n, 1)), np.exp(0.3 * rng.normal(size=(n, 1)))
    high = 1 + 0.25 * rng.normal(size=(n, 1))
    x = high * np.exp(-0.5 * ((at - when) / (1.6 * wide)) ** 2)
    return _parted(x + 0.06 * rng.normal(size=(n, 16)), when[:, 0], train, False)


def marks(train: int) -> Made:
    """Nine marks from 0 to 20, in whole numbers: a gift for all, one for words, one for sums."""
    rng = dice()
    gift = rng.normal(size=(train + HELD, 3)) * [2.0, 1.8, 1.8]
    mix = np.array([[1.0] * 9, [1, 1, 1, 0, 0, 0, 0, 0, 0.5], [0, 0, 0, 1, 1, 1, 0, 0, 0.5]])
    x = np.round(11 + gift @ mix + 1.8 * rng.normal(size=(train + HELD, 9)))
    return _parted(np.clip(x, 0, 20), gift[:, 0], train, False)


def hiss(train: int, columns: int = 10) -> Made:
    """Columns of noise, even ones, that have nothing to do with each other."""
    return split(dice().uniform(-1, 1, size=(train + HELD, columns)).astype(np.float32), train)


# ---- rows of bits


def tosses(train: int, told: bool = False) -> Made:
    """Rows of 48 tosses of a coin, thrown by one of three who throw alike."""
    rng = dice()
    x = rng.random((train + HELD, 48)) < 0.5
    return _parted(x, rng.integers(0, 3, len(x)), train, told)


def looms(train: int) -> Made:
    """Rows of 36 bits: six threads, woven six times, each time turned over by lot."""
    rng = dice()
    n = train + HELD
    thread, turned = rng.random((n, 1, 6)) < 0.5, rng.random((n, 6, 1)) < 0.25
    x = (thread ^ turned).reshape(n, 36)
    return _parted(x ^ (rng.random(x.shape) < 0.01), x[:, 0], train, False)


def keypads(train: int, told: bool = False) -> Made:
    """Rows of 30 bits: five keys of six that were pressed, each near the one before."""
    rng = dice()
    n = train + HELD
    first = rng.integers(0, 6, n)
    steps = rng.choice([-1, 0, 1, 2], (n, 4), p=[0.1, 0.2, 0.5, 0.2]).cumsum(1)
    pressed = np.concatenate([first[:, None], first[:, None] + steps], 1) % 6
    x = (pressed[..., None] == np.arange(6)).reshape(n, 30)
    return _parted(x, first // 2, train, told)


def clubs(train: int) -> Made:
    """Rows of 40 bits: who was seen where, of people who are in some of five clubs."""
    rng = dice()
    n = train + HELD
    member, home = rng.random((n, 5)) < 0.35, np.arange(40) % 5
    chance = np.where(member[:, home], 0.85, 0.06)
    return _parted(rng.random((n, 40)) < chance, member[:, 0], train, False)


def gauges(train: int) -> Made:
    """Rows of 32 bits: four gauges of eight lamps that rise together, not quite."""
    rng = dice()
    n = train + HELD
    level = 4 + 2.0 * rng.normal(size=(n, 1)) + 1.2 * rng.normal(size=(n, 4))
    x = (np.arange(8) + 0.5 < level[..., None]).reshape(n, 32)
    return _parted(x ^ (rng.random(x.shape) < 0.01), level[:, 0], train, False)


FREE: Mapping[str, Callable[[], Made]] = {
    "buoys-six": partial(buoys, 2500),
    "buoys-six-told": partial(buoys, 2500, True),
    "buoys-six-8": partial(buoys, 8),
    "match-sticks": partial(matches, 2500),
    "orbit-four": partial(orbit, 2500),
    "bowl-inside": partial(bowl, 2500),
    "bean-bent": partial(bean, 2500),
    "planet-core": partial(planet, 3000),
    "planet-core-told": partial(planet, 3000, True),
    "herds-uneven": partial(herds, 3000),
    "herds-uneven-told": partial(herds, 3000, True),
    "flocks-two": partial(flocks, 2500),
    "pegs-half": partial(pegs, 2500),
    "rains-five": partial(rains, 2000),
    "pond-counts": partial(ponds, 1500),
    "oven-heat": partial(ovens, 1500),
    "oven-heat-told": partial(ovens, 1500, True),
    "oven-heat-36": partial(ovens, 36),
    "oven-heat-9-named": lambda: named(ovens(9)),
    "clay-kinds": partial(clays, 1500),
    "clay-kinds-60": partial(clays, 60),
    "clay-kinds-45-told": partial(clays, 45, True),
    "pulse-rows": partial(pulses, 1500),
    "pulse-rows-8": partial(pulses, 8),
    "pulse-rows-9-named": lambda: named(pulses(9)),
    "exam-marks": partial(marks, 1500),
    "hiss-rows-48": partial(hiss, 48),
    "hiss-rows-24": partial(hiss, 24),
    "hiss-wide-26": partial(hiss, 26, 20),
    "hiss-wide-22": partial(hiss, 22, 16),
    "hiss-wide-8-named": lambda: named(hiss(8, 20)),
    "toss-rows-70": partial(tosses, 70),
    "toss-rows-60-told": partial(tosses, 60, True),
    "toss-rows-40": partial(tosses, 40),
    "toss-rows-10": partial(tosses, 10),
    "toss-rows-8": partial(tosses, 8),
    "toss-rows-12-named": lambda: named(tosses(12)),
    "loom-rows": partial(looms, 1500),
    "loom-rows-12": partial(looms, 12),
    "keypad-rows": partial(keypads, 1500),
    "keypad-rows-told": partial(keypads, 1500, True),
    "club-rows": partial(clubs, 1500),
    "gauge-rows": partial(gauges, 1500),
    "lit-windows": partial(windows, 1500),
    "oval-stains": partial(stains, 1500),
    "oval-stains-28": partial(stains, 28),
    "oval-stains-9": partial(stains, 9),
    "five-crosses": partial(crosses, 1500),
    "five-crosses-told": partial(crosses, 1500, True),
    "five-crosses-uneven": partial(crosses, 1500, True, True),
    "dusk-fields": partial(dusk, 1500),
    "grain-screens-20": partial(grain, 20),
    "grain-screens-8": partial(grain, 8),
    "grain-screens-10-named": lambda: named(grain(10)),
    "paper-lanterns": partial(lanterns, 1200),
    "paper-lanterns-8": partial(lanterns, 8),
    "stone-bridges": partial(bridges, 1200),
    "stone-bridges-24": partial(bridges, 24),
    "parcel-list": partial(parcels, 1600),
    "parcel-list-80": partial(parcels, 80),
    "parcel-list-30": partial(parcels, 30),
    "ticket-list": partial(tickets, 1600),
    "ticket-list-70": partial(tickets, 70),
    "ticket-list-26": partial(tickets, 26),
    "plate-numbers-110": partial(plates, 110),
    "match-results": partial(results, 3000),
    "short-beeps": partial(beeps, 240),
    "short-beeps-5": partial(beeps, 5),
}
"""Name -> maker."""
