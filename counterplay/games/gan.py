r"""The adversarial game of a generator G and a critic f on examples x ~ p, latents z ~ N(0, I).

    critic      minimises  L_f(f(x), f(G(z))) + penalties
    generator   minimises  L_G(f(G(z)))

With the logistic costs f is a discriminator whose value is a logit: Generative Adversarial Nets
(Goodfellow et al. 2014, arXiv 1406.2661). With Wasserstein's cost and a gradient penalty it is
Improved Training of Wasserstein GANs (Gulrajani et al. 2017, arXiv 1704.00028). Given the law of
labels y, both are shown them, G(z, y) and f(x, y): Conditional Generative Adversarial Nets
(Mirza, Osindero 2014, arXiv 1411.1784).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import torch
from torch import Tensor, nn

from counterplay.costs import Cost, non_saturating, wasserstein
from counterplay.game import Game, Law, Optimise, Player, Round, Terms, adam, generator, quiet
from counterplay.penalties import Penalty, couples, gradient_penalty, refuse_coupled
from counterplay.terms import in_chunks, judged

__all__ = ["GAN", "wgan_gp"]


class GAN(Game):
    """A generator against a critic.

    Args:
        generator: (N, latent) -> examples as the data has them; with ``labels`` also takes y (N,).
        critic: examples -> (N,) or (N, 1); with ``labels`` also takes y (N,).
        latent: the law of z.
        cost: what the two minimise.
        labels: when the game is conditional the law of y, by which it samples; else ``None``.
        penalties: what the critic pays for its slope, each as name -> (weight, penalty).
        critic_steps: the generator moves in each ``critic_steps``-th round.
        moves: how (critic, generator) move.

    Raises:
        UserError: when a penalty meets a critic with batch norm.
    """

    def __init__(
        self,
        generator: nn.Module,
        critic: nn.Module,
        latent: Law,
        *,
        cost: Cost = non_saturating,
        labels: Law | None = None,
        penalties: Mapping[str, tuple[float, Penalty]] = {},
        critic_steps: int = 1,
        moves: tuple[Optimise, Optimise] = (adam(2e-4, (0.5, 0.999)), adam(2e-4, (0.5, 0.999))),
    ) -> None:
        super().__init__()
        for name in penalties:
            refuse_coupled(critic, name)
        self.generator = generator
        self.critic = critic
        self.latent = latent
        self.cost = cost
        self.labels = labels
        self.penalties = dict(penalties)
        self.critic_steps = critic_steps
        self.moves = moves
        self.apart = bool(couples(critic))

    def players(self) -> Sequence[Player]:
        """Return the critic, then the generator."""
        judge, forge = self.moves
        return (
            Player("critic", self.critic, self.critic_cost, judge),
            Player("generator", self.generator, self.generator_cost, forge, self.critic_steps),
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
        """Return L_f(f(x), f(G(z))) and the weighted penalties."""
        real, fake = self._real(round), self.fake(round)
        values = judged(self.critic, real, fake, self.apart)
        terms = {"adversarial": self.cost.critic(*values)}

        def critic(x: Tensor) -> Tensor:
            return self.critic(x, *real[1:])

        for name, (weight, penalty) in self.penalties.items():
            terms[name] = weight * penalty(critic, real[0], fake[0], round.uniform(name))
        return terms

    def generator_cost(self, round: Round) -> Terms:
        """Return L_G; a paired cost also looks at f(x)."""
        fake = self.fake(round)
        real = self._real(round) if self.cost.paired else tuple(part[:0] for part in fake)
        return {"adversarial": self.cost.generator(*judged(self.critic, real, fake, self.apart))}

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
        with quiet(self.generator):
            return in_chunks(lambda *part: self.generator(*part).float(), *inputs)


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
