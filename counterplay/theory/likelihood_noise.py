r"""Noise-contrastive estimation: a normalising constant learned by telling data from noise.

The model e^{θ·s(x) + c} is not normalised. Shown data and ν times as much noise from a known law
q, the best classifier has the logit log p − log q − log ν; so the classifier whose logit *is*
θ·s(x) + c − log q(x) − log ν, trained with the logistic cost, learns θ and c = −log Z alike.

Here x is normal in the plane, s(x) = (−½x₁², −x₁x₂, −½x₂²), θ the precision matrix Λ and
log Z = log 2π − ½ log det Λ. The cost is convex in (θ, c): Newton's method ends at its minimum.
Noise-contrastive estimation (Gutmann, Hyvärinen 2010, AISTATS).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.figures import BLUE, GREY, RED
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ITEMS", "Learned", "Noise", "learn", "logistic"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Noise:
    """Data from N(0, Σ) in the plane, noise from N(0, wide² I)."""

    first: float = 1.4
    """Standard deviation of x₁."""
    second: float = 1.1
    """Standard deviation of x₂."""
    correlation: float = 0.6
    """Of x₁ and x₂."""
    data: int = 10_000
    """Examples of data."""
    ratio: int = 5
    """Examples of noise for each example of data: ν."""
    wide: float = 2.0
    """Standard deviation of the noise."""
    seed: int = 0
    """Of data and noise."""


class Learned(NamedTuple):
    """θ = (Λ₁₁, Λ₁₂, Λ₂₂, c) after each Newton step, (steps + 1, 4), and its covariance."""

    path: Array
    covariance: Array

    @property
    def precision(self) -> Array:
        """Return Λ, (2, 2)."""
        a, b, d, _ = self.path[-1]
        return np.array([[a, b], [b, d]])

    @property
    def log_z(self) -> float:
        """Return −c."""
        return -float(self.path[-1, 3])


def logistic(
    features: Array, offset: Array, label: Array, start: Array, steps: int = 30
) -> tuple[Array, Array]:
    """Minimise the logistic cost of logits features · θ + offset by damped Newton steps.

    >>> x = np.array([[1.0], [1.0], [1.0], [1.0]])
    >>> path, _ = logistic(x, np.zeros(4), np.array([1.0, 1, 1, 0]), np.zeros(1))
    >>> bool(np.isclose(path[-1, 0], np.log(3)))
    True

    Args:
        features: (N, K).
        offset: (N,), the part of the logit that is known.
        label: (N,), 1 for data and 0 for noise.
        start: θ at first, (K,).
        steps: at most.

    Returns:
        θ after each step, and the covariance of the last, (K, K), by the sandwich formula.
    """
    theta, path = start.astype(np.float64), [start.astype(np.float64)]

    def cost(at: Array) -> float:
        logit = features @ at + offset
        return float((np.logaddexp(0, logit) - label * logit).mean())

    for _ in range(steps):
        gradient, hessian, _ = _slopes(features, offset, label, theta)
        step = np.linalg.solve(hessian, gradient)
        size = 1.0
        while cost(theta - size * step) > cost(theta) and size > 1e-6:
            size /= 2
        theta = theta - size * step
        path.append(theta)
        if np.abs(step).max() < 1e-10:
            break
    _, hessian, spread = _slopes(features, offset, label, theta)
    inverse = np.linalg.inv(hessian)
    return np.array(path), inverse @ spread @ inverse / len(label)


def _slopes(
    features: Array, offset: Array, label: Array, theta: Array
) -> tuple[Array, Array, Array]:
    chance = np.exp(-np.logaddexp(0, -(features @ theta + offset)))
    each = (chance - label)[:, None] * features
    hessian = (features * (chance * (1 - chance))[:, None]).T @ features / len(label)
    # Data and noise are drawn in fixed numbers: each varies about its own mean.
    spread = sum(
        (label == y).mean() * np.atleast_2d(np.cov(each[label == y].T, bias=True)) for y in (0, 1)
    )
    return each.mean(0), hessian, np.asarray(spread)


def covariance(given: Noise) -> Array:
    """Return Σ, (2, 2)."""
    off = given.correlation * given.first * given.second
    return np.array([[given.first**2, off], [off, given.second**2]])


@lru_cache(maxsize=4)
def learn(given: Noise) -> Learned:
    """Return the model that tells data from noise best, starting at Λ = I, c = 0.

    Raises:
        UserError: for a parameter out of range.
    """
    inside("first", given.first, 0.1, 10)
    inside("second", given.second, 0.1, 10)
    inside("correlation", given.correlation, -0.99, 0.99)
    inside("data", given.data, 50, 1_000_000)
    inside("ratio", given.ratio, 1, 100)
    inside("wide", given.wide, 0.1, 20)
    rng = np.random.default_rng(given.seed)
    root = np.linalg.cholesky(covariance(given))
    x = rng.standard_normal((given.data, 2)) @ root.T
    y = given.wide * rng.standard_normal((given.data * given.ratio, 2))
    both = np.concatenate([x, y])
    label = np.repeat([1.0, 0.0], [len(x), len(y)])
    log_q = -0.5 * (both**2).sum(1) / given.wide**2 - math.log(2 * math.pi * given.wide**2)
    start = np.array([1.0, 0.0, 1.0, 0.0])
    return Learned(*logistic(_features(both), -log_q - math.log(given.ratio), label, start))


def _features(x: Array) -> Array:
    a, b = x.T
    return np.stack([-0.5 * a**2, -a * b, -0.5 * b**2, np.ones(len(x))], 1)


def compute(given: Noise) -> dict[str, Value]:
    """Return log Z and precision, learned and true."""
    found = learn(given)
    width = 4 * np.sqrt(np.diag(found.covariance))
    how = f"{given.data} examples, {given.ratio} noise each"
    names = ("Λ₁₁", "Λ₁₂", "Λ₂₂")
    learned = {
        name: Value(float(found.path[-1, i]), float(width[i]), how) for i, name in enumerate(names)
    }
    true = np.linalg.inv(covariance(given))[np.triu_indices(2)]
    return {
        "log Z learned": Value(found.log_z, float(width[3]), how),
        "log Z": Value(_log_z(given)),
        **learned,
        **{f"{name} true": Value(float(t)) for name, t in zip(names, true, strict=True)},
    }


def checks(given: Noise) -> list[Check]:
    """Return what was learned against the closed form, and against its own normaliser."""
    found = learn(given)
    error = np.abs(found.precision - np.linalg.inv(covariance(given))).max()
    width = 4 * float(np.sqrt(found.covariance[3, 3]))
    gap = abs(found.log_z - _log_z(given))
    how = "learned against log 2π + ½ log det Σ"
    return [
        Check("log Z", found.log_z, _log_z(given), 0.05, how),
        Check("largest error of the precision", float(error), 0, 0.15, "learned − inverse of Σ"),
        Check("|Δ log Z|", gap, width, 0, "against four of its standard errors", "at most"),
        Check("mass of the model", _mass(found), 1, 0.05, "learned c, summed over a grid"),
    ]


def _log_z(given: Noise) -> float:
    return math.log(2 * math.pi) + 0.5 * math.log(np.linalg.det(covariance(given)))


def _mass(found: Learned) -> float:
    wide = 9 / math.sqrt(np.linalg.eigvalsh(found.precision).min())
    t, step = np.linspace(-wide, wide, 400, retstep=True)
    x = np.stack(np.meshgrid(t, t), -1).reshape(-1, 2)
    return float(np.exp(_features(x) @ found.path[-1]).sum() * step**2)


def figure(given: Noise, blank: Figure) -> None:
    """Draw the learned density over the true one, and log Z from step to step."""
    found = learn(given)
    left, right = blank.subplots(1, 2)
    _contours(left, given, found)
    steps = np.arange(len(found.path))
    right.axhline(_log_z(given), color=BLUE, linestyle="--", label="true log Z")
    right.plot(steps, -found.path[:, 3], "o-", color=RED, label="learned: −c")
    right.set(xlabel="Newton step", ylabel="log Z")
    right.set_title(f"log Z learned: {found.log_z:.3f}, true: {_log_z(given):.3f}")
    right.legend()


def _contours(axes: Axes, given: Noise, found: Learned) -> None:
    wide = 3.2 * max(given.first, given.second)
    t = np.linspace(-wide, wide, 120)
    x = np.stack(np.meshgrid(t, t), -1).reshape(-1, 2)
    true = -0.5 * np.einsum("ni,ij,nj->n", x, np.linalg.inv(covariance(given)), x) - _log_z(given)
    learned = _features(x) @ found.path[-1]
    rng = np.random.default_rng(given.seed)
    noise = given.wide * rng.standard_normal((300, 2))
    axes.plot(*noise.T, ".", color=GREY, markersize=3, alpha=0.5, label="noise")
    levels = np.exp(np.array([-4.5, -2.0, -0.5]) - _log_z(given))
    for density, colour, line, label in (
        (true, BLUE, "solid", "true density"),
        (learned, RED, "dashed", "learned, with its own c"),
    ):
        values = np.exp(density).reshape(len(t), -1)
        axes.contour(t, t, values, levels=levels, colors=colour, linestyles=line)
        axes.plot([], [], color=colour, linestyle=line, label=label)
    axes.set(xlabel="x₁", ylabel="x₂", aspect="equal", xlim=(-wide, wide), ylim=(-wide, wide))
    axes.set_title("told from noise, the model has learned to be 1 in sum")
    axes.legend(loc="upper left", fontsize=8, frameon=True)


ITEMS: dict[str, Item] = {
    "nce": Item(
        name="nce",
        title="Noise-contrastive estimation: a classifier that learns log Z and the precision",
        derivation="best logit = log p − log νq; if it is θ·s(x) + c − log νq, then c = −log Z",
        parameters=Noise,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(10.4, 4.6),
    )
}
