"""Variational autoencoders: probabilistic PCA, closed forms and the order of bounds."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from counterplay.costs import gaussian_nll, standard_normal_kl
from counterplay.decoders import bernoulli, discretised_logistic, gaussian
from counterplay.errors import UserError
from counterplay.game import Batch, Round, generator, seeded
from counterplay.games.collapse import active_units, mutual_information
from counterplay.games.iwae import IWAE
from counterplay.games.vae import VAE, importance_bound, ramp, steady
from counterplay.networks import MLP
from counterplay.networks.coders import DenseDecoder, DenseEncoder

# The largest of the 8x8 digits' eigenvalues, and two small ones that no latent is left for.
EIGENVALUES = [0.6989, 0.6392, 0.5536, 0.3947, 0.2714, 0.2308, 0.2026, 0.1718, 0.1574, 0.1445]
EIGENVALUES += [0.03, 0.02]
LATENT = 10


def ellipsoid() -> Tensor:
    """Return 2 D points whose covariance has exactly those eigenvalues, and whose mean is not 0."""
    values = torch.tensor(EIGENVALUES, dtype=torch.float64)
    d = len(values)
    turn = torch.linalg.qr(torch.randn(d, d, generator=generator("turn"), dtype=torch.float64))[0]
    axes = (d * values).sqrt().diag() @ turn.T
    return torch.cat([axes, -axes]) + 0.3


def exact_bound(game: VAE, x: Tensor) -> Tensor:
    """Return E_q of the bound, exactly where the decoder is linear: noise at ±√k e_i, k latents.

    These 2 k places have the mean and the covariance of N(0, I), and −log p(x | z) is a quadratic.
    """
    k = game.latent.dim
    corners = math.sqrt(k) * torch.cat([torch.eye(k), -torch.eye(k)]).to(x)
    many = x.repeat_interleave(2 * k, 0)
    distortion, rates = game._bound_terms(many, corners.repeat(len(x), 1))
    return -(distortion.mean() + rates.sum(1).mean())


def fitted(game: VAE, x: Tensor) -> float:
    optimiser = torch.optim.LBFGS(
        game.parameters(), max_iter=3000, tolerance_change=1e-13, line_search_fn="strong_wolfe"
    )

    def closure() -> Tensor:
        optimiser.zero_grad()
        cost = -exact_bound(game, x)
        cost.backward()
        return cost

    optimiser.step(closure)
    return exact_bound(game, x).item()


def linear(spread) -> VAE:
    with seeded("linear"):
        d = len(EIGENVALUES)
        encoder, decoder = nn.Linear(d, 2 * LATENT), nn.Linear(LATENT, d)
        return VAE(encoder, decoder, LATENT, decoded=gaussian(spread)).double()


def pca(noise: float | None) -> tuple[float, int]:
    """Return the best E log p of probabilistic PCA, with σ² = ``noise`` or learned; its latents."""
    values = torch.tensor(EIGENVALUES, dtype=torch.float64)
    s2 = float(values[LATENT:].mean()) if noise is None else noise
    kept = (values[:LATENT] > s2).sum().item()
    model = torch.full_like(values, s2)
    model[:kept] = values[:kept]
    each = model.log() + values / model + math.log(2 * math.pi)
    return -0.5 * each.sum().item(), int(kept)


@pytest.mark.parametrize("noise", [None, 0.18, 0.25, 0.4])
def test_the_linear_vae_is_probabilistic_pca_and_closes_the_latents_below_the_noise(noise):
    x, (best, kept) = ellipsoid(), pca(noise)
    game = linear("shared" if noise is None else math.sqrt(noise))
    reached = fitted(game, x)
    assert abs(reached - best) < 2e-4
    # Latents may turn among each other, so they are counted by their spread in the decoder.
    used = (torch.linalg.svdvals(game.decoder.weight) > 0.05).sum().item()
    assert used == kept
    rates = game.rates(x).sum().item()
    values = torch.tensor(EIGENVALUES[:kept], dtype=torch.float64)
    s2 = noise or float(sum(EIGENVALUES[LATENT:]) / 2)
    assert abs(rates - 0.5 * (values / s2).log().sum().item()) < 0.02


def test_the_closed_kl_is_the_sampled_one():
    rng = generator("kl")
    mean, log_std = torch.tensor([[0.7, -1.2, 0.0]]), torch.tensor([[-0.5, 0.3, 0.0]])
    z = mean + log_std.exp() * torch.randn(200_000, 3, generator=rng)
    sampled = -gaussian_nll(z, mean, log_std) + gaussian_nll(z, torch.zeros(1, 3), torch.zeros(1))
    closed = standard_normal_kl(mean, log_std)
    assert abs(sampled.mean() - closed.sum()) < 0.01
    assert closed[0, 2] == 0


def small(cls=VAE, **options) -> VAE:
    with seeded("small"):
        law = options.get("decoded", gaussian())
        game = cls(MLP([3, 16, 4]), MLP([2, 16, 3 * law.maps]), 2, **options)
        # Untrained networks are far from each other; softer ones have weights that a mean finds.
        game.encoder[-1].weight.data *= 0.3
        game.decoder[-1].weight.data *= 0.5
        return game


def rows(n: int = 64) -> Tensor:
    return torch.randn(n, 3, generator=generator("rows"))


def test_the_cost_is_reconstruction_and_kl_apart_and_beta_weighs_only_one():
    x = rows()
    plain, heavy = (small(beta=b).cost(Round(Batch(x))) for b in (1.0, 4.0))
    assert list(plain) == ["distortion", "rate"]
    assert torch.equal(plain["distortion"], heavy["distortion"])
    assert torch.allclose(4 * plain["rate"], heavy["rate"])
    assert torch.allclose(small().rates(x).sum(), plain["rate"], rtol=1e-5)
    assert torch.equal(small(beta=4.0, free_bits=2.0).bound(x), small().bound(x))


def test_the_warm_up_is_a_factor_of_the_kl_alone():
    assert [ramp(4)(t) for t in (0, 1, 4, 9)] == [0.0, 0.25, 1.0, 1.0]
    assert steady(0) == 1
    game, x = small(warm_up=ramp(4), beta=2.0), rows()
    early, late = game.cost(Round(Batch(x), step=1)), game.cost(Round(Batch(x), step=8))
    assert torch.allclose(late["rate"], 4 * early["rate"])


def test_free_bits_charge_each_latent_what_it_has_or_the_least():
    x = rows()
    plain = small()
    rates = plain.rates(x)
    least = rates.mean().item()  # one latent is below it and one above
    assert rates.min() < least < rates.max()
    game = small(free_bits=least)
    terms = game.cost(Round(Batch(x)))
    paid = terms["rate"] + terms["free_bits"]
    assert torch.allclose(paid, rates.clamp(min=least).sum(), rtol=1e-5)
    # The latent below pays the same wherever it moves, the other one feels the whole pull.
    slope = torch.autograd.grad(paid, game.encoder[-1].bias)[0]
    full = torch.autograd.grad(plain.cost(Round(Batch(x)))["rate"], plain.encoder[-1].bias)[0]
    low, high = int(rates.argmin()), int(rates.argmax())
    assert slope[low].abs() < 1e-6 < 1e-3 < full[low].abs()
    assert torch.allclose(slope[high], full[high], rtol=1e-4)


def exact_log_prob(game: VAE, x: Tensor) -> Tensor:
    """Return log p(x) by a sum over a lattice of the two latents, (N,)."""
    line = torch.linspace(-6, 6, 241)
    z = torch.cartesian_prod(line, line)
    with torch.no_grad():
        out, prior = game.decoder(z), game.latent.log_prob(z)
        law = game.decoded
        each = [law.log_prob(row.expand(len(out), -1), out, game.log_std) + prior for row in x]
    return torch.logsumexp(torch.stack(each), 1) + 2 * math.log(0.05)


def test_more_samples_bound_no_lower_and_end_at_the_likelihood():
    game, x = small(), rows(8)
    exact = exact_log_prob(game, x)
    means = [
        torch.stack([game.importance_bound(x, k, s) for s in range(600 // k + 20)]).mean()
        for k in (1, 4, 16, 300)
    ]
    assert means[0] + 0.1 < means[1] < means[2] < means[3] < exact.mean() + 0.02
    assert exact.mean() - means[3] < 0.05 < exact.mean() - means[0]


def test_equal_weights_bound_without_loss_and_the_bound_is_a_log_of_a_mean():
    log_w = torch.tensor([[0.0, -3.0], [0.0, 1.0]])
    wanted = [0.0, math.log((math.exp(-3) + math.e) / 2)]
    assert torch.allclose(importance_bound(log_w), torch.tensor(wanted))


def test_the_importance_weighted_cost_has_the_bounds_value_and_gradient():
    x = rows(6)
    game = small(IWAE, samples=4)
    cost = game.cost(Round(Batch(x)))["bound_4"]
    bias = game.decoder[-1].bias
    (slope,) = torch.autograd.grad(cost, bias)
    # By hand: each draw by itself, weights by their shares.
    noise = Round(Batch(x)).normal("posterior", 4, 2)
    log_w = torch.stack([game._log_weights(x, noise[:, k][None])[0] for k in range(4)])
    assert torch.allclose(cost, -(log_w.exp().mean(0).log()).mean(), rtol=1e-5)
    shares = log_w.softmax(0).detach()
    (by_hand,) = torch.autograd.grad(-(shares * log_w).sum(0).mean(), bias)
    assert torch.allclose(slope, by_hand, atol=1e-5)
    # The broken twin: the surrogate's value is no bound, it is better by up to log K.
    assert cost - -(shares * log_w).sum(0).mean() > 0.01


def test_one_importance_sample_is_the_vae_in_the_mean():
    x = rows(8).repeat(4000, 1)
    one = small(IWAE, samples=1).cost(Round(Batch(x)))["bound_1"]
    assert abs(one - sum(small().cost(Round(Batch(x))).values())) < 0.05


@pytest.mark.parametrize(
    "law", [bernoulli(), gaussian("pixel"), discretised_logistic(2)], ids=["b", "g", "l"]
)
def test_the_likelihood_is_passed_in(law):
    x = rows().sign()
    game = small(decoded=law)
    assert (game.log_std is None) == (law.shared_numbers == 0)
    assert game.reconstruct(x).shape == x.shape == game.sample(64).shape
    gap = (exact_log_prob(game, x[:4]) - game.importance_bound(x[:4], 2000)).abs().max()
    assert gap < 0.1


def test_active_units_and_information_are_those_of_posteriors_known_by_hand():
    # One latent is told which of 8 far places x is at; the other one is told nothing.
    places = 10.0 * torch.arange(8.0)
    mean = torch.stack([places, torch.full((8,), 0.5)], 1)
    log_std = torch.zeros(8, 2)
    rng = generator("information")
    assert active_units(mean).tolist() == [True, False]
    known = mutual_information(mean, log_std, rng, draws=20)
    assert abs(known - math.log(8)) < 1e-3
    silent = mutual_information(mean[:, 1:], log_std[:, 1:], rng, draws=20)
    assert abs(silent) < 1e-4
    assert standard_normal_kl(mean, log_std).mean(0)[1] > 0.1  # a KL, and no information


def test_no_samples_are_no_bound():
    with pytest.raises(UserError, match="0 samples"):
        small().importance_bound(rows(), 0)
    with pytest.raises(UserError, match="0 samples"):
        small(IWAE, samples=0)


def test_the_account_names_the_bound_its_space_and_its_samples():
    x = rows(8)
    density = small().likelihood(x, budget=30)
    assert (density.kind, density.space) == ("lower bound", "continuous")
    assert density.budget["importance_samples"] == 30
    assert abs(density.value + small().importance_bound(x, 30).mean()) < 1e-5
    mass = small(decoded=discretised_logistic(2)).likelihood(x.sign(), budget=400)
    assert mass.space == "discrete"
    # All examples that there are, by their masses: the bounds sum up to no more than one.
    every = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0])] * 3)
    game = small(decoded=bernoulli())
    total = game.importance_bound(every.repeat(20, 1), 500).view(20, 8).exp().sum(1).mean()
    assert abs(total - 1) < 0.02
    assert -8 * game.likelihood(every).value <= exact_log_prob(game, every).sum() + 0.5


@pytest.mark.parametrize("law", [bernoulli(), discretised_logistic(4)], ids=["b", "l"])
def test_a_mass_of_two_values_is_refused_for_data_of_more(law):
    with pytest.raises(UserError, match="levels"):
        small(decoded=law).likelihood(0.3 * rows())


def test_the_decoder_starts_at_the_datas_mean():
    x = (rows(500) > torch.tensor([-1.0, 0.0, 1.0])).float() * 2 - 1
    for law in (bernoulli(), gaussian("pixel"), discretised_logistic(2, "shared")):
        with seeded("start"):
            decoder = DenseDecoder(2, (3 * law.maps,), [8])
            game = VAE(DenseEncoder((3,), [8], 4), decoder, 2, decoded=law)
        game.decoder.body[-1].weight.data.zero_()
        game.start(x)
        if law.maps == 1 and law.kind == "mass" and law.shared_numbers:
            continue  # of two levels a logistic's place is not its mean
        assert torch.allclose(game.sample(5), x.mean(0).expand(5, -1), atol=1e-4)


def test_the_warm_up_of_importance_weights_is_a_factor_of_the_prior_alone():
    x = rows()
    cold, warm = (small(IWAE, samples=3, warm_up=w) for w in (ramp(4), steady))
    at = Round(Batch(x), step=0)
    mean, log_std = cold.posterior(x)
    z = mean + log_std.exp() * at.normal("posterior", 3, 2).transpose(0, 1)
    distortions = torch.stack([-cold._distortion(x, each) for each in z])
    # In round 0 the prior has no weight: the mean of p(x | z) over the draws, as they are.
    (value,) = cold.cost(at).values()
    assert torch.allclose(value, -importance_bound(distortions).mean(), atol=1e-4)
    late = Round(Batch(x), step=9)
    assert torch.equal(*(sum(game.cost(late).values()) for game in (cold, warm)))
    assert torch.equal(cold.importance_bound(x, 5), warm.importance_bound(x, 5))
