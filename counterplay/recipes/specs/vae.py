"""Variational auto-encoders."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from counterplay.recipes.specs.coders import Coders, Dense
from counterplay.recipes.specs.moves import Adam
from counterplay.recipes.specs.networks import Dcgan, Mlp

__all__ = ["Dfc", "Hierarchical", "Iaf", "Iwae", "MeanField", "Vae", "VaeGan"]


def _adam() -> Adam:
    return Adam(1e-3, (0.9, 0.999))


@dataclass(frozen=True)
class MeanField:
    """A posterior of independent normal latents."""


@dataclass(frozen=True)
class Iaf:
    """A posterior refined by inverse autoregressive flow (Kingma et al., 2016, 1606.04934)."""

    transforms: int = 2
    """Steps of the flow, each in the reverse order of the one before."""
    width: int = 320
    """Units of each step's hidden layers."""
    depth: int = 1
    """Number of its hidden layers."""
    context: int = 64
    """Numbers that the encoder tells the flow."""


@dataclass(frozen=True)
class Vae:
    """A variational auto-encoder (Kingma and Welling, 2013, arXiv:1312.6114): one player."""

    networks: Dcgan | Mlp | Coders = field(default_factory=Dcgan)
    latent: int = 16
    """Dimensions of the normal latent."""
    beta: float = 1.0
    """Weight of the KL term; 1 is the evidence bound."""
    optimiser: Adam = field(default_factory=_adam)
    decoder: Literal["gaussian", "bernoulli", "logistic"] = "gaussian"
    """What the decoder says: a density, or a mass of two levels, or of all that the data have."""
    spread: Literal["shared", "pixel"] = "shared"
    """The scale of the gaussian and the logistic: one for all numbers, or one for each."""
    warm_up: int = 0
    """Rounds in which the KL term's weight grows from 0 to its own."""
    free_bits: float = 0.0
    """Nats that each latent is free to spend, on the batch's average."""
    posterior: MeanField | Iaf = field(default_factory=MeanField)
    deviation: float | None = None
    """The scale of the gaussian and the logistic where it is known; none: learned, as spread is."""
    draws: Literal["one", "cubature"] = "one"
    """Of the posterior, for each example in a round: at random, or 2 a latent on fixed places."""


@dataclass(frozen=True)
class Iwae:
    """An importance weighted auto-encoder (Burda et al., 2015, arXiv:1509.00519)."""

    networks: Coders = field(default_factory=Dense)
    latent: int = 50
    """Dimensions of the normal latent."""
    samples: int = 5
    """Importance samples of the bound that is maximised."""
    optimiser: Adam = field(default_factory=_adam)
    decoder: Literal["gaussian", "bernoulli", "logistic"] = "bernoulli"
    """What the decoder says: a density, or a mass of two levels, or of all that the data have."""
    spread: Literal["shared", "pixel"] = "shared"
    """The scale of the gaussian and the logistic: one for all numbers, or one for each."""
    warm_up: int = 0
    """Rounds in which the prior's weight in a draw's own grows from 0 to 1."""
    estimator: Literal["plain", "doubly"] = "plain"
    """Of the gradient: autograd's, or doubly reparameterised (Tucker et al., 2018, 1810.04152)."""


@dataclass(frozen=True)
class Hierarchical:
    """Layers of latents; by a ladder as in Sønderby et al. (2016, arXiv:1602.02282)."""

    networks: Coders = field(default_factory=Dense)
    latents: tuple[int, ...] = (32, 16)
    """Latents of each layer from the data upwards; with pictures' networks, at each place."""
    infer: Literal["top_down", "bottom_up"] = "top_down"
    """Latents after the layer above and with the data (a ladder), or after the layer below."""
    beta: float = 1.0
    """Weight of the KL terms; 1 is the evidence bound."""
    warm_up: int = 0
    """Rounds in which the KL terms' weight grows from 0 to its own."""
    free_bits: float = 0.0
    """Nats that each latent is free to spend, on the batch's average."""
    optimiser: Adam = field(default_factory=_adam)
    decoder: Literal["gaussian", "bernoulli", "logistic"] = "bernoulli"
    """What the decoder says: a density, or a mass of two levels, or of all that the data have."""
    spread: Literal["shared", "pixel"] = "shared"
    """The scale of the gaussian and the logistic: one for all numbers, or one for each."""


@dataclass(frozen=True)
class Dfc:
    """A VAE that compares features of pictures (Hou et al., 2016, arXiv:1610.00291)."""

    networks: Coders = field(default_factory=Dense)
    latent: int = 16
    """Dimensions of the normal latent."""
    beta: float = 1.0
    """Weight of the KL term."""
    pixels: float = 0.5
    """Weight of the pixels' own squared error beside that of the features."""
    taps: Literal["random", "taught"] = "taught"
    """The frozen convolutions whose features are compared: untrained, or first trained on turns."""
    optimiser: Adam = field(default_factory=_adam)


def _judge() -> Adam:
    return Adam(2e-4, (0.5, 0.999))


@dataclass(frozen=True)
class VaeGan:
    """A VAE whose error a critic's features measure (Larsen et al., 2016, arXiv:1512.09300)."""

    networks: Dcgan | Mlp = field(default_factory=Dcgan)
    latent: int = 16
    """Dimensions of the normal latent."""
    beta: float = 0.05
    """Weight of the KL term. Features differ by little: at 1 no latent would be used."""
    gamma: float = 1.0
    """Weight of the features' error in the decoder's cost, beside the critic's verdict."""
    encoder: Adam = field(default_factory=_adam)
    decoder: Adam = field(default_factory=_judge)
    critic: Adam = field(default_factory=_judge)
