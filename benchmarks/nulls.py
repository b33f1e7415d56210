"""How often each metric calls equal laws different: at most 5 % of trials is promised.

    python -m benchmarks.nulls [--only detection/logistic ...]

A trial has one real sample, a training set and two samples of one law, the real one; the two are
*called different* where :func:`counterplay.metrics.differ` says so. Kept in
``docs/metrics-nulls.json``, for ``docs/metrics.md``.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from counterplay.game import generator
from counterplay.laws import Normal, ring
from counterplay.metrics import raw, tabular
from counterplay.metrics.figures import (
    Figures,
    Space,
    class_figures,
    copy_figures,
    mode_figures,
    space_figures,
)
from counterplay.metrics.frechet import moments, reference
from counterplay.metrics.further import FURTHER
from counterplay.metrics.measured import HasInterval, Measured, differ
from counterplay.metrics.tabular_models import detection, utility
from counterplay.metrics.tabular_nearest import closer_to_training, copies, record_distance

ROOT = Path(__file__).resolve().parents[1]
FIGURES = ROOT / "docs" / "metrics-nulls.json"

TRIALS, N, FIRST = 200, 80, 10
"""Trials, examples of each sample, and the trials that a test measures anew."""

Found = Mapping[str, HasInterval]
Pair = Callable[[int], tuple[Found, Found]]


def normal(n: int, *words: object) -> Tensor:
    """Return ``n`` examples of N(0, I) in three dimensions."""
    return Normal(3).sample(n, generator("nulls", *words))


class ThreeParts:
    """A judge of three classes, which is what it is without being trained."""

    name, accuracy = "parts", 1.0
    ways = torch.tensor([[2.0, 0.0, 0.0], [-1.0, 2.0, 0.0], [-1.0, -2.0, 0.0]])

    def __call__(self, x: Tensor) -> Tensor:
        """Return the examples."""
        return x

    def classify(self, x: Tensor) -> Tensor:
        """Return the probabilities (N, 3)."""
        return (2 * x @ self.ways.T).softmax(1)


def usual(train: Tensor, real: Tensor, x: Tensor, trial: int) -> Found:
    """Return what is measured always."""
    space = Space(raw(), train, real, reference(moments(real)))
    judge = ThreeParts()
    counts = torch.bincount(judge.classify(real).argmax(1), minlength=3)
    found = space_figures(space, x, trial) | copy_figures(space, x)
    return _measured(found | class_figures(judge, counts, x, None))


def further(name: str, train: Tensor, real: Tensor, x: Tensor, trial: int) -> Found:
    """Return what is measured on demand."""
    return {name: FURTHER[name].measure(train, real, x, trial)}


def _measured(found: Figures) -> Found:
    return {name.split("/")[0]: Measured(f.value, f.interval()) for name, f in found.items()}


def modes(trial: int) -> tuple[Found, Found]:
    """Return figures of modes, of two samples of a ring."""
    law = ring()
    sides = (law.sample(N, generator("nulls", "ring", which, trial)) for which in "ab")
    one, two = (_measured(mode_figures(law, x, N)) for x in sides)
    return one, two


def rows(n: int, *words: object) -> np.ndarray:
    """Return rows of two numbers and two categories that depend on one another, some missing."""
    rng = np.random.default_rng(generator("nulls", "rows", *words).initial_seed())
    a = rng.normal(size=n)
    b = a + 0.5 * rng.normal(size=n)
    d = (a + 0.5 * rng.normal(size=n) > 0).astype(float)
    found = np.stack([a, b, rng.integers(3, size=n), d], 1)
    found[rng.random(n) < 0.1, 1] = np.nan
    return found


TABULAR: dict[str, Callable[..., Measured]] = {
    "ks": tabular.number_similarity,
    "tv": tabular.category_similarity,
    "correlation": tabular.correlation_similarity,
    "contingency": tabular.contingency_similarity,
    "utility": partial(utility, target=3),
    "utility, of a number": partial(utility, target=0),
    "detection/logistic": partial(detection, classifier="logistic"),
    "detection/boosting": detection,
}
NEAR = {"nearest": record_distance, "copies": copies}


def columns(name: str, trial: int) -> tuple[Found, Found]:
    """Return a figure of two tables of one law."""
    held, train = rows(N, "held", trial), rows(2 * N, "train", trial)
    nominal = (False, False, True, True)

    def one(x: np.ndarray) -> Found:
        if name == "closer_to_training":
            return {name: closer_to_training(train, held, x, nominal, trial)}
        if name in NEAR:
            return {name: NEAR[name](train, x, nominal, trial)}
        return {name: TABULAR[name](held, x, nominal, trial)}

    return one(rows(N, "a", trial)), one(rows(N, "b", trial))


def vectors(measure: Callable[..., Found], trial: int) -> tuple[Found, Found]:
    """Return figures of two samples of vectors of one law."""
    train, real = normal(2 * N, "train", trial), normal(N, "real", trial)
    one, two = (measure(train, real, normal(N, which, trial), trial) for which in "ab")
    return one, two


PAIRS: dict[str, Pair] = {
    "usual": partial(vectors, usual),
    "modes": modes,
    **{name: partial(vectors, partial(further, name)) for name in FURTHER},
    **{name: partial(columns, name) for name in (*TABULAR, *NEAR, "closer_to_training")},
}
"""What gives figures of two samples of one law: name -> (trial) -> both."""


def called(pair: Pair, trials: Iterable[int]) -> dict[str, list[int]]:
    """Return metric -> the trials in which two samples of one law are called different."""
    found: dict[str, list[int]] = {}
    for trial in trials:
        one, two = pair(trial)
        for name in one:
            found.setdefault(name, [])
            if name in two and differ(one[name], two[name]):
                found[name].append(trial)
    return found


def lines(kept: Mapping[str, list[int]]) -> str:
    """Return the table of the page."""
    head = ["| metric | called different, of 200 |", "|---|---|"]
    return "\n".join([*head, *(f"| {name} | {len(each)} |" for name, each in kept.items())]) + "\n"


def main() -> None:
    """Measure and keep; what is not measured again keeps what it had."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", choices=[*PAIRS], default=[*PAIRS])
    found: dict[str, list[int]] = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    for name in parser.parse_args().only:
        found |= called(PAIRS[name], range(TRIALS))
        print(name, flush=True)
    print({name: len(each) for name, each in found.items()})
    FIGURES.write_text(json.dumps(found).replace("], ", "],\n") + "\n")
    worst = max(map(len, found.values()))
    print(f"at most {worst} of {TRIALS}; {math.floor(0.05 * TRIALS)} are promised")


if __name__ == "__main__":
    main()
