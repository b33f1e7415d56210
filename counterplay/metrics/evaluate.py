"""Every metric that applies, on generated samples and on real ones in their place.

A figure alone says little: no ideal value is 0 or 1. So each stands beside its *reference*, the
same metric with as many *training* examples in the place of the generated ones, against the same
real sample. Authenticity is the exception: it asks how close samples are to the training set, and
its reference is the real sample's (the held-out examples') own closeness. Features fitted to the
training set (``pca``, a judge) know it a little better than the real sample, the less the larger
it is: there a perfect generator may do slightly better than the reference.

Nothing is rescaled, quantised or saved on the way. Images outside [-1, 1] are clipped, as saving
them would, and a note says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics.checks import check_finite
from counterplay.metrics.classes import class_counts
from counterplay.metrics.features import Features, pca, random_convolution, raw
from counterplay.metrics.figures import (
    Classifier,
    Figure,
    Figures,
    HasModes,
    K,
    Space,
    class_figures,
    copy_figures,
    mode_figures,
    space_figures,
)
from counterplay.metrics.frechet import moments, reference
from counterplay.metrics.further import further_figures, honest_values
from counterplay.metrics.modes import SAMPLES

__all__ = ["Prepared", "choose_features", "evaluate", "prepare", "score"]

COPIED = 0.8
"""The share of the held-out set's authenticity below which a note speaks of copies."""


@dataclass(frozen=True)
class Prepared:
    """The real side of an evaluation. Scoring many sets of samples against it computes it once.

    Attributes:
        spaces: one for each kind of features.
        judge: the classifier asked for classes, if any.
        counts: the classes of the real sample, as the judge sees them, (K,); or ``None``.
        law: the law whose modes are counted, or ``None``.
        decode: turns examples into the law's own units.
        references: the value of every metric for real against real.
        n: how many examples there are on either side.
        split: where the real sample comes from.
        seed: of the choice of examples and of projections.
        metrics: names of further metrics, :data:`~counterplay.metrics.further.FURTHER`.
    """

    spaces: tuple[Space, ...]
    judge: Classifier | None
    counts: Tensor | None
    law: HasModes | None
    decode: Callable[[Tensor], Tensor]
    references: dict[str, float]
    n: int
    split: str
    seed: int
    metrics: tuple[str, ...] = ()


def choose_features(train: Tensor, judge: Classifier | None = None) -> list[Features]:
    """Return the features that suit the examples: raw vectors, a judge's, else two kinds.

    Images too small for convolutions have principal components only.
    """
    if train.dim() == 2:
        return [raw()]
    if judge is not None:
        return [judge]
    channels, size = train.shape[1], train.shape[-1]
    wide = [random_convolution(channels, size)] if size >= 8 else []
    return [*wide, pca(train)]


def evaluate(
    generated: Tensor,
    train: Tensor,
    test: Tensor,
    features: Sequence[Features] | None = None,
    *,
    ema: bool,
    law: object | None = None,
    decode: Callable[[Tensor], Tensor] | None = None,
    judge: Classifier | None = None,
    condition: Tensor | None = None,
    split: str = "test",
    samples: int = 5000,
    truncation: float | None = None,
    seed: int = 0,
    metrics: Sequence[str] = (),
) -> dict[str, Any]:
    """Measure ``generated`` against ``test``, beside ``train`` against ``test``.

    All counts are equal: ``samples``, or as many as the shortest of the three has, chosen by
    ``seed``. Authenticity looks for copies in the whole of ``train``: give all that was trained on.

    Args:
        generated: examples as networks see them, (N, C, H, W) in [-1, 1] or (N, D) standardised.
        train: the examples that were trained on.
        test: the real sample, held out.
        features: what to compare in; :func:`choose_features` when ``None``.
        ema: whether the samples are of the averaged networks; it is noted with every figure.
        law: the law the data comes from; its modes are counted if it :class:`HasModes`.
        decode: turns examples into the law's own units; needed if the data was standardised.
        judge: a classifier; adds confidence, balance of classes and the classifier score.
        condition: int64 (N,), the classes that were asked of the generator; adds agreement.
        split: what ``test`` is called.
        samples: the count to aim for.
        truncation: if the latents were truncated, by how much; it is noted.
        seed: of the choice of examples, of projections and of the bootstrap.
        metrics: further ones, by their names in :data:`~counterplay.metrics.further.FURTHER`.

    Returns: ``{"metrics": {NAME: {"value", "reference", "interval", "n_real", "n_generated",
        "features", "split", "ema"}}, "notes": [...]}`` of plain numbers and words, fit for JSON.
        Fréchet figures have their noise ``floor`` too, and figures of modes their ``scoring``.

    Raises:
        UserError: for non-finite samples, unequal shapes, or fewer than k + 2 = 7 examples.
    """
    _check_samples(generated, train, test)
    count = min(samples, len(generated))
    prepared = prepare(
        train,
        test,
        features,
        law=law,
        decode=decode,
        judge=judge,
        split=split,
        samples=count,
        seed=seed,
        metrics=metrics,
    )
    return score(generated, prepared, ema=ema, condition=condition, truncation=truncation)


