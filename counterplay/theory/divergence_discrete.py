r"""Divergences between laws on finitely many points, and what the Wasserstein distance sees.

p and q are vectors of probabilities on points x of the line, the notation of
:mod:`counterplay.theory.divergences`. On the line the best transport never crosses: W_r^r is
∫ |F⁻¹(u) − G⁻¹(u)|^r du, a finite sum over the steps of F and G.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterplay.errors import UserError
from counterplay.theory.figures import BLUE, GREY, RED
from counterplay.theory.item import Check, Item, Value

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ITEMS", "Discrete", "between", "contributions", "transported"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Discrete:
    """Two laws on the points 0, 1, 2, …; each is divided by its sum."""

    p: tuple[float, ...] = (0.1, 0.4, 0.3, 0.15, 0.05)
    """Probabilities p of the points."""
    q: tuple[float, ...] = (0.05, 0.1, 0.2, 0.25, 0.4)
    """Probabilities q of the points."""


def laws(given: Discrete) -> tuple[Array, Array]:
    """Return p and q, each (n,), of sum 1.

    Raises:
        UserError: when they are not two non-negative vectors of one length.
    """
    p, q = np.array(given.p, dtype=np.float64), np.array(given.q, dtype=np.float64)
    if len(p) != len(q) or len(p) < 2:
        raise UserError(f"p and q need as many points each, two or more: got {len(p)}, {len(q)}")
    if min(p.min(), q.min()) < 0 or not (p.sum() > 0 and q.sum() > 0):
        raise UserError("p and q: expected numbers of 0 and above, not all of them 0")
    return p / p.sum(), q / q.sum()


def contributions(p: Array, q: Array) -> dict[str, Array]:
    """Return what each point adds to each f-divergence, (n,) each; their sums are the divergences.

    >>> found = contributions(np.array([0.5, 0.5]), np.array([1.0, 0.0]))
    >>> [round(float(found[name].sum()), 6) for name in ("kl", "tv", "js")]
    [inf, 0.5, 0.215762]
    """
    m = (p + q) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        chi = np.where(p == q, 0.0, (p - q) ** 2 / q)
    return {
        "kl": _surplus(p, q),
        "reverse kl": _surplus(q, p),
        "js": 0.5 * (_surplus(p, m) + _surplus(q, m)),
        "tv": 0.5 * np.abs(p - q),
        "χ²": chi,
        "hellinger²": 0.5 * (np.sqrt(p) - np.sqrt(q)) ** 2,
    }


def transported(p: Array, q: Array, x: Array, power: int = 1) -> float:
    """Return W_power between two laws on the sorted points x, all of shape (n,).

    >>> transported(np.array([1.0, 0, 0]), np.array([0, 0.5, 0.5]), np.arange(3.0))
    1.5
    """
    f, g = np.cumsum(p), np.cumsum(q)
    steps = np.union1d(f, g)
    mass = np.diff(steps, prepend=0.0)
    u = steps - mass / 2  # inside each step, so that rounding does not choose the point
    last = len(x) - 1
    a, b = (x[np.minimum(np.searchsorted(c, u), last)] for c in (f, g))
    return float((mass * np.abs(a - b) ** power).sum() ** (1 / power))


def between(p: Array, q: Array, x: Array) -> dict[str, float]:
    """Return all eight divergences of two laws on the sorted points x."""
    sums = {name: float(parts.sum()) for name, parts in contributions(p, q).items()}
    return {**sums, "w1": transported(p, q, x, 1), "w2": transported(p, q, x, 2)}


def compute(given: Discrete) -> dict[str, Value]:
    """Return the eight divergences."""
    p, q = laws(given)
    found = between(p, q, np.arange(len(p), dtype=np.float64))
    return {name: Value(value, 0, "finite sum") for name, value in found.items()}


def checks(given: Discrete) -> list[Check]:
    """Return each sum against another road to the same number."""
    p, q = laws(given)
    found = between(p, q, np.arange(len(p), dtype=np.float64))
    return [
        Check(name, found[name], value, 1e-9, f"sum against {how}")
        for name, (value, how) in _other_roads(p, q).items()
    ]


def _other_roads(p: Array, q: Array) -> dict[str, tuple[float, str]]:
    from scipy.spatial.distance import jensenshannon
    from scipy.stats import entropy

    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.where(q > 0, p**2 / q, np.where(p > 0, np.inf, 0.0)).sum() - 1
    events = ((np.arange(2 ** len(p))[:, None] >> np.arange(len(p))) & 1) if len(p) <= 16 else None
    largest = (
        float(((p - q) * (p > q)).sum()) if events is None else float((events @ (p - q)).max())
    )
    return {
        "kl": (float(entropy(p, q)), "scipy.stats.entropy"),
        "reverse kl": (float(entropy(q, p)), "scipy.stats.entropy"),
        "js": (float(jensenshannon(p, q)) ** 2, "scipy's jensenshannon²"),
        "tv": (largest, "the event with the largest p − q"),
        "χ²": (float(variance), "the variance of p/q under q"),
        "hellinger²": (1 - float(np.sqrt(p * q).sum()), "1 − Σ √(pq)"),
        "w1": (_program(p, q, 1), "linear program"),
        "w2": (_program(p, q, 2), "linear program"),
    }


def _program(p: Array, q: Array, power: int) -> float:
    from scipy.optimize import linprog

    n = len(p)
    cost = np.abs(np.subtract.outer(np.arange(n), np.arange(n))) ** power
    rows, columns = np.kron(np.eye(n), np.ones(n)), np.kron(np.ones(n), np.eye(n))
    whole = linprog(cost.ravel(), A_eq=np.vstack([rows, columns]), b_eq=np.concatenate([p, q]))
    return float(max(whole.fun, 0.0) ** (1 / power))


def figure(given: Discrete, blank: Figure) -> None:
    """Draw p and q, and the point by point contributions to each f-divergence."""
    p, q = laws(given)
    i = np.arange(len(p))
    panels = blank.subplots(2, 4, sharex=True).ravel()
    _bars(panels[0], p, q)
    for axes, (name, parts) in zip(panels[1:], contributions(p, q).items(), strict=False):
        shown = np.where(np.isfinite(parts), parts, 0.0)
        axes.bar(i, shown, color=np.where(p > q, BLUE, RED))
        for j in i[np.isinf(parts)]:
            axes.text(j, 0, "∞", ha="center", va="bottom", fontsize=14)
        axes.axhline(0, color=GREY, linewidth=0.8)
        axes.set_title(f"{name} = {parts.sum():.3f}")
    _cumulative(panels[7], p, q)
    for axes in panels[4:]:
        axes.set_xlabel("point")
        axes.set_xticks(i)
    panels[0].set_ylabel("probability")
    panels[4].set_ylabel("contribution of the point")


def _bars(axes: Axes, p: Array, q: Array) -> None:
    i = np.arange(len(p))
    axes.bar(i - 0.2, p, 0.4, color=BLUE, label="p")
    axes.bar(i + 0.2, q, 0.4, color=RED, label="q")
    axes.set(title="two laws", ylim=(0, 1.35 * max(p.max(), q.max())))
    axes.legend(ncols=2, loc="upper center")


def _cumulative(axes: Axes, p: Array, q: Array) -> None:
    i = np.arange(len(p))
    f, g = np.cumsum(p), np.cumsum(q)
    axes.fill_between(i, f, g, step="post", color=GREY, alpha=0.3)
    axes.step(i, f, where="post", color=BLUE)
    axes.step(i, g, where="post", color=RED)
    x = np.arange(len(p), dtype=np.float64)
    axes.set_title(f"w1 = {transported(p, q, x):.3f}: area F to G")


def _surplus(p: Array, q: Array) -> Array:
    """Return p log(p/q), 0 where p is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p > 0, p * (np.log(p) - np.log(q)), 0.0)


ITEMS: dict[str, Item] = {
    "divergences-discrete": Item(
        name="divergences-discrete",
        title="Eight divergences between two laws on a few points, and where each one looks",
        derivation="D_f = Σ qᵢ f(pᵢ/qᵢ) adds up points one by one; W₁ = Σ |Fᵢ − Gᵢ| adds up gaps",
        parameters=Discrete,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(11.0, 5.0),
    )
}
