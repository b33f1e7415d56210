"""Maximum-likelihood GAN, noise-contrastive estimation, actor and critic."""

from __future__ import annotations

import numpy as np
import pytest

from counterplay.theory import actor_critic as actor
from counterplay.theory import likelihood_noise as noise
from counterplay.theory import likelihood_ratio as ratio
from counterplay.theory import likelihood_table as table
from counterplay.theory.divergence_laws import normal, two_hills


@pytest.mark.parametrize("t", [0.5, 1.0, 2.0])
def test_the_maximum_likelihood_gradient_between_normals(t):
    p, q = normal(0, 1), normal(t, 1)
    for form in (ratio.through_generator, ratio.by_score):
        assert abs(form(p, q)[0] - t) < 1e-5


@pytest.mark.parametrize("model", [normal(0.7, 1.6), normal(-1, 1.2)])
def test_only_the_maximum_likelihood_cost_follows_kl(model):
    p = two_hills(1.5, 1.0)
    exact = ratio.by_difference(p, model)
    assert np.abs(ratio.through_generator(p, model) - exact).max() < 1e-5
    assert np.abs(ratio.through_generator(p, model, "non_saturating") - exact).max() > 0.05


def test_the_default_items_pass():
    for topic in (ratio, noise):
        for item in topic.ITEMS.values():
            failed = [c.what for c in item.checks(item.parameters()) if not c.passes]
            assert failed == [], (item.name, failed)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_noise_contrast_learns_log_z_and_precision(seed):
    given = noise.Noise(seed=seed)
    found = noise.learn(given)
    checks = {c.what: c for c in noise.checks(given)}
    assert checks["log Z"].difference <= 0.05
    assert np.abs(found.precision - np.linalg.inv(noise.covariance(given))).max() <= 0.15


def test_without_the_noise_in_the_logit_log_z_is_wrong():
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.standard_normal(2000), 3 * rng.standard_normal(2000)])
    features = np.stack([-0.5 * x**2, np.ones_like(x)], 1)
    label = np.repeat([1.0, 0.0], 2000)
    log_q = -0.5 * (x / 3) ** 2 - 0.5 * np.log(2 * np.pi * 9)
    ends = [
        noise.logistic(features, offset, label, np.array([1.0, 0.0]))[0][-1]
        for offset in (-log_q, 0 * log_q)
    ]
    true = 0.5 * np.log(2 * np.pi)
    assert abs(-ends[0][1] - true) < 0.1
    assert abs(-ends[1][1] - true) > 0.5


def test_three_methods_agree_on_one_problem():
    given = table.Three(repeats=6, n=300)
    found = table.estimates(given)
    assert np.abs(found["GAN"][:, :2] - found["MLE"][:, :2]).max() < 0.02
    assert np.abs(found["NCE"] - found["MLE"]).max() < 0.3
    assert np.isnan(found["GAN"][:, 2]).all()


def test_a_gan_of_two_rounds_has_not_arrived():
    given = table.Three(repeats=5, n=300, rounds=2)
    found = table.estimates(given)
    assert np.abs(found["GAN"][:, :2] - found["MLE"][:, :2]).max() > 0.02


def test_contrast_with_oneself_is_half_the_likelihood():
    mine, half = table.self_contrast(table.Three())
    assert abs(mine - half) < 1e-6


SMALL = actor.Actor(width=8, batch=8, steps=5, draws=20_000)


@pytest.mark.parametrize("name", actor.COSTS)
def test_the_generator_is_an_actor(name):
    one, other = actor.as_generator(SMALL, name), actor.as_actor(SMALL, name)
    assert np.abs(one - other).max() < 1e-12
    assert np.linalg.norm(one) > 1e-3


def test_another_cost_is_another_policy_gradient():
    gap = actor.as_generator(SMALL, "wasserstein") - actor.as_actor(SMALL, "saturating")
    assert np.abs(gap).max() > 1e-3


def test_the_score_function_finds_the_exact_gradient():
    exact, drawn, error = actor.by_score(SMALL)
    assert (np.abs(drawn - exact) <= error).all()
