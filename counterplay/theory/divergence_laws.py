r"""Laws on the line with an exact density, and integrals over the line with a stated error.

A law is a mixture of normal hills, Σ w_i N(m_i, s_i²). All is computed from log p and log q: where
one of the densities has fallen to e^−800 its logarithm is still a number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.item import Value

__all__ = ["Hills", "crossings", "integral", "normal", "reach", "two_hills"]

Array = NDArray[np.float64]

NODES = 16
"""Gauss–Legendre nodes of a panel."""


@dataclass(frozen=True)
class Hills:
    """The law Σ w_i N(m_i, s_i²) on the line.

    Attributes:
        weights: w_i > 0, of sum 1.
        means: m_i.
        stds: s_i > 0.
    """

    weights: tuple[float, ...]
    means: tuple[float, ...]
    stds: tuple[float, ...]

    def log_density(self, x: Array) -> Array:
        """Return log p(x) in nats, shape as ``x``.

        >>> float(normal(0, 1).log_density(np.zeros(1))[0].round(6))
        -0.918939
        """
        z = (x[..., None] - np.array(self.means)) / self.stds
        each = -0.5 * z**2 - np.log(self.stds) - 0.5 * math.log(2 * math.pi)
        return _mixed(each, self.weights)

    def log_cdf(self, x: Array) -> Array:
        """Return log P(X ≤ x), which keeps its digits far to the left."""
        from scipy.special import log_ndtr

        return _mixed(log_ndtr((x[..., None] - np.array(self.means)) / self.stds), self.weights)

    def log_tail(self, x: Array) -> Array:
        """Return log P(X > x), which keeps its digits far to the right."""
        return self.mirrored().log_cdf(-x)

    def mirrored(self) -> Hills:
        """Return the law of −X."""
        return Hills(self.weights, tuple(-m for m in self.means), self.stds)

    def moments(self) -> tuple[float, float]:
        """Return mean and standard deviation.

        >>> two_hills(3.0, 0.5).moments()
        (0.0, 3.0413812651491097)
        """
        w, m, s = (np.array(v) for v in (self.weights, self.means, self.stds))
        mean = float(w @ m)
        return mean, math.sqrt(float(w @ (s**2 + m**2)) - mean**2)

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        """Draw n numbers."""
        hill = rng.choice(len(self.weights), n, p=self.weights)
        return np.array(self.means)[hill] + np.array(self.stds)[hill] * rng.standard_normal(n)

    def carried_to(self, other: Hills, x: Array) -> Array:
        """Return T(x) = G⁻¹(F(x)), the increasing map of this law onto ``other``.

        Found by bisection of the logarithm of the tail that is the smaller one.
        """
        left = self.log_cdf(x) < math.log(0.5)
        y = np.empty_like(x)
        y[left] = _inverse(other, self.log_cdf(x[left]))
        y[~left] = -_inverse(other.mirrored(), self.log_tail(x[~left]))
        return y


def normal(mean: float, std: float) -> Hills:
    """Return N(mean, std²)."""
    return Hills((1.0,), (float(mean),), (float(std),))


def two_hills(distance: float, std: float, share: float = 0.5) -> Hills:
    """Return (1 − share) N(−distance, std²) + share N(distance, std²)."""
    return Hills((1 - share, share), (-float(distance), float(distance)), (float(std),) * 2)


def reach(*laws: Hills) -> tuple[float, float, float]:
    """Return an interval outside which the laws have next to no mass, and their smallest std."""
    wide = max(s for law in laws for s in law.stds)
    low, high = (f(m for law in laws for m in law.means) for f in (min, max))
    return low - 10 * wide, high + 10 * wide, min(s for law in laws for s in law.stds)


def integral(
    f: Callable[[Array], Array], low: float, high: float, width: float, breaks: Sequence[float] = ()
) -> Value:
    """Return ∫ f over the line, by Gauss–Legendre on panels of ``width``.

    The stated error is the distance to the same with panels twice as wide on [low, high]; the value
    itself is taken over twice that range, so that the error covers what lies in the tails too.

    >>> square = integral(lambda x: x**2 * np.exp(-(x**2) / 2), -12, 12, 1.0)
    >>> abs(square.value - math.sqrt(2 * math.pi)) <= square.error < 1e-12
    True

    Args:
        f: array in, array out.
        low: from here on, f matters.
        high: up to here, f matters.
        width: of a panel of the coarser grid: the width of f's finest feature.
        breaks: where f has a kink; panels end there.
    """
    middle, half = (low + high) / 2, (high - low) / 2
    coarse = _panels(f, low, high, width, breaks)
    fine = _panels(f, middle - 2 * half, middle + 2 * half, width / 2, breaks)
    rounding = 1e-14 * max(1.0, abs(fine))
    return Value(fine, abs(fine - coarse) + rounding, "quadrature")


def crossings(f: Callable[[Array], Array], low: float, high: float, width: float) -> list[float]:
    """Return the zeros of f in [low, high] that are at least ``width`` / 8 apart.

    >>> [round(x, 9) for x in crossings(lambda x: x**2 - 1, -3, 4, 0.5)]
    [-1.0, 1.0]
    """
    from scipy.optimize import brentq

    x = np.linspace(low, high, 8 * math.ceil((high - low) / width) + 1)
    signs = np.sign(f(x))
    found = [float(x[i]) for i in np.flatnonzero(signs == 0)]
    for i in np.flatnonzero(signs[:-1] * signs[1:] < 0):
        root = brentq(lambda t: float(f(np.array([t]))[0]), x[i], x[i + 1])
        found.append(float(np.asarray(root)))
    return sorted(found)


def _panels(
    f: Callable[[Array], Array], low: float, high: float, width: float, breaks: Sequence[float]
) -> float:
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    edges = np.linspace(low, high, math.ceil((high - low) / width) + 1)
    inner = [b for b in breaks if low < b < high]
    edges = np.union1d(edges, inner)
    centre, half = (edges[1:] + edges[:-1]) / 2, np.diff(edges) / 2
    x = centre[:, None] + half[:, None] * nodes
    return float((half[:, None] * weights * f(x.ravel()).reshape(x.shape)).sum())


def _mixed(each: Array, weights: Sequence[float]) -> Array:
    if len(weights) == 1:
        return each[..., 0]
    from scipy.special import logsumexp

    return np.asarray(logsumexp(each, axis=-1, b=np.array(weights)))


def _inverse(law: Hills, log_mass: Array) -> Array:
    wide = max(law.stds)
    low = np.full_like(log_mass, min(law.means) - 60 * wide)
    high = np.full_like(log_mass, max(law.means) + 60 * wide)
    for _ in range(64):
        middle = (low + high) / 2
        above = law.log_cdf(middle) > log_mass
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return (low + high) / 2
