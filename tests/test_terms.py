"""What many games share, by law; trap 16."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn.functional import one_hot

from counterplay.check import check_game
from counterplay.costs import non_saturating
from counterplay.game import Batch, Game, Player, Round, adam, generator, quiet, seeded
from counterplay.laws import Labels
from counterplay.networks import MLP
from counterplay.terms import code_nll, feature_matching, in_chunks


def test_feature_matching_matches_batch_means_and_not_pairs() -> None:
    real, fake = torch.randn(2, 16, 5, generator=generator("features"))
    shuffled = fake[torch.randperm(16, generator=generator("order"))]
    value = feature_matching(real, fake)
    assert torch.allclose(value, feature_matching(real, shuffled))
    assert value.item() == pytest.approx((real.mean(0) - fake.mean(0)).square().mean().item())
    # Zero where the means agree although no pair does; the broken twin is not.
    mirrored = 2 * real.mean(0) - real
    assert feature_matching(real, mirrored).item() == pytest.approx(0, abs=1e-10)
    assert (real - mirrored).square().mean() > 1


class TinyInfoGAN(Game):
    """A generator with a code c of 3 classes; Q sits on the critic's trunk, which is the own."""

    def __init__(self, cut: bool = False) -> None:
        super().__init__()
        self.generator = MLP([2 + 3, 8, 2])
        self.trunk = MLP([2, 8, 1 + 3])
        self.cut = cut

    def players(self) -> list[Player]:
        move = adam(1e-3)
        return [
            Player("critic", self.trunk, self.critic_cost, move),
            Player("generator", self.generator, self.generator_cost, move),
        ]

    def played(self, round: Round) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        code = round.draw(Labels((1 / 3,) * 3), "code")
        z = torch.cat([round.normal("z", 2), one_hot(code, 3).float()], 1)
        out = self.trunk(self.generator(z))
        return out[:, 0], out[:, 1:].detach() if self.cut else out[:, 1:], code

    def critic_cost(self, round: Round) -> dict:
        fake, logits, code = self.played(round)
        real = self.trunk(round.batch.x)[:, 0]
        information = code_nll(logits, code)
        return {"adversarial": non_saturating.critic(real, fake), "information": information}

    def generator_cost(self, round: Round) -> dict:
        fake, logits, code = self.played(round)
        information = code_nll(logits, code)
        return {"adversarial": non_saturating.generator(fake, fake), "information": information}

    def sample(self, n: int, condition: object = None, seed: int = 0) -> torch.Tensor:
        z = torch.randn(n, 5, generator=generator(seed))
        with quiet(self):
            return self.generator(z)


def test_the_information_term_reaches_both_players() -> None:
    round = Round(Batch(torch.randn(8, 2, generator=generator("x"))))
    with seeded("info"):
        game = TinyInfoGAN()
    check_game(game, Batch(torch.randn(8, 2, generator=generator("x"))))
    for player in game.players():
        term = player.cost(round)["information"]
        slopes = torch.autograd.grad(term, list(player.module.parameters()))
        assert all(slope.abs().max() > 0 for slope in slopes), player.name
    # The broken twin: a detached term carries no gradient to anybody.
    for player in TinyInfoGAN(cut=True).players():
        assert not player.cost(round)["information"].requires_grad


def test_code_nll_of_a_sure_reader_is_zero_and_of_an_ignorant_one_the_entropy() -> None:
    code = torch.tensor([0, 1, 2])
    assert code_nll(100.0 * one_hot(code, 3), code).item() == pytest.approx(0, abs=1e-6)
    assert code_nll(torch.zeros(3, 3), code).item() == pytest.approx(1.0986123, abs=1e-6)


def test_chunks_change_nothing() -> None:
    x, y = torch.randn(2, 11, 3, generator=generator("x"))
    whole = in_chunks(lambda a, b: a * b, x, y, size=100)
    assert torch.equal(whole, in_chunks(lambda a, b: a * b, x, y, size=4))
    assert torch.equal(whole, x * y)


def test_no_critic_is_compiled() -> None:
    # torch.compile refuses a double backward pass, which every penalty needs.
    with pytest.raises(RuntimeError, match="double backward"):
        _penalty_through_compile()
    package = Path(__file__).parents[1] / "counterplay"
    for path in package.rglob("*.py"):
        assert "torch.compile(" not in path.read_text(), path


def _penalty_through_compile() -> None:
    compiled = torch.compile(nn.Linear(2, 1), backend="aot_eager")
    x = torch.randn(4, 2, requires_grad=True)
    (slope,) = torch.autograd.grad(compiled(x).sum(), x, create_graph=True)
    slope.square().sum().backward()
