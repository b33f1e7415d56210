"""Networks that give one number after the other, sized for the data when they are built."""

from __future__ import annotations

from dataclasses import dataclass, field

from counterplay.recipes.specs.moves import Adam

__all__ = ["Autoregressive", "Fvsbn", "Made", "Nade", "PixelCnn"]


@dataclass(frozen=True)
class Fvsbn:
    """A logistic regression of each number on those before it (Frey et al., 1995)."""


@dataclass(frozen=True)
class Nade:
    """A hidden layer for each number, with shared weights (Larochelle and Murray, 2011)."""

    width: int = 100
    """Units of the hidden layer."""


@dataclass(frozen=True)
class Made:
    """A masked autoencoder (Germain et al., 2015, arXiv:1502.03509)."""

    width: int = 500
    """Units of each hidden layer."""
    depth: int = 1
    """Number of hidden layers."""
    direct: bool = True
    """Masked connections from inputs to outputs; without, a layer has at least D - 1 units."""
    orders: int = 0
    """Orders of the numbers, drawn by the seed, that share the weights; 0: as they come."""
    dropout: float = 0.0
    """Share of the hidden units that a round leaves out."""


@dataclass(frozen=True)
class PixelCnn:
    """Gated convolutions over the pixels above and to the left (Oord et al., arXiv:1606.05328)."""

    features: int = 32
    """Channels of each of the two stacks."""
    depth: int = 6
    """Layers."""
    radius: int = 1
    """How many rows up, and columns to each side, one layer sees."""
    reach: int = 3
    """The same of the first layer, for which it is cheap."""
    components: int = 0
    """Logistic laws in each number's mixture (Salimans et al., 2017); 0: a logit for each level."""
    dropout: float = 0.0
    """Share of each layer's gated units that a round leaves out."""


@dataclass(frozen=True)
class Autoregressive:
    """Exact maximum likelihood, one number after the other: one player."""

    networks: Fvsbn | Nade | Made | PixelCnn = field(default_factory=Made)
    conditional: bool = False
    """Whether the class is shown, where the data have classes."""
    weight_decay: float = 0.0
    """Decoupled decay of the weights, times the learning rate a round."""
    optimiser: Adam = field(default_factory=lambda: Adam(1e-3, (0.9, 0.999)))
