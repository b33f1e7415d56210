r"""The two terms of the Jensen–Shannon divergence apart: coverage and quality.

With m = (p + q)/2,

    JS = ½ KL(p ‖ m) + ½ KL(q ‖ m) = ½ E_p log 2p/(p + q) + ½ E_q log 2q/(p + q),

the first an average over data (coverage: is the model where the data are?), the second over
samples (quality: are the samples where the data are?). At one x the two together are never
negative, so that JS is also what is missing, over {p > q}, plus what is made up, over {q > p}.

The generator's cost holds the quality term alone: E_q log(1 − D*) = KL(q ‖ m) − log 2. Of data
that it does not reach it hears nothing but through the critic.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.divergence_laws import Hills, crossings, integral, normal, reach, two_hills
from counterplay.theory.divergences import by_quadrature
from counterplay.theory.figures import BLUE, OCHRE, PURPLE, RED
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ITEMS", "Terms", "models", "terms"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Terms:
    """p = ½ N(−distance, std²) + ½ N(distance, std²), and three models of it."""

    distance: float = 2.0
    """Of each hill from 0."""
    std: float = 0.6
    """Standard deviation of p's hills."""
    wide: float = 2.2
    """How much wider the blurred model's hills are."""


def models(given: Terms) -> tuple[Hills, dict[str, Hills]]:
    """Return p and the models: one hill dropped, hills blurred, hills bridged by one."""
    inside("distance", given.distance, 0, 10)
    inside("std", given.std, 0.1, 5)
    inside("wide", given.wide, 1, 20)
    p = two_hills(given.distance, given.std)
    return p, {
        "drops a hill": normal(-given.distance, given.std),
        "blurs": two_hills(given.distance, given.wide * given.std),
        "bridges": normal(*p.moments()),
    }


def terms(p: Hills, q: Hills) -> dict[str, Value]:
    """Return coverage, quality, and JS over {p > q} and {q > p}, by quadrature, in nats.

    >>> found = terms(normal(0, 1), normal(2, 1))
    >>> round(found["coverage"].value + found["quality"].value, 12)
    0.336830820347
    >>> round(found["missing"].value + found["made up"].value, 12)
    0.336830820347
    """
    low, high, width = reach(p, q)
    ratio = _log_ratio(p, q)
    kinks = crossings(ratio, low, high, width)
    parts: dict[str, Callable[[Array], Array]] = {
        "coverage": lambda x: _half(p, q, x),
        "quality": lambda x: _half(q, p, x),
        "missing": lambda x: np.where(ratio(x) > 0, contribution(p, q, x), 0.0),
        "made up": lambda x: np.where(ratio(x) > 0, 0.0, contribution(p, q, x)),
    }
    return {name: integral(part, low, high, width, kinks) for name, part in parts.items()}


def contribution(p: Hills, q: Hills, x: Array) -> Array:
    """Return what x adds to JS, never negative: both terms' integrands together."""
    return _half(p, q, x) + _half(q, p, x)


def _half(p: Hills, q: Hills, x: Array) -> Array:
    a, b = p.log_density(x), q.log_density(x)
    return 0.5 * np.exp(a) * (math.log(2) - np.logaddexp(0, b - a))


def _log_ratio(p: Hills, q: Hills) -> Callable[[Array], Array]:
    return lambda x: p.log_density(x) - q.log_density(x)


@lru_cache(maxsize=8)
def _all(given: Terms) -> dict[str, dict[str, Value]]:
    p, others = models(given)
    return {name: terms(p, q) for name, q in others.items()}


def compute(given: Terms) -> dict[str, Value]:
    """Return the four terms of each model."""
    return {
        f"{model}: {name}": found
        for model, parts in _all(given).items()
        for name, found in parts.items()
    }


def checks(given: Terms) -> list[Check]:
    """Return both sums against JS, and the quality term against the generator's cost."""
    p, others = models(given)
    rows = []
    for model, parts in _all(given).items():
        q = others[model]
        js = float(by_quadrature("js", p, q).value)
        value = {name: float(part.value) for name, part in parts.items()}
        both = value["coverage"] + value["quality"]
        regions = value["missing"] + value["made up"]
        cost = _generator_cost(p, q)
        rows += [
            Check(f"{model}: coverage + quality", both, js, 1e-10, "two terms against JS"),
            Check(f"{model}: missing + made up", regions, js, 1e-10, "two regions against JS"),
            Check(
                f"{model}: the generator's cost",
                cost,
                2 * value["quality"] - math.log(2),
                1e-10,
                "E_q log(1 − D*) against the quality term",
            ),
        ]
    return rows


def _generator_cost(p: Hills, q: Hills) -> float:
    ratio = _log_ratio(p, q)
    low, high, width = reach(p, q)
    f = integral(lambda x: -np.exp(q.log_density(x)) * np.logaddexp(0, ratio(x)), low, high, width)
    return float(f.value)


def figure(given: Terms, blank: Figure) -> None:
    """Draw each model over p, where JS arises, and its terms as bars."""
    p, others = models(given)
    upper, lower = blank.subplots(2, 3, sharey="row", height_ratios=[1.4, 1])
    reach_of = given.distance + 4.5 * given.std
    x = np.linspace(-reach_of, reach_of, 600)
    for axes, bars, (model, q) in zip(upper, lower, others.items(), strict=True):
        _where(axes, x, p, q)
        parts = _all(given)[model]
        js = float(by_quadrature("js", p, q).value)
        axes.set_title(f"the model {model}: JS = {js:.3f}")
        values = [float(parts[name].value) for name in NAMES]
        found = bars.barh(list(NAMES.values()), values, color=[OCHRE, PURPLE, BLUE, RED])
        bars.bar_label(found, fmt="%.3f", padding=3)
        bars.axvline(0, color="black", linewidth=0.8)
        bars.set_xlabel("nats")
        bars.set_xlim(right=1.3 * max(values))
    lower[0].invert_yaxis()
    upper[0].set_ylabel("density")
    upper[0].set_ylim(-0.55, None)
    upper[0].legend(loc="upper right", fontsize=8)


NAMES = {
    "coverage": "coverage ½KL(p‖m)",
    "quality": "quality ½KL(q‖m)",
    "missing": "missing, p > q",
    "made up": "made up, q > p",
}


def _where(axes: Axes, x: Array, p: Hills, q: Hills) -> None:
    a, b = np.exp(p.log_density(x)), np.exp(q.log_density(x))
    share = -contribution(p, q, x)
    axes.plot(x, a, color=BLUE, label="data p")
    axes.plot(x, b, color=RED, label="model q")
    axes.fill_between(x, 2 * np.where(a > b, share, 0), color=BLUE, alpha=0.35, label="missing")
    axes.fill_between(x, 2 * np.where(a > b, 0, share), color=RED, alpha=0.35, label="made up")
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set_xlabel("x")


ITEMS: dict[str, Item] = {
    "jsd-terms": Item(
        name="jsd-terms",
        title="Coverage and quality: the two terms of the Jensen–Shannon divergence, apart",
        derivation="JS = ½ E_p log 2p/(p+q) + ½ E_q log 2q/(p+q); x adds 0 or more, 0 at p = q",
        parameters=Terms,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(11.0, 5.4),
    )
}
