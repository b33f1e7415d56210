r"""The smallest GAN: data N(7, 1), G(z) = z + θ, a critic that is a line through a logistic curve.

D(x) = σ(w (x − 7) + b) contains the best critic for every θ:
log p/q = (7 − θ)(x − (7 + θ)/2). Both players take gradient steps, in turn, on the non-saturating
game; expectations are taken by Gauss–Hermite, so that nothing is left to chance. θ runs to the
data, past them, and back: the critic needs a few rounds to notice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.adversarial_critics import best_critic, value
from counterplay.theory.divergence_laws import normal
from counterplay.theory.figures import BLUE, GREEN, GREY, RED
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ITEMS", "Shift", "critic_gradient", "rounds"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Shift:
    """Data N(target, 1), and the model N(θ, 1) that starts at θ = start."""

    target: float = 7.0
    """Mean of the data."""
    start: float = 0.0
    """Where θ starts."""
    rounds: int = 120
    """Rounds of play."""
    critic_rate: float = 0.3
    """The critic's step."""
    generator_rate: float = 0.3
    """The generator's step."""
    critic_steps: int = 2
    """The critic's steps in a round."""


class _Nodes:
    z, w = np.polynomial.hermite_e.hermegauss(48)
    w = w / w.sum()


def _centre(given: Shift) -> float:
    # Where the play is to end: slope and offset of the critic do not mix there.
    return given.target


def _chance(logit: Array) -> Array:
    return np.exp(-np.logaddexp(0, -logit))


def critic_gradient(given: Shift, theta: float, w: float, b: float) -> tuple[float, float]:
    """Return the gradient of V in (w, b), V = E log D(x) + E log(1 − D(z + θ)).

    >>> tuple(round(g, 9) + 0.0 for g in critic_gradient(Shift(target=1.0), -1.0, 0.0, 0.0))
    (1.0, 0.0)
    """
    x, y = (m + _Nodes.z - _centre(given) for m in (given.target, theta))
    up, down = 1 - _chance(w * x + b), _chance(w * y + b)
    by_w = float(_Nodes.w @ (up * x) - _Nodes.w @ (down * y))
    return by_w, float(_Nodes.w @ up - _Nodes.w @ down)


@lru_cache(maxsize=8)
def rounds(given: Shift) -> Array:
    """Return (θ, w, b) before the first and after each round, (rounds + 1, 3).

    Raises:
        UserError: for a parameter out of range.
    """
    inside("target", given.target, -20, 20)
    inside("start", given.start, given.target - 15, given.target + 15)
    inside("rounds", given.rounds, 1, 100_000)
    inside("critic-steps", given.critic_steps, 1, 1000)
    theta, w, b = given.start, 0.0, 0.0
    path = [(theta, w, b)]
    for _ in range(given.rounds):
        for _ in range(given.critic_steps):
            by_w, by_b = critic_gradient(given, theta, w, b)
            w, b = w + given.critic_rate * by_w, b + given.critic_rate * by_b
        unsure = 1 - _chance(w * (theta + _Nodes.z - _centre(given)) + b)
        theta += given.generator_rate * w * float(_Nodes.w @ unsure)
        path.append((theta, w, b))
    return np.array(path)


def compute(given: Shift) -> dict[str, Value]:
    """Return where θ ends, how far it overshoots, and the critic at the end."""
    path = rounds(given)
    theta, w, b = path[-1]
    over = (path[:, 0] - given.target) * np.sign(given.target - given.start)
    at = _chance(np.array(w * (given.target - _centre(given)) + b))
    return {
        "θ at the end": Value(float(theta), 0, f"{given.rounds} rounds"),
        "largest overshoot": Value(float(over.max()), 0, "largest over the rounds"),
        "D at the data's mean": Value(float(at), 0, f"{given.rounds} rounds"),
        "slope w at the end": Value(float(w), 0, f"{given.rounds} rounds"),
    }


