r"""WaveNet: dilated causal convolutions over a sequence of levels.

Notation: levels (N, T), embedded and shifted right by one step, so that the logits at t see what
lies before t. Block i is z = tanh(a) · sigmoid(b), (a, b) = a convolution of k taps, d_i apart;
z goes to the next block by addition (residual) and to the output (skip). The logits at t see the
last R = 1 + (k - 1) sum_i d_i levels. WaveNet: A Generative Model for Raw Audio (van den Oord et
al. 2016, arXiv 1609.03499).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import linear, pad

from counterplay.errors import UserError

__all__ = ["WaveNet", "compress", "expand"]


def compress(x: Tensor, levels: int = 256) -> Tensor:
    """Return the µ-law levels, int64, of samples in [-1, 1]: fine near zero, coarse at the ends.

    µ = levels - 1; f(x) = sign(x) log(1 + µ|x|) / log(1 + µ), rounded to the nearest level.
    """
    mu = levels - 1
    curve = x.sign() * (mu * x.abs()).log1p() / math.log1p(mu)
    return ((curve + 1) / 2 * mu).round().clamp(0, mu).long()


def expand(levels: Tensor, count: int = 256) -> Tensor:
    """Return the samples in [-1, 1] that stand for µ-law ``levels`` out of ``count``."""
    mu = count - 1
    curve = 2 * levels.float() / mu - 1
    return curve.sign() * (curve.abs() * math.log1p(mu)).expm1() / mu


class Block(nn.Module):
    """A gated causal convolution: (N, F, T) -> residual (N, F, T), skip (N, S, T)."""

    def __init__(self, features: int, skip: int, taps: int, dilation: int) -> None:
        super().__init__()
        self.reach = dilation * (taps - 1)
        self.taps, self.dilation, self.features = taps, dilation, features
        self.across = nn.Conv1d(features, 2 * features, taps, dilation=dilation)
        self.out = nn.Conv1d(features, features + skip, 1)

    def forward(self, h: Tensor) -> tuple[Tensor, Tensor]:
        """Pad the past with zeros, gate, and split what comes out."""
        a, b = self.across(pad(h, (self.reach, 0))).chunk(2, 1)
        onward, skip = self.out(a.tanh() * b.sigmoid()).tensor_split([self.features], 1)
        return h + onward, skip

    def step(self, h: Tensor, past: Tensor, t: int) -> tuple[Tensor, Tensor]:
        """Do the same for step ``t`` alone, (N, F); ``past`` (reach, N, F) is a ring buffer."""
        # Slot t mod reach holds the oldest, step t - reach, until this step takes its place.
        back = [past[(t - m * self.dilation) % self.reach] for m in range(self.taps - 1, 0, -1)]
        seen = torch.stack([*back, h], 2).flatten(1)
        a, b = linear(seen, self.across.weight.flatten(1), self.across.bias).chunk(2, 1)
        onward, skip = linear(
            a.tanh() * b.sigmoid(), self.out.weight[:, :, 0], self.out.bias
        ).tensor_split([self.features], 1)
        past[t % self.reach] = h
        return h + onward, skip


class WaveNet(nn.Module):
    """Conditionals of a sequence on one of ``levels`` levels a step.

    Args:
        length: how many steps ``generate`` draws; any number can be scored.
        levels: the number K of levels.
        features: channels F of the residual path.
        skip: channels S of the skip path.
        dilations: d_i of each block, say 1, 2, 4, …, 512, more than once.
        taps: the width k of each convolution, at least 2.

    Raises:
        UserError: when a convolution would see no past.
    """

    def __init__(
        self,
        length: int,
        levels: int = 256,
        features: int = 32,
        skip: int = 64,
        dilations: Sequence[int] = (1, 2, 4, 8, 16),
        taps: int = 2,
    ) -> None:
        super().__init__()
        if taps < 2 or not dilations or min(dilations) < 1:
            raise UserError(
                f"WaveNet with taps={taps}, dilations={list(dilations)}; "
                "use at least 2 taps and one or more dilations of at least 1"
            )
        self.shape, self.levels = (length,), levels
        self.embed = nn.Embedding(levels, features)
        self.blocks = nn.ModuleList(Block(features, skip, taps, d) for d in dilations)
        self.head = nn.Sequential(
            nn.ReLU(), nn.Linear(skip, skip), nn.ReLU(), nn.Linear(skip, levels)
        )
        self.receptive_field = 1 + (taps - 1) * sum(dilations)

    def forward(self, levels: Tensor) -> Tensor:
        """Return the logits of all conditionals, (N, T) -> (N, T, K)."""
        return self.conditionals(self.embed(levels))

    def conditionals(self, embedded: Tensor) -> Tensor:
        """Return the logits from embedded levels, (N, T, F) -> (N, T, K)."""
        h = pad(embedded[:, :-1], (0, 0, 1, 0)).transpose(1, 2)
        skips = []
        for block in self.blocks:
            h, skip = block(h)
            skips.append(skip)
        return self.head(torch.stack(skips).sum(0).transpose(1, 2))

    def generate(self, n: int, draw: Callable[[Tensor], Tensor]) -> Tensor:
        """Draw ``n`` sequences of levels, int64 (n, length): each step costs the same."""
        blocks = [block for block in self.blocks if isinstance(block, Block)]
        h = self.embed.weight.new_zeros(n, self.embed.embedding_dim)
        pasts = [h.new_zeros(block.reach, *h.shape) for block in blocks]
        drawn = []
        for t in range(self.shape[0]):
            skips = []
            for block, past in zip(blocks, pasts, strict=True):
                h, skip = block.step(h, past, t)
                skips.append(skip)
            drawn.append(draw(self.head(torch.stack(skips).sum(0))))
            h = self.embed(drawn[-1])
        return torch.stack(drawn, 1)
