"""Each cost by its law: the best critic, its value there, and where the generator is then drawn."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from torch import Tensor, nn

from counterplay.costs import (
    COSTS,
    Cost,
    feature_matching,
    hinge,
    least_squares_to,
    maximum_likelihood,
    noisy,
    non_saturating,
    relativistic,
    saturating,
    smoothed,
)
from counterplay.errors import UserError
from counterplay.fdivergences import DIVERGENCES
from counterplay.game import Batch, Round, generator, seeded
from counterplay.games import GAN
from counterplay.laws import Normal
from counterplay.networks import MLP

P, Q = torch.tensor([1, 2, 3, 2]), torch.tensor([2, 2, 1, 3])
"""Two laws on four points, in eighths."""

p, q = P.double() / 8, Q.double() / 8
u = p / q

AXIS = torch.linspace(-14, 20, 40_001, dtype=torch.float64)


def normal(at: Tensor, mean: float = 0.0) -> Tensor:
    return torch.exp(-0.5 * (at - mean).square()) / math.sqrt(2 * math.pi)


def whole(values: Tensor) -> float:
    return torch.trapezoid(values, AXIS).item()


def kl(a: Tensor, b: Tensor) -> float:
    return whole(torch.where(a > 0, a * (a / b).log(), 0.0))


def jsd(a: Tensor, b: Tensor) -> float:
    middle = 0.5 * (a + b)
    return 0.5 * (kl(a, middle) + kl(b, middle))


def on_table(cost: Cost, value: Tensor) -> Tensor:
    """Return the critic's cost for the values of the four points: means over eighths are exact."""
    return cost.critic(value.repeat_interleave(P), value.repeat_interleave(Q))


TV = 0.5 * (p - q).abs().sum().item()
KL = (p * u.log()).sum().item()
JSD = 0.5 * ((p * (2 * p / (p + q)).log()).sum() + (q * (2 * q / (p + q)).log()).sum()).item()

BEST = {
    "saturating": (u.log(), 2 * math.log(2) - 2 * JSD),
    "non_saturating": (u.log(), 2 * math.log(2) - 2 * JSD),
    "maximum_likelihood": (u.log(), 2 * math.log(2) - 2 * JSD),
    "least_squares": (p / (p + q), 0.5 * (p * q / (p + q)).sum().item()),
    "hinge": (torch.sign(p - q), 2 - 2 * TV),
    "kl": (1 + u.log(), -KL),
    "reverse_kl": (u.log(), (q * u.log()).sum().item()),
    "pearson": (2 * (u - 1), -((p - q).square() / q).sum().item()),
    "squared_hellinger": (0.5 * u.log(), -(p.sqrt() - q.sqrt()).square().sum().item()),
    "jensen_shannon": (u.log(), -2 * JSD),
    "gan": (u.log(), 2 * math.log(2) - 2 * JSD),
}
"""Cost -> the best critic's values, and the critic's cost there."""


@pytest.mark.parametrize("name", BEST)
def test_the_best_critic_is_the_closed_form_and_none_is_better(name: str) -> None:
    cost, (value, least) = COSTS[name], BEST[name]
    at = on_table(cost, value).item()
    assert at == pytest.approx(least, abs=1e-12)
    rng = generator("perturbed")
    for size in (1e-3, 0.1, 0.5):
        for _ in range(20):
            moved = value + size * torch.randn(4, generator=rng, dtype=torch.float64)
            assert on_table(cost, moved).item() > at - 1e-12


def test_every_cost_has_a_law_here_or_is_wassersteins_or_pairs() -> None:
    assert COSTS.keys() - BEST.keys() == {"wasserstein", "relativistic"}


DRAWN = {
    "2 JSD": (saturating, lambda a, b: 2 * jsd(a, b), 0.39797287),
    "KL(q‖p) − 2 JSD": (non_saturating, lambda a, b: kl(b, a) - 2 * jsd(a, b), 0.60202713),
    "KL(p‖q)": (maximum_likelihood, kl, 1.0),
}
"""What the generator descends at the best critic of p = N(0, 1) and q = N(t, 1): its slope at 1."""


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("t", [0.5, 1.0, 2.0])
def test_at_the_best_critic_the_generator_descends_a_divergence(name: str, t: float) -> None:
    cost, divergence, at_one = DRAWN[name]
    # By reparameterisation: x = z + t, and the critic stands still: ∫ q(x) L'(logit(x)) logit'(x).
    x = AXIS.clone()
    logit = (0.5 * t * t - t * x).requires_grad_()
    (slope,) = torch.autograd.grad(cost.generator(torch.empty(0), logit), logit)
    found = whole(normal(x, t) * slope * len(x) * -t)
    # By finite differences of the divergence itself.
    h = 1e-4
    ends = [divergence(normal(AXIS), normal(AXIS, t + s * h)) for s in (1, -1)]
    assert found == pytest.approx((ends[0] - ends[1]) / (2 * h), abs=1e-6)
    if t == 1:
        assert found == pytest.approx(at_one, abs=1e-7)


def test_the_three_generators_differ_and_only_one_is_likelihood() -> None:
    x = AXIS.clone()
    slopes = {}
    for name, (cost, _, _) in DRAWN.items():
        logit = (2.0 - 2.0 * x).requires_grad_()
        (slope,) = torch.autograd.grad(cost.generator(torch.empty(0), logit), logit)
        slopes[name] = whole(normal(x, 2.0) * slope * len(x) * -2.0)
    assert slopes["KL(p‖q)"] == pytest.approx(2.0, abs=1e-6)
    assert slopes["2 JSD"] == pytest.approx(0.450, abs=5e-4)
    assert slopes["KL(q‖p) − 2 JSD"] == pytest.approx(1.550, abs=5e-4)


