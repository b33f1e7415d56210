r"""The variational autoencoder, a game of one player.

Model: z ~ N(0, I), x | z ~ p(x | decoder(z)), a law of :mod:`counterplay.decoders`, by default
N(decoder(z), s² I) with s learned; approximate posterior q(z | x) = N(m, diag std²),
(m, log std) = encoder(x). The player minimises, in nats per example,

    E_q[−log p(x | z)] + β w(t) KL(q(z | x) ‖ N(0, I)),

at β w = 1 an upper bound of −log p(x); w(t) is the warm-up. The KL is summed over latents and
averaged over the batch. Auto-Encoding Variational Bayes (Kingma, Welling 2013, arXiv 1312.6114);
learned s as in Simple and Effective VAE Training with Calibrated Decoders (Rybkin et al. 2020,
arXiv 2006.13202).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from counterplay.costs import gaussian_nll, standard_normal_kl
from counterplay.decoders import Decoded, gaussian
from counterplay.errors import UserError
from counterplay.game import Game, Optimise, Player, Round, Terms, adam, generator, quiet
from counterplay.laws import Normal
from counterplay.terms import in_chunks

__all__ = ["IWAE", "VAE", "importance_bound", "ramp", "steady"]

WarmUp = Callable[[int], float]
"""The round's number, from 0 -> the factor of the KL term."""


def steady(step: int) -> float:
    """Return 1 at every step: no warm-up."""
    return 1.0


def ramp(rounds: int) -> WarmUp:
    """Return the factor that grows evenly from 0 in round 0 to 1 in round ``rounds`` and after.

    Generating Sentences from a Continuous Space (Bowman et al. 2015, arXiv 1511.06349).
    """
    return lambda step: min(1.0, step / rounds)


def importance_bound(log_weights: Tensor) -> Tensor:
    """Return log (1/K) Σ_k w_k from log w, (K, N), in nats, (N,): E of it is at most log p(x)."""
    return torch.logsumexp(log_weights, 0) - math.log(len(log_weights))


