r"""The gated PixelCNN: a picture pixel by pixel, in raster order, colours in order within a pixel.

Notation: levels (N, C, H, W). A *vertical* stack sees the whole rows above; at each layer it tells
the *horizontal* stack, which itself sees what lies to the left in its row. Together they see all
pixels before (i, j): one stack of masked k × k convolutions has a blind spot up and to the right.
Channels of the horizontal stack belong to colours in turn, those of colour c see colours up to c
of their own pixel (below c in the first layer). Conditional Image Generation with PixelCNN Decoders
(van den Oord et al. 2016, arXiv 1606.05328).

Two things are done otherwise there and are faster here: the row's shift is made once, before the
first layer, and the horizontal stack is told the vertical one's gated features.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, linear, pad

from counterplay.errors import UserError
from counterplay.networks.dropout import Dropout
from counterplay.networks.masked import Shift
from counterplay.networks.mixture import coupled

__all__ = ["PixelCNN"]


def _gate(a: Tensor) -> Tensor:
    # tanh(u) σ(g), where the network puts out 2 u: tanh(u) = 2 σ(2 u) − 1. One function of
    # neighbouring numbers costs a quarter of two functions of every other 32.
    content, gate = a.sigmoid().chunk(2, 1)
    return (2 * content - 1) * gate


class Ordered(nn.Conv2d):
    """A convolution over (1, width) whose last tap, the pixel itself, sees colours in order.

    Args:
        source: the colour of each input channel, (channels in,).
        target: the colour of each output channel, (channels out,).
        width: taps, the last of which is the pixel itself.
        strict: whether colour c sees just the colours below c, and not c itself.
    """

    def __init__(self, source: Tensor, target: Tensor, width: int, strict: bool = False) -> None:
        super().__init__(len(source), len(target), (1, width))
        mask = torch.ones_like(self.weight)
        mask[:, :, 0, -1] = (target[:, None] >= source + int(strict)).float()
        self.register_buffer("mask", mask, persistent=False)

    def masked(self) -> Tensor:
        """Return the weights that are used: the mask is laid on at every use."""
        return self.weight * self.get_buffer("mask")

    def forward(self, input: Tensor) -> Tensor:
        """Return the convolution without padding."""
        return conv2d(input, self.masked(), self.bias)

    def taps(self) -> Callable[[Tensor], Tensor]:
        """Return the same for one pixel: (N, width · channels in), leftmost first -> (N, out)."""
        weight = self.masked()[:, :, 0].transpose(1, 2).flatten(1).contiguous()
        return lambda x: linear(x, weight, self.bias)


class Layer(nn.Module):
    """One step of both stacks.

    Args:
        source: the colours of what comes into the horizontal stack.
        inner: the colours of its features.
        radius: how many rows up, and columns to each side, it sees.
        first: whether it reads the picture itself.
        classes: how many classes are shown.
        dropout: share of the horizontal stack's gated units that a round leaves out: what both
            stacks and the class say goes through them.
    """

    def __init__(
        self,
        source: Tensor,
        inner: Tensor,
        radius: int,
        first: bool,
        classes: int,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        features = len(inner)
        self.radius, self.first = radius, first
        self.down = nn.Conv2d(len(source), 2 * features, (radius + 1, 2 * radius + 1))
        self.link = nn.Conv2d(features, 2 * features, 1)
        self.across = Ordered(source, inner.repeat(2), radius + 1, strict=first)
        self.dropped = Dropout(dropout)
        self.out = Ordered(inner, inner, 1)
        self.shown_down, self.shown = Shift(classes, 2 * features), Shift(classes, 2 * features)

    def rows(self, v: Tensor, *classes: Tensor) -> Tensor:
        """Return the vertical stack; ``v`` has ``radius`` more rows, above."""
        a = self.down(pad(v, (self.radius, self.radius, 0, 0)))
        return _gate(_shifted(a, self.shown_down, *classes))

    def told(self, v: Tensor, *classes: Tensor) -> Tensor:
        """Return what the vertical stack's ``v`` and the class add to the horizontal one."""
        return _shifted(self.link(v), self.shown, *classes)

    def pixels(self, h: Tensor, above: Tensor) -> Tensor:
        """Return the horizontal stack; ``above`` is what it was told."""
        gated = self.dropped(_gate(self.across(pad(h, (self.radius, 0))) + above))
        new = self.out(gated)
        return new if self.first else h + new


def _shifted(a: Tensor, shift: Shift, *classes: Tensor) -> Tensor:
    if not classes:
        return a
    return a + shift(a.new_zeros(a.shape[1]), *classes)[:, :, None, None]


