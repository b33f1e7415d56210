r"""Coupling: one part of x passes unchanged and says how the other is mapped.

With a mask m of zeros and ones, z = m x + (1 − m) map(x; net(m x)): the Jacobian is triangular,
its log|det| the sum of the maps' log derivatives.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from counterplay.networks.flows.base import Transform, per_example
from counterplay.networks.flows.univariate import Direction, Univariate, affine

__all__ = ["Coupling", "channels", "checkerboard", "every_other"]


class Coupling(Transform):
    """A coupling layer: Density estimation using Real NVP (Dinh et al. 2016, arXiv 1605.08803).

    Args:
        net: (N, C, …), context -> (N, C · width, …), the parameters of the map of each number.
        mask: bool, shape (C, …) or one that broadcasts to it: True passes unchanged.
        univariate: the map; :data:`affine` is Real NVP, ``additive`` NICE, ``spline`` NSF.
    """

    mask: Tensor

    def __init__(self, net: nn.Module, mask: Tensor, univariate: Univariate = affine) -> None:
        super().__init__()
        self.net = net
        self.univariate = univariate
        self.register_buffer("mask", mask)

    def forward(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Map the part that is not masked."""
        return self._apply_to(x, context, self.univariate.forward)

    def inverse(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Map it back: the masked part, which is unchanged, gives the same parameters."""
        return self._apply_to(z, context, self.univariate.inverse)

    def _apply_to(
        self, x: Tensor, context: Tensor | None, direction: Direction
    ) -> tuple[Tensor, Tensor]:
        raw = self.net(x * self.mask, context).unflatten(1, (x.shape[1], self.univariate.width))
        raw = raw.to(torch.promote_types(raw.dtype, torch.float32))  # of bf16: bins may be narrow
        value, slope = direction(x, raw.movedim(2, -1))
        moved = torch.where(self.mask, x, value)
        return moved, per_example(torch.where(self.mask, 0.0, slope))


def every_other(dim: int, odd: bool = False) -> Tensor:
    """Return the mask of every other number, (dim,): the even ones, or the ``odd``."""
    return torch.arange(dim) % 2 == int(odd)


def checkerboard(height: int, width: int, odd: bool = False) -> Tensor:
    """Return the checkerboard's mask, (1, height, width)."""
    rows, columns = torch.arange(height)[:, None], torch.arange(width)[None]
    return ((rows + columns) % 2 == int(odd))[None]


def channels(count: int, odd: bool = False) -> Tensor:
    """Return the mask of the first half of the channels, (count, 1, 1), or of the second."""
    return ((torch.arange(count) < count // 2) != odd)[:, None, None]
