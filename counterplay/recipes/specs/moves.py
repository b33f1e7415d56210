"""How players move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Adam", "Move"]


@dataclass(frozen=True)
class Move:
    """How a player moves: Adam (Kingma and Ba, 2014, arXiv:1412.6980) unless told otherwise."""

    lr: float = 2e-4
    """Learning rate."""
    betas: tuple[float, float] = (0.5, 0.999)
    """Decay of the running means of the gradient and of its square; rmsprop has the second only."""
    eps: float = 1e-8
    """Added outside the square root, as in PyTorch."""
    rule: Literal["adam", "sgd", "rmsprop"] = "adam"
    """What is done with the gradient; "sgd" takes the first of the betas for its momentum."""


Adam = Move
"""The same, by the rule that it has when none is said."""
