"""The generator by styles: each part held to its definition, and who moves its averages."""

from __future__ import annotations

import itertools

import pytest
import torch
from game_rows_networks import pictures, style
from torch import nn
from torch.nn.functional import avg_pool2d, conv2d, softplus

from counterplay.costs import relativistic
from counterplay.dynamics import alternating
from counterplay.game import Batch, Round, generator, quiet, seeded
from counterplay.games.style import mixed, path_lengths
from counterplay.networks.equal import EqualConv
from counterplay.networks.style import (
    Mapping,
    StyleCritic,
    StyleGenerator,
    halved,
    modulated,
    modulated_grouped,
)
from counterplay.penalties import Charge, gradient_norms, r1, r2
from counterplay.train import State, train


def normal(*shape: int, tag: str = "x") -> torch.Tensor:
    return torch.randn(*shape, generator=generator("style", tag))


def loop(
    h: torch.Tensor, weight: torch.Tensor, styles: torch.Tensor, demodulate: bool
) -> torch.Tensor:
    """The definition, an example at a time."""
    out = []
    for x, s in zip(h, styles, strict=True):
        each = weight * s[None, :, None, None]
        if demodulate:
            each = each / torch.sqrt(each.square().sum((1, 2, 3), keepdim=True) + 1e-8)
        out.append(conv2d(x[None], each, padding=weight.shape[-1] // 2))
    return torch.cat(out)


@pytest.mark.parametrize("demodulate", [True, False])
@pytest.mark.parametrize("kernel", [1, 3])
@pytest.mark.parametrize("how", [modulated, modulated_grouped])
def test_modulated_convolution_is_a_convolution_for_each_example(
    how: object, kernel: int, demodulate: bool
) -> None:
    h, weight, styles = normal(5, 6, 8, 8), normal(7, 6, kernel, kernel), 1 + normal(5, 6, tag="s")
    expected = loop(h, weight, styles, demodulate)
    scale = expected.abs().max()
    assert (how(h, weight, styles, demodulate) - expected).abs().max() <= 1e-5 * scale


def test_demodulation_keeps_the_deviation_whatever_the_style() -> None:
    h, weight = normal(8, 64, 16, 16), normal(64, 64, 3, 3)
    styles = torch.exp(normal(8, 64, tag="s"))
    inner = (slice(None), slice(None), slice(1, -1), slice(1, -1))  # the border sees zeros
    assert 0.9 <= modulated(h, weight, styles)[inner].std() <= 1.1
    assert modulated(h, weight, styles, demodulate=False)[inner].std() > 10


def test_the_mapping_sees_the_direction_of_a_latent_and_not_its_length() -> None:
    with seeded("style"):
        mapping = Mapping(6, 8, 2)
    z = normal(4, 6)
    assert torch.allclose(mapping(z), mapping(3 * z), atol=1e-6)
    assert (mapping(z)[0] - mapping(z)[1]).abs().max() > 1e-2


@pytest.mark.parametrize("size", [8, 20, 28, 32])
@pytest.mark.parametrize("channels", [1, 3])
def test_one_rule_sizes_the_style_networks(size: int, channels: int) -> None:
    with seeded("style"):
        forge, judge = StyleGenerator(4, channels, size, 2, 8, 2), StyleCritic(channels, size, 2)
    with quiet(forge), quiet(judge):
        x = forge(forge.styles(normal(4, 4)), normal(4, forge.noise))
        assert x.shape == (4, channels, size, size)
        assert judge(x).shape == (4,)


def small() -> StyleGenerator:
    with seeded("style"):
        return StyleGenerator(4, 1, 16, 4, 8, 2)


def test_every_layers_style_has_its_say_and_noise_has_when_it_is_strong() -> None:
    forge = small()
    w = forge.styles(normal(2, 4)).clone().requires_grad_()
    none = torch.zeros(2, forge.noise)
    (slope,) = torch.autograd.grad(forge(w, none).square().sum(), w)
    assert (slope.abs().amax((0, 2)) > 0).all()
    loud = normal(2, forge.noise)
    assert torch.equal(forge(w, loud), forge(w, none))  # strengths start at zero
    for layer in forge.styled:
        nn.init.constant_(layer.strength, 0.5)
    assert (forge(w, loud) - forge(w, none)).abs().max() > 1e-2


def test_mixing_takes_coarse_layers_from_one_and_fine_ones_from_the_other() -> None:
    a, b = normal(3, 6, 2, tag="a"), normal(3, 6, 2, tag="b")
    assert torch.equal(mixed(a, b, 0), b)
    assert torch.equal(mixed(a, b, 6), a)
    one = mixed(a, b, torch.tensor([0, 2, 6]))
    assert torch.equal(one[0], b[0])
    assert torch.equal(one[1, :2], a[1, :2])
    assert torch.equal(one[1, 2:], b[1, 2:])
    assert torch.equal(one[2], a[2])


def test_a_share_of_the_examples_is_mixed() -> None:
    for share in (0.0, 0.5, 1.0):
        with seeded("style"):
            game = style(mixing=share)
        alike = []
        game.generator.register_forward_pre_hook(
            lambda _, inputs, alike=alike: alike.append(
                (inputs[0] == inputs[0][:, :1]).flatten(1).all(1)
            )
        )
        for step in range(8):
            game.fake(Round(pictures(), step))
        found = 1 - torch.cat(alike).float().mean().item()
        assert found == pytest.approx(share, abs=0.2 if share == 0.5 else 0)


def test_truncation_draws_styles_to_their_average_and_images_together() -> None:
    with seeded("style"):
        game = style()
    game.generator.follow(game.generator.mapping(normal(512, 4)), decay=0.0)
    z = normal(64, 4, tag="z")
    spreads = [
        float(game.synthesise(game.styles(z, psi)).var(0).mean())
        for psi in (1.0, 0.7, 0.5, 0.3, 0.0)
    ]
    assert all(a > b for a, b in itertools.pairwise(spreads))
    assert spreads[-1] <= 1e-12
    assert torch.allclose(game.styles(z, 1.0), game.styles(z), atol=1e-6)
    # In the first layers alone: the others keep their styles.
    partly = game.styles(z, 0.0, layers=2)
    assert torch.allclose(partly[:, 2:], game.styles(z)[:, 2:], atol=1e-6)
    assert (partly[:, :2] - game.generator.get_buffer("mean")).abs().max() <= 1e-6


def test_running_averages_move_in_the_generators_move_alone() -> None:
    with seeded("style"):
        state = State(style(path_every=1))
    names = ("generator.mean", "generator.path_mean")
    buffers = dict(state.game.named_buffers())
    before = [buffers[name].clone() for name in names]
    critic, forge = state.seats
    alternating([critic], Round(pictures(), 0))
    state.game.sample(4)
    assert all(torch.equal(buffers[n], b) for n, b in zip(names, before, strict=True))
    alternating([forge], Round(pictures(), 0))
    assert not any(torch.equal(buffers[n], b) for n, b in zip(names, before, strict=True))


def test_the_average_style_comes_to_be_the_mean_of_styles() -> None:
    forge = small()
    with torch.no_grad():
        truth = forge.mapping(normal(4096, 4)).mean(0)
        for t in range(1500):
            forge.follow(forge.mapping(normal(8, 4, tag=str(t))))
    spread = forge.mapping(normal(4096, 4)).std(0).mean()
    assert (forge.get_buffer("mean") - truth).abs().mean() < 0.1 * spread


def test_path_length_is_the_scale_of_a_linear_map() -> None:
    # x = c w for one layer of as many numbers as pixels: l = c |y| / sqrt(H W), on average c.
    w, y = normal(50, 1, 64).requires_grad_(), normal(50, 1, 8, 8, tag="y")
    lengths = path_lengths(3.0 * w.view(50, 1, 8, 8), w, y)
    assert torch.allclose(lengths, 3.0 * y.flatten(1).norm(dim=1) / 8, atol=1e-5)
    assert lengths.mean().item() == pytest.approx(3.0, rel=0.05)
    # Layers that are moved together: the same map of their sum, over L layers.
    layers = normal(50, 4, 64).requires_grad_()
    together = path_lengths(3.0 * layers.mean(1).view(50, 1, 8, 8), layers, y)
    assert torch.allclose(together, lengths / 4, atol=1e-5)


def test_the_paths_term_is_played_when_due_and_weighs_as_much_more() -> None:
    with seeded("style"):
        game = style(path=1.0, path_every=4)
    with seeded("style"):
        always = style(path=1.0, path_every=1)
    terms = [game.generator_cost(Round(pictures(), step))["path"].detach() for step in range(5)]
    values = [float(term) for term in terms]
    assert values[1:4] == [0.0, 0.0, 0.0]
    assert values[4] > 0
    once = float(always.generator_cost(Round(pictures(), 0))["path"].detach())
    assert values[0] == pytest.approx(4 * once, rel=1e-5)


def test_the_penalty_is_paid_when_due_and_weighs_as_much_more() -> None:
    with seeded("style"):
        game = style(penalties={"r1": Charge(2.0, r1, 4)})
    with seeded("style"):
        always = style(penalties={"r1": (2.0, r1)})
    paid = [game.critic_cost(Round(pictures(), step)).get("r1") for step in range(5)]
    assert [each is not None for each in paid] == [False, False, False, True, False]
    once = float(always.critic_cost(Round(pictures(), 3))["r1"].detach())
    assert float(paid[3].detach()) == pytest.approx(4 * once, rel=1e-5)


def test_with_paired_costs_a_generated_example_is_held_against_a_real_one() -> None:
    with seeded("style"):
        game = style(cost=relativistic, penalties={"r1": (2.0, r1), "r2": (3.0, r2)}, path=0.0)
    round = Round(pictures(), 0)
    real, fake = game.verdicts(round)
    terms = game.critic_cost(round)
    torch.testing.assert_close(terms["adversarial"], softplus(fake - real).mean())
    norms = gradient_norms(lambda x: game.critic(x, alone=True), game.fake(round))
    torch.testing.assert_close(terms["r2"], 1.5 * norms.square().mean())
    forged = game.generator_cost(round)["adversarial"]
    torch.testing.assert_close(forged, softplus(real - fake).mean())


@pytest.mark.parametrize("kernel", [1, 3])
def test_a_halving_convolution_is_a_convolution_and_means_after_it(kernel: int) -> None:
    layer = EqualConv(5, 7, kernel)
    nn.init.normal_(layer.bias)
    h = normal(3, 5, 8, 12)
    expected = avg_pool2d(layer(h), 2)
    assert (halved(h, layer) - expected).abs().max() <= 1e-5 * expected.abs().max()


def test_equal_styles_are_equal_images_and_samples_are_grainy() -> None:
    with seeded("style"):
        game = style()
    for layer in game.generator.styled:
        nn.init.constant_(layer.strength, 0.5)
    w = game.styles(normal(1, 4)).expand(2, -1, -1)
    a, b = game.synthesise(w)
    assert torch.equal(a, b)
    a, b = game.synthesise(w, normal(2, game.generator.noise))
    assert (a - b).abs().max() > 1e-2


def test_a_style_game_learns_a_colour() -> None:
    # Grey pictures of one level each, in [0, 1]: after a minute's hundredth the mean is there.
    with seeded("style"):
        state = State(style(path=0.0))
    rng = generator("levels")
    levels = [torch.rand(8, 1, 1, 1, generator=rng).expand(8, 1, 16, 16) for _ in range(80)]
    start = state.game.sample(64).mean().item()
    for _ in train(state.game, [Batch(x.contiguous()) for x in levels], state=state):
        pass
    end = state.game.sample(64).mean().item()
    assert abs(end - 0.5) < 0.3
    assert abs(end - 0.5) < abs(start - 0.5)


def test_the_paths_term_is_computed_in_float32_under_autocast() -> None:
    values = []
    for enabled in (False, True):
        with seeded("style"):
            game = style(path=1.0)
        with torch.autocast("cpu", torch.bfloat16, enabled=enabled):
            terms = game.generator_cost(Round(pictures(), 0))
        values.append({name: float(term.detach()) for name, term in terms.items()})
    assert values[0]["path"] == values[1]["path"]
    assert values[0]["adversarial"] != values[1]["adversarial"]  # the twin is in bf16
