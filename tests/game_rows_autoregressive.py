"""Rows of the table of games: autoregressive networks."""

from __future__ import annotations

import torch

from counterplay.game import Batch, generator
from counterplay.games.autoregressive import Autoregressive, even
from counterplay.networks.masked import FVSBN, MADE, NADE
from counterplay.networks.mixture import logistics
from counterplay.networks.pixelcnn import PixelCNN
from counterplay.networks.wavenet import WaveNet


def bits(dim: int = 6) -> Batch:
    return Batch(torch.randint(2, (8, dim), generator=generator("bits")).float())


def colours() -> Batch:
    return Batch(torch.rand(4, 2, 4, 4, generator=generator("colours")) * 2 - 1)


def in_orders(network: MADE) -> Autoregressive:
    return Autoregressive(network, even(2, 0, 1), members=network.orderings())


ROWS = {
    "fvsbn on bits": (lambda: Autoregressive(FVSBN(6), even(2, 0, 1)), bits),
    "nade on bits": (lambda: Autoregressive(NADE(6, 5), even(2, 0, 1)), bits),
    "made on bits": (lambda: Autoregressive(MADE(6, [8, 7]), even(2, 0, 1)), bits),
    "made with direct connections": (
        lambda: Autoregressive(MADE(6, [3], direct=True), even(2, 0, 1)),
        bits,
    ),
    "made in two orders": (lambda: in_orders(MADE(6, [8], direct=True, orders=(1, 2))), bits),
    "nade that is shown classes": (
        lambda: Autoregressive(NADE(6, 5, classes=2), even(2, 0, 1), share=(0.5, 0.5)),
        lambda: Batch(bits().x, torch.arange(8) % 2),
    ),
    "pixelcnn that is shown classes": (
        lambda: Autoregressive(
            PixelCNN((2, 4, 4), 3, features=6, layers=2, classes=2), share=(0.5, 0.5)
        ),
        lambda: Batch(colours().x, torch.arange(4) % 2),
    ),
    "pixelcnn by mixtures of logistic laws": (
        lambda: Autoregressive(
            PixelCNN((2, 4, 4), 5, features=6, layers=2, components=2), output=logistics(5)
        ),
        colours,
    ),
    "pixelcnn on two colours": (
        lambda: Autoregressive(PixelCNN((2, 4, 4), 3, features=6, layers=2)),
        colours,
    ),
    "made that leaves out units": (
        lambda: Autoregressive(MADE(6, [8, 7], dropout=0.3), even(2, 0, 1)),
        bits,
    ),
    "pixelcnn that leaves out units": (
        lambda: Autoregressive(PixelCNN((2, 4, 4), 3, features=6, layers=2, dropout=0.3)),
        colours,
    ),
    "wavenet on bits": (
        lambda: Autoregressive(WaveNet(6, 2, 4, 4, dilations=(1, 2)), even(2, 0, 1)),
        bits,
    ),
}
"""Name -> (makes the game, makes a batch for it)."""
