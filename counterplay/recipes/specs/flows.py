"""Normalising flows, sized for the data when they are built."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from counterplay.recipes.specs.moves import Adam

__all__ = ["Flow", "PictureFlow", "VectorFlow"]


@dataclass(frozen=True)
class VectorFlow:
    """Couplings or masked nets of fully connected layers, for vectors, and pictures as rows."""

    model: Literal[
        "nice", "real-nvp", "spline", "glow", "mixed-spline", "maf", "iaf", "masked-spline"
    ] = "spline"
    """NICE, Real NVP, splines in its couplings, Glow's steps, those with splines, MAF, IAF, ..."""
    width: int = 128
    """Units of each hidden layer."""
    depth: int = 2
    """Number of hidden layers."""
    blocks: int = 6
    """Couplings or masked nets, one after the other."""
    bins: int = 8
    """Pieces of a spline."""
    bound: float = 3.0
    """Deviations of the data, beyond which a spline is the identity."""
    dropout: float = 0.0
    """Share of the hidden units of couplings that a round leaves out."""


@dataclass(frozen=True)
class PictureFlow:
    """Couplings of convolutions over several scales, for pictures."""

    model: Literal["real-nvp", "glow"] = "real-nvp"
    """Checkerboards and channels (Dinh et al., 2016), or mixed channels (Glow, 2018)."""
    width: int = 32
    """Channels of each hidden layer."""
    scales: int = 2
    """Halvings of the picture; half of the numbers leave at each but the last."""
    blocks: int = 4
    """Couplings on each scale, of Real NVP twice as many."""


@dataclass(frozen=True)
class Flow:
    """An invertible network, fitted by its exact likelihood (Dinh et al., arXiv:1605.08803)."""

    networks: VectorFlow | PictureFlow = field(default_factory=VectorFlow)
    classes: Literal["none", "networks", "prior"] = "none"
    """Where the class is shown: not, to all couplings, or by each class's own latent Gaussian."""
    dequantisation: Literal["uniform", "variational"] = "uniform"
    """The noise that data on levels get: uniform, or learnt (Ho et al., 2019, arXiv:1902.00275)."""
    margin: float = 0.05
    """Share of the grey values on either side of which the logit is cut off."""
    weight_decay: float = 0.0
    """Decoupled decay of the weights, times the learning rate a round."""
    optimiser: Adam = field(default_factory=lambda: Adam(1e-3, (0.9, 0.999)))

    @property
    def conditional(self) -> bool:
        """Whether the game is shown classes."""
        return self.classes != "none"
