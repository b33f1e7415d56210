r"""Vendi score: the effective number of different examples in a sample, without a reference.

With unit vectors :math:`\phi_i = x_i / |x_i|` of N centred features and
:math:`\rho = \tfrac1N \sum_i \phi_i \phi_i^\top`,

.. math:: V = \exp\big( -\operatorname{tr} \rho \log \rho \big) \in [1, \min(N, F)],

the exponential of the entropy of the eigenvalues of the matrix of cosines over N, which has the
same eigenvalues as ρ: N × N or F × F, whichever is smaller. 1 when all are parallel; r when the
examples fall evenly on r orthogonal axes. It knows nothing of quality: noise has the largest.

The influence of an example is :math:`-\phi^\top (\log \rho) \phi`; the error of log V is its
deviation over √N.

Source: The Vendi score: a diversity evaluation metric for machine learning (Friedman and Dieng,
2023, arXiv:2210.02410).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from counterplay.metrics.checks import CHUNK, check_features, double
from counterplay.metrics.intervals import around
from counterplay.metrics.measured import Measured

__all__ = ["vendi"]


@torch.no_grad()
def vendi(x: Tensor, centre: Tensor | None = None) -> Measured:
    """Return the score of features (N, F) with its interval.

    Args:
        x: the sample.
        centre: (F,), subtracted before the angles are taken; give the real sample's mean, since
            features that are all on one side of the origin have no angles between them.

    Raises:
        UserError: with fewer than 2 examples or a value that is not finite.
    """
    x = check_features(x, "the sample")
    x = double(x) if centre is None else double(x) - double(centre.to(x))
    unit = x / x.norm(dim=1, keepdim=True).clamp(min=1e-300)
    n, wide = unit.shape
    if n < wide:
        values, vectors = torch.linalg.eigh(unit @ unit.T / n)
        weights = vectors.square() * values * n  # (φ_i · axis)², by row
    else:
        density = unit.new_zeros(wide, wide)
        for part in unit.split(CHUNK):
            density.addmm_(part.T, part)
        values, vectors = torch.linalg.eigh(density / n)
        weights = (unit @ vectors).square()
    kept = values > 1e-14
    values, weights = values[kept], weights[:, kept]
    influence = -weights @ values.log()
    entropy = float(torch.special.entr(values).sum())
    low, high = around(entropy, float(influence.std()) / math.sqrt(n), 0.0)
    return Measured(math.exp(entropy), (math.exp(low), min(float(min(n, wide)), math.exp(high))))
