r"""A generator whose latent comes in parts, each with a layer of its own to say something to.

Notation: z = (z_1, …, z_L), parts of equal width, each scaled to a mean square of one; layer l is a
*modulated convolution* (see :mod:`counterplay.networks.style`) with the factors

    s_l = B_l σ(A_l z_l) + b_l

on its input channels, the same at every place, σ a leaky ReLU; A_l learns a hundred times more
slowly than other weights, as a mapping to styles does. The first acts on a learned grid. The last
colours what the others have drawn, of which it is given the mean over channels: a picture is one
tone of one colour, and no other part can say a colour. What a part says does not depend on where in
the picture it is said: a projection of the whole latent to a grid, as in DCGAN, has weights of its
own at every place, and learns "red on the left" and "red on the right" as two things that have
nothing in common. Pictures of several colours are not for this network.

Parts of the latent for layers of their own are those of Large Scale GAN Training for High Fidelity
Natural Image Synthesis (Brock et al. 2019, arXiv 1809.11096), section 3; the layers are those of
Analyzing and Improving the Image Quality of StyleGAN (Karras et al. 2020, arXiv 1912.04958), here
without noise, and without a mapping that all layers share.
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, leaky_relu

from counterplay.networks.dcgan import stages, widths
from counterplay.networks.equal import RECTIFIED, EqualLinear, EqualWeight
from counterplay.networks.norms import PixelNorm
from counterplay.networks.style import modulated

__all__ = ["PartedGenerator", "parts"]

SLOPE = 0.2
"""Of the leaky rectifiers."""


def parts(size: int) -> int:
    """Return L for pictures of ``size``: a layer on the first grid, two on each other, colours.

    >>> parts(8), parts(16), parts(32)
    (4, 6, 8)
    """
    return 2 * stages(size)[1] + 2


class _Told(nn.Module):
    """A modulated convolution that a part of the latent tells what to do."""

    def __init__(self, part: int, before: int, after: int, kernel: int, told: int = 64) -> None:
        super().__init__()
        self.hear = EqualLinear(part, told, rate=0.01)
        self.factors = EqualLinear(told, before, gain=1.0, bias=1.0)
        self.weight = EqualWeight(after, before, kernel, kernel, gain=1.0)
        self.bias = nn.Parameter(torch.zeros(after, 1, 1))

    def forward(self, h: Tensor, z: Tensor, demodulate: bool = True) -> Tensor:
        factors = self.factors(leaky_relu(self.hear(z), SLOPE))
        return modulated(h, self.weight(), factors, demodulate) + self.bias


class PartedGenerator(nn.Module):
    """Latents in parts to images: (N, latent) -> (N, channels, size, size) in [-1, 1].

    Args:
        latent: width of z, a multiple of :func:`parts` of ``size``.
        channels: channels of the image.
        size: height and width of the image, see :func:`counterplay.networks.dcgan.stages`.
        width: channels of the outermost layers.
    """

    def __init__(self, latent: int, channels: int, size: int, width: int = 32) -> None:
        super().__init__()
        start, doublings = stages(size)
        inward = [*widths(width, doublings + 1)[::-1]]
        self.part = latent // parts(size)
        self.grid = nn.Parameter(torch.randn(1, inward[0], start, start))
        pairs = [(inward[0], inward[0])]
        for before, after in itertools.pairwise(inward):
            pairs += [(before, after), (after, after)]
        self.layers = nn.ModuleList(_Told(self.part, a, b, 3) for a, b in pairs)
        self.colours = _Told(self.part, inward[-1], channels, 1)
        self.normal = PixelNorm()

    def forward(self, z: Tensor) -> Tensor:
        """Return images."""
        *said, last = [self.normal(part) for part in z.split(self.part, 1)]
        h = self.grid.expand(len(z), -1, -1, -1).contiguous(memory_format=torch.channels_last)
        for i, (layer, part) in enumerate(zip(self.layers, said, strict=True)):
            h = interpolate(h, scale_factor=2.0, mode="bilinear") if i % 2 else h
            h = leaky_relu(layer(h, part), SLOPE) * RECTIFIED
        tone = h.mean(1, keepdim=True) * h.shape[1] ** 0.5
        return torch.tanh(self.colours(tone.expand_as(h), last, demodulate=False))
