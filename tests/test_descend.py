"""Inference on what is not a network: closed forms of descending, and latents found again."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from counterplay.errors import UserError
from counterplay.game import generator, sgd
from counterplay.games.flow import Flow
from counterplay.games.gan import GAN
from counterplay.games.infogan import InfoGAN
from counterplay.latents import inverted, shown
from counterplay.laws import Normal, Uniform
from counterplay.networks import MLP
from counterplay.networks.flows.models import masked
from counterplay.terms import descend


def square(x: Tensor) -> Tensor:
    return 0.5 * x.square().sum(1)


def test_a_quadratic_shrinks_by_the_same_factor_in_each_move():
    start = torch.randn(5, 3, generator=generator(0), dtype=torch.float64)
    found = descend(start, [square], 7, move=sgd(0.1))
    assert torch.allclose(found, 0.9**7 * start, atol=1e-12)
    assert torch.equal(descend(start, [square], 0), start)
    # Energies add up: their sum has its minimum between theirs.
    pulled = descend(start, [square, lambda x: square(x - 2)], 200, move=sgd(0.1))
    assert torch.allclose(pulled, torch.ones_like(start), atol=1e-9)


def test_with_noise_it_is_langevins_chain_with_its_known_variance():
    step = 0.2
    start = torch.randn(20_000, 1, generator=generator(0))
    found = descend(
        start, [square], 60, move=sgd(step), noise=math.sqrt(2 * step), rng=generator(1)
    )
    # x' = (1 - η) x + sqrt(2 η) e stands still at variance 2 η / (1 - (1 - η)²) = 1 / (1 - η / 2).
    assert float(found.var()) == pytest.approx(1 / (1 - step / 2), rel=0.03)
    still = descend(start, [square], 60, move=sgd(step))
    assert float(still.var()) < 1e-3


def test_rows_go_their_own_ways_inside_the_box_and_networks_are_left_alone():
    network = nn.Linear(3, 1)
    start = torch.randn(6, 3, generator=generator(0))

    def found(rows: Tensor) -> Tensor:
        energies = [lambda x: network(x).squeeze(1)]
        return descend(rows, energies, 50, project=lambda x: x.clamp(rows - 0.3, rows + 0.3))

    # Of a linear energy the least is in the corner.
    corner = start - 0.3 * network.weight.detach().sign()
    assert torch.allclose(found(start), corner, atol=1e-5)
    assert torch.allclose(found(start[2:3]), found(start)[2:3], atol=1e-6)
    assert network.weight.grad is None
    assert start.grad is None


@pytest.fixture(scope="module")
def game():
    torch.manual_seed(0)
    return GAN(MLP([6, 64, 40]), MLP([40, 16, 1]), latent=Normal(6))


def test_the_latent_of_an_example_that_was_made_is_found_again(game):
    truth = game.latent.sample(12, generator(9))
    x = shown(game, truth)
    found = inverted(game, x, steps=300)
    assert float(found.error.max()) < 1e-6 * float(x.square().mean())
    assert torch.allclose(found.z, truth, atol=1e-2)
    assert torch.equal(found.x, shown(game, found.z))
    assert (found.error < found.start).all()
    # The nearest draw alone, as who does not descend has it, is nowhere near.
    assert float(found.start.min()) > 100 * float(found.error.max())


def test_what_a_game_cannot_make_is_not_found(game):
    x = shown(game, game.latent.sample(4, generator(9)))
    away = inverted(game, x + 3 * x.std(), steps=100)
    assert float(away.error.min()) > 0.1 * float(x.var())


def test_latents_stay_latents_of_their_law():
    torch.manual_seed(0)
    flat = GAN(MLP([4, 32, 20]), MLP([20, 16, 1]), latent=Uniform(4))
    far = shown(flat, torch.full((3, 4), 2.5))
    assert float(inverted(flat, far, steps=50).z.abs().max()) <= 1
    generator_ = MLP([5 + 10 + 2, 32, 20])
    info = InfoGAN(generator_, MLP([20, 16, 13]), Normal(5))
    found = inverted(info, shown(info, info.latent.sample(3, generator(1))), steps=50)
    _, hot, place = info.latent.split(found.z)
    assert torch.equal(hot.sort(1).values[:, -2:], torch.tensor([[0.0, 1.0]]).expand(3, 2))
    assert float(place.abs().max()) <= 1


def test_an_encoders_latents_are_a_start_and_a_flows_are_exact():
    torch.manual_seed(0)
    flow = Flow(masked(6, [32], 2), (6,))
    x = shown(flow, 2 * flow.latent.sample(5, generator(3)))
    found = inverted(flow, x, steps=0)
    assert float(found.error.max()) < 1e-8
    assert torch.allclose(found.z, flow.encode(x), atol=1e-4)
    # An encoder that knows nothing does no harm: the draws are there as well.
    game = Guessing(MLP([6, 64, 40]), MLP([40, 16, 1]), latent=Normal(6))
    y = shown(game, game.latent.sample(5, generator(3)))
    assert float(inverted(game, y, steps=300).error.max()) < 1e-6


class Guessing(GAN):
    """A game whose encoder says the same of everything."""

    def encode(self, x: Tensor) -> Tensor:
        """Return latents far from all."""
        return torch.full((len(x), 6), 9.0)


def test_another_shape_is_refused(game):
    with pytest.raises(UserError, match="are no latents' of a game"):
        inverted(game, torch.zeros(2, 39))
