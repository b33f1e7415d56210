r"""The generator's costs as functions of D(G(z)), and their gradients at the best critic.

With the critic's logit b and D = σ(b), the slopes of the costs in b are

    saturating  log(1 − D): −D        non-saturating  −log D: −(1 − D)
    maximum likelihood  −e^b: −D/(1 − D)        Wasserstein  −b: −1.

A generated example that the critic has seen through, D ≈ 0, moves under the second and the fourth
only. For p = N(0, 1) and G(z) = z + t, at the best critic's logit b(x) = t²/2 − t x, the gradients
in t are those of 2 JS, of KL(q ‖ p) − 2 JS and of KL(p ‖ q). NIPS 2016 Tutorial (Goodfellow 2016,
arXiv 1701.00160), figure 16; Arjovsky, Bottou 2017 (arXiv 1701.04862), theorem 2.5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.divergence_laws import integral, normal, reach
from counterplay.theory.divergences import by_quadrature
from counterplay.theory.figures import BLUE, GREEN, GREY, OCHRE, RED
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ITEMS", "SLOPES", "Apart", "Costs", "along", "gradient", "value_and_slope"]

Array = NDArray[np.float64]

SLOPES: dict[str, Callable[[Array], Array]] = {
    "saturating": lambda d: -d,
    "non_saturating": lambda d: d - 1,
    "maximum_likelihood": lambda d: -d / (1 - d),
    "wasserstein": lambda d: np.full_like(d, -1.0),
}
"""Name of a cost -> its slope in the logit, as a function of D = σ(logit)."""

COLOURS = {
    "saturating": RED,
    "non_saturating": BLUE,
    "maximum_likelihood": OCHRE,
    "wasserstein": GREEN,
}


@dataclass(frozen=True)
class Costs:
    """A generated example of which the critic says: data, with chance D."""

    d: float = 0.01
    """D(G(z))."""


def value_and_slope(name: str, logits: Array) -> tuple[Array, Array]:
    """Return the project's cost ``name`` of each example alone, and its slope in the logit.

    >>> cost, slope = value_and_slope("non_saturating", np.array([0.0]))
    >>> round(float(cost[0]), 6), round(float(slope[0]), 6)
    (0.693147, -0.5)
    """
    import torch

    from counterplay.costs import COSTS

    b = torch.tensor(logits, requires_grad=True)
    none = torch.empty(0, dtype=torch.float64)
    each = torch.stack([COSTS[name].generator(none, one) for one in b[:, None]])
    each.sum().backward()
    assert b.grad is not None
    return each.detach().numpy(), b.grad.numpy()


def compute(given: Costs) -> dict[str, Value]:
    """Return each cost and its slope at D."""
    inside("d", given.d, 1e-9, 1 - 1e-9)
    found = {}
    for name in SLOPES:
        cost, slope = value_and_slope(name, _logit(np.array([given.d])))
        found[f"{name}: cost"] = Value(float(cost[0]), 0, "the project's cost")
        found[f"{name}: slope in the logit"] = Value(float(slope[0]), 0, "automatic")
    return found


def checks(given: Costs) -> list[Check]:
    """Return each automatic slope against its formula, at D and over (0, 1)."""
    inside("d", given.d, 1e-9, 1 - 1e-9)
    d = np.append(np.linspace(0.001, 0.999, 41), given.d)
    rows = []
    for name, formula in SLOPES.items():
        _, slope = value_and_slope(name, _logit(d))
        worst = float((np.abs(slope - formula(d)) / np.maximum(1, np.abs(formula(d)))).max())
        how = "automatic slope against formula, relative"
        rows.append(Check(f"{name}: slope, 42 values of D", worst, 0, 1e-9, how))
        step, at = 1e-5, _logit(np.array([given.d]))
        up, down = (value_and_slope(name, at + s)[0][0] for s in (step, -step))
        middle = float(value_and_slope(name, at)[1][0])
        quotient = float((up - down) / (2 * step))
        rows.append(Check(f"{name}: slope at D", middle, quotient, 1e-6, "automatic, difference"))
    return rows


def figure(given: Costs, blank: Figure) -> None:
    """Draw costs and the size of their slopes over D(G(z))."""
    left, right = blank.subplots(1, 2)
    d = np.concatenate([np.geomspace(1e-3, 0.5, 60), 1 - np.geomspace(0.5, 1e-3, 60)])
    for name, colour in COLOURS.items():
        cost, slope = value_and_slope(name, _logit(d))
        label = name.replace("_", "-")
        left.plot(d, cost, color=colour, label=label)
        right.plot(d, -slope, color=colour, label=label)
    left.set(xlabel="D(G(z))", ylabel="the generator's cost", ylim=(-6, 8), xlim=(0, 1))
    left.set_title("costs")
    left.legend(loc="upper center", ncols=2)
    right.set(xlabel="D(G(z))", ylabel="|slope| in the critic's logit")
    right.set(yscale="log", ylim=(1e-3, 1e2), xlim=(0, 1))
    right.set_title("gradients: seen through, D = 0, two of them vanish")
    left.axvspan(0, 0.1, color=GREY, alpha=0.15)
    right.axvspan(0, 0.1, color=GREY, alpha=0.15)
    left.text(0.11, -5.6, "early: D(G(z)) ≈ 0", color=GREY)


@dataclass(frozen=True)
class Apart:
    """p = N(0, 1), G(z) = z + t, and the best critic between them."""

    t: float = 1.0
    """Distance of the model from the data."""
    farthest: float = 10.0
    """The figure's largest distance."""


