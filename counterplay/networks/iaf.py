r"""The inverse autoregressive flow that refines a posterior, in the form with gates.

Notation: z_0 ~ N(m, diag std²); in each step, with (a, s) = net(z, h), each a_i and s_i a function
of the numbers before the i-th and of the context h alone,

    z' = g ∘ z + (1 − g) ∘ a,   g = σ(s),   log ∂z'_i/∂z_i = log g_i.

One pass draws all numbers. Improving Variational Inference with Inverse Autoregressive Flow (Kingma
et al. 2016, arXiv 1606.04934), section 4 and equations 13 and 14.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import elu, logsigmoid

from counterplay.networks.flows.masked import MaskedLinear

__all__ = ["IAF"]

OPEN = 1.5
"""s starts here: a step starts by keeping most of what it is given."""


class IAF(nn.Module):
    """Steps that each see the numbers in the reverse order of the one before.

    Args:
        dim: numbers of z.
        hidden: width of each step's hidden layers.
        steps: how many.
        context: numbers of h.
        depth: hidden layers of each step.
    """

    def __init__(self, dim: int, hidden: int, steps: int, context: int, depth: int = 1) -> None:
        super().__init__()
        orders = [range(dim) if k % 2 == 0 else range(dim - 1, -1, -1) for k in range(steps)]
        self.steps = nn.ModuleList(_Step(list(o), hidden, context, depth) for o in orders)

    def forward(self, z: Tensor, context: Tensor) -> tuple[Tensor, Tensor]:
        """Return z after all steps, and log ∂z_i/∂z_0i of each number, (N, dim) both."""
        total = torch.zeros_like(z)
        for step in self.steps:
            z, slopes = step(z, context)
            total = total + slopes
        return z, total


class _Step(nn.Module):
    """One gated map. Its masked net has direct weights too: no dependency is lost to narrowness."""

    def __init__(self, order: Sequence[int], hidden: int, context: int, depth: int) -> None:
        super().__init__()
        dim, places = len(order), torch.tensor(order) + 1
        degrees = torch.linspace(1, max(dim - 1, 1), hidden).round().long()
        self.first = MaskedLinear(degrees[:, None] >= places)
        self.seen = nn.Linear(context, hidden, bias=False)
        inner = degrees[:, None] >= degrees
        self.inner = nn.ModuleList(MaskedLinear(inner) for _ in range(depth - 1))
        out = places.repeat(2)[:, None]
        self.last = MaskedLinear(out > degrees)
        self.direct = MaskedLinear(out > places, bias=False)
        for layer in (self.last, self.direct):
            nn.init.normal_(layer.weight, std=1e-2)
        self.last.bias.data = torch.cat([torch.zeros(dim), torch.full((dim,), OPEN)])

    def forward(self, z: Tensor, context: Tensor) -> tuple[Tensor, Tensor]:
        h = elu(self.first(z) + self.seen(context))
        for layer in self.inner:
            h = elu(layer(h))
        # In z's own precision, whatever the layers are computed in: slopes are summed up.
        shift, gate = (self.last(h) + self.direct(z)).to(z.dtype).chunk(2, 1)
        kept = gate.sigmoid()
        return kept * z + (1 - kept) * shift, logsigmoid(gate)
