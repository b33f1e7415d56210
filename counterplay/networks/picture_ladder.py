"""The networks of a hierarchy of latents on pictures: the lower layers stand on grids.

Notation: layer l = 1 … L, from the data upwards, has k_l latents at each place of a grid of g_l by
g_l places. The grid halves from layer to layer down to 4 … 7, and is then a single place. Latents
are told in rows, (N, k_l g_l²), channel after channel, so that a game need not know of grids.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from counterplay.networks.dcgan import stages, widths

__all__ = ["GridDecoder", "grids", "picture_ladder"]


class Grid(NamedTuple):
    """What a layer of latents stands on: g, its hidden channels, and k."""

    side: int
    width: int
    latents: int

    @property
    def numbers(self) -> int:
        """Latents of the whole layer, k g²."""
        return self.latents * self.side**2


def grids(size: int, latents: Sequence[int], width: int) -> list[Grid]:
    """Return what each layer of latents stands on.

    >>> [grid.side for grid in grids(28, (2, 4, 16), 32)]
    [14, 7, 1]

    Raises:
        UserError: for a size that networks cannot halve, see :func:`stages`.
    """
    start, doublings = stages(size)
    inward = widths(width, doublings)
    sides = [start * 2 ** (doublings - i - 1) for i in range(doublings)]
    known = list(zip(sides, inward, strict=True))
    return [
        Grid(*(known[i] if i < doublings else (1, 8 * width)), k) for i, k in enumerate(latents)
    ]


class GridDecoder(nn.Module):
    """Latents of the lowest layer to planes: (N, k g²) -> (N, planes, 2 g, 2 g).

    Args:
        grid: of the lowest layer.
        planes: of the output: channels times the numbers that a law needs for each.
    """

    def __init__(self, grid: Grid, planes: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            _unfolded(grid),
            nn.Conv2d(grid.latents, grid.width, 3, 1, 1),
            nn.ELU(),
            nn.ConvTranspose2d(grid.width, grid.width, 4, 2, 1),
            nn.ELU(),
            nn.Conv2d(grid.width, planes, 3, 1, 1),
        )
        # A bias for each pixel: what is dark in all pictures is no work for the convolutions.
        self.bias = nn.Parameter(torch.zeros(planes, 2 * grid.side, 2 * grid.side))

    def forward(self, z: Tensor) -> Tensor:
        """Return the planes."""
        return self.body(z) + self.bias

    def centre(self, output: Tensor) -> None:
        """Let the pixels' own biases be ``output``, (planes, S, S)."""
        with torch.no_grad():
            self.bias.copy_(output)


def picture_ladder(
    channels: int, layers: Sequence[Grid], chained: bool
) -> tuple[list[nn.Module], list[nn.Module], list[nn.Module]]:
    """Return (climbs, evidences, descents) of :class:`counterplay.games.hierarchical`.

    Args:
        channels: of a picture.
        layers: what each layer of latents stands on, see :func:`grids`.
        chained: whether a climb goes on from the climb below it, or from the latents there.
    """
    climbs: list[nn.Module] = [_climb(channels, layers[0].side * 2, layers[0])]
    for below, own in itertools.pairwise(layers):
        if chained:
            climbs.append(_climb(below.width, below.side, own))
        else:
            climbs.append(nn.Sequential(_unfolded(below), _climb(below.latents, below.side, own)))
    descents: list[nn.Module] = [_descent(own, above) for own, above in itertools.pairwise(layers)]
    return climbs, [_told(grid) for grid in layers], descents


def _climb(channels: int, side: int, own: Grid) -> nn.Module:
    """Return (N, channels, side, side) -> (N, width, g, g), of a single place (N, width)."""
    if own.side == 1:
        return nn.Sequential(nn.Flatten(), nn.Linear(channels * side**2, own.width), nn.ELU())
    return nn.Sequential(
        nn.Conv2d(channels, own.width, 4, 2, 1),
        nn.ELU(),
        nn.Conv2d(own.width, own.width, 3, 1, 1),
        nn.ELU(),
    )


def _told(own: Grid) -> nn.Module:
    """Return hidden channels -> the means and the log deviations, (N, 2 k g²)."""
    if own.side == 1:
        return nn.Linear(own.width, 2 * own.latents)
    return nn.Sequential(nn.Conv2d(own.width, 2 * own.latents, 3, 1, 1), nn.Flatten())


def _descent(own: Grid, above: Grid) -> nn.Module:
    """Return the latents above, in a row, -> the means and the log deviations of the own ones."""
    if above.side == 1:
        start = [nn.Linear(above.latents, own.width * own.side**2)]
        shaped = [nn.Unflatten(1, (own.width, own.side, own.side))] if own.side > 1 else []
        return nn.Sequential(*start, *shaped, nn.ELU(), _told(own))
    return nn.Sequential(
        _unfolded(above),
        nn.Conv2d(above.latents, own.width, 3, 1, 1),
        nn.ELU(),
        nn.ConvTranspose2d(own.width, own.width, 4, 2, 1),
        nn.ELU(),
        _told(own),
    )


def _unfolded(grid: Grid) -> nn.Module:
    return nn.Unflatten(1, (grid.latents, grid.side, grid.side))
