r"""Annealed importance sampling: the log of a partition function that nobody can sum.

Notation: unnormalised laws f_β lead from f_0, whose Z_0 is known and which can be drawn from, to
f_1, whose Z = Z_1 is sought; 0 = β_0 < … < β_K = 1; T_β is a move that leaves f_β as it is and is
reversible. With v_1 ~ f_0 and v_{k+1} ~ T_{β_k}(v_k),

    log w = Σ_k log f_{β_k}(v_k) − log f_{β_{k−1}}(v_k),   E[w] = Z / Z_0,

so that E[log w] ≤ log Z/Z_0: forward runs bound log Z from below. Played backwards from v_K ~ f_1,
the same sum has E[1/w] = Z_0 / Z, and bounds log Z from above. Together they bracket it.
Annealed Importance Sampling (Neal 2001, arXiv physics/9803008); On the Quantitative Analysis of
Deep Belief Networks (Salakhutdinov, Murray, ICML 2008), whose initial law has the data's base
rates; Sandwiching the marginal likelihood using bidirectional Monte Carlo (Grosse et al. 2015,
arXiv 1511.02543).

A likelihood with a log Z that is too low looks better than it is: print the reverse bound with it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.game import Law
from counterplay.networks.boltzmann import RBM

__all__ = ["Annealed", "Bracket", "Path", "backward", "betas", "bracket", "forward", "rbm_path"]

Z95 = 1.959963984540054
"""The normal quantile of a two-sided interval at 95 %."""


@dataclass(frozen=True)
class Path:
    """The laws f_β between an easy one and the one that is sought, as data.

    Attributes:
        log_start: log Z_0 in nats, a scalar.
        start: (n, rng) -> n independent draws from f_0, (n, D).
        gain: (v, β, β') -> log f_β'(v) − log f_β(v), (n,).
        move: (v, β, rng) -> v after a reversible move that leaves f_β as it is.
    """

    log_start: Tensor
    start: Callable[[int, torch.Generator], Tensor]
    gain: Callable[[Tensor, float, float], Tensor]
    move: Callable[[Tensor, float, torch.Generator], Tensor]


@dataclass(frozen=True)
class Annealed:
    """What a number of chains say of log Z.

    Attributes:
        log_weights: log w of each chain, float64 (n,), as they were met: forward chains have
            E[w] = Z / Z_0, backward ones E[1/w] = Z_0 / Z.
        log_start: log Z_0 in nats.
        sign: 1 of forward chains, −1 of backward ones.
        steps: K.
    """

    log_weights: Tensor
    log_start: float
    sign: int
    steps: int

    @property
    def value(self) -> float:
        """The estimate of log Z in nats: a lower bound on average if forward, else an upper one."""
        signed = self.sign * self.log_weights
        mean = torch.logsumexp(signed, 0) - math.log(len(signed))
        return self.log_start + self.sign * float(mean)

    @property
    def error(self) -> float:
        """The relative standard error of the mean weight: that of ``value``, where it is small.

        Chains that all missed the same mass agree with each other: see the other direction too.
        """
        weights = self._weights()
        return float(weights.std() / weights.mean()) / math.sqrt(len(weights))

    @property
    def interval(self) -> tuple[float, float]:
        """The normal interval of ``value`` at 95 %."""
        return self.value - Z95 * self.error, self.value + Z95 * self.error

    @property
    def bound(self) -> tuple[float, float]:
        """The normal interval at 95 % of log Z_0 + E[log w].

        That is below log Z if forward, above it if backward, and unlike ``value`` of a mean whose
        terms have ordinary tails.
        """
        mean = self.log_start + float(self.log_weights.mean())
        half = Z95 * float(self.log_weights.std()) / math.sqrt(len(self.log_weights))
        return mean - half, mean + half

    @property
    def effective(self) -> float:
        """The effective number of chains (Σ w)² / Σ w², from 1 to n."""
        weights = self._weights()
        return float(weights.sum().square() / weights.square().sum())

    @property
    def budget(self) -> dict[str, int]:
        """What it was computed with, for an account of likelihood."""
        chains, effective = len(self.log_weights), round(self.effective)
        return {"chains": chains, "steps": self.steps, "effective_chains": effective}

    def _weights(self) -> Tensor:
        signed = self.sign * self.log_weights
        return (signed - signed.max()).exp()


@dataclass(frozen=True)
class Bracket:
    """log Z from below and from above, by as many steps.

    Attributes:
        below: forward chains.
        above: backward chains.
    """

    below: Annealed
    above: Annealed

    @property
    def width(self) -> float:
        """What is left between the two estimates, in nats: chains that agree leave little."""
        return self.above.value - self.below.value

    def __str__(self) -> str:
        low, high = self.below, self.above
        return (
            f"log Z {low.value:.2f} to {high.value:.2f} by {low.steps} steps, effective chains "
            f"{low.effective:.1f} and {high.effective:.1f} of {len(low.log_weights)}"
        )


def betas(steps: int) -> list[float]:
    """Return β_0 = 0, …, β_K = 1, evenly spaced.

    >>> betas(4)
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    if steps < 1:
        raise UserError(f"annealing takes 1 step or more, got {steps}")
    return [k / steps for k in range(steps + 1)]


@torch.no_grad()
def forward(path: Path, n: int, levels: Sequence[float], rng: torch.Generator) -> Annealed:
    """Return the weights of ``n`` chains from f_0 to f_1: log Z from below.

    Args:
        path: the laws.
        n: chains, 2 or more.
        levels: β_0 = 0 … β_K = 1, rising; see :func:`betas`.
        rng: draws all that is drawn.
    """
    _refuse_one(n)
    v = path.start(n, rng)
    total = path.gain(v, levels[0], levels[1]).double()
    for low, high in itertools.pairwise(levels[1:]):
        v = path.move(v, low, rng)
        total += path.gain(v, low, high)
    return Annealed(total, float(path.log_start), 1, len(levels) - 1)


@torch.no_grad()
def backward(path: Path, v: Tensor, levels: Sequence[float], rng: torch.Generator) -> Annealed:
    """Return the weights of chains from f_1 back to f_0: log Z from above.

    Args:
        path: the laws.
        v: where the chains start, (n, D) with n of 2 or more: independent draws from f_1. Where
            they are only nearly so, from long Markov chains, the bound is only nearly one.
        levels: as for :func:`forward`.
        rng: draws all that is drawn.
    """
    _refuse_one(len(v))
    down = list(reversed(levels))
    total = path.gain(v, down[1], down[0]).double()
    for high, low in itertools.pairwise(down[1:]):
        v = path.move(v, high, rng)
        total += path.gain(v, low, high)
    return Annealed(total, float(path.log_start), -1, len(levels) - 1)


def _refuse_one(n: int) -> None:
    """Refuse a single chain, whose weight says nothing of how far weights lie apart."""
    if n < 2:
        raise UserError(f"annealing takes 2 chains or more, got {n}")


def bracket(
    path: Path, ends: Tensor, steps: Sequence[int], rng: torch.Generator
) -> tuple[Bracket, ...]:
    """Return both directions for each number of ``steps``: what has converged stays where it is.

    Args:
        path: the laws.
        ends: draws from f_1, (n, D), where backward chains start; as many forward ones are run.
        steps: K of each.
        rng: draws all that is drawn.
    """

    def both(levels: list[float]) -> Bracket:
        below = forward(path, len(ends), levels, rng)
        return Bracket(below, backward(path, ends, levels, rng))

    return tuple(both(betas(k)) for k in steps)


def rbm_path(rbm: RBM, base: Tensor) -> Path:
    """Return the path from independent visible units to a restricted Boltzmann machine.

    f_β is the machine with visible biases (1 − β) base + β b, hidden biases β c and weights β W,
    its hidden units summed out. At β = 0 these are worth 2^H.

    Args:
        rbm: the machine sought.
        base: biases of the visible units at β = 0, (D,): the data's logits (bits) or means (real
            units). From zeros instead, estimates on trained machines are wrong by many nats while
            their errors look small.
    """
    visible, hidden = rbm.visible, rbm.hidden
    base = base.detach().to(rbm.weight)
    none = base.new_zeros(1, len(base))

    def bias(beta: float) -> Tensor:
        return torch.lerp(base, visible.bias.detach(), beta)

    def gain(v: Tensor, low: float, high: float) -> Tensor:
        a = rbm.up(v) + hidden.bias
        rise = _softplus_sum(high * a) - _softplus_sum(low * a)
        return visible.energy(v, bias(low)) - visible.energy(v, bias(high)) + rise

    def draw(law: Law, n: int, rng: torch.Generator) -> Tensor:
        return law.sample(n, rng).to(base.device)

    def move(v: Tensor, beta: float, rng: torch.Generator) -> Tensor:
        h = hidden.draw(beta * rbm.up(v), draw(hidden.noise, len(v), rng), beta * hidden.bias)
        return visible.draw(beta * rbm.down(h), draw(visible.noise, len(v), rng), bias(beta))

    return Path(
        visible.log_normaliser(none, base)[0].detach() + rbm.shape[1] * math.log(2),
        lambda n, rng: visible.draw(none.expand(n, -1), draw(visible.noise, n, rng), base),
        gain,
        move,
    )


def _softplus_sum(a: Tensor) -> Tensor:
    return torch.nn.functional.softplus(a).sum(1)
