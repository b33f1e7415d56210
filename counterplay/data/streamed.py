"""An iterable of batches as data: read as it comes, held-out examples taken from its beginning.

The first batches are looked at to learn the domain; they are kept, as validation and test. When
the iterable ends, it is started again where it can be; when it ends within the first batches, it
is simply a small data set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

import numpy as np
import torch
from torch import Tensor

from counterplay.data.arrays import Part, as_numpy, read_parts
from counterplay.data.columns import named
from counterplay.data.domain import Domain, Image, Vector
from counterplay.data.examples import Asked, coded, digest
from counterplay.data.pixels import Levels, layout, levels, to_pixels
from counterplay.data.sizes import choose_size
from counterplay.data.source import Order, Raw, Source
from counterplay.data.stored import from_examples
from counterplay.errors import UserError
from counterplay.game import generator

__all__ = ["Streamed", "from_batches"]

_LOOKED_AT = 16
_ENOUGH = 3_000
_NAMES_X = ("x", "image", "images", "pixel_values", "data", "features")
_NAMES_Y = ("y", "label", "labels", "target")
_NOMINAL = 100_000


@dataclass(frozen=True)
class Reading:
    """How what an iterable gives becomes raw examples."""

    domain: Domain
    levels: Levels
    labelled: bool

    def __call__(self, number: int, x: np.ndarray, y: np.ndarray | None) -> tuple[np.ndarray, Any]:
        """Return raw examples and labels of batch ``number``, checked against the first ones."""
        rows = (
            self._vectors(number, x) if isinstance(self.domain, Vector) else self._pixels(number, x)
        )
        if not self.labelled:
            return rows, None
        classes = len(self.domain.classes)
        if y is None or y.shape != (len(x),) or y.dtype.kind not in "iu":
            seen = "none" if y is None else f"{y.dtype} of shape {y.shape}"
            raise UserError(
                f"batch {number}: a whole number for each example is needed, seen {seen}"
            )
        if y.min() < 0 or y.max() >= classes:
            raise UserError(
                f"batch {number} has labels from {y.min()} to {y.max()}, the first ones go from 0 "
                f"to {classes - 1}"
            )
        return rows, y.astype(np.int64)

    def _vectors(self, number: int, x: np.ndarray) -> np.ndarray:
        if x.ndim != 2 or x.shape[1:] != self.domain.shape:
            raise UserError(
                f"batch {number} has shape {x.shape}, the first (N, {self.domain.shape[0]})"
            )
        values = x.astype(np.float32)
        if not np.isfinite(values).all():
            raise UserError(f"batch {number} holds NaN or infinite values")
        return values

    def _pixels(self, number: int, x: np.ndarray) -> np.ndarray:
        channels, _, _, arrange = layout(x.shape)
        if (1 if channels == 1 else 3) != self.domain.shape[0]:
            raise UserError(
                f"batch {number} has {channels} channels, the first {self.domain.shape[0]}"
            )
        low, high = float(x.min()), float(x.max())
        reach = self.levels.low + 255 / self.levels.factor
        if not (self.levels.low - 0.05 * reach <= low and high <= 1.05 * reach):
            raise UserError(
                f"batch {number} has values from {low:g} to {high:g}, the first ones lie in "
                f"[{self.levels.low:g}, {reach:g}]"
            )
        return to_pixels(arrange(self.levels(x)), self.domain.shape[-1])


@dataclass
class _Once:
    """A generator can be read once: what is left of it, and how much was read."""

    rest: Iterator[Any]
    seen: int
    taken: bool = False


@dataclass(frozen=True)
class Streamed:
    """Batches that come from elsewhere, cut anew to the size asked for.

    Attributes:
        again: start the iterable from its beginning, or ``None`` when it can be read only once.
        once: the rest of one that can be read only once.
        skip: batches at its beginning that are held out.
        reading: how its batches become examples.
        held_out: examples of each part, from those batches.
    """

    again: Callable[[], Iterator[Any]] | None
    once: _Once | None
    skip: int
    reading: Reading
    held_out: Mapping[str, Raw] = field(repr=False)

    def rounds(self, order: Order) -> Iterator[Raw]:
        """Yield this shard of the global batches from number ``order.start`` on, endlessly."""
        for whole in _recut(self._examples(), order.size, order.start * order.size):
            rows, labels = (None if t is None else order.cut(t).to(order.device) for t in whole)
            assert rows is not None
            yield rows, labels

    def held(self, split: str, n: int, seed: int) -> Raw:
        """Return up to ``n`` of the examples that were put aside for a split."""
        there = self.held_out[split]
        if n >= len(there[0]):
            return there
        return _rows(there, torch.randperm(len(there[0]), generator=generator(seed, split))[:n])

    def _examples(self) -> Iterator[Raw]:
        """Yield the batches after those held out, again and again."""
        for number, batch in self._numbered():
            x, y = _pair(batch, number)
            rows, labels = self.reading(number, x, y)
            yield torch.from_numpy(rows), None if labels is None else torch.from_numpy(labels)

    def _numbered(self) -> Iterator[tuple[int, Any]]:
        if self.again is None:
            assert self.once is not None
            yield from self._only_once(self.once)
        while self.again is not None:
            before = number = self.skip
            for number, batch in enumerate(islice(self.again(), self.skip, None), self.skip + 1):
                yield number - 1, batch
            if number == before:
                raise UserError(
                    f"the iterable gave more than {before} batches at first, now no more"
                )

    def _only_once(self, once: _Once) -> Iterator[tuple[int, Any]]:
        hint = "give a list, a DataLoader, or a function that returns a new iterator"
        if once.taken:
            raise UserError(f"this generator was read already ({once.seen} batches): {hint}")
        once.taken = True
        for batch in once.rest:
            once.seen += 1
            yield once.seen - 1, batch
        raise UserError(f"the generator ended after {once.seen} batches, more are needed: {hint}")


def _recut(batches: Iterator[Raw], size: int, skip: int) -> Iterator[Raw]:
    """Yield batches of ``size`` examples each, after the first ``skip`` examples."""
    waiting: list[Raw] = []
    there = 0
    for batch in batches:
        n = len(batch[0])
        if skip >= n:
            skip -= n
            continue
        waiting.append(_rows(batch, slice(skip, None)))
        there, skip = there + n - skip, 0
        while there >= size:
            whole = _joined(waiting)
            yield _rows(whole, slice(0, size))
            waiting, there = [_rows(whole, slice(size, None))], there - size


def _joined(parts: list[Raw]) -> Raw:
    rows = torch.cat([rows for rows, _ in parts])
    labels = [labels for _, labels in parts if labels is not None]
    return rows, torch.cat(labels) if labels else None


def _rows(raw: Raw, which: slice | Tensor) -> Raw:
    return raw[0][which], None if raw[1] is None else raw[1][which]


def _pair(batch: Any, number: int) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the examples and labels of what an iterable gives."""
    if isinstance(batch, Mapping):
        x = next((batch[k] for k in _NAMES_X if k in batch), None)
        y = next((batch[k] for k in _NAMES_Y if k in batch), None)
    elif isinstance(batch, list | tuple) and 1 <= len(batch) <= 2:
        x, y = (*batch, None)[:2]
    else:
        x, y = batch, None
    values = None if x is None else as_numpy(x)
    if values is None or values.ndim < 2 or not len(values) or values.dtype.kind not in "buif":
        seen = type(batch).__name__ if values is None else f"{values.dtype} of shape {values.shape}"
        raise UserError(
            f"batch {number} of the iterable: an array (N, …) of numbers, (x, y), or a dict with "
            f"'x' and 'y' is needed, seen {seen}"
        )
    return values, None if y is None else as_numpy(y).reshape(-1)


