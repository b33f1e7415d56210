r"""Sources that were mixed: data whose hidden numbers are known, for independent components.

Segment u has means m_u and deviations σ_u; given u, sources s ~ N(m_u, diag σ_u²) are independent.
What is seen is x = A₃ h(A₂ h(A₁ s)), with rotations A and the smooth, increasing
h(a) = a / 4 + log(1 + e^{4a}) · 3 / 16. With enough segments s can be told from (x, u) up to order,
sign and scale, and from x alone it cannot: Variational Autoencoders and Nonlinear ICA (Khemakhem,
Kingma, Monti, Hyvärinen 2020, arXiv 1907.04809), theorem 2; Unsupervised Feature Extraction by
Time-Contrastive Learning and Nonlinear ICA (Hyvärinen, Morioka 2016, arXiv 1605.06336).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from counterplay.data.arrays import Part, read_parts
from counterplay.data.examples import Asked, Examples

__all__ = ["Mixed", "mixed", "read_sources"]

COUNT = 20_000
"""Rows."""
DIM, SEGMENTS = 5, 40
"""Sources, and segments: more than the 2 · 5 + 1 that the theorem asks for."""
_SEED = 0x1CA


class Mixed(NamedTuple):
    """Rows ``x`` (N, DIM), their hidden sources ``s`` (N, DIM), and their segments ``u`` (N,)."""

    x: np.ndarray
    s: np.ndarray
    u: np.ndarray


def mixed(n: int, seed: int = 0) -> Mixed:
    """Draw ``n`` rows: the segments' laws and the mixing are always the same."""
    fixed, rng = np.random.default_rng(_SEED), np.random.default_rng((_SEED, seed))
    means = fixed.uniform(-1, 1, (SEGMENTS, DIM))
    deviations = np.exp(fixed.uniform(np.log(0.1), np.log(1.5), (SEGMENTS, DIM)))
    turns = [np.linalg.qr(fixed.standard_normal((DIM, DIM))).Q for _ in range(3)]
    u = rng.integers(SEGMENTS, size=n)
    s = means[u] + deviations[u] * rng.standard_normal((n, DIM))
    x = s @ turns[0].T
    for turn in turns[1:]:
        x = _bent(x) @ turn.T
    return Mixed(x.astype(np.float32), s.astype(np.float32), u)


def _bent(a: np.ndarray) -> np.ndarray:
    return a / 4 + np.logaddexp(0, 4 * a) * 3 / 16


def read_sources(asked: Asked) -> Examples:
    """Return the rows of :func:`mixed`, with their segments as classes."""
    found = mixed(COUNT)
    return read_parts([Part(found.x, found.u)], asked, tuple(f"x{i}" for i in range(DIM)))
