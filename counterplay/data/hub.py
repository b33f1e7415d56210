"""Data sets in the manner of Hugging Face ``datasets``: an optional extra, never downloaded.

``hub:NAME`` opens what is in the local cache of ``datasets``; the objects themselves do too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from counterplay.data.arrays import Part, as_numpy, read_parts
from counterplay.data.examples import Asked, Examples, part_of
from counterplay.data.pictures import Colour, colour, patient, square
from counterplay.data.rows import Rows
from counterplay.data.sizes import choose_size
from counterplay.data.store import CHUNK
from counterplay.errors import UserError, nearest

__all__ = ["is_hub", "open_name", "read_hub"]

_X = ("image", "img", "images", "picture", "pixel_values", "x")
_Y = ("label", "labels", "fine_label", "class", "target", "y")


def is_hub(what: Any) -> bool:
    """Return whether ``what`` is a data set of ``datasets``, or a dict of them by split."""
    if isinstance(what, Mapping):
        return bool(what) and all(is_hub(one) for one in what.values())
    return all(hasattr(what, name) for name in ("column_names", "features", "__getitem__"))


def open_name(name: str) -> Any:
    """Return the data set ``name`` from the local cache of ``datasets``.

    Raises:
        UserError: when ``datasets`` is not installed, or the data set is not in its cache.
    """
    try:
        import datasets  # pyright: ignore[reportMissingImports]
    except ImportError:
        raise UserError(f"hub:{name} needs the extra: pip install 'counterplay[hub]'") from None
    try:
        config = datasets.DownloadConfig(local_files_only=True)
        return datasets.load_dataset(name, download_config=config)
    except Exception as error:
        raise UserError(
            f"hub:{name} is not in the local cache of datasets ({type(error).__name__}), nothing "
            f"is downloaded: fetch it once with datasets.load_dataset({name!r})"
        ) from error


def read_hub(what: Any, asked: Asked, name: str = "the data set") -> Examples:
    """Read a data set, or a dict of them by split.

    Raises:
        UserError: when no column holds pictures or numbers.
    """
    by_split = what if isinstance(what, Mapping) else {"": what}
    codes = {split: part_of(split) for split in by_split}
    if len(by_split) > 1:
        by_split = {split: one for split, one in by_split.items() if codes[split] is not None}
    if not by_split:
        raise UserError(f"{name} has the splits {', '.join(codes)}: none is called train")
    official = len(by_split) > 1
    plain = replace(asked, labels=False if asked.labels is False else None)
    with patient():
        side = _side(by_split.values(), asked, name)
        parts = [
            _part(one, asked, codes[split] if official else None, side, name)
            for split, one in by_split.items()
        ]
        return read_parts(parts, plain, what=name)


def _column(one: Any, wanted: Sequence[str]) -> str | None:
    return next((name for name in wanted if name in one.column_names), None)


def _side(sets: Iterable[Any], asked: Asked, name: str) -> tuple[int, int] | None:
    """Return (side, channels) of a set of pictures, or ``None`` when its examples are arrays."""
    shapes, grey = set(), True
    for one in sets:
        column = _column(one, _X)
        if column is None:
            raise UserError(
                f"{name} has the columns {', '.join(one.column_names)}: none is called image"
            )
        if not hasattr(one[0][column], "getexif"):  # a picture of Pillow's
            return None
        for i in range(len(one)):
            picture = one[i][column]
            shapes.add(picture.size)
            grey = grey and colour(picture) == Colour.GREY
    width, height = shapes.pop() if len(shapes) == 1 else (0, min(map(min, shapes)))
    return asked.size or choose_size(width or height, height), 1 if grey else 3


def _part(
    one: Any, asked: Asked, code: int | None, side: tuple[int, int] | None, name: str
) -> Part:
    x = _column(one, _X)
    y = _column(one, [asked.labels] if isinstance(asked.labels, str) else _Y)
    if isinstance(asked.labels, str) and y is None:
        hint = nearest(asked.labels, one.column_names)
        raise UserError(f"{name} has no column {asked.labels!r} for labels: {hint}")
    labels = None if y is None or asked.labels is False else _labels(one, y)
    if side is None:
        return Part(as_numpy([one[i][x] for i in range(len(one))]), labels, code)
    size, channels = side

    def chunks() -> Iterator[np.ndarray]:
        for at in range(0, len(one), CHUNK):
            some = range(at, min(at + CHUNK, len(one)))
            yield np.stack([square(one[i][x], size, channels) for i in some])

    return Part(Rows((len(one), channels, size, size), np.dtype(np.uint8), chunks), labels, code)


def _labels(one: Any, column: str) -> np.ndarray:
    values = np.asarray(one[column])
    classes = getattr(one.features.get(column), "names", None)
    return np.array(classes)[values] if classes and values.dtype.kind in "iu" else values
