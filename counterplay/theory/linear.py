r"""Principal components and the linear autoencoder find the same plane.

Data X (N, d), centred. The best rank-k reconstruction keeps the k leading eigenvectors V of the
covariance, and its residual is the sum of the eigenvalues left out:

    min over W (d, k), U (k, d) of (1/N) ‖X − X Uᵀ Wᵀ‖² = Σ_{i>k} λ_i .

A linear autoencoder, encoder z = Ux and decoder x̂ = Wz, has this minimum and no other: all its
other critical points are saddles. It finds the plane span(W) = span(V), not the axes: (WR, R⁻¹U) is
as good for every invertible R. Neural networks and principal component analysis: learning from
examples without local minima (Baldi, Hornik 1989).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from counterplay.errors import UserError
from counterplay.theory.figures import BLUE, GREEN, GREY, RED
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ITEMS", "Linear", "angles", "components", "train_autoencoder"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Linear:
    """Gaussian data with a given spectrum, in turned axes."""

    deviations: tuple[float, ...] = (3.0, 2.0, 1.0, 0.6, 0.3)
    """Standard deviations along the true axes, one for each dimension d."""
    keep: int = 2
    """Components k that are kept: the width of the bottleneck."""
    examples: int = 500
    """Number of examples N."""
    seed: int = 0
    """Of the data and of the first weights."""


class Fitted(NamedTuple):
    """A trained linear autoencoder: its weights, its residual, and the residual by iteration."""

    encoder: Array
    decoder: Array
    residual: float
    path: Array


def examples(p: Linear) -> Array:
    """Return the data, (N, d), centred."""
    rng = np.random.default_rng(p.seed)
    d = len(p.deviations)
    turn, _ = np.linalg.qr(rng.normal(size=(d, d)))
    x = rng.normal(size=(p.examples, d)) * np.array(p.deviations) @ turn.T
    return x - x.mean(0)


def components(x: Array, k: int) -> tuple[Array, Array]:
    """Return (V, λ): the k leading eigenvectors (d, k) and all eigenvalues (d,), by an SVD.

    >>> V, spectrum = components(np.array([[2.0, 0], [-2, 0], [0, 1], [0, -1]]), 1)
    >>> np.abs(V[:, 0]).tolist(), spectrum.round(9).tolist()
    ([1.0, 0.0], [2.0, 0.5])
    """
    _, s, rows = np.linalg.svd(x, full_matrices=False)
    return rows[:k].T, s**2 / len(x)


def train_autoencoder(x: Array, k: int, seed: int) -> Fitted:
    """Return a linear autoencoder trained by L-BFGS on its squared error, from random weights."""
    from scipy.optimize import minimize

    n, d = x.shape
    covariance = x.T @ x / n
    path: list[float] = []

    def cost(weights: Array) -> tuple[float, Array]:
        U, W = weights[: k * d].reshape(k, d), weights[k * d :].reshape(d, k)
        E = W @ U - np.eye(d)
        slope = 2 * E @ covariance
        value = float(((E @ covariance) * E).sum())
        path.append(value)
        return value, np.concatenate([(W.T @ slope).ravel(), (slope @ U.T).ravel()])

    start = 0.3 * np.random.default_rng(seed).normal(size=2 * k * d)
    options = {"maxiter": 5000, "ftol": 1e-16, "gtol": 1e-12, "maxcor": 30}
    found = minimize(cost, start, jac=True, method="L-BFGS-B", options=options)
    U, W = found.x[: k * d].reshape(k, d), found.x[k * d :].reshape(d, k)
    residual = float(np.square(x - x @ U.T @ W.T).sum() / n)
    return Fitted(U, W, residual, np.minimum.accumulate(path))


def angles(A: Array, B: Array) -> Array:
    """Return the principal angles between the column spaces of A and B, in radians, largest first.

    >>> angles(np.eye(3)[:, :1], np.array([[1.0], [1.0], [0.0]])).round(4).tolist()
    [0.7854]
    """
    from scipy.linalg import subspace_angles

    return subspace_angles(A, B)


@lru_cache(maxsize=4)
def _solved(p: Linear) -> tuple[Array, Array, Array, Fitted]:
    d = len(p.deviations)
    inside("dimensions", d, 2, 64)
    inside("keep", p.keep, 1, d - 1)
    inside("examples", p.examples, 2 * d, 100_000)
    if min(p.deviations) <= 0:
        raise UserError(f"deviations: expected numbers above 0, got {min(p.deviations):g}")
    x = examples(p)
    return (x, *components(x, p.keep), train_autoencoder(x, p.keep, p.seed))


def compute(p: Linear) -> dict[str, Value]:
    """Return both residuals and the angle between both planes."""
    _, V, spectrum, fitted = _solved(p)
    return {
        "eigenvalues of the covariance": Value(spectrum, 0, "SVD"),
        "residual of PCA": Value(float(spectrum[p.keep :].sum()), 0, "eigenvalues left out"),
        "residual of the autoencoder": Value(fitted.residual, 0, "trained by L-BFGS"),
        "largest angle of the planes": Value(float(angles(V, fitted.decoder).max()), 0, "radians"),
        "share of the variance kept": Value(float(spectrum[: p.keep].sum() / spectrum.sum())),
    }


def checks(p: Linear) -> list[Check]:
    """Return the autoencoder against principal components, and those against sklearn's."""
    from sklearn.decomposition import PCA

    x, V, spectrum, fitted = _solved(p)
    left, how = float(spectrum[p.keep :].sum()), "trained autoencoder against SVD"
    other = PCA(p.keep).fit(x)
    product = fitted.decoder @ fitted.encoder
    return [
        Check("residual", fitted.residual, left, 1e-6, how),
        Check("angle of the decoder's plane", angles(V, fitted.decoder).max(), 0, 1e-6, how),
        Check("angle of the encoder's plane", angles(V, fitted.encoder.T).max(), 0, 1e-6, how),
        Check("WU is the projection VVᵀ", float(np.abs(product - V @ V.T).max()), 0, 1e-6, how),
        Check(
            "residual, sklearn",
            left,
            float(np.square(x - other.inverse_transform(other.transform(x))).sum() / len(x)),
            1e-10,
            "eigenvalues left out against sklearn's reconstruction",
        ),
    ]


