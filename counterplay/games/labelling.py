r"""What games with few labels share: batches of triples, a noisy classifier, samples.

The critic is a classifier of K classes. Its cost and the generator's are each game's own.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn

from counterplay.errors import UserError
from counterplay.game import (
    Batch,
    Game,
    Law,
    Optimise,
    Player,
    Round,
    Terms,
    adam,
    generator,
    quiet,
)
from counterplay.networks.noisy import NoisyClassifier
from counterplay.terms import in_chunks, rendered

__all__ = ["MOVE", "Labelling", "parted"]

MOVE = adam(3e-3, (0.5, 0.999), eps=1e-4)
"""The published Adam. Its ε of 1e-8 stands inside the square root: see :func:`counterplay.adam`."""


def parted(round: Round) -> tuple[Round, Tensor, Tensor]:
    """Return a round of the labelled examples alone, and two batches of unlabelled ones.

    A batch is triples (labelled, unlabelled, unlabelled), one after the other: rows 0, 3, 6, …
    have labels. So any whole number of triples, in a shard or a micro-batch, has all three.

    Raises:
        UserError: when the batch has no labels, or no whole number of triples.
    """
    x, y = round.batch
    if y is None or len(x) % 3:
        seen = "no labels" if y is None else f"{len(x)} rows"
        raise UserError(
            f"semi-supervised learning takes triples of one labelled and two unlabelled examples, "
            f"seen {seen}; data.few makes them from labelled data"
        )
    first, one, two = x.unflatten(0, (-1, 3)).unbind(1)
    return replace(round, batch=Batch(first, y.view(-1, 3)[:, 0])), one, two


class Labelling(Game):
    """A generator against a classifier that learns from few labels and many examples.

    Batches are triples, see :func:`parted`; labels of unlabelled examples are not looked at.

    Args:
        generator: (N, latent) -> examples as the data has them.
        critic: examples -> K logits.
        latent: the law of z.
        moves: how (critic, generator) move.
    """

    def __init__(
        self,
        generator: nn.Module,
        critic: NoisyClassifier,
        latent: Law,
        moves: tuple[Optimise, Optimise] = (MOVE, MOVE),
    ) -> None:
        super().__init__()
        self.generator = generator
        self.critic = critic
        self.latent = latent
        self.moves = moves

    @abstractmethod
    def critic_cost(self, round: Round) -> Terms:
        """Return what the critic minimises."""

    @abstractmethod
    def generator_cost(self, round: Round) -> Terms:
        """Return what the generator minimises."""

    @abstractmethod
    def worth(self, logits: Tensor) -> Tensor:
        """Return how real the critic holds examples for, (N,), by its logits of them, (N, K)."""

    def players(self) -> Sequence[Player]:
        """Return the critic, then the generator."""
        judge, forge = self.moves
        return (
            Player("critic", self.critic, self.critic_cost, judge),
            Player("generator", self.generator, self.generator_cost, forge),
        )

    def start(self, x: Tensor, seed: int = 0) -> None:
        """Start the critic from the data: see :meth:`NoisyClassifier.start`."""
        noise = torch.randn(len(x), sum(self.critic.widths), generator=generator(seed, "start"))
        self.critic.start(x, noise.to(x.device).split(self.critic.widths, 1))

    def noise(self, round: Round, tag: str) -> Sequence[Tensor]:
        """Draw the critic's noise for the round's rows, one tensor a layer."""
        return round.normal(tag, sum(self.critic.widths)).split(self.critic.widths, 1)

    def fake(self, round: Round) -> Tensor:
        """Return G(z), one for each example of ``round``, computed once a round."""
        z = round.draw(self.latent, "z")
        return round.shared("fake", self.generator, lambda: self.generator(z))

    def logits(self, round: Round) -> tuple[Tensor, ...]:
        """Return the critic's logits of labelled, unlabelled and generated examples, (N, K) each.

        The three go through the critic in one pass, as no layer of it mixes the batch; in turns,
        as the batch is, so that each row's noise is the same however the batch is cut.
        """
        labelled, unlabelled, _ = parted(round)
        fake = self.fake(labelled).to(unlabelled.dtype)
        rows = torch.stack([labelled.batch.x, unlabelled, fake], 1).flatten(0, 1)
        found = self.critic(rows, self.noise(round, "noise")).float()
        return found.unflatten(0, (-1, 3)).unbind(1)

    def verdicts(self, round: Round) -> tuple[Tensor, Tensor]:
        """Return the critic's values of the batch, triples or not, and of generated examples."""
        pairs = ((round.batch.x, "noise"), (self.fake(round), "noise fake"))
        one, two = (self.critic(x, self.noise(round, tag)).float() for x, tag in pairs)
        return self.worth(one), self.worth(two)

    def classify(self, x: Tensor) -> Tensor:
        """Return P(y | x), of a real x where there is a fake class too; float32 (N, K)."""
        with quiet(self.critic):
            return in_chunks(lambda part: self.critic(part).float().softmax(1), x, size=1024)

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples; no class can be asked for."""
        device = next(self.generator.parameters()).device
        return self.render(self.latent.sample(n, generator(seed, "sample")).to(device))

    def render(self, z: Tensor) -> Tensor:
        """Return G(z), in evaluation mode, without gradients, a chunk at a time."""
        return rendered(self.generator, z)
