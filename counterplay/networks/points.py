r"""Perceptrons for points in the plane, as the papers on lost modes have them.

PacGAN (Lin et al. 2018, arXiv 1712.04086): a generator of 4 layers of 400 with batch norm and ReLU,
a critic of 3 layers of 200 maxout units of 5 pieces, weights N(0, 0.02²). Unrolled Generative
Adversarial Networks (Metz et al. 2016, arXiv 1611.02163): 2 layers of 128 with tanh, orthogonal
weights of gain 1.4. Their ring of radius 2 has coordinates of deviation √2; networks here see
deviation 1, so the gain is 1.4 √2 = 2.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

__all__ = ["ACTIVATIONS", "INITS", "Maxout", "perceptron"]


class Maxout(nn.Module):
    """The largest of ``pieces`` numbers after each other: (N, pieces · D) -> (N, D).

    Maxout Networks (Goodfellow et al. 2013, arXiv 1302.4389).
    """

    def __init__(self, pieces: int = 5) -> None:
        super().__init__()
        self.pieces = pieces

    def forward(self, h: Tensor) -> Tensor:
        """Return the maxima."""
        return h.unflatten(1, (-1, self.pieces)).amax(2)


ACTIVATIONS: dict[str, tuple[Callable[[], nn.Module], int]] = {
    "relu": (nn.ReLU, 1),
    "leaky": (lambda: nn.LeakyReLU(0.2), 1),
    "tanh": (nn.Tanh, 1),
    "maxout": (Maxout, 5),
}
"""What makes the layer between two linear ones, and how many numbers it takes for each it gives."""

INITS: dict[str, Callable[[Tensor], object]] = {
    "he": lambda weight: nn.init.kaiming_normal_(weight, nonlinearity="relu"),
    "normal": lambda weight: nn.init.normal_(weight, std=0.02),
    "orthogonal": lambda weight: nn.init.orthogonal_(weight, gain=2.0),
}
"""How weights begin; biases begin at zero."""


def perceptron(
    sizes: Sequence[int], activation: str = "relu", init: str = "he", norm: bool = False
) -> nn.Sequential:
    """Return linear layers with an activation between them: (N, sizes[0]) -> (N, sizes[-1]).

    Args:
        sizes: input, hidden … and output widths.
        activation: a key of :data:`ACTIVATIONS`.
        init: a key of :data:`INITS`.
        norm: batch norm before each activation.
    """
    make, pieces = ACTIVATIONS[activation]
    layers: list[nn.Module] = []
    for before, after in itertools.pairwise(sizes[:-1]):
        norms = [nn.BatchNorm1d(after * pieces)] if norm else []
        layers += [nn.Linear(before, after * pieces), *norms, make()]
    layers.append(nn.Linear(sizes[-2], sizes[-1]))
    with torch.no_grad():
        for layer in layers:
            if isinstance(layer, nn.Linear):
                INITS[init](layer.weight)
                nn.init.zeros_(layer.bias)
    return nn.Sequential(*layers)
