r"""Change of variables: what a bijection does to a density.

For x = g(z), z ~ p_z, g differentiable with an inverse,

    log p_x(x) = log p_z(g⁻¹(x)) − log |det ∂g/∂z| :

where g stretches, the density thins. In one dimension g must rise; here it is
g(z) = z + a tanh(3z), which pulls the two halves of N(0, 1) apart. In two an affine coupling, the
building block of flows, leaves z₁ and moves z₂ by functions of it:

    x₁ = z₁,  x₂ = z₂ e^{s tanh z₁} + b (z₁² − 1),  log |det| = s tanh z₁,

then the plane is turned by an angle, of determinant 1. Density estimation using Real NVP (Dinh et
al. 2016, arXiv 1605.08803).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.figures import BLUE, GREEN, GREY, RED
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ITEMS", "Line", "Plane", "forward", "inverse", "log_density"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """x = z + a tanh(3z), z ~ N(0, 1)."""

    a: float = 1.5
    """How far a the halves are pulled apart; the map rises for a > −1/3."""
    samples: int = 100_000
    """Samples of the histogram."""
    seed: int = 0
    """Of the samples."""


@dataclass(frozen=True)
class Plane:
    """An affine coupling and a turn of N(0, I) in the plane."""

    scale: float = 0.8
    """Strength s of the coupling's scale e^{s tanh z₁}."""
    bend: float = 0.5
    """Strength b of its shift b (z₁² − 1)."""
    angle: float = 30.0
    """Angle of the turn, in degrees."""
    samples: int = 100_000
    """Samples of the histogram."""
    seed: int = 0
    """Of the samples."""


def stretch(z: Array, p: Line) -> tuple[Array, Array]:
    """Return (x, log dx/dz).

    >>> x, slope = stretch(np.array([0.0]), Line(a=1.0))
    >>> x.tolist(), np.exp(slope).round(9).tolist()
    ([0.0], [4.0])
    """
    bent = np.tanh(3 * z)
    return z + p.a * bent, np.log1p(3 * p.a * (1 - bent**2))


def unstretch(x: Array, p: Line) -> Array:
    """Return z with x = z + a tanh(3z), by bisection: the map rises."""
    low, high = x - abs(p.a), x + abs(p.a)
    for _ in range(100):
        middle = (low + high) / 2
        below = stretch(middle, p)[0] < x
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2


def line_density(x: Array, p: Line) -> Array:
    """Return p_x(x)."""
    z = unstretch(x, p)
    return _normal(z) / np.exp(stretch(z, p)[1])


def forward(z: Array, p: Plane) -> tuple[Array, Array]:
    """Return (x, log |det ∂x/∂z|) for z (N, 2).

    >>> x, slope = forward(np.zeros((1, 2)), Plane(angle=0))
    >>> x.tolist(), slope.tolist()
    ([[0.0, -0.5]], [0.0])
    """
    scale = p.scale * np.tanh(z[:, 0])
    moved = np.stack([z[:, 0], z[:, 1] * np.exp(scale) + p.bend * (z[:, 0] ** 2 - 1)], 1)
    return moved @ _turn(p).T, scale


def inverse(x: Array, p: Plane) -> tuple[Array, Array]:
    """Return (z, log |det ∂x/∂z|) for x (N, 2), in closed form."""
    moved = x @ _turn(p)
    scale = p.scale * np.tanh(moved[:, 0])
    second = (moved[:, 1] - p.bend * (moved[:, 0] ** 2 - 1)) * np.exp(-scale)
    return np.stack([moved[:, 0], second], 1), scale


def log_density(x: Array, p: Plane) -> Array:
    """Return log p_x(x), (N,)."""
    z, scale = inverse(x, p)
    return -0.5 * (z**2).sum(1) - math.log(2 * math.pi) - scale


def _turn(p: Plane) -> Array:
    c, s = math.cos(math.radians(p.angle)), math.sin(math.radians(p.angle))
    return np.array([[c, -s], [s, c]])


def _normal(z: Array) -> Array:
    return np.exp(-0.5 * z**2) / math.sqrt(2 * math.pi)


# ---- one dimension


@lru_cache(maxsize=4)
def _line(p: Line) -> tuple[Array, Array, Array, float]:
    """Return a grid, the density on it, samples, and the density's integral."""
    inside("a", p.a, -0.33, 5)
    inside("samples", p.samples, 1000, 1_000_000)
    x = np.linspace(-8 - abs(p.a), 8 + abs(p.a), 20_001)
    density = line_density(x, p)
    samples, _ = stretch(np.random.default_rng(p.seed).normal(size=p.samples), p)
    return x, density, samples, float(np.trapezoid(density, x))


