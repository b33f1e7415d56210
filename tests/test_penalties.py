"""Penalties and their balance by closed forms, each with the broken twin that it is not."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, nn

from counterplay.costs import wasserstein
from counterplay.errors import UserError
from counterplay.game import Batch, Round, adam, generator, rmsprop, seeded, sgd
from counterplay.games import GAN
from counterplay.laws import Labels, Normal
from counterplay.networks import MLP, ConvCritic
from counterplay.networks.minibatch import (
    MINIBATCH,
    MinibatchDiscrimination,
    MinibatchStd,
    compared,
)
from counterplay.penalties import (
    SLOPES,
    VALUES,
    Charge,
    Clipped,
    History,
    clipped,
    consistency,
    couples,
    dragan,
    drift,
    gradient_penalty,
    one_sided,
    r1,
)
from counterplay.terms import judged
from counterplay.train import State, train
from counterplay.views import Noise, View


class Linear(nn.Module):
    """f(x) = w·x, whose slope is w everywhere."""

    def __init__(self, *w: float) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.tensor(w))

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(1) @ self.w


def draws(n: int = 6, dim: int = 2) -> tuple[Tensor, Tensor, Noise]:
    real, fake = torch.randn(2, n, dim, generator=generator("x"))
    return real, fake, Noise(Round(Batch(real)), "penalty")


def test_one_side_charges_steep_slopes_alone() -> None:
    real, fake, noise = draws()
    for w, both, one in [((3.0, 4.0), 16.0, 16.0), ((0.3, 0.4), 0.25, 0.0)]:
        assert gradient_penalty(Linear(*w), real, fake, noise).item() == pytest.approx(both)
        assert one_sided(Linear(*w), real, fake, noise).item() == pytest.approx(one)


def test_dragan_looks_around_real_examples() -> None:
    real, fake, noise = draws()
    assert dragan(Linear(3.0, 4.0), real, fake, noise).item() == pytest.approx(16.0)
    seen = []

    def spy(x: Tensor) -> Tensor:
        seen.append(x.detach())
        return x.square().sum(1)

    dragan(spy, real, fake, noise)
    away = (seen[0] - real).abs()
    assert 0 < away.max() <= 0.5
    assert len(away.unique()) == away.numel()


def test_drift_is_the_mean_square_of_values() -> None:
    real, fake, noise = draws()
    critic = Linear(3.0, 4.0)
    assert drift(critic, real, fake, noise).item() == pytest.approx(
        critic(real).square().mean().item()
    )


def test_consistency_is_the_squared_change_of_value() -> None:
    real, fake, noise = draws()
    shifted = View({"shift": lambda x, noise, chance: x + 1})
    assert consistency(shifted)(Linear(3.0, 4.0), real, fake, noise).item() == pytest.approx(49.0)
    assert consistency(View())(Linear(3.0, 4.0), real, fake, noise).item() == 0


def weight_sum(critic: nn.Module, real: Tensor, fake: Tensor, noise: Noise) -> Tensor:
    """Return Σ w, whose gradient in w is 1 wherever w is."""
    return critic.w.sum()


def lazily(every: int, rounds: int = 12, scaled: bool = True) -> tuple[Tensor, list[bool]]:
    """Return w after plain descent on −w·E x + ½ Σ w, and in which rounds the penalty was paid."""
    critic = Linear(1.0, -2.0)
    weight = 0.5 if scaled else 0.5 / every
    charge = Charge(weight, lambda f, *rest: weight_sum(critic, *rest), every)
    game = GAN(
        MLP([2, 2]),
        critic,
        Normal(2),
        cost=wasserstein,
        penalties={"it": charge},
        moves=(sgd(0.01), sgd(0.0)),
    )
    x = torch.ones(4, 2)
    game.generator[0].weight.data.zero_()
    reports = [dict(r) for _, r in train(game, [Batch(x)] * rounds)]
    return critic.w.detach(), ["critic/it" in report for report in reports]


def test_a_lazy_penalty_pulls_as_much_as_one_of_every_round() -> None:
    every, _ = lazily(1)
    for k in (2, 3, 4):
        lazy, paid = lazily(k)
        assert torch.allclose(lazy, every, atol=1e-6)
        assert paid == [(t + 1) % k == 0 for t in range(12)]
        # The broken twin: not scaled by the interval.
        assert not torch.allclose(lazily(k, scaled=False)[0], every, atol=1e-3)


def test_a_lazy_penalty_is_the_same_move_of_the_same_optimiser() -> None:
    # One move a round whatever the interval: Adam counts as many, so lr and betas stay.
    for every in (1, 4):
        with seeded("game"):
            game = GAN(
                MLP([2, 4, 2]),
                MLP([2, 4, 1]),
                Normal(2),
                penalties={"r1": Charge(1.0, r1, every)},
                moves=(adam(1e-3), adam(1e-3)),
            )
        state = State(game)
        for _ in train(game, [Batch(torch.randn(4, 2))] * 8, state=state):
            pass
        moved = next(iter(state.seats[0].optimiser.state.values()))
        assert int(moved["step"]) == 8


def test_clipped_weights_stay_in_bounds_and_the_move_is_the_optimisers() -> None:
    with seeded("game"):
        critic = MLP([2, 8, 1])
    moves = (clipped(rmsprop(5e-2), 0.1), rmsprop(5e-2))
    game = GAN(MLP([2, 8, 2]), critic, Normal(2), cost=wasserstein, moves=moves)
    for _ in train(game, [Batch(torch.randn(8, 2, generator=generator(t))) for t in range(5)]):
        assert max(p.abs().max().item() for p in critic.parameters()) <= 0.1 + 1e-7
    assert max(p.abs().max().item() for p in game.generator.parameters()) > 0.1
    # Within the bounds it is the optimiser's own move.
    one, two = nn.Parameter(torch.zeros(3)), nn.Parameter(torch.zeros(3))
    for p, optimise in ((one, clipped(sgd(0.1), 1.0)), (two, sgd(0.1))):
        p.grad = torch.ones(3)
        optimise([p]).step()
    assert torch.equal(one, two)


def test_clipping_and_a_penalty_of_slopes_are_refused_together() -> None:
    moves = (clipped(sgd(0.1), 0.1), sgd(0.1))
    for name, penalty in SLOPES.items():
        with pytest.raises(UserError, match=f"{name} and clipped weights both bound"):
            GAN(MLP([2, 2]), MLP([2, 1]), Normal(2), penalties={name: (1.0, penalty)}, moves=moves)
    GAN(MLP([2, 2]), MLP([2, 1]), Normal(2), penalties={"drift": (1.0, drift)}, moves=moves)
    assert isinstance(moves[0], Clipped)


def test_history_pulls_towards_the_mean_of_the_past() -> None:
    module = Linear(1.0, 3.0)
    past = History(module)
    values, path = [], []
    for step in range(6):
        values.append(module.w.detach().clone())
        found = past(module, step)
        mean = torch.stack(values).mean(0)
        assert found.item() == pytest.approx((module.w - mean).square().sum().item(), abs=1e-6)
        (slope,) = torch.autograd.grad(found, module.w)
        assert torch.allclose(slope, 2 * (module.w - mean), atol=1e-6)
        # Asked again in the same round, nothing enters the mean twice.
        assert past(module, step).item() == pytest.approx(found.item(), abs=1e-6)
        module.w.data += 1
        path.append(found.item())
    assert path[0] == 0
    assert path[-1] > path[1] > 0


def test_history_slows_a_game_that_would_run_away() -> None:
    # A critic of Wasserstein's cost on two points runs straight on; its history holds it back.
    ends = []
    for weight in (0.0, 1.0):
        critic = Linear(0.0)
        game = GAN(
            MLP([1, 1]),
            critic,
            Normal(1),
            cost=wasserstein,
            history=weight,
            moves=(sgd(0.1), sgd(0.0)),
        )
        game.generator[0].weight.data.zero_()
        for _ in train(game, [Batch(torch.ones(4, 1))] * 50):
            pass
        ends.append(critic.w.item())
    assert ends[0] == pytest.approx(5.0, rel=1e-4)
    assert ends[1] < 0.6 * ends[0]


def test_sixteen_equal_rows_are_as_close_as_can_be() -> None:
    with seeded("layer"):
        layer = MinibatchDiscrimination(8, kernels=5, dim=3)
    rows = torch.randn(1, 8, generator=generator("row")).expand(16, 8)
    seen = layer(rows)
    assert torch.equal(seen[:, :8], rows)
    assert torch.equal(seen[:, 8:], torch.full((16, 5), 15.0))
    diverse = 10 * torch.randn(16, 8, generator=generator("rows"))
    assert layer(diverse)[:, 8:].mean() < 0.05


def test_minibatch_discrimination_is_its_formula() -> None:
    with seeded("layer"):
        layer = MinibatchDiscrimination(4, kernels=3, dim=2)
    f = torch.randn(5, 4, generator=generator("f"))
    m = (f @ layer.T).view(5, 3, 2)
    for i in range(5):
        for b in range(3):
            others = [j for j in range(5) if j != i]
            expected = sum(torch.exp(-(m[i, b] - m[j, b]).abs().sum()) for j in others)
            assert layer(f)[i, 4 + b].item() == pytest.approx(expected.item(), rel=1e-5)


def test_the_minibatch_deviation_is_each_groups_own() -> None:
    layer = MinibatchStd(group=4)
    h = torch.randn(8, 3, 2, 2, generator=generator("h"))
    seen = layer(h)
    assert seen.shape == (8, 4, 2, 2)
    for i in range(8):
        members = h[i % 2 :: 2]
        expected = members.var(0, correction=0).add(1e-8).sqrt().mean()
        assert torch.allclose(seen[i, 3], expected.expand(2, 2), atol=1e-6)
    assert layer(torch.ones(8, 3))[:, 3].max() < 2e-4
    with pytest.raises(UserError, match="groups of 4 do not fill a batch of 6"):
        layer(torch.ones(6, 3))


@pytest.mark.parametrize("kind", MINIBATCH)
def test_a_critic_that_compares_is_refused_under_slopes_and_judges_halves_apart(kind: str) -> None:
    with seeded("critic"):
        critic = compared(ConvCritic(1, 16, 4), kind)
    x = torch.randn(8, 1, 16, 16, generator=generator("x"))
    at = x.clone().requires_grad_()
    (slope,) = torch.autograd.grad(critic(at)[0], at)
    assert slope[1:].abs().max() > 0
    assert couples(critic)
    for name, penalty in SLOPES.items():
        with pytest.raises(UserError, match=rf"{name} needs .* use packs \(view=View\(pack=2\)\)"):
            GAN(MLP([2, 2]), critic, Normal(2), penalties={name: (1.0, penalty)})
    game = GAN(MLP([2, 2]), critic, Normal(2), penalties={"drift": (1.0, VALUES["drift"])})
    assert game.apart
    nn.init.ones_(critic.get_submodule("judge.1").weight)
    alone = critic(x)
    fake = torch.zeros_like(x)
    assert torch.allclose(judged(critic, (x,), (fake,), apart=True)[0], alone, rtol=1e-4)
    # The broken twin: a generator without variety hides among real examples in one pass.
    assert not torch.allclose(judged(critic, (x,), (fake,), apart=False)[0], alone, rtol=1e-3)


@pytest.mark.parametrize("kind", MINIBATCH)
def test_a_minibatch_layer_keeps_the_head_it_widens(kind: str) -> None:
    with seeded("critic"):
        plain = MLP([2, 8, 1])
    wider = compared(copy.deepcopy(plain), kind)
    layer, last = wider.get_submodule("2")
    assert torch.equal(last.weight[:, :8], plain[2].weight)
    assert last.in_features == 8 + layer.extra
    with pytest.raises(UserError, match="has a normalised weight"):
        compared(ConvCritic(1, 16, 4, norm="spectral"), kind)


def test_a_critic_sees_the_lack_of_variety_of_a_collapsed_batch() -> None:
    # One example can be right and twenty of it wrong: only a critic that compares can say so.
    varied = torch.randn(16, 8, generator=generator("rows"))
    collapsed = varied[:1].expand(16, 8)
    for kind in MINIBATCH:
        with seeded("layer"):
            layer = MINIBATCH[kind](8)
        gap = (layer(varied)[0] - layer(collapsed)[0]).abs()
        assert gap[:8].max() == 0
        assert gap[8:].max() > 0.5


def test_packs_are_judged_and_penalised_each_by_itself() -> None:
    critic = Linear(3.0, 4.0, 0.0, 12.0)
    game = GAN(
        MLP([2, 2]),
        critic,
        Normal(2),
        view=View(pack=2),
        penalties={"gradient_penalty": (1.0, gradient_penalty)},
    )
    assert not couples(critic)
    assert not game.apart
    terms = game.critic_cost(Round(Batch(torch.randn(6, 2, generator=generator("x")))))
    assert terms["gradient_penalty"].item() == pytest.approx((13 - 1) ** 2)


def test_packs_of_a_batch_that_cannot_be_cut_are_refused() -> None:
    game = GAN(MLP([2, 2]), MLP([4, 1]), Normal(2), view=View(pack=2))
    with pytest.raises(UserError, match="a batch of 7 cannot be packed by 2; take one that is a"):
        game.critic_cost(Round(Batch(torch.randn(7, 2))))
    with pytest.raises(UserError, match="packs have no class"):
        GAN(MLP([2, 2]), MLP([4, 1]), Normal(2), view=View(pack=2), labels=Labels((0.5, 0.5)))
