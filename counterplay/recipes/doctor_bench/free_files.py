"""Files of the free trainings: parcels and tickets, number plates and results, beeps."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import numpy as np

from counterplay.recipes.doctor_bench.material import Made, dice, filed

__all__ = ["beeps", "parcels", "plates", "results", "tickets"]


def parcels(number: int) -> Made:
    """Parcels as a file: how heavy, how far, in what, how soon, and what that costs."""
    rng, lines = dice(), []
    for luck in rng.random((number, 5)):
        heavy = 0.2 + 12 * luck[0] ** 2
        box = "bag" if heavy < 1.5 else "box" if luck[1] < 0.8 else "tube"
        zone = ["town", "land", "abroad"][int(3 * luck[2] ** 1.4)]
        soon = "express" if luck[3] < (0.4 if zone == "town" else 0.12) else "usual"
        cost = 2 + 0.6 * heavy + {"town": 0, "land": 2, "abroad": 9}[zone] + 5 * (soon != "usual")
        lines.append(f"{heavy:.2f},{zone},{box},{soon},{cost * (0.95 + 0.1 * luck[4]):.2f}")
    return filed("parcels", "kg,zone,box,speed,price", lines, number)


def tickets(number: int) -> Made:
    """Tickets as a file: for what, on which day, how old who came is, which row, which price."""
    rng, lines = dice(), []
    shows = ["play", "film", "opera", "circus"]
    for what, luck in zip(
        rng.choice(4, number, p=[0.3, 0.5, 0.08, 0.12]), rng.random((number, 4)), strict=True
    ):
        old = int([35, 18, 50, 6][what] + [40, 40, 35, 45][what] * luck[0] ** 1.3)
        day = ["fri", "sat", "sun"][int(3 * luck[1] ** [1.5, 1.0, 1.0, 0.5][what])]
        row = 1 + int(20 * luck[2])
        price = [24, 9, 60, 15][what] * (1.5 - 0.03 * row) * (0.6 if old < 15 else 1)
        lines.append(f"{shows[what]},{day},{old},{row},{price * (0.97 + 0.06 * luck[3]):.1f}")
    return filed("tickets", "show,day,age,row,price", lines, number)


def _text(name: str, text: str) -> str:
    place = Path(tempfile.gettempdir()) / f"counterplay-doctor-{name}.txt"
    part = place.with_suffix(f".{os.getpid()}")
    part.write_text(text, encoding="utf-8")
    part.replace(place)
    return str(place)


def plates(lines: int) -> Made:
    """Number plates that were seen, one a line, as a file."""
    rng = dice()
    luck, letters = rng.integers(0, 10_000, lines), rng.integers(0, 26, (lines, 5))
    told = [
        f"{''.join(chr(65 + int(c)) for c in name)}-{number:04}\n"
        for number, name in zip(luck, letters, strict=True)
    ]
    return _text(f"plates-{lines}", "".join(told))


def results(lines: int) -> Made:
    """How matches ended, one a line, as a file."""
    teams = ["Kiel", "Graz", "Bern", "Lodz", "Brno", "Lyon"]
    luck = dice().integers(0, [6, 5, 4, 3], (lines, 4))
    told = [f"{teams[a]} - {teams[(a + b + 1) % 6]} {c}:{d}\n" for a, b, c, d in luck]
    return _text(f"results-{lines}", "".join(told))


def beeps(train: int, held: int = 20) -> Made:
    """Recordings of a quarter of a second: a low beep, a high one, or one after the other."""
    from counterplay.data.audio import compressed, to_wav

    name = f"counterplay-doctor-beeps-{train}-{held}"
    place, t, rng = Path(tempfile.gettempdir()) / name, np.arange(1024) / 4000, dice()
    if place.is_dir():
        return str(place)
    part = place.with_name(f"{name}.{os.getpid()}")
    for where, number in {"train": train, "val": held, "test": held}.items():
        (part / where).mkdir(parents=True)
        for at in range(number):
            which, luck = int(rng.integers(0, 3)), rng.random(3)
            pitch = np.where(t < 0.128, [300, 520, 300][which], [300, 520, 520][which])
            turn = 2 * np.pi * np.cumsum(pitch * (0.97 + 0.06 * luck[0])) / 4000
            loud = np.minimum(1, 20 * t) * np.minimum(1, 20 * (0.256 - t))
            sound = (0.35 + 0.2 * luck[1]) * loud * np.sin(turn + 6 * luck[2])
            wav = to_wav(compressed(sound + 0.02 * rng.normal(size=len(t))), 4000)
            (part / where / f"{which}_beep_{at}.wav").write_bytes(wav)
    try:
        part.replace(place)
    except OSError:  # another process was quicker
        shutil.rmtree(part)
    return str(place)
