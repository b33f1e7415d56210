"""Data of the vast trainings that are files: tables of mixed columns, texts, recordings."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import numpy as np

from counterplay.recipes.doctor_bench.material import Made, dice, filed, written

__all__ = ["bells", "books", "flights", "larder", "phones", "rolls", "wages"]


def flights(number: int) -> Made:
    """Flights as a file: by whom, how far, how long, how late, what there was to eat."""
    rng, lines = dice(), []
    names = ["Alba", "Boreal", "Condor", "Delta"]
    for luck in rng.random((number, 5)):
        by = int(4 * luck[0] ** 1.5)
        far = 200 * np.exp((1.0 + 0.5 * by) * luck[1])
        long = 30 + far / 12 * (0.9 + 0.2 * luck[2])
        late = -8 * np.log(1 - 0.98 * luck[3]) * (1 + 0.5 * by)
        meal = "hot" if far > 1200 else "cold" if luck[4] < far / 1200 else "none"
        lines.append(f"{names[by]},{far:.0f},{long:.0f},{late:.0f},{meal}")
    return filed("flights", "line,km,minutes,late,meal", lines, number)


def books(number: int) -> Made:
    """Books as a file: of which kind, how thick, how dear, how old, how bound, in which tongue."""
    rng, lines = dice(), []
    kinds, tongues = ["novel", "verse", "atlas", "crime"], ["da", "et", "fi", "is"]
    for what, luck in zip(rng.integers(0, 4, number), rng.random((number, 5)), strict=True):
        pages = [340, 90, 180, 280][what] * np.exp(0.7 * (luck[0] - 0.5))
        bound = "hard" if luck[1] < [0.5, 0.3, 0.95, 0.1][what] else "soft"
        price = 4 + 0.03 * pages + 9 * (bound == "hard") + 5 * luck[2]
        year = 2024 - int(60 * luck[3] ** 2)
        tongue = tongues[int(4 * luck[4] ** (1 + what / 2))]
        lines.append(f"{kinds[what]},{pages:.0f},{price:.1f},{year},{bound},{tongue}")
    return filed("books", "kind,pages,price,year,bound,tongue", lines, number)


def wages(number: int) -> Made:
    """What people earn, as a file: work, of which some is rare, years, pay with a long tail."""
    rng, lines = dice(), []
    works = ["clerk", "nurse", "cook", "pilot"]
    done = rng.choice(4, number, p=[0.55, 0.28, 0.13, 0.04])
    years = rng.integers(0, 40, number)
    luck = rng.normal(size=(number, 2))
    for work, year, (more, where) in zip(done, years, luck, strict=True):
        pay = [2400, 2900, 2100, 7000][work] * np.exp(0.012 * year + 0.3 * more)
        place = "town" if where + 0.3 * (work == 0) > 0 else "land"
        lines.append(f"{works[work]},{year},{pay:.0f},{place}")
    return filed("wages", "work,years,pay,place", lines, number)


def rolls(number: int) -> Made:
    """A game of dice as a file: both dice, their sum, who threw, and whether they won."""
    rng, lines = dice(), []
    for red, blue, who, luck in rng.integers(0, [6, 6, 3, 10], (number, 4)):
        won = "yes" if luck < [2, 4, 6][who] + (red == blue) * 3 else "no"
        lines.append(f"{red + 1},{blue + 1},{red + blue + 2},{'ABC'[who]},{won}")
    return filed("rolls", "red,blue,sum,who,won", lines, number)


def phones(lines: int) -> Made:
    """Names and numbers, one a line, as a file."""
    names = ["Ada", "Bo", "Cleo", "Dag", "Eva", "Finn", "Gro", "Hal"]
    homes = ["Berg", "Dahl", "Falk", "Holm", "Lund", "Voss"]
    luck = dice().integers(0, [8, 6, 90, 1_000_000], (lines, 4))
    told = [f"{names[a]} {homes[b]}: 0{c + 10}-{d:06}\n" for a, b, c, d in luck]
    return written(f"phones-{lines}.txt", "".join(told))


def larder(lines: int) -> Made:
    """What to buy, one thing a line, as a file."""
    things = ["flour", "sugar", "butter", "milk", "rice", "salt", "beans", "oats"]
    units = ["g of", "g of", "g of", "ml of", "g of", "spoons of", "tins of", "g of"]
    luck = dice().integers(0, [8, 9, 3], (lines, 3))
    told = [
        f"{(b + 1) * (1 if a in (5, 6) else 50)} {units[a]} {things[a]}{['', ', please', '!'][c]}\n"
        for a, b, c in luck
    ]
    return written(f"larder-{lines}.txt", "".join(told))


def bells(train: int, noise: float = 0.02, held: int = 20) -> Made:
    """Recordings of a quarter of a second: one of three bells, struck, with a hum."""
    from counterplay.data.audio import compressed, to_wav

    name = f"counterplay-doctor-bells-{train}-{held}"
    place, t, rng = Path(tempfile.gettempdir()) / name, np.arange(1024) / 4000, dice()
    if place.is_dir():
        return str(place)
    part = place.with_name(f"{name}.{os.getpid()}")
    for where, number in {"train": train, "val": held, "test": held}.items():
        (part / where).mkdir(parents=True)
        for at in range(number):
            which, luck = int(rng.integers(0, 3)), rng.random(3)
            pitch = [240, 330, 450][which] * (0.97 + 0.06 * luck[0])
            sound = np.exp(-8 * t) * np.sin(2 * np.pi * pitch * t + 6 * luck[1])
            sound += 0.5 * np.exp(-14 * t) * np.sin(4.8 * np.pi * pitch * t + 6 * luck[2])
            wav = to_wav(compressed(0.5 * sound + noise * rng.normal(size=len(t))), 4000)
            (part / where / f"{which}_bell_{at}.wav").write_bytes(wav)
    try:
        part.replace(place)
    except OSError:  # another process was quicker
        shutil.rmtree(part)
    return str(place)
