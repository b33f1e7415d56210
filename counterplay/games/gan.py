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

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from counterplay.costs import Cost, non_saturating, wasserstein
from counterplay.game import Law, Optimise, Player, Round, Terms, adam, generator, quiet
from counterplay.penalties import couples, gradient_penalty, r1, refuse_coupled
from counterplay.terms import in_chunks, judged

__all__ = ["GAN", "wgan_gp"]


class GAN(nn.Module):
    """A generator against a critic.

    Args:
        generator: (N, latent) -> examples as the data has them; with ``labels`` also takes y (N,).
        critic: examples -> (N,) or (N, 1); with ``labels`` also takes y (N,).
        latent: the law of z.
        cost: what the two minimise.
        labels: the law of y when the game is conditional, else ``None``.
        r1_weight: γ ≥ 0 of R1, γ/2 E‖∇f(x)‖² on real examples.
        penalty_weight: λ ≥ 0 of the gradient penalty λ E(‖∇f(x̂)‖ − 1)².
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
        r1_weight: float = 0.0,
        penalty_weight: float = 0.0,
        critic_steps: int = 1,
        moves: tuple[Optimise, Optimise] = (adam(2e-4, (0.5, 0.999)), adam(2e-4, (0.5, 0.999))),
    ) -> None:
        super().__init__()
        if r1_weight:
            refuse_coupled(critic, "R1")
        if penalty_weight:
            refuse_coupled(critic, "the gradient penalty")
        self.generator = generator
        self.critic = critic
        self.latent = latent
        self.cost = cost
        self.labels = labels
        self.r1_weight = r1_weight
        self.penalty_weight = penalty_weight
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
        """Return (G(z),) or (G(z, y), y): the round's generated tuple, computed once."""
        condition = () if self.labels is None else (round.draw(self.labels, "y"),)
        z = round.draw(self.latent, "z")
        # In the critic's own rounds nobody asks for the generator's gradient.
        moves = self.players()[1].moves_at(round.step)
        with torch.set_grad_enabled(moves and torch.is_grad_enabled()):
            forge = lambda: self.generator(z, *condition)  # noqa: E731
            return (round.shared("fake", self.generator, forge), *condition)

    def critic_cost(self, round: Round) -> Terms:
        """Return L_f(f(x), f(G(z))) and the weighted penalties."""
        x, y = round.batch
        condition = () if self.labels is None else (y,)
        fake = self.fake(round)
        terms = {"adversarial": self.cost.critic(*judged(self.critic, (x, *condition), fake, self.apart))}
        critic = lambda at: self.critic(at, *condition)  # noqa: E731
        if self.penalty_weight:
            share = round.uniform("share")
            terms["penalty"] = self.penalty_weight * gradient_penalty(critic, x, fake[0], share)
        if self.r1_weight:
            terms["r1"] = self.r1_weight * r1(critic, x)
        return terms

    def generator_cost(self, round: Round) -> Terms:
        """Return L_G(f(G(z)))."""
        verdict = self.critic(*self.fake(round))
        return {"adversarial": self.cost.generator(verdict.float().flatten())}

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples; ``condition`` (n,) gives their labels, drawn by their law if absent."""
        rng = generator(seed, "sample")
        device = next(self.generator.parameters()).device
        z = self.latent.sample(n, rng).to(device)
        if self.labels is None:
            return self.render(z)
        y = self.labels.sample(n, rng) if condition is None else condition
        return self.render(z, y.to(device))

    def render(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """Return G(z) or G(z, y), in evaluation mode, without gradients, a chunk at a time."""
        rows = torch.arange(len(z), device=z.device)
        with quiet(self.generator):
            if y is None:
                return in_chunks(lambda i: self.generator(z[i]).float(), rows)
            return in_chunks(lambda i: self.generator(z[i], y[i]).float(), rows)


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
        penalty_weight=penalty_weight,
        critic_steps=critic_steps,
        moves=moves,
    )
