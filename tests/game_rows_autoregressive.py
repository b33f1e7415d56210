"""Rows of the table of games: autoregressive networks."""

from __future__ import annotations

import torch

from counterplay.game import Batch, generator
from counterplay.games.autoregressive import Autoregressive, even
from counterplay.networks.masked import FVSBN, MADE, NADE


def bits(dim: int = 6) -> Batch:
    return Batch(torch.randint(2, (8, dim), generator=generator("bits")).float())


ROWS = {
    "fvsbn on bits": (lambda: Autoregressive(FVSBN(6), even(2, 0, 1)), bits),
    "nade on bits": (lambda: Autoregressive(NADE(6, 5), even(2, 0, 1)), bits),
    "made on bits": (lambda: Autoregressive(MADE(6, [8, 7]), even(2, 0, 1)), bits),
    "made with direct connections": (
        lambda: Autoregressive(MADE(6, [3], direct=True), even(2, 0, 1)),
        bits,
    ),
}
"""Name -> (makes the game, makes a batch for it)."""
