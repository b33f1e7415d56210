"""Recipes of Boltzmann machines: from a spec and a domain to a game, and what is measured of it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from test_boltzmann import every, machine

from counterplay.data import Image, Vector
from counterplay.errors import UserError
from counterplay.games.boltzmann import Boltzmann
from counterplay.games.dbm import DeepBoltzmann
from counterplay.networks.boltzmann import Bits, Reals
from counterplay.recipes import build, named
from counterplay.recipes.measures_boltzmann import POWERS, independent


def rows(dim: int, levels: int) -> Vector:
    names = tuple(f"x{i}" for i in range(dim))
    return Vector(dim, names, (0.5,) * dim, (0.5,) * dim, levels=levels)


def small(name: str) -> Any:
    recipe = named(name)
    nets: Any = recipe.game.networks
    return replace(recipe, game=replace(recipe.game, networks=replace(nets, width=6)))


@pytest.mark.parametrize(
    ("name", "domain", "units", "low", "gap"),
    [
        ("rbm-digits", Image(1, 8, levels=2), Bits, -1.0, 0.0),
        ("rbm-bits", rows(5, 2), Bits, -1.0, 0.0),
        ("rbm-reals", rows(5, 0), Reals, 0.0, 0.0),
        ("rbm-reals", Image(1, 8, levels=17), Reals, 0.0, 0.125),
    ],
)
def test_units_are_those_of_the_datas_levels(
    name: str, domain: Any, units: type, low: float, gap: float
) -> None:
    game = build.game(small(name), domain)
    assert type(game) is Boltzmann
    assert type(game.rbm.visible) is units
    assert (game.low, game.gap) == (low, gap)
    assert game.sample(3).shape == (3, *domain.shape)


def test_a_machine_of_bits_says_what_makes_bits() -> None:
    game = build.game(small("dbm-digits"), Image(1, 8, levels=2))
    assert type(game) is DeepBoltzmann
    assert game.sample(2).unique().tolist() == [-1, 1]
    for name in ("dbm-digits", "rbm-digits"):
        with pytest.raises(UserError, match=r"data are of 17 levels: --data\.binarise threshold"):
            build.game(small(name), Image(1, 8, levels=17))
    with pytest.raises(UserError, match="data are of real numbers"):
        build.game(small("rbm-bits"), rows(5, 0))


@pytest.mark.parametrize("name", ["rbm-digits", "dbm-digits"])
def test_machines_begin_as_independent_bits_with_the_datas_base_rates(name: str) -> None:
    from counterplay.recipes.plan import open_data

    recipe = small(name)
    source = open_data(recipe.data)
    game: Any = build.game(recipe, source.domain)
    cold = float(game.base.abs().sum()) if name == "rbm-digits" else 0.0
    build.begin(game, recipe, source)
    x = source.examples("train", 1000).x
    base = game.base if name == "rbm-digits" else game.joint.base[:64]
    rates = (x.flatten(1) > 0).float().mean(0)
    assert cold == 0
    torch.testing.assert_close(torch.sigmoid(base), rates, atol=0.05, rtol=0)


def test_independent_bits_have_the_entropy_of_their_rates() -> None:
    x = torch.tensor([[1.0, -1], [1, 1], [-1, 1], [-1, 1]]).repeat(5000, 1)
    rates = x.gt(0).double().mean(0)
    entropy = -(torch.xlogy(rates, rates) + torch.xlogy(1 - rates, 1 - rates)).sum()
    assert abs(independent(x, x) - float(entropy)) < 1e-4


def test_figures_of_a_machine_are_measured_from_its_chains() -> None:
    x = 2 * every(6) - 1
    game = Boltzmann(machine(6, 4), low=-1.0, annealed=(100, 50))
    outcome: Any = SimpleNamespace(
        sampler=SimpleNamespace(game=game),
        plan=SimpleNamespace(recipe=SimpleNamespace(seed=0)),
    )
    bench: Any = SimpleNamespace(train=x, test=x[:32], prepared=SimpleNamespace(n=32))
    found = {name: power(outcome, bench)["value"] for name, power in POWERS.items()}
    assert abs(found["log_z_width"]) < 0.5
    assert found["log_z_drift"] < 0.5
    assert 10 < found["effective_chains"] <= 100
    assert found["free_energy_gap"] == pytest.approx(0.0)
    assert 0 <= found["saturated"] <= 1
    # Bits are fairly drawn when all configurations are there, up to the half that is tested.
    assert found["independent_nats"] == pytest.approx(6 * 0.6931, abs=0.1)
