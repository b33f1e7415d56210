"""The loop, the averaged copy and the state: traps 7, 8, 12, 14, 15 and 17."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from counterplay.errors import UserError
from counterplay.game import Batch, Round, adam, generator, quiet, seeded, still
from counterplay.games import GAN, VAE, wgan_gp
from counterplay.laws import Labels, Mixture, Normal
from counterplay.networks import MLP, ConvCritic, ConvGenerator
from counterplay.train import Ema, State, falling, train


def pictures(n: int = 8, t: int = 0) -> Batch:
    return Batch(torch.rand(n, 1, 16, 16, generator=generator("pictures", t)) * 2 - 1)


def spectral() -> GAN:
    with seeded("spectral"):
        return GAN(ConvGenerator(4, 1, 16, 4), ConvCritic(1, 16, 4, norm="spectral"), Normal(4))


def test_a_persons_own_networks_and_cost_need_no_subclass_but_module() -> None:
    from counterplay.costs import Cost

    hinge = Cost(
        lambda real, fake: (1 - real).relu().mean() + (1 + fake).relu().mean(),
        lambda real, fake: -fake.mean(),
    )
    own = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 2))
    judge = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 1))
    game = GAN(own, judge, Normal(3), cost=hinge)
    steps = [step for step, _ in train(game, [Batch(torch.randn(8, 2))] * 5)]
    assert steps == [1, 2, 3, 4, 5]
    assert game.sample(7).shape == (7, 2)


def test_steps_end_play_and_a_batch_too_few_does_too() -> None:
    game = VAE(MLP([2, 4]), MLP([2, 2]), 2)
    forever = iter(lambda: Batch(torch.zeros(4, 2)), None)
    assert len(list(train(game, forever, steps=3))) == 3
    assert len(list(train(game, [Batch(torch.zeros(4, 2))] * 2, steps=9))) == 2


def test_reports_stay_tensors() -> None:
    game = VAE(MLP([2, 4]), MLP([2, 2]), 2)
    for _, report in train(game, [Batch(torch.zeros(4, 2))]):
        assert set(report) == {"vae/distortion", "vae/rate"}
        assert all(isinstance(v, torch.Tensor) and v.ndim == 0 for v in report.values())


def test_accumulated_gradients_are_the_whole_batchs() -> None:
    ends = []
    for parts in (1, 4):
        with seeded("game"):
            game = wgan_gp(MLP([2, 8, 2]), MLP([2, 8, 1]), Normal(2), critic_steps=2)
        batches = [Batch(torch.randn(8, 2, generator=generator("x", t))) for t in range(20)]
        for _ in train(game, batches, accumulate=parts):
            pass
        ends.append(torch.cat([p.detach().flatten() for p in game.parameters()]))
    assert torch.allclose(*ends, atol=1e-5)


def test_accumulation_must_divide_the_batch() -> None:
    with pytest.raises(UserError, match="accumulate=3 does not divide this process's batch of 8"):
        list(train(VAE(MLP([2, 4]), MLP([2, 2]), 2), [Batch(torch.zeros(8, 2))], accumulate=3))


def test_half_life_is_the_rounds_after_which_the_past_counts_half() -> None:
    one, zero = nn.Linear(1, 1), nn.Linear(1, 1)
    for p in one.parameters():
        p.data.fill_(1.0)
    for p in zero.parameters():
        p.data.fill_(0.0)
    ema = Ema(half_life=50.0, every=5)
    for step in range(1000, 1050):
        ema.update(zero, one, step + 1)
    assert zero.weight.item() == pytest.approx(0.5, abs=1e-6)


def test_averaging_does_not_remember_the_start() -> None:
    one, start = nn.Linear(1, 1), nn.Linear(1, 1)
    one.weight.data.fill_(1.0)
    start.weight.data.fill_(-100.0)
    for step in range(1, 101):
        Ema(half_life=1000.0, every=1).update(start, one, step)
    assert start.weight.item() == pytest.approx(1.0, abs=1e-3)


def test_averaged_batch_norm_buffers_follow() -> None:
    with seeded("game"):
        game = GAN(ConvGenerator(4, 1, 16, 4), ConvCritic(1, 16, 4, norm="batch"), Normal(4))
    state = State(game, ema=Ema(3.0, every=1))
    for _ in train(game, [pictures(t=t) for t in range(60)], state=state):
        pass
    now, mean = dict(game.named_buffers()), dict(state.averaged.named_buffers())
    followed = []
    for name, buffer in mean.items():
        if name.endswith("num_batches_tracked"):
            assert torch.equal(buffer, now[name])
            continue
        start = torch.ones_like(buffer) if name.endswith("var") else torch.zeros_like(buffer)
        moved = (start - now[name]).norm()
        if moved > 0.1:  # a statistic that has left its start: the mean must have followed
            followed.append(name)
            assert (buffer - now[name]).norm() < 0.5 * moved, name
    assert len(followed) >= 3


def test_averaged_spectral_norm_vectors_stay_unit_vectors() -> None:
    game = spectral()
    state = State(game, ema=Ema(20.0, every=1))
    for _ in train(game, [pictures(t=t) for t in range(40)], state=state):
        pass
    vectors = {n: b for n, b in state.averaged.named_buffers() if n.endswith(("._u", "._v"))}
    assert vectors
    for name, vector in vectors.items():
        assert vector.norm().item() == pytest.approx(1.0, abs=1e-5), name
    # The broken twin: the mean of two different unit vectors is shorter.
    a, b = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])
    assert (0.5 * (a + b)).norm() < 0.8


def test_averages_are_sampled_from_where_there_are_any() -> None:
    game = spectral()
    state = State(game, ema=Ema(5.0, every=1))
    assert state.best is state.averaged
    assert State(game).best is game
    for _ in train(game, [pictures()] * 5, state=state):
        pass
    assert not torch.equal(state.best.sample(4), game.sample(4))


def test_looking_on_changes_no_state() -> None:
    game = spectral()
    before = {n: b.clone() for n, b in game.named_buffers()}
    with quiet(game):
        game.critic(pictures().x)
        assert not game.training
    assert game.training
    assert all(torch.equal(b, before[n]) for n, b in game.named_buffers())
    # The broken twin: train mode under no_grad moves the vectors all the same.
    with torch.no_grad():
        game.critic(pictures().x)
    assert any(not torch.equal(b, before[n]) for n, b in game.named_buffers())
    now = {n: b.clone() for n, b in game.named_buffers()}
    with still([game]):
        game.critic(pictures().x)
    assert all(torch.equal(b, now[n]) for n, b in game.named_buffers())


def test_no_layer_has_momentum_in_the_place_of_epsilon() -> None:
    for module in ConvGenerator(4, 1, 32, 4).modules():
        if isinstance(module, nn.BatchNorm2d):
            assert module.eps < 1e-3
            assert module.momentum == 0.1


def test_bf16_reaches_the_networks_and_not_the_parameters() -> None:
    seen = []
    game = spectral()
    game.critic.body.register_forward_hook(lambda m, i, out: seen.append(out.dtype))
    for _, report in train(game, [pictures()], state=State(game, precision="bf16")):
        assert all(v.dtype == torch.float32 for v in report.values())
    assert set(seen) == {torch.bfloat16}
    assert {p.dtype for p in game.parameters()} == {torch.float32}
    assert {p.grad.dtype for p in game.parameters()} == {torch.float32}


def test_backward_runs_outside_autocast() -> None:
    # Under autocast a double backward would be rounded to bf16 without anybody saying so.
    states = []
    game = spectral()
    game.critic.judge.register_full_backward_hook(
        lambda *_: states.append(torch.is_autocast_enabled("cpu"))
    )
    for _ in train(game, [pictures()], state=State(game, precision="bf16")):
        pass
    assert states
    assert not any(states)


def test_moments_are_part_of_the_state() -> None:
    game = spectral()
    state = State(game)
    for _ in train(game, [pictures()] * 3, state=state):
        pass
    names = state.tensors()
    for name, p in game.named_parameters():
        assert any(
            k.startswith("optimiser/") and k.endswith("exp_avg_sq") and v.shape == p.shape
            for k, v in names.items()
        ), name
    # The broken twin: networks alone come back, moments do not, and the run is another run.
    saved = {k: v.clone() for k, v in names.items()}
    ends = []
    for keep in (lambda k: True, lambda k: k.startswith("game/")):
        again = State(copy.deepcopy(game))
        again.load({k: v for k, v in saved.items() if keep(k)}, state.scalars())
        for _ in train(again.game, [pictures(t=9)], state=again):
            pass
        ends.append(again.tensors()["game/generator.project.weight"].clone())
    for _ in train(game, [pictures(t=9)], state=state):
        pass
    assert torch.equal(ends[0], game.generator.project.weight)
    assert not torch.equal(ends[1], game.generator.project.weight)


def test_another_recipes_state_is_refused_and_nothing_changes() -> None:
    game, other = spectral(), VAE(MLP([2, 4]), MLP([2, 2]), 2)
    state = State(game)
    before = {k: v.clone() for k, v in state.tensors().items()}
    with pytest.raises(UserError, match=r"the checkpoint .* saved by another recipe"):
        state.load(State(other).tensors(), {"step": 3})
    wide = dict(before)
    wide["game/generator.project.weight"] = torch.zeros(2, 2)
    with pytest.raises(UserError, match=r"of shape \(2, 2\), this game needs"):
        state.load(wide, {"step": 3})
    assert state.step == 0
    assert all(torch.equal(v, before[k]) for k, v in state.tensors().items())


def test_two_players_of_one_name_are_refused() -> None:
    game = GAN(MLP([2, 2]), MLP([2, 1]), Normal(2))
    twins = [game.players()[0], game.players()[0]]
    game.players = lambda: twins
    with pytest.raises(UserError, match="names must differ"):
        State(game)


def test_conditional_samples_take_a_condition_and_else_follow_the_labels_law() -> None:
    from counterplay.networks import ConditionalMLP

    game = GAN(
        ConditionalMLP([2, 8, 2], 3),
        ConditionalMLP([2, 8, 1], 3),
        Normal(2),
        labels=Labels((0.0, 0.0, 1.0)),
    )
    twos = torch.full((5,), 2)
    assert torch.equal(game.sample(5, seed=3), game.render(*_latents(game, 5, 3), twos))
    ones = torch.full((5,), 1)
    assert not torch.equal(game.sample(5, ones, seed=3), game.sample(5, twos, seed=3))


def _latents(game: GAN, n: int, seed: int) -> tuple[torch.Tensor]:
    return (game.latent.sample(n, generator(seed, "sample")),)


def test_vae_bound_is_below_the_likelihood_and_reaches_it_where_the_posterior_is_exact() -> None:
    # Linear-Gaussian: x = w z + s ε has log p(x) in closed form; the exact posterior is Gaussian.
    w, s = 1.5, 0.5
    encoder, decoder = nn.Linear(1, 2), nn.Linear(1, 1)
    precision = 1 + w**2 / s**2
    encoder.weight.data = torch.tensor([[w / s**2 / precision], [0.0]])
    encoder.bias.data = torch.tensor([0.0, -0.5 * torch.tensor(precision).log().item()])
    decoder.weight.data, decoder.bias.data = torch.tensor([[w]]), torch.zeros(1)
    game = VAE(encoder, decoder, 1)
    game.log_std.data = torch.tensor(s).log()
    x = torch.linspace(-2, 2, 9)[:, None]
    exact = torch.distributions.Normal(0.0, (w**2 + s**2) ** 0.5).log_prob(x).squeeze(1)
    estimates = torch.stack([game.bound(x, seed=k) for k in range(2000)])
    assert torch.allclose(estimates.mean(0), exact, atol=0.03)
    # The broken twin: a posterior that is too wide bounds strictly below.
    encoder.bias.data[1] += 0.7
    wide = torch.stack([game.bound(x, seed=k) for k in range(2000)]).mean(0)
    assert (wide < exact - 0.1).all()


def test_the_loop_learns_a_law() -> None:
    """A generator moves to where the data is; the broken twin, without data, does not."""
    law = Mixture(((3.0, -3.0),), 0.5)
    centres = []
    for centre in (law, Mixture(((0.0, 0.0),), 0.5)):
        with seeded("game"):
            game = wgan_gp(
                MLP([2, 32, 2]),
                MLP([2, 32, 1]),
                Normal(2),
                penalty_weight=1.0,
                critic_steps=2,
                moves=(adam(5e-3, (0.5, 0.9)), adam(5e-3, (0.5, 0.9))),
            )
        batches = (Batch(centre.sample(64, generator("law", t))) for t in range(400))
        state = State(game, ema=Ema(50.0))
        for _ in train(game, batches, state=state):
            pass
        centres.append(state.best.sample(500).mean(0))
    assert (centres[0] - torch.tensor([3.0, -3.0])).norm() < 0.6
    assert (centres[1] - torch.tensor([3.0, -3.0])).norm() > 3


def test_rounds_are_shards_of_the_global_batch() -> None:
    round = Round(Batch(torch.arange(8.0)[:, None]), parts=4)
    assert torch.equal(torch.cat([part.batch.x for part in round.split()]), round.batch.x)
    assert [part.shard for part in round.split()] == [(i, 4) for i in range(4)]


def test_one_channel_lies_channels_last_too():
    critic = ConvCritic(1, 16, 4)
    State(GAN(ConvGenerator(4, 1, 16, 4), critic, Normal(4)))
    x = torch.zeros(2, 1, 16, 16)
    assert critic.body[0](x).stride(1) == 1  # or the layers after it convert back and forth


def test_the_pace_scales_every_step_and_is_a_function_of_the_round() -> None:
    # Plain descent on mean(θ·1): each round moves θ by lr · pace(step).
    from counterplay.game import Game, Player, sgd

    class Slide(Game):
        def __init__(self) -> None:
            super().__init__()
            self.theta = nn.Linear(1, 1, bias=False)
            self.theta.weight.data.zero_()

        def players(self) -> list[Player]:
            cost = lambda round: {"slide": self.theta.weight.sum()}  # noqa: E731
            return [Player("slide", self.theta, cost, sgd(1.0))]

        def sample(self, n: int, condition: object = None, seed: int = 0) -> torch.Tensor:
            return torch.zeros(n, 1)

    batches, pace = [Batch(torch.zeros(2, 1))] * 10, falling(10, 0.5)
    game = Slide()
    for _ in train(game, batches, pace=pace):
        pass
    assert game.theta.weight.item() == pytest.approx(-sum(pace(t) for t in range(10)), abs=1e-6)
    resumed = Slide()
    half = State(resumed)
    for _ in train(resumed, batches[:7], state=half, pace=pace):
        pass
    again = State(Slide())
    again.load(half.tensors(), half.scalars())
    for _ in train(again.game, batches[7:], state=again, pace=pace):
        pass
    assert torch.equal(again.game.theta.weight, game.theta.weight)
