"""Deep Boltzmann machines against enumeration of all their layers."""

from __future__ import annotations

import pytest
import torch
from test_boltzmann import every
from torch import Tensor

from counterplay.errors import UserError
from counterplay.game import Batch, Round, generator, seeded, sgd
from counterplay.games.dbm import DeepBoltzmann
from counterplay.networks.dbm import DBM
from counterplay.train import train

DATA = torch.tensor([[1, 1, 0, 0], [0, 0, 1, 1], [1, 1, 1, 1], [1, 0, 0, 0]]).double()


def deep(*widths: int, scale: float = 0.8) -> DBM:
    with seeded("deep", *widths):
        dbm = DBM(*widths, scale=scale).double()
        torch.nn.init.normal_(dbm.rbm.visible.bias, 0, scale)
        torch.nn.init.normal_(dbm.rbm.hidden.bias, 0, scale)
    return dbm


def joint(dbm: DBM, v: Tensor) -> Tensor:
    """Return −E of every (v, h, g) as it is defined, (N, 2^H, 2^G)."""
    d, rbm = dbm.dims, dbm.rbm
    h, g = every(rbm.shape[1]), every(rbm.shape[0] - d)
    w, u = rbm.weight[:d], rbm.weight[d:]
    alone = (v @ rbm.visible.bias[:d])[:, None, None] + (g @ rbm.visible.bias[d:])[None, None]
    return alone + (h @ rbm.hidden.bias)[None, :, None] + (v @ w @ h.T)[..., None] + (h @ u.T @ g.T)


def log_prob(dbm: DBM, v: Tensor) -> Tensor:
    return joint(dbm, v).flatten(1).logsumexp(1) - dbm.rbm.log_partition()


def test_three_layers_are_the_restricted_machine_of_the_outer_two_beside_the_middle() -> None:
    dbm = deep(4, 3, 2).requires_grad_(False)
    terms = joint(dbm, every(4))
    torch.testing.assert_close(terms.flatten().logsumexp(0), dbm.rbm.log_partition())
    assert abs(float(log_prob(dbm, every(4)).exp().sum()) - 1) < 1e-10
    u = torch.cat([every(4).repeat_interleave(4, 0), every(2).repeat(16, 1)], 1)
    torch.testing.assert_close(-dbm.rbm.free_energy(u), terms.logsumexp(1).flatten())


def test_the_mean_field_bounds_the_exact_likelihood_and_each_pass_raises_it() -> None:
    dbm = deep(4, 3, 3).requires_grad_(False)
    v, log_z = every(4), dbm.rbm.log_partition()
    exact = log_prob(dbm, v)
    found = torch.stack([dbm.bound(v, passes) - log_z for passes in (0, 1, 2, 5, 50)])
    assert float((found - exact).max()) <= 1e-12
    assert float(found.diff(dim=0).min()) > -1e-12
    assert float(found[-1].mean()) > float(found[0].mean()) + 1e-3
    # Without a layer above nothing is correlated given v, and the bound is tight.
    dbm.rbm.weight[dbm.dims :] = 0
    flat = dbm.bound(v) - dbm.rbm.log_partition()
    torch.testing.assert_close(flat, log_prob(dbm, v))
    # The broken twin leaves the entropies out, and is not tight there.
    nu, mu = dbm.mean_field(v, 50)
    bare = -dbm.energy(torch.cat([v, nu], 1), mu) - dbm.rbm.log_partition()
    assert float((flat - bare).min()) > 0.1


def test_the_surrogate_under_the_machines_own_law_has_the_bounds_gradient() -> None:
    dbm = deep(4, 3, 2)
    u = torch.cat([every(4).repeat_interleave(4, 0), every(2).repeat(16, 1)], 1)
    share = torch.softmax(-dbm.rbm.free_energy(u), 0).detach()
    nu, mu = dbm.mean_field(DATA, 200)
    data = dbm.energy(torch.cat([DATA, nu], 1), mu).mean()
    surrogate = data - (share * dbm.rbm.free_energy(u)).sum()
    # At the mean field's fixed point the bound does not change with it, to first order.
    truth = dbm.rbm.log_partition() - dbm.bound(DATA, 200).mean()
    own = list(dbm.parameters())
    for one, other in zip(
        torch.autograd.grad(surrogate, own), torch.autograd.grad(truth, own), strict=True
    ):
        torch.testing.assert_close(one, other, atol=1e-10, rtol=1e-8)


