"""IDX files by the names of MNIST and its relatives: images, labels, train, t10k."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from counterplay.data.arrays import Part, read_parts
from counterplay.data.examples import Asked, Examples, part_of
from counterplay.data.listing import first
from counterplay.data.rows import from_idx
from counterplay.errors import UserError

__all__ = ["idx_files", "is_idx", "read_idx", "read_idx_folder"]

_NAME = re.compile(r"(idx\d?-ubyte|\.idx\d?)(\.gz)?$", re.IGNORECASE)


def is_idx(path: Path) -> bool:
    """Return whether a file is called like an IDX file."""
    return bool(_NAME.search(path.name))


def idx_files(folder: Path) -> list[Path]:
    """Return the IDX files that lie in a folder; of a file and its ``.gz``, the file."""
    found = sorted(p for p in folder.iterdir() if p.is_file() and is_idx(p))
    names = {p.name for p in found}
    return [p for p in found if p.suffix != ".gz" or p.stem not in names]


def read_idx(path: Path, asked: Asked) -> Examples:
    """Read one IDX file of examples, with its labels where a file of that name lies beside it."""
    if _is_labels(path):
        raise UserError(f"{path} holds labels: give the file of images, or the folder")
    labels = next(
        (
            p
            for p in idx_files(path.parent)
            if _pair(p) == _pair(path) and p != path and _is_labels(p)
        ),
        None,
    )
    part = Part(from_idx(path), None if labels is None else from_idx(labels).array())
    return read_parts([part], asked, what=str(path))


def read_idx_folder(folder: Path, asked: Asked) -> Examples:
    """Read a folder of IDX files: the official split where names tell it.

    Raises:
        UserError: when it holds more than one data set.
    """
    files = idx_files(folder)
    images = [p for p in files if not _is_labels(p)]
    labels = {_pair(p): p for p in files if _is_labels(p)}
    codes = [_part(p) for p in images]
    if not images or len(set(codes)) < len(codes):
        seen = first([p.name for p in images or files], 5)
        raise UserError(
            f"{folder} holds {seen}: one file of images for each part is needed; give it"
        )
    parts = [
        Part(from_idx(p), _array(labels.get(_pair(p))), code if len(images) > 1 else None)
        for p, code in sorted(zip(images, codes, strict=True), key=lambda both: both[1] or 0)
    ]
    if any(p.part is None for p in parts) and len(parts) > 1:
        seen = first([p.name for p in images], 5)
        raise UserError(
            f"{folder}: which is for training, which for testing? {seen}: give one file"
        )
    return read_parts(parts, asked, what=str(folder))


def _array(path: Path | None):  # noqa: ANN202
    return None if path is None else from_idx(path).array()


def _words(path: Path) -> Sequence[str]:
    return [w for w in re.split(r"[^a-z0-9]+", path.name.lower()) if w]


def _is_labels(path: Path) -> bool:
    return any(word.startswith("label") or word == "idx1" for word in _words(path))


def _part(path: Path) -> int | None:
    return next((p for p in map(part_of, _words(path)) if p is not None), None)


def _pair(path: Path) -> tuple[str, ...]:
    """Return what the names of images and of their labels have in common."""
    aside = (
        "images",
        "image",
        "labels",
        "label",
        "idx1",
        "idx2",
        "idx3",
        "idx4",
        "ubyte",
        "idx",
        "gz",
    )
    return tuple(word for word in _words(path) if word not in aside)
