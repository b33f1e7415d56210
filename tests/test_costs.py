"""Costs and penalties by closed forms; traps 1–6, 9, 12 and 13, each with its broken twin."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn
from torch.distributions import Normal as Gaussian

from counterplay.costs import (
    COSTS,
    gaussian_nll,
    non_saturating,
    relativistic,
    saturating,
    standard_normal_kl,
    wasserstein,
)
from counterplay.errors import UserError
from counterplay.game import Batch, Round, generator, seeded
from counterplay.games import GAN, wgan_gp
from counterplay.laws import Normal
from counterplay.networks import MLP, ConvCritic
from counterplay.penalties import (
    PENALTIES,
    SLOPES,
    couples,
    gradient_norms,
    gradient_penalty,
    interpolate,
    r1,
    r2,
)
from counterplay.terms import judged
from counterplay.train import State, train
from counterplay.views import Noise


def noise(x: torch.Tensor, step: int = 0) -> Noise:
    return Noise(Round(Batch(x), step), "penalty")


def normal_quantiles(n: int = 200_000) -> torch.Tensor:
    """Return n equally likely values of N(0, 1): their mean is a quadrature."""
    at = (torch.arange(n, dtype=torch.float64) + 0.5) / n
    return Gaussian(0.0, 1.0).icdf(at)


def test_value_at_the_optimal_critic_is_two_jsd_below_its_ceiling() -> None:
    # p = N(0, 1), q = N(μ, 1): logit D*(x) = μ²/2 − μx. Critic's cost at D* is 2 ln 2 − 2 JSD.
    for mu, jsd in [(0.5, 0.030311300520839), (1.0, 0.111421482184736), (3.0, 0.526777306521374)]:
        x = normal_quantiles()
        logit = lambda at, mu=mu: mu**2 / 2 - mu * at  # noqa: E731
        value = non_saturating.critic(logit(x), logit(x + mu))
        assert value.item() == pytest.approx(2 * math.log(2) - 2 * jsd, abs=1e-5)


@pytest.mark.parametrize(
    ("cost", "slopes"),
    [
        (saturating, {1: 0.39797287, 2: 0.450, 4: 0.137, 6: 0.01245}),
        (non_saturating, {1: 0.60202713, 2: 1.550, 4: 3.863, 6: 5.988, 8: 8.0, 10: 10.0}),
    ],
)
def test_generator_gradient_at_the_optimal_critic(cost, slopes) -> None:
    # G(z) = z + t: the saturating slope is 2 dJSD/dt, the other d/dt [KL(q‖p) − 2 JSD].
    z = normal_quantiles()
    for t, slope in slopes.items():
        theta = torch.tensor(float(t), dtype=torch.float64, requires_grad=True)
        logits = t**2 / 2 - t * (z + theta)
        cost.generator(torch.empty(0), logits).backward()
        # Half a unit of the last digit known, and the quadrature's own error in the tail.
        digits = 1e-6 if t == 1 else 5e-4 if slope > 0.1 else 2e-5
        assert theta.grad.item() == pytest.approx(slope, abs=digits)


def test_non_saturating_does_not_saturate() -> None:
    logits = torch.tensor([-20.0, -30.0, -40.0], requires_grad=True)
    (3 * non_saturating.generator(torch.empty(0), logits)).backward()
    assert torch.allclose(logits.grad, -torch.ones(3))
    # The broken twin, by probabilities and an epsilon.
    twin = torch.tensor([-20.0, -30.0, -40.0], requires_grad=True)
    (-torch.log(torch.sigmoid(twin) + 1e-8)).sum().backward()
    assert twin.grad[0].item() == pytest.approx(-0.17, abs=0.01)
    assert abs(twin.grad[2].item()) < 1e-9


def test_zero_sum_costs_show_their_minus_sign() -> None:
    a, b = torch.randn(2, 16, generator=generator("logits"))
    value = wasserstein.critic(a, b)
    assert torch.allclose(value, -(a.mean() + wasserstein.generator(a, b)))
    assert torch.allclose(
        saturating.critic(a, b) + saturating.generator(a, b), nn.functional.softplus(-a).mean()
    )


def test_relativistic_sees_differences_alone() -> None:
    a, b = torch.randn(2, 16, generator=generator("logits"))
    for side in (relativistic.critic, relativistic.generator):
        assert torch.allclose(side(a, b), side(a + 5, b + 5), atol=1e-6)
    assert torch.allclose(relativistic.critic(a, b), relativistic.generator(b, a))
    # The broken twin: the plain costs put in its place two lines later.
    assert not torch.allclose(non_saturating.critic(a, b), non_saturating.critic(a + 5, b + 5))


def test_the_generator_of_a_paired_cost_is_shown_real_values() -> None:
    seen = {}

    def spy(real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
        seen["n"] = len(real)
        return fake.mean()

    from dataclasses import replace

    for paired, count in [(True, 8), (False, 0)]:
        with seeded("spy"):
            cost = replace(relativistic, generator=spy, paired=paired)
            game = GAN(MLP([2, 4, 2]), MLP([2, 4, 1]), Normal(2), cost=cost)
        game.generator_cost(Round(Batch(torch.zeros(8, 2))))
        assert seen["n"] == count


def test_costs_are_finite_at_any_logit() -> None:
    # Costs that are an exponential of a logit have nothing to be finite with; they say how far.
    exponential = {"maximum_likelihood", "kl", "reverse_kl", "squared_hellinger"}
    for name, cost in COSTS.items():
        at = 80.0 if name in exponential else 1e4
        far = torch.tensor([-at, 0.0, at])
        assert cost.critic(far, far.flip(0)).isfinite(), name
        assert cost.generator(far, far).isfinite(), name


class Linear(nn.Module):
    """f(x) = w·x, whose slope is w everywhere."""

    def __init__(self, *w: float) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.tensor(w))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.flatten(1) @ self.w


def test_penalties_of_a_linear_critic_are_exact() -> None:
    real, fake = torch.randn(2, 6, 2, generator=generator("x"))
    drawn = noise(real)
    critic = Linear(3.0, 4.0)
    assert gradient_penalty(critic, real, fake, drawn).item() == pytest.approx((5 - 1) ** 2)
    assert r1(critic, real, fake, drawn).item() == pytest.approx(12.5)
    assert r2(critic, real, fake, drawn).item() == pytest.approx(12.5)


def test_r1_looks_at_real_and_r2_at_generated_examples() -> None:
    real, fake = torch.full((4, 1), 2.0), torch.full((4, 1), 3.0)
    square = lambda x: x.square().sum(1)  # noqa: E731 -- slope 2x
    drawn = noise(real)
    assert r1(square, real, fake, drawn).item() == pytest.approx(0.5 * 16)
    assert r2(square, real, fake, drawn).item() == pytest.approx(0.5 * 36)
    # Between 2 and 3 the slope is between 4 and 6, where the draw says.
    slopes = 2 * interpolate(real, fake, drawn.uniform()).squeeze(1)
    value = gradient_penalty(square, real, fake, drawn).item()
    assert value == pytest.approx((slopes - 1).square().mean().item())
    assert 9 < value < 25


def test_penalty_norm_is_per_example_over_all_other_axes() -> None:
    # f(x) = |x|²/2 has slope x, so example i's norm is known: 1 for each, whatever its shape.
    x = torch.randn(8, 3, 4, 4, generator=generator("x"))
    x = x / x.flatten(1).norm(dim=1).view(-1, 1, 1, 1)
    half = lambda at: 0.5 * at.square().flatten(1).sum(1)  # noqa: E731
    assert torch.allclose(gradient_norms(half, x), torch.ones(8), atol=1e-6)
    # The broken twins: one norm over the batch, and norms over channels.
    assert abs(x.norm().item() - 1) > 1
    assert not torch.allclose(x.norm(dim=1), torch.ones(8, 4, 4), atol=0.1)


def test_one_interpolation_coefficient_for_each_example() -> None:
    real, fake = torch.ones(5, 2, 3, 3), torch.zeros(5, 2, 3, 3)
    share = torch.rand(5, generator=generator("share"))
    mixed = interpolate(real, fake, share)
    assert torch.equal(mixed, share.view(5, 1, 1, 1).expand_as(mixed))
    drawn = Round(Batch(real), step=1).uniform("gradient_penalty")
    assert len(drawn.unique()) == 5


def test_zero_slope_gives_finite_gradients() -> None:
    critic = Linear(0.0, 0.0)
    for penalty in PENALTIES.values():
        critic.w.grad = None
        real, fake = torch.randn(2, 4, 2, generator=generator("x"))
        penalty(critic, real, fake, noise(real)).backward()
        assert critic.w.grad.isfinite().all()
    # The broken twin: the square root of a sum of squares.
    w = torch.zeros(2, requires_grad=True)
    (w.square().sum().sqrt() - 1).square().backward()
    assert w.grad.isnan().all()


def test_batch_norm_critic_is_refused_under_any_penalty() -> None:
    critic = ConvCritic(1, 16, 4, norm="batch")
    for name, penalty in SLOPES.items():
        with pytest.raises(
            UserError, match=rf"{name} needs .* use layer norm, group norm or no norm"
        ):
            GAN(MLP([2, 2]), critic, Normal(2), penalties={name: (1.0, penalty)})
    for norm in ("none", "group", "spectral"):
        assert not couples(ConvCritic(1, 16, 4, norm=norm))


def test_batch_norm_really_couples_examples_and_group_norm_does_not() -> None:
    x = torch.randn(6, 1, 16, 16, generator=generator("x"))
    for norm, coupled in [("batch", True), ("group", False), ("none", False), ("spectral", False)]:
        with seeded("critic"):
            critic = ConvCritic(1, 16, 4, norm=norm)
        x = x.detach().requires_grad_()
        (slope,) = torch.autograd.grad(critic(x)[0], x)
        assert (slope[1:].abs().max() > 0) == coupled


def test_real_and_generated_halves_are_judged_apart_by_a_batch_normed_critic() -> None:
    with seeded("critic"):
        critic = ConvCritic(1, 16, 4, norm="batch")
    real = torch.randn(6, 1, 16, 16, generator=generator("real")) + 2
    fake = torch.randn(6, 1, 16, 16, generator=generator("fake")) - 2
    alone = critic(real)
    assert torch.allclose(judged(critic, (real,), (fake,), apart=True)[0], alone, atol=1e-6)
    # The broken twin: one batch-normed pass over both.
    assert not torch.allclose(judged(critic, (real,), (fake,), apart=False)[0], alone, atol=1e-2)
    assert GAN(MLP([2, 2]), critic, Normal(2)).apart


def test_one_pass_equals_two_for_any_other_critic() -> None:
    with seeded("critic"):
        critic = ConvCritic(1, 16, 4, norm="group")
    real, fake = torch.randn(2, 6, 1, 16, 16, generator=generator("x"))
    one = torch.cat(judged(critic, (real,), (fake,), apart=False))
    two = torch.cat(judged(critic, (real,), (fake,), apart=True))
    assert torch.allclose(one, two, atol=1e-6)


def test_penalty_and_loss_are_one_backward_and_one_optimiser_step() -> None:
    with seeded("game"):
        game = wgan_gp(MLP([2, 8, 2]), MLP([2, 8, 1]), Normal(2), critic_steps=1)
    state = State(game)
    counts = {"critic": 0, "generator": 0}
    for seat in state.seats:
        seat.optimiser.register_step_post_hook(
            lambda *_, name=seat.player.name: counts.update({name: counts[name] + 1})
        )
    for _, report in train(game, [Batch(torch.randn(8, 2))], state=state):
        assert set(report) == {
            "critic/adversarial",
            "critic/gradient_penalty",
            "generator/adversarial",
        }
    assert counts == {"critic": 1, "generator": 1}
    # The one gradient is the sum's.
    round = Round(Batch(torch.randn(8, 2, generator=generator("x"))))
    own = list(game.critic.parameters())
    terms = game.critic_cost(round)
    apart = [
        torch.autograd.grad(t, own, retain_graph=True, allow_unused=True, materialize_grads=True)
        for t in terms.values()
    ]
    whole = torch.autograd.grad(sum(terms.values()), own)
    for g, parts in zip(whole, zip(*apart, strict=True), strict=True):
        assert torch.allclose(g, sum(parts), atol=1e-6)


def test_penalties_stay_in_float32_under_autocast() -> None:
    with seeded("critic"):
        critic = ConvCritic(1, 16, 8)
    x, fake = torch.randn(2, 8, 1, 16, 16, generator=generator("x"))
    drawn = noise(x)
    for penalty in PENALTIES.values():
        plain = penalty(critic, x, fake, drawn)
        with torch.autocast("cpu", torch.bfloat16):
            assert critic(x).dtype == torch.bfloat16
            inside = penalty(critic, x, fake.bfloat16(), drawn)
        assert inside.dtype == torch.float32
        assert inside.item() == pytest.approx(plain.item(), rel=0.02)
    with torch.autocast("cpu", torch.bfloat16):
        assert r1(critic, x, fake, drawn).item() == r1(critic, x, fake, drawn).item()
    assert r1(critic, x, fake, drawn).item() == pytest.approx(_r1_in_autocast(critic, x), rel=0)


def _r1_in_autocast(critic: nn.Module, x: torch.Tensor) -> float:
    with torch.autocast("cpu", torch.bfloat16):
        return r1(critic, x, x, noise(x)).item()


def test_penalties_run_in_every_round() -> None:
    # Lazy regularisation makes the toy sets fail altogether: every round's report has the term.
    with seeded("game"):
        game = wgan_gp(MLP([2, 8, 2]), MLP([2, 8, 1]), Normal(2))
    reports = [dict(r) for _, r in train(game, [Batch(torch.randn(8, 2))] * 10)]
    assert all("critic/gradient_penalty" in report for report in reports)
    assert sum("generator/adversarial" in report for report in reports) == 2


def test_gaussian_terms_against_torch() -> None:
    x, m = torch.randn(2, 5, 3, generator=generator("x"))
    log_std = torch.linspace(-1, 1, 3)
    law = Gaussian(m, log_std.exp().expand(5, 3))
    assert torch.allclose(gaussian_nll(x, m, log_std), -law.log_prob(x).sum(1), atol=1e-5)
    kl = torch.distributions.kl_divergence(law, Gaussian(0.0, 1.0))
    assert torch.allclose(standard_normal_kl(m, log_std.expand(5, 3)), kl, atol=1e-5)
