"""Two-sample tests: closed forms, exact nulls, and p-values that mean what they say."""

from __future__ import annotations

import math

import pytest
import torch

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics.c2st import (
    _hypergeometric,
    logistic_test,
    nearest_neighbour_test,
    network_test,
)
from counterplay.metrics.distances import tiles
from counterplay.metrics.measured import rank_p
from counterplay.metrics.mmd import median_distance, mmd

TESTS = [nearest_neighbour_test, logistic_test, network_test]


def normal(n: int, d: int, *words: object) -> torch.Tensor:
    return torch.randn(n, d, generator=generator("tests", *words))


@pytest.mark.parametrize("test", TESTS)
def test_a_classifier_tells_laws_apart_that_differ(test):
    real, made = normal(300, 3, "real"), normal(300, 3, "made") + 1.5
    found = test(real, made)
    assert found.value > 0.7
    assert found.p_value < 0.01
    assert found.interval[0] > 0.6


def test_what_only_a_curved_boundary_sees():
    """N(0, 1) against N(0, 9): no line tells them apart, neighbours and a network do."""
    real, made = normal(400, 2, "real"), 3 * normal(400, 2, "made")
    assert logistic_test(real, made).value < 0.6
    assert network_test(real, made).value > 0.7
    assert nearest_neighbour_test(real, made).value > 0.6


def test_the_line_is_as_good_as_the_best_one():
    """N(0, 1) against N(2, 1): the best accuracy is Φ(1) = .8413."""
    real, made = normal(4000, 1, "real"), normal(4000, 1, "made") + 2
    assert logistic_test(real, made).value == pytest.approx(0.8413, abs=0.02)


@pytest.mark.parametrize("test", [nearest_neighbour_test, logistic_test])
def test_equal_laws_are_called_different_as_often_as_said(test):
    p = [test(normal(40, 2, "r", i), normal(40, 2, "m", i), seed=i).p_value for i in range(200)]
    low = sum(each <= 0.05 for each in p)
    assert low <= 10 + 3 * (200 * 0.05 * 0.95) ** 0.5
    assert sum(p) / 200 == pytest.approx(0.5, abs=0.1)


def test_trap_38_copies_are_below_one_half_for_the_nearest_neighbour():
    """A copy's nearest is its original, of the other kind: accuracy 0, and p near 1."""
    real = normal(200, 5, "real")
    copies = nearest_neighbour_test(real, real + 1e-4 * normal(200, 5, "noise"))
    assert copies.value < 0.05
    assert copies.p_value == pytest.approx(1, abs=0.01)


def test_both_kinds_of_accuracy_tell_why():
    collapsed = normal(200, 8, "real") * 0.05
    about = dict(nearest_neighbour_test(normal(200, 8, "other"), collapsed).about)
    assert about["accuracy on generated"] > 0.95
    assert about["accuracy on real"] < about["accuracy on generated"]


def test_the_exact_p_values():
    assert _hypergeometric(0, 7, 14) == 1
    assert _hypergeometric(2, 2, 4) == pytest.approx(1 / 6)  # one of six pairs
    assert rank_p(1.0, torch.zeros(99)) == 0.01
    assert rank_p(0.0, torch.zeros(99)) == 1


def test_mmd_has_its_closed_form_between_normal_laws():
    """d = 2, s = 1, m = (1, 0): .10235."""
    x, y = normal(3000, 2, "x"), normal(3000, 2, "y")
    y[:, 0] += 1
    found = mmd(x, y, widths=(1.0,), permutations=0)
    exact = 2 * (1 / 3) * (1 - math.exp(-1 / 6))
    assert exact == pytest.approx(0.10235, abs=1e-5)
    assert found.value == pytest.approx(exact, abs=0.015)
    assert found.interval[0] < exact < found.interval[1]


def test_mmd_is_its_definition_and_tiles_of_it_agree():
    x, y = normal(40, 3, "x"), 2 * normal(55, 3, "y")
    joined = torch.cat([x, y]).double()
    k = torch.exp(-torch.cdist(joined, joined).square() / 2).fill_diagonal_(0)
    inner = float(k[:40, :40].sum()) / (40 * 39) + float(k[40:, 40:].sum()) / (55 * 54)
    expected = inner - 2 * float(k[:40, 40:].mean())
    assert mmd(x, y, widths=(1.0,)).value == pytest.approx(expected, abs=1e-6)
    assert sum(len(part) for _, part in tiles(x, y, 100)) == 40


def test_the_permutations_of_mmd_deal_the_kinds_anew():
    """One permutation by hand: the statistic of the exchanged examples."""
    x, y = normal(60, 2, "x"), normal(60, 2, "y") + 3
    far = mmd(x, y)
    assert far.p_value == pytest.approx(1 / 201)
    p = [mmd(normal(30, 2, "r", i), normal(30, 2, "m", i), seed=i).p_value for i in range(100)]
    assert sum(each <= 0.05 for each in p) <= 5 + 3 * (100 * 0.05 * 0.95) ** 0.5
    assert sum(p) / 100 == pytest.approx(0.5, abs=0.12)


def test_mmd_is_unbiased():
    found = [mmd(normal(30, 2, "r", i), normal(30, 2, "m", i), (1.0,), i, 0) for i in range(200)]
    values = torch.tensor([each.value for each in found])
    assert abs(float(values.mean())) < 3 * float(values.std()) / 200**0.5
    assert bool((values < 0).any())


def test_the_median_distance_and_mistakes():
    assert median_distance(torch.tensor([[0.0], [3.0]])) == 3
    with pytest.raises(UserError, match="all examples are equal"):
        mmd(torch.zeros(5, 2), torch.zeros(5, 2))
    with pytest.raises(UserError, match="above 0"):
        mmd(normal(5, 2, "x"), normal(5, 2, "y"), widths=(0.0,))
    with pytest.raises(UserError, match="at least 5"):
        logistic_test(normal(3, 2, "x"), normal(9, 2, "y"))