def compute_line(p: Line) -> dict[str, Value]:
    """Return the density's integral, its height in the middle, and its deviation."""
    x, density, samples, total = _line(p)
    half = 1.96 / math.sqrt(2 * p.samples) * 2
    return {
        "∫ p_x": Value(total, 1e-9, "trapezoidal quadrature"),
        "p_x(0)": Value(float(line_density(np.zeros(1), p)[0]), 0, "change of variables"),
        "deviation of x": Value(float(samples.std()), half, f"{p.samples} samples"),
        "deviation of x by its density": Value(
            math.sqrt(float(np.trapezoid(x**2 * density, x))), 1e-8, "trapezoidal quadrature"
        ),
    }


def checks_line(p: Line) -> list[Check]:
    """Return the density against 1, against a histogram, and against what is known at 0."""
    x, density, samples, total = _line(p)
    edges = np.linspace(-4, 4, 41)
    share = np.histogram(samples, edges)[0] / len(samples)
    mass = np.diff(np.interp(edges, x, np.append(0, np.cumsum(_strips(x, density)))))
    z = np.random.default_rng(1).normal(size=1000)
    nudge = (stretch(z + 1e-6, p)[0] - stretch(z - 1e-6, p)[0]) / 2e-6
    slope = np.exp(stretch(z, p)[1])
    closed = 1 / math.sqrt(2 * math.pi) / (1 + 3 * p.a)
    return [
        Check("∫ p_x", total, 1, 1e-8, "quadrature against 1"),
        Check(
            "p_x(0)",
            float(line_density(np.zeros(1), p)[0]),
            closed,
            1e-9,
            "bisected inverse against p_z(0)/(1 + 3a)",
        ),
        Check(
            "largest bin",
            float(np.abs(share - mass).max()),
            0,
            5 * math.sqrt(mass.max() / p.samples),
            "histogram against quadrature, five deviations",
        ),
        Check(
            "dx/dz",
            float(np.abs(nudge / slope - 1).max()),
            0,
            1e-6,
            "closed form against differences",
        ),
        Check(
            "inverse",
            float(np.abs(unstretch(stretch(z, p)[0], p) - z).max()),
            0,
            1e-9,
            "there and back",
        ),
    ]


def _strips(x: Array, y: Array) -> Array:
    return np.diff(x) * (y[1:] + y[:-1]) / 2


def figure_line(p: Line, blank: Figure) -> None:
    """Draw the map, equal slices of z that it carries over, and both densities at its sides."""
    grid = blank.subplots(2, 2, width_ratios=[1, 2.6], height_ratios=[2.6, 1])
    side, main, corner, below = grid.ravel()
    corner.axis("off")
    z = np.linspace(-3, 3, 601)
    x = stretch(z, p)[0]
    main.plot(z, x, color=GREEN)
    side.fill_betweenx(x, -line_density(x, p), color=RED, alpha=0.35, linewidth=0)
    below.fill_between(z, _normal(z), color=BLUE, alpha=0.35, linewidth=0)
    for edge in np.linspace(-2.4, 2.4, 13):
        there = float(stretch(np.array([edge]), p)[0][0])
        main.plot([edge, edge, -3], [float(x[0]), there, there], color=GREY, linewidth=0.7)
        side.axhline(there, color=GREY, linewidth=0.7)
        below.axvline(edge, color=GREY, linewidth=0.7)
    main.set(xlim=(-3, 3), ylim=(float(x[0]), float(x[-1])))
    side.set(ylim=main.get_ylim(), ylabel="x = g(z)", xticks=[])
    below.set(xlim=(-3, 3), xlabel="z ~ N(0, 1)", yticks=[], ylim=(0, None))
    side.set_xlabel("density of x")
    main.set_title(f"x = z + {p.a:g} tanh 3z: rare where it is steep")
    for axes in grid.ravel():
        axes.grid(visible=False)


# ---- two dimensions


@lru_cache(maxsize=4)
def _plane(p: Plane) -> tuple[Array, Array, Array, float]:
    """Return the axis of a square grid, the density on it, samples, and the density's integral."""
    inside("|scale|", abs(p.scale), 0, 2)
    inside("|bend|", abs(p.bend), 0, 2)
    inside("samples", p.samples, 1000, 1_000_000)
    reach = 7 * math.exp(abs(p.scale)) + 40 * abs(p.bend)
    axis = np.linspace(-reach, reach, 2 * int(12 * reach) + 1)
    points = np.stack(np.meshgrid(axis, axis, indexing="ij"), -1).reshape(-1, 2)
    density = np.exp(log_density(points, p)).reshape(len(axis), -1)
    samples, _ = forward(np.random.default_rng(p.seed).normal(size=(p.samples, 2)), p)
    return axis, density, samples, float(density.sum() * (axis[1] - axis[0]) ** 2)


def compute_plane(p: Plane) -> dict[str, Value]:
    """Return the density's integral, and its entropy two ways."""
    _, _, samples, total = _plane(p)
    scores = -log_density(samples, p)
    half = 1.96 * float(scores.std()) / math.sqrt(len(scores))
    return {
        "∫∫ p_x": Value(total, 1e-6, "quadrature over the plane"),
        "entropy of x": Value(float(scores.mean()), half, f"mean of −log p_x, {p.samples} samples"),
        "entropy of z + E log |det|": Value(
            1 + math.log(2 * math.pi), 0, "closed form: E tanh = 0"
        ),
    }


