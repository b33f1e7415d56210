r"""Autoregressive transforms: z_d = map(x_d; net(x_1 … x_{d−1})).

The net gives all parameters in one pass, by masks on its weights: MADE: Masked Autoencoder for
Distribution Estimation (Germain et al. 2015, arXiv 1502.03509). Each input has a degree, its place
1 … D in the order, each hidden unit one of 1 … D − 1; a hidden unit sees what is of its degree or
below, an output what is strictly below.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import linear, relu

from counterplay.networks.flows.base import Transform, per_example
from counterplay.networks.flows.univariate import Univariate, affine

__all__ = ["Autoregressive", "MaskedNet"]


class MaskedLinear(nn.Linear):
    """A linear layer whose weight is masked at each use, whatever an optimiser does to it."""

    mask: Tensor

    def __init__(self, mask: Tensor, bias: bool = True) -> None:
        super().__init__(mask.shape[1], mask.shape[0], bias)
        self.register_buffer("mask", mask)

    def masked(self) -> Tensor:
        """Return W ∘ mask."""
        return self.weight * self.mask

    def forward(self, x: Tensor) -> Tensor:
        """Return (W ∘ mask) x + b."""
        return linear(x, self.masked(), self.bias)


class MaskedNet(nn.Module):
    """Parameters of each number from those before it: (N, D), context (N, K) -> (N, D · width).

    Hidden degrees are spread evenly, and masked weights lead from the inputs straight to the
    outputs: every one of the D (D − 1) / 2 dependencies exists, also where a hidden layer is
    narrower than D. It ends in zeros.

    Args:
        order: the place 0 … D − 1 of each input.
        hidden: widths of the hidden layers, at least one.
        width: parameters for each number.
        context: K, which every number may depend on; 0 for none.
    """

    def __init__(
        self, order: Sequence[int], hidden: Sequence[int], width: int, context: int = 0
    ) -> None:
        super().__init__()
        places = torch.tensor(order) + 1
        degrees = [places, *(_spread(units, len(order)) for units in hidden)]
        self.degrees = degrees[1:]
        self.visits = places.argsort()
        self.width = width
        self.layers = nn.ModuleList(
            MaskedLinear(above[:, None] >= below[None])
            for below, above in itertools.pairwise(degrees)
        )
        out = places.repeat_interleave(width)[:, None]
        self.last = MaskedLinear(out > degrees[-1][None])
        self.direct = MaskedLinear(out > places[None], bias=False)
        self.told = nn.ModuleList(
            nn.Linear(context, units, bias=False) for units in (hidden[0], len(out)) if context
        )
        for layer in (self.last, self.direct, *self.told[1:]):
            for parameter in layer.parameters():
                nn.init.zeros_(parameter)

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        """Return the parameters, those of one number beside each other."""
        first, direct = (layer(context) for layer in self.told) if self.told else (0.0, 0.0)
        h = relu(self.layers[0](x) + first)
        for layer in self.layers[1:]:
            h = relu(layer(h))
        return self.last(h) + self.direct(x) + direct


class _Replay:
    """The net while the numbers become known one after the other, in the order of their places.

    Hidden degrees rise from unit to unit: what is final is the first part of every layer. At each
    place just the units of its degree are new, so that all places together cost one pass.

    Args:
        net: the net.
        known: (N, 0), of the device and kind of the numbers.
        context: (N, K) or ``None``.
    """

    def __init__(self, net: MaskedNet, known: Tensor, context: Tensor | None) -> None:
        dim = len(net.visits)
        layers = [layer for layer in net.layers if isinstance(layer, MaskedLinear)]
        first, *inner = [layer.masked() for layer in layers]
        self.weights = [first[:, net.visits], *inner]
        self.biases = [layer.bias for layer in layers]
        self.last = net.last.masked().view(dim, net.width, -1)[net.visits]
        self.bias = net.last.bias.view(dim, net.width)[net.visits]
        self.direct = net.direct.masked().view(dim, net.width, dim)[net.visits][:, :, net.visits]
        told: list[Tensor] = [layer(context) for layer in net.told]
        self.begin = told[0] if told else None
        self.more = told[1].unflatten(1, (dim, net.width))[:, net.visits] if told else None
        ends = torch.arange(dim + 1)
        self.bounds = [torch.searchsorted(degrees, ends).tolist() for degrees in net.degrees]
        self.known = [known] * (1 + len(net.degrees))

    def parameters(self, place: int) -> Tensor:
        """Return the parameters of the number at ``place``, (N, width), all before it known."""
        for i, bound in enumerate(self.bounds):
            new = slice(bound[place], bound[place + 1])
            if new.stop > new.start:
                self.known[i + 1] = torch.cat([self.known[i + 1], self._units(i, new)], 1)
        x, h = self.known[0], self.known[-1]
        out = linear(h, self.last[place, :, : h.shape[1]], self.bias[place])
        out = out + linear(x, self.direct[place, :, :place])
        return out if self.more is None else out + self.more[:, place]

    def _units(self, layer: int, new: slice) -> Tensor:
        below = self.known[layer]
        a = linear(below, self.weights[layer][new, : below.shape[1]], self.biases[layer][new])
        return relu(a if layer or self.begin is None else a + self.begin[:, new])

    def take(self, value: Tensor) -> None:
        """Learn the next number, (N, 1)."""
        self.known[0] = torch.cat([self.known[0], value], 1)


class Autoregressive(Transform):
    """The masked autoregressive transform, fast to score; to invert it takes D steps.

    The steps come one after the other, and together they cost about one pass of the net.

    Masked Autoregressive Flow for Density Estimation (Papamakarios et al. 2017, arXiv 1705.07057).
    Turned round (:class:`Inverse`) it is the inverse autoregressive one, fast to sample.

    Args:
        order: the place 0 … D − 1 of each number.
        hidden: widths of the hidden layers.
        univariate: the map of each number.
        context: K, numbers of the context; 0 for none.
    """

    place: Tensor

    def __init__(
        self,
        order: Sequence[int],
        hidden: Sequence[int],
        univariate: Univariate = affine,
        context: int = 0,
    ) -> None:
        super().__init__()
        self.net = MaskedNet(order, hidden, univariate.width, context)
        self.univariate = univariate
        self.register_buffer("place", torch.tensor(order))

    @property
    def steps_back(self) -> int:
        """D: each number waits for those before it."""
        return len(self.place)

    def forward(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Map every number by those before it."""
        z, slope = self.univariate.forward(x, self._given(x, context))
        return z, per_example(slope)

    def inverse(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Map back one number after the other, in the order."""
        replay = _Replay(self.net, z[:, :0], context)
        slopes = []
        for place, number in enumerate(self.net.visits.tolist()):
            raw = _wide(replay.parameters(place))
            value, slope = self.univariate.inverse(z[:, number], raw)
            replay.take(value[:, None])
            slopes.append(slope)
        return replay.known[0][:, self.place], per_example(torch.stack(slopes, 1))

    def _given(self, x: Tensor, context: Tensor | None) -> Tensor:
        return _wide(self.net(x, context).unflatten(1, (x.shape[1], self.univariate.width)))


def _wide(raw: Tensor) -> Tensor:
    return raw.to(torch.promote_types(raw.dtype, torch.float32))  # of bf16: bins may be narrow


def _spread(units: int, dim: int) -> Tensor:
    return torch.linspace(1, max(dim - 1, 1), units).round().long()
