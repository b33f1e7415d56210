"""The figures of one sample against the real one, each with its interval and its counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from torch import Tensor

from counterplay.metrics import classes
from counterplay.metrics.features import Features
from counterplay.metrics.frechet import Reference, frechet, frechet_error, frechet_floor, moments
from counterplay.metrics.intervals import Interval, around, held_interval, mean_interval, wilson
from counterplay.metrics.kid import kid
from counterplay.metrics.modes import count_modes
from counterplay.metrics.neighbours import authentic, neighbours
from counterplay.metrics.wasserstein import sliced_error, sliced_wasserstein

__all__ = [
    "COPIES",
    "Classifier",
    "Figure",
    "Figures",
    "HasModes",
    "Space",
    "class_figures",
    "copy_figures",
    "mode_figures",
    "space_figures",
]

K = 5
"""How many neighbours precision, recall, density and coverage look at."""

COPIES = 2000
"""How many examples are searched for in the whole training set."""

PROJECTIONS = 128
"""Over how many directions the sliced distance is averaged."""


class Classifier(Features, Protocol):
    """Features that also tell classes: a judge."""

    @property
    def accuracy(self) -> float:
        """The share of real examples, not trained on, of which it tells the class."""
        ...

    def classify(self, x: Tensor, /) -> Tensor:
        """Return the probabilities (N, K) of the classes."""
        ...


@runtime_checkable
class HasModes(Protocol):
    """The power of a law to have its modes counted."""

    @property
    def centres(self) -> Tensor | Sequence[Sequence[float]]:
        """The centres of the modes, (K, F)."""
        ...

    @property
    def std(self) -> float:
        """The standard deviation of each coordinate about each centre."""
        ...


@dataclass(frozen=True)
class Space:
    """The real side of one space of features, computed once.

    Attributes:
        features: what maps examples into the space.
        train: all training examples there, (T, F).
        real: the real sample there, (N, F).
        reference: the decomposed moments of ``real``.
    """

    features: Features
    train: Tensor
    real: Tensor
    reference: Reference


@dataclass(frozen=True)
class Figure:
    """One figure of one sample; its interval is computed only if somebody asks."""

    value: float
    interval: Callable[[], Interval]
    n_real: int
    n_generated: int
    features: str
    extra: tuple[tuple[str, Any], ...] = ()


Figures = dict[str, Figure]


def space_figures(space: Space, x: Tensor, seed: int) -> Figures:
    """Return the distances and the shares of features ``x`` (M, F), named ``metric/features``."""
    figures = _distances(space, x, seed) | _shares(space, x)
    return {f"{metric}/{space.features.name}": figure for metric, figure in figures.items()}


def copy_figures(space: Space, x: Tensor) -> Figures:
    """Return the authenticity of the first 2,000 features against the whole training set."""
    name, x = space.features.name, x[:COPIES]
    counts = len(space.train), len(x)
    figure = _share(authentic(x, space.train), *counts, name, (("split", "train"),))
    return {f"authenticity/{name}": figure}


def class_figures(
    judge: Classifier, counts: Tensor, sample: Tensor, condition: Tensor | None
) -> Figures:
    """Return what the judge says of a sample: confidence, classes, agreement with what was asked.

    ``counts`` (K,) are the real sample's classes as the judge sees them too, so that its own
    confusions cancel.
    """
    probabilities = judge.classify(sample)
    chosen = probabilities.argmax(1)
    seen = classes.class_counts(probabilities)
    least, most = int(seen.argmin()), int(seen.argmax())
    sizes = int(counts.sum()), len(sample), judge.name
    apart = classes.class_kl(seen, counts)
    figures = {
        "confident": _share(classes.confident(probabilities), *sizes),
        "class_share_min": _share(chosen == least, *sizes),
        "class_share_max": _share(chosen == most, *sizes),
        "class_kl": Figure(apart.value, lambda: around(*apart, 0.0), *sizes),
    }
    if len(sample) >= classes.LEAST * len(counts):
        value, interval = classes.classifier_score(probabilities)
        figures["classifier_score"] = Figure(value, lambda: interval, *sizes)
    if condition is not None:
        figures["agreement"] = _share(chosen == condition.to(chosen.device), *sizes)
    return figures


def mode_figures(law: HasModes, sample: Tensor, n_real: int) -> Figures:
    """Return the figures of modes of a sample in the law's own units."""
    found = count_modes(sample, law.centres, law.std)
    rest = n_real, len(sample), "law", (("scoring", found.scoring()),)
    return {
        "modes": Figure(float(found.covered), lambda: found.covered_interval, *rest),
        "high_quality": Figure(found.high_quality, lambda: found.high_quality_interval, *rest),
        "mode_kl": Figure(found.kl, lambda: found.kl_interval, *rest),
    }


def _distances(space: Space, x: Tensor, seed: int) -> Figures:
    real = space.real
    sizes = len(real), len(x), space.features.name
    value, kernel = frechet(space.reference, moments(x)), kid(real, x)
    sliced = sliced_wasserstein(real, x, projections=PROJECTIONS, seed=seed)
    floor = (("floor", frechet_floor(space.reference, len(x))),)

    def sliced_interval() -> Interval:
        return around(sliced, sliced_error(real, x, projections=PROJECTIONS, seed=seed), 0.0)

    return {
        "frechet": Figure(value, lambda: around(value, frechet_error(real, x), 0.0), *sizes, floor),
        "kid": Figure(kernel.value, lambda: around(*kernel), *sizes),
        "sliced": Figure(sliced, sliced_interval, *sizes),
    }


def _shares(space: Space, x: Tensor) -> Figures:
    found = neighbours(space.real, x, K)
    sizes = len(space.real), len(x), space.features.name
    density = float(found.dense.mean())
    return {
        "precision": _share(found.precise, *sizes),
        "recall": _held(found.recalled, found.sole_recall, *sizes),
        "density": Figure(density, lambda: mean_interval(found.dense), *sizes),
        "coverage": _held(found.covered, found.sole_cover, *sizes),
    }


def _held(found: Tensor, sole: Tensor, n_real: int, n_generated: int, features: str) -> Figure:
    """Return the figure of a share of real examples, which generated ones hold many at a time."""
    share = int(found.sum()) / len(found)
    return Figure(share, lambda: held_interval(found, sole), n_real, n_generated, features)


def _share(
    found: Tensor,
    n_real: int,
    n_generated: int,
    features: str,
    extra: tuple[tuple[str, Any], ...] = (),
) -> Figure:
    """Return the figure of a share, from the indicator of each example (N,)."""
    share = int(found.sum()) / len(found)
    return Figure(share, lambda: wilson(share, len(found)), n_real, n_generated, features, extra)
