r"""The Dirac-GAN: data at 0, a generator at θ, a critic D(x) = ψx.

    V(θ, ψ) = f(ψθ) + f(0),  f(t) = −log(1 + e^(−t)),  f'(0) = 1/2,  f''(0) = −1/4;

the generator descends V, the critic ascends it, so θ̇ = −ψ f'(ψθ) and ψ̇ = θ f'(ψθ). The velocity is
orthogonal to (θ, ψ): in continuous time they circle for ever, and the Jacobian at the equilibrium
(0, 0) has the eigenvalues ±i f'(0). Each remedy gives them a negative real part:

    R1: the critic pays γψ²/2               −γ/2 ± √(γ²/4 − f'(0)²)
    instance noise of deviation σ           f''(0)σ² ± √(f''(0)²σ⁴ − f'(0)²)
    consensus of weight γ                   −γ f'(0)² ± i f'(0)

Which Training Methods for GANs do actually Converge? (Mescheder et al. 2018, arXiv 1801.04406).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.figures import BLUE, GREEN, GREY, OCHRE, PURPLE, RED
from counterplay.theory.item import Check, Item, Value, inside
from counterplay.theory.small_games import rule, simulate

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from torch import Tensor

__all__ = ["ITEMS", "Dirac", "closed_eigenvalue", "velocity"]

Array = NDArray[np.float64]

COLOURS = {
    "continuous": GREY,
    "simultaneous": RED,
    "alternating": BLUE,
    "R1": GREEN,
    "instance noise": OCHRE,
    "consensus": PURPLE,
}


@dataclass(frozen=True)
class Dirac:
    """A generator at θ and a critic of slope ψ."""

    eta: float = 0.2
    """Step size η of both players."""
    steps: int = 200
    """Number of steps."""
    theta: float = 1.0
    """Where the generator starts."""
    psi: float = 0.0
    """Where the critic's slope starts."""
    gamma: float = 0.4
    """Weight γ of R1."""
    noise: float = 0.9
    """Standard deviation σ of instance noise."""
    consensus: float = 0.8
    """Weight γ of consensus optimisation."""


def velocity(theta: float, psi: float) -> tuple[float, float]:
    """Return (θ̇, ψ̇).

    >>> velocity(1.0, 0.0)
    (-0.0, 0.5)
    """
    slope = 1 / (1 + math.exp(psi * theta))
    return -psi * slope, theta * slope


def closed_eigenvalue(name: str, p: Dirac) -> complex:
    """Return the Jacobian's eigenvalue at the equilibrium, the one of positive imaginary part."""
    half, bend = 0.5, -0.25
    return {
        "continuous": 1j * half,
        "R1": -p.gamma / 2 + complex(p.gamma**2 / 4 - half**2) ** 0.5,
        "instance noise": bend * p.noise**2 + complex(bend**2 * p.noise**4 - half**2) ** 0.5,
        "consensus": -p.consensus * half**2 + 1j * half,
    }[name]


def _value(theta: Tensor, psi: Tensor) -> Tensor:
    from torch.nn.functional import logsigmoid

    return logsigmoid(psi * theta) - math.log(2)


def _plain(p: Dirac) -> Callable[[Any, Any], tuple[Any, Any]]:
    def costs(theta: Tensor, psi: Tensor) -> tuple[Tensor, Tensor]:
        v = _value(theta, psi)
        return v, -v

    return costs


def _r1(p: Dirac) -> Callable[[Any, Any], tuple[Any, Any]]:
    def costs(theta: Tensor, psi: Tensor) -> tuple[Tensor, Tensor]:
        v = _value(theta, psi)
        return v, -v + p.gamma / 2 * psi**2

    return costs


def _noisy(p: Dirac) -> Callable[[Any, Any], tuple[Any, Any]]:
    # E over the noise by Gauss–Hermite quadrature, exact far beyond what is played here.
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    weights = weights / weights.sum()

    def costs(theta: Tensor, psi: Tensor) -> tuple[Tensor, Tensor]:
        import torch
        from torch.nn.functional import logsigmoid

        e, w = p.noise * torch.tensor(nodes), torch.tensor(weights)
        v = (w * (logsigmoid(psi * (theta + e)) + logsigmoid(-psi * e))).sum()
        return v, -v

    return costs


GAMES = {
    "simultaneous": (_plain, "simultaneous"),
    "alternating": (_plain, "alternating"),
    "R1": (_r1, "alternating"),
    "instance noise": (_noisy, "alternating"),
    "consensus": (_plain, "consensus"),
}
"""Name -> the costs, and the rule by which they are played."""


@lru_cache(maxsize=4)
def _paths(p: Dirac) -> dict[str, Array]:
    inside("eta", p.eta, 1e-3, 2)
    inside("steps", p.steps, 2, 5000)
    inside("gamma", p.gamma, 0, 10)
    inside("noise", p.noise, 0, 3)
    inside("consensus", p.consensus, 0, 10)
    inside("|theta| + |psi|", abs(p.theta) + abs(p.psi), 1e-3, 5)
    start = np.array([p.theta, p.psi])
    found = {"continuous": _integrated(p)}
    for name, (costs, by) in GAMES.items():
        play = rule(by, p.eta, p.consensus, 0)
        found[name] = simulate(costs(p), play, start, p.eta, p.steps)
    return found


def _integrated(p: Dirac) -> Array:
    from scipy.integrate import solve_ivp

    times = p.eta * np.arange(p.steps + 1)
    return solve_ivp(
        lambda _, z: velocity(*z),
        (0, times[-1]),
        [p.theta, p.psi],
        t_eval=times,
        method="DOP853",
        rtol=1e-11,
        atol=1e-12,
    ).y.T


