"""The bidirectional game: labels swapped, pairs kept together, and E inverts G."""

from __future__ import annotations

import functools
from statistics import median

import pytest
import torch
from torch import nn
from torch.nn.functional import softplus

from counterplay.game import Batch, Round, adam, generator, seeded
from counterplay.games import BiGAN
from counterplay.games.bigan import drawn, exact
from counterplay.laws import Mixture, Normal
from counterplay.networks import MLP, Joint
from counterplay.penalties import r1
from counterplay.recipes.measures_labels import nearest_class, reconstruction_ratio
from counterplay.train import train

LAW = Mixture(((1.5, 1.5), (-1.5, 1.5), (-1.5, -1.5), (1.5, -1.5)), 0.2)


def points(n: int, *words: object) -> Batch:
    return Batch(LAW.sample(n, generator("bigan", *words)))


def on_points(
    paired: bool = True, posterior: object = exact, width: int = 48, seed: int = 0
) -> BiGAN:
    move = adam(3e-3, (0.5, 0.99))
    wide = {exact: 1, drawn: 2}[posterior]
    with seeded("bigan", seed):
        return BiGAN(
            MLP([2, width, width, wide * 2]),
            MLP([2, width, width, 2]),
            Joint(nn.Identity(), MLP([4, width, width, 1])),
            Normal(2),
            posterior=posterior,
            pairing=(lambda z: z) if paired else (lambda z: z.roll(1, 0)),
            penalties={"r1": (0.02, r1)},
            moves=(move, move),
        )


def test_the_coder_minimises_the_critics_cost_with_both_labels_swapped() -> None:
    game, round = on_points(), Round(points(16))
    z = round.draw(game.latent, "z")
    a = game.critic(round.batch.x, game.encoder(round.batch.x))
    b = game.critic(game.generator(z), z)
    critic = game.critic_cost(round)["adversarial"].item()
    coder = game.coder_cost(round)["adversarial"].item()
    assert critic == pytest.approx((softplus(-a).mean() + softplus(b).mean()).item(), rel=1e-5)
    assert coder == pytest.approx((softplus(a).mean() + softplus(-b).mean()).item(), rel=1e-5)
    # Only one player more: encoder and generator are one.
    assert [player.name for player in game.players()] == ["critic", "coder"]


def test_the_encoder_is_judged_through_real_pairs_and_the_generator_through_made_ones() -> None:
    game, round = on_points(), Round(points(16))
    real, fake = game.pairs(round)
    parts = {"encoder": game.encoder, "generator": game.generator}
    for side, pair in (("encoder", real), ("generator", fake)):
        for name, network in parts.items():
            slopes = torch.autograd.grad(
                game.critic(*pair).sum(),
                list(network.parameters()),
                retain_graph=True,
                allow_unused=True,
                materialize_grads=True,
            )
            assert (max(s.abs().max() for s in slopes) > 0) == (name == side)


def test_pairs_are_together_unless_they_are_shuffled() -> None:
    round = Round(points(16))
    for paired in (True, False):
        game = on_points(paired)
        (x, code), (made, z) = game.pairs(round)
        assert torch.equal(code, game.encoder(x)) == paired
        assert torch.allclose(game.generator(z), made) == paired
        # Each side's latents are the same ones in another order: their laws do not differ.
        assert torch.equal(z.sort(0)[0], round.draw(game.latent, "z").sort(0)[0])


def test_a_posterior_that_draws_has_the_mean_and_the_spread_it_says() -> None:
    mean, log_std = torch.tensor([1.0, -2.0]), torch.tensor([0.5, -1.0])
    output = torch.cat([mean, log_std]).expand(20_000, 4)
    rng = generator("posterior")
    z = drawn(output, lambda m: torch.randn(m.shape, generator=rng))
    assert torch.allclose(z.mean(0), mean, atol=0.05)
    assert torch.allclose(z.std(0), log_std.exp(), rtol=0.05)
    assert torch.equal(drawn(output, torch.zeros_like)[0], mean)
    assert exact(output, torch.zeros_like) is output


def test_encode_is_the_mean_and_reconstruct_the_generator_of_it() -> None:
    x = points(8).x
    game = on_points(posterior=drawn)
    assert torch.allclose(game.encode(x), game.encoder(x)[:, :2])
    assert torch.allclose(game.reconstruct(x), game.generator(game.encode(x)))
    # In play it draws, and another round draws anew.
    one, two = (game.pairs(Round(Batch(x), step))[0][1] for step in (0, 1))
    assert not torch.allclose(one, two)


def test_a_penalty_sees_the_slope_in_both_members_of_a_pair() -> None:
    game, round = on_points(), Round(points(16))
    x = round.batch.x.requires_grad_()
    z = game.encoder(x).detach().requires_grad_()
    slopes = torch.autograd.grad(game.critic(x, z).sum(), [x, z])
    squared = sum(slope.square().sum(1) for slope in slopes)
    assert game.critic_cost(round)["r1"].item() == pytest.approx(
        0.02 * 0.5 * squared.mean().item(), rel=1e-4
    )


@functools.cache
def ratio(paired: bool, seed: int) -> float:
    """The reconstruction ratio on held-out points."""
    game = on_points(paired, seed=seed)
    for _ in train(game, [points(64, seed, t) for t in range(800)], seed=seed):
        pass
    x = points(500, "held out").x
    return reconstruction_ratio(x, game.reconstruct(x))


def test_the_encoder_inverts_the_generator_and_with_shuffled_pairs_it_does_not() -> None:
    whole = median(ratio(True, seed) for seed in range(3))
    twin = median(ratio(False, seed) for seed in range(3))
    assert whole <= 0.45
    assert twin - whole >= 0.4


def test_the_ratio_is_one_where_nothing_is_kept_and_zero_where_all_is() -> None:
    x = points(500).x
    assert reconstruction_ratio(x, x) == 0
    assert reconstruction_ratio(x, x[torch.randperm(500, generator=generator("order"))]) > 0.9
    assert reconstruction_ratio(x, torch.zeros_like(x)) == pytest.approx(1)


def test_the_class_of_the_nearest_code_does_not_depend_on_the_chunks() -> None:
    codes, y = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), torch.tensor([4, 5, 6])
    asked = torch.tensor([[0.9, 0.2], [0.1, 0.1], [0.2, 3.0]])
    assert nearest_class(codes, y, asked).tolist() == [5, 4, 6]
    assert torch.equal(nearest_class(codes, y, asked, chunk=2), nearest_class(codes, y, asked))
