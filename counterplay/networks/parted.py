r"""A generator whose latent comes in three parts: where a thing lies, what it is, its colour.

Notation: z = (z_1, z_2, z_3), parts of equal width D, each scaled to a mean square of one.

    where    c = 0.6 tanh(M(z_1)) in (-1, 1)², M with one hidden layer; at every place p of a grid
             h(p) = v exp(-|p - c|² / 2σ²): a blob of features v, learned, as is its width σ
    what     modulated convolutions of h (see :mod:`counterplay.networks.style`), the same at every
             place, with the factors K_l softmax(12 z_2) √D + V_l z_2 + b_l on the input channels of
             layer l: a choice among D kinds, and a little besides
    colour   one more, of the mean over channels of what the others have drawn, told likewise by z_3

The blob is one and the same wherever it lies, and what follows is alike at every place: no part
but the first can say a place. A picture is one tone of one colour: no part but the last can say a
colour. And a kind has the latents one of whose numbers is the largest, or one of some: their mean
has it as well, which the mean of those that are none of the others would not. So latents can be
summed up. A projection of the whole latent to a grid, as in DCGAN, has weights of its own at every
place, and learns "red on the left" and "red on the right" as two things that have nothing in
common. Pictures of several things, or of several colours, are not for this network.

Blobs of features that a latent places, and convolutions that are told what they are, are those of
BlobGAN: Spatially Disentangled Scene Representations (Epstein et al. 2022, arXiv 2205.02837), here
one of them, round, without a layout network for many and without a background; the layers are those
of Analyzing and Improving the Image Quality of StyleGAN (Karras et al. 2020, arXiv 1912.04958),
without noise, and without a mapping that all layers share. The choice among kinds is ours.
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, leaky_relu

from counterplay.networks.dcgan import stages, widths
from counterplay.networks.equal import RECTIFIED, EqualLinear, EqualWeight
from counterplay.networks.norms import PixelNorm
from counterplay.networks.placed import Blob, choice
from counterplay.networks.style import modulated

__all__ = ["PARTS", "Kind", "PartedGenerator"]

PARTS = 3
"""Parts of the latent: where, what, and of which colour."""
SLOPE = 0.2
"""Of the leaky rectifiers."""


class Kind(nn.Module):
    """A modulated convolution that is told a kind, by the largest number of a latent part.

    Args:
        part: width of the latent part, as many kinds.
        before: channels of what is given.
        after: channels of what is made.
        kernel: side of the kernel, odd.
        demodulate: whether to divide each channel by its weights' norm.
    """

    def __init__(
        self, part: int, before: int, after: int, kernel: int = 3, demodulate: bool = True
    ) -> None:
        super().__init__()
        self.kinds = EqualLinear(part, before, gain=1.0, bias=1.0)
        self.besides = EqualLinear(part, before, gain=0.2, rate=0.1)
        self.weight = EqualWeight(after, before, kernel, kernel, gain=1.0)
        self.bias = nn.Parameter(torch.zeros(after, 1, 1))
        self.demodulate = demodulate

    def factors(self, z: Tensor) -> Tensor:
        """Return a factor for each input channel, (N, before)."""
        return self.kinds(choice(z)) + self.besides(z)

    def forward(self, h: Tensor, z: Tensor) -> Tensor:
        """Return what is made of ``h``, (N, before, H, W)."""
        return modulated(h, self.weight(), self.factors(z), self.demodulate) + self.bias


class PartedGenerator(nn.Module):
    """Latents in parts to images: (N, latent) -> (N, channels, size, size) in [-1, 1].

    Args:
        latent: width of z, a multiple of :data:`PARTS`.
        channels: channels of the image.
        size: height and width of the image, see :func:`counterplay.networks.dcgan.stages`.
        width: channels of the outermost layers.
    """

    def __init__(self, latent: int, channels: int, size: int, width: int = 32) -> None:
        super().__init__()
        start, doublings = stages(size)
        inward = [*widths(width, doublings)[::-1]]
        self.part = latent // PARTS
        self.where = Blob(self.part, inward[0], 2 * start)
        pairs = [(inward[0], inward[0])] * 2
        for before, after in itertools.pairwise(inward):
            pairs += [(before, after), (after, after)]
        self.layers = nn.ModuleList(Kind(self.part, a, b) for a, b in pairs)
        self.colours = Kind(self.part, inward[-1], channels, 1, demodulate=False)
        self.normal = PixelNorm()

    def forward(self, z: Tensor) -> Tensor:
        """Return images."""
        where, what, colour = (self.normal(part) for part in z.split(self.part, 1))
        h = self.where(where).contiguous(memory_format=torch.channels_last)
        for i, layer in enumerate(self.layers):
            h = interpolate(h, scale_factor=2.0, mode="bilinear") if i and not i % 2 else h
            h = leaky_relu(layer(h, what), SLOPE) * RECTIFIED
        tone = h.mean(1, keepdim=True) * h.shape[1] ** 0.5
        return torch.tanh(self.colours(tone.expand_as(h), colour))
