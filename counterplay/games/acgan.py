r"""The auxiliary-classifier game: the critic's trunk also tells the class.

The trunk has two heads on examples x: a critic's value f(x), which is *not* shown the class, and
class logits C(x). With

    L_S = E log P(real | x) + E log P(generated | G(z, y))
    L_C = E log P(y | x)    + E log P(y | G(z, y))

the paper has D maximise L_S + L_C and G maximise L_C − L_S. Everybody minimises here, and the
cross entropy is −L_C, so that its sign is a plus for both:

    trunk       minimises  L_f(f(x), f(G(z, y))) + w · [CE(C(x), y) + CE(C(G(z, y)), y)]
    generator   minimises  L_G(f(G(z, y)))       + w · CE(C(G(z, y)), y)

The two agree about the class and play against each other about the rest.
Conditional Image Synthesis with Auxiliary Classifier GANs (Odena, Olah, Shlens 2017,
arXiv 1610.09585), which has w = 1 and the logistic costs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from counterplay.costs import Cost, non_saturating
from counterplay.errors import UserError
from counterplay.game import Game, Law, Optimise, Player, Round, Terms, adam, generator
from counterplay.networks import Head
from counterplay.penalties import Penalty, couples, refuse_coupled
from counterplay.terms import charged, headed, rendered

__all__ = ["ACGAN"]


class ACGAN(Game):
    """A generator that is shown the class, against a trunk that has to tell it.

    Args:
        generator: (N, latent), y int64 (N,) -> examples as the data has them.
        trunk: examples -> {"critic": (N, 1), "class": logits (N, K)}.
        latent: the law of z.
        labels: the law of y, by which the game samples.
        cost: what the two minimise besides the class term.
        class_weight: w, of the class term in both players' costs.
        penalties: what the critic pays for its slope, each as name -> (weight, penalty).
        moves: how (trunk, generator) move.

    Raises:
        UserError: when a penalty meets a trunk with batch norm.
    """

    def __init__(
        self,
        generator: nn.Module,
        trunk: nn.Module,
        latent: Law,
        labels: Law,
        *,
        cost: Cost = non_saturating,
        class_weight: float = 1.0,
        penalties: Mapping[str, tuple[float, Penalty]] = {},
        moves: tuple[Optimise, Optimise] = (adam(2e-4, (0.5, 0.999)), adam(2e-4, (0.5, 0.999))),
    ) -> None:
        super().__init__()
        for name in penalties:
            refuse_coupled(trunk, name)
        self.generator = generator
        self.trunk = trunk
        self.latent = latent
        self.labels = labels
        self.cost = cost
        self.class_weight = class_weight
        self.penalties = dict(penalties)
        self.moves = moves
        self.apart = bool(couples(trunk))

    def players(self) -> Sequence[Player]:
        """Return the trunk, then the generator."""
        judge, forge = self.moves
        return (
            Player("critic", self.trunk, self.critic_cost, judge),
            Player("generator", self.generator, self.generator_cost, forge),
        )

    def fake(self, round: Round) -> Tensor:
        """Return G(z, y) for the batch's own y, which follow the data's law; once a round."""
        z, y = round.draw(self.latent, "z"), _labels(round)
        return round.shared("fake", self.generator, lambda: self.generator(z, y))

    def critic_cost(self, round: Round) -> Terms:
        """Return L_f, w · cross entropy on real and on generated examples, and the penalties."""
        x, y, fake = round.batch.x, _labels(round), self.fake(round)
        real, made = headed(self.trunk, x, fake, self.apart)
        told = cross_entropy(real["class"], y) + cross_entropy(made["class"], y)
        adversarial = self.cost.critic(real["critic"].flatten(), made["critic"].flatten())
        slopes = charged(self._value, self.penalties, x, fake, round)
        return {"adversarial": adversarial, "class": self.class_weight * told, **slopes}

    def generator_cost(self, round: Round) -> Terms:
        """Return L_G and w · cross entropy on generated examples."""
        fake = self.fake(round)
        x = round.batch.x if self.cost.paired else round.batch.x[:0]
        real, made = headed(self.trunk, x, fake, self.apart)
        told = cross_entropy(made["class"], _labels(round))
        adversarial = self.cost.generator(real["critic"].flatten(), made["critic"].flatten())
        return {"adversarial": adversarial, "class": self.class_weight * told}

    def verdicts(self, round: Round) -> tuple[Tensor, Tensor]:
        """Return the critic's values of the batch and of generated examples, (N,) each."""
        real, made = headed(self.trunk, round.batch.x, self.fake(round), self.apart)
        return real["critic"].flatten(), made["critic"].flatten()

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples of the labels ``condition``, (n,), drawn by their law if absent."""
        rng = generator(seed, "sample")
        device = next(self.generator.parameters()).device
        z = self.latent.sample(n, rng)
        y = self.labels.sample(n, rng) if condition is None else condition
        return self.render(z.to(device), y.to(device))

    def render(self, z: Tensor, y: Tensor) -> Tensor:
        """Return G(z, y), in evaluation mode and without gradients."""
        return rendered(self.generator, z, y)

    def classify(self, x: Tensor) -> Tensor:
        """Return the likeliest class of each example, int64 (N,)."""
        return rendered(Head(self.trunk, "class"), x).argmax(1)

    def _value(self, x: Tensor) -> Tensor:
        return self.trunk(x)["critic"]


def _labels(round: Round) -> Tensor:
    if round.batch.y is None:
        raise UserError("this game learns from classes, and the batch has none; give labelled data")
    return round.batch.y
