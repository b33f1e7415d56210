"""Agreement to four digits with public implementations, live where installed, else as recorded.

Recorded on torch 2.13.0 (CPU) with torchmetrics 1.9.0, prdc 0.2, POT 0.9.7.post1 and vendi-score
0.0.3, installed without their dependencies beside the tests' own environment, on the samples of
:func:`sample`: numbers that come from integers alone, the same on every machine. The calls:

- ``torchmetrics.image.fid._compute_fid(mean, cov, mean, cov)`` of float64 moments;
- ``torchmetrics.image.kid.poly_mmd(x, y)`` of float64 features, which divides by n (n − 1);
- ``prdc.compute_prdc(x, y, nearest_k=5)``;
- ``ot.emd2(a, b, |x − y|², numItermax=10_000_000)``;
- ``ot.sliced.sliced_wasserstein_distance(x, y, projections=P, p=2)`` with our directions;
- ``vendi_score.vendi.score_dual(x, normalize=True)``.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from counterplay.game import generator
from counterplay.metrics import frechet_distance, kid, neighbours, sliced_wasserstein
from counterplay.metrics.transport import wasserstein
from counterplay.metrics.vendi import vendi

RECORDED = {
    "frechet": 0.07070884943216171,
    "kid": 0.019510819784683164,
    "precision": 0.9566666666666667,
    "recall": 0.9733333333333334,
    "density": 0.92,
    "coverage": 0.9633333333333334,
    "wasserstein": 0.4714581545601289,
    "vendi": 5.946580244660839,
}
"""What the packages answered for :func:`samples`."""


def sample(n: int, d: int, start: int) -> Tensor:
    """Return n·d numbers of a quadratic sequence modulo a prime, about uniform on ±1, float64."""
    i = torch.arange(n * d, dtype=torch.int64) + start
    return ((i * i * 7919 + i * 104_729) % 65_537).double().reshape(n, d) / 32_768 - 1


def samples() -> tuple[Tensor, Tensor]:
    x, y = sample(300, 6, 0), sample(300, 6, 900_001)
    y[:, 0] = 1.2 * y[:, 0] + 0.3
    return x, y


def ours() -> dict[str, float]:
    x, y = samples()
    shares = neighbours(x, y, 5).values()
    shares.pop("authenticity")
    return {
        "frechet": frechet_distance(x, y),
        "kid": kid(x, y).value,
        **shares,
        "wasserstein": wasserstein(x, y).value ** 2,
        "vendi": vendi(x).value,
    }


def test_ours_are_what_the_packages_answered():
    found = ours()
    assert found.keys() == RECORDED.keys()
    for name, value in RECORDED.items():
        assert found[name] == pytest.approx(value, rel=1e-4), name


def test_prdc_answers_so_here():
    prdc = pytest.importorskip("prdc", reason="the oracle is optional")
    x, y = samples()
    for name, value in prdc.compute_prdc(x.numpy(), y.numpy(), nearest_k=5).items():
        assert float(value) == pytest.approx(RECORDED[name], rel=1e-9), name


def test_pot_answers_so_here():
    ot = pytest.importorskip("ot", reason="the oracle is optional")
    x, y = samples()
    weights = np.full(300, 1 / 300)
    cost = torch.cdist(x, y).square().numpy()
    value = float(ot.emd2(weights, weights, cost, numItermax=10_000_000))
    assert value == pytest.approx(RECORDED["wasserstein"], rel=1e-6)
    directions = torch.randn(64, 6, generator=generator(3, "projections"))
    directions = (directions / directions.norm(dim=1, keepdim=True)).double()
    theirs = ot.sliced.sliced_wasserstein_distance(
        x.numpy(), y.numpy(), projections=directions.T.numpy(), p=2
    )
    found = sliced_wasserstein(x, y, projections=64, seed=3)
    assert found == pytest.approx(float(theirs), rel=1e-4)


def test_torchmetrics_answers_so_here():
    fid = pytest.importorskip("torchmetrics.image.fid", reason="the oracle is optional")
    from torchmetrics.image.kid import poly_mmd

    x, y = samples()
    moments = [each for z in (x, y) for each in (z.mean(0), torch.cov(z.T))]
    assert float(fid._compute_fid(*moments)) == pytest.approx(RECORDED["frechet"], rel=1e-6)
    assert float(poly_mmd(x, y)) == pytest.approx(RECORDED["kid"], rel=1e-6)
