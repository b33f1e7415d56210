"""A file of text -> its characters as numbers, the alphabet they stand for, three parts in order.

The first nine tenths are for training, the next twentieth for validation, the last for the test:
contiguous, so that no sentence is in two parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from counterplay.data.examples import digest
from counterplay.errors import UserError

__all__ = ["Characters", "read_characters", "to_text"]

LEAST, MOST = 1_000, 4_096
"""Characters that a text has at least, and different ones at most."""


@dataclass(frozen=True)
class Characters:
    """A text.

    Attributes:
        codes: the place of each character among the symbols, uint8 or int16 (N,).
        symbols: the different characters, sorted.
        ends: where the training and the validation part end.
        digest: hash of the text.
    """

    codes: np.ndarray
    symbols: str
    ends: tuple[int, int]
    digest: str


def read_characters(path: Path) -> Characters:
    """Read a text in UTF-8.

    Raises:
        UserError: when it is none, too short, or has one symbol or very many.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not text in UTF-8"
        raise UserError(f"{path} cannot be read: {why}") from None
    if len(text) < LEAST:
        raise UserError(f"{path} has {len(text):,} characters: {LEAST:,} or more are needed")
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    found, codes = np.unique(points, return_inverse=True)
    if not 2 <= len(found) <= MOST:
        raise UserError(
            f"{path} has {len(found):,} different characters: from 2 to {MOST:,} can be learnt"
        )
    kind = np.uint8 if len(found) <= 256 else np.int16
    symbols = "".join(map(chr, found.tolist()))
    ends = (len(text) * 18 // 20, len(text) * 19 // 20)
    return Characters(codes.reshape(-1).astype(kind), symbols, ends, digest("text", text.encode()))


def to_text(codes: np.ndarray, symbols: str) -> str:
    """Return the characters that ``codes`` (T,) stand for."""
    return "".join(symbols[code] for code in codes.tolist())
