"""The table of a comparison: a row a game, means and spreads over its seeds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from counterplay.recipes.comparing.task import FAILED

__all__ = ["AXES", "Cell", "Row", "axis", "cell", "differ", "leaders", "row", "student"]


@dataclass(frozen=True)
class Cell:
    """A number of a game.

    Attributes:
        value: the mean over seeds.
        low: end of its interval: over the examples with one seed, over the seeds with more.
        high: the other end.
        reference: what real examples have in the samples' place, where that is asked.
        about: what the number is, where its name does not say all.
    """

    value: float
    low: float
    high: float
    reference: float | None = None
    about: str = ""

    @property
    def interval(self) -> tuple[float, float]:
        """Both ends."""
        return self.low, self.high


@dataclass(frozen=True)
class Row:
    """What came of a game.

    Attributes:
        name: the family.
        recipe: by which it was trained.
        cells: metric -> number.
        seeds: trainings that are in it.
        failed: reasons of the trainings that failed.
        verdicts: what the doctor said, one for each training.
    """

    name: str
    recipe: str = ""
    cells: Mapping[str, Cell] = field(default_factory=dict)
    seeds: int = 0
    failed: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()


AXES: dict[str, tuple[str, ...]] = {
    "quality": ("precision/judge", "precision/convolution", "precision/raw", "precision/pca"),
    "coverage": ("coverage/judge", "coverage/convolution", "coverage/raw", "coverage/pca"),
    "recall": ("recall/judge", "recall/convolution", "recall/raw", "recall/pca"),
    "distance": ("frechet/judge", "frechet/convolution", "frechet/raw", "frechet/pca"),
    "authenticity": (
        "authenticity/judge",
        "authenticity/convolution",
        "authenticity/raw",
        "authenticity/pca",
    ),
    "modes": ("modes",),
    "classes": ("class_share_min",),
    "utility": ("utility",),
    "detection": ("detection/boosting", "detection/logistic"),
    "columns": ("correlation", "contingency"),
    "confidence": ("confidence", "confident"),
    "likelihood": ("bits_per_dim", "nll"),
    "speed": ("samples_per_second",),
}
"""What is asked -> the metrics that answer it, the first that was measured."""

_PLAIN = (
    "samples_per_second",
    "samples_per_second_alone",
    "best_batch",
    "steps_per_sample",
    "parameters",
    "trained_seconds",
    "rounds",
)


def row(name: str, results: Sequence[Mapping[str, Any]]) -> Row:
    """Return the row of a game from the results of its trainings."""
    good = [each for each in results if FAILED not in each]
    names = dict.fromkeys(metric for each in good for metric in each["metrics"])
    measured = {
        metric: cell([each["metrics"][metric] for each in good if metric in each["metrics"]])
        for metric in names
    }
    plain = {
        metric: cell([{"value": each[metric]} for each in good if metric in each])
        for metric in _PLAIN
        if any(metric in each for each in good)
    }
    return Row(
        name,
        recipe=next((each.get("recipe", "") for each in results), ""),
        cells={**measured, **plain},
        seeds=len(good),
        failed=tuple(each[FAILED] for each in results if FAILED in each),
        verdicts=tuple(each.get("verdict", "") for each in good),
    )


def cell(entries: Sequence[Mapping[str, Any]]) -> Cell:
    """Return the mean of one metric over trainings.

    Its interval is the metric's own with one training. With more it is mean ± t √(s² / k), s² the
    variance over the k trainings and t Student's quantile for k − 1, and not narrower than the
    metrics' own on average: seeds that agree by chance do not make the test part larger.
    """
    values = [float(entry["value"]) for entry in entries]
    mean = sum(values) / len(values)
    halves = [_half(entry) for entry in entries]
    own = sum(halves) / len(halves)
    half = own
    if len(values) > 1:
        variance = sum((v - mean) ** 2 for v in values) / (len(values) - 1)
        half = max(own, student(len(values)) * math.sqrt(variance / len(values)))
    first = entries[0]
    low, high = _ends(first) if len(values) == 1 else (mean - half, mean + half)
    return Cell(mean, low, high, first.get("reference"), str(first.get("about", "")))


def student(k: int) -> float:
    """Return Student's quantile at 97.5 % for ``k`` values: 12.7 for two, 1.96 for many.

    >>> round(student(3), 3)
    4.303
    """
    from scipy.special import stdtrit

    return float(stdtrit(k - 1, 0.975))


def _half(entry: Mapping[str, Any]) -> float:
    low, high = _ends(entry)
    return (high - low) / 2


def _ends(entry: Mapping[str, Any]) -> tuple[float, float]:
    low, high = entry.get("interval", (entry["value"], entry["value"]))
    return float(low), float(high)


def axis(found: Row, name: str) -> Cell | None:
    """Return the cell that answers what is asked, one of :data:`AXES`, or ``None``."""
    return next((found.cells[m] for m in AXES[name] if m in found.cells), None)


def differ(a: Cell, b: Cell) -> bool:
    """Return whether two numbers differ, by the rule of all metrics."""
    from counterplay.metrics.measured import differ as apart

    return apart(a, b)


def leaders(rows: Iterable[Row], name: str, *, least: bool = False) -> list[Row]:
    """Return the best row by an axis, and those that do not differ from it, the best first."""
    asked = [(r, c) for r in rows if (c := axis(r, name)) is not None]
    asked.sort(key=lambda pair: pair[1].value if least else -pair[1].value)
    return [r for r, c in asked if not differ(c, asked[0][1])]
