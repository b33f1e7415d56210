r"""V(x, y) = xy: x descends, y ascends, and what each rule of play makes of it.

F(z) = (y, −x) only ever turns z. In continuous time the players circle, x² + y² constant, of
period 2π; with steps η the squared distance from the equilibrium 0 changes per step by

    simultaneous   1 + η²                     alternating   1: x² + y² − ηxy stays, for η < 2
    extragradient  1 − η² + η⁴                optimistic    (1 + √(1 − 4η²))/2, for η ≤ 1/2
    consensus(γ)   (1 − ηγ)² + η²             proximal      1/(1 + η²)
    unrolled(k)    1 − (2k − 1)η², for kη < 1

and the average of an orbit's points goes to 0 where the points themselves do not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.figures import GREY, OCHRE
from counterplay.theory.item import Check, Item, Value, inside
from counterplay.theory.small_games import (
    COLOURS,
    MAPS,
    closed_growth,
    field,
    iterate,
    quadratic_costs,
    rule,
    simulate,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ITEMS", "Bilinear", "implicit", "integrated", "orbit", "path_of"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Bilinear:
    """V(x, y) = xy from one starting point."""

    eta: float = 0.1
    """Step size η of both players."""
    steps: int = 500
    """Number of steps."""
    x: float = 1.0
    """Where x starts."""
    y: float = 1.0
    """Where y starts."""
    gamma: float = 0.5
    """Weight γ of consensus optimisation."""
    unroll: int = 5
    """Steps k that x looks ahead in unrolled play."""


def orbit(start: Array, times: Array) -> Array:
    """Return the solution of ẋ = −y, ẏ = x at ``times``, (len, 2): a turn by the angle t.

    >>> orbit(np.array([1.0, 0.0]), np.array([0.0, np.pi / 2])).round(12).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    (x, y), c, s = start, np.cos(times), np.sin(times)
    return np.stack([c * x - s * y, s * x + c * y], 1)


def integrated(start: Array, time: float) -> Array:
    """Return the orbit's end (2,) by an integrator that knows nothing of circles."""
    from scipy.integrate import solve_ivp

    solved = solve_ivp(
        lambda _, z: [-z[1], z[0]], (0, time), start, method="DOP853", rtol=1e-12, atol=1e-12
    )
    return solved.y[:, -1]


def implicit(start: Array, eta: float, steps: int) -> Array:
    """Return proximal play's end (2,), each step z' = z − ηF(z') solved by a root finder."""
    from scipy.optimize import fsolve

    z = start
    for _ in range(steps):
        before = z
        z = np.asarray(
            fsolve(
                lambda new, old=before: [
                    new[0] - old[0] + eta * new[1],
                    new[1] - old[1] - eta * new[0],
                ],
                before,
                xtol=1e-10,
            )
        )
    return z


def alternating_end(p: Bilinear) -> Array:
    """Return z_k = [sin kθ/sin θ] M z − [sin (k−1)θ/sin θ] z, where cos θ = 1 − η²/2."""
    theta = math.acos(1 - p.eta**2 / 2)
    M = np.array([[1, -p.eta], [p.eta, 1 - p.eta**2]])
    now, before = (math.sin((p.steps - j) * theta) / math.sin(theta) for j in (0, 1))
    return now * M @ _start(p) - before * _start(p)


def path_of(name: str, p: Bilinear) -> Array:
    """Return a rule's path (steps + 1, 2) by the project's dynamics; proximal's by its map."""
    _ranges(p)
    if name == "proximal":
        return iterate(_map(name, p), _start(p), p.steps)
    play = rule(name, p.eta, p.gamma, p.unroll)
    return simulate(quadratic_costs(0, 1, 0), play, _start(p), p.eta, p.steps)


@lru_cache(maxsize=8)
def _paths(p: Bilinear) -> dict[str, Array]:
    return {name: path_of(name, p) for name in MAPS}


def _ranges(p: Bilinear) -> None:
    inside("eta", p.eta, 1e-4, 1.99)
    inside("steps", p.steps, 2, 20_000)
    inside("gamma", p.gamma, 0, 100)
    inside("unroll", p.unroll, 0, 50)
    inside("|x| + |y|", abs(p.x) + abs(p.y), 1e-6, 1e6)


def compute(p: Bilinear) -> dict[str, Value]:
    """Return each rule's growth per step and its end, and the average of alternating play."""
    paths = _paths(p)
    found = {"continuous: ‖z‖²": Value(_square(orbit(_start(p), np.array([p.eta * p.steps]))[0]))}
    for name, path in paths.items():
        growth = closed_growth(name, p.eta, p.gamma, p.unroll)
        found[f"{name}: ‖z‖² grows per step by"] = Value(growth)
        found[f"{name}: ‖z‖² at the end"] = Value(_square(path[-1]), 0, "played")
    means = _mean(paths["alternating"])
    found["alternating: ‖average of z‖"] = Value(float(np.hypot(*means[-1])), 0, "played")
    return found


