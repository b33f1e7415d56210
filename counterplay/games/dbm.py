r"""The deep Boltzmann machine, a game of one player.

With the bound B(v) − log Z of :mod:`counterplay.networks.dbm`, its mean field held fixed, and
∂ log Z/∂θ = −E_p[∂F(v, g)/∂θ], the player descends

    mean E(v_data, μ, ν) − mean F(v_model, g_model),

whose gradient is that of the negative bound where (v, g)_model ~ p: persistent chains stand for it.
Deep Boltzmann Machines (Salakhutdinov, Hinton, AISTATS 2009); all layers learn at once here, and
none is pretrained.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from counterplay.ais import Annealed, Bracket
from counterplay.game import Game, Optimise, Player, Round, Terms, quiet, sgd
from counterplay.games.boltzmann import Boltzmann
from counterplay.likelihood import Likelihood, likelihood
from counterplay.networks.dbm import DBM

__all__ = ["DeepBoltzmann"]


class DeepBoltzmann(Game):
    """Three layers of bits that learn by mean field and persistent chains.

    Args:
        dbm: the machine.
        shape: of an example, (D,) when empty.
        low: the value of an example that stands for a zero; a one stands for itself.
        steps: Gibbs steps of the chains in a round.
        chains: persistent chains of the global batch, over all processes.
        passes: of the mean field, in a round.
        enumerable: up to how many units a side is summed over exactly.
        burn: Gibbs steps before a sample, where it cannot be drawn exactly.
        annealed: (chains, steps) of the cheapest estimate of log Z.
        move: how the player moves.
    """

    def __init__(
        self,
        dbm: DBM,
        shape: Sequence[int] = (),
        *,
        low: float = 0.0,
        steps: int = 5,
        chains: int = 100,
        passes: int = 10,
        enumerable: int = 16,
        burn: int = 1000,
        annealed: tuple[int, int] = (100, 300),
        move: Optimise = sgd(0.005),  # noqa: B008 -- a pure function
    ) -> None:
        super().__init__()
        self.dbm = dbm
        self.shape = tuple(shape) or (dbm.dims,)
        self.low = low
        self.passes = passes
        self.move = move
        # The game of (v, g) and h, of which the chains, the annealing and the samples are taken.
        self.joint = Boltzmann(
            dbm.rbm,
            steps=steps,
            chains=chains,
            enumerable=enumerable,
            burn=burn,
            annealed=annealed,
        )

    def start(self, x: Tensor) -> None:
        """Set the visible biases, and where annealing starts, by the base rates of examples."""
        self.dbm.start(self.bits(x))
        self.joint.base.copy_(self.dbm.rbm.visible.bias.detach())

    def bits(self, x: Tensor) -> Tensor:
        """Return the bits of examples, (N, D), in the type of the weights."""
        return (x.flatten(1).to(self.dbm.rbm.weight.dtype) - self.low) / (1 - self.low)

    def players(self) -> Sequence[Player]:
        """Return the one player, who owns everything."""
        return (Player("dbm", self, self.cost, self.move),)

    def cost(self, round: Round) -> Terms:
        """Return the two terms of the surrogate, averaged over examples and over chains."""
        device = round.batch.x.device.type
        weight = self.joint.multiplied(device)
        with torch.autocast(device, enabled=False):
            v = self.bits(round.batch.x)
            nu, mu = self.dbm.mean_field(v, self.passes, weight)
            data = torch.cat([v, nu], 1)
            with torch.no_grad():
                a = self.dbm.rbm.up(data, weight)
            model, b = self.joint.dream(round, a, weight)
            return {
                "data": self.dbm.energy(data, mu, weight).mean(),
                "model": -self.dbm.rbm.free_energy_at(model, b).mean(),
            }

    def bound(self, x: Tensor, seed: int = 0, budget: float = 1.0) -> Tensor:
        """Return the mean field's bound of log p(x) in nats, (N,).

        A bound where log Z is exact. Where it is annealed, it is so from below on average, and the
        difference is a bound of an estimate, which may be too high.

        Raises:
            UserError: when ``x`` has anything but its two values.
        """
        return self._bound(x, self.joint.log_partition(seed, budget))

    def likelihood(self, x: Tensor, seed: int = 0, budget: float = 1.0) -> Likelihood:
        """Return the account of :meth:`bound` over the examples ``x``."""
        dims = self.dbm.dims
        if self.joint.exact:
            return likelihood(self.bound(x, seed), dims, "lower bound", "discrete")
        found = self.joint.anneal(seed, budget)
        value = self._bound(x, found.value)
        return likelihood(value, dims, "estimate", "discrete", found.error, **found.budget)

    def anneal(self, seed: int = 0, budget: float = 1.0) -> Annealed:
        """Return what annealed importance sampling says of log Z, from below."""
        return self.joint.anneal(seed, budget)

    def bracket(self, x: Tensor, steps: Sequence[int], seed: int = 0) -> tuple[Bracket, ...]:
        """Return log Z from below and from above; see :meth:`Boltzmann.bracket`."""
        with quiet(self):
            v = self.bits(x)
            nu, _ = self.dbm.mean_field(v, self.passes)
        return self.joint.bracket(torch.cat([v, nu], 1), steps, seed)

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples: exactly where the middle can be summed over, else by chains."""
        v = self.joint.sample(n, seed=seed)[:, : self.dbm.dims]
        return (v * (1 - self.low) + self.low).unflatten(1, self.shape)

    def _bound(self, x: Tensor, log_partition: float) -> Tensor:
        v = self.bits(x)
        self.joint.check_bits(v, x, self.low)
        with quiet(self):
            return self.dbm.bound(v) - log_partition
