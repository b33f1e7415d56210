"""Autoencoders: linear ones are PCA, denoisers keep Tweedie's formula and their chains its law."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from counterplay.game import Batch, Round, generator, seeded
from counterplay.games.autoencoder import Autoencoder, Denoiser, langevin, walk_back
from counterplay.laws import Normal

STD = 0.7


def ellipsoid(*values: float) -> Tensor:
    """Return 2 D points of mean 0 with exactly these variances, turned."""
    d = len(values)
    turn = torch.linalg.qr(torch.randn(d, d, generator=generator("turn"), dtype=torch.float64))[0]
    axes = (d * torch.tensor(values, dtype=torch.float64)).sqrt().diag() @ turn.T
    return torch.cat([axes, -axes])


@pytest.mark.parametrize("keep", [1, 3])
def test_the_linear_autoencoder_is_principal_component_analysis(keep):
    values = (2.0, 1.2, 0.7, 0.3, 0.1)
    x = ellipsoid(*values)
    with seeded("linear"):
        game = Autoencoder(nn.Linear(5, keep), nn.Linear(keep, 5), Normal(keep)).double()
    optimiser = torch.optim.LBFGS(
        game.parameters(),
        max_iter=2000,
        tolerance_grad=1e-12,
        tolerance_change=0,
        line_search_fn="strong_wolfe",
    )

    def closure() -> Tensor:
        optimiser.zero_grad()
        cost = game.cost(Round(Batch(x)))["distance"]
        cost.backward()
        return cost

    optimiser.step(closure)
    residual = game.cost(Round(Batch(x)))["distance"].item()
    assert abs(residual - sum(values[keep:])) < 1e-6
    spanned = torch.linalg.qr(game.decoder.weight.detach())[0]
    axes = torch.linalg.svd(x)[2]
    # The sine of the largest principal angle: what of the span lies across the leading axes.
    assert torch.linalg.matrix_norm(axes[keep:] @ spanned, 2) < 1e-6
    assert torch.linalg.matrix_norm(axes[:keep] @ spanned, 2) > 1 - 1e-9


def taught(x: Tensor) -> Denoiser:
    """Return the best linear denoiser: its cost is a quadratic, solved with exact noise."""
    d = x.shape[1]
    covariance = (x.T @ x / len(x)).float()
    network = nn.Linear(d, d)
    inverse = torch.linalg.inv(covariance + STD**2 * torch.eye(d))
    network.weight.data, network.bias.data = covariance @ inverse, torch.zeros(d)
    game = Denoiser(network, (d,), std=STD)
    left = covariance - covariance @ inverse @ covariance
    game.log_std.data = 0.5 * (left.trace() / d).log()
    return game


def test_the_best_denoiser_is_where_the_cost_is_level_and_its_score_is_tweedies():
    x = ellipsoid(2.0, 0.5).float()
    game, many = taught(x), x.repeat(20_000, 1)
    cost = game.cost(Round(Batch(many)))["nll"]
    slopes = torch.autograd.grad(cost, tuple(game.parameters()))
    assert all(s.abs().max() < 0.02 for s in slopes)
    with torch.no_grad():  # the broken twin: nothing is taken away
        game.network.weight.copy_(torch.eye(2))
    twin = game.cost(Round(Batch(many)))["nll"]
    assert twin - cost > 0.2
    blurred = torch.distributions.MultivariateNormal(
        torch.zeros(2), x.T @ x / 4 + STD**2 * torch.eye(2)
    )
    at = torch.randn(9, 2, generator=generator("at"), requires_grad=True)
    (score,) = torch.autograd.grad(blurred.log_prob(at).sum(), at)
    assert torch.allclose(taught(x).score(at.detach()), score, atol=1e-4)


def test_langevin_ends_at_the_blurred_law_and_walking_back_at_the_datas():
    x = ellipsoid(1.5, 1.5).float()
    ends = []
    for chain in (langevin(200, 0.1), walk_back(40)):
        game = taught(x)
        game.chain = chain
        drawn = game.sample(8000)
        assert drawn.mean(0).abs().max() < 0.1
        ends.append(drawn.var(0).mean().item())
    assert abs(ends[0] - (1.5 + STD**2)) < 0.12
    assert abs(ends[1] - 1.5) < 0.1
    # The broken twin: without the noise of P(x | x~) the chain draws together.
    game = taught(x)
    game.log_std.data.fill_(-20.0)
    assert game.sample(8000).var(0).mean() < 1.2


def test_an_autoencoder_samples_from_the_law_it_is_given():
    with seeded("given"):
        game = Autoencoder(nn.Linear(2, 1), nn.Linear(1, 2), Normal(1))
    x = torch.randn(5, 2, generator=generator("x"))
    assert torch.equal(game.reconstruct(x), game.render(game.encode(x)))
    z = Normal(1).sample(6, generator(3, "sample"))
    assert torch.equal(game.sample(6, seed=3), game.render(z))
