"""Arrays of pictures -> uint8 (N, C, S, S).

Layouts: (N, H, W), (N, H, W, C), (N, C, H, W) with 1, 3 or 4 channels (4: alpha, laid over white).
Values: uint8; whole numbers in 0 … 255 (0 and 1 only: black and white); 16 bits; floats in [0, 1],
[-1, 1] or [0, 255], told apart by the least and greatest of all. 16 bits of which no value reaches
a quarter of the range are refused: they would be nearly black.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from counterplay.data.examples import digest
from counterplay.data.pictures import fit, refuse_dim
from counterplay.data.rows import Rows
from counterplay.data.sizes import choose_size
from counterplay.errors import UserError

__all__ = ["Levels", "layout", "levels", "pictures", "scan", "to_pixels"]

_NEAR = 1e-3  # resampled floats overshoot their range a little


@dataclass(frozen=True)
class Levels:
    """How values become levels: u = round((v - ``low``) · ``factor``), clipped to 0 … 255."""

    low: float = 0.0
    factor: float = 1.0
    note: str = ""

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """Return values of any kind as uint8."""
        if values.dtype == np.uint8 and (self.low, self.factor) == (0, 1):
            return values
        scaled = (values.astype(np.float32) - np.float32(self.low)) * np.float32(self.factor)
        return np.clip(np.round(scaled), 0, 255).astype(np.uint8)


def levels(dtype: np.dtype, low: float, high: float) -> Levels:
    """Return how values of ``dtype`` from ``low`` to ``high`` become levels 0 … 255.

    Raises:
        UserError: when no usual range fits, or values of 16 bits use too little of theirs.
    """
    whole = dtype.kind in "bui"
    if whole and low >= 0 and high <= 1:
        return Levels(factor=255, note="Values 0 and 1 taken as black and white.")
    if dtype == np.uint8:
        return Levels()
    if whole and low >= 0 and 64 <= high <= 255:
        return Levels()
    if dtype.kind == "u" and dtype.itemsize == 2:
        refuse_dim(f"pictures of {dtype}", high)
        return Levels(factor=1 / 257, note="16 bits scaled to 8 (divided by 257).")
    if dtype.kind == "f" and low >= -_NEAR and high <= 1 + _NEAR:
        return Levels(factor=255, note="Floats in [0, 1] scaled to 0 … 255.")
    if dtype.kind == "f" and low >= -1 - _NEAR and high <= 1 + _NEAR:
        return Levels(low=-1, factor=127.5, note="Floats in [-1, 1] scaled to 0 … 255.")
    # Floats up to 16 or so are no pictures in 0 … 255 but a scale of their own: nearly black.
    if dtype.kind == "f" and low >= -_NEAR and 127 < high <= 255 + _NEAR:
        return Levels(note="Floats in [0, 255] rounded to whole levels.")
    raise UserError(
        f"pictures of {dtype} from {low:g} to {high:g}: uint8, or floats in [0, 1], [-1, 1] or "
        f"[0, 255] are needed; rescale them first"
    )


def layout(shape: tuple[int, ...]) -> tuple[int, int, int, Callable[[np.ndarray], np.ndarray]]:
    """Return (channels, height, width, chunk -> (n, C, H, W)) of pictures of ``shape`` (N, …).

    Raises:
        UserError: when the shape is none of pictures.
    """
    if len(shape) == 3 and shape[2] > 4:
        return 1, shape[1], shape[2], lambda chunk: chunk[:, None]
    _, a, b, c = shape if len(shape) == 4 else (0, 0, 0, 0)
    if a in (1, 3, 4) and not (c in (1, 3, 4) and b != c):
        return a, b, c, lambda chunk: chunk
    if c in (1, 3, 4):
        return c, a, b, lambda chunk: chunk.transpose(0, 3, 1, 2)
    hint = "; is it one picture? a data set has a first axis of examples" if len(shape) == 3 else ""
    raise UserError(
        f"an array of shape {shape}: pictures are (N, H, W), (N, H, W, C) or (N, C, H, W) with "
        f"1, 3 or 4 channels, vectors (N, D){hint}"
    )


@dataclass(frozen=True)
class Scan:
    """What one reading of an array finds: its content's hash, its least and greatest value."""

    content: str
    low: float
    high: float


