r"""What a decoder's output means: a law of x given the output, with its likelihood in nats.

Pictures lie in [-1, 1]. A decoder of pictures puts out (N, maps·C, H, W), of vectors (N, maps·D):
``maps`` numbers for each number of x, first the C (D) places, then, with two maps, the C (D)
spreads. A *density* is one over R^D (:func:`gaussian`), a *mass* one over finitely many values
(:func:`bernoulli`, :func:`discretised_logistic`): the two are never compared.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor
from torch.nn.functional import softplus

from counterplay.costs import gaussian_nll
from counterplay.errors import UserError

__all__ = ["Decoded", "Spread", "bernoulli", "discretised_logistic", "gaussian"]

Spread = float | Literal["shared", "pixel"]
"""A law's scale: a number, one learned for all of x, or one put out for each number of x."""

FLOOR = -6.0
"""The least log scale that a network can put out: a likelihood is unbounded where it falls on."""


@dataclass(frozen=True)
class Decoded:
    """The law p(x | output, shared) of a decoder's output.

    ``shared`` is the one learned log scale, a scalar, or ``None`` where ``shared_numbers`` is 0.

    Attributes:
        kind: "density" or "mass".
        maps: numbers put out for each number of x.
        shared_numbers: learned numbers beside the output, 0 or 1.
        log_prob: (x, output, shared) -> log p(x | output) in nats, shape (N,).
        mean: (output, shared) -> E x, shaped as x.
        centred: mean -> an output of that mean, without the axis of examples.
        sample: (output, shared, rng) -> x, drawn with a CPU generator.
        levels: of a mass, on how many even values from -1 to 1 it is; 0 for a density.
    """

    kind: Literal["density", "mass"]
    maps: int
    shared_numbers: int
    log_prob: Callable[[Tensor, Tensor, Tensor | None], Tensor]
    mean: Callable[[Tensor, Tensor | None], Tensor]
    sample: Callable[[Tensor, Tensor | None, torch.Generator], Tensor]
    centred: Callable[[Tensor], Tensor]
    levels: int = 0


def bernoulli(low: float = -1.0, high: float = 1.0) -> Decoded:
    """Return the mass of pictures of two values: P(x = high) = σ(output), a logit.

    An x in between counts as the chance (x − low) / (high − low) of drawing ``high``: the value is
    then the mean over such draws of log P, still of pictures of two values and not of x itself.

    Args:
        low: the lower value.
        high: the higher one.
    """

    def log_prob(x: Tensor, logits: Tensor, shared: Tensor | None) -> Tensor:
        share = (x - low) / (high - low)
        return -(softplus(logits) - share * logits).flatten(1).sum(1)

    def mean(logits: Tensor, shared: Tensor | None) -> Tensor:
        return low + (high - low) * logits.sigmoid()

    def sample(logits: Tensor, shared: Tensor | None, rng: torch.Generator) -> Tensor:
        up = _uniform(logits, rng) < logits.sigmoid()
        return torch.where(up, high, low).to(logits.dtype)

    def centred(mean: Tensor) -> Tensor:
        # A pixel that is dark in every training example may be light in another one.
        return torch.logit((mean - low) / (high - low), eps=1e-3)

    return Decoded("mass", 1, 0, log_prob, mean, sample, centred, 2)


def gaussian(spread: Spread = "shared") -> Decoded:
    """Return the density N(x; place, s²) with s as ``spread`` says.

    Simple and Effective VAE Training with Calibrated Decoders (Rybkin et al. 2020, arXiv
    2006.13202): a fixed s is a hidden weight of the KL term.

    Args:
        spread: the standard deviation s.
    """
    maps, learned, read = _spread(spread)

    def log_prob(x: Tensor, output: Tensor, shared: Tensor | None) -> Tensor:
        return -gaussian_nll(x, *read(output, shared))

    def sample(output: Tensor, shared: Tensor | None, rng: torch.Generator) -> Tensor:
        place, log_std = read(output, shared)
        noise = torch.randn(place.shape, generator=rng).to(place)
        return place + log_std.exp() * noise

    def mean(output: Tensor, shared: Tensor | None) -> Tensor:
        return read(output, shared)[0]

    return Decoded("density", maps, learned, log_prob, mean, sample, _placed(maps))


