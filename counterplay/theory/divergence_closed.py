"""Divergences between two normal laws, as formulas."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

__all__ = ["CLOSED"]

Closed = Callable[[float, float, float, float], float]


def _closed_kl(m: float, s: float, n: float, t: float) -> float:
    return math.log(t / s) + (s**2 + (m - n) ** 2) / (2 * t**2) - 0.5


def _closed_tv(m: float, s: float, n: float, t: float) -> float:
    from scipy.special import ndtr

    # log p − log q is a parabola; between its roots the one law is larger, outside the other.
    a, b = 1 / t**2 - 1 / s**2, 2 * (m / s**2 - n / t**2)
    c = n**2 / t**2 - m**2 / s**2 + 2 * math.log(t / s)
    roots = np.roots([a, b, c] if a else [b, c]) if a or b else np.zeros(0)
    edges = np.concatenate([[-np.inf], np.sort(roots.real), [np.inf]])
    return float(0.5 * np.abs(np.diff(ndtr((edges - m) / s) - ndtr((edges - n) / t))).sum())


def _closed_chi(m: float, s: float, n: float, t: float) -> float:
    left = 2 * t**2 - s**2
    if left <= 0:
        return math.inf
    return t**2 / (s * math.sqrt(left)) * math.exp((m - n) ** 2 / left) - 1


def _closed_hellinger(m: float, s: float, n: float, t: float) -> float:
    both = s**2 + t**2
    return 1 - math.sqrt(2 * s * t / both) * math.exp(-((m - n) ** 2) / (4 * both))


def _closed_w1(m: float, s: float, n: float, t: float) -> float:
    # The quantiles differ by Δm + Δs Z: the mean of a folded normal law.
    shift, stretch = abs(m - n), abs(s - t)
    if not stretch:
        return shift
    z = shift / stretch
    return stretch * math.sqrt(2 / math.pi) * math.exp(-(z**2) / 2) + shift * math.erf(
        z / math.sqrt(2)
    )


CLOSED: dict[str, Closed] = {
    "kl": _closed_kl,
    "reverse kl": lambda m, s, n, t: _closed_kl(n, t, m, s),
    "tv": _closed_tv,
    "χ²": _closed_chi,
    "hellinger²": _closed_hellinger,
    "w1": _closed_w1,
    "w2": lambda m, s, n, t: math.hypot(m - n, s - t),
}
"""Between N(m, s²) and N(n, t²). The Jensen–Shannon divergence has no such formula."""
