r"""A plain residual pair for the relativistic game with both penalties, after R3GAN.

No norms, no noise, no styles. A block is h + W₃ σ(G σ(W₁ h)): 1 × 1 to twice the channels, 3 × 3 in
groups, 1 × 1 back, σ a leaky ReLU. The last weight of each block starts at zero and the others
smaller by (number of blocks)^(−1/4), so that at first blocks are identities and yet all learn
(Fixup Initialization, Zhang et al. 2019, arXiv 1901.09321). The generator starts from a learned
grid, scaled channel by channel by a linear map of z; the critic ends in the grid's inner product
with a learned one for each channel. Grids change between the stages, bilinearly.

The GAN is dead; long live the GAN! A Modern Baseline GAN (Huang et al. 2024, arXiv 2501.05441).
"""

from __future__ import annotations

import itertools
import math

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from counterplay.networks.dcgan import stages, widths

__all__ = ["ModernBlock", "ModernCritic", "ModernGenerator"]

SLOPE = 0.2
"""Of the leaky rectifiers."""

GROUP = 16
"""Channels of a group of the 3 × 3 convolutions, at most."""


class ModernBlock(nn.Module):
    """h + W₃ σ(G σ(W₁ h)): (N, C, H, W) -> (N, C, H, W).

    Args:
        channels: C.
        blocks: in the whole network, by which first weights are scaled.
    """

    def __init__(self, channels: int, blocks: int) -> None:
        super().__init__()
        wide = 2 * channels
        self.main = nn.Sequential(
            _scaled(nn.Conv2d(channels, wide, 1), blocks**-0.25),
            nn.LeakyReLU(SLOPE),
            _scaled(nn.Conv2d(wide, wide, 3, padding=1, groups=_groups(wide)), blocks**-0.25),
            nn.LeakyReLU(SLOPE),
            _scaled(nn.Conv2d(wide, channels, 1, bias=False), 0.0),
        )

    def forward(self, h: Tensor) -> Tensor:
        """Return the block's output."""
        return h + self.main(h)


class ModernGenerator(nn.Module):
    """Latents to images: (N, latent) -> (N, channels, size, size), without an end.

    Args:
        latent: width of z.
        channels: channels of the image.
        size: height and width of the image, see :func:`counterplay.networks.dcgan.stages`.
        width: channels of the outermost stage.
        classes: number of classes when conditional: y is concatenated to z as one-hot.
        depth: blocks of each stage.
    """

    def __init__(
        self,
        latent: int,
        channels: int,
        size: int,
        width: int = 32,
        classes: int = 0,
        depth: int = 1,
    ) -> None:
        super().__init__()
        start, doublings = stages(size)
        inward = widths(width, doublings + 1)[::-1]
        blocks, self.classes = depth * len(inward), classes
        self.basis = nn.Parameter(torch.randn(1, inward[0], start, start))
        self.scale = nn.Linear(latent + classes, inward[0], bias=False)
        nn.init.normal_(self.scale.weight, 0.0, (latent + classes) ** -0.5)
        layers: list[nn.Module] = [ModernBlock(inward[0], blocks) for _ in range(depth)]
        for before, after in itertools.pairwise(inward):
            layers.append(_between(before, after, nn.Upsample(scale_factor=2, mode="bilinear")))
            layers += [ModernBlock(after, blocks) for _ in range(depth)]
        layers.append(_scaled(nn.Conv2d(inward[-1], channels, 1), math.sqrt(0.5)))
        self.body = nn.Sequential(*layers)

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """Return images; ``y``, int64 (N,), is needed when the network is conditional."""
        if y is not None:
            z = torch.cat([z, one_hot(y, self.classes).to(z.dtype)], 1)
        grid = self.basis * self.scale(z)[:, :, None, None]
        return self.body(grid.contiguous(memory_format=torch.channels_last))


class ModernCritic(nn.Module):
    """Images to one value: (N, channels, size, size) -> (N,); conditional by projection.

    Args:
        channels: channels of the image.
        size: height and width of the image.
        width: channels of the outermost stage.
        classes: number of classes when conditional.
        depth: blocks of each stage.
    """

    def __init__(
        self, channels: int, size: int, width: int = 32, classes: int = 0, depth: int = 1
    ) -> None:
        super().__init__()
        start, doublings = stages(size)
        outward = widths(width, doublings + 1)
        blocks, deepest, self.classes = depth * len(outward), outward[-1], classes
        layers: list[nn.Module] = [_scaled(nn.Conv2d(channels, outward[0], 1), math.sqrt(0.5))]
        layers += [ModernBlock(outward[0], blocks) for _ in range(depth)]
        for before, after in itertools.pairwise(outward):
            layers.append(_between(before, after, nn.AvgPool2d(2)))
            layers += [ModernBlock(after, blocks) for _ in range(depth)]
        self.body = nn.Sequential(*layers)
        self.basis = nn.Parameter(torch.randn(deepest, start, start) / start)
        self.judge = nn.Linear(deepest, 1, bias=False)
        self.embed = nn.Linear(classes, deepest, bias=False) if classes else None
        for layer in (self.judge, self.embed):
            if layer is not None:
                nn.init.normal_(layer.weight, 0.0, deepest**-0.5)

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Return the critic's value; ``y``, int64 (N,), is needed when it is conditional."""
        h = (self.body(x) * self.basis).sum((2, 3))
        value = self.judge(h).squeeze(1)
        if self.embed is None or y is None:
            return value
        return value + (self.embed(one_hot(y, self.classes).to(x.dtype)) * h).sum(1)


def _between(before: int, after: int, resample: nn.Module) -> nn.Module:
    """Return the way from one stage to the next: the 1 x 1 convolution on the smaller grid."""
    if before == after:
        return resample
    change = _scaled(nn.Conv2d(before, after, 1, bias=False), math.sqrt(0.5))
    down = isinstance(resample, nn.AvgPool2d)
    return nn.Sequential(resample, change) if down else nn.Sequential(change, resample)


def _scaled(layer: nn.Conv2d, gain: float) -> nn.Conv2d:
    """Draw the weight from N(0, 2 gain² / fan in): He's, for a gain of one."""
    fan = layer.weight[0].numel()
    nn.init.normal_(layer.weight, 0.0, gain * math.sqrt(2 / fan))
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


def _groups(channels: int) -> int:
    return math.gcd(channels, max(channels // GROUP, 1))
