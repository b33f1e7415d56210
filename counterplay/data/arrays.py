"""Arrays, tensors, (x, y), dicts of arrays, ``.npy`` and ``.npz`` -> examples."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from counterplay.data.columns import named, scan_vectors, vectors
from counterplay.data.examples import PARTS, Asked, Examples, coded, digest, part_of
from counterplay.data.pixels import pictures
from counterplay.data.rows import Rows, from_array, from_npy, from_npz
from counterplay.data.store import settle
from counterplay.errors import UserError

__all__ = ["Part", "as_numpy", "by_names", "read_npy", "read_npz", "read_parts"]

_X = frozenset(
    [
        "x",
        "images",
        "image",
        "img",
        "imgs",
        "data",
        "samples",
        "features",
        "pixels",
        "arr",
        "inputs",
    ]
)
_Y = frozenset(["y", "labels", "label", "targets", "target", "classes", "class"])


@dataclass(frozen=True)
class Part:
    """Arrays of one part of a data set.

    Attributes:
        x: examples.
        y: labels, or ``None``.
        part: 0 train, 1 validation, 2 test, or ``None`` where there is no official split.
    """

    x: np.ndarray | Rows
    y: np.ndarray | None = None
    part: int | None = None


def as_numpy(values: Any) -> np.ndarray:
    """Return an array of numbers, a tensor, or nested lists of numbers as a numpy array.

    Raises:
        UserError: when it holds anything but numbers.
    """
    if hasattr(values, "detach"):  # a tensor, known without importing torch
        values = values.detach().cpu()
        values = values.float() if str(values.dtype) == "torch.bfloat16" else values
        return values.numpy()
    try:
        return np.asarray(values)
    except ValueError as error:
        raise UserError(f"the examples differ in shape, they make no array: {error}") from error


def read_parts(
    parts: Sequence[Part], asked: Asked, columns: Sequence[str] = (), what: str = "the data"
) -> Examples:
    """Read arrays of pictures or vectors.

    Raises:
        UserError: when they are neither, are empty, or hold what cannot be learnt from.
    """
    rows = [p.x if isinstance(p.x, Rows) else from_array(p.x) for p in parts]
    for r in rows:
        _check(r, what)
    labels, classes = _labels(parts, rows, asked)
    codes = np.repeat([p.part if p.part is not None else -1 for p in parts], [len(r) for r in rows])
    official = None if parts[0].part is None else codes.astype(np.int8)
    rest = {"labels": labels, "classes": classes, "parts": official}
    if all(len(r.shape) <= 2 for r in rows):
        return _read_vectors(rows, asked, columns, what, rest)
    if asked.drop:
        raise UserError(f"drop={list(asked.drop)!r} names columns, {what} are pictures")
    if asked.types:
        raise UserError(f"types={list(asked.types)!r} names columns, {what} are pictures")
    return _read_pictures(rows, asked, what, rest)


def _check(rows: Rows, what: str) -> None:
    if rows.dtype.kind not in "buif":
        raise UserError(f"{what}: numbers are needed, seen dtype {rows.dtype}")
    if 0 in rows.shape:
        raise UserError(f"{what}: an array of shape {rows.shape} has nothing in it")


def _labels(
    parts: Sequence[Part], rows: Sequence[Rows], asked: Asked
) -> tuple[np.ndarray | None, tuple[str, ...]]:
    total = sum(map(len, rows))
    if asked.labels is False:
        return None, ()
    if isinstance(asked.labels, str):
        raise UserError(
            f"labels={asked.labels!r} names a column, arrays have none: give the labels"
        )
    if asked.labels is not None and asked.labels is not True:
        return coded(as_numpy(asked.labels), total)
    if any(p.y is None for p in parts):
        return None, ()
    given = [(np.asarray(p.y), len(r)) for p, r in zip(parts, rows, strict=True)]
    for y, n in given:
        if len(y) != n:
            raise UserError(f"{n:,} examples have {len(y):,} labels: one for each is needed")
    return coded(np.concatenate([y for y, _ in given]), total)


def _read_pictures(
    rows: Sequence[Rows], asked: Asked, what: str, rest: Mapping[str, Any]
) -> Examples:
    plan = pictures(rows, asked.size, what)
    key = _key(plan.content, plan.size, rest)
    whole = plan.as_they_are()
    if whole is not None:
        return Examples(whole, key, notes=plan.notes, **rest)
    total, shape = sum(map(len, rows)), (plan.channels, plan.size, plan.size)
    return settle(
        key,
        total * plan.channels * plan.size**2,
        asked.cache,
        lambda keep: Examples(
            keep(plan.chunks(), total, shape, np.dtype(np.uint8)), key, notes=plan.notes, **rest
        ),
    )


def _read_vectors(
    rows: Sequence[Rows], asked: Asked, columns: Sequence[str], what: str, rest: Mapping[str, Any]
) -> Examples:
    if asked.size is not None:
        raise UserError(f"size={asked.size} is for pictures, {what} are vectors")
    rows = [r if len(r.shape) == 2 else from_array(r.array()[:, None]) for r in rows]
    columns = tuple(columns) or named(rows[0].shape[1])
    keep, content = scan_vectors(rows, columns, asked.drop, what)
    kept = tuple(columns[i] for i in keep)
    total, key = sum(map(len, rows)), _key(content, kept, rest)
    return settle(
        key,
        total * len(keep) * 4,
        asked.cache,
        lambda hold: Examples(
            hold(vectors(rows, keep), total, (len(keep),), np.dtype(np.float32)),
            key,
            columns=kept,
            **rest,
        ),
    )


def _key(content: str, form: object, rest: Mapping[str, Any]) -> str:
    held = [None if rest[k] is None else rest[k].tobytes() for k in ("labels", "parts")]
    return digest(content, form, rest["classes"], *(b"" if h is None else h for h in held))


def read_npy(path: Path, asked: Asked) -> Examples:
    """Read a ``.npy`` file: one array of pictures or vectors."""
    return read_parts([Part(from_npy(path))], asked, what=str(path))


def read_npz(path: Path, asked: Asked) -> Examples:
    """Read a ``.npz`` file: its arrays are told apart by their names, see :func:`by_names`."""
    parts, notes = by_names(from_npz(path), str(path))
    found = read_parts(parts, asked, what=str(path))
    return Examples(**{**found.__dict__, "notes": (*notes, *found.notes)})


def by_names(
    arrays: Mapping[str, Rows], what: str = "the dict"
) -> tuple[list[Part], tuple[str, ...]]:
    """Tell arrays apart by their names: examples, labels, and the part they belong to.

    Names are words such as ``x``, ``images``, ``data`` (examples), ``y``, ``labels`` (labels),
    ``train``, ``val``, ``test`` (parts; alone: examples), joined by anything: ``x_train``,
    ``train_labels``. A single array may be called anything.

    Raises:
        UserError: when that leaves open which array is what.
    """
    found: dict[tuple[str, int | None], str] = {}
    odd = []
    for name in arrays:
        role = _role(name) if len(arrays) > 1 else ("x", None)
        if role is None:
            odd.append(name)
        elif role in found:
            raise UserError(f"{what}: {found[role]!r} and {name!r} may both be meant: {_wanted()}")
        else:
            found[role] = name
    parts = sorted(
        {part for kind, part in found if kind == "x"}, key=lambda p: -1 if p is None else p
    )
    if not parts or (None in parts and len(parts) > 1):
        seen = ", ".join(f"{name} {rows.shape}" for name, rows in arrays.items()) or "nothing"
        raise UserError(f"{what} holds {seen}: {_wanted()}")
    notes = (f"Arrays not used: {', '.join(odd)}.",) if odd else ()
    official = len(parts) > 1  # one part alone is no split
    return [_part(arrays, found, part, official) for part in parts], notes


def _part(
    arrays: Mapping[str, Rows], found: Mapping[Any, str], part: int | None, official: bool
) -> Part:
    y = found.get(("y", part))
    labels = None if y is None else arrays[y].array()
    return Part(arrays[found["x", part]], labels, part if official else None)


def _role(name: str) -> tuple[str, int | None] | None:
    """Return ("x" or "y", part) that a name means, or ``None``."""
    words = [w for w in re.split(r"[^a-z0-9]+|(?<=arr)_", name.lower()) if w]
    part = next((p for p in map(part_of, words) if p is not None), None)
    others = [w for w in words if part_of(w) is None and not w.isdecimal()]
    if not others:
        return None if part is None else ("x", part)
    if len(others) == 1 and others[0] in _X | _Y:
        return ("x" if others[0] in _X else "y"), part
    return None


def _wanted() -> str:
    return f"name them x and y, or x_{PARTS[0]}, y_{PARTS[0]}, x_{PARTS[2]}, y_{PARTS[2]}"
