"""What a whole run is, as data: a tree of frozen dataclasses, and no torch anywhere near it.

A recipe is a plain function that returns a :class:`Recipe`. The line below each field is its
help on the command line; its range stands in :mod:`counterplay.recipes.check`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from counterplay.recipes.specs.autoencoders import Autoencoder, Denoiser
from counterplay.recipes.specs.autoregressive import (
    Autoregressive,
    Fvsbn,
    Made,
    Nade,
    PixelCnn,
)
from counterplay.recipes.specs.boltzmann import Dbm, Rbm, RealRestricted, Restricted
from counterplay.recipes.specs.coders import Dense, Picture
from counterplay.recipes.specs.flows import Flow, PictureFlow, VectorFlow
from counterplay.recipes.specs.gan import Gan, WganGp
from counterplay.recipes.specs.inferential import Acgan, Bigan, Infogan
from counterplay.recipes.specs.modern import Progressive, Style
from counterplay.recipes.specs.moves import Adam
from counterplay.recipes.specs.networks import (
    Dcgan,
    Growing,
    Mlp,
    Modern,
    Parted,
    Points,
    Residual,
    Styled,
    Tiny,
)
from counterplay.recipes.specs.semisupervised import CatGan, Lapgan, SemiSupervised
from counterplay.recipes.specs.sequences import Sequences
from counterplay.recipes.specs.typed import (
    Columns,
    TypedAutoregressive,
    TypedFlow,
    TypedGan,
    TypedVae,
)
from counterplay.recipes.specs.vae import Dfc, Hierarchical, Iaf, Iwae, MeanField, Vae, VaeGan

__all__ = [
    "TYPES",
    "Acgan",
    "Adam",
    "Autoencoder",
    "Autoregressive",
    "Bigan",
    "CatGan",
    "Columns",
    "Data",
    "Dbm",
    "Dcgan",
    "Denoiser",
    "Dense",
    "Dfc",
    "Dynamics",
    "Flow",
    "Fvsbn",
    "Gan",
    "Growing",
    "Hierarchical",
    "Iaf",
    "Infogan",
    "Iwae",
    "Lapgan",
    "Made",
    "MeanField",
    "Mlp",
    "Modern",
    "Nade",
    "Parted",
    "Picture",
    "PictureFlow",
    "PixelCnn",
    "Points",
    "Progressive",
    "Promise",
    "Rbm",
    "RealRestricted",
    "Recipe",
    "Residual",
    "Restricted",
    "SemiSupervised",
    "Sequences",
    "Style",
    "Styled",
    "Tiny",
    "TypedAutoregressive",
    "TypedFlow",
    "TypedGan",
    "TypedVae",
    "Vae",
    "VaeGan",
    "VectorFlow",
    "WganGp",
]


GameSpec = (
    Gan
    | WganGp
    | TypedAutoregressive
    | TypedVae
    | TypedFlow
    | TypedGan
    | Vae
    | Iwae
    | Hierarchical
    | Dfc
    | VaeGan
    | Autoencoder
    | Denoiser
    | Acgan
    | Infogan
    | Bigan
    | SemiSupervised
    | Sequences
    | CatGan
    | Lapgan
    | Progressive
    | Style
    | Autoregressive
    | Rbm
    | Dbm
    | Flow
)


@dataclass(frozen=True)
class Data:
    """What is learnt from."""

    source: str = "digits"
    """A known name (see `counterplay list`) or a path; empty: yours, said when training."""
    size: int | None = None
    """Side of the pictures, which are resized and cropped to it; none: chosen from the data."""
    length: int | None = None
    """Steps of a window of sound or text; none: chosen from the data."""
    batch: int = 64
    """Examples in a round, over all processes."""
    labels: str | None = None
    """The column of a table that holds the classes; none: whatever labels the data brings."""
    drop: tuple[str, ...] = ()
    """Columns of a table to leave out."""
    types: tuple[str, ...] = ()
    """What columns of a table are, as name=kind, where it is not found out right; vector: numbers
    that are no mixed columns."""
    few: int | None = None
    """Labels that are seen of each class, for a game that learns from few; none: all."""
    draw: int | None = None
    """Seed of which labels those are; none: the run's."""
    binarise: Literal["no", "threshold", "fixed", "fresh"] = "no"
    """Pictures of two levels: cut at one half, drawn once by their grey values, or each round."""