def figure(p: Linear, blank: Figure) -> None:
    """Draw the plane of two dimensions and one component, and the training's way to PCA."""
    _, _, spectrum, fitted = _solved(p)
    left, right = blank.subplots(1, 2, width_ratios=[1, 1.1])
    _flat(left, Linear((1.6, 0.6), 1, 120, p.seed))
    steps = np.arange(1, len(fitted.path) + 1)
    total, kept = spectrum.sum(), spectrum[p.keep :].sum()
    right.semilogy(steps, fitted.path - kept + 1e-16, color=RED)
    right.set_ylim(1e-13, 10 * total)
    right.set_xlabel("evaluations of the cost")
    right.set_ylabel("residual above PCA's")
    d = len(p.deviations)
    right.set_title(f"{d} dimensions, {p.keep} kept: down to PCA's {kept:.3f}")


def _flat(axes: Axes, p: Linear) -> None:
    x = examples(p)
    V, _ = components(x, 1)
    fitted = train_autoencoder(x, 1, p.seed)
    back = x @ fitted.encoder.T @ fitted.decoder.T
    axes.plot(*np.stack([x, back], 1).transpose(2, 1, 0), color=GREY, linewidth=0.5, alpha=0.6)
    axes.plot(*x.T, ".", color=BLUE, markersize=4, label="x")
    axes.plot(*back.T, ".", color=RED, markersize=4, label="autoencoder's x̂")
    ends = np.array([[-5.0], [5.0]]) * V.T
    axes.plot(*ends.T, color=GREEN, linewidth=1, label="first principal axis")
    axes.set(xlabel="x₁", ylabel="x₂", xlim=(-5, 5), ylim=(-5, 5), aspect="equal")
    axes.set_title("a bottleneck of one: the same line")
    axes.legend(loc="upper left", bbox_to_anchor=(0.45, 0.3), framealpha=0.9, frameon=True)


ITEMS: dict[str, Item] = {
    "linear-autoencoder": Item(
        name="linear-autoencoder",
        title="Principal components and the linear autoencoder find the same plane",
        derivation="min ‖X − XUᵀWᵀ‖²/N = Σ_{i>k} λ_i, reached where WU = VVᵀ, V the leading axes",
        parameters=Linear,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(9.2, 4.2),
    )
}
