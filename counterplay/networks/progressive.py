r"""Networks that grow with the images they make.

Notation: an image of s₀ · 2^k pixels has levels 0 … k, level l of side s₀ · 2^l. At (l, a), with a
share a in [0, 1],

    G(z; l, a) = (1 − a) · up(G(z; l − 1, 1)) + a · rgb_l(h_l(z)),
    f(x; l, a) = tail(h) with h = (1 − a) · from_{l−1}(down(x)) + a · block_l(from_l(x)),

so that at a = 0 each is exactly the network of one level less and at a = 1 the new one; ``up`` is
by nearest neighbours, ``down`` the mean of 2 × 2. Layers have an equalised learning rate, the
generator normalises the channels of each pixel, the critic is shown how much its batch varies.

Progressive Growing of GANs for Improved Quality, Stability, and Variation (Karras et al. 2018,
arXiv 1710.10196).
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate

from counterplay.networks.dcgan import stages, widths
from counterplay.networks.equal import EqualConv, EqualLinear
from counterplay.networks.minibatch import MinibatchStd
from counterplay.networks.norms import PixelNorm

__all__ = ["GrowingCritic", "GrowingGenerator", "seen_at", "spread"]

SLOPE = 0.2
"""Of the leaky rectifiers."""


class GrowingGenerator(nn.Module):
    """Latents to images: (N, latent) -> (N, channels, s₀ · 2^l, s₀ · 2^l), without an end.

    Args:
        latent: width of z.
        channels: channels of the image.
        size: height and width at the last level, see :func:`counterplay.networks.dcgan.stages`.
        width: channels of the last level.
    """

    def __init__(self, latent: int, channels: int, size: int, width: int = 64) -> None:
        super().__init__()
        start, self.top = stages(size)
        outward = _outward(width, self.top)
        self.start = (outward[0], start, start)
        self.project = EqualLinear(latent, outward[0] * start * start)
        self.first = nn.Sequential(_active(), EqualConv(outward[0], outward[0]), _active())
        self.blocks = nn.ModuleList(_grown(a, b) for a, b in itertools.pairwise(outward))
        self.colours = nn.ModuleList(EqualConv(w, channels, 1, gain=1.0) for w in outward)
        self.normal = PixelNorm()

    def forward(self, z: Tensor, level: int | None = None, share: float = 1.0) -> Tensor:
        """Return the images of (level, share); of the last level when none is given."""
        level = self.top if level is None else level
        grid = self.project(self.normal(z)).view(-1, *self.start)
        h = before = self.first(grid.contiguous(memory_format=torch.channels_last))
        for block in itertools.islice(self.blocks, level):
            h, before = block(h), h
        if share >= 1 or not level:
            return self.colours[level](h)
        old = interpolate(self.colours[level - 1](before), scale_factor=2.0)
        return torch.lerp(old, self.colours[level](h), share)


class GrowingCritic(nn.Module):
    """Images to one value: (N, channels, s₀ · 2^l, s₀ · 2^l) -> (N,).

    Args:
        channels: channels of the image.
        size: height and width at the last level.
        width: channels of the last level.
        group: examples whose deviation is shown to the critic; batches are multiples of it.
    """

    def __init__(self, channels: int, size: int, width: int = 64, group: int = 4) -> None:
        super().__init__()
        start, self.top = stages(size)
        outward = _outward(width, self.top)
        deepest = outward[0]
        self.colours = nn.ModuleList(_from_colours(channels, w) for w in outward)
        self.blocks = nn.ModuleList(_shrunk(b, a) for a, b in itertools.pairwise(outward))
        self.spread = MinibatchStd(group)
        self.last = nn.Sequential(
            EqualConv(deepest + 1, deepest),
            nn.LeakyReLU(SLOPE),
            nn.Flatten(),
            EqualLinear(deepest * start * start, deepest),
            nn.LeakyReLU(SLOPE),
            EqualLinear(deepest, 1, gain=1.0),
        )

    def forward(
        self, x: Tensor, level: int | None = None, share: float = 1.0, alone: bool = False
    ) -> Tensor:
        """Return the value of images of (level, share); of the last level when none is given.

        ``alone``: see :func:`spread`.
        """
        level = self.top if level is None else level
        h = self.colours[level](x)
        if level:
            h = self.blocks[level - 1](h)
            if share < 1:
                h = torch.lerp(self.colours[level - 1](avg_pool2d(x, 2)), h, share)
        for index in range(level - 2, -1, -1):
            h = self.blocks[index](h)
        return self.last(spread(self.spread, h, alone)).squeeze(1)


def seen_at(x: Tensor, top: int, level: int, share: float) -> Tensor:
    """Return real images as they are at (level, share): (N, C, size, size) -> (N, C, side, side).

    While a level fades in, so do its details: they are the share of what one level less has not.
    """
    x = avg_pool2d(x, 2 ** (top - level)) if level < top else x
    if share >= 1 or not level:
        return x
    return torch.lerp(interpolate(avg_pool2d(x, 2), scale_factor=2.0), x, share)


def spread(layer: MinibatchStd, h: Tensor, alone: bool) -> Tensor:
    """Return ``layer(h)``: features, and the deviation of each group as one channel more.

    ``alone``: hold the deviations fixed, so that the slope of a value in its own example is all
    there is to the gradient of the values' sum, as penalties on slopes need it.
    """
    out = layer(h)
    return torch.cat([h, out[:, h.shape[1] :].detach()], 1) if alone else out


def _outward(width: int, top: int) -> list[int]:
    """Return the widths of levels 0 … top."""
    return [*widths(width, top + 1)[::-1]]


def _active() -> nn.Module:
    return nn.Sequential(nn.LeakyReLU(SLOPE), PixelNorm())


def _grown(before: int, after: int) -> nn.Module:
    halves = [EqualConv(before, after), _active(), EqualConv(after, after), _active()]
    return nn.Sequential(nn.Upsample(scale_factor=2), *halves)


def _shrunk(before: int, after: int) -> nn.Module:
    first = [EqualConv(before, before), nn.LeakyReLU(SLOPE)]
    second = [EqualConv(before, after), nn.LeakyReLU(SLOPE)]
    return nn.Sequential(*first, *second, nn.AvgPool2d(2))


def _from_colours(channels: int, after: int) -> nn.Module:
    return nn.Sequential(EqualConv(channels, after, 1), nn.LeakyReLU(SLOPE))
