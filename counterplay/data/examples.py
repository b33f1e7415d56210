"""What every reader answers with: examples, labels, and the split that the data came with.

Parts are numbered 0 train, 1 validation, 2 test.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from counterplay.data.typed import Table
from counterplay.errors import UserError

__all__ = ["PARTS", "Asked", "Examples", "coded", "digest", "divide", "part_of", "plural"]

PARTS = ("train", "validation", "test")

_WORDS = {
    **dict.fromkeys(("train", "training", "trn"), 0),
    **dict.fromkeys(("val", "valid", "validation", "dev"), 1),
    **dict.fromkeys(("test", "testing", "tst", "t10k"), 2),
}
_HELD_OUT_AT_MOST = 5_000


@dataclass(frozen=True)
class Asked:
    """What the person asked for beside the data: see :func:`counterplay.data.load`."""

    size: int | None = None
    labels: Any = None
    drop: tuple[str, ...] = ()
    cache: Path | None = None
    types: tuple[str, ...] = ()
    length: int | None = None


@dataclass(frozen=True)
class Examples:
    """All examples of a data set, in order.

    Attributes:
        rows: uint8 (N, C, S, S) or float32 (N, D), in memory or mapped from a file.
        digest: hash of the content that was read and of the options that shape it.
        labels: int64 (N,), or ``None``.
        classes: names of the classes by label.
        parts: int8 (N,), the official split, or ``None``.
        columns: names of the columns of vectors.
        notes: sentences for the person.
        levels: how many evenly spaced values a pixel has, ``None`` for all bytes.
        table: what the columns are when they are of several kinds, not yet fitted to rows; rows are
            then float64 (N, C).
        bounded: whether rows are those of a table, whose samples keep to the range of each column.
        label: the name of the column of labels in a table, and the columns before it.
    """

    rows: np.ndarray
    digest: str
    labels: np.ndarray | None = None
    classes: tuple[str, ...] = ()
    parts: np.ndarray | None = None
    columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    levels: int | None = None
    table: Table | None = None
    bounded: bool = False
    label: tuple[str, int] = ("", 0)


def digest(*words: object) -> str:
    """Return a hash of ``words``, the same on every machine: bytes as they are, others by repr."""
    total = hashlib.blake2b(digest_size=16)
    for word in words:
        piece = word if isinstance(word, bytes) else repr(word).encode()
        total.update(len(piece).to_bytes(8, "big") + piece)
    return total.hexdigest()


def plural(number: int, one: str) -> str:
    """Return a count with its noun.

    >>> plural(1, "file"), plural(1200, "file")
    ('1 file', '1,200 files')
    """
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def part_of(word: str) -> int | None:
    """Return the part that ``word`` names (0 train, 1 validation, 2 test), or ``None``.

    >>> part_of("Train"), part_of("t10k"), part_of("cats")
    (0, 2, None)
    """
    return _WORDS.get(word.lower())


def coded(labels: np.ndarray | Sequence[Any], count: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return (int64 codes (N,), names of the classes) of one label for each of ``count`` examples.

    Labels are whole numbers, booleans or text; (N, 1) and one-hot (N, K) do too. Classes are
    sorted: numbers by value, text by name.

    Raises:
        UserError: for a wrong count, or numbers that are not whole.
    """
    values = _flat(np.asarray(labels))
    if values.ndim != 1 or len(values) != count:
        raise UserError(
            f"labels of shape {values.shape} for {plural(count, 'example')}: "
            f"one label for each example is needed"
        )
    if values.dtype.kind == "f" and not np.array_equal(values, np.round(values)):
        raise UserError(f"labels must be whole numbers or text, seen {values[:3].tolist()}")
    if values.dtype.kind == "f":
        values = values.astype(np.int64)
    if values.dtype.kind not in "iubUT":
        raise UserError(f"labels must be whole numbers or text, seen dtype {values.dtype}")
    classes, codes = np.unique(values, return_inverse=True)
    return codes.reshape(-1).astype(np.int64), tuple(str(c) for c in classes.tolist())


def _flat(labels: np.ndarray) -> np.ndarray:
    if labels.ndim == 2 and labels.shape[1] == 1:
        return labels[:, 0]
    if labels.ndim == 2 and labels.dtype.kind in "iubf" and _is_one_hot(labels):
        return labels.argmax(1)
    if labels.dtype == object and all(isinstance(v, str) for v in labels.flat):
        return labels.astype(str)
    return labels


def _is_one_hot(labels: np.ndarray) -> bool:
    return bool(((labels == 0) | (labels == 1)).all() and (labels.sum(1) == 1).all())


def divide(
    count: int, parts: np.ndarray | None = None, seed: int = 0
) -> tuple[dict[str, np.ndarray], str]:
    """Return disjoint sorted indices of train, validation and test, and a sentence that says how.

    Without official parts, a seeded tenth each is validation and test. With them, a held-out part
    that is missing is a seeded tenth of the training part, at most 5,000. Of three examples or
    more, each part has at least one.
    """
    if parts is None:
        held = _tenth(count)
        order = _order(count, seed, "split")
        cut = {"test": order[:held], "validation": order[held : held + (held if count > 2 else 0)]}
        found = cut | {"train": order[sum(map(len, cut.values())) :]}
        how = f"seeded 80/10/10 split (split seed {seed})"
    else:
        found, how = _official(parts, seed)
    split = {part: np.sort(found[part]).astype(np.int64) for part in PARTS}
    said = ", ".join(f"{len(split[part]):,} {part}" for part in PARTS)
    return split, f"Split: {said}: {how}."


def _official(parts: np.ndarray, seed: int) -> tuple[dict[str, np.ndarray], str]:
    found = {part: np.flatnonzero(parts == code) for code, part in enumerate(PARTS)}
    if not len(found["train"]):
        raise UserError("the data has a test or validation part, but no training part")
    made = []
    for part in ("validation", "test"):
        if len(found[part]) == 0:
            train = found["train"]
            held = min(_tenth(len(train)), _HELD_OUT_AT_MOST)
            order = _order(len(train), seed, part)
            found |= {part: train[order[:held]], "train": train[order[held:]]}
            made.append(part)
    if not made:
        return found, "the data's own"
    given = " and ".join(part for part in PARTS if part not in made)
    held = f"{' and '.join(made)} a seeded tenth of the training part, at most 5,000"
    return found, f"{given} the data's own, {held} (split seed {seed})"


def _tenth(count: int) -> int:
    return 0 if count < 2 else max(1, count // 10)


def _order(count: int, seed: int, tag: str) -> np.ndarray:
    words = np.frombuffer(hashlib.blake2b(repr((seed, tag)).encode()).digest(), np.uint32)
    return np.random.default_rng(words).permutation(count)
