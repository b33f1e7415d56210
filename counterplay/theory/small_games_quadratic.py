r"""V(x, y) = a x²/2 + b x y − c y²/2: curvature tames the rotation.

The field's matrix A = [[a, b], [−b, c]] has the eigenvalues (a + c)/2 ± √((a − c)²/4 − b²). A plain
simultaneous step η multiplies the parts of z along A's eigenvectors by 1 − ηλ, and converges for

    η < min 2 Re λ/|λ|²        over the eigenvalues λ;

with a = c this is 2a/(a² + b²): a rotation b ten times the curvature a costs a factor of a hundred.
The Numerics of GANs (Mescheder et al. 2017, arXiv 1705.10461).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.figures import BLUE, GREY, RED
from counterplay.theory.item import Check, Item, Value, inside
from counterplay.theory.small_games import (
    COLOURS,
    MAPS,
    field,
    iterate,
    quadratic_costs,
    radius,
    rule,
    simulate,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ITEMS", "Quadratic", "eigenvalues", "largest_step"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Quadratic:
    """V(x, y) = a x²/2 + b x y − c y²/2."""

    a: float = 0.3
    """Curvature a of x's cost."""
    b: float = 1.0
    """Strength b of the interaction."""
    c: float = 0.3
    """Curvature c of y's cost."""
    eta: float = 0.2
    """Step size η of the paths."""
    gamma: float = 0.5
    """Weight γ of consensus optimisation."""
    unroll: int = 2
    """Steps k that x looks ahead in unrolled play."""
    steps: int = 120
    """Number of steps."""


def eigenvalues(a: float, b: float, c: float) -> tuple[complex, complex]:
    """Return A's two eigenvalues in closed form.

    >>> eigenvalues(0.0, 1.0, 0.0)
    (1j, -1j)
    """
    root = complex((a - c) ** 2 / 4 - b**2) ** 0.5
    if abs(root.real) < 1e-15 * abs(root):  # the power of a negative number leaves a trace of it
        root = 1j * root.imag
    return (a + c) / 2 + root, (a + c) / 2 - root


def largest_step(a: float, b: float, c: float) -> float:
    """Return the step below which simultaneous play converges, 0 where none does.

    >>> round(largest_step(0.5, 0.5, 0.5), 12)
    2.0
    """
    return max(0.0, min(2 * v.real / abs(v) ** 2 for v in eigenvalues(a, b, c)))


@lru_cache(maxsize=4)
def _paths(p: Quadratic) -> dict[str, tuple[Array, Array]]:
    """Return rule -> its path as played by the project, and by its linear map."""
    for name, low in (("a", 0.0), ("b", 0.0), ("c", 0.0), ("eta", 1e-4)):
        inside(name, getattr(p, name), low, 10)
    inside("a + b + c", p.a + p.b + p.c, 1e-3, 30)
    inside("steps", p.steps, 2, 5000)
    inside("unroll", p.unroll, 0, 50)
    inside("gamma", p.gamma, 0, 100)
    A, start, found = field(p.a, p.b, p.c), np.ones(2), {}
    for name in MAPS:
        by_map = iterate(MAPS[name](A, p.eta, p.gamma, p.unroll), start, p.steps)
        if name == "proximal":
            found[name] = (by_map, by_map)
            continue
        play = rule(name, p.eta, p.gamma, p.unroll)
        costs = quadratic_costs(p.a, p.b, p.c)
        found[name] = (simulate(costs, play, start, p.eta, p.steps), by_map)
    return found


def compute(p: Quadratic) -> dict[str, Value]:
    """Return the eigenvalues, the largest step and every rule's growth ρ(M)."""
    paths = _paths(p)
    value = eigenvalues(p.a, p.b, p.c)[0]
    found = {
        "Re λ": Value(value.real),
        "Im λ": Value(value.imag),
        "simultaneous: largest η": Value(largest_step(p.a, p.b, p.c)),
    }
    for name, (path, _) in paths.items():
        found[f"{name}: ρ"] = Value(_radius(name, p), 0, "eigenvalues of M")
        found[f"{name}: ‖z‖ at the end"] = Value(float(np.hypot(*path[-1])), 0, "played")
    return found


def checks(p: Quadratic) -> list[Check]:
    """Return the paths against the linear maps, and the limit against bisection."""
    how = "played by the project's dynamics against the linear map"
    found = []
    for name, (path, by_map) in _paths(p).items():
        if name != "proximal":
            scale = max(1.0, float(np.abs(by_map).max()))
            far = float(np.abs(path - by_map).max()) / scale
            found.append(Check(f"{name}: farthest apart", far, 0, 1e-11, how))
    numeric = np.linalg.eigvals(field(p.a, p.b, p.c))
    modulus = float(np.abs(numeric).max())
    return [
        *found,
        Check(
            "largest |λ|",
            max(map(abs, eigenvalues(p.a, p.b, p.c))),
            modulus,
            1e-12 * max(1, modulus),
            "closed form against numerical eigenvalues",
        ),
        Check(
            "simultaneous: largest η",
            largest_step(p.a, p.b, p.c),
            _bisected(p),
            1e-6,
            "closed form against bisection on ρ(M)",
        ),
    ]


def figure(p: Quadratic, blank: Figure) -> None:
    """Draw every rule's distance from the equilibrium, and ρ(M) against the step size."""
    left, right = blank.subplots(1, 2, width_ratios=[1, 1])
    for name, (path, _) in _paths(p).items():
        left.plot(np.hypot(*path.T), color=COLOURS[name], label=name)
    left.set(yscale="log", xlabel="step", ylabel="distance from the equilibrium")
    left.set_title(f"played with η = {p.eta:g}")
    edge = largest_step(p.a, p.b, p.c)
    top = 1.6 * edge if edge else 2.0
    etas = np.linspace(1e-3, top, 300)
    for name, colour in COLOURS.items():
        rho = [radius(MAPS[name](field(p.a, p.b, p.c), e, p.gamma, p.unroll)) for e in etas]
        right.plot(etas, rho, color=colour, label=name)
    right.axhline(1, color=GREY, linewidth=1, linestyle="--")
    if edge:
        right.plot(edge, 1, "o", color=RED)
        right.annotate(f"{edge:.3g}", (edge, 1), (0, -14), textcoords="offset points", color=RED)
    right.axvline(p.eta, color=BLUE, linewidth=0.8, linestyle=":")
    right.set(xlim=(0, top), ylim=(0.3, 1.4), xlabel="step size η", ylabel="ρ: growth a step")
    right.set_title("converges below 1")
    right.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))


def _radius(name: str, p: Quadratic) -> float:
    return radius(MAPS[name](field(p.a, p.b, p.c), p.eta, p.gamma, p.unroll))


def _bisected(p: Quadratic) -> float:
    A = field(p.a, p.b, p.c)
    low, high = 0.0, 1e4
    for _ in range(200):
        middle = (low + high) / 2
        inside_ = radius(MAPS["simultaneous"](A, middle, 0, 0)) < 1
        low, high = (middle, high) if inside_ else (low, middle)
        if math.isclose(low, high, rel_tol=1e-13):
            break
    return low


ITEMS: dict[str, Item] = {
    "quadratic": Item(
        name="quadratic",
        title="The quadratic game: how curvature and interaction set the step size",
        derivation="z ← (I − ηA)z converges while |1 − ηλ| < 1: η < min 2 Re λ/|λ|², λ of A",
        parameters=Quadratic,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(10.0, 4.0),
    )
}
