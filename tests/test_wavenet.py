"""WaveNet: µ-law, who sees whom and how far, the sampler with ring buffers."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import Tensor

from counterplay.check import check_game
from counterplay.errors import UserError
from counterplay.game import Batch, seeded
from counterplay.games.autoregressive import Alphabet, Autoregressive, even
from counterplay.networks.wavenet import WaveNet, compress, expand


def net(length: int = 12, levels: int = 5, **options: object) -> WaveNet:
    with seeded("test"):
        return WaveNet(length, levels, 6, 7, **options)


def seen(wave: WaveNet, length: int, at: int) -> Tensor:
    """Return which steps the logits at ``at`` move with, by gradient."""
    embedded = torch.randn(2, length, 6, generator=torch.Generator().manual_seed(0))
    embedded.requires_grad_()
    (slope,) = torch.autograd.grad(wave.conditionals(embedded)[:, at].sum(), embedded)
    return slope.abs().amax((0, 2)) > 0


def test_mu_law_gives_each_level_back_and_is_finer_near_zero() -> None:
    levels = torch.arange(256)
    assert torch.equal(compress(expand(levels)), levels)
    assert float(expand(levels[:1])) == pytest.approx(-1)
    assert float(expand(levels[-1:])) == pytest.approx(1)
    x = torch.linspace(-1, 1, 10_001)
    error = (expand(compress(x)) - x).abs()
    assert float(error.max()) < 0.025
    # Evenly spaced levels err by up to 1/255 everywhere.
    assert float(error[x.abs() < 0.01].max()) < 0.2 / 255


@pytest.mark.parametrize(("dilations", "taps"), [((1, 2, 4), 2), ((1, 2, 1, 2), 3), ((3,), 2)])
def test_the_receptive_field_is_one_plus_the_dilations(dilations: tuple, taps: int) -> None:
    wave = net(dilations=dilations, taps=taps)
    field = 1 + sum(dilations) * (taps - 1)
    length = field + 6
    reached = seen(wave, length, length - 2).nonzero()[:, 0]
    assert wave.receptive_field == field
    # The furthest and the nearest step that are seen: the step itself and those after are not.
    assert int(reached[0]) == length - 2 - field
    assert int(reached[-1]) == length - 3


def test_every_step_within_the_field_is_seen_and_none_after() -> None:
    wave = net(dilations=(1, 2, 4), taps=2)
    for at in range(9):
        assert torch.equal(seen(wave, 9, at), torch.arange(9) < at)
    # The twin whose dilations leave gaps is causal too, and misses steps.
    assert int(seen(net(dilations=(3,), taps=2), 9, 8).sum()) == 2


def test_the_masses_of_all_sequences_sum_to_one() -> None:
    game = Autoregressive(net(6, 3, dilations=(1, 2)))
    x = torch.tensor(list(itertools.product((-1.0, 0.0, 1.0), repeat=6)))
    assert float(game.log_prob(x).double().exp().sum()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(("dilations", "taps"), [((1, 2, 4), 2), ((1, 2, 1, 3), 3)])
def test_ring_buffers_score_as_the_parallel_pass(dilations: tuple, taps: int) -> None:
    game = Autoregressive(net(40, 5, dilations=dilations, taps=taps), even(5)).double()
    x, score = game.sample_scored(8, seed=1)
    assert torch.allclose(score, game.log_prob(x), rtol=0, atol=1e-5)
    assert len(x.unique()) == 5


def test_a_convolution_that_sees_no_past_is_refused() -> None:
    with pytest.raises(UserError, match="at least 2 taps"):
        net(taps=1)


def test_a_game_on_waves_keeps_the_rules() -> None:
    law = Alphabet(lambda x: compress(x, 8), lambda k: expand(k, 8), slack=2.0)
    wave = torch.sin(torch.arange(12.0) * torch.arange(1, 9)[:, None])
    check_game(Autoregressive(net(12, 8, dilations=(1, 2)), law), Batch(wave))
