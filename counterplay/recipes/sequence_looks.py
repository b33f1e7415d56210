"""Looking at a game of sequences: its picture, its sound or text, what samples are compared by."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image

    from counterplay.data import Source
    from counterplay.metrics.features import Features
    from counterplay.recipes.samples import Sampler

__all__ = ["DRAWN", "DRAWN_REAL", "FEATURES", "KEPT", "usual"]

SOUNDS, TEXTS = 10, 4
"""Sequences on a picture."""

COUNTED = 4_096
"""Windows of text in which frequent characters are looked for."""


def draw(sampler: Sampler, source: Source, seed: int) -> Image.Image:
    """Return the picture of new sequences: one of each class, where the game is shown classes."""
    from counterplay.run.sequences import picture

    labels = _labels(sampler)
    return picture(_drawn(sampler, seed), _domain(source), labels)


def draw_real(source: Source) -> Image.Image:
    """Return the picture of real sequences: one of each class, where there are some."""
    from counterplay.run.sequences import picture

    domain = _domain(source)
    batch = source.examples("train", 1 if not domain.classes else 64 * SOUNDS)
    if batch.y is None:
        return picture(domain.decode(source.examples("train", _count(domain)).x).numpy(), domain)
    seen = batch.y.tolist()
    chosen = [seen.index(k) for k in range(min(SOUNDS, len(domain.classes))) if k in seen]
    labels = [seen[i] for i in chosen]
    return picture(domain.decode(batch.x[chosen]).numpy(), domain, labels)


def features(source: Source) -> list[Features]:
    """Return by what samples are compared with real examples."""
    from counterplay.metrics.sequence_features import grams, spectrum

    domain = _domain(source)
    if domain.symbols:
        return [grams(source.examples("train", COUNTED).x, domain.levels)]
    return [spectrum(domain.length, domain.levels, domain.rate)]


def usual(source: Source) -> None:
    """Leave the choice of features to the metrics."""


def keep_beside(sampler: Sampler, folder: Path, step: int, seed: int) -> Path:
    """Write the sequences of the picture of ``step`` as sound or text, and return the path."""
    from counterplay.run.files import write
    from counterplay.run.sequences import file_of

    ending, content = file_of(_drawn(sampler, seed), _domain(sampler))
    folder.mkdir(exist_ok=True)
    return write(folder / f"{step:08d}{ending}", content)


def _drawn(sampler: Sampler, seed: int) -> Any:
    labels = _labels(sampler)
    count = _count(_domain(sampler)) if labels is None else len(labels)
    return sampler.sample(count, labels, seed)


def _labels(sampler: Sampler) -> list[int] | None:
    return list(range(min(SOUNDS, len(sampler.share)))) if sampler.share else None


def _count(domain: Any) -> int:
    return TEXTS if domain.symbols else SOUNDS


def _domain(one: Source | Sampler) -> Any:
    return one.domain


KIND = "sequence"
DRAWN: dict[str, Callable[[Sampler, Source, int], Image.Image]] = {KIND: draw}
DRAWN_REAL: dict[str, Callable[[Source], Image.Image]] = {KIND: draw_real}
FEATURES: dict[str, Callable[[Source], list[Features] | None]] = {KIND: features}
KEPT: dict[str, Callable[[Sampler, Path, int, int], Path]] = {KIND: keep_beside}
"""By the kind of data, where it is looked at in a way of its own."""
