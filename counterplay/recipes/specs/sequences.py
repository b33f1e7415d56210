"""Sequences of levels: sound and text."""

from __future__ import annotations

from dataclasses import dataclass, field

from counterplay.recipes.specs.moves import Adam

__all__ = ["Sequences", "WaveNet"]


@dataclass(frozen=True)
class WaveNet:
    """Dilated causal convolutions (van den Oord et al., 2016, arXiv:1609.03499)."""

    width: int = 32
    """Channels of the residual path; the gates have twice as many."""
    skips: int = 64
    """Channels of the skip path and of the layer after it."""
    depth: int = 10
    """Blocks of a cycle; their dilations are 1, 2, 4, and so on."""
    cycles: int = 2
    """Cycles, one after the other."""
    dropout: float = 0.0
    """Share of each block's gated units that a round leaves out."""


@dataclass(frozen=True)
class Sequences:
    """Maximum likelihood, one step after the other: exact, a game of one player."""

    networks: WaveNet = field(default_factory=WaveNet)
    conditional: bool = True
    """Whether the network is told the class, where the data have classes."""
    optimiser: Adam = field(default_factory=lambda: Adam(2e-3, (0.9, 0.999)))
