r"""Rows of mixed columns, as networks meet them: their blocks, their cells, and networks over both.

Notation: a row x (N, W) is a block for each of D columns: a category one-hot, a number's rank
:math:`r \in [-1, 1]` and, where values may be missing, (present, missing) one-hot beside it. The
*cells* of a category are its options; those of a number are bins :math:`[e_k, e_{k+1})` of ranks
and, last, missing. Given its bin a rank is uniform in it, so that a row has

.. math::

    \log p(x) = \sum_d \log P(k_d \mid \cdot) - \sum_{d \text{ a number}} \log (e_{k+1} - e_k),

a mass over cells and a density over ranks. An *atom* is an interval of ranks that are one value; a
row holds its middle, and stands for all of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, linear, one_hot, relu

__all__ = ["Block", "Layout", "Masked", "TypedGenerator", "bins"]

Draw = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Block:
    """One column.

    Attributes:
        number: whether it begins with a rank.
        options: width of its one-hot part; of a number 2 or 0.
        edges: of a number's bins, from -1 to 1.
        atoms: intervals of ranks that are one value.
    """

    number: bool
    options: int
    edges: tuple[float, ...] = ()
    atoms: tuple[tuple[float, float], ...] = ()

    @property
    def width(self) -> int:
        """Width of its part of a row."""
        return self.number + self.options

    @property
    def cells(self) -> int:
        """How many cells it has."""
        return len(self.edges) - 1 + bool(self.options) if self.number else self.options


def bins(atoms: Sequence[tuple[float, float]], count: int) -> tuple[float, ...]:
    """Return edges of about ``count`` bins of ranks that cut no atom.

    Each atom has a bin of its own where there are up to twice as many; else narrow ones share.

    >>> bins([(-1.0, 0.0), (0.5, 1.0)], 4)
    (-1.0, 0.0, 0.5, 1.0)
    """
    step = 2 / count
    even = [-1 + step * k for k in range(count + 1)]
    free = [e for e in even if not any(low < e < high for low, high in atoms)]
    every = sorted({-1.0, 1.0, *free, *(e for atom in atoms for e in atom)})
    if len(atoms) <= 2 * count:
        own = {e for atom in atoms for e in atom}
        return _apart(every, own | {-1.0, 1.0}, step / 4)
    wide = {e for low, high in atoms if high - low >= step / 2 for e in (low, high)}
    return _apart(every, wide | {-1.0, 1.0}, step / 2)


def _apart(every: Sequence[float], kept: set[float], least: float) -> tuple[float, ...]:
    """Return those of ``every`` that are ``kept``, and others far enough from their neighbours."""
    found: list[float] = []
    for i, edge in enumerate(every):
        after = next((e for e in every[i + 1 :] if e in kept), 3.0)
        if edge in kept or (edge - found[-1] >= least and after - edge >= least):
            found.append(edge)
    return tuple(found)


class Layout(nn.Module):
    """The columns of a row, and the way between rows and cells.

    Args:
        blocks: of each column.
    """

    edges: Tensor
    low: Tensor
    high: Tensor
    widths: Tensor

    def __init__(self, blocks: Sequence[Block]) -> None:
        super().__init__()
        self.blocks = tuple(blocks)
        self.cells = [block.cells for block in blocks]
        self.width = sum(block.width for block in blocks)
        starts = [0, *itertools.accumulate(block.width for block in blocks)]
        self.starts = starts[:-1]
        self.firsts = [0, *itertools.accumulate(self.cells)][:-1]
        self.numbers = [d for d, block in enumerate(blocks) if block.number]
        for name, values in _constants(self.blocks, self.numbers).items():
            self.register_buffer(name, values, persistent=False)
        self.atoms = _Atoms([self.blocks[d].atoms for d in self.numbers])

    def levels(self, x: Tensor) -> Tensor:
        """Return the cell of each column, int64 (N, D)."""
        ranks = self.ranks(x).T.contiguous()
        bin_ = torch.searchsorted(self.edges, ranks, right=True) if self.numbers else ranks.long()
        found, at = [], 0
        for d, block in enumerate(self.blocks):
            options = x[:, self.starts[d] + block.number :][:, : block.options]
            if not block.number:
                found.append(options.argmax(1))
                continue
            cell = bin_[at].clamp(max=len(block.edges) - 2)
            at += 1
            gone = options.argmax(1) == 1 if block.options else None
            last = cell.new_tensor(block.cells - 1)
            found.append(cell if gone is None else torch.where(gone, last, cell))
        return torch.stack(found, 1)

    def ranks(self, x: Tensor) -> Tensor:
        """Return the ranks of the numbers, (N, numbers), within [-1, 1]."""
        return x[:, [self.starts[d] for d in self.numbers]].clamp(-1, 1)

    def log_widths(self, levels: Tensor) -> Tensor:
        """Return the sum over numbers of the logarithm of their bins' widths, (N,)."""
        flat = levels + torch.tensor(self.firsts, device=levels.device)
        return self.widths[flat].sum(1)

    def log_prob(self, x: Tensor, logits: Tensor) -> Tensor:
        """Return log p of rows, in nats, (N,), given the logits of all cells side by side."""
        levels = self.levels(x)
        each = [
            cross_entropy(part, levels[:, d], reduction="none")
            for d, part in enumerate(logits.split(self.cells, 1))
        ]
        return -torch.stack(each).sum(0) - self.log_widths(levels)

    def block(self, column: int, level: Tensor, luck: Tensor) -> Tensor:
        """Return the column's part of rows, given its cells (N,) and ``luck`` (N,) in [0, 1)."""
        block = self.blocks[column]
        if not block.number:
            return one_hot(level, block.options).to(luck)
        first = self.firsts[column]
        rank = self.low[first + level] + luck * (self.high - self.low)[first + level]
        part = self.atoms.snap(rank, self.numbers.index(column))[:, None]
        if not block.options:
            return part
        gone = level == block.cells - 1
        return torch.cat([part, one_hot(gone.long(), 2).to(luck)], 1)

    def draw(self, logits: Tensor, luck: Tensor) -> Tensor:
        """Return rows drawn from the logits of all cells, with ``luck`` (N, D, 2) in [0, 1)."""
        parts = logits.split(self.cells, 1)
        return torch.cat(
            [
                self.block(d, pick(part, luck[:, d, 0]), luck[:, d, 1])
                for d, part in enumerate(parts)
            ],
            1,
        )

    def spread(self, x: Tensor, luck: Tensor) -> Tensor:
        """Return rows whose ranks are anywhere in their atoms, by ``luck`` (N, numbers) in [0, 1).

        What decoding makes of them is the same. The gradient passes as if nothing were done.
        """
        if not self.numbers:
            return x
        ranks = self.ranks(x)
        moved = (self.atoms.spread(ranks.detach(), luck) - ranks).detach() + ranks
        columns = {self.starts[d]: moved[:, i : i + 1] for i, d in enumerate(self.numbers)}
        return torch.cat([columns.get(i, x[:, i : i + 1]) for i in range(self.width)], 1)


