"""The gated PixelCNN: no blind spot, colours in order, a sampler that keeps rows and columns."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d

from counterplay.check import check_game
from counterplay.errors import UserError
from counterplay.game import Batch, generator, seeded
from counterplay.games.autoregressive import Autoregressive
from counterplay.networks.pixelcnn import PixelCNN


def net(shape: tuple, levels: int = 3, **options: int) -> PixelCNN:
    with seeded("test"):
        return PixelCNN(shape, levels, **{"features": 6, "layers": 4, "radius": 2, **options})


def seen(network: nn.Module, shape: tuple, at: tuple[int, int, int]) -> Tensor:
    """Return which numbers of a picture the logits at (colour, row, column) move with."""
    x = torch.rand(4, *shape, generator=generator("pictures")).requires_grad_()
    c, i, j = at
    (slope,) = torch.autograd.grad(network(x)[:, c, i, j].square().sum(), x)
    return slope.abs().amax(0) > 0


def before(shape: tuple, at: tuple[int, int, int]) -> Tensor:
    """Return which numbers come before ``at``: pixels in raster order, then colours."""
    colours, height, width = shape
    place = torch.arange(height * width).view(1, height, width) * colours
    order = place + torch.arange(colours).view(-1, 1, 1)
    return order < order[at]


@pytest.mark.parametrize("shape", [(1, 5, 5), (3, 4, 5)])
def test_each_number_sees_all_before_it_and_nothing_else(shape: tuple) -> None:
    # Wide, so that no colour has but dead units in the head.
    network = net(shape, features=24)
    for at in itertools.product(*map(range, shape)):
        assert torch.equal(seen(network, shape, at), before(shape, at)), at


class Masked(nn.Module):
    """The twin: one stack of masked 3 × 3 convolutions, mask A first and then B."""

    def __init__(self) -> None:
        super().__init__()
        with seeded("twin"):
            self.layers = nn.ModuleList(nn.Conv2d(4 if i else 1, 4, 3) for i in range(8))

    def forward(self, x: Tensor) -> Tensor:
        for i, layer in enumerate(self.layers):
            mask = torch.ones(3, 3)
            mask[1, 1 + (i > 0) :] = 0
            mask[2] = 0
            x = conv2d(x, layer.weight * mask, layer.bias, padding=1).tanh()
        return x[:, :1, :, :, None]


def test_one_masked_stack_has_a_blind_spot_and_two_stacks_have_none() -> None:
    shape, at = (1, 7, 7), (0, 4, 2)
    lost = before(shape, at) & ~seen(Masked(), shape, at)
    assert bool(lost[0, 3, 4:].all())
    assert not bool(lost[0, :, :2].any())
    assert torch.equal(seen(net(shape), shape, at), before(shape, at))


@pytest.mark.parametrize(("shape", "levels"), [((1, 3, 3), 2), ((2, 2, 2), 2)])
def test_the_masses_of_all_pictures_sum_to_one(shape: tuple, levels: int) -> None:
    size = torch.Size(shape).numel()
    x = torch.tensor(list(itertools.product((-1.0, 1.0), repeat=size))).view(-1, *shape)
    mass = Autoregressive(net(shape, levels)).log_prob(x).double().exp()
    assert float(mass.sum()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("shape", [(1, 6, 5), (3, 4, 5)])
def test_the_sampler_that_keeps_rows_scores_as_the_parallel_pass(shape: tuple) -> None:
    game = Autoregressive(net(shape)).double()
    x, score = game.sample_scored(8, seed=1)
    assert torch.allclose(score, game.log_prob(x), atol=1e-5)
    assert len(x.unique()) == 3


def test_fewer_features_than_colours_are_refused() -> None:
    with pytest.raises(UserError, match="use at least 3"):
        net((3, 4, 4), features=2)


def test_a_game_on_pictures_keeps_the_rules() -> None:
    x = torch.rand(4, 2, 4, 4, generator=generator("pictures")) * 2 - 1
    check_game(Autoregressive(net((2, 4, 4), layers=2)), Batch(x))
