r"""Each dynamics against its closed form on the bilinear game L_x = xy, L_y = −xy.

With F = (y, −x) and step η the squared norm grows per step by a factor known exactly.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

from counterplay.dynamics import (
    alternating,
    consensus,
    extragradient,
    inner_adam,
    optimistic,
    simultaneous,
    unrolled,
)
from counterplay.errors import UserError
from counterplay.game import Batch, Player, Round, adam, sgd
from counterplay.train import State, falling, train

ETA = 0.1


class Scalar(nn.Module):
    def __init__(self, value: float) -> None:
        super().__init__()
        self.value = nn.Parameter(torch.tensor(value, dtype=torch.float64))


class Bilinear(nn.Module):
    """x descends xy, y descends −xy."""

    def __init__(self, eta: float = ETA) -> None:
        super().__init__()
        self.x, self.y, self.eta = Scalar(1.0), Scalar(1.0), eta

    def players(self) -> list[Player]:
        def product(sign: int):
            return lambda round: {"xy": sign * self.x.value * self.y.value}

        return [
            Player("x", self.x, product(1), sgd(self.eta)),
            Player("y", self.y, product(-1), sgd(self.eta)),
        ]

    def sample(self, n: int, condition: object = None, seed: int = 0) -> torch.Tensor:
        return torch.zeros(n, 1)


def play(dynamics, steps: int, eta: float = ETA, accumulate: int = 1) -> list[tuple[float, float]]:
    game = Bilinear(eta)
    batches = [Batch(torch.zeros(2, 1))] * steps
    path = [(1.0, 1.0)]
    for _ in train(game, batches, dynamics=dynamics, state=State(game), accumulate=accumulate):
        path.append((game.x.value.item(), game.y.value.item()))
    return path


def norm(point: tuple[float, float]) -> float:
    return point[0] ** 2 + point[1] ** 2


def test_simultaneous_grows_by_one_plus_eta_squared() -> None:
    path = play(simultaneous, 500)
    assert norm(path[-1]) == pytest.approx(289.545544865, rel=1e-10)
    assert norm(path[1]) == pytest.approx(2 * (1 + ETA**2), rel=1e-12)
    turned = math.atan2(path[1][1], path[1][0]) - math.pi / 4
    assert abs(turned) == pytest.approx(math.atan(ETA), rel=1e-12)


def test_alternating_conserves_its_invariant() -> None:
    path = play(alternating, 500)
    invariants = [x * x + y * y - ETA * x * y for x, y in path]
    assert max(invariants) - min(invariants) < 1e-12
    assert path[-1] == pytest.approx((1.20059968, 0.73985643), abs=1e-8)


def test_extragradient_contracts() -> None:
    path = play(extragradient, 500)
    assert norm(path[-1]) == pytest.approx(0.0138216614624, rel=1e-10)
    assert norm(path[1]) / norm(path[0]) == pytest.approx(1 - ETA**2 + ETA**4, rel=1e-12)


def test_optimistic_contracts_at_its_rate_and_diverges_above_its_limit() -> None:
    path = play(optimistic, 600)
    rate = (norm(path[600]) / norm(path[400])) ** (1 / 200)
    assert rate == pytest.approx((1 + math.sqrt(1 - 4 * ETA**2)) / 2, rel=1e-9)
    assert norm(play(optimistic, 2000, eta=0.57)[-1]) < 1e-6
    assert norm(play(optimistic, 2000, eta=0.585)[-1]) > 1e6


@pytest.mark.parametrize("accumulate", [1, 2])
def test_consensus_contracts(accumulate: int) -> None:
    gamma = 0.5
    path = play(consensus(gamma), 500, accumulate=accumulate)
    assert norm(path[1]) / norm(path[0]) == pytest.approx(
        (1 - ETA * gamma) ** 2 + ETA**2, rel=1e-12
    )
    assert norm(path[-1]) == pytest.approx(2.61496969e-20, rel=1e-6)


@pytest.mark.parametrize("k", [0, 1, 5])
def test_unrolled_is_the_linear_map_it_should_be(k: int) -> None:
    # y_k = y + kηx, so L_x = x y_k and ∂L_x/∂x = y + 2kηx.
    step = np.array([[1 - 2 * k * ETA**2, -ETA], [ETA, 1.0]])
    expected = np.linalg.matrix_power(step, 300) @ np.ones(2)
    assert play(unrolled(k, ETA, through="y"), 300)[-1] == pytest.approx(tuple(expected), abs=1e-10)


def test_unrolling_turns_divergence_into_convergence() -> None:
    ends = [math.sqrt(norm(play(unrolled(k, ETA, through="y"), 300)[-1])) for k in (0, 1, 5)]
    assert ends[0] == pytest.approx(6.29, abs=0.01)
    assert ends[1] == pytest.approx(0.345, abs=0.001)
    assert ends[2] < 5e-4


@pytest.mark.parametrize("k", [1, 3])
def test_unrolled_through_adam_is_its_closed_form(k: int) -> None:
    # y's slope −x is the same at every step looked ahead, so each is rate · x / √(x² + ε²), and
    # L_x = x y_k has the slope y_k + x k rate ε² / (x² + ε²)^1.5.
    rate, eps, x, y = 0.05, 0.3, 1.0, 1.0
    look = unrolled(k, rate, through="y", inner=partial(inner_adam, eps=eps))
    ahead = y + k * rate * x / math.sqrt(x * x + eps * eps)
    slope = ahead + x * k * rate * eps**2 / (x * x + eps * eps) ** 1.5
    moved = play(look, 1)[-1]
    assert moved == pytest.approx((x - ETA * slope, y + ETA * x), abs=1e-12)


@pytest.mark.parametrize(("beta1", "beta2"), [(0.5, 0.999), (0.0, 0.9)])
def test_unrolled_through_adam_goes_on_as_adam_does(beta1: float, beta2: float) -> None:
    rate, eps, k = 0.05, 0.1, 3
    game = Bilinear()
    state = State(game)
    state.seats[1].optimiser = adam(0.0, (beta1, beta2))(game.y.parameters())
    look = unrolled(k, rate, through="y", inner=partial(inner_adam, eps=eps))
    xs = []
    for _ in train(game, [Batch(torch.zeros(2, 1))] * 3, dynamics=look, state=state):
        xs.append(game.x.value.item())

    def ahead(x: float) -> float:
        """Return x · y_k where y, whose slope was −1, −xs[0], goes on by the slope −x."""
        m = v = 0.0
        y = 1.0
        for t, g in enumerate([-1.0, -xs[0], *[-x] * k], 1):
            m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
            hats = m / (1 - beta1**t), v / (1 - beta2**t)
            y -= 0.0 if t < 3 else rate * hats[0] / math.sqrt(hats[1] + eps * eps)
        return x * y

    slope = (ahead(xs[1] + 1e-6) - ahead(xs[1] - 1e-6)) / 2e-6
    assert xs[2] == pytest.approx(xs[1] - ETA * slope, abs=1e-7)


def test_who_does_not_move_by_adam_is_not_thought_to() -> None:
    look = unrolled(1, 0.1, through="y", inner=inner_adam)
    with pytest.raises(UserError, match="the y moves by SGD, not as Adam would"):
        play(look, 1)


def test_steps_looked_ahead_fall_as_the_players_own_do() -> None:
    rate, steps = 0.3, 10
    game = Bilinear(ETA)
    look = unrolled(1, rate, through="y")
    pace, found = falling(steps, 1.0), []
    batches = [Batch(torch.zeros(2, 1))] * steps
    for _ in train(game, batches, dynamics=look, state=State(game), pace=pace):
        found.append((game.x.value.item(), game.y.value.item()))
    x = y = 1.0
    for step in range(steps):
        p = pace(step)
        x, y = x - ETA * p * (y + 2 * rate * p * x), y + ETA * p * x
        assert found[step] == pytest.approx((x, y), abs=1e-12)


def test_unrolled_without_lookahead_is_simultaneous() -> None:
    assert play(unrolled(0, ETA, through="y"), 50) == play(simultaneous, 50)


def test_unrolled_names_the_players_when_asked_for_another() -> None:
    with pytest.raises(UserError, match="no player 'critic'; choose from x, y"):
        play(unrolled(1, ETA), 1)


def test_a_slow_player_moves_in_the_last_round_of_each_cycle() -> None:
    player = Player("g", Scalar(0.0), lambda round: {}, sgd(1.0), every=5)
    assert [step for step in range(12) if player.moves_at(step)] == [4, 9]


def test_every_counts_rounds_with_fresh_batches() -> None:
    seen: list[tuple[str, float]] = []

    class Watch(Bilinear):
        def players(self) -> list[Player]:
            def cost(name: str, module: Scalar):
                def of(round: Round) -> dict:
                    seen.append((name, float(round.batch.x[0])))
                    return {"c": module.value}

                return of

            return [
                Player("critic", self.x, cost("critic", self.x), sgd(0.1)),
                Player("generator", self.y, cost("generator", self.y), sgd(0.1), every=5),
            ]

    game = Watch()
    for _ in train(game, [Batch(torch.full((2, 1), float(t))) for t in range(10)]):
        pass
    assert [t for name, t in seen if name == "critic"] == [float(t) for t in range(10)]
    assert [t for name, t in seen if name == "generator"] == [4.0, 9.0]
