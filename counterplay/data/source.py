"""A source: endless, seeded, sharded batches, and held-out examples.

Batch t of a source is a function of (seed, t, global batch size): a resume starts at any t, and
the shards of any number of processes, laid side by side, are the batch of one process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor

from counterplay.data.domain import Domain
from counterplay.errors import UserError, nearest
from counterplay.game import Batch, Law

__all__ = ["Order", "Source", "Supply"]

Raw = tuple[Tensor, Tensor | None]
"""Examples as people see them (uint8 pictures, float32 vectors), and labels."""


@dataclass(frozen=True)
class Order:
    """What is asked of a supply: see :meth:`Source.batches`."""

    size: int
    seed: int
    start: int
    shard: tuple[int, int]
    device: torch.device

    def cut(self, rows: Tensor) -> Tensor:
        """Return this shard's rows of a global batch."""
        index, count = self.shard
        share = self.size // count
        return rows[index * share : (index + 1) * share]


class Supply(Protocol):
    """Where examples come from: memory or a map (stored), a law (drawn), batches (streamed)."""

    def rounds(self, order: Order) -> Iterator[Raw]:
        """Yield this shard of the global batches from number ``order.start`` on, endlessly."""
        ...

    def held(self, split: str, n: int, seed: int) -> Raw:
        """Return ``n`` distinct examples of a split, on the CPU."""
        ...


@dataclass(frozen=True)
class Source:
    """Data to learn from, and what is known of them.

    Attributes:
        domain: what one example is.
        splits: number of examples in "train", "validation" and "test" (of a law: nominal ones).
        fingerprint: hash of the content, the same on every machine.
        notes: what was done to the data, sentences for the person.
        name: what to call it.
        law: the exact law when the data is one, else ``None``. Its units are the raw ones.
        supply: where the examples come from.
        batch: size of the batches of ``iter(source)``.
        seed: seed of the batches of ``iter(source)``.
    """

    domain: Domain
    splits: Mapping[str, int]
    fingerprint: str
    notes: tuple[str, ...]
    name: str
    supply: Supply = field(repr=False)
    law: Law | None = None
    batch: int = 64
    seed: int = 0

    def batches(
        self,
        size: int = 64,
        *,
        seed: int = 0,
        start: int = 0,
        shard: tuple[int, int] = (0, 1),
        device: str | torch.device = "cpu",
    ) -> Iterator[Batch]:
        """Return endless batches of the training part, from number ``start`` on.

        Stored examples come in a new seeded order in each epoch; each is seen once in an epoch, and
        epochs follow each other without a gap, so that a batch may span two.

        Args:
            size: examples in the *global* batch.
            seed: with the batch's number it decides which examples come.
            start: number of the first batch, for a resume.
            shard: (index, count): yield the ``index``-th of ``count`` equal shares of each batch.
            device: where the batches go. uint8 is moved, and encoded there.

        Raises:
            UserError: when ``size`` is more than the training part, or no multiple of ``count``.
        """
        self.check_batch(size)
        index, count = shard
        if count < 1 or not 0 <= index < count:
            raise UserError(f"shard {index} of {count}: it must be one of 0 … count - 1")
        if size % count:
            below = size // count * count
            raise UserError(
                f"a batch of {size} cannot be shared equally by {count} processes: "
                f"{f'{below} or ' if below else ''}{below + count} works"
            )
        if start < 0:
            raise UserError(f"start {start}: batches are numbered from 0")
        order = Order(size, seed, start, shard, torch.device(device))
        return (self._encode(raw) for raw in self.supply.rounds(order))

    def check_batch(self, size: int) -> None:
        """Refuse a batch that is not positive or larger than the training part.

        Raises:
            UserError: naming the number of examples and a batch that would work.
        """
        train = self.splits["train"]
        if isinstance(size, bool) or not isinstance(size, int) or size < 1:
            raise UserError(
                f"a batch of {size!r}: a whole number of examples, 1 or more, is needed"
            )
        if size > train:
            works = 1 << max(0, train.bit_length() - 1)
            raise UserError(
                f"a batch of {size} was asked for, '{self.name}' has {train} training examples "
                f"(of {sum(self.splits.values())}): a batch of {works} works"
            )

    def __iter__(self) -> Iterator[Batch]:
        """Return batches of the size and seed that ``load`` was given."""
        return self.batches(self.batch, seed=self.seed)

    def examples(self, split: str = "test", n: int | None = None, seed: int = 0) -> Batch:
        """Return up to ``n`` distinct examples of a split, encoded, on the CPU.

        All of them, in their own order, when ``n`` is ``None`` or more than there are; otherwise a
        seeded choice. All of a large data set, as float32, is larger than its file.

        Raises:
            UserError: when there is no such split, or nothing in it.
        """
        if split not in self.splits:
            raise UserError(f"no split {split!r}: {nearest(split, self.splits)}")
        there = self.splits[split]
        if not there:
            raise UserError(f"'{self.name}' has no {split} examples: it is too small to have them")
        return self._encode(self.supply.held(split, min(n or there, there), seed))

    def _encode(self, raw: Raw) -> Batch:
        return Batch(self.domain.encode(raw[0]), raw[1])
