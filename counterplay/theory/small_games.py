r"""Games of two numbers: what the project's own dynamics do, and the linear map it should be.

The first player descends L_x(x, y) in x, the second L_y(x, y) in y. In the quadratic game

    V(x, y) = a x²/2 + b x y − c y²/2,    L_x = V = −L_y,

the field is linear, F(z) = A z with z = (x, y) and A = [[a, b], [−b, c]], and so each rule of play
with plain steps η is a matrix M, z_{k+1} = M z_k. It converges where ρ(M), the largest modulus of
M's eigenvalues, is below 1. Convergence of Gradient Methods on Bilinear Zero-Sum Games (Zhang, Yu
2019, arXiv 1908.05699).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.figures import BLUE, GREEN, GREY, OCHRE, PURPLE, RED, TEAL

if TYPE_CHECKING:
    from torch import Tensor

    from counterplay.dynamics import Dynamics

__all__ = [
    "COLOURS",
    "MAPS",
    "closed_growth",
    "field",
    "iterate",
    "quadratic_costs",
    "radius",
    "rule",
    "simulate",
]

Array = NDArray[np.float64]
Costs = Callable[["Tensor", "Tensor"], tuple["Tensor", "Tensor"]]
Map = Callable[[Array, float, float, int], Array]
"""(A, η, γ, k) -> M; the weight γ is consensus', the steps k looked ahead are unrolled play's."""

ONE = np.eye(2)


def field(a: float, b: float, c: float) -> Array:
    """Return A, the matrix of the field F(z) = A z of V = a x²/2 + b x y − c y²/2."""
    return np.array([[a, b], [-b, c]], dtype=np.float64)


def quadratic_costs(a: float, b: float, c: float) -> Costs:
    """Return (x, y) -> (V, −V)."""

    def costs(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        v = a * x * x / 2 + b * x * y - c * y * y / 2
        return v, -v

    return costs


COLOURS = {
    "simultaneous": RED,
    "alternating": BLUE,
    "extragradient": GREEN,
    "optimistic": OCHRE,
    "consensus": PURPLE,
    "proximal": TEAL,
    "unrolled": GREY,
}


def simultaneous(A: Array, eta: float, gamma: float, k: int) -> Array:
    """Return I − ηA."""
    return ONE - eta * A


def alternating(A: Array, eta: float, gamma: float, k: int) -> Array:
    """Return x's step, then y's at the new x."""
    first = np.array([ONE[0] - eta * A[0], ONE[1]])
    second = np.array([ONE[0], ONE[1] - eta * A[1]])
    return second @ first


def extragradient(A: Array, eta: float, gamma: float, k: int) -> Array:
    """Return I − ηA(I − ηA)."""
    return ONE - eta * A @ (ONE - eta * A)


def optimistic(A: Array, eta: float, gamma: float, k: int) -> Array:
    """Return the map of (z_t, z_{t−1}): z_{t+1} = z_t − η(2Az_t − Az_{t−1}), (4, 4)."""
    return np.asarray(np.block([[ONE - 2 * eta * A, eta * A], [ONE, 0 * ONE]]), np.float64)


def consensus(A: Array, eta: float, gamma: float, k: int) -> Array:
    """Return I − η(A + γAᵀA), since ∇½‖Az‖² = AᵀAz."""
    return ONE - eta * (A + gamma * A.T @ A)


def proximal(A: Array, eta: float, gamma: float, k: int) -> Array:
    """Return (I + ηA)⁻¹: the step's gradient is taken where the step ends."""
    return np.asarray(np.linalg.inv(ONE + eta * A), np.float64)


def unrolled(A: Array, eta: float, gamma: float, k: int) -> Array:
    """Return play in which x looks through ``k`` steps y_k = Px + Qy of y; L_x = −L_y."""
    stay = 1 - eta * A[1, 1]
    P, Q = -eta * A[1, 0] * sum(stay**j for j in range(k)), stay**k
    seen = np.array([ONE[0], [P, Q]])  # (x, y) -> (x, y_k)
    slope = (A[0] - P * A[1]) @ seen  # ∂L_x/∂x + P ∂L_x/∂y at (x, y_k)
    return np.array([ONE[0] - eta * slope, ONE[1] - eta * A[1]])


