r"""Distributions known exactly: the tests' ground truth, and the latents of samplers.

A law draws with ``sample(n, rng)`` and, where it has a density, scores with ``log_prob(x)``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

__all__ = [
    "LAWS",
    "Curve",
    "Labels",
    "Mixture",
    "Normal",
    "Uniform",
    "circles",
    "grid",
    "moons",
    "ring",
    "spiral",
    "swissroll",
]


@dataclass(frozen=True)
class Normal:
    """The standard normal on R^dim, the usual latent."""

    dim: int

    def sample(self, n: int, rng: torch.Generator) -> Tensor:
        """Draw z ~ N(0, I), shape (n, dim)."""
        return torch.randn(n, self.dim, generator=rng)

    def log_prob(self, x: Tensor) -> Tensor:
        """Return log N(x; 0, I) in nats, shape (N,)."""
        return -0.5 * (x.square().sum(1) + self.dim * math.log(2 * math.pi))


@dataclass(frozen=True)
class Uniform:
    """The uniform law on [-1, 1]^dim."""

    dim: int

    def sample(self, n: int, rng: torch.Generator) -> Tensor:
        """Draw z ~ U[-1, 1), shape (n, dim)."""
        return torch.rand(n, self.dim, generator=rng) * 2 - 1

    def log_prob(self, x: Tensor) -> Tensor:
        """Return log density in nats, -inf outside the cube, shape (N,)."""
        inside = (x.abs() <= 1).all(1)
        return torch.where(inside, -self.dim * math.log(2.0), -math.inf)


@dataclass(frozen=True)
class Labels:
    """The law of a class index: P(k) = share[k]."""

    share: tuple[float, ...]

    def sample(self, n: int, rng: torch.Generator) -> Tensor:
        """Draw class indices, int64 (n,)."""
        return torch.multinomial(torch.tensor(self.share), n, replacement=True, generator=rng)


@dataclass(frozen=True)
class Mixture:
    """A mixture of round Gaussians with equal weights: the law by which modes are counted.

    Attributes:
        centres: K rows of D coordinates.
        std: standard deviation of each coordinate of each component.
    """

    centres: tuple[tuple[float, ...], ...]
    std: float

    def sample(self, n: int, rng: torch.Generator) -> Tensor:
        """Draw x, shape (n, D)."""
        centres = torch.tensor(self.centres)
        which = torch.randint(len(centres), (n,), generator=rng)
        return centres[which] + self.std * torch.randn(n, centres.shape[1], generator=rng)

    def log_prob(self, x: Tensor) -> Tensor:
        """Return the exact log density in nats, shape (N,)."""
        centres = torch.tensor(self.centres, dtype=x.dtype, device=x.device)
        squares = (x[:, None] - centres).square().sum(2) / self.std**2
        constant = centres.shape[1] * math.log(self.std * math.sqrt(2 * math.pi))
        return torch.logsumexp(-0.5 * squares, 1) - math.log(len(centres)) - constant


@dataclass(frozen=True)
class Curve:
    """Points along planar curves, blurred by Gaussian noise.

    Attributes:
        point: (t, u) -> (n, 2), where t and u are uniform on [0, 1) and independent.
        noise: standard deviation of each coordinate.
    """

    point: Callable[[Tensor, Tensor], Tensor]
    noise: float

    def sample(self, n: int, rng: torch.Generator) -> Tensor:
        """Draw x, shape (n, 2)."""
        t, u = torch.rand(2, n, generator=rng)
        return self.point(t, u) + self.noise * torch.randn(n, 2, generator=rng)


def ring(modes: int = 8, radius: float = 2.0, std: float = 0.02) -> Mixture:
    """Return Gaussians at angles 2πk/modes, k = 0 … modes-1.

    The end point 2π is left out: it is the angle 0 again, and the ring would have a mode fewer.
    Defaults as in Improved Training of Wasserstein GANs (Gulrajani et al. 2017, arXiv 1704.00028).
    """
    angles = [2 * math.pi * k / modes for k in range(modes)]
    return Mixture(tuple((radius * math.cos(a), radius * math.sin(a)) for a in angles), std)


def grid(side: int = 5, gap: float = 2.0, std: float = 0.05) -> Mixture:
    """Return side² Gaussians on a square lattice around 0 (Gulrajani et al. 2017)."""
    ticks = [gap * (k - (side - 1) / 2) for k in range(side)]
    return Mixture(tuple((x, y) for x in ticks for y in ticks), std)


def spiral(turns: float = 1.5, noise: float = 0.05) -> Curve:
    """Return two arms of an Archimedean spiral of radius 2, opposite to each other."""

    def point(t: Tensor, u: Tensor) -> Tensor:
        radius = 2 * t.sqrt()  # the square root spreads points evenly along the arm
        angle = radius * math.pi * turns + math.pi * (u < 0.5)
        return torch.stack([radius * angle.cos(), radius * angle.sin()], 1)

    return Curve(point, noise)


def moons(noise: float = 0.08) -> Curve:
    """Return two interleaved half circles of radius 1."""

    def point(t: Tensor, u: Tensor) -> Tensor:
        upper = torch.stack([(math.pi * t).cos(), (math.pi * t).sin()], 1)
        return torch.where((u < 0.5)[:, None], upper, torch.tensor([1.0, 0.5]) - upper)

    return Curve(point, noise)


def circles(inner: float = 0.5, noise: float = 0.05) -> Curve:
    """Return two concentric circles, of radius 1 and ``inner``, equally likely."""

    def point(t: Tensor, u: Tensor) -> Tensor:
        radius = torch.where(u < 0.5, 1.0, inner)
        angle = 2 * math.pi * t
        return torch.stack([radius * angle.cos(), radius * angle.sin()], 1)

    return Curve(point, noise)


def swissroll(noise: float = 0.25) -> Curve:
    """Return a rolled-up strip in the plane, divided by 7.5 (Gulrajani et al. 2017)."""

    def point(t: Tensor, u: Tensor) -> Tensor:
        angle = 1.5 * math.pi * (1 + 2 * t)
        return torch.stack([angle * angle.cos(), angle * angle.sin()], 1) / 7.5

    return Curve(point, noise / 7.5)


LAWS: dict[str, Callable[[], Mixture | Curve]] = {
    "ring": ring,
    "grid": grid,
    "spiral": spiral,
    "moons": moons,
    "circles": circles,
    "swissroll": swissroll,
}
