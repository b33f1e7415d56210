r"""A normalising flow, a game of one player.

Model: x = f⁻¹(z), z ~ N(0, I), f a bijection, of a conditional flow one for each class c. The
player minimises −log p(x | c) in nats per example,

    −log p(x | c) = −log N(f(x; c); 0, I) − log|det ∂f/∂x|.

Data on L grey levels have a mass and no density: with k their levels and u in [0, 1)^D drawn anew
each round, the flow is fitted to y = (k + u) / L, and for any law q of u

    log P(k) ≥ E_q [log p(y) − D log L − log q(u | k)].

q is uniform, or learnt with the flow (variational dequantisation).
Density estimation using Real NVP (Dinh et al. 2016, arXiv 1605.08803); the bounds: A note on the
evaluation of generative models (Theis et al. 2016, arXiv 1511.01844), and Flow++ (Ho et al. 2019,
arXiv 1902.00275), section 3.1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import one_hot
from torch.special import ndtr, ndtri

from counterplay.errors import UserError
from counterplay.game import Game, Optimise, Player, Round, Terms, adam, generator, quiet
from counterplay.laws import Labels, Normal
from counterplay.likelihood import (
    Likelihood,
    check_levels,
    dequantised,
    grey_levels,
    likelihood,
    unscaled_levels,
)
from counterplay.networks.dropout import units_left_out
from counterplay.networks.flows import Transform, initialise
from counterplay.terms import in_chunks

__all__ = ["Flow"]


class Flow(Game):
    """An invertible network, fitted by its exact likelihood.

    Args:
        transform: f, data (N, …) -> z (N, D); of grey levels, y in [0, 1): it starts with a
            :class:`counterplay.networks.flows.Logit`. :meth:`start` fits its activation norms.
        shape: of one example.
        levels: L, how many grey levels data in [-1, 1] have; 0 for continuous data.
        labels: the law of the classes, whose one-hot is the transform's context; none: no classes.
        dequantiser: a bijection (N, …) -> (N, …) with the example as its context, which draws the
            noise u = Φ(g⁻¹(ε; x)), ε ~ N(0, I); none: u is uniform, as it is with the identity.
        move: how the player moves.
    """

    def __init__(
        self,
        transform: Transform,
        shape: Sequence[int],
        *,
        levels: int = 0,
        labels: Labels | None = None,
        dequantiser: Transform | None = None,
        move: Optimise = adam(1e-3),  # noqa: B008 -- a pure function
    ) -> None:
        super().__init__()
        self.transform = transform
        self.dequantiser = dequantiser
        self.shape = tuple(shape)
        self.latent = transform.latent or Normal(math.prod(shape))
        self.levels = levels
        self.labels = labels
        self.move = move

    def players(self) -> Sequence[Player]:
        """Return the one player, who owns all there is."""
        return (Player("flow", self, self.cost, self.move),)

    def start(self, x: Tensor, y: Tensor | None = None, seed: int = 0) -> None:
        """Fit the activation norms to examples; once, before the first round."""
        with quiet(self):
            shown, _ = self.given(x, self._noise(x, seed))
        initialise(self.transform, shown, self._context(y))

    def cost(self, round: Round) -> Terms:
        """Return the two terms of −log p(x | c), or of its bound, averaged over the batch."""
        x, noise = round.batch.x, round.uniform("levels", *self.shape)
        shown, before = self.given(x, noise)
        with units_left_out(self.transform, round):
            prior, volume = self._terms(shown, self._context(round.batch.y))
        return {"prior": -prior.mean(), "volume": -(before + volume).mean()}

    def given(self, x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        """Return what the transform is shown of ``x``, and log|det| − log q of the way there, (N,).

        Args:
            x: examples, as networks see them.
            noise: uniform on [0, 1), shaped as ``x``; not used for continuous data.
        """
        if not self.levels:
            return x, x.new_zeros(len(x))
        u, log_q = self._drawn(x, noise)
        y, slope = dequantised(grey_levels(x, self.levels), self.levels, u)
        return y, slope - log_q

    def log_prob(self, x: Tensor, seed: int = 0) -> Tensor:
        """Return log p(x) in nats, (N,), of a conditional flow over all classes by their shares.

        It is exact; of grey levels it is a one-sample bound of log P.

        Raises:
            UserError: when data of grey levels does not stand on them.
        """
        return self._joint(x, seed).logsumexp(1)

    def likelihood(self, x: Tensor, seed: int = 0, budget: int = 1) -> Likelihood:
        """Return the account of −log p over the examples ``x``; no budget makes it more exact."""
        value = self.log_prob(x, seed)
        if not self.levels:
            return likelihood(value, math.prod(self.shape))
        return likelihood(value, math.prod(self.shape), "lower bound", "discrete", noise_samples=1)

    def classify(self, x: Tensor, seed: int = 0) -> Tensor:
        """Return P(c | x) by Bayes' rule, (N, K).

        Raises:
            UserError: when the flow knows no classes.
        """
        if self.labels is None:
            raise UserError("this flow was shown no classes and tells none; --game.conditional is")
        return self._joint(x, seed).softmax(1)

    def encode(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Return z = f(x; c), (N, D); of grey levels at the middle of each, u = 1/2.

        Args:
            x: examples.
            y: their classes; the likeliest, where a conditional flow is not told.
        """
        y = self.classify(x).argmax(1) if y is None and self.labels else y
        rows = torch.arange(len(x), device=x.device)
        with quiet(self):
            return in_chunks(lambda at: self._encoded(x[at], None if y is None else y[at]), rows)

    def reconstruct(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Return ``x`` after f and f⁻¹: what differs is rounding."""
        y = self.classify(x).argmax(1) if y is None and self.labels else y
        return self.render(self.encode(x, y), y)

    @property
    def steps_per_sample(self) -> int:
        """How many passes over the numbers follow one another for a sample."""
        return self.transform.steps_back

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples x = f⁻¹(z; c), z ~ N(0, I), of grey levels on the levels.

        Args:
            n: how many.
            condition: their classes, (n,); drawn by their law if absent.
            seed: the same seed gives the same samples.
        """
        first, rng = next(self.parameters()), generator(seed, "sample")
        z = self.latent.sample(n, rng).to(first)
        y = self.labels.sample(n, rng) if self.labels and condition is None else condition
        return self.render(z, None if y is None else y.to(first.device))

    def render(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """Return f⁻¹(z; c), in evaluation mode and without gradients."""
        context = self._context(y)
        rows = torch.arange(len(z), device=z.device)
        with quiet(self, z):
            x = in_chunks(lambda at: self.transform.inverse(z[at], _some(context, at))[0], rows)
        return unscaled_levels(x.float(), self.levels) if self.levels else x.float()

    def inverse_error(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Return the largest |f⁻¹(f(x)) − x| of what the transform is shown, a scalar.

        In float32 it is about 1e-5 when all is well; of grey levels the unit is all of them.
        """
        y = self.classify(x).argmax(1) if y is None and self.labels else y
        context = self._context(y)
        with quiet(self):
            shown = self.given(x, torch.full_like(x, 0.5))[0]
            again, _ = self.transform.inverse(self.transform(shown, context)[0], context)
        return (again - shown).abs().max()

    def _terms(self, shown: Tensor, context: Tensor | None) -> tuple[Tensor, Tensor]:
        z, log_det = self.transform(shown, context)
        return self.latent.log_prob(z.float()), log_det.float()

    def _encoded(self, x: Tensor, y: Tensor | None) -> Tensor:
        shown, _ = self.given(x, torch.full_like(x, 0.5))
        return self.transform(shown, self._context(y))[0]

    def _joint(self, x: Tensor, seed: int) -> Tensor:
        """Return log P(c) + log p(x | c), (N, K), K = 1 where there are no classes."""
        if self.levels:
            check_levels(x, self.levels)
        with quiet(self):
            return in_chunks(self._log_joint, x, self._noise(x, seed))

    def _log_joint(self, x: Tensor, noise: Tensor) -> Tensor:
        shown, before = self.given(x, noise)
        if self.labels is None:
            return (before + sum(self._terms(shown, None)))[:, None]
        every = range(len(self.labels.share))
        classes = [self._context(torch.full((len(x),), k, device=x.device)) for k in every]
        each = torch.stack([sum(self._terms(shown, c), before) for c in classes], 1)
        return each + torch.tensor(self.labels.share).to(each).log()

    def _context(self, y: Tensor | None) -> Tensor | None:
        if self.labels is None:
            return None
        if y is None:
            raise UserError("this flow learns from classes, and the batch has none; label the data")
        return one_hot(y, len(self.labels.share)).float()

    def _noise(self, x: Tensor, seed: int) -> Tensor:
        return torch.rand(len(x), *self.shape, generator=generator(seed, "levels")).to(x)

    def _drawn(self, x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        """Return u in [0, 1] and log q(u | x), (N,), from uniform noise."""
        if self.dequantiser is None:
            return noise, x.new_zeros(len(x))
        # 1 − 6e-8 is the largest number below 1, and 0 has no quantile.
        epsilon = ndtri(noise.clamp(1e-7, 1 - 1e-7))
        v, log_det = self.dequantiser.inverse(epsilon, x)
        normal = Normal(x[:1].numel())
        before, after = (normal.log_prob(each.float().flatten(1)) for each in (epsilon, v))
        return ndtr(v.float()), before - log_det - after


def _some(context: Tensor | None, at: Tensor) -> Tensor | None:
    return None if context is None else context[at]
