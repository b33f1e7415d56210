"""The game of a Boltzmann machine: its gradient, its chains and what it says of likelihood."""

from __future__ import annotations

import copy
import datetime
import math
import os
import socket
from pathlib import Path

import pytest
import torch
from game_rows_boltzmann import bits
from safetensors.torch import load_file, save_file
from test_boltzmann import every, machine
from torch import Tensor
from torch.multiprocessing.spawn import spawn

from counterplay.errors import UserError
from counterplay.game import Batch, Game, Round, generator, seeded, sgd
from counterplay.games.boltzmann import Boltzmann
from counterplay.networks.boltzmann import RBM, Reals
from counterplay.parallel import join, leave
from counterplay.train import State, train

DATA = torch.tensor([[1, 1, 0, 0], [0, 0, 1, 1], [1, 1, 1, 1], [1, 0, 0, 0]]).double()


def slopes(cost: Tensor, rbm: RBM) -> Tensor:
    return torch.cat([g.flatten() for g in torch.autograd.grad(cost, list(rbm.parameters()))])


def exact_slopes(rbm: RBM) -> Tensor:
    """Return the gradient of the negative log-likelihood of DATA, through log Z itself."""
    return slopes(rbm.free_energy(DATA).mean() + rbm.log_partition(), rbm)


def test_the_surrogate_under_the_machines_own_law_has_the_exact_gradient() -> None:
    rbm = machine(4, 3).requires_grad_(True)
    v = every(4)
    share = torch.softmax(-rbm.free_energy(v), 0).detach()
    surrogate = rbm.free_energy(DATA).mean() - (share * rbm.free_energy(v)).sum()
    torch.testing.assert_close(slopes(surrogate, rbm), exact_slopes(rbm), atol=1e-12, rtol=1e-10)


