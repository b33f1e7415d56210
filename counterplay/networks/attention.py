r"""Self-attention on a grid.

Each pixel j asks all pixels i: with keys f = W_f h, queries g = W_g h, values v = W_h h,

    β_ji = softmax over i of f_i · g_j,    out_j = h_j + γ W_v Σ_i β_ji v_i.

γ starts at 0, where the layer is the identity: the network first relies on its neighbourhoods.
Self-Attention Generative Adversarial Networks (Zhang et al. 2019, arXiv 1805.08318).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

__all__ = ["SelfAttention"]


class SelfAttention(nn.Module):
    """(N, C, H, W) -> (N, C, H, W).

    Args:
        channels: C; keys, queries and values have an eighth of them.
        wrap: what is done to each of the four weights, spectral norm for example.
    """

    def __init__(
        self, channels: int, wrap: Callable[[nn.Module], nn.Module] = lambda layer: layer
    ) -> None:
        super().__init__()
        narrow = max(channels // 8, 1)
        self.key, self.query, self.value = (
            wrap(nn.Conv2d(channels, narrow, 1, bias=False)) for _ in range(3)
        )
        self.out = wrap(nn.Conv2d(narrow, channels, 1, bias=False))
        self.share = nn.Parameter(torch.zeros(()))

    def forward(self, h: Tensor) -> Tensor:
        """Return h + γ · attention."""
        key, query, value = (layer(h).flatten(2) for layer in (self.key, self.query, self.value))
        weight = torch.softmax(query.transpose(1, 2) @ key, dim=2)
        seen = value @ weight.transpose(1, 2)
        return h + self.share * self.out(seen.view(*seen.shape[:2], *h.shape[2:]))
