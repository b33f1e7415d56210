r"""Transforms that are linear in x, the same at every pixel, and all but one for every example.

Vectors are (N, C), pictures (N, C, H, W); P is the number of pixels, 1 for vectors.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from counterplay.networks.flows.base import Transform

__all__ = ["ActNorm", "ClassNorm", "InvertibleLinear", "initialise"]


class ActNorm(Transform):
    """z = (x − shift) · e^(−log_std), one of each a channel; log|det| = −P Σ log_std.

    Glow: Generative Flow with Invertible 1×1 Convolutions (Kingma, Dhariwal 2018, arXiv
    1807.03039), section 3.1. It is the identity until :func:`initialise` has shown it data.

    Args:
        channels: C.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.shift = nn.Parameter(torch.zeros(channels))
        self.log_std = nn.Parameter(torch.zeros(channels))
        self.begins = False

    def forward(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Standardise the channels."""
        if self.begins:
            self.fit(x)
        wide = _beside(x)
        z = (x - self.shift.view(wide)) * (-self.log_std).view(wide).exp()
        return z, -self._log_det(x)

    def inverse(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Give the channels their mean and deviation back."""
        if self.begins:
            self.fit_back(z)
        wide = _beside(z)
        x = z * self.log_std.view(wide).exp() + self.shift.view(wide)
        return x, self._log_det(z)

    def fit(self, x: Tensor) -> None:
        """Set shift and log_std to the moments of ``x``, over examples and pixels."""
        mean, log_std = _moments(x)
        with torch.no_grad():
            self.shift.copy_(mean)
            self.log_std.copy_(log_std)

    def fit_back(self, z: Tensor) -> None:
        """Set them so that it is the inverse that standardises: x = (z − mean) / std."""
        mean, log_std = _moments(z)
        with torch.no_grad():
            self.shift.copy_(-mean * (-log_std).exp())
            self.log_std.copy_(-log_std)

    def _log_det(self, x: Tensor) -> Tensor:
        return (_pixels(x) * self.log_std.sum()).expand(len(x))


class ClassNorm(Transform):
    """z = (x − W c) · e^(−V c) of vectors: of a one-hot c each class has its mean and deviation.

    Before z ~ N(0, I) it makes p(x | c) a Gaussian with independent numbers, the conditional prior
    of Variational Autoencoders and Nonlinear ICA (Khemakhem et al. 2020, arXiv 1907.04809). Without
    a context it is the identity: x, which belongs to no class.

    Args:
        dim: of x.
        context: K, of c.
    """

    def __init__(self, dim: int, context: int) -> None:
        super().__init__()
        self.mean = nn.Parameter(torch.zeros(dim, context))
        self.log_std = nn.Parameter(torch.zeros(dim, context))

    def forward(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Take off what the context says."""
        if context is None:
            return x, x.new_zeros(len(x))
        log_std = context @ self.log_std.T
        return (x - context @ self.mean.T) * (-log_std).exp(), -log_std.sum(1)

    def inverse(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Put it back."""
        if context is None:
            return z, z.new_zeros(len(z))
        log_std = context @ self.log_std.T
        return z * log_std.exp() + context @ self.mean.T, log_std.sum(1)


class InvertibleLinear(Transform):
    """z = W x at each pixel, W = P L (U + diag(sign · e^d)); log|det| = P Σ d.

    The invertible 1×1 convolution of Glow (Kingma, Dhariwal 2018, arXiv 1807.03039), section 3.2:
    W starts as a random rotation, its permutation and signs stay as they are.

    Args:
        channels: C.
    """

    permutation: Tensor
    sign: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        rotation = torch.linalg.qr(torch.randn(channels, channels)).Q
        permutation, lower, upper = torch.linalg.lu(rotation)
        diagonal = upper.diagonal()
        self.lower = nn.Parameter(lower)
        self.upper = nn.Parameter(upper)
        self.log_diagonal = nn.Parameter(diagonal.abs().log())
        self.register_buffer("permutation", permutation)
        self.register_buffer("sign", diagonal.sign())

    def forward(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Mix the channels."""
        with torch.autocast(x.device.type, enabled=False):  # z has the precision of x
            return self._mix(self._weight(), x), self._log_det(x)

    def inverse(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Part the channels again."""
        with torch.autocast(z.device.type, enabled=False):
            return self._mix(torch.linalg.inv(self._weight()), z), -self._log_det(z)

    def _weight(self) -> Tensor:
        lower = self.lower.tril(-1) + torch.eye(len(self.lower)).to(self.lower)
        upper = self.upper.triu(1) + torch.diag(self.sign * self.log_diagonal.exp())
        return self.permutation @ lower @ upper

    def _mix(self, weight: Tensor, x: Tensor) -> Tensor:
        return torch.einsum("ij,nj...->ni...", weight, x)

    def _log_det(self, x: Tensor) -> Tensor:
        return (_pixels(x) * self.log_diagonal.sum()).expand(len(x))


def initialise(transform: nn.Module, x: Tensor, context: Tensor | None = None) -> None:
    """Fit every :class:`ActNorm` inside to what reaches it when ``x`` passes, in one pass.

    It is done once, before the first round, and not inside it: a round's moves are then all of one
    kind, and every process starts from the same numbers. What passes a norm backwards, as in an
    inverse autoregressive flow, comes out standardised as well.
    """
    norms = [module for module in transform.modules() if isinstance(module, ActNorm)]
    for norm in norms:
        norm.begins = True
    try:
        with torch.no_grad():
            transform(x, context)
    finally:
        for norm in norms:
            norm.begins = False


def _moments(x: Tensor) -> tuple[Tensor, Tensor]:
    """Return each channel's mean and log deviation, over examples and pixels."""
    flat = x.detach().transpose(0, 1).flatten(1)
    return flat.mean(1), flat.std(1, correction=0).clamp(min=1e-6).log()


def _beside(x: Tensor) -> tuple[int, ...]:
    return (1, -1, *(1 for _ in x.shape[2:]))


def _pixels(x: Tensor) -> int:
    return x[:1, :1].numel()
