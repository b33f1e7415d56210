"""Sheets: many small pictures side by side in a large one, and their labels in an ``.npz`` file.

A folder with one ``.npz`` file whose arrays are called like pictures beside it. With n labels for
a sheet of W x H pixels its tiles are squares of side sqrt(W H / n), row after row. A sheet whose
name says so (``test_batch``) is that part of the split; if any does, all others are for training.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import isqrt
from pathlib import Path

import numpy as np
from PIL import Image

from counterplay.data.arrays import Part, read_parts
from counterplay.data.examples import Asked, Examples, part_of
from counterplay.data.pictures import EXTENSIONS, patient
from counterplay.errors import UserError

__all__ = ["Sheets", "find_sheets", "read_sheets"]


@dataclass(frozen=True)
class Sheets:
    """The sheets of a folder.

    Attributes:
        folder: the folder.
        pictures: the sheets, by the names of their labels.
        labels: labels (n,) of each.
    """

    folder: Path
    pictures: dict[str, Path]
    labels: dict[str, np.ndarray]


def find_sheets(folder: Path) -> Sheets | None:
    """Return the sheets of a folder, or ``None`` where there are none."""
    tables = sorted(folder.glob("*.npz"))
    pictures = {p.stem: p for p in sorted(folder.iterdir()) if p.suffix.lower() in EXTENSIONS}
    if len(tables) != 1 or not pictures:
        return None
    try:
        with tables[0].open("rb") as content, np.load(content, allow_pickle=False) as file:
            names = sorted(set(file.files) & set(pictures))
            labels = {name: file[name] for name in names}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
    # A picture with one label is a picture; and where some have no labels, all are pictures.
    if set(labels) != set(pictures) or any(y.ndim != 1 or len(y) < 2 for y in labels.values()):
        return None
    return Sheets(folder, pictures, labels)


def read_sheets(sheets: Sheets, asked: Asked) -> Examples:
    """Cut the sheets into their pictures.

    Raises:
        UserError: when a sheet cannot be cut into as many squares as it has labels.
    """
    codes = {name: _part(name) for name in sheets.pictures}
    official = any(codes.values()) and not all(codes.values())
    parts = [
        Part(
            _tiles(path, len(sheets.labels[name])),
            sheets.labels[name],
            (codes[name] or 0) if official else None,
        )
        for name, path in sheets.pictures.items()
    ]
    whole = list(_joined(parts))
    found = read_parts(whole, asked, what=str(sheets.folder))
    note = f"{len(parts)} sheets cut into pictures, by the number of their labels."
    return Examples(**{**found.__dict__, "notes": (note, *found.notes)})


def _part(name: str) -> int | None:
    words = re.split(r"[^a-z0-9]+", name.lower())
    return next((part for part in map(part_of, words) if part is not None), None)


def _joined(parts: list[Part]) -> Iterator[Part]:
    """Yield one part for each part of the split."""
    for code in sorted({part.part for part in parts}, key=lambda p: -1 if p is None else p):
        some = [part for part in parts if part.part == code]
        labels = np.concatenate([np.asarray(part.y) for part in some])
        yield Part(np.concatenate([np.asarray(part.x) for part in some]), labels, code)


def _tiles(path: Path, count: int) -> np.ndarray:
    """Return the tiles of a sheet: uint8 (n, S, S) where it is grey, else (n, S, S, 3)."""
    try:
        with patient(), Image.open(path) as sheet:
            pixels = np.asarray(sheet.convert("L" if sheet.mode in ("1", "L") else "RGB"))
    except (OSError, ValueError) as error:
        raise UserError(
            f"{path} is a sheet of {count:,} pictures that cannot be read: {error}"
        ) from error
    height, width = pixels.shape[:2]
    side = isqrt(width * height // count)
    if not side or width % side or height % side or (width // side) * (height // side) != count:
        raise UserError(
            f"{path} has {width}x{height} pixels and {count:,} labels: it cannot be cut into as "
            f"many squares; give the pictures one by one, or as an array in an .npz file"
        )
    grid = pixels.reshape(height // side, side, width // side, side, -1)
    tiles = grid.transpose(0, 2, 1, 3, 4).reshape(count, side, side, -1)
    return tiles[..., 0] if tiles.shape[-1] == 1 else tiles
