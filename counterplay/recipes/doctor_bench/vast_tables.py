"""Data of the vast trainings of moves and data: crescents, pennants, roofs, locks, seals, drips."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from counterplay.recipes.doctor_bench.ample_made import pips
from counterplay.recipes.doctor_bench.drawn import faces, gratings, houses, mushrooms
from counterplay.recipes.doctor_bench.material import Made, dice, dimmed, filed, split, written
from counterplay.recipes.doctor_bench.next_made import emoji, glyphs
from counterplay.recipes.doctor_bench.wide_made import again, boxes, discs, same, squeezed

__all__ = ["FILES"]


def crown(train: int) -> Made:
    """Nine Gaussians in the plane: the tips of a crown and what lies between them."""
    rng = dice()
    at = np.arange(9)
    centres = np.stack([0.5 * at - 2, 0.9 * (-1.0) ** at], 1)
    x = centres[rng.integers(0, 9, train + 800)] + 0.12 * rng.normal(size=(train + 800, 2))
    return split(x.astype(np.float32), train)


def corkscrew(train: int) -> Made:
    """A screw in space that grows wider from turn to turn."""
    rng = dice()
    t = rng.random(train + 800)
    wide, turn = 0.4 + 1.6 * t, 6 * np.pi * t
    x = np.stack([wide * np.cos(turn), wide * np.sin(turn), 4 * t - 2], 1)
    return split((x + 0.06 * rng.normal(size=x.shape)).astype(np.float32), train)


def _parted(x: np.ndarray, which: np.ndarray, train: int, told: bool) -> Made:
    labels = {k.replace("x_", "y_"): v for k, v in split(which, train).items()}
    return split(x, train) | (labels if told else {})


def sluices(train: int, told: bool = False) -> Made:
    """The water's level before ten gates of a river, of which some are open: three ways."""
    rng = dice()
    n = train + 800
    which, rain = rng.integers(0, 3, n), rng.normal(size=(n, 2))
    steps = np.array([[3, 0, 0, 1, 0, 0, 3, 0, 0, 1], [0, 2, 0, 0, 3, 0, 0, 2, 0, 1]])
    steps = np.concatenate([steps, np.full((1, 10), 0.8)])[which]
    along = np.arange(10) / 9
    x = 10 - steps.cumsum(1) + 1.2 * rain[:, :1] * (1 - along) + 0.8 * rain[:, 1:] * along
    return _parted((x + 0.15 * rng.normal(size=x.shape)).astype(np.float32), which, train, told)


def crescents(train: int, told: bool = False) -> Made:
    """The moon in one of five phases, about in the middle."""
    rng = dice()
    n = train + 800
    which, at = rng.integers(0, 5, n), 3.5 + 0.25 * rng.normal(size=(n, 2))
    i, j = np.indices((8, 8))
    wide = 3 + 0.25 * rng.normal(size=(n, 1, 1))
    down, right = ((v - at[:, a, None, None]) / wide for a, v in enumerate((i, j)))
    side = np.array([1, 1, 1, -1, -1])[which][:, None, None]
    edge = np.array([-0.45, 0.1, 1.3, 0.1, -0.45])[which][:, None, None]
    lit = edge * np.sqrt(np.clip(1 - down**2, 0, 1)) - side * right
    inside = 1 / (1 + np.exp(9 * (np.hypot(down, right) - 1)))
    x = 25 + (170 + 50 * rng.random((n, 1, 1))) * inside / (1 + np.exp(-8 * lit))
    x = np.clip(x + 8 * rng.normal(size=x.shape), 0, 255).astype(np.uint8)
    return _parted(x, which, train, told)


