r"""A pyramid of adversarial games: a coarse picture, and at each level what a finer one adds to it.

Notation: as in :mod:`counterplay.networks.pyramid`: I_k is the picture at level k, finest k = 0,
l_k = u(I_{k+1}) the level below brought to its size, h_k = I_k − l_k the residual. At each level a
generator G_k(z_k, l_k) makes residuals of *real* coarse pictures, and a critic f_k sees l_k + h
beside l_k:

    critic k      E softplus(−f_k(h_k, l_k)) + E softplus(f_k(G_k(z_k, l_k), l_k)) + ½ γ R1
    generator k   E softplus(−f_k(G_k(z_k, l_k), l_k))

and at the coarsest level there is an ordinary game, G(z) against f(I). No level's costs see another
level's networks: the games are independent, and are played side by side as one with two players a
level. Only sampling chains them: Ĩ_k = u(Ĩ_{k+1}) + G_k(z_k, u(Ĩ_{k+1})).

Deep Generative Image Models using a Laplacian Pyramid of Adversarial Networks (Denton et al. 2015,
arXiv 1506.05751). Published players move by SGD with momentum under dropout, without R1; drawing
dropout would make a critic's values of one picture differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor, nn

from counterplay.costs import non_saturating
from counterplay.game import Game, Optimise, Player, Round, Terms, adam, generator, quiet
from counterplay.laws import Normal
from counterplay.networks.pyramid import build, up
from counterplay.penalties import gradient_norms
from counterplay.terms import in_chunks, judged

__all__ = ["LAPGAN"]


class LAPGAN(Game):
    """A game a level, finest first, and the coarsest one's last.

    Args:
        generators: of each level but the coarsest (noise, coarse) -> residuals, finest first; then
            latents -> the coarsest pictures.
        critics: (residuals, coarse) -> (N,), finest first; then pictures -> (N,).
        latent: the law of the coarsest level's z; the others' noise is a plane N(0, 1).
        size: side S of the finest pictures, a multiple of 2 ** (levels - 1).
        slope: the weight γ of R1 on every level's real examples.
        moves: how (critics, generators) move.
    """

    def __init__(
        self,
        generators: Sequence[nn.Module],
        critics: Sequence[nn.Module],
        latent: Normal,
        size: int,
        *,
        slope: float = 0.1,
        moves: tuple[Optimise, Optimise] = (adam(2e-4, (0.5, 0.999)), adam(2e-4, (0.5, 0.999))),
    ) -> None:
        super().__init__()
        self.generators = nn.ModuleList(generators)
        self.critics = nn.ModuleList(critics)
        self.coarsest = latent
        self.size = size
        # All that a picture is made of, in one vector: the coarsest level's z, then the planes.
        self.latent = Normal(latent.dim + sum(side**2 for side in self._sides()))
        self.slope = slope
        self.moves = moves

    @property
    def levels(self) -> int:
        """The number of levels that have residuals."""
        return len(self.generators) - 1

    def players(self) -> Sequence[Player]:
        """Return a critic and its generator for each level, finest first, named by its side."""
        judge, forge = self.moves
        return tuple(
            player
            for k, (critic, forger) in enumerate(zip(self.critics, self.generators, strict=True))
            for player in (
                Player(f"critic{self.side(k)}", critic, partial(self.critic_cost, k), judge),
                Player(f"generator{self.side(k)}", forger, partial(self.generator_cost, k), forge),
            )
        )

    def side(self, k: int) -> int:
        """Return the side of the pictures at level ``k``."""
        return self.size // 2**k

    def real(self, k: int, x: Tensor) -> tuple[Tensor, ...]:
        """Return what level ``k``'s critic sees of real pictures: (h_k, l_k), or (I,) at last."""
        residuals, coarse = build(x, min(k + 1, self.levels))
        return (coarse,) if k == self.levels else (residuals[k], up(coarse))

    def fake(self, k: int, round: Round) -> tuple[Tensor, ...]:
        """Return the same of generated residuals of real coarse pictures, computed once a round."""
        condition = self.real(k, round.batch.x)[1:]
        noise = self._noise(k, round)
        forge = partial(self.generators[k], noise, *condition)
        return (round.shared(f"fake {k}", self.generators[k], forge), *condition)

    def critic_cost(self, k: int, round: Round) -> Terms:
        """Return the critic's cost of level ``k``."""
        real, critic = self.real(k, round.batch.x), self.critics[k]
        values = judged(critic, real, self.fake(k, round), apart=False)
        norms = gradient_norms(lambda x: critic(x, *real[1:]), real[0])
        return {
            "adversarial": non_saturating.critic(*values),
            "r1": self.slope * 0.5 * norms.square().mean(),
        }

    def generator_cost(self, k: int, round: Round) -> Terms:
        """Return the generator's cost of level ``k``."""
        fake = self.fake(k, round)
        none = tuple(part[:0] for part in fake)
        values = judged(self.critics[k], none, fake, apart=False)
        return {"adversarial": non_saturating.generator(*values)}

    def verdicts(self, round: Round) -> tuple[Tensor, Tensor]:
        """Return the finest critic's values of real and of generated residuals, (N,) each."""
        real = self.real(0, round.batch.x)
        return judged(self.critics[0], real, self.fake(0, round), apart=False)

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` pictures from the coarsest to the finest level; no class can be asked for."""
        return self._drawn(n, seed, residuals=True)

    def render(self, z: Tensor) -> Tensor:
        """Return the pictures of latents (N, dim + planes), in evaluation mode, in one chain."""
        sides = self._sides()
        first, *rest = z.split([self.coarsest.dim, *(side**2 for side in sides)], 1)
        planes = [part.view(-1, 1, side, side) for part, side in zip(rest, sides, strict=True)]
        with quiet(self.generators, z):
            return in_chunks(partial(self._chained, True), first, *planes)

    def blurred(self, n: int, seed: int = 0) -> Tensor:
        """Return the coarsest pictures of ``sample(n, seed=seed)``, brought to full size as is."""
        return self._drawn(n, seed, residuals=False)

    def _sides(self) -> list[int]:
        return [self.side(k) for k in range(self.levels)]

    def _noise(self, k: int, round: Round) -> Tensor:
        if k == self.levels:
            return round.draw(self.coarsest, "z")
        return round.normal(f"z {k}", 1, self.side(k), self.side(k))

    def _drawn(self, n: int, seed: int, residuals: bool) -> Tensor:
        device = next(self.generators.parameters()).device
        rng = generator(seed, "sample")
        sides = self._sides()
        z = self.coarsest.sample(n, rng).to(device)
        planes = [torch.randn(n, 1, side, side, generator=rng).to(device) for side in sides]
        with quiet(self.generators):
            return in_chunks(partial(self._chained, residuals), z, *planes)

    def _chained(self, residuals: bool, z: Tensor, *planes: Tensor) -> Tensor:
        *finer, last = self.generators
        x = last(z).float()
        for forge, plane in reversed(list(zip(finer, planes, strict=True))):
            coarse = up(x)
            x = coarse + forge(plane, coarse).float() if residuals else coarse
        return x.clamp(-1, 1)
