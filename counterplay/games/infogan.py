r"""The information game: part of the latent is a code that can be read off what was made of it.

The latent is (z, c, u): noise z, a category c ~ Cat(K), uniform, and continuous codes
u ~ U[-1, 1]^C. The trunk has two heads on examples x: a critic's value f(x), and the code's
posterior Q(c, u | x) = Cat(c; softmax q(x)) · N(u; m(x), I), its standard deviation fixed at 1.
With the bound on the mutual information

    I(c, u; G) ≥ L_I = H(c, u) + E log Q(c, u | G(z, c, u))

both players minimise −λ L_I, up to the constant H, beside the adversarial costs:

    trunk       minimises  L_f(f(x), f(G)) − λ E log Q(c, u | G)
    generator   minimises  L_G(f(G))       − λ E log Q(c, u | G)

Q learns to read the code and G to make it readable. No label is looked at: whether the categories
become classes is what is measured. InfoGAN: Interpretable Representation Learning by Information
Maximizing Generative Adversarial Nets (Chen et al. 2016, arXiv 1606.03657): λ = 1, K = 10, C = 2,
62 noises, Adam of 1e-3 for G and 2e-4 for the trunk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from counterplay.costs import Cost, gaussian_nll, non_saturating
from counterplay.game import Game, Law, Optimise, Player, Round, Terms, adam, generator
from counterplay.laws import Labels, Uniform
from counterplay.networks import Head
from counterplay.penalties import Penalty, couples, refuse_coupled
from counterplay.terms import charged, code_nll, headed, rendered
from counterplay.views import Noise, View

__all__ = ["Code", "InfoGAN", "Joined"]


class Code(NamedTuple):
    """What can be read off an example: ``category`` int64 (N,), ``place`` (N, C) in [-1, 1]."""

    category: Tensor
    place: Tensor


def _joined(z: Tensor, code: Code, categories: int) -> Tensor:
    hot = one_hot(code.category, categories).to(z.dtype)
    return torch.cat([z, hot, code.place], 1)


@dataclass(frozen=True)
class Joined:
    """The law of (z, one-hot c, u) side by side, (N, dim + K + C): what the generator is given."""

    noise: Law
    categories: Labels
    places: Uniform

    def sample(self, n: int, rng: torch.Generator) -> Tensor:
        """Draw ``n`` of them."""
        code = Code(self.categories.sample(n, rng), self.places.sample(n, rng))
        return _joined(self.noise.sample(n, rng), code, len(self.categories.share))

    @property
    def parts(self) -> tuple[Law, Labels, Uniform]:
        """The laws of what stands side by side."""
        return self.noise, self.categories, self.places

    def split(self, latent: Tensor) -> tuple[Tensor, ...]:
        """Return z, one-hot c and u of latents (N, dim + K + C)."""
        tail = [len(self.categories.share), self.places.dim]
        return latent.split([latent.shape[1] - sum(tail), *tail], 1)


class InfoGAN(Game):
    """A generator with a code, against a trunk that also reads it.

    Args:
        generator: (N, dim of ``noise`` + K + C) -> examples as the data has them.
        trunk: examples -> {"critic": (N, 1), "code": (N, K + C), logits, then means}.
        noise: the law of z.
        categories: K.
        places: C, the number of continuous codes.
        cost: what the two minimise besides the information.
        information: λ, of the information term in both players' costs.
        penalties: what the critic pays for its slope, each as name -> (weight, penalty).
        moves: how (trunk, generator) move.
        view: the random map T of one example through which the trunk looks at real and generated
            ones alike: of what T hides the code cannot be about.

    Raises:
        UserError: when a penalty meets a trunk with batch norm.
    """

    def __init__(
        self,
        generator: nn.Module,
        trunk: nn.Module,
        noise: Law,
        *,
        categories: int = 10,
        places: int = 2,
        cost: Cost = non_saturating,
        information: float = 1.0,
        penalties: Mapping[str, tuple[float, Penalty]] = {},
        moves: tuple[Optimise, Optimise] = (adam(2e-4, (0.5, 0.999)), adam(1e-3, (0.5, 0.999))),
        view: View | None = None,
    ) -> None:
        super().__init__()
        for name in penalties:
            refuse_coupled(trunk, name)
        self.generator = generator
        self.trunk = trunk
        self.noise = noise
        self.categories = Labels((1 / categories,) * categories)
        self.places = Uniform(places)
        self.latent = Joined(noise, self.categories, self.places)
        self.cost = cost
        self.information = information
        self.penalties = dict(penalties)
        self.moves = moves
        self.view = View() if view is None else view
        self.apart = bool(couples(trunk))

    def players(self) -> Sequence[Player]:
        """Return the trunk, Q's owner, then the generator."""
        judge, forge = self.moves
        return (
            Player("critic", self.trunk, self.critic_cost, judge),
            Player("generator", self.generator, self.generator_cost, forge),
        )

    def code(self, round: Round) -> Code:
        """Return the round's code."""
        return Code(round.draw(self.categories, "category"), round.draw(self.places, "place"))

    def fake(self, round: Round) -> Tensor:
        """Return G(z, c, u), computed once a round."""
        latent = self.joined(round.draw(self.noise, "z"), self.code(round))
        return round.shared("fake", self.generator, lambda: self.generator(latent))

    def joined(self, z: Tensor, code: Code) -> Tensor:
        """Return (z, one-hot c, u) side by side, (N, dim + K + C)."""
        return _joined(z, code, len(self.categories.share))

    def critic_cost(self, round: Round) -> Terms:
        """Return L_f, −λ E log Q and the penalties."""
        x, fake = self._shown(round.batch.x, round, "real"), self._made(round)
        real, made = headed(self.trunk, x, fake, self.apart)
        adversarial = self.cost.critic(real["critic"].flatten(), made["critic"].flatten())
        slopes = charged(Head(self.trunk, "critic"), self.penalties, x, fake, round)
        return {"adversarial": adversarial, "information": self._unread(made, round), **slopes}

    def generator_cost(self, round: Round) -> Terms:
        """Return L_G and −λ E log Q."""
        x = round.batch.x[:0]
        if self.cost.paired:
            x = self._shown(round.batch.x, round, "real")
        real, made = headed(self.trunk, x, self._made(round), self.apart)
        adversarial = self.cost.generator(real["critic"].flatten(), made["critic"].flatten())
        return {"adversarial": adversarial, "information": self._unread(made, round)}

    def verdicts(self, round: Round) -> tuple[Tensor, Tensor]:
        """Return the critic's values of the batch and of generated examples, (N,) each."""
        x = self._shown(round.batch.x, round, "real")
        real, made = headed(self.trunk, x, self._made(round), self.apart)
        return real["critic"].flatten(), made["critic"].flatten()

    def _made(self, round: Round) -> Tensor:
        return self._shown(self.fake(round), round, "fake")

    def _shown(self, x: Tensor, round: Round, kind: str) -> Tensor:
        """Return T(x), the same for both players in a round."""
        return self.view(x, Noise(round, f"view/{kind}"))

    def _unread(self, made: Mapping[str, Tensor], round: Round) -> Tensor:
        """Return −λ E log Q(c, u | G) in nats: what of the code cannot be read."""
        code, (logits, means) = self.code(round), self._posterior(made["code"])
        place = gaussian_nll(code.place, means, torch.zeros_like(means))
        return self.information * (code_nll(logits, code.category) + place.mean())

    def _posterior(self, out: Tensor) -> tuple[Tensor, Tensor]:
        """Return Q's logits (N, K) and means (N, C)."""
        logits, means = out.split([len(self.categories.share), self.places.dim], 1)
        return logits, means

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples of the categories ``condition``, (n,), equally often if absent."""
        rng = generator(seed, "sample")
        z, place = self.noise.sample(n, rng), self.places.sample(n, rng)
        category = self.categories.sample(n, rng) if condition is None else condition
        latent = self.joined(z, Code(category.to(z.device), place))
        return self.render(latent.to(next(self.generator.parameters()).device))

    def render(self, latent: Tensor) -> Tensor:
        """Return G of (z, one-hot c, u), in evaluation mode and without gradients."""
        return rendered(self.generator, latent)

    def encode(self, x: Tensor) -> Tensor:
        """Return the code's posterior: K probabilities and C means, (N, K + C)."""
        logits, means = self._posterior(rendered(Head(self.trunk, "code"), x))
        return torch.cat([logits.softmax(1), means], 1)

    def classify(self, x: Tensor) -> Tensor:
        """Return the likeliest category of each example, int64 (N,)."""
        return self._posterior(rendered(Head(self.trunk, "code"), x))[0].argmax(1)
