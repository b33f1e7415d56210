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

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from counterplay.costs import logistic_critic
from counterplay.game import Law, Optimise, Round, Terms
from counterplay.games.labelling import MOVE, Labelling, parted
from counterplay.networks.noisy import NoisyClassifier
from counterplay.terms import feature_matching

__all__ = ["SemiSupervised"]


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
        source = logistic_critic(self.worth(unlabelled), self.worth(fake))
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

    def worth(self, logits: Tensor) -> Tensor:
        """Return λ, the logit of being real."""
        return logits.logsumexp(1)
