r"""Increasing maps of the line, which couplings and autoregressive transforms apply to each number.

A map is data: how many parameters it takes for each number, and both directions, each
(value, parameters (…, width)) -> (value, log derivative). With all parameters zero each is the
identity, so that a transform whose conditioner ends in zeros starts as one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import pad, softplus

__all__ = ["Univariate", "additive", "affine", "spline"]

Direction = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]

STEEPEST = 3.0
"""Bound of |log scale| of an affine map: deep stacks of unbounded ones end in NaN."""
NARROWEST = 1e-3
"""Least share of a spline's bin of the whole, and its least derivative at a knot."""


@dataclass(frozen=True)
class Univariate:
    """An increasing map and its inverse.

    Attributes:
        width: parameters for each number.
        forward: (x, parameters) -> (z, log dz/dx), elementwise.
        inverse: (z, parameters) -> (x, log dx/dz), elementwise.
    """

    width: int
    forward: Direction
    inverse: Direction


def _log_scale(raw: Tensor) -> Tensor:
    return STEEPEST * torch.tanh(raw / STEEPEST)


def _affine(x: Tensor, raw: Tensor) -> tuple[Tensor, Tensor]:
    log_scale = _log_scale(raw[..., 0])
    return x * log_scale.exp() + raw[..., 1], log_scale


def _unaffine(z: Tensor, raw: Tensor) -> tuple[Tensor, Tensor]:
    log_scale = _log_scale(raw[..., 0])
    return (z - raw[..., 1]) * (-log_scale).exp(), -log_scale


affine = Univariate(2, _affine, _unaffine)
"""z = x · e^s + t, |s| < 3: Density estimation using Real NVP (Dinh et al. 2016, arXiv 1605.08803).

The bound of s by a scaled tanh stands in the place of the paper's tanh with a learned scale.
"""

additive = Univariate(
    1,
    lambda x, raw: (x + raw[..., 0], torch.zeros_like(x)),
    lambda z, raw: (z - raw[..., 0], torch.zeros_like(z)),
)
"""z = x + t: NICE (Dinh et al. 2014, arXiv 1410.8516), which keeps volumes."""


def spline(bins: int = 8, bound: float = 3.0) -> Univariate:
    """Return the rational-quadratic spline on [−bound, bound], the identity outside.

    Neural Spline Flows (Durkan et al. 2019, arXiv 1906.04032), section 3.1. Data should be
    standardised: most of it has to lie inside.

    Args:
        bins: K, each with its width, height and the derivatives at its ends.
        bound: B; at ±B the derivative is one.
    """

    def forward(x: Tensor, raw: Tensor) -> tuple[Tensor, Tensor]:
        # Clamped before both branches, so that no gradient of the branch not taken is infinite.
        inside = x.abs() < bound
        z, slope = _rational(x.clamp(-bound, bound), raw, bins, bound)
        return torch.where(inside, z, x), torch.where(inside, slope, 0.0)

    def inverse(z: Tensor, raw: Tensor) -> tuple[Tensor, Tensor]:
        inside = z.abs() < bound
        x, slope = _unrational(z.clamp(-bound, bound), raw, bins, bound)
        return torch.where(inside, x, z), torch.where(inside, slope, 0.0)

    return Univariate(3 * bins - 1, forward, inverse)


class _Knots(NamedTuple):
    """Places (…, K + 1) of the knots on both axes and the derivatives there."""

    x: Tensor
    y: Tensor
    slope: Tensor


class _Bin(NamedTuple):
    """The bin that each number falls into: its corner, sides and derivatives at both ends."""

    x: Tensor
    y: Tensor
    width: Tensor
    height: Tensor
    left: Tensor
    right: Tensor


def _knots(raw: Tensor, bins: int, bound: float) -> _Knots:
    widths, heights, slopes = raw.split([bins, bins, bins - 1], -1)
    unit = math.log(math.expm1(1 - NARROWEST))  # softplus(unit) + NARROWEST = 1
    inner = NARROWEST + softplus(slopes + unit)
    return _Knots(_places(widths, bound), _places(heights, bound), pad(inner, (1, 1), value=1.0))


def _places(raw: Tensor, bound: float) -> Tensor:
    shares = NARROWEST + (1 - NARROWEST * raw.shape[-1]) * raw.softmax(-1)
    inner = 2 * bound * shares.cumsum(-1)[..., :-1] - bound
    # Both ends are set and not summed up to: the spline has to meet the identity there.
    return pad(pad(inner, (1, 0), value=-bound), (0, 1), value=bound)


def _bin(at: Tensor, along: Tensor, knots: _Knots) -> _Bin:
    index = (at.unsqueeze(-1) >= along[..., 1:-1]).sum(-1, keepdim=True)

    def pick(values: Tensor, ahead: int = 0) -> Tensor:
        return values.gather(-1, index + ahead).squeeze(-1)

    x, y = pick(knots.x), pick(knots.y)
    width, height = pick(knots.x, 1) - x, pick(knots.y, 1) - y
    return _Bin(x, y, width, height, pick(knots.slope), pick(knots.slope, 1))


def _log_slope(t: Tensor, b: _Bin) -> Tensor:
    """Return log dy/dx at the share ``t`` in [0, 1] of the bin's width (equation 5)."""
    mean = b.height / b.width
    rest = t * (1 - t)
    above = b.right * t.square() + 2 * mean * rest + b.left * (1 - t).square()
    below = mean + (b.right + b.left - 2 * mean) * rest
    return 2 * mean.log() + above.log() - 2 * below.log()


def _rational(x: Tensor, raw: Tensor, bins: int, bound: float) -> tuple[Tensor, Tensor]:
    knots = _knots(raw, bins, bound)
    b = _bin(x, knots.x, knots)
    mean = b.height / b.width
    t = (x - b.x) / b.width
    rest = t * (1 - t)
    y = b.y + b.height * (mean * t.square() + b.left * rest) / (
        mean + (b.right + b.left - 2 * mean) * rest
    )
    return y, _log_slope(t, b)


def _unrational(y: Tensor, raw: Tensor, bins: int, bound: float) -> tuple[Tensor, Tensor]:
    knots = _knots(raw, bins, bound)
    b = _bin(y, knots.y, knots)
    mean, up = b.height / b.width, y - b.y
    bend = up * (b.right + b.left - 2 * mean)
    # The root of a t² + m t + c = 0 in [0, 1], in the form that does not cancel (equations 6–8).
    a = b.height * (mean - b.left) + bend
    m = b.height * b.left - bend
    c = -mean * up
    # Rounding can take the discriminant below zero; at zero the root's own gradient is infinite.
    root = (m.square() - 4 * a * c).clamp(min=torch.finfo(y.dtype).tiny).sqrt()
    t = (2 * c / (-m - root)).clamp(0, 1)
    return b.x + t * b.width, -_log_slope(t, b)
