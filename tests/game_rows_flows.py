"""Rows of the table of games: flows."""

from __future__ import annotations

import torch

from counterplay.game import Batch, generator
from counterplay.games.flow import Flow
from counterplay.laws import Labels
from counterplay.networks.flows import (
    PICTURES,
    VECTORS,
    Chain,
    ClassNorm,
    Logit,
    dequantiser,
)

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


def of_classes(where: str) -> Flow:
    shown = 3 if where == "networks" else 0
    steps = [VECTORS["maf"](2, [8], blocks=2, context=shown)]
    steps += [ClassNorm(2, 3)] if where == "prior" else []
    return Flow(Chain(*steps), (2,), labels=Labels((0.5, 0.25, 0.25)))


def dequantised() -> Flow:
    transform = Chain(Logit(), PICTURES["glow"](SHAPE, hidden=4, blocks=1))
    return Flow(transform, SHAPE, levels=LEVELS, dequantiser=dequantiser(SHAPE, 4))


def labelled() -> Batch:
    x, _ = points()
    return Batch(x, torch.arange(8) % 3)


ROWS = {
    **{f"{name} on points": (lambda name=name: on_points(name), points) for name in VECTORS},
    **{f"{name} on pictures": (lambda name=name: on_pictures(name), levels) for name in PICTURES},
    "a flow that leaves out units": (
        lambda: Flow(VECTORS["spline"](2, [8], dropout=0.3), (2,)),
        points,
    ),
    "a flow of classes in its networks": (lambda: of_classes("networks"), labelled),
    "a flow of classes in its prior": (lambda: of_classes("prior"), labelled),
    "a flow that learns its noise": (dequantised, levels),
}
"""Name -> (makes the game, makes a batch for it)."""
