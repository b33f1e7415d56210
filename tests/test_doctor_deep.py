"""The closer look: held to games and laws whose answers are known."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from doctor_trainings import PICTURES, same_bits, trained
from torch import nn

from counterplay.doctor.deep import along, eigenvalue, field, fresh_critic, products, rotation
from counterplay.doctor.watch import TURNS
from counterplay.game import Batch, Game, Player, Round, generator, sgd
from counterplay.recipes.schema import Dcgan, Gan
from counterplay.recipes.specs.gan import Augment
from counterplay.run.log import history


class Quadratic(Game):
    """Players x and y minimise ½ a x² + b x·y and ½ a y² − b x·y: J = [[a, b], [−b, a]]."""

    def __init__(self, a: float, b: float, dim: int = 2) -> None:
        super().__init__()
        self.a, self.b = a, b
        rng = generator("quadratic")
        self.x, self.y = (
            nn.ParameterList([nn.Parameter(torch.randn(dim, generator=rng))]) for _ in range(2)
        )

    def players(self):
        x, y = self.x[0], self.y[0]

        def cost(own, sign):
            return lambda _: {"all": 0.5 * self.a * own.square().sum() + sign * self.b * (x @ y)}

        return (
            Player("x", self.x, cost(x, 1), sgd(0.1)),
            Player("y", self.y, cost(y, -1), sgd(0.1)),
        )

    def sample(self, n, condition=None, seed=0):
        return torch.zeros(n, 1)


ROUND = Round(Batch(torch.zeros(4, 1)))


@pytest.mark.parametrize(("a", "b"), [(1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.5, 2.0)])
def test_the_rotation_is_that_of_the_jacobian(a, b):
    assert rotation(Quadratic(a, b), ROUND)["game/rotation"] == pytest.approx(
        b**2 / (a**2 + b**2), abs=1e-5
    )


def test_the_leading_eigenvalue_is_found():
    found = eigenvalue(Quadratic(0.5, 2.0), ROUND)
    assert found["game/real"] == pytest.approx(0.5, abs=1e-3)
    assert found["game/imaginary"] == pytest.approx(2.0, abs=1e-3)


def test_products_are_those_of_the_jacobian_and_its_transpose():
    game = Quadratic(0.5, 2.0)
    v, w = field(game, ROUND)
    plain, transposed = products(v, w)
    rows = torch.stack([transposed(e) for e in torch.eye(4)])
    columns = torch.stack([plain(e) for e in torch.eye(4)], 1)
    assert torch.allclose(rows, columns)
    assert torch.allclose(torch.diagonal(rows), torch.full((4,), 0.5))


def test_the_path_of_a_descent_points_along_it_and_that_of_an_orbit_does_not():
    for a, b, straight in ((1.0, 0.0, True), (0.0, 1.0, False)):
        game = Quadratic(a, b)
        start = {n: p.detach().clone() for n, p in game.named_parameters()}
        end = {n: 0.1 * p for n, p in start.items()}
        rows = along(game, (start, end), ROUND, points=5)
        cosines = [row["path/cosine"] for row in rows]
        assert all(c > 0.99 for c in cosines) == straight
        assert all(abs(c) < 0.01 for c in cosines) == (not straight)
        assert all(torch.equal(p, start[n]) for n, p in game.named_parameters())


def test_a_fresh_critic_bounds_the_divergence_from_below():
    rng = generator(0)
    draw = lambda shift: torch.randn(2000, 1, generator=rng) + shift  # noqa: E731
    grid = torch.linspace(-8, 12, 4001)
    p, q = ((-0.5 * (grid - m) ** 2).exp() / math.sqrt(2 * math.pi) for m in (0.0, 2.0))
    m = (p + q) / 2
    terms = 0.5 * (p * (p / m).log() + q * (q / m).log())
    exact = float(torch.trapezoid(terms.nan_to_num(), grid))
    same = fresh_critic(draw(0.0), draw(0.0), steps=150)["fresh/divergence"]
    apart = fresh_critic(draw(0.0), draw(2.0), steps=150)["fresh/divergence"]
    assert same < 0.02
    assert 0.8 * exact < apart < exact + 0.03
    far = fresh_critic(draw(0.0), draw(50.0), steps=150)["fresh/divergence"]
    assert far > 0.95 * math.log(2)


@pytest.mark.parametrize(
    "game",
    [
        PICTURES.game,
        Gan(
            Dcgan(4, critic_norm="spectral"),
            latent=4,
            augment=Augment(translation=True, adaptive=True, examples=100),
        ),
    ],
    ids=["batch norm", "spectral norm and an adaptive view"],
)
def test_a_look_at_the_turning_while_it_trains_changes_nothing(game, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("counterplay.recipes.looks.QUICK", 40)
    recipe = replace(PICTURES, game=game, steps=TURNS + 1, look_every=100, checkpoint_every=100)
    watched, alone = (trained(recipe, name, every=n) for name, n in (("with", 1), ("without", 0)))
    assert same_bits(watched, alone)
    seen = [r["signals"] for r in history(tmp_path / "with" / "signals.jsonl") if "signals" in r]
    turned = [s["game/rotation"] for s in seen if "game/rotation" in s]
    assert len(turned) == 1
    assert 0 <= turned[0] <= 1
