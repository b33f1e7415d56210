"""The categorical game: its entropies at their extremes, its signs, and what it is good for."""

from __future__ import annotations

import math

import clusters
import pytest
import torch
from torch import Tensor

from counterplay.game import Batch, Round, generator, seeded
from counterplay.games.catgan import CatGAN, conditional_entropy, marginal_entropy
from counterplay.games.semisupervised import SemiSupervised
from counterplay.laws import Uniform
from counterplay.networks.noisy import NoisyClassifier, SoftGenerator

K = 5
SURE = 50.0 * torch.eye(K, dtype=torch.float64)
"""One example of each class, each known for certain."""
UNSURE = torch.zeros(K, K, dtype=torch.float64)
ONE_CLASS = SURE[:1].expand(K, K)


@pytest.mark.parametrize(
    ("logits", "conditional", "marginal"),
    [
        (SURE, 0.0, math.log(K)),
        (UNSURE, math.log(K), math.log(K)),
        (ONE_CLASS, 0.0, 0.0),
    ],
    ids=["sure and balanced", "unsure", "sure of one class"],
)
def test_entropies_at_their_extremes(logits: Tensor, conditional: float, marginal: float) -> None:
    assert float(conditional_entropy(logits)) == pytest.approx(conditional, abs=1e-12)
    assert float(marginal_entropy(logits)) == pytest.approx(marginal, abs=1e-12)


def test_entropies_are_those_of_the_probabilities_and_information_is_never_negative() -> None:
    logits = 3 * torch.randn(40, K, generator=generator("logits"), dtype=torch.float64)
    p = logits.softmax(1)
    conditional = -(p * p.log()).sum(1).mean()
    mean = p.mean(0)
    torch.testing.assert_close(conditional_entropy(logits), conditional)
    torch.testing.assert_close(marginal_entropy(logits), -(mean * mean.log()).sum())
    information = marginal_entropy(logits) - conditional_entropy(logits)
    assert 0 <= float(information) <= math.log(K)
    # It does not change when each example is repeated, nor with their order.
    twice = torch.cat([logits, logits.flip(0)])
    torch.testing.assert_close(marginal_entropy(twice), marginal_entropy(logits))


def test_entropies_are_finite_where_probabilities_vanish() -> None:
    logits = (1000 * SURE.float()).requires_grad_()
    value = marginal_entropy(logits) - conditional_entropy(logits)
    value.backward()
    assert torch.isfinite(value)
    assert logits.grad is not None
    assert torch.isfinite(logits.grad).all()


def small() -> CatGAN:
    with seeded("small"):
        return CatGAN(SoftGenerator(4, (2,), 8), NoisyClassifier((2,), K, 16), Uniform(4))


def costs(real: Tensor, fake: Tensor, monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Return the two players' costs where the critic's logits are ``real`` and ``fake``."""
    game = small()
    monkeypatch.setattr(game, "logits", lambda round: (real, real, fake))
    monkeypatch.setattr(game.critic, "forward", lambda x, noise: fake)
    monkeypatch.setattr(game, "noise", lambda round, tag: ())
    batch = Batch(torch.zeros(3 * K, 2), torch.arange(K).repeat_interleave(3))
    totals = {}
    for player, cost in (("critic", game.critic_cost), ("generator", game.generator_cost)):
        totals[player] = float(sum(cost(Round(batch)).values()))
    return totals


def test_each_player_wants_what_the_paper_says(monkeypatch: pytest.MonkeyPatch) -> None:
    # The critic's least: sure and balanced on real examples, unsure on generated ones.
    best = costs(SURE, UNSURE, monkeypatch)
    assert best["critic"] == pytest.approx(-2 * math.log(K), abs=1e-6)
    for real, fake in [(UNSURE, UNSURE), (SURE, SURE), (ONE_CLASS, UNSURE)]:
        assert costs(real, fake, monkeypatch)["critic"] > best["critic"] + 0.9 * math.log(K)
    # The generator's least: its own sure and balanced.
    least = costs(SURE, SURE, monkeypatch)["generator"]
    assert least == pytest.approx(-math.log(K), abs=1e-6)
    for fake in (UNSURE, ONE_CLASS):
        assert costs(SURE, fake, monkeypatch)["generator"] > least + 0.9 * math.log(K)


@pytest.mark.parametrize("kind", [CatGAN, SemiSupervised])
def test_the_critics_verdicts_rise_by_its_own_moves(kind: type) -> None:
    """What the doctor asks of a critic is what the critic itself plays for, in any batch."""
    with seeded("networks"):
        nets = SoftGenerator(6, (2,), 12), NoisyClassifier((2,), K, 24)
    game = kind(*nets, Uniform(6))
    x = 3 + torch.randn(30, 2, generator=generator("data"))

    def sees(batch: Batch) -> float:
        with torch.no_grad():
            real, made = game.verdicts(Round(batch, 0, 0))
        assert real.shape == made.shape == (len(batch.x),)
        return float(real.mean() - made.mean())

    before, step = sees(Batch(x[:8])), torch.optim.Adam(game.critic.parameters(), 1e-2)
    for _ in range(150):
        step.zero_grad()
        play = Round(Batch(x, torch.arange(30) % K), 0, 0)
        sum(game.critic_cost(play).values()).backward()  # type: ignore[union-attr]
        step.step()
    assert sees(Batch(x[:8])) > before + 0.2


def test_clusters_are_told_with_fewer_errors_than_by_labels_alone() -> None:
    game = [clusters.errors(CatGAN, seed) for seed in range(3)]
    alone = [clusters.errors(SemiSupervised, seed, unsupervised=0.0) for seed in range(3)]
    # Measured: 2.0 and 5.8 percent.
    assert sum(game) < 0.6 * sum(alone), (game, alone)
