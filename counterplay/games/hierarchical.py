r"""The variational autoencoder with several layers of latents, a game of one player.

Notation, from the data upwards: latents z_1 … z_L,

    z_L ~ N(0, I),   z_l | z_{l+1} ~ N(m, diag std²), (m, log std) = descent_l(z_{l+1}),

and x | z_1 ~ p(x | decoder(z_1)). The cost is that of a VAE, the KL apart for each layer:

    E_q[−log p(x | z_1)] + β w(t) Σ_l E_q KL_l.

How q is put together is a function: :func:`bottom_up` is the plain hierarchy, q(z_l | z_{l−1});
:func:`top_down` is the ladder, q(z_l | z_{l+1}, x), the product of what the data say of z_l and of
the prior given z_{l+1}: Ladder Variational Autoencoders (Sønderby et al. 2016, arXiv 1602.02282).
An upper layer can fall silent: its posterior is its prior, and its KL is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from counterplay.costs import gaussian_nll
from counterplay.decoders import Decoded, gaussian
from counterplay.game import Game, Optimise, Player, Round, Terms, adam, generator, quiet
from counterplay.games.collapse import LayerUse, active_units, mutual_information, used
from counterplay.games.vae import WarmUp, copies, drawn_bound, steady
from counterplay.likelihood import Likelihood, check_levels, likelihood
from counterplay.terms import in_chunks

__all__ = ["HierarchicalVAE", "Infer", "Layer", "bottom_up", "top_down"]

SEEN = 1_000
"""Examples by which the use of the layers is told."""


class Gauss(NamedTuple):
    """A diagonal normal law of each row: means and log standard deviations, (N, k)."""

    mean: Tensor
    log_std: Tensor


class Layer(NamedTuple):
    """A layer of a draw from the posterior.

    Attributes:
        z: the draw, (N, k).
        own: q of this layer, given what it was drawn after.
        rates: the KL of each latent from the prior, or a one-sample estimate, (N, k).
        ratio: log q − log p of the draw, (N,).
    """

    z: Tensor
    own: Gauss
    rates: Tensor
    ratio: Tensor


Infer = Callable[["HierarchicalVAE", Tensor, Sequence[Tensor]], list[Layer]]
"""(game, examples (n, …), noise of each layer (k, n, latents)) -> layers of k · n rows."""


class HierarchicalVAE(Game):
    """Encoders and decoders, layer over layer, that bound the likelihood from below.

    Args:
        climbs: what each layer's posterior is told from: (for :func:`top_down`) of the climb below,
            (for :func:`bottom_up`) of the latents below; the first one of the example.
        evidences: climb_l -> (n, 2 latents_l), means and log standard deviations.
        descents: z_{l+1} -> (n, 2 latents_l), likewise, for all layers but the top.
        decoder: z_1 -> what ``decoded`` reads.
        latents: how many latents each layer has, from the data upwards.
        infer: how the posterior is put together.
        beta: weight β of the KL terms.
        move: how the player moves.
        decoded: what the decoder's output means.
        warm_up: the KL terms' factor w(t) in round t.
        free_bits: λ in nats, by latent, as for :class:`counterplay.games.vae.VAE`.
    """

    log_std: nn.Parameter | None

    def __init__(
        self,
        climbs: Sequence[nn.Module],
        evidences: Sequence[nn.Module],
        descents: Sequence[nn.Module],
        decoder: nn.Module,
        latents: Sequence[int],
        *,
        infer: Infer,
        beta: float = 1.0,
        move: Optimise = adam(1e-3),  # noqa: B008 -- a pure function
        decoded: Decoded = gaussian(),  # noqa: B008 -- likewise
        warm_up: WarmUp = steady,
        free_bits: float = 0.0,
    ) -> None:
        super().__init__()
        self.climbs = nn.ModuleList(climbs)
        self.evidences = nn.ModuleList(evidences)
        self.descents = nn.ModuleList(descents)
        self.decoder = decoder
        self.latents = tuple(latents)
        self.infer = infer
        self.beta = beta
        self.move = move
        self.decoded = decoded
        self.warm_up = warm_up
        self.free_bits = free_bits
        learned = nn.Parameter(torch.zeros(())) if decoded.shared_numbers else None
        self.register_parameter("log_std", learned)

    def players(self) -> Sequence[Player]:
        """Return the one player, who owns everything."""
        return (Player("vae", self, self.cost, self.move),)

    def cost(self, round: Round) -> Terms:
        """Return the reconstruction's term and each layer's KL by its weight, batch means."""
        noise = round.normal("posterior", sum(self.latents))[None]
        layers = self._layers(round.batch.x, noise)
        weight = self.beta * self.warm_up(round.step)
        terms = {"distortion": self._distortion(round.batch.x, layers[0].z).mean()}
        for i, layer in enumerate(layers, 1):
            terms[f"rate_{i}"] = weight * layer.rates.sum(1).mean()
        if self.free_bits:
            short = [(self.free_bits - layer.rates.mean(0)).clamp(min=0).sum() for layer in layers]
            terms["free_bits"] = weight * torch.stack(short).sum()
        return terms

    def bound(self, x: Tensor, seed: int = 0) -> Tensor:
        """Return a one-sample estimate of the evidence lower bound, in nats, (N,)."""
        return self.importance_bound(x, 1, seed)

    def importance_bound(self, x: Tensor, samples: int, seed: int = 0) -> Tensor:
        """Return the bound of ``samples`` draws: see :meth:`counterplay.games.vae.VAE`."""
        with quiet(self):
            return drawn_bound(self._log_weights, x, samples, sum(self.latents), seed)

    def likelihood(self, x: Tensor, seed: int = 0, budget: int = 1) -> Likelihood:
        """Return the account of −log p(x): the bound of ``budget`` importance samples.

        Raises:
            UserError: when a mass is asked of values that are not on its levels.
        """
        if self.decoded.levels:
            check_levels(x, self.decoded.levels)
        space = "discrete" if self.decoded.levels else "continuous"
        value = self.importance_bound(x, budget, seed)
        return likelihood(value, x[0].numel(), "lower bound", space, importance_samples=budget)

    def start(self, x: Tensor) -> None:
        """Let the decoder begin at the mean of ``x``; its last layer has to have a ``centre``."""
        self.decoder.centre(self.decoded.centred(x.mean(0)))  # pyright: ignore[reportCallIssue]

    def uses(self, x: Tensor, seed: int = 0) -> list[LayerUse]:
        """Return what each layer says of the examples ``x``, from the data upwards.

        Rates are of one draw. Active units and information are told of the layer's own law with all
        that it was drawn after at its mean: of the layer that is drawn first they are exact.
        """
        rng = generator(seed, "uses")
        noise = torch.randn(1, len(x), sum(self.latents), generator=rng).to(x.device)
        with quiet(self):
            drawn, middle = self._layers(x, noise), self._layers(x, torch.zeros_like(noise))
        return [
            LayerUse(
                float(layer.rates.sum(1).mean()),
                int(active_units(at.own.mean).sum()),
                len(at.own.mean[0]),
                mutual_information(*at.own, rng),
            )
            for layer, at in zip(drawn, middle, strict=True)
        ]

    def rates(self, x: Tensor, seed: int = 0) -> Tensor:
        """Return each latent's KL from its own law, averaged over ``x``, of one draw, in nats."""
        rng = generator(seed, "rates")
        noise = torch.randn(1, len(x), sum(self.latents), generator=rng).to(x.device)
        with quiet(self):
            each = [layer.rates.mean(0) for layer in self._layers(x, noise)]
        return torch.cat(each)

    def remarks(self, x: Tensor) -> list[str]:
        """Return sentences on the use of the layers, for a person: whether one has collapsed."""
        return used(self.uses(x[:SEEN]))

    def encode(self, x: Tensor) -> Tensor:
        """Return the layers' latents at their means beside each other, the first layer first."""

        def middle(part: Tensor) -> Tensor:
            noise = part.new_zeros(1, len(part), sum(self.latents))
            return torch.cat([layer.z for layer in self._layers(part, noise)], 1)

        with quiet(self):
            return in_chunks(middle, x)

    def reconstruct(self, x: Tensor) -> Tensor:
        """Return the decoder's means at the posterior's means, shaped as ``x``."""
        return self.render(self.encode(x))

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples: the latents from the top down, the means of x at the lowest."""
        rng, like = generator(seed, "sample"), next(self.parameters())
        z = torch.randn(n, self.latents[-1], generator=rng).to(like)
        with quiet(self):
            for descent in reversed(self.descents):
                law = _gauss(descent(z))
                noise = torch.randn(law.mean.shape, generator=rng).to(z)
                z = law.mean + law.log_std.exp() * noise
        return self.render(z)

    def render(self, z: Tensor) -> Tensor:
        """Return the means of x at the first layer's latents, which lead each row of ``z``."""
        mean, first = self.decoded.mean, z[:, : self.latents[0]]
        with quiet(self, z):
            return in_chunks(lambda part: mean(self.decoder(part).float(), self.log_std), first)

    def prior(self, level: int, above: Tensor | None, like: Tensor) -> Gauss:
        """Return p(z_l | z_{l+1}), or p(z_L), for the rows of ``like``."""
        if above is None:
            return Gauss(torch.zeros_like(like), torch.zeros_like(like))
        return _gauss(self.descents[level](above))

    def _layers(self, x: Tensor, noise: Tensor) -> list[Layer]:
        return self.infer(self, x, noise.split(self.latents, 2))

    def _distortion(self, x: Tensor, z: Tensor) -> Tensor:
        output = self.decoder(z)
        wide = output.to(torch.promote_types(output.dtype, torch.float32))
        return -self.decoded.log_prob(x, wide, self.log_std)

    def _log_weights(self, x: Tensor, noise: Tensor) -> Tensor:
        """Return log p(x, z) − log q(z | x) of the draws with ``noise`` (K, N, Σ latents)."""
        layers = self._layers(x, noise)
        ratio = torch.stack([layer.ratio for layer in layers]).sum(0)
        distortion = self._distortion(copies(x, len(noise)), layers[0].z)
        return -(distortion + ratio).view(len(noise), len(x))


