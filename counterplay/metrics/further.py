"""The further metrics: a table of name -> what it is, what it needs, how it is measured.

They are measured on demand, beside the default ones: each costs more, needs more care in reading,
or says again in another way what the default ones say. Each measures a sample in one space of
features; *honest* is the same of a sample that is what a perfect generator's would be:

- training examples against the real sample, for what compares two samples;
- the real sample against the training set, for what looks for copies among it;
- half of the training set against the other half, for what takes both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics import copying
from counterplay.metrics.bins import binned_divergence, binned_shares, different_bins
from counterplay.metrics.birthday import birthday
from counterplay.metrics.c2st import logistic_test, nearest_neighbour_test, network_test
from counterplay.metrics.curves import ball_f, histogram_f
from counterplay.metrics.figures import Figure, Figures, Space
from counterplay.metrics.fld import fld
from counterplay.metrics.measured import Measured
from counterplay.metrics.mmd import mmd
from counterplay.metrics.parzen import WARNING, parzen
from counterplay.metrics.transport import wasserstein
from counterplay.metrics.vendi import vendi

__all__ = ["FURTHER", "OF_GAMES", "Further", "further_figures", "honest_values", "wanted"]

FEW = 2000
"""How many examples of either side the costly ones look at."""


@dataclass(frozen=True)
class Further:
    """A metric of a sample in one space of features.

    Attributes:
        about: what it says, in a line.
        better: the direction of better samples: "less", "more", or "nearer" to the honest value.
        measure: (training set, real sample, sample, seed) -> value.
        honest: which samples stand for (real sample, sample) when the honest value is measured.
    """

    about: str
    better: str
    measure: Callable[[Tensor, Tensor, Tensor, int], Measured]
    honest: str = "training examples"


def _few(x: Tensor) -> Tensor:
    return x[:FEW]


def _birthday(train: Tensor, real: Tensor, x: Tensor, seed: int) -> Measured:
    """Return the chance that two draws are equal: one over the size of the support."""
    found = birthday(real, x)
    low, high = found.interval
    value = 0.0 if math.isinf(high) else 1 / found.value
    return Measured(value, (0.0 if math.isinf(high) else 1 / high, 1 / low), about=found.about)


def _bins(train: Tensor, real: Tensor, x: Tensor, seed: int) -> Measured:
    return different_bins(*binned_shares(real, x, seed=seed))


def _binned(train: Tensor, real: Tensor, x: Tensor, seed: int) -> Measured:
    return binned_divergence(*binned_shares(real, x, seed=seed), seed=seed)


FURTHER: dict[str, Further] = {
    "prd_precision": Further(
        "F_1/8 of the curve by histograms: how much of what is generated is real",
        "more",
        lambda train, real, x, seed: histogram_f(real, x, 1 / 8, seed=seed),
    ),
    "prd_recall": Further(
        "F_8 of the curve by histograms: how much of what is real is generated",
        "more",
        lambda train, real, x, seed: histogram_f(real, x, 8, seed=seed),
    ),
    "ball_f1": Further(
        "F_1 of the curve whose ends are precision and recall",
        "more",
        lambda train, real, x, seed: ball_f(_few(real), _few(x), 1, seed=seed),
    ),
    "bins": Further("share of bins with a different share of examples (NDB/K)", "less", _bins),
    "bins_js": Further("Jensen-Shannon divergence between the bins' shares", "less", _binned),
    "c2st_neighbour": Further(
        "how well the nearest neighbour tells real from generated; below one half for copies",
        "nearer",
        lambda train, real, x, seed: nearest_neighbour_test(real, x, seed),
    ),
    "c2st_logistic": Further(
        "how well a line tells real from generated",
        "less",
        lambda train, real, x, seed: logistic_test(real, x, seed),
    ),
    "c2st_network": Further(
        "how well a small network tells real from generated",
        "less",
        lambda train, real, x, seed: network_test(_few(real), _few(x), seed),
    ),
    "mmd": Further(
        "discrepancy of normal kernels, with its permutation test",
        "less",
        lambda train, real, x, seed: mmd(real, x, seed=seed),
    ),
    "wasserstein": Further(
        "exact W2",
        "less",
        lambda train, real, x, seed: wasserstein(_few(real), _few(x)),
    ),
    "fld": Further(
        "how unlikely held-out examples are under bumps on the samples",
        "less",
        lambda train, real, x, seed: fld(train, real, x, seed),
        "training halves",
    ),
    "copying": Further(
        "C_T: are samples nearer to the training set than held-out examples (far below 0)",
        "nearer",
        lambda train, real, x, seed: copying.copying_test(train, real, x, seed=seed),
        "training halves",
    ),
    "memorised": Further(
        "share of samples with a near copy in the training set",
        "less",
        lambda train, real, x, seed: copying.memorised(train, _few(x)),
        "held-out examples",
    ),
    "vendi": Further(
        "effective number of different samples",
        "nearer",
        lambda train, real, x, seed: vendi(x, real.mean(0)),
    ),
    "birthday": Further(
        "chance that two samples are equal: one over the size of the support", "less", _birthday
    ),
    "parzen": Further(
        "log density of real examples under bumps on the samples; compares nothing",
        "more",
        lambda train, real, x, seed: parzen(real, _few(x)),
    ),
}
"""Name -> metric of samples, beside the default ones."""

OF_GAMES = {"path_length": "mean squared speed of features along ways between latents"}
"""Metrics that need the game itself, and not only its samples."""


def wanted(names: str) -> tuple[str, ...]:
    """Return the names in "all" or "NAME,NAME,…".

    Raises:
        UserError: for a name that is none.
    """
    known = (*FURTHER, *OF_GAMES)
    if names.strip() == "all":
        return known
    asked = tuple(dict.fromkeys(name.strip() for name in names.split(",") if name.strip()))
    for name in asked:
        if name not in known:
            raise UserError(f"--metrics {name}: there are all, {', '.join(known)}")
    return asked


def further_figures(
    space: Space, x: Tensor, names: Sequence[str], seed: int
) -> tuple[Figures, list[str]]:
    """Return the named figures of features ``x`` (M, F), and why others could not be had."""
    figures, notes = {}, []
    for name in (each for each in names if each in FURTHER):
        at = f"{name}/{space.features.name}"
        try:
            found = FURTHER[name].measure(space.train, space.real, x, seed)
        except UserError as error:
            notes.append(f"{at} was not measured: {error}")
            continue
        figures[at] = _figure(found, space, len(x))
    if "parzen" in names:
        notes.append(f"parzen/{space.features.name}: {WARNING}")
    return figures, notes


def honest_values(space: Space, held: Tensor, names: Sequence[str], seed: int) -> dict[str, float]:
    """Return the named values of samples as a perfect generator's; ``held`` chooses from training.

    A metric that cannot be had is left out.
    """
    order = torch.randperm(len(space.train), generator=generator(seed, "halves"))
    first, second = (space.train[half] for half in order.chunk(2))
    sides = {
        "training examples": (space.train, space.real, space.train[held]),
        "held-out examples": (space.train, space.real, space.real),
        "training halves": (second, space.real, first[: len(held)]),
    }
    values = {}
    for name in (each for each in names if each in FURTHER):
        metric = FURTHER[name]
        try:
            found = metric.measure(*sides[metric.honest], seed)
        except UserError:
            continue
        values[f"{name}/{space.features.name}"] = found.value
    return values


def _figure(found: Measured, space: Space, n: int) -> Figure:
    facts = {"expected": found.expected, "p_value": found.p_value}
    about = {"about": dict(found.about)} if found.about else {}
    extra = {name: value for name, value in facts.items() if value is not None} | about
    name = space.features.name
    return Figure(
        found.value, lambda: found.interval, len(space.real), n, name, tuple(extra.items())
    )
