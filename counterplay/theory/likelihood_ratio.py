r"""The maximum-likelihood GAN: importance weights turn a critic into ∇KL(p ‖ q).

Wanted: a function f of the critic's verdict with ∇_θ E_{x ~ q_θ} f(x) = ∇_θ KL(p ‖ q_θ), f standing
still while θ moves. The left side is E_q f ∇log q; the right side −E_p ∇log q, which as an average
over the model's own samples is −E_q (p/q) ∇log q. Hence f = −p/q, and with the best critic's logit
b = log p/q

    f = −e^b = −D/(1 − D).

Every cost is such an f: −log(1 + e^b) gives 2 JS, log(1 + e^−b) gives KL(q ‖ p) − 2 JS. On
distinguishability criteria for estimating generative models (Goodfellow 2014, arXiv 1412.6515).
Below, q = N(μ, σ²), G(z) = μ + σz; the gradient in (μ, σ) comes by the chain through G
(reparameterised), by weights on ∇log q (score function), and as the difference quotient of KL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.adversarial_costs import value_and_slope
from counterplay.theory.divergence_laws import Hills, integral, normal, reach, two_hills
from counterplay.theory.divergences import by_quadrature
from counterplay.theory.figures import BLUE, GREY, OCHRE, RED
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ITEMS", "Likelihood", "by_difference", "by_score", "through_generator"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Likelihood:
    """p = ½ N(−distance, 1) + ½ N(distance, 1), and the model N(mean, std²)."""

    distance: float = 1.5
    """Of each of p's hills from 0."""
    mean: float = 0.7
    """The model's μ."""
    std: float = 1.6
    """The model's σ; above 1, so that the weights p/q stay finite."""
    samples: int = 4000
    """Of the model, for the spread of the weights."""
    seed: int = 0
    """Of the samples."""


def _laws(given: Likelihood) -> tuple[Hills, Hills]:
    inside("distance", given.distance, 0, 6)
    inside("mean", given.mean, -6, 6)
    inside("std", given.std, 1, 6)
    inside("samples", given.samples, 100, 1_000_000)
    return two_hills(given.distance, 1.0), normal(given.mean, given.std)


def through_generator(p: Hills, q: Hills, name: str = "maximum_likelihood") -> Array:
    """Return the gradient of the project's cost ``name`` in (μ, σ), through x = μ + σz.

    E_z f'(b(x)) · db/dx · (1, z), b = log p/q fixed.
    """
    mean, std = q.means[0], q.stds[0]

    def slope(x: Array) -> Array:
        h = 1e-5
        b = [p.log_density(x + s) - q.log_density(x + s) for s in (0, h, -h)]
        along = value_and_slope(name, b[0])[1]
        return np.exp(q.log_density(x)) * along * (b[1] - b[2]) / (2 * h)

    parts = (slope, lambda x: slope(x) * (x - mean) / std)
    low, high, _ = reach(p, q)
    return np.array([integral(part, low, high, 2.0).value for part in parts])


def by_score(p: Hills, q: Hills) -> Array:
    """Return −E_q (p/q) ∇log q in (μ, σ): importance weights on the score function.

    >>> by_score(normal(0, 1), normal(1, 1)).round(9).tolist()
    [1.0, -1.0]
    """
    mean, std = q.means[0], q.stds[0]

    def weighted(power: int) -> Array:
        def f(x: Array) -> Array:
            z = (x - mean) / std
            weight = np.exp(p.log_density(x) - q.log_density(x)) * np.exp(q.log_density(x))
            return -weight * (z if power == 1 else z**2 - 1) / std

        return np.array(integral(f, *reach(p, q)).value)

    return np.array([weighted(1), weighted(2)])


def by_difference(p: Hills, q: Hills) -> Array:
    """Return ∇KL(p ‖ N(μ, σ²)) by central differences of the quadrature."""
    h = 1e-4

    def kl(mean: float, std: float) -> float:
        return float(by_quadrature("kl", p, normal(mean, std)).value)

    mean, std = q.means[0], q.stds[0]
    by_mean = kl(mean + h, std) - kl(mean - h, std)
    by_std = kl(mean, std + h) - kl(mean, std - h)
    return np.array([by_mean, by_std]) / (2 * h)


