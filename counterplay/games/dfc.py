r"""The VAE that compares features of pictures and not their pixels alone, a game of one player.

Notation: f_0(x) = x, f_1(x), … are what frozen networks see of a picture, n_l numbers of variance
v_l each, w_l their weights with Σ w_l = 1; D is the number of pixels. The squared error is

    d(x, x̂) = Σ_l w_l ‖f_l(x) − f_l(x̂)‖² / (n_l v_l),

and the player minimises D/2 (d / s² + log s²) + β KL(q(z | x) ‖ N(0, I)), s learned. Features are
no coordinates of x: this is no likelihood of pictures, and the game tells none. Deep Feature
Consistent Variational Autoencoder (Hou et al. 2016, arXiv 1610.00291).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from counterplay.costs import standard_normal_kl
from counterplay.game import Game, Optimise, Player, Round, Terms, adam, generator, quiet
from counterplay.laws import Normal
from counterplay.terms import in_chunks, rendered

__all__ = ["DFCVAE"]

Features = Callable[[Tensor], Sequence[Tensor]]
"""Pictures -> feature maps, (N, …) each."""


class DFCVAE(Game):
    """An encoder and a decoder whose reconstructions look alike to frozen networks.

    Args:
        encoder: pictures -> (N, 2 latent), the posterior's means and log standard deviations.
        decoder: (N, latent) -> pictures.
        latent: the number of latent dimensions.
        features: what is compared; a module without parameters of its own, which nobody owns.
        maps: how many feature maps ``features`` gives.
        pixels: the pixels' own weight w_0; the feature maps share the rest equally.
        beta: weight β of the KL term.
        taught: let the features' own ``teach`` be called at the start.
        move: how the player moves.
    """

    scales: Tensor

    def __init__(
        self,
        encoder: nn.Module,
        decoder: nn.Module,
        latent: int,
        features: Features,
        *,
        maps: int = 3,
        pixels: float = 0.5,
        beta: float = 1.0,
        taught: bool = False,
        move: Optimise = adam(1e-3),  # noqa: B008 -- a pure function
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.latent = Normal(latent)
        self.features = features
        self.pixels = pixels
        self.beta = beta
        self.taught = taught
        self.move = move
        self.log_std = nn.Parameter(torch.zeros(()))
        self.register_buffer("scales", torch.ones(1 + maps))

    def players(self) -> Sequence[Player]:
        """Return the one player, who owns the encoder, the decoder and s."""
        return (Player("vae", self, self.cost, self.move),)

    def cost(self, round: Round) -> Terms:
        """Return "distortion", the features' term, and "rate", the KL by its weight."""
        x = round.batch.x
        mean, log_std = self._posterior(x)
        z = mean + log_std.exp() * round.normal("posterior", self.latent.dim)
        error = self.error(x, self.decoder(z).float())
        distortion = 0.5 * x[0].numel() * (error * torch.exp(-2 * self.log_std) + 2 * self.log_std)
        rate = self.beta * standard_normal_kl(mean, log_std).sum(1).mean()
        return {"distortion": distortion.mean(), "rate": rate}

    def start(self, x: Tensor) -> None:
        """Take the features' variances from the pictures ``x``, and the decoder's mean."""
        if self.taught:
            self.features.teach(x)  # pyright: ignore[reportFunctionMemberAccess]
        with torch.no_grad():
            self.scales.copy_(_spreads(self._seen, x))
        self.decoder.centre(x.mean(0))  # pyright: ignore[reportCallIssue]

    def error(self, x: Tensor, other: Tensor) -> Tensor:
        """Return d(x, x̂) of each pair, (N,)."""
        both = list(zip(self._seen(x), self._seen(other), strict=True))
        each = [(a - b).square().flatten(1).mean(1) for a, b in both]
        share = (1 - self.pixels) / (len(both) - 1)
        weights = [self.pixels, *[share] * (len(both) - 1)]
        parts = [w * e / v for w, e, v in zip(weights, each, self.scales, strict=True)]
        return torch.stack(parts).sum(0)

    def rates(self, x: Tensor) -> Tensor:
        """Return each latent's KL from N(0, 1), averaged over ``x``, in nats, (latent,)."""
        with quiet(self):
            return standard_normal_kl(*self._posterior(x)).mean(0)

    def encode(self, x: Tensor) -> Tensor:
        """Return the posterior means, (N, latent)."""
        return in_chunks(lambda part: rendered(self.encoder, part)[:, : self.latent.dim], x)

    def reconstruct(self, x: Tensor) -> Tensor:
        """Return the decoder at the posterior means, shaped as ``x``."""
        return self.render(self.encode(x))

    def render(self, z: Tensor) -> Tensor:
        """Return the decoder at ``z``, in evaluation mode and without gradients."""
        return rendered(self.decoder, z)

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples: the decoder at z ~ N(0, I)."""
        z = self.latent.sample(n, generator(seed, "sample"))
        return self.render(z.to(self.log_std.device))

    def _posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_std = self.encoder(x).float().chunk(2, 1)
        return mean, log_std

    def _seen(self, x: Tensor) -> list[Tensor]:
        return [x, *(f.float() for f in self.features(x))]


def _spreads(seen: Callable[[Tensor], list[Tensor]], x: Tensor, size: int = 256) -> Tensor:
    """Return each map's mean over its numbers of their variance over the pictures ``x``.

    From sums over a few pictures at a time: maps are many times as large as pictures.
    """
    first = [f.mean(0, keepdim=True).double() for f in seen(x[:size])]
    sums: list[Tensor] = [f.new_zeros(2, *f.shape) for f in first]
    for part in x.split(size):
        for total, at, f in zip(sums, first, seen(part), strict=True):
            off = f.double() - at
            total += torch.stack([off.sum(0, keepdim=True), off.square().sum(0, keepdim=True)])
    each = [(t[1] - t[0].square() / len(x)).mean() / (len(x) - 1) for t in sums]
    return torch.stack(each).clamp(min=1e-6)
