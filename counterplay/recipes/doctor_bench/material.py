"""What made data are made of: digits, pictures, tables, and how they are split."""

from __future__ import annotations

import gzip
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from counterplay.errors import UserError

__all__ = [
    "SHARED",
    "Made",
    "dice",
    "digits",
    "dimmed",
    "filed",
    "pictures",
    "sampled",
    "split",
    "table",
    "unpacked",
    "written",
]

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
"""Where real data lie beside the repository; what is not there fails its own cases alone."""

Made = Any


def dice() -> np.random.Generator:
    """The one seed of all made data."""
    return np.random.default_rng(0)


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Digits on levels 0 to 16, and their classes."""
    from sklearn.datasets import load_digits

    x, y = map(np.asarray, load_digits(return_X_y=True))
    order = dice().permutation(len(x))
    return x.reshape(-1, 8, 8)[order], y[order]


def pictures() -> tuple[np.ndarray, np.ndarray]:
    """The same on levels 0 to 255."""
    x, y = digits()
    return np.round(x * 255 / 16).astype(np.uint8), y


def dimmed(x: np.ndarray, factor: int) -> np.ndarray:
    """Bytes of sensors' values, ``factor`` times ``x``, that somebody divided by 257."""
    return np.round(x.astype(np.uint16) * factor / 257).astype(np.uint8)


def split(x: np.ndarray, train: int, held: int = 400) -> dict[str, np.ndarray]:
    """Rows to train on, and as many for validation as for the test."""
    held = min(held, (len(x) - train) // 2)
    parts = {"x_train": x[:train], "x_val": x[train : train + held]}
    return parts | {"x_test": x[train + held : train + 2 * held]}


def table(name: str) -> np.ndarray:
    """Rows of a table by its name."""
    from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine

    load = {"wine": load_wine, "cancer": load_breast_cancer}
    load |= {"diabetes": load_diabetes, "iris": load_iris}
    if name not in load:
        return measured(name)
    x = np.asarray(load[name](return_X_y=True)[0], np.float32)
    return x[dice().permutation(len(x))]


def measured(name: str) -> np.ndarray:
    """Rows of one of the tables beside the repository, all of its columns numbers."""
    path = SHARED / "uci" / f"{name}_data.csv.gz"
    if not path.is_file():
        raise UserError(f"{path} is not there: this case needs it")
    x = np.loadtxt(path, delimiter=",", dtype=np.float32)
    return x[dice().permutation(len(x))]


def sampled(name: str, train: int, side: int = 1, labelled: bool = True) -> Made:
    """Some of MNIST or of its like, every ``side``-th pixel of every ``side``-th row."""
    from counterplay.data import load

    path = SHARED / name
    if not path.is_dir():
        raise UserError(f"{path} is not there: this case needs it")
    found = load(str(path)).examples("train", train + 800)
    assert found.y is not None, "digits have classes"
    x = ((found.x.numpy() + 1) * 127.5).round().astype(np.uint8)[:, 0, ::side, ::side]
    parts = split(x, train)
    labels = {k.replace("x_", "y_"): v for k, v in split(found.y.numpy(), train).items()}
    return parts | labels if labelled else parts


def unpacked(path: Path) -> list[str]:
    """Return the lines of a packed table beside the repository."""
    if not path.is_file():
        raise UserError(f"{path} is not there: this case needs it")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return file.read().splitlines()


def filed(name: str, head: str, lines: Sequence[str], number: int) -> Made:
    """Some lines of a table as a file: no array holds numbers and categories."""
    chosen = [lines[int(i)] for i in dice().permutation(len(lines))[:number]]
    return written(f"{name}-{number}.csv", "\n".join([head, *chosen]) + "\n")


def written(name: str, text: str) -> str:
    """Return the path of a text as a file, which is there in whole or not at all."""
    place = Path(tempfile.gettempdir()) / f"counterplay-doctor-{name}"
    part = place.with_suffix(f".{os.getpid()}")
    part.write_text(text, encoding="utf-8")
    part.replace(place)
    return str(place)
