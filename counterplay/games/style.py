r"""The adversarial game of a generator by styles.

With styles w = f(z), one for each of L layers, images g(w, n) of noise n, a critic f whose value is
a logit, and the path length ℓ = ‖∂(g(w)·y)/∂w‖ for y ~ N(0, I) / sqrt(H W),

    critic      minimises  L_f(f(x), f(g)) + penalties
    generator   minimises  L_G(f(g)) + μ E (ℓ − ā)²,

ā the running average of ℓ: a step of one size in w changes the image by as much everywhere. In a
share of the examples the layers from a random one on have the style of another latent (mixing),
so that neighbouring layers do not rely on each other.

Analyzing and Improving the Image Quality of StyleGAN (Karras et al. 2020, arXiv 1912.04958). As
there the costs are non-saturating, the critic's penalty is R1, and the path's term is played in
each ``path_every``-th round only, and weighs as much more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType

import torch
from torch import Tensor

from counterplay.costs import Cost, non_saturating
from counterplay.game import Game, Law, Optimise, Player, Round, Terms, adam, generator, quiet
from counterplay.networks.style import PlainCritic, StyleCritic, StyleGenerator
from counterplay.penalties import Charge, Penalty, charges, r1
from counterplay.terms import charged, in_chunks, judged

__all__ = ["StyleGAN", "mixed", "path_lengths"]


PUBLISHED = MappingProxyType({"r1": (1.0, r1)})
"""What a critic pays where nothing else is said."""


def mixed(coarse: Tensor, fine: Tensor, cut: Tensor | int) -> Tensor:
    """Return the styles ``coarse`` in the layers before ``cut`` and ``fine`` from it on.

    Args:
        coarse: (N, L, D).
        fine: (N, L, D).
        cut: a layer in 0 … L, or one for each example, (N,).
    """
    cuts = torch.as_tensor(cut, device=coarse.device).view(-1, 1, 1)
    layer = torch.arange(coarse.shape[1], device=coarse.device).view(1, -1, 1)
    return torch.where(layer < cuts, coarse, fine)


def path_lengths(x: Tensor, w: Tensor, y: Tensor) -> Tensor:
    """Return ℓ of each example, (N,): of how large a step in x is a step of one in w, on average.

    The square is the mean over layers, as steps in all layers at once are.

    Args:
        x: images that are a function of ``w``, (N, C, H, W).
        w: (N, L, D).
        y: standard normal noise, shaped as ``x``.
    """
    scaled = y / (x.shape[2] * x.shape[3]) ** 0.5
    (slope,) = torch.autograd.grad((x * scaled).sum(), w, create_graph=True)
    # A vector norm: its gradient is finite at zero, where a square root's is not.
    return torch.linalg.vector_norm(slope.flatten(1), dim=1) / w.shape[1] ** 0.5


class StyleGAN(Game):
    """A generator by styles against a critic.

    Args:
        generator: styles and noise to images, with its mapping from latents.
        critic: images -> (N,).
        latent: the law of z.
        cost: what the two minimise.
        penalties: what the critic pays for its slope, each as name -> (weight, penalty) or
            :class:`counterplay.penalties.Charge`; each example is judged alone there.
        mixing: share of the examples that have the styles of two latents.
        path: weight μ; 0 is none.
        path_every: rounds to one in which the path's term is played.
        moves: how (critic, generator) move.
    """

    def __init__(
        self,
        generator: StyleGenerator,
        critic: StyleCritic | PlainCritic,
        latent: Law,
        *,
        cost: Cost = non_saturating,
        penalties: Mapping[str, Charge | tuple[float, Penalty]] = PUBLISHED,
        mixing: float = 0.9,
        path: float = 2.0,
        path_every: int = 4,
        moves: tuple[Optimise, Optimise] = (adam(2e-3, (0.0, 0.99)), adam(2e-3, (0.0, 0.99))),
    ) -> None:
        super().__init__()
        self.generator = generator
        self.critic = critic
        self.latent = latent
        self.cost, self.penalties, self.mixing = cost, charges(penalties), mixing
        self.path, self.path_every = path, path_every
        self.moves = moves
        # The generator's own, and so moved by its moves alone: ā.
        generator.register_buffer("path_mean", torch.zeros(()))

    def players(self) -> Sequence[Player]:
        """Return the critic, then the generator."""
        judge, forge = self.moves
        return (
            Player("critic", self.critic, self.critic_cost, judge),
            Player("generator", self.generator, self.generator_cost, forge),
        )

    def fake(self, round: Round) -> Tensor:
        """Return g(w, n) with mixed styles, computed once a round."""
        noise = round.normal("noise", self.generator.noise)
        # Where there is no mixing the cut lies behind the last layer.
        luck, layers = round.uniform("mixing", 2), self.generator.layers
        cut = 1 + (luck[:, 1] * (layers - 1)).long()
        cut = torch.where(luck[:, 0] < self.mixing, cut, layers)
        one, two = (round.draw(self.latent, tag) for tag in ("z", "second z"))

        def forge() -> Tensor:
            first, second = self.generator.styles(one), self.generator.styles(two)
            return self.generator(mixed(first, second, cut), noise)

        return round.shared("fake", self.generator, forge)

    def critic_cost(self, round: Round) -> Terms:
        """Return the adversarial term and the weighted penalties."""
        x, fake = round.batch.x, self.fake(round)
        terms = {"adversarial": self.cost.critic(*self.verdicts(round))}
        alone = partial(self.critic, alone=True)
        return terms | charged(alone, self.penalties, x, fake, round)

    def generator_cost(self, round: Round) -> Terms:
        """Return the adversarial term and the path's, and let the running averages follow."""
        real = round.batch.x if self.cost.paired else round.batch.x[:0]
        values = judged(self.critic, (real,), (self.fake(round),), apart=True)
        terms = {"adversarial": self.cost.generator(*values)}
        with torch.no_grad():
            self.generator.follow(self.generator.mapping(round.draw(self.latent, "z")))
        if self.path:
            due = round.step % self.path_every == 0
            terms["path"] = self._path_cost(round) if due else values[1].new_zeros(())
        return terms

    def verdicts(self, round: Round) -> tuple[Tensor, Tensor]:
        """Return the critic's values of the batch and of generated examples, (N,) each."""
        return judged(self.critic, (round.batch.x,), (self.fake(round),), apart=True)

    def _path_cost(self, round: Round) -> Tensor:
        z = round.draw(self.latent, "path")
        noise = round.normal("path noise", self.generator.noise)
        with torch.autocast(z.device.type, enabled=False):
            w = self.generator.styles(z).contiguous()
            x = self.generator(w, noise)
            length = path_lengths(x, w, round.normal("path image", *x.shape[1:]))
        average = self.generator.get_buffer("path_mean")
        average.lerp_(length.detach().mean(), 0.01)
        return self.path * self.path_every * (length - average.clone()).square().mean()

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples: styles of one latent each, and noise."""
        device = next(self.generator.parameters()).device
        rng = generator(seed, "sample")
        z = self.latent.sample(n, rng).to(device)
        noise = torch.randn(n, self.generator.noise, generator=rng).to(device)
        return self.synthesise(self.styles(z), noise)

    def render(self, z: Tensor) -> Tensor:
        """Return the images of ``z`` without noise."""
        return self.synthesise(self.styles(z))

    def styles(self, z: Tensor, psi: float = 1.0, layers: int | None = None) -> Tensor:
        """Return the styles of ``z``, (N, L, D): w̄ + ψ (w − w̄) in the first ``layers`` layers.

        ψ < 1 is the truncation trick: images nearer to the average one, less varied.
        """
        with quiet(self.generator, z):
            return self.generator.truncated(self.generator.styles(z), psi, layers)

    def synthesise(self, w: Tensor, noise: Tensor | None = None) -> Tensor:
        """Return the images of styles ``w``, (N, L, D), in evaluation mode, without gradients.

        Args:
            w: a style for each layer.
            noise: (N, noise) numbers; without it equal styles make equal images.
        """
        if noise is None:
            noise = w.new_zeros(len(w), self.generator.noise)
        with quiet(self.generator, w):
            return in_chunks(lambda *part: self.generator(*part).float(), w, noise)
