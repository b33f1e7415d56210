r"""Rows of mixed columns as places on lines: one number a column, each uniform by itself.

A category's option k owns an interval of [0, 1] as long as it is frequent; a number has the lower
part, by its rank, and where it may be missing, missing the upper. A place is drawn evenly from the
interval of what a row holds (from an atom's, where ranks have atoms), then brought to
:math:`y = \Phi^{-1}(u)`: of each column by itself y is standard normal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from counterplay.networks.typed import Layout

__all__ = ["Scale"]

MARGIN = 1e-6
"""How close to 0 and 1 a place may be."""


class Scale(nn.Module):
    """Rows to places and back.

    Args:
        layout: of the columns.
        shares: of each column, how often its options are; empty where it has none.
    """

    upper: Tensor

    def __init__(self, layout: Layout, shares: Sequence[Sequence[float]]) -> None:
        super().__init__()
        self.layout = layout
        most = max([2, *(len(each) for each in shares)])
        rows = [list(each) or [1.0] for each in shares]
        # Past the last option nothing is left: its upper end is 1, and so are those of the rest.
        upper = torch.tensor([row + [0.0] * (most - len(row)) for row in rows]).cumsum(1)
        upper[:, -1] = 1.0
        for d, row in enumerate(rows):
            upper[d, len(row) - 1 :] = 1.0
        self.register_buffer("upper", upper, persistent=False)

    def places(self, x: Tensor, luck: Tensor) -> tuple[Tensor, Tensor]:
        """Return y (N, D), and what log p of y lacks to bound that of the row, (N,).

        Args:
            x: rows (N, W).
            luck: (N, D) in [0, 1).
        """
        layout, columns = self.layout, range(len(self.layout.blocks))
        option = torch.stack([self._option(x, d) for d in columns], 1)
        upper = self.upper.gather(1, option.T).T
        lower = torch.where(option > 0, self.upper.gather(1, (option - 1).clamp(min=0).T).T, 0.0)
        inside = luck.clone()
        if layout.numbers:
            ranks = layout.atoms.spread(layout.ranks(x), luck[:, layout.numbers])
            present = option[:, layout.numbers] == 0
            there = torch.where(present, (ranks + 1) / 2, luck[:, layout.numbers])
            inside[:, layout.numbers] = there
        wide = upper - lower
        y = torch.special.ndtri((lower + inside * wide).clamp(MARGIN, 1 - MARGIN))
        log_normal = -0.5 * (y.square() + math.log(2 * math.pi))
        return y, (wide.log() - log_normal).sum(1) - self._halves(option)

    def rows(self, y: Tensor) -> Tensor:
        """Return rows (N, W) at y (N, D)."""
        place = torch.special.ndtr(y).clamp(MARGIN, 1 - MARGIN)
        return torch.cat([self._part(d, place[:, d]) for d in range(place.shape[1])], 1)

    def _halves(self, option: Tensor) -> Tensor:
        """Return log 2 for each number that is there: its rank has a line of length 2."""
        return (option[:, self.layout.numbers] == 0).sum(1) * math.log(2)

    def _option(self, x: Tensor, column: int) -> Tensor:
        block, start = self.layout.blocks[column], self.layout.starts[column]
        part = x[:, start + block.number :][:, : block.options]
        return part.argmax(1) if block.options else torch.zeros_like(x[:, 0], dtype=torch.long)

    def _part(self, column: int, place: Tensor) -> Tensor:
        block, upper = self.layout.blocks[column], self.upper[column]
        options = max(1, block.options)
        option = torch.searchsorted(upper[: options - 1].contiguous(), place.contiguous())
        hard = one_hot(option, options).to(place)
        if not block.number:
            return hard
        rank = 2 * (place / upper[0]).clamp(max=1) - 1
        rank = self.layout.atoms.snap(rank, self.layout.numbers.index(column))
        rank = torch.where(option == 0, rank, torch.zeros_like(rank))[:, None]
        return torch.cat([rank, hard], 1) if block.options else rank
