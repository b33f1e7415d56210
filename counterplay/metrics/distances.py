"""Squared distances between samples, a tile at a time: memory is bounded, no N × M matrix is held.

|x − y|² = |x|² + |y|² − 2 x·y is one matrix product of rows with two columns more. It loses digits
where both are far from the origin, so samples are moved to the mean of one of them first, and what
decides (a radius, an equality) is computed again from the differences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from counterplay.metrics.checks import CHUNK, column_means

__all__ = [
    "TILE",
    "centre",
    "closest",
    "exact",
    "rounding",
    "row_count",
    "smallest",
    "squares_of",
    "tiles",
]

TILE = 1 << 22
"""How many distances are held at once (16 MB, and as much for comparing them)."""

WIDE = 512
"""From how many features on no widened copy of a sample is made."""


def centre(real: Tensor, generated: Tensor) -> tuple[Tensor, Tensor]:
    """Move both to the real mean, in float32: |x|² + |y|² − 2xy loses least near the origin."""
    mean = column_means(real).to(real)
    return (real - mean).float(), (generated - mean).float()


def rounding(x: Tensor) -> Tensor:
    """Return by how much a squared distance near the rows of ``x`` may be off, (N,)."""
    return 8 * torch.finfo(x.dtype).eps * squares_of(x)


def squares_of(x: Tensor) -> Tensor:
    """Return the squared length of each row, (N,)."""
    return torch.cat([part.square().sum(1) for part in x.split(CHUNK)])


def row_count(x: Tensor, y: Tensor, tile: int) -> int:
    """Return how many rows of ``x`` a tile has."""
    return min(len(x), max(1, tile // len(y)))


def tiles(x: Tensor, y: Tensor, tile: int = TILE) -> Iterator[tuple[int, Tensor]]:
    """Yield (start, squared distances of rows start.. of ``x`` to all of ``y``), one buffer."""
    rows = row_count(x, y, tile)
    buffer = x.new_empty(rows, len(y))
    product = _wide_product if x.shape[1] >= WIDE else _whole_product
    fill = product(y)
    for start in range(0, len(x), rows):
        part = x[start : start + rows]
        yield start, fill(part, buffer[: len(part)])


Fill = Callable[[Tensor, Tensor], Tensor]
"""(rows of x, their tile) -> the tile, filled with squared distances."""


def _whole_product(y: Tensor) -> Fill:
    """[-2x, 1, |x|²] · [y, |y|², 1] = |x - y|²: the whole distance is one matrix product."""
    right = torch.cat([y, y.square().sum(1, keepdim=True), y.new_ones(len(y), 1)], 1).T

    def fill(part: Tensor, out: Tensor) -> Tensor:
        ones, squares = part.new_ones(len(part), 1), part.square().sum(1, keepdim=True)
        return torch.mm(torch.cat([-2 * part, ones, squares], 1), right, out=out)

    return fill


def _wide_product(y: Tensor) -> Fill:
    """The same without a copy of ``y``: where features are many, that is the larger part."""
    squares = squares_of(y)

    def fill(part: Tensor, out: Tensor) -> Tensor:
        torch.addmm(squares, part, y.T, alpha=-2, out=out)
        return out.add_(part.square().sum(1, keepdim=True))

    return fill


def closest(
    x: Tensor, y: Tensor, k: int, tile: int = TILE, themselves: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Return (squared distances, indices) of the ``k`` rows of ``y`` nearest to each of ``x``.

    ``themselves`` (N,) says which row of ``y`` each row of ``x`` is, and leaves that one out.
    The distances are computed again from the differences, so that copies are at exactly 0.
    """
    found = []
    for start, squares in tiles(x, y, tile):
        if themselves is not None:
            own = themselves[start : start + len(squares)].to(x.device)
            squares.scatter_(1, own[:, None], torch.inf)
        found.append(smallest(squares, k))
    index = torch.cat(found)
    apart = torch.stack([exact(x, y, index[:, i]) for i in range(k)], 1)
    apart, order = apart.sort(1)
    return apart, index.gather(1, order)


def smallest(squares: Tensor, k: int, group: int = 16) -> Tensor:
    """Return the columns of the ``k`` smallest values of each row, in no order, (rows, k).

    They are all among the k groups with the smallest minima, which are cheap to find, and the
    columns that no group takes in: a search in k · group values instead of all.
    """
    groups = squares.shape[1] // group
    if groups < 4 * k:
        return squares.topk(k, 1, largest=False).indices
    least = squares[:, : groups * group].unflatten(1, (group, groups)).amin(1)
    chosen = least.topk(k, 1, largest=False).indices[:, None, :]
    members = chosen + groups * torch.arange(group, device=squares.device)[:, None]
    rest = torch.arange(groups * group, squares.shape[1], device=squares.device)
    columns = torch.cat([members.flatten(1), rest.expand(len(squares), -1)], 1)
    picked = squares.gather(1, columns).topk(k, 1, largest=False).indices
    return columns.gather(1, picked)


def exact(x: Tensor, y: Tensor, index: Tensor) -> Tensor:
    """Return the squared distances between the rows of ``x`` and the chosen ones of ``y``, (N,)."""
    pairs = zip(x.split(CHUNK), index.split(CHUNK), strict=True)
    return torch.cat([(part - y[chosen]).square_().sum(1) for part, chosen in pairs])
