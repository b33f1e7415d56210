"""Networks of every sensible size: shapes by one rule, who depends on whom by gradient."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from counterplay.data import SIZES
from counterplay.errors import UserError
from counterplay.game import generator, quiet, seeded
from counterplay.networks import MLP, ConditionalMLP, ConvCritic, ConvEncoder, ConvGenerator, stages
from counterplay.networks.dcgan import NORMS, UPSAMPLES


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("upsample", UPSAMPLES)
def test_every_size_and_channel_count_is_built(size: int, upsample: str) -> None:
    for channels in (1, 2, 3):
        forge = ConvGenerator(3, channels, size, 2, upsample=upsample)
        judge = ConvCritic(channels, size, 2, norm="group")
        with quiet(forge):
            x = forge(torch.randn(2, 3))
        assert x.shape == (2, channels, size, size)
        assert x.abs().max() <= 1
        assert judge(x).shape == (2,)


@given(st.integers(-5, 300))
@settings(max_examples=60, deadline=None)
def test_stages_factor_the_size_or_refuse_it(size: int) -> None:
    if size in SIZES:
        start, doublings = stages(size)
        assert start * 2**doublings == size
        assert 4 <= start <= 7
        assert doublings >= 1
    else:
        with pytest.raises(UserError, match="have no network"):
            stages(size)


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("inner", [0, 2])
def test_every_pixel_is_looked_at_and_every_latent_used(norm: str, inner: int) -> None:
    with seeded("net"):
        judge = ConvCritic(1, 20, 4, norm=norm, inner=inner)
        forge = ConvGenerator(5, 1, 20, 4, inner=inner)
    x = torch.randn(4, 1, 20, 20, generator=generator("x"), requires_grad=True)
    (seen,) = torch.autograd.grad(judge(x).square().sum(), x)
    assert (seen.abs().amax((0, 1)) > 0).all()
    z = torch.randn(4, 5, generator=generator("z"), requires_grad=True)
    (used,) = torch.autograd.grad(forge(z).square().sum(), z)
    assert (used.abs().amax(0) > 0).all()
    # Each output pixel moves with z: none is left to a constant border.
    with quiet(forge):
        spread = forge(torch.randn(64, 5, generator=generator("many"))).std(0)
    assert (spread > 0).all()


def test_conditional_networks_use_the_class() -> None:
    with seeded("net"):
        pairs = [
            (ConvGenerator(3, 1, 8, 4, classes=3), torch.randn(1, 3)),
            (ConvCritic(1, 8, 4, classes=3), torch.randn(1, 1, 8, 8)),
            (ConditionalMLP([3, 8, 2], 3), torch.randn(1, 3)),
        ]
    for network, x in pairs:
        with quiet(network):
            values = [network(x, torch.tensor([k])) for k in range(3)]
        assert not torch.equal(values[0], values[1])
        assert not torch.equal(values[1], values[2])


def test_projection_is_linear_in_the_class_row() -> None:
    with seeded("net"):
        judge = ConvCritic(1, 8, 4, classes=3)
    x, y = torch.randn(5, 1, 8, 8), torch.tensor([0, 1, 2, 1, 0])
    h = judge.body(x)
    alone = judge.judge(h.permute(0, 2, 3, 1).flatten(1)).squeeze(1)
    expected = alone + (judge.embed.weight.T[y] * h.sum((2, 3))).sum(1)
    assert torch.allclose(judge(x, y), expected, atol=1e-6)


def test_spectral_norm_bounds_each_layers_slope() -> None:
    with seeded("net"):
        judge = ConvCritic(1, 16, 8, norm="spectral")
    for _ in range(200):  # power iteration runs in train mode
        judge(torch.randn(1, 1, 16, 16))
    norm = torch.linalg.matrix_norm(judge.judge.weight.detach(), 2)
    assert norm.item() == pytest.approx(1.0, abs=1e-3)


def _chequer(network: nn.Module) -> float:
    """Return how much of the variance between neighbouring rows is a 2-pixel pattern."""
    x = network(torch.ones(1, 8, 16, 16))[0, 0, 4:-4, 4:-4].detach()
    even, odd = x[::2, ::2].mean(), x[1::2, 1::2].mean()
    return float((even - odd).abs())


def test_resize_convolution_has_no_checkerboard_where_transposed_has() -> None:
    # On a constant input an up-sampling layer should give a constant. A transposed convolution of
    # kernel 3 and stride 2 overlaps unevenly; ours of kernel 4 overlaps evenly in count but not in
    # weight; nearest neighbours and a convolution treat every output pixel alike.
    with seeded("net"):
        uneven = nn.ConvTranspose2d(8, 1, 3, 2, 1, output_padding=1)
        even = nn.ConvTranspose2d(8, 1, 4, 2, 1)
        resized = nn.Sequential(*UPSAMPLES["resize"](8, 1))
    assert _chequer(uneven) > 0.01
    assert _chequer(even) > 0.01
    assert _chequer(resized) < 1e-6


def test_mlp_is_linear_layers_with_activations_between() -> None:
    network = MLP([3, 5, 2])
    assert [type(layer) for layer in network] == [nn.Linear, nn.ReLU, nn.Linear]
    assert network(torch.zeros(4, 3)).abs().max() == 0  # biases start at zero


def test_encoder_gives_a_vector() -> None:
    with seeded("net"):
        encoder = ConvEncoder(3, 16, 7, 4)
    assert encoder(torch.randn(2, 3, 16, 16)).shape == (2, 7)


def test_initial_weights_follow_the_seed_and_leave_torchs_own_generator_alone() -> None:
    before = torch.get_rng_state()
    weights = []
    for seed in (1, 1, 2):
        with seeded(seed):
            weights.append(ConvGenerator(3, 1, 8, 4).project.weight)
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])
    assert torch.equal(before, torch.get_rng_state())