def prepare(
    train: Tensor,
    test: Tensor,
    features: Sequence[Features] | None = None,
    *,
    law: object | None = None,
    decode: Callable[[Tensor], Tensor] | None = None,
    judge: Classifier | None = None,
    split: str = "test",
    samples: int = 5000,
    seed: int = 0,
    metrics: Sequence[str] = (),
) -> Prepared:
    """Compute the real side and the references of an evaluation, as :func:`evaluate` has them."""
    _check_samples(test, train, test)
    n = min(samples, len(train), len(test))
    if n < K + 2:
        raise UserError(
            f"an evaluation of {n} examples was asked for (training set {len(train)}, {split} "
            f"{len(test)}): {K} neighbours need at least {K + 2} of each"
        )
    train, real = train.detach(), test.detach()[_choose(len(test), n, seed, split)]
    used = choose_features(train, judge) if features is None else features
    prepared = Prepared(
        spaces=tuple(_space(each, train, real) for each in used),
        judge=judge,
        counts=None if judge is None else class_counts(judge.classify(real)),
        law=law if isinstance(law, HasModes) else None,
        decode=decode or (lambda x: x),
        references={},
        n=n,
        split=split,
        seed=seed,
        metrics=tuple(metrics),
    )
    return replace(prepared, references=_references(train, real, prepared))


def _references(train: Tensor, real: Tensor, prepared: Prepared) -> dict[str, float]:
    """Return the value of every metric of training examples in the place of generated ones."""
    held = _choose(len(train), prepared.n, prepared.seed, "train")
    figures = _sample_figures(train[held], None, prepared)
    for space in prepared.spaces:
        figures |= space_figures(space, space.train[held], prepared.seed)
        figures |= copy_figures(space, space.real)
    values = {name: figure.value for name, figure in figures.items()}
    for space in prepared.spaces:
        values |= honest_values(space, held, prepared.metrics, prepared.seed)
    return values if prepared.judge is None else {"agreement": prepared.judge.accuracy, **values}


def score(
    generated: Tensor,
    prepared: Prepared,
    *,
    ema: bool,
    condition: Tensor | None = None,
    truncation: float | None = None,
) -> dict[str, Any]:
    """Measure ``generated`` against a prepared real side; the rest as :func:`evaluate`.

    Raises:
        UserError: as :func:`evaluate`, and for fewer samples than were prepared for.
    """
    _check_generated(generated, condition, prepared)
    notes = _notes(prepared, truncation)
    chosen = _choose(len(generated), prepared.n, prepared.seed, "generated")
    sample = _clipped(generated.detach()[chosen], notes)
    asked = None if condition is None else condition[chosen]
    figures, missing = _figures(sample, asked, prepared)
    entries = {name: _entry(name, each, prepared, ema) for name, each in figures.items()}
    notes += missing
    return {"metrics": entries, "notes": notes + _warnings(entries)}


def _space(features: Features, train: Tensor, real: Tensor) -> Space:
    sample = features(real)
    return Space(features, features(train), sample, reference(moments(sample)))


def _check_generated(generated: Tensor, condition: Tensor | None, prepared: Prepared) -> None:
    if len(generated) < prepared.n:
        raise UserError(
            f"{len(generated)} samples for a comparison prepared for {prepared.n}: "
            "generate as many, or prepare with fewer"
        )
    if condition is not None and len(condition) != len(generated):
        raise UserError(
            f"{len(condition)} conditions for {len(generated)} samples: give one class a sample"
        )
    check_finite(generated, "the generated sample")


