"""Laws of a decoder's output: what they sum to, their means, and what is drawn from them."""

from __future__ import annotations

import itertools

import pytest
import torch

from counterplay.costs import gaussian_nll
from counterplay.decoders import bernoulli, discretised_logistic, gaussian
from counterplay.errors import UserError
from counterplay.game import generator

SHARED = torch.tensor(-0.7, dtype=torch.float64)
MASSES = {
    "bernoulli": (bernoulli(), 2),
    "bernoulli of 0 and 1": (bernoulli(0.0, 1.0), 2),
    "logistic, pixel": (discretised_logistic(5), 5),
    "logistic, shared": (discretised_logistic(4, "shared"), 4),
    "logistic, fixed": (discretised_logistic(17, 0.03), 17),
}
DENSITIES = {"shared": gaussian(), "pixel": gaussian("pixel"), "fixed": gaussian(0.3)}


def outputs(maps: int, n: int = 3, numbers: int = 2) -> torch.Tensor:
    drawn = torch.randn(n, maps * numbers, generator=generator("outputs"), dtype=torch.float64)
    return 0.8 * drawn


def values(name: str, levels: int) -> torch.Tensor:
    low = 0.0 if "0 and 1" in name else -1.0
    return torch.linspace(low, 1, levels, dtype=torch.float64)


def pictures(name: str, levels: int) -> torch.Tensor:
    return torch.cartesian_prod(*[values(name, levels)] * 2)


@pytest.mark.parametrize("name", MASSES)
def test_a_mass_sums_to_one_over_all_pictures(name):
    law, levels = MASSES[name]
    x = pictures(name, levels)
    for output in outputs(law.maps):
        log_p = law.log_prob(x, output.expand(len(x), -1), SHARED)
        assert log_p.shape == (levels**2,)
        assert abs(log_p.exp().sum().item() - 1) < 1e-12


@pytest.mark.parametrize("name", DENSITIES)
def test_a_density_integrates_to_one(name):
    law = DENSITIES[name]
    line = torch.linspace(-14, 14, 1401, dtype=torch.float64)
    x = torch.cartesian_prod(line, line)
    output = outputs(law.maps, 1)
    log_p = law.log_prob(x, output.expand(len(x), -1), SHARED)
    assert abs(log_p.exp().sum().item() * 0.02**2 - 1) < 1e-9
    # The broken twin: twice the squares, without their constant's half.
    assert abs((2 * log_p).exp().sum().item() * 0.02**2 - 1) > 0.1


@pytest.mark.parametrize("name", MASSES)
def test_the_mean_and_the_draws_are_those_of_the_mass(name):
    law, levels = MASSES[name]
    x, output = pictures(name, levels), outputs(law.maps, 1)
    p = law.log_prob(x, output.expand(len(x), -1), SHARED).exp()
    assert torch.allclose(law.mean(output, SHARED)[0], p @ x, atol=1e-12)
    drawn = law.sample(output.expand(40_000, -1), SHARED, generator("draws"))
    share = torch.stack([(drawn - each).abs().amax(1) < 1e-6 for each in x]).double().mean(1)
    assert abs(share.sum() - 1) < 1e-9  # nothing else was drawn
    assert (share - p).abs().max() < 0.012


@pytest.mark.parametrize("name", DENSITIES)
def test_the_mean_and_the_draws_are_those_of_the_density(name):
    law = DENSITIES[name]
    output = outputs(law.maps, 1)
    many = output.expand(40_000, -1)
    drawn = law.sample(many, SHARED, generator("draws"))
    assert torch.allclose(drawn.mean(0), law.mean(output, SHARED)[0], atol=0.05)
    # E log p of one's own draws is minus the entropy: −Σ (log s + ½ log 2πe).
    entropy = -law.log_prob(drawn, many, SHARED).mean()
    std = drawn.std(0).log().sum() + 2 * 1.4189385332
    assert abs(entropy - std) < 0.03


def test_the_counts_of_numbers_are_those_that_are_read():
    counts = [(law.maps, law.shared_numbers) for law in DENSITIES.values()]
    assert counts == [(1, 1), (2, 0), (1, 0)]
    assert (bernoulli().maps, bernoulli().shared_numbers) == (1, 0)
    kinds = [gaussian().kind, bernoulli().kind, discretised_logistic().kind]
    assert kinds == ["density", "mass", "mass"]


def test_the_shared_gaussian_is_the_cost_that_was_there():
    x, output = outputs(1, 5).float(), outputs(1, 5).float().flip(0)
    mine = gaussian().log_prob(x, output, SHARED.float())
    assert torch.equal(-mine, gaussian_nll(x, output, SHARED.float()))


def test_an_x_between_the_two_values_counts_as_a_chance_of_each():
    law, output = bernoulli(), outputs(1, 1)
    x = torch.tensor([[0.5, -0.2]], dtype=torch.float64)
    chances = (x[0] + 1) / 2
    wanted = 0.0
    for bits in itertools.product([0, 1], repeat=2):
        b = torch.tensor([bits], dtype=torch.float64)
        weight = torch.where(b[0] > 0, chances, 1 - chances).prod()
        wanted += weight * law.log_prob(2 * b - 1, output, None)[0]
    assert torch.allclose(law.log_prob(x, output, None)[0], wanted)


def test_the_logistic_mass_is_finite_far_in_the_tail_where_a_difference_is_nought():
    law = discretised_logistic(256, 0.001)
    x = torch.tensor([[0.9 - 0.9 % (2 / 255)]])
    output = torch.tensor([[-0.9]], requires_grad=True)
    log_p = law.log_prob(x, output, None)
    (slope,) = torch.autograd.grad(log_p.sum(), output)
    a, b = (x + 1 / 255 - output) / 0.001, (x - 1 / 255 - output) / 0.001
    assert (a.sigmoid() - b.sigmoid()).item() == 0
    assert -2000 < log_p.item() < -1500
    assert abs(slope.item() - 1000) < 1  # d log P / d place = 1 / s there


def test_a_picture_of_uniform_levels_costs_their_logarithm():
    law = discretised_logistic(16, 1e4)  # flat inside; the two ends have the rest
    x = torch.linspace(-1, 1, 16, dtype=torch.float64)[1:-1, None]
    log_p = law.log_prob(x, torch.zeros_like(x), None)
    assert (log_p - log_p[0]).abs().max() < 1e-6


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: gaussian(0.0), "spread of 0.0"),
        (lambda: discretised_logistic(1), "1 levels"),
        (lambda: gaussian().log_prob(torch.zeros(1, 1), torch.zeros(1, 1), None), "none was given"),
    ],
)
def test_mistakes_are_said_in_a_line(make, words):
    with pytest.raises(UserError, match=words):
        make()
