"""Belief nets: sums over all configurations, who sees whom, samplers that keep activations."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from counterplay.errors import UserError
from counterplay.game import quiet, seeded
from counterplay.games.autoregressive import Autoregressive, even
from counterplay.networks.masked import FVSBN, MADE, NADE

D = 8
NETS = {
    "fvsbn": lambda: FVSBN(D),
    "nade": lambda: NADE(D, 5),
    "made": lambda: MADE(D, [9]),
    "made as narrow as can be": lambda: MADE(D, [D - 1, D - 1]),
    "deep made": lambda: MADE(D, [20, 16, 11]),
    "narrow made with direct connections": lambda: MADE(D, [3, 4], direct=True),
}


def shaken(make) -> nn.Module:
    """Return a network whose every parameter is random: zeros would hide a wrong connection."""
    with seeded("test"):
        net = make()
        for p in net.parameters():
            nn.init.normal_(p, std=0.7)
    return net


def game(make) -> Autoregressive:
    return Autoregressive(shaken(make), even(2, 0.0, 1.0))


def every(dim: int) -> Tensor:
    return torch.tensor(list(itertools.product((0.0, 1.0), repeat=dim)))


def dependence(net: nn.Module, x: Tensor) -> Tensor:
    """Return (D, D): whether the logit of row d moves with input j, somewhere in the batch."""
    for p in net.parameters():
        # Positive all through: no unit is dead and nothing cancels, so masks alone decide.
        p.data.abs_()
    x = x.clone().requires_grad_()
    rows = [torch.autograd.grad(net(x)[:, d].sum(), x)[0].abs().amax(0) for d in range(x.shape[1])]
    return torch.stack(rows) > 0


@pytest.mark.parametrize("name", NETS)
def test_the_masses_of_all_configurations_sum_to_one(name: str) -> None:
    log_p = game(NETS[name]).log_prob(every(D))
    assert float(log_p.double().exp().sum()) == pytest.approx(1, abs=1e-5)
    assert float(log_p.std()) > 0.1


@pytest.mark.parametrize("name", NETS)
def test_each_dimension_sees_all_before_it_and_nothing_else(name: str) -> None:
    moves = dependence(shaken(NETS[name]), torch.rand(64, D))
    assert torch.equal(moves, torch.ones(D, D).tril(-1).bool())


def test_a_made_that_is_too_narrow_loses_dependencies_and_is_refused() -> None:
    with pytest.raises(UserError, match="at least 7 units, or direct=True"):
        MADE(D, [D - 2])
    with pytest.raises(UserError, match="loses dependencies"):
        MADE(D, [])
    # The twin: what would have been built stays causal and is not complete.
    twin = shaken(lambda: MADE(D, [3], direct=True))
    twin.direct = None
    moves = dependence(twin, torch.rand(64, D))
    assert not (moves & torch.ones(D, D).triu().bool()).any()
    assert int(moves.sum()) < D * (D - 1) // 2


@pytest.mark.parametrize("name", NETS)
def test_the_sampler_that_keeps_activations_scores_as_the_parallel_pass(name: str) -> None:
    played = game(NETS[name])
    x, score = played.sample_scored(64, seed=3)
    assert torch.allclose(score, played.log_prob(x), atol=1e-5)
    assert 0 < float(x.mean()) < 1


@pytest.mark.parametrize("name", NETS)
def test_samples_have_the_law_that_is_scored(name: str) -> None:
    played = game(NETS[name])
    x = played.sample(20_000)
    mass = played.log_prob(every(D)).exp()
    index = (x.long() * 2 ** torch.arange(D - 1, -1, -1)).sum(1)
    seen = torch.bincount(index, minlength=2**D) / len(x)
    # The mean total variation of n draws from the law itself is below sqrt(2^D / n) / 2 = 0.06.
    assert float((seen - mass).abs().sum() / 2) < 0.06


def flops(net: nn.Module, ones: bool) -> list[int]:
    """Return what each dimension cost, where all that is drawn is ones, or zeros."""
    marks: list[int] = []
    with quiet(net), FlopCounterMode(display=False) as count:

        def draw(logits: Tensor) -> Tensor:
            marks.append(count.get_total_flops())
            return torch.full((len(logits),), int(ones))

        net.generate(4, draw)
    return marks


def test_the_next_dimension_costs_the_same_whatever_was_drawn() -> None:
    # Two units of each degree, so that the last dimension costs what the third did.
    net = MADE(D, [2 * (D - 1)] * 2)
    marks = flops(net, ones=True)
    assert marks == flops(net, ones=False)
    costs = [b - a for a, b in itertools.pairwise(marks)]
    assert len(set(costs)) == 1
    assert costs[0] > 0


def test_made_draws_all_dimensions_for_the_price_of_one_pass() -> None:
    dim = 32
    net = MADE(dim, [64])
    with quiet(net), FlopCounterMode(display=False) as count:
        net(torch.zeros(4, dim))
    # The twin without a cache passes the whole network for each dimension.
    assert flops(net, ones=True)[-1] <= count.get_total_flops()
    assert flops(net, ones=True)[-1] * 30 < dim * count.get_total_flops()


def test_what_lies_between_levels_is_not_scored() -> None:
    with pytest.raises(UserError, match="binarise or quantise"):
        game(NETS["made"]).log_prob(torch.full((2, D), 0.5))
    with pytest.raises(UserError, match="binarise or quantise"):
        game(NETS["made"]).log_prob(torch.full((2, D), float("nan")))


def test_a_uniform_network_scores_d_log_two() -> None:
    played = Autoregressive(FVSBN(D), even(2, 0.0, 1.0))
    assert torch.allclose(played.log_prob(every(D)), -D * torch.tensor(2.0).log())