def checks(p: Bilinear) -> list[Check]:
    """Return each rule as played by the project against its closed form."""
    start, paths, k = _start(p), _paths(p), p.steps
    how = "played by the project's dynamics against the closed form"
    steady = ("simultaneous", "extragradient", "consensus")
    found = [
        Check(f"{name}: growth", _growth(paths[name]), _closed(name, p), 1e-11, how)
        for name in steady
    ]
    end = {name: iterate(_map(name, p), start, k)[-1] for name in ("optimistic", "unrolled")}
    end["alternating"] = alternating_end(p)
    found += [
        Check(f"{name}: {axis}", paths[name][-1, i], z[i], 1e-9 * max(1, np.abs(z).max()), how)
        for name, z in end.items()
        for i, axis in enumerate("xy")
    ]
    energy = _energy(paths["alternating"], p.eta)
    time = p.eta * k
    circle, solved = orbit(start, np.array([time]))[0], integrated(start, time)
    root = implicit(start, p.eta, k)
    M = _map("alternating", p)
    mean = np.linalg.solve(ONE - M, start - np.linalg.matrix_power(M, k + 1) @ start) / (k + 1)
    return [
        *found,
        Check("alternating: x² + y² − ηxy", energy[-1], energy[0], 1e-10, "end against start"),
        Check("alternating: average x", _mean(paths["alternating"])[-1, 0], mean[0], 1e-10, how),
        Check("continuous: x", circle[0], solved[0], 1e-8, "turn against Runge–Kutta 8"),
        Check("proximal: ‖z‖²", _square(paths["proximal"][-1]), _square(root), 1e-8, ROOT),
        Check("proximal: growth", _growth(paths["proximal"]), _closed("proximal", p), 1e-11, INV),
    ]


ONE = np.eye(2)
ROOT = "linear map against a root finder at every step"
INV = "linear map against the closed form"


def figure(p: Bilinear, blank: Figure) -> None:
    """Draw the path of every rule for two turns, and the average of alternating play."""
    turns = max(2, min(p.steps, round(4 * math.pi / p.eta)))
    paths = {name: path[: turns + 1] for name, path in _paths(p).items()}
    circle = orbit(_start(p), np.linspace(0, 2 * math.pi, 200))
    size = 1.6 * float(np.hypot(p.x, p.y))
    panels = blank.subplots(2, 4, sharex=True, sharey=True)
    first, *others = panels.ravel()
    _panel(first, circle, GREY, "continuous time: a circle", size, dots=False)
    for axes, (name, path) in zip(others, paths.items(), strict=True):
        detail = {"consensus": f"({p.gamma:g})", "unrolled": f"({p.unroll})"}.get(name, "")
        growth = _closed(name, p)
        _panel(axes, path, COLOURS[name], f"{name}{detail}\n‖z‖² × {growth:.4f} a step", size)
        if name == "alternating":
            axes.plot(*_mean(path).T, color=OCHRE, label="average")
            axes.legend(loc="lower left", handlelength=1)
    for axes in panels[-1]:
        axes.set_xlabel("x, minimises xy")
    for axes in panels[:, 0]:
        axes.set_ylabel("y, maximises xy")


def frames(p: Bilinear) -> Sequence[Callable[[Figure], None]]:
    """Return the frames of all rules at once, each with the last part of its path."""
    turns = max(2, min(p.steps, round(4 * math.pi / p.eta)))
    paths = {name: path[: turns + 1] for name, path in _paths(p).items()}
    stops = np.unique(np.linspace(1, turns, min(turns, 40)).astype(int))
    return [_frame(p, paths, int(stop)) for stop in stops]


def _frame(p: Bilinear, paths: dict[str, Array], stop: int) -> Callable[[Figure], None]:
    def paint(blank: Figure) -> None:
        axes = blank.subplots()
        for name, path in paths.items():
            tail = path[max(0, stop - round(2 / p.eta)) : stop + 1]
            axes.plot(*tail.T, color=COLOURS[name], linewidth=1.2)
            axes.plot(*path[stop], "o", color=COLOURS[name], label=name)
        size = 2 * float(np.hypot(p.x, p.y))
        axes.set(xlim=(-size, size), ylim=(-size, size), aspect="equal")
        axes.set(xlabel="x, minimises xy", ylabel="y, maximises xy")
        axes.set_title(f"step {stop}, η = {p.eta:g}")
        axes.legend(loc="center left", bbox_to_anchor=(1.02, 0.5))

    return paint


def _panel(
    axes: Axes, path: Array, colour: str, title: str, size: float, dots: bool = True
) -> None:
    axes.plot(*path.T, ".-" if dots else "-", color=colour, linewidth=1, markersize=3)
    axes.plot(*path[0], "o", color="black", markersize=5)
    axes.plot(0, 0, "+", color="black", markersize=8)
    axes.set(xlim=(-size, size), ylim=(-size, size), aspect="equal")
    axes.set_title(title, fontsize=9.5)


def _map(name: str, p: Bilinear) -> Array:
    return MAPS[name](field(0, 1, 0), p.eta, p.gamma, p.unroll)


def _closed(name: str, p: Bilinear) -> float:
    return closed_growth(name, p.eta, p.gamma, p.unroll)


def _start(p: Bilinear) -> Array:
    return np.array([p.x, p.y], dtype=np.float64)


def _square(z: Array) -> float:
    return float(z @ z)


def _growth(path: Array) -> float:
    # From logarithms: the quotient of the ends' squares leaves the range of floats first.
    return math.exp(
        2 * (math.log(np.hypot(*path[-1])) - math.log(np.hypot(*path[0]))) / (len(path) - 1)
    )


def _energy(path: Array, eta: float) -> Array:
    return (path**2).sum(1) - eta * path[:, 0] * path[:, 1]


def _mean(path: Array) -> Array:
    return path.cumsum(0) / np.arange(1, len(path) + 1)[:, None]


ITEMS: dict[str, Item] = {
    "bilinear": Item(
        name="bilinear",
        title="V(x, y) = xy under every rule of play: who circles, who leaves, who arrives",
        derivation="F(z) = (y, −x) turns z by 90°, so ‖z − ηF(z)‖² = (1 + η²)‖z‖²",
        parameters=Bilinear,
        compute=compute,
        checks=checks,
        figure=figure,
        frames=frames,
        size=(10.0, 5.4),
    ),
}
