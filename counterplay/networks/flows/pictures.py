r"""Transforms of pictures: pixels to channels, several scales, and the logit of grey values."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import pixel_shuffle, pixel_unshuffle

from counterplay.likelihood import logits, unlogits
from counterplay.networks.flows.base import Transform

__all__ = ["Flat", "Logit", "MultiScale", "Squeeze", "after_stages"]


class Squeeze(Transform):
    """Each 2 × 2 pixels become four channels: (N, C, H, W) -> (N, 4 C, H / 2, W / 2).

    Density estimation using Real NVP (Dinh et al. 2016, arXiv 1605.08803), section 3.6.
    """

    def forward(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Move pixels to channels."""
        return pixel_unshuffle(x, 2), x.new_zeros(len(x))

    def inverse(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Move channels to pixels."""
        return pixel_shuffle(z, 2), z.new_zeros(len(z))


class MultiScale(Transform):
    """Half of the channels leave after each stage but the last: (N, C, H, W) -> (N, D), flat.

    Density estimation using Real NVP (Dinh et al. 2016, arXiv 1605.08803), section 3.6.

    Args:
        stages: each (N, C, H, W) -> (N, 4 C, H / 2, W / 2), such as a chain with one
            :class:`Squeeze`; the next is given 2 C channels.
        shape: (C, H, W) of the pictures; H and W divide by 2 to the number of stages.
    """

    def __init__(self, stages: Sequence[Transform], shape: Sequence[int]) -> None:
        super().__init__()
        self.stages = nn.ModuleList(stages)
        self.shapes = [after_stages(shape, k + 1) for k in range(len(stages))]

    def forward(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return what left at each scale, flat, the finest first, and the sum of log|det|."""
        total = x.new_zeros(len(x))
        left = []
        for stage in self.stages[:-1]:
            x, log_det = stage(x, context)
            total = total + log_det
            out, x = x.chunk(2, 1)
            left.append(out.flatten(1))
        x, log_det = self.stages[-1](x, context)
        return torch.cat([*left, x.flatten(1)], 1), total + log_det

    def inverse(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Put the scales together again, from the coarsest."""
        parts = z.split(self._sizes(), 1)
        total = z.new_zeros(len(z))
        x = z[:, :0]
        backwards = zip(reversed(self.stages), reversed(self.shapes), reversed(parts), strict=True)
        for k, (stage, (_, height, width), part) in enumerate(backwards):
            out = part.unflatten(1, (-1, height, width))
            whole = torch.cat([out, x], 1) if k else out
            x, log_det = stage.inverse(whole, context)  # pyright: ignore[reportCallIssue]
            total = total + log_det
        return x, total

    def _sizes(self) -> list[int]:
        whole = [math.prod(shape) for shape in self.shapes]
        return [*(size // 2 for size in whole[:-1]), whole[-1]]


class Logit(Transform):
    """z = logit(a + (1 − 2a) x) of grey values in [0, 1], as in :mod:`counterplay.likelihood`.

    Args:
        margin: a.
    """

    def __init__(self, margin: float = 0.05) -> None:
        super().__init__()
        self.margin = margin

    def forward(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return the logits."""
        return logits(x, self.margin)

    def inverse(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return the grey values, up to the margin outside of [0, 1]."""
        return unlogits(z, self.margin)


class Flat(Transform):
    """Pictures as rows of numbers: (N, C, H, W) -> (N, C · H · W).

    Args:
        shape: (C, H, W), or any other.
    """

    def __init__(self, shape: Sequence[int]) -> None:
        super().__init__()
        self.shape = tuple(shape)

    def forward(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Lay the numbers side by side."""
        return x.flatten(1), x.new_zeros(len(x))

    def inverse(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Put them back into their places."""
        return z.unflatten(1, self.shape), z.new_zeros(len(z))


def after_stages(shape: Sequence[int], stages: int) -> tuple[int, int, int]:
    """Return the shape before the split of stage number ``stages``, from one."""
    channels, height, width = shape
    return channels * 2 ** (stages + 1), height >> stages, width >> stages
