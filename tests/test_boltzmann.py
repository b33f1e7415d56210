"""Boltzmann machines against enumeration: what is computed in few sums, by the sums in full."""

from __future__ import annotations

import copy
import math
from pathlib import Path

import pytest
import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.game import generator, seeded
from counterplay.networks.boltzmann import RBM, Bits, Coins, Reals, states

FIXTURE = Path(__file__).parents[2] / "shared/data/rbm-fixture/mnistvh.mat"
EXACT = 215.13840553
"""log Z of the machine of 784 by 15 units, by enumeration of its 2^15 hidden states."""


def machine(visible: int, hidden: int, scale: float = 0.7, **options: object) -> RBM:
    with seeded("machine", visible, hidden):
        rbm = RBM(visible, hidden, scale=scale, **options).double()
        torch.nn.init.normal_(rbm.visible.bias, 0, scale)
        torch.nn.init.normal_(rbm.hidden.bias, 0, scale)
    return rbm.requires_grad_(False)


def every(width: int) -> Tensor:
    return torch.cat(list(states(width, torch.zeros((), dtype=torch.float64))))


def fixture() -> RBM:
    if not FIXTURE.exists():
        pytest.skip(f"the trained machine is not at {FIXTURE}")
    arrays = pytest.importorskip("scipy.io").loadmat(FIXTURE)
    rbm = RBM(784, 15).double().requires_grad_(False)
    with torch.no_grad():
        rbm.weight.copy_(torch.from_numpy(arrays["vishid"]))
        rbm.visible.bias.copy_(torch.from_numpy(arrays["visbiases"].ravel()))
        rbm.hidden.bias.copy_(torch.from_numpy(arrays["hidbiases"].ravel()))
    return rbm


def energy(rbm: RBM, v: Tensor, h: Tensor) -> Tensor:
    """Return E(v, h) of bits as it is defined, (N, M)."""
    both = v @ rbm.weight @ h.T
    return -(v @ rbm.visible.bias)[:, None] - (h @ rbm.hidden.bias)[None] - both


@pytest.mark.parametrize("shape", [(10, 4), (4, 10), (7, 7), (12, 8)])
def test_probabilities_of_all_configurations_sum_to_one(shape: tuple[int, int]) -> None:
    rbm = machine(*shape)
    log_prob = -rbm.free_energy(every(shape[0])) - rbm.log_partition()
    assert abs(float(log_prob.exp().sum()) - 1) < 1e-10
    # The broken twin forgets the visible biases and is no distribution.
    twin = copy.deepcopy(rbm)
    torch.nn.init.zeros_(twin.visible.bias)
    off = -twin.free_energy(every(shape[0])) - rbm.log_partition()
    assert abs(float(off.exp().sum()) - 1) > 1e-2


def test_energies_conditionals_and_log_z_are_those_of_the_joint_law() -> None:
    rbm, v, h = machine(5, 3), every(5), every(3)
    joint = -energy(rbm, v, h)
    torch.testing.assert_close(rbm.log_partition(), joint.flatten().logsumexp(0))
    torch.testing.assert_close(rbm.free_energy(v), -joint.logsumexp(1))
    torch.testing.assert_close(rbm.hidden_free_energy(h), -joint.logsumexp(0))
    given_v, given_h = joint.softmax(1) @ h, joint.softmax(0).T @ v
    torch.testing.assert_close(rbm.hidden.mean(rbm.up(v)), given_v)
    torch.testing.assert_close(rbm.visible.mean(rbm.down(h)), given_h)


def test_both_sides_are_enumerated_to_the_same_log_z() -> None:
    wide, tall = machine(9, 5), RBM(5, 9).double().requires_grad_(False)
    with torch.no_grad():
        tall.weight.copy_(wide.weight.T)
        tall.visible.bias.copy_(wide.hidden.bias)
        tall.hidden.bias.copy_(wide.visible.bias)
    torch.testing.assert_close(wide.log_partition(), tall.log_partition())


def test_a_real_machine_integrates_to_one_and_draws_what_it_says() -> None:
    rbm = machine(1, 3, units=lambda d: Reals(d, 0.6))
    x = torch.linspace(-15, 15, 60001, dtype=torch.float64)[:, None]
    density = (-rbm.free_energy(x) - rbm.log_partition()).exp()
    assert abs(float(torch.trapezoid(density, x[:, 0])) - 1) < 1e-9
    mean = float(torch.trapezoid(density * x[:, 0], x[:, 0]))
    deviation = float(torch.trapezoid(density * (x[:, 0] - mean) ** 2, x[:, 0])) ** 0.5
    drawn = rbm.draw(40000, generator("real"))
    assert abs(float(drawn.mean()) - mean) < 4 * deviation / 200
    assert abs(float(drawn.std()) / deviation - 1) < 0.03


