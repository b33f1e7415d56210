"""Growing networks: what a level adds, when it comes, and who moves when."""

from __future__ import annotations

import pytest
import torch
from game_rows_networks import pictures, progressive
from torch.nn.functional import avg_pool2d, interpolate

from counterplay.game import generator, quiet, seeded
from counterplay.games.progressive import Growth
from counterplay.networks.progressive import GrowingCritic, GrowingGenerator, seen_at
from counterplay.train import State, train


def normal(*shape: int, tag: str = "x") -> torch.Tensor:
    return torch.randn(*shape, generator=generator("growing", tag))


def up(x: torch.Tensor) -> torch.Tensor:
    return interpolate(x, scale_factor=2.0)


@pytest.mark.parametrize("size", [8, 20, 32])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_grown_generator_begins_as_the_old_one_enlarged(size: int, channels: int) -> None:
    with seeded("growing"):
        forge = GrowingGenerator(5, channels, size, 4)
    z = normal(3, 5)
    with quiet(forge):
        assert forge(z).shape == (3, channels, size, size)
        for level in range(1, forge.top + 1):
            old, new = up(forge(z, level - 1)), forge(z, level)
            assert (forge(z, level, 0.0) - old).abs().max() <= 1e-6
            assert torch.equal(forge(z, level, 1.0), new)
            half = forge(z, level, 0.5)
            assert torch.allclose(half, (old + new) / 2, atol=1e-6)
            assert (half - old).abs().max() > 1e-3  # the twin: the new level says something


@pytest.mark.parametrize("size", [8, 20, 32])
def test_a_grown_critic_begins_as_the_old_one_on_smaller_images(size: int) -> None:
    with seeded("growing"):
        judge = GrowingCritic(1, size, 4)
    for level in range(1, judge.top + 1):
        x = normal(4, 1, size // 2 ** (judge.top - level), size // 2 ** (judge.top - level))
        old = judge(avg_pool2d(x, 2), level - 1)
        assert (judge(x, level, 0.0) - old).abs().max() <= 1e-6
        assert (judge(x, level, 1.0) - old).abs().max() > 1e-4


def test_real_images_lose_the_details_that_are_not_there_yet() -> None:
    x = normal(2, 1, 16, 16)
    assert torch.equal(seen_at(x, 2, 2, 1.0), x)
    assert torch.equal(seen_at(x, 2, 1, 1.0), avg_pool2d(x, 2))
    assert torch.allclose(seen_at(x, 2, 2, 0.0), up(avg_pool2d(x, 2)))
    assert torch.allclose(seen_at(x, 2, 2, 0.25), 0.75 * up(avg_pool2d(x, 2)) + 0.25 * x)
    assert seen_at(x, 2, 0, 1.0).shape == (2, 1, 4, 4)


def test_the_schedule_is_a_function_of_the_round_that_never_shrinks() -> None:
    growth = Growth(top=3, steady=5, fade=4)
    seen = [growth.at(t) for t in range(40)]
    assert seen == sorted(seen)
    assert seen[0] == (0, 1.0)
    assert seen[-1] == (3, 1.0)
    for level in (1, 2, 3):
        shares = [share for found, share in seen if found == level]
        assert shares[:5] == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert sum(found < 3 or share < 1 for found, share in seen) == 5 + 4 + 5 + 4 + 5 + 4


def played(rounds: int) -> State:
    with seeded("growing"):
        state = State(progressive())
    for _ in train(state.game, [pictures()] * rounds, state=state):
        pass
    return state


def moments(state: State, who: int, name: str) -> dict[str, torch.Tensor]:
    seat = state.seats[who]
    named = dict(seat.player.module.named_parameters())
    return seat.optimiser.state.get(named[name], {})


def test_a_new_layer_begins_with_moments_of_its_own_and_old_ones_keep_theirs() -> None:
    old, new = "project.weight.stored", "blocks.1.1.weight.stored"
    assert moments(played(8), 1, new) == {}  # rounds 0 … 7 play levels 0 and 1
    state = played(10)  # the last level came in round 8, at a share of 0
    assert int(moments(state, 1, old)["step"]) == 10
    assert int(moments(state, 1, new)["step"]) == 2


def test_a_layer_moves_by_its_learning_rate_when_it_first_has_a_slope() -> None:
    # Round 8 has a slope of zero, round 9 the first. Moments that had been counted from round 0 on
    # would make the first move 1 / sqrt(1 - 0.99) = 10 times as large, the twin.
    before = dict(played(9).game.named_parameters())
    after = dict(played(10).game.named_parameters())
    name = "generator.blocks.1.1.weight.stored"
    moved = (after[name] - before[name]).abs().max().item()
    assert moved < 2 * 1e-3
    p = torch.nn.Parameter(torch.zeros(1))
    twin = torch.optim.Adam([p], lr=1e-3, betas=(0.0, 0.99))
    for slope in [0.0] * 900 + [1.0]:
        p.grad = torch.tensor([slope])
        twin.step()
    assert p.abs().item() > 9e-3


@pytest.mark.parametrize(("rounds", "block"), [(1, 4), (7, 2), (8, 2), (9, 2), (10, 1), (20, 1)])
def test_samples_are_drawn_at_the_generators_last_stage(rounds: int, block: int) -> None:
    # A stage of side 16 / b makes blocks of b × b equal pixels. Round 9 is the last level's first:
    # at a share of 0 it is the old one, enlarged.
    x = played(rounds).game.sample(3)
    assert x.shape == (3, 1, 16, 16)
    blocks = interpolate(avg_pool2d(x, block), scale_factor=float(block))
    assert torch.allclose(x, blocks, atol=1e-6)
    finer = interpolate(avg_pool2d(x, 2 * block), scale_factor=2.0 * block)
    assert (x - finer).abs().max() > 1e-4


def test_the_critics_move_does_not_advance_the_stage_of_samples() -> None:
    with seeded("growing"):
        game = progressive(critic_steps=4)
    state = State(game)
    for _ in train(game, [pictures()] * 11, state=state):
        pass
    # Rounds 3 and 7 were the generator's; 8, 9 and 10 the critic's alone.
    assert int(game.generator.get_buffer("played")) == 7
    assert game.stage() == game.growth.at(7)


def test_a_penalised_slope_is_each_examples_own() -> None:
    # The critic is shown how much its batch varies. Held fixed, the gradient of the sum of values
    # is for each example the slope of its own value; else that of the others' is added.
    with seeded("growing"):
        judge = GrowingCritic(1, 16, 4)
    x = normal(4, 1, 16, 16).requires_grad_()

    def slopes(alone: bool) -> torch.Tensor:
        return torch.autograd.grad(judge(x, alone=alone).sum(), x)[0]

    each = [torch.autograd.grad(judge(x, alone=True)[i], x)[0] for i in range(4)]
    for i in range(4):
        others = [j for j in range(4) if j != i]
        assert torch.equal(each[i][others], torch.zeros_like(each[i][others]))
        assert torch.allclose(slopes(True)[i], each[i][i], atol=1e-7)
    assert (slopes(False) - slopes(True)).abs().max() > 1e-5
    assert torch.equal(judge(x, alone=True), judge(x))
