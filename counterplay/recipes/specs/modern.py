"""Games of networks that grow, and of a generator by styles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from counterplay.recipes.specs.moves import Adam
from counterplay.recipes.specs.networks import Growing, Styled

__all__ = ["Progressive", "Style"]


@dataclass(frozen=True)
class Progressive:
    """A Wasserstein game that grows level by level (Karras et al., 2018, arXiv:1710.10196)."""

    networks: Growing = field(default_factory=Growing)
    steady: int = 1000
    """Rounds at each level once it is wholly there."""
    fade: int = 1000
    """Rounds in which a level appears."""
    penalty: float = 10.0
    """Weight of the gradient penalty."""
    drift: float = 1e-3
    """Weight of the square of the critic's values of real examples."""
    critic_steps: int = 1
    """Rounds of the critic, each with a fresh batch, to one of the generator."""
    latent: int = 64
    """Dimensions of the normal latent."""
    generator: Adam = field(default_factory=lambda: Adam(1e-3, (0.0, 0.99)))
    critic: Adam = field(default_factory=lambda: Adam(1e-3, (0.0, 0.99)))


@dataclass(frozen=True)
class Style:
    """A generator by styles (Karras et al., 2020, arXiv:1912.04958) against a critic with R1."""

    networks: Styled = field(default_factory=Styled)
    cost: Literal["non_saturating", "relativistic"] = "non_saturating"
    """What the two minimise; "relativistic" pairs real and generated examples."""
    r1: float = 1.0
    """Weight of the critic's penalty on real examples; 0 is none."""
    r2: float = 0.0
    """Weight of the same penalty on generated examples; 0 is none."""
    r1_every: int = 1
    """Rounds to one in which those penalties are paid, as many times as large."""
    mixing: float = 0.9
    """Share of the examples whose layers have the styles of two latents."""
    path: float = 2.0
    """Weight of the path length's variance; 0 is none."""
    path_every: int = 4
    """Rounds to one in which the path length is looked at."""
    latent: int = 64
    """Dimensions of the normal latent."""
    generator: Adam = field(default_factory=lambda: Adam(2e-3, (0.0, 0.99)))
    critic: Adam = field(default_factory=lambda: Adam(2e-3, (0.0, 0.99)))