def gradient(name: str, t: float) -> Value:
    """Return d/dt of the cost ``name`` at the best critic, which itself stands still.

    >>> [round(gradient(name, 2.0).value, 3) for name in SLOPES]
    [0.45, 1.55, 2.0, 2.0]
    """
    p, q = normal(0, 1), normal(t, 1)

    def f(x: Array) -> Array:
        b = p.log_density(x) - q.log_density(x)
        density = np.exp(q.log_density(x))
        if name == "maximum_likelihood":
            return t * np.exp(p.log_density(x))  # q e^b = p, which does not overflow
        return -t * SLOPES[name](np.exp(-np.logaddexp(0, -b))) * density

    return integral(f, *reach(p, q))


def along(name: str, t: float) -> float:
    """Return d/dt of the divergence whose gradient the cost ``name`` has, by differences."""
    h = 1e-3

    def distance(s: float) -> float:
        found = {
            k: float(by_quadrature(k, normal(0, 1), normal(s, 1)).value)
            for k in ("kl", "reverse kl", "js")
        }
        return {
            "saturating": 2 * found["js"],
            "non_saturating": found["reverse kl"] - 2 * found["js"],
            "maximum_likelihood": found["kl"],
        }[name]

    far, near = (distance(t + s * h) - distance(t - s * h) for s in (2, 1))
    return (8 * near - far) / (12 * h)


DIVERGENCE = {
    "saturating": "2 JS",
    "non_saturating": "KL(q‖p) − 2 JS",
    "maximum_likelihood": "KL(p‖q)",
}


def compute_apart(given: Apart) -> dict[str, Value]:
    """Return the three gradients at t."""
    _apart_inside(given)
    return {f"{name}: d/dt": gradient(name, given.t) for name in DIVERGENCE}


def checks_apart(given: Apart) -> list[Check]:
    """Return each gradient against the slope of its divergence."""
    _apart_inside(given)
    return [
        Check(
            f"{name} is the gradient of {DIVERGENCE[name]}, t = {t:g}",
            float(gradient(name, t).value),
            along(name, t),
            1e-7,
            "expected gradient at D* against difference of divergences",
        )
        for name in DIVERGENCE
        for t in dict.fromkeys((given.t, 2.0, 4.0))
    ]


def figure_apart(given: Apart, blank: Figure) -> None:
    """Draw the gradients over the distance, and the critic that a far generator meets."""
    left, right = blank.subplots(1, 2)
    _apart_inside(given)
    _met(left, given)
    t = np.linspace(0.2, given.farthest, 40)
    for name, colour in COLOURS.items():
        y = [float(gradient(name, s).value) if name != "wasserstein" else 1.0 for s in t]
        line = "--" if name == "maximum_likelihood" else "-"
        label = {**DIVERGENCE, "wasserstein": "W₁"}[name]
        words = f"{name.replace('_', '-')}: ∇{label}"
        right.plot(t, y, color=colour, linestyle=line, label=words)
    right.set(yscale="log", xlabel="distance t of model and data", ylabel="gradient in t")
    right.set_ylim(1e-6, 3e3)
    right.set_title("far away, only the saturating cost's gradient vanishes")
    right.legend(loc="upper left", fontsize=8.5, ncols=2)


def _met(axes: Axes, given: Apart) -> None:
    x = np.linspace(-3.5, given.t + 3.5, 300)
    p, q = normal(0, 1), normal(given.t, 1)
    for law, colour, label in ((p, BLUE, "data"), (q, RED, "model z + t")):
        axes.fill_between(x, np.exp(law.log_density(x)), color=colour, alpha=0.3, label=label)
    b = p.log_density(x) - q.log_density(x)
    axes.plot(x, np.exp(-np.logaddexp(0, -b)), color=GREEN, label="D* = p/(p + q)")
    axes.set(xlabel="x", ylabel="density, and D*(x)", ylim=(0, 1.3))
    axes.set_title(f"t = {given.t:g}")
    axes.legend(loc="upper right", ncols=3, fontsize=8.5)


def _apart_inside(given: Apart) -> None:
    inside("t", given.t, 0.05, 12)
    inside("farthest", given.farthest, 1, 12)


def _logit(d: Array) -> Array:
    return np.log(d) - np.log1p(-d)


ITEMS: dict[str, Item] = {
    "generator-costs": Item(
        name="generator-costs",
        title="The generator's costs as functions of D(G(z)), with their gradients",
        derivation="D = σ(b): d log(1 − D)/db = −D is 0 at D = 0, d(−log D)/db = D − 1 is not",
        parameters=Costs,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(10.4, 4.0),
    ),
    "generator-gradients": Item(
        name="generator-gradients",
        title="What each cost descends at the best critic: 2 JS, KL(q‖p) − 2 JS, KL(p‖q)",
        derivation="∇_t E f(b(G(z))) at b = log p/q is ∫ f(log p/q) ∂q/∂t: f fixes the divergence",
        parameters=Apart,
        compute=compute_apart,
        checks=checks_apart,
        figure=figure_apart,
        size=(10.4, 4.2),
    ),
}
