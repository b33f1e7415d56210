r"""One account of likelihood: what a number means, and the Jacobians on the way to it.

Notation: k are data of D dimensions on the grey levels {0, …, L − 1}, u uniform on [0, 1)^D,
y = (k + u) / L in [0, 1)^D. Each map a -> b here comes with log|det ∂b/∂a| per example, so that

    log p_A(a) = log p_B(b) + log|det ∂b/∂a|.

Adding u bounds the mass from below by Jensen's inequality, log P(k) ≥ E_u log p(k + u): A note on
the evaluation of generative models (Theis et al. 2016, arXiv 1511.01844), section 3.1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import torch
from torch import Tensor
from torch.nn.functional import softplus

from counterplay.errors import UserError

__all__ = [
    "Kind",
    "Likelihood",
    "Space",
    "Unit",
    "check_levels",
    "dequantised",
    "grey_levels",
    "likelihood",
    "logits",
    "scaled",
    "unlogits",
    "unscaled_levels",
]

Unit = Literal["nats", "bits/dim"]
Kind = Literal["exact", "lower bound", "estimate"]
Space = Literal["discrete", "continuous"]


@dataclass(frozen=True)
class Likelihood:
    """A mean negative log-likelihood, −log p in its unit, that says what it is: lower is better.

    Attributes:
        value: −log p(x), the mean over examples: in nats an example, or in bits a dimension.
        unit: ``nats`` or ``bits/dim``.
        kind: of log p: ``exact``, a ``lower bound`` (the true −log p is no larger than ``value``),
            or an ``estimate``, which may err to both sides.
        space: ``discrete`` for the mass of data on levels, ``continuous`` for a density.
        dims: dimensions D of an example.
        budget: what it was computed with: examples, importance samples, chains, steps, …
        error: standard error of the mean over examples, and with it of what is estimated once for
            all of them (log Z), in the unit; 0 where it is not known.

    >>> noise = Likelihood(0.0, "nats", "exact", "continuous", dims=784)
    >>> print(noise.on_levels(256).to("bits/dim"))
    8.0000 bits/dim (lower bound, discrete, D = 784)
    """

    value: float
    unit: Unit
    kind: Kind
    space: Space
    dims: int
    budget: Mapping[str, int] = field(default_factory=dict)
    error: float = 0.0

    def __str__(self) -> str:
        budget = "".join(f", {count} {name}" for name, count in self.budget.items())
        about = f"{self.kind}, {self.space}, D = {self.dims}{budget}"
        return f"{self.value:.4f} {self.unit} ({about})"

    def to(self, unit: Unit) -> Likelihood:
        """Return the same likelihood in another unit: bits/dim = nats / (D ln 2)."""
        factor = _nats_in(self.unit, self.dims) / _nats_in(unit, self.dims)
        return replace(self, value=self.value * factor, error=self.error * factor, unit=unit)

    def on_levels(self, levels: int) -> Likelihood:
        """Return the bound of the mass of k that a density of y = (k + u) / ``levels`` gives.

        Raises:
            UserError: when this is a mass already.
        """
        if self.space != "continuous":
            raise UserError(f"{self} is a mass already; only a density is brought onto levels")
        nats = self.to("nats")
        value = nats.value + self.dims * math.log(levels)
        # E_u of an estimate is an estimate: only an exact density or a bound stays on its side.
        kind: Kind = "estimate" if self.kind == "estimate" else "lower bound"
        return replace(nats, value=value, kind=kind, space="discrete").to(self.unit)

    def stretched(self, log_det: float) -> Likelihood:
        """Return the density of v, where this is one of x and log|det ∂v/∂x| is ``log_det`` nats.

        −log p(v) = −log p(x) + log|det ∂v/∂x|: a density has the units of its data.

        Raises:
            UserError: when this is a mass, which does not know of units.
        """
        if self.space != "continuous":
            raise UserError(f"{self} is a mass; only a density changes with the units")
        nats = self.to("nats")
        return replace(nats, value=nats.value + log_det).to(self.unit)

    def minus(self, other: Likelihood) -> float:
        """Return this value less ``other``'s, in this one's unit: negative when this is better.

        Raises:
            UserError: when a mass meets a density, or examples have other dimensions.
        """
        if (self.space, self.dims) != (other.space, other.dims):
            raise UserError(f"{self} and {other} do not compare: space and dimensions must be one")
        return self.value - other.to(self.unit).value


def likelihood(
    log_prob: Tensor,
    dims: int,
    kind: Kind = "exact",
    space: Space = "continuous",
    common: float = 0.0,
    **budget: int,
) -> Likelihood:
    """Return the account of ``log_prob``, log p of each example in nats, (N,), summed in float64.

    Args:
        log_prob: log p of each example in nats, (N,).
        dims: D.
        kind: of log p.
        space: of a mass or a density.
        common: standard error in nats that all examples share, as of an estimated log Z.
        budget: what it was computed with.

    Raises:
        UserError: when there are no examples, or one value is not a number.
    """
    if log_prob.ndim != 1 or not len(log_prob) or bool(log_prob.isnan().any()):
        raise UserError(
            f"a likelihood needs one number for each example; seen: shape {tuple(log_prob.shape)}, "
            f"{int(log_prob.isnan().sum())} not a number"
        )
    value = -float(log_prob.double().mean())
    error = float(log_prob.double().std(correction=0)) / math.sqrt(len(log_prob))
    error = math.hypot(error, common) if common else error
    counts = {"examples": len(log_prob), **budget}
    return Likelihood(value, "nats", kind, space, dims, counts, error)


def grey_levels(x: Tensor, levels: int) -> Tensor:
    """Return the nearest levels k, of k = (x + 1) / 2 · (L − 1), of data in [-1, 1], as floats."""
    return ((x + 1) / 2 * (levels - 1)).round().clamp(0, levels - 1)


def check_levels(x: Tensor, levels: int) -> None:
    """Refuse data that does not stand on ``levels`` levels: its density would be told as a mass.

    It reads values on the host, and so it stands before an evaluation and not in a round.

    Raises:
        UserError: saying how far beside the levels the data is.
    """
    beside = (x + 1) / 2 * (levels - 1) - grey_levels(x, levels)
    # Levels that were kept as bytes are up to half a byte beside: of 17 levels 0.0314 of one.
    if not float(beside.abs().max()) < 0.04:
        raise UserError(
            f"data on {levels} levels in [-1, 1] was asked for; seen: values in "
            f"[{float(x.min()):.4g}, {float(x.max()):.4g}], up to {float(beside.abs().max()):.3g} "
            "of a level beside one; say how many levels the data has"
        )


def unscaled_levels(y: Tensor, levels: int) -> Tensor:
    """Return data in [-1, 1] on the level ⌊L y⌋ that each y in [0, 1] belongs to.

    A level has no slope: gradients go past it, as of 2 y − 1.
    """
    found = (y * levels).floor().clamp(0, levels - 1) / (levels - 1) * 2 - 1
    return found.detach() + 2 * (y - y.detach()) if y.requires_grad else found


def dequantised(k: Tensor, levels: int, noise: Tensor) -> tuple[Tensor, Tensor]:
    """Return y = (k + u) / L, and log|det ∂y/∂(k + u)| = −D log L, (N,).

    Args:
        k: levels 0 … L − 1, shape (N, …).
        levels: L.
        noise: u, uniform on [0, 1), as ``k``; drawn anew each time, or the flow learns the draw.
    """
    # In float32 (255 + u) / 256 can round to 1, where the logit ends.
    top = 1 - torch.finfo(k.dtype).eps
    return scaled((k + noise).clamp(max=levels * top), 1 / levels)


def scaled(x: Tensor, factor: float, shift: float = 0.0) -> tuple[Tensor, Tensor]:
    """Return factor · x + shift, and D log|factor|, (N,)."""
    dims = x[:1].numel()
    return x * factor + shift, x.new_full((len(x),), dims * math.log(abs(factor)))


def logits(y: Tensor, margin: float = 1e-6) -> tuple[Tensor, Tensor]:
    """Return s = logit(a + (1 − 2a) y), and its log|det|, (N,).

    Density estimation using Real NVP (Dinh et al. 2016, arXiv 1605.08803), section 4.1, in the form
    of Masked Autoregressive Flow (Papamakarios et al. 2017, arXiv 1705.07057), section 4.3.

    Args:
        y: in [0, 1], shape (N, …).
        margin: a.
    """
    p = margin + (1 - 2 * margin) * y
    s = p.log() - torch.log1p(-p)
    slope = math.log1p(-2 * margin) + softplus(s) + softplus(-s)  # −log p(1 − p) in terms of s
    return s, slope.flatten(1).sum(1)


def unlogits(s: Tensor, margin: float = 1e-6) -> tuple[Tensor, Tensor]:
    """Return y = (σ(s) − a) / (1 − 2a), the inverse of :func:`logits`, and its log|det|, (N,)."""
    slope = math.log1p(-2 * margin) + softplus(s) + softplus(-s)
    return (s.sigmoid() - margin) / (1 - 2 * margin), -slope.flatten(1).sum(1)


def _nats_in(unit: Unit, dims: int) -> float:
    """Return how many nats of an example one ``unit`` is.

    Raises:
        UserError: when the unit is not known.
    """
    sizes = {"nats": 1.0, "bits/dim": dims * math.log(2)}
    if unit not in sizes:
        raise UserError(f"there is no unit {unit!r} of likelihood; choose from {', '.join(sizes)}")
    return sizes[unit]
