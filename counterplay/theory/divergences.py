r"""Divergences between two laws p and q on the line: closed form, quadrature, Monte Carlo.

    kl           KL(p ‖ q) = ∫ p log(p/q)             reverse kl   KL(q ‖ p)
    js           ½ KL(p ‖ m) + ½ KL(q ‖ m), m = (p + q)/2; from 0 to ln 2
    tv           ½ ∫ |p − q|; from 0 to 1             χ²           ∫ (p − q)²/q
    hellinger²   ½ ∫ (√p − √q)²; from 0 to 1          w1           ∫ |F − G|
    w2           (∫ (x − T(x))² p)^½ for T = G⁻¹ ∘ F, F and G the distribution functions

All in nats. On choosing and bounding probability metrics (Gibbs, Su 2002, arXiv math/0209021).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.divergence_closed import CLOSED
from counterplay.theory.divergence_laws import Hills, crossings, integral, normal, reach
from counterplay.theory.figures import BLUE, GREEN, GREY, OCHRE, PURPLE, RED, TEAL
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ITEMS", "NAMES", "Pair", "by_drawing", "by_quadrature", "closed_form"]

Array = NDArray[np.float64]

NAMES = ("kl", "reverse kl", "js", "tv", "χ²", "hellinger²", "w1", "w2")

SIGMAS = 4
"""Half-width of a Monte Carlo interval, in standard errors."""

FEWEST = 100
"""Weights p/q that must count, by Kish's effective number, for a half-width to mean anything."""


@dataclass(frozen=True)
class Pair:
    """p = (1 − second) N(0, 1) + second N(apart, 1), and q = N(mean, std²)."""

    mean: float = 1.0
    """Mean of q."""
    std: float = 1.0
    """Standard deviation of q."""
    second: float = 0.0
    """Weight of p's second hill; 0 for a p that is normal."""
    apart: float = 4.0
    """Mean of p's second hill."""
    draws: int = 20_000
    """Draws of each law, for Monte Carlo."""
    seed: int = 0
    """Of the draws."""


def by_quadrature(name: str, p: Hills, q: Hills) -> Value:
    """Return the divergence ``name``, one of :data:`NAMES`, with a stated error.

    >>> js = by_quadrature("js", normal(0, 1), normal(2, 1))
    >>> round(js.value, 12), js.error < 1e-12
    (0.336830820347, True)
    """
    if name == "reverse kl":
        return by_quadrature("kl", q, p)
    if name == "χ²" and _infinite(p, q):
        return Value(math.inf, 0, "2 var q ≤ var p: the integral diverges")
    low, high, width = reach(p, q)
    span = max(*p.means, *q.means) - min(*p.means, *q.means)
    # p²/q has its mass beyond p, on the side away from q.
    ends = (low - span, high + span) if name == "χ²" else (low, high)
    kinks = KINKS[name](p, q) if name in KINKS else None
    breaks = crossings(kinks, *ends, width) if kinks else []
    found = integral(INTEGRANDS[name](p, q), *ends, width, breaks)
    return _root(found) if name == "w2" else found


def closed_form(name: str, p: Hills, q: Hills) -> float | None:
    """Return the divergence between two normal laws, or ``None`` where there is no formula.

    >>> closed_form("kl", normal(0, 1), normal(3, 1))
    4.5
    """
    if len(p.weights) > 1 or len(q.weights) > 1 or name not in CLOSED:
        return None
    return CLOSED[name](p.means[0], p.stds[0], q.means[0], q.stds[0])


def by_drawing(name: str, p: Hills, q: Hills, n: int, seed: int) -> Value:
    """Return the mean over n draws of each law, and a half-width of four standard errors.

    The densities are known; W₁ is the mean of its best critic, W₂² of its best plan. Where a few
    weights p/q outweigh the rest, as in χ² of laws far apart, no half-width can be stated: it is ∞.
    """
    if name == "reverse kl":
        return by_drawing("kl", q, p, n, seed)
    rng = np.random.default_rng(seed)
    x, y = p.sample(n, rng), q.sample(n, rng)
    over_p, over_q = ESTIMATORS[name](p, q)
    a, b = over_p(x), over_q(y)
    error = SIGMAS * math.sqrt((a.var(ddof=1) + b.var(ddof=1)) / n)
    if name == "χ²" and (a + 1).sum() ** 2 < FEWEST * ((a + 1) ** 2).sum():
        error = math.inf  # a few draws carry it all: their spread says nothing
    found = Value(float(a.mean() + b.mean()), error, f"Monte Carlo, {n} draws")
    return _root(found) if name == "w2" else found


