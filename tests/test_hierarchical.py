"""Layers of latents: exact on a linear-Gaussian hierarchy, and silent layers are told."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from counterplay.decoders import gaussian
from counterplay.game import Batch, Round, generator
from counterplay.games.collapse import LayerUse, used
from counterplay.games.hierarchical import HierarchicalVAE, Infer, bottom_up, top_down

# One latent a layer: z2 ~ N(0, 1), z1 | z2 ~ N(a z2 + b, s²), x | z1 ~ N(c z1 + d, t²).
A, B, S, C, D, T = 0.8, 0.3, 0.6, 1.4, -0.2, 0.5


def affine(*rows: tuple[float, float]) -> nn.Linear:
    """Return v -> (w v + b) for each row (w, b)."""
    layer = nn.Linear(1, len(rows)).double()
    layer.weight.data = torch.tensor([[w] for w, _ in rows], dtype=torch.float64)
    layer.bias.data = torch.tensor([b for _, b in rows], dtype=torch.float64)
    return layer


def exact_posterior_top(d_weight: float = 1.0) -> nn.Linear:
    """Return x -> mean and log deviation of p(z2 | x), of which ``d_weight`` = 1 is right."""
    variance = C**2 * S**2 + T**2  # of x given z2, whose mean is c (a z2 + b) + d
    gain = C * A
    precision = 1 + gain**2 / variance
    weight = gain / variance / precision * d_weight
    return affine((weight, -weight * (C * B + D)), (0.0, -0.5 * math.log(precision)))


def hierarchy(infer: Infer, off: float = 1.0) -> HierarchicalVAE:
    """Return the model with its exact posterior, in the form that ``infer`` puts together."""
    prior = affine((A, B), (0.0, math.log(S)))
    if infer is top_down:
        # What x says of z1 alone is N((x − d) / c, t² / c²); the prior given z2 is laid on it.
        climbs = [nn.Identity(), nn.Identity()]
        told = [affine((1 / C, -D / C), (0.0, math.log(T / C))), exact_posterior_top(off)]
    else:
        # z1's prior with z2 integrated out is N(b, s² + a²); then z2 given z1.
        wide = S**2 + A**2
        precision = 1 / wide + C**2 / T**2
        first = affine(
            (C / T**2 / precision * off, (B / wide - C * D / T**2) / precision),
            (0.0, -0.5 * math.log(precision)),
        )
        high = 1 + A**2 / S**2
        second = affine((A / S**2 / high, -A * B / S**2 / high), (0.0, -0.5 * math.log(high)))
        climbs, told = [nn.Identity(), nn.Identity()], [first, second]
    game = HierarchicalVAE(
        climbs, told, [prior], affine((C, D)), (1, 1), infer=infer, decoded=gaussian(T)
    )
    return game.double()


def rows(n: int = 7) -> Tensor:
    return torch.randn(n, 1, generator=generator("rows"), dtype=torch.float64)


def exact(x: Tensor) -> Tensor:
    variance = C**2 * (S**2 + A**2) + T**2
    law = torch.distributions.Normal(C * B + D, math.sqrt(variance))
    return law.log_prob(x[:, 0])


@pytest.mark.parametrize("infer", [top_down, bottom_up])
def test_with_the_exact_posterior_every_draw_weighs_the_likelihood(infer):
    x = rows()
    for seed in range(3):
        assert torch.allclose(hierarchy(infer).bound(x, seed), exact(x), atol=1e-9)


@pytest.mark.parametrize("infer", [top_down, bottom_up])
def test_the_bound_is_below_the_likelihood_and_more_draws_come_nearer(infer):
    x, game = rows(8).clamp(-1.5, 1.5).repeat(250, 1), hierarchy(infer, off=0.7)
    gaps = [float((exact(x) - game.importance_bound(x, k)).mean()) for k in (1, 8, 100)]
    assert gaps[0] > gaps[1] + 0.01 > gaps[2] + 0.01
    assert abs(gaps[2]) < 0.01


@pytest.mark.parametrize("infer", [top_down, bottom_up])
def test_the_costs_terms_are_the_bound_in_the_mean_layer_by_layer(infer):
    x, game = rows(1), hierarchy(infer, off=0.4)
    many = x.expand(20_000, -1)
    terms = game.cost(Round(Batch(many)))
    assert list(terms) == ["distortion", "rate_1", "rate_2"]
    assert abs(sum(terms.values()) + game.bound(many, 1).mean()) < 0.04
    uses = game.uses(many[:500])
    assert abs(uses[1].rate - terms["rate_2"]) < 0.15


@pytest.mark.parametrize("infer", [top_down, bottom_up])
def test_free_bits_are_paid_and_are_no_part_of_the_bound(infer):
    x, game = rows(50), hierarchy(infer)
    plain, told = game.cost(Round(Batch(x))), game.bound(x)
    game.free_bits = 3.0
    paid = game.cost(Round(Batch(x)))
    assert torch.equal(game.bound(x), told)
    assert paid["free_bits"] > 0
    whole = sum(paid[f"rate_{i}"].clamp(min=3.0) for i in (1, 2))  # one latent a layer
    rates = sum(paid[name] for name in ("rate_1", "rate_2", "free_bits"))
    assert torch.allclose(rates, whole)
    assert all(torch.equal(plain[k], paid[k]) for k in plain)


def test_the_prior_may_not_be_forgotten_where_it_meets_the_evidence():
    # The broken twin: z1 drawn by what the data say alone. It is a bound still, and a worse one.
    x, game = rows(400), hierarchy(top_down)
    right = game.bound(x).mean()

    def alone(game, x, noises):
        layers = top_down(game, x, noises)
        from counterplay.games.hierarchical import _gauss, _kl, _log_prob

        own = _gauss(game.evidences[0](x)) if len(noises[0]) == 1 else layers[0].own
        z = own.mean + own.log_std.exp() * noises[0].flatten(0, 1)
        prior = game.prior(0, layers[1].z, z)
        ratio = _log_prob(z, own) - _log_prob(z, prior)
        return [layers[0]._replace(z=z, own=own, rates=_kl(own, prior), ratio=ratio), layers[1]]

    game.infer = alone
    assert game.bound(x).mean() < right - 0.02


def test_samples_have_the_models_mean_and_variance():
    x = hierarchy(top_down).sample(40_000)  # means of x at z1: without t
    assert abs(x.mean() - (C * B + D)) < 0.03
    assert abs(x.var() - C**2 * (S**2 + A**2)) < 0.06


def test_a_silent_layer_is_told_in_words_and_an_open_one_is_not():
    game, x = hierarchy(top_down), rows(300)
    said = game.remarks(x)
    assert len(said) == 3
    assert "layer 2 of 2 has a KL of 0." in said[1]
    assert "no layer has collapsed" in said[2]
    for p in game.evidences[1].parameters():
        p.data.zero_()  # the posterior of z2 is N(0, 1) whatever x is
    said = game.remarks(x)
    assert "layer 2 has collapsed" in said[2]
    assert "no layer has collapsed" in "".join(used([LayerUse(3.0, 2, 4, 2.5)]))
    assert "layers 1 and 2 have" in used([LayerUse(0.0, 0, 4, 0.0)] * 2)[2]
    said = used([LayerUse(0.0, 0, 4, -0.03)] * 3)  # an estimate of nothing errs to both sides
    assert "layers 1, 2 and 3 have" in said[3]
    assert "0.00 nats of information" in said[0]
    assert game.uses(x)[1].information < 1e-6
    assert game.uses(x)[1].active == 0
