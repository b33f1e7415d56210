r"""Restricted Boltzmann machines: two layers of units, and weights between them alone.

Each layer is a family of units with an energy :math:`e`, statistics :math:`t` and the log of its
normaliser :math:`A(a) = \log \sum_u \exp(a \cdot t(u) - e(u))` under an input :math:`a`:

    p(v, h) = exp(−E(v, h)) / Z,   E(v, h) = e(v) + e(h) − t(v)ᵀ W t(h)
    F(v) = e(v) − A_h(t(v) W),     p(v) = exp(−F(v)) / Z
    Z = Σ_h exp(A_v(t(h) Wᵀ) − e(h)) = Σ_v exp(−F(v))

Bits have e(u) = −b·u, t(u) = u, A(a) = Σ softplus(a + b). Real units of deviation s have
e(v) = ½‖(v − b)/s‖² and t(v) = v/s, so that v given an input a is N(b + s a, s²).
Information processing in dynamical systems: foundations of harmony theory (Smolensky 1986);
Training Products of Experts by Minimizing Contrastive Divergence (Hinton, Neural Computation 2002).

Noise is handed in and never drawn here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from counterplay.errors import UserError
from counterplay.game import Law
from counterplay.laws import Normal

__all__ = ["RBM", "Bits", "Coins", "Reals", "Units", "product", "states"]

CHUNK = 2**12
"""States enumerated at a time: memory stays bounded."""


def product(a: Tensor, weight: Tensor) -> Tensor:
    """Return a W in the type of ``a``; ``weight`` may be coarser, and bits lose nothing by that."""
    return (a.to(weight.dtype) @ weight).to(a.dtype)


@dataclass(frozen=True)
class Coins:
    """The uniform law on [0, 1)^dim, by which bits are drawn.

    u = (k + r) / 2^16 with k independent and uniform on 0 … 2^16 − 1, and one r, uniform on [0, 1),
    for all. So each u is exactly uniform, and whether u < p, u' < p' is independent but where k or
    k' is the one level that p or p' lies on. It takes less than half the time of floats of their
    own, which are a tenth of a round.
    """

    dim: int

    def sample(self, n: int, rng: torch.Generator) -> Tensor:
        """Draw u, shape (n, dim)."""
        words = torch.empty(-(-n * self.dim // 4), dtype=torch.int64)
        words.random_(-(2**63), None, generator=rng)
        rest = float(torch.rand((), generator=rng))
        levels = words.view(torch.int16)[: n * self.dim].float()
        return levels.add_(2**15 + rest).mul_(2.0**-16).view(n, self.dim)


class Units(Protocol):
    """A layer's units; ``countable`` when their states can be enumerated.

    A ``bias`` other than their own may be handed in, as an annealed machine needs.
    """

    bias: nn.Parameter
    noise: Law
    countable: bool

    def energy(self, u: Tensor, bias: Tensor | None = None) -> Tensor:
        """Return e(u) in nats, (N, D) -> (N,)."""
        ...

    def statistics(self, u: Tensor) -> Tensor:
        """Return t(u), (N, D)."""
        ...

    def log_normaliser(self, a: Tensor, bias: Tensor | None = None) -> Tensor:
        """Return A(a) in nats, (N, D) -> (N,)."""
        ...

    def mean(self, a: Tensor, bias: Tensor | None = None) -> Tensor:
        """Return E[u | a], (N, D)."""
        ...

    def draw(self, a: Tensor, noise: Tensor, bias: Tensor | None = None) -> Tensor:
        """Return u given the input a, (N, D); ``noise`` is drawn from the law ``noise``."""
        ...

    def start(self, x: Tensor) -> None:
        """Set the bias to that of independent units with the moments of the rows of ``x``."""
        ...


class Bits(nn.Module):
    """Units in {0, 1}.

    Args:
        width: D, how many.
    """

    countable = True

    def __init__(self, width: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(width))
        self.noise: Law = Coins(width)

    def energy(self, u: Tensor, bias: Tensor | None = None) -> Tensor:
        """Return −b·u, (N,)."""
        return -(u @ (self.bias if bias is None else bias))

    def statistics(self, u: Tensor) -> Tensor:
        """Return the bits themselves."""
        return u

    def log_normaliser(self, a: Tensor, bias: Tensor | None = None) -> Tensor:
        """Return Σ softplus(a + b), which does not overflow where log(1 + exp) does, (N,)."""
        return softplus(a + (self.bias if bias is None else bias)).sum(1)

    def mean(self, a: Tensor, bias: Tensor | None = None) -> Tensor:
        """Return the probabilities of ones, σ(a + b)."""
        return torch.sigmoid_(a + (self.bias if bias is None else bias))

    def draw(self, a: Tensor, noise: Tensor, bias: Tensor | None = None) -> Tensor:
        """Return bits: one where u < σ(a + b), for u uniform on [0, 1)."""
        # In (-1, 1], rounded up: half the time of a comparison and its way back to numbers.
        return (self.mean(a, bias) - noise.to(a)).ceil_()

    @torch.no_grad()
    def start(self, x: Tensor) -> None:
        """Set b to the logits of the base rates, with half a one and half a zero added to each."""
        ones = x.sum(0)
        self.bias.copy_(torch.log(ones + 0.5) - torch.log(len(x) - ones + 0.5))


class Reals(nn.Module):
    """Real units of a known deviation s > 0, the same for all; s = 1 on standardised data.

    Args:
        width: D, how many.
        deviation: s.
    """

    countable = False

    def __init__(self, width: int, deviation: float = 1.0) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(width))
        self.noise: Law = Normal(width)
        self.deviation = deviation

    def energy(self, u: Tensor, bias: Tensor | None = None) -> Tensor:
        """Return ½‖(u − b)/s‖², (N,)."""
        b = self.bias if bias is None else bias
        return 0.5 * ((u - b) / self.deviation).square().sum(1)

    def statistics(self, u: Tensor) -> Tensor:
        """Return u / s."""
        return u / self.deviation

    def log_normaliser(self, a: Tensor, bias: Tensor | None = None) -> Tensor:
        """Return log ∫ exp(a·u/s − e(u)) du = Σ a b/s + ½a² + log(s √(2π)), (N,)."""
        b = self.bias if bias is None else bias
        constant = a.shape[1] * math.log(self.deviation * math.sqrt(2 * math.pi))
        return (a * (b / self.deviation) + 0.5 * a.square()).sum(1) + constant

    def mean(self, a: Tensor, bias: Tensor | None = None) -> Tensor:
        """Return b + s a."""
        return (self.bias if bias is None else bias) + self.deviation * a

    def draw(self, a: Tensor, noise: Tensor, bias: Tensor | None = None) -> Tensor:
        """Return b + s a + s ε for ε standard normal."""
        return self.mean(a, bias) + self.deviation * noise.to(a)

    @torch.no_grad()
    def start(self, x: Tensor) -> None:
        """Set b to the mean of the rows."""
        self.bias.copy_(x.mean(0))


class RBM(nn.Module):
    """A restricted Boltzmann machine of D visible units and H hidden bits.

    Args:
        visible: D.
        hidden: H.
        units: D -> the visible units: :class:`Bits` or :class:`Reals`.
        scale: standard deviation of the initial weights; 0.01 as in A Practical Guide to Training
            Restricted Boltzmann Machines (Hinton 2010, UTML TR 2010-003), section 8.
    """

    def __init__(
        self,
        visible: int,
        hidden: int,
        units: Callable[[int], Units] = Bits,
        scale: float = 0.01,
    ) -> None:
        super().__init__()
        self.visible = units(visible)
        self.hidden = Bits(hidden)
        self.weight = nn.Parameter(scale * torch.randn(visible, hidden))

    @property
    def shape(self) -> tuple[int, int]:
        """(D, H)."""
        return self.weight.shape[0], self.weight.shape[1]

    def free_energy(self, v: Tensor) -> Tensor:
        """Return F(v) = −log Σ_h exp(−E(v, h)) in nats, (N, D) -> (N,)."""
        return self.free_energy_at(v, self.up(v))

    def free_energy_at(self, v: Tensor, a: Tensor) -> Tensor:
        """Return F(v) where the hidden units' input ``a`` is known already."""
        return self.visible.energy(v) - self.hidden.log_normaliser(a)

    def forward(self, v: Tensor) -> Tensor:
        """Return F(v)."""
        return self.free_energy(v)

    def up(self, v: Tensor, weight: Tensor | None = None) -> Tensor:
        """Return the hidden units' input, (N, D) -> (N, H).

        ``weight`` stands for W in coarser numbers, in which products are faster.
        """
        return product(self.visible.statistics(v), self.weight if weight is None else weight)

    def down(self, h: Tensor, weight: Tensor | None = None) -> Tensor:
        """Return the visible units' input, (N, H) -> (N, D)."""
        return product(h, (self.weight if weight is None else weight).T)

    def hidden_free_energy(self, h: Tensor) -> Tensor:
        """Return −log Σ_v exp(−E(v, h)) in nats, (N, H) -> (N,)."""
        return self.hidden.energy(h) - self.visible.log_normaliser(self.down(h))

    def gibbs(
        self, h: Tensor, noise: Callable[[Law], Tensor], weight: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return (v, h'): v from p(v | h), then h' from p(h | v).

        Args:
            h: (N, H) bits.
            noise: a layer's law of noise -> N draws from it; asked once a layer.
            weight: W in coarser numbers, or ``None``.
        """
        v = self.visible.draw(self.down(h, weight), noise(self.visible.noise))
        return v, self.hidden.draw(self.up(v, weight), noise(self.hidden.noise))

    def log_partition(self, largest: int = 20) -> Tensor:
        """Return the exact log Z, a scalar in nats, by enumeration of the smaller layer of bits.

        It is differentiable: −F(v) − log Z is the exact log-likelihood, and its gradient exact.

        Raises:
            UserError: when no layer of bits has ``largest`` units or fewer.
        """
        energy, width = self._enumerable(largest)
        like = self.weight
        sums = [torch.logsumexp(-energy(part), 0) for part in states(width, like)]
        return torch.logsumexp(torch.stack(sums), 0)

    def enumerable(self, largest: int = 20) -> bool:
        """Return whether :meth:`log_partition` can be computed."""
        return self._smaller()[1] <= largest

    @torch.no_grad()
    def draw(self, n: int, rng: torch.Generator, largest: int = 20) -> Tensor:
        """Return ``n`` independent visible states drawn exactly, by enumeration of the hidden ones.

        Raises:
            UserError: when there are more than ``largest`` hidden units.
        """
        width = self.shape[1]
        if width > largest:
            raise UserError(
                f"exact samples enumerate 2^{width} hidden states; at most {largest} hidden units "
                "can be, so draw by Gibbs sampling"
            )
        parts = [self.hidden_free_energy(part) for part in states(width, self.weight)]
        share = torch.softmax(-torch.cat(parts).double(), 0).cumsum(0).cpu()
        # By inversion: multinomial takes at most 2^24 categories, and rounds the small ones.
        u = torch.rand(n, generator=rng, dtype=torch.float64) * share[-1]
        index = torch.searchsorted(share, u, right=True).clamp(max=len(share) - 1)
        h = _bits(index.to(self.weight.device), width).to(self.weight.dtype)
        return self.visible.draw(self.down(h), self.visible.noise.sample(n, rng).to(h.device))

    def _smaller(self) -> tuple[Callable[[Tensor], Tensor], int]:
        d, h = self.shape
        return (
            (self.free_energy, d)
            if self.visible.countable and d < h
            else (self.hidden_free_energy, h)
        )

    def _enumerable(self, largest: int) -> tuple[Callable[[Tensor], Tensor], int]:
        energy, width = self._smaller()
        if width > largest:
            raise UserError(
                f"log Z of a machine of {self.shape[0]} by {self.shape[1]} units would take "
                f"2^{width} states; at most {largest} units are enumerated, so estimate it by "
                "annealed importance sampling"
            )
        return energy, width


def states(width: int, like: Tensor) -> Iterator[Tensor]:
    """Yield all 2^width rows of bits, a chunk at a time, in the type and place of ``like``.

    >>> [part.tolist() for part in states(2, torch.zeros(()))]
    [[[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]]
    """
    for part in torch.arange(2**width, device=like.device).split(CHUNK):
        yield _bits(part, width).to(like.dtype)


def _bits(index: Tensor, width: int) -> Tensor:
    return (index[:, None] >> torch.arange(width, device=index.device)) & 1
