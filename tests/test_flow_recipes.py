"""Flows by recipe: every one is built for the data it is for, and mistakes are told in one line."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from counterplay.data import Image, Vector, load
from counterplay.errors import UserError
from counterplay.game import Batch, Round, generator
from counterplay.metrics.likelihood import rounding_figures
from counterplay.recipes import build, named
from counterplay.recipes.flows import RECIPES
from counterplay.recipes.schema import Flow, PictureFlow, Recipe, VectorFlow

DIGITS = Image(1, 8, ("0", "1", "2"), 17)
COLOURS = Image(3, 8)
POINTS = Vector(2, ("a", "b"), (0.0, 0.0), (1.0, 1.0))
SPECIES = replace(POINTS, classes=("x", "y", "z"))
BITS = Vector(6, tuple("abcdef"), (0.5,) * 6, (0.5,) * 6, levels=2)


def examples(domain: Image | Vector, n: int = 8) -> Batch:
    rng = generator("examples")
    y = torch.arange(n) % 3 if domain.classes else None
    if domain.levels:
        k = torch.randint(domain.levels, (n, *domain.shape), generator=rng)
        return Batch(k / (domain.levels - 1) * 2 - 1, y)
    return Batch(torch.randn(n, *domain.shape, generator=rng), y)


def small(recipe: Recipe) -> Recipe:
    networks = replace(recipe.game.networks, width=4, blocks=1)
    return replace(recipe, game=replace(recipe.game, networks=networks))


def made(spec: Flow, domain: Image | Vector) -> torch.nn.Module:
    return build.game(Recipe("flow", game=spec), domain)


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_of_a_flow_plays_a_round_and_samples(name):
    recipe = small(named(name))
    picture = name.startswith(("flow-digits", "flow-mnist", "flow-cifar"))
    domain = DIGITS if picture else SPECIES
    game = build.game(recipe, domain)
    batch = examples(domain)
    game.start(*batch)
    terms = game.cost(Round(batch))
    assert bool(torch.stack(list(terms.values())).isfinite().all())
    assert game.sample(5).shape == (5, *domain.shape)
    account = game.likelihood(batch.x, budget=7)
    assert (account.kind, account.space) == (
        ("lower bound", "discrete") if picture else ("exact", "continuous")
    )


@pytest.mark.parametrize("domain", [DIGITS, COLOURS, POINTS, BITS])
@pytest.mark.parametrize("dequantisation", ["uniform", "variational"])
def test_a_flow_of_rows_fits_whatever_there_is(domain, dequantisation):
    spec = Flow(VectorFlow("maf", width=8, blocks=1), dequantisation=dequantisation)
    if not domain.levels and dequantisation == "variational":
        with pytest.raises(UserError, match="no levels to add noise to"):
            made(spec, domain)
        return
    game = made(spec, domain)
    x, _ = examples(domain)
    assert game.log_prob(x).shape == (8,)
    drawn = game.sample(4)
    assert drawn.shape == (4, *domain.shape)
    if domain.levels:
        k = (drawn + 1) / 2 * (domain.levels - 1)
        torch.testing.assert_close(k, k.round(), rtol=0, atol=1e-3)


def test_norms_start_from_the_data_before_the_first_round():
    source = load("digits")
    recipe = small(named("flow-digits-real-nvp"))
    one, two = (build.game(recipe, source.domain) for _ in range(2))
    build.begin(one, recipe, source)
    x = source.examples("train", 256).x
    begun, raw = (float(-game.log_prob(x).mean()) for game in (one, two))
    assert begun < raw - 10, "the twin whose norms were not fitted"


def test_looks_tell_a_flows_rounding():
    game, (x, _) = made(Flow(VectorFlow("spline", width=8)), POINTS), examples(POINTS)
    entry = rounding_figures(game, x, x, split="validation", ema=False)["inverse_error"]
    assert 0 <= entry["value"] < 1e-4
    assert rounding_figures(object(), x, x, split="validation", ema=False) == {}


MISTAKES = {
    "have no classes to show": (Flow(classes="networks"), POINTS),
    "cannot be halved 2 times; --game.networks.scales 1 works": (
        Flow(PictureFlow(scales=2)),
        Image(1, 10),
    ),
    "--data.size with an even side": (Flow(PictureFlow(scales=1)), Image(1, 9)),
    "networks of type pictureflow": (Flow(PictureFlow()), POINTS),
    "two numbers to couple": (Flow(), Vector(1, ("a",), (0.0,), (1.0,))),
    "'maf' has none": (Flow(VectorFlow("maf", dropout=0.5)), POINTS),
}


@pytest.mark.parametrize("words", MISTAKES)
def test_mistakes_are_one_line(words):
    spec, domain = MISTAKES[words]
    with pytest.raises(UserError) as error:
        made(spec, domain)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_sources_are_the_same_rows_whoever_asks():
    source = load("sources")
    assert source.domain.shape == (5,)
    assert len(source.domain.classes) == 40
    x, u = source.examples("test", 100)
    again = load("sources").examples("test", 100)
    assert torch.equal(x, again.x)
    assert u is not None
    assert int(u.max()) < 40
