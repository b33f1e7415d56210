"""Metrics: numbers that say how far samples are from the data, each beside its real-vs-real value.

Every metric is a pure function of float features (N, F); :mod:`~counterplay.metrics.features`
makes features of examples; :func:`~counterplay.metrics.evaluate.evaluate` runs all that apply.
"""

from __future__ import annotations

from counterplay.metrics.bins import binned_divergence, binned_shares, different_bins
from counterplay.metrics.birthday import birthday
from counterplay.metrics.c2st import logistic_test, nearest_neighbour_test, network_test
from counterplay.metrics.classes import class_counts, class_kl, classifier_score, confident
from counterplay.metrics.copying import copying_test, memorised
from counterplay.metrics.curves import ball_curve, histogram_curve
from counterplay.metrics.evaluate import choose_features, evaluate, prepare, score
from counterplay.metrics.features import Features, inception, pca, random_convolution, raw
from counterplay.metrics.fld import fld
from counterplay.metrics.frechet import (
    frechet,
    frechet_distance,
    frechet_error,
    frechet_floor,
    moments,
    reference,
)
from counterplay.metrics.further import FURTHER
from counterplay.metrics.judge import Judge, judge
from counterplay.metrics.kid import kid
from counterplay.metrics.measured import Measured, differ, difference
from counterplay.metrics.mmd import mmd
from counterplay.metrics.modes import count_modes
from counterplay.metrics.neighbours import authentic, expected_coverage, neighbours
from counterplay.metrics.parzen import parzen
from counterplay.metrics.path_length import path_length
from counterplay.metrics.table import HEADER, table, text
from counterplay.metrics.vendi import vendi
from counterplay.metrics.wasserstein import sliced_error, sliced_wasserstein, wasserstein_line

__all__ = [
    "FURTHER",
    "HEADER",
    "Features",
    "Judge",
    "Measured",
    "authentic",
    "ball_curve",
    "binned_divergence",
    "binned_shares",
    "birthday",
    "choose_features",
    "class_counts",
    "class_kl",
    "classifier_score",
    "confident",
    "copying_test",
    "count_modes",
    "differ",
    "difference",
    "different_bins",
    "evaluate",
    "expected_coverage",
    "fld",
    "frechet",
    "frechet_distance",
    "frechet_error",
    "frechet_floor",
    "histogram_curve",
    "inception",
    "judge",
    "kid",
    "logistic_test",
    "memorised",
    "mmd",
    "moments",
    "nearest_neighbour_test",
    "neighbours",
    "network_test",
    "parzen",
    "path_length",
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
    "vendi",
    "wasserstein_line",
]
