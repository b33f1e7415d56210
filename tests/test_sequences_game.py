"""Sequences with classes: exact likelihood, Bayes' rule, a sampler that scores what it draws."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.game import Batch, Round, adam, seeded
from counterplay.games.sequences import Sequences
from counterplay.networks.wavenet import WaveNet
from counterplay.train import train

SHARE = (0.25, 0.75)


def told(length: int = 30, levels: int = 5, classes: int = 2, **options: object) -> WaveNet:
    with seeded("told"):
        net = WaveNet(length, levels, 6, 7, classes=classes, **options)
        if net.told is not None:
            torch.nn.init.normal_(net.told.weight)
    return net


def every(levels: int, length: int) -> Tensor:
    values = torch.linspace(-1, 1, levels).tolist()
    return torch.tensor(list(itertools.product(values, repeat=length)))


@pytest.mark.parametrize(("dilations", "taps"), [((1, 2, 4), 2), ((1, 2, 1, 3), 3), ((2,), 2)])
@pytest.mark.parametrize("n", [1, 6])
def test_one_step_at_a_time_scores_as_the_parallel_pass(dilations, taps, n):
    game = Sequences(told(dilations=dilations, taps=taps), share=SHARE).double()
    y = torch.arange(n) % 2
    x, score = game.sample_scored(n, y, seed=3)
    assert torch.allclose(score, game.log_prob(x, y), rtol=0, atol=1e-5)
    # The twin that is told the other class scores otherwise.
    assert float((score - game.log_prob(x, 1 - y)).abs().max()) > 1e-2


def test_in_float32_the_two_agree_to_rounding():
    game = Sequences(told(400), share=SHARE)
    y = torch.tensor([0, 1, 1])
    x, score = game.sample_scored(3, y)
    assert torch.allclose(score, game.log_prob(x, y).double(), rtol=1e-5)


def test_masses_sum_to_one_given_a_class_and_without():
    game = Sequences(told(5, 3, dilations=(1, 2)), share=SHARE)
    x = every(3, 5)
    y = torch.ones(len(x), dtype=torch.int64)
    given, mixed = game.log_prob(x, y).double().exp(), game.log_prob(x).exp()
    other = game.log_prob(x, 1 - y).double().exp()
    assert float(given.sum()) == pytest.approx(1, abs=1e-5)
    assert float(mixed.sum()) == pytest.approx(1, abs=1e-5)
    assert torch.allclose(mixed, SHARE[1] * given + SHARE[0] * other, atol=1e-7)
    assert torch.allclose(game.classify(x)[:, 1], SHARE[1] * given / mixed, atol=1e-6)


def test_a_class_is_learnt_and_drawn_as_it_was_asked_for():
    x = torch.tensor([[-1.0, -1.0, -1.0, 1.0], [1.0, 1.0, 1.0, -1.0]]).repeat(16, 1)
    y = torch.arange(32) % 2
    small = {"levels": 2, "features": 6, "skip": 6, "dilations": (1, 2)}
    with seeded("learn"):
        game = Sequences(WaveNet(4, **small, classes=2), share=(0.5, 0.5), move=adam(3e-2))
        untold = Sequences(WaveNet(4, **small), move=adam(3e-2))
    for each in (game, untold):
        batches = itertools.repeat(Batch(x, y))
        for _ in train(each, batches, steps=80, seed=0):
            pass
    assert float((game.sample(32, y) == x).float().mean()) > 0.95
    assert float((untold.sample(32) == x).float().mean()) < 0.8
    assert float((game.classify(x).argmax(1) == y).float().mean()) == 1


def test_likelihood_says_what_it_is():
    game = Sequences(told(6, 4), share=SHARE)
    x = game.sample(10, seed=1)
    found = game.likelihood(x)
    assert (found.kind, found.space, found.dims) == ("exact", "discrete", 6)
    assert found.value == pytest.approx(-float(game.log_prob(x).mean()), rel=1e-6)
    long = torch.zeros(3, 40_000)
    wide = Sequences(WaveNet(40_000, 3, 2, 2, dilations=(1,)))
    assert [wide.likelihood(long, budget=b).budget["examples"] for b in (1, 2, 9)] == [1, 3, 3]


def test_what_lies_between_levels_is_refused():
    with pytest.raises(UserError, match="nearest of its levels"):
        Sequences(WaveNet(4, 3)).log_prob(torch.full((1, 4), 0.3))
    with pytest.raises(UserError, match="needs one for each sequence"):
        told()(torch.zeros(1, 30, dtype=torch.int64))


def test_the_cost_is_the_mean_of_what_is_scored():
    game = Sequences(told(6, 4), share=SHARE)
    y = torch.tensor([0, 1, 1])
    x = game.sample(3, y)
    cost = game.cost(Round(Batch(x, y)))["nll"]
    assert cost.item() == pytest.approx(-float(game.log_prob(x, y).mean()), rel=1e-6)