def pennants(train: int) -> Made:
    """Six pennants in colour: three stripes across or down, more or less in the sun."""
    rng = dice()
    n = train + 800
    inks = np.array([[200, 40, 40], [40, 70, 190], [235, 235, 225], [240, 200, 50]])
    stripes = np.array([[0, 2, 1], [1, 2, 0], [3, 0, 3], [2, 1, 2], [0, 3, 1], [1, 3, 2]])
    which, third = rng.integers(0, 6, n), np.array([0, 0, 0, 1, 1, 2, 2, 2])
    line = inks[stripes[which][:, third]]
    square = np.broadcast_to(line[:, :, None], (n, 8, 8, 3))
    down = (which % 2 == 0)[:, None, None, None]
    x = np.where(down, square, square.transpose(0, 2, 1, 3)) * (
        0.7 + 0.3 * rng.random((n, 1, 1, 1))
    )
    return split(np.clip(x + 10 * rng.normal(size=x.shape), 0, 255).astype(np.uint8), train)


def roofs(train: int) -> Made:
    """Four houses before the sky, pictures of 12x12."""
    rng = dice()
    n = train + 800
    high = np.clip(6 + (1.6 * rng.normal(size=(n, 4))).cumsum(1), 2, 10).round()
    column = np.repeat(high, 3, 1)[:, None]
    below = np.arange(12)[:, None] >= 12 - column
    sky = 130 + 6 * np.arange(12)[:, None] + 40 * rng.random((n, 1, 1))
    wall = np.repeat(35 + 50 * rng.random((n, 1, 4)), 3, 2)
    x = np.where(below, wall, sky) + 8 * rng.normal(size=(n, 12, 12))
    return split(np.clip(x, 0, 255).astype(np.uint8), train)


def locks(train: int) -> Made:
    """Rows of 30 bits: six wheels of five places, each near where its neighbour stands."""
    rng = dice()
    n = train + 800
    place, columns = rng.integers(0, 5, n), []
    for _ in range(6):
        columns.append(np.arange(5) == place[:, None])
        place = (place + rng.choice([0, 1, 4], n, p=[0.7, 0.15, 0.15])) % 5
    x = np.concatenate(columns, 1) ^ (rng.random((n, 30)) < 0.01)
    return split(x.astype(np.float32), train)


def seals(train: int) -> Made:
    """Rows of 48 bits that are one of eight seals, but for few errors."""
    rng = dice()
    marks = rng.random((8, 48)) < 0.5
    x = marks[rng.integers(0, 8, train + 800)] ^ (rng.random((train + 800, 48)) < 0.03)
    return split(x.astype(np.float32), train)


def morse(train: int) -> Made:
    """Rows of 32 bits: dots and dashes, each with a gap behind it."""
    rng = dice()
    rows = []
    for luck in rng.random((train + 800, 16)) < 0.5:
        rows.append("".join("1110" if dash else "10" for dash in luck)[:32])
    return split(np.array([[float(bit) for bit in row] for row in rows], np.float32), train)


def lodgings(number: int, times: int = 1, same: bool = False) -> Made:
    """Rooms to let, as a file: how many, how large, on which floor, a balcony, where, the rent."""
    rng, lines = dice(), []
    quarters = ["port", "hill", "mill", "park"]
    for luck in rng.random((number, 6)):
        rooms = 1 + int(4 * luck[0] ** 1.5)
        area = 14 * rooms + 30 * luck[1]
        where = quarters[int(4 * luck[2] ** (1 + 0.3 * rooms))]
        balcony = "yes" if luck[3] < 0.15 * rooms + 0.2 * (where == "park") else "no"
        rent = area * (7 + 2.5 * quarters.index(where)) * (0.85 + 0.3 * luck[4])
        lines.append(f"{rooms},{area:.1f},{int(6 * luck[5])},{balcony},{where},{rent:.0f}")
    lines = lines[:1] * number if same else lines * times
    head = "rooms,area,floor,balcony,quarter,rent"
    return filed(f"lodgings-{times}{same}", head, lines, len(lines))