def test_least_squares_towards_the_middle_is_pearsons() -> None:
    cost = least_squares_to(-1.0, 1.0, 0.0)
    best = (p - q) / (p + q)
    real, fake = best.repeat_interleave(P), best.repeat_interleave(Q)
    both = cost.generator(torch.empty(0), fake) + 0.5 * real.square().mean()
    pearson = ((p + q - 2 * q).square() / (p + q)).sum()
    assert (2 * both).item() == pytest.approx(pearson.item(), abs=1e-12)
    assert on_table(cost, best) < on_table(cost, best + 0.01)


def test_hinge_stops_where_the_margin_is_kept() -> None:
    far = torch.tensor([1.5, 3.0], requires_grad=True)
    hinge.critic(far, -far).backward()
    assert torch.equal(far.grad, torch.zeros(2))


@pytest.mark.parametrize(("alpha", "beta"), [(1.0, 0.0), (0.9, 0.0), (0.9, 0.1)])
def test_smoothed_labels_have_their_closed_form(alpha: float, beta: float) -> None:
    cost = smoothed(non_saturating, alpha, beta)
    best = (alpha * p + beta * q) / (p + q)
    logit = torch.logit(best).requires_grad_()
    (slope,) = torch.autograd.grad(on_table(cost, logit), logit)
    assert slope.abs().max() < 1e-12
    # The broken twin: the plain best critic, where labels are smoothed.
    plain = u.log().requires_grad_()
    (slope,) = torch.autograd.grad(on_table(cost, plain), plain)
    assert (slope.abs().max() > 1e-3) == (alpha < 1)


def test_one_sided_smoothing_leaves_no_reward_where_only_the_generator_is() -> None:
    # Where p = 0 the best D is β: with β = 0 the critic goes on down, and says so everywhere.
    alone = torch.logit(torch.tensor([0.001, 0.1, 0.5], dtype=torch.float64)).requires_grad_()
    nothing = alone.new_full((1,), 50.0)
    slopes = {}
    for beta in (0.0, 0.1):
        value = smoothed(non_saturating, 0.9, beta).critic(nothing, alone)
        (slopes[beta],) = torch.autograd.grad(value, alone)
    assert (slopes[0.0] > 0).all()
    # The broken twin, smoothed on both sides, rests at 0.1 and draws samples there.
    assert slopes[0.1][0] < 0
    assert slopes[0.1][1].item() == pytest.approx(0, abs=1e-12)


def test_smoothing_another_critic_is_refused() -> None:
    with pytest.raises(UserError, match="labels are smoothed for logistic critics"):
        smoothed(hinge)


@pytest.mark.parametrize("name", ["non_saturating", "hinge", "least_squares", "wasserstein"])
def test_noisy_labels_are_the_mean_over_all_flips(name: str) -> None:
    cost, flips, n = COSTS[name], 0.2, 3
    a, b = torch.randn(2, n, generator=generator("values"), dtype=torch.float64)
    total = 0.0
    for wrong in itertools.product((0, 1), repeat=2 * n):
        chance = math.prod(flips if w else 1 - flips for w in wrong)
        total += chance * _drawn(cost, a, b, wrong)
    assert noisy(cost, flips).critic(a, b).item() == pytest.approx(total, abs=1e-12)
    assert noisy(cost, 0.5).critic(a, b).item() == pytest.approx(
        noisy(cost, 0.5).critic(b, a).item()
    )


def _drawn(cost: Cost, a: Tensor, b: Tensor, wrong: tuple[int, ...]) -> float:
    """Return the critic's cost where the labels in ``wrong`` are flipped, summed term by term."""
    zero = torch.zeros(1, dtype=torch.float64)
    base = cost.critic(zero, zero)
    labels = [1] * len(a) + [0] * len(b)
    total = base.clone()
    for value, label, flip in zip(torch.cat([a, b]).split(1), labels, wrong, strict=True):
        term = cost.critic(value, zero) if label != flip else cost.critic(zero, value)
        total += (term - base) / len(a)
    return total.item()


def test_matching_features_looks_at_the_input_of_the_critics_last_layer() -> None:
    with seeded("game"):
        game = GAN(MLP([2, 4, 2]), MLP([2, 6, 1]), Normal(2), cost=feature_matching())
    x = torch.randn(8, 2, generator=generator("x"))
    round = Round(Batch(x))
    found = game.generator_cost(round)["adversarial"]
    body = nn.Sequential(*list(game.critic)[:-1])
    (fake,) = game.fake(round)
    assert found.item() == pytest.approx(
        (body(x).mean(0) - body(fake).mean(0)).square().mean().item(), rel=1e-5
    )
    # The critic goes on judging as it did.
    assert game.cost.critic is non_saturating.critic


def test_features_need_a_last_linear_layer() -> None:
    with pytest.raises(UserError, match="no linear layer of one output"):
        GAN(MLP([2, 2]), MLP([2, 4, 3]), Normal(2), cost=feature_matching())


def test_relativistic_at_equal_laws_has_value_ln_2() -> None:
    same = torch.zeros(8)
    assert relativistic.critic(same, same).item() == pytest.approx(math.log(2))


def test_every_divergence_is_a_cost() -> None:
    assert DIVERGENCES.keys() <= COSTS.keys()
