"""``bits:PATH``: an ``.npz`` file of pictures of two levels, eight pixels in a byte.

Each array is (N, ⌈side² / 8⌉) uint8, a row one square grey picture, as ``numpy.packbits`` packs it.
"""

from __future__ import annotations

from dataclasses import replace
from math import isqrt
from pathlib import Path

import numpy as np

from counterplay.data.arrays import by_names, read_parts
from counterplay.data.catalogue import BITS
from counterplay.data.examples import Asked, Examples
from counterplay.data.rows import Rows, from_npz
from counterplay.errors import UserError

__all__ = ["read_bits"]


def read_bits(path: Path, asked: Asked) -> Examples:
    """Return the pictures packed in an ``.npz`` file; its arrays' names say the part, see ``load``.

    Raises:
        UserError: when there is no such file, or its arrays are no packed square pictures.
    """
    if not path.is_file():
        raise UserError(f"{BITS}{path}: no such file; an .npz file of packed bits is needed")
    parts, notes = by_names(from_npz(path), str(path))
    unpacked = [replace(part, x=_pictures(part.x, path)) for part in parts]
    found = read_parts(unpacked, asked, what=str(path))
    kept = found.rows.shape[-1] == unpacked[0].x.shape[-1]  # resized pictures have greys between
    return replace(found, notes=(*notes, *found.notes), levels=2 if kept else None)


def _pictures(packed: Rows | np.ndarray, path: Path) -> np.ndarray:
    rows = packed.array() if isinstance(packed, Rows) else packed
    if rows.dtype != np.uint8 or rows.ndim != 2:
        raise UserError(f"{BITS}{path}: bytes (N, B) are needed, seen {rows.dtype} {rows.shape}")
    side = isqrt(8 * rows.shape[1])
    if -(-(side**2) // 8) != rows.shape[1]:
        raise UserError(
            f"{BITS}{path}: {rows.shape[1]} bytes a row are no square picture; 28x28 pixels have 98"
        )
    bits = np.unpackbits(rows, axis=1, count=side**2)
    return (bits * np.uint8(255)).reshape(len(rows), side, side)
