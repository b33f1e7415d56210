"""One picture file -> one square of uint8, whatever the file holds.

Grey, palette, 16-bit, alpha, CMYK, rotated by EXIF, animated: each becomes grey or RGB of 8 bits.
Alpha is laid over white, 16 bits are divided by 257, EXIF rotation is applied, the first frame of
several is taken; the shorter side is resized (antialiased) to the size asked for and the middle
cut out.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum, IntFlag
from typing import BinaryIO, NamedTuple

import numpy as np
from PIL import Image, ImageOps

from counterplay.errors import UserError

__all__ = [
    "DIM",
    "EXTENSIONS",
    "MEGAPIXELS",
    "Colour",
    "Decoded",
    "Fact",
    "Look",
    "Unreadable",
    "colour",
    "decode",
    "fit",
    "is_grey",
    "look",
    "patient",
    "refuse_dim",
    "square",
]

EXTENSIONS = frozenset(
    f".{ending}"
    for ending in (
        *("png", "jpg", "jpeg", "jpe", "jfif", "webp", "avif", "bmp", "dib", "gif", "tif", "tiff"),
        *("pgm", "ppm", "pbm", "pnm", "ico", "jp2", "j2k", "qoi"),
    )
)
"""File names that claim to be pictures."""

MEGAPIXELS = 50
"""Pictures of more are skipped."""

DIM = 2**14
"""A set of 16-bit pictures with no value from here on holds fewer bits, and would be dark."""

# Formats with a signature, that Pillow reads by itself. No EPS, which starts another program.
_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "DIB", "GIF", "TIFF", "PPM", "AVIF", "ICO", "JPEG2000")
_FORMATS += ("QOI", "MPO")
_EXIF_ORIENTATION = 0x0112
_DEEP = frozenset({"I", "F", "I;16", "I;16L", "I;16B", "I;16N"})
_GREY = _DEEP | {"1", "L", "LA", "La"}
_GREY_TOLERANCE = 2  # levels between channels: JPEG stores grey pictures as nearly grey colours


class Colour(IntEnum):
    """What a picture's header says of its colours."""

    BROKEN = 0
    GREY = 1
    PALETTE = 2
    COLOUR = 3


class Fact(IntFlag):
    """What a person should know was done to a picture."""

    NONE = 0
    ALPHA = 1
    DEEP = 2
    ROTATED = 4
    ANIMATED = 8


class Look(NamedTuple):
    """What the header of a picture says."""

    width: int
    height: int
    colour: Colour


class Unreadable(ValueError):
    """A picture that has to be skipped; the text says why."""


