"""Linear VAEs by recipe: the closed forms, the exact expectation, and what the recipe reaches."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from counterplay.data import Image, Vector
from counterplay.decoders import gaussian
from counterplay.errors import UserError
from counterplay.game import Batch, Round, generator, seeded
from counterplay.games.vae import VAE, cubature, one_draw
from counterplay.recipes import build, named
from counterplay.recipes.measures_linear import POWERS, linear_bound, optimum
from counterplay.recipes.schema import Recipe, Vae
from counterplay.recipes.specs.coders import Dense
from counterplay.train import falling, train

VALUES = (3.0, 1.5, 0.4, 0.1)


def rows() -> Tensor:
    """Return 8 rows whose covariance has exactly those eigenvalues."""
    turn = torch.linalg.qr(torch.randn(4, 4, generator=generator("turn"), dtype=torch.float64))[0]
    axes = (4 * torch.tensor(VALUES, dtype=torch.float64)).sqrt().diag() @ turn.T
    return torch.cat([axes, -axes])


def linear(deviation: float | None = 0.8) -> VAE:
    with seeded("linear"):
        law = gaussian(deviation or "shared")
        return VAE(nn.Linear(4, 4), nn.Linear(2, 4), 2, decoded=law, shown=cubature)


def test_cubature_is_exact_where_the_decoder_is_linear_and_a_draw_is_not():
    game, x = linear().double(), rows()
    one = sum(game.cost(Round(Batch(x))).values())
    assert abs(one.item() + linear_bound(game, x, 0.8)) < 1e-12
    game.shown = one_draw
    drawn = [sum(game.cost(Round(Batch(x), seed=s)).values()).item() for s in range(400)]
    spread = torch.tensor(drawn).std().item()
    assert spread > 0.1
    assert abs(sum(drawn) / 400 - one.item()) < 4 * spread / 20


def test_cubature_has_the_moments_of_the_normal_law_up_to_the_third():
    x, noise = cubature(Round(Batch(rows())), 3)
    assert x.shape == (48, 4)
    places = noise.view(6, 8, 3)[:, 0]
    assert torch.allclose(places.mean(0), torch.zeros(3, dtype=noise.dtype))
    assert torch.allclose(places.T @ places / 6, torch.eye(3, dtype=noise.dtype))
    assert torch.allclose(places.pow(3).mean(0), torch.zeros(3, dtype=noise.dtype))


@pytest.mark.parametrize(("deviation", "collapsed"), [(0.3, 0), (1.0, 0), (1.3, 1), (2.0, 2)])
def test_the_optimum_is_the_likelihood_of_the_closed_form(deviation, collapsed):
    x = rows()
    found = optimum(x, 2, deviation)
    assert found.collapsed == collapsed
    # The model itself: C = W Wᵀ + σ² I with W along the axes that are kept.
    values, axes = torch.linalg.eigh(torch.cov(x.T, correction=0))
    kept = axes[:, 4 - (2 - collapsed) :] * (values[4 - (2 - collapsed) :] - deviation**2).sqrt()
    law = torch.distributions.MultivariateNormal(
        x.mean(0), kept @ kept.T + deviation**2 * torch.eye(4, dtype=x.dtype)
    )
    assert abs(law.log_prob(x).mean().item() - found.log_prob) < 1e-9
    free = optimum(x, 2, None)
    assert free.log_prob >= found.log_prob
    assert free.log_prob == pytest.approx(optimum(x, 2, math.sqrt(0.25)).log_prob)


def test_the_bound_is_below_the_optimum_and_the_recipes_training_reaches_it():
    recipe = named("linear-vae")
    game_spec: Any = recipe.game
    domain = Vector(4, tuple("abcd"), (0.0,) * 4, (1.0,) * 4)
    small = replace(recipe, game=replace(game_spec, latent=2, deviation=1.4))
    game: Any = build.game(small, domain)
    x = rows().float()
    outcome: Any = SimpleNamespace(
        sampler=SimpleNamespace(game=game), plan=SimpleNamespace(recipe=small)
    )
    bench: Any = SimpleNamespace(train=x)
    assert POWERS["ppca_gap"](outcome, bench)["value"] > 0.05
    for _ in train(game, [Batch(x)] * 600, steps=600, pace=falling(600, 0.8)):
        pass
    assert 0 <= POWERS["ppca_gap"](outcome, bench)["value"] < 2e-4
    assert POWERS["collapsed"](outcome, bench) == {"value": 1.0, "reference": 1.0}


def test_a_known_scale_is_for_laws_that_have_one():
    two, points = Image(1, 8, (), 2), Vector(3, tuple("abc"), (0.0,) * 3, (1.0,) * 3)
    spec = Vae(Dense(8), latent=2, decoder="bernoulli", deviation=0.5)
    with pytest.raises(UserError, match=r"--game\.deviation"):
        build.game(Recipe("x", game=spec), two)
    with pytest.raises(UserError, match="dcgan"):
        build.game(Recipe("x", game=Vae(deviation=0.5)), two)
    game: Any = build.game(Recipe("x", game=replace(spec, decoder="gaussian")), points)
    assert game.log_std is None
    logistic = build.game(Recipe("x", game=replace(spec, decoder="logistic")), two)
    assert logistic.sample(2).shape == (2, 1, 8, 8)
