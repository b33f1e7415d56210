r"""Layers with an equalised learning rate.

The stored weight is drawn from N(0, 1) and scaled by He's constant g / sqrt(fan in) whenever it is
used. Optimisers that normalise each gradient, as Adam does, then move all layers by the same share
of their scale. ``rate`` slows a layer: it is stored 1 / rate as large and scaled by rate.

Progressive Growing of GANs (Karras et al. 2018, arXiv 1710.10196), section 4.1; He's constant is
that of Delving Deep into Rectifiers (He et al. 2015, arXiv 1502.01852).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, linear

__all__ = ["RECTIFIED", "EqualConv", "EqualLinear", "EqualWeight"]

RECTIFIED = math.sqrt(2)
"""He's gain g before a rectifier; a layer without one has gain 1."""


class EqualWeight(nn.Module):
    """A weight of shape (out, in, …) whose learning rate is equalised.

    Args:
        shape: of the weight.
        gain: g.
        rate: the factor by which the layer learns more slowly.
    """

    def __init__(self, *shape: int, gain: float = RECTIFIED, rate: float = 1.0) -> None:
        super().__init__()
        self.stored = nn.Parameter(torch.randn(*shape) / rate)
        self.scale = gain * rate / math.sqrt(math.prod(shape[1:]))

    def forward(self) -> Tensor:
        """Return the weight as it is used, of deviation g / sqrt(fan in) at first."""
        return self.stored * self.scale


class EqualLinear(nn.Module):
    """(N, before) -> (N, after).

    Args:
        before: width of the input.
        after: width of the output.
        gain: see :class:`EqualWeight`.
        rate: see :class:`EqualWeight`.
        bias: its first value.
    """

    def __init__(
        self,
        before: int,
        after: int,
        gain: float = RECTIFIED,
        rate: float = 1.0,
        bias: float = 0.0,
    ) -> None:
        super().__init__()
        self.weight = EqualWeight(after, before, gain=gain, rate=rate)
        self.bias = nn.Parameter(torch.full((after,), bias / rate))
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        """Return the affine map of ``x``."""
        return linear(x, self.weight(), self.bias * self.rate)


class EqualConv(nn.Module):
    """(N, before, H, W) -> (N, after, H, W): a convolution that keeps the grid.

    Args:
        before: channels of the input.
        after: channels of the output.
        kernel: an odd side of the kernel.
        gain: see :class:`EqualWeight`.
    """

    def __init__(self, before: int, after: int, kernel: int = 3, gain: float = RECTIFIED) -> None:
        super().__init__()
        self.weight = EqualWeight(after, before, kernel, kernel, gain=gain)
        self.bias = nn.Parameter(torch.zeros(after))
        self.margin = kernel // 2

    def forward(self, h: Tensor) -> Tensor:
        """Return the convolution of ``h``."""
        return conv2d(h, self.weight(), self.bias, padding=self.margin)
