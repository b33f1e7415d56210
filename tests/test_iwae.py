"""The doubly reparameterised gradient: the same mean, and nothing at all where q is exact."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from counterplay.errors import UserError
from counterplay.game import Batch, Round, generator, seeded
from counterplay.games.iwae import IWAE
from counterplay.games.vae import ramp, steady
from counterplay.networks import MLP

COPIES = 40_000


def one_latent(estimator, **options) -> IWAE:
    """Return z ~ N(0, 1), x = z + N(0, 1), whose posterior N(x/2, 1/2) the encoder says exactly."""
    game = IWAE(nn.Linear(1, 2), nn.Linear(1, 1), 1, estimator=estimator, **options)
    encoder, decoder = game.encoder, game.decoder
    assert isinstance(encoder, nn.Linear)
    assert isinstance(decoder, nn.Linear)
    for layer, weight in ((encoder, [[0.5], [0.0]]), (decoder, [[1.0]])):
        layer.weight.data = torch.tensor(weight)
        layer.bias.data.zero_()
    encoder.bias.data[1] = -0.5 * math.log(2)
    return game


def slopes(game: IWAE, x: Tensor, of: nn.Module, step: int = 0, seed: int = 0) -> Tensor:
    cost = sum(game.cost(Round(Batch(x), step=step, seed=seed)).values())
    assert isinstance(cost, Tensor)
    return torch.cat([g.flatten() for g in torch.autograd.grad(cost, list(of.parameters()))])


def test_where_the_posterior_is_exact_every_draw_says_that_it_is():
    x = torch.randn(20, 1, generator=generator("x"))
    games = {kind: one_latent(kind, samples=3) for kind in ("plain", "doubly")}
    assert slopes(games["doubly"], x, games["doubly"].encoder).abs().max() < 1e-6
    assert slopes(games["plain"], x, games["plain"].encoder).abs().max() > 1e-2  # the twin


@pytest.mark.parametrize(("warm_up", "samples"), [(steady, 1), (steady, 4), (ramp(2), 4)])
def test_both_gradients_have_one_mean_and_one_value(warm_up, samples):
    def game(estimator) -> IWAE:
        with seeded("apart"):
            encoder, decoder = MLP([2, 8, 4]), MLP([2, 8, 2])
        encoder[-1].weight.data *= 0.5
        return IWAE(encoder, decoder, 2, samples=samples, warm_up=warm_up, estimator=estimator)

    x = torch.tensor([[0.8, -0.3]]).repeat(COPIES, 1)
    plain, doubly = game("plain"), game("doubly")
    at = Round(Batch(x), step=1)
    values = [sum(each.cost(at).values()) for each in (plain, doubly)]
    assert torch.allclose(*values, rtol=1e-5)
    decoders = [slopes(each, x, each.decoder, 1) for each in (plain, doubly)]
    assert torch.allclose(*decoders, atol=1e-5)
    encoders = [slopes(each, x, each.encoder, 1) for each in (plain, doubly)]
    assert (encoders[0] - encoders[1]).norm() < 0.03 * encoders[0].norm()


def test_it_has_less_noise():
    """Over batches of one example the encoder's gradient varies less: that is what it is for."""
    x = torch.tensor([[0.8]])
    noises = {}
    for kind in ("plain", "doubly"):
        game = one_latent(kind, samples=5)
        game.encoder.weight.data *= 0.8  # near the posterior, as late in a training
        each = [slopes(game, x, game.encoder, seed=seed) for seed in range(200)]
        noises[kind] = torch.stack(each).var(0).sum().item()
    assert noises["doubly"] < 0.5 * noises["plain"]


def test_a_refined_posterior_is_refused():
    with pytest.raises(UserError, match="refined posterior"):
        one_latent("doubly", refine=nn.Identity())
