r"""The categorical game: a classifier without a fake class, as sure of real examples as it can be.

Notation: p(y | x) are the critic's K probabilities, H the entropy in nats, E over a batch. The
classifier wants real examples sure and classes balanced, generated ones unsure; the generator wants
its own sure and balanced. As costs, everybody minimising,

    critic      −H(E p(y | x)) + E H(p(y | x)) − E H(p(y | G(z))) + λ E[−log p(y_x | x)]
    generator   −H(E p(y | G(z))) + E H(p(y | G(z)))

The paper's classifier *maximises* H(E p) − E H(p) + E H(p_G), here with every sign turned round;
its generator minimises −H(E p_G) + E H(p_G), as here. The two disagree on E H(p_G) alone. Each
−H(E p) + E H(p) is minus the mutual information of y and x in the batch, between −log K and 0.
Batches are those of a process's own shard.

Unsupervised and Semi-supervised Learning with Categorical Generative Adversarial Networks
(Springenberg 2016, arXiv 1511.06390), equations 7 to 9.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from counterplay.game import Law, Optimise, Round, Terms
from counterplay.games.labelling import MOVE, Labelling, parted
from counterplay.networks.noisy import NoisyClassifier

__all__ = ["CatGAN", "conditional_entropy", "entropies", "marginal_entropy"]


def entropies(logits: Tensor) -> Tensor:
    """Return H(p(y | x)) of each in nats, (N,), of logits (N, K): 0 when sure, log K when not."""
    log_p = logits.log_softmax(1)
    return -(log_p.exp() * log_p).sum(1)


def conditional_entropy(logits: Tensor) -> Tensor:
    """Return E H(p(y | x)) in nats, of logits (N, K)."""
    return entropies(logits).mean()


def marginal_entropy(logits: Tensor) -> Tensor:
    """Return H(E p(y | x)) in nats, of logits (N, K): log K when all classes are as frequent."""
    log_p = logits.log_softmax(1).logsumexp(0)
    log_p = log_p - log_p.logsumexp(0)
    return -(log_p.exp() * log_p).sum()


class CatGAN(Labelling):
    """A generator against a classifier of sure and balanced verdicts.

    Args:
        generator: (N, latent) -> examples as the data has them.
        critic: examples -> K logits.
        latent: the law of z.
        supervised: the weight λ; at 0 classes are clusters, and have no names.
        moves: how (critic, generator) move.
    """

    def __init__(
        self,
        generator: nn.Module,
        critic: NoisyClassifier,
        latent: Law,
        *,
        supervised: float = 1.0,
        moves: tuple[Optimise, Optimise] = (MOVE, MOVE),
    ) -> None:
        super().__init__(generator, critic, latent, moves)
        self.supervised = supervised

    def critic_cost(self, round: Round) -> Terms:
        """Return the three entropies, and what the labels say."""
        alone, _, _ = parted(round)
        y = alone.batch.y
        assert y is not None
        labelled, unlabelled, fake = self.logits(round)
        return {
            "balance": -marginal_entropy(unlabelled),
            "doubt": conditional_entropy(unlabelled),
            "doubt_generated": -conditional_entropy(fake),
            "supervised": self.supervised * cross_entropy(labelled, y),
        }

    def generator_cost(self, round: Round) -> Terms:
        """Return the two entropies of what is generated."""
        alone, _, _ = parted(round)
        logits = self.critic(self.fake(alone), self.noise(alone, "noise fake")).float()
        return {"balance": -marginal_entropy(logits), "doubt": conditional_entropy(logits)}

    def worth(self, logits: Tensor) -> Tensor:
        """Return -H(p(y | x)): what is real is what the critic is sure of."""
        return -entropies(logits)
