r"""What a latent says with certainty: where a thing lies, and which of some kinds it is.

    place    at p of a grid over (-1, 1)², h(p) = v exp(-|p - c|² / 2σ²), c = 0.6 tanh(M(z)), M with
             one hidden layer: a blob of features v, learned, as is its width σ, the same wherever
             it lies
    choice   softmax(12 z) √D of D numbers: nearly the corner of the largest of them

Networks that are smooth in their latents have to pass through what is neither one thing nor the
other; between two places there is none such, and between two choices next to nothing is drawn.
Blobs that a latent places are those of BlobGAN: Spatially Disentangled Scene Representations
(Epstein et al. 2022, arXiv 2205.02837), here one of them; a generator by styles whose first
features are moved by its style is that of Alias-Free Generative Adversarial Networks (Karras et al.
2021, arXiv 2106.12423), there waves and not a blob. The choice is ours; latents that are partly
discrete are those of ClusterGAN (Mukherjee et al. 2019, arXiv 1809.03627).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu

from counterplay.networks.equal import EqualLinear

__all__ = ["Blob", "choice"]

SLOPE = 0.2
"""Of the leaky rectifiers."""
EXTENT, REACH = 0.25, 0.6
"""The blob's first σ, and how far from the middle it lies at most, of half a picture."""
SURE = 12.0
"""How sure the choice among kinds is: the factor of their numbers."""


def choice(z: Tensor) -> Tensor:
    """Return which of D kinds the last dimension chooses, (…, D), of a mean square near one."""
    return (SURE * z).softmax(-1) * z.shape[-1] ** 0.5


class Blob(nn.Module):
    """A latent part to features that lie about one place: (N, part) -> (N, channels, side, side).

    Args:
        part: width of the latent part.
        channels: of the features.
        side: height and width of the grid.
        told: width of the hidden layer.
    """

    def __init__(self, part: int, channels: int, side: int, told: int = 64) -> None:
        super().__init__()
        self.hear = EqualLinear(part, told)
        self.place = EqualLinear(told, 2, gain=1.0)
        self.features = nn.Parameter(torch.randn(1, channels, 1, 1))
        self.narrower = nn.Parameter(torch.zeros(()))
        self.side = side

    def centre(self, z: Tensor) -> Tensor:
        """Return (x, y), where -1 is one border and 1 the other, (N, 2)."""
        return REACH * torch.tanh(self.place(leaky_relu(self.hear(z), SLOPE)))

    def forward(self, z: Tensor) -> Tensor:
        """Return the features."""
        places = (torch.arange(self.side, device=z.device) + 0.5) * 2 / self.side - 1
        apart = (places - self.centre(z)[:, :, None]).square()  # (N, 2, side)
        square = apart[:, 1, :, None] + apart[:, 0, None, :]
        near = torch.exp(-square * self.narrower.exp() / (2 * EXTENT**2))
        return near[:, None] * self.features
