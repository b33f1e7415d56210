"""A generator against a critic, and all that is done to keep the two in balance."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from counterplay.recipes.specs.moves import Adam
from counterplay.recipes.specs.networks import Dcgan, Mlp, Pairs

__all__ = ["Augment", "Gan", "Penalties", "Tricks", "WganGp"]


@dataclass(frozen=True)
class Penalties:
    """What the critic pays besides r1 and r2: a weight each, 0 is none."""

    gradient: float = 0.0
    """The slope's distance from 1 between real and generated examples (Gulrajani et al., 2017)."""
    one_sided: float = 0.0
    """The same, of slopes above 1 only (Petzka et al., 2018)."""
    dragan: float = 0.0
    """The same as the first, around real examples (Kodali et al., 2017)."""
    drift: float = 0.0
    """Square of the critic's value of real examples (Karras et al., 2018)."""
    consistency: float = 0.0
    """Difference of its values of a real example and its augmentation (Zhang et al., 2020)."""
    every: int = 1
    """Rounds from one payment to the next, which weighs as many times as much; 1 for vectors."""


@dataclass(frozen=True)
class Tricks:
    """Ways to keep the balance, mostly of Salimans et al. (2016, arXiv:1606.03498)."""

    real_label: float = 1.0
    """What a logistic critic is taught of real examples; 0.9 is one-sided label smoothing."""
    fake_label: float = 0.0
    """What it is taught of generated ones; above 0 it pulls them to where they are already."""
    flips: float = 0.0
    """Share of the critic's labels that are wrong."""
    match_features: bool = False
    """Let the generator match the mean of the critic's features instead of its cost."""
    minibatch: Literal["none", "discrimination", "std"] = "none"
    """What the critic sees of the other examples of its batch."""
    history: float = 0.0
    """Weight of each player's distance from the mean of its own past."""
    instance_noise: float = 0.0
    """Standard deviation of noise on what the critic is shown, at the start."""
    noise_rounds: int = 10_000
    """Rounds in which that noise falls to 0."""


@dataclass(frozen=True)
class Augment:
    """What is done alike to real and generated pictures (Zhao et al., 2020, arXiv:2006.10738)."""

    colour: bool = False
    """Change brightness, saturation and contrast."""
    translation: bool = False
    """Move by up to an eighth of the side."""
    cutout: bool = False
    """Hide a square of half the side."""
    chance: float = 1.0
    """How often each is done, where that does not adapt."""
    adaptive: bool = False
    """Let the chance follow the critic's overfitting (Karras et al., 2020, arXiv:2006.06676)."""
    start: float = 0.0
    """The chance at the start, where it adapts."""
    target: float = 0.6
    """Of the mean sign of the critic's values of real examples, above which the chance grows."""
    examples: int = 500_000
    """Real examples that are shown while the chance goes from 0 to 1."""


@dataclass(frozen=True)
class Gan:
    """Adversarial nets (Goodfellow et al., 2014, arXiv:1406.2661), with any cost and any trick."""

    networks: Pairs = field(default_factory=Dcgan)
    cost: Literal[
        "non_saturating",
        "saturating",
        "maximum_likelihood",
        "least_squares",
        "hinge",
        "wasserstein",
        "relativistic",
        "kl",
        "reverse_kl",
        "pearson",
        "squared_hellinger",
        "jensen_shannon",
        "gan",
    ] = "non_saturating"
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
    critic_steps: int = 1
    """Rounds of the critic, each with a fresh batch, to one of the generator."""
    pack: int = 1
    """Examples that the critic judges together (Lin et al., 2018, arXiv:1712.04086)."""
    clip: float = 0.0
    """Bound of the critic's weights (Arjovsky et al., 2017, arXiv:1701.07875); 0 is none."""
    penalties: Penalties = field(default_factory=Penalties)
    tricks: Tricks = field(default_factory=Tricks)
    augment: Augment = field(default_factory=Augment)


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
