r"""Pictures of two levels: cut at one half, or drawn once, or drawn anew in each round.

A grey value u in 0 … 255 is taken for the chance u / 255 that the pixel is on. Which of the three
was used is part of what a likelihood means: models of fresh draws do one or two nats better on
MNIST than models of fixed ones. On the quantitative analysis of deep belief networks
(Salakhutdinov, Murray, 2008) draws fresh ones; The neural autoregressive distribution estimator
(Larochelle, Murray, 2011) brought a fixed set.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from counterplay.data.domain import Image
from counterplay.data.examples import digest
from counterplay.data.source import Order, Raw, Source
from counterplay.data.store import CHUNK, LIMIT
from counterplay.data.stored import Stored
from counterplay.errors import UserError
from counterplay.game import generator

__all__ = ["Binarise", "binarised"]

Binarise = Literal["no", "threshold", "fixed", "fresh"]

_SAID = {
    "threshold": "Binarised: a pixel is on from one half up.",
    "fixed": "Binarised: each pixel was drawn once, on with the chance of its grey value.",
    "fresh": "Binarised: pixels are drawn anew in each round, on with the chance of their grey "
    "value; those of held-out pictures once.",
}


@dataclass(frozen=True)
class Fresh:
    """Grey pictures in training, drawn anew each round; pictures drawn once to hold out."""

    grey: Stored
    once: Stored

    def rounds(self, order: Order) -> Iterator[Raw]:
        """Yield this shard of the global batches, its draws a function of seed and number."""
        for number, (rows, labels) in enumerate(self.grey.rounds(order), order.start):
            rng = generator(order.seed, number, "binarise")
            chance = torch.rand(order.size, *rows.shape[1:], generator=rng)
            yield _on(rows, order.cut(chance).to(rows.device)), labels

    def held(self, split: str, n: int, seed: int) -> Raw:
        """Return ``n`` distinct examples of a split, the same draws whenever one is asked for."""
        return self.once.held(split, n, seed)


def binarised(source: Source, how: Binarise) -> Source:
    """Return ``source`` with pictures of two levels, which networks see as -1 and 1.

    Args:
        source: of pictures.
        how: "threshold": on from one half up; "fixed": drawn once; "fresh": drawn anew in each
            round, once where held out; "no": as they are.

    Raises:
        UserError: when the data are no pictures in memory.
    """
    if how == "no":
        return source
    domain, supply = source.domain, source.supply
    if not isinstance(domain, Image) or not isinstance(supply, Stored):
        raise UserError(
            f"data.binarise: {how!r} is for pictures, '{source.name}' has none that are stored; "
            "--data.binarise no takes them as they are, and columns of 0 and 1 need no more"
        )
    if supply.rows.nbytes > LIMIT:
        raise UserError(
            f"data.binarise: '{source.name}' has {supply.rows.nbytes / 2**20:,.0f} MB of pictures "
            f"and {LIMIT / 2**20:.0f} are drawn in memory; a smaller data.size or fewer work"
        )
    drawn = replace(supply, rows=_once(supply.rows, how))
    return replace(
        source,
        domain=replace(domain, levels=2),
        supply=Fresh(supply, drawn) if how == "fresh" else drawn,
        fingerprint=digest(source.fingerprint, "binarised", how),
        notes=(*source.notes, _SAID[how]),
    )


def _on(rows: Tensor, chance: Tensor) -> Tensor:
    """Return 255 where ``chance``, uniform on [0, 1), is below the grey value, else 0."""
    return (chance * 255 < rows).to(torch.uint8) * 255


def _once(rows: np.ndarray, how: Binarise) -> np.ndarray:
    made, rng = np.empty_like(rows), generator("binarise", "once")
    for at in range(0, len(rows), CHUNK):
        some = torch.from_numpy(np.ascontiguousarray(rows[at : at + CHUNK]))
        half = how == "threshold"
        chance = torch.full(some.shape, 0.5) if half else torch.rand(some.shape, generator=rng)
        made[at : at + CHUNK] = _on(some, chance).numpy()
    return made