def from_batches(
    what: Iterable[Any] | Callable[[], Iterator[Any]], asked: Asked, name: str
) -> Source:
    """Return the source of an iterable of batches, or of a function that returns a new iterator.

    Raises:
        UserError: when it gives nothing, or what is no batch.
    """
    start = what if callable(what) else lambda: iter(what)
    first = start()
    repeatable = callable(what) or first is not what
    looked, count, ended = [], 0, False
    while len(looked) < _LOOKED_AT and count < _ENOUGH:
        batch = next(first, None)
        if batch is None:
            ended = True
            break
        looked.append(_pair(batch, len(looked)))
        count += len(looked[-1][0])
    if not looked:
        raise UserError("the iterable gave no batch")
    extra = next(first, None) if not ended else None
    if extra is None:
        return _small(looked, asked, name)
    rest = _Once(chain([extra], first), len(looked))
    return _endless(looked, asked, name, start if repeatable else None, rest)


def _small(looked: list[tuple[np.ndarray, Any]], asked: Asked, name: str) -> Source:
    """Return the source of all of an iterable that ended within the first batches."""
    x, y = _together(looked)
    return from_examples(read_parts([Part(x, y)], asked, what="the iterable"), name)


def _together(looked: list[tuple[np.ndarray, Any]]) -> tuple[np.ndarray, np.ndarray | None]:
    shapes = {x.shape[1:] for x, _ in looked}
    if len(shapes) > 1:
        raise UserError(f"the batches of the iterable differ in shape: {sorted(map(str, shapes))}")
    labelled = all(y is not None for _, y in looked)
    x = np.concatenate([x for x, _ in looked])
    return x, np.concatenate([y for _, y in looked]) if labelled else None


