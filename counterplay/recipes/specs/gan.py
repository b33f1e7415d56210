"""A generator against a critic."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from counterplay.recipes.specs.moves import Adam
from counterplay.recipes.specs.networks import Dcgan, Mlp, Pairs

__all__ = ["Gan", "WganGp"]


@dataclass(frozen=True)
class Gan:
    """Logistic costs (Goodfellow et al., 2014, arXiv:1406.2661)."""

    networks: Pairs = field(default_factory=Dcgan)
    cost: Literal["non_saturating", "saturating", "relativistic"] = "non_saturating"
    """What the two minimise; "relativistic" pairs real and generated examples."""
    r1: float = 0.0
    """Weight of the critic's penalty on real examples (Mescheder et al., 2018); 0 is none."""
    r2: float = 0.0
    """Weight of the same penalty on generated examples; 0 is none."""
    latent: int = 64
    """Dimensions of the normal latent."""
    conditional: bool = False
    """Show the class to both players, where the data has labels."""
    generator: Adam = field(default_factory=Adam)
    critic: Adam = field(default_factory=Adam)


@dataclass(frozen=True)
class WganGp:
    """Wasserstein costs with a gradient penalty (Gulrajani et al., 2017, arXiv:1704.00028)."""

    networks: Pairs = field(default_factory=Mlp)
    penalty: float = 10.0
    """Weight of the gradient penalty."""
    critic_steps: int = 5
    """Rounds of the critic, each with a fresh batch, to one of the generator."""
    latent: int = 64
    """Dimensions of the normal latent."""
    conditional: bool = False
    """Show the class to both players, where the data has labels."""
    generator: Adam = field(default_factory=lambda: Adam(1e-4, (0.5, 0.9)))
    critic: Adam = field(default_factory=lambda: Adam(1e-4, (0.5, 0.9)))
