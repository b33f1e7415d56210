r"""Up to which step size each rule of play converges on V(x, y) = xy.

A rule with steps η is a linear map M of the pair (x, y) and of what it remembers. It converges
while ρ(M) < 1, and the limits are

    simultaneous  none        alternating   η < 2 (it only circles)   extragradient  η < 1
    optimistic    η < 1/√3    consensus(γ)  η < 2γ/(1 + γ²)           proximal       every η
    unrolled(k)   η < 2/√(4k − 1)

Convergence of Gradient Methods on Bilinear Zero-Sum Games (Zhang, Yu 2019, arXiv 1908.05699).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from counterplay.theory.figures import GREEN, RED
from counterplay.theory.item import Check, Item, Value, inside
from counterplay.theory.small_games import COLOURS, MAPS, field, radius
from counterplay.theory.small_games_bilinear import Bilinear, path_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ITEMS", "Limits", "closed_limit", "limit"]


@dataclass(frozen=True)
class Limits:
    """Convergence on V = xy as a function of the step size."""

    gamma: float = 0.5
    """Weight γ of consensus optimisation."""
    unroll: int = 5
    """Steps k that x looks ahead in unrolled play."""


def limit(name: str, p: Limits) -> float:
    """Return the step size at which ρ(M) passes through 1, by bisection; ∞ where it does not.

    >>> limit("optimistic", Limits()) == 3**-0.5 or round(limit("optimistic", Limits()), 9)
    0.577350269
    """

    def over(eta: float) -> bool:
        return radius(MAPS[name](field(0, 1, 0), eta, p.gamma, p.unroll)) > 1 + 1e-12

    if over(1e-3) or not over(TOP):
        return 0.0 if over(1e-3) else math.inf
    low, high = 1e-3, TOP
    while high - low > 1e-13:
        middle = (low + high) / 2
        low, high = (low, middle) if over(middle) else (middle, high)
    return low


TOP = 3.0


def closed_limit(name: str, p: Limits) -> float:
    """Return the same in closed form."""
    return {
        "simultaneous": 0.0,
        "alternating": 2.0,
        "extragradient": 1.0,
        "optimistic": 1 / math.sqrt(3),
        "consensus": 2 * p.gamma / (1 + p.gamma**2),
        "proximal": math.inf,
        # The eigenvalues are −1 and another when the trace 2 − 2kη² is −1 − det.
        "unrolled": 2 / math.sqrt(4 * p.unroll - 1) if p.unroll else 0.0,
    }[name]


def limits(p: Limits) -> dict[str, Value]:
    """Return each rule's limit, and extragradient's best step."""
    _ranges(p)
    found = {f"{n}: largest η": Value(limit(n, p), 0, "bisection on ρ(M)") for n in MAPS}
    best = _best()
    found["extragradient: best η"] = Value(best, 0, "minimum of ρ(M)")
    found["extragradient: ρ there"] = Value(_radius("extragradient", best, p), 0, "eigenvalues")
    return found


def limit_checks(p: Limits) -> list[Check]:
    """Return bisection against closed forms, and play on both sides of optimism's limit."""
    _ranges(p)
    how = "bisection on eigenvalues against the closed form"
    found = [Check(f"{n}: largest η", limit(n, p), closed_limit(n, p), 1e-6, how) for n in MAPS]
    ends = [
        float(np.square(path_of("optimistic", Bilinear(eta=eta, steps=2000))[-1]).sum())
        for eta in (0.57, 0.585)
    ]
    played = "2000 steps played against the start's 2"
    return [
        *found,
        Check("optimistic at η = 0.57: ‖z‖²", ends[0], 1e-6, 0, played, "at most"),
        Check("optimistic at η = 0.585: ‖z‖²", ends[1], 1e6, 0, played, "at least"),
        Check("extragradient: best η", _best(), math.sqrt(0.5), 1e-7, "search against 1/√2"),
        Check(
            "extragradient: ρ there",
            _radius("extragradient", _best(), p),
            math.sqrt(3) / 2,
            1e-12,
            "eigenvalues against √3/2",
        ),
    ]


def limit_figure(p: Limits, blank: Figure) -> None:
    """Draw ρ(M) against η for every rule, below 1 where play converges."""
    _ranges(p)
    axes = blank.subplots()
    eta = np.linspace(0.001, 1.2, 600)
    axes.axhspan(1, 1.35, color=RED, alpha=0.07)
    for name, colour in COLOURS.items():
        axes.plot(eta, [_radius(name, e, p) for e in eta], color=colour, label=name)
        edge = limit(name, p)
        if 0 < edge < 1.2:
            axes.plot(edge, 1, "o", color=colour)
    axes.annotate(
        "optimistic diverges\nabove 1/√3",
        (3**-0.5, 1),
        (0.03, 1.2),
        arrowprops={"arrowstyle": "->"},
    )
    axes.text(1.19, 1.31, "diverges", ha="right", color=RED)
    axes.text(1.19, 0.52, "converges", ha="right", color=GREEN)
    axes.set(
        xlim=(0, 1.2), ylim=(0.5, 1.35), xlabel="step size η", ylabel="ρ: growth of ‖z‖ a step"
    )
    axes.set_title("V(x, y) = xy: which rule converges, and up to which step")
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))


def _ranges(p: Limits) -> None:
    inside("gamma", p.gamma, 0, 100)
    inside("unroll", p.unroll, 0, 50)


def _best() -> float:
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(
        lambda e: _radius("extragradient", e, Limits()) ** 2, (0.5, 0.7, 0.9), tol=1e-12
    )
    return float(found.x)


def _radius(name: str, eta: float, p: Limits) -> float:
    return radius(MAPS[name](field(0, 1, 0), eta, p.gamma, p.unroll))


ITEMS: dict[str, Item] = {
    "step-limits": Item(
        name="step-limits",
        title="Up to which step size each rule of play converges on V(x, y) = xy",
        derivation="optimistic play: λ² − (1 − 2iη)λ − iη = 0 has |λ| = 1 at η = 1/√3",
        parameters=Limits,
        compute=limits,
        checks=limit_checks,
        figure=limit_figure,
        size=(8.0, 4.2),
    ),
}