@contextmanager
def patient() -> Iterator[None]:
    """Silence Pillow's warnings about odd files: what is done to them is stated in the notes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def look(file: BinaryIO) -> Look:
    """Read the header of a picture and decode nothing.

    Raises:
        Exception: of many kinds (Pillow's decoders raise them all) when it is no picture.
    """
    with _opened(file) as picture:
        return Look(*picture.size, colour(picture))


class Decoded(NamedTuple):
    """A picture, what was done to it, and the greatest of its values of 16 bits."""

    pixels: np.ndarray
    facts: Fact
    greatest: int = 0


def decode(file: BinaryIO, size: int, channels: int) -> Decoded:
    """Decode a picture to uint8 (``channels``, ``size``, ``size``) and say what was done to it.

    Raises:
        Exception: of many kinds (Pillow's decoders raise them all) when it cannot be decoded.
    """
    with _opened(file) as picture:
        facts = _facts(picture)
        # JPEG only: decodes at a half, a quarter or an eighth, never below what is asked here.
        picture.draft(picture.mode, (2 * size, 2 * size))
        return Decoded(square(picture, size, channels), facts, _greatest(picture))


def refuse_dim(what: str, greatest: float) -> None:
    """Refuse 16-bit pictures of which no value reaches a quarter of the range.

    Sensors of 10, 12 and 14 bits write such ones; at 8 bits they would have 4, 16 or 64 levels.

    Raises:
        UserError: with what brings them to the whole range.
    """
    if 0 < greatest < DIM:
        times = 2 ** (16 - int(greatest).bit_length())
        raise UserError(
            f"{what} reach {int(greatest):,} of 65,535 at most, so that they would be nearly "
            f"black: multiply them by {times} first"
        )


def square(picture: Image.Image, size: int, channels: int) -> np.ndarray:
    """Return any picture of Pillow's as uint8 (``channels``, ``size``, ``size``)."""
    return fit(_flatten(ImageOps.exif_transpose(picture), channels), size)


def is_grey(file: BinaryIO) -> bool:
    """Return whether a picture that may hold colours is grey all over."""
    with _opened(file) as picture:
        picture.draft(picture.mode, (128, 128))
        pixels = np.asarray(_flatten(picture, 3)).astype(np.int16)
    return int(np.ptp(pixels, axis=2).max()) <= _GREY_TOLERANCE


def fit(picture: Image.Image, size: int) -> np.ndarray:
    """Resize the shorter side to ``size``, cut out the middle: uint8 (C, ``size``, ``size``)."""
    width, height = picture.size
    if (width, height) != (size, size):
        side = min(width, height)
        left, top = (width - side) / 2, (height - side) / 2
        box = (left, top, left + side, top + side)
        picture = picture.resize((size, size), Image.Resampling.LANCZOS, box=box)
    pixels = np.asarray(picture)
    return pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)


@contextmanager
def _opened(file: BinaryIO) -> Iterator[Image.Image]:
    Image.init()
    try:
        picture = Image.open(file, formats=[f for f in _FORMATS if f in Image.OPEN])
    except Image.DecompressionBombError:
        raise Unreadable(f"over {MEGAPIXELS} megapixels") from None
    with picture:
        if picture.width * picture.height > MEGAPIXELS * 1_000_000:
            raise Unreadable(f"over {MEGAPIXELS} megapixels")
        yield picture


def colour(picture: Image.Image) -> Colour:
    """Return what the mode of a picture says of its colours."""
    if picture.mode in ("P", "PA"):
        return Colour.PALETTE
    return Colour.GREY if picture.mode in _GREY else Colour.COLOUR


def _facts(picture: Image.Image) -> Fact:
    facts = Fact.NONE
    if picture.has_transparency_data:
        facts |= Fact.ALPHA
    if picture.mode in _DEEP:
        facts |= Fact.DEEP
    if picture.getexif().get(_EXIF_ORIENTATION, 1) not in (0, 1):
        facts |= Fact.ROTATED
    # Not MPO, which many cameras write: its further frames are previews and the other eye.
    if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:
        facts |= Fact.ANIMATED
    return facts


def _flatten(picture: Image.Image, channels: int) -> Image.Image:
    if picture.mode in _DEEP:
        picture = _shallow(picture)
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        picture = Image.alpha_composite(white, picture)
    mode = "L" if channels == 1 else "RGB"
    return picture if picture.mode == mode else picture.convert(mode)


def _greatest(picture: Image.Image) -> int:
    """Return the greatest of 16-bit values, 0 where a picture has other ones."""
    return int(np.asarray(picture).max()) if picture.mode in _DEEP - {"F"} else 0


def _shallow(picture: Image.Image) -> Image.Image:
    """Return a grey picture of 16 bits (or of floats in [0, 1]) at 8 bits."""
    values = np.asarray(picture).astype(np.float32)
    low, high = float(values.min()), float(values.max())
    if picture.mode == "F":
        if not (low >= 0 and high <= 1):
            raise Unreadable(f"floats from {low:g} to {high:g}, not in [0, 1]")
        values = values * 65535
    elif not (low >= 0 and high <= 65535):
        raise Unreadable(f"more than 16 bits: values from {low:g} to {high:g}")
    return Image.fromarray(np.round(values / 257).astype(np.uint8))
