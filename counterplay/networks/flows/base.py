r"""Invertible transforms: one contract, and what is built of any of them.

Notation: f maps x to z, both with D numbers an example. With z ~ N(0, I) and z = f(x),

    log p(x) = log N(f(x); 0, I) + log|det ∂f/∂x|.

Both directions return the log|det| of *that* direction, so that they add up to zero. A transform
may be one of many, chosen by a context c, (N, K) or planes (N, K, H, W): f(x; c). Those that know
of none pass it by.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Protocol

import torch
from torch import Tensor, nn

from counterplay.game import Law

__all__ = ["Chain", "Inverse", "Prior", "Transform"]


class Prior(Law, Protocol):
    """A law whose density is known."""

    def log_prob(self, x: Tensor, /) -> Tensor:
        """Return the log density of each example in nats, (N,)."""
        ...


class Transform(nn.Module, ABC):
    """A bijection with a known determinant.

    Attributes:
        latent: the law of z that it was made for; ``None`` is N(0, I).
    """

    latent: Prior | None = None

    @property
    def steps_back(self) -> int:
        """How many passes over the numbers follow one another in ``inverse``."""
        return 1

    @abstractmethod
    def forward(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return z = f(x; context) and log|det ∂z/∂x| of each example, (N,)."""

    @abstractmethod
    def inverse(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return x with f(x; context) = z and log|det ∂x/∂z| of each example, (N,)."""


class Chain(Transform):
    """Transforms one after the other; their log|det| add up."""

    def __init__(self, *steps: Transform) -> None:
        super().__init__()
        self.steps = nn.ModuleList(steps)
        self.latent = steps[-1].latent if steps else None

    @property
    def steps_back(self) -> int:
        """Return 1, and what steps need that go number by number."""
        return 1 + sum(int(step.steps_back) - 1 for step in self.steps)  # pyright: ignore

    def forward(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Apply the steps in their order."""
        total = x.new_zeros(len(x))
        for step in self.steps:
            x, log_det = step(x, context)
            total = total + log_det
        return x, total

    def inverse(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Undo the steps from the last to the first."""
        total = z.new_zeros(len(z))
        for step in reversed(self.steps):
            z, log_det = step.inverse(z, context)  # pyright: ignore[reportCallIssue]
            total = total + log_det
        return z, total


class Inverse(Transform):
    """A transform the other way round: what was fast to score becomes fast to sample.

    Of a masked autoregressive transform it is the inverse autoregressive one: Improving
    Variational Inference with Inverse Autoregressive Flow (Kingma et al. 2016, arXiv 1606.04934).
    """

    def __init__(self, step: Transform) -> None:
        super().__init__()
        self.step = step

    def forward(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Apply the step's inverse."""
        return self.step.inverse(x, context)

    def inverse(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Apply the step itself."""
        return self.step(z, context)


def per_example(log_det: Tensor) -> Tensor:
    """Return log|det| summed over all but the examples: (N, …) -> (N,)."""
    return torch.flatten(log_det, 1).sum(1)
