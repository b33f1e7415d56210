r"""Belief nets on binary vectors: every conditional at once, and one after the other.

Notation: x in {0, 1}^D, p(x) = prod_d p(x_d | x_<d), in the order of the columns. A network maps
levels (N, D) to logits (N, D, 2), those of x_d a function of x_<d alone, the logit of 0 being zero.
``generate(n, draw)`` visits the dimensions in turn: ``draw`` maps logits (n, 2) to levels (n,).
What was computed for x_<d is kept, so that the next dimension costs the same whatever was drawn.

With ``classes`` both take int64 (N,) more, and each class has biases of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import linear, pad

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.networks.dropout import Dropout

__all__ = ["FVSBN", "MADE", "NADE", "Draw", "Flat", "Ordering"]

Draw = Callable[[Tensor], Tensor]
"""Logits (n, levels) of one dimension -> the levels drawn, int64 (n,)."""


def _two(logit: Tensor) -> Tensor:
    return pad(logit.unsqueeze(-1), (1, 0))


class Shift(nn.Module):
    """What a class adds to biases: nothing at first, and nothing where there are no classes.

    Args:
        classes: how many, or 0.
        dim: biases.
    """

    def __init__(self, classes: int, dim: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(classes, dim)) if classes else None

    def forward(self, bias: Tensor, *classes: Tensor) -> Tensor:
        """Return ``bias`` (dim,), or (N, dim) with the shift of each class, int64 (N,)."""
        return bias if self.weight is None else bias + self.weight[classes[0]]


class FVSBN(nn.Module):
    """A logistic regression of each dimension on those before it: D (D + 1) / 2 free numbers.

    Does the Wake-Sleep Algorithm Produce Good Density Estimators? (Frey, Hinton, Dayan 1995).

    Args:
        dim: the number D of dimensions.
        classes: how many classes are shown.
    """

    levels = 2

    def __init__(self, dim: int, classes: int = 0) -> None:
        super().__init__()
        self.shape = (dim,)
        self.weight = nn.Parameter(torch.zeros(dim, dim))
        self.bias = nn.Parameter(torch.zeros(dim))
        self.shown = Shift(classes, dim)

    def forward(self, levels: Tensor, *classes: Tensor) -> Tensor:
        """Return the logits of all conditionals, (N, D) -> (N, D, 2)."""
        # The mask is laid on at every use: what moves the weights cannot bring the rest to life.
        seen = linear(levels.to(self.weight), self.weight.tril(-1))
        return _two(seen + self.shown(self.bias, *classes))

    def generate(self, n: int, draw: Draw, *classes: Tensor) -> Tensor:
        """Draw ``n`` vectors of levels, int64 (n, D)."""
        sums = self.shown(self.bias, *classes).expand(n, -1)
        columns = self.weight.T.contiguous()
        drawn = []
        for d in range(self.shape[0]):
            drawn.append(draw(_two(sums[:, d])))
            sums = torch.addr(sums, drawn[-1].to(sums), columns[d])
        return torch.stack(drawn, 1)


class NADE(nn.Module):
    """D one-hidden-layer networks that share their first layer, and a running sum along it.

    a_d = c + sum_{j<d} W_j x_j; logit of x_d = b_d + V_d · sigmoid(a_d). The Neural Autoregressive
    Distribution Estimator (Larochelle, Murray 2011). Memory in training is N D hidden numbers.

    Args:
        dim: the number D of dimensions.
        hidden: the width of the hidden layer; any will do, since each d has the layer to itself.
        classes: how many classes are shown.
    """

    levels = 2

    def __init__(self, dim: int, hidden: int, classes: int = 0) -> None:
        super().__init__()
        self.shape = (dim,)
        self.weight = nn.Parameter(torch.randn(dim, hidden) * dim**-0.5)
        self.shift = nn.Parameter(torch.zeros(hidden))
        self.readout = nn.Parameter(torch.randn(dim, hidden) * hidden**-0.5)
        self.bias = nn.Parameter(torch.zeros(dim))
        self.shown_hidden, self.shown = Shift(classes, hidden), Shift(classes, dim)

    def forward(self, levels: Tensor, *classes: Tensor) -> Tensor:
        """Return the logits of all conditionals, (N, D) -> (N, D, 2)."""
        # Dimensions come first: the running sum then adds whole blocks, a third faster.
        steps = levels.T.to(self.weight).unsqueeze(-1) * self.weight.unsqueeze(1)
        begin = self.shown_hidden(self.shift, *classes).expand(1, len(levels), -1)
        sums = torch.cat([begin, steps[:-1]]).cumsum(0)
        seen = torch.bmm(sums.sigmoid(), self.readout.unsqueeze(-1)).squeeze(-1).T
        return _two(seen + self.shown(self.bias, *classes))

    def generate(self, n: int, draw: Draw, *classes: Tensor) -> Tensor:
        """Draw ``n`` vectors of levels, int64 (n, D)."""
        sums = self.shown_hidden(self.shift, *classes).expand(n, -1)
        bias = self.shown(self.bias, *classes).expand(n, -1)
        drawn = []
        for d in range(self.shape[0]):
            drawn.append(draw(_two(bias[:, d] + sums.sigmoid() @ self.readout[d])))
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
        classes: how many classes are shown.
        orders: seeds of orders in which the dimensions come, which share all weights, see
            :meth:`orderings`; without any they come as the columns do.
        dropout: share of the hidden units that a round leaves out.

    Raises:
        UserError: when a layer is too narrow to connect every dimension with all before it.
    """

    levels = 2
    direct: nn.Parameter | None

    def __init__(
        self,
        dim: int,
        hidden: Sequence[int],
        direct: bool = False,
        classes: int = 0,
        orders: Sequence[int] = (),
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if not hidden or (min(hidden) < dim - 1 and not direct):
            raise UserError(
                f"MADE on {dim} dimensions with hidden widths {list(hidden)} loses dependencies; "
                f"use one or more layers of at least {dim - 1} units, or direct=True"
            )
        self.shape = (dim,)
        self.layers = nn.ModuleList(
            nn.Linear(before, after) for before, after in itertools.pairwise([dim, *hidden, dim])
        )
        self.direct = nn.Parameter(torch.zeros(dim, dim)) if direct else None
        self.shown_hidden, self.shown = Shift(classes, hidden[0]), Shift(classes, dim)
        self.hidden = [_degrees(dim, width) for width in hidden]
        self.dropped = nn.ModuleList(Dropout(dropout) for _ in hidden)
        # Position 1 … D of each dimension, (R, D).
        self.places = torch.stack([_places(dim, seed) for seed in orders or (None,)])

    def orderings(self) -> list[Ordering]:
        """Return a view of the network for each order, a model of x by itself."""
        return [Ordering(self, index) for index in range(len(self.places))]

    def forward(self, levels: Tensor, *classes: Tensor, order: int = 0) -> Tensor:
        """Return the logits of all conditionals, (N, D) -> (N, D, 2)."""
        place = self.places[order]
        first, *inner, last = self._weights(place)
        x = levels.to(first)
        h = (linear(x, first) + self.shown_hidden(self._bias(0), *classes)).relu()
        h = self.dropped[0](h)
        for i, weight in enumerate(inner, 1):
            h = self.dropped[i](linear(h, weight, self._bias(i)).relu())
        seen = (
            linear(h, last) if self.direct is None else linear(h, last) + self._straight(x, place)
        )
        return _two(seen + self.shown(self._bias(-1), *classes))

    def generate(self, n: int, draw: Draw, *classes: Tensor, order: int = 0) -> Tensor:
        """Draw ``n`` vectors of levels, int64 (n, D): all dimensions together cost one pass."""
        place = self.places[order]
        visits = place.argsort()
        first, *inner, last = self._weights(place)
        direct = None if self.direct is None else self.direct[visits][:, visits].tril(-1)
        weights = [first[:, visits], *inner, last[visits]]
        biases = [self._bias(i).expand(n, -1) for i in range(len(self.layers) - 1)]
        biases[0] = self.shown_hidden(self._bias(0), *classes).expand(n, -1)
        out = self.shown(self._bias(-1), *classes)[..., visits].expand(n, -1)
        kept = [first.new_zeros(n, self.shape[0]), *(torch.zeros_like(b) for b in biases)]
        ends = torch.arange(self.shape[0] + 1)
        bounds = [torch.searchsorted(m, ends).tolist() for m in self.hidden]
        drawn = []
        for d in range(self.shape[0]):
            # Of each layer just the units of degree d are new: those below are kept, those
            # above are masked out of what is read here.
            for i, bound in enumerate(bounds):
                new = slice(bound[d], bound[d + 1])
                if new.stop > new.start:
                    kept[i + 1][:, new] = torch.addmm(
                        biases[i][:, new], kept[i], weights[i][new].T
                    ).relu_()
            logit = torch.addmv(out[:, d], kept[-1], weights[-1][d])
            if direct is not None:
                logit = torch.addmv(logit, kept[0], direct[d])
            drawn.append(draw(_two(logit)))
            kept[0][:, d] = drawn[-1]
        return torch.stack(drawn, 1)[:, place - 1]

    def _masks(self, place: Tensor) -> list[Tensor]:
        inner = [after[:, None] >= before for before, after in itertools.pairwise(self.hidden)]
        return [self.hidden[0][:, None] >= place, *inner, place[:, None] > self.hidden[-1]]

    def _weights(self, place: Tensor) -> list[Tensor]:
        # Laid on at every use: what moves the weights cannot bring the rest to life.
        return [
            layer.get_parameter("weight") * mask.to(self._bias(0))
            for layer, mask in zip(self.layers, self._masks(place), strict=True)
        ]

    def _straight(self, x: Tensor, place: Tensor) -> Tensor:
        assert self.direct is not None
        return linear(x, self.direct * (place[:, None] > place).to(x))

    def _bias(self, layer: int) -> Tensor:
        return self.layers[layer].get_parameter("bias")


@dataclass(frozen=True)
class Ordering:
    """A MADE whose dimensions come in one of its orders.

    Attributes:
        network: the weights, which its orders share.
        index: which order.
    """

    network: MADE
    index: int

    @property
    def shape(self) -> tuple[int, ...]:
        """Of an example."""
        return self.network.shape

    @property
    def levels(self) -> int:
        """The number of levels."""
        return self.network.levels

    def __call__(self, levels: Tensor, *classes: Tensor) -> Tensor:
        """Return the logits of all conditionals."""
        return self.network(levels, *classes, order=self.index)

    def generate(self, n: int, draw: Draw, *classes: Tensor) -> Tensor:
        """Draw ``n`` vectors of levels, in this order."""
        return self.network.generate(n, draw, *classes, order=self.index)


class Flat(nn.Module):
    """A belief net on pictures, row after row.

    Args:
        network: on vectors of as many dimensions as a picture has numbers.
        shape: (C, H, W).
    """

    levels = 2

    def __init__(self, network: FVSBN | NADE | MADE, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.network = network
        self.shape = shape

    def forward(self, levels: Tensor, *classes: Tensor) -> Tensor:
        """Return the logits of all conditionals, (N, C, H, W) -> (N, C, H, W, 2)."""
        return self.network(levels.flatten(1), *classes).unflatten(1, self.shape)

    def generate(self, n: int, draw: Draw, *classes: Tensor) -> Tensor:
        """Draw ``n`` pictures of levels, int64 (n, C, H, W)."""
        return self.network.generate(n, draw, *classes).unflatten(1, self.shape)


def _degrees(dim: int, width: int) -> Tensor:
    # Of one dimension there is nothing to see: its units get degree 1, which no output reads.
    return 1 + torch.arange(width) * max(dim - 1, 1) // width


def _places(dim: int, seed: int | None) -> Tensor:
    """Return the positions 1 … D of the dimensions in the order of a seed, or as they are."""
    if seed is None:
        return torch.arange(1, dim + 1)
    return 1 + torch.randperm(dim, generator=generator(seed, "order"))
