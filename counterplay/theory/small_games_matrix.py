r"""Matrix games: equilibria by linear programming, and fictitious play.

The row player chooses row i, the column player column j; the row player gains A_ij, the column
player loses it. With mixed strategies x, y the value is

    v = max_x min_j (xᵀA)_j = min_y max_i (Ay)_i,

each side a linear program, the one the other's dual. How far (x, y) is from equilibrium is what the
best responses could still gain, the exploitability max_i (Ay)_i − min_j (xᵀA)_j ≥ 0.

Fictitious play answers the average of what the opponent has played so far. In zero-sum games the
averages converge (An iterative method of solving a game, Robinson 1951); on rock–paper–scissors the
exploitability falls as T^(−1/2) (Karlin's conjectured rate).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.figures import BLUE, GREEN, GREY, RED
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["GAMES", "ITEMS", "MatrixGame", "equilibrium", "exploitability", "fictitious_play"]

SETTLED = 200
"""Rounds from which on the slope is Karlin's: after 100 it is still −0.65."""

Array = NDArray[np.float64]
Name = Literal["rock-paper-scissors", "pennies", "biased-pennies", "random"]


@dataclass(frozen=True)
class MatrixGame:
    """A zero-sum game given by the row player's gains."""

    game: Name = "rock-paper-scissors"
    """Which matrix; 'random' is 4 × 4, normal entries."""
    rounds: int = 10_000
    """Rounds T of fictitious play."""
    seed: int = 0
    """Of the random matrix."""


def _random(seed: int) -> Array:
    return np.random.default_rng(seed).normal(size=(4, 4))


GAMES: dict[str, Callable[[int], Array]] = {
    "rock-paper-scissors": lambda _: np.array([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]]),
    "pennies": lambda _: np.array([[1.0, -1], [-1, 1]]),
    "biased-pennies": lambda _: np.array([[3.0, -1], [-1, 1]]),
    "random": _random,
}


def equilibrium(A: Array) -> tuple[Array, Array, float]:
    """Return (x, y, v): both equilibrium strategies, each by its linear program, and the value.

    >>> x, y, v = equilibrium(GAMES["biased-pennies"](0))
    >>> x.round(9).tolist(), y.round(9).tolist(), round(v, 9)
    ([0.333333333, 0.666666667], [0.333333333, 0.666666667], 0.333333333)
    """
    x, v = _secured(A)
    y, _ = _secured(-A.T)
    return x, y, v


def _secured(A: Array) -> tuple[Array, float]:
    """Return the mixture x that maximises v under xᵀA ≥ v, and v."""
    from scipy.optimize import linprog

    n, m = A.shape
    found = linprog(
        np.append(np.zeros(n), -1.0),
        A_ub=np.hstack([-A.T, np.ones((m, 1))]),
        b_ub=np.zeros(m),
        A_eq=np.append(np.ones(n), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, None)] * n + [(None, None)],
        method="highs",
    )
    return found.x[:n], 0.0 - float(found.fun)


def exploitability(A: Array, x: Array, y: Array) -> float:
    """Return max_i (Ay)_i − min_j (xᵀA)_j.

    >>> rps = GAMES["rock-paper-scissors"](0)
    >>> exploitability(rps, np.array([1.0, 0, 0]), np.array([1.0, 0, 0]))
    2.0
    """
    return float((A @ y).max() - (x @ A).min())


def fictitious_play(A: Array, rounds: int) -> tuple[Array, Array, Array]:
    """Return the exploitability after each round, (rounds,), and both average strategies by round.

    Both answer at once; ties go to the first; the first round is (0, 0).
    """
    rows, columns = np.zeros(A.shape[0]), np.zeros(A.shape[1])
    i = j = 0
    gaps = np.empty(rounds)
    xs, ys = np.empty((rounds, len(rows))), np.empty((rounds, len(columns)))
    gain, loss = np.zeros(A.shape[0]), np.zeros(A.shape[1])
    for t in range(rounds):
        rows[i] += 1
        columns[j] += 1
        gain += A[:, j]
        loss += A[i]
        i, j = int(gain.argmax()), int(loss.argmin())
        gaps[t] = (gain[i] - loss[j]) / (t + 1)
        xs[t], ys[t] = rows / (t + 1), columns / (t + 1)
    return gaps, xs, ys


def by_supports(A: Array) -> float:
    """Return the value by trying every pair of supports of equal size: no optimiser.

    On supports R and C the opponent is indifferent: xᵀA = v on C, Ay = v on R.
    """
    n, m = A.shape
    for size in range(1, min(n, m) + 1):
        for R in combinations(range(n), size):
            for C in combinations(range(m), size):
                value = _indifferent(A, list(R), list(C))
                if value is not None:
                    return value
    return np.nan


def _indifferent(A: Array, R: list[int], C: list[int]) -> float | None:
    B, one = A[np.ix_(R, C)], np.ones(len(R))
    system = np.block([[B.T, -one[:, None]], [one[None], np.zeros((1, 1))]])
    mirror = np.block([[B, -one[:, None]], [one[None], np.zeros((1, 1))]])
    right = np.append(0 * one, 1.0)
    if min(abs(np.linalg.det(system)), abs(np.linalg.det(mirror))) < 1e-12:
        return None
    x, y = np.zeros(A.shape[0]), np.zeros(A.shape[1])
    *x[R], v = np.linalg.solve(system, right)
    y[C] = np.linalg.solve(mirror, right)[:-1]
    fair = min(x.min(), y.min()) >= -1e-12 and exploitability(A, x, y) < 1e-9
    return float(v) if fair else None