class VAE(Game):
    """An encoder and a decoder that bound the likelihood from below.

    Args:
        encoder: examples -> (N, 2 latent), the posterior's means and log standard deviations.
        decoder: (N, latent) -> what ``likelihood`` reads, for the default the means of x.
        latent: the number of latent dimensions.
        beta: weight β of the KL term.
        move: how the player moves.
        likelihood: what the decoder's output means.
        warm_up: the KL term's factor w(t) in round t.
        free_bits: λ in nats. A latent whose KL, averaged over the batch, is below λ pays λ, so
            that nothing is won by closing it: Σ_i max(λ, E KL_i). The sum is a cost and no bound;
            what it adds to the KL is a term of its own. Improved Variational Inference with Inverse
            Autoregressive Flow (Kingma et al. 2016, arXiv 1606.04934).
    """

    log_std: nn.Parameter | None

    def __init__(
        self,
        encoder: nn.Module,
        decoder: nn.Module,
        latent: int,
        *,
        beta: float = 1.0,
        move: Optimise = adam(1e-3),  # noqa: B008 -- a pure function
        likelihood: Decoded = gaussian(),  # noqa: B008 -- likewise
        warm_up: WarmUp = steady,
        free_bits: float = 0.0,
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.latent = Normal(latent)
        self.beta = beta
        self.move = move
        self.likelihood = likelihood
        self.warm_up = warm_up
        self.free_bits = free_bits
        learned = nn.Parameter(torch.zeros(())) if likelihood.shared_numbers else None
        self.register_parameter("log_std", learned)

    def players(self) -> Sequence[Player]:
        """Return the one player, who owns everything."""
        return (Player("vae", self, self.cost, self.move),)

    def cost(self, round: Round) -> Terms:
        """Return the terms, averaged over the batch: the negative bound's two, and free bits' own.

        "distortion" is the reconstruction's −log p(x | z); "rate" the KL, by its weight.
        """
        distortion, rates = self._bound_terms(
            round.batch.x, round.normal("posterior", self.latent.dim)
        )
        weight = self.beta * self.warm_up(round.step)
        terms = {"distortion": distortion.mean(), "rate": weight * rates.sum(1).mean()}
        if self.free_bits:
            terms["free_bits"] = weight * (self.free_bits - rates.mean(0)).clamp(min=0).sum()
        return terms

    def bound(self, x: Tensor, seed: int = 0) -> Tensor:
        """Return a one-sample estimate of the evidence lower bound log p(x) ≥ …, in nats, (N,).

        β, the warm-up and free bits are no part of it.
        """
        noise = self.latent.sample(len(x), generator(seed, "bound")).to(x.device)
        with quiet(self):
            distortion, rates = self._bound_terms(x, noise)
        return -distortion - rates.sum(1)

    def importance_bound(self, x: Tensor, samples: int, seed: int = 0) -> Tensor:
        """Return the bound of K = ``samples`` draws, log (1/K) Σ p(x, z_k) / q(z_k | x), (N,).

        In nats, low in the mean, and less so with each draw: log p(x) ≥ E L_{K+1} ≥ E L_K.
        Importance Weighted Autoencoders (Burda et al. 2015, arXiv 1509.00519). One draw at a time
        is held in memory.

        Raises:
            UserError: for no samples.
        """
        _at_least_one(samples)
        rng = generator(seed, "importance")
        total = torch.full((len(x),), -math.inf, device=x.device)
        with quiet(self):
            for _ in range(samples):
                noise = self.latent.sample(len(x), rng).to(x.device)
                total = torch.logaddexp(total, self._log_weight(x, noise))
        return total - math.log(samples)

    def rates(self, x: Tensor) -> Tensor:
        """Return each latent's KL from N(0, 1), averaged over ``x``, in nats, (latent,)."""
        return standard_normal_kl(*self.posterior(x)).mean(0)

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the means and log standard deviations of q(z | x), (N, latent) each."""
        with quiet(self):
            both = in_chunks(lambda part: torch.cat(self._posterior(part), 1), x)
        mean, log_std = both.chunk(2, 1)
        return mean, log_std

    def encode(self, x: Tensor) -> Tensor:
        """Return the posterior means, (N, latent)."""
        with quiet(self):
            return in_chunks(lambda part: self._posterior(part)[0], x)

    def reconstruct(self, x: Tensor) -> Tensor:
        """Return the decoder's means at the posterior means, shaped as ``x``."""
        return self.render(self.encode(x))

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples: the means of x at z ~ N(0, I), without the pixels' own noise."""
        z = self.latent.sample(n, generator(seed, "sample"))
        return self.render(z.to(next(self.parameters()).device))

    def render(self, z: Tensor) -> Tensor:
        """Return the means of x at ``z``, in evaluation mode and without gradients."""
        mean = self.likelihood.mean
        with quiet(self):
            return in_chunks(lambda part: mean(_wide(self.decoder(part)), self.log_std), z)

    def _posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_std = _wide(self.encoder(x)).chunk(2, dim=1)
        return mean, log_std

    def _bound_terms(self, x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        """Return −log p(x | z), (N,), and the KL of each latent, (N, latent)."""
        mean, log_std = self._posterior(x)
        distortion = self._distortion(x, mean + log_std.exp() * noise)
        return distortion, standard_normal_kl(mean, log_std)

    def _distortion(self, x: Tensor, z: Tensor) -> Tensor:
        return -self.likelihood.log_prob(x, _wide(self.decoder(z)), self.log_std)

    def _log_weight(self, x: Tensor, noise: Tensor) -> Tensor:
        """Return log p(x, z) − log q(z | x) at z = m + std · noise, (N,)."""
        mean, log_std = self._posterior(x)
        z = mean + log_std.exp() * noise
        return self.latent.log_prob(z) + gaussian_nll(z, mean, log_std) - self._distortion(x, z)


class IWAE(VAE):
    """A VAE whose player minimises −L_K, the bound of K importance samples.

    The reported cost is the bound itself, and its gradient is autograd's, Σ_k ŵ_k ∇ log w_k with ŵ
    the weights' shares: with ŵ held constant and Σ ŵ_k log w_k for a cost the gradient would be
    the same and the value too good by up to log K. At K = 1 it is a VAE whose KL is sampled.
    Importance Weighted Autoencoders (Burda et al. 2015, arXiv 1509.00519).

    Args:
        encoder: as for :class:`VAE`, and so are the next ones.
        decoder: likewise.
        latent: likewise.
        samples: K.
        move: likewise.
        likelihood: likewise.

    Raises:
        UserError: for no samples.
    """

    def __init__(
        self,
        encoder: nn.Module,
        decoder: nn.Module,
        latent: int,
        *,
        samples: int = 5,
        move: Optimise = adam(1e-3),  # noqa: B008 -- a pure function
        likelihood: Decoded = gaussian(),  # noqa: B008 -- likewise
    ) -> None:
        super().__init__(encoder, decoder, latent, move=move, likelihood=likelihood)
        _at_least_one(samples)
        self.samples = samples

    def cost(self, round: Round) -> Terms:
        """Return the one term, −L_K in nats, averaged over the batch."""
        x, k = round.batch.x, self.samples
        noise = round.normal("posterior", k, self.latent.dim).transpose(0, 1).flatten(0, 1)
        # Copies of x side by side, for one pass through the networks; row k·N + n is draw k of x_n.
        log_weights = self._log_weight(x.repeat(k, *[1] * (x.ndim - 1)), noise)
        return {f"bound_{k}": -importance_bound(log_weights.view(k, len(x))).mean()}


def _wide(output: Tensor) -> Tensor:
    return output.to(torch.promote_types(output.dtype, torch.float32))


def _at_least_one(samples: int) -> None:
    if samples < 1:
        raise UserError(f"a bound of {samples} samples; it takes 1 or more")
