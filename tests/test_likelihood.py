"""The account of likelihood: units, kinds, spaces, and each Jacobian against autograd."""

from __future__ import annotations

import math

import pytest
import torch
from torch.autograd.functional import jacobian

from counterplay.data import Image, Vector
from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.likelihood import (
    Likelihood,
    check_levels,
    dequantised,
    grey_levels,
    likelihood,
    logits,
    scaled,
    unlogits,
    unscaled_levels,
)


def uniform(*shape: int, tag: str = "u") -> torch.Tensor:
    return torch.rand(*shape, generator=generator(tag), dtype=torch.float64)


def by_autograd(step, x: torch.Tensor) -> torch.Tensor:
    square = jacobian(lambda a: step(a[None])[0][0].flatten(), x).reshape(x.numel(), -1)
    return torch.linalg.slogdet(square).logabsdet


@pytest.mark.parametrize(("levels", "bits"), [(256, 8.0), (2, 1.0), (17, math.log2(17))])
def test_uniform_over_levels_is_as_many_bits(levels, bits):
    flat = likelihood(torch.zeros(5), 12).on_levels(levels).to("bits/dim")
    assert flat.value == pytest.approx(bits, abs=1e-12)
    assert (flat.kind, flat.space, flat.budget) == ("lower bound", "discrete", {"examples": 5})


def test_the_jacobian_of_dequantisation_says_the_same_as_the_account():
    k = torch.randint(256, (4, 3, 2), generator=generator("k")).double()
    y, log_det = dequantised(k, 256, uniform(4, 3, 2))
    assert bool(((y >= 0) & (y < 1)).all())
    mass = likelihood(torch.zeros(4) + log_det, 6, "lower bound", "discrete")
    assert mass.to("bits/dim").value == pytest.approx(8.0, abs=1e-12)


@pytest.mark.parametrize("margin", [1e-6, 0.05])
def test_jacobians_are_those_of_autograd(margin):
    x = uniform(3, 2, 2)
    for step, at in (
        (lambda a: scaled(a, -0.3, 1.0), x),
        (lambda a: dequantised(a, 17, torch.zeros_like(a)), x * 16),
        (lambda a: logits(a, margin), x),
        (lambda a: unlogits(a, margin), 4 * x - 2),
    ):
        _, log_det = step(at)
        expected = torch.stack([by_autograd(step, one) for one in at])
        torch.testing.assert_close(log_det, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("margin", [1e-6, 0.05])
def test_logits_come_back_with_the_margin(margin):
    y = uniform(5, 4)
    s, there = logits(y, margin)
    again, back = unlogits(s, margin)
    torch.testing.assert_close(again, y, rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(there, -back)
    assert float((s.sigmoid() - y).abs().max()) > 0.1 * margin, "the twin that forgets the margin"


def test_a_density_of_logits_is_one_of_pixels_and_still_integrates_to_one():
    y = (torch.arange(20_000, dtype=torch.float64)[:, None] + 0.5) / 20_000
    s, log_det = logits(y, 0.05)
    # A logistic density in logit space is uniform in σ(s), on (0, 1), of which y covers 1 − 2a.
    density = (-s - 2 * torch.nn.functional.softplus(-s))[:, 0]
    assert float((density + log_det).exp().mean()) == pytest.approx(0.9, abs=1e-6)
    assert abs(float(density.exp().mean()) - 0.9) > 0.5, "the twin without the Jacobian"


def test_dequantisation_stays_below_one_in_float32():
    k = torch.full((100_000, 1), 255.0)
    noise = torch.full_like(k, 1 - 2**-24)
    y, _ = dequantised(k, 256, noise)
    assert float(y.max()) < 1
    assert bool(logits(y)[0].isfinite().all())
    assert float(((k + noise) / 256).max()) == 1, "the twin without the clamp"


def test_levels_there_and_back():
    k = torch.arange(256.0)[None]
    x = k / 255 * 2 - 1
    assert torch.equal(grey_levels(x, 256), k)
    y, _ = dequantised(k, 256, torch.rand(1, 256, generator=generator("v")))
    torch.testing.assert_close(unscaled_levels(y, 256), x)


def test_data_beside_the_levels_is_refused():
    with pytest.raises(UserError, match=r"17 levels .* say how many levels"):
        check_levels(torch.linspace(-1, 1, 256)[None], 17)
    with pytest.raises(UserError, match="values in"):
        check_levels(torch.tensor([[3.0]]), 3)
    check_levels(torch.linspace(-1, 1, 17)[None], 17)


def test_units_turn_round():
    one = Likelihood(81.3, "nats", "exact", "discrete", 784)
    bits = one.to("bits/dim")
    assert bits.value == pytest.approx(81.3 / 784 / math.log(2))
    assert bits.to("nats").value == pytest.approx(81.3)
    assert one.minus(bits) == pytest.approx(0.0, abs=1e-12)


def test_a_mass_and_a_density_are_never_subtracted():
    density = Likelihood(-100.0, "nats", "exact", "continuous", 4)
    mass = density.on_levels(256)
    with pytest.raises(UserError, match="do not compare"):
        density.minus(mass)
    with pytest.raises(UserError, match="mass already"):
        mass.on_levels(256)
    assert Likelihood(0.0, "nats", "estimate", "continuous", 4).on_levels(2).kind == "estimate"


def test_a_density_is_brought_into_the_datas_own_units():
    rows = Vector(2, ("a", "b"), (3.0, -1.0), (2.0, 0.5))
    raw = torch.tensor([[4.0, -0.5], [1.0, -2.0]])
    encoded = torch.distributions.Normal(0.0, 1.0).log_prob(rows.encode(raw)).sum(1)
    own = torch.distributions.Normal(torch.tensor(rows.mean), torch.tensor(rows.std))
    found = likelihood(encoded, 2).to("bits/dim").stretched(rows.stretch).to("nats")
    assert found.value == pytest.approx(-own.log_prob(raw).sum(1).mean().item())
    # Uniform on [-1, 1] is uniform on 0 … 255.
    even = likelihood(torch.full((3,), -12 * math.log(2)), 12).stretched(Image(3, 2).stretch)
    assert even.value == pytest.approx(12 * math.log(255))
    with pytest.raises(UserError, match="only a density"):
        even.on_levels(256).stretched(1.0)


def test_mistakes_are_told():
    with pytest.raises(UserError, match="1 not a number"):
        likelihood(torch.tensor([0.0, math.nan]), 2)
    with pytest.raises(UserError, match="one number for each example"):
        likelihood(torch.zeros(2, 2), 2)
    with pytest.raises(UserError, match="no unit 'bits'"):
        Likelihood(0.0, "nats", "exact", "discrete", 1).to("bits")  # pyright: ignore
