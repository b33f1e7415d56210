"""Norms, attention, equalised weights and residual networks: each held to its definition."""

from __future__ import annotations

import math
from functools import partial

import pytest
import torch
from torch import nn

from counterplay.game import generator, quiet, seeded
from counterplay.networks import ConvGenerator
from counterplay.networks.attention import SelfAttention
from counterplay.networks.dcgan import NORMS
from counterplay.networks.equal import EqualConv, EqualLinear, EqualWeight
from counterplay.networks.mlp import FlatCritic, FlatGenerator
from counterplay.networks.modern import ModernBlock, ModernCritic, ModernGenerator
from counterplay.networks.norms import FOLLOWERS, PixelNorm, Referenced, ReferenceNorm, referenced
from counterplay.networks.resnet import ResidualCritic, ResidualGenerator

SIZES = (8, 20, 28, 32)


def normal(*shape: int, tag: str = "x") -> torch.Tensor:
    return torch.randn(*shape, generator=generator("layers", tag))


PAIRS = {
    "residual": lambda c, s, k=0: (
        ResidualGenerator(5, c, s, 2, k, attention=True),
        ResidualCritic(c, s, 2, k, attention=True),
    ),
    "modern": lambda c, s, k=0: (ModernGenerator(5, c, s, 2, k), ModernCritic(c, s, 2, k)),
    "flat": lambda c, s, k=0: (FlatGenerator(5, (c, s, s), [8], k), FlatCritic((c, s, s), [8], k)),
}


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("size", SIZES)
def test_one_rule_sizes_every_pair_for_its_data(name: str, size: int) -> None:
    for channels in (1, 3):
        with seeded("pair"):
            forge, judge = PAIRS[name](channels, size)
        with quiet(forge), quiet(judge):
            x = forge(normal(2, 5))
            assert x.shape == (2, channels, size, size)
            assert judge(x).numel() == 2


@pytest.mark.parametrize("name", PAIRS)
def test_every_latent_moves_every_pixel_and_every_pixel_is_looked_at(name: str) -> None:
    with seeded("pair"):
        forge, judge = PAIRS[name](1, 20)
    with quiet(forge):
        assert (forge(normal(64, 5)).std(0) > 0).all()
    x = normal(4, 1, 20, 20).requires_grad_()
    (seen,) = torch.autograd.grad(judge(x).square().sum(), x)
    assert (seen.abs().amax((0, 1)) > 0).all()


@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_that_is_shown_the_class_uses_it(name: str) -> None:
    with seeded("pair"):
        forge, judge = PAIRS[name](1, 8, 3)
    with quiet(forge), quiet(judge):
        for network, x in ((forge, normal(1, 5)), (judge, normal(1, 1, 8, 8))):
            values = [network(x, torch.tensor([k])) for k in range(3)]
            assert not torch.equal(values[0], values[1])
            assert not torch.equal(values[1], values[2])


def test_attention_is_the_identity_at_first() -> None:
    with seeded("attention"):
        layer = SelfAttention(16)
    h = normal(2, 16, 4, 4)
    assert torch.equal(layer(h), h)
    # The twin: with another share it looks.
    nn.init.ones_(layer.share)
    assert (layer(h) - h).abs().max() > 1e-2


def test_attention_is_its_definition_pixel_by_pixel() -> None:
    with seeded("attention"):
        layer = SelfAttention(8)
    nn.init.constant_(layer.share, 0.7)
    h = normal(1, 8, 3, 3)
    pixels = h[0].flatten(1)  # (C, P)
    key, query, value, out = (
        m.weight.flatten(1) for m in (layer.key, layer.query, layer.value, layer.out)
    )
    expected = torch.empty_like(pixels)
    for j in range(9):
        scores = torch.stack([(key @ pixels[:, i]) @ (query @ pixels[:, j]) for i in range(9)])
        seen = sum(w * (value @ pixels[:, i]) for i, w in enumerate(torch.softmax(scores, 0)))
        expected[:, j] = pixels[:, j] + 0.7 * out @ seen
    assert torch.allclose(layer(h)[0].flatten(1), expected, atol=1e-6)


