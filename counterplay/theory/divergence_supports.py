r"""What the Wasserstein distance sees of laws that do not overlap, and the others do not.

Three densities: moving a share m of p's mass by d, to where p has none, costs

    W₁ = m d,        JS = m ln 2 nats = m bits,

so that a fifth moved by 10 is farther away than a quarter moved by 6 to W₁, 2 > 1.5, and nearer to
JS, 0.20 < 0.25 bits.

Parallel lines: P₀ uniform on {0} × [0, 1] and P_t on {t} × [0, 1] give, for t ≠ 0, JS = ln 2,
KL = ∞, TV = 1, and W₁ = |t|: only the last has a slope to follow. Noise of standard deviation σ on
both gives JS its slope back: that of N(0, σ²) and N(t, σ²). Wasserstein GAN (Arjovsky et al. 2017,
arXiv 1701.07875), example 1; Towards Principled Methods for Training Generative Adversarial
Networks (Arjovsky, Bottou 2017, arXiv 1701.04862).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.divergence_discrete import contributions
from counterplay.theory.divergence_laws import normal
from counterplay.theory.divergences import by_quadrature
from counterplay.theory.figures import BLUE, GREEN, GREY, OCHRE, RED
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ITEMS", "Lines", "Steps", "Three", "js_bits", "lines_apart", "three", "w1"]

Array = NDArray[np.float64]


class Steps(NamedTuple):
    """A density that is constant between neighbouring edges (n + 1,): the mass (n,) of each."""

    edges: Array
    mass: Array


@dataclass(frozen=True)
class Three:
    """p has three blocks of width 1; one model moves the left one away, another the right one."""

    far_share: float = 0.2
    """Mass of the left block, moved far."""
    far: float = 10.0
    """How far it is moved."""
    near_share: float = 0.25
    """Mass of the right block, moved less far."""
    near: float = 6.0
    """How far it is moved."""


def three(given: Three) -> tuple[Steps, Steps, Steps]:
    """Return p, the model with the left block moved far, and that with the right one moved."""
    inside("far", given.far, 1, 100)
    inside("near", given.near, 1, 100)
    inside("far-share", given.far_share, 0.01, 0.49)
    inside("near-share", given.near_share, 0.01, 0.49)
    left, right = given.far_share, given.near_share
    starts = np.array([-2.5, -0.5, 1.5])
    mass = np.array([left, 1 - left - right, right])
    moves = (np.zeros(3), np.array([-given.far, 0, 0]), np.array([0, 0, given.near]))
    blocks = [starts + move for move in moves]
    edges = np.unique(np.concatenate([b for start in blocks for b in (start, start + 1)]))
    p, far, near = (_stepped(edges, block, mass) for block in blocks)
    return p, far, near


def w1(p: Steps, q: Steps) -> float:
    """Return ∫ |F − G| of two densities on the same edges; exact where F − G keeps its sign."""
    gap = np.concatenate([[0.0], np.cumsum(p.mass - q.mass)])
    return float((np.abs(gap[1:] + gap[:-1]) / 2 * np.diff(p.edges)).sum())


def js_bits(p: Steps, q: Steps) -> float:
    """Return the Jensen–Shannon divergence of two densities on the same edges, in bits."""
    return float(contributions(p.mass, q.mass)["js"].sum()) / math.log(2)


def compute_three(given: Three) -> dict[str, Value]:
    """Return both distances of both models."""
    p, far, near = three(given)
    how = "sum over blocks"
    return {
        "W₁(p, far)": Value(w1(p, far), 0, how),
        "W₁(p, near)": Value(w1(p, near), 0, how),
        "JS(p, far), bits": Value(js_bits(p, far), 0, how),
        "JS(p, near), bits": Value(js_bits(p, near), 0, how),
    }


def checks_three(given: Three) -> list[Check]:
    """Return both against scipy on fine cells, and against share times distance."""
    from scipy.spatial.distance import jensenshannon
    from scipy.stats import wasserstein_distance

    p, far, near = three(given)
    rows = []
    for name, q, share, distance in (
        ("far", far, given.far_share, given.far),
        ("near", near, given.near_share, given.near),
    ):
        (x, a), (_, b) = _cells(p), _cells(q)
        apart, bits = float(wasserstein_distance(x, x, a, b)), jensenshannon(a, b, 2) ** 2
        cells = "blocks against scipy on cells"
        rows += [
            Check(f"W₁(p, {name})", w1(p, q), apart, 1e-9, cells),
            Check(f"JS(p, {name})", js_bits(p, q), float(bits), 1e-9, cells),
            Check(f"W₁(p, {name}) is m d", w1(p, q), share * distance, 1e-12, "blocks, formula"),
            Check(f"JS(p, {name}) is m", js_bits(p, q), share, 1e-12, "blocks against formula"),
        ]
    return rows


def figure_three(given: Three, blank: Figure) -> None:
    """Draw p over the two models, each with the block that was moved and its two distances."""
    p, far, near = three(given)
    rows = blank.subplots(3, 1, sharex=True, sharey=True)
    names = ("p", "far", "near")
    for axes, name, law, colour in zip(rows, names, (p, far, near), (BLUE, RED, RED), strict=True):
        height = law.mass / np.diff(law.edges)
        axes.stairs(height, law.edges, fill=True, color=colour, alpha=0.35)
        axes.stairs(height, law.edges, color=colour)
        axes.set(ylabel="density", ylim=(0, 0.85))
        if law is not p:
            axes.set_title(f"q {name}:  W₁ = {w1(p, law):.2f}   JS = {js_bits(p, law):.2f} bits")
    rows[0].set_title("p; W₁ finds ‘near’ nearer, JS finds ‘far’ nearer")
    _moved(rows[1], -2, -2 - given.far, f"{given.far_share:g} of the mass, by {given.far:g}")
    _moved(rows[2], 2, 2 + given.near, f"{given.near_share:g} of the mass, by {given.near:g}")
    rows[2].set_xlabel("x")


@dataclass(frozen=True)
class Lines:
    """Two vertical lines of length 1, t apart, and the same blurred."""

    t: float = 0.5
    """Distance of the lines."""
    points: int = 48
    """Points of each line, for the transport between them."""
    blur: float = 0.2
    """Standard deviation σ of the noise that makes the lines overlap."""


def lines_apart(t: float, points: int) -> dict[str, float]:
    """Return JS, TV, KL of the lines' points, and W₁ by the best assignment of one to the other.

    >>> found = lines_apart(0.25, 16)
    >>> round(found["js"], 6), found["tv"], found["kl"], found["w1"]
    (0.693147, 1.0, inf, 0.25)
    """
    from scipy.optimize import linear_sum_assignment
    from scipy.spatial.distance import cdist

    height = (np.arange(points) + 0.5) / points
    here = np.stack([np.zeros(points), height], 1)
    there = np.stack([np.full(points, t), height], 1)
    cost = cdist(here, there)
    places, index = np.unique(np.concatenate([here, there]), axis=0, return_inverse=True)
    p, q = (np.bincount(i, minlength=len(places)) / points for i in np.split(index.ravel(), 2))
    sums = {name: float(parts.sum()) for name, parts in contributions(p, q).items()}
    return {**sums, "w1": float(cost[linear_sum_assignment(cost)].mean())}


@lru_cache(maxsize=128)
def blurred(t: float, blur: float) -> float:
    """Return JS of the two lines with noise N(0, blur²) on x, by quadrature, in nats."""
    return float(by_quadrature("js", normal(0, blur), normal(t, blur)).value)


def compute_lines(given: Lines) -> dict[str, Value]:
    """Return the divergences of the lines, and of the blurred ones."""
    _lines_inside(given)
    found = lines_apart(given.t, given.points)
    how = f"{given.points} points a line"
    return {
        "W₁": Value(found["w1"], 0, f"best assignment, {how}"),
        "JS": Value(found["js"], 0, how),
        "TV": Value(found["tv"], 0, how),
        "KL": Value(found["kl"], 0, how),
        "slope of W₁ in t": Value(_slope(given, "w1"), 0, "central difference"),
        "slope of JS in t": Value(_slope(given, "js"), 0, "central difference"),
        "JS with noise": Value(blurred(given.t, given.blur), 1e-14, "quadrature"),
    }


def checks_lines(given: Lines) -> list[Check]:
    """Return what the example says against what is computed from points."""
    _lines_inside(given)
    found, together = lines_apart(given.t, given.points), lines_apart(0.0, given.points)
    apart = given.t != 0
    told = "points against the closed form"
    unit = float(by_quadrature("js", normal(0, 1), normal(given.t / given.blur, 1)).value)
    return [
        Check("W₁ is |t|", found["w1"], abs(given.t), 1e-12, f"best assignment of {told}"),
        Check("JS is ln 2", found["js"], math.log(2) * apart, 1e-12, told),
        Check("TV is 1", found["tv"], 1.0 * apart, 1e-12, told),
        Check("KL is ∞", found["kl"], math.inf if apart else 0.0, 0, told),
        Check("t = 0: JS", together["js"], 0, 1e-12, told),
        Check("JS's slope", _slope(given, "js"), 0, 1e-9, "difference against the closed form"),
        Check(
            "W₁'s slope", _slope(given, "w1"), np.sign(given.t), 1e-6, "difference against sign t"
        ),
        Check("JS with noise", blurred(given.t, given.blur), unit, 1e-12, "σ against scaled to 1"),
    ]


def figure_lines(given: Lines, blank: Figure) -> None:
    """Draw the lines, and the distances as functions of t."""
    left, right = blank.subplots(1, 2, width_ratios=[1, 2.2])
    for x, colour, label in ((0, BLUE, "P₀"), (given.t, RED, "P_t")):
        left.plot([x, x], [0, 1], color=colour, linewidth=4)
        left.text(x, 1.04, label, color=colour, ha="center", fontsize=12)
    left.annotate("", (given.t, 0.5), (0, 0.5), arrowprops={"arrowstyle": "<->", "color": GREY})
    left.text(given.t / 2, 0.53, "t", ha="center", fontsize=12)
    wide = max(1.0, abs(given.t))
    left.set(xlim=(-0.5 * wide, 1.25 * wide), ylim=(0, 1.15), xlabel="x", ylabel="y")
    left.set_title("two lines")
    _distances(right, given, wide)


def _distances(axes: Axes, given: Lines, wide: float) -> None:
    t = np.linspace(-wide, wide, 81)
    found = [lines_apart(float(s), 8) for s in t]
    gap = t != 0
    for name, colour, label in (("w1", GREEN, "W₁ = |t|"), ("tv", OCHRE, "TV"), ("js", BLUE, "JS")):
        y = np.array([f[name] for f in found])
        if name == "w1":
            axes.plot(t, y, color=colour)
        else:
            for side in (t < 0, t > 0):
                axes.plot(t[side], y[side], color=colour)
            axes.plot(t[~gap], y[~gap], "o", color=colour, markersize=5)
        axes.text(wide * 1.03, y[-1] - 0.06 * (name == "w1"), label, color=colour, va="center")
    noisy = [blurred(round(float(s), 12), given.blur) for s in t]
    axes.plot(t, noisy, color=BLUE, linestyle="--")
    axes.text(wide * 1.03, noisy[-1] - 0.07, f"JS, noise {given.blur:g}", color=BLUE, va="center")
    axes.set(xlabel="distance t of the lines", ylabel="distance of the laws")
    axes.set(xlim=(-wide, wide * 1.45), ylim=(-0.03, None))
    axes.set_title("KL is ∞; TV and JS jump at 0, flat elsewhere; W₁ leads back")


def _lines_inside(given: Lines) -> None:
    inside("t", given.t, -100, 100)
    inside("points", given.points, 2, 1000)
    inside("blur", given.blur, 0.01, 10)


def _slope(given: Lines, name: str) -> float:
    h = 1e-6
    up, down = (lines_apart(given.t + s, given.points)[name] for s in (h, -h))
    return (up - down) / (2 * h)


def _stepped(edges: Array, starts: Array, mass: Array) -> Steps:
    middle = (edges[1:] + edges[:-1]) / 2
    within = (middle[:, None] > starts) & (middle[:, None] < starts + 1)
    return Steps(edges, (within * mass).sum(1) * np.diff(edges))


def _cells(law: Steps, parts: int = 8) -> tuple[Array, Array]:
    width = np.repeat(np.diff(law.edges) / parts, parts)
    left = np.repeat(law.edges[:-1], parts) + np.tile(np.arange(parts), len(law.mass)) * width
    return left + width / 2, np.repeat(law.mass / parts, parts)


def _moved(axes: Axes, start: float, end: float, words: str) -> None:
    axes.annotate("", (end, 0.55), (start, 0.55), arrowprops={"arrowstyle": "->", "color": GREY})
    axes.text((start + end) / 2, 0.6, words, ha="center", color=GREY)


ITEMS: dict[str, Item] = {
    "three-densities": Item(
        name="three-densities",
        title="Three densities that W₁ puts in order and the Jensen–Shannon divergence does not",
        derivation="mass m moved by d to an empty place: W₁ = m d, but JS = m bits however far",
        parameters=Three,
        compute=compute_three,
        checks=checks_three,
        figure=figure_three,
        size=(8.0, 5.4),
    ),
    "parallel-lines": Item(
        name="parallel-lines",
        title="Two parallel lines: KL = ∞, TV = 1 and JS = ln 2 at every distance t, W₁ = |t|",
        derivation="disjoint supports: p log(2p/(p + q)) = p ln 2, so JS = ln 2; W₁ moves all by t",
        parameters=Lines,
        compute=compute_lines,
        checks=checks_lines,
        figure=figure_lines,
        size=(9.4, 4.0),
    ),
}
