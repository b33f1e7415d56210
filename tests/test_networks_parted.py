"""Parts of a latent: where, what and of which colour, each by its direction alone."""

from __future__ import annotations

import pytest
import torch

from counterplay.data.domain import Image
from counterplay.errors import UserError
from counterplay.game import generator, seeded
from counterplay.networks import ConvGenerator
from counterplay.networks.parted import PARTS, Kind, PartedGenerator
from counterplay.networks.placed import Blob
from counterplay.networks.style import modulated_grouped
from counterplay.recipes import build, named, read


def made(size: int = 16) -> PartedGenerator:
    with seeded("parted"):
        return PartedGenerator(2 * PARTS, 3, size, 4)


@pytest.mark.parametrize(("size", "layers"), [(8, 2), (16, 4), (28, 4), (32, 6)])
def test_every_part_is_heard_at_every_size(size: int, layers: int) -> None:
    network = made(size)
    assert len(network.layers) == layers
    z = torch.randn(3, 2 * PARTS, generator=generator("z"))
    x = network(z)
    assert x.shape == (3, 3, size, size)
    assert x.abs().max() < 1
    for at in range(0, 2 * PARTS, 2):
        turned = z.clone()
        turned[:, at : at + 2] *= -1
        assert (network(turned) - x).abs().amax((1, 2, 3)).min() > 1e-4


def test_a_blob_is_one_and_the_same_wherever_it_lies() -> None:
    with seeded("blob"):
        blob = Blob(2, 5, 12)
    z = torch.randn(4, 2, generator=generator("where"))
    h, centre = blob(z), blob.centre(z)
    assert centre.abs().max() < 0.6
    places = (torch.arange(12) + 0.5) / 6 - 1
    x, y = places[None, None, :], places[None, :, None]
    square = (x - centre[:, 0, None, None]) ** 2 + (y - centre[:, 1, None, None]) ** 2
    assert torch.allclose(h, torch.exp(-square / (2 * 0.25**2))[:, None] * blob.features, atol=1e-6)
    shares = h / blob.features  # no channel knows more of the place than another
    assert torch.allclose(shares, shares[:, :1].expand_as(shares), atol=1e-5)


def test_the_first_part_alone_says_the_place() -> None:
    """What is moved by a whole place of the grid comes out moved, away from the borders."""
    network, z = made(), torch.randn(1, 6, generator=generator("z"))
    step = 2 / network.where.side
    drawn = []
    for shift in (0.0, step):
        network.where.centre = lambda part, x=shift: torch.tensor([[x - step / 2, 0.0]])  # type: ignore[method-assign]
        drawn.append(network(z))
    still, moved = (each[..., 5:-5, 5:-5] for each in (drawn[0].roll(2, 3), drawn[1]))
    assert torch.allclose(moved, still, atol=1e-3)
    assert not torch.allclose(moved, drawn[0][..., 5:-5, 5:-5], atol=1e-2)
    # The broken twin: a projection of the whole latent has weights of its own at every place.
    with seeded("whole"):
        whole = ConvGenerator(6, 3, 16, 4)
    parts = [torch.cat([sign * z[:, :2], z[:, 2:]], 1) for sign in (1, -1)]
    one, other = (whole(part)[0].flatten(1).sort(1).values for part in parts)
    assert not torch.allclose(one, other, atol=1e-2)


def test_a_layer_is_a_convolution_with_factors_of_its_part_alone() -> None:
    network, rng = made(), generator("layer")
    layer = network.layers[1]
    h, z = torch.randn(4, 8, 8, 8, generator=rng), torch.randn(4, 2, generator=rng)
    by_hand = modulated_grouped(h, layer.weight(), layer.factors(z)) + layer.bias
    assert torch.allclose(layer(h, z), by_hand, atol=1e-5)
    # Alike wherever it is said: what is moved comes out moved, away from the edges.
    moved = layer(h.roll(1, 3), z)[..., 2:-1]
    assert torch.allclose(moved, layer(h, z).roll(1, 3)[..., 2:-1], atol=1e-5)


def test_the_mean_of_latents_of_a_kind_is_of_that_kind() -> None:
    """What a layer is told by it is nearest to what it is told by that kind's latents."""
    with seeded("kind"):
        layer = Kind(6, 8, 4)
    owner = torch.tensor([0, 0, 1, 1, 1, 2])  # a kind may have more numbers than one
    z = torch.nn.functional.normalize(torch.randn(4000, 6, generator=generator("z"))) * 6**0.5
    chosen = z.argmax(1)
    told = torch.stack([layer.factors(z[chosen == one]).mean(0) for one in range(6)])
    for kind in range(3):
        mean = z[owner[chosen] == kind].mean(0, keepdim=True)
        mean = torch.nn.functional.normalize(mean) * 6**0.5
        between = told[owner == kind].mean(0)
        others = told[owner != kind]
        apart = (layer.factors(mean) - between).norm()
        assert apart < (layer.factors(mean) - others).norm(dim=1).min()
    # The broken twin: what is none of the others is a kind as well, and has no mean of its own.
    caps = z[:, :3] > 1
    assert z[~caps.any(1)].mean(0).norm() < 0.5 * z[caps[:, 0]].mean(0).norm()


def test_the_last_part_alone_says_the_colour() -> None:
    network, z = made(), torch.randn(4, 6, generator=generator("z"))
    with torch.no_grad():
        network.colours.bias.zero_()
        drawn = torch.atanh(network(z).double().clamp(-0.999999, 0.999999)).flatten(2)
    assert (torch.linalg.matrix_rank(drawn, rtol=1e-3) == 1).all()
    mixed = torch.cat([z.flip(0)[:, :4], z[:, 4:]], 1)
    other = torch.atanh(network(mixed).double().clamp(-0.999999, 0.999999)).flatten(2)
    hues = [torch.nn.functional.normalize(each.sum(2).abs(), dim=1) for each in (drawn, other)]
    assert torch.allclose(hues[0], hues[1], atol=1e-3)


def test_the_length_of_a_part_says_nothing() -> None:
    network, z = made(), torch.randn(4, 6, generator=generator("z"))
    longer = z * torch.tensor([3.0, 3.0] + [1.0] * 4)
    assert torch.allclose(network(z), network(longer), atol=1e-5)
    # The broken twin: a projection of the whole, which all parts and their lengths go into.
    with seeded("whole"):
        whole = ConvGenerator(6, 3, 16, 4)
    assert not torch.allclose(whole(z), whole(longer), atol=1e-2)


def test_a_recipe_of_it_is_built_and_misfits_are_told() -> None:
    recipe = named("shapes-parted")
    game = build.game(recipe, Image(3, 16))
    assert isinstance(game.generator, PartedGenerator)
    assert list(game.penalties) == ["r1", "r2"]
    uneven = read("name: t\ngame: {type: gan, latent: 20, networks: {type: parted}}")
    with pytest.raises(UserError, match=r"latent of 3 equal parts, and 20 .* --game.latent 21"):
        build.game(uneven, Image(3, 32))
    shown = read("name: t\ngame: {type: gan, conditional: true, networks: {type: parted}}")
    with pytest.raises(UserError, match=r"--game\.no-conditional"):
        build.game(shown, Image(3, 16, ("a", "b")))