def checks_plane(p: Plane) -> list[Check]:
    """Return the density against 1 and a histogram, the determinant against autograd."""
    _, _, samples, total = _plane(p)
    z = np.random.default_rng(1).normal(size=(200, 2))
    there, log_det = forward(z, p)
    back, _ = inverse(there, p)
    scores = -log_density(samples, p)
    half = float(scores.std()) / math.sqrt(len(scores))
    share, mass = _cells(p)
    spread = math.sqrt(mass.max() / p.samples)
    return [
        Check("∫∫ p_x", total, 1, 1e-6, "quadrature against 1"),
        Check("inverse", float(np.abs(back - z).max()), 0, 1e-12, "there and back"),
        Check(
            "log |det|",
            float(np.abs(log_det - _autograd(z, p)).max()),
            0,
            1e-10,
            "closed form against PyTorch's Jacobian",
        ),
        Check(
            "largest cell",
            float(np.abs(share - mass).max()),
            0,
            5 * spread,
            "histogram against quadrature, five deviations",
        ),
        Check(
            "entropy",
            float(scores.mean()),
            1 + math.log(2 * math.pi),
            5 * half,
            "samples against 1 + ln 2π, five deviations",
        ),
    ]


def _cells(p: Plane) -> tuple[Array, Array]:
    """Return samples' share and the density's mass in 15 × 15 cells of a square."""
    edges = np.linspace(-3, 3, 16)
    samples = _plane(p)[2]
    share = np.histogram2d(samples[:, 0], samples[:, 1], [edges, edges])[0] / len(samples)
    fine = (np.arange(15 * 20) + 0.5) * 6 / 300 - 3
    points = np.stack(np.meshgrid(fine, fine, indexing="ij"), -1).reshape(-1, 2)
    density = np.exp(log_density(points, p)).reshape(15, 20, 15, 20)
    return share, density.sum((1, 3)) * (6 / 300) ** 2


def _autograd(z: Array, p: Plane) -> Array:
    import torch

    turn = torch.tensor(_turn(p))

    def move(point: torch.Tensor) -> torch.Tensor:
        first, second = point
        bent = second * torch.exp(p.scale * torch.tanh(first)) + p.bend * (first**2 - 1)
        return turn @ torch.stack([first, bent])

    J = torch.func.vmap(torch.func.jacrev(move))(torch.tensor(z))
    return torch.linalg.slogdet(J)[1].numpy()


def figure_plane(p: Plane, blank: Figure) -> None:
    """Draw the grid of z, where the map takes it, and the density with samples' outline."""
    panels = blank.subplots(1, 3)
    ticks, fine = np.linspace(-2.5, 2.5, 11), np.linspace(-2.5, 2.5, 101)
    for tick in ticks:
        for line in (np.stack([fine, 0 * fine + tick], 1), np.stack([0 * fine + tick, fine], 1)):
            panels[0].plot(*line.T, color=BLUE, linewidth=0.8)
            panels[1].plot(*forward(line, p)[0].T, color=RED, linewidth=0.8)
    axis = np.linspace(-4.5, 4.5, 241)
    points = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    density = np.exp(log_density(points, p)).reshape(241, 241)
    panels[2].imshow(density, origin="lower", extent=(-4.5, 4.5, -4.5, 4.5), cmap="Reds")
    panels[2].plot(*_plane(p)[2][:600].T, ".", color="black", markersize=1.5, alpha=0.6)
    titles = ("z ~ N(0, I): even squares", "x = g(z): stretched squares", "p_x, and 600 samples")
    for axes, title in zip(panels, titles, strict=True):
        axes.set(xlim=(-4.5, 4.5), ylim=(-4.5, 4.5), aspect="equal")
        axes.set_title(title)
        axes.grid(visible=False)
    for axes, name in zip(panels, "zxx", strict=True):
        axes.set(xlabel=f"{name}₁", ylabel=f"{name}₂")


ITEMS: dict[str, Item] = {
    "change-of-variables": Item(
        name="change-of-variables",
        title="Change of variables in one dimension",
        derivation="p_x(g(z)) |g'(z)| = p_z(z): equal slices of z keep their mass",
        parameters=Line,
        compute=compute_line,
        checks=checks_line,
        figure=figure_line,
        size=(6.6, 5.2),
    ),
    "flow": Item(
        name="flow",
        title="Change of variables in the plane: an affine coupling and a turn",
        derivation="log p_x(x) = log p_z(g⁻¹(x)) − log |det ∂g/∂z|, here s tanh z₁",
        parameters=Plane,
        compute=compute_plane,
        checks=checks_plane,
        figure=figure_plane,
        size=(10.4, 3.7),
    ),
}
