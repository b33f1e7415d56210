"""Few labels among many examples: training sees the labels of some, measuring those of all.

A batch of n is n *triples*: a labelled example, then two unlabelled ones, whose labels read -1. The
three kinds are three independent streams, each in a new seeded order in each epoch of its own: the
labelled ones come round quickly, and a batch as large as their number holds all of them. Triples
lie one after the other, so that equal shares of a batch are made of whole ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from counterplay.data.source import Order, Raw, Source
from counterplay.data.stored import Stored, orders
from counterplay.errors import UserError
from counterplay.game import generator

__all__ = ["FewLabels", "few_labels"]

KINDS = ("labelled", "first unlabelled", "second unlabelled")
"""A triple's members; each has an order of its own."""


@dataclass(frozen=True)
class FewLabels:
    """A supply of triples.

    Attributes:
        stored: all examples with all their labels.
        known: sorted indices of the training examples whose labels are seen.
    """

    stored: Stored
    known: np.ndarray

    def rounds(self, order: Order) -> Iterator[Raw]:
        """Yield this shard of the global batches of triples, endlessly."""
        every = torch.from_numpy(self.stored.split["train"])
        kinds = (torch.from_numpy(self.known), every, every)
        streams = [
            orders(where, order.size, generator(order.seed, kind).initial_seed(), order.start)
            for kind, where in zip(KINDS, kinds, strict=True)
        ]
        chosen = (
            torch.stack([order.cut(index) for index in three], 1).flatten()
            for three in zip(*streams, strict=True)
        )
        for rows, labels in self.stored.taken(chosen, order.device):
            yield rows, _hidden(labels)

    def held(self, split: str, n: int, seed: int) -> Raw:
        """Return ``n`` distinct examples of a split, with their labels, on the CPU."""
        return self.stored.held(split, n, seed)


def few_labels(source: Source, few: int, draw: int) -> Source:
    """Return ``source`` with batches of triples, of which the first have labels.

    Args:
        source: stored examples of two classes or more.
        few: labels seen of each class.
        draw: seed of which.

    Raises:
        UserError: when the data have no classes, too few of one, or are no stored examples.
    """
    supply = source.supply
    if not isinstance(supply, Stored) or supply.labels is None:
        raise UserError(
            f"data.few: '{source.name}' has no labels that could be kept; labelled examples in "
            "memory or in files can be learnt from with few labels"
        )
    train = supply.split["train"]
    labels = supply.labels[train]
    known = []
    for number, name in enumerate(source.domain.classes):
        own = train[labels == number]
        if len(own) < few:
            raise UserError(
                f"data.few: {few} labels of each class were asked for, '{source.name}' has "
                f"{len(own)} training examples of '{name}'; {len(own)} or fewer can be had"
            )
        order = torch.randperm(len(own), generator=generator(draw, "few labels", number))
        known.append(own[order[:few].numpy()])
    note = f"Few labels: {few} of each class are seen in training (draw {draw})."
    return replace(
        source,
        supply=FewLabels(supply, np.sort(np.concatenate(known))),
        notes=(*source.notes, note),
    )


def _hidden(labels: Tensor | None) -> Tensor | None:
    if labels is None:
        return None
    hidden = torch.full_like(labels, -1)
    hidden[::3] = labels[::3]
    return hidden
