"""Encoders and decoders of any output, sized for the data when they are built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Coders", "Dense", "Picture"]


@dataclass(frozen=True)
class Dense:
    """Fully connected encoders and decoders, for vectors, and for pictures row after row."""

    width: int = 200
    """Units of each hidden layer."""
    layers: int = 2
    """Number of hidden layers; 0 makes both networks linear."""
    activation: Literal["tanh", "relu", "elu"] = "tanh"
    """Between the layers."""
    sees: Literal["signed", "unit"] = "signed"
    """What the encoder is given: numbers from -1 to 1, or from 0 to 1, so that bits that are not
    set are nothing to it. Of pictures with few bits set it learns much faster from these."""


@dataclass(frozen=True)
class Picture:
    """Convolutional encoders and decoders with ELU and without norms, for pictures."""

    width: int = 32
    """Channels of the outermost hidden layer; they double where the picture halves."""


Coders = Dense | Picture
"""Networks whose outputs are numbers of any size."""
