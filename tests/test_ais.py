"""Annealed importance sampling against log Z by enumeration."""

from __future__ import annotations

import gzip
import math
import re
from pathlib import Path

import pytest
import torch
from test_boltzmann import EXACT, every, fixture, machine
from torch import Tensor

from counterplay.ais import backward, betas, bracket, forward, rbm_path
from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.networks.boltzmann import RBM, Bits, Reals

PICTURES = Path(__file__).parents[2] / "shared/data/mnist/train-images-idx3-ubyte.gz"


def rates(n: int = 10000) -> Tensor:
    """Return the logits of the mean of the first ``n`` pictures that the fixture was trained on."""
    if not PICTURES.exists():
        pytest.skip(f"the pictures are not at {PICTURES}")
    with gzip.open(PICTURES) as file:
        pixels = file.read(16 + n * 784)[16:]
    x = torch.frombuffer(bytearray(pixels), dtype=torch.uint8).view(n, 784).double() / 255
    units = Bits(784).double()
    units.start(x)
    return units.bias.detach()


def both(rbm: RBM, base: Tensor, steps: int, n: int = 200) -> tuple:
    path, levels, rng = rbm_path(rbm, base), betas(steps), generator("ais", steps)
    return forward(path, n, levels, rng), backward(path, rbm.draw(n, rng), levels, rng)


@pytest.mark.parametrize("units", [Bits, lambda d: Reals(d, 0.8)])
@pytest.mark.parametrize("steps", [1, 10, 300])
def test_forward_and_backward_bracket_the_exact_log_z(units: object, steps: int) -> None:
    rbm = machine(12, 8, scale=0.35, units=units)
    exact = float(rbm.log_partition())
    up, down = both(rbm, torch.zeros(12), steps)
    assert up.bound[0] <= exact <= down.bound[1]
    assert 1 <= min(up.effective, down.effective) <= max(up.effective, down.effective) <= 200 + 1e-9


def test_intervals_hold_the_exact_log_z_as_often_as_they_say() -> None:
    rbm = machine(12, 8, scale=0.35)
    exact, path, repeats = float(rbm.log_partition()), rbm_path(rbm, torch.zeros(12)), 100
    held = {"forward": 0, "backward": 0}
    for seed in range(repeats):
        rng = generator("coverage", seed)
        up = forward(path, 100, betas(30), rng)
        down = backward(path, rbm.draw(100, rng), betas(30), rng)
        held["forward"] += up.interval[0] <= exact <= up.interval[1]
        held["backward"] += down.interval[0] <= exact <= down.interval[1]
    # 95 of 100 on average, with a deviation of 2.2.
    assert all(count >= 87 for count in held.values()), held


def test_more_steps_close_the_bracket_on_the_exact_log_z() -> None:
    rbm = machine(12, 8, scale=1.0)
    exact = float(rbm.log_partition())
    few, many = both(rbm, torch.zeros(12), 3), both(rbm, torch.zeros(12), 1000)
    gap = [down.bound[1] - up.bound[0] for up, down in (few, many)]
    assert gap[1] < 0.2 * gap[0]
    assert all(abs(one.value - exact) < 4 * one.error + 0.01 for one in many)
    assert all(one.error < 0.05 for one in many)


def test_mean_weights_are_right_whatever_the_number_of_steps() -> None:
    rbm = machine(6, 4, scale=0.5)
    exact = float(rbm.log_partition())
    for one in both(rbm, 0.3 * torch.ones(6), 2, n=40000):
        assert abs(one.value - exact) < 4 * one.error


def test_weights_that_forget_the_hidden_constant_miss_by_it() -> None:
    rbm = machine(12, 8, scale=0.3)
    up, _ = both(rbm, torch.zeros(12), 300)
    twin = up.value - 8 * math.log(2)
    assert abs(up.value - float(rbm.log_partition())) < 0.1 < abs(twin - float(rbm.log_partition()))


@pytest.mark.parametrize("units", [Bits, lambda d: Reals(d, 0.8)])
def test_the_path_ends_at_the_machine_and_starts_at_independent_units(units: object) -> None:
    rbm, v = machine(5, 3, units=units), every(5)
    base = torch.linspace(-1, 1, 5).double()
    path = rbm_path(rbm, base)
    start = -rbm.visible.energy(v, base) + 3 * math.log(2)
    torch.testing.assert_close(start + path.gain(v, 0.0, 1.0), -rbm.free_energy(v))
    half = path.gain(v, 0.0, 0.4) + path.gain(v, 0.4, 1.0)
    torch.testing.assert_close(half, path.gain(v, 0.0, 1.0))
    mean = path.start(40000, generator("start")).mean(0)
    torch.testing.assert_close(mean, rbm.visible.mean(base.new_zeros(5), base), atol=0.02, rtol=0)


def test_annealing_is_a_function_of_its_generator_and_takes_a_step() -> None:
    path = rbm_path(machine(6, 4), torch.zeros(6))
    one, two, other = (forward(path, 10, betas(5), generator(seed)) for seed in (1, 1, 2))
    assert torch.equal(one.log_weights, two.log_weights)
    assert not torch.equal(one.log_weights, other.log_weights)
    with pytest.raises(UserError, match="1 step or more, got 0"):
        betas(0)


def test_the_trained_machine_is_bracketed_from_base_rates_and_missed_from_uniform() -> None:
    rbm, base = fixture(), rates()
    up, down = both(rbm, base, 1000, n=100)
    assert abs(up.value - EXACT) < 0.3
    assert up.bound[0] <= EXACT <= down.bound[1]
    more = forward(rbm_path(rbm, base), 300, betas(1500), generator("more"))
    assert abs(more.value - EXACT) < 0.3
    assert more.effective > up.effective > 3
    # The broken twin starts from fair coins. Its log Z is about 18 nats too low, and every
    # likelihood as much too good; that its chains disagree is all there is to see.
    twin = forward(rbm_path(rbm, torch.zeros(784)), 100, betas(200), generator("uniform"))
    assert EXACT - 30 < twin.value < EXACT - 10


def test_a_bracket_says_what_it_holds() -> None:
    path, rng = rbm_path(machine(6, 4), torch.zeros(6)), generator("words")
    (found,) = bracket(path, path.start(50, rng), [20], rng)
    assert found.width == found.above.value - found.below.value
    assert re.match(r"log Z .* by 20 steps, effective chains .* of 50$", str(found))
    assert found.below.budget["steps"] == 20


def test_a_single_chain_tells_no_error_and_is_refused() -> None:
    rbm = machine(4, 3)
    path, rng = rbm_path(rbm, torch.zeros(4)), generator("one")
    with pytest.raises(UserError, match="2 chains or more, got 1"):
        forward(path, 1, betas(5), rng)
    with pytest.raises(UserError, match="2 chains or more, got 1"):
        backward(path, torch.zeros(1, 4), betas(5), rng)
