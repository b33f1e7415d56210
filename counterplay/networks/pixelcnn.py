r"""The gated PixelCNN: a picture pixel by pixel, in raster order, colours in order within a pixel.

Notation: levels (N, C, H, W). A *vertical* stack sees whole rows, up to and with its own; down
by one row, it tells the *horizontal* stack of everything above, which itself sees what lies to the
left in its row. Together they see all pixels before (i, j): one stack of masked k × k convolutions
has a blind spot up and to the right. Channels of the horizontal stack belong to colours in turn,
those of colour c see colours up to c of their own pixel (below c in the first layer). Conditional
Image Generation with PixelCNN Decoders (van den Oord et al. 2016, arXiv 1606.05328).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, pad

from counterplay.errors import UserError

__all__ = ["PixelCNN"]


def _gate(a: Tensor) -> Tensor:
    content, gate = a.chunk(2, 1)
    return content.tanh() * gate.sigmoid()


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

    def forward(self, input: Tensor) -> Tensor:
        """Return the convolution without padding, its mask laid on at every use."""
        return conv2d(input, self.weight * self.get_buffer("mask"), self.bias)


class Layer(nn.Module):
    """One step of both stacks.

    Args:
        source: the colours of what comes into the horizontal stack.
        inner: the colours of its features.
        radius: how many rows up, and columns to each side, one layer sees.
        first: whether it reads the picture itself.
    """

    def __init__(self, source: Tensor, inner: Tensor, radius: int, first: bool) -> None:
        super().__init__()
        features = len(inner)
        self.radius, self.first = radius, first
        self.down = nn.Conv2d(len(source), 2 * features, (radius + 1, 2 * radius + 1))
        self.link = nn.Conv2d(2 * features, 2 * features, 1)
        self.across = Ordered(source, inner.repeat(2), radius + 1, strict=first)
        self.out = Ordered(inner, inner, 1)

    def rows(self, v: Tensor) -> Tensor:
        """Return the vertical stack before its gate; ``v`` has ``radius`` more rows, above."""
        return self.down(pad(v, (self.radius, self.radius)))

    def pixels(self, h: Tensor, above: Tensor) -> Tensor:
        """Return the horizontal stack; ``h`` has ``radius`` more columns, to the left."""
        new = self.out(_gate(self.across(h) + above))
        return new if self.first else h[..., self.radius :] + new


class PixelCNN(nn.Module):
    """Conditionals of a picture whose every colour is on one of ``levels`` levels.

    Args:
        shape: (C, H, W).
        levels: the number K of levels.
        features: channels of each stack, at least C.
        layers: how many; together they see ``layers · radius`` pixels far.
        radius: how far one layer sees.

    Raises:
        UserError: when a colour would have no features.
    """

    def __init__(
        self,
        shape: tuple[int, int, int],
        levels: int = 256,
        features: int = 32,
        layers: int = 6,
        radius: int = 2,
    ) -> None:
        super().__init__()
        if features < shape[0]:
            raise UserError(
                f"PixelCNN on {shape[0]} colours with features={features}; use at least {shape[0]}"
            )
        self.shape, self.levels, self.radius, self.features = shape, levels, radius, features
        colours = torch.arange(shape[0])
        inner = torch.arange(features) % shape[0]
        self.layers = nn.ModuleList(
            Layer(inner if i else colours, inner, radius, first=not i) for i in range(layers)
        )
        self.head = nn.Sequential(
            nn.ReLU(),
            Ordered(inner, inner, 1),
            nn.ReLU(),
            Ordered(inner, colours.repeat_interleave(levels), 1),
        )

    def forward(self, levels: Tensor) -> Tensor:
        """Return the logits of all conditionals, (N, C, H, W) -> (N, C, H, W, K)."""
        v = h = self._values(levels)
        for layer in self._steps():
            a = layer.rows(pad(v, (0, 0, self.radius, 0)))
            above = layer.link(pad(a, (0, 0, 1, 0))[:, :, :-1])
            h = layer.pixels(pad(h, (self.radius, 0)), above)
            v = _gate(a)
        return self._logits(h)

    def generate(self, n: int, draw: Callable[[Tensor], Tensor]) -> Tensor:
        """Draw ``n`` pictures of levels, int64 (n, C, H, W): each number costs the same."""
        colours, height, width = self.shape
        x = torch.zeros(n, *self.shape, dtype=torch.long, device=self._weight.device)
        seen = [self._weight.new_zeros(n, m, self.radius + 1, width) for m in self._widths()]
        rows = self._weight.new_zeros(n, 2 * self.features, 1, width)
        above = [layer.link(rows) for layer in self._steps()]
        for i in range(height):
            left = [self._weight.new_zeros(n, m, 1, self.radius + 1) for m in self._widths()]
            for j in range(width):
                for c in range(colours):
                    logits = self._pixel(x[:, :, i, j], left, above, j)
                    x[:, c, i, j] = draw(logits[:, c, 0, 0])
                # All colours of the pixel are known: its features are final and move left.
                self._pixel(x[:, :, i, j], left, above, j)
                left = [pad(h[..., 1:], (0, 1)) for h in left]
            above, seen = self._row(self._values(x[:, :, i : i + 1]), seen)
        return x

    def _pixel(self, x: Tensor, left: list[Tensor], above: list[Tensor], j: int) -> Tensor:
        """Return the logits of pixel j and leave its features in the last column of ``left``."""
        h = self._values(x)[:, :, None, None]
        for layer, past, up in zip(self._steps(), left, above, strict=True):
            past[..., -1:] = h
            h = layer.pixels(past, up[..., j : j + 1])
        return self._logits(h)

    def _row(self, v: Tensor, seen: list[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        """Return what a finished row tells the next one, and the rows that are still needed."""
        above, kept = [], []
        for layer, past in zip(self._steps(), seen, strict=True):
            kept.append(torch.cat([past[:, :, 1:], v], 2))
            a = layer.rows(kept[-1])
            above.append(layer.link(a))
            v = _gate(a)
        return above, kept

    @property
    def _weight(self) -> Tensor:
        return self._steps()[0].link.weight

    def _steps(self) -> list[Layer]:
        return [layer for layer in self.layers if isinstance(layer, Layer)]

    def _widths(self) -> list[int]:
        return [layer.down.in_channels for layer in self._steps()]

    def _values(self, levels: Tensor) -> Tensor:
        return 2 * levels.to(self._weight) / (self.levels - 1) - 1

    def _logits(self, h: Tensor) -> Tensor:
        return self.head(h).unflatten(1, (self.shape[0], self.levels)).movedim(2, -1)
