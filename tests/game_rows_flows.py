"""Rows of the table of games: flows."""

from __future__ import annotations

import torch

from counterplay.game import Batch, generator
from counterplay.games.flow import Flow
from counterplay.networks.flows import PICTURES, VECTORS, Chain, Logit

SHAPE, LEVELS = (1, 4, 4), 256


def points() -> Batch:
    return Batch(torch.randn(8, 2, generator=generator("flows")))


def levels() -> Batch:
    k = torch.randint(LEVELS, (8, *SHAPE), generator=generator("flows"))
    return Batch(k / (LEVELS - 1) * 2 - 1)


def on_points(name: str) -> Flow:
    return Flow(VECTORS[name](2, [8]), (2,))


def on_pictures(name: str) -> Flow:
    return Flow(Chain(Logit(), PICTURES[name](SHAPE, hidden=4)), SHAPE, levels=LEVELS)


ROWS = {
    **{f"{name} on points": (lambda name=name: on_points(name), points) for name in VECTORS},
    **{f"{name} on pictures": (lambda name=name: on_pictures(name), levels) for name in PICTURES},
}
"""Name -> (makes the game, makes a batch for it)."""
