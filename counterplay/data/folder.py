"""A folder or a zip of pictures -> examples.

Three passes, each of constant memory: hash and headers, colours (only where headers do not tell),
pixels. Whatever cannot be read is skipped here, before training, and said.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePosixPath
from typing import TypeVar

import numpy as np

from counterplay.data.examples import Asked, Examples, digest, plural
from counterplay.data.listing import Files, Order, arrange, claims, first, shared_folder
from counterplay.data.pictures import (
    Colour,
    Decoded,
    Fact,
    Look,
    Unreadable,
    decode,
    is_grey,
    look,
    patient,
    refuse_dim,
)
from counterplay.data.sizes import choose_size
from counterplay.data.store import CHUNK, Keep, settle
from counterplay.errors import UserError

__all__ = ["read_pictures"]

T = TypeVar("T")

_TOLD = {
    Fact.ALPHA: "with transparency laid over white",
    Fact.DEEP: "of 16 bits scaled to 8",
    Fact.ROTATED: "turned upright as their EXIF data say",
    Fact.ANIMATED: "animated: first frame only",
}
_THREADS = min(4, os.cpu_count() or 1)


@dataclass(frozen=True)
class Survey:
    """What the headers say.

    Attributes:
        digests: 16 bytes for each file: its content.
        widths, heights: int32 (N,), 0 where unreadable.
        colours: uint8 (N,), see :class:`Colour`.
        problems: index -> why a file is unreadable.
    """

    digests: np.ndarray
    widths: np.ndarray
    heights: np.ndarray
    colours: np.ndarray
    problems: dict[int, str]

    def subset(self, index: np.ndarray) -> Survey:
        """Return the survey of some of the files."""
        place = {int(old): new for new, old in enumerate(index)}
        problems = {place[i]: why for i, why in self.problems.items() if i in place}
        return Survey(
            self.digests[index],
            self.widths[index],
            self.heights[index],
            self.colours[index],
            problems,
        )


@dataclass
class Skipped:
    """Files that cannot be read, gathered while reading; of ``total`` that claim to be pictures."""

    total: int
    where: str
    problems: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, why: str) -> None:
        """Note a file that is skipped."""
        self.problems[name] = why

    def check(self) -> None:
        """Refuse a set of which more than a tenth cannot be read."""
        if len(self.problems) * 10 > self.total:
            raise UserError(
                f"{self.where}: {len(self.problems):,} of {plural(self.total, 'picture')} cannot "
                f"be read, more than a tenth ({self._named()}): remove or repair them"
            )

    def notes(self) -> tuple[str, ...]:
        """Say what was skipped."""
        if not self.problems:
            return ()
        return (f"{plural(len(self.problems), 'unreadable file')} skipped: {self._named()}.",)

    def _named(self) -> str:
        return first([f"{name} ({why})" for name, why in sorted(self.problems.items())])


def read_pictures(files: Files, asked: Asked) -> Examples:
    """Read a folder or a zip of pictures.

    Raises:
        UserError: when there are no pictures, or more than a tenth cannot be read.
    """
    with patient():
        pictures, survey, notes = _headers(files)
        skipped = Skipped(len(pictures), files.label)
        for i, why in sorted(survey.problems.items()):
            skipped.add(pictures[i], why)
        skipped.check()
        pictures, survey, more = _without_label_maps(pictures, survey)
        order = arrange(pictures, asked.labels is not False)
        place = {name: i for i, name in enumerate(pictures)}
        survey = survey.subset(np.array([place[name] for name in order.names], np.int64))
        size, sized = _size(survey, asked)
        # By the size decided, not the one asked for: a resume asks for what was decided before.
        key = _key(order, survey, size)
        channels = _channels(files, order.names, survey)
        notes = (*notes, *more, *order.notes, *sized)
        reader = _Reader(files, order, survey, skipped, size, channels)
        bound = len(order.names) * channels * size * size
        return settle(key, bound, asked.cache, lambda keep: reader.read(keep, key, notes))


def _batched(values: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """Yield tuples of ``size`` values (itertools has this from Python 3.12 on)."""
    rest = iter(values)
    while some := tuple(islice(rest, size)):
        yield some


def _in_threads(work: Callable[[str], T], names: Sequence[str]) -> Generator[T, None, None]:
    """Map in order, with a bounded number of results waiting."""
    with ThreadPoolExecutor(_THREADS) as pool:
        for some in _batched(names, CHUNK):
            yield from pool.map(work, some)


def _headers(files: Files) -> tuple[list[str], Survey, tuple[str, ...]]:
    """Hash all files that may be pictures and read their headers."""
    named, nameless, others = claims(files.names)
    candidates = sorted([*named, *nameless])
    n = len(candidates)
    digests, sizes = np.zeros((n, 16), np.uint8), np.zeros((2, n), np.int32)
    colours, problems = np.zeros(n, np.uint8), {}
    for i, (hashed, seen) in enumerate(_in_threads(lambda name: _open(files, name), candidates)):
        digests[i] = np.frombuffer(hashed, np.uint8)
        if isinstance(seen, str):
            problems[i] = seen
        else:
            sizes[:, i], colours[i] = (seen.width, seen.height), seen.colour
    survey = Survey(digests, sizes[0], sizes[1], colours, problems)
    # A file without an ending that is no picture (README) never claimed to be one.
    plain = set(nameless)
    odd = {i for i in problems if candidates[i] in plain}
    if len(candidates) - len(odd) == 0:
        raise _no_pictures(files)
    keep = np.array([i for i in range(n) if i not in odd], np.int64)
    aside = sorted([*others, *(candidates[i] for i in odd)])
    notes = (f"{plural(len(aside), 'other file')} left aside: {first(aside)}.",) if aside else ()
    return [candidates[i] for i in keep], survey.subset(keep), notes


def _no_pictures(files: Files) -> UserError:
    holds = first(files.names) if files.names else "nothing"
    return UserError(
        f"{files.label} has no pictures, it holds {holds}: "
        f"give a folder or zip of PNG, JPEG, WebP, PGM, … files, or one table, .npz or IDX file"
    )


def _open(files: Files, name: str) -> tuple[bytes, Look | str]:
    total = hashlib.blake2b(digest_size=16)
    try:
        with files.open(name) as file:
            while piece := file.read(1 << 20):
                total.update(piece)
            if not file.tell():
                return total.digest(), "empty file"
            file.seek(0)
            return total.digest(), look(file)
    except Exception as error:
        return total.digest(), _why(error)


def _why(error: Exception) -> str:
    if isinstance(error, Unreadable):
        return str(error)
    return "cannot be opened" if isinstance(error, PermissionError) else "no picture, or truncated"


def _without_label_maps(
    names: list[str], survey: Survey
) -> tuple[list[str], Survey, tuple[str, ...]]:
    """Leave out palette pictures when each has a twin in true colours: label maps of photographs.

    Twins lie in one folder and have the same name up to the last underscore or the ending:
    ``1_photo.webp`` and ``1_label.png``, or ``1.jpg`` and ``1.png``.
    """
    palette = np.flatnonzero(survey.colours == Colour.PALETTE)
    coloured = {_twin(names[i]) for i in np.flatnonzero(survey.colours == Colour.COLOUR)}
    if not len(palette) or not all(_twin(names[i]) in coloured for i in palette):
        return names, survey, ()
    keep = np.setdiff1d(np.arange(len(names)), palette)
    note = (
        f"{plural(len(palette), 'palette picture')} left out, each beside a photograph of the same "
        f"name, as label maps: {first([names[i] for i in palette])}."
    )
    return [names[i] for i in keep], survey.subset(keep), (note,)


def _twin(name: str) -> tuple[str, str]:
    path = PurePosixPath(name)
    return str(path.parent), path.stem.rsplit("_", 1)[0]


def _key(order: Order, survey: Survey, size: int) -> str:
    prefix = len(shared_folder(order.names))
    contents = hashlib.blake2b(digest_size=16)
    for name, content in zip(order.names, survey.digests, strict=True):
        contents.update(name[prefix:].encode("utf-8", "surrogateescape") + b"\0")
        contents.update(content.tobytes())
    return digest("pictures", contents.digest(), size, order.labels is None)


def _size(survey: Survey, asked: Asked) -> tuple[int, tuple[str, ...]]:
    """Return the side of all pictures, and what is done to reach it."""
    good = survey.colours != Colour.BROKEN
    sizes, counts = np.unique(
        np.stack([survey.widths[good], survey.heights[good]]), axis=1, return_counts=True
    )
    if sizes.shape[1] == 1:
        width, height = sizes[:, 0].tolist()
        said = f"{width}x{height} pictures"
    else:
        width = height = int(np.median(np.repeat(sizes.min(0), counts)))
        low, high = sizes.min(1).tolist(), sizes.max(1).tolist()
        said = f"Pictures of {sizes.shape[1]} sizes, {low[0]}x{low[1]} to {high[0]}x{high[1]},"
    size = asked.size or choose_size(width, height)
    if (width, height) == (size, size) and sizes.shape[1] == 1:
        return size, ()
    cut = "" if sizes.shape[1] == 1 and width == height else ", the middle cut out"
    return size, (f"{said} resized to {size} on the shorter side (antialiased){cut}.",)


def _channels(files: Files, names: Sequence[str], survey: Survey) -> int:
    """Return 1 when all pictures are grey, whatever their format can hold, else 3."""
    unsure = np.flatnonzero(survey.colours >= Colour.PALETTE).tolist()
    grey = _in_threads(lambda name: _is_grey(files, name), [names[i] for i in unsure])
    with closing(grey):
        return 1 if all(grey) else 3  # stops at the first picture that has colours


def _is_grey(files: Files, name: str) -> bool:
    try:
        with files.open(name) as file:
            return is_grey(file)
    except Exception:
        return True


@dataclass(frozen=True)
class _Reader:
    """The last pass: pixels."""

    files: Files
    order: Order
    survey: Survey
    skipped: Skipped
    size: int
    channels: int

    def read(self, keep: Keep, key: str, notes: tuple[str, ...]) -> Examples:
        """Decode all pictures whose header could be read."""
        good = np.flatnonzero(self.survey.colours != Colour.BROKEN)
        kept: list[int] = []
        told = dict.fromkeys(_TOLD, 0)
        greatest: list[int] = []
        shape = (self.channels, self.size, self.size)
        rows = keep(self._chunks(good, kept, told, greatest), len(good), shape, np.dtype(np.uint8))
        self.skipped.check()
        refuse_dim(f"{self.files.label}: pictures of 16 bits", max(greatest, default=0))
        index = np.array(kept, np.int64)
        order = self.order
        facts = [f"{plural(n, 'picture')} {_TOLD[fact]}." for fact, n in told.items() if n]
        return Examples(
            rows=rows,
            digest=key,
            labels=None if order.labels is None else order.labels[index],
            classes=order.classes,
            parts=None if order.parts is None else order.parts[index],
            notes=(*notes, *facts, *self.skipped.notes()),
        )

    def _chunks(
        self, good: np.ndarray, kept: list[int], told: dict[Fact, int], greatest: list[int]
    ) -> Iterator[np.ndarray]:
        names = [self.order.names[i] for i in good]
        decoded = _batched(_in_threads(self._decode, names), CHUNK)
        for indices, results in zip(_batched(good.tolist(), CHUNK), decoded, strict=True):
            fine = []
            for i, result in zip(indices, results, strict=True):
                if isinstance(result, str):
                    self.skipped.add(self.order.names[i], result)
                    continue
                fine.append(result.pixels)
                kept.append(i)
                greatest.append(result.greatest)
                for fact in told:
                    told[fact] += bool(result.facts & fact)
            if fine:
                yield np.stack(fine)

    def _decode(self, name: str) -> Decoded | str:
        try:
            with self.files.open(name) as file:
                return decode(file, self.size, self.channels)
        except Exception as error:
            return _why(error)