def test_chains_in_equilibrium_give_the_bounds_gradient() -> None:
    dbm, n = deep(4, 3, 2, scale=0.5), 40000
    game = DeepBoltzmann(dbm, chains=n, passes=200, steps=1)
    u = dbm.rbm.draw(n, generator("equilibrium"))
    game.joint.chains.copy_(dbm.rbm.hidden.draw(dbm.rbm.up(u), torch.rand(n, 3)).detach())
    own = list(dbm.parameters())
    found = torch.autograd.grad(sum(game.cost(Round(Batch(DATA))).values()), own)
    truth = torch.autograd.grad(dbm.rbm.log_partition() - dbm.bound(DATA, 200).mean(), own)
    for one, other in zip(found, truth, strict=True):
        assert float((one - other).abs().max()) < 4 * 0.5 / n**0.5


@pytest.mark.parametrize("steps", [5, 200])
def test_annealing_from_both_ends_brackets_the_exact_log_z(steps: int) -> None:
    game = DeepBoltzmann(deep(6, 5, 4).requires_grad_(False), annealed=(200, 100))
    game.start(every(6)[::7])
    exact = float(game.dbm.rbm.log_partition())
    (found,) = game.bracket(every(6), [steps])
    assert found.below.bound[0] <= exact <= found.above.bound[1]
    assert abs(found.below.value - exact) < 4 * found.below.error + 0.01


def test_its_likelihood_is_a_bound_where_log_z_is_exact_and_says_so_where_not() -> None:
    dbm = deep(6, 5, 4).requires_grad_(False)
    exact, annealed = DeepBoltzmann(dbm), DeepBoltzmann(dbm, enumerable=2, annealed=(100, 100))
    x = every(6)
    one, two = exact.likelihood(x), annealed.likelihood(x)
    assert (one.kind, two.kind, one.space) == ("lower bound", "estimate", "discrete")
    assert one.value >= -float(log_prob(dbm, x).mean())
    assert abs(one.value - two.value) < 4 * annealed.anneal().error + 0.01
    assert two.budget["chains"] == 100
    signs = DeepBoltzmann(dbm, low=-1.0)
    assert abs(signs.likelihood(2 * x - 1).value - one.value) < 1e-9
    with pytest.raises(UserError, match="to -1 and 1 alone"):
        signs.likelihood(x)


class Greedy(DeepBoltzmann):
    def cost(self, round: Round) -> dict:
        return {"data": super().cost(round)["data"]}


@pytest.mark.parametrize(("kind", "climbs"), [(DeepBoltzmann, True), (Greedy, False)])
def test_training_climbs_and_without_the_model_term_it_falls(kind: type, climbs: bool) -> None:
    with seeded("climb"):
        dbm = DBM(4, 5, 3, scale=0.3).double()
        game = kind(dbm, chains=100, steps=2, move=sgd(0.1))
    game.start(DATA)
    before = float(log_prob(dbm, DATA).mean().detach())
    for _ in train(game, [Batch(DATA)] * 400):
        pass
    after = float(log_prob(dbm, DATA).mean().detach())
    assert after > before + 0.3 if climbs else after < before - 0.3


def test_samples_have_the_machines_frequencies_whether_exact_or_by_chains() -> None:
    dbm = deep(3, 4, 2, scale=0.5).requires_grad_(False)
    share = log_prob(dbm, every(3)).exp()
    for enumerable in (16, 1):
        drawn = DeepBoltzmann(dbm, enumerable=enumerable, burn=40).sample(20000)
        index = (drawn @ torch.tensor([1.0, 2, 4]).double()).long()
        seen = torch.bincount(index, minlength=8) / 20000
        assert float((seen - share).abs().max()) < 4 * 0.5 / 20000**0.5
