r"""Truncation: less varied samples, nearer to the typical ones.

Of a normal latent: numbers beyond a threshold, |z_i| > t, are drawn again until none is (Large
Scale GAN Training for High Fidelity Natural Image Synthesis, Brock et al. 2019, arXiv 1809.11096).
Of styles: :math:`w' = \bar w + \psi (w - \bar w)` with the mean style :math:`\bar w` (A Style-Based
Generator Architecture for GANs, Karras et al. 2019, arXiv 1812.04948). t and ψ at 0 leave one
example; figures of truncated samples are no figures of the model.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.latents.powers import Renders, Styled, shown
from counterplay.laws import Normal
from counterplay.networks.norms import PixelNorm

__all__ = ["PSI", "THRESHOLDS", "Truncated", "spread", "sweep", "truncated"]

THRESHOLDS = (4.0, 1.5, 1.0, 0.7, 0.4, 0.0)
"""Of a normal latent; 4 leaves nearly all as they are."""

PSI = (1.0, 0.7, 0.5, 0.3, 0.0)
"""Of styles."""


@dataclass(frozen=True)
class Truncated:
    """The standard normal on R^dim, each coordinate within ``threshold`` of 0.

    Drawn by its distribution function, so that the same generator gives the same latent drawn
    inwards: pictures of a sweep can be held against each other. With F the normal distribution
    function and U uniform on (0, 1), z = F⁻¹(F(−t) + U (F(t) − F(−t))) has the law of a normal
    number that is drawn again while |z| > t.
    """

    dim: int
    threshold: float

    def sample(self, n: int, rng: torch.Generator) -> Tensor:
        """Draw z, shape (n, dim)."""
        u = torch.rand(n, self.dim, generator=rng, dtype=torch.float64)
        if self.threshold <= 0:
            return torch.zeros(n, self.dim)
        ends = torch.tensor([-self.threshold, self.threshold], dtype=torch.float64)
        low, high = torch.special.ndtr(ends)
        inside = (low + u * (high - low)).clamp(1e-12, 1 - 1e-12)
        return torch.special.ndtri(inside).float()


def truncated(law: Any, threshold: float) -> Truncated:
    """Return a normal law truncated to |z| ≤ ``threshold``.

    Raises:
        UserError: when the law is another, or the threshold is negative.
    """
    if not isinstance(law, Normal):
        raise UserError(
            f"latents of the law {type(law).__name__} are not truncated: only normal ones have "
            "rare values far out"
        )
    if not threshold >= 0:
        raise UserError(f"a threshold of {threshold}: a number from 0 is needed, such as 0.7")
    return Truncated(law.dim, threshold)


def spread(x: Tensor) -> float:
    """Return the root of the mean variance of the numbers of examples (N, …): 0 if all are one."""
    return float(x.flatten(1).double().var(0, correction=0).mean().sqrt())


def sweep(
    game: Renders, values: Sequence[float], n: int, seed: int = 0, label: int | None = None
) -> list[Tensor]:
    """Return ``n`` examples for each threshold, of the same uniform numbers, each (n, …).

    Of a game by styles the values are ψ, and the latents the same.

    Raises:
        UserError: when the latents are neither normal nor styled, or only their direction counts.
    """
    draw: Callable[[float], Tensor] = _by_styles(game, values, n, seed) or (
        lambda t: shown(game, _drawn(game, t, n, seed), label)
    )
    return [draw(value) for value in values]


def _drawn(game: Any, threshold: float, n: int, seed: int) -> Tensor:
    if isinstance(getattr(getattr(game, "generator", None), "normal", None), PixelNorm):
        raise UserError(
            "the generator scales every latent to one length, so that smaller numbers are the same "
            "picture: there is nothing to truncate"
        )
    return truncated(game.latent, threshold).sample(n, generator(seed, "truncation"))


def _by_styles(
    game: Any, values: Sequence[float], n: int, seed: int
) -> Callable[[float], Tensor] | None:
    if not isinstance(game, Styled):
        return None
    odd = next((value for value in values if not math.isfinite(value)), None)
    if odd is not None:
        raise UserError(f"a psi of {odd}: a finite number is needed, such as 0.7")
    styled: Any = game
    device = next(styled.parameters()).device
    z = styled.latent.sample(n, generator(seed, "truncation")).to(device)
    return lambda psi: styled.synthesise(styled.styles(z, psi))
