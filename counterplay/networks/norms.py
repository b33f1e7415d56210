r"""Norms that do not tie the examples of a batch to each other.

Notation: h of shape (N, C, H, W), r a fixed batch of R reference examples that is passed through
the network beside the batch, m_i and v_i the mean and variance of example i over its pixels, m_r
and v_r those of the reference batch over its rows and pixels, all by channel. With

    m = c m_i + (1 − c) m_r,    v = c (v_i + (m_i − m)²) + (1 − c) (v_r + (m_r − m)²),

the moments of the mixture of both, the output is γ (h_i − m) / sqrt(v + ε) + β. c = 0 is reference
batch norm, c = 1 / (R + 1) virtual batch norm, in which an example counts as one row more.
Improved Techniques for Training GANs (Salimans et al. 2016, arXiv 1606.03498), section 3.5.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

__all__ = ["FOLLOWERS", "REFERENCE", "PixelNorm", "ReferenceNorm", "Referenced", "referenced"]

REFERENCE = 64
"""Rows R of the reference batch, as many as a usual batch has."""


class PixelNorm(nn.Module):
    """Scale the channels of each pixel to a mean square of one: (N, C, …) -> (N, C, …).

    Progressive Growing of GANs (Karras et al. 2018, arXiv 1710.10196), section 4.2.
    """

    def __init__(self, channels: int = 0) -> None:
        super().__init__()

    def forward(self, h: Tensor) -> Tensor:
        """Return h / sqrt(mean over channels of h²)."""
        return h * torch.rsqrt(h.square().mean(1, keepdim=True) + 1e-8)


class ReferenceNorm(nn.Module):
    """Reference or virtual batch norm: (R + N, C, H, W) -> (R + N, C, H, W).

    The first R rows are the reference batch and are normalised by their own moments.

    Args:
        channels: C.
        rows: R.
        own: weight c in [0, 1] of an example's own moments.
    """

    def __init__(self, channels: int, rows: int = REFERENCE, own: float = 0.0) -> None:
        super().__init__()
        self.rows = rows
        self.own = own
        self.gain = nn.Parameter(torch.ones(channels, 1, 1))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, h: Tensor) -> Tensor:
        """Return the reference rows and the examples, normalised."""
        known, new = h[: self.rows], h[self.rows :]
        shared = _moments(known, (0, 2, 3))
        moments = _mixed(self.own, _moments(new, (2, 3)), shared)
        return torch.cat([self._normal(known, *shared), self._normal(new, *moments)])

    def _normal(self, h: Tensor, mean: Tensor, variance: Tensor) -> Tensor:
        return self.gain * (h - mean) * torch.rsqrt(variance + 1e-5) + self.bias


class Referenced(nn.Module):
    """A generator that always has the reference batch beside its latents.

    (N, latent) -> network of (R + N, latent), without its first R rows. The reference latents are
    drawn once, and are state: they are saved with the weights.

    Args:
        network: holds :class:`ReferenceNorm` layers of as many ``rows``.
        latent: width of z.
        classes: number of classes when conditional; the reference rows have each equally often.
        rows: R.
    """

    def __init__(
        self, network: nn.Module, latent: int, classes: int = 0, rows: int = REFERENCE
    ) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("z", torch.randn(rows, latent))
        self.register_buffer("y", torch.arange(rows) % max(classes, 1))

    def forward(self, z: Tensor, *y: Tensor) -> Tensor:
        """Return the examples; ``y``, int64 (N,), is needed when the network is conditional."""
        known = [self.get_buffer(name) for name in ("z", "y")]
        joined = [torch.cat(pair) for pair in zip(known, (z, *y), strict=False)]
        return self.network(*joined)[len(known[0]) :]


FOLLOWERS: dict[str, Callable[[int], nn.Module]] = {
    "batch": nn.BatchNorm2d,
    "none": lambda channels: nn.Identity(),
    "pixel": PixelNorm,
    "reference": ReferenceNorm,
    "virtual": partial(ReferenceNorm, own=1 / (REFERENCE + 1)),
}
"""A generator's norm: channels -> the layer that follows a convolution."""


def referenced(network: nn.Module, norm: str, latent: int, classes: int = 0) -> nn.Module:
    """Return ``network`` with its reference batch, where ``norm`` is one that needs it."""
    if norm not in ("reference", "virtual"):
        return network
    return Referenced(network, latent, classes)


def _moments(h: Tensor, axes: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    variance, mean = torch.var_mean(h, axes, correction=0, keepdim=True)
    return mean, variance


def _mixed(
    own: float, each: tuple[Tensor, Tensor], shared: tuple[Tensor, Tensor]
) -> tuple[Tensor, Tensor]:
    """Return the moments of ``own`` of ``each`` mixed with the rest of ``shared``."""
    mean = own * each[0] + (1 - own) * shared[0]
    spread = [v + (m - mean).square() for m, v in (each, shared)]
    return mean, own * spread[0] + (1 - own) * spread[1]
