"""Adversarial games that also tell something of an example: its class, a code, a latent.

The critic's norm is that of every layer from the example to the critic's value. The heads that tell
a class or a code have no spectral norm: they are read by a likelihood, whose logits need the room.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from counterplay.recipes.specs.moves import Adam
from counterplay.recipes.specs.networks import Dcgan, Networks

__all__ = ["Acgan", "Bigan", "Infogan", "Warp"]


@dataclass(frozen=True)
class Acgan:
    """An auxiliary classifier in the critic (Odena et al., 2017, arXiv:1610.09585)."""

    networks: Networks = field(default_factory=Dcgan)
    cost: Literal["non_saturating", "saturating", "relativistic"] = "non_saturating"
    """What the two minimise besides the class term."""
    class_weight: float = 1.0
    """Weight of the class's cross entropy in both players' costs."""
    r1: float = 0.0
    """Weight of the critic's penalty on real examples (Mescheder et al., 2018); 0 is none."""
    features: int = 256
    """Units of the trunk's last layer, on which its heads stand."""
    latent: int = 64
    """Dimensions of the normal latent."""
    generator: Adam = field(default_factory=Adam)
    critic: Adam = field(default_factory=Adam)

    @property
    def conditional(self) -> bool:
        """Whether the game is shown classes: it always is."""
        return True


@dataclass(frozen=True)
class Warp:
    """What is done by chance to pictures, real and generated alike, before the trunk looks."""

    degrees: float = 0.0
    """The largest turn."""
    shear: float = 0.0
    """The largest shear, in widths to a height."""
    stretch: float = 0.0
    """Log of the largest stretch of width and height."""


@dataclass(frozen=True)
class Infogan:
    """A code that can be read off what is made of it (Chen et al., 2016, arXiv:1606.03657)."""

    networks: Networks = field(default_factory=Dcgan)
    cost: Literal["non_saturating", "saturating", "relativistic"] = "non_saturating"
    """What the two minimise besides the information."""
    information: float = 1.0
    """Weight of the information in both players' costs."""
    r1: float = 0.0
    """Weight of the critic's penalty on real examples (Mescheder et al., 2018); 0 is none."""
    categories: int = 10
    """Values of the code's category."""
    places: int = 2
    """The code's continuous parts, uniform on [-1, 1]; 0 is none."""
    noise: int = 62
    """Dimensions of the rest of the latent, uniform on [-1, 1]."""
    hidden: int = 1024
    """Units of the generator's first layer, before its pictures; 0: no such layer."""
    features: int = 1024
    """Units of the trunk's last layer, on which its heads stand."""
    warp: Warp = field(default_factory=Warp)
    generator: Adam = field(default_factory=lambda: Adam(1e-3))
    critic: Adam = field(default_factory=Adam)


@dataclass(frozen=True)
class Bigan:
    """An encoder beside the generator (Donahue et al., 2017, arXiv:1605.09782)."""

    networks: Networks = field(default_factory=Dcgan)
    cost: Literal["non_saturating", "relativistic"] = "non_saturating"
    """What the critic minimises, and the coder with both labels swapped."""
    posterior: Literal["exact", "drawn"] = "exact"
    """Whether the encoder is a function, or draws (ALI, Dumoulin et al., 2017)."""
    law: Literal["uniform", "normal"] = "normal"
    """Of the latent: uniform on [-1, 1], or standard normal."""
    paired: bool = True
    """Show the critic pairs; without, they are shuffled, and nothing ties encoder to generator."""
    r1: float = 0.0
    """Weight of the critic's penalty on real pairs (Mescheder et al., 2018); 0 is none."""
    r2: float = 0.0
    """Weight of the same penalty on generated pairs; 0 is none."""
    features: int = 512
    """Units of the critic's layers that see both members of a pair."""
    latent: int = 50
    """Dimensions of the latent."""
    coder: Adam = field(default_factory=Adam)
    critic: Adam = field(default_factory=Adam)