class _Atoms(nn.Module):
    """The atoms of each number, as one sorted row of bounds for each."""

    bounds: Tensor
    inside: Tensor

    def __init__(self, atoms: Sequence[Sequence[tuple[float, float]]]) -> None:
        super().__init__()
        rows = [sorted({-1.0, 1.0, *(e for atom in each for e in atom)}) for each in atoms]
        most = max((len(row) for row in rows), default=2)
        starts = [{low for low, _ in each} for each in atoms]
        inside = [[e in start for e in row] for row, start in zip(rows, starts, strict=True)]
        padded = [row + [2.0] * (most - len(row)) for row in rows]
        flags = [row + [False] * (most - len(row)) for row in inside]
        self.register_buffer("bounds", torch.tensor(padded), persistent=False)
        self.register_buffer("inside", torch.tensor(flags, dtype=torch.bool), persistent=False)

    def spread(self, ranks: Tensor, luck: Tensor) -> Tensor:
        """Return ranks (N, numbers), those in an atom anywhere in it."""
        at = torch.searchsorted(self.bounds, ranks.T.contiguous(), right=True).T
        at = (at - 1).clamp(min=0)
        last = (self.bounds <= 1).sum(1) - 2
        at = torch.minimum(at, last)
        rows = torch.arange(len(self.bounds), device=ranks.device)
        low, high = self.bounds[rows, at], self.bounds[rows, at + 1]
        return torch.where(self.inside[rows, at], low + luck * (high - low), ranks)

    def snap(self, rank: Tensor, number: int) -> Tensor:
        """Return ranks (N,) of one number, those in an atom in its middle."""
        bounds = self.bounds[number]
        last = int((bounds <= 1).sum()) - 2
        at = (torch.searchsorted(bounds, rank.contiguous(), right=True) - 1).clamp(0, last)
        return torch.where(self.inside[number, at], (bounds[at] + bounds[at + 1]) / 2, rank)