@dataclass(frozen=True)
class Dynamics:
    """How a round is played."""

    rule: Literal[
        "alternating", "simultaneous", "extragradient", "optimistic", "consensus", "unrolled"
    ] = "alternating"
    """The order and the gradients of the players' moves."""
    gamma: float = 10.0
    """Weight of the regulariser, for "consensus" alone."""
    look_ahead: int = 5
    """The critic's steps that the generator looks through, for "unrolled" alone."""
    rate: float = 1e-3
    """The size of those steps."""
    look_by: Literal["descent", "adam"] = "descent"
    """How those steps are made."""


@dataclass(frozen=True)
class Recipe:
    """A whole run: the data, the game, and how it is played, watched and kept."""

    name: str
    """The recipe's name."""
    data: Data = field(default_factory=Data)
    game: GameSpec = field(default_factory=Gan)
    steps: int = 1000
    """Rounds to play."""
    seed: int = 0
    """Decides the weights, the noise and the order of the data."""
    dynamics: Dynamics = field(default_factory=Dynamics)
    decay: float = 0.0
    """Share of the rounds, the last ones, in which the learning rates fall linearly to zero."""
    ema: float = 0.0
    """Half-life, in rounds, of the averaged copy that samples and metrics use; 0 is no copy."""
    precision: Literal["auto", "float32", "bf16"] = "auto"
    """Numbers of the networks; penalties are always float32. auto: bf16 where it is fast."""
    accumulate: int = 1
    """Parts in which a batch is played, to save memory."""
    log_every: int = 10
    """Rounds between lines of metrics.jsonl."""
    look_every: int = 500
    """Rounds between sample grids and quick metrics."""
    checkpoint_every: int = 500
    """Rounds between checkpoints."""
    keep: int = 2
    """How many of the last checkpoints stay, beside the best."""
    finish: Literal["last", "best"] = "last"
    """The networks a run ends with: the last, or those that ranked best on the validation part."""
    patience: int = 0
    """Looks without a better one after which a run ends; 0: it never ends for that."""
    budget: float | None = None
    """Minutes after which the run ends well, even before its last step; none: no limit."""


@dataclass(frozen=True)
class Promise:
    """A number that a recipe must reach, and where the published one stands.

    Attributes:
        metric: a name among the metrics of ``evaluate``.
        what: one line for a reader.
        at_least: the lower bound, or ``None``.
        at_most: the upper bound, or ``None``.
        published: the published value, or ``None`` where nobody published one.
        citation: its source.
        relative: whether the bounds multiply the value of real against real.
    """

    metric: str
    what: str
    at_least: float | None = None
    at_most: float | None = None
    published: float | None = None
    citation: str = ""
    relative: bool = False


TYPES: dict[str, type] = {
    "typed-autoregressive": TypedAutoregressive,
    "typed-flow": TypedFlow,
    "typed-gan": TypedGan,
    "typed-vae": TypedVae,
    "gan": Gan,
    "wgan-gp": WganGp,
    "vae": Vae,
    "iwae": Iwae,
    "hierarchical": Hierarchical,
    "dfc": Dfc,
    "vae-gan": VaeGan,
    "autoencoder": Autoencoder,
    "denoiser": Denoiser,
    "mean-field": MeanField,
    "iaf": Iaf,
    "dense": Dense,
    "picture": Picture,
    "acgan": Acgan,
    "infogan": Infogan,
    "bigan": Bigan,
    "semi-supervised": SemiSupervised,
    "catgan": CatGan,
    "lapgan": Lapgan,
    "dcgan": Dcgan,
    "mlp": Mlp,
    "points": Points,
    "residual": Residual,
    "modern": Modern,
    "tiny": Tiny,
    "parted": Parted,
    "progressive": Progressive,
    "style": Style,
    "sequences": Sequences,
    "autoregressive": Autoregressive,
    "fvsbn": Fvsbn,
    "nade": Nade,
    "made": Made,
    "pixelcnn": PixelCnn,
    "rbm": Rbm,
    "dbm": Dbm,
    "restricted": Restricted,
    "real-restricted": RealRestricted,
    "flow": Flow,
    "vector-flow": VectorFlow,
    "picture-flow": PictureFlow,
}
"""The ``type:`` tags of YAML, for the fields that hold one of several kinds."""
