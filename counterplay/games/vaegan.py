r"""The VAE whose error is measured by a critic's features, a game of three players.

Notation: z ~ q(z | x) = N(m, diag std²) with (m, log std) = encoder(x); x̂ = decoder(z);
z' ~ N(0, I) and x' = decoder(z'); f the critic, h what its last layer is given. The distortion,
−log N(h(x); h(x̂), I) up to a constant, and what each player minimises, in nats per example:

    D       = ½ ‖h(x) − h(x̂)‖²
    encoder   β KL(q(z | x) ‖ N(0, I)) + D
    decoder   γ D + L_G(f(x), f(x̂)) / 2 + L_G(f(x), f(x')) / 2
    critic    L_D(f(x), f(x̂)) / 2 + L_D(f(x), f(x')) / 2

The adversarial costs do not reach the encoder: they are none of its own. Autoencoding beyond pixels
using a learned similarity metric (Larsen et al. 2016, arXiv 1512.09300), algorithm 1, which also
leaves D out of what the critic minimises; there L_G is the saturating cost, here non-saturating.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from counterplay.costs import Cost, non_saturating, standard_normal_kl
from counterplay.game import Game, Optimise, Player, Round, Terms, adam, generator
from counterplay.laws import Normal
from counterplay.networks.minibatch import before_head, head
from counterplay.penalties import couples
from counterplay.terms import judged, rendered

__all__ = ["VAEGAN"]


class VAEGAN(Game):
    """An encoder, a decoder and a critic whose features say what is alike.

    Args:
        encoder: examples -> (N, 2 latent), the posterior's means and log standard deviations.
        decoder: (N, latent) -> examples.
        critic: examples -> (N,) logits (a discriminator), with a linear layer of one output last.
        latent: the number of latent dimensions.
        beta: weight β of the KL term.
        gamma: weight γ of the distortion in the decoder's cost.
        cost: L_D and L_G.
        moves: how (critic, encoder, decoder) move.

    Raises:
        UserError: when the critic has no last layer before which features could be read.
    """

    def __init__(
        self,
        encoder: nn.Module,
        decoder: nn.Module,
        critic: nn.Module,
        latent: int,
        *,
        beta: float = 1.0,
        gamma: float = 0.01,
        cost: Cost = non_saturating,
        moves: tuple[Optimise, Optimise, Optimise] = (
            adam(2e-4, (0.5, 0.999)),
            adam(1e-3),
            adam(2e-4, (0.5, 0.999)),
        ),
    ) -> None:
        super().__init__()
        head(critic)
        self.encoder = encoder
        self.decoder = decoder
        self.critic = critic
        self.latent = Normal(latent)
        self.beta = beta
        self.gamma = gamma
        self.cost = cost
        self.moves = moves
        self.apart = bool(couples(critic))

    def players(self) -> Sequence[Player]:
        """Return the critic, the encoder and the decoder."""
        judge, code, forge = self.moves
        return (
            Player("critic", self.critic, self.critic_cost, judge),
            Player("encoder", self.encoder, self.encoder_cost, code),
            Player("decoder", self.decoder, self.decoder_cost, forge),
        )

    def critic_cost(self, round: Round) -> Terms:
        """Return L_D on reconstructions and on samples."""
        one, two = self._verdicts(round)
        return {"adversarial": (self.cost.critic(*one) + self.cost.critic(*two)) / 2}

    def encoder_cost(self, round: Round) -> Terms:
        """Return the distortion in features and the KL."""
        rate = standard_normal_kl(*self._posterior(round.batch.x)).sum(1).mean()
        return {"distortion": self.distortion(round), "rate": self.beta * rate}

    def decoder_cost(self, round: Round) -> Terms:
        """Return the distortion by its weight, and L_G on reconstructions and on samples."""
        one, two = self._verdicts(round)
        adversarial = (self.cost.generator(*one) + self.cost.generator(*two)) / 2
        return {"distortion": self.gamma * self.distortion(round), "adversarial": adversarial}

    def distortion(self, round: Round) -> Tensor:
        """Return ½ ‖h(x) − h(x̂)‖², averaged over the batch."""
        pairs = [before_head(self.critic, x) for x in (round.batch.x, self.again(round))]
        return 0.5 * (pairs[0] - pairs[1]).square().sum(1).mean()

    def verdicts(self, round: Round) -> tuple[Tensor, Tensor]:
        """Return the critic's values of real examples and of samples, (N,) each."""
        return self._verdicts(round)[1]

    def again(self, round: Round) -> Tensor:
        """Return the reconstructions x̂ of the round."""
        mean, log_std = self._posterior(round.batch.x)
        z = mean + log_std.exp() * round.normal("posterior", self.latent.dim)
        return self.decoder(z)

    def _posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_std = self.encoder(x).float().chunk(2, 1)
        return mean, log_std

    def _verdicts(self, round: Round) -> list[tuple[Tensor, Tensor]]:
        """Return the critic's values of (x, x̂) and of (x, x')."""
        x, new = round.batch.x, self.decoder(round.draw(self.latent, "z"))
        made = (self.again(round), new)
        return [judged(self.critic, (x,), (fake,), self.apart) for fake in made]

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples: the decoder at z ~ N(0, I)."""
        z = self.latent.sample(n, generator(seed, "sample"))
        return self.render(z.to(next(self.parameters()).device))

    def render(self, z: Tensor) -> Tensor:
        """Return the decoder at ``z``, in evaluation mode and without gradients."""
        return rendered(self.decoder, z)

    def encode(self, x: Tensor) -> Tensor:
        """Return the posterior means, (N, latent)."""
        return rendered(self.encoder, x)[:, : self.latent.dim]

    def rates(self, x: Tensor) -> Tensor:
        """Return each latent's KL from N(0, 1), averaged over ``x``, in nats, (latent,)."""
        mean, log_std = rendered(self.encoder, x).float().chunk(2, 1)
        return standard_normal_kl(mean, log_std).mean(0)

    def reconstruct(self, x: Tensor) -> Tensor:
        """Return the decoder at the posterior means, shaped as ``x``."""
        return self.render(self.encode(x))
