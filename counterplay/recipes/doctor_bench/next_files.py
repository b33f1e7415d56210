"""Data of the next trainings that are files: tables of mixed columns, texts, recordings."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from counterplay.recipes.doctor_bench.material import SHARED, Made, dice, filed

__all__ = ["FILES"]


def _orders(number: int) -> list[str]:
    """Lines of what was bought: what, its price, how many, by a member, where."""
    rng = dice()
    things, towns = ["tea", "rice", "lamp", "chair", "bike"], ["Aarhus", "Bergen", "Turku"]
    lines = []
    for what, luck in zip(rng.integers(0, 5, number), rng.random((number, 4)), strict=True):
        price = [3, 5, 25, 60, 400][what] * np.exp(0.6 * luck[0])
        pieces = 1 + int(luck[1] * [9, 7, 4, 3, 1.2][what])
        member = "yes" if luck[2] < 0.2 + 0.15 * what else "no"
        town = towns[int(3 * luck[3] ** (1 + (member == "yes")))]
        lines.append(f"{things[what]},{price:.2f},{pieces},{member},{town}")
    return lines


ORDER = "thing,price,pieces,member,town"


def orders(number: int, times: int = 1) -> Made:
    """Rows of numbers and categories as a file, each of them so many times."""
    return filed(f"orders-{times}", ORDER, _orders(number) * times, number * times)


def _kept(name: str, ending: str, content: bytes) -> str:
    place = Path(tempfile.gettempdir()) / f"counterplay-doctor-{name}{ending}"
    part = place.with_suffix(f".{os.getpid()}")
    part.write_bytes(content)
    part.replace(place)
    return str(place)


def captions(lines: int) -> Made:
    """What signs are called, one a line, as a file."""
    path = SHARED / "emoji-captions" / "captions.tsv"
    names = [line.split("\t")[3] for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    chosen = [names[int(i)] for i in dice().permutation(len(names))[:lines]]
    return _kept(f"captions-{lines}", ".txt", ("\n".join(chosen) + "\n").encode())


def days(lines: int) -> Made:
    """Days written twice, one a line, as a file."""
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    rng = dice()
    text = "".join(
        f"{d + 1} {months[m]} {y} = {y}-{m + 1:02}-{d + 1:02}\n"
        for d, m, y in rng.integers([0, 0, 1950], [28, 12, 2025], (lines, 3))
    )
    return _kept(f"days-{lines}", ".txt", text.encode())


def _folder(name: str, files: Mapping[str, bytes]) -> str:
    """Return a folder of these files, which is written once."""
    key = hashlib.sha256(b"".join(n.encode() + b for n, b in sorted(files.items()))).hexdigest()
    place = Path(tempfile.gettempdir()) / f"counterplay-doctor-{name}-{key[:8]}"
    if not place.is_dir():
        part = place.with_suffix(f".{os.getpid()}")
        for inner, content in files.items():
            (part / inner).parent.mkdir(parents=True, exist_ok=True)
            (part / inner).write_bytes(content)
        try:
            part.replace(place)
        except OSError:  # another process was quicker
            shutil.rmtree(part)
    return str(place)


def _waved(sound: np.ndarray, rate: int = 4000) -> bytes:
    from counterplay.data.audio import compressed, to_wav

    return to_wav(compressed(sound), rate)


def tones(number: int) -> Made:
    """Recordings of a quarter of a second: one of four tones that fades away."""
    rng, t, files = dice(), np.arange(1024) / 4000, {}
    for i, which in enumerate(rng.integers(0, 4, number)):
        pitch = 200 * 2 ** (which / 3) * (1 + 0.01 * rng.normal())
        sound = 0.6 * np.exp(-6 * t) * np.sin(2 * np.pi * pitch * t + 6 * rng.random())
        files[f"{which}_tone_{i}.wav"] = _waved(sound + 0.005 * rng.normal(size=len(t)))
    return _folder(f"tones-{number}", files)


def talk(train: int) -> Made:
    """Some spoken digits to learn from, and twenty for validation as for the test."""
    path, files = SHARED / "fsdd" / "fsdd_jackson_nicolas.zip", {}
    with zipfile.ZipFile(path) as pack:
        names = sorted(name for name in pack.namelist() if name.endswith(".wav"))
        for at, i in enumerate(dice().permutation(len(names))[: train + 40]):
            part = "train" if at < train else "val" if at < train + 20 else "test"
            files[f"{part}/{at}.wav"] = pack.read(names[int(i)])
    return _folder(f"talk-{train}", files)


def silence() -> Made:
    """Recordings of a microphone that was not plugged in."""
    return _folder("silence", {f"{i}.wav": _waved(np.zeros(1024)) for i in range(80)})


FILES: Mapping[str, Callable[[], Made]] = {
    "orders-1500": partial(orders, 1500),
    "orders-100": partial(orders, 100),
    "orders-30": partial(orders, 30),
    "orders-again": partial(orders, 250, 3),
    "captions": partial(captions, 1600),
    "tones": partial(tones, 240),
    "talk-300": partial(talk, 300),
    "talk-3": partial(talk, 3),
    "silence": silence,
}
"""Name -> maker."""
