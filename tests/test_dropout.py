"""Units left out: the share, the mean, a function of (seed, step), and nothing outside a move."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from counterplay.check import check_game
from counterplay.errors import UserError
from counterplay.game import Batch, Round, generator, seeded
from counterplay.games.autoregressive import Autoregressive, even
from counterplay.networks.dropout import Dropout, units_left_out
from counterplay.networks.masked import MADE
from counterplay.networks.pixelcnn import PixelCNN
from counterplay.networks.wavenet import WaveNet

NETS = {
    "made": (lambda share: MADE(6, [8, 7], dropout=share), 2),
    "pixelcnn": (lambda share: PixelCNN((2, 4, 4), 3, 6, 2, dropout=share), 3),
    "wavenet": (lambda share: WaveNet(6, 3, 4, 4, (1, 2), dropout=share), 3),
}


def rounds(n: int, step: int = 0, seed: int = 0) -> Round:
    return Round(Batch(torch.zeros(n, 1)), step, seed)


def left(layer: Dropout, x: Tensor, round: Round) -> Tensor:
    with units_left_out(layer, round):
        return layer(x)


def net(name: str, share: float) -> nn.Module:
    with seeded("dropout", name):
        return NETS[name][0](share)


def levels(name: str) -> Tensor:
    shape = net(name, 0.0).shape
    assert isinstance(shape, tuple)
    return torch.randint(NETS[name][1], (4, *shape), generator=generator("levels"))


def test_the_share_goes_and_the_mean_stays():
    found = left(Dropout(0.25), torch.ones(400, 100), rounds(400))
    assert found.unique().tolist() == pytest.approx([0, 4 / 3])
    # Of 40,000 units the share has a deviation of 0.002, and the mean one of 0.003.
    assert float((found == 0).float().mean()) == pytest.approx(0.25, abs=0.01)
    assert float(found.mean()) == pytest.approx(1, abs=0.015)


def test_the_units_are_a_function_of_seed_and_step():
    layer, x = Dropout(0.5), torch.ones(8, 20)
    first = left(layer, x, rounds(8))
    torch.manual_seed(7)
    assert torch.equal(first, left(layer, x, rounds(8)))
    assert not torch.equal(first, left(layer, x, rounds(8, step=1)))
    assert not torch.equal(first, left(layer, x, rounds(8, seed=1)))


def test_halves_of_a_batch_leave_out_what_the_whole_does():
    layer, x = Dropout(0.5), torch.ones(8, 20)
    whole = Round(Batch(torch.zeros(8, 1)), parts=2)
    halves = [left(layer, x[:4], part) for part in whole.split()]
    assert torch.equal(torch.cat(halves), left(layer, x, whole))


def test_two_layers_leave_out_other_units():
    both, x = nn.ModuleList([Dropout(0.5), Dropout(0.5)]), torch.ones(8, 20)
    with units_left_out(both, rounds(8)):
        assert not torch.equal(both[0](x), both[1](x))


@pytest.mark.parametrize("name", NETS)
def test_outside_a_move_a_network_is_whole(name):
    x, whole, torn = levels(name), net(name, 0.0), net(name, 0.5)
    torn.load_state_dict(whole.state_dict())
    assert torch.equal(whole(x), torn(x))
    with units_left_out(torn, Round(Batch(x))), units_left_out(whole, Round(Batch(x))):
        assert torch.equal(whole(x), whole(x))
        assert not torch.equal(whole(x), torn(x))
    assert torch.equal(whole(x), torn(x))


@pytest.mark.parametrize("name", NETS)
def test_units_left_out_see_nothing_that_comes_later(name):
    x, torn = levels(name), net(name, 0.5)
    for p in torn.parameters():
        nn.init.normal_(p, std=0.7, generator=generator("weights"))
    changed = x.clone().flatten(1)
    last = changed.shape[1] - 1
    changed[:, last] = (changed[:, last] + 1) % NETS[name][1]
    with units_left_out(torn, Round(Batch(x))):
        assert torch.equal(torn(x), torn(changed.view_as(x)))
        changed[:, 0] = (changed[:, 0] + 1) % NETS[name][1]
        assert not torch.equal(torn(x), torn(changed.view_as(x)))


class _Torchs(nn.Dropout):
    """PyTorch's own, which asks the global generator."""


def test_a_game_with_pytorchs_own_dropout_is_refused():
    network = MADE(6, [8, 7], dropout=0.3)
    network.dropped = nn.ModuleList(_Torchs(0.3) for _ in range(2))
    bits = Batch(torch.randint(2, (8, 6), generator=generator("bits")).float())
    with pytest.raises(AssertionError, match="rule"):
        check_game(Autoregressive(network, even(2, 0, 1)), bits)


@pytest.mark.parametrize("share", [-0.1, 1.0])
def test_a_share_is_from_zero_to_below_one(share):
    with pytest.raises(UserError, match="share of units"):
        Dropout(share)
