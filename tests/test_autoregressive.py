"""Belief nets: sums over all configurations, who sees whom, samplers that keep activations."""

from __future__ import annotations

import copy
import itertools

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from counterplay.errors import UserError
from counterplay.game import Batch, Round, adam, quiet, seeded
from counterplay.games.autoregressive import Autoregressive, even
from counterplay.networks.masked import FVSBN, MADE, NADE, Flat
from counterplay.train import train

D = 8
NETS = {
    "fvsbn": lambda: FVSBN(D),
    "nade": lambda: NADE(D, 5),
    "made": lambda: MADE(D, [9]),
    "made as narrow as can be": lambda: MADE(D, [D - 1, D - 1]),
    "deep made": lambda: MADE(D, [20, 16, 11]),
    "narrow made with direct connections": lambda: MADE(D, [3, 4], direct=True),
}
SHOWN = {
    "fvsbn": lambda: FVSBN(D, classes=3),
    "nade": lambda: NADE(D, 5, classes=3),
    "made": lambda: MADE(D, [9], direct=True, classes=3),
}
SHARE = (0.5, 0.3, 0.2)


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
    assert torch.allclose(score, played.log_prob(x), rtol=0, atol=1e-5)
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


def shown(name: str) -> Autoregressive:
    return Autoregressive(shaken(SHOWN[name]), even(2, 0.0, 1.0), share=SHARE)


@pytest.mark.parametrize("name", SHOWN)
def test_masses_given_a_class_sum_to_one_and_their_mean_is_the_mass(name: str) -> None:
    played, x = shown(name), every(D)
    given = [played.log_prob(x, torch.full((len(x),), y)).double().exp() for y in range(3)]
    assert all(float(p.sum()) == pytest.approx(1, abs=1e-5) for p in given)
    assert float((given[0] - given[1]).abs().max()) > 1e-3
    mean = sum(p * share for p, share in zip(given, SHARE, strict=True))
    assert torch.allclose(played.log_prob(x).double().exp(), mean, atol=1e-6)
    posterior = played.classify(x).double().exp()
    assert torch.allclose(posterior[:, 2], given[2] * SHARE[2] / mean, atol=1e-5)


@pytest.mark.parametrize("name", SHOWN)
def test_samples_of_a_class_are_scored_as_that_class(name: str) -> None:
    played, y = shown(name), torch.arange(60) % 3
    x, score = played.sample_scored(60, 1, y)
    assert torch.allclose(score, played.log_prob(x, y), rtol=0, atol=1e-5)
    assert not torch.allclose(score, played.log_prob(x, (y + 1) % 3), atol=0.1)


def test_classes_that_nobody_is_shown_are_refused_and_those_that_lack_too() -> None:
    with pytest.raises(UserError, match="was not shown classes"):
        game(NETS["made"]).log_prob(torch.zeros(2, D), torch.zeros(2).long())
    with pytest.raises(UserError, match="the batch has none"):
        shown("made").cost(Round(Batch(torch.zeros(2, D))))


ORDERS = (4, 7, 9)


def ordered(direct: bool = True) -> MADE:
    net = shaken(lambda: MADE(D, [9], direct=direct, orders=ORDERS))
    assert isinstance(net, MADE)
    return net


def test_in_an_order_of_its_own_each_dimension_sees_all_before_it() -> None:
    for view in ordered(direct=False).orderings():
        net, place = copy.deepcopy(view.network), view.network.places[view.index]
        assert sorted(place.tolist()) == list(range(1, D + 1))
        for p in net.parameters():
            p.data.abs_()
        x = torch.rand(64, D).requires_grad_()
        slopes = [
            torch.autograd.grad(net(x, order=view.index)[:, d].sum(), x)[0].abs().amax(0)
            for d in range(D)
        ]
        assert torch.equal(torch.stack(slopes) > 0, place[:, None] > place)


def test_the_mean_of_joint_masses_is_a_law_and_the_mean_of_conditionals_is_none() -> None:
    net, x = ordered(), every(D)
    views = net.orderings()
    played = Autoregressive(net, even(2, 0.0, 1.0), members=views)
    alone = [Autoregressive(net, even(2, 0.0, 1.0), members=[view]) for view in views]
    masses = torch.stack([one.log_prob(x).double().exp() for one in alone])
    assert torch.allclose(masses.sum(1), torch.ones(3).double(), atol=1e-5)
    assert torch.allclose(played.log_prob(x).double().exp(), masses.mean(0), atol=1e-6)
    # The twin: of each dimension the mean of the orders' conditionals.
    levels = x.long()
    each = torch.stack([view(levels).softmax(-1) for view in views]).mean(0)
    twin = each.gather(2, levels.unsqueeze(2)).squeeze(2).prod(1)
    assert abs(float(twin.detach().sum()) - 1) > 0.01


def test_samples_of_several_orders_have_the_mean_law() -> None:
    net, x = ordered(), every(D)
    played = Autoregressive(net, even(2, 0.0, 1.0), members=net.orderings())
    index = (played.sample(20_000).long() * 2 ** torch.arange(D - 1, -1, -1)).sum(1)
    seen = torch.bincount(index, minlength=2**D) / 20_000
    assert float((seen - played.log_prob(x).exp()).abs().sum() / 2) < 0.06


BEHIND = {
    "fvsbn": (lambda: FVSBN(D), lambda net: (net.weight, torch.ones(D, D).triu())),
    "made": (
        lambda: MADE(D, [9]),
        lambda net: (net.layers[1].weight, torch.arange(1, D + 1)[:, None] <= net.hidden[0]),
    ),
    "direct connections": (
        lambda: MADE(D, [3], direct=True),
        lambda net: (net.direct, torch.ones(D, D).triu()),
    ),
}


@pytest.mark.parametrize("name", BEHIND)
def test_weights_behind_masks_do_nothing_whatever_moves_them(name: str) -> None:
    make, behind = BEHIND[name]
    net = shaken(make)
    played, x = Autoregressive(net, even(2, 0.0, 1.0), move=adam(0.1, decay=0.1)), every(D)
    for _ in train(played, [Batch(x[::7])] * 3):
        pass
    weight, hidden = behind(net)
    before = played.log_prob(x)
    weight.data += 100 * hidden
    assert torch.equal(played.log_prob(x), before)
    assert float(before.double().exp().sum()) == pytest.approx(1, abs=1e-5)
    weight.data += 1  # the twin: the other weights do something
    assert not torch.allclose(played.log_prob(x), before, atol=0.1)


def test_pictures_are_read_row_after_row() -> None:
    net = shaken(lambda: MADE(D, [9]))
    flat = Autoregressive(net, even(2, 0.0, 1.0))
    pictures = Autoregressive(Flat(net, (2, 2, 2)), even(2, 0.0, 1.0))
    x = every(D)
    assert torch.equal(pictures.log_prob(x.view(-1, 2, 2, 2)), flat.log_prob(x))
    drawn, score = pictures.sample_scored(16, seed=2)
    assert torch.allclose(score, pictures.log_prob(drawn), rtol=0, atol=1e-5)


def test_the_likelihood_is_an_exact_mass() -> None:
    played, x = game(NETS["nade"]), every(D)
    account = played.likelihood(x, budget=7)
    assert (account.kind, account.space, account.dims) == ("exact", "discrete", D)
    assert account.value == pytest.approx(-float(played.log_prob(x).mean()), abs=1e-5)
