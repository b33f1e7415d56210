"""The gated PixelCNN: no blind spot, colours in order, a sampler that keeps rows and columns."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d

from counterplay.check import check_game
from counterplay.errors import UserError
from counterplay.game import Batch, generator, quiet, seeded
from counterplay.games.autoregressive import Autoregressive
from counterplay.networks.mixture import coupled, logistics
from counterplay.networks.pixelcnn import Layer, Ordered, PixelCNN


def net(shape: tuple, levels: int = 3, **options: int) -> PixelCNN:
    with seeded("test"):
        return PixelCNN(shape, levels, **{"features": 6, "layers": 4, "radius": 2, **options})


def seen(network: nn.Module, shape: tuple, at: tuple[int, int, int]) -> Tensor:
    """Return which numbers of a picture the logits at (colour, row, column) move with."""
    x = torch.rand(4, *shape, generator=generator("pictures")).requires_grad_()
    c, i, j = at
    (slope,) = torch.autograd.grad(network(x)[:, c, i, j].square().sum(), x)
    return slope.abs().amax(0) > 0


def before(shape: tuple, at: tuple[int, int, int]) -> Tensor:
    """Return which numbers come before ``at``: pixels in raster order, then colours."""
    colours, height, width = shape
    place = torch.arange(height * width).view(1, height, width) * colours
    order = place + torch.arange(colours).view(-1, 1, 1)
    return order < order[at]


@pytest.mark.parametrize("shape", [(1, 5, 5), (3, 4, 5)])
def test_each_number_sees_all_before_it_and_nothing_else(shape: tuple) -> None:
    # Wide, so that no colour has but dead units in the head.
    network = net(shape, features=24)
    for at in itertools.product(*map(range, shape)):
        assert torch.equal(seen(network, shape, at), before(shape, at)), at


class Masked(nn.Module):
    """The twin: one stack of masked 3 × 3 convolutions, mask A first and then B."""

    def __init__(self) -> None:
        super().__init__()
        with seeded("twin"):
            self.layers = nn.ModuleList(nn.Conv2d(4 if i else 1, 4, 3) for i in range(8))

    def forward(self, x: Tensor) -> Tensor:
        for i, layer in enumerate(self.layers):
            mask = torch.ones(3, 3)
            mask[1, 1 + (i > 0) :] = 0
            mask[2] = 0
            x = conv2d(x, layer.weight * mask, layer.bias, padding=1).tanh()
        return x[:, :1, :, :, None]


def test_one_masked_stack_has_a_blind_spot_and_two_stacks_have_none() -> None:
    shape, at = (1, 7, 7), (0, 4, 2)
    lost = before(shape, at) & ~seen(Masked(), shape, at)
    assert bool(lost[0, 3, 4:].all())
    assert not bool(lost[0, :, :2].any())
    assert torch.equal(seen(net(shape), shape, at), before(shape, at))


@pytest.mark.parametrize(("shape", "levels"), [((1, 3, 3), 2), ((2, 2, 2), 2)])
def test_the_masses_of_all_pictures_sum_to_one(shape: tuple, levels: int) -> None:
    size = torch.Size(shape).numel()
    x = torch.tensor(list(itertools.product((-1.0, 1.0), repeat=size))).view(-1, *shape)
    mass = Autoregressive(net(shape, levels)).log_prob(x).double().exp()
    assert float(mass.sum()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("shape", [(1, 6, 5), (3, 4, 5)])
def test_the_sampler_that_keeps_rows_scores_as_the_parallel_pass(shape: tuple) -> None:
    game = Autoregressive(net(shape)).double()
    x, score = game.sample_scored(8, seed=1)
    assert torch.allclose(score, game.log_prob(x), rtol=0, atol=1e-5)
    assert len(x.unique()) == 3


@pytest.mark.parametrize("colours", [1, 2])
def test_one_pass_a_number_is_all_that_a_pixel_costs(colours: int) -> None:
    network, passes = net((colours, 3, 4)), []
    inner = network.layers[-1]
    assert isinstance(inner, Layer)
    network.layers[-1].across.taps = counted(inner.across, passes)
    with quiet(network):
        network.generate(2, lambda output: torch.zeros(len(output)).long())
    assert len(passes) == colours * 12


def counted(ordered: Ordered, passes: list[int]) -> Callable[[], Callable[[Tensor], Tensor]]:
    taps = ordered.taps()

    def one(x: Tensor) -> Tensor:
        passes.append(len(x))
        return taps(x)

    return lambda: one


def mixed(shape: tuple, levels: int) -> Autoregressive:
    network = net(shape, levels, components=3, features=24)
    with seeded("mixture"):
        for p in network.parameters():
            nn.init.normal_(p, std=0.3)
    return Autoregressive(network, output=logistics(levels))


def test_a_mixture_of_logistic_laws_has_mass_one_on_256_levels() -> None:
    rng = generator("outputs")
    output = torch.randn(50, 3 * 4, generator=rng).double() * 2
    every = torch.arange(256).expand(50, 256)
    masses = logistics(256).log_mass(output.unsqueeze(1).expand(50, 256, 12), every).exp()
    assert torch.allclose(masses.sum(1), torch.ones(50).double(), atol=1e-5)
    # The twin, a density at the middles times the step, has lost what lies beyond the edges.
    weight, place, spread = output.chunk(3, -1)
    scale = torch.exp(-6 + torch.nn.functional.softplus(spread + 6)).unsqueeze(-1)
    u = (torch.linspace(-1, 1, 256).double() - place.unsqueeze(-1)) / scale
    density = u.sigmoid() * (-u).sigmoid() / scale
    twin = (weight.softmax(-1).unsqueeze(-1) * density).sum((1, 2)) * 2 / 255
    assert float((twin - 1).abs().median()) > 0.01


def test_levels_drawn_from_a_mixture_have_the_masses_that_are_scored() -> None:
    output = torch.tensor([0.3, -0.4, 1.1, -0.9, 0.2, 0.7, -2.0, -1.0, -3.0])
    law = logistics(16)
    masses = law.log_mass(output.expand(16, 9), torch.arange(16)).exp()
    levels = law.draw(output.expand(40_000, 9), generator("levels"))
    seen = torch.bincount(levels, minlength=16) / len(levels)
    assert float((seen - masses).abs().sum() / 2) < 0.02
    assert float((seen.flip(0) - masses).abs().sum() / 2) > 0.1


def test_the_mixture_is_finite_and_slopes_where_its_laws_are_far_away() -> None:
    output = torch.tensor([[0.0, 40.0, -9.0]]).repeat(256, 1).requires_grad_()
    log_mass = logistics(256).log_mass(output, torch.arange(256))
    log_mass.sum().backward()
    assert log_mass.isfinite().all()
    assert output.grad is not None
    assert bool((output.grad[:-1, 1] != 0).all())


@pytest.mark.parametrize(("shape", "levels"), [((2, 2, 1), 3), ((1, 2, 2), 4)])
def test_the_masses_of_all_pictures_sum_to_one_by_mixtures(shape: tuple, levels: int) -> None:
    size, values = torch.Size(shape).numel(), torch.linspace(-1, 1, levels).tolist()
    x = torch.tensor(list(itertools.product(values, repeat=size))).view(-1, *shape)
    mass = mixed(shape, levels).log_prob(x).double().exp()
    assert float(mass.sum()) == pytest.approx(1, abs=1e-4)
    assert float(mass.log().std()) > 0.1


def test_places_follow_the_colours_before_and_no_others() -> None:
    shape, game = (3, 3, 3), mixed((3, 3, 3), 16)
    for at in itertools.product(range(3), (1,), (1, 2)):
        assert torch.equal(seen(game.network, shape, at), before(shape, at)), at
    # With no way through the stacks the places still follow, in a straight line.
    x = torch.rand(5, 3, 1, 1, generator=generator("colours")).requires_grad_()
    places = coupled(torch.ones(5, 3, 1, 1, 6), x, 1)[..., 1]
    slopes = torch.stack(
        [
            torch.autograd.grad(places[:, c].sum(), x, retain_graph=c < 2)[0][0].flatten()
            if c
            else torch.zeros(3)
            for c in range(3)
        ]
    )
    assert torch.allclose(slopes, torch.ones(3, 3).tril(-1) * torch.tensor(1.0).tanh())


@pytest.mark.parametrize("shape", [(1, 4, 3), (3, 3, 4)])
def test_the_sampler_scores_mixtures_as_the_parallel_pass(shape: tuple) -> None:
    game = mixed(shape, 8).double()
    x, score = game.sample_scored(8, seed=1)
    assert torch.allclose(score, game.log_prob(x), rtol=0, atol=1e-5)
    assert len(x.unique()) > 3


def test_classes_reach_both_stacks_and_samples_are_scored_by_theirs() -> None:
    network = net((2, 3, 4), classes=3)
    with seeded("classes"):
        for p in network.parameters():
            nn.init.normal_(p, std=0.3)
    game = Autoregressive(network, share=(0.2, 0.3, 0.5)).double()
    y = torch.arange(12) % 3
    x, score = game.sample_scored(12, 1, y)
    assert torch.allclose(score, game.log_prob(x, y), rtol=0, atol=1e-5)
    assert not torch.allclose(score, game.log_prob(x, (y + 1) % 3), atol=0.1)


def test_a_wide_first_layer_leaves_no_blind_spot() -> None:
    shape = (1, 6, 6)
    network = net(shape, features=24, radius=1, reach=3, layers=6)
    for at in itertools.product((0,), (0, 3, 5), range(6)):
        assert torch.equal(seen(network, shape, at), before(shape, at)), at


def test_fewer_features_than_colours_are_refused() -> None:
    with pytest.raises(UserError, match="use at least 3"):
        net((3, 4, 4), features=2)


def test_a_game_on_pictures_keeps_the_rules() -> None:
    x = torch.rand(4, 2, 4, 4, generator=generator("pictures")) * 2 - 1
    check_game(Autoregressive(net((2, 4, 4), layers=2)), Batch(x))
