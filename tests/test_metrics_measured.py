"""Intervals and the rule by which two values differ: how often it speaks when nothing differs."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from counterplay.game import generator
from counterplay.metrics import authentic, frechet_distance, frechet_error, kid, neighbours
from counterplay.metrics.intervals import Interval, around, held_interval, mean_interval, wilson
from counterplay.metrics.measured import Measured, bootstrap, differ, difference
from counterplay.metrics.transport import wasserstein
from counterplay.metrics.vendi import vendi

TRIALS = 200


def normal(n: int, d: int, *words: object) -> Tensor:
    return torch.randn(n, d, generator=generator("measured", *words))


def exact(value: float, interval: Interval) -> Measured:
    return Measured(value, interval)


def share(found: Tensor) -> Measured:
    value = float(found.double().mean())
    return Measured(value, wilson(value, len(found)))


def held(real: Tensor, made: Tensor, name: str, alone: str) -> Measured:
    found = neighbours(real, made)
    each = getattr(found, name)
    return Measured(float(each.double().mean()), held_interval(each, getattr(found, alone)))


def distance(real: Tensor, made: Tensor) -> Measured:
    value = frechet_distance(real, made)
    return Measured(value, around(value, frechet_error(real, made), 0.0))


def kernel(real: Tensor, made: Tensor) -> Measured:
    found = kid(real, made)
    return Measured(found.value, around(*found))


METRICS: dict[str, Callable[[Tensor, Tensor], Measured]] = {
    "frechet": distance,
    "kid": kernel,
    "precision": lambda real, made: share(neighbours(real, made).precise),
    "recall": lambda real, made: held(real, made, "recalled", "sole_recall"),
    "coverage": lambda real, made: held(real, made, "covered", "sole_cover"),
    "authenticity": lambda real, made: share(authentic(made, real)),
    "wasserstein": wasserstein,
    "vendi": lambda real, made: vendi(made),
}


def test_the_rule_for_symmetric_intervals_is_the_root_of_the_sum_of_squares():
    a, b = exact(1.0, (0.7, 1.3)), exact(0.2, (-0.2, 0.6))
    low, high = difference(a, b)
    assert low == pytest.approx(0.8 - 0.5)
    assert high == pytest.approx(0.8 + 0.5)
    assert differ(a, b)
    assert difference(b, a) == pytest.approx((-high, -low))


def test_intervals_that_overlap_may_belong_to_values_that_differ():
    a, b = exact(0.0, (-1.0, 1.0)), exact(1.9, (0.9, 2.9))
    assert differ(a, b)
    assert not differ(a, exact(1.8, (0.8, 2.8)))  # at 95 %, more than the root of two would do


def test_a_share_of_all_differs_from_one_of_fewer_only_when_it_should():
    assert not differ(share(torch.ones(20)), share(torch.tensor([0.0, *[1.0] * 19])))
    assert differ(share(torch.ones(200)), share((torch.arange(200) >= 20).float()))


@pytest.mark.parametrize("name", sorted(METRICS))
def test_identical_distributions_are_called_different_in_at_most_five_percent(name):
    """Two generators of one law, each measured against one real sample, 200 times."""
    called = 0
    for i in range(TRIALS):
        real = normal(80, 2, "real", i)
        one, two = (METRICS[name](real, normal(80, 2, which, i)) for which in "ab")
        called += differ(one, two)
    assert called <= 0.05 * TRIALS


@pytest.mark.parametrize("name", ["frechet", "kid", "precision", "coverage", "wasserstein"])
def test_laws_that_differ_are_called_different(name):
    real = normal(300, 2, "real")
    worse = METRICS[name](real, 1.5 * normal(300, 2, "b") + 1)
    assert differ(METRICS[name](real, normal(300, 2, "a")), worse)


def test_taking_real_examples_for_independent_trials_calls_equal_laws_different():
    """The broken twin: one generated example covers many real ones at once."""
    called = right = 0
    for i in range(TRIALS):
        real = normal(80, 2, "real", i)
        found = [neighbours(real, normal(80, 2, which, i)) for which in "ab"]
        low, high = difference(*(share(each.covered) for each in found))
        called += low > 0 or high < 0
        held_ = (held_interval(each.covered, each.sole_cover) for each in found)
        values = (float(each.covered.double().mean()) for each in found)
        low, high = difference(*map(exact, values, held_))
        right += low > 0 or high < 0
    assert called > 0.07 * TRIALS
    assert right <= 0.05 * TRIALS


def test_comparing_the_values_alone_would_call_nearly_all_different():
    """The broken twin: without intervals two runs always differ."""
    real = normal(80, 2, "real")
    values = [METRICS["kid"](real, normal(80, 2, i)).value for i in range(20)]
    assert len({round(v, 9) for v in values}) == 20


def test_the_bootstrap_is_the_standard_error_of_a_mean():
    x = normal(400, 1, "x")
    found = bootstrap(lambda y: float(y.mean()), x, resamples=300)
    assert found == pytest.approx(float(x.std()) / 20, rel=0.12)
    low, high = mean_interval(x[:, 0])
    assert (high - low) / 2 / 1.96 == pytest.approx(found, rel=0.12)


def test_the_interval_of_equal_values_has_no_width():
    assert difference(exact(2, (2, 2)), exact(2, (2, 2))) == (0, 0)
    assert not differ(exact(2, (2, 2)), exact(2, (2, 2)))
    assert not differ(exact(0, (0, math.inf)), exact(5, (1, math.inf)))