MAPS: dict[str, Map] = {
    "simultaneous": simultaneous,
    "alternating": alternating,
    "extragradient": extragradient,
    "optimistic": optimistic,
    "consensus": consensus,
    "proximal": proximal,
    "unrolled": unrolled,
}


def radius(M: Array) -> float:
    """Return ρ(M).

    >>> round(radius(optimistic(field(0, 1, 0), 0.57, 0, 0)), 4)
    0.9807
    >>> round(radius(optimistic(field(0, 1, 0), 0.58, 0, 0)), 4)
    1.0069
    """
    return float(np.abs(np.linalg.eigvals(M)).max())


def closed_growth(name: str, eta: float, gamma: float = 0.5, k: int = 5) -> float:
    """Return the growth of ‖z‖² per step on V = xy in closed form: ρ(M)².

    >>> closed_growth("extragradient", 2**-0.5), round(closed_growth("optimistic", 3**-0.5), 12)
    (0.75, 1.0)
    """
    turn = math.sqrt(abs(1 - 4 * eta**2))
    opt = (1 + turn) / 2 if eta <= 0.5 else (1 + (2 * eta + turn) ** 2) / 4
    spread = math.sqrt(max(0.0, (k * eta**2) ** 2 - eta**2))
    ahead = 1 - (2 * k - 1) * eta**2 if k * eta < 1 else (abs(1 - k * eta**2) + spread) ** 2
    alt = 1.0 if eta <= 2 else ((eta**2 - 2 + eta * math.sqrt(eta**2 - 4)) / 2) ** 2
    return {
        "simultaneous": 1 + eta**2,
        "alternating": alt,
        "extragradient": 1 - eta**2 + eta**4,
        "optimistic": opt,
        "consensus": (1 - eta * gamma) ** 2 + eta**2,
        "proximal": 1 / (1 + eta**2),
        "unrolled": ahead,
    }[name]


def iterate(M: Array, start: Array, steps: int) -> Array:
    """Return z_0, …, z_steps, (steps + 1, 2), by the linear map."""
    z = np.concatenate([start, start])[: len(M)]
    path = [z]
    for _ in range(steps):
        path.append(M @ path[-1])
    return np.array(path)[:, :2]


def rule(name: str, eta: float, gamma: float, k: int) -> Dynamics:
    """Return the project's dynamics of that name; ``proximal`` it has none of."""
    from counterplay import dynamics

    made: dict[str, Any] = {
        **dynamics.DYNAMICS,
        "consensus": dynamics.consensus(gamma),
        "unrolled": dynamics.unrolled(k, eta, through="y"),
    }
    return made[name]


def simulate(costs: Costs, play: Dynamics, start: Array, eta: float, steps: int) -> Array:
    """Return z_0, …, z_steps, (steps + 1, 2), by automatic gradients and the project's dynamics.

    >>> from counterplay.dynamics import simultaneous
    >>> simulate(quadratic_costs(0, 1, 0), simultaneous, np.ones(2), 0.1, 1).round(3).tolist()
    [[1.0, 1.0], [0.9, 1.1]]
    """
    import torch

    from counterplay.dynamics import Seat
    from counterplay.game import Batch, Player, Round, sgd

    x, y = (_number(v) for v in start)

    def cost(i: int) -> Callable[[Round], dict[str, Tensor]]:
        return lambda round: {"cost": costs(x.value, y.value)[i]}

    players = [Player("x", x, cost(0), sgd(eta)), Player("y", y, cost(1), sgd(eta))]
    seats = [Seat(p, p.cost, p.optimise(p.module.parameters())) for p in players]
    batch = Batch(torch.zeros(1, 1))
    path = [start]
    for step in range(steps):
        play(seats, Round(batch, step))
        path.append(np.array([x.value.item(), y.value.item()]))
    return np.array(path)


def _number(value: float) -> Any:
    import torch
    from torch import nn

    module = nn.Module()
    module.value = nn.Parameter(torch.tensor(float(value), dtype=torch.float64))
    return module
