"""Curves of precision and recall, and bins: closed forms, ends, null values."""

from __future__ import annotations

import math

import pytest
import torch

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics import neighbours
from counterplay.metrics.bins import (
    binned_divergence,
    binned_shares,
    different_bins,
    jensen_shannon,
)
from counterplay.metrics.cells import cells
from counterplay.metrics.curves import ball_curve, curve_of, histogram_curve, histogram_f


def normal(n: int, d: int, *words: object) -> torch.Tensor:
    return torch.randn(n, d, generator=generator("curves", *words))


def clusters(counts: list[int], *words: object) -> torch.Tensor:
    """Tight clusters at 10, 20, ... on the first axis."""
    where = torch.tensor(counts).cumsum(0)
    kind = torch.searchsorted(where, torch.arange(int(where[-1])), right=True)
    x = 0.1 * normal(len(kind), 2, *words)
    x[:, 0] += 10 * (kind + 1)
    return x


def test_equal_laws_reach_the_corner_and_disjoint_ones_only_the_origin():
    p = torch.tensor([0.2, 0.3, 0.5])
    same = curve_of(p, p)
    assert same.f(1) == pytest.approx(1, abs=1e-6)
    assert same.area == pytest.approx(1, abs=1e-5)
    apart = curve_of(torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0]))
    assert apart.f(8) == 0
    assert apart.area == pytest.approx(0, abs=1e-5)


def test_the_ends_of_the_curve_are_the_shares_of_the_common_support():
    """Half of the real modes, and a third of what is generated is none of them."""
    curve = curve_of(torch.tensor([0.5, 0.5, 0.0]), torch.tensor([2 / 3, 0.0, 1 / 3]))
    assert float(curve.precision.max()) == pytest.approx(2 / 3)
    assert float(curve.recall.max()) == pytest.approx(1 / 2)


def test_exchanging_the_laws_exchanges_precision_and_recall():
    p, q = torch.tensor([0.1, 0.2, 0.7]), torch.tensor([0.5, 0.4, 0.1])
    one, two = curve_of(p, q), curve_of(q, p)
    assert torch.allclose(one.precision, two.recall.flip(0), atol=1e-4)
    assert one.f(8) == pytest.approx(two.f(1 / 8), abs=1e-4)


def test_a_lost_mode_costs_recall_and_an_invented_one_precision():
    real = clusters([200, 200, 200], "real")
    lost, invented = clusters([300, 300], "a"), clusters([150, 150, 150, 150], "b")
    less, more = (histogram_curve(real, x) for x in (lost, invented))
    assert less.f(1 / 8) > less.f(8) + 0.15
    assert more.f(8) > more.f(1 / 8) + 0.1
    value = histogram_f(real, lost, 8)
    assert value.value == less.f(8)
    assert value.interval[0] < value.value < value.interval[1] < value.value + 0.1


def test_trap_39_the_curves_of_a_perfect_generator_do_not_reach_one():
    real, made = normal(500, 4, "real"), normal(500, 4, "made")
    assert 0.9 < histogram_curve(real, made).f(8) < 1
    assert ball_curve(real, made).f(1) < 0.95


@pytest.mark.parametrize(("d", "scale", "k"), [(2, 1.0, 5), (16, 1.0, 3), (4, 0.5, 5), (4, 3, 1)])
def test_the_ends_of_the_curve_by_balls_are_improved_precision_and_recall(d, scale, k):
    real, made = normal(300, d, "real"), scale * normal(250, d, "made")
    curve, found = ball_curve(real, made, k), neighbours(real, made, k).values()
    assert float(curve.precision[-1]) == pytest.approx(found["precision"], abs=1e-9)
    assert float(curve.recall[0]) == pytest.approx(found["recall"], abs=1e-9)
    assert float(curve.precision.max()) <= 1
    assert float(curve.f(1)) <= 1


def test_balls_and_histograms_agree_where_the_laws_are_clusters():
    real, made = clusters([200, 200, 200], "real"), clusters([400, 100, 0, 100], "made")
    exact = curve_of(torch.tensor([1 / 3, 1 / 3, 1 / 3, 0]), torch.tensor([4 / 6, 1 / 6, 0, 1 / 6]))
    assert ball_curve(real, made).f(1) == pytest.approx(exact.f(1), abs=0.05)


def test_cells_are_a_function_of_the_seed_and_refuse_too_few():
    x = normal(200, 3, "x")
    assert torch.equal(cells(x, 7, 1)(x), cells(x, 7, 1)(x))
    assert int(cells(x, 7, 1).counts(x).sum()) == 200
    with pytest.raises(UserError, match="7 cells were asked for of 3 different"):
        cells(x[:3].repeat(50, 1), 7)


def test_equal_laws_have_a_share_of_different_bins_of_alpha():
    """NDB / K is α by construction; over 40 pairs of samples its mean is near it."""
    found, divergence, expected = [], [], 0.0
    for i in range(40):
        p, q = binned_shares(normal(1200, 2, "r", i), normal(600, 2, "m", i), bins=20, seed=i)
        found.append(different_bins(p, q).value)
        measured = binned_divergence(p, q)
        divergence.append(measured.value)
        expected = measured.expected or 0.0
    assert sum(found) / 40 == pytest.approx(0.05, abs=4 * (0.05 * 0.95 / 800) ** 0.5)
    assert sum(divergence) / 40 == pytest.approx(expected, rel=0.15)


def test_a_lost_mode_is_different_bins():
    p, q = binned_shares(clusters([400, 400], "r"), clusters([400], "m"), bins=8)
    lost = different_bins(p, q)
    assert lost.value > 0.8
    assert lost.interval[0] > 0.05
    assert binned_divergence(p, q).value > 0.1


def test_the_divergence_has_its_closed_forms():
    one, two = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])
    assert jensen_shannon(one, two) == pytest.approx(math.log(2))
    assert jensen_shannon(one, 5 * one) == 0
    # One half against all: H(3/4, 1/4) − ln 2 / 2.
    half = torch.tensor([0.5, 0.5])
    expected = -0.75 * math.log(0.75) - 0.25 * math.log(0.25) - math.log(2) / 2
    assert jensen_shannon(one, half) == pytest.approx(expected)
