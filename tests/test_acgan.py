"""The auxiliary-classifier game: its costs by formula, and that it obeys."""

from __future__ import annotations

import functools

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy, softplus

from counterplay.errors import UserError
from counterplay.game import Batch, Round, adam, generator, seeded
from counterplay.games import ACGAN
from counterplay.laws import Labels, Normal
from counterplay.networks import MLP, ConditionalMLP, ConvEncoder, ConvGenerator, Trunk
from counterplay.terms import headed
from counterplay.train import train

CENTRES = torch.tensor([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])
LABELS = Labels((0.25,) * 4)


def labelled(n: int, *words: object) -> Batch:
    """Points around four centres, of which the label says which."""
    rng = generator("labelled", *words)
    y = LABELS.sample(n, rng)
    return Batch(CENTRES[y] + 0.2 * torch.randn(n, 2, generator=rng), y)


def on_points(class_weight: float = 1.0, width: int = 32) -> ACGAN:
    move = adam(2e-3, (0.5, 0.999))
    with seeded("acgan"):
        body = nn.Sequential(MLP([2, width, width]), nn.ReLU())
        heads = {"critic": nn.Linear(width, 1), "class": nn.Linear(width, 4)}
        return ACGAN(
            ConditionalMLP([2, width, width, 2], 4),
            Trunk(body, heads),
            Normal(2),
            LABELS,
            class_weight=class_weight,
            moves=(move, move),
        )


def test_both_players_minimise_the_cross_entropy_of_the_class() -> None:
    game, round = on_points(class_weight=0.7), Round(labelled(16))
    x, y = round.batch
    fake = game.generator(round.draw(game.latent, "z"), y)
    real, made = game.trunk(x), game.trunk(fake)
    critic, forge = game.critic_cost(round), game.generator_cost(round)
    told = [cross_entropy(heads["class"], y).item() for heads in (real, made)]
    # The paper's D maximises L_S + L_C, and its G maximises L_C − L_S.
    assert critic["class"].item() == pytest.approx(0.7 * sum(told), rel=1e-5)
    assert forge["class"].item() == pytest.approx(0.7 * told[1], rel=1e-5)
    source = softplus(-real["critic"]).mean() + softplus(made["critic"]).mean()
    assert critic["adversarial"].item() == pytest.approx(source.item(), rel=1e-5)
    saturated = softplus(-made["critic"]).mean()
    assert forge["adversarial"].item() == pytest.approx(saturated.item(), rel=1e-5)


def test_the_class_term_reaches_both_players_and_without_weight_neither() -> None:
    round = Round(labelled(16))
    for weight in (1.0, 0.0):
        for player in on_points(weight).players():
            slopes = torch.autograd.grad(
                player.cost(round)["class"],
                list(player.module.parameters()),
                allow_unused=True,
                materialize_grads=True,
            )
            assert (max(s.abs().max() for s in slopes) > 0) == (weight > 0), player.name


def test_a_batch_normed_trunk_judges_real_and_generated_apart() -> None:
    with seeded("apart"):
        body = ConvEncoder(1, 16, 6, 4, "batch")
        trunk = Trunk(body, {"critic": nn.Linear(6, 1), "class": nn.Linear(6, 4)})
        game = ACGAN(ConvGenerator(4, 1, 16, 4, 4), trunk, Normal(4), LABELS)
    assert game.apart
    real, fake = torch.randn(2, 8, 1, 16, 16, generator=generator("apart"))
    fake = 2 * fake + 1
    both = headed(trunk, real, fake, apart=True)
    for heads, x in zip(both, (real, fake), strict=True):
        assert torch.allclose(heads["class"], trunk(x)["class"])
    # The broken twin: in one pass the two kinds share their statistics.
    mixed, _ = headed(trunk, real, fake, apart=False)
    assert not torch.allclose(mixed["class"], both[0]["class"], atol=1e-3)
    none, alone = headed(trunk, real[:0], fake, apart=True)
    assert len(none["class"]) == 0
    assert torch.allclose(alone["class"], both[1]["class"])


@functools.cache
def played(class_weight: float) -> tuple[float, float]:
    """The share of samples at the centre asked for, and of held-out points classified right."""
    game = on_points(class_weight)
    for _ in train(game, [labelled(64, t) for t in range(400)]):
        pass
    y = torch.arange(400) % 4
    made, held = game.sample(400, y), labelled(400, "held out")
    nearest = torch.cdist(made, CENTRES).argmin(1)
    assert held.y is not None
    right = game.classify(held.x) == held.y
    return float((nearest == y).float().mean()), float(right.float().mean())


def test_it_obeys_and_without_the_class_term_it_does_not() -> None:
    obeys, told = played(1.0)
    ignores, _ = played(0.0)
    assert obeys >= 0.95
    assert told >= 0.95
    assert ignores <= 0.6
    assert obeys - ignores >= 0.4


def test_unlabelled_data_are_refused() -> None:
    with pytest.raises(UserError, match="learns from classes, and the batch has none"):
        on_points().critic_cost(Round(Batch(torch.zeros(4, 2))))