def scan(rows: Rows, what: str) -> Scan:
    """Read an array once.

    Raises:
        UserError: when values are NaN or infinite.
    """
    total, low, high, bad = hashlib.blake2b(digest_size=16), np.inf, -np.inf, 0
    for chunk in rows.chunks():
        total.update(np.ascontiguousarray(chunk).data)
        low, high = min(low, float(chunk.min())), max(high, float(chunk.max()))
        if not (np.isfinite(low) and np.isfinite(high)):
            flat = chunk.reshape(len(chunk), -1)
            bad, low, high = bad + int((~np.isfinite(flat)).any(1).sum()), np.inf, -np.inf
    if bad:
        raise UserError(
            f"{what}: {bad:,} of {len(rows):,} pictures hold NaN or infinite values: leave them out"
        )
    return Scan(digest(rows.shape[1:], rows.dtype.str, total.digest()), low, high)


@dataclass(frozen=True)
class Pictures:
    """How arrays of pictures become uint8 (n, C, S, S): made by :func:`pictures`."""

    parts: Sequence[Rows]
    channels: int
    size: int
    levels: Levels
    content: str
    notes: tuple[str, ...]

    def as_they_are(self) -> np.ndarray | None:
        """Return the array itself when nothing has to be done to it, else ``None``."""
        if len(self.parts) > 1 or self.parts[0].whole is None or self.levels != Levels():
            return None
        channels, height, width, arrange = layout(self.parts[0].shape)
        whole = arrange(self.parts[0].whole)
        same = (channels, height, width) == (self.channels, self.size, self.size)
        return whole if same and whole.flags.c_contiguous and whole.dtype == np.uint8 else None

    def chunks(self) -> Iterator[np.ndarray]:
        """Yield all pictures, part after part."""
        for rows in self.parts:
            arrange = layout(rows.shape)[3]
            for chunk in rows.chunks():
                yield to_pixels(arrange(self.levels(chunk)), self.size)


def to_pixels(chunk: np.ndarray, size: int) -> np.ndarray:
    """Lay alpha over white and resize: uint8 (n, C, H, W) -> (n, 1 or 3, ``size``, ``size``)."""
    if chunk.shape[1] == 4:
        alpha = chunk[:, 3:].astype(np.float32) / 255
        chunk = np.round(chunk[:, :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    if chunk.shape[2:] == (size, size):
        return chunk
    return np.stack([fit(_picture(one), size) for one in chunk])


def _picture(one: np.ndarray) -> Image.Image:
    return Image.fromarray(
        one[0] if len(one) == 1 else np.ascontiguousarray(one.transpose(1, 2, 0))
    )


def pictures(parts: Sequence[Rows], size: int | None, what: str) -> Pictures:
    """Read arrays of pictures once and decide what is done to them.

    Raises:
        UserError: when they are no pictures, differ in shape, or have values out of range.
    """
    shapes = {layout(rows.shape)[:3] for rows in parts}
    if len(shapes) > 1:
        raise UserError(f"{what}: the parts differ in shape: {sorted(r.shape for r in parts)}")
    channels, height, width = shapes.pop()
    kinds = sorted({str(rows.dtype) for rows in parts})
    if len(kinds) > 1:
        raise UserError(
            f"{what}: the parts hold values of different types ({', '.join(kinds)}), which may "
            "stand on different scales; save all of them as one, best uint8"
        )
    scans = [scan(rows, what) for rows in parts]
    how = levels(parts[0].dtype, min(s.low for s in scans), max(s.high for s in scans))
    side = size or choose_size(width, height)
    notes = [how.note] if how.note else []
    if channels == 4:
        notes.append("Four channels: the last taken as alpha, laid over white.")
    if (width, height) != (side, side):
        cut = "" if width == height else ", the middle cut out"
        notes.append(
            f"{width}x{height} pictures resized to {side} on the shorter side (antialiased){cut}."
        )
    content = digest("pixels", *(s.content for s in scans))
    return Pictures(parts, 1 if channels == 1 else 3, side, how, content, tuple(notes))