def test_chains_in_equilibrium_give_the_exact_gradient_and_those_from_data_do_not() -> None:
    # Two modes, all zeros and all ones, between which chains go slowly.
    rbm = machine(4, 3).requires_grad_(True)
    with torch.no_grad():
        rbm.weight.fill_(1.8)
        rbm.visible.bias.fill_(-1.8 * 3 / 2 + 0.1)
        rbm.hidden.bias.fill_(-1.8 * 4 / 2)
    n, truth = 40000, exact_slopes(rbm)
    held = Boltzmann(rbm, chains=n)
    v = rbm.draw(n, generator("equilibrium"))
    up = torch.rand(n, 3, generator=generator("up"))
    held.chains.copy_(rbm.hidden.draw(rbm.up(v), up).detach())
    found = slopes(sum(held.cost(Round(Batch(DATA))).values()), rbm)
    noise = 4 * 0.5 / math.sqrt(n)
    assert float((found - truth).abs().max()) < noise
    # Contrastive divergence is another vector: its chains have not left the data.
    many = Round(Batch(DATA.repeat(n // len(DATA), 1)))
    near = slopes(sum(Boltzmann(rbm, steps=1).cost(many).values()), rbm)
    far = slopes(sum(Boltzmann(rbm, steps=60).cost(many).values()), rbm)
    assert float((near - truth).abs().max()) > 5 * noise
    assert float((far - truth).abs().max()) < 2 * noise


class Greedy(Boltzmann):
    def cost(self, round: Round) -> dict:
        return {"data": super().cost(round)["data"]}


def likelihood(game: Boltzmann) -> float:
    return float(game.log_prob(DATA).mean())


@pytest.mark.parametrize("options", [{"chains": 100}, {"steps": 5}])
def test_training_climbs_from_independent_bits_towards_the_datas_entropy(options: dict) -> None:
    with seeded("climb"):
        rbm = RBM(4, 6, scale=0.1).double()
        rbm.visible.start(DATA)
        game = Boltzmann(rbm, move=sgd(0.2), **options)
    before = likelihood(game)
    for _ in train(game, [Batch(DATA.repeat(25, 1))] * 800):
        pass
    assert before < -2.5
    assert likelihood(game) > -math.log(4) - 0.35
    # The broken twin has no model term: energies of the data fall, and all others with them.
    with seeded("climb"):
        twin = Greedy(RBM(4, 6, scale=0.1).double(), move=sgd(0.2), **options)
    for _ in train(twin, [Batch(DATA.repeat(25, 1))] * 100):
        pass
    assert likelihood(twin) < before


def played(game: Game, state: State, batches: list[Batch]) -> dict[str, Tensor]:
    for _ in train(game, batches, state=state):
        pass
    return {k: v.clone() for k, v in state.tensors().items()}


def test_persistent_chains_resume_bit_for_bit_and_not_without_their_state() -> None:
    with seeded("resume"):
        start = Boltzmann(RBM(6, 4, scale=0.5), chains=12)
    batches = [bits(6)] * 20
    state = State(copy.deepcopy(start))
    whole = played(state.game, state, batches)
    state = State(copy.deepcopy(start))
    half, scalars = played(state.game, state, batches[:10]), {"step": 10}
    ends = []
    for chains in (half["game/chains"], torch.zeros_like(half["game/chains"])):
        again = State(copy.deepcopy(start))
        again.load({**half, "game/chains": chains}, scalars)
        ends.append(played(again.game, again, batches[10:]))
    assert all(torch.equal(whole[k], ends[0][k]) for k in whole)
    assert not torch.equal(whole["game/rbm.weight"], ends[1]["game/rbm.weight"])
    assert not torch.equal(whole["game/chains"], start.chains)


def test_shards_move_their_own_chains_as_the_whole_would() -> None:
    with seeded("shards"):
        whole = Boltzmann(RBM(6, 4, scale=0.5), chains=12, steps=2)
    halves, x = copy.deepcopy(whole), bits(6).x
    whole.cost(Round(Batch(x), step=3))
    for i in range(2):
        halves.cost(Round(Batch(x[4 * i : 4 * i + 4]), step=3, shard=(i, 2)))
    assert torch.equal(whole.chains, halves.chains)
    with pytest.raises(UserError, match="12 persistent chains cannot be dealt to 5"):
        whole.cost(Round(Batch(x), shard=(0, 5)))


def in_one_of_two(rank: int, folder: str) -> None:
    os.environ |= {"RANK": str(rank), "WORLD_SIZE": "2", "LOCAL_RANK": str(rank)}
    torch.set_num_threads(1)
    join(patience=datetime.timedelta(seconds=20))
    end = played_in_parts((rank, 2))
    save_file(end, f"{folder}/{rank}.safetensors")
    leave()


def played_in_parts(place: tuple[int, int]) -> dict[str, Tensor]:
    with seeded("two"):
        game = Boltzmann(RBM(6, 4, scale=0.5), chains=12)
    state = State(game)
    x = bits(6).x.chunk(place[1])[place[0]]
    for _ in train(game, [Batch(x)] * 5, state=state, accumulate=2):
        pass
    return {k: v.contiguous().clone() for k, v in state.tensors().items()}


def test_two_processes_hold_the_chains_of_one(tmp_path: Path, monkeypatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("MASTER_PORT", str(free.getsockname()[1]))
    monkeypatch.setenv("MASTER_ADDR", "127.0.0.1")
    spawn(in_one_of_two, (str(tmp_path),), nprocs=2)
    one = played_in_parts((0, 1))
    for rank in range(2):
        two = load_file(tmp_path / f"{rank}.safetensors")
        assert torch.equal(one["game/chains"], two["game/chains"])
        torch.testing.assert_close(one["game/rbm.weight"], two["game/rbm.weight"])


def test_the_likelihood_is_exact_where_it_can_be_and_annealed_where_not() -> None:
    rbm = machine(8, 6)
    exact = Boltzmann(rbm)
    annealed = Boltzmann(rbm, enumerable=3, annealed=(200, 500))
    assert (exact.exact, annealed.exact) == (True, False)
    assert abs(float(exact.log_prob(every(8)).exp().sum()) - 1) < 1e-10
    gap = annealed.log_prob(every(8)) - exact.log_prob(every(8))
    assert 0 < float(gap.abs().max()) < 4 * annealed.anneal().error + 0.01
    assert torch.equal(annealed.log_prob(every(8)), annealed.log_prob(every(8)))


def test_grey_levels_have_no_probability_under_a_machine_of_bits() -> None:
    with pytest.raises(UserError, match=r"0 and 1 alone, got values from -1 to 0\.5"):
        Boltzmann(RBM(2, 2)).log_prob(torch.tensor([[0.5, -1.0]]))


@pytest.mark.parametrize("enumerable", [16, 1])
def test_samples_have_the_machines_frequencies(enumerable: int) -> None:
    rbm = machine(3, 4)
    share = (-rbm.free_energy(every(3)) - rbm.log_partition()).exp()
    drawn = Boltzmann(rbm, enumerable=enumerable, burn=60).sample(30000)
    seen = torch.bincount((drawn @ torch.tensor([1.0, 2, 4]).double()).long(), minlength=8) / 30000
    assert float((seen - share).abs().max()) < 4 * 0.5 / math.sqrt(30000)


def test_examples_of_signs_are_bits_and_are_given_back_as_signs() -> None:
    rbm = machine(4, 3).requires_grad_(True)
    bits_, signs = Boltzmann(rbm, chains=8), Boltzmann(rbm, chains=8, low=-1.0)
    signs.chains.copy_(bits_.chains)
    one, two = bits_.cost(Round(Batch(DATA))), signs.cost(Round(Batch(2 * DATA - 1)))
    torch.testing.assert_close(one["data"], two["data"])
    torch.testing.assert_close(one["model"], two["model"])
    assert torch.equal(2 * bits_.sample(50) - 1, signs.sample(50))
    assert bits_.likelihood(DATA).value == pytest.approx(signs.likelihood(2 * DATA - 1).value)
    # The broken twin shows signs to a machine of bits, and has another slope.
    wrong = bits_.cost(Round(Batch(2 * DATA - 1)))["data"]
    assert abs(float(wrong.detach() - one["data"].detach())) > 0.1


def test_the_account_says_what_it_is_and_spends_more_steps_on_more_budget() -> None:
    rbm, x = machine(8, 6), every(8)
    exact = Boltzmann(rbm).likelihood(x, budget=100)
    assert (exact.kind, exact.space, exact.budget["examples"]) == ("exact", "discrete", 256)
    assert exact.value == pytest.approx(-float(Boltzmann(rbm).log_prob(x).mean()))
    game = Boltzmann(rbm, enumerable=3, annealed=(50, 20))
    few, many = (game.likelihood(x, budget=budget) for budget in (1, 100))
    assert (few.kind, few.budget["steps"], many.budget["steps"]) == ("estimate", 20, 200)
    assert many.budget["chains"] == 50 >= many.budget["effective_chains"] > 1
    assert abs(many.value - exact.value) < 4 * game.anneal(budget=100).error + 0.01
    one = game.likelihood(x[:1].expand(50, -1))  # of equal examples log Z alone is uncertain
    assert one.error == pytest.approx(game.anneal().error)


def test_levels_bound_the_mass_of_real_units_and_come_near_it() -> None:
    # Levels 0.25 apart, far finer than the units' deviation.
    levels = torch.linspace(-5, 5, 41).double()
    game = Boltzmann(machine(1, 3, units=lambda d: Reals(d, 0.6)), gap=0.25)
    noises = 400
    each = game.log_prob(levels.repeat_interleave(noises)[:, None]).view(41, noises)
    total = float(each.mean(1).exp().sum())
    assert 0.97 < total < 1.01
    account = game.likelihood(levels[:, None])
    assert (account.kind, account.space) == ("lower bound", "discrete")
    # The broken twin takes the density for the mass.
    assert float((each.mean(1) - math.log(0.25)).exp().sum()) > 3


def test_products_in_bf16_leave_sums_in_float32_and_the_slope_where_it_is() -> None:
    with seeded("half"):
        rbm = RBM(30, 20, scale=0.3)
        game = Boltzmann(rbm, chains=2000)
    x = (torch.rand(2000, 30, generator=generator("half")) < 0.3).float()
    found = []
    for half in (False, True):
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            again = copy.deepcopy(game)
            terms = again.cost(Round(Batch(x)))
        assert all(term.dtype == torch.float32 for term in terms.values())
        found.append(slopes(sum(terms.values()), again.rbm))
    # Chains part where a draw was near its threshold: the difference is theirs.
    assert float((found[0] - found[1]).abs().max()) < 0.02
    assert float(found[0].abs().max()) > 0.1


def test_the_gap_of_free_energies_needs_no_log_z_and_constant_units_are_counted() -> None:
    rbm = machine(4, 4)
    game, some, others = Boltzmann(rbm), every(4)[:8], every(4)[8:]
    gap = -(game.log_prob(others).mean() - game.log_prob(some).mean())
    torch.testing.assert_close(game.overfit(some, others), gap)
    assert float(game.overfit(some, some)) == 0
    rbm.weight.mul_(0.1)
    rbm.hidden.bias.copy_(torch.tensor([0.0, 30, -30, 0]))
    assert float(game.saturated(every(4))) == 0.5
