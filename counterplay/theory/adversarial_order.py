r"""min max against max min: who answers whom decides whether the generator spreads out.

The exact game: data on K points with chances p, a generator that sends each of n equally likely
latents to a point, so that q is a vector of n-ths, and a critic with a chance D_k for each point,

    V(q, D) = Σ_k p_k log D_k + Σ_k q_k log(1 − D_k).

min over q of max over D: the inner answer is D = p/(p + q), V = −log 4 + 2 JS, least at q = p.
max over D of min over q: V is linear in q, so the inner answer to any D is to send *all* latents
to the point with the largest D: the mode the critic believes in most. The value is −log 4 too,
reached at D = ½, but the generator that goes with it has collapsed. Gradient steps do not say which
of the two is played; a generator that is trained to the end for each critic plays the second, and
hops from mode to mode. NIPS 2016 Tutorial: Generative Adversarial Networks (Goodfellow 2016,
arXiv 1701.00160), section 5.1.1; Unrolled Generative Adversarial Networks (Metz et al. 2016,
arXiv 1611.02163).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterplay.errors import UserError
from counterplay.theory.divergence_discrete import contributions
from counterplay.theory.figures import BLUE, GREEN, GREY, OCHRE, PURPLE, RED, TEAL
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ITEMS", "Order", "best_generator", "generators", "played", "value"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Order:
    """Data on a few points, and a generator of a few latents."""

    p: tuple[float, ...] = (0.5, 0.25, 0.25)
    """Chances p of the points; divided by their sum."""
    latents: int = 4
    """Number n of equally likely latents."""
    rounds: int = 60
    """Rounds of play."""
    rate: float = 0.3
    """Step, in (0, 1], of the player that does not answer to the end."""


def data(given: Order) -> Array:
    """Return p, of sum 1.

    Raises:
        UserError: for a parameter out of range.
    """
    p = np.array(given.p, dtype=np.float64)
    if not 2 <= len(p) <= 5 or p.min() <= 0:
        raise UserError("p: expected 2 to 5 chances above 0")
    inside("latents", given.latents, 1, 12)
    inside("rounds", given.rounds, 2, 10_000)
    inside("rate", given.rate, 0.001, 1)
    return p / p.sum()


def generators(points: int, latents: int) -> Array:
    """Return every q that the latents can make, one a row.

    >>> generators(2, 2).tolist()
    [[0.0, 1.0], [0.5, 0.5], [1.0, 0.0]]
    """
    counts = itertools.product(range(latents + 1), repeat=points)
    return np.array([c for c in counts if sum(c) == latents], dtype=np.float64) / latents


def value(p: Array, q: Array, critic: Array) -> float:
    """Return V(q, D).

    >>> half = np.array([0.5, 0.5])
    >>> round(value(half, half, half), 10)
    -1.3862943611
    """
    return float(p @ np.log(critic) + q @ np.log1p(-critic))


def best_generator(p: Array, latents: int, critic: Array) -> Array:
    """Return the q that is least in V(q, D), by trying them all."""
    every = generators(len(p), latents)
    return every[np.argmin([value(p, q, critic) for q in every])]


def _answered(p: Array, q: Array) -> float:
    # max over D of V, by the formula; a point that q leaves out adds p log 1.
    ratio = p / (p + q)
    return float(p @ np.log(ratio) + q @ np.log(np.where(q > 0, 1 - ratio, 1.0)))


def _grid_game(p: Array, latents: int, cells: int = 10) -> tuple[float, float, float]:
    """Return min max, max min and the mixed value of the game with D on a grid, as a matrix."""
    from scipy.optimize import linprog

    levels = np.arange(1, cells) / cells
    critics = np.array(list(itertools.product(levels, repeat=len(p))))
    every = generators(len(p), latents)
    table = (np.log(critics) @ p)[None, :] + every @ np.log1p(-critics).T
    n = len(every)
    solved = linprog(
        np.append(np.zeros(n), 1.0),
        A_ub=np.hstack([table.T, -np.ones((len(critics), 1))]),
        b_ub=np.zeros(len(critics)),
        A_eq=np.append(np.ones(n), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, None)] * n + [(None, None)],
    )
    return float(table.max(1).min()), float(table.min(0).max()), float(solved.fun)


def played(given: Order, order: str) -> Array:
    """Return q after each round (rounds + 1, K), in either order of play.

    "min max": the critic answers to the end, the generator then moves by ``rate`` of the way to its
    best reply. "max min": the generator answers to the end, the critic then moves by ``rate``.
    """
    p = data(given)
    q = np.eye(len(p))[-1]
    critic, path = np.full(len(p), 0.5), [q]
    for turn in range(given.rounds):
        wanted = np.clip(p / (p + q), 1e-6, 1 - 1e-6)
        if order == "min max":
            share = given.rate * 2 / (turn + 2)  # steps that fall, so that it comes to rest
            q = (1 - share) * q + share * best_generator(p, given.latents, wanted)
        else:
            critic = (1 - given.rate) * critic + given.rate * wanted
            q = best_generator(p, given.latents, critic)
        path.append(q)
    return np.array(path)


def compute(given: Order) -> dict[str, Value]:
    """Return both values, and how far from p each order's generator is."""
    p = data(given)
    every = generators(len(p), given.latents)
    answered = [_answered(p, q) for q in every]
    best = every[int(np.argmin(answered))]
    collapsed = best_generator(p, given.latents, np.full(len(p), 0.5) + 1e-3 * p)
    found = {
        "min max V": Value(min(answered), 0, f"all {len(every)} generators, D = p/(p + q)"),
        "max min V": Value(-math.log(4), 0, "D = ½ against every generator"),
        "JS of the min max generator": Value(_js(p, best), 0, "finite sum"),
        "JS of the answer to D nearly ½": Value(_js(p, collapsed), 0, "finite sum"),
    }
    for order in ORDERS:
        path = played(given, order)
        last = path[-max(2, len(path) // 3) :]
        found[f"played {order}: JS"] = Value(
            float(np.mean([_js(p, q) for q in last])), 0, "mean over the last third of the rounds"
        )
        found[f"played {order}: hops"] = Value(_hops(path), 0, "rounds with a new largest point")
    return found


def checks(given: Order) -> list[Check]:
    """Return the values against the matrix game, and the collapse of the inner answer."""
    p = data(given)
    every = generators(len(p), given.latents)
    least = min(_answered(p, q) for q in every)
    grid = _grid_game(p, given.latents)
    nearest = -math.log(4) + 2 * min(_js(p, q) for q in every)
    rng = np.random.default_rng(0)
    inner = [best_generator(p, given.latents, d) for d in rng.uniform(0.05, 0.95, (50, len(p)))]
    searched = _searched(p)
    rounds = {order: played(given, order) for order in ORDERS}
    third = given.rounds // 3
    js = {o: float(np.mean([_js(p, q) for q in path[-third:]])) for o, path in rounds.items()}
    return [
        Check("min max V", least, nearest, 1e-12, "all generators against −log 4 + 2 JS"),
        Check("max min V", searched, -math.log(4), 1e-8, "concave search over D against D = ½"),
        Check("max min V on a grid", grid[1], -math.log(4), 1e-12, "matrix game against D = ½"),
        Check("mixed V on a grid", grid[2], grid[1], 1e-9, "linear program against max min"),
        Check("min max on a grid", grid[0], least, 1e-12, "matrix against exact", side="at most"),
        Check(
            "mass of max min's largest point",
            float(np.min([q.max() for q in inner])),
            1,
            0,
            "least over 50 critics against collapse",
        ),
        Check("JS played min max", js["min max"], js["max min"], 0, "play against play", "at most"),
    ]


def _searched(p: Array) -> float:
    from scipy.optimize import minimize

    # max over D of Σ p log D + log(1 − max D), as a program with t ≥ D_k.
    def charge(v: Array) -> float:
        return -float(p @ np.log(v[:-1]) + math.log1p(-v[-1]))

    k = len(p)
    bounds = [(1e-6, 1 - 1e-6)] * (k + 1)
    above = {"type": "ineq", "fun": lambda v: v[-1] - v[:-1]}
    start = np.append(np.linspace(0.2, 0.6, k), 0.7)
    found = minimize(
        charge, start, method="SLSQP", bounds=bounds, constraints=[above], options={"ftol": 1e-14}
    )
    return -float(found.fun)


ORDERS = ("min max", "max min")


def _js(p: Array, q: Array) -> float:
    return float(contributions(p, q)["js"].sum())


def _hops(path: Array) -> float:
    top = path.argmax(1)
    return float((top[1:] != top[:-1]).sum())


def figure(given: Order, blank: Figure) -> None:
    """Draw the generator's chances over the rounds of both orders of play."""
    p = data(given)
    panels = blank.subplots(1, 2, sharey=True)
    words = {
        "min max": "min max: the critic answers to the end",
        "max min": "max min: the generator answers to the end",
    }
    for axes, order in zip(panels, ORDERS, strict=True):
        path = played(given, order)
        _bands(axes, path)
        js = np.mean([_js(p, q) for q in path[-max(2, len(path) // 3) :]])
        axes.set_title(f"{words[order]}\nJS at the end {js:.3f}, {_hops(path):.0f} hops")
        axes.set(xlabel="round", ylim=(0, 1), xlim=(0, len(path) - 1))
        axes.grid(visible=False)
        for edge in np.cumsum(p)[:-1]:
            axes.axhline(edge, color="black", linestyle=":", linewidth=1.2)
    panels[0].set_ylabel("chance of each point under q (dots: p)")


def _bands(axes: Axes, path: Array) -> None:
    x = np.arange(len(path))
    edges = np.concatenate([np.zeros((len(path), 1)), np.cumsum(path, 1)], 1)
    colours = (BLUE, OCHRE, GREEN, RED, PURPLE, TEAL, GREY)
    for k in range(path.shape[1]):
        axes.fill_between(
            x, edges[:, k], edges[:, k + 1], step="post", color=colours[k], alpha=0.55, linewidth=0
        )
        if path[-1, k] > 0.1 and path[-5:, k].min() > 0.1:
            axes.text(len(x) - 2, edges[-1, k : k + 2].mean(), f"point {k}", ha="right")


ITEMS: dict[str, Item] = {
    "minmax-maxmin": Item(
        name="minmax-maxmin",
        title="min max spreads the generator over the data, max min collapses it to one mode",
        derivation="V(q, D) is linear in q, so min over q is a vertex: all latents to argmax D_k",
        parameters=Order,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(10.4, 4.0),
    )
}
