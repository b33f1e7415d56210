r"""Laplacian pyramids of pictures, and the networks of their levels.

Notation: d halves a picture by the mean over 2 × 2 pixels, u doubles it by linear interpolation.
The pyramid of I_0 has the coarse pictures I_{k+1} = d(I_k) and the residuals

    h_k = I_k − l_k,      l_k = u(I_{k+1}),      so that      I_k = l_k + h_k

whatever d and u are: going down loses nothing. The Laplacian Pyramid as a Compact Image Code (Burt,
Adelson 1983); Deep Generative Image Models using a Laplacian Pyramid of Adversarial Networks
(Denton et al. 2015, arXiv 1506.05751).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate

from counterplay.networks.mlp import MLP

__all__ = [
    "CoarseCritic",
    "CoarseGenerator",
    "LevelCritic",
    "LevelGenerator",
    "build",
    "down",
    "rebuild",
    "up",
]


def down(x: Tensor) -> Tensor:
    """Return pictures of half the side, (N, C, S, S) -> (N, C, S/2, S/2)."""
    return avg_pool2d(x, 2)


def up(x: Tensor) -> Tensor:
    """Return pictures of twice the side, by linear interpolation between pixels' middles."""
    return interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


def build(x: Tensor, levels: int) -> tuple[list[Tensor], Tensor]:
    """Return the residuals h_0 … h_{levels-1}, finest first, and the coarsest pictures."""
    residuals = []
    for _ in range(levels):
        coarse = down(x)
        residuals.append(x - up(coarse))
        x = coarse
    return residuals, x


def rebuild(residuals: Sequence[Tensor], coarse: Tensor) -> Tensor:
    """Return the pictures that ``build`` took apart."""
    for residual in reversed(residuals):
        coarse = up(coarse) + residual
    return coarse


class LevelGenerator(nn.Module):
    """Noise (N, 1, S, S) and up-sampled coarse pictures (N, C, S, S) to residuals (N, C, S, S).

    Two convolutions with ReLU and one without, at the level's own size. Published for 32 × 32: 64
    channels, kernels of 7, 7 and 5.

    Args:
        channels: C.
        width: channels in between.
        reach: kernels are 2 · reach + 1 wide; the last one's 5 at most.
    """

    def __init__(self, channels: int, width: int = 64, reach: int = 3) -> None:
        super().__init__()
        last = min(reach, 2)
        self.body = nn.Sequential(
            nn.Conv2d(channels + 1, width, 2 * reach + 1, padding=reach),
            nn.ReLU(),
            nn.Conv2d(width, width, 2 * reach + 1, padding=reach),
            nn.ReLU(),
            nn.Conv2d(width, channels, 2 * last + 1, padding=last),
        )
        self.body.apply(_he)

    def forward(self, noise: Tensor, coarse: Tensor) -> Tensor:
        """Return residuals."""
        return self.body(torch.cat([noise.to(coarse.dtype), coarse], 1))


class LevelCritic(nn.Module):
    """Residuals on their coarse pictures to logits: (N, C, S, S) twice -> (N,).

    It sees l + h, a picture at the level's size, beside l. Two convolutions of 5 × 5 with strides
    of 2 and a linear layer; published ones have dropout besides, and a first stride of 1.

    Args:
        channels: C.
        size: S.
        width: channels in between.
    """

    def __init__(self, channels: int, size: int, width: int = 64) -> None:
        super().__init__()
        side = math.ceil(math.ceil(size / 2) / 2)
        self.body = nn.Sequential(
            nn.Conv2d(2 * channels, width, 5, 2, 2),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 5, 2, 2),
            nn.LeakyReLU(0.2),
        )
        self.head = nn.Linear(2 * width * side * side, 1)
        self.apply(_he)

    def forward(self, residual: Tensor, coarse: Tensor) -> Tensor:
        """Return the critic's value."""
        seen = torch.cat([coarse + residual, coarse], 1)
        return self.head(self.body(seen).flatten(1)).squeeze(1)


class CoarseGenerator(nn.Module):
    """Latents to the coarsest pictures, fully connected: (N, latent) -> (N, *shape) in [-1, 1].

    Args:
        latent: width of z.
        shape: (C, H, W).
        width: units of the two hidden layers.
    """

    def __init__(self, latent: int, shape: Sequence[int], width: int = 256) -> None:
        super().__init__()
        self.shape = tuple(shape)
        self.body = MLP([latent, width, width, math.prod(shape)])

    def forward(self, z: Tensor) -> Tensor:
        """Return pictures."""
        return self.body(z).tanh().unflatten(1, self.shape)


class CoarseCritic(nn.Module):
    """The coarsest pictures to logits, fully connected: (N, *shape) -> (N,).

    Args:
        shape: (C, H, W).
        width: units of the two hidden layers.
    """

    def __init__(self, shape: Sequence[int], width: int = 256) -> None:
        super().__init__()
        sizes = [math.prod(shape), width, width, 1]
        self.body = MLP(sizes, lambda: nn.LeakyReLU(0.2))

    def forward(self, x: Tensor) -> Tensor:
        """Return the critic's value."""
        return self.body(x.flatten(1)).squeeze(1)


def _he(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d | nn.Linear):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