def test_attention_sees_far_where_a_convolution_does_not() -> None:
    with seeded("attention"):
        layer = SelfAttention(8)
        local = nn.Conv2d(8, 8, 3, padding=1)
    nn.init.ones_(layer.share)
    for module, far in ((layer, True), (local, False)):
        h = normal(1, 8, 8, 8).requires_grad_()
        (slope,) = torch.autograd.grad(module(h)[0, :, 0, 0].sum(), h)
        assert bool((slope[0, :, 7, 7].abs() > 0).any()) is far


ROWS = 6


def in_company(norm: str) -> float:
    """Return by how much the first example changes when all the others do."""
    with seeded("company"):
        layers = {"reference": 0.0, "virtual": 1 / (ROWS + 1)}
        follow = (
            partial(ReferenceNorm, rows=ROWS, own=layers[norm])
            if norm in layers
            else FOLLOWERS[norm]
        )
        body = nn.Sequential(nn.Linear(4, 32), nn.Unflatten(1, (8, 2, 2)), follow(8), nn.ReLU())
        network = nn.Sequential(*body, nn.Conv2d(8, 8, 3, padding=1), follow(8))
        forge = Referenced(network, 4, rows=ROWS) if norm in layers else network
    one, others = normal(1, 4), [normal(7, 4, tag=t) * s for t, s in (("a", 1.0), ("b", 3.0))]
    values = [forge(torch.cat([one, other]))[0].detach() for other in others]
    return float((values[0] - values[1]).abs().max())


@pytest.mark.parametrize("norm", ["reference", "virtual", "pixel", "none"])
def test_an_example_does_not_depend_on_its_company(norm: str) -> None:
    assert in_company(norm) <= 1e-6
    # The twin.
    assert in_company("batch") > 0.1


def test_virtual_moments_are_those_of_the_mixture_with_the_reference() -> None:
    # With equal weights c = 1 / (N + 1) for each row they are those of the N + 1 rows together.
    rows, h = normal(ROWS, 3, 4, 4), 2 * normal(2, 3, 4, 4, tag="h") + 1
    layer = ReferenceNorm(3, ROWS, 1 / (ROWS + 1))
    out = layer(torch.cat([rows, h]))[ROWS:]
    for i in range(2):
        together = torch.cat([rows, h[i : i + 1]])
        variance, mean = torch.var_mean(together, (0, 2, 3), correction=0, keepdim=True)
        expected = (h[i] - mean[0]) / torch.sqrt(variance[0] + 1e-5)
        assert torch.allclose(out[i], expected, atol=1e-5)


def test_reference_moments_are_those_of_the_reference_alone() -> None:
    rows, h = normal(ROWS, 3, 4, 4), normal(2, 3, 4, 4, tag="h")
    out = ReferenceNorm(3, ROWS)(torch.cat([rows, h]))
    norm = nn.BatchNorm2d(3)
    assert torch.allclose(out[:ROWS], norm(rows), atol=1e-5)
    variance, mean = torch.var_mean(rows, (0, 2, 3), correction=0, keepdim=True)
    assert torch.allclose(out[ROWS:], (h - mean) / torch.sqrt(variance + 1e-5), atol=1e-5)


@pytest.mark.parametrize("norm", ["reference", "virtual"])
def test_the_reference_batch_is_state_and_never_moves(norm: str) -> None:
    with seeded("generator"):
        forge = referenced(ConvGenerator(4, 1, 8, 4, 3, norm=norm), norm, 4, 3)
    before = forge.get_buffer("z").clone()
    forge(normal(5, 4), torch.zeros(5, dtype=torch.int64)).sum().backward()
    assert torch.equal(before, forge.get_buffer("z"))
    assert {"z", "y"} <= set(forge.state_dict())
    assert referenced(nn.Identity(), "batch", 4).__class__ is nn.Identity


def test_pixel_norm_gives_each_pixel_a_mean_square_of_one() -> None:
    out = PixelNorm()(5 * normal(3, 16, 4, 4))
    assert (out.square().mean(1) - 1).abs().max() < 1e-4


