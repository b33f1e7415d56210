"""Games on tables of mixed columns."""

from __future__ import annotations

from dataclasses import dataclass, field

from counterplay.recipes.specs.moves import Adam

__all__ = ["Columns", "TypedAutoregressive", "TypedFlow", "TypedGan", "TypedVae"]


@dataclass(frozen=True)
class Columns:
    """Fully connected networks over the columns of a table."""

    width: int = 256
    """Units of each hidden layer."""
    depth: int = 2
    """Number of hidden layers, or of pairs of them where they are residual."""
    resolution: int = 64
    """Bins of a number's ranks; up to twice as many values have a bin each."""


def _move() -> Adam:
    return Adam(1e-3, (0.9, 0.999))


@dataclass(frozen=True)
class TypedAutoregressive:
    """Column after column by a masked network (Germain et al., 2015, arXiv:1502.03509)."""

    networks: Columns = field(default_factory=Columns)
    optimiser: Adam = field(default_factory=_move)


@dataclass(frozen=True)
class TypedVae:
    """A VAE with bins for numbers (Kingma and Welling, 2013, arXiv:1312.6114)."""

    networks: Columns = field(default_factory=Columns)
    latent: int = 16
    """Dimensions of the normal latent."""
    beta: float = 1.0
    """Weight of the KL term; 1 is the evidence bound."""
    optimiser: Adam = field(default_factory=_move)


@dataclass(frozen=True)
class TypedFlow:
    """A spline flow of columns brought to lines (Durkan et al., 2019, arXiv:1906.04032)."""

    networks: Columns = field(default_factory=lambda: Columns(128, 2))
    transforms: int = 4
    """Couplings, one after the other."""
    optimiser: Adam = field(default_factory=_move)


@dataclass(frozen=True)
class TypedGan:
    """Wasserstein's game on packs of rows (Xu et al., 2019, arXiv:1907.00503, section 4)."""

    networks: Columns = field(default_factory=Columns)
    latent: int = 64
    """Dimensions of the normal latent, beside the luck of categories."""
    penalty: float = 10.0
    """Weight of the gradient penalty."""
    critic_steps: int = 1
    """Rounds in which the critic moves for each in which the generator does."""
    pack: int = 8
    """Rows that the critic sees at once."""
    generator: Adam = field(default_factory=lambda: Adam(2e-4, (0.5, 0.9)))
    critic: Adam = field(default_factory=lambda: Adam(2e-4, (0.5, 0.9)))
