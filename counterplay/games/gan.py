r"""The adversarial game of a generator G and a critic f on examples x ~ p, latents z ~ N(0, I).

    critic      minimises  L_f(f(x), f(G(z))) + penalties
    generator   minimises  L_G(f(G(z)))

With the logistic costs f is a discriminator whose value is a logit: Generative Adversarial Nets
(Goodfellow et al. 2014, arXiv 1406.2661). With Wasserstein's cost and a gradient penalty it is
Improved Training of Wasserstein GANs (Gulrajani et al. 2017, arXiv 1704.00028). Given the law of
labels y, both are shown them, G(z, y) and f(x, y): Conditional Generative Adversarial Nets
(Mirza, Osindero 2014, arXiv 1411.1784).

A :class:`counterplay.views.View` T between the examples and the critic makes it f(T(x)) against
f(T(G(z))): augmentation, instance noise, and packs of several examples.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import torch
from torch import Tensor, nn

from counterplay.costs import Cost, non_saturating, wasserstein
from counterplay.errors import UserError
from counterplay.game import Game, Law, Optimise, Player, Round, Terms, adam, generator
from counterplay.networks.minibatch import before_head, head
from counterplay.penalties import (
    SLOPES,
    VALUES,
    Charge,
    Clipped,
    History,
    Penalty,
    charges,
    couples,
    gradient_penalty,
    refuse_coupled,
)
from counterplay.terms import charged, judged, rendered
from counterplay.views import Noise, View

__all__ = ["GAN", "wgan_gp"]


class GAN(Game):
    """A generator against a critic.

    Args:
        generator: (N, latent) -> examples as the data has them; with ``labels`` also takes y (N,).
        critic: examples -> (N,) or (N, 1); with ``labels`` also takes y (N,).
        latent: the law of z.
        cost: what the two minimise.
        labels: when the game is conditional the law of y, by which it samples; else ``None``.
        penalties: what the critic pays for its slope or its values, each as name ->
            (weight, penalty) or :class:`counterplay.penalties.Charge`; they look at T(x), T(G(z)).
        critic_steps: the generator moves in each ``critic_steps``-th round.
        moves: how (critic, generator) move.
        view: T, of real and generated examples alike.
        history: weight of ‖θ − its mean so far‖², in the cost of each player; 0 is none.

    Raises:
        UserError: when a penalty of slopes meets a critic that mixes the batch, or clipped weights;
            when packs meet labels; when features are to be matched and the critic has none.
    """

    def __init__(
        self,
        generator: nn.Module,
        critic: nn.Module,
        latent: Law,
        *,
        cost: Cost = non_saturating,
        labels: Law | None = None,
        penalties: Mapping[str, Charge | tuple[float, Penalty]] = {},
        critic_steps: int = 1,
        moves: tuple[Optimise, Optimise] = (adam(2e-4, (0.5, 0.999)), adam(2e-4, (0.5, 0.999))),
        view: View | None = None,
        history: float = 0.0,
    ) -> None:
        super().__init__()
        self.generator = generator
        self.critic = critic
        self.latent = latent
        self.cost = cost
        self.labels = labels
        self.penalties = charges(penalties)
        self.critic_steps = critic_steps
        self.moves = moves
        self.view = View() if view is None else view
        self.history = history
        pasts = {"critic": critic, "generator": generator} if history else {}
        self.pasts = nn.ModuleDict({name: History(module) for name, module in pasts.items()})
        self.apart = bool(couples(critic))
        _refuse_misfits(self)

    def players(self) -> Sequence[Player]:
        """Return the critic, then the generator."""
        judge, forge = self.moves
        critic = self._with_state("critic", self.critic, self.view)
        maker = self._with_state("generator", self.generator)
        return (
            Player("critic", critic, self.critic_cost, judge),
            Player("generator", maker, self.generator_cost, forge, self.critic_steps),
        )

    def fake(self, round: Round) -> tuple[Tensor, ...]:
        """Return (G(z),) or (G(z, y), y), computed once a round.

        The labels are the batch's own: they follow the data's law, and each generated example has
        a real one of its class beside it, as penalties between the two and paired costs need.
        """
        condition = self._real(round)[1:]
        forge = partial(self.generator, round.draw(self.latent, "z"), *condition)
        # In the critic's own rounds nobody asks for the generator's gradient.
        moves = (round.step + 1) % self.critic_steps == 0
        with torch.set_grad_enabled(moves and torch.is_grad_enabled()):
            return (round.shared("fake", self.generator, forge), *condition)

    def critic_cost(self, round: Round) -> Terms:
        """Return L_f(f(T(x)), f(T(G(z)))) and the weighted penalties."""
        self.view.turn(round)
        real = self._shown(self._real(round), round, "real")
        fake = self._shown(self.fake(round), round, "fake")
        values = judged(self.critic, real, fake, self.apart)
        self.view.hear(values[0])

        def critic(x: Tensor) -> Tensor:
            return self.critic(x, *real[1:])

        paid = charged(critic, self.penalties, real[0], fake[0], round, self.view.pack)
        terms = {"adversarial": self.cost.critic(*values), **paid}
        return terms | self._past("critic", self.critic, round)

    def generator_cost(self, round: Round) -> Terms:
        """Return L_G; a paired cost also looks at f(T(x)), or at features of both."""
        fake = self._shown(self.fake(round), round, "fake", rest=False)
        real = tuple(part[:0] for part in fake)
        if self.cost.paired:
            real = self._shown(self._real(round), round, "real", rest=False)
        if self.cost.features:
            values = before_head(self.critic, *real), before_head(self.critic, *fake)
        else:
            values = judged(self.critic, real, fake, self.apart)
        terms = {"adversarial": self.cost.generator(*values)}
        return terms | self._past("generator", self.generator, round)

    def verdicts(self, round: Round) -> tuple[Tensor, Tensor]:
        """Return f(T(x)) and f(T(G(z))) as the critic is trained on them, ⌊N / pack⌋ each."""
        real = self._shown(self._real(round), round, "real", rest=False)
        fake = self._shown(self.fake(round), round, "fake", rest=False)
        return judged(self.critic, real, fake, self.apart)

    def values(self, round: Round) -> Tensor:
        """Return the first of :meth:`verdicts`, without a sample where nothing hangs on them."""
        if not self.apart:
            return self.verdicts(round)[0]  # in one pass with as many samples, to the last bit
        real = self._shown(self._real(round), round, "real", rest=False)
        return judged(self.critic, tuple(part[:0] for part in real), real, self.apart)[1]

    def _shown(
        self, examples: tuple[Tensor, ...], round: Round, kind: str, rest: bool = True
    ) -> tuple[Tensor, ...]:
        x, *condition = examples
        return (self.view(x, Noise(round, f"view/{kind}"), rest=rest), *condition)

    def _with_state(self, name: str, *modules: nn.Module) -> nn.Module:
        pasts = [self.pasts[name]] if name in self.pasts else []
        return nn.ModuleList([*modules, *pasts])

    def _past(self, name: str, module: nn.Module, round: Round) -> dict[str, Tensor]:
        if name not in self.pasts:
            return {}
        return {"history": self.history * self.pasts[name](module, round.step)}

    def _real(self, round: Round) -> tuple[Tensor, ...]:
        x, y = round.batch
        return (x,) if self.labels is None or y is None else (x, y)

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples of the labels ``condition``, (n,), drawn by their law if absent."""
        rng = generator(seed, "sample")
        device = next(self.generator.parameters()).device
        z = self.latent.sample(n, rng).to(device)
        if self.labels is None:
            return self.render(z)
        y = self.labels.sample(n, rng) if condition is None else condition
        return self.render(z, y.to(device))

    def render(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """Return G(z) or G(z, y), in evaluation mode, without gradients, a chunk at a time."""
        inputs = (z,) if y is None else (z, y)
        return rendered(self.generator, *inputs)


def _refuse_misfits(game: GAN) -> None:
    for name, charge in game.penalties.items():
        if charge.penalty not in VALUES.values():
            refuse_coupled(game.critic, name)
        if charge.penalty in SLOPES.values() and isinstance(game.moves[0], Clipped):
            raise UserError(
                f"{name} and clipped weights both bound the critic's slope, and together make it "
                "flat; take one of them"
            )
    if game.labels is not None and game.view.pack > 1:
        raise UserError(
            "packs have no class, so a conditional game cannot pack; leave out the labels, or take "
            "a minibatch layer in the critic"
        )
    if game.cost.features:
        head(game.critic)


def wgan_gp(
    generator: nn.Module,
    critic: nn.Module,
    latent: Law,
    *,
    penalty_weight: float = 10.0,
    critic_steps: int = 5,
    labels: Law | None = None,
    moves: tuple[Optimise, Optimise] = (adam(1e-4, (0.0, 0.9)), adam(1e-4, (0.0, 0.9))),
) -> GAN:
    """Return the Wasserstein game with gradient penalty, the paper's numbers as defaults.

    Improved Training of Wasserstein GANs (Gulrajani et al. 2017, arXiv 1704.00028), algorithm 1.
    """
    return GAN(
        generator,
        critic,
        latent,
        cost=wasserstein,
        labels=labels,
        penalties={"gradient_penalty": (penalty_weight, gradient_penalty)},
        critic_steps=critic_steps,
        moves=moves,
    )