def checks(given: Shift) -> list[Check]:
    """Return the equilibrium θ = target, D = ½, and the gradient of V against differences."""
    found = compute(given)
    far = rounds(given)[min(3, given.rounds)]
    by_w = critic_gradient(given, *far)[0]
    h = 1e-5
    up, down = (_value(given, far[0], far[1] + s, far[2]) for s in (h, -h))
    best = float(value(normal(given.target, 1), normal(far[0], 1), _best(given, far[0])).value)
    formula = best_critic(normal(given.target, 1), normal(far[0], 1))(_GRID)
    line = float(np.abs(_best(given, far[0])(_GRID) - formula).max())
    return [
        Check("θ", float(found["θ at the end"].value), given.target, 0.05, "play against data"),
        Check("D", float(found["D at the data's mean"].value), 0.5, 0.02, "play against ½"),
        Check("slope of V in w", by_w, (up - down) / (2 * h), 1e-6, "Gauss–Hermite, difference"),
        Check("V of the critic", _value(given, *far), best, 1e-9, "played, best", "at most"),
        Check("the best line", line, 0, 1e-9, "(7 − θ)(x − (7 + θ)/2) against log p/q"),
    ]


_GRID = np.linspace(-3, 10, 14)


def _best(given: Shift, theta: float) -> Callable[[Array], Array]:
    return lambda x: (given.target - theta) * (x - (given.target + theta) / 2)


def _value(given: Shift, theta: float, w: float, b: float) -> float:
    line = value(normal(given.target, 1), normal(theta, 1), lambda x: w * (x - _centre(given)) + b)
    return float(line.value)


def figure(given: Shift, blank: Figure) -> None:
    """Draw five moments of the play, and θ over the rounds."""
    path = rounds(given)
    panels = blank.subplots(2, 3).ravel()
    for axes, at in zip(panels[:5], _moments(given), strict=True):
        _moment(axes, given, at)
    panels[0].legend(loc="upper center", ncols=2, fontsize=8.5)
    last = panels[5]
    last.axhline(given.target, color=BLUE, linestyle="--", label="the data's mean")
    last.plot(path[:, 0], color=RED, label="θ")
    for at in _moments(given):
        last.plot(at, path[at, 0], "o", color=RED, markersize=4)
    last.set(xlabel="round", ylabel="θ")
    last.set_title(f"θ ends at {path[-1, 0]:.3f}")
    last.legend(loc="lower right")


def frames(given: Shift) -> Sequence[Callable[[Figure], None]]:
    """Return the moments of the play as frames, closer together where θ moves fast."""
    stops = np.unique((given.rounds * np.linspace(0, 1, 48) ** 2).astype(int))
    return [_frame(given, int(stop)) for stop in stops]


def _frame(given: Shift, at: int) -> Callable[[Figure], None]:
    def paint(blank: Figure) -> None:
        axes = blank.subplots()
        _moment(axes, given, at)
        axes.legend(loc="upper center", ncols=2)

    return paint


def _moments(given: Shift) -> list[int]:
    path = rounds(given)[:, 0]
    along = (path - given.start) / (given.target - given.start or 1.0)
    half, past = int(np.argmax(along > 0.5)), int(np.argmax(along))
    return [0, max(1, half // 2), half, past, given.rounds]


def _moment(axes: Axes, given: Shift, at: int) -> None:
    theta, w, b = rounds(given)[at]
    low, high = sorted((given.start, given.target))
    x = np.linspace(low - 3.5, high + 5.5, 300)
    for mean, colour, label in ((given.target, BLUE, "data"), (theta, RED, "model z + θ")):
        y = np.exp(normal(mean, 1).log_density(x))
        axes.fill_between(x, y, color=colour, alpha=0.35, label=label)
    axes.plot(x, _chance(w * (x - _centre(given)) + b), color=GREEN, label="critic D")
    best = _chance(_best(given, theta)(x))
    axes.plot(x, best, color=GREY, linestyle="--", linewidth=1.2, label="best D, p/(p + q)")
    axes.set(ylim=(0, 1.35), xlabel="x", xlim=(x[0], x[-1]))
    axes.set_title(f"round {at}: θ = {theta:.2f}")


ITEMS: dict[str, Item] = {
    "shifted-normal": Item(
        name="shifted-normal",
        title="Data N(7, 1) against G(z) = z + θ: θ, critic and data over the rounds",
        derivation="θ̇ = w E(1 − D(z + θ)): θ rests where the best slope w = 7 − θ is 0, and D = ½",
        parameters=Shift,
        compute=compute,
        checks=checks,
        figure=figure,
        frames=frames,
        size=(11.0, 5.6),
    )
}
