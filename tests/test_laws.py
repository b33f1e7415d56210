"""Laws: densities that integrate to one, samples that follow them, and the ring of seven."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from counterplay.game import generator
from counterplay.laws import LAWS, Labels, Mixture, Normal, Uniform, grid, ring


def mass(law: Mixture | Normal | Uniform, reach: float, n: int = 800) -> float:
    axis = torch.linspace(-reach, reach, n, dtype=torch.float64)
    plane = torch.cartesian_prod(axis, axis)
    return float(law.log_prob(plane).exp().sum() * (2 * reach / (n - 1)) ** 2)


@pytest.mark.parametrize(
    ("law", "reach"),
    [(ring(std=0.1), 3.0), (grid(std=0.2), 6.0), (Normal(2), 7.0), (Uniform(2), 1.3)],
)
def test_densities_integrate_to_one(law, reach) -> None:
    assert mass(law, reach) == pytest.approx(1.0, abs=0.01)


def test_samples_follow_the_density() -> None:
    law = ring(std=0.1)
    x = law.sample(20_000, generator("law"))
    # E log p under p is minus the entropy; far-apart components: ln 8 + entropy of one Gaussian.
    entropy = math.log(8) + math.log(2 * math.pi * math.e * 0.1**2)
    assert law.log_prob(x).mean().item() == pytest.approx(-entropy, abs=0.03)


def test_the_ring_has_as_many_modes_as_it_says() -> None:
    centres = torch.tensor(ring(8).centres)
    assert (torch.cdist(centres, centres) + 9 * torch.eye(8)).min() > 1
    assert torch.allclose(centres.norm(dim=1), torch.full((8,), 2.0))
    # The broken twin: linspace takes the end point in, and the ring has seven modes.
    angles = np.linspace(0, 2 * np.pi, 8)
    twin = torch.tensor(np.stack([np.cos(angles), np.sin(angles)], 1))
    apart = torch.cdist(twin, twin) + 9 * torch.eye(8)
    assert (apart < 1e-6).any()


def test_the_grid_is_centred_and_square() -> None:
    centres = torch.tensor(grid().centres)
    assert len(centres.unique(dim=0)) == 25
    assert torch.allclose(centres.mean(0), torch.zeros(2), atol=1e-6)
    assert centres.abs().max() == 4


@pytest.mark.parametrize("name", LAWS)
def test_draws_are_functions_of_their_generator(name: str) -> None:
    law = LAWS[name]()
    one, two = (law.sample(50, generator(name, k)) for k in (1, 2))
    assert torch.equal(one, law.sample(50, generator(name, 1)))
    assert not torch.equal(one, two)
    assert one.shape == (50, 2)
    assert 0.2 < one.std() < 4


def test_labels_follow_their_shares() -> None:
    y = Labels((0.1, 0.9)).sample(5000, generator("y"))
    assert y.dtype == torch.int64
    assert y.float().mean().item() == pytest.approx(0.9, abs=0.02)


def test_uniform_scores_minus_infinity_outside() -> None:
    assert Uniform(2).log_prob(torch.tensor([[0.0, 2.0]])).item() == -math.inf
