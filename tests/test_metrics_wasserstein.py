"""Sliced and exact one-dimensional Wasserstein distances."""

from __future__ import annotations

import importlib
import math

import pytest
import scipy.stats
import torch

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics import sliced_error, sliced_wasserstein, wasserstein_line


def normal(n: int, d: int, *words: object) -> torch.Tensor:
    return torch.randn(n, d, generator=generator("wasserstein", *words))


@pytest.mark.parametrize(("n", "m"), [(50, 50), (50, 75), (7, 64), (1, 9)])
def test_the_line_is_exact_for_any_counts(n, m):
    x, y = normal(3, n, "x").double(), normal(3, m, "y").double() * 2
    found = wasserstein_line(x, y, p=1)
    for i in range(3):
        expected = scipy.stats.wasserstein_distance(x[i].numpy(), y[i].numpy())
        assert float(found[i]) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("p", [1, 2, 3])
def test_repeating_every_example_changes_nothing(p):
    x, y = normal(1, 30, "x").double(), normal(1, 20, "y").double()
    equal = wasserstein_line(x.repeat(1, 2), y.repeat(1, 3), p)
    assert torch.allclose(wasserstein_line(x, y, p), equal)


def test_normal_laws_on_the_line():
    """N(0, 1) against N(0, 4): W2 = 1 and W1 = √(2/π)."""
    x, y = normal(200_000, 1, "x"), 2 * normal(200_000, 1, "y")
    assert sliced_wasserstein(x, y, p=2) == pytest.approx(1, abs=0.02)
    assert sliced_wasserstein(x, y, p=1) == pytest.approx(math.sqrt(2 / math.pi), abs=0.02)


def test_a_pure_shift_has_a_closed_form():
    """SW2² = |m|² / F."""
    x, shift = normal(200, 5, "x"), torch.tensor([3.0, 0, 0, 0, 0])
    found = sliced_wasserstein(x, x + shift, projections=20_000)
    assert found**2 == pytest.approx(9 / 5, rel=0.03)


@pytest.mark.parametrize("count", [200, 300])
def test_chunks_of_projections_change_nothing(monkeypatch, count):
    x, y = normal(200, 6, "x"), normal(count, 6, "y")
    whole = sliced_wasserstein(x, y, seed=3)
    seen = []
    room = importlib.import_module("counterplay.metrics.wasserstein")
    monkeypatch.setattr(room, "HELD", 1000)
    line = room.wasserstein_line
    monkeypatch.setattr(room, "wasserstein_line", lambda *given: (seen.append(1), line(*given))[1])
    assert sliced_wasserstein(x, y, seed=3) == pytest.approx(whole, rel=1e-6)
    assert len(seen) > 50


def test_the_seed_decides_and_order_does_not():
    x, y = normal(100, 6, "x"), normal(100, 6, "y") + 1
    assert sliced_wasserstein(x, y, seed=1) == sliced_wasserstein(x, y, seed=1)
    assert sliced_wasserstein(x, y, seed=1) != sliced_wasserstein(x, y, seed=2)
    assert sliced_wasserstein(x.flip(0), y) == pytest.approx(sliced_wasserstein(x, y), rel=1e-6)
    assert sliced_wasserstein(y, x) == pytest.approx(sliced_wasserstein(x, y), rel=1e-6)
    assert sliced_wasserstein(x, x) == 0


def test_the_error_is_the_spread_over_repetitions():
    draws = [(normal(200, 6, i, "x"), normal(200, 6, i, "y") + 1) for i in range(40)]
    values = [sliced_wasserstein(x, y, projections=32, seed=i) for i, (x, y) in enumerate(draws)]
    told = [sliced_error(x, y, projections=32) for x, y in draws[:8]]
    ratio = sum(told) / len(told) / float(torch.tensor(values).std())
    assert ratio == pytest.approx(1, abs=0.4)


def test_mistakes_are_told_in_a_line():
    x = normal(20, 3, "x")
    with pytest.raises(UserError, match="at least 1"):
        sliced_wasserstein(x, x, p=0.5)
    with pytest.raises(UserError, match="same features"):
        sliced_wasserstein(x, x[:, :2])