def laws(p: Pair) -> tuple[Hills, Hills]:
    """Return (p, q).

    Raises:
        UserError: for a parameter out of range.
    """
    inside("mean", p.mean, -30, 30)
    inside("std", p.std, 0.05, 20)
    inside("second", p.second, 0, 0.99)
    inside("apart", p.apart, -30, 30)
    inside("draws", p.draws, 100, 10_000_000)
    two = Hills((1 - p.second, p.second), (0.0, p.apart), (1.0, 1.0))
    return (two if p.second else normal(0, 1)), normal(p.mean, p.std)


Integrand = Callable[[Array], Array]


def _kl(p: Hills, q: Hills) -> Integrand:
    return lambda x: np.exp(p.log_density(x)) * (p.log_density(x) - q.log_density(x))


def _js(p: Hills, q: Hills) -> Integrand:
    def f(x: Array) -> Array:
        a, b = p.log_density(x), q.log_density(x)
        m = np.logaddexp(a, b) - math.log(2)
        return 0.5 * (np.exp(a) * (a - m) + np.exp(b) * (b - m))

    return f


def _chi(p: Hills, q: Hills) -> Integrand:
    def f(x: Array) -> Array:
        a, b = p.log_density(x), q.log_density(x)
        # (p − q)²/q = exp(2a − b) (1 − q/p)², with the larger density taken out of the bracket.
        return np.exp(2 * np.maximum(a, b) - b) * np.expm1(-np.abs(a - b)) ** 2

    return f


def _tv(p: Hills, q: Hills) -> Integrand:
    return lambda x: 0.5 * np.abs(np.exp(p.log_density(x)) - np.exp(q.log_density(x)))


def _hellinger(p: Hills, q: Hills) -> Integrand:
    return lambda x: 0.5 * (np.exp(p.log_density(x) / 2) - np.exp(q.log_density(x) / 2)) ** 2


def _w1(p: Hills, q: Hills) -> Integrand:
    return lambda x: np.abs(_cdf_gap(p, q)(x))


def _w2(p: Hills, q: Hills) -> Integrand:
    return lambda x: np.exp(p.log_density(x)) * (x - p.carried_to(q, x)) ** 2


def _log_ratio(p: Hills, q: Hills) -> Integrand:
    return lambda x: p.log_density(x) - q.log_density(x)


def _cdf_gap(p: Hills, q: Hills) -> Integrand:
    # On the right the tails are subtracted, where 1 − F has digits that F has lost.
    def f(x: Array) -> Array:
        left = x < sum(np.dot(law.weights, law.means) for law in (p, q)) / 2
        below = np.exp(p.log_cdf(x)) - np.exp(q.log_cdf(x))
        return np.where(left, below, np.exp(q.log_tail(x)) - np.exp(p.log_tail(x)))

    return f


INTEGRANDS: dict[str, Callable[[Hills, Hills], Integrand]] = {
    "kl": _kl,
    "js": _js,
    "tv": _tv,
    "χ²": _chi,
    "hellinger²": _hellinger,
    "w1": _w1,
    "w2": _w2,
}
"""(p, q) -> the integrand; of W₂², whose root is taken."""

KINKS: dict[str, Callable[[Hills, Hills], Integrand]] = {"tv": _log_ratio, "w1": _cdf_gap}
"""(p, q) -> a function that is 0 where the integrand has a kink."""


def _infinite(p: Hills, q: Hills) -> bool:
    return 2 * max(q.stds) ** 2 <= max(p.stds) ** 2


def _root(square: Value) -> Value:
    value = math.sqrt(max(float(square.value), 0.0))
    error = square.error / (2 * value) if value > math.sqrt(square.error) else square.error**0.5
    return Value(value, error, square.method)


Estimator = tuple[Integrand, Integrand]


def _nothing(x: Array) -> Array:
    return np.zeros_like(x)


def _kl_drawn(p: Hills, q: Hills) -> Estimator:
    return _log_ratio(p, q), _nothing


def _js_drawn(p: Hills, q: Hills) -> Estimator:
    def excess(a: Hills, b: Hills) -> Integrand:
        return lambda x: 0.5 * (math.log(2) - np.logaddexp(0, b.log_density(x) - a.log_density(x)))

    return excess(p, q), excess(q, p)


def _middle_drawn(of: Integrand) -> Callable[[Hills, Hills], Estimator]:
    """Estimate ∫ m · of(log p/q), m = (p + q)/2, for a bounded function: no heavy tails."""

    def drawn(p: Hills, q: Hills) -> Estimator:
        def half(x: Array) -> Array:
            return 0.5 * of(_log_ratio(p, q)(x))

        return half, half

    return drawn


def _w1_drawn(p: Hills, q: Hills) -> Estimator:
    low, high, width = reach(p, q)
    x = np.linspace(low, high, 1 + 40 * math.ceil((high - low) / width))
    slope = -np.sign(_cdf_gap(p, q)((x[1:] + x[:-1]) / 2))
    f = np.concatenate([[0.0], np.cumsum(slope * np.diff(x))])
    return lambda t: np.interp(t, x, f), lambda t: -np.interp(t, x, f)


