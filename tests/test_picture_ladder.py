"""Latents on grids: who sees what of a picture, by gradient, and what a recipe makes of it."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from counterplay.data import Image, Vector
from counterplay.errors import UserError
from counterplay.game import generator, seeded
from counterplay.networks.picture_ladder import GridDecoder, grids, picture_ladder
from counterplay.recipes import build, named
from counterplay.recipes.schema import Recipe
from counterplay.recipes.specs.coders import Picture
from counterplay.recipes.specs.vae import Hierarchical

LAYERS = grids(16, (1, 2, 3), 4)  # on grids of 8, 4 and a single place


def parts(chained: bool) -> tuple[list[nn.Module], ...]:
    with seeded("ladder"):
        return picture_ladder(1, LAYERS, chained)


def seen(output: Tensor, x: Tensor) -> Tensor:
    """Return which numbers of one example the sum of ``output`` moves with."""
    return torch.autograd.grad(output.sum(), x)[0][0] != 0


def pictures() -> Tensor:
    return torch.randn(1, 1, 16, 16, generator=generator("grids")).requires_grad_()


def test_grids_halve_to_the_smallest_and_end_in_one_place():
    assert [grid.side for grid in grids(28, (1, 1, 1, 1), 8)] == [14, 7, 1, 1]
    assert [grid.numbers for grid in grids(32, (2, 2, 3, 5), 8)] == [512, 128, 48, 5]
    with pytest.raises(UserError, match="sizes are"):
        grids(17, (1, 1), 8)


def test_the_lowest_latents_see_their_own_surroundings_and_the_highest_the_whole():
    climbs, told, _ = parts(chained=True)
    x = pictures()
    lowest = told[0](climbs[0](x))
    assert lowest.shape == (1, 2 * LAYERS[0].numbers)
    corner = seen(lowest[0, 0], x)[0]
    assert corner[0, 0]
    assert not corner[8:].any()
    assert not corner[:, 8:].any()
    highest = told[2](climbs[2](climbs[1](climbs[0](x))))
    assert seen(highest[0], x).all()


def test_latents_over_latents_read_rows_as_the_places_they_are():
    climbs, told, _ = parts(chained=False)
    z = torch.randn(1, LAYERS[0].numbers, generator=generator("z")).requires_grad_()
    corner = seen(told[1](climbs[1](z))[0, 0], z).view(8, 8)
    assert corner[0, 0]
    assert not corner[7:].any()
    assert not corner[:, 7:].any()


def test_the_prior_above_and_the_pixels_below_stand_at_the_same_place():
    _, _, descents = parts(chained=True)
    z = torch.randn(1, LAYERS[1].numbers, generator=generator("z")).requires_grad_()
    last = seen(descents[0](z)[0, LAYERS[0].numbers - 1], z).view(2, 4, 4)
    assert last[:, 3, 3].all()
    assert not last[:, 0].any()
    low = torch.randn(1, LAYERS[0].numbers, generator=generator("low")).requires_grad_()
    with seeded("decoder"):
        decoder = GridDecoder(LAYERS[0], 1)
    pixel = seen(decoder(low)[0, 0, 15, 15], low).view(8, 8)
    assert pixel[7, 7]
    assert not pixel[:4].any()
    z = torch.randn(1, LAYERS[2].numbers, generator=generator("top")).requires_grad_()
    assert seen(descents[1](z)[0, 0], z).all()


@pytest.mark.parametrize("infer", ["top_down", "bottom_up"])
def test_a_recipe_of_pictures_makes_it_by_the_argument_of_the_dense_one(infer):
    spec = Hierarchical(Picture(4), latents=(1, 2, 3), infer=infer)
    game = build.game(Recipe("grids", game=spec), Image(3, 16, (), 2))
    assert game.sample(2).shape == (2, 3, 16, 16)
    assert game.encode(game.sample(2)).shape == (2, 64 + 32 + 3)
    with pytest.raises(UserError, match="networks of type picture"):
        build.game(named("ladder-pictures"), Vector(3, ("a",) * 3, (0.0,) * 3, (1.0,) * 3, (), 2))


def test_of_a_layer_on_a_grid_it_is_told_whether_it_is_used():
    spec = Hierarchical(Picture(4), latents=(1, 2, 3))
    with seeded("silent"):
        game = build.game(Recipe("grids", game=spec), Image(1, 16, (), 2))
    for p in game.evidences[2].parameters():
        p.data.zero_()
    x = torch.randn(40, 1, 16, 16, generator=generator("x")).sign()
    said = " ".join(game.remarks(x))
    assert "of 64 latents active" in said
    assert "3 has collapsed" in said or "and 3 have collapsed" in said
