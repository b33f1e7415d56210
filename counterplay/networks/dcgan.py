r"""Convolutional networks for square images of any sensible size, built by one rule.

A size is s₀ · 2^k with s₀ in 4 … 7 and k ≥ 1: the networks work on a grid of s₀ × s₀ and double or
halve it k times. Widths grow from the image inwards: w, 2w, 4w, … up to 8w.

Unsupervised Representation Learning with Deep Convolutional GANs (Radford et al. 2015,
arXiv 1511.06434): strided convolutions of 4 × 4, batch norm and ReLU in the generator, leaky ReLU
of slope 0.2 in the critic, weights N(0, 0.02²). The "resize" generator up-samples by nearest
neighbours and convolves 3 × 3, which has no checkerboard: Deconvolution and Checkerboard Artifacts
(Odena et al. 2016, doi 10.23915/distill.00003).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot
from torch.nn.utils.parametrizations import spectral_norm

from counterplay.errors import UserError
from counterplay.networks.norms import FOLLOWERS

__all__ = [
    "NORMS",
    "UPSAMPLES",
    "ConvCritic",
    "ConvEncoder",
    "ConvGenerator",
    "stages",
    "widths",
]


def stages(size: int) -> tuple[int, int]:
    """Return (s₀, k) with size = s₀ · 2^k and s₀ in 4 … 7.

    >>> stages(28), stages(32), stages(8)
    ((7, 2), (4, 3), (4, 1))

    Raises:
        UserError: for a size that is no such product, or outside 8 … 128.
    """
    start, doublings = size, 0
    while start > 7 and start % 2 == 0:
        start, doublings = start // 2, doublings + 1
    if not (8 <= size <= 128 and 4 <= start <= 7):
        raise UserError(
            f"images of {size}×{size} have no network; sizes are 4, 5, 6 or 7 times a power of "
            "two, from 8 to 128 (for example 28, 32, 64)"
        )
    return start, doublings


def widths(width: int, doublings: int) -> list[int]:
    """Return the widths from the image inwards, one for each grid below the image's own."""
    return [width * 2 ** min(i, 3) for i in range(doublings)]


def _transposed(before: int, after: int) -> list[nn.Module]:
    return [nn.ConvTranspose2d(before, after, 4, 2, 1, bias=False)]


def _uneven(before: int, after: int) -> list[nn.Module]:
    return [nn.ConvTranspose2d(before, after, 3, 2, 1, output_padding=1, bias=False)]


def _resized(before: int, after: int) -> list[nn.Module]:
    return [nn.Upsample(scale_factor=2), nn.Conv2d(before, after, 3, 1, 1, bias=False)]


UPSAMPLES: dict[str, Callable[[int, int], list[nn.Module]]] = {
    "transposed": _transposed,
    "uneven": _uneven,
    "resize": _resized,
}
"""How a generator doubles its grid: (channels in, channels out) -> layers.

``uneven`` is a transposed convolution of 3 × 3 and stride 2: its kernel is no multiple of its
stride, so that neighbouring pixels are sums of one, two or four products.
"""

NORMS: dict[str, tuple[Callable[[nn.Module], nn.Module], Callable[[int], nn.Module]]] = {
    "none": (lambda layer: layer, lambda channels: nn.Identity()),
    "batch": (lambda layer: layer, nn.BatchNorm2d),
    "group": (lambda layer: layer, lambda channels: nn.GroupNorm(1, channels)),
    "spectral": (spectral_norm, lambda channels: nn.Identity()),
}
"""A critic's norm: what is done to a layer's weight, and what follows the layer.

``group`` with one group is layer norm over channels and pixels: it sees one example at a time.
"""