def _endless(
    looked: list[tuple[np.ndarray, Any]],
    asked: Asked,
    name: str,
    again: Callable[[], Iterator[Any]] | None,
    once: _Once,
) -> Source:
    x, y = _together(looked)
    y = None if asked.labels is False else y
    if len(x) < 3:
        raise UserError(f"the first {len(looked)} batches hold {len(x)} examples: too few")
    reading = _learn(x, y, asked)
    rows, labels = reading(0, x, y)
    raw = torch.from_numpy(rows), None if labels is None else torch.from_numpy(labels)
    third = len(x) // 3
    cuts = {"train": (0, third), "validation": (third, 2 * third), "test": (2 * third, None)}
    held = {part: _rows(raw, slice(*cut)) for part, cut in cuts.items()}
    note = (
        f"The first {len(looked)} batches ({len(x):,} examples) are not trained on: a third each "
        "stands for the training, validation and test parts, and domain and scaling are learnt "
        "from them. They stay apart if the iterable keeps its order each time it is read."
    )
    end = "It starts again when it ends." if again else "It can be read once: no resume."
    splits = {part: len(raw[0]) for part, raw in held.items()} | {"train": _NOMINAL}
    content = digest("iterable", rows.tobytes(), reading.domain.shape, reading.domain.classes)
    supply = Streamed(again, None if again else once, len(looked), reading, held)
    return Source(reading.domain, splits, content, (note, end), name, supply)


def _learn(x: np.ndarray, y: np.ndarray | None, asked: Asked) -> Reading:
    classes = () if y is None else _classes(y)
    if x.ndim == 2:
        # The usual checks (finite, not constant) on the first examples.
        first = read_parts([Part(x)], Asked(drop=asked.drop, size=asked.size), what="the iterable")
        domain = from_examples(first, "the iterable").domain
        assert isinstance(domain, Vector)
        return Reading(
            Vector(domain.dim, named(domain.dim), domain.mean, domain.std, classes),
            Levels(),
            len(classes) > 0,
        )
    channels, height, width, _ = layout(x.shape)
    size = asked.size or choose_size(width, height)
    domain = Image(1 if channels == 1 else 3, size, classes)
    how = levels(x.dtype, float(x.min()), float(x.max()))
    return Reading(domain, how, len(classes) > 0)


def _classes(y: np.ndarray) -> tuple[str, ...]:
    _, found = coded(y, len(y))
    if y.dtype.kind not in "iu" or y.min() < 0:
        raise UserError(f"labels of an iterable must be whole numbers from 0 on, seen {found[:3]}")
    return tuple(str(k) for k in range(int(y.max()) + 1)) if y.max() else ()
