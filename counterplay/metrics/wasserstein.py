r"""Wasserstein distances that can be computed exactly: on the line, and averaged over lines.

On the line :math:`W_p^p = \int_0^1 |F^{-1}(u) - G^{-1}(u)|^p du`: sorting, no optimisation. The
sliced distance is :math:`SW_p^p(P, Q) = E_\theta W_p^p(\theta \cdot P, \theta \cdot Q)` over
directions :math:`\theta` uniform on the sphere. A pure shift by m in F dimensions has
:math:`SW_2^2 = |m|^2 / F`.

Between finite samples of one law it is not 0: compare with real against real.

Source: Sliced and Radon Wasserstein barycenters of measures (Bonneel et al., 2015).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics.checks import check_pair

__all__ = ["sliced_error", "sliced_wasserstein", "wasserstein_line"]

HELD = 1 << 22
"""How many projected values are held at once (16 MB)."""


@torch.no_grad()
def wasserstein_line(x: Tensor, y: Tensor, p: float = 2.0) -> Tensor:
    """Return the exact W_p^p between samples on the line, one pair a row.

    ``x`` (L, N) and ``y`` (L, M) may differ in N and M; the answer is (L,). With equal counts the
    sorted samples are matched; otherwise the two quantile functions, which are constant between
    the multiples of 1/N and of 1/M, are compared piece by piece.
    """
    x, y = _sorted(x), _sorted(y)
    n, m = x.shape[1], y.shape[1]
    if n == m:
        return (x - y).abs_().pow_(p).mean(1)
    # The cuts of [0, 1] are counted in units of 1/(NM), so that they are exact integers.
    cuts = torch.cat([torch.arange(n) * m, torch.arange(m) * n]).unique()
    widths = torch.diff(cuts, append=torch.tensor([n * m])).double() / (n * m)
    apart = (x[:, (cuts // m).to(x.device)] - y[:, (cuts // n).to(x.device)]).abs_().pow_(p)
    return apart @ widths.to(apart)


def _sorted(x: Tensor) -> Tensor:
    """Sort each row. Without the indices, which torch finds besides, NumPy takes a fifth of it."""
    return torch.from_numpy(np.sort(x.numpy(), 1)) if x.device.type == "cpu" else x.sort(1).values


@torch.no_grad()
def sliced_wasserstein(
    real: Tensor, generated: Tensor, p: float = 2.0, projections: int = 256, seed: int = 0
) -> float:
    """Return the sliced distance SW_p between features (N, F) and (M, F); W_p itself when F = 1.

    Raises:
        UserError: when p < 1, no projections are asked for, columns differ, a sample has fewer
            than 2 examples, or a value is not finite.

    >>> sliced_wasserstein(torch.zeros(3, 1), torch.full((2, 1), 4.0))
    4.0
    """
    real, generated = check_pair(real, generated)
    if p < 1 or projections < 1:
        raise UserError(
            f"a sliced distance with p = {p} over {projections} projections was asked for: "
            "p is at least 1, and there is at least 1 projection"
        )
    features = real.shape[1]
    directions = torch.ones(1, 1)
    if features > 1:
        directions = torch.randn(projections, features, generator=generator(seed, "projections"))
        directions /= directions.norm(dim=1, keepdim=True)
    parts = directions.to(real).split(max(1, HELD // max(len(real), len(generated))))
    lines = [wasserstein_line(part @ real.T, part @ generated.to(real).T, p) for part in parts]
    return float(torch.cat(lines).mean()) ** (1 / p)


@torch.no_grad()
def sliced_error(
    real: Tensor,
    generated: Tensor,
    p: float = 2.0,
    projections: int = 256,
    seed: int = 0,
    resamples: int = 12,
) -> float:
    """Return the standard error of the sliced distance: its spread over bootstrap resamples.

    Each resample draws both samples anew with replacement, and its own projections, so that both
    sources of noise are in it.
    """
    rng = generator(seed, "bootstrap")
    values = []
    for repeat in range(resamples):
        x, y = (
            sample[torch.randint(len(sample), (len(sample),), generator=rng).to(sample.device)]
            for sample in (real, generated)
        )
        values.append(sliced_wasserstein(x, y, p, projections, seed + 1 + repeat))
    return float(torch.tensor(values, dtype=torch.float64).std())
