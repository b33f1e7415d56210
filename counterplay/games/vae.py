r"""The variational autoencoder, a game of one player.

Model: z ~ N(0, I), x | z ~ p(x | decoder(z)), a law of :mod:`counterplay.decoders`, by default
N(decoder(z), s² I) with s learned; approximate posterior q(z | x) = N(m, diag std²),
(m, log std) = encoder(x). The player minimises, in nats per example,

    E_q[−log p(x | z)] + β w(t) KL(q(z | x) ‖ N(0, I)),

at β w = 1 an upper bound of −log p(x); w(t) is the warm-up. The KL is summed over latents and
averaged over the batch. Auto-Encoding Variational Bayes (Kingma, Welling 2013, arXiv 1312.6114);
learned s as in Simple and Effective VAE Training with Calibrated Decoders (Rybkin et al. 2020,
arXiv 2006.13202).

A refined posterior is z = f(z₀; h), z₀ ~ N(m, diag std²), f increasing in each number given those
before it: log q(z | x) = log N(z₀; m, diag std²) − Σ_i log ∂z_i/∂z₀_i, and the prior is taken at z.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from counterplay.costs import standard_normal_kl
from counterplay.decoders import Decoded, gaussian
from counterplay.errors import UserError
from counterplay.game import Game, Optimise, Player, Round, Terms, adam, generator, quiet
from counterplay.games.collapse import active_units
from counterplay.laws import Normal
from counterplay.likelihood import Likelihood, check_levels, likelihood
from counterplay.terms import in_chunks

__all__ = [
    "VAE",
    "Posterior",
    "Shown",
    "check_samples",
    "copies",
    "cubature",
    "drawn_bound",
    "importance_bound",
    "one_draw",
    "ramp",
    "steady",
]

WarmUp = Callable[[int], float]
"""The round's number, from 0 -> the factor of the KL term."""

Shown = Callable[[Round, int], tuple[Tensor, Tensor]]
"""(round, latent) -> examples, perhaps several times, and the noise of each, (rows, latent)."""

EXAMPLES, ROWS = 64, 1024
"""Examples whose importance samples are drawn together, and rows that are decoded at once."""

SEEN = 1_000
"""Examples by which it is told what latents are used."""

HALF_LOG_TAU = 0.5 * math.log(2 * math.pi)


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


