"""Data of the free trainings of moves and data: fountains, winds, pulses, bits, files, horns."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from counterplay.recipes.doctor_bench.free_views import (
    again,
    binary,
    candles,
    clipped,
    coarse,
    dimly,
    drawn,
    fractions,
    levels,
    negative,
    panes,
    parted,
    rainbows,
    same,
    sixteen,
    stairways,
    stuttered,
    targets,
    tiles,
)
from counterplay.recipes.doctor_bench.material import Made, dice, filed, sampled, split

__all__ = ["FREE_TABLES"]

# ---- points


def fountain(train: int) -> Made:
    """Four jets of water that fall to either side."""
    rng = dice()
    n = train + 800
    which, t = rng.integers(0, 4, n), rng.random(n)
    far, high = np.array([-2.2, -1.0, 1.0, 2.2])[which], np.array([1.3, 2.0, 2.0, 1.3])[which]
    x = np.stack([far * t, 4 * high * t * (1 - t) - 1], 1)
    return split((x + 0.06 * rng.normal(size=x.shape)).astype(np.float32), train)


def saturn(train: int) -> Made:
    """A ball in space and a ring around it that is tilted."""
    rng = dice()
    n = train + 800
    ball = rng.normal(size=(n, 3))
    ball *= 0.8 / np.linalg.norm(ball, axis=1, keepdims=True)
    turn, out = 2 * np.pi * rng.random(n), 1.8 + 0.3 * rng.random(n)
    ring = np.stack([out * np.cos(turn), out * np.sin(turn), 0.5 * out * np.cos(turn)], 1)
    x = np.where((rng.random(n) < 0.5)[:, None], ball, ring)
    return split((x + 0.05 * rng.normal(size=x.shape)).astype(np.float32), train)


def orthoplex(train: int) -> Made:
    """A Gaussian at either end of each of four axes."""
    rng = dice()
    ends = 2 * np.concatenate([np.eye(4), -np.eye(4)])
    x = ends[rng.integers(0, 8, train + 800)] + 0.2 * rng.normal(size=(train + 800, 4))
    return split(x.astype(np.float32), train)


def squares(train: int) -> Made:
    """The black squares of a board of four by four."""
    rng = dice()
    n = train + 800
    row, pair = rng.integers(0, 4, n), rng.integers(0, 2, n)
    corner = np.stack([2 * pair + row % 2, row], 1)
    return split((corner + rng.random((n, 2)) - 2).astype(np.float32), train)


# ---- rows of numbers


def pulses(train: int, told: bool = False) -> Made:
    """A beat of the heart in eighteen numbers: even, hurried, or with one beat too many."""
    rng = dice()
    n, at = train + 800, np.arange(18)
    which = rng.integers(0, 3, n)
    beats = np.array([[4.0, 9.0, 30.0], [3.0, 7.0, 12.0], [4.0, 6.5, 13.0]])[which]
    beats = beats + 0.4 * rng.normal(size=(n, 3))
    size = np.array([1.0, 0.45, 0.8]) * np.exp(0.2 * rng.normal(size=(n, 3)))
    away = at - beats[..., None]
    wave = size[..., None] * (np.exp(-0.5 * away**2) - 0.35 * np.exp(-0.5 * (away - 2) ** 2))
    x = 2 * wave.sum(1) + 0.3 * rng.normal(size=(n, 1)) + 0.08 * rng.normal(size=(n, 18))
    return parted(x.astype(np.float32), which, train, told)


def winds(train: int) -> Made:
    """The wind on ten masts in a row while a gust passes."""
    rng = dice()
    n, at = train + 800, np.arange(10)
    where, wide = 9 * rng.random((n, 1)), 1.0 + 1.5 * rng.random((n, 1))
    gust = (2 + rng.random((n, 1))) * np.exp(-0.5 * ((at - where) / wide) ** 2)
    calm = 4 + rng.normal(size=(n, 1)) + 0.15 * rng.normal(size=(n, 1)) * at
    return split((calm + gust + 0.2 * rng.normal(size=(n, 10))).astype(np.float32), train)


# ---- rows of bits


def _bits(x: np.ndarray, train: int) -> Made:
    return split(x.reshape(train + 800, -1).astype(np.float32), train)


def bingo(train: int) -> Made:
    """Rows of 36 bits: a card of six by six with one line full, and some other numbers."""
    rng = dice()
    n = train + 800
    x, line = rng.random((n, 6, 6)) < 0.2, rng.integers(0, 14, n)
    full = np.zeros((14, 6, 6), bool)
    for k in range(6):
        full[k, k] = full[6 + k, :, k] = True
    full[12], full[13] = np.eye(6, dtype=bool), np.eye(6, dtype=bool)[::-1]
    return _bits(x | full[line], train)


def barcodes(train: int) -> Made:
    """Rows of 35 bits: five figures in the seven bars of each that shops print."""
    rng = dice()
    code = "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011"
    bars = np.array([[bit == "1" for bit in word] for word in code.split()])
    first = rng.integers(0, 10, train + 800)
    rest = (first[:, None] + rng.integers(0, 6, (train + 800, 4))) % 10
    return _bits(bars[np.concatenate([first[:, None], rest], 1)], train)


def knits(train: int) -> Made:
    """Rows of 40 bits: a knitting pattern that returns after two to five stitches, with slips."""
    rng = dice()
    n = train + 800
    period, start = rng.integers(2, 6, n)[:, None, None], rng.integers(0, 5, n)[:, None, None]
    lean = rng.integers(0, 3, n)[:, None, None] - 1
    i, j = np.indices((5, 8))[:, None]
    x = (j + lean * i + start) % period < period // 2
    return _bits(x ^ (rng.random(x.shape) < 0.06), train)


def crests(train: int) -> Made:
    """Rows of 44 bits that are one of twelve crests, but for few errors."""
    rng = dice()
    drawn_ = rng.random((12, 44)) < 0.5
    x = drawn_[rng.integers(0, 12, train + 800)] ^ (rng.random((train + 800, 44)) < 0.06)
    return _bits(x, train)


# ---- files


def repairs(number: int, times: int = 1, alike: bool = False) -> Made:
    """Repairs of bicycles, as a file: what kind, how old, what was broken, hours, the price."""
    rng, lines = dice(), []
    kinds, parts = ["city", "race", "cargo", "child"], ["brake", "chain", "tyre", "light"]
    for luck in rng.random((number, 6)):
        kind = int(4 * luck[0] ** 1.3)
        old = int(1 + 14 * luck[1] ** 1.5)
        part = int(4 * luck[2] ** (0.6 + 0.3 * kind))
        hours = [0.5, 1.0, 0.4, 0.3][part] * (0.7 + 0.6 * luck[3]) * (1 + 0.5 * (kind == 2))
        price = 8 + 46 * hours + [12, 25, 18, 9][part] * (0.8 + 0.4 * luck[4])
        paid = "cash" if luck[5] < 0.3 + 0.3 * (price < 45) else "card"
        lines.append(f"{kinds[kind]},{old},{parts[part]},{hours:.2f},{price:.1f},{paid}")
    lines = lines[:1] * number if alike else lines * times
    head = "kind,age,part,hours,price,paid"
    return filed(f"repairs-{times}{alike}", head, lines, len(lines))


def voyages(number: int) -> Made:
    """Voyages of ships, as a file: the kind, from where, how far, how many days, the freight."""
    rng, lines = dice(), []
    kinds, ports = ["tanker", "ferry", "bulker"], ["Gdynia", "Porto", "Bergen", "Genoa", "Riga"]
    for luck in rng.random((number, 6)):
        kind = int(3 * luck[0])
        far = [2200, 120, 1500][kind] * np.exp(1.2 * (luck[1] - 0.5))
        days = far / [310, 480, 290][kind] * (0.9 + 0.3 * luck[2])
        load = [60, 2, 35][kind] * (0.5 + luck[3])
        port = ports[int(5 * luck[4] ** (1 + 0.4 * kind))]
        sea = "calm" if luck[5] < 0.7 - 0.02 * days else "rough"
        lines.append(f"{kinds[kind]},{port},{far:.0f},{days:.1f},{load:.1f},{sea}")
    return filed("voyages", "kind,port,miles,days,load,sea", lines, number)


def openings(lines: int, copies: int = 1) -> Made:
    """Games of chess, of each the first three moves, one a line, as a file."""
    white, black = ["e4", "d4", "c4", "Nf3"], ["e5", "c5", "d5", "Nf6", "e6"]
    then, answer, last = ["Nf3", "Nc3", "g3"], ["Nc6", "d6", "Be7", "a6"], ["Bb5", "Bc4", "O-O"]
    luck = dice().integers(0, [4, 5, 3, 4, 3], (lines, 5))
    text = "".join(
        f"1. {white[a]} {black[b]} 2. {then[c]} {answer[d]} 3. {last[e]}\n"
        for a, b, c, d, e in luck
    )
    place = Path(tempfile.gettempdir()) / f"counterplay-doctor-openings-{lines}-{copies}.txt"
    part = place.with_suffix(f".{os.getpid()}")
    part.write_text(text * copies, encoding="utf-8")
    part.replace(place)
    return str(place)


def horns(train: int, part: int = 0, times: int = 1, loud: float = 0.6, at: float = 0.0) -> Made:
    """Recordings of a quarter of a second: a horn on one of three notes, which trembles.

    Args:
        train: recordings to learn from.
        part: how many of them are there several times.
        times: how often these are.
        loud: how far the sound goes from its rest.
        at: where that is.
    """
    from counterplay.data.audio import compressed, to_wav

    name = f"counterplay-doctor-horns-{train}-{part}-{times}-{loud:g}-{at:g}"
    place, t, rng = Path(tempfile.gettempdir()) / name, np.arange(1024) / 4000, dice()
    if place.is_dir():
        return str(place)
    half = place.with_name(f"{name}.{os.getpid()}")
    for where, number in {"train": train, "val": 20, "test": 20}.items():
        (half / where).mkdir(parents=True)
        for one in range(number):
            note, luck = int(rng.integers(0, 3)), rng.random(3)
            turn = 2 * np.pi * [150, 200, 300][note] * (0.98 + 0.04 * luck[0]) * t + 6 * luck[1]
            sound = (np.sin(turn) + 0.4 * np.sin(2 * turn)) / 1.4
            sound = sound * (0.8 + 0.2 * np.sin(50 * t + 6 * luck[2]))
            wav = to_wav(compressed(np.clip(at + loud * sound, -1, 1)), 4000)
            for copy in range(times if where == "train" and one < part else 1):
                (half / where / f"{note}_horn_{one}_{copy}.wav").write_bytes(wav)
    try:
        half.replace(place)
    except OSError:  # another process was quicker
        shutil.rmtree(half)
    return str(place)


def stopped() -> Made:
    """Winds by masts whose recorder stopped: all rows but five hold what the first one does."""
    x = winds(330)["x_train"]
    x[6:] = x[:1]
    return x[dice().permutation(330)]


FREE_TABLES: Mapping[str, Callable[[], Made]] = {
    "fountain-jets": partial(fountain, 2500),
    "fountain-jets-again": lambda: again(fountain(220), 220, 4),
    "saturn-ring": partial(saturn, 2500),
    "saturn-ring-16": partial(saturn, 16),
    "saturn-ring-quarter": lambda: again(saturn(320), 80, 6),
    "orthoplex-four": partial(orthoplex, 2500),
    "black-squares": partial(squares, 2500),
    "heart-pulses": partial(pulses, 1500),
    "heart-pulses-told": partial(pulses, 1500, True),
    "heart-pulses-20": partial(pulses, 20),
    "mast-winds": partial(winds, 1500),
    "mast-winds-14": partial(winds, 14),
    "mast-winds-again": lambda: again(winds(260), 260, 2),
    "mast-winds-stopped": stopped,
    "bingo-cards": partial(bingo, 1500),
    "bingo-cards-22": partial(bingo, 22),
    "bingo-cards-same": lambda: same(bingo(20)),
    "bingo-cards-again": lambda: again(bingo(220), 220, 3),
    "bar-codes": partial(barcodes, 1500),
    "bar-codes-16": partial(barcodes, 16),
    "bar-codes-same": lambda: same(barcodes(20)),
    "bar-codes-drawn": lambda: drawn(barcodes(150), 1200),
    "knit-rows": partial(knits, 1500),
    "knit-rows-same": lambda: same(knits(20)),
    "knit-rows-tenth": lambda: again(knits(300), 30, 10),
    "crest-rows": partial(crests, 1500),
    "crest-rows-20": partial(crests, 20),
    "bike-repairs": partial(repairs, 1500),
    "bike-repairs-again": partial(repairs, 240, 4),
    "bike-repairs-same": partial(repairs, 320, 1, True),
    "ship-voyages-18": partial(voyages, 18),
    "chess-openings-same": partial(openings, 1, 500),
    "horn-calls": partial(horns, 240),
    "horn-calls-8": partial(horns, 8),
    "horn-calls-half": partial(horns, 80, 40, 5),
    "horn-calls-offset": partial(horns, 120, 0, 1, 0.12, 0.85),
    "horn-calls-clipped": partial(horns, 80, 0, 1, 0.0, 1.0),
    "stair-ways": partial(stairways, 1500),
    "stair-ways-told": partial(stairways, 1500, True),
    "stair-ways-20-told": partial(stairways, 20, True),
    "stair-ways-same": lambda: same(stairways(20)),
    "stair-ways-told-again": lambda: again(stairways(240, True), 240, 2),
    "stair-ways-twelfth-told": lambda: fractions(stairways(500, True), 0.0, 0.083),
    "stair-ways-narrow": lambda: fractions(stairways(500), 0.45, 0.5),
    "rain-bows": partial(rainbows, 1200),
    "rain-bows-20": partial(rainbows, 20),
    "rain-bows-same": lambda: same(rainbows(20)),
    "rain-bows-half": lambda: again(rainbows(240), 120, 4),
    "rain-bows-mist": lambda: levels(rainbows(500), 60, 78),
    "rain-bows-negative": lambda: negative(rainbows(500)),
    "ring-targets": partial(targets, 1500),
    "ring-targets-told": partial(targets, 1500, True),
    "ring-targets-18": partial(targets, 18),
    "ring-targets-same": lambda: same(targets(20)),
    "ring-targets-again": lambda: again(targets(240), 240, 2),
    "ring-targets-curve": lambda: dimly(targets(500), 24, 3.0),
    "ring-targets-coarse": lambda: coarse(targets(500), 3),
    "window-panes": partial(panes, 1500),
    "window-panes-told": partial(panes, 1500, True),
    "window-panes-same-told": lambda: same(panes(20), 5),
    "window-panes-again": lambda: again(panes(220), 220, 3),
    "window-panes-scores-told": lambda: levels(panes(500, True), 0, 10),
    "window-panes-sixteen": lambda: sixteen(panes(500), 30_000, 14),
    "three-candles": partial(candles, 1200),
    "three-candles-20": partial(candles, 20),
    "three-candles-stuttered": lambda: stuttered(candles(300)),
    "three-candles-degrees": lambda: levels(candles(500), 15, 38),
    "corner-tiles": partial(tiles, 1200),
    "corner-tiles-18": partial(tiles, 18),
    "corner-tiles-glaze": lambda: levels(tiles(500), 236, 252),
    "lens-cap": partial(clipped, 320, 0),
    "overexposed": partial(clipped, 320, 255),
    "fashion-four-bits": lambda: coarse(sampled("fashion-mnist", 600, 2, False), 4),
    "mnist-zero-one": partial(binary, 600),
}
"""Name -> maker."""
