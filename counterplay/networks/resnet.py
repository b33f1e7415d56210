r"""Residual networks for square images, sized by the rule of :mod:`counterplay.networks.dcgan`.

A block is main(h) + skip(h): main has two 3 × 3 convolutions, each after its norm and a ReLU, skip
one of 1 × 1 where the shape changes. The generator doubles the grid in each block, the critic
halves it and sums its last features over the grid. Weights are Glorot's uniform, by sqrt(2) larger
before a ReLU. With ``spectral`` as the critic's norm these are the networks of Spectral
Normalization for Generative Adversarial Networks (Miyato et al. 2018, arXiv 1802.05957), but that
theirs have the same width on all grids and halve the grid of 32 × 32 images twice only. With
``attention`` there is a layer of :mod:`counterplay.networks.attention` on the grid of a quarter of
the image's side (the innermost grid, where that is larger).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from counterplay.networks.attention import SelfAttention
from counterplay.networks.dcgan import NORMS, stages, widths
from counterplay.networks.norms import FOLLOWERS

__all__ = ["Block", "ResidualCritic", "ResidualGenerator"]


class Block(nn.Module):
    """main(h) + skip(h).

    Args:
        main: the long way.
        skip: the short way, to the same shape.
    """

    def __init__(self, main: nn.Module, skip: nn.Module) -> None:
        super().__init__()
        self.main = main
        self.skip = skip

    def forward(self, h: Tensor) -> Tensor:
        """Return the sum of both ways."""
        return self.main(h) + self.skip(h)


class ResidualGenerator(nn.Module):
    """Latents to images: (N, latent) -> (N, channels, size, size) in [-1, 1].

    Args:
        latent: width of z.
        channels: channels of the image.
        size: height and width of the image, see :func:`stages`.
        width: channels w of the outermost hidden layer.
        classes: number of classes when conditional: y is concatenated to z as one-hot.
        norm: a key of :data:`counterplay.networks.norms.FOLLOWERS`.
        inner: blocks on the innermost grid, besides.
        attention: whether a layer looks at the whole grid.
    """

    def __init__(
        self,
        latent: int,
        channels: int,
        size: int,
        width: int = 64,
        classes: int = 0,
        norm: str = "batch",
        inner: int = 0,
        attention: bool = False,
    ) -> None:
        super().__init__()
        start, doublings = stages(size)
        inward, follow = widths(width, doublings), FOLLOWERS[norm]
        deepest, self.classes = inward[-1], classes
        self.start = (deepest, start, start)
        self.project = nn.Linear(latent + classes, deepest * start * start)
        layers: list[nn.Module] = [_upwards(deepest, deepest, follow, 1) for _ in range(inner)]
        side, looks = start, _looked_at(size)
        for before, after in itertools.pairwise([*inward[::-1], inward[0]]):
            layers += [SelfAttention(before)] if attention and side == looks else []
            layers.append(_upwards(before, after, follow, 2))
            side *= 2
        layers += [follow(inward[0]), nn.ReLU(), _glorot(inward[0], channels, 3), nn.Tanh()]
        self.body = nn.Sequential(*layers)

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """Return images; ``y``, int64 (N,), is needed when the network is conditional."""
        if y is not None:
            z = torch.cat([z, one_hot(y, self.classes).to(z.dtype)], 1)
        grid = self.project(z).view(-1, *self.start)
        return self.body(grid.contiguous(memory_format=torch.channels_last))


class ResidualCritic(nn.Module):
    """Images to one value: (N, channels, size, size) -> (N,); conditional by projection.

    Args:
        channels: channels of the image.
        size: height and width of the image, see :func:`stages`.
        width: channels w of the outermost hidden layer.
        classes: number of classes when conditional.
        norm: a key of :data:`counterplay.networks.dcgan.NORMS`; the first block has no batch or
            group norm.
        inner: blocks on the innermost grid, besides.
        attention: whether a layer looks at the whole grid.
    """

    def __init__(
        self,
        channels: int,
        size: int,
        width: int = 64,
        classes: int = 0,
        norm: str = "spectral",
        inner: int = 1,
        attention: bool = False,
    ) -> None:
        super().__init__()
        wrap, follow = NORMS[norm]
        _, doublings = stages(size)
        outward, self.classes = widths(width, doublings), classes
        layers: list[nn.Module] = [_first(channels, outward[0], wrap)]
        side, looks = size // 2, _looked_at(size)
        for before, after in itertools.pairwise(outward):
            layers += [SelfAttention(before, wrap)] if attention and side == looks else []
            layers.append(_downwards(before, after, wrap, follow, 2))
            side //= 2
        deepest = outward[-1]
        layers += [SelfAttention(deepest, wrap)] if attention and side == looks else []
        layers += [_downwards(deepest, deepest, wrap, follow, 1) for _ in range(inner)]
        self.body = nn.Sequential(*layers, nn.ReLU())
        self.judge = wrap(_initial(nn.Linear(deepest, 1)))
        self.embed = wrap(nn.Linear(classes, deepest, bias=False)) if classes else None

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Return the critic's value; ``y``, int64 (N,), is needed when it is conditional."""
        h = self.body(x).sum((2, 3))
        value = self.judge(h).squeeze(1)
        if self.embed is None or y is None:
            return value
        return value + (self.embed(one_hot(y, self.classes).to(x.dtype)) * h).sum(1)


