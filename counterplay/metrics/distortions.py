"""Distortions of real examples, from slight to strong: what is a metric blind to?

Each makes, of examples that were held out, what a generator with one fault would: noise on them,
blur, a shift, classes missing, few different examples, mixtures of pairs, copies of the training
set. A metric *sees* a fault when its value differs from that of the undistorted examples, by
:func:`~counterplay.metrics.measured.differ`, towards worse; it is *flattered* when towards better.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from counterplay.game import generator
from counterplay.metrics.evaluate import Prepared, prepare, score
from counterplay.metrics.features import Features
from counterplay.metrics.figures import Classifier
from counterplay.metrics.further import FURTHER
from counterplay.metrics.measured import Measured, differ

__all__ = ["BETTER", "DISTORTIONS", "Distortion", "Material", "measure", "verdict"]

BETTER = {
    "frechet": "less",
    "kid": "less",
    "sliced": "less",
    "precision": "more",
    "recall": "more",
    "density": "more",
    "coverage": "more",
    "authenticity": "nearer",
    "confident": "more",
    "class_kl": "less",
    "classifier_score": "more",
    **{name: metric.better for name, metric in FURTHER.items()},
}
"""The direction of better samples: "nearer" to the undistorted value either way."""


@dataclass(frozen=True)
class Material:
    """What distortions are made of: three samples of one law, and classes of one of them.

    Attributes:
        train: the training set, (T, …).
        real: what is measured against, (N, …).
        pool: the examples that are distorted, (P, …), P at least twice as many as are measured.
        classes: of the pool, int64 (P,).
        n: how many samples are measured.
    """

    train: Tensor
    real: Tensor
    pool: Tensor
    classes: Tensor
    n: int


Apply = Callable[[Material, float, torch.Generator], Tensor]


@dataclass(frozen=True)
class Distortion:
    """A fault, and three levels of it.

    Attributes:
        about: what is done, and what a level counts.
        levels: from slight to strong.
        apply: (material, level, generator) -> n distorted examples.
        pictures: whether it needs pictures.
    """

    about: str
    levels: tuple[float, float, float]
    apply: Apply
    pictures: bool = False


def _noise(on: Material, level: float, rng: torch.Generator) -> Tensor:
    x = on.pool[: on.n]
    return x + level * torch.randn(x.shape, generator=rng)


def _blur(on: Material, level: float, rng: torch.Generator) -> Tensor:
    x = on.pool[: on.n]
    smooth = functional.avg_pool2d(functional.pad(x, (1, 1, 1, 1), mode="replicate"), 3, 1)
    return (1 - level) * x + level * smooth


def _shift(on: Material, level: float, rng: torch.Generator) -> Tensor:
    x = on.pool[: on.n]
    if x.dim() == 2:
        return x + level
    whole = int(level)
    near, far = x.roll(whole, -1), x.roll(whole + 1, -1)
    return near + (level - whole) * (far - near)


def _missing(on: Material, level: float, rng: torch.Generator) -> Tensor:
    return on.pool[on.classes >= level][: on.n]


def _few(on: Material, level: float, rng: torch.Generator) -> Tensor:
    return on.pool[torch.randint(int(level), (on.n,), generator=rng)]


def _mixed(on: Material, level: float, rng: torch.Generator) -> Tensor:
    return (1 - level) * on.pool[: on.n] + level * on.pool[on.n : 2 * on.n]


def _copies(on: Material, level: float, rng: torch.Generator) -> Tensor:
    copied = round(level * on.n)
    chosen = torch.randperm(len(on.train), generator=rng)[:copied]
    return torch.cat([on.train[chosen], on.pool[: on.n - copied]])


DISTORTIONS: dict[str, Distortion] = {
    "noise": Distortion("normal noise of this deviation", (0.1, 0.25, 0.5), _noise),
    "blur": Distortion("this share of a mean over 3×3 pixels", (0.2, 0.5, 1.0), _blur, True),
    "shift": Distortion("by so many pixels, or units", (0.25, 0.5, 1.0), _shift),
    "classes": Distortion("so many of ten classes missing", (1, 3, 5), _missing),
    "few": Distortion("so many different examples, repeated", (150, 100, 50), _few),
    "mix-up": Distortion("this share of another example", (0.1, 0.25, 0.5), _mixed),
    "copies": Distortion("this share copied from the training set", (0.1, 0.5, 1.0), _copies),
}
"""Name -> fault."""

Values = dict[str, dict[str, list[float]]]
"""Fault -> metric -> for each level the value, the interval's ends: three numbers a level."""


def measure(
    on: Material,
    features: Features,
    levels: tuple[int, ...] = (0, 1, 2),
    seed: int = 0,
    judge: Classifier | None = None,
) -> Values:
    """Measure every metric on every distortion at these of its levels; "none" is the undistorted.

    Args:
        on: the material.
        features: the space.
        levels: which of a fault's three.
        seed: of the distortions, and of the metrics.
        judge: a classifier, whose own metrics are measured too.
    """
    names = tuple(name for name in FURTHER if name != "parzen")
    prepared = prepare(
        on.train, on.real, [features], judge=judge, samples=on.n, seed=seed, metrics=names
    )
    found: Values = {"none": _scored(on.pool[: on.n], prepared, {})}
    for name, fault in DISTORTIONS.items():
        if fault.pictures and on.pool.dim() == 2:
            continue
        found[name] = {}
        for level in levels:
            rng = generator(seed, "distortion", name)
            _scored(fault.apply(on, fault.levels[level], rng), prepared, found[name])
    return found


def _scored(x: Tensor, prepared: Prepared, into: dict[str, list[float]]) -> dict[str, list[float]]:
    entries: Mapping[str, Any] = score(x, prepared, ema=False)["metrics"]
    for name, entry in entries.items():
        metric = name.split("/")[0]
        if metric in BETTER:
            into.setdefault(metric, []).extend([entry["value"], *entry["interval"]])
    return into


def verdict(metric: str, clean: list[float], distorted: list[float]) -> str:
    """Return for each level "●" where the metric sees the fault, "▲" where flattered, else "○"."""
    base, marks = Measured(clean[0], (clean[1], clean[2])), ""
    for i in range(0, len(distorted), 3):
        found = Measured(distorted[i], (distorted[i + 1], distorted[i + 2]))
        better = (found.value < base.value) == (BETTER[metric] == "less")
        flattered = better and BETTER[metric] != "nearer"
        marks += ("▲" if flattered else "●") if differ(found, base) else "○"
    return marks
