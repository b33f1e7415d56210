r"""Belief nets on binary vectors: every conditional at once, and one after the other.

Notation: x in {0, 1}^D, p(x) = prod_d p(x_d | x_<d), in the order of the columns. A network maps
levels (N, D) to logits (N, D, 2), those of x_d a function of x_<d alone, the logit of 0 being zero.
``generate(n, draw)`` visits the dimensions in turn: ``draw`` maps logits (n, 2) to levels (n,).
What was computed for x_<d is kept, so that the next dimension costs the same whatever was drawn.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import linear, pad

from counterplay.errors import UserError

__all__ = ["FVSBN", "MADE", "NADE", "Draw"]

Draw = Callable[[Tensor], Tensor]
"""Logits (n, levels) of one dimension -> the levels drawn, int64 (n,)."""


def _two(logit: Tensor) -> Tensor:
    return pad(logit.unsqueeze(-1), (1, 0))


class FVSBN(nn.Module):
    """A logistic regression of each dimension on those before it: D (D + 1) / 2 free numbers.

    Does the Wake-Sleep Algorithm Produce Good Density Estimators? (Frey, Hinton, Dayan 1995).

    Args:
        dim: the number D of dimensions.
    """

    levels = 2

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.shape = (dim,)
        self.weight = nn.Parameter(torch.zeros(dim, dim))
        self.bias = nn.Parameter(torch.zeros(dim))

    def forward(self, levels: Tensor) -> Tensor:
        """Return the logits of all conditionals, (N, D) -> (N, D, 2)."""
        # The mask is laid on at every use: what moves the weights cannot bring the rest to life.
        return _two(linear(levels.to(self.weight), self.weight.tril(-1), self.bias))

    def generate(self, n: int, draw: Draw) -> Tensor:
        """Draw ``n`` vectors of levels, int64 (n, D)."""
        sums = self.bias.repeat(n, 1)
        drawn = []
        for d in range(self.shape[0]):
            drawn.append(draw(_two(sums[:, d])))
            sums = torch.addr(sums, drawn[-1].to(sums), self.weight[:, d])
        return torch.stack(drawn, 1)


class NADE(nn.Module):
    """D one-hidden-layer networks that share their first layer, and a running sum along it.

    a_d = c + sum_{j<d} W_j x_j; logit of x_d = b_d + V_d · sigmoid(a_d). The Neural Autoregressive
    Distribution Estimator (Larochelle, Murray 2011). Memory in training is N D hidden numbers.

    Args:
        dim: the number D of dimensions.
        hidden: the width of the hidden layer; any will do, since each d has the layer to itself.
    """

    levels = 2

    def __init__(self, dim: int, hidden: int) -> None:
        super().__init__()
        self.shape = (dim,)
        self.weight = nn.Parameter(torch.randn(dim, hidden) * dim**-0.5)
        self.shift = nn.Parameter(torch.zeros(hidden))
        self.readout = nn.Parameter(torch.randn(dim, hidden) * hidden**-0.5)
        self.bias = nn.Parameter(torch.zeros(dim))

    def forward(self, levels: Tensor) -> Tensor:
        """Return the logits of all conditionals, (N, D) -> (N, D, 2)."""
        steps = levels.to(self.weight).unsqueeze(-1) * self.weight
        sums = self.shift + pad(steps[:, :-1].cumsum(1), (0, 0, 1, 0))
        return _two(self.bias + (sums.sigmoid() * self.readout).sum(-1))

    def generate(self, n: int, draw: Draw) -> Tensor:
        """Draw ``n`` vectors of levels, int64 (n, D)."""
        sums = self.shift.repeat(n, 1)
        drawn = []
        for d in range(self.shape[0]):
            drawn.append(draw(_two(self.bias[d] + sums.sigmoid() @ self.readout[d])))
            sums = torch.addr(sums, drawn[-1].to(sums), self.weight[d])
        return torch.stack(drawn, 1)


class MADE(nn.Module):
    """A masked autoencoder: one pass gives all conditionals.

    Unit i of a hidden layer has a degree m_i in 1 … D - 1 and sees inputs up to the m_i-th; units
    see units of lower or equal degree, output d units of degree below d. The degrees are spread
    evenly and in order, so that every pair j < d is connected as soon as each occurs: with fewer
    than D - 1 units some pairs are lost in silence, hence refused. MADE: Masked Autoencoder for
    Distribution Estimation (Germain et al. 2015, arXiv 1502.03509).

    Args:
        dim: the number D of dimensions.
        hidden: widths of the hidden layers, each at least D - 1 unless ``direct``.
        direct: adds the masked connections from inputs to outputs, which reach every pair.

    Raises:
        UserError: when a layer is too narrow to connect every dimension with all before it.
    """

    levels = 2
    direct: nn.Parameter | None

    def __init__(self, dim: int, hidden: Sequence[int], direct: bool = False) -> None:
        super().__init__()
        if not hidden or (min(hidden) < dim - 1 and not direct):
            raise UserError(
                f"MADE on {dim} dimensions with hidden widths {list(hidden)} loses dependencies; "
                f"use one or more layers of at least {dim - 1} units, or direct=True"
            )
        self.shape = (dim,)
        self.degrees = [torch.arange(1, dim + 1), *(_degrees(dim, width) for width in hidden)]
        self.layers = nn.ModuleList(
            nn.Linear(before, after) for before, after in itertools.pairwise([dim, *hidden, dim])
        )
        self.direct = nn.Parameter(torch.zeros(dim, dim)) if direct else None
        for i, mask in enumerate(self._masks()):
            self.register_buffer(f"mask{i}", mask, persistent=False)

    def _masks(self) -> list[Tensor]:
        inner = [
            (after[:, None] >= before).float() for before, after in itertools.pairwise(self.degrees)
        ]
        return [*inner, (self.degrees[0][:, None] > self.degrees[-1]).float()]

    def _weights(self) -> list[Tensor]:
        return [
            layer.get_parameter("weight") * self.get_buffer(f"mask{i}")
            for i, layer in enumerate(self.layers)
        ]

    def _biases(self) -> list[Tensor]:
        return [layer.get_parameter("bias") for layer in self.layers]

    def forward(self, levels: Tensor) -> Tensor:
        """Return the logits of all conditionals, (N, D) -> (N, D, 2)."""
        x = h = levels.to(self._biases()[0])
        *inner, last = zip(self._weights(), self._biases(), strict=True)
        for weight, bias in inner:
            h = linear(h, weight, bias).relu()
        logits = linear(h, *last)
        return _two(logits if self.direct is None else logits + linear(x, self.direct.tril(-1)))

    def generate(self, n: int, draw: Draw) -> Tensor:
        """Draw ``n`` vectors of levels, int64 (n, D): all dimensions together cost one pass."""
        weights = self._weights()
        biases = self._biases()
        kept = [biases[0].new_zeros(n, len(degrees)) for degrees in self.degrees]
        bounds = [
            torch.searchsorted(m, torch.arange(self.shape[0] + 1)).tolist() for m in self.degrees
        ]
        direct = None if self.direct is None else self.direct.tril(-1)
        drawn = []
        for d in range(self.shape[0]):
            # Of each layer just the units of degree d are new: those below are kept, those
            # above are masked out of what is read here.
            for i, (weight, bias) in enumerate(zip(weights[:-1], biases[:-1], strict=True), 1):
                new = slice(bounds[i][d], bounds[i][d + 1])
                kept[i][:, new] = linear(kept[i - 1], weight[new], bias[new]).relu()
            logit = kept[-1] @ weights[-1][d] + biases[-1][d]
            if direct is not None:
                logit = logit + kept[0] @ direct[d]
            drawn.append(draw(_two(logit)))
            kept[0][:, d] = drawn[-1].to(logit)
        return torch.stack(drawn, 1)


def _degrees(dim: int, width: int) -> Tensor:
    # Of one dimension there is nothing to see: its units get degree 1, which no output reads.
    return 1 + torch.arange(width) * max(dim - 1, 1) // width