class ConvGenerator(nn.Module):
    """Latents to images: (N, latent) -> (N, channels, size, size) in [-1, 1].

    Args:
        latent: width of z.
        channels: channels of the image.
        size: height and width of the image, see :func:`stages`.
        width: channels w of the outermost hidden layer.
        classes: number of classes when conditional: y is concatenated to z as one-hot.
        upsample: a key of :data:`UPSAMPLES`.
        inner: convolutions of 3 × 3 on the innermost grid, which small images have few layers of.
        norm: a key of :data:`counterplay.networks.norms.FOLLOWERS`.
    """

    def __init__(
        self,
        latent: int,
        channels: int,
        size: int,
        width: int = 64,
        classes: int = 0,
        upsample: str = "transposed",
        inner: int = 0,
        norm: str = "batch",
    ) -> None:
        super().__init__()
        start, doublings = stages(size)
        inward, follow = widths(width, doublings), FOLLOWERS[norm]
        self.classes = classes
        self.start = (inward[-1], start, start)
        self.project = nn.Linear(latent + classes, inward[-1] * start * start, bias=False)
        deepest = inward[-1]
        layers: list[nn.Module] = [follow(deepest), nn.ReLU()]
        for _ in range(inner):
            convolution = nn.Conv2d(deepest, deepest, 3, 1, 1, bias=False)
            layers += [convolution, follow(deepest), nn.ReLU()]
        for before, after in zip(inward[::-1], inward[-2::-1], strict=False):
            layers += [*UPSAMPLES[upsample](before, after), follow(after), nn.ReLU()]
        layers += [*UPSAMPLES[upsample](inward[0], channels), nn.Tanh()]
        self.body = nn.Sequential(*layers)
        self.apply(_small_weights)

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """Return images; ``y``, int64 (N,), is needed when the network is conditional."""
        if y is not None:
            z = torch.cat([z, one_hot(y, self.classes).to(z.dtype)], 1)
        grid = self.project(z).view(-1, *self.start)
        return self.body(grid.contiguous(memory_format=torch.channels_last))


class ConvCritic(nn.Module):
    """Images to one value: (N, channels, size, size) -> (N,).

    Conditional by projection: value = w·h(x) + e_y·φ(x), φ the features h summed over the grid.
    cGANs with Projection Discriminator (Miyato, Koyama 2018, arXiv 1802.05637).

    Args:
        channels: channels of the image.
        size: height and width of the image, see :func:`stages`.
        width: channels w of the outermost hidden layer.
        classes: number of classes when conditional.
        norm: a key of :data:`NORMS`; the first layer has no batch or group norm.
        inner: convolutions of 3 × 3 on the innermost grid.
    """

    def __init__(
        self,
        channels: int,
        size: int,
        width: int = 64,
        classes: int = 0,
        norm: str = "none",
        inner: int = 0,
    ) -> None:
        super().__init__()
        wrap, _ = NORMS[norm]
        self.classes = classes
        self.body, features = _downwards(channels, size, width, norm, inner)
        start, _ = stages(size)
        self.judge = wrap(nn.Linear(features * start * start, 1))
        self.embed = wrap(nn.Linear(classes, features, bias=False)) if classes else None
        self.apply(_small_weights)

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Return the critic's value; ``y``, int64 (N,), is needed when it is conditional."""
        h = self.body(x)
        value = self.judge(_row(h)).squeeze(1)
        if self.embed is None or y is None:
            return value
        classes = self.embed(one_hot(y, self.classes).to(x.dtype))
        return value + (classes * h.sum((2, 3))).sum(1)


class ConvEncoder(nn.Module):
    """Images to a vector: (N, channels, size, size) -> (N, out).

    Args:
        channels: channels of the image.
        size: height and width of the image, see :func:`stages`.
        out: width of the output.
        width: channels w of the outermost hidden layer.
        norm: a key of :data:`NORMS`.
        inner: convolutions of 3 × 3 on the innermost grid.
    """

    def __init__(
        self,
        channels: int,
        size: int,
        out: int,
        width: int = 64,
        norm: str = "batch",
        inner: int = 0,
    ) -> None:
        super().__init__()
        start, _ = stages(size)
        self.body, features = _downwards(channels, size, width, norm, inner)
        self.head = nn.Linear(features * start * start, out)

    def forward(self, x: Tensor) -> Tensor:
        """Return the vector."""
        return self.head(_row(self.body(x)))


def _row(h: Tensor) -> Tensor:
    """Return (N, C, H, W) as (N, H·W·C): a view, where channels come last in memory."""
    return h.permute(0, 2, 3, 1).flatten(1)


def _downwards(
    channels: int, size: int, width: int, norm: str, inner: int = 0
) -> tuple[nn.Sequential, int]:
    wrap, follow = NORMS[norm]
    _, doublings = stages(size)
    layers: list[nn.Module] = []
    before = channels
    for depth, after in enumerate(widths(width, doublings)):
        layers.append(wrap(nn.Conv2d(before, after, 4, 2, 1)))
        layers += [follow(after)] if depth else []
        layers.append(nn.LeakyReLU(0.2))
        before = after
    for _ in range(inner):
        layers += [wrap(nn.Conv2d(before, before, 3, 1, 1)), follow(before), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers), before


def _small_weights(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
        weight = module.weight if "weight" in module._parameters else None
        if weight is not None:
            nn.init.normal_(weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
