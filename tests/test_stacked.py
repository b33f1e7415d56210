"""Stacked-MNIST: the published networks, the counting of modes, and the rows that are promised."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from counterplay.data import load
from counterplay.errors import UserError
from counterplay.networks.tiny import TinyCritic, TinyGenerator, _small_weights, grids
from counterplay.recipes import named
from counterplay.recipes.measures_stacked import POWERS, covered, divergence, modes
from counterplay.recipes.promises import promised
from counterplay.recipes.stacked import RECIPES

shapes = [[28, 14, 7, 4], [32, 16, 8, 4], [8, 4], [20, 10, 5, 3], [64, 32, 16, 8, 4]]


@pytest.mark.parametrize("sides", shapes)
def test_grids_are_halves_rounded_up(sides):
    assert grids(sides[0]) == sides


def outputs(network, x):
    """Return the shapes that convolutions make, in order."""
    seen = []
    hooks = [
        layer.register_forward_hook(lambda _, __, out: seen.append(tuple(out.shape[1:])))
        for layer in network.modules()
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)
    ]
    network(x)
    for hook in hooks:
        hook.remove()
    return seen


def test_the_networks_are_the_published_ones():
    generator, critic = TinyGenerator(256, 3, 28), TinyCritic(3, 28)
    assert generator.start == (64, 4, 4)
    made = outputs(generator, torch.zeros(2, 256))
    assert made == [(32, 7, 7), (16, 14, 14), (8, 28, 28), (3, 28, 28)]
    assert outputs(critic, torch.zeros(2, 3, 28, 28)) == [(2, 14, 14), (4, 7, 7), (8, 4, 4)]
    slopes = {m.negative_slope for m in critic.modules() if isinstance(m, nn.LeakyReLU)}
    assert slopes == {0.3}
    assert sum(isinstance(m, nn.BatchNorm2d) for m in critic.modules()) == 3
    weights = [sum(p.numel() for p in network.parameters()) for network in (generator, critic)]
    assert weights[0] > 200 * weights[1]


@pytest.mark.parametrize("size", [8, 20, 28, 32])
def test_every_size_can_be_made_and_judged(size):
    x = TinyGenerator(5, 1, size, 4)(torch.zeros(2, 5))
    assert x.shape == (2, 1, size, size)
    assert float(x.detach().abs().max()) <= 1
    assert TinyCritic(1, size, 2, "none")(x).shape == (2,)


def test_a_critic_without_norm_keeps_the_size_of_what_it_sees():
    """With the small weights of a normed critic its values, and slopes, would be nearly 0."""
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(0)
        x, critic = torch.randn(64, 3, 28, 28), TinyCritic(3, 28, 2, "none")
        assert 0.3 < float(critic(x).std()) < 3
        assert float(critic.apply(_small_weights)(x).std()) < 1e-3


class Reader:
    """A judge of pictures that are as bright as their class."""

    def classify(self, x):
        return torch.eye(10)[((x.mean((1, 2, 3)) + 1) * 5).long()]


def stacked(digits):
    return ((digits.float() + 0.5) / 5 - 1)[:, :, None, None].expand(-1, -1, 8, 8)


def test_each_channel_is_a_digit_of_the_mode():
    digits = torch.tensor([[0, 0, 7], [9, 8, 7], [0, 0, 7]])
    counts = modes(Reader(), stacked(digits), 10)
    assert counts.shape == (1000,)
    assert counts.nonzero().flatten().tolist() == [7, 987]
    assert counts[7] == 2
    assert covered(counts) == 2
    assert divergence(counts) == pytest.approx(
        math.log(1000) + 2 / 3 * math.log(2 / 3) + 1 / 3 * math.log(1 / 3)
    )


def test_a_perfect_generator_has_all_modes_and_a_divergence_above_zero():
    """About (K − 1) / 2n: a target of 0 is out of reach."""
    rng = torch.Generator().manual_seed(0)
    counts = torch.bincount(torch.randint(1000, (26_000,), generator=rng), minlength=1000)
    assert covered(counts) == 1000
    assert divergence(counts) == pytest.approx(999 / 52_000, rel=0.15)


def test_a_collapsed_generator_has_one_mode_and_the_largest_divergence():
    counts = modes(Reader(), stacked(torch.full((50, 3), 4)), 10)
    assert covered(counts) == 1
    assert divergence(counts) == pytest.approx(math.log(1000))


def test_other_data_have_no_stacks():
    on = SimpleNamespace(source=load("digits"), prepared=SimpleNamespace(n=10))
    with pytest.raises(UserError, match="stacked:PATH makes them"):
        POWERS["stacked_modes"](SimpleNamespace(), on)


@pytest.mark.parametrize("name", RECIPES)
def test_each_row_is_promised_with_as_many_examples_in_a_round(name):
    recipe, promise = named(name), promised(name)
    assert promise.recipe == name
    assert {each.metric for each in promise.promises} == POWERS.keys()
    assert recipe.data.batch == 128
    assert recipe.data.batch % recipe.game.pack == 0
    assert recipe.budget * 60 < promise.seconds


def test_penalties_of_stacked_digits_are_paid_in_every_round():
    game = named("stacked-r3").game
    assert game.r1 > 0 and game.r2 > 0  # noqa: PT018
    assert game.penalties.every == 1
    assert game.networks.critic_norm == "none"
