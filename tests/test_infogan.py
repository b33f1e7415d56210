"""The information game: both players carry the information, and the code becomes the clusters."""

from __future__ import annotations

import functools
import math
from statistics import median

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from counterplay.costs import relativistic
from counterplay.game import Batch, Round, adam, generator, seeded
from counterplay.games import InfoGAN
from counterplay.games.infogan import Code, Joined
from counterplay.latents.powers import renders
from counterplay.laws import Uniform
from counterplay.networks import MLP, Trunk
from counterplay.recipes.measures_labels import matched
from counterplay.terms import warped
from counterplay.train import train
from counterplay.views import Noise, View

CENTRES = torch.tensor([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])


def clustered(n: int, *words: object) -> tuple[Tensor, Tensor]:
    """Points around four centres, and which."""
    rng = generator("clustered", *words)
    y = torch.randint(4, (n,), generator=rng)
    return CENTRES[y] + 0.15 * torch.randn(n, 2, generator=rng), y


def on_points(information: float = 1.0, places: int = 0, seed: int = 0) -> InfoGAN:
    width = 32
    with seeded("infogan", seed):
        body = nn.Sequential(MLP([2, width, width]), nn.ReLU())
        heads = {"critic": nn.Linear(width, 1), "code": nn.Linear(width, 4 + places)}
        return InfoGAN(
            MLP([2 + 4 + places, width, width, 2]),
            Trunk(body, heads),
            Uniform(2),
            categories=4,
            places=places,
            cost=relativistic,
            information=information,
            moves=(adam(2e-3, (0.5, 0.999)), adam(2e-3, (0.5, 0.999))),
        )


def unread(game: InfoGAN, round: Round) -> Tensor:
    """−λ E log Q(c, u | G), from the definition: nats, the continuous codes' std being 1."""
    category, place = game.code(round)
    z = game.joined(round.draw(game.noise, "z"), Code(category, place))
    out = game.trunk(game.generator(z))["code"]
    gap = (place - out[:, 4:]).square().sum(1)
    normal = 0.5 * gap + 0.5 * place.shape[1] * math.log(2 * math.pi)
    return game.information * (cross_entropy(out[:, :4], category) + normal.mean())


def test_the_information_terms_gradient_reaches_both_players() -> None:
    game, round = on_points(0.7, places=2), Round(Batch(clustered(16)[0]))
    for player in game.players():
        own = list(player.module.parameters())
        reached = {"allow_unused": True, "materialize_grads": True}
        slopes = torch.autograd.grad(player.cost(round)["information"], own, **reached)
        by_hand = torch.autograd.grad(unread(game, round), own, **reached)
        for slope, expected in zip(slopes, by_hand, strict=True):
            assert torch.allclose(slope, expected, atol=1e-6), player.name
        assert max(slope.abs().max() for slope in slopes) > 0, player.name


def test_without_weight_the_information_moves_nobody() -> None:
    game, round = on_points(0.0, places=2), Round(Batch(clustered(16)[0]))
    for player in game.players():
        slopes = torch.autograd.grad(
            player.cost(round)["information"],
            list(player.module.parameters()),
            allow_unused=True,
            materialize_grads=True,
        )
        assert all(slope.abs().max() == 0 for slope in slopes), player.name


def test_the_code_is_drawn_by_its_law_and_stands_beside_the_noise() -> None:
    game = on_points(places=3)
    round = Round(Batch(torch.zeros(4000, 2)))
    category, place = game.code(round)
    shares = torch.bincount(category, minlength=4) / 4000
    assert (shares - 0.25).abs().max() < 0.03
    assert place.shape == (4000, 3)
    assert -1 <= place.min() < -0.99 < 0.99 < place.max() <= 1
    z = round.draw(game.noise, "z")
    latent = game.joined(z, Code(category, place))
    assert torch.equal(latent[:, :2], z)
    assert torch.equal(latent[:, 2:6].argmax(1), category)
    assert torch.equal(latent[:, 6:], place)


def test_latents_of_its_law_render_as_it_samples() -> None:
    game = on_points(places=3)
    z = game.latent.sample(500, generator("z"))
    assert torch.equal(z[:, 2:6].sum(1), torch.ones(500))
    assert set(z[:, 2:6].argmax(1).tolist()) == {0, 1, 2, 3}
    assert torch.equal(game.render(z), game.generator(z))
    assert isinstance(renders(game).latent, Joined)


