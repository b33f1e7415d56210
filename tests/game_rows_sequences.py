"""Rows of the table of games: sequences, told a class or not."""

from __future__ import annotations

import torch

from counterplay.game import Batch, generator
from counterplay.games.sequences import Sequences
from counterplay.networks.wavenet import WaveNet


def steps() -> Batch:
    rng = generator("steps")
    return Batch(torch.randint(3, (8, 6), generator=rng).float() - 1, torch.arange(8) % 2)


ROWS = {
    "sequences": (lambda: Sequences(WaveNet(6, 3, 4, 4, dilations=(1, 2))), steps),
    "sequences with units left out": (
        lambda: Sequences(WaveNet(6, 3, 4, 4, dilations=(1, 2), dropout=0.3)),
        steps,
    ),
    "sequences of classes": (
        lambda: Sequences(WaveNet(6, 3, 4, 4, dilations=(1, 2), classes=2), share=(0.25, 0.75)),
        steps,
    ),
}
"""Name -> (makes the game, makes a batch for it)."""
