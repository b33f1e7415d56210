"""The VAE with a critic's features: who pays for what, and that it learns."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from counterplay.game import Batch, Round, generator, seeded
from counterplay.games.vaegan import VAEGAN
from counterplay.laws import ring
from counterplay.networks import MLP
from counterplay.networks.minibatch import before_head, head
from counterplay.train import State, train


def game(**more) -> VAEGAN:
    with seeded(0, "vaegan"):
        return VAEGAN(MLP([2, 16, 4]), MLP([2, 16, 2]), MLP([2, 16, 1]), 2, **more)


def a_round() -> Round:
    x = torch.randn(32, 2, generator=generator("x"))
    return Round(Batch(x), 0, 0)


def gradients(cost: Tensor, module: nn.Module) -> list[Tensor | None]:
    found = torch.autograd.grad(cost, list(module.parameters()), allow_unused=True)
    return [None if g is None else g.clone() for g in found]


def test_the_critics_verdict_does_not_reach_the_encoder():
    """Its last layer, which makes verdicts of features, may be anything: the encoder cannot tell.

    The broken twin adds the decoder's adversarial term to the encoder's cost.
    """
    one, other = game(), game()
    with torch.no_grad():
        layer = other.critic.get_submodule(head(other.critic))
        for parameter in layer.parameters():
            parameter.mul_(-3).add_(1)

    def own(g: VAEGAN, leaky: bool) -> list[Tensor | None]:
        round = a_round()
        cost = sum(g.encoder_cost(round).values(), torch.zeros(()))
        if leaky:
            cost = cost + g.decoder_cost(round)["adversarial"]
        return gradients(cost, g.encoder)

    for a, b in zip(own(one, False), own(other, False), strict=True):
        assert a is not None
        assert b is not None
        assert torch.equal(a, b)
    leaks = zip(own(one, True), own(other, True), strict=True)
    assert any(not torch.equal(a, b) for a, b in leaks if a is not None and b is not None)


def test_each_pays_for_what_the_paper_says():
    g, round = game(gamma=0.5, beta=2.0), a_round()
    assert set(g.critic_cost(round)) == {"adversarial"}
    assert set(g.encoder_cost(round)) == {"distortion", "rate"}
    paid = g.decoder_cost(round)
    assert torch.allclose(paid["distortion"], 0.5 * g.distortion(round))
    again = g.again(round)
    apart = before_head(g.critic, round.batch.x) - before_head(g.critic, again)
    assert torch.allclose(g.distortion(round), 0.5 * apart.square().sum(1).mean())
    mean, log_std = g.encoder(round.batch.x).chunk(2, 1)
    kl = 0.5 * (mean**2 + torch.exp(2 * log_std) - 1 - 2 * log_std).sum(1).mean()
    assert torch.allclose(g.encoder_cost(round)["rate"], 2 * kl)


def test_it_learns_to_reconstruct():
    g = game()
    law = ring()

    def batches():
        step = 0
        while True:
            yield Batch(law.sample(128, generator("ring", step)) / 2)
            step += 1

    x = law.sample(500, generator("held")) / 2
    before = float((g.reconstruct(x) - x).square().mean())
    for _ in train(g, batches(), steps=400, state=State(g)):
        pass
    after = float((g.reconstruct(x) - x).square().mean())
    assert after < 0.5 * before


def test_the_rates_of_its_latents_are_what_the_encoder_pays_for():
    g, round = game(), a_round()
    paid = g.encoder_cost(round)["rate"]
    assert torch.allclose(g.rates(round.batch.x).sum(), paid, rtol=1e-5)