def _constants(blocks: Sequence[Block], numbers: Sequence[int]) -> dict[str, Tensor]:
    """Return bounds and log widths of all cells side by side, and the inner edges of the bins."""
    low, high = [], []
    for block in blocks:
        rest = block.cells - max(0, len(block.edges) - 1)
        low += [*block.edges[:-1], *[0.0] * rest]
        high += [*block.edges[1:], *[0.0] * rest]
    lows, highs = torch.tensor(low), torch.tensor(high)
    gaps = highs - lows
    inner = [blocks[d].edges[1:-1] for d in numbers]
    most = max((len(row) for row in inner), default=0)
    return {
        "low": lows,
        "high": highs,
        "widths": torch.where(gaps > 0, gaps, torch.ones_like(gaps)).log(),
        "edges": torch.tensor([[*row, *[2.0] * (most - len(row))] for row in inner]),
    }


def pick(logits: Tensor, luck: Tensor) -> Tensor:
    """Return cells (N,) drawn from logits (N, K) with ``luck`` (N,) in [0, 1)."""
    below = logits.float().softmax(1).cumsum(1) <= luck[:, None]
    return below[:, :-1].sum(1)  # the last cell takes what rounding leaves of the unit interval


class Masked(nn.Module):
    """All conditionals of a row at once: (N, W) -> logits of all cells, each of columns before.

    Hidden unit h belongs to column m(h) and sees columns up to it; cells of column d see units of
    columns before d, and those columns themselves. Each pair of hidden layers is added to what was
    before it. MADE: Masked Autoencoder for Distribution Estimation (Germain et al. 2015,
    arXiv 1502.03509); residual as in Autoregressive Energy Machines (Nash and Durkan 2019,
    arXiv 1904.05626).

    Args:
        layout: of the columns.
        width: hidden units of a layer.
        depth: pairs of hidden layers.
    """

    inputs: Tensor
    within: Tensor
    outputs: Tensor
    direct: Tensor

    def __init__(self, layout: Layout, width: int, depth: int) -> None:
        super().__init__()
        self.layout = layout
        columns = len(layout.cells)
        unit = torch.arange(width) * max(1, columns - 1) // width
        cell = torch.repeat_interleave(torch.arange(columns), torch.tensor(layout.cells))
        seen = torch.cat([cell, torch.tensor(layout.numbers, dtype=torch.long)])
        masks = {
            "inputs": seen[None] <= unit[:, None],
            "within": unit[None] <= unit[:, None],
            "outputs": unit[None] < cell[:, None],
            "direct": seen[None] < cell[:, None],
        }
        for name, mask in masks.items():
            self.register_buffer(name, mask.float(), persistent=False)
        self.first = nn.Linear(len(seen), width)
        self.hidden = nn.ModuleList(nn.Linear(width, width) for _ in range(2 * depth))
        self.last = nn.Linear(width, len(cell))
        self.linear = nn.Linear(len(seen), len(cell), bias=False)
        seconds = [two for _, two in _pairs(self.hidden)]
        for layer in (self.last, self.linear, *seconds):
            nn.init.normal_(layer.weight, std=1e-3)
        nn.init.zeros_(self.last.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits of all cells side by side, (N, sum of cells)."""
        seen = self._seen(x)
        h = linear(seen, self.first.weight * self.inputs, self.first.bias)
        for one, two in _pairs(self.hidden):
            inner = linear(relu(h), one.weight * self.within, one.bias)
            h = h + linear(relu(inner), two.weight * self.within, two.bias)
        out = linear(relu(h), self.last.weight * self.outputs, self.last.bias)
        return out + linear(seen, self.linear.weight * self.direct)

    def _seen(self, x: Tensor) -> Tensor:
        layout = self.layout
        levels = layout.levels(x)
        flat = levels + torch.tensor(layout.firsts, device=x.device)
        cells = x.new_zeros(len(x), sum(layout.cells)).scatter_(1, flat, 1.0)
        return torch.cat([cells, layout.ranks(x)], 1)


def _pairs(layers: nn.ModuleList) -> list[tuple[nn.Linear, nn.Linear]]:
    return list(zip(layers[::2], layers[1::2], strict=True))  # type: ignore


class TypedGenerator(nn.Module):
    """Latents to rows: (N, latent) -> (N, W), ranks by tanh, one-hot parts hard.

    The first half of the latent is what the row is made of; the rest is the luck by which options
    are drawn (Gumbel noise of normal numbers), passed straight through: the row is one-hot, the
    gradient that of the softmax. Categorical Reparameterization with Gumbel-Softmax (Jang et al.
    2016, arXiv 1611.01144).

    Args:
        layout: of the columns.
        latent: dimensions that the row is made of.
        hidden: widths of the hidden layers, each with batch norm, its input beside its output.
        heat: temperature of the softmax whose gradient is passed.
    """

    def __init__(
        self, layout: Layout, latent: int, hidden: Sequence[int], heat: float = 0.5
    ) -> None:
        super().__init__()
        self.blocks, self.latent, self.heat = layout.blocks, latent, heat
        self.layers, wide = nn.ModuleList(), latent
        for width in hidden:
            self.layers.append(nn.Sequential(nn.Linear(wide, width), nn.BatchNorm1d(width)))
            wide += width
        self.last = nn.Linear(wide, layout.width)

    @property
    def luck(self) -> int:
        """Normal numbers that are taken beside the latent."""
        return sum(block.options for block in self.blocks)

    def forward(self, z: Tensor) -> Tensor:
        """Return rows."""
        h, luck = z.split([self.latent, self.luck], 1)
        for layer in self.layers:
            h = torch.cat([h, relu(layer(h))], 1)
        out = self.last(h)
        lucks = luck.split([block.options for block in self.blocks], 1)
        parts = out.split([block.width for block in self.blocks], 1)
        return torch.cat(
            [
                self._part(block, part, noise)
                for block, part, noise in zip(self.blocks, parts, lucks, strict=True)
            ],
            1,
        )

    def _part(self, block: Block, out: Tensor, noise: Tensor) -> Tensor:
        rank, options = out[:, : block.number].tanh(), out[:, block.number :]
        if not block.options:
            return rank
        chance = torch.special.ndtr(noise).clamp(1e-6, 1 - 1e-6)
        soft = ((options - (-chance.log()).log()) / self.heat).softmax(1)
        hard = one_hot(soft.argmax(1), block.options).to(soft)
        return torch.cat([rank, hard + soft - soft.detach()], 1)
