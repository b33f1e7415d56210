"""Networks, sized for the data when they are built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "Dcgan",
    "Growing",
    "Mlp",
    "Modern",
    "Networks",
    "Pairs",
    "Parted",
    "Points",
    "Residual",
    "Styled",
    "Tiny",
]


@dataclass(frozen=True)
class Dcgan:
    """Convolutional networks (Radford et al., 2015, arXiv:1511.06434), for pictures."""

    width: int = 64
    """Channels of the generator's widest picture; they double where the picture halves."""
    critic_width: int | None = None
    """The critic's, likewise; none: as wide as the generator."""
    inner: int = 0
    """Convolutions of 3x3 that each network has besides, on its smallest grid."""
    upsample: Literal["transposed", "uneven", "resize"] = "transposed"
    """How the generator enlarges: transposed convolution of 4x4 or 3x3, or resize and convolve."""
    critic_norm: Literal["none", "batch", "group", "spectral"] = "batch"
    """The critic's normalisation; a gradient penalty refuses "batch"."""
    condition: Literal["concatenation", "batch_norm"] = "concatenation"
    """How a generator is shown the class: beside its latent, or by each class's own batch norm."""
    critic_condition: Literal["projection", "concatenation", "none"] = "projection"
    """How a critic is shown the class: by projection, as planes beside the picture, or not."""
    generator_norm: Literal["batch", "none", "pixel", "reference", "virtual"] = "batch"
    """The generator's normalisation; "reference" and "virtual" look at a fixed batch of latents."""


@dataclass(frozen=True)
class Mlp:
    """Fully connected networks with ReLU, for vectors, and for pictures row after row."""

    width: int = 512
    """Units of each hidden layer."""
    depth: int = 3
    """Number of hidden layers."""


@dataclass(frozen=True)
class Residual:
    """Residual networks (Miyato et al., 2018, arXiv:1802.05957), for pictures."""

    width: int = 64
    """Channels of the generator's widest picture; they double where the picture halves."""
    critic_width: int | None = None
    """The critic's, likewise; none: as wide as the generator."""
    inner: int = 1
    """Blocks that the critic has besides, on its smallest grid."""
    attention: bool = False
    """Let a layer of each network look at a whole grid (Zhang et al., 2019, arXiv:1805.08318)."""
    critic_norm: Literal["none", "batch", "group", "spectral"] = "spectral"
    """The critic's normalisation; a gradient penalty refuses "batch"."""
    generator_norm: Literal["batch", "none", "pixel", "reference", "virtual"] = "batch"
    """The generator's normalisation; "reference" and "virtual" look at a fixed batch of latents."""


@dataclass(frozen=True)
class Modern:
    """Residual networks without norms (Huang et al., 2024, arXiv:2501.05441), for pictures."""

    width: int = 32
    """Channels of the generator's widest picture; they double where the picture halves."""
    critic_width: int | None = None
    """The critic's, likewise; none: as wide as the generator."""
    depth: int = 1
    """Residual blocks on each grid."""


@dataclass(frozen=True)
class Growing:
    """Networks that grow with the picture (Karras et al., 2018, arXiv:1710.10196)."""

    width: int = 32
    """Channels at the picture's own size; they double where the picture halves."""
    critic_width: int | None = None
    """The critic's, likewise; none: as wide as the generator."""


@dataclass(frozen=True)
class Styled:
    """A generator by styles and a residual critic (Karras et al., 2020, arXiv:1912.04958)."""

    width: int = 32
    """Channels at the picture's own size; they double where the picture halves."""
    critic_width: int | None = None
    """The critic's, likewise; none: as wide as the generator."""
    style: int = 64
    """Numbers of a style."""
    depth: int = 4
    """Layers of the mapping from latents to styles."""
    skip: bool = True
    """Sum up what each grid says of the picture; else the last grid says all of it."""
    rate: float = 0.01
    """How many times as fast as other layers the mapping learns."""
    kinds: int = 0
    """Latent numbers to a choice among as many kinds, in the first half of them; 0: no choices."""
    placed: bool = False
    """Start from features at a place that the first style tells, for pictures of one thing."""
    bounded: bool = False
    """Pictures go through tanh."""
    critic: Literal["residual", "strided"] = "residual"
    """Its blocks: the published ones, or convolutions with strides, a quarter as slow."""


@dataclass(frozen=True)
class Parted:
    """A generator told where, what and of which colour by parts of the latent, for one thing."""

    width: int = 32
    """Channels of the generator's widest picture; they double where the picture halves."""
    critic_width: int | None = None
    """The critic's, likewise; none: as wide as the generator. It has no norm."""
    inner: int = 1
    """Convolutions of 3x3 that the critic has besides, on its smallest grid."""


@dataclass(frozen=True)
class Tiny:
    """Networks with a critic weaker than the generator (Metz et al., 2017), for pictures."""

    width: int = 8
    """Channels of the generator's widest picture; they double where the picture halves."""
    critic_width: int = 2
    """The critic's, likewise."""
    critic_norm: Literal["none", "batch", "group", "spectral"] = "batch"
    """The critic's normalisation; a gradient penalty refuses "batch"."""


Networks = Dcgan | Mlp
"""Networks that come as a generator, a critic, and an encoder."""


@dataclass(frozen=True)
class Points:
    """Perceptrons for points in the plane, as in the papers on lost modes."""

    width: int = 128
    """Units of each of the generator's hidden layers."""
    depth: int = 2
    """Number of its hidden layers."""
    critic_width: int | None = None
    """The critic's, likewise; none: as wide as the generator."""
    critic_depth: int | None = None
    """Number of its hidden layers; none: as many as the generator's."""
    activation: Literal["relu", "leaky", "tanh", "maxout"] = "relu"
    """Between the generator's layers."""
    critic_activation: Literal["relu", "leaky", "tanh", "maxout"] = "relu"
    """Between the critic's layers."""
    batch_norm: bool = False
    """Batch norm in the generator."""
    weights: Literal["he", "normal", "orthogonal"] = "he"
    """How weights begin: N(0, 2 / inputs), N(0, 0.02²), or orthogonal with a gain of 2."""


Pairs = Dcgan | Mlp | Residual | Modern | Parted | Points | Tiny
"""Networks that come as a generator and a critic."""
