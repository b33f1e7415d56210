r"""Fully connected networks of semi-supervised learning: normed weights, noise on every input.

A normed layer has directions v_j, one a unit, and computes

    y_j = s_j ⟨v_j, x⟩ / sqrt(‖v_j‖² + ε) + b_j,

so that its effective weights w_j have the length s_j however long v_j grows: Weight Normalization
(Salimans, Kingma 2016, arXiv 1602.07868). Its data-dependent start makes each unit's output, before
the non-linearity, of mean 0 and variance 1 over some examples.

Noise is handed in and never drawn here: without it a network is evaluated as it is.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

__all__ = ["NoisyClassifier", "NormedLinear", "SoftGenerator"]


class NormedLinear(nn.Module):
    """A linear layer whose units have weights of a length of their own: (N, before) -> (N, after).

    Args:
        before: inputs.
        after: units.
        learns_scale: whether the lengths s are learnt; else they stay as they were set.
        floor: ε ≥ 0.
    """

    def __init__(
        self, before: int, after: int, *, learns_scale: bool = False, floor: float = 0.0
    ) -> None:
        super().__init__()
        self.direction = nn.Parameter(0.1 * torch.randn(after, before))
        self.bias = nn.Parameter(torch.zeros(after))
        self.floor = floor
        scale = torch.ones(after)
        if learns_scale:
            self.scale = nn.Parameter(scale)
        else:
            self.register_buffer("scale", scale)

    def gain(self) -> Tensor:
        """Return s_j / sqrt(‖v_j‖² + ε), shape (after,)."""
        return self.scale * (self.direction.square().sum(1) + self.floor).rsqrt()

    @property
    def weight(self) -> Tensor:
        """The effective weights, (after, before)."""
        return self.direction * self.gain()[:, None]

    def forward(self, x: Tensor) -> Tensor:
        """Return y. Outputs are scaled in the place of weights, of which there are more."""
        return torch.addcmul(self.bias, linear(x, self.direction), self.gain())

    @torch.no_grad()
    def start(self, x: Tensor) -> Tensor:
        """Set s and b so that y has mean 0 and variance 1 over the rows of ``x``, and return y."""
        y = self(x)
        mean = y.mean(0)
        deviation = (y - mean).square().mean(0).sqrt().clamp(min=1e-8)
        self.scale.div_(deviation)
        self.bias.sub_(mean).div_(deviation)
        return (y - mean) / deviation


class NoisyClassifier(nn.Module):
    """Examples to K logits, through five hidden layers of w, w/2, w/4, w/4, w/4 ReLU units.

    Every layer is normed, and in training has Gaussian noise on its input. With w = 1000 the
    classifier of MNIST in Improved Techniques for Training GANs (Salimans et al. 2016, arXiv
    1606.03498).

    Args:
        shape: of an example. Pictures (C, H, W) in [-1, 1] are seen in [0, 1], as published.
        classes: K.
        width: w, 4 or more.
        noise: standard deviation of the noise on the example, and of that on hidden units.

    Attributes:
        widths: of the six layers' inputs, which is what their noise has to have.
    """

    def __init__(
        self,
        shape: Sequence[int],
        classes: int,
        width: int = 1000,
        noise: tuple[float, float] = (0.3, 0.5),
    ) -> None:
        super().__init__()
        hidden = [width, width // 2, *[width // 4] * 3]
        self.widths = [math.prod(shape), *hidden]
        self.deviations = [noise[0], *[noise[1]] * len(hidden)]
        self.pictures = len(shape) == 3
        layers = [NormedLinear(*pair) for pair in itertools.pairwise(self.widths)]
        self.hidden = nn.ModuleList(layers)
        self.head = NormedLinear(hidden[-1], classes, learns_scale=True)

    def features(self, x: Tensor, noise: Sequence[Tensor] = ()) -> Tensor:
        """Return the fifth hidden layer, before its noise: (N, w/4).

        Args:
            x: examples (N, …).
            noise: standard normal, (N, widths[i]) for each layer; none where it is empty.
        """
        h = self._row(x)
        for i, layer in enumerate(self.hidden):
            h = layer(self._noisy(h, i, noise)).relu()
        return h

    def forward(self, x: Tensor, noise: Sequence[Tensor] = ()) -> Tensor:
        """Return the logits, (N, K); arguments as for :meth:`features`."""
        return self.head(self._noisy(self.features(x, noise), len(self.hidden), noise))

    @torch.no_grad()
    def start(self, x: Tensor, noise: Sequence[Tensor]) -> None:
        """Start from the data: every unit's output, noise on, of mean 0 and variance 1 over x."""
        h = self._row(x)
        for i, layer in enumerate([*self.hidden, self.head]):
            assert isinstance(layer, NormedLinear)
            h = layer.start(self._noisy(h, i, noise)).relu()

    def _row(self, x: Tensor) -> Tensor:
        rows = x.flatten(1)
        return 0.5 * rows + 0.5 if self.pictures else rows

    def _noisy(self, h: Tensor, i: int, noise: Sequence[Tensor]) -> Tensor:
        return torch.add(h, noise[i], alpha=self.deviations[i]) if noise else h


class _Shift(nn.Module):
    """Add a learnt bias: the half of batch norm's affine map that its softplus units have."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.bias


class SoftGenerator(nn.Module):
    """Latents to examples through two layers of softplus units: (N, latent) -> (N, *shape).

    The generator of MNIST in Salimans et al. 2016 (arXiv 1606.03498): batch norm with a bias and
    without a gain, then a normed layer; pictures leave through a sigmoid. Batch statistics are used
    in training, running ones in evaluation mode.

    Published latents are uniform on [0, 1). Uniform ones on [-1, 1) make the same network: the
    first layer has no bias, so that W(2u − 1) = 2 Wu − W1, and batch norm takes out both the
    factor and the constant.

    Args:
        latent: width of z.
        shape: of an example; (C, H, W) in [-1, 1] or (D,).
        width: units of the hidden layers.
    """

    def __init__(self, latent: int, shape: Sequence[int], width: int = 500) -> None:
        super().__init__()
        self.shape = tuple(shape)
        self.body = nn.Sequential(*_soft(latent, width), *_soft(width, width))
        self.head = NormedLinear(width, math.prod(shape), learns_scale=True, floor=1e-6)
        nn.init.xavier_uniform_(self.head.direction)

    def forward(self, z: Tensor) -> Tensor:
        """Return examples."""
        x = self.head(self.body(z))
        # 2 σ(x) − 1 = tanh(x / 2): a sigmoid's [0, 1], as networks see pictures.
        return (torch.tanh(0.5 * x) if len(self.shape) == 3 else x).unflatten(1, self.shape)


def _soft(before: int, after: int) -> list[nn.Module]:
    dense = nn.Linear(before, after, bias=False)
    nn.init.xavier_uniform_(dense.weight)
    return [dense, nn.BatchNorm1d(after, eps=1e-6, affine=False), _Shift(after), nn.Softplus()]