def test_a_category_can_be_asked_for() -> None:
    game = on_points()
    asked = torch.tensor([3, 3, 0])
    made = game.sample(3, asked, seed=5)
    assert torch.equal(made, game.sample(3, asked, seed=5))
    assert not torch.equal(made, game.sample(3, torch.tensor([3, 3, 1]), seed=5))
    code = game.encode(made)
    assert code.shape == (3, 4)
    assert torch.allclose(code.sum(1), torch.ones(3))
    assert torch.equal(code.argmax(1), game.classify(made))


@functools.cache
def agreement(information: float, seed: int) -> float:
    """The accuracy of the category on held-out points, matched on others."""
    game = on_points(information, seed=seed)
    rounds = [Batch(clustered(64, seed, t)[0]) for t in range(500)]
    for _ in train(game, rounds, seed=seed):
        pass
    known, held = clustered(400, "known"), clustered(400, "held out")
    return matched((game.classify(known[0]), known[1]), (game.classify(held[0]), held[1]))


def test_the_category_becomes_the_cluster_and_without_information_it_does_not() -> None:
    whole = median(agreement(1.0, seed) for seed in range(3))
    twin = median(agreement(0.0, seed) for seed in range(3))
    assert whole >= 0.95
    assert whole - twin >= 0.15


def test_a_code_is_read_through_the_view_that_both_players_share() -> None:
    game, round = on_points(places=1), Round(Batch(clustered(16)[0]))
    game.view = View({"turned": lambda x, noise, chance: -x})
    category, place = game.code(round)
    made = -game.generator(game.joined(round.draw(game.noise, "z"), Code(category, place)))
    out = game.trunk(made)["code"]
    gap = 0.5 * (place - out[:, 4:]).square().sum(1) + 0.5 * math.log(2 * math.pi)
    expected = cross_entropy(out[:, :4], category) + gap.mean()
    for player in game.players():
        told = player.cost(round)["information"]
        assert torch.allclose(told, expected, atol=1e-5), player.name
    # What is asked of it afterwards is asked of the examples themselves.
    assert torch.equal(game.classify(made), out[:, :4].argmax(1))


def bar(rows: slice, columns: slice) -> Tensor:
    x = torch.full((4, 1, 21, 21), -1.0)
    x[:, :, rows, columns] = 1
    return x


def test_a_warp_turns_shears_and_stretches_by_as_much_as_it_says() -> None:
    upright = bar(slice(3, 18), slice(9, 12))
    noise, always = Noise(Round(Batch(upright)), "warp"), torch.ones(())
    # No turn, no shear, no stretch; and by no chance.
    for step, chance in ((warped(0, 0, 0), always), (warped(90, 1, 1), torch.zeros(()))):
        assert torch.allclose(step(upright, noise, chance), upright, atol=1e-5)
    turn = noise.uniform(5)[:, 0] * 2 - 1
    turned = warped(90, 0, 0)(upright, noise, always)
    assert torch.equal(turned, warped(90, 0, 0)(upright, noise, always))
    # The long axis of the ink lies at the angle that was drawn.
    for picture, share in zip(turned[:, 0], turn, strict=True):
        ink = (picture > 0).nonzero().double()
        axis = torch.linalg.eigh(torch.cov((ink - ink.mean(0)).T))[1][:, -1]
        angle = torch.rad2deg(torch.atan2(axis[1], axis[0]))
        assert (angle - 90 * share + 90).remainder(180).item() == pytest.approx(90, abs=6)
    assert not torch.allclose(warped(0, 0.5, 0)(upright, noise, always), upright, atol=0.1)
    wide = (warped(0, 0, 0.7)(upright, noise, always) > 0).sum((1, 2, 3))
    assert wide.unique().numel() > 1


def test_categories_are_matched_one_to_one() -> None:
    classes = torch.tensor([0, 0, 1, 1, 2, 2])
    turned = (classes + 1) % 3
    assert matched((turned, classes), (turned, classes)) == 1
    # One category for everything tells one class right, and two for one class no more than one.
    alone = torch.zeros_like(classes)
    assert matched((alone, classes), (alone, classes)) == pytest.approx(1 / 3)
    # The matching is chosen on the known examples alone.
    assert matched((turned, classes), (classes, classes)) == 0