def top_down(game: HierarchicalVAE, x: Tensor, noises: Sequence[Tensor]) -> list[Layer]:
    """Draw z_L, then each layer below, after the prior there has met what the data say."""
    said, d = [], x
    for climb, evidence in zip(game.climbs, game.evidences, strict=True):
        d = climb(d)
        # What the data say is the same for all draws of an example: it is computed once.
        said.append(Gauss(*(copies(each, len(noises[0])) for each in _gauss(evidence(d)))))
    layers: list[Layer] = []
    for level in range(len(said) - 1, -1, -1):
        above = layers[-1].z if layers else None
        prior = game.prior(level, above, said[level].mean)
        own = said[level] if above is None else _product(said[level], prior)
        z = own.mean + own.log_std.exp() * noises[level].flatten(0, 1)
        layers.append(Layer(z, own, _kl(own, prior), _log_prob(z, own) - _log_prob(z, prior)))
    return layers[::-1]


def bottom_up(game: HierarchicalVAE, x: Tensor, noises: Sequence[Tensor]) -> list[Layer]:
    """Draw z_1 from the data, then each layer from the latents below it.

    z_{l+1} depends on z_l, so that the KL of a layer has no closed form given the one above: each
    latent's log q − log p is the estimate. Importance Weighted Autoencoders (Burda et al. 2015,
    arXiv 1509.00519), section 5, has this hierarchy with two layers.
    """
    below, drawn = copies(x, len(noises[0])), []
    for climb, evidence, noise in zip(game.climbs, game.evidences, noises, strict=True):
        own = _gauss(evidence(climb(below)))
        below = own.mean + own.log_std.exp() * noise.flatten(0, 1)
        drawn.append((below, own))
    layers = []
    for level, (z, own) in enumerate(drawn):
        above = drawn[level + 1][0] if level + 1 < len(drawn) else None
        prior = game.prior(level, above, z)
        each = _log_probs(z, own) - _log_probs(z, prior)
        layers.append(Layer(z, own, each if above is not None else _kl(own, prior), each.sum(1)))
    return layers


