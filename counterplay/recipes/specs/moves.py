"""How players move."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Adam"]


@dataclass(frozen=True)
class Adam:
    """How a player moves: Adam (Kingma and Ba, 2014, arXiv:1412.6980)."""

    lr: float = 2e-4
    """Learning rate."""
    betas: tuple[float, float] = (0.5, 0.999)
    """Decay of the running means of the gradient and of its square."""
    eps: float = 1e-8
    """Added outside the square root, as in PyTorch."""