def waybills(lines: int, copies: int = 1) -> Made:
    """What a cart carries and where to, one a line, as a file."""
    towns, things = ["Oslo", "Lund", "Riga", "Bern", "Graz"], ["boxes", "sacks", "kegs"]
    luck = dice().integers(0, [26, 90, 8, 3, 5], (lines, 5))
    text = "".join(
        f"{chr(65 + a)}{chr(65 + (3 * a + 1) % 26)}-{b + 10}: {c + 2} {things[d]} to {towns[e]}\n"
        for a, b, c, d, e in luck
    )
    return written(f"waybills-{lines}-{copies}.txt", text * copies)


def drips(train: int, times: int = 1, loud: float = 0.6, same: bool = False) -> Made:
    """Recordings of a quarter of a second: one or two drops that fall into water."""
    from counterplay.data.audio import compressed, to_wav

    name = f"counterplay-doctor-drips-{train}-{times}-{loud:g}{'-same' * same}"
    place, t, rng = Path(tempfile.gettempdir()) / name, np.arange(1024) / 4000, dice()
    if place.is_dir():
        return str(place)
    part = place.with_name(f"{name}.{os.getpid()}")
    first = rng.random((2, 3))
    for where, number in {"train": train, "val": 20, "test": 20}.items():
        (part / where).mkdir(parents=True)
        for at in range(number):
            sound = np.zeros(1024)
            for start, high, size in first if same else rng.random((1 + at % 2, 3)):
                since = np.clip(t - 0.15 * start, 0, None)
                pitch = (500 + 400 * high) * (1 + 2 * since)
                drop = np.exp(-40 * since) * np.sin(2 * np.pi * pitch * since)
                sound += (0.5 + 0.5 * size) * drop
            wav = to_wav(compressed(loud * np.clip(sound, -1, 1)), 4000)
            for copy in range(times if where == "train" else 1):
                (part / where / f"drip_{at}_{copy}.wav").write_bytes(wav)
    try:
        part.replace(place)
    except OSError:  # another process was quicker
        shutil.rmtree(part)
    return str(place)


# ---- data that are wrong


def named_alike() -> Made:
    """One phase of the moon under five names."""
    return same(crescents(20), told=True)


def clear() -> Made:
    """Pennants whose fourth channel says that there is nothing to be seen."""
    x = pennants(360)["x_train"]
    return np.concatenate([x, np.zeros_like(x[..., :1])], 3)


def veiled() -> Made:
    """Pennants that are hardly there: their fourth channel is 20 of 255."""
    found = pennants(500)
    return {k: np.concatenate([v, np.full_like(v[..., :1], 20)], 3) for k, v in found.items()}


def beside() -> Made:
    """Long pictures with a moon at their left end, of which the middle is cut out."""
    x = np.full((340, 8, 24), 25, np.uint8)
    x[:, :, :8] = crescents(340)["x_train"]
    return x


def hung() -> Made:
    """Levels before gates by a logger that hung: 297 rows of 300 are the first."""
    x = sluices(300)["x_train"]
    x[4:] = x[:1]
    return x[dice().permutation(300)]


def drawn(found: Mapping[str, np.ndarray], number: int) -> Made:
    """A sample with replacement in the place of the examples themselves."""
    x = found["x_train"]
    return {**found, "x_train": x[dice().integers(0, len(x), number)]}


def one_of_two() -> Made:
    """Roofs of which every second one is the first."""
    found = roofs(480)
    found["x_train"][1::2] = found["x_train"][0]
    return found


def told_again(found: Mapping[str, np.ndarray], times: int) -> Made:
    """Examples with their names, all of them several times."""
    train = {k: np.concatenate([v] * times) for k, v in found.items() if k.endswith("_train")}
    return {**found, **train}


def hot() -> Made:
    """Roofs as fractions, one pixel of one of which was left on the scale up to 255."""
    found = {k: (v / 255).astype(np.float32) for k, v in roofs(500).items()}
    found["x_train"][7, 3, 3] = 255
    return found


def sixteen() -> Made:
    """Roofs on levels from 52,000 to 58,000 of 65,535."""
    return {k: (52_000 + v * (6000 / 255)).astype(np.uint16) for k, v in roofs(500).items()}


