r"""What says how couplings map: networks from the part that stays, and a context, to parameters.

A context c is one vector an example, (N, K), or of pictures also planes, (N, K, H, W). Each network
ends in zeros: the transforms that it parametrises start as the identity. One that was made for no
context (K = 0) passes it by.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from counterplay.networks.dropout import Dropout
from counterplay.networks.mlp import MLP

__all__ = ["ConvNet", "Perceptron"]


class Perceptron(nn.Module):
    """Fully connected layers: (N, D), context (N, K) -> (N, D · width).

    Args:
        dim: D.
        hidden: widths of the hidden layers.
        width: parameters for each number.
        context: K, 0 for none.
        dropout: share of the hidden units that a round leaves out.
    """

    def __init__(
        self, dim: int, hidden: Sequence[int], width: int, context: int = 0, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.context = context
        self.body = MLP(
            [dim + context, *hidden, dim * width],
            (lambda: nn.Sequential(nn.ReLU(), Dropout(dropout))) if dropout else nn.ReLU,
        )
        nn.init.zeros_(self.body[-1].weight)  # pyright: ignore[reportArgumentType]

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        """Return the parameters, those of one number beside each other."""
        if context is None or not self.context:
            return self.body(x)
        return self.body(torch.cat([x, context.flatten(1)], 1))


class ConvNet(nn.Sequential):
    """Three convolutions, the last zero: (N, C, H, W), context -> (N, C · width, H, W).

    The conditioner of Glow (Kingma, Dhariwal 2018, arXiv 1807.03039), section 3.3.

    Args:
        channels: C.
        hidden: channels of the hidden layers.
        width: parameters for each number.
        context: K, 0 for none; a vector is the same at each pixel.
    """

    def __init__(self, channels: int, hidden: int, width: int, context: int = 0) -> None:
        last = nn.Conv2d(hidden, channels * width, 3, padding=1)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)  # pyright: ignore[reportArgumentType]
        super().__init__(
            nn.Conv2d(channels + context, hidden, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(hidden, hidden, 1),
            nn.ReLU(),
            last,
        )
        self.context = context

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        """Return the parameters, those of one channel beside each other."""
        if context is None or not self.context:
            return super().forward(x)
        planes = context if context.ndim == 4 else context[:, :, None, None]
        return super().forward(torch.cat([x, planes.expand(-1, -1, *x.shape[2:])], 1))