def drawn_bound(
    weigh: Callable[[Tensor, Tensor], Tensor], x: Tensor, samples: int, dim: int, seed: int = 0
) -> Tensor:
    """Return :func:`importance_bound` of ``samples`` draws for each example, (N,).

    Memory does not grow with the draws but by their weights.

    Args:
        weigh: (examples (n, …), noise (k, n, dim)) -> log weights (k, n).
        x: examples, (N, …).
        samples: K.
        dim: standard normal numbers that a draw takes.
        seed: of the noise.

    Raises:
        UserError: for no samples.
    """
    check_samples(samples)
    rng = generator(seed, "importance")

    def bound(part: Tensor) -> Tensor:
        most = max(1, ROWS // len(part))
        counts = [min(most, samples - k) for k in range(0, samples, most)]
        noises = (torch.randn(k, len(part), dim, generator=rng).to(x.device) for k in counts)
        return importance_bound(torch.cat([weigh(part, each) for each in noises]))

    return in_chunks(bound, x, size=max(EXAMPLES, ROWS // samples))


def copies(x: Tensor, k: int) -> Tensor:
    """Return ``k`` copies of the rows of ``x``; row j·N + n is copy j of row n."""
    return x.repeat(k, *[1] * (x.ndim - 1))


def one_draw(round: Round, latent: int) -> tuple[Tensor, Tensor]:
    """Return each example of the batch once, with noise of N(0, I)."""
    return round.batch.x, round.normal("posterior", latent)


def cubature(round: Round, latent: int) -> tuple[Tensor, Tensor]:
    """Return each example 2 k times, k = ``latent``, with the places ±√k e_i for noise.

    Their mean and covariance are those of N(0, I), and their third moments: an expectation of a
    cubic is exact, and with it the bound of a linear decoder of normal law. Cubature Kalman Filters
    (Arasaratnam, Haykin, 2009).
    """
    x = round.batch.x
    axes = math.sqrt(latent) * torch.eye(latent, dtype=x.dtype, device=x.device)
    return copies(x, 2 * latent), torch.cat([axes, -axes]).repeat_interleave(len(x), 0)


class Posterior(NamedTuple):
    """Of each example: the means and log deviations of z₀, (N, latent), and what refines it, h."""

    mean: Tensor
    log_std: Tensor
    context: Tensor


class VAE(Game):
    """An encoder and a decoder that bound the likelihood from below.

    Args:
        encoder: examples -> (N, 2 latent), the posterior's means and log standard deviations.
        decoder: (N, latent) -> what ``likelihood`` reads, for the default the means of x.
        latent: the number of latent dimensions.
        beta: weight β of the KL term.
        move: how the player moves.
        decoded: what the decoder's output means.
        warm_up: the KL term's factor w(t) in round t.
        free_bits: λ in nats. A latent whose KL, averaged over the batch, is below λ pays λ, so
            that nothing is won by closing it: Σ_i max(λ, E KL_i). The sum is a cost and no bound;
            what it adds to the KL is a term of its own. Improved Variational Inference with Inverse
            Autoregressive Flow (Kingma et al. 2016, arXiv 1606.04934).
        refine: f, such as :class:`counterplay.networks.iaf.IAF`: (z₀, h) -> z and log ∂z_i/∂z₀_i,
            (N, latent) each. What the encoder puts out beyond its 2 latent numbers is h. The KL is
            then a one-sample estimate of each latent's share, log q − log p.
        shown: with what noise the expectation over the posterior is taken in a round.
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
        decoded: Decoded = gaussian(),  # noqa: B008 -- likewise
        warm_up: WarmUp = steady,
        free_bits: float = 0.0,
        refine: nn.Module | None = None,
        shown: Shown = one_draw,
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.latent = Normal(latent)
        self.beta = beta
        self.move = move
        self.decoded = decoded
        self.warm_up = warm_up
        self.free_bits = free_bits
        self.refine = refine
        self.shown = shown
        learned = nn.Parameter(torch.zeros(())) if decoded.shared_numbers else None
        self.register_parameter("log_std", learned)

    def players(self) -> Sequence[Player]:
        """Return the one player, who owns everything."""
        return (Player("vae", self, self.cost, self.move),)

    def cost(self, round: Round) -> Terms:
        """Return the terms, averaged over the batch: the negative bound's two, and free bits' own.

        "distortion" is the reconstruction's −log p(x | z); "rate" the KL, by its weight.
        """
        distortion, rates = self._bound_terms(*self.shown(round, self.latent.dim))
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
        Importance Weighted Autoencoders (Burda et al. 2015, arXiv 1509.00519). Each example is
        encoded once, and memory does not grow with the draws but by their weights.

        Raises:
            UserError: for no samples.
        """
        with quiet(self):
            return drawn_bound(self._log_weights, x, samples, self.latent.dim, seed)

    def likelihood(self, x: Tensor, seed: int = 0, budget: int = 1) -> Likelihood:
        """Return the account of −log p(x): the bound of ``budget`` importance samples.

        Raises:
            UserError: when a mass is asked of values that are not on its levels.
        """
        levels = self.decoded.levels
        if levels:
            check_levels(x, levels)
        space = "discrete" if levels else "continuous"
        value = self.importance_bound(x, budget, seed)
        return likelihood(value, x[0].numel(), "lower bound", space, importance_samples=budget)

    def start(self, x: Tensor) -> None:
        """Let the decoder begin at the mean of ``x``; its last layer has to have a ``centre``."""
        self.decoder.centre(self.decoded.centred(x.mean(0)))  # pyright: ignore[reportCallIssue]

    def remarks(self, x: Tensor) -> list[str]:
        """Return a sentence on how many latents are active, for a person."""
        few = x[:SEEN]
        rates, active = self.rates(few), active_units(self.encode(few))
        said = f"{int(active.sum())} of {len(active)} latents are active"
        return [f"{said}, with a KL of {float(rates.sum()):.2f} nats together"]

    def rates(self, x: Tensor, seed: int = 0) -> Tensor:
        """Return each latent's KL from N(0, 1), averaged over ``x``, in nats, (latent,).

        With a refined posterior it is an estimate, by one draw for each example.
        """
        noise = self.latent.sample(len(x), generator(seed, "rates")).to(x.device)
        with quiet(self):
            each = in_chunks(lambda part, e: self._drawn(self._posterior(part), e)[1], x, noise)
        return each.mean(0)

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the means and log standard deviations of z₀, (N, latent) each."""
        with quiet(self):
            both = in_chunks(lambda part: torch.cat(self._posterior(part)[:2], 1), x)
        mean, log_std = both.chunk(2, 1)
        return mean, log_std

    def encode(self, x: Tensor) -> Tensor:
        """Return the posterior means, (N, latent); of a refined one, z at the mean of z₀."""
        with quiet(self):
            return in_chunks(self._middle, x)

    def reconstruct(self, x: Tensor) -> Tensor:
        """Return the decoder's means at the posterior means, shaped as ``x``."""
        return self.render(self.encode(x))

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples: the means of x at z ~ N(0, I), without the pixels' own noise."""
        z = self.latent.sample(n, generator(seed, "sample"))
        return self.render(z.to(next(self.parameters()).device))

    def render(self, z: Tensor) -> Tensor:
        """Return the means of x at ``z``, in evaluation mode and without gradients."""
        mean = self.decoded.mean
        with quiet(self, z):
            return in_chunks(lambda part: mean(_wide(self.decoder(part)), self.log_std), z)

    def _posterior(self, x: Tensor) -> Posterior:
        output, k = _wide(self.encoder(x)), self.latent.dim
        return Posterior(output[:, :k], output[:, k : 2 * k], output[:, 2 * k :])

    def _middle(self, x: Tensor) -> Tensor:
        at = self._posterior(x)
        return at.mean if self.refine is None else self.refine(at.mean, at.context)[0]

    def _drawn(self, at: Posterior, noise: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return z and each latent's KL, (N, latent) both, and log q(z | x) − log p(z), (N,)."""
        z = at.mean + at.log_std.exp() * noise
        log_q = -0.5 * noise.square() - at.log_std - HALF_LOG_TAU
        if self.refine is not None:
            z, slopes = self.refine(z, at.context)
            log_q = log_q - slopes
        ratio = log_q + 0.5 * z.square() + HALF_LOG_TAU
        rates = standard_normal_kl(at.mean, at.log_std) if self.refine is None else ratio
        return z, rates, ratio.sum(1)

    def _bound_terms(self, x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        """Return −log p(x | z), (N,), and the KL of each latent, (N, latent)."""
        z, rates, _ = self._drawn(self._posterior(x), noise)
        return self._distortion(x, z), rates

    def _distortion(self, x: Tensor, z: Tensor) -> Tensor:
        return -self.decoded.log_prob(x, _wide(self.decoder(z)), self.log_std)

    def _log_weights(self, x: Tensor, noise: Tensor, weight: float = 1.0) -> Tensor:
        """Return log p(x, z) − log q(z | x) of the draws with ``noise`` (K, N, latent), (K, N).

        In it log p(z) − log q(z | x) has the ``weight``.
        """
        at, k = self._posterior(x), len(noise)
        many = Posterior(*(each.repeat(k, 1) for each in at))
        z, _, ratio = self._drawn(many, noise.flatten(0, 1))
        return -(self._distortion(copies(x, k), z) + weight * ratio).view(k, len(x))


def _wide(output: Tensor) -> Tensor:
    return output.to(torch.promote_types(output.dtype, torch.float32))


def check_samples(samples: int) -> None:
    """Refuse a bound of no samples."""
    if samples < 1:
        raise UserError(f"a bound of {samples} samples; it takes 1 or more")