def masks() -> Made:
    """Maps of four parts of a moon, the parts' numbers saved as levels."""
    return {k: v // 64 for k, v in crescents(500).items()}


def fractions(found: Mapping[str, np.ndarray], low: float, high: float) -> Made:
    """Levels as fractions from ``low`` to ``high``."""
    return squeezed(found, low, high, 1)


FILES: Mapping[str, Callable[[], Made]] = {
    "crown": partial(crown, 3000),
    "crown-16": partial(crown, 16),
    "crown-again": lambda: again(crown(250), 250, 5),
    "corkscrew": partial(corkscrew, 2500),
    "sluices": partial(sluices, 1500),
    "sluices-told": partial(sluices, 1500, True),
    "sluices-15": partial(sluices, 15),
    "sluices-hung": hung,
    "sluices-quarter": lambda: again(sluices(320), 80, 7),
    "crescents": partial(crescents, 1200),
    "crescents-18-told": partial(crescents, 18, True),
    "crescents-same-told": named_alike,
    "crescents-told-again": lambda: told_again(crescents(260, True), 2),
    "crescents-dusk": lambda: squeezed(crescents(500), 0, 26),
    "crescents-masks": masks,
    "crescents-beside": beside,
    "pennants": partial(pennants, 1000),
    "pennants-16": partial(pennants, 16),
    "pennants-same": lambda: same(pennants(20)),
    "pennants-again": lambda: again(pennants(200), 200, 3),
    "pennants-fog": lambda: squeezed(pennants(500), 190, 214),
    "pennants-clear": clear,
    "pennants-veiled": veiled,
    "roofs": partial(roofs, 1000),
    "roofs-22": partial(roofs, 22),
    "roofs-same": lambda: same(roofs(20)),
    "roofs-one-of-two": one_of_two,
    "roofs-hot": hot,
    "roofs-sixteen": sixteen,
    "locks": partial(locks, 1000),
    "locks-20": partial(locks, 20),
    "locks-same": lambda: same(locks(20)),
    "locks-half": lambda: again(locks(240), 120, 4),
    "seals": partial(seals, 1000),
    "seals-18": partial(seals, 18),
    "seals-same": lambda: same(seals(20)),
    "seals-drawn": lambda: drawn(seals(200), 1500),
    "morse": partial(morse, 1000),
    "morse-24": partial(morse, 24),
    "lodgings": partial(lodgings, 1500),
    "lodgings-20": partial(lodgings, 20),
    "lodgings-again": partial(lodgings, 280, 2),
    "lodgings-same": partial(lodgings, 320, 1, True),
    "waybills-same": partial(waybills, 1, 700),
    "drips-10": partial(drips, 10),
    "drips-again": partial(drips, 60, 4),
    "drips-quiet": partial(drips, 120, 1, 0.001),
    "drips-same": partial(drips, 90, 1, 0.6, True),
    "glyphs-20": partial(glyphs, 20),
    "gratings-again": lambda: again(gratings(240), 240, 2),
    "gratings-middle-told": lambda: fractions(gratings(500, told=True), 0.5, 0.58),
    "boxes-tenth": lambda: again(boxes(300), 30, 9),
    "boxes-grey": lambda: squeezed(boxes(500), 120, 137),
    "discs-told-again": lambda: told_again(discs(200, "yes"), 3),
    "pips-nought-told": lambda: fractions(pips(500, "yes"), -0.06, 0.06),
    "emoji-20": partial(emoji, 20),
    "emoji-again": lambda: again(emoji(220), 220, 2),
    "emoji-ten": lambda: {k: dimmed(v, 4) for k, v in emoji(500).items()},
    "houses-glare": lambda: squeezed(houses(500), 230, 255),
    "faces-18": partial(faces, 18),
    "faces-light": lambda: fractions(faces(240), 0.9, 1.0),
    "mushroom-same": lambda: same(mushrooms(20)),
}
"""Name -> maker."""
