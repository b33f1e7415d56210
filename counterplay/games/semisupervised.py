r"""Semi-supervised learning as a game: a classifier of K classes is the critic.

Notation: l(x) are the critic's K logits, Z(x) = Σ_k exp l_k, λ(x) = log Z. The generated ones are
class K + 1, whose logit is pinned to 0: adding a constant to all K + 1 logits changes no
probability, so a logit of its own would be one too many. Then

    P(real | x) = Z / (Z + 1) = σ(λ),      −log P(y | x, real) = λ − l_y,

so λ is a discriminator's logit, and the costs are

    critic      E[λ(x) − l_y(x)] + w ½ (E softplus(−λ(x)) + E softplus(λ(G(z))))
    generator   mean over features of (E f(G(z)) − E f(x))²

with labelled x in the first term, unlabelled x in the others, a second, independent unlabelled
batch in the generator's, and f the critic's last hidden layer. softplus(−λ) is the published
softplus(λ) − λ. Improved Techniques for Training GANs (Salimans et al. 2016, arXiv 1606.03498).

Published code draws z anew for the generator; here both players look at the same G(z), which
stands still in between: one generator pass a round. Batch means are those of a process's own shard,
as batch norm's are.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from counterplay.costs import logistic_critic
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
from counterplay.terms import feature_matching, in_chunks

__all__ = ["Labelling", "SemiSupervised", "parted"]

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
        with quiet(self.generator):
            return in_chunks(lambda part: self.generator(part).float(), z)


class SemiSupervised(Labelling):
    """The game of K classes and a fake one, the generator matching features.

    Args:
        generator: (N, latent) -> examples as the data has them.
        critic: examples -> K logits.
        latent: the law of z.
        unsupervised: the weight w; at 0 the critic learns from labelled examples alone.
        moves: how (critic, generator) move.
    """

    def __init__(
        self,
        generator: nn.Module,
        critic: NoisyClassifier,
        latent: Law,
        *,
        unsupervised: float = 1.0,
        moves: tuple[Optimise, Optimise] = (MOVE, MOVE),
    ) -> None:
        super().__init__(generator, critic, latent, moves)
        self.unsupervised = unsupervised

    def critic_cost(self, round: Round) -> Terms:
        """Return the supervised term and, weighted, the unsupervised one."""
        alone, _, _ = parted(round)
        x, y = alone.batch
        assert y is not None
        if not self.unsupervised:
            return {"supervised": cross_entropy(self.critic(x, self.noise(alone, "noise")), y)}
        labelled, unlabelled, fake = self.logits(round)
        source = logistic_critic(unlabelled.logsumexp(1), fake.logsumexp(1))
        return {
            "supervised": cross_entropy(labelled, y),
            "unsupervised": self.unsupervised * 0.5 * source,
        }

    def generator_cost(self, round: Round) -> Terms:
        """Return the distance between the batch means of the critic's features."""
        labelled, _, unlabelled = parted(round)
        with torch.no_grad():
            real = self.critic.features(unlabelled, self.noise(labelled, "noise real"))
        fake = self.critic.features(self.fake(labelled), self.noise(labelled, "noise fake"))
        return {"matching": feature_matching(real.float(), fake.float())}
