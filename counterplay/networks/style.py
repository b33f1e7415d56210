r"""A generator by styles, and its critic.

Notation: z latent, w = f(z / ‖z‖_rms) ∈ R^D its style, L layers, each of which may have a style of
its own. A layer is a *modulated convolution*: with s = A w + b a factor for each input channel,

    W'_oik = s_i W_oik,    W''_oik = W'_oik / sqrt(Σ_ik W'_oik² + ε),

whose outputs have deviation 1 for inputs of deviation 1 whatever the style. After it: noise with a
learned strength, a bias and a leaky ReLU. Images are the sum of what each grid has to say,
x = rgb_0 + …, each enlarged to the next. The network starts from a learned constant.

Analyzing and Improving the Image Quality of StyleGAN (Karras et al. 2020, arXiv 1912.04958);
mapping, noise and mixing are those of A Style-Based Generator Architecture for Generative
Adversarial Networks (Karras et al. 2019, arXiv 1812.04948). Theirs resamples by binomial filters,
this one bilinearly (up) and by means of 2 × 2 (down), before the rectifier as theirs does.
"""

from __future__ import annotations

import itertools
import math
from functools import reduce

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, conv2d, interpolate, leaky_relu, pad

from counterplay.networks.dcgan import ConvCritic, stages, widths
from counterplay.networks.equal import RECTIFIED, EqualConv, EqualLinear, EqualWeight
from counterplay.networks.minibatch import MinibatchStd
from counterplay.networks.norms import PixelNorm
from counterplay.networks.placed import Blob, choice
from counterplay.networks.progressive import spread

__all__ = [
    "Mapping",
    "PlainCritic",
    "StyleCritic",
    "StyleGenerator",
    "halved",
    "modulated",
    "modulated_grouped",
]

SLOPE = 0.2
"""Of the leaky rectifiers."""