def _looked_at(size: int) -> int:
    """Return the side of the grid that attention looks at."""
    return max(stages(size)[0], size // 4)


def _upwards(before: int, after: int, follow: Callable[[int], nn.Module], factor: int) -> nn.Module:
    up = nn.Upsample(scale_factor=factor) if factor > 1 else nn.Identity()
    first = [follow(before), nn.ReLU(), up, _glorot(before, after, 3)]
    main = nn.Sequential(*first, follow(after), nn.ReLU(), _glorot(after, after, 3))
    # Nearest neighbours and a convolution of 1 x 1 commute: it costs a quarter on the small grid.
    return Block(main, nn.Sequential(_skip(before, after), up))


def _downwards(
    before: int,
    after: int,
    wrap: Callable[[nn.Module], nn.Module],
    follow: Callable[[int], nn.Module],
    factor: int,
) -> nn.Module:
    pool = nn.AvgPool2d(factor) if factor > 1 else nn.Identity()
    first = [follow(before), nn.ReLU(), wrap(_glorot(before, after, 3))]
    main = [*first, follow(after), nn.ReLU(), wrap(_glorot(after, after, 3)), pool]
    return Block(nn.Sequential(*main), nn.Sequential(pool, _skip(before, after, wrap)))


def _first(channels: int, after: int, wrap: Callable[[nn.Module], nn.Module]) -> nn.Module:
    main = [wrap(_glorot(channels, after, 3)), nn.ReLU(), wrap(_glorot(after, after, 3))]
    skip = [nn.AvgPool2d(2), wrap(_glorot(channels, after, 1))]
    return Block(nn.Sequential(*main, nn.AvgPool2d(2)), nn.Sequential(*skip))


def _skip(
    before: int, after: int, wrap: Callable[[nn.Module], nn.Module] = lambda layer: layer
) -> nn.Module:
    return nn.Identity() if before == after else wrap(_glorot(before, after, 1))


def _glorot(before: int, after: int, kernel: int) -> nn.Module:
    return _initial(nn.Conv2d(before, after, kernel, padding=kernel // 2))


def _initial(layer: nn.Conv2d | nn.Linear) -> nn.Module:
    square = isinstance(layer, nn.Conv2d) and layer.kernel_size == (3, 3)
    nn.init.xavier_uniform_(layer.weight, math.sqrt(2) if square else 1.0)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer
