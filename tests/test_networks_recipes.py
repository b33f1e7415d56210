"""Networks are chosen by a recipe's spec, for any domain they are for, and refused for others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from counterplay.data.domain import Image, Vector
from counterplay.errors import UserError
from counterplay.game import quiet
from counterplay.recipes import build, named, read
from counterplay.recipes.measures_networks import inherited
from counterplay.recipes.schema import Dcgan, Gan, Mlp, Modern, Recipe, Residual, Vae

SMALL = {
    "dcgan uneven": Dcgan(width=2, upsample="uneven"),
    "dcgan reference": Dcgan(width=2, generator_norm="reference"),
    "dcgan virtual": Dcgan(width=2, generator_norm="virtual"),
    "dcgan pixel": Dcgan(width=2, generator_norm="pixel"),
    "mlp": Mlp(8, 2),
    "residual": Residual(width=2),
    "residual virtual with attention": Residual(2, attention=True, generator_norm="virtual"),
    "modern": Modern(width=2),
}
TEN = tuple("0123456789")


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("domain", [Image(1, 28), Image(3, 32, TEN)], ids=["grey", "colour"])
def test_a_spec_builds_a_pair_for_its_domain(name: str, domain: Image) -> None:
    spec = Gan(SMALL[name], latent=4, conditional=bool(domain.classes))
    game = build.game(Recipe("r", game=spec), domain)
    x = game.sample(3, seed=1)
    assert x.shape == (3, *domain.shape)
    y = (torch.zeros(3, dtype=torch.int64),) if domain.classes else ()
    with quiet(game):
        assert game.critic(x, *y).numel() == 3


@pytest.mark.parametrize("name", ["progressive-32", "style-32", "r3gan", "sngan", "cifar10-mlp"])
def test_a_recipe_builds_its_game(name: str) -> None:
    recipe = named(name)
    game = build.game(recipe, Image(3, 32))
    assert game.sample(2, seed=0).shape == (2, 3, 32, 32)


def test_networks_refuse_data_that_they_are_not_for() -> None:
    points = Vector(2, ("a", "b"), (0.0, 0.0), (1.0, 1.0))
    for networks in (Residual(), Modern(), Dcgan()):
        with pytest.raises(UserError, match="and the data are rows of 2 numbers"):
            build.game(Recipe("r", game=Gan(networks)), points)
    networks = Dcgan(condition="batch_norm", generator_norm="pixel")
    with pytest.raises(UserError, match="does not show the class; take 'batch'"):
        build.game(Recipe("r", game=Gan(networks, conditional=True)), Image(1, 28, TEN))
    with pytest.raises(UserError, match="have no network"):
        build.game(Recipe("r", game=Gan(Residual())), Image(1, 36 * 8))


def test_fully_connected_networks_also_code_pictures() -> None:
    game = build.game(Recipe("r", game=Vae(Mlp(8, 1), latent=3)), Image(1, 8))
    x = torch.rand(2, 1, 8, 8) * 2 - 1
    assert game.encode(x).shape == (2, 3)
    assert game.reconstruct(x).shape == x.shape


def test_networks_are_named_in_yaml() -> None:
    base = named("r3gan")
    found = read("game: {networks: {type: residual, attention: true, width: 8}}", base)
    assert found.game.networks == Residual(8, attention=True)  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(UserError, match=r"game.networks.widht: no such field"):
        read("game: {networks: {widht: 8}}", named("style-32"))


def test_the_sides_of_a_comparison_differ_in_their_networks_alone() -> None:
    one, other = named("cifar10-dcgan"), named("cifar10-mlp")
    assert replace(one, name="", game=replace(one.game, networks=Mlp())) == replace(
        other, name="", game=replace(other.game, networks=Mlp())
    )
    grown, at_once = named("progressive-32"), named("progressive-32-at-once")
    assert grown.game.networks == at_once.game.networks
    assert grown.budget == at_once.budget


def test_what_is_inherited_is_counted_where_parents_differ() -> None:
    first, second = np.array([0, 0, 1, 2]), np.array([0, 1, 2, 1])
    child = np.array([0, 0, 2, 3])
    assert inherited((first, second, child), 0) == pytest.approx(1 / 3)
    assert inherited((first, second, child), 1) == pytest.approx(1 / 3)
    assert inherited((first, second, second), 0) == 0  # the twin: all layers are one parent's
