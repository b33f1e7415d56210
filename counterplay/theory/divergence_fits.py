r"""One normal law fitted to two hills: what is fitted depends on the divergence.

    forward   min over q of KL(p ‖ q): q must be large wherever p is (mass-covering). In a normal
              family the best q has p's mean and standard deviation.
    reverse   min over q of KL(q ‖ p): q must be small wherever p is (mode-seeking). It settles on
              one hill, at about −log of the hill's weight.
    js        between the two.

With q = N(μ, σ²) and x = μ + σ z the reverse divergence is stationary where
E_z (log p)'(x) = 0 and E_z z (log p)'(x) = −1/σ. NIPS 2016 Tutorial: Generative Adversarial
Networks (Goodfellow 2016, arXiv 1701.00160), figure 14.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.divergence_laws import Hills, normal, reach, two_hills
from counterplay.theory.divergences import INTEGRANDS, by_quadrature
from counterplay.theory.figures import BLUE, RED
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ITEMS", "Fits", "fit", "hills", "slopes"]

Array = NDArray[np.float64]

KINDS = {"kl": "KL(p ‖ q)", "js": "JS(p, q)", "reverse kl": "KL(q ‖ p)"}


@dataclass(frozen=True)
class Fits:
    """p = (1 − share) N(−distance, std²) + share N(distance, std²)."""

    distance: float = 3.0
    """Of each hill from 0."""
    std: float = 0.5
    """Standard deviation of both hills."""
    share: float = 0.6
    """Weight of the right hill."""


def hills(given: Fits) -> Hills:
    """Return p.

    Raises:
        UserError: for a parameter out of range.
    """
    inside("distance", given.distance, 0, 10)
    inside("std", given.std, 0.2, 5)
    inside("share", given.share, 0.01, 0.99)
    return two_hills(given.distance, given.std, given.share)


def fit(name: str, p: Hills) -> tuple[float, float, Value]:
    """Return mean and standard deviation of the normal q nearest to p, and how near it is.

    Descends from every hill and from p's own moments; the lowest end wins.

    >>> mean, std, _ = fit("kl", two_hills(2.0, 1.0))
    >>> round(abs(mean), 6), round(std**2, 5)
    (0.0, 5.0)
    """
    from scipy.optimize import minimize

    low, high, _ = reach(p)
    # Far from its edges nothing is left of p or q, where the plain sum converges as fast as any.
    x, step = np.linspace(2 * low - high, 2 * high - low, 4096, retstep=True)

    def distance(at: Array) -> float:
        q = normal(at[0], math.exp(at[1]))
        integrand = INTEGRANDS["kl"](q, p) if name == "reverse kl" else INTEGRANDS[name](p, q)
        return float(integrand(x).sum() * step)

    starts = [p.moments(), *zip(p.means, p.stds, strict=True)]
    ends = [
        minimize(
            distance,
            np.array([mean, math.log(std)]),
            method="Nelder-Mead",
            options={"xatol": 1e-8, "fatol": 1e-13, "maxiter": 400},
        )
        for mean, std in starts
    ]
    mean, log_std = min(ends, key=lambda end: end.fun).x
    std = math.exp(log_std)
    return float(mean), std, by_quadrature(name, p, normal(mean, std))


def slopes(p: Hills, mean: float, std: float) -> tuple[float, float]:
    """Return the gradient of KL(q ‖ p) in q's mean and std, by 100-point Gauss–Hermite.

    >>> [abs(round(g, 9)) for g in slopes(normal(1, 2), 1.0, 2.0)]
    [0.0, 0.0]
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(100)
    x, weights = mean + std * nodes, weights / weights.sum()
    z = (x[:, None] - np.array(p.means)) / p.stds
    each = np.log(p.weights) - 0.5 * z**2 - np.log(p.stds)
    belongs = np.exp(each - each.max(1, keepdims=True))
    score = -(belongs * z / p.stds).sum(1) / belongs.sum(1)
    return float(-weights @ score), float(-1 / std - weights @ (nodes * score))


@lru_cache(maxsize=8)
def _fits(given: Fits) -> dict[str, tuple[float, float, Value]]:
    p = hills(given)
    return {name: fit(name, p) for name in KINDS}


def compute(given: Fits) -> dict[str, Value]:
    """Return mean, standard deviation and divergence of each fit."""
    found = {}
    for name, (mean, std, least) in _fits(given).items():
        found[f"{KINDS[name]}: mean"] = Value(mean, 1e-5, "descent on the integral")
        found[f"{KINDS[name]}: std"] = Value(std, 1e-5, "descent on the integral")
        found[f"{KINDS[name]}: least"] = least
    return found


def checks(given: Fits) -> list[Check]:
    """Return forward against p's moments, reverse against its stationarity, each best."""
    p, found = hills(given), _fits(given)
    mean, std = p.moments()
    forward, reverse = found["kl"], found["reverse kl"]
    by_mean, by_std = slopes(p, *reverse[:2])
    descent = "descent against moments of p"
    hermite = "descent against Gauss–Hermite gradient"
    return [
        Check("forward: mean", forward[0], mean, 1e-5, descent),
        Check("forward: std", forward[1], std, 1e-5, descent),
        Check("reverse: slope in the mean", by_mean, 0, 1e-4, hermite),
        Check("reverse: slope in the std", by_std, 0, 1e-4, hermite),
        _better("kl", p, forward, reverse),
        _better("reverse kl", p, reverse, forward),
    ]


def _better(
    name: str, p: Hills, mine: tuple[float, float, Value], other: tuple[float, float, Value]
) -> Check:
    theirs = float(by_quadrature(name, p, normal(*other[:2])).value)
    return Check(
        f"{KINDS[name]} is least at its own fit",
        float(mine[2].value),
        theirs,
        1e-9,
        "own fit against the other's",
        side="at most",
    )


def figure(given: Fits, blank: Figure) -> None:
    """Draw p and the three fits."""
    p = hills(given)
    low, high, _ = reach(p)
    x = np.linspace(low + 5 * given.std, high - 5 * given.std, 600)
    words = {"kl": "covers both hills", "reverse kl": "seeks one hill"}
    panels = blank.subplots(1, 3, sharex=True, sharey=True)
    for axes, (name, (mean, std, least)) in zip(panels, _fits(given).items(), strict=True):
        y = np.exp(p.log_density(x))
        axes.fill_between(x, y, color=BLUE, alpha=0.3, label="data p")
        q = np.exp(normal(mean, std).log_density(x))
        axes.plot(x, q, color=RED, linewidth=2.2, label=f"q = N({mean:.2f}, {std:.2f}²)")
        axes.set_title(f"least {KINDS[name]} = {least.value:.3f}:\n{_said(name, p, mean, words)}")
        axes.set_xlabel("x")
        axes.legend(loc="upper left")
    panels[0].set(ylabel="density", ylim=(0, 1.45 * max(np.exp(p.log_density(x)).max(), q.max())))


def _said(name: str, p: Hills, mean: float, words: dict[str, str]) -> str:
    if name != "js":
        return words[name]
    return words["reverse kl"] if min(abs(mean - m) for m in p.means) < p.stds[0] else words["kl"]


ITEMS: dict[str, Item] = {
    "kl-fits": Item(
        name="kl-fits",
        title="One normal law fitted to two hills: forward KL covers both, reverse KL seeks one",
        derivation="∇KL(p‖q) = 0 at E_q x = E_p x, E_q x² = E_p x²; KL(q‖p) = ∞ where p = 0 < q",
        parameters=Fits,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(10.4, 3.6),
    )
}
