r"""Deep Boltzmann machines of two hidden layers, as the restricted machines that they are.

    p(v, h, g) = exp(−E(v, h, g)) / Z,   E = −b·v − c·h − d·g − vᵀ W h − gᵀ U h

Units of v and of g do not see each other: beside h they are one layer (v, g), and the machine is a
restricted one of (D + G) by H units. Its Gibbs steps, free energy F(v, g), log Z by enumeration and
annealing are those of :class:`counterplay.networks.boltzmann.RBM`. What is new is that g is hidden:
given v a *mean field* q(h, g) = Π μ^h (1 − μ)^(1 − h) Π ν^g (1 − ν)^(1 − g) bounds

    log p(v) ≥ B(v) − log Z,   B(v) = −E(v, μ, ν) + H(μ) + H(ν),

and each pass μ ← σ(c + W'v + U'ν), ν ← σ(d + U μ) raises B.
Deep Boltzmann Machines (Salakhutdinov, Hinton, AISTATS 2009).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from counterplay.networks.boltzmann import RBM, product

__all__ = ["DBM"]


class DBM(nn.Module):
    """Bits in three layers.

    Args:
        visible: D.
        hidden: H, the layer in the middle.
        top: G.
        scale: standard deviation of the initial weights.
    """

    def __init__(self, visible: int, hidden: int, top: int, scale: float = 0.01) -> None:
        super().__init__()
        self.rbm = RBM(visible + top, hidden, scale=scale)
        self.dims = visible

    @torch.no_grad()
    def start(self, v: Tensor) -> None:
        """Set the visible biases to those of independent bits with the base rates of ``v``."""
        units, d = self.rbm.visible, self.rbm.visible.bias[self.dims :].clone()
        units.start(torch.cat([v, torch.zeros(len(v), len(d)).to(v)], 1))
        units.bias[self.dims :] = d

    @torch.no_grad()
    def mean_field(
        self, v: Tensor, passes: int, weight: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return (ν, μ), the top's and the middle's probabilities given ``v``, (N, G) and (N, H).

        Args:
            v: (N, D) bits.
            passes: over both layers, from ν = σ(d).
            weight: the joint W in coarser numbers, or ``None``.
        """
        w = self.rbm.weight.detach() if weight is None else weight.detach()
        seen, above = w[: self.dims], w[self.dims :]
        d, c = self.rbm.visible.bias[self.dims :], self.rbm.hidden.bias
        given, nu = product(v, seen) + c, torch.sigmoid(d).expand(len(v), -1)
        mu = torch.sigmoid(given + product(nu, above))
        for _ in range(passes):
            nu = torch.sigmoid(d + product(mu, above.T))
            mu = torch.sigmoid(given + product(nu, above))
        return nu, mu

    def energy(self, u: Tensor, mu: Tensor, weight: Tensor | None = None) -> Tensor:
        """Return E(v, μ, ν) of u = (v, ν) in nats, (N, D + G) and (N, H) -> (N,)."""
        rbm = self.rbm
        both = (rbm.up(u, weight) * mu).sum(1)
        return rbm.visible.energy(u) + rbm.hidden.energy(mu) - both

    def bound(self, v: Tensor, passes: int = 50) -> Tensor:
        """Return B(v), which is log Z too high to be a bound of log p(v), (N,)."""
        nu, mu = self.mean_field(v, passes)
        entropies = _entropy(nu) + _entropy(mu)
        return entropies - self.energy(torch.cat([v, nu], 1), mu)


def _entropy(p: Tensor) -> Tensor:
    """Return the entropy of independent bits in nats, (N, D) -> (N,)."""
    return -(torch.xlogy(p, p) + torch.xlogy(1 - p, 1 - p)).sum(1)
