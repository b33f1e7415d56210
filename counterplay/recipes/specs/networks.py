"""Networks, sized for the data when they are built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Dcgan", "Mlp", "Networks"]


@dataclass(frozen=True)
class Dcgan:
    """Convolutional networks (Radford et al., 2015, arXiv:1511.06434), for pictures."""

    width: int = 64
    """Channels of the generator's widest picture; they double where the picture halves."""
    critic_width: int | None = None
    """The critic's, likewise; none: as wide as the generator."""
    inner: int = 0
    """Convolutions of 3x3 that each network has besides, on its smallest grid."""
    upsample: Literal["transposed", "resize"] = "transposed"
    """How the generator enlarges: transposed convolution, or resize and convolve."""
    critic_norm: Literal["none", "batch", "group", "spectral"] = "batch"
    """The critic's normalisation; a gradient penalty refuses "batch"."""
    condition: Literal["concatenation", "batch_norm"] = "concatenation"
    """How a generator is shown the class: beside its latent, or by each class's own batch norm."""
    critic_condition: Literal["projection", "concatenation", "none"] = "projection"
    """How a critic is shown the class: by projection, as planes beside the picture, or not."""


@dataclass(frozen=True)
class Mlp:
    """Fully connected networks with ReLU, for vectors."""

    width: int = 512
    """Units of each hidden layer."""
    depth: int = 3
    """Number of hidden layers."""


Networks = Dcgan | Mlp
