"""Mode counting: the closed forms of exact samples, and the ring that has a mode too few."""

from __future__ import annotations

import json
import math

import pytest
import torch

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics import count_modes
from counterplay.metrics.modes import Modes


def circle(angles: torch.Tensor) -> torch.Tensor:
    return 2 * torch.stack([angles.cos(), angles.sin()], 1)


RING = circle(torch.arange(8) * 2 * math.pi / 8)


def draw(centres: torch.Tensor, n: int, std: float, *words: object) -> torch.Tensor:
    rng = generator("modes", *words)
    which = torch.randint(len(centres), (n,), generator=rng)
    return centres[which] + std * torch.randn(n, 2, generator=rng)


def test_exact_samples_have_every_mode_and_the_quality_of_the_normal_law():
    found = count_modes(draw(RING, 100_000, 0.02), RING, 0.02)
    assert found.covered == 8
    assert found.high_quality == pytest.approx(1 - math.exp(-4.5), abs=0.001)
    assert found.kl < 3 * 7 / 200_000
    low, high = found.high_quality_interval
    assert low < 1 - math.exp(-4.5) < high


def test_trap_19_a_ring_by_linspace_has_seven_modes():
    seven = circle(torch.linspace(0, 2 * math.pi, 8))
    with pytest.raises(UserError, match="two of the law's 8 centres coincide"):
        count_modes(draw(RING, 100, 0.02), seven, 0.02)
    # Samples of that ring are no samples of the ring of eight, however sharp they are.
    found = count_modes(draw(seven, 2500, 0.02), RING, 0.02)
    assert found.covered == 1
    assert found.high_quality < 0.35


def test_trap_19_the_scoring_is_published():
    scoring = count_modes(draw(RING, 500, 0.02), RING, 0.02).scoring()
    assert scoring == {"std": 0.02, "threshold": 3.0, "samples": 500, "least": 4, "modes": 8}
    assert json.loads(json.dumps(scoring)) == scoring


def test_a_stray_sample_covers_nothing():
    most = draw(RING[:7], 2481, 0.02)
    nineteen, twenty = RING[7:].repeat(19, 1), RING[7:].repeat(20, 1)
    assert count_modes(torch.cat([most, nineteen]), RING, 0.02).covered == 7
    found = count_modes(torch.cat([most[1:], twenty]), RING, 0.02)
    assert found.covered == 8
    assert found.covered_interval == (7.0, 8.0)


def test_collapse_to_one_mode():
    found = count_modes(draw(RING[:1], 2500, 0.02), RING, 0.02)
    assert found.covered == 1
    assert found.kl == pytest.approx(math.log(8))
    assert found.high_quality > 0.98


def test_noise_between_the_modes_is_of_no_quality():
    found = count_modes(torch.zeros(2500, 2), RING, 0.02)
    assert (found.covered, found.high_quality) == (0, 0)
    assert found.high_quality_interval[0] == 0


def test_the_threshold_and_units_are_those_given():
    samples = draw(RING, 20_000, 0.02)
    one = count_modes(samples, RING, 0.02, threshold=1.0)
    assert one.high_quality == pytest.approx(1 - math.exp(-0.5), abs=0.01)
    assert count_modes(10 * samples, 10 * RING, 0.2, threshold=1.0).good == one.good


def test_trap_39_a_thousand_modes_of_a_perfect_generator_have_a_kl_of_two_hundredths():
    """Stacked-MNIST: 26,000 samples over 1,000 modes, about (K − 1) / 2N = .0192, never 0."""
    drawn = torch.randint(1000, (26_000,), generator=generator("stacked"))
    counts = tuple(torch.bincount(drawn, minlength=1000).tolist())
    found = Modes(counts, counts, 26_000, 1.0, 3.0, 1)
    assert found.kl == pytest.approx(0.0195, abs=0.001)
    low, high = found.kl_interval
    assert low < 0.0195 < high


def test_the_interval_of_the_kl_is_its_spread():
    weights = torch.tensor([0.3, 0.2, 0.2, 0.1, 0.1, 0.05, 0.03, 0.02])
    rng = generator("kl")
    found = []
    for _ in range(200):
        drawn = torch.multinomial(weights, 1000, replacement=True, generator=rng)
        counts = tuple(torch.bincount(drawn, minlength=8).tolist())
        found.append(Modes(counts, counts, 1000, 1.0, 3.0, 1))
    spread = float(torch.tensor([each.kl for each in found]).std())
    low, high = found[0].kl_interval
    assert (high - low) / 2 / 1.96 == pytest.approx(spread, rel=0.2)


@pytest.mark.parametrize(
    ("samples", "std", "says"),
    [
        (torch.zeros(10, 3), 0.02, "3 dimensions"),
        (torch.zeros(10, 2), 0.0, "must be positive"),
        (torch.full((10, 2), math.inf), 0.02, "10 of 10"),
    ],
)
def test_mistakes_are_told_in_a_line(samples, std, says):
    with pytest.raises(UserError, match=says):
        count_modes(samples, RING, std)
