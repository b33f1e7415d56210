r"""Divergences between p and q that a critic can measure from samples.

For convex f with f(1) = 0 and its conjugate f*(t) = sup_u (u t − f(u)),

    D_f(p ‖ q) = ∫ q f(p / q) = sup_T  E_p T − E_q f*(T),    best at T = f'(p / q).

A critic's value v becomes T = g(v) by an activation g that has f*'s domain as its range and grows
with v: large values say "real". f-GAN: Training Generative Neural Samplers using Variational
Divergence Minimization (Nowozin, Cseke, Tomioka 2016, arXiv 1606.00709), tables 1 and 2.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import softplus

__all__ = ["DIVERGENCES", "FDivergence"]

Pointwise = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class FDivergence:
    """A row of the table, each entry a function of one variable.

    Attributes:
        f: u = p / q ≥ 0 -> f(u).
        slope: f', which is the best T.
        activation: g, v -> T.
        conjugate: f*, T -> f*(T).
        charged: v -> f*(g(v)), written out: what is finite stays finite.
    """

    f: Pointwise
    slope: Pointwise
    activation: Pointwise
    conjugate: Pointwise
    charged: Pointwise


_LN2 = math.log(2)

DIVERGENCES: dict[str, FDivergence] = {
    "kl": FDivergence(
        f=lambda u: u * torch.log(u),
        slope=lambda u: 1 + torch.log(u),
        activation=lambda v: v,
        conjugate=lambda t: torch.exp(t - 1),
        charged=lambda v: torch.exp(v - 1),
    ),
    "reverse_kl": FDivergence(
        f=lambda u: -torch.log(u),
        slope=lambda u: -1 / u,
        activation=lambda v: -torch.exp(-v),
        conjugate=lambda t: -1 - torch.log(-t),
        charged=lambda v: v - 1,
    ),
    "pearson": FDivergence(
        f=lambda u: (u - 1).square(),
        slope=lambda u: 2 * (u - 1),
        activation=lambda v: v,
        conjugate=lambda t: t.square() / 4 + t,
        charged=lambda v: v.square() / 4 + v,
    ),
    "squared_hellinger": FDivergence(
        f=lambda u: (torch.sqrt(u) - 1).square(),
        slope=lambda u: 1 - 1 / torch.sqrt(u),
        activation=lambda v: 1 - torch.exp(-v),
        conjugate=lambda t: t / (1 - t),
        charged=lambda v: torch.exp(v) - 1,
    ),
    # 2 JSD: the two divergences from the middle, summed and not averaged.
    "jensen_shannon": FDivergence(
        f=lambda u: u * torch.log(u) - (u + 1) * torch.log((u + 1) / 2),
        slope=lambda u: torch.log(2 * u / (1 + u)),
        activation=lambda v: _LN2 - softplus(-v),
        conjugate=lambda t: -torch.log(2 - torch.exp(t)),
        charged=lambda v: softplus(v) - _LN2,
    ),
    # 2 JSD − ln 4, the value of the first adversarial nets: f(1) = −ln 4 and not 0.
    "gan": FDivergence(
        f=lambda u: u * torch.log(u) - (u + 1) * torch.log(u + 1),
        slope=lambda u: torch.log(u / (1 + u)),
        activation=lambda v: -softplus(-v),
        conjugate=lambda t: -torch.log(1 - torch.exp(t)),
        charged=softplus,
    ),
}
"""Kullback and Leibler's, the same the other way round, Pearson's χ², Hellinger's squared …"""
