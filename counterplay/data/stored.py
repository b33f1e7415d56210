"""Stored examples: a seeded permutation of the training part in each epoch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import isqrt

import numpy as np
import torch
from torch import Tensor

from counterplay.data.domain import Domain, Image, Vector
from counterplay.data.examples import Examples, digest, divide, plural
from counterplay.data.listing import first
from counterplay.data.source import Order, Raw, Source
from counterplay.data.store import CHUNK
from counterplay.errors import UserError
from counterplay.game import generator

__all__ = ["Stored", "from_examples", "orders"]


@dataclass(frozen=True)
class Stored:
    """Examples in memory or mapped from a file.

    Attributes:
        rows: uint8 (N, C, S, S) or float32 (N, D).
        labels: int64 (N,), or ``None``.
        split: sorted indices of the examples of each part.
    """

    rows: np.ndarray
    labels: np.ndarray | None
    split: Mapping[str, np.ndarray]

    def rounds(self, order: Order) -> Iterator[Raw]:
        """Yield this shard of the global batches from number ``order.start`` on, endlessly."""
        where = torch.from_numpy(self.split["train"])
        chosen = (order.cut(i) for i in orders(where, order.size, order.seed, order.start))
        return self.taken(chosen, order.device)

    def taken(self, chosen: Iterator[Tensor], device: torch.device) -> Iterator[Raw]:
        """Yield the examples of each tensor of indices, on ``device``."""
        if isinstance(self.rows, np.memmap):
            return self._from_file(chosen, device)
        if device.type == "cpu":
            return (self._take(index) for index in chosen)
        return self._from_device(chosen, device)

    def held(self, split: str, n: int, seed: int) -> Raw:
        """Return ``n`` distinct examples of a split, on the CPU."""
        where = torch.from_numpy(self.split[split])
        if n < len(where):
            where = where[torch.randperm(len(where), generator=generator(seed, split))[:n]]
        return self._take(where)

    def _from_device(self, chosen: Iterator[Tensor], device: torch.device) -> Iterator[Raw]:
        # Everything is moved once; what goes over in each round is which examples.
        rows = torch.from_numpy(self.rows).to(device)
        labels = None if self.labels is None else torch.from_numpy(self.labels).to(device)
        for index in chosen:
            there = index.to(device, non_blocking=True)
            taken = rows.index_select(0, there)
            yield taken, None if labels is None else labels.index_select(0, there)

    def _from_file(self, chosen: Iterator[Tensor], device: torch.device) -> Iterator[Raw]:
        # The next batch is read while this one is played: a disk may be slow.
        with ThreadPoolExecutor(1) as reader:
            waiting = reader.submit(self._take, next(chosen))
            for index in chosen:
                ready, waiting = waiting, reader.submit(self._take, index)
                yield _move(ready.result(), device)

    def _take(self, where: Tensor) -> Raw:
        # numpy's take of whole rows is several times as quick as torch's, and takes from a map.
        index = where.numpy()
        rows = torch.from_numpy(np.take(self.rows, index, axis=0))
        return rows, None if self.labels is None else torch.from_numpy(self.labels[index])


def orders(where: Tensor, size: int, seed: int, start: int) -> Iterator[Tensor]:
    """Yield the indices of global batch ``start``, ``start + 1``, …, each of ``size``.

    Batch t holds the places t·size … (t+1)·size - 1 of the epochs' permutations, laid end to end.
    """
    epoch, offset = divmod(start * size, len(where))
    now = _permuted(where, seed, epoch)
    while True:
        index = now[offset : offset + size]
        offset += size
        while offset >= len(where):
            epoch, offset = epoch + 1, offset - len(where)
            now = _permuted(where, seed, epoch)
            index = torch.cat([index, now[: size - len(index)]])
        yield index


def _permuted(where: Tensor, seed: int, epoch: int) -> Tensor:
    order = torch.randperm(len(where), generator=generator(seed, "epoch", epoch))
    return where.index_select(0, order)


def _move(raw: Raw, device: torch.device) -> Raw:
    if device.type == "cpu":
        return raw
    rows, labels = (
        None if t is None else t.pin_memory().to(device, non_blocking=True) for t in raw
    )
    assert rows is not None
    return rows, labels


def from_examples(examples: Examples, name: str) -> Source:
    """Return the source of stored examples: split, and for vectors scaled.

    Raises:
        UserError: when there are none, or a column is constant on the training part.
    """
    if not len(examples.rows):
        raise UserError(f"'{name}' has no examples")
    examples = _without_one_class(examples)
    split, said = divide(len(examples.rows), examples.parts)
    domain = _domain(examples, split["train"], name)
    counts = {part: len(index) for part, index in split.items()}
    content = digest(examples.digest, domain.shape, domain.classes, examples.columns, counts)
    supply = Stored(_writeable(examples.rows), examples.labels, split)
    return Source(domain, counts, content, (*examples.notes, said), name, supply)


def _domain(examples: Examples, train: np.ndarray, name: str) -> Domain:
    if examples.table is not None:
        from counterplay.data.cells import table_of

        _check_rows(examples, train, name)
        return table_of(examples.table, examples.rows, train)
    return _image(examples) if examples.rows.ndim == 4 else _vector(examples, train, name)


def _without_one_class(examples: Examples) -> Examples:
    if examples.labels is None or len(examples.classes) > 1:
        return examples
    note = f"One class only ({', '.join(examples.classes)}): no labels."
    return replace(examples, labels=None, classes=(), notes=(*examples.notes, note))


def _writeable(rows: np.ndarray) -> np.ndarray:
    # Torch warns of arrays in memory that cannot be written to, though nothing here writes.
    return rows if isinstance(rows, np.memmap) or rows.flags.writeable else rows.copy()


def _image(examples: Examples) -> Image:
    channels, size = examples.rows.shape[1:3]
    return Image(channels, size, examples.classes, examples.levels or 256)


def _check_rows(examples: Examples, train: np.ndarray, name: str) -> None:
    if len(train) < 2:
        rows = plural(len(examples.rows), "row")
        raise UserError(f"'{name}' has {rows}: a table needs 4 or more")


def _vector(examples: Examples, train: np.ndarray, name: str) -> Vector:
    _check_rows(examples, train, name)
    if _binary(examples.rows):
        return _halves(examples)
    low, high, mean, std = _moments(examples.rows, train)
    flat = [column for column, equal in zip(examples.columns, low == high, strict=True) if equal]
    if flat:
        raise UserError(
            f"'{name}': {len(flat)} of {plural(len(low), 'column')} constant in the {len(train):,} "
            f"training rows ({first(flat, 5)}): {_without(flat, len(low))}"
        )
    return Vector(
        dim=examples.rows.shape[1],
        names=examples.columns,
        mean=tuple(mean.tolist()),
        std=tuple(std.tolist()),
        classes=examples.classes,
        low=tuple(low.tolist()) if examples.bounded else (),
        high=tuple(high.tolist()) if examples.bounded else (),
        label=examples.label[0],
        label_at=examples.label[1],
    )


def _binary(rows: np.ndarray) -> bool:
    """Return whether all numbers are 0 or 1."""
    chunks = (rows[at : at + 64 * CHUNK] for at in range(0, len(rows), 64 * CHUNK))
    return all(bool(((c == 0) | (c == 1)).all()) for c in chunks)


def _halves(examples: Examples) -> Vector:
    """Return the domain of columns of 0 and 1, -1 and 1 to networks; they may be constant."""
    dim = examples.rows.shape[1]
    half = (0.5,) * dim
    name, at = examples.label
    return Vector(
        dim, examples.columns, half, half, examples.classes, levels=2, label=name, label_at=at
    )


def _without(flat: list[str], dim: int) -> str:
    if len(flat) > 5 and isqrt(dim) ** 2 == dim:
        side = isqrt(dim)
        return f"leave them out, or give pictures as (N, {side}, {side}) if the rows are such"
    return f"leave them out with drop={flat!r:.200}"


def _moments(rows: np.ndarray, where: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return (least, greatest, mean, standard deviation) of each column, read in chunks."""
    dim, step = rows.shape[1], 64 * CHUNK
    low, high = np.full(dim, np.inf), np.full(dim, -np.inf)
    total = np.zeros(dim)
    for at in range(0, len(where), step):
        some = np.take(rows, where[at : at + step], axis=0).astype(np.float64)
        low, high = np.minimum(low, some.min(0)), np.maximum(high, some.max(0))
        total += some.sum(0)
    mean, squares = total / len(where), np.zeros(dim)
    for at in range(0, len(where), step):
        some = np.take(rows, where[at : at + step], axis=0).astype(np.float64)
        squares += ((some - mean) ** 2).sum(0)
    return low, high, mean, np.sqrt(squares / len(where))
