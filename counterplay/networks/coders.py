"""Encoders and decoders whose outputs are numbers of any size, as likelihoods and codes are.

A decoder that a law reads (:mod:`counterplay.decoders`) puts out C · maps planes or D · maps
numbers; its last layer's bias can be set to an output that suits the data's mean (``centre``).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from counterplay.networks.dcgan import stages, widths

__all__ = [
    "ACTIVATIONS",
    "Denoising",
    "DenseDecoder",
    "DenseEncoder",
    "PictureDecoder",
    "PictureEncoder",
    "dense",
]

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "elu": nn.ELU,
}
"""Name -> what stands between two layers."""

SEES: dict[str, tuple[float, float]] = {"signed": (1.0, 0.0), "unit": (0.5, 0.5)}
"""Name -> scale and shift of examples from -1 to 1 on their way into an encoder."""


def dense(sizes: Sequence[int], activation: str = "tanh") -> nn.Sequential:
    """Return linear layers with activations between them: (N, sizes[0]) -> (N, sizes[-1]).

    Weights are uniform with variance 2 / (in + out): Understanding the difficulty of training deep
    feedforward neural networks (Glorot, Bengio 2010). Two sizes make one linear map.
    """
    layers: list[nn.Module] = []
    for before, after in itertools.pairwise(sizes):
        linear = nn.Linear(before, after)
        nn.init.xavier_uniform_(linear.weight)
        nn.init.zeros_(linear.bias)
        layers += [linear, ACTIVATIONS[activation]()]
    return nn.Sequential(*layers[:-1])


class DenseEncoder(nn.Module):
    """Examples, number after number, to a vector: (N, …) -> (N, out).

    Args:
        shape: of an example.
        hidden: widths of the hidden layers; none for a linear map.
        out: width of the output.
        activation: a key of :data:`ACTIVATIONS`.
        sees: a key of :data:`SEES`.
    """

    def __init__(
        self,
        shape: Sequence[int],
        hidden: Sequence[int],
        out: int,
        activation: str = "tanh",
        sees: str = "signed",
    ) -> None:
        super().__init__()
        self.body = dense([math.prod(shape), *hidden, out], activation)
        self.scale, self.shift = SEES[sees]

    def forward(self, x: Tensor) -> Tensor:
        """Return the vectors."""
        return self.body(self.scale * x.flatten(1) + self.shift)


class DenseDecoder(nn.Module):
    """A vector to numbers shaped as examples: (N, latent) -> (N, C · maps, …).

    Args:
        latent: width of the input.
        shape: of an example, the first axis times ``maps``.
        hidden: widths of the hidden layers; none for a linear map.
        activation: a key of :data:`ACTIVATIONS`.
    """

    def __init__(
        self, latent: int, shape: Sequence[int], hidden: Sequence[int], activation: str = "tanh"
    ) -> None:
        super().__init__()
        self.shape = tuple(shape)
        self.body = dense([latent, *hidden, math.prod(shape)], activation)

    def forward(self, z: Tensor) -> Tensor:
        """Return the output."""
        return self.body(z).view(-1, *self.shape)

    def centre(self, output: Tensor) -> None:
        """Let the last bias be ``output``, shaped as an example."""
        with torch.no_grad():
            self.body[-1].get_parameter("bias").copy_(output.flatten())


class PictureEncoder(nn.Module):
    """Pictures to a vector, (N, C, S, S) -> (N, out), by convolutions of 4 × 4 that halve the grid.

    Args:
        channels: C.
        size: S, see :func:`counterplay.networks.dcgan.stages`.
        out: width of the output.
        width: channels of the outermost hidden layer; they double with each halving.
    """

    def __init__(self, channels: int, size: int, out: int, width: int = 32) -> None:
        super().__init__()
        start, doublings = stages(size)
        layers: list[nn.Module] = []
        for before, after in itertools.pairwise([channels, *widths(width, doublings)]):
            layers += [nn.Conv2d(before, after, 4, 2, 1), nn.ELU()]
        deepest = widths(width, doublings)[-1]
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(deepest * start * start, out)

    def forward(self, x: Tensor) -> Tensor:
        """Return the vectors."""
        return self.head(self.body(x).contiguous().flatten(1))


class PictureDecoder(nn.Module):
    """A vector to planes, (N, latent) -> (N, planes, S, S), by convolutions that double the grid.

    Args:
        latent: width of the input.
        planes: of the output: channels times the numbers that a law needs for each.
        size: S, likewise.
        width: channels of the outermost hidden layer.
    """

    def __init__(self, latent: int, planes: int, size: int, width: int = 32) -> None:
        super().__init__()
        start, doublings = stages(size)
        inward = widths(width, doublings)
        self.start = (inward[-1], start, start)
        self.project = nn.Linear(latent, math.prod(self.start))
        layers: list[nn.Module] = []
        for before, after in itertools.pairwise([*inward[::-1], inward[0]]):
            layers += [nn.ELU(), nn.ConvTranspose2d(before, after, 4, 2, 1)]
        self.body = nn.Sequential(*layers, nn.ELU())
        self.last = nn.Conv2d(inward[0], planes, 3, 1, 1)
        # A bias for each pixel: what is dark in all pictures is no work for the convolutions.
        self.bias = nn.Parameter(torch.zeros(planes, size, size))

    def forward(self, z: Tensor) -> Tensor:
        """Return the planes."""
        grid = self.project(z).view(-1, *self.start)
        grid = grid.contiguous(memory_format=torch.channels_last)
        return self.last(self.body(grid)) + self.bias

    def centre(self, output: Tensor) -> None:
        """Let the pixels' own biases be ``output``, (planes, S, S)."""
        with torch.no_grad():
            self.bias.copy_(output)


class Denoising(nn.Module):
    """Examples to examples, (N, …) -> (N, …), as x + (a map of x): at first nothing is taken away.

    Args:
        shape: of an example.
        hidden: widths of the hidden layers.
        std: of the noise on x, by which the input is scaled to a deviation of about one.
        activation: a key of :data:`ACTIVATIONS`.
    """

    def __init__(
        self, shape: Sequence[int], hidden: Sequence[int], std: float, activation: str = "relu"
    ) -> None:
        super().__init__()
        dim = math.prod(shape)
        self.body = dense([dim, *hidden, dim], activation)
        self.scale = 1 / math.sqrt(1 + std**2)
        with torch.no_grad():
            self.body[-1].get_parameter("weight").mul_(0.1)

    def forward(self, x: Tensor) -> Tensor:
        """Return the examples without their noise."""
        return x + self.body(self.scale * x.flatten(1)).view_as(x)
