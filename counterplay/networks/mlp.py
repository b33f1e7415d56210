"""Multilayer perceptrons."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

__all__ = ["MLP", "ConditionalMLP", "FlatCritic", "FlatGenerator"]


class MLP(nn.Sequential):
    """Linear layers with an activation between them: (N, sizes[0]) -> (N, sizes[-1]).

    Weights are He-initialised (Delving Deep into Rectifiers, He et al. 2015, arXiv 1502.01852),
    biases zero.

    Args:
        sizes: input, hidden … and output widths.
        activation: makes the layer between two linear ones.
    """

    def __init__(self, sizes: Sequence[int], activation: Callable[[], nn.Module] = nn.ReLU) -> None:
        layers: list[nn.Module] = []
        for before, after in itertools.pairwise(sizes):
            linear = nn.Linear(before, after)
            nn.init.kaiming_normal_(linear.weight, nonlinearity="relu")
            nn.init.zeros_(linear.bias)
            layers += [linear, activation()]
        super().__init__(*layers[:-1])


class ConditionalMLP(nn.Module):
    """An MLP that is shown a class by concatenation: (N, D), (N,) -> (N, sizes[-1]).

    Conditional Generative Adversarial Nets (Mirza, Osindero 2014, arXiv 1411.1784).

    Args:
        sizes: as for :class:`MLP`, the input's width without the class.
        classes: number of classes.
    """

    def __init__(self, sizes: Sequence[int], classes: int) -> None:
        super().__init__()
        self.classes = classes
        self.body = MLP([sizes[0] + classes, *sizes[1:]])

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the value at example ``x`` of class ``y``, int64 (N,)."""
        return self.body(torch.cat([x, one_hot(y, self.classes).to(x.dtype)], 1))


class FlatGenerator(nn.Module):
    """Latents to images without convolutions: (N, latent) -> (N, C, H, W) in [-1, 1].

    Args:
        latent: width of z.
        shape: (C, H, W).
        hidden: widths of the hidden layers.
        classes: number of classes when conditional: y is concatenated to z as one-hot.
    """

    def __init__(
        self, latent: int, shape: Sequence[int], hidden: Sequence[int], classes: int = 0
    ) -> None:
        super().__init__()
        self.shape = tuple(shape)
        self.body = _perceptron([latent, *hidden, math.prod(shape)], classes)

    def forward(self, z: Tensor, *y: Tensor) -> Tensor:
        """Return images; ``y``, int64 (N,), is needed when the network is conditional."""
        return torch.tanh(self.body(z, *y)).view(-1, *self.shape)


class FlatCritic(nn.Module):
    """Images to numbers without convolutions: (N, C, H, W) -> (N, out).

    Args:
        shape: (C, H, W).
        hidden: widths of the hidden layers.
        classes: number of classes when conditional: y is concatenated to the pixels as one-hot.
        out: width of the output.
    """

    def __init__(
        self, shape: Sequence[int], hidden: Sequence[int], classes: int = 0, out: int = 1
    ) -> None:
        super().__init__()
        self.body = _perceptron([math.prod(shape), *hidden, out], classes)

    def forward(self, x: Tensor, *y: Tensor) -> Tensor:
        """Return the values; ``y``, int64 (N,), is needed when the network is conditional."""
        return self.body(x.flatten(1), *y)


def _perceptron(sizes: Sequence[int], classes: int) -> nn.Module:
    return ConditionalMLP(sizes, classes) if classes else MLP(sizes)
