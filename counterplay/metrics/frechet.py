r"""Fréchet distance between two samples, each seen as a normal distribution.

.. math::

    d^2 = |m_1 - m_2|^2 + \operatorname{tr} S_1 + \operatorname{tr} S_2
          - 2 \operatorname{tr} (S_1 S_2)^{1/2}

with means :math:`m` and covariances :math:`S` (divided by n − 1). The value is :math:`d^2`, as
everywhere in the field.

With :math:`S_1 = F^\top F`, the trace of the root is the sum of the roots of the eigenvalues of
the symmetric :math:`F S_2 F^\top`. When the second sample has no more examples than features,
:math:`S_2 = B^\top B` with B its centred rows / √(n − 1), and the trace is the sum of the singular
values of :math:`F B^\top`: exact where S₂ is singular, and far cheaper. The matrix root itself
(``scipy.linalg.sqrtm``) is never formed.

Sources: GANs trained by a two time-scale update rule (Heusel et al., 2017, arXiv:1706.08500);
The Fréchet distance between multivariate normal distributions (Dowson and Landau, 1982).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from counterplay.metrics.checks import CHUNK, check_features, check_pair, column_means, double

__all__ = [
    "Moments",
    "Reference",
    "frechet",
    "frechet_distance",
    "frechet_error",
    "frechet_floor",
    "moments",
    "reference",
]


@dataclass(frozen=True)
class Moments:
    """The mean and the spread of a sample, in float64.

    Attributes:
        mean: (F,).
        spread: the covariance (F, F) when n > F, else the centred rows / √(n − 1), (n, F).
        n: how many examples.
    """

    mean: Tensor
    spread: Tensor
    n: int

    @property
    def full(self) -> bool:
        """Whether ``spread`` is the covariance, and not the centred rows."""
        return self.n > len(self.mean)

    @property
    def trace(self) -> Tensor:
        """The trace of the covariance, a scalar."""
        return self.spread.trace() if self.full else self.spread.square().sum()


@dataclass(frozen=True)
class Reference:
    """What is computed once of the reference sample: the covariance is ``factor.T @ factor``.

    Attributes:
        mean: (F,).
        factor: (r, F), rows orthogonal, of squared length ``eigenvalues``; r is the rank.
        eigenvalues: (r,), positive, ascending.
        n: how many examples.
    """

    mean: Tensor
    factor: Tensor
    eigenvalues: Tensor
    n: int


@torch.no_grad()
def moments(x: Tensor) -> Moments:
    """Return the float64 moments of features (N, F), by two passes over chunks of rows.

    Raises:
        UserError: when N < 2 or a value is not finite.
    """
    x = check_features(x, "the sample")
    n, features = x.shape
    mean = column_means(x)
    if n <= features:
        return Moments(mean, (double(x) - mean) / math.sqrt(n - 1), n)
    covariance = mean.new_zeros(features, features)
    for part in x.split(CHUNK):
        centred = double(part) - mean
        covariance.addmm_(centred.T, centred)
    return Moments(mean, covariance / (n - 1), n)


@torch.no_grad()
def reference(sample: Moments) -> Reference:
    """Decompose the covariance once (``eigh`` of it, or of the rows' Gram matrix when n ≤ F)."""
    gram = sample.spread if sample.full else sample.spread @ sample.spread.T
    values, vectors = torch.linalg.eigh(gram)
    kept = values > values[-1].clamp(min=0) * len(gram) * torch.finfo(values.dtype).eps
    values, vectors = values[kept], vectors[:, kept]
    factor = values.sqrt()[:, None] * vectors.T if sample.full else vectors.T @ sample.spread
    return Reference(sample.mean, factor, values, sample.n)


@torch.no_grad()
def frechet(real: Reference, generated: Moments) -> float:
    """Return the squared Fréchet distance, at least 0 (rounding below 0 is clamped).

    It is biased upwards: two samples of the same law are at :func:`frechet_floor`, not at 0.
    """
    root = _root_spectrum(real, generated).sum()
    gap = (real.mean - generated.mean).square().sum()
    return max(0.0, float(gap + real.eigenvalues.sum() + generated.trace - 2 * root))


def frechet_distance(real: Tensor, generated: Tensor) -> float:
    """Return the squared Fréchet distance between features (N, F) and (M, F).

    Raises:
        UserError: as :func:`~counterplay.metrics.checks.check_pair`.

    >>> frechet_distance(torch.tensor([[0.0], [2.0]]), torch.tensor([[3.0], [5.0]]))
    9.0
    """
    real, generated = check_pair(real, generated)
    return frechet(reference(moments(real)), moments(generated))


def _root_spectrum(real: Reference, generated: Moments) -> Tensor:
    """Return the eigenvalues of (S₁S₂)^½ that may differ from 0."""
    if generated.full:
        product = real.factor @ generated.spread @ real.factor.T
        return torch.linalg.eigvalsh(product).clamp(min=0).sqrt()
    return torch.linalg.svdvals(real.factor @ generated.spread.T)


@torch.no_grad()
def frechet_floor(real: Reference, n_generated: int) -> float:
    r"""Return what a perfect generator of normal features would get: the noise floor.

    .. math::

        E[d^2] \approx (1/n_1 + 1/n_2) \Big[ \sum_i \lambda_i + \tfrac12 \sum_{ij}
            \frac{\lambda_i \lambda_j (1 + \delta_{ij})}{\lambda_i + \lambda_j} \Big]

    with the eigenvalues :math:`\lambda` of the covariance, here the reference sample's. To second
    order in the sampling noise; a guide only where n is not well above the number of features.
    """
    values = real.eigenvalues
    pairs = values[:, None] * values / (values[:, None] + values)
    total = values.sum() + 0.5 * (pairs.sum() + pairs.trace())
    return float((1 / real.n + 1 / n_generated) * total)


@torch.no_grad()
def frechet_error(real: Tensor, generated: Tensor) -> float:
    r"""Return the standard error of the squared Fréchet distance (delta method, both samples).

    The influence of an example y of the second sample, centred, is
    :math:`2 (m_2 - m_1) \cdot y + y \cdot y - y^\top T y` with T the optimal transport map from
    the second normal law to the first (:math:`T S_2 T = S_1`); of an example of the first sample
    the same with the inverse map. The error is :math:`\sqrt{\sum_i \mathrm{Var}_i / n_i}`. It is
    the spread of the estimate around its own mean: the bias is :func:`frechet_floor`. Where the
    two laws are equal the first order vanishes and the value is an over-estimate (about √2).
    """
    real, generated = check_pair(real, generated)
    first, second = reference(moments(real)), moments(generated)
    if second.full:
        product = first.factor @ second.spread @ first.factor.T
        squares, axes = torch.linalg.eigh(product)
        values = squares.clamp(min=0).sqrt()
    else:
        axes, values, _ = torch.linalg.svd(first.factor @ second.spread.T, full_matrices=False)
    # Of real examples that are all alike there is no spread and no axis: zero is beside the rest.
    kept = values > torch.cat([values, values.new_zeros(1)]).max() * 1e-7
    values, axes = values[kept], axes[:, kept]
    forward = (axes / values.sqrt()).T @ first.factor
    backward = (axes * values.sqrt()).T @ (first.factor / first.eigenvalues[:, None])
    gap = second.mean - first.mean
    variance = _influence(generated, second.mean, gap, forward).var() / second.n
    variance += _influence(real, first.mean, -gap, backward).var() / first.n
    return math.sqrt(float(variance))


def _influence(x: Tensor, mean: Tensor, gap: Tensor, root: Tensor) -> Tensor:
    """Return the influence of each row: 2 gap·y + |y|² − |root y|², with y = x − mean. (N,)."""
    parts = []
    for part in x.split(CHUNK):
        y = double(part) - mean
        parts.append(2 * y @ gap + y.square().sum(1) - (y @ root.T).square().sum(1))
    return torch.cat(parts)
