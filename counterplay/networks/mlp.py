"""Multilayer perceptrons."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

__all__ = ["MLP", "ConditionalMLP"]


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