def modulated_grouped(h: Tensor, weight: Tensor, styles: Tensor, demodulate: bool = True) -> Tensor:
    """Convolve each example with weights of its own, as one grouped convolution.

    The definition; :func:`modulated` gives the same without a weight for each example.

    Args:
        h: (N, I, H, W).
        weight: (O, I, K, K), K odd.
        styles: (N, I), a factor for each input channel.
        demodulate: whether to divide each output channel by its weights' norm.

    Returns:
        (N, O, H, W).
    """
    n, _, *grid = h.shape
    each = weight[None] * styles[:, None, :, None, None]
    if demodulate:
        each = each * torch.rsqrt(each.square().sum((2, 3, 4), keepdim=True) + 1e-8)
    rows = h.reshape(1, -1, *grid)
    out = conv2d(rows, each.flatten(0, 1), padding=weight.shape[-1] // 2, groups=n)
    return out.view(n, -1, *grid)


def modulated(h: Tensor, weight: Tensor, styles: Tensor, demodulate: bool = True) -> Tensor:
    """Convolve each example with weights of its own: factors before and after one convolution.

    A factor on an input channel of the weight is one on the channel itself, and the norm of
    output channel o is sqrt(Σ_i s_i² Σ_k W_oik²). Arguments as :func:`modulated_grouped` has them.
    """
    out = conv2d(h * styles[:, :, None, None], weight, padding=weight.shape[-1] // 2)
    if not demodulate:
        return out
    square = styles.square() @ weight.square().sum((2, 3)).T
    return out * torch.rsqrt(square + 1e-8)[:, :, None, None]


class Mapping(nn.Module):
    """Latents to styles: (N, latent) -> (N, D).

    Args:
        latent: width of z, which is normalised to a mean square of one.
        style: D.
        depth: number of layers.
        rate: the factor by which they learn more slowly than others.
        kinds: each so many numbers of the first half of z are a choice among as many kinds, see
            :func:`counterplay.networks.placed.choice`; 0: none is.
    """

    def __init__(
        self, latent: int, style: int, depth: int, rate: float = 0.01, kinds: int = 0
    ) -> None:
        super().__init__()
        sizes = [latent, *[style] * depth]
        self.normal = PixelNorm()
        self.layers = nn.ModuleList(
            EqualLinear(a, b, rate=rate) for a, b in itertools.pairwise(sizes)
        )
        self.kinds = kinds

    def forward(self, z: Tensor) -> Tensor:
        """Return the styles of ``z``."""
        w = self.normal(z)
        if self.kinds:
            sure, free = w.tensor_split(2, 1)
            w = torch.cat([choice(sure.unflatten(1, (-1, self.kinds))).flatten(1), free], 1)
        for layer in self.layers:
            w = leaky_relu(layer(w), SLOPE)
        return w


class _Styled(nn.Module):
    """A modulated convolution with noise, bias and leaky ReLU, on a grid twice as large or not."""

    def __init__(self, before: int, after: int, style: int, side: int, factor: int) -> None:
        super().__init__()
        self.affine = EqualLinear(style, before, gain=1.0, bias=1.0)
        self.weight = EqualWeight(after, before, 3, 3, gain=1.0)
        self.strength = nn.Parameter(torch.zeros(()))
        self.bias = nn.Parameter(torch.zeros(after))
        self.side, self.factor = side, factor

    def forward(self, h: Tensor, w: Tensor, noise: Tensor) -> Tensor:
        h = _enlarged(h) if self.factor > 1 else h
        h = modulated(h, self.weight(), self.affine(w))
        grain = noise.view(-1, 1, self.side, self.side).to(h.dtype)
        h = h + self.strength * grain + self.bias[:, None, None]
        return leaky_relu(h, SLOPE) * RECTIFIED


class _Colours(nn.Module):
    """A modulated 1 x 1 convolution to the image's channels, not demodulated."""

    def __init__(self, before: int, channels: int, style: int) -> None:
        super().__init__()
        self.affine = EqualLinear(style, before, gain=1.0, bias=1.0)
        self.weight = EqualWeight(channels, before, 1, 1, gain=1.0)
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, h: Tensor, w: Tensor) -> Tensor:
        colours = modulated(h, self.weight(), self.affine(w), demodulate=False)
        return colours + self.bias[:, None, None]


class _Constant(nn.Module):
    """Learned features, whatever the style: (N, D) -> (N, channels, side, side)."""

    def __init__(self, channels: int, side: int) -> None:
        super().__init__()
        self.features = nn.Parameter(torch.randn(1, channels, side, side))

    def forward(self, w: Tensor) -> Tensor:
        return self.features.expand(len(w), -1, -1, -1)


class StyleGenerator(nn.Module):
    """Styles and noise to images: (N, L, D), (N, noise) -> (N, channels, size, size).

    L = 2k + 2 for a size of s₀ · 2^k: a layer and a layer of colours on the innermost grid, two
    layers on each other, of which the second's colours share the style with the next grid's first.

    Args:
        latent: width of z.
        channels: channels of the image.
        size: height and width of the image, see :func:`counterplay.networks.dcgan.stages`.
        width: channels of the outermost layers.
        style: D.
        depth: layers of the mapping.
        skip: whether each grid has colours of its own, which are summed up; else the last alone.
        rate: of the mapping, see :class:`Mapping`.
        kinds: likewise.
        placed: whether the network starts from features at a place that the first style tells, see
            :class:`counterplay.networks.placed.Blob`, in the place of learned ones everywhere.
        bounded: whether images go through tanh.

    Attributes:
        layers: L.
        noise: how many numbers of noise an image takes.
        mapping: z -> w.
        mean: the running average of w, a buffer that a forward pass in training mode moves.
    """

    def __init__(
        self,
        latent: int,
        channels: int,
        size: int,
        width: int = 32,
        style: int = 64,
        depth: int = 4,
        skip: bool = True,
        rate: float = 0.01,
        kinds: int = 0,
        placed: bool = False,
        bounded: bool = False,
    ) -> None:
        super().__init__()
        start, doublings = stages(size)
        inward = [*widths(width, doublings + 1)[::-1]]
        self.layers = 2 * doublings + 2
        self.mapping = Mapping(latent, style, depth, rate, kinds)
        self.start = Blob(style, inward[0], start) if placed else _Constant(inward[0], start)
        styled = [_Styled(inward[0], inward[0], style, start, 1)]
        for i, (before, after) in enumerate(itertools.pairwise(inward), 1):
            side = start * 2**i
            styled += [
                _Styled(before, after, style, side, 2),
                _Styled(after, after, style, side, 1),
            ]
        self.styled = nn.ModuleList(styled)
        self.bounded = bounded
        coloured = inward if skip else inward[-1:]
        self.colours = nn.ModuleList(_Colours(w, channels, style) for w in coloured)
        self.sides = [layer.side for layer in styled]
        self.noise = sum(side**2 for side in self.sides)
        self.register_buffer("mean", torch.zeros(style))

    def forward(self, w: Tensor, noise: Tensor) -> Tensor:
        """Return the images of the layers' styles ``w``."""
        grains = iter(noise.split([side**2 for side in self.sides], 1))
        h = self.start(w[:, 0]).contiguous(memory_format=torch.channels_last)
        grids: list[Tensor] = []
        for i, layer in enumerate(self.styled):
            h = layer(h, w[:, i], next(grains))
            grids += [] if i % 2 else [h]  # a grid's last layer, whose colours have the next style
        first = len(grids) - len(self.colours)
        images = [
            colours(grids[i], w[:, 2 * i + 1]) for i, colours in enumerate(self.colours, first)
        ]
        x = reduce(lambda x, more: _enlarged(x) + more, images)
        return torch.tanh(x) if self.bounded else x

    def styles(self, z: Tensor) -> Tensor:
        """Return the same style for every layer, (N, L, D)."""
        return self.mapping(z)[:, None].expand(-1, self.layers, -1)

    def follow(self, w: Tensor, decay: float = 0.995) -> None:
        """Let the running average follow the styles ``w``, (N, D)."""
        mean: Tensor = self.get_buffer("mean")
        mean.lerp_(w.detach().float().mean(0), 1 - decay)

    def truncated(self, w: Tensor, psi: float, layers: int | None = None) -> Tensor:
        """Return w̄ + ψ (w − w̄) in the first ``layers`` layers, in all by default."""
        share = torch.ones(self.layers, 1, device=w.device)
        share[: self.layers if layers is None else layers] = psi
        return self.get_buffer("mean") + share * (w - self.get_buffer("mean"))


class StyleCritic(nn.Module):
    """Images to one value, by residual blocks: (N, channels, size, size) -> (N,).

    Args:
        channels: channels of the image.
        size: height and width of the image.
        width: channels of the outermost layers.
        group: examples whose deviation is shown to the critic; batches are multiples of it.
    """

    def __init__(self, channels: int, size: int, width: int = 32, group: int = 4) -> None:
        super().__init__()
        start, doublings = stages(size)
        outward = widths(width, doublings + 1)
        deepest = outward[-1]
        layers: list[nn.Module] = [EqualConv(channels, outward[0], 1), nn.LeakyReLU(SLOPE)]
        layers += [_Shrunk(before, after) for before, after in itertools.pairwise(outward)]
        self.body = nn.Sequential(*layers)
        self.spread = MinibatchStd(group)
        self.last = nn.Sequential(
            EqualConv(deepest + 1, deepest),
            nn.LeakyReLU(SLOPE),
            nn.Flatten(),
            EqualLinear(deepest * start * start, deepest),
            nn.LeakyReLU(SLOPE),
            EqualLinear(deepest, 1, gain=1.0),
        )

    def forward(self, x: Tensor, alone: bool = False) -> Tensor:
        """Return the value; ``alone``: see :func:`counterplay.networks.progressive.spread`."""
        return self.last(spread(self.spread, self.body(x), alone)).squeeze(1)


class PlainCritic(nn.Module):
    """The same by convolutions with strides: four times as fast where penalties are paid.

    Args:
        channels: channels of the image.
        size: height and width of the image.
        width: channels of the outermost hidden layer.
        group: see :class:`StyleCritic`.
    """

    def __init__(self, channels: int, size: int, width: int = 32, group: int = 4) -> None:
        super().__init__()
        start, doublings = stages(size)
        deepest = widths(width, doublings)[-1]
        self.body = ConvCritic(channels, size, width, inner=1).body
        self.spread = MinibatchStd(group)
        self.last = nn.Sequential(nn.Flatten(), nn.Linear((deepest + 1) * start * start, 1))

    def forward(self, x: Tensor, alone: bool = False) -> Tensor:
        """Return the value; ``alone``: see :func:`counterplay.networks.progressive.spread`."""
        return self.last(spread(self.spread, self.body(x), alone)).squeeze(1)


class _Shrunk(nn.Module):
    """A residual block on to a grid half as large; the sum is scaled back to deviation one."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.first = EqualConv(before, before)
        self.second = EqualConv(before, after)
        self.skip = EqualConv(before, after, 1, gain=1.0)

    def forward(self, h: Tensor) -> Tensor:
        main = leaky_relu(self.first(h), SLOPE)
        main = leaky_relu(halved(main, self.second), SLOPE)
        return (main + halved(h, self.skip)) * math.sqrt(0.5)


def halved(h: Tensor, layer: EqualConv) -> Tensor:
    """Return the means over 2 x 2 of what ``layer`` makes of ``h``: (N, after, H / 2, W / 2).

    A kernel and the means after it are one kernel, wider by a place, that takes every other place:
    for 3 x 3, 16 products in the place of 36.
    """
    kernel = avg_pool2d(pad(layer.weight(), (1, 1, 1, 1)), 2, stride=1)
    return conv2d(h, kernel, layer.bias, stride=2, padding=layer.margin)


def _enlarged(h: Tensor) -> Tensor:
    return interpolate(h, scale_factor=2.0, mode="bilinear", align_corners=False)