@pytest.mark.parametrize("units", [Bits, lambda d: Reals(d, 0.5)])
def test_a_gibbs_step_leaves_the_law_where_it_is(units: object) -> None:
    rbm = machine(4, 3, units=units)
    rng, h = generator("gibbs"), every(3)
    share = torch.softmax(-rbm.hidden_free_energy(h), 0)
    start = h[torch.multinomial(share, 50000, replacement=True, generator=rng)]
    ends = rbm.gibbs(start, lambda law: law.sample(len(start), rng))[1].detach()
    seen = torch.bincount((ends @ torch.tensor([1.0, 2, 4]).double()).long(), minlength=8) / 50000
    assert float((seen - share).abs().max()) < 4 * 0.5 / math.sqrt(50000)
    # The broken twin starts elsewhere: one step does not bring it there.
    ones = torch.ones_like(start)
    away = rbm.gibbs(ones, lambda law: law.sample(len(start), rng))[1].detach()
    off = torch.bincount((away @ torch.tensor([1.0, 2, 4]).double()).long(), minlength=8) / 50000
    assert float((off - share).abs().max()) > 3 * 4 * 0.5 / math.sqrt(50000)


def test_coins_are_uniform_and_fall_apart_from_each_other() -> None:
    u = torch.cat([Coins(3).sample(1, generator("coin", i)) for i in range(4000)]).double()
    wide = Coins(7).sample(3001, generator("coins")).double()
    assert wide.shape == (3001, 7)
    for drawn in (u, wide):
        n = len(drawn)
        assert 0 <= float(drawn.min()) < 0.01 < 0.99 < float(drawn.max()) <= 1
        heads = torch.stack([(drawn < p).double().mean(0) for p in (0.1, 0.5, 0.9)])
        truth = torch.tensor([[0.1], [0.5], [0.9]])
        assert float((heads - truth).abs().max()) < 4 * 0.5 / math.sqrt(n)
        off = torch.corrcoef(drawn.T) - torch.eye(drawn.shape[1])
        assert float(off.abs().max()) < 4.5 / math.sqrt(n)
    # Sixteen bits alone would give 2^16 values, and none between two neighbours.
    assert len((u * 2**16).frac().unique()) > 100


def test_exact_draws_have_the_exact_frequencies() -> None:
    rbm = machine(3, 4)
    share = (-rbm.free_energy(every(3)) - rbm.log_partition()).exp()
    drawn = rbm.draw(50000, generator("exact"))
    seen = torch.bincount((drawn @ torch.tensor([1.0, 2, 4]).double()).long(), minlength=8) / 50000
    assert float((seen - share).abs().max()) < 4 * 0.5 / math.sqrt(50000)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_large_weights_neither_overflow_nor_lose_the_free_energy(dtype: torch.dtype) -> None:
    rbm = RBM(6, 4).to(dtype)
    with torch.no_grad():
        rbm.weight.fill_(300.0)
    v = torch.ones(1, 6, dtype=dtype)
    torch.testing.assert_close(rbm.free_energy(v), torch.full((1,), -4 * 1800.0, dtype=dtype))
    assert math.isfinite(float(rbm.log_partition().detach()))
    (gradient,) = torch.autograd.grad(rbm.free_energy(v).sum(), rbm.weight)
    assert bool((gradient == -1).all())
    # The broken twin spells softplus out.
    assert math.isinf(float(torch.log(1 + torch.exp(v @ rbm.weight.detach())).sum()))


def test_the_start_is_the_law_of_independent_bits() -> None:
    rbm, x = RBM(3, 2, scale=0.0).double().requires_grad_(False), every(3)[[0, 1, 1, 3]]
    rbm.visible.start(x)
    rates = (x.sum(0) + 0.5) / (len(x) + 1)
    torch.testing.assert_close(rbm.visible.mean(torch.zeros(1, 3).double())[0], rates)
    nll = -(x * rates.log() + (1 - x) * (1 - rates).log()).sum(1)
    torch.testing.assert_close(rbm.free_energy(x) + rbm.log_partition(), nll)


def test_too_large_a_machine_is_refused_in_words() -> None:
    with pytest.raises(UserError, match=r"2\^30 states; at most 20 units"):
        RBM(40, 30).log_partition()
    with pytest.raises(UserError, match=r"2\^30 hidden states"):
        RBM(4, 30).draw(1, generator("large"))


def test_the_trained_machine_has_the_log_z_that_was_enumerated_elsewhere() -> None:
    with torch.no_grad():
        assert abs(float(fixture().log_partition()) - EXACT) < 1e-7
        assert abs(float(fixture().float().log_partition()) - EXACT) < 1e-3
