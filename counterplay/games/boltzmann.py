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
import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from counterplay.ais import Annealed, Bracket, betas, bracket, forward, rbm_path
from counterplay.errors import UserError
from counterplay.game import Game, Law, Optimise, Player, Round, Terms, generator, quiet, sgd
from counterplay.likelihood import Likelihood, likelihood
from counterplay.networks.boltzmann import RBM
from counterplay.parallel import average_tensors, world

__all__ = ["Boltzmann"]

Noise = Callable[[Law], Tensor]
"""A layer's law of noise -> draws from it, one for each chain."""


class Boltzmann(Game):
    """A restricted Boltzmann machine that learns by contrastive divergence.

    Args:
        rbm: the machine. Its visible biases as they are now, best those of the data's base rates
            (see :meth:`start`), are where its chains of annealing start.
        shape: of an example, (D,) when empty.
        low: the value of an example that stands for a zero of a bit; a one stands for itself.
            With 0 examples are the units' values as they are.
        gap: distance of neighbouring levels, where real units are shown data on levels: they learn
            the density of x + gap · (u − ½), u uniform, which bounds the mass; 0 of other data.
        steps: k ≥ 1, Gibbs steps a round.
        chains: persistent chains of the global batch, over all processes; 0 starts chains at the
            data instead, one an example.
        enumerable: up to how many units a layer is summed over exactly.
        burn: Gibbs steps before a sample, where it cannot be drawn exactly.
        annealed: (chains, steps) of the cheapest estimate of log Z, where it cannot be computed.
        move: how the player moves.
    """

    chains: Tensor
    base: Tensor

    def __init__(
        self,
        rbm: RBM,
        shape: Sequence[int] = (),
        *,
        low: float = 0.0,
        gap: float = 0.0,
        steps: int = 1,
        chains: int = 0,
        enumerable: int = 20,
        burn: int = 1000,
        annealed: tuple[int, int] = (100, 300),
        move: Optimise = sgd(0.05),  # noqa: B008 -- a pure function
    ) -> None:
        super().__init__()
        self.rbm = rbm
        self.shape = tuple(shape) or rbm.shape[:1]
        self.low = low
        self.gap = gap
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

    @property
    def steps_per_sample(self) -> int:
        """How many draws of a layer follow one another for a sample."""
        return 1 if self._drawable else 2 * self.burn

    def start(self, x: Tensor) -> None:
        """Set the visible biases, and where annealing starts, by the base rates of examples."""
        self.rbm.visible.start(self.units(x))
        self.base.copy_(self.rbm.visible.bias.detach())

    def units(self, x: Tensor) -> Tensor:
        """Return the visible units' values of examples, (N, D), in the type of the weights."""
        v = x.flatten(1).to(self.rbm.weight.dtype)
        return (v - self.low) / (1 - self.low) if self.low else v

    def players(self) -> Sequence[Player]:
        """Return the one player, who owns everything."""
        return (Player("rbm", self, self.cost, self.move),)

    def cost(self, round: Round) -> Terms:
        """Return the two terms of the surrogate, averaged over examples and over chains.

        Under autocast products with W are in its numbers, and all sums in those of the weights.
        """
        rbm, device = self.rbm, round.batch.x.device.type
        weight = self.multiplied(device)
        with torch.autocast(device, enabled=False):
            v = self._shown(round)
            if len(self.chains):
                data, model = self._beside(round, v, weight)
            else:
                a = rbm.up(v, weight)
                data = rbm.free_energy_at(v, a)
                model = rbm.free_energy_at(*self.dream(round, a.detach(), weight))
            return {"data": data.mean(), "model": -model.mean()}

    def multiplied(self, device: str) -> Tensor:
        """Return W in the numbers that products are made in on ``device``: autocast's, or its own.

        It is rounded once for all products of a round.
        """
        half = torch.is_autocast_enabled(device)
        return self.rbm.weight.to(torch.get_autocast_dtype(device)) if half else self.rbm.weight

    def log_partition(self, seed: int = 0, budget: float = 1.0) -> float:
        """Return log Z in nats: exact where a layer can be summed over, else annealed."""
        if self.exact:
            with quiet(self):
                return float(self.rbm.log_partition(self.enumerable))
        return self.anneal(seed, budget).value

    @property
    def exact(self) -> bool:
        """Whether :meth:`log_prob` is exact; else log Z is :meth:`anneal`'s estimate."""
        return self.rbm.enumerable(self.enumerable)

    def anneal(self, seed: int = 0, budget: float = 1.0) -> Annealed:
        """Return what annealed importance sampling says of log Z, from below.

        Its steps grow with the root of ``budget``: a thousand times the work of weighing an
        example is thirty times that of the common log Z.
        """
        chains, steps = self.annealed
        levels = betas(math.ceil(steps * math.sqrt(budget)))
        return forward(rbm_path(self.rbm, self.base), chains, levels, generator(seed, "anneal"))

    def bracket(self, x: Tensor, steps: Sequence[int], seed: int = 0) -> tuple[Bracket, ...]:
        """Return log Z from below and from above, for each number of ``steps``.

        Backward chains start at exact draws where hidden states can be summed over. Else they come
        from the examples ``x`` by Gibbs steps, as many as ``burn``: the upper bound is then as good
        as these have reached the machine's law.
        """
        rng, n = generator(seed, "bracket"), self.annealed[0]
        with quiet(self):
            if self._drawable:
                ends = self.rbm.draw(n, rng, self.enumerable)
            else:
                v = self.units(x)[torch.randint(len(x), (n,), generator=rng).to(x.device)]
                ends = self._walk(self._hidden(v, rng), self.burn, self._noise(n, rng))
        return bracket(rbm_path(self.rbm, self.base), ends, steps, rng)

    def log_prob(self, x: Tensor, seed: int = 0, budget: float = 1.0) -> Tensor:
        """Return log p(x) = −F(x) − log Z in nats, (N,); of data on levels a one-sample bound.

        Where log Z is estimated it is so from below on average: the values are then too high.

        Raises:
            UserError: when a machine of bits is shown anything but its two values.
        """
        return self._log_mass(x, self.log_partition(seed, budget), seed)

    def likelihood(self, x: Tensor, seed: int = 0, budget: float = 1.0) -> Likelihood:
        """Return the account of −log p over the examples ``x``; see :meth:`log_prob`."""
        space = "discrete" if self.rbm.visible.countable or self.gap else "continuous"
        dims = self.rbm.shape[0]
        if self.exact:
            kind = "lower bound" if self.gap else "exact"
            return likelihood(self.log_prob(x, seed), dims, kind, space)
        found = self.anneal(seed, budget)
        return likelihood(
            self._log_mass(x, found.value, seed),
            dims,
            "estimate",
            space,
            found.error,
            **found.budget,
        )

    def overfit(self, train: Tensor, held: Tensor) -> Tensor:
        """Return mean F(held) − mean F(train) in nats, a scalar, in which log Z cancels out.

        It stays near 0 until the machine knows its training examples better than others.
        """
        with quiet(self):
            f = [self.rbm.free_energy(self.units(x)).double().mean() for x in (held, train)]
        return f[0] - f[1]

    def saturated(self, x: Tensor) -> Tensor:
        """Return the share of hidden units that are as good as constant on examples, a scalar.

        These are on, or off, with a mean probability above 0.99.
        """
        with quiet(self):
            rates = self.rbm.hidden.mean(self.rbm.up(self.units(x))).mean(0)
        return ((rates < 0.01) | (rates > 0.99)).double().mean()

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples: exactly where hidden states can be summed over, else by long chains.

        Chains start at the persistent ones where there are any, else at independent units.
        """
        rng = generator(seed, "sample")
        with quiet(self):
            drawn = self.rbm.draw(n, rng, self.enumerable) if self._drawable else None
            v = self._wandered(n, rng) if drawn is None else drawn
        return (v * (1 - self.low) + self.low).unflatten(1, self.shape)

    def dream(self, round: Round, a: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
        """Return the chains' ends (M, D), and the input that hidden units have there, (M, H).

        Persistent chains are left at hidden bits drawn by that input, which is not computed twice.

        Args:
            round: the round.
            a: the hidden units' input at the data.
            weight: W as it is multiplied with; the input's gradient in it is kept.
        """
        v, noise = self._ended(round, a, weight)
        b = self.rbm.up(v, weight)
        if len(self.chains):
            self._go_on(round, b, noise)
        return v, b

    def _beside(self, round: Round, v: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
        """Return F of the data and of the persistent chains' ends: one product for both."""
        ends, noise = self._ended(round, v, weight)
        both = torch.cat([v, ends])
        inputs = self.rbm.up(both, weight)
        self._go_on(round, inputs[len(v) :], noise)
        data, model = self.rbm.free_energy_at(both, inputs).split([len(v), len(ends)])
        return data, model

    @torch.no_grad()
    def _ended(self, round: Round, a: Tensor, weight: Tensor) -> tuple[Tensor, Noise]:
        """Return where the chains end, and the noise that the next layer draws from.

        Those that are not persistent start at hidden bits given their input ``a``.
        """
        mine = self._mine(round)
        noise = _shared(round, mine.stop - mine.start if len(self.chains) else len(a))
        if len(self.chains):
            h = self.chains[mine].to(a.dtype)
        else:
            h = self.rbm.hidden.draw(a, noise(self.rbm.hidden.noise))
        return self._walk(h, self.steps, noise, weight.detach()), noise

    @torch.no_grad()
    def _go_on(self, round: Round, b: Tensor, noise: Noise) -> None:
        """Leave persistent chains at hidden bits drawn by their input ``b``."""
        hidden = self.rbm.hidden
        self._keep(hidden.draw(b, noise(hidden.noise)), self._mine(round))

    def check_bits(self, v: Tensor, x: Tensor, low: float) -> None:
        """Refuse values ``v`` of units that are no bits, telling what the examples ``x`` are.

        Raises:
            UserError: when a machine of bits is shown anything but its two values.
        """
        if not self.rbm.visible.countable or bool(((v == 0) | (v == 1)).all()):
            return
        least, most = x.aminmax()
        raise UserError(
            f"a machine of bits gives probabilities to {low:g} and 1 alone, got values from "
            f"{float(least):.3g} to {float(most):.3g}; make the examples binary first "
            "(--data.binarise)"
        )

    @property
    def _drawable(self) -> bool:
        return self.rbm.shape[1] <= self.enumerable

    def _shown(self, round: Round) -> Tensor:
        v = self.units(round.batch.x)
        if not self.gap:
            return v
        return v + self.gap * (round.uniform("levels", v.shape[1]).to(v) - 0.5)

    def _log_mass(self, x: Tensor, log_partition: float, seed: int) -> Tensor:
        v = self.units(x)
        self.check_bits(v, x, self.low)
        if self.gap:
            noise = torch.rand(v.shape, generator=generator(seed, "levels")).to(v)
            v = v + self.gap * (noise - 0.5)
        volume = v.shape[1] * math.log(self.gap or 1.0)
        with quiet(self):
            return volume - self.rbm.free_energy(v) - log_partition

    def _hidden(self, v: Tensor, rng: torch.Generator) -> Tensor:
        noise = self._noise(len(v), rng)
        return self.rbm.hidden.draw(self.rbm.up(v), noise(self.rbm.hidden.noise))

    def _noise(self, n: int, rng: torch.Generator) -> Noise:
        return lambda law: law.sample(n, rng).to(self.rbm.weight.device)

    def _wandered(self, n: int, rng: torch.Generator) -> Tensor:
        noise, weight = self._noise(n, rng), self.rbm.weight
        if len(self.chains):
            h = self.chains[torch.randint(len(self.chains), (n,), generator=rng)].to(weight.dtype)
        else:
            none = weight.new_zeros(n, weight.shape[0])
            v = self.rbm.visible.draw(none, noise(self.rbm.visible.noise), self.base)
            h = self._hidden(v, rng)
        return self._walk(h, self.burn, noise)

    def _walk(self, h: Tensor, steps: int, noise: Noise, weight: Tensor | None = None) -> Tensor:
        """Return the visible units after ``steps`` Gibbs steps from hidden bits."""
        for _ in range(steps - 1):
            _, h = self.rbm.gibbs(h, noise, weight)
        return self.rbm.visible.draw(self.rbm.down(h, weight), noise(self.rbm.visible.noise))

    def _mine(self, round: Round) -> slice:
        """Return which of the persistent chains are this shard's."""
        index, count = round.shard
        if len(self.chains) % count:
            raise UserError(
                f"{len(self.chains)} persistent chains cannot be dealt to {count} equal shards of "
                f"the batch; take a multiple of {count}"
            )
        rows = len(self.chains) // count
        return slice(index * rows, (index + 1) * rows)

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
