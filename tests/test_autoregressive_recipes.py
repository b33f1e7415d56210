"""Recipes of belief nets and PixelCNNs: what is built for which data, and what is refused."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch

from counterplay.data import Image, Vector, load
from counterplay.errors import UserError
from counterplay.game import Batch, generator
from counterplay.recipes import build
from counterplay.recipes.measures_autoregressive import independent_nll
from counterplay.recipes.samples import Sampler
from counterplay.recipes.schema import Adam, Autoregressive, Fvsbn, Made, Nade, PixelCnn, Recipe
from counterplay.train import train

BITS = Vector(6, tuple("abcdef"), (0.5,) * 6, (0.5,) * 6, levels=2)
TWO = Image(1, 4, ("0", "1"), levels=2)
GREY = Image(1, 4, levels=17)
COLOURS = Image(3, 4)
REAL = Path(__file__).parents[2] / "shared" / "data" / "binary-uci"


def recipe(networks: Fvsbn | Nade | Made | PixelCnn, **more: object) -> Recipe:
    return Recipe("tiny", game=Autoregressive(networks, **more))  # type: ignore


@pytest.mark.parametrize("networks", [Fvsbn(), Nade(5), Made(8), Made(8, orders=3)])
@pytest.mark.parametrize("domain", [BITS, TWO], ids=["bits", "pictures"])
def test_belief_nets_are_for_rows_of_bits_and_pictures_of_two_levels(networks, domain):
    game = build.game(recipe(networks), domain)
    x = game.sample(5)
    assert x.shape == (5, *domain.shape)
    assert set(x.unique().tolist()) == {-1.0, 1.0}
    assert math.isfinite(game.likelihood(x).value)
    assert len(game.members) == max(1, getattr(networks, "orders", 0))


@pytest.mark.parametrize(
    ("domain", "components"), [(TWO, 0), (GREY, 0), (COLOURS, 0), (GREY, 2), (COLOURS, 2)]
)
def test_a_pixelcnn_takes_the_levels_of_its_data(domain, components):
    networks = PixelCnn(6, 2, components=components)
    game = build.game(recipe(networks), domain)
    x = game.sample(3)
    k = (x + 1) / 2 * (domain.levels - 1)
    assert x.shape == (3, *domain.shape)
    assert torch.allclose(k, k.round(), atol=1e-3)
    # What a person is given, bytes, can be scored again.
    again = domain.encode(domain.decode(x))
    assert torch.allclose(game.log_prob(again), game.log_prob(x), atol=1e-3)


def test_classes_are_asked_for_by_name_and_likelihood_is_over_all_of_them():
    game = build.game(recipe(Made(8), conditional=True), TWO, (0.25, 0.75))
    with torch.no_grad():
        game.network.network.shown.weight[1] += 20  # class 1 is all on
    sampler = Sampler(game, TWO, (0.25, 0.75))
    assert int(sampler.sample(4, "1").min()) == 255
    assert int(sampler.sample(4, "0").min()) == 0
    dark = -torch.ones(1, *TWO.shape)
    given = game.log_prob(dark, torch.zeros(1).long())
    assert game.likelihood(dark).value == pytest.approx(float(math.log(4) - given), abs=1e-4)
    assert game.classify(dark).argmax(1).tolist() == [0]


def test_data_on_no_levels_or_on_too_many_are_refused():
    points = Vector(2, ("x", "y"), (0.0, 0.0), (1.0, 1.0))
    with pytest.raises(UserError, match="stand on no levels"):
        build.game(recipe(Made()), points)
    with pytest.raises(UserError, match=r"for two levels .* have 17; --data.binarise"):
        build.game(recipe(Made()), GREY)
    with pytest.raises(UserError, match="networks of type pixelcnn"):
        build.game(recipe(PixelCnn()), BITS)
    with pytest.raises(UserError, match="move by adam"):
        build.game(recipe(Made(8), optimiser=Adam(rule="sgd")), BITS)


def test_independent_columns_have_their_closed_form():
    train = torch.tensor([[1.0, -1.0], [1.0, -1.0], [-1.0, -1.0]])
    test = torch.tensor([[1.0, 1.0]])
    assert independent_nll(train, test) == pytest.approx(-math.log(3 / 5) - math.log(1 / 5))


def trained(x: torch.Tensor) -> float:
    domain = Vector(8, tuple("abcdefgh"), (0.5,) * 8, (0.5,) * 8, levels=2)
    game = build.game(recipe(Fvsbn(), optimiser=Adam(0.1, (0.9, 0.999))), domain)
    for _ in train(game, [Batch(x)] * 80):
        pass
    return game.likelihood(x).value


def test_columns_that_say_nothing_new_cost_nothing_and_others_their_bit():
    first, other = torch.randint(2, (2, 400, 4), generator=generator("bits")) * 2.0 - 1
    alone = independent_nll(torch.cat([first, first], 1), torch.cat([first, first], 1))
    assert alone == pytest.approx(8 * math.log(2), rel=0.02)
    assert trained(torch.cat([first, first], 1)) < 0.6 * alone
    # The twin: columns that know nothing of each other.
    assert trained(torch.cat([first, other], 1)) > 0.95 * alone


@pytest.mark.skipif(not REAL.exists(), reason="the binary data sets are not here")
@pytest.mark.parametrize(
    ("name", "dim", "alone"), [("dna", 180, 100.39), ("mushrooms", 112, 34.23)]
)
def test_published_splits_keep_all_columns_and_their_independent_score(name, dim, alone):
    source = load(REAL / f"{name}.npz")
    assert source.domain.shape == (dim,)
    assert source.domain.levels == 2
    train, test = (source.examples(split).x for split in ("train", "test"))
    assert independent_nll(train, test) == pytest.approx(alone, abs=0.03)
