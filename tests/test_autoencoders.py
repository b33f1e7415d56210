"""Autoencoders: linear ones are PCA, denoisers keep Tweedie's formula and their chains its law."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from counterplay.game import Batch, Round, generator, seeded
from counterplay.games.autoencoder import Autoencoder, Denoiser, langevin, walk_back
from counterplay.games.codes import FITS, flowing, mixed
from counterplay.games.dfc import DFCVAE
from counterplay.laws import Normal
from counterplay.networks.coders import DenseDecoder, DenseEncoder
from counterplay.networks.taps import Taps

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
        game = Autoencoder(nn.Linear(5, keep), nn.Linear(keep, 5), keep).double()
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


def crowd(n: int = 600) -> Tensor:
    """Return codes in two crowds, of which a normal law sees the empty middle."""
    rng = generator("crowd")
    side = torch.randint(2, (n, 1), generator=rng) * 2.0 - 1
    return torch.cat([4 * side, side], 1) + 0.3 * torch.randn(n, 2, generator=rng)


def test_fits_find_the_codes_law_and_a_normal_one_cannot():
    codes, held = crowd(), crowd(900)[600:]
    laws = {name: make()(codes, 0) for name, make in FITS.items() if name != "flow"}
    laws["flow"] = flowing(rounds=250, hidden=32)(codes, 0)
    told = {name: law.log_prob(held).mean().item() for name, law in laws.items()}
    assert told["mixture"] > told["normal"] + 0.5
    assert told["flow"] > told["normal"] + 0.2
    for law in laws.values():
        drawn = law.sample(4000, generator("drawn"))
        assert torch.allclose(drawn.mean(0), codes.mean(0), atol=0.3)
        assert torch.equal(drawn, law.sample(4000, generator("drawn")))
    # A place in the middle, where no code is: near only to the normal law's draws.
    near = {
        n: law.sample(4000, generator(n))[:, 0].abs().lt(2).float().mean()
        for n, law in laws.items()
    }
    assert near["mixture"] < 0.01 < 0.2 < near["normal"]


@pytest.mark.parametrize("name", ["normal", "mixture"])
def test_the_fitted_density_integrates_to_one(name):
    law = FITS[name]()(crowd(), 0)
    line = torch.linspace(-24, 24, 481)
    total = law.log_prob(torch.cartesian_prod(line, line)).exp().sum() * 0.1**2
    assert abs(total - 1) < 1e-3


def coded(**options) -> Autoencoder:
    with seeded("coded"):
        return Autoencoder(nn.Linear(2, 2), nn.Linear(2, 2), 2, **options)


@pytest.mark.parametrize("name", ["normal", "mixture"])
def test_codes_that_are_no_numbers_end_no_fit_and_none_are_drawn(name):
    codes = torch.full((40, 3), float("nan"))
    assert not FITS[name]()(codes, 0).sample(5, generator("z")).isfinite().any()
    far = torch.randn(200, 3, generator=generator("far")) * 1e30
    assert FITS["mixture"]()(far, 0).sample(5, generator("z")).shape == (5, 3)


def test_an_autoencoder_draws_codes_like_those_of_its_last_examples():
    game, x = coded(fit=mixed(2)), crowd(4000)
    assert torch.equal(
        game.sample(6, seed=3), game.render(Normal(2).sample(6, generator(3, "sample")))
    )
    with torch.no_grad():
        for p in game.parameters():  # the identity, so that codes are examples
            p.copy_(torch.eye(2) if p.ndim == 2 else torch.zeros(2))
    for i, part in enumerate((x + 100).split(500)):
        game.cost(Round(Batch(part), i))
    for i, part in enumerate(x.split(512)):  # what came before is forgotten by now
        game.cost(Round(Batch(part), i))
    drawn = game.sample(3000)
    assert (drawn[:, 0].abs() < 2).float().mean() < 0.01
    assert torch.allclose(drawn.var(0), x.var(0), rtol=0.1)
    # An average of the bits of two codes would be the code of nothing.
    assert not game.codes.is_floating_point()
    assert torch.equal(game.reconstruct(x), game.render(game.encode(x)))


class Shadow(nn.Module):
    """Sees one thing of a picture: the mean of its columns."""

    def forward(self, x: Tensor) -> list[Tensor]:
        return [x.mean(2)]


def dfc(**options) -> DFCVAE:
    with seeded("dfc"):
        encoder, decoder = DenseEncoder((1, 8, 8), [8], 4), DenseDecoder(2, (1, 8, 8), [8])
        return DFCVAE(encoder, decoder, 2, **{"features": Shadow(), "maps": 1, **options})


def test_what_the_features_do_not_see_is_free_but_for_the_pixels_weight():
    x = torch.randn(5, 1, 8, 8, generator=generator("x"))
    moved = x.roll(3, 2)  # the columns' means stay
    assert dfc(pixels=1e-9).error(x, moved).max() < 1e-6 < 1 < dfc(pixels=1.0).error(x, moved).min()
    half = dfc(pixels=0.5).error(x, moved)
    assert torch.allclose(half, 0.5 * (x - moved).square().flatten(1).mean(1), atol=1e-6)


def test_features_are_scaled_by_what_varies_in_them_and_are_nobodys_to_move():
    x = torch.rand(64, 1, 8, 8, generator=generator("x")) * 2 - 1
    game = dfc(features=Taps(1, 4), maps=3, pixels=0.25)
    game.start(x)
    assert torch.allclose(game.reconstruct(x).mean(), x.mean(), atol=0.5)
    # Two strangers are two variances apart in each of the maps, whatever the maps' own scales.
    apart = game.error(x, x.roll(1, 0)).mean()
    assert abs(apart - 2) < 0.2
    assert list(game.features.parameters()) == []
    before = [b.clone() for b in game.features.buffers()]
    sum(game.cost(Round(Batch(x))).values()).backward()
    assert all(torch.equal(a, b) for a, b in zip(before, game.features.buffers(), strict=True))
    assert not callable(getattr(game, "likelihood", None))


def test_scales_do_not_depend_on_how_many_pictures_are_seen_at_a_time():
    x = 100 + torch.rand(600, 1, 8, 8, generator=generator("x"))
    game = dfc(features=Taps(1, 4), maps=3)
    game.start(x)
    whole = [f.double().var(0).mean() for f in game._seen(x)]
    assert torch.allclose(game.scales.double(), torch.stack(whole), rtol=1e-4)


def test_convolutions_learn_turns_without_labels():
    x = torch.zeros(64, 1, 8, 8)
    x[:, :, :3] = 1.0  # light above, dark below
    x += 0.3 * torch.randn(x.shape, generator=generator("noise"))
    with seeded("taps"):
        taps = Taps(1, 4)
    assert taps.teach(x, rounds=120) < 0.9 < math.log(4)
