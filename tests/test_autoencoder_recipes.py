"""Auto-encoders by recipe: what is built, what is refused, and what is measured of them."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from counterplay.data import Image, Vector
from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.recipes import build, named
from counterplay.recipes.autoencoders import RECIPES
from counterplay.recipes.measures_autoencoders import POWERS, principal, residual
from counterplay.recipes.schema import Recipe, Vae
from counterplay.recipes.specs.coders import Dense
from counterplay.recipes.specs.vae import Iaf

TWO, ALL = Image(1, 8, (), 2), Image(1, 8, (), 256)


def small(recipe: Recipe) -> Recipe:
    """Return the recipe with narrow networks."""
    nets: Any = recipe.game.networks
    return replace(recipe, game=replace(recipe.game, networks=replace(nets, width=8)))  # type: ignore


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_each_recipe_makes_a_game_that_draws_what_the_data_are(name):
    recipe = small(named(name))
    game = build.game(recipe, TWO if recipe.data.binarise != "no" else ALL)
    x = game.sample(3)
    assert x.shape == (3, 1, 8, 8)
    assert x.isfinite().all()


def test_a_table_has_a_vae_of_levels_and_one_of_densities():
    numbers = Vector(3, ("a", "b", "c"), (0.0,) * 3, (1.0,) * 3)
    recipe = Recipe("rows", game=Vae(Dense(8), latent=2, spread="pixel", posterior=Iaf(width=6)))
    x = torch.randn(5, 3, generator=generator("rows"))
    game: Any = build.game(recipe, numbers)
    assert game.likelihood(x, budget=3).space == "continuous"
    binary = replace(recipe, game=Vae(Dense(8), latent=2, decoder="bernoulli"))
    game = build.game(binary, replace(numbers, levels=2))
    assert game.likelihood(x.sign(), budget=3).space == "discrete"


@pytest.mark.parametrize(
    ("game", "domain", "words"),
    [
        (Vae(Dense(8), decoder="bernoulli"), ALL, "--data.binarise threshold"),
        (Vae(Dense(8), decoder="logistic"), Vector(1, ("a",), (0.0,), (1.0,)), "continuous"),
        (Vae(posterior=Iaf()), ALL, "networks of type dcgan put out means"),
        (Vae(decoder="logistic"), ALL, "networks of type dcgan put out means"),
        (named("dfc-pictures").game, Vector(1, ("a",), (0.0,), (1.0,)), "pictur"),
    ],
)
def test_what_does_not_go_together_is_refused_in_one_line(game, domain, words):
    with pytest.raises(UserError, match=words) as error:
        build.game(Recipe("odd", game=game), domain)
    assert "\n" not in str(error.value)


def test_principal_components_leave_what_the_other_axes_hold():
    x = torch.randn(400, 1, 2, 3, generator=generator("x")) * torch.tensor([3.0, 2, 1])
    mean, axes = principal(x, 2)
    rows = x.flatten(1).double()
    values = torch.linalg.eigvalsh(torch.cov(rows.T, correction=0))
    assert torch.allclose(axes.T @ axes, torch.eye(2, dtype=torch.float64), atol=1e-10)
    assert torch.allclose(mean, rows.mean(0))
    left = (x - residual(x, x, 2)).double().square().flatten(1).sum(1).mean()
    assert torch.allclose(left, values[:-2].sum(), atol=1e-5)


def test_the_best_linear_autoencoder_has_no_excess_and_no_angle_and_a_random_one_has():
    recipe = small(named("ae-linear"))
    recipe = replace(recipe, game=replace(recipe.game, latent=2))  # type: ignore[call-arg]
    game: Any = build.game(recipe, ALL)
    x = torch.randn(300, 1, 8, 8, generator=generator("x")) * torch.linspace(2, 0.1, 8)
    outcome: Any = SimpleNamespace(
        sampler=SimpleNamespace(game=game), plan=SimpleNamespace(recipe=recipe)
    )
    on: Any = SimpleNamespace(train=x, device=torch.device("cpu"))
    before = POWERS["pca_excess"](outcome, on)["value"], POWERS["pca_angle"](outcome, on)["value"]
    mean, axes = (each.float() for each in principal(x, 2))
    with torch.no_grad():
        encoder, decoder = game.encoder.body[0], game.decoder.body[0]
        encoder.weight.copy_(axes.T)
        encoder.bias.copy_(-axes.T @ mean)
        decoder.weight.copy_(axes)
        decoder.bias.copy_(mean)
    after = POWERS["pca_excess"](outcome, on)["value"], POWERS["pca_angle"](outcome, on)["value"]
    assert max(abs(v) for v in after) < 1e-4
    assert before[0] > 1
    assert before[1] > 0.5