def compute(given: Likelihood) -> dict[str, Value]:
    """Return both gradients, and how few of the model's samples carry the weights."""
    p, q = _laws(given)
    through, score = through_generator(p, q), by_score(p, q)
    weights = _weights(given)
    few = float(weights.sum() ** 2 / (weights**2).sum() / len(weights))
    return {
        "d/dμ through G": Value(float(through[0]), 1e-7, "quadrature"),
        "d/dσ through G": Value(float(through[1]), 1e-7, "quadrature"),
        "d/dμ by weights": Value(float(score[0]), 1e-10, "quadrature"),
        "d/dσ by weights": Value(float(score[1]), 1e-10, "quadrature"),
        "KL(p ‖ q)": by_quadrature("kl", p, q),
        "share of samples that count": Value(few, 0, f"(Σw)²/(n Σw²), {given.samples} samples"),
    }


def checks(given: Likelihood) -> list[Check]:
    """Return both forms of the gradient against ∇KL, at the model and on a grid of others."""
    p, q = _laws(given)
    through, score, kl = through_generator(p, q), by_score(p, q), by_difference(p, q)
    rows = []
    for i, name in enumerate(("d/dμ", "d/dσ")):
        how = "at the best critic against difference of KL(p ‖ q)"
        rows.append(Check(f"{name}, cost through G", through[i], kl[i], 1e-5, how))
        rows.append(Check(f"{name}, weights", score[i], kl[i], 1e-5, how))
    others = [normal(m, s) for m in (-2.0, 0.0, 2.0) for s in (1.2, 2.0)]
    worst = max(float(np.abs(by_score(p, r) - by_difference(p, r)).max()) for r in others)
    rows.append(Check("both, 6 other models", worst, 0, 1e-5, "weights − difference of KL"))
    mean = float(_weights(given).mean())
    spread = 4 * float(_weights(given).std()) / given.samples**0.5
    rows.append(Check("E_q p/q", mean, 1, spread, "samples against 1, four standard errors"))
    return rows


def _weights(given: Likelihood) -> Array:
    p, q = _laws(given)
    x = q.sample(given.samples, np.random.default_rng(given.seed))
    return np.exp(p.log_density(x) - q.log_density(x))


def figure(given: Likelihood, blank: Figure) -> None:
    """Draw the weights over the model's samples, and the gradients over the model's mean."""
    left, right = blank.subplots(1, 2)
    p, q = _laws(given)
    x = np.linspace(-given.distance - 4, given.distance + 4, 300)
    left.fill_between(x, np.exp(p.log_density(x)), color=BLUE, alpha=0.3, label="data p")
    left.fill_between(x, np.exp(q.log_density(x)), color=RED, alpha=0.3, label="model q")
    weight = np.exp(p.log_density(x) - q.log_density(x))
    left.plot(x, weight / 4, color=OCHRE, label="weight e^b = p/q, a quarter of it")
    left.set(xlabel="x", ylabel="density", ylim=(0, None))
    left.set_title("a sample counts as much as the data need it")
    left.legend(loc="upper left")
    left.set_ylim(0, 1.3 * max(float(weight.max()) / 4, 0.25))
    _over_means(right, p, given)


def _over_means(axes: Axes, p: Hills, given: Likelihood) -> None:
    means = np.linspace(-3, 3, 13)
    models = [normal(m, given.std) for m in means]
    exact = [by_difference(p, q)[0] for q in models]
    axes.plot(means, exact, color="black", label="∇KL(p ‖ q)")
    gan = [through_generator(p, q)[0] for q in models]
    axes.plot(means, gan, "o", color=OCHRE, label="maximum-likelihood GAN")
    styles = (("saturating", RED), ("non_saturating", BLUE))
    for name, colour in styles:
        y = [through_generator(p, q, name)[0] for q in models]
        axes.plot(means, y, "--", color=colour, label=name.replace("_", "-"))
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.set(xlabel="the model's mean μ", ylabel="gradient in μ")
    axes.set_title("only its gradient is the likelihood's")
    axes.legend()


ITEMS: dict[str, Item] = {
    "maximum-likelihood-gan": Item(
        name="maximum-likelihood-gan",
        title="The maximum-likelihood GAN: at the best critic its gradient is ∇KL(p ‖ q)",
        derivation="−E_p ∇log q = −E_q (p/q) ∇log q = ∇E_q f for f = −p/q = −exp(logit D*)",
        parameters=Likelihood,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(10.4, 4.2),
    )
}
