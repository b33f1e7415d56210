r"""A normalising flow, a game of one player.

Model: x = f⁻¹(z), z ~ N(0, I), f a bijection. The player minimises −log p(x) in nats per example,

    −log p(x) = −log N(f(x); 0, I) − log|det ∂f/∂x|.

Data on L grey levels have a mass and no density: with k their levels and u uniform on [0, 1)^D, the
flow is fitted to y = (k + u) / L, u drawn anew each round, and

    log P(k) ≥ E_u log p(y) − D log L.

Density estimation using Real NVP (Dinh et al. 2016, arXiv 1605.08803); the bound: A note on the
evaluation of generative models (Theis et al. 2016, arXiv 1511.01844).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from counterplay.game import Game, Optimise, Player, Round, Terms, adam, generator, quiet
from counterplay.laws import Normal
from counterplay.likelihood import (
    Likelihood,
    check_levels,
    dequantised,
    grey_levels,
    likelihood,
    unscaled_levels,
)
from counterplay.networks.flows import Transform
from counterplay.terms import in_chunks

__all__ = ["Flow"]


class Flow(Game):
    """An invertible network, fitted by its exact likelihood.

    Args:
        transform: f, data (N, …) -> z (N, D); of grey levels, y in [0, 1): it starts with a
            :class:`counterplay.networks.flows.Logit`. Activation norms are fitted beforehand, with
            :meth:`given` on examples and :func:`counterplay.networks.flows.initialise`.
        shape: of one example.
        levels: L, how many grey levels data in [-1, 1] have; 0 for continuous data.
        move: how the player moves.
    """

    def __init__(
        self,
        transform: Transform,
        shape: Sequence[int],
        *,
        levels: int = 0,
        move: Optimise = adam(1e-3),  # noqa: B008 -- a pure function
    ) -> None:
        super().__init__()
        self.transform = transform
        self.shape = tuple(shape)
        self.prior = Normal(math.prod(shape))
        self.levels = levels
        self.move = move

    def players(self) -> Sequence[Player]:
        """Return the one player, who owns the transform."""
        return (Player("flow", self.transform, self.cost, self.move),)

    def cost(self, round: Round) -> Terms:
        """Return the two terms of −log p(x), or of its bound, averaged over the batch."""
        prior, volume = self._terms(round.batch.x, round.uniform("levels", *self.shape))
        return {"prior": -prior.mean(), "volume": -volume.mean()}

    def given(self, x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        """Return what the transform is shown of ``x``, and log|det| of the way there, (N,).

        Args:
            x: examples, as networks see them.
            noise: u, uniform on [0, 1), shaped as ``x``; not used for continuous data.
        """
        if not self.levels:
            return x, x.new_zeros(len(x))
        return dequantised(grey_levels(x, self.levels), self.levels, noise)

    def log_prob(self, x: Tensor, seed: int = 0) -> Tensor:
        """Return log p(x) in nats, (N,): exact; of grey levels a one-sample bound of log P.

        Raises:
            UserError: when data of grey levels does not stand on them.
        """
        if self.levels:
            check_levels(x, self.levels)
        noise = torch.rand(len(x), *self.shape, generator=generator(seed, "levels")).to(x)
        with quiet(self):
            prior, volume = self._terms(x, noise)
        return prior + volume

    def likelihood(self, x: Tensor, seed: int = 0) -> Likelihood:
        """Return the account of −log p over the examples ``x``."""
        value = self.log_prob(x, seed)
        if not self.levels:
            return likelihood(value, self.prior.dim)
        return likelihood(value, self.prior.dim, "lower bound", "discrete", noise_samples=1)

    def encode(self, x: Tensor) -> Tensor:
        """Return z = f(x), (N, D); of grey levels at the middle of each, u = 1/2."""
        with quiet(self):
            return in_chunks(
                lambda part: self.transform(self.given(part, torch.full_like(part, 0.5))[0])[0], x
            )

    def reconstruct(self, x: Tensor) -> Tensor:
        """Return ``x`` after f and f⁻¹: what differs is rounding."""
        return self.render(self.encode(x))

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples x = f⁻¹(z), z ~ N(0, I), of grey levels on the levels."""
        first = next(self.transform.parameters())
        return self.render(self.prior.sample(n, generator(seed, "sample")).to(first))

    def render(self, z: Tensor) -> Tensor:
        """Return f⁻¹(z), in evaluation mode and without gradients."""
        with quiet(self):
            y = in_chunks(lambda part: self.transform.inverse(part)[0].float(), z)
        return unscaled_levels(y, self.levels) if self.levels else y

    def inverse_error(self, x: Tensor) -> Tensor:
        """Return the largest |f⁻¹(f(x)) − x|, a scalar: 1e-5 in float32 when all is well."""
        with quiet(self):
            y, _ = self.given(x, torch.full_like(x, 0.5))
            again, _ = self.transform.inverse(self.transform(y)[0])
        return (again - y).abs().max()

    def _terms(self, x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        y, before = self.given(x, noise)
        z, log_det = self.transform(y)
        return self.prior.log_prob(z.float()), before + log_det.float()
