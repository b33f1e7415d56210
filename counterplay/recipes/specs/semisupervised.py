"""Games of a classifier: few labels among many examples, and pictures by their pyramid."""

from __future__ import annotations

from dataclasses import dataclass, field

from counterplay.recipes.specs.moves import Adam

__all__ = ["CatGan", "Lapgan", "Noisy", "Pyramid", "SemiSupervised"]


@dataclass(frozen=True)
class Noisy:
    """Fully connected networks with normed weights and noise (Salimans et al., 2016)."""

    width: int = 1000
    """Units of the classifier's first hidden layer; then a half and three times a quarter."""
    generator_width: int = 500
    """Units of the generator's two hidden layers."""
    input_noise: float = 0.3
    """Standard deviation of the noise on the example, of which the values are 0 to 1."""
    hidden_noise: float = 0.5
    """That of the noise on hidden units."""


def _published() -> Adam:
    # Published with an epsilon of 1e-8 inside the square root, which is its root outside.
    return Adam(3e-3, (0.5, 0.999), 1e-4)


@dataclass(frozen=True)
class SemiSupervised:
    """Classes and a fake one, features matched (Salimans et al., 2016, arXiv:1606.03498)."""

    networks: Noisy = field(default_factory=Noisy)
    latent: int = 100
    """Dimensions of the uniform latent."""
    unsupervised: float = 1.0
    """Weight of what is learnt from examples without labels; 0 is the classifier by itself."""
    generator: Adam = field(default_factory=_published)
    critic: Adam = field(default_factory=_published)
    triples = True  # no field: batches are triples, which data.few makes


@dataclass(frozen=True)
class CatGan:
    """Classes of sure and balanced verdicts (Springenberg, 2016, arXiv:1511.06390)."""

    networks: Noisy = field(default_factory=Noisy)
    latent: int = 100
    """Dimensions of the uniform latent."""
    supervised: float = 1.0
    """Weight of what is learnt from labels; 0 is clustering."""
    generator: Adam = field(default_factory=_published)
    critic: Adam = field(default_factory=_published)
    triples = True  # no field: batches are triples, which data.few makes


@dataclass(frozen=True)
class Pyramid:
    """Networks of a Laplacian pyramid (Denton et al., 2015): convolutions at each level's size."""

    width: int = 24
    """Channels of a level's hidden layers; 64 as published."""
    reach: int = 2
    """Their generators' kernels are 2 reach + 1 wide; 3 as published."""
    levels: int = 2
    """Levels that have residuals; each halves the picture's side."""
    coarse_width: int = 256
    """Units of the hidden layers of the coarsest level's fully connected networks."""


@dataclass(frozen=True)
class Lapgan:
    """A pyramid of games, coarse to fine (Denton et al., 2015, arXiv:1506.05751)."""

    networks: Pyramid = field(default_factory=Pyramid)
    latent: int = 64
    """Dimensions of the coarsest level's normal latent."""
    r1: float = 0.1
    """Weight of every critic's penalty on real examples; none as published."""
    generator: Adam = field(default_factory=lambda: Adam(5e-4, (0.5, 0.999)))
    critic: Adam = field(default_factory=lambda: Adam(5e-4, (0.5, 0.999)))