def _check_samples(generated: Tensor, train: Tensor, test: Tensor) -> None:
    named = {"generated": generated, "training": train, "real": test}
    for name, each in named.items():
        check_finite(each, f"the {name} sample")
        if each.shape[1:] != train.shape[1:]:
            raise UserError(
                f"the {name} sample has examples of shape {tuple(each.shape[1:])} and the "
                f"training set {tuple(train.shape[1:])}: compare like with like"
            )


def _choose(count: int, n: int, seed: int, which: str) -> Tensor:
    """Choose ``n`` of ``count`` examples: files and conditions come sorted by class."""
    return torch.randperm(count, generator=generator(seed, "choose", which))[:n]


def _clipped(x: Tensor, notes: list[str]) -> Tensor:
    """Clip images to [-1, 1] as saving them would; note it if it changes anything visible."""
    if x.dim() != 4:
        return x
    outside = float((x.abs() > 1 + 1 / 255).float().mean())
    if outside > 0:
        notes.append(f"{outside:.2%} of the generated pixel values left [-1, 1] and were clipped")
    return x.clamp(-1, 1)


def _figures(
    sample: Tensor, condition: Tensor | None, prepared: Prepared
) -> tuple[Figures, list[str]]:
    """Return every figure of a sample against the prepared real side, and what could not be had."""
    figures: Figures = {}
    notes: list[str] = []
    for space in prepared.spaces:
        x = space.features(sample)
        figures |= space_figures(space, x, prepared.seed) | copy_figures(space, x)
        more, missing = further_figures(space, x, prepared.metrics, prepared.seed)
        figures |= {name: each for name, each in more.items() if name in prepared.references}
        notes += missing
    return figures | _sample_figures(sample, condition, prepared), notes


def _sample_figures(sample: Tensor, condition: Tensor | None, prepared: Prepared) -> Figures:
    """Return the figures that look at the examples themselves: classes and modes."""
    figures: Figures = {}
    if prepared.judge is not None and prepared.counts is not None:
        figures |= class_figures(prepared.judge, prepared.counts, sample, condition)
    if prepared.law is not None:
        few = prepared.decode(sample[:SAMPLES])
        figures |= mode_figures(prepared.law, few, len(few))
    return figures


def _entry(name: str, found: Figure, prepared: Prepared, ema: bool) -> dict[str, Any]:
    """Turn a figure into the entry that is written down."""
    low, high = found.interval()
    entry = {
        "value": float(found.value),
        "reference": float(prepared.references[name]),
        "interval": [float(low), float(high)],
        "n_real": found.n_real,
        "n_generated": found.n_generated,
        "features": found.features,
        "split": prepared.split,
        "ema": bool(ema),
        **dict(found.extra),
    }
    numbers = (entry["value"], entry["reference"], low, high)
    if not all(math.isfinite(number) for number in numbers):
        raise UserError(
            f"{name} came out as {entry['value']} (interval {low} to {high}, real against real "
            f"{entry['reference']}): the samples are too far out of range to be measured"
        )
    return entry


def _notes(prepared: Prepared, truncation: float | None) -> list[str]:
    """Return the sentences that belong beside every table of these figures."""
    notes = [
        f"{prepared.n} generated against {prepared.n} of the {prepared.split} split; the reference "
        f"is {prepared.n} training examples in the place of the generated ones (for authenticity: "
        f"the {prepared.split} split in their place, against the training set)"
    ]
    if truncation is not None:
        notes.append(f"samples were truncated ({truncation:g}): these are no figures of the model")
    for space in prepared.spaces:
        wide = space.real.shape[1]
        if prepared.n <= wide:
            notes.append(
                f"frechet/{space.features.name}: {prepared.n} examples in {wide} dimensions, the "
                "covariances are singular and the floor is only a guide"
            )
    if prepared.judge is not None:
        notes.append(
            f"the judge {prepared.judge.name!r} is right on {prepared.judge.accuracy:.2%} of real "
            "examples that it was not trained on"
        )
    return notes


def _warnings(entries: dict[str, dict[str, Any]]) -> list[str]:
    """Return what the figures themselves give reason to say."""
    found = []
    for name, entry in entries.items():
        if name.startswith("authenticity/") and entry["interval"][1] < COPIED * entry["reference"]:
            found.append(
                f"{name} is {entry['value']:.3f} where held-out examples have "
                f"{entry['reference']:.3f}: samples may be copies of training examples, and then "
                "every other figure flatters them"
            )
    return found
