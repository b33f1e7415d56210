r"""The discrete Wasserstein distance as a linear program, and its dual.

Laws p and q on the points 0, …, n−1 with the cost C_ij = |i − j|:

    W₁(p, q) = min ⟨P, C⟩   over plans P ≥ 0 with P1 = p, Pᵀ1 = q            (primal)
             = max ⟨f, p − q⟩  over f with f_i − f_j ≤ |i − j| for all i, j   (dual)
             = Σ_i |F_i − G_i|   for the distribution functions F and G.

On a line the n(n−1) constraints of the dual follow from the n−1 of neighbours,
|f_{i+1} − f_i| ≤ 1. Computational Optimal Transport (Peyré, Cuturi 2018, arXiv 1803.00567);
Wasserstein GAN (Arjovsky et al. 2017, arXiv 1701.07875).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.figures import BLUE, GREEN, GREY, RED
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.figure import Figure, SubFigure

__all__ = ["ITEMS", "Transport", "cdf_distance", "dual", "laws", "primal"]

Array = NDArray[np.float64]
Laws = Literal["random", "hills", "point-uniform"]


@dataclass(frozen=True)
class Transport:
    """Two laws on the integers 0 … points − 1."""

    points: int = 24
    """Number of points n of the line."""
    laws: Laws = "hills"
    """Two bell-shaped laws, two random ones, or a point mass at 0 against the uniform law."""
    seed: int = 0
    """Of the random laws."""


def laws(p: Transport) -> tuple[Array, Array]:
    """Return the two laws, each (n,), non-negative, of sum 1."""
    inside("points", p.points, 2, 200)
    i = np.arange(p.points) / (p.points - 1)
    rng = np.random.default_rng(p.seed)
    both = {
        "random": lambda: rng.random((2, p.points)),
        "hills": lambda: (_bell(i, 0.2, 0.08) + 0.7 * _bell(i, 0.8, 0.06), _bell(i, 0.55, 0.1)),
        "point-uniform": lambda: (np.eye(1, p.points)[0], np.ones(p.points)),
    }[p.laws]()
    a, b = (np.asarray(law, dtype=np.float64) for law in both)
    return a / a.sum(), b / b.sum()


def primal(p: Array, q: Array) -> tuple[float, Array]:
    """Return W₁ and an optimal plan (n, n), by a linear program over its n² entries.

    On a line many plans cost the same. A millionth of |i − j|² on top of the cost singles out the
    one in which no two units of mass cross; W₁ is that plan's cost without it.

    >>> value, plan = primal(np.array([1.0, 0, 0]), np.array([0, 0.5, 0.5]))
    >>> round(value, 9), plan[0].round(9).tolist()
    (1.5, [0.0, 0.5, 0.5])
    """
    from scipy.optimize import linprog
    from scipy.sparse import eye_array, kron, vstack

    n = len(p)
    rows, columns = kron(eye_array(n), np.ones((1, n))), kron(np.ones((1, n)), eye_array(n))
    found = linprog(
        (_cost(n) + 1e-6 * _cost(n) ** 2).ravel(),
        A_eq=vstack([rows, columns]).tocsr(),
        b_eq=np.concatenate([p, q]),
        method="highs-ds",
    )
    plan = found.x.reshape(n, n)
    return float((plan * _cost(n)).sum()), plan


def dual(p: Array, q: Array) -> tuple[float, Array]:
    """Return W₁ and the potential f (n,), f_0 = 0, by a program with n − 1 pairs of constraints.

    >>> value, f = dual(np.array([1.0, 0, 0]), np.array([0, 0.5, 0.5]))
    >>> round(value, 9), (f - f[0]).tolist()
    (1.5, [0.0, -1.0, -2.0])
    """
    from scipy.optimize import linprog

    n = len(p)
    steps = np.diff(np.eye(n), axis=0)
    found = linprog(
        q - p,
        A_ub=np.concatenate([steps, -steps]),
        b_ub=np.ones(2 * n - 2),
        bounds=[(0, 0)] + [(None, None)] * (n - 1),
        method="highs-ds",
    )
    return -float(found.fun), found.x


def cdf_distance(p: Array, q: Array) -> float:
    """Return Σ |F_i − G_i|.

    >>> cdf_distance(np.array([1.0, 0, 0]), np.array([0, 0.5, 0.5]))
    1.5
    """
    return float(np.abs(np.cumsum(p - q))[:-1].sum())


def compute(p: Transport) -> dict[str, Value]:
    """Return W₁ three ways, and how sparse the plan is."""
    a, b, cost, plan, slope_cost, f = _solved(p)
    return {
        "W₁ primal": Value(cost, 0, f"linear program over a plan of {plan.size} entries"),
        "W₁ dual": Value(slope_cost, 0, f"linear program over {len(f)} values of the critic"),
        "W₁": Value(cdf_distance(a, b), 0, "sum of |F − G|"),
        "entries of the plan in use": Value(_used(plan), 0, "count"),
        "largest slope of the critic": Value(float(np.abs(np.diff(f)).max()), 0, "difference"),
    }


def checks(p: Transport) -> list[Check]:
    """Return the three ways against each other, and what an optimal pair must satisfy."""
    a, b, cost, plan, slope_cost, f = _solved(p)
    exact, n = cdf_distance(a, b), len(a)
    gap = np.abs(plan * (_cost(n) - (f[:, None] - f[None, :]))).sum()
    marginals = max(np.abs(plan.sum(1) - a).max(), np.abs(plan.sum(0) - b).max())
    moving = np.abs(np.cumsum(a - b))[:-1] > 1e-9
    slopes = np.abs(np.diff(f))[moving]
    point, uniform = laws(Transport(p.points, "point-uniform"))
    return [
        Check("W₁ by its plan", cost, exact, 1e-10, "primal linear program against CDF sum"),
        Check("W₁ by its critic", slope_cost, exact, 1e-10, "dual linear program against CDF sum"),
        Check(
            "the plan's marginals", float(marginals), 0, 1e-12, "row and column sums against p, q"
        ),
        Check(
            "complementary slackness", float(gap), 0, 1e-10, "f_i − f_j against C_ij on the plan"
        ),
        Check("slope where F ≠ G", float(slopes.min(initial=1.0)), 1, 1e-12, "dual against theory"),
        Check("entries in use", _used(plan), 2 * n - 1, 0, "plan against a vertex's", "at most"),
        Check(
            "δ₀ against uniform",
            primal(point, uniform)[0],
            (n - 1) / 2,
            1e-10,
            "linear program against (n − 1)/2",
        ),
    ]


def figure(p: Transport, blank: Figure) -> None:
    """Draw the plan as a heat map between its marginals, and the critic over both laws."""
    a, b, cost, plan, _, f = _solved(p)
    left, right = cast("NDArray[Any]", blank.subfigures(1, 2, width_ratios=[1, 1.1]))
    _plan(left, a, b, plan)
    upper, lower = right.subplots(2, 1, sharex=True)
    i = np.arange(len(a))
    upper.bar(i - 0.2, a, 0.4, color=BLUE, label="p")
    upper.bar(i + 0.2, b, 0.4, color=RED, label="q")
    upper.set_title(f"W₁ = {cost:.4f}, by the plan and by the critic")
    upper.set_ylabel("probability")
    upper.legend()
    lower.plot(i, f, "o-", color=GREEN, markersize=3)
    lower.set_title("dual: the critic f, of slope ±1")
    lower.set_xlabel("point i")
    lower.set_ylabel("critic f(i)")


def _plan(part: SubFigure, a: Array, b: Array, plan: Array) -> None:
    ratios = {"width_ratios": [1, 4], "height_ratios": [1, 4]}
    (corner, above), (beside, main) = part.subplots(2, 2, gridspec_kw=ratios)
    n, i = len(a), np.arange(len(a))
    above.bar(i, b, 0.8, color=RED)
    above.set_title("primal: how much mass goes from i to j")
    beside.barh(i, -a, 0.8, color=BLUE)
    for axes in (corner, above, beside):
        axes.axis("off")
    main.imshow(np.where(plan > 1e-12, plan, np.nan), cmap="BuPu", vmin=0, aspect="auto")
    main.plot([0, n - 1], [0, n - 1], color=GREY, linewidth=0.8, linestyle=":")
    main.set_xlabel("to j, distributed by q")
    main.set_ylabel("from i, distributed by p")
    main.yaxis.set_label_position("right")
    main.yaxis.tick_right()
    main.grid(visible=False)
    above.set_xlim(main.get_xlim())
    beside.set_ylim(main.get_ylim())


@lru_cache(maxsize=4)
def _solved(p: Transport) -> tuple[Array, Array, float, Array, float, Array]:
    a, b = laws(p)
    return (a, b, *primal(a, b), *dual(a, b))


def _bell(x: Array, centre: float, width: float) -> Array:
    return np.exp(-0.5 * ((x - centre) / width) ** 2)


def _cost(n: int) -> Array:
    i = np.arange(n)
    return np.abs(i[:, None] - i[None, :]).astype(np.float64)


def _used(plan: Array) -> float:
    return float((plan > 1e-12).sum())


ITEMS: dict[str, Item] = {
    "wasserstein-lp": Item(
        name="wasserstein-lp",
        title="The discrete Wasserstein distance as a linear program, with its plan and its critic",
        derivation="W₁ = min ⟨P, C⟩ over couplings P = max ⟨f, p − q⟩ over |Δf| ≤ 1 = Σ |F − G|",
        parameters=Transport,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(9.6, 4.6),
    )
}