def _numeric_eigenvalue(name: str, p: Dirac) -> complex:
    """Return the eigenvalue of largest imaginary part, of a Jacobian by automatic gradients."""
    import torch

    costs, _ = GAMES.get(name, (_plain, ""))

    def speed(z: Tensor) -> Tensor:
        slopes = [
            torch.autograd.grad(cost, z, create_graph=True)[0][i]
            for i, cost in enumerate(costs(p)(z[0], z[1]))
        ]
        return -torch.stack(slopes)

    zero = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    J = np.asarray(torch.autograd.functional.jacobian(speed, zero))
    if name == "consensus":
        J = J - p.consensus * J.T @ J
    return complex(max(np.linalg.eigvals(J), key=lambda v: (v.imag, v.real)))


LINEAR = ("continuous", "R1", "instance noise", "consensus")


def compute(p: Dirac) -> dict[str, Value]:
    """Return the eigenvalues and where each play ends."""
    paths, found = _paths(p), {}
    for name in LINEAR:
        value = closed_eigenvalue(name, p)
        found[f"{name}: Re λ"], found[f"{name}: Im λ"] = Value(value.real), Value(value.imag)
    for name, path in paths.items():
        found[f"{name}: distance at the end"] = Value(float(np.hypot(*path[-1])), 0, "played")
    return found


def checks(p: Dirac) -> list[Check]:
    """Return eigenvalues by automatic gradients, and the laws of the circling plays."""
    paths, found = _paths(p), []
    for name in LINEAR:
        closed, numeric = closed_eigenvalue(name, p), _numeric_eigenvalue(name, p)
        how = "closed form against automatic gradients"
        found += [
            Check(f"{name}: Re λ", closed.real, numeric.real, 1e-9, how),
            Check(f"{name}: Im λ", closed.imag, numeric.imag, 1e-9, how),
        ]
    start = math.hypot(p.theta, p.psi)
    ahead = paths["simultaneous"]
    slopes = 1 / (1 + np.exp(ahead[:-1, 0] * ahead[:-1, 1]))
    grown = start * math.sqrt(float(np.prod(1 + (p.eta * slopes) ** 2)))
    circle = np.hypot(*paths["continuous"].T)
    return [
        *found,
        Check("continuous: radius", circle[-1], start, 1e-8, "Runge–Kutta 8 against the circle"),
        Check(
            "simultaneous: radius",
            float(np.hypot(*ahead[-1])),
            grown,
            1e-9 * grown,
            "played against the product of √(1 + η²f'(ψθ)²)",
        ),
    ]


def figure(p: Dirac, blank: Figure) -> None:
    """Draw each play in the plane of θ and ψ, on the field of velocities."""
    panels = blank.subplots(2, 3, sharex=True, sharey=True)
    size = 1.75 * math.hypot(p.theta, p.psi)
    for axes, (name, path) in zip(panels.ravel(), _paths(p).items(), strict=True):
        ticks = np.linspace(-size, size, 13)
        theta, psi = np.meshgrid(ticks, ticks)
        slope = 1 / (1 + np.exp(theta * psi))
        axes.quiver(theta, psi, -psi * slope, theta * slope, color="#d5d8dc", width=0.004)
        axes.plot(*path.T, ".-", color=COLOURS[name], linewidth=1, markersize=3)
        axes.plot(*path[0], "o", color="black", markersize=5)
        axes.plot(0, 0, "+", color="black", markersize=9)
        axes.set(xlim=(-size, size), ylim=(-size, size), aspect="equal")
        axes.set_title(f"{name}{_said(name, p)}", fontsize=9.5)
        axes.grid(visible=False)
    for axes in panels[-1]:
        axes.set_xlabel("generator θ")
    for axes in panels[:, 0]:
        axes.set_ylabel("critic's slope ψ")


def _said(name: str, p: Dirac) -> str:
    if name not in LINEAR:
        return ""
    value = closed_eigenvalue(name, p)
    return f": λ = {value.real:.2g} ± {value.imag:.2g}i" if value.real else f": λ = ±{value.imag}i"


def frames(p: Dirac) -> Sequence[Callable[[Figure], None]]:
    """Return the frames of a critic that turns and a generator that runs, with and without R1."""
    stops = np.unique(np.linspace(0, min(p.steps, 120), 40).astype(int))
    paths = _paths(p)
    return [_frame(paths, int(stop)) for stop in stops]


def _frame(paths: dict[str, Array], stop: int) -> Callable[[Figure], None]:
    def paint(blank: Figure) -> None:
        x = np.linspace(-2, 2, 2)
        panels = blank.subplots(1, 2, sharey=True)
        for axes, name in zip(panels, ("alternating", "R1"), strict=True):
            theta, psi = paths[name][stop]
            axes.plot(x, psi * x, color=GREEN, label="critic ψx")
            axes.plot(0, 0, "o", color=BLUE, markersize=10, label="data")
            axes.plot(theta, 0, "o", color=RED, markersize=10, label="generator θ")
            axes.set(xlim=(-2, 2), ylim=(-2, 2), xlabel="x")
            axes.set_title(f"{name}, step {stop}")
        panels[0].set_ylabel("critic D(x)")
        panels[1].legend(loc="upper right")

    return paint


ITEMS: dict[str, Item] = {
    "dirac-gan": Item(
        name="dirac-gan",
        title="The Dirac-GAN circles for ever; R1, instance noise and consensus let it arrive",
        derivation="θ̇ = −ψf'(ψθ), ψ̇ = θf'(ψθ): d/dt (θ² + ψ²) = 0, λ = ±i f'(0) = ±i/2",
        parameters=Dirac,
        compute=compute,
        checks=checks,
        figure=figure,
        frames=frames,
        size=(9.6, 6.2),
    )
}