ESTIMATORS: dict[str, Callable[[Hills, Hills], Estimator]] = {
    "kl": _kl_drawn,
    "js": _js_drawn,
    "tv": _middle_drawn(lambda ratio: np.abs(np.tanh(ratio / 2))),
    "χ²": lambda p, q: (lambda x: np.expm1(_log_ratio(p, q)(x)), _nothing),
    "hellinger²": _middle_drawn(lambda ratio: 1 - 1 / np.cosh(ratio / 2)),
    "w1": _w1_drawn,
    "w2": lambda p, q: (lambda x: (x - p.carried_to(q, x)) ** 2, _nothing),
}
"""(p, q) -> (function to average over p's draws, over q's draws), whose sum it is."""


@lru_cache(maxsize=8)
def _table(p: Pair) -> dict[str, tuple[Value, float | None, Value]]:
    a, b = laws(p)
    return {
        name: (
            by_quadrature(name, a, b),
            closed_form(name, a, b),
            by_drawing(name, a, b, p.draws, p.seed),
        )
        for name in NAMES
    }


def compute(p: Pair) -> dict[str, Value]:
    """Return each divergence by quadrature and by drawing."""
    found = {}
    for name, (integrated, _, drawn) in _table(p).items():
        found[name] = integrated
        found[f"{name}, drawn"] = drawn
    return found


def checks(p: Pair) -> list[Check]:
    """Return each divergence against its formula, else its Monte Carlo interval."""
    return [_check(name, *row) for name, row in _table(p).items()]


def _check(name: str, integrated: Value, formula: float | None, drawn: Value) -> Check:
    value = float(integrated.value)
    if formula is not None:
        bound = 1e-9 * max(1.0, abs(formula)) if math.isfinite(formula) else 0.0
        return Check(name, value, formula, bound, "quadrature against closed form")
    return Check(name, value, float(drawn.value), drawn.error, f"quadrature against {drawn.method}")


STROKES = {
    "kl": (RED, "-"),
    "reverse kl": (OCHRE, "--"),
    "js": (BLUE, "-"),
    "tv": (TEAL, "-"),
    "χ²": (GREY, "-"),
    "hellinger²": (PURPLE, "-"),
    "w1": (GREEN, "-"),
    "w2": ("black", "--"),
}
"""Colour and line of each curve; those that coincide for equal widths can both be seen."""


def figure(p: Pair, blank: Figure) -> None:
    """Draw the two laws, and every divergence while q is moved away from p."""
    a, b = laws(p)
    left, right = blank.subplots(1, 2, width_ratios=[1, 1.5])
    low, high, _ = reach(a, b)
    x = np.linspace(low + 6 * max(1, p.std), high - 6 * max(1, p.std), 400)
    for law, colour, label in ((a, BLUE, "p"), (b, RED, "q")):
        y = np.exp(law.log_density(x))
        left.fill_between(x, y, color=colour, alpha=0.25)
        left.plot(x, y, color=colour, label=label)
    left.set(xlabel="x", ylabel="density", ylim=(0, None))
    left.set_title(f"p and q = N({p.mean:g}, {p.std:g}²)")
    left.legend()
    _moved(right, p)


TOP = 60.0
"""Of the figure: a curve that leaves it is named where it leaves."""


def _moved(axes: Axes, p: Pair) -> None:
    away = np.linspace(0.1, 8, 24)
    pairs = [laws(Pair(t, p.std, p.second, p.apart)) for t in away]
    named: dict[tuple[float, float], list[str]] = {}
    for name in NAMES:
        y = np.array([float(by_quadrature(name, *pair).value) for pair in pairs])
        colour, line = STROKES[name]
        axes.plot(away[y < TOP], y[y < TOP], color=colour, linestyle=line)
        if (y < TOP).any():
            end = np.flatnonzero(y < TOP)[-1]
            place = (float(away[end]), round(math.log10(y[end]), 1))
            named.setdefault(place, []).append(name)
    for (x, height), names in named.items():
        axes.text(x + 0.15, 10**height, ", ".join(names), va="center", fontsize=9)
    axes.axhline(math.log(2), color=GREY, linestyle=":", linewidth=1)
    axes.text(9.7, math.log(2) * 0.93, "ln 2", color=GREY, va="top", ha="right", fontsize=9)
    axes.set(yscale="log", ylim=(5e-3, 100), xlim=(0, 9.7), xlabel="mean of q")
    axes.set_ylabel("divergence")
    axes.set_title("q moved away: tv, js, hellinger² stop growing, w1 does not")


ITEMS: dict[str, Item] = {
    "divergences": Item(
        name="divergences",
        title="Eight divergences between two laws: by formula, by quadrature, by drawing",
        derivation="f-divergences ∫ q f(p/q) see densities where they are; W_p sees how far apart",
        parameters=Pair,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(10.0, 4.2),
    )
}
