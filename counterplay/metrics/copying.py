r"""Copies of training examples: two tests that read generated ones against held-out ones.

- :func:`copying_test`, :math:`C_T`: in each cell of the space, are generated examples nearer to
  their nearest training example than held-out ones are to theirs? The Mann-Whitney statistic of the
  two sets of distances, as a normal score, averaged over cells by the held-out sample's shares. Far
  below 0 is copying, far above 0 underfitting (by eye: beyond ±3).
- :func:`memorised`: the share of generated examples for which a training example is a near copy:
  its distance less than a third of the distance to the second nearest. Read it against held-out
  examples' share, which stands beside it.

Sources: A non-parametric test to detect data-copying in generative models (Meehan et al., 2020,
arXiv:2004.05675); Diffusion probabilistic models generalize when they fail to memorize (Yoon et
al., 2023).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.metrics.cells import cells
from counterplay.metrics.checks import check_pair
from counterplay.metrics.distances import centre, closest
from counterplay.metrics.intervals import around, wilson
from counterplay.metrics.measured import Measured

__all__ = ["copying_test", "memorised"]

CELLS = 3
LEAST = 20
"""Generated examples that a cell needs to count."""


@torch.no_grad()
def copying_test(
    train: Tensor, held: Tensor, generated: Tensor, k: int = CELLS, seed: int = 0
) -> Measured:
    """Return C_T of ``generated`` (M, F), with the interval and p-value (of copying) at equality.

    Args:
        train: (T, F), cut into ``k`` cells by k-means.
        held: (N, F), not trained on.
        generated: (M, F).
        k: how many cells.
        seed: of k-means.

    Raises:
        UserError: when a sample has fewer than 20 examples, columns differ, or a value is not
            finite.
    """
    from scipy.stats import norm

    train, generated = check_pair(train, generated, least=LEAST)
    train, held = check_pair(train, held, least=LEAST)
    _, held = centre(train, held)
    train, generated = centre(train, generated)
    found = cells(train, k, seed)
    terms = []
    for own, real, made in zip(
        *(_parts(x, found(x), k) for x in (train, held, generated)), strict=True
    ):
        if len(own) and len(real) and len(made) >= LEAST:
            apart = (closest(x, own, 1)[0][:, 0] for x in (made, real))
            terms.append((len(real), _rank_score(*apart)))
    if not terms:
        raise UserError(
            f"none of {k} cells has {LEAST} generated examples beside held-out ones: use more, or "
            "fewer cells"
        )
    total = sum(n for n, _ in terms)
    value = sum(n * z for n, z in terms) / total
    error = math.sqrt(sum(n * n for n, _ in terms)) / total
    about = (("cells", float(len(terms))),)
    return Measured(value, around(value, error), 0.0, float(norm.cdf(value / error)), about)


def _parts(x: Tensor, where: Tensor, k: int) -> list[Tensor]:
    return [x[where == cell] for cell in range(k)]


def _rank_score(x: Tensor, y: Tensor) -> float:
    """Return the Mann-Whitney statistic of ``x`` over ``y`` as a normal score: below 0 if less."""
    from scipy.stats import rankdata

    n, m = len(x), len(y)
    ranks = rankdata(torch.cat([x, y]).cpu().numpy())
    larger = float(ranks[:n].sum()) - n * (n + 1) / 2
    return (larger - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)


@torch.no_grad()
def memorised(train: Tensor, generated: Tensor, ratio: float = 1 / 3) -> Measured:
    """Return the share of ``generated`` (M, F) with a near copy among ``train`` (T, F).

    Raises:
        UserError: when a sample has fewer than 3 examples, columns differ, or a value is not
            finite.
    """
    train, generated = check_pair(train, generated, least=3)
    train, generated = centre(train, generated)
    train = train.unique(dim=0)  # a training example that occurs twice is one example
    if len(train) < 2:
        raise UserError("all training examples are one: whether samples copy it cannot be told")
    apart, _ = closest(generated, train, 2)
    near = apart[:, 0] < ratio**2 * apart[:, 1]
    share = float(near.double().mean())
    return Measured(share, wilson(share, len(near)))
