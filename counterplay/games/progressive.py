r"""A Wasserstein game whose networks grow: from small images to large ones, level by level.

Round t is played at (level l, share a), a function of t alone: ``steady`` rounds at level 0; then,
for each level, ``fade`` rounds in which a goes from 0 to 1 and ``steady`` rounds at a = 1. With
generator G, critic f, and real images brought to the same (l, a),

    critic      minimises  E f(G(z)) − E f(x) + λ E (‖∇f‖ − 1)² + ε E f(x)²
    generator   minimises  −E f(G(z)),

of which the last term of the critic, the drift, keeps its values near zero. Progressive Growing of
GANs for Improved Quality, Stability, and Variation (Karras et al. 2018, arXiv 1710.10196).

Optimisers live on when the networks grow. A parameter that has no gradient yet has no moments
either, and Adam counts each parameter's own moves: a new layer begins with moments at zero and
their bias corrected, while old layers keep theirs. (The paper forgets all moments at each level.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import interpolate as enlarged

from counterplay.costs import wasserstein
from counterplay.game import Game, Law, Optimise, Player, Round, Terms, adam, generator, quiet
from counterplay.networks.progressive import GrowingCritic, GrowingGenerator, seen_at
from counterplay.penalties import gradient_norms, interpolate
from counterplay.terms import in_chunks, judged

__all__ = ["Growth", "Progressive"]


@dataclass(frozen=True)
class Growth:
    """When which level is played: round -> (level, share), by the rule above.

    Attributes:
        top: the last level.
        steady: rounds at each level once it is wholly there.
        fade: rounds in which a level appears.
    """

    top: int
    steady: int
    fade: int

    def at(self, step: int) -> tuple[int, float]:
        """Return (level, share) of round ``step``.

        >>> [Growth(2, 2, 4).at(t) for t in (0, 2, 4, 7, 8, 9, 99)]
        [(0, 1.0), (1, 0.0), (1, 0.5), (1, 1.0), (2, 0.0), (2, 0.25), (2, 1.0)]
        """
        if step < self.steady:
            return 0, 1.0
        grown, into = divmod(step - self.steady, self.fade + self.steady)
        if grown >= self.top:
            return self.top, 1.0
        return grown + 1, min(1.0, into / max(self.fade, 1))


class Progressive(Game):
    """A generator and a critic that grow together.

    Args:
        generator: its images have the side of its level.
        critic: of the same levels.
        latent: the law of z.
        steady: rounds at each level once it is wholly there.
        fade: rounds in which a level appears.
        penalty: weight λ of the gradient penalty.
        drift: weight ε.
        critic_steps: the generator moves in each ``critic_steps``-th round.
        moves: how (critic, generator) move.
    """

    def __init__(
        self,
        generator: GrowingGenerator,
        critic: GrowingCritic,
        latent: Law,
        *,
        steady: int,
        fade: int,
        penalty: float = 10.0,
        drift: float = 1e-3,
        critic_steps: int = 1,
        moves: tuple[Optimise, Optimise] = (adam(1e-3, (0.0, 0.99)), adam(1e-3, (0.0, 0.99))),
    ) -> None:
        super().__init__()
        self.generator = generator
        self.critic = critic
        self.latent = latent
        self.growth = Growth(generator.top, steady, fade)
        self.penalty, self.drift = penalty, drift
        self.critic_steps = critic_steps
        self.moves = moves
        # The generator's own, and so moved by its moves alone: the last round that it has played.
        generator.register_buffer("played", torch.zeros((), dtype=torch.int64))

    def players(self) -> Sequence[Player]:
        """Return the critic, then the generator."""
        judge, forge = self.moves
        return (
            Player("critic", self.critic, self.critic_cost, judge),
            Player("generator", self.generator, self.generator_cost, forge, self.critic_steps),
        )

    def stage(self) -> tuple[int, float]:
        """Return the (level, share) at which samples are drawn: the generator's last."""
        return self.growth.at(int(self.generator.get_buffer("played")))

    def fake(self, round: Round) -> Tensor:
        """Return G(z; l, a), computed once a round."""
        stage = self.growth.at(round.step)
        z = round.draw(self.latent, "z")
        moves = (round.step + 1) % self.critic_steps == 0
        with torch.set_grad_enabled(moves and torch.is_grad_enabled()):
            return round.shared("fake", self.generator, lambda: self.generator(z, *stage))

    def critic_cost(self, round: Round) -> Terms:
        """Return the Wasserstein term, the gradient penalty and the drift."""
        stage, fake = self.growth.at(round.step), self.fake(round)
        real = seen_at(round.batch.x, self.growth.top, *stage)
        values = judged(lambda x: self.critic(x, *stage), (real,), (fake,), apart=True)
        return {
            "adversarial": wasserstein.critic(*values),
            "gradient_penalty": self.penalty * self._steepness(round, real, fake),
            "drift": self.drift * values[0].square().mean(),
        }

    def verdicts(self, round: Round) -> tuple[Tensor, Tensor]:
        """Return the critic's values of the batch and of generated examples, (N,) each."""
        stage = self.growth.at(round.step)
        real, fake = seen_at(round.batch.x, self.growth.top, *stage), self.fake(round)
        return judged(lambda x: self.critic(x, *stage), (real,), (fake,), apart=True)

    def _steepness(self, round: Round, real: Tensor, fake: Tensor) -> Tensor:
        """Return E (‖∇f‖ − 1)² between real and generated examples, each example's slope alone."""
        stage, between = self.growth.at(round.step), interpolate(real, fake, round.uniform("share"))
        norms = gradient_norms(lambda x: self.critic(x, *stage, alone=True), between)
        return (norms - 1).square().mean()

    def generator_cost(self, round: Round) -> Terms:
        """Return −E f(G(z)), and remember the round."""
        value = self.critic(self.fake(round), *self.growth.at(round.step)).float()
        self.generator.get_buffer("played").fill_(round.step)
        return {"adversarial": wasserstein.generator(value[:0], value)}

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples at the current stage, enlarged to the data's size."""
        z = self.latent.sample(n, generator(seed, "sample"))
        return self.render(z.to(next(self.generator.parameters()).device))

    def render(self, z: Tensor) -> Tensor:
        """Return G(z) at the current stage, enlarged to the data's size by nearest neighbours."""
        level, share = self.stage()
        scale = float(2 ** (self.growth.top - level))
        with quiet(self.generator, z):
            return in_chunks(
                lambda part: enlarged(
                    self.generator(part, level, share).float(), scale_factor=scale
                ),
                z,
            )