@lru_cache(maxsize=8)
def _solved(p: MatrixGame) -> tuple[Array, Array, Array, float]:
    inside("rounds", p.rounds, 100, 1_000_000)
    A = GAMES[p.game](p.seed)
    return (A, *equilibrium(A))


@lru_cache(maxsize=8)
def _played(p: MatrixGame) -> tuple[Array, Array, Array]:
    return fictitious_play(_solved(p)[0], p.rounds)


def compute(p: MatrixGame) -> dict[str, Value]:
    """Return the equilibrium, and how exploitable fictitious play still is."""
    _, x, y, v = _solved(p)
    gaps, xs, _ = _played(p)
    return {
        "value v": Value(v, 0, "linear program"),
        "row player's x": Value(x, 0, "linear program"),
        "column player's y": Value(y, 0, "linear program"),
        "fictitious x̄": Value(xs[-1], 0, f"average of {p.rounds} rounds"),
        "exploitability after 100 rounds": Value(gaps[99], 0, "best responses"),
        f"exploitability after {p.rounds} rounds": Value(gaps[-1], 0, "best responses"),
        "exponent of T": Value(_exponent(gaps), 0, "least squares on logarithms"),
    }


def checks(p: MatrixGame) -> list[Check]:
    """Return the programs against supports, and fictitious play against its rate."""
    A, x, y, v = _solved(p)
    gaps, xs, ys = _played(p)
    how = "fictitious play against the linear program"
    found = [
        Check("value", v, by_supports(A), 1e-9, "linear program against supports, one by one"),
        Check("exploitability of (x, y)", exploitability(A, x, y), 0, 1e-9, "programs against 0"),
        Check("x's program against y's", v, -_secured(-A.T)[1], 1e-9, "primal against dual"),
        Check("v from below", float((xs[-1] @ A).min()), v, 1e-9, how, side="at most"),
        Check("v from above", float((A @ ys[-1]).max()), v, 1e-9, how, side="at least"),
        Check(
            "last gap",
            gaps[-1],
            exploitability(A, xs[-1], ys[-1]),
            1e-9,
            "running sums against the averages",
        ),
    ]
    if p.game == "rock-paper-scissors" and p.rounds >= SETTLED:
        how = "least squares on logarithms against Karlin's rate"
        found.append(Check("exponent of T", _exponent(gaps), -0.5, 0.05, how))
    return found


def figure(p: MatrixGame, blank: Figure) -> None:
    """Draw the exploitability against the round, and the averages' way to the equilibrium."""
    _, x, _, _ = _solved(p)
    gaps, xs, _ = _played(p)
    left, right = blank.subplots(1, 2)
    rounds = np.arange(1, p.rounds + 1)
    left.loglog(rounds, gaps, color=RED, label="fictitious play")
    left.loglog(rounds, 2 / np.sqrt(rounds), "--", color=GREY, label="2/√T")
    left.set(xlabel="round T", ylabel="exploitability of the averages")
    left.set_title(f"{p.game}: falls as T^({_exponent(gaps):.2f})")
    left.legend()
    if len(x) == 3:
        _simplex(right, xs, x)
        return
    for k in range(len(x)):
        right.semilogx(rounds, xs[:, k], label=f"row {k + 1}")
        right.axhline(x[k], color=GREY, linestyle=":", linewidth=1)
    right.set(xlabel="round T", ylabel="share in the row player's average")
    right.set_title("averages go to the equilibrium (dotted)")
    right.legend()


def _simplex(axes: Axes, xs: Array, x: Array) -> None:
    corners = np.array([[0, 0], [1, 0], [0.5, 0.75**0.5]])
    axes.plot(*corners[[0, 1, 2, 0]].T, color=GREY, linewidth=1)
    thin = np.unique(np.geomspace(1, len(xs), 1500).astype(int) - 1)
    axes.plot(*(xs[thin] @ corners).T, color=BLUE, linewidth=1, label="average strategy x̄")
    axes.plot(*(x @ corners), "o", color=GREEN, label="equilibrium")
    for corner, name, low in zip(corners, ("rock", "paper", "scissors"), (1, 1, 0), strict=True):
        axes.text(corner[0], corner[1] + (-0.06 if low else 0.03), name, ha="center")
    axes.set(xlim=(-0.15, 1.15), ylim=(-0.12, 1.02), aspect="equal")
    axes.axis("off")
    axes.set_title("the row player's average, round by round")
    axes.legend(loc="upper left")


def _exponent(gaps: Array) -> float:
    t = np.unique(np.geomspace(min(50, len(gaps) // 2), len(gaps), 200).astype(int))
    return float(np.polyfit(np.log(t), np.log(np.maximum(gaps[t - 1], 1e-300)), 1)[0])


ITEMS: dict[str, Item] = {
    "fictitious-play": Item(
        name="fictitious-play",
        title="Matrix games: equilibrium by linear programming, and fictitious play towards it",
        derivation="x maximises min_j (xᵀA)_j, a linear program; answering averages: gap ~ T^−½",
        parameters=MatrixGame,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(9.2, 4.2),
    )
}
