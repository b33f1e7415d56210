r"""The restricted Boltzmann machine, a game of one player.

With the free energy F of p(v) = exp(−F(v)) / Z, the negative log-likelihood E_data[F] + log Z has
the gradient

    ∂/∂θ (E_data[F(v)] + log Z) = E_data[∂F(v)/∂θ] − E_p[∂F(v)/∂θ],

since ∂ log Z/∂θ = −E_p[∂F/∂θ]. So the player descends the surrogate

    mean F(v_data) − mean F(v_model),   v_model held fixed,

whose gradient is that one where v_model ~ p. Its value is no likelihood: it can stand still, or
rise, while the likelihood does.

v_model ends a Markov chain. *Contrastive divergence* starts it at the data and lets it go k steps:
Training Products of Experts by Minimizing Contrastive Divergence (Hinton, Neural Computation 2002).
*Persistent* chains go on from where the last round left them: Training Restricted Boltzmann
Machines using Approximations to the Likelihood Gradient (Tieleman, ICML 2008).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from counterplay.ais import Annealed, betas, forward, rbm_path
from counterplay.errors import UserError
from counterplay.game import Game, Law, Optimise, Player, Round, Terms, generator, quiet, sgd
from counterplay.networks.boltzmann import RBM
from counterplay.parallel import average_tensors, world

__all__ = ["Boltzmann"]

Noise = Callable[[Law], Tensor]
"""A layer's law of noise -> draws from it, one for each chain."""


