"""Fréchet distance: closed forms, invariances, the noise floor, singular covariances."""

from __future__ import annotations

import math

import pytest
import scipy.linalg
import torch

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics import (
    frechet,
    frechet_distance,
    frechet_error,
    frechet_floor,
    moments,
    reference,
)
from counterplay.metrics.frechet import Reference


def normal(n: int, d: int, *words: object) -> torch.Tensor:
    return torch.randn(n, d, generator=generator("frechet", *words), dtype=torch.float64)


def by_definition(x: torch.Tensor, y: torch.Tensor) -> float:
    """The formula with a matrix root: no way to compute it, a way to check it."""
    s1, s2 = torch.cov(x.T).numpy(), torch.cov(y.T).numpy()
    root = scipy.linalg.sqrtm(s1 @ s2).real
    gap = float((x.mean(0) - y.mean(0)).square().sum())
    return gap + s1.trace() + s2.trace() - 2 * root.trace()


def test_shift_costs_its_squared_length():
    x, shift = normal(500, 6, "x"), torch.arange(6.0, dtype=torch.float64)
    assert frechet_distance(x, x + shift) == pytest.approx(float(shift.square().sum()), rel=1e-10)


def test_scaling_costs_the_squared_difference_of_standard_deviations():
    x = normal(500, 6, "x")
    x = x - x.mean(0)
    expected = 0.5**2 * float(torch.cov(x.T).trace())
    assert frechet_distance(x, 1.5 * x) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(("n", "m"), [(400, 300), (400, 12), (12, 400), (12, 14)])
def test_rotation_order_and_exchange_change_nothing(n, m):
    x, y = normal(n, 20, "x"), 1.3 * normal(m, 20, "y") + 0.1
    turn, _ = torch.linalg.qr(normal(20, 20, "turn"))
    value = frechet_distance(x, y)
    assert frechet_distance(y, x) == pytest.approx(value, rel=1e-9)
    assert frechet_distance(x @ turn, y @ turn) == pytest.approx(value, rel=1e-9)
    assert frechet_distance(x.flip(0), y.flip(0)) == pytest.approx(value, rel=1e-9)


def test_chunks_of_rows_make_the_covariance_of_all_of_them():
    x = normal(5000, 4, "x")
    assert torch.allclose(moments(x).spread, torch.cov(x.T), rtol=1e-12, atol=1e-14)


def test_trap_35_no_matrix_root_but_its_value_on_well_conditioned_covariances():
    mix = torch.eye(24, dtype=torch.float64) + 0.1 * normal(24, 24, "mix")
    x, y = normal(2000, 24, "x"), normal(1500, 24, "y") @ mix + 0.2
    assert frechet_distance(x, y) == pytest.approx(by_definition(x, y), rel=1e-9)


def test_trap_35_singular_covariances_are_exact():
    """Samples of 5 dimensions keep their distance when they are placed in 60."""
    x, y = normal(20, 5, "x"), 2 * normal(30, 5, "y") + 1
    place = torch.linalg.qr(normal(60, 5, "place"))[0].T
    exact = by_definition(x, y)
    assert frechet_distance(x @ place, y @ place) == pytest.approx(exact, rel=1e-9)
    # ... and with one side of full rank, whichever it is.
    wide = normal(500, 60, "wide")
    values = torch.linalg.eigvals(torch.cov((x @ place).T) @ torch.cov(wide.T))
    gap = ((x @ place).mean(0) - wide.mean(0)).square().sum()
    traces = torch.cov((x @ place).T).trace() + torch.cov(wide.T).trace()
    expected = float(gap + traces - 2 * values.real.clamp(min=0).sqrt().sum())
    assert frechet_distance(x @ place, wide) == pytest.approx(expected, rel=1e-6)
    assert frechet_distance(wide, x @ place) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("n", [30, 300])
def test_a_sample_is_at_zero_from_itself_and_never_below(n):
    x = normal(n, 60, "x")
    assert 0 <= frechet_distance(x, x) < 1e-6


