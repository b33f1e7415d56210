"""Games that break each rule of DESIGN §4: the check that all games pass finds each fault."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from counterplay.check import check_game
from counterplay.errors import UserError
from counterplay.game import Batch, Player, Round, adam, generator, seeded
from counterplay.games import GAN
from counterplay.laws import Normal
from counterplay.networks import MLP


def points() -> Batch:
    """Return a batch of points in the plane."""
    return Batch(torch.randn(8, 2, generator=generator("points")))


class Broken(nn.Module):
    """A game of one player with a fault put in."""

    def __init__(self, fault: str) -> None:
        super().__init__()
        self.fault = fault
        self.net = nn.Linear(2, 2)
        self.spare = nn.Linear(2, 2)
        self.other = nn.Linear(2, 2)
        self.other.register_buffer("seen", torch.zeros(()))

    def players(self) -> list[Player]:
        own = nn.ModuleList([self.net, self.spare])
        return [
            Player("one", own, self.cost, adam(1e-3)),
            Player("two", self.other, self.two_cost, adam(1e-3)),
        ]

    def cost(self, round: Round) -> dict:
        x = round.batch.x
        if self.fault == "noise":
            x = x + torch.randn_like(x)
        if self.fault == "leak":
            self.net.bias.data += 1
            self.other.bias.data += 1
        value = self.net(x) + (0 if self.fault == "reach" else self.spare(x))
        if self.fault == "batch":
            value = value - value.mean(0)
        return {"square": value.square().mean()}

    def two_cost(self, round: Round) -> dict:
        return {"square": self.other(round.batch.x).square().mean()}

    def sample(self, n: int, condition: object = None, seed: int = 0) -> torch.Tensor:
        if self.fault == "sample":
            self.other.seen += 1
        if self.fault == "luck":
            return torch.randn(n, 2)
        return torch.zeros(n, 2)


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("reach", "rule 2: one's cost does not reach"),
        ("leak", "one's move changes other.bias"),
        ("noise", "rule 4"),
        ("sample", "rule 3: sample changes other.seen"),
        ("luck", "rule 4: sample"),
        ("batch", "rule 6"),
    ],
)
def test_check_game_finds_each_fault(fault: str, rule: str) -> None:
    with seeded("test"), pytest.raises(AssertionError, match=rule):
        check_game(Broken(fault), points())
    with seeded("test"):
        check_game(Broken(""), points())


class Spread(GAN):
    """A GAN with a fault: its second player's cost is a sum over the shard, about its own mean."""

    def generator_cost(self, round: Round) -> dict:
        fake = self.fake(round)[0]
        spread = -(fake - fake.mean(0)).square().sum()
        return {**super().generator_cost(round), "spread": spread}


def test_rule_6_is_held_for_every_player_but_those_excused() -> None:
    with seeded("test"):
        game = Spread(MLP([2, 8, 2]), MLP([2, 8, 1]), Normal(2))
    with pytest.raises(AssertionError, match="rule 6: generator's mean gradient"):
        check_game(game, points())
    check_game(game, points(), whole=("generator",))
    with pytest.raises(UserError, match="no player is called 'forger', they are critic, generator"):
        check_game(game, points(), whole=("forger",))


def test_a_parameter_needs_exactly_one_owner() -> None:
    game = GAN(MLP([2, 8, 2]), MLP([2, 8, 1]), Normal(2))
    game.stray = nn.Linear(1, 1)
    with pytest.raises(UserError, match=r"stray.weight belongs to nobody"):
        check_game(game, points())
    shared = MLP([2, 8, 2])
    with pytest.raises(UserError, match="belongs to critic and generator"):
        check_game(GAN(shared, shared, Normal(2)), points())
