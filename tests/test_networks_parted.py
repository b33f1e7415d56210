"""Parts of a latent: each tells its own layer, alike at every place, by its direction alone."""

from __future__ import annotations

import pytest
import torch
from torch.func import functional_call

from counterplay.data.domain import Image
from counterplay.errors import UserError
from counterplay.game import generator, seeded
from counterplay.networks import ConvGenerator
from counterplay.networks.parted import PartedGenerator, parts
from counterplay.networks.style import modulated_grouped
from counterplay.recipes import build, named, read


def made(size: int = 16) -> PartedGenerator:
    with seeded("parted"):
        return PartedGenerator(2 * parts(size), 3, size, 4)


@pytest.mark.parametrize(("size", "count"), [(8, 4), (16, 6), (28, 6), (32, 8)])
def test_there_is_a_part_for_each_layer_and_one_for_the_colours(size: int, count: int) -> None:
    network = made(size)
    assert parts(size) == count == len(network.layers) + 1
    z = torch.randn(3, 2 * count, generator=generator("z"))
    x = network(z)
    assert x.shape == (3, 3, size, size)
    assert x.abs().max() < 1
    for at in range(0, 2 * count, 2):  # every part is heard
        turned = z.clone()
        turned[:, at : at + 2] *= -1
        assert (network(turned) - x).abs().amax((1, 2, 3)).min() > 1e-4


def test_a_layer_is_a_convolution_with_factors_of_its_part_alone() -> None:
    network, rng = made(), generator("layer")
    layer = network.layers[2]
    h, z = torch.randn(4, 8, 8, 8, generator=rng), torch.randn(4, 2, generator=rng)
    factors = layer.factors(torch.nn.functional.leaky_relu(layer.hear(z), 0.2))
    by_hand = modulated_grouped(h, layer.weight(), factors) + layer.bias
    assert torch.allclose(layer(h, z), by_hand, atol=1e-5)
    # Alike wherever it is said: what is moved comes out moved, away from the edges.
    moved = layer(h.roll(1, 3), z)[..., 2:-1]
    assert torch.allclose(moved, layer(h, z).roll(1, 3)[..., 2:-1], atol=1e-5)


def test_the_last_part_alone_says_the_colour() -> None:
    network, z = made(), torch.randn(4, 12, generator=generator("z"))
    with torch.no_grad():
        network.colours.bias.zero_()
        drawn = torch.atanh(network(z).double().clamp(-0.999999, 0.999999)).flatten(2)
    assert (torch.linalg.matrix_rank(drawn, rtol=1e-3) == 1).all()
    mixed = torch.cat([z.flip(0)[:, :10], z[:, 10:]], 1)
    other = torch.atanh(network(mixed).double().clamp(-0.999999, 0.999999)).flatten(2)
    hues = [torch.nn.functional.normalize(each.sum(2).abs(), dim=1) for each in (drawn, other)]
    assert torch.allclose(hues[0], hues[1], atol=1e-3)


def test_the_length_of_a_part_says_nothing() -> None:
    network, z = made(), torch.randn(4, 12, generator=generator("z"))
    longer = z * torch.tensor([3.0, 3.0] + [1.0] * 10)
    assert torch.allclose(network(z), network(longer), atol=1e-5)
    # The broken twin: a projection of the whole, which all parts and their lengths go into.
    with seeded("whole"):
        whole = ConvGenerator(12, 3, 16, 4)
    assert not torch.allclose(whole(z), whole(longer), atol=1e-2)


def test_one_part_of_it_moves_nothing_that_an_earlier_layer_made() -> None:
    network, z = made(), torch.randn(2, 12, generator=generator("z"))
    seen: list[torch.Tensor] = []
    network.layers[3].register_forward_hook(lambda *call: seen.append(call[2]))
    parameters = dict(network.named_parameters())
    for part in (z, torch.cat([z[:, :8], -z[:, 8:]], 1), torch.cat([-z[:, :2], z[:, 2:]], 1)):
        functional_call(network, parameters, (part,))
    assert torch.equal(seen[0], seen[1])
    assert not torch.allclose(seen[0], seen[2], atol=1e-3)


def test_a_recipe_of_it_is_built_and_misfits_are_told() -> None:
    recipe = named("shapes-parted")
    game = build.game(recipe, Image(3, 16))
    assert isinstance(game.generator, PartedGenerator)
    assert list(game.penalties) == ["r1", "r2"]
    with pytest.raises(UserError, match=r"latent of 8 equal parts, and 18 .* --game.latent 16"):
        build.game(recipe, Image(3, 32))
    shown = read("name: t\ngame: {type: gan, conditional: true, networks: {type: parted}}")
    with pytest.raises(UserError, match=r"--game\.no-conditional"):
        build.game(shown, Image(3, 16, ("a", "b")))
