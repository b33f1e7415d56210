r"""The variational autoencoder, a game of one player.

Model: z ~ N(0, I), x | z ~ N(decoder(z), s² I) with s learned; approximate posterior
q(z | x) = N(m, diag std²), (m, log std) = encoder(x). The player minimises, in nats per example,

    E_q[−log p(x | z)] + β KL(q(z | x) ‖ N(0, I)),

at β = 1 an upper bound of −log p(x). The KL is summed over latents and averaged over the batch.
Auto-Encoding Variational Bayes (Kingma, Welling 2013, arXiv 1312.6114); learned s as in Simple and
Effective VAE Training with Calibrated Decoders (Rybkin et al. 2020, arXiv 2006.13202).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from counterplay.costs import gaussian_nll, standard_normal_kl
from counterplay.game import Game, Optimise, Player, Round, Terms, adam, generator, quiet
from counterplay.laws import Normal
from counterplay.terms import in_chunks

__all__ = ["VAE"]


class VAE(Game):
    """An encoder and a decoder that bound the likelihood from below.

    Args:
        encoder: examples -> (N, 2 latent), the posterior's means and log standard deviations.
        decoder: (N, latent) -> means of x, shaped as the data.
        latent: the number of latent dimensions.
        beta: weight β of the KL term.
        move: how the player moves.
    """

    def __init__(
        self,
        encoder: nn.Module,
        decoder: nn.Module,
        latent: int,
        *,
        beta: float = 1.0,
        move: Optimise = adam(1e-3),  # noqa: B008 -- a pure function
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.latent = Normal(latent)
        self.beta = beta
        self.move = move
        self.log_std = nn.Parameter(torch.zeros(()))

    def players(self) -> Sequence[Player]:
        """Return the one player, who owns everything."""
        return (Player("vae", self, self.cost, self.move),)

    def cost(self, round: Round) -> Terms:
        """Return the two terms of the negative bound, averaged over the batch."""
        distortion, rate = self._bound_terms(
            round.batch.x, round.normal("posterior", self.latent.dim)
        )
        return {"distortion": distortion.mean(), "rate": self.beta * rate.mean()}

    def bound(self, x: Tensor, seed: int = 0) -> Tensor:
        """Return a one-sample estimate of the evidence lower bound log p(x) ≥ …, in nats, (N,)."""
        noise = self.latent.sample(len(x), generator(seed, "bound")).to(x.device)
        with quiet(self):
            distortion, rate = self._bound_terms(x, noise)
        return -distortion - rate

    def encode(self, x: Tensor) -> Tensor:
        """Return the posterior means, (N, latent)."""
        with quiet(self):
            return in_chunks(lambda part: self._posterior(part)[0], x)

    def reconstruct(self, x: Tensor) -> Tensor:
        """Return the decoder's means at the posterior means, shaped as ``x``."""
        return self.render(self.encode(x))

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples: the decoder's means at z ~ N(0, I), without the pixel noise s."""
        return self.render(self.latent.sample(n, generator(seed, "sample")).to(self.log_std.device))

    def render(self, z: Tensor) -> Tensor:
        """Return the decoder's means at ``z``, in evaluation mode and without gradients."""
        with quiet(self):
            return in_chunks(lambda part: self.decoder(part).float(), z)

    def _posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_std = self.encoder(x).float().chunk(2, dim=1)
        return mean, log_std

    def _bound_terms(self, x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_std = self._posterior(x)
        z = mean + log_std.exp() * noise
        distortion = gaussian_nll(x, self.decoder(z).float(), self.log_std)
        return distortion, standard_normal_kl(mean, log_std).sum(1)