class PixelCNN(nn.Module):
    """Conditionals of a picture whose every colour is on one of ``levels`` levels.

    Args:
        shape: (C, H, W).
        levels: the number K of levels.
        features: channels of each stack, at least C.
        layers: how many.
        radius: how far one layer sees.
        reach: how far the first one sees, for which it is cheap; by default as far as the others.
        classes: how many classes are shown.
        components: of a mixture of logistic laws for each number, each place a linear function of
            the pixel's colours before (:func:`counterplay.networks.mixture.logistics`); with 0 a
            logit is put out for each level.
        dropout: share of each layer's gated units that a round leaves out.

    Raises:
        UserError: when a colour would have no features.
    """

    def __init__(
        self,
        shape: tuple[int, int, int],
        levels: int = 256,
        features: int = 32,
        layers: int = 6,
        radius: int = 1,
        reach: int | None = None,
        classes: int = 0,
        components: int = 0,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if features < shape[0]:
            raise UserError(
                f"PixelCNN on {shape[0]} colours with features={features}; use at least {shape[0]}"
            )
        self.shape, self.levels, self.components = shape, levels, components
        colours = torch.arange(shape[0])
        inner = torch.arange(features) % shape[0]
        numbers = (3 + shape[0]) * components if components else levels
        self.layers = nn.ModuleList(
            Layer(
                inner if i else colours,
                inner,
                radius if i else reach or radius,
                not i,
                classes,
                dropout,
            )
            for i in range(layers)
        )
        self.head = nn.ModuleList(
            [Ordered(inner, inner, 1), Ordered(inner, colours.repeat_interleave(numbers), 1)]
        )

    def forward(self, levels: Tensor, *classes: Tensor) -> Tensor:
        """Return the output for all conditionals, (N, C, H, W) -> (N, C, H, W, K or 3 M)."""
        x = h = self._values(levels)
        v = pad(x, (0, 0, 1, 0))[:, :, :-1]
        for layer in self._steps():
            v = layer.rows(pad(v, (0, 0, layer.radius, 0)), *classes)
            h = layer.pixels(h, layer.told(v, *classes))
            if layer.first:  # one channel is in either order; from here on it is the faster one
                v, h = (each.contiguous(memory_format=torch.channels_last) for each in (v, h))
        first, last = self.head
        return self._output(last(first(h.relu()).relu()), x)

    def generate(self, n: int, draw: Callable[[Tensor], Tensor], *classes: Tensor) -> Tensor:
        """Draw ``n`` pictures of levels, int64 (n, C, H, W): each number costs the same."""
        colours, height, width = self.shape
        rows, columns = self._steps(), _Columns.of(self)
        x = torch.zeros(n, *self.shape, dtype=torch.long, device=self._weight.device)
        v = self._weight.new_zeros(n, colours, 1, width)
        seen = [self._weight.new_zeros(n, r.down.in_channels, r.radius + 1, width) for r in rows]
        for i in range(height):
            above = []
            for k, layer in enumerate(rows):
                seen[k] = torch.cat([seen[k][:, :, 1:], v], 2)
                v = layer.rows(seen[k], *classes)
                above.append(layer.told(v, *classes)[:, :, 0].unbind(2))
            columns.begin(n)
            for j in range(width):
                pixel = self._values(x[:, :, i, j])
                for c in range(colours):
                    features = columns.features(pixel, [told[j] for told in above])
                    output = self._output(columns.head(features), pixel)
                    x[:, c, i, j] = draw(output[:, c])
                    pixel = self._values(x[:, :, i, j])
                columns.move(pixel)
            v = self._values(x[:, :, i : i + 1])
        return x

    @property
    def _weight(self) -> Tensor:
        return self._steps()[0].link.weight

    def _steps(self) -> list[Layer]:
        return [layer for layer in self.layers if isinstance(layer, Layer)]

    def _values(self, levels: Tensor) -> Tensor:
        return 2 * levels.to(self._weight) / (self.levels - 1) - 1

    def _output(self, a: Tensor, x: Tensor) -> Tensor:
        """Return (N, C, …, P) from the last layer's (N, C · numbers, …) and the values."""
        each = a.unflatten(1, (self.shape[0], -1)).movedim(2, -1)
        return coupled(each, x, self.components) if self.components else each


@dataclass
class _Columns:
    """The horizontal stack while a row is drawn: a pixel at a time, the ones to the left kept.

    Attributes:
        layers: the stack's layers.
        across: of each, for one pixel.
        out: of each, for one pixel.
        last: the two of the head, for one pixel.
        left: of each layer what came in at the ``radius`` pixels to the left, (N, channels) each.
        now: what comes in at this pixel.
    """

    layers: list[Layer]
    across: list[Callable[[Tensor], Tensor]]
    out: list[Callable[[Tensor], Tensor]]
    last: list[Callable[[Tensor], Tensor]]
    left: list[list[Tensor]]
    now: list[Tensor]

    @classmethod
    def of(cls, network: PixelCNN) -> _Columns:
        layers = network._steps()
        across, out = [y.across.taps() for y in layers], [y.out.taps() for y in layers]
        last = [y.taps() for y in network.head if isinstance(y, Ordered)]
        return cls(layers, across, out, last, [], [])

    def begin(self, n: int) -> None:
        """Stand at the first pixel of a row."""
        self.left = [
            [y.across.weight.new_zeros(n, y.across.in_channels)] * y.radius for y in self.layers
        ]

    def features(self, pixel: Tensor, above: list[Tensor]) -> Tensor:
        """Return the last layer's features at this pixel, whose values (N, C) are known so far."""
        self.now, h = [], pixel
        for k, layer in enumerate(self.layers):
            self.now.append(h)
            new = self.out[k](_gate(self.across[k](torch.cat([*self.left[k], h], 1)) + above[k]))
            h = new if layer.first else h + new
        return h

    def head(self, features: Tensor) -> Tensor:
        """Return the network's numbers for this pixel."""
        first, last = self.last
        return last(first(features.relu()).relu())

    def move(self, pixel: Tensor) -> None:
        """Go one pixel to the right; the values (N, C) of this one are final.

        Its features are final already: none of them sees the pixel's last colour.
        """
        self.left = [
            [*left[1:], h] for left, h in zip(self.left, [pixel, *self.now[1:]], strict=True)
        ]
