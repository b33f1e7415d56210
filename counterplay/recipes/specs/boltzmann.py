"""Boltzmann machines: energies, and chains that dream of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from counterplay.recipes.specs.moves import Move

__all__ = ["Dbm", "Deep", "Rbm", "RealRestricted", "Restricted"]


@dataclass(frozen=True)
class Restricted:
    """Two layers of bits and weights between them (Smolensky, 1986)."""

    width: int = 500
    """Hidden bits."""


@dataclass(frozen=True)
class RealRestricted:
    """The same with real units that are seen, for grey pictures and for numbers of a table."""

    width: int = 16
    """Hidden bits."""
    deviation: float = 0.7
    """Standard deviation of the visible units given the hidden ones; data have one of about 1."""


@dataclass(frozen=True)
class Deep:
    """Three layers, of which the outer ones do not see each other (Salakhutdinov, Hinton, 2009)."""

    width: int = 500
    """Hidden bits of the layer that sees the data."""
    top_width: int = 1000
    """Hidden bits of the layer above it."""


def _descent() -> Move:
    return Move(0.05, (0.0, 0.999), rule="sgd")


@dataclass(frozen=True)
class Rbm:
    """A restricted Boltzmann machine by contrastive divergence (Hinton, 2002): one player."""

    networks: Restricted | RealRestricted = field(default_factory=Restricted)
    gibbs: int = 1
    """Gibbs steps of the chains in a round."""
    chains: int = 100
    """Chains that go on from round to round (Tieleman, 2008); 0: they start at the data."""
    burn: int = 200
    """Gibbs steps before a sample, where it cannot be drawn exactly."""
    optimiser: Move = field(default_factory=_descent)


@dataclass(frozen=True)
class Dbm:
    """A deep Boltzmann machine of two hidden layers: one player (Salakhutdinov, Hinton, 2009)."""

    networks: Deep = field(default_factory=Deep)
    gibbs: int = 5
    """Gibbs steps of the persistent chains in a round."""
    chains: int = 100
    """Chains that go on from round to round."""
    mean_field: int = 10
    """Passes over the hidden layers by which their probabilities given data are found."""
    burn: int = 200
    """Gibbs steps before a sample."""
    optimiser: Move = field(default_factory=lambda: Move(0.02, (0.0, 0.999), rule="sgd"))