def test_a_constant_sample_has_no_spread():
    x, y = normal(50, 3, "x"), torch.ones(50, 3)
    expected = float((x.mean(0) - 1).square().sum() + torch.cov(x.T).trace())
    assert frechet_distance(x, y) == pytest.approx(expected, rel=1e-9)


def test_trap_36_equal_laws_are_at_the_noise_floor_and_not_at_zero():
    d, n = 64, 1000
    ones = torch.ones(d, dtype=torch.float64)
    flat = Reference(torch.zeros(d), torch.eye(d), ones, n)
    assert frechet_floor(flat, n) == pytest.approx(2 * d / n + d * (d + 1) / (2 * n))
    assert frechet_floor(flat, n) == pytest.approx(2.208)
    seen = [frechet_distance(normal(n, d, i, "x"), normal(n, d, i, "y")) for i in range(10)]
    assert sum(seen) / len(seen) == pytest.approx(2.217, rel=0.02)


def test_trap_36_the_floor_knows_both_counts_and_the_spectrum():
    d, n, m = 24, 4000, 600
    scales = 0.8 ** torch.arange(d, dtype=torch.float64)
    values = scales.square()
    floor = frechet_floor(Reference(torch.zeros(d), torch.diag(scales), values, n), m)
    seen = [
        frechet_distance(normal(n, d, i, "x") * scales, normal(m, d, i, "y") * scales)
        for i in range(40)
    ]
    assert floor == pytest.approx(sum(seen) / len(seen), rel=0.05)
    # A tenth of the samples has ten times the floor: counts are part of the figure.
    few = Reference(torch.zeros(d), torch.diag(scales), values, n // 10)
    assert frechet_floor(few, m // 10) == pytest.approx(10 * floor)


@pytest.mark.parametrize(("n", "d", "scale"), [(300, 8, 1.5), (40, 60, 1.5)])
def test_the_error_is_the_spread_over_repetitions(n, d, scale):
    pairs = [(normal(n, d, i, "x"), scale * normal(n, d, i, "y") + 0.3) for i in range(120)]
    spread = torch.tensor([frechet_distance(x, y) for x, y in pairs]).std()
    told = torch.tensor([frechet_error(x, y) for x, y in pairs[:20]]).mean()
    assert float(told / spread) == pytest.approx(1, abs=0.25)


def test_the_error_of_equal_laws_is_not_understated():
    pairs = [(normal(300, 8, i, "x"), normal(300, 8, i, "y")) for i in range(100)]
    spread = torch.tensor([frechet_distance(x, y) for x, y in pairs]).std()
    told = torch.tensor([frechet_error(x, y) for x, y in pairs[:20]]).mean()
    assert 1 < float(told / spread) < 2


def test_a_reference_is_computed_once_and_serves_every_sample():
    x, y = normal(200, 10, "x"), normal(100, 10, "y")
    once = reference(moments(x))
    assert frechet(once, moments(y)) == pytest.approx(frechet_distance(x, y), rel=1e-12)
    assert torch.allclose(once.factor.T @ once.factor, torch.cov(x.T))


@pytest.mark.parametrize(
    ("x", "y", "says"),
    [
        (torch.ones(1, 3), torch.ones(5, 3), "at least 2"),
        (torch.ones(5, 3), torch.ones(5, 4), "same features"),
        (torch.ones(5, 3), torch.full((5, 3), math.nan), "5 of 5"),
        (torch.ones(5, 1, 3, 3), torch.ones(5, 3), r"features \(N, F\)"),
    ],
)
def test_mistakes_are_told_in_a_line(x, y, says):
    with pytest.raises(UserError, match=says):
        frechet_distance(x, y)


def test_real_examples_without_a_spread_have_an_error_all_the_same():
    x, y = torch.ones(5, 3, dtype=torch.float64), normal(40, 3, "y")
    expected = float((y.mean(0) - 1).square().sum() + torch.cov(y.T).trace())
    assert frechet_distance(x, y) == pytest.approx(expected, rel=1e-9)
    # With one law a point at 1, the distance is the mean of |y - 1|², about its own mean.
    spread = float((y - 1).square().sum(1).std())
    assert frechet_error(x, y) == pytest.approx(spread / 40**0.5, rel=0.1)
