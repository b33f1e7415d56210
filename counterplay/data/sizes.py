"""Which sizes of pictures networks can build, and which one a set of pictures gets."""

from __future__ import annotations

from counterplay.errors import UserError

__all__ = ["LARGEST_CHOSEN", "SIZES", "check_size", "choose_size"]

SIZES: tuple[int, ...] = tuple(
    sorted({s * 2**k for s in (4, 5, 6, 7) for k in range(1, 6) if 8 <= s * 2**k <= 128})
)
"""Sides of the pictures that networks can build: 4, 5, 6 or 7 times a power of two."""

LARGEST_CHOSEN = 64
"""The largest side that is chosen when nobody asks for one: twice the side costs four times."""


def check_size(size: int) -> int:
    """Return ``size``, an int in :data:`SIZES`.

    >>> check_size(28)
    28

    Raises:
        UserError: for any other, naming the nearest ones.
    """
    if isinstance(size, bool) or not isinstance(size, int):
        raise UserError(f"size {size!r}: a whole number of pixels is needed, such as 32")
    if size not in SIZES:
        near = " or ".join(str(s) for s in sorted(sorted(SIZES, key=lambda s: abs(s - size))[:2]))
        raise UserError(
            f"size {size}: networks build pictures of {SIZES[0]} to {SIZES[-1]} pixels "
            f"that are 4, 5, 6 or 7 times a power of two: try {near}"
        )
    return size


def choose_size(width: int, height: int) -> int:
    """Return the side for pictures of ``width`` x ``height`` when nobody asked for one.

    The size of at most :data:`LARGEST_CHOSEN` that is nearest to their shorter side: a square
    picture of such a size keeps it, and larger ones are resized unless they are asked for.

    >>> choose_size(28, 28), choose_size(92, 112), choose_size(30, 40), choose_size(128, 128)
    (28, 64, 28, 64)
    """
    short = min(width, height)
    return min((s for s in SIZES if s <= LARGEST_CHOSEN), key=lambda s: (abs(s - short), s))
