"""The adversarial game: exact laws, and for each behaviour the twin that lacks it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from counterplay.theory import adversarial_costs as costs
from counterplay.theory import adversarial_critics as critics
from counterplay.theory import adversarial_order as order
from counterplay.theory import adversarial_shift as shift
from counterplay.theory import adversarial_terms as terms
from counterplay.theory.adversarial_vanishing import Vanishing, gradient, norms
from counterplay.theory.divergence_laws import normal

VALUE = {
    0.5: -1.32567176007821,
    1: -1.16345139675042,
    2: -0.712632720426227,
    3: -0.332739748077144,
    4: -0.120853973646157,
    8: -0.000187070154050761,
}


@pytest.mark.parametrize("mean", VALUE)
def test_the_value_at_the_best_critic(mean):
    p, q = normal(0, 1), normal(mean, 1)
    assert abs(critics.value(p, q, critics.best_critic(p, q)).value - VALUE[mean]) < 1e-12


@pytest.mark.parametrize("mean", [0.5, 3.0])
def test_the_best_logit_is_a_line(mean):
    x = np.linspace(-4, 6, 11)
    logit = critics.best_critic(normal(0, 1), normal(mean, 1))(x)
    assert np.allclose(logit, mean**2 / 2 - mean * x, atol=1e-12)


def test_no_other_critic_has_a_larger_value():
    p, q = normal(0, 1), normal(2, 1)
    best = critics.best_critic(p, q)
    top = critics.value(p, q, best).value
    for bent in (lambda x: 0.9 * best(x), lambda x: best(x) + 0.1, lambda x: best(x) + np.sin(x)):
        assert critics.value(p, q, bent).value < top - 1e-4


@pytest.mark.parametrize("target", [(1.0, 0.0), (0.9, 0.0), (0.9, 0.1)])
def test_a_smoothed_critic_is_the_best_answer_to_its_targets(target):
    p, q = normal(0, 1), normal(2, 1)
    real, fake = target
    x = np.linspace(-3, 5, 9)
    a, b = np.exp(p.log_density(x)), np.exp(q.log_density(x))
    chance = 1 / (1 + np.exp(-critics.best_critic(p, q, real, fake)(x)))
    assert np.allclose(chance, (real * a + fake * b) / (a + b), atol=1e-12)


def test_smoothing_both_sides_weakens_the_pull_and_one_side_does_not():
    p, q, at = normal(0, 1), normal(4, 1), np.array([4.0])
    plain, one, both = (
        abs(critics.pull(p, q, at, *target)[0]) for target in ((1, 0), (0.9, 0), (0.9, 0.1))
    )
    assert abs(plain - one) < 1e-6
    assert both < 0.01 * plain


def test_coverage_and_quality_are_js_and_vanish_together():
    p = normal(0, 1)
    same = terms.terms(p, p)
    assert all(abs(v.value) < 1e-12 for v in same.values())
    apart = terms.terms(p, normal(3, 1))
    assert abs(apart["coverage"].value + apart["quality"].value - 0.526777306521374) < 1e-12


def test_dropping_a_hill_is_missing_and_blurring_is_made_up():
    p, others = terms.models(terms.Terms())
    drops, blurs = (terms.terms(p, others[name]) for name in ("drops a hill", "blurs"))
    assert drops["missing"].value > 2 * drops["made up"].value
    assert blurs["made up"].value > 2 * blurs["missing"].value


def test_max_min_collapses_and_min_max_does_not():
    given = order.Order()
    ends = {name: order.played(given, name)[-20:] for name in order.ORDERS}
    assert ends["max min"].max(1).min() == 1
    assert np.abs(ends["min max"] - order.data(given)).max() < 0.02


def test_both_orders_have_the_value_minus_log_4():
    checks = {c.what: c for c in order.checks(order.Order())}
    assert abs(checks["min max V"].value + math.log(4)) < 1e-12
    assert abs(checks["max min V"].value + math.log(4)) < 1e-8


@pytest.mark.parametrize("name", costs.SLOPES)
def test_automatic_slopes_are_the_formulas(name):
    d = np.linspace(0.01, 0.99, 23)
    _, slope = costs.value_and_slope(name, np.log(d / (1 - d)))
    assert np.allclose(slope, costs.SLOPES[name](d), atol=1e-12)


SATURATING = {1: 0.398, 2: 0.450, 4: 0.137, 6: 0.01245, 8: 3.93e-4, 10: 4.46e-6}
NON_SATURATING = {1: 0.602, 2: 1.550, 4: 3.863, 6: 5.988, 8: 8.000, 10: 10.000}


@pytest.mark.parametrize("t", SATURATING)
def test_gradients_over_the_distance(t):
    assert math.isclose(costs.gradient("saturating", t).value, SATURATING[t], rel_tol=5e-3)
    assert math.isclose(costs.gradient("non_saturating", t).value, NON_SATURATING[t], rel_tol=1e-3)


def test_the_shifted_normal_ends_at_the_data():
    path = shift.rounds(shift.Shift())
    assert abs(path[-1, 0] - 7) < 1e-3
    assert abs(path[-1, 1]) < 1e-3
    # The twin, whose critic never moves, leaves the generator where it was.
    still = shift.rounds(shift.Shift(critic_rate=0.0))
    assert still[-1, 0] == 0


def test_the_frozen_generator_hears_less_and_less_from_the_saturating_cost():
    given = Vanishing(epochs=(1,), steps=60, look=30)
    found = norms(given)
    weak, strong = (found[1, name][-1] for name in ("saturating", "non_saturating"))
    assert weak < 0.1 * strong


def test_the_gradient_of_a_cost_that_is_constant_is_zero():
    import torch

    maker, critic = torch.nn.Linear(16, 4), torch.nn.Linear(4, 1)
    z = torch.randn(8, 16, generator=torch.Generator().manual_seed(0))
    assert gradient(lambda a, b: (0 * b).sum(), critic, maker, z).norm() == 0
    assert gradient(lambda a, b: b.sum(), critic, maker, z).norm() > 0.1


def test_the_exact_items_pass():
    for topic in (order, costs, shift, terms):
        for item in topic.ITEMS.values():
            failed = [c.what for c in item.checks(item.parameters()) if not c.passes]
            assert failed == [], (item.name, failed)


def test_frames_begin_at_the_start_and_end_at_the_end():
    given = shift.Shift(rounds=20)
    assert len(shift.frames(given)) > 10