class Boltzmann(Game):
    """A restricted Boltzmann machine that learns by contrastive divergence.

    Args:
        rbm: the machine. Its visible biases as they are now, best those of the data's base rates
            (``rbm.visible.start(x)``), are where its chains of annealing start.
        shape: of an example, (D,) when empty; bits are 0 and 1 whatever the shape.
        steps: k ≥ 1, Gibbs steps a round.
        chains: persistent chains of the global batch, over all processes; 0 starts chains at the
            data instead, one an example.
        enumerable: up to how many units a layer is summed over exactly.
        burn: Gibbs steps before a sample, where it cannot be drawn exactly.
        annealed: (chains, steps) of the estimate of log Z, where it cannot be computed exactly.
        move: how the player moves.
    """

    chains: Tensor
    base: Tensor

    def __init__(
        self,
        rbm: RBM,
        shape: Sequence[int] = (),
        *,
        steps: int = 1,
        chains: int = 0,
        enumerable: int = 16,
        burn: int = 1000,
        annealed: tuple[int, int] = (100, 1000),
        move: Optimise = sgd(0.05),  # noqa: B008 -- a pure function
    ) -> None:
        super().__init__()
        self.rbm = rbm
        self.shape = tuple(shape) or rbm.shape[:1]
        self.steps = steps
        self.enumerable = enumerable
        self.burn = burn
        self.annealed = annealed
        self.move = move
        # Chains are kept at their hidden bits. Whole numbers are copied, and not averaged, by the
        # averaged copy of the game and from process to process.
        start = torch.rand(chains, rbm.shape[1]) < 0.5
        self.register_buffer("chains", start.to(torch.uint8))
        self.register_buffer("base", rbm.visible.bias.detach().clone())

    def players(self) -> Sequence[Player]:
        """Return the one player, who owns everything."""
        return (Player("rbm", self, self.cost, self.move),)

    def cost(self, round: Round) -> Terms:
        """Return the two terms of the surrogate, averaged over examples and over chains."""
        with torch.autocast(round.batch.x.device.type, enabled=False):
            v = round.batch.x.flatten(1).to(self.rbm.weight.dtype)
            model = self._dreamt(round, v)
            return {
                "data": self.rbm.free_energy(v).mean(),
                "model": -self.rbm.free_energy(model).mean(),
            }

    def log_partition(self, seed: int = 0) -> float:
        """Return log Z in nats: exact where a layer can be summed over, else annealed."""
        if self.exact:
            with quiet(self):
                return float(self.rbm.log_partition(self.enumerable))
        return self.anneal(seed).value

    @property
    def exact(self) -> bool:
        """Whether :meth:`log_prob` is exact; else log Z is :meth:`anneal`'s estimate."""
        return self.rbm.enumerable(self.enumerable)

    def anneal(self, seed: int = 0) -> Annealed:
        """Return what annealed importance sampling says of log Z, from below."""
        chains, steps = self.annealed
        path = rbm_path(self.rbm, self.base)
        return forward(path, chains, betas(steps), generator(seed, "anneal"))

    def log_prob(self, x: Tensor, seed: int = 0) -> Tensor:
        """Return log p(x) = −F(x) − log Z in nats, (N,).

        Where log Z is estimated it is so from below on average: the values are then too high.

        Raises:
            UserError: when a machine of bits is shown anything but zeros and ones.
        """
        v = x.flatten(1).to(self.rbm.weight.dtype)
        if self.rbm.visible.countable and not bool(((v == 0) | (v == 1)).all()):
            low, high = v.aminmax()
            raise UserError(
                f"a machine of bits gives probabilities to zeros and ones, got values from "
                f"{float(low):.3g} to {float(high):.3g}; make the examples binary first"
            )
        with quiet(self):
            return -self.rbm.free_energy(v) - self.log_partition(seed)

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples: exactly where hidden states can be summed over, else by long chains.

        Chains start at the persistent ones where there are any, else at fair coins.
        """
        rng = generator(seed, "sample")
        with quiet(self):
            if self.rbm.shape[1] <= self.enumerable:
                v = self.rbm.draw(n, rng, self.enumerable)
            else:
                v = self._wandered(n, rng)
        return v.unflatten(1, self.shape)

    def _wandered(self, n: int, rng: torch.Generator) -> Tensor:
        weight = self.rbm.weight
        if len(self.chains):
            h = self.chains[torch.randint(len(self.chains), (n,), generator=rng)].to(weight.dtype)
        else:
            h = (torch.rand(n, self.rbm.shape[1], generator=rng) < 0.5).to(weight)
        return self._walk(h, self.burn, lambda law: law.sample(n, rng).to(weight.device))[0]

    def _walk(self, h: Tensor, steps: int, noise: Noise) -> tuple[Tensor, Tensor]:
        v, h = self.rbm.gibbs(h, noise)
        for _ in range(steps - 1):
            v, h = self.rbm.gibbs(h, noise)
        return v, h

    @torch.no_grad()
    def _dreamt(self, round: Round, v: Tensor) -> Tensor:
        """Return the chains' ends, (M, D), and leave persistent chains there."""
        index, count = round.shard
        if not len(self.chains):
            noise = _shared(round, len(v))
            h = self.rbm.hidden.draw(self.rbm.up(v), noise(self.rbm.hidden.noise))
            return self._walk(h, self.steps, noise)[0]
        if len(self.chains) % count:
            raise UserError(
                f"{len(self.chains)} persistent chains cannot be dealt to {count} equal shards of "
                f"the batch; take a multiple of {count}"
            )
        rows = len(self.chains) // count
        mine = slice(index * rows, (index + 1) * rows)
        h = self.chains[mine].to(v.dtype)
        ends, h = self._walk(h, self.steps, _shared(round, rows))
        self._keep(h, mine)
        return ends

    def _keep(self, h: Tensor, mine: slice) -> None:
        self.chains[mine] = h.to(torch.uint8)
        if (size := world().size) > 1:
            # Each process holds all chains, so that any of them can save the run. A shard's rows
            # are zeros elsewhere: their sum is what their owner has.
            part = torch.zeros(self.chains.shape, device=h.device)
            part[mine] = h.float()
            seen = torch.zeros(len(part), 1, device=h.device)
            seen[mine] = 1
            rows, moved = average_tensors([part, seen])
            fresh = (rows * size).round().to(torch.uint8)
            self.chains.copy_(torch.where(moved > 0, fresh, self.chains))


def _shared(round: Round, rows: int) -> Noise:
    """Return how this shard's ``rows`` are drawn, layer after layer, out of the global ones."""
    index, count = round.shard
    asked = itertools.count()

    def noise(law: Law) -> Tensor:
        whole = law.sample(rows * count, round.rng(f"gibbs {next(asked)}"))
        return whole[index * rows : (index + 1) * rows].to(round.batch.x.device)

    return noise
