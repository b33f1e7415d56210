"""A generator by styles that places and chooses: what a style says, and who is judged alone."""

from __future__ import annotations

import pytest
import torch

from counterplay.data.domain import Image
from counterplay.errors import UserError
from counterplay.game import generator, quiet, seeded
from counterplay.networks.placed import Blob, choice
from counterplay.networks.style import Mapping, PlainCritic, StyleGenerator
from counterplay.recipes import build, named, read


def normal(*shape: int, tag: str = "x") -> torch.Tensor:
    return torch.randn(*shape, generator=generator("placed", tag))


def made(**options: bool) -> StyleGenerator:
    with seeded("placed"):
        return StyleGenerator(16, 3, 32, 4, 8, 1, False, 1.0, 4, **options)


def test_a_choice_is_of_the_largest_number_and_of_mean_square_near_one() -> None:
    z = normal(2000, 8)
    chosen = choice(z)
    assert torch.equal(chosen.argmax(1), z.argmax(1))
    assert 0.75 < float(chosen.square().mean()) <= 1.0
    assert torch.allclose(chosen.sum(1), torch.full((2000,), 8**0.5))
    grouped = choice(z.unflatten(1, (2, 4)))
    assert torch.allclose(grouped.sum(2), torch.full((2000, 2), 2.0))


def test_the_first_half_of_the_latent_says_kinds_and_nothing_in_between() -> None:
    """Where what is largest stays so by far, nothing but it is heard; without kinds all is."""
    with seeded("mapping"):
        sure, free = Mapping(8, 6, 1, 1.0, 4), Mapping(8, 6, 1, 1.0)
    z = torch.tensor([[2.0, 0.0, 0.0, 0.0, 1.0, -1.0, 0.5, 0.2]])
    wiggled = z + torch.tensor([[0.0, 0.5, -0.5, 0.2, 0.0, 0.0, 0.0, 0.0]])
    turned = z[:, [1, 0, *range(2, 8)]]
    same, other = ((sure(x) - sure(z)).abs().max() for x in (wiggled, turned))
    assert same < 0.1 < 0.3 < other
    assert (free(wiggled) - free(z)).abs().max() > 0.1
    rest = z.clone()
    rest[:, 4:] *= -1
    assert (sure(rest) - sure(z)).abs().max() > 0.1


def test_the_first_style_says_where_and_moves_what_is_drawn() -> None:
    """Moved by whole places of the innermost grid it comes out moved, away from the borders."""
    network, w = made(placed=True), normal(1, 1, 8).expand(-1, 8, -1)
    assert isinstance(network.start, Blob)
    drawn, none = [], torch.zeros(1, network.noise)
    step = 2 / network.start.side
    for shift in (0.0, step):
        network.start.centre = lambda part, x=shift: torch.tensor([[x - step / 2, 0.0]])  # type: ignore[method-assign]
        with quiet(network):
            drawn.append(network(w, none))
    still, moved = drawn[0].roll(8, 3)[..., 14:18, 14:18], drawn[1][..., 14:18, 14:18]
    apart = (drawn[1] - drawn[0])[..., 14:18, 14:18].abs().mean()
    assert (moved - still).abs().mean() < 0.5 * apart
    # The twin begins with the same features wherever the style says.
    twin = made()
    with quiet(twin):
        assert torch.equal(twin.start(w[:, 0]), twin.start(-w[:, 0]))


def test_bounded_images_stay_in_the_range() -> None:
    w = 30 * normal(2, 8, 8)
    free, bounded = made(), made(bounded=True)
    with quiet(free), quiet(bounded):
        noise = torch.zeros(2, free.noise)
        x = free(w, noise)
        assert x.abs().max() > 1 >= bounded(w, noise).abs().max()
        assert torch.equal(bounded(w, noise), torch.tanh(x))


def test_the_plain_critic_sees_a_lack_of_variety_and_is_penalised_example_by_example() -> None:
    with seeded("critic"):
        critic = PlainCritic(3, 32, 4)
    for weight in critic.parameters():
        torch.nn.init.normal_(weight, 0.0, 0.2, generator=generator("weights", *weight.shape))
    x = normal(4, 3, 32, 32).requires_grad_()
    alike = x[:1].expand(4, -1, -1, -1)
    assert critic(x).shape == (4,)
    assert (critic(alike)[0] - critic(x)[0]).abs() > 1e-4
    for alone, heard in ((True, False), (False, True)):
        (slope,) = torch.autograd.grad(critic(x, alone=alone)[0], x)
        assert bool(slope[1:].abs().sum() > 0) is heard


def test_a_recipe_of_it_is_built_and_misfits_are_told() -> None:
    recipe = named("shapes-styled")
    game = build.game(recipe, Image(3, 32))
    assert isinstance(game.critic, PlainCritic)
    assert isinstance(game.generator.start, Blob)
    assert game.sample(2, seed=0).abs().max() <= 1
    odd = read("game: {latent: 20}", recipe)
    with pytest.raises(UserError, match=r"half of 20 numbers .* choices among 8; --game.latent 16"):
        build.game(odd, Image(3, 32))
    with pytest.raises(UserError, match=r"kinds: expected 0, or a whole number from 2, got 1"):
        read("game: {networks: {kinds: 1}}", recipe)
