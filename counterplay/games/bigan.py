r"""The bidirectional game: an encoder and a generator whose joint laws are to be one.

The critic f judges pairs: (x, E(x)) for data x ~ p, and (G(z), z) for latents z. With
a = f(x, E(x)) and b = f(G(z), z)

    critic   minimises  L_f(a, b)
    coder    minimises  L_f(b, a)          the encoder and the generator, one player

that is, both labels are swapped. When the two joint laws agree E inverts G: no distance between
an example and its reconstruction is ever minimised. Adversarial Feature Learning (Donahue,
Krähenbühl, Darrell 2017, arXiv 1605.09782) has an encoder that is a function; Adversarially Learned
Inference (Dumoulin et al. 2017, arXiv 1606.00704) one that draws, E(x) = m(x) + s(x) ε. Which, is
the :data:`POSTERIORS` that comes in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn

from counterplay.costs import Cost, non_saturating
from counterplay.game import Game, Law, Optimise, Player, Round, Terms, adam, generator
from counterplay.penalties import Penalty, couples, refuse_coupled
from counterplay.terms import charged, judged, rendered

__all__ = ["POSTERIORS", "BiGAN", "Posterior", "drawn", "exact"]

Posterior = Callable[[Tensor, Callable[[Tensor], Tensor]], Tensor]
"""(the encoder's output, a mean -> standard normal noise of its shape) -> latents (N, L)."""


def exact(output: Tensor, noise: Callable[[Tensor], Tensor]) -> Tensor:
    """Return the output itself: (N, L) -> (N, L)."""
    return output


def drawn(output: Tensor, noise: Callable[[Tensor], Tensor]) -> Tensor:
    """Return m + s ε, (m, log s) = the output's halves: (N, 2 L) -> (N, L)."""
    mean, log_std = output.chunk(2, 1)
    return mean + log_std.exp() * noise(mean)


POSTERIORS: dict[str, tuple[int, Posterior]] = {"exact": (1, exact), "drawn": (2, drawn)}
"""Name -> (how many times as wide as the latent the encoder's output is, how it is read)."""


class BiGAN(Game):
    """An encoder and a generator against a critic of pairs.

    Args:
        encoder: examples -> (N, L), or what ``posterior`` reads.
        generator: (N, L) -> examples as the data has them.
        critic: examples, (N, L) -> (N,) or (N, 1).
        latent: the law of z on R^L.
        posterior: how the encoder's output becomes a latent.
        cost: its critic's part is what both minimise, with labels swapped.
        pairing: what the critic is shown of each side's latents; where it shuffles them nothing
            ties E to G.
        penalties: what the critic pays for its slope in both members of a pair at once, each as
            name -> (weight, penalty).
        moves: how (critic, coder) move.

    Raises:
        UserError: when a penalty meets a critic with batch norm.
    """

    def __init__(
        self,
        encoder: nn.Module,
        generator: nn.Module,
        critic: nn.Module,
        latent: Law,
        *,
        posterior: Posterior = exact,
        cost: Cost = non_saturating,
        pairing: Callable[[Tensor], Tensor] = lambda z: z,
        penalties: Mapping[str, tuple[float, Penalty]] = {},
        moves: tuple[Optimise, Optimise] = (adam(2e-4, (0.5, 0.999)), adam(2e-4, (0.5, 0.999))),
    ) -> None:
        super().__init__()
        for name in penalties:
            refuse_coupled(critic, name)
        self.coder = nn.ModuleDict({"encoder": encoder, "generator": generator})
        self.critic = critic
        self.latent = latent
        self.posterior = posterior
        self.cost = cost
        self.pairing = pairing
        self.penalties = dict(penalties)
        self.moves = moves
        self.apart = bool(couples(critic))

    @property
    def encoder(self) -> nn.Module:
        """E."""
        return self.coder["encoder"]

    @property
    def generator(self) -> nn.Module:
        """G."""
        return self.coder["generator"]

    def players(self) -> Sequence[Player]:
        """Return the critic, then the coder."""
        judge, code = self.moves
        return (
            Player("critic", self.critic, self.critic_cost, judge),
            Player("coder", self.coder, self.coder_cost, code),
        )

    def pairs(self, round: Round) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
        """Return (x, E(x)) and (G(z), z), each computed once a round."""
        x, z = round.batch.x, round.draw(self.latent, "z")
        code = round.shared("code", self.encoder, lambda: self._coded(x, round))
        made = round.shared("made", self.generator, lambda: self.generator(z))
        return (x, self.pairing(code)), (made, self.pairing(z))

    def _coded(self, x: Tensor, round: Round) -> Tensor:
        return self.posterior(self.encoder(x), lambda mean: round.normal("code", *mean.shape[1:]))

    def critic_cost(self, round: Round) -> Terms:
        """Return L_f(a, b) and the penalties."""
        real, fake = self.pairs(round)
        adversarial = self.cost.critic(*judged(self.critic, real, fake, self.apart))
        slopes = charged(self._on_rows(real), self.penalties, _row(real), _row(fake), round)
        return {"adversarial": adversarial, **slopes}

    def coder_cost(self, round: Round) -> Terms:
        """Return L_f(b, a)."""
        a, b = judged(self.critic, *self.pairs(round), self.apart)
        return {"adversarial": self.cost.critic(b, a)}

    def verdicts(self, round: Round) -> tuple[Tensor, Tensor]:
        """Return the critic's values of pairs with real and with generated examples, (N,) each."""
        return judged(self.critic, *self.pairs(round), self.apart)

    def _on_rows(self, pair: tuple[Tensor, Tensor]) -> Callable[[Tensor], Tensor]:
        """Return the critic as a function of one tensor, a pair's members side by side."""
        x, z = pair
        sizes = [x[0].numel(), z.shape[1]]

        def critic(rows: Tensor) -> Tensor:
            flat, code = rows.split(sizes, 1)
            return self.critic(flat.view(-1, *x.shape[1:]), code)

        return critic

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples G(z)."""
        z = self.latent.sample(n, generator(seed, "sample"))
        return self.render(z.to(next(self.parameters()).device))

    def render(self, z: Tensor) -> Tensor:
        """Return G(z), in evaluation mode and without gradients."""
        return rendered(self.generator, z)

    def encode(self, x: Tensor) -> Tensor:
        """Return E(x), the mean where it is drawn, (N, L)."""
        return self.posterior(rendered(self.encoder, x), torch.zeros_like)

    def reconstruct(self, x: Tensor) -> Tensor:
        """Return G(E(x)), shaped as ``x``."""
        return self.render(self.encode(x))


def _row(pair: tuple[Tensor, Tensor]) -> Tensor:
    """Return a pair's members side by side, (N, D + L)."""
    return torch.cat([part.flatten(1).float() for part in pair], 1)
