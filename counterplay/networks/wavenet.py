r"""WaveNet: dilated causal convolutions over a sequence of levels.

Notation: levels (N, T), embedded and shifted right by one step, so that the logits at t see what
lies before t. Block i is z = tanh(a) · sigmoid(b), (a, b) = a convolution of k taps, d_i apart;
z goes to the next block by addition (residual) and to the output (skip). The logits at t see the
last R = 1 + (k - 1) sum_i d_i levels. A class, where one is told, adds to (a, b) in every block.
WaveNet: A Generative Model for Raw Audio (van den Oord et al. 2016, arXiv 1609.03499).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from counterplay.errors import UserError
from counterplay.networks.dropout import Dropout
from counterplay.networks.wavenet_steps import Layer, Steps

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

    def __init__(
        self, features: int, skip: int, taps: int, dilation: int, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.reach = dilation * (taps - 1)
        self.dilation, self.features = dilation, features
        self.across = nn.Conv1d(features, 2 * features, taps, dilation=dilation)
        self.dropped = Dropout(dropout)
        self.out = nn.Conv1d(features, features + skip, 1)

    def forward(self, h: Tensor, told: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Pad the past with zeros, gate, and split what comes out; a class adds ``told``."""
        gates = self.across(pad(h, (self.reach, 0)))
        a, b = (gates if told is None else gates + told[:, :, None]).chunk(2, 1)
        gated = self.dropped(a.tanh() * b.sigmoid())
        onward, skip = self.out(gated).tensor_split([self.features], 1)
        return h + onward, skip

    def layer(self, told: Tensor | None = None) -> Layer:
        """Return the weights for one step at a time; classes add ``told``, (n, 2F)."""
        out, width = _array(self.out.weight)[:, :, 0], self.features
        gates = _array(self.across.bias)[:, None]
        return Layer(
            taps=_array(self.across.weight).transpose(2, 0, 1),
            gates=gates if told is None else gates + _array(told).T,
            onward=out[:width],
            onward_bias=_array(self.out.bias)[:width],
            skip=out[width:],
            dilation=self.dilation,
        )


class WaveNet(nn.Module):
    """Conditionals of a sequence on one of ``levels`` levels a step.

    Args:
        length: how many steps ``generate`` draws; any number can be scored.
        levels: the number K of levels.
        features: channels F of the residual path.
        skip: channels S of the skip path.
        dilations: d_i of each block, say 1, 2, 4, …, 512, more than once.
        taps: the width k of each convolution, at least 2.
        classes: how many classes it is told; 0 for none.
        dropout: share of each block's gated units that a round leaves out.

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
        classes: int = 0,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if taps < 2 or not dilations or min(dilations) < 1:
            raise UserError(
                f"WaveNet with taps={taps}, dilations={list(dilations)}; "
                "use at least 2 taps and one or more dilations of at least 1"
            )
        self.shape, self.levels = (length,), levels
        self.embed = nn.Embedding(levels, features)
        self.blocks = nn.ModuleList(Block(features, skip, taps, d, dropout) for d in dilations)
        self.head = nn.Sequential(
            nn.ReLU(), nn.Linear(skip, skip), nn.ReLU(), nn.Linear(skip, levels)
        )
        # Untold at first: the classes begin at zero, and differ as soon as that helps.
        self.told = nn.Embedding(classes, 2 * features * len(dilations)) if classes else None
        if self.told is not None:
            nn.init.zeros_(self.told.weight)
        self.receptive_field = 1 + (taps - 1) * sum(dilations)

    def forward(self, levels: Tensor, condition: Tensor | None = None) -> Tensor:
        """Return the logits of all conditionals, (N, T) -> (N, T, K), given the classes (N,)."""
        return self.conditionals(self.embed(levels), condition)

    def conditionals(self, embedded: Tensor, condition: Tensor | None = None) -> Tensor:
        """Return the logits from embedded levels, (N, T, F) -> (N, T, K)."""
        h = pad(embedded[:, :-1], (0, 0, 1, 0)).transpose(1, 2)
        total = h.new_zeros(())
        for block, told in zip(self.blocks, self._told(condition), strict=True):
            h, skip = block(h, told)
            total = total + skip
        return self.head(total.transpose(1, 2))

    def generate(
        self, n: int, draw: Callable[[Tensor], Tensor], condition: Tensor | None = None
    ) -> Tensor:
        """Draw ``n`` sequences of levels, int64 (n, length): each step costs the same.

        Steps are computed on the processor, whatever the network is on: they are too small for
        anything that has to be launched. The logits that ``draw`` gets are on the CPU.
        """
        steps, levels, drawn = self.steps(n, condition), None, []
        for t in range(self.shape[0]):
            logits = torch.from_numpy(steps.step(levels, t).T)
            drawn.append(draw(logits))
            levels = drawn[-1].numpy()
        return torch.stack(drawn, 1).to(self.embed.weight.device)

    def steps(self, n: int, condition: Tensor | None = None) -> Steps:
        """Return the state of ``n`` sequences before their first step."""
        blocks = [block for block in self.blocks if isinstance(block, Block)]
        told = self._told(condition)
        first, second = (layer for layer in self.head if isinstance(layer, nn.Linear))
        width = self.embed.embedding_dim
        return Steps(
            [block.layer(row) for block, row in zip(blocks, told, strict=True)],
            _array(self.embed.weight),
            np.sum([_array(block.out.bias)[width:] for block in blocks], axis=0),
            (_array(first.weight), _array(first.bias), _array(second.weight), _array(second.bias)),
            n,
        )

    def _told(self, condition: Tensor | None) -> Sequence[Tensor | None]:
        """Return what each block is told, (N, 2F)."""
        if (condition is None) != (self.told is None):
            raise UserError("a WaveNet that was made for classes needs one for each sequence")
        if self.told is None or condition is None:
            return [None] * len(self.blocks)
        return self.told(condition).chunk(len(self.blocks), 1)


def _array(weight: Tensor | None) -> np.ndarray:
    assert weight is not None, "every layer here has a bias"
    found = weight.detach().cpu()
    return (found if found.dtype == torch.float64 else found.float()).numpy()
