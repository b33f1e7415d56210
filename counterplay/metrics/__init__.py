"""Metrics: numbers that say how far samples are from the data, each beside its real-vs-real value.

Every metric is a pure function of float features (N, F); :mod:`~counterplay.metrics.features`
makes features of examples; :func:`~counterplay.metrics.evaluate.evaluate` runs all that apply.
"""

from __future__ import annotations

from counterplay.metrics.classes import class_counts, class_kl, classifier_score, confident
from counterplay.metrics.evaluate import choose_features, evaluate, prepare, score
from counterplay.metrics.features import Features, inception, pca, random_convolution, raw
from counterplay.metrics.frechet import (
    frechet,
    frechet_distance,
    frechet_error,
    frechet_floor,
    moments,
    reference,
)
from counterplay.metrics.judge import Judge, judge
from counterplay.metrics.kid import kid
from counterplay.metrics.modes import count_modes
from counterplay.metrics.neighbours import authentic, expected_coverage, neighbours
from counterplay.metrics.table import HEADER, table, text
from counterplay.metrics.wasserstein import sliced_error, sliced_wasserstein, wasserstein_line

__all__ = [
    "HEADER",
    "Features",
    "Judge",
    "authentic",
    "choose_features",
    "class_counts",
    "class_kl",
    "classifier_score",
    "confident",
    "count_modes",
    "evaluate",
    "expected_coverage",
    "frechet",
    "frechet_distance",
    "frechet_error",
    "frechet_floor",
    "inception",
    "judge",
    "kid",
    "moments",
    "neighbours",
    "pca",
    "prepare",
    "random_convolution",
    "raw",
    "reference",
    "score",
    "sliced_error",
    "sliced_wasserstein",
    "table",
    "text",
    "wasserstein_line",
]
