"""Stacked digits: three grey pictures on top of each other as red, green and blue.

Each picture is drawn by itself, so that ten classes make a thousand *modes*, all as frequent as any
other to within the classes' own shares. It is the measure of mode collapse of Unrolled Generative
Adversarial Networks (Metz et al., 2017, arXiv:1611.02163), on MNIST.

Stacks are drawn on the fly, from the part of the digits that they are asked for: no two epochs
are the same, and no test digit is in a stack for training.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, product

import numpy as np
import torch
from torch import Tensor

from counterplay.data.domain import Image
from counterplay.data.examples import digest
from counterplay.data.source import Order, Raw, Source
from counterplay.data.stored import Stored
from counterplay.errors import UserError
from counterplay.game import generator

__all__ = ["Stacked", "stack"]

LAYERS = 3
NOMINAL = {"train": 128_000, "validation": 10_000, "test": 26_000}
"""There are many more; as many count as the published protocols train on and measure."""


@dataclass(frozen=True)
class Stacked:
    """Draws stacks of a stored set's pictures.

    Attributes:
        stored: grey pictures (N, 1, S, S), with labels.
        classes: how many classes they have.
    """

    stored: Stored
    classes: int

    def rounds(self, order: Order) -> Iterator[Raw]:
        """Yield this shard of the global batches from number ``order.start`` on, endlessly."""
        rows, labels = torch.from_numpy(self.stored.rows), self._labels()
        rows, labels = rows.to(order.device), labels.to(order.device)
        for step in count(order.start):
            rng = generator(order.seed, step, "stacks")
            index = order.cut(self._drawn("train", order.size, rng)).to(order.device)
            yield self._laid(rows, labels, index)

    def held(self, split: str, n: int, seed: int) -> Raw:
        """Return ``n`` stacks of a split's pictures, others for each split and seed."""
        index = self._drawn(split, n, generator(seed, split, "stacks"))
        return self._laid(torch.from_numpy(self.stored.rows), self._labels(), index)

    def _labels(self) -> Tensor:
        assert self.stored.labels is not None
        return torch.from_numpy(self.stored.labels)

    def _drawn(self, split: str, n: int, rng: torch.Generator) -> Tensor:
        where = torch.from_numpy(self.stored.split[split])
        return where[torch.randint(len(where), (n, LAYERS), generator=rng)]

    def _laid(self, rows: Tensor, labels: Tensor, index: Tensor) -> Raw:
        pictures = rows.index_select(0, index.flatten()).unflatten(0, index.shape)
        places = self.classes ** torch.arange(LAYERS - 1, -1, -1, device=index.device)
        return pictures.flatten(1, 2), (labels[index] * places).sum(1)


def stack(source: Source, name: str) -> Source:
    """Return the source of stacks of a source's pictures.

    Args:
        source: stored grey pictures in at most ten classes.
        name: what to call the stacks.

    Raises:
        UserError: when they have colours, no labels, or too many classes.
    """
    supply, domain = source.supply, source.domain
    grey = domain.kind == "image" and domain.shape[0] == 1
    if not (isinstance(supply, Stored) and grey and 2 <= len(domain.classes) <= 10):
        raise UserError(
            f"'{name}': grey pictures in 2 to 10 classes can be stacked, such as MNIST's digits; "
            f"'{source.name}' has {domain.kind}s {domain.shape} in {len(domain.classes)} classes"
        )
    short = [word if len(word) == 1 else str(i) for i, word in enumerate(domain.classes)]
    names = tuple("".join(words) for words in product(short, repeat=LAYERS))
    stored = Stored(np.ascontiguousarray(supply.rows), supply.labels, supply.split)
    note = (
        f"Three pictures are stacked as red, green and blue: {len(names):,} modes, drawn on the "
        "fly from each part's own pictures."
    )
    return Source(
        Image(LAYERS, domain.shape[-1], names),
        dict(NOMINAL),
        digest("stacked", source.fingerprint),
        (*source.notes, note),
        name,
        Stacked(stored, len(domain.classes)),
    )