def _gauss(output: Tensor) -> Gauss:
    mean, log_std = output.to(torch.promote_types(output.dtype, torch.float32)).chunk(2, 1)
    return Gauss(mean, log_std)


def _product(a: Gauss, b: Gauss) -> Gauss:
    """Return the normal law proportional to the product of both densities: precisions add up."""
    # log(1 / std²) of the product, without ever forming a precision that overflows.
    log_precision = torch.logaddexp(-2 * a.log_std, -2 * b.log_std)
    share = torch.exp(-2 * a.log_std - log_precision)
    return Gauss(share * a.mean + (1 - share) * b.mean, -0.5 * log_precision)


def _kl(q: Gauss, p: Gauss) -> Tensor:
    """Return KL(q ‖ p) of each latent, in nats."""
    square = ((q.mean - p.mean) * torch.exp(-p.log_std)).square()
    return 0.5 * (square + torch.exp(2 * (q.log_std - p.log_std)) - 1) - q.log_std + p.log_std


def _log_probs(z: Tensor, law: Gauss) -> Tensor:
    flat = [each.reshape(-1, 1) for each in (z, *law)]
    return -gaussian_nll(*flat).view_as(z)


def _log_prob(z: Tensor, law: Gauss) -> Tensor:
    return -gaussian_nll(z, *law)