def discretised_logistic(levels: int = 256, spread: Spread = "pixel") -> Decoded:
    r"""Return the mass of pictures of ``levels`` even levels from -1 to 1.

    P(x) = σ(a) − σ(b), a and b = (x ± h − place) / s, h = 1 / (levels − 1) half a step; the lowest
    level has all mass below it, the highest all above. As σ(a) − σ(b) = σ(a) σ(−b) (1 − e^{b − a}),
    its logarithm is exact in the tails, where the difference of two σ is nought.
    Improved Variational Inference with Inverse Autoregressive Flow (Kingma et al. 2016, arXiv
    1606.04934).

    Args:
        levels: at least 2.
        spread: the logistic law's scale s.

    Raises:
        UserError: for fewer than 2 levels.
    """
    if levels < 2:
        raise UserError(f"a picture of {levels} levels has one value only; from 2 on it has more")
    maps, learned, read = _spread(spread)
    half = 1 / (levels - 1)

    def log_prob(x: Tensor, output: Tensor, shared: Tensor | None) -> Tensor:
        place, log_scale = read(output, shared)
        narrow = torch.exp(-log_scale)
        below = -softplus(-(x - place + half) * narrow)  # log σ(a)
        above = -softplus((x - place - half) * narrow)  # log σ(−b)
        inside = below + above + torch.log(-torch.expm1(-2 * half * narrow))
        rest = torch.where(x > 1 - half, above, inside)
        return torch.where(x < half - 1, below, rest).flatten(1).sum(1)

    def mean(output: Tensor, shared: Tensor | None) -> Tensor:
        place, log_scale = read(output, shared)
        narrow, total = torch.exp(-log_scale), torch.full_like(place, -1.0)
        for k in range(1, levels):  # E x = −1 + 2h Σ_k P(x is level k or higher)
            total += 2 * half * torch.sigmoid((place - (2 * k - 1) * half + 1) * narrow)
        return total

    def sample(output: Tensor, shared: Tensor | None, rng: torch.Generator) -> Tensor:
        place, log_scale = read(output, shared)
        drawn = place + log_scale.exp() * torch.logit(_uniform(place, rng), 1e-7)
        level = ((drawn.clamp(-1, 1) + 1) / (2 * half)).round()
        return level * (2 * half) - 1

    return Decoded("mass", maps, learned, log_prob, mean, sample, _placed(maps), levels)


Read = Callable[[Tensor, Tensor | None], tuple[Tensor, Tensor]]


def _spread(spread: Spread) -> tuple[int, int, Read]:
    """Return (maps, learned numbers, (output, shared) -> (place, log scale))."""
    if spread == "shared":
        return 1, 1, _shared
    if spread == "pixel":
        return 2, 0, _each
    if not float(spread) > 0:
        raise UserError(f"a spread of {spread}; it is above 0, or 'shared' or 'pixel'")
    log = math.log(spread)
    return 1, 0, lambda output, shared: (output, torch.full_like(output[:1], log))


def _placed(maps: int) -> Callable[[Tensor], Tensor]:
    """Return mean -> the output with that place, and zeros for the spreads."""
    return lambda mean: torch.cat([mean, torch.zeros_like(mean)][:maps])


def _shared(output: Tensor, shared: Tensor | None) -> tuple[Tensor, Tensor]:
    if shared is None:
        raise UserError("this law has a learned log scale, and none was given")
    return output, shared


def _each(output: Tensor, shared: Tensor | None) -> tuple[Tensor, Tensor]:
    place, raw = output.chunk(2, 1)
    return place, FLOOR + softplus(raw - FLOOR)


def _uniform(like: Tensor, rng: torch.Generator) -> Tensor:
    return torch.rand(like.shape, generator=rng).to(like)