@pytest.mark.parametrize("rate", [1.0, 0.01])
@pytest.mark.parametrize("gain", [1.0, math.sqrt(2)])
def test_equalised_weights_have_hes_deviation_whatever_their_rate(rate: float, gain: float) -> None:
    with seeded("equal"):
        for shape in ((400, 300), (64, 48, 3, 3)):
            weight = EqualWeight(*shape, gain=gain, rate=rate)
            fan = math.prod(shape[1:])
            assert weight().std().item() == pytest.approx(gain / math.sqrt(fan), rel=0.02)
            assert weight.stored.std().item() == pytest.approx(1 / rate, rel=0.02)


def test_equalised_layers_move_by_the_same_share_of_their_scale() -> None:
    # Adam's first move has the size lr in every stored weight, so that the weight in use moves by
    # lr of its own deviation whatever its fan in. The twin: plain layers do not.
    def moved(layer: nn.Module, weight: object) -> float:
        optimiser = torch.optim.Adam(layer.parameters(), lr=1e-3)
        before = weight().detach().clone()
        layer(normal(4, layer_in)).square().sum().backward()
        optimiser.step()
        return float((weight().detach() - before).abs().mean() / before.std())

    shares: dict[str, list[float]] = {"equal": [], "plain": []}
    for layer_in in (32, 512):
        with seeded("move"):
            equal, plain = EqualLinear(layer_in, 256, gain=1.0), nn.Linear(layer_in, 256)
        shares["equal"].append(moved(equal, equal.weight))
        shares["plain"].append(moved(plain, lambda plain=plain: plain.weight))
    assert shares["equal"][0] == pytest.approx(shares["equal"][1], rel=0.05)
    assert shares["plain"][1] > 3 * shares["plain"][0]


def test_equalised_convolution_keeps_the_grid_and_its_bias() -> None:
    with seeded("equal"):
        layer = EqualConv(3, 5)
    nn.init.constant_(layer.bias, 0.5)
    assert torch.equal(layer(torch.zeros(2, 3, 7, 7)), torch.full((2, 5, 7, 7), 0.5))


def test_modern_blocks_are_identities_at_first_and_all_learn() -> None:
    with seeded("modern"):
        block, judge = ModernBlock(8, 4), ModernCritic(1, 16, 4)
    h = normal(2, 8, 4, 4)
    assert torch.equal(block(h), h)
    # One step of descent on the last weights, and every weight of the block has a slope.
    judge(normal(4, 1, 16, 16)).square().sum().backward()
    with torch.no_grad():
        for p in judge.parameters():
            p -= 0.1 * (torch.zeros_like(p) if p.grad is None else p.grad)
            p.grad = None
    judge(normal(4, 1, 16, 16)).square().sum().backward()
    assert all(p.grad is not None and bool(p.grad.abs().max() > 0) for p in judge.parameters())


def test_modern_networks_have_no_norm_and_their_deviation_does_not_grow_with_depth() -> None:
    spreads: dict[bool, list[float]] = {True: [], False: []}
    for depth in (1, 6):
        for fixed in (True, False):
            with seeded("deep"):
                forge = ModernGenerator(16, 3, 32, 8, depth=depth)
                for block in [m for m in forge.modules() if isinstance(m, ModernBlock)]:
                    if not fixed:  # the twin: all weights of He's size
                        for layer in block.main[::2]:
                            nn.init.kaiming_normal_(layer.weight)
            assert not any("Norm" in type(m).__name__ for m in forge.modules())
            spreads[fixed].append(float(forge(normal(32, 16)).detach().std()))
    assert 0.5 < spreads[True][1] / spreads[True][0] < 2
    assert spreads[False][1] / spreads[False][0] > 10


@pytest.mark.parametrize("norm", NORMS)
def test_residual_critics_take_every_norm_and_spectral_norm_bounds_their_slope(norm: str) -> None:
    with seeded("residual"):
        judge = ResidualCritic(1, 16, 4, norm=norm)
    for _ in range(100):
        judge(normal(2, 1, 16, 16))  # power iteration runs in train mode
    if norm == "spectral":
        largest = torch.linalg.matrix_norm(judge.judge.weight.detach(), 2)
        assert largest.item() == pytest.approx(1, abs=1e-3)
