r"""The evidence lower bound, on models where everything is known.

One latent, z ~ N(0, 1), x | z ~ N(wz, s²). Then p(x) = N(0, w² + s²) and the posterior is
N(wx/(w² + s²), s²/(w² + s²)). For any q(z) = N(m, t²)

    log p(x) = ELBO + KL(q ‖ p(z | x)),   ELBO = E_q log p(x | z) − KL(q ‖ N(0, 1)) ≤ log p(x).

Many latents: the linear VAE on data with eigenvalues λ_i and observation noise s² is probabilistic
PCA. At its optimum the bound is tight, latent i is used where λ_i > s² and carries
Var E[z_i | x] = 1 − s²/λ_i; the others collapse to the prior, with nothing wrong with the bound.
Auto-Encoding Variational Bayes (Kingma, Welling 2013, arXiv 1312.6114); Don't Blame the ELBO! A
Linear VAE Perspective on Posterior Collapse (Lucas et al. 2019, arXiv 1911.02469).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterplay.errors import UserError
from counterplay.theory.figures import BLUE, GREEN, GREY, OCHRE, PURPLE, RED, TEAL
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ITEMS", "Latent", "Spectrum", "elbo", "gap", "log_evidence", "optimum"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Latent:
    """One observation of one latent, and a guess q = N(m, t²) at its posterior."""

    x: float = 1.5
    """The observation x."""
    weight: float = 1.0
    """The decoder's weight w."""
    noise: float = 0.6
    """The decoder's standard deviation s."""
    mean: float = 0.2
    """The guess's mean m."""
    deviation: float = 0.9
    """The guess's standard deviation t."""


@dataclass(frozen=True)
class Spectrum:
    """A linear VAE on Gaussian data with given eigenvalues."""

    eigenvalues: tuple[float, ...] = (4.0, 3.0, 2.0, 1.2, 0.8, 0.5)
    """The data's eigenvalues λ; as many latents."""
    noise: float = 1.0
    """Variance s² of the decoder."""


def log_evidence(p: Latent) -> float:
    """Return log p(x).

    >>> round(log_evidence(Latent(x=0.0, weight=0.0, noise=1.0)), 10)
    -0.9189385332
    """
    return _log_normal(p.x, 0.0, p.weight**2 + p.noise**2)


def elbo(p: Latent) -> float:
    """Return the lower bound of log p(x) that q = N(m, t²) gives, in closed form."""
    m, t2, s2 = p.mean, p.deviation**2, p.noise**2
    fit = _log_normal(p.x, p.weight * m, s2) - p.weight**2 * t2 / (2 * s2)
    return fit - _kl(m, t2, 0.0, 1.0)


def gap(p: Latent) -> float:
    """Return KL(q ‖ p(z | x)), what the bound lacks.

    >>> p = Latent()
    >>> abs(log_evidence(p) - elbo(p) - gap(p)) < 1e-12
    True
    """
    return _kl(p.mean, p.deviation**2, *_posterior(p))


def _posterior(p: Latent) -> tuple[float, float]:
    total = p.weight**2 + p.noise**2
    return p.weight * p.x / total, p.noise**2 / total


def _kl(m1: float, v1: float, m2: float, v2: float) -> float:
    return (math.log(v2 / v1) + (v1 + (m1 - m2) ** 2) / v2 - 1) / 2


def _log_normal(x: float, mean: float, variance: float) -> float:
    return -0.5 * (math.log(2 * math.pi * variance) + (x - mean) ** 2 / variance)


def _check(p: Latent) -> None:
    inside("x", p.x, -100, 100)
    inside("weight", p.weight, -100, 100)
    inside("mean", p.mean, -100, 100)
    for name in ("noise", "deviation"):
        inside(name, getattr(p, name), 0.01, 100)


def compute(p: Latent) -> dict[str, Value]:
    """Return log p(x), the bound, and the two parts that they differ by."""
    _check(p)
    mean, variance = _posterior(p)
    return {
        "log p(x)": Value(log_evidence(p)),
        "ELBO": Value(elbo(p)),
        "KL(q ‖ posterior)": Value(gap(p)),
        "KL(q ‖ prior)": Value(_kl(p.mean, p.deviation**2, 0.0, 1.0)),
        "posterior's mean": Value(mean),
        "posterior's deviation": Value(math.sqrt(variance)),
    }


def checks(p: Latent) -> list[Check]:
    """Return the identity, with each part integrated numerically, and the bound over many q."""
    _check(p)
    integral, bound, divergence = _integrated(p)
    scale = 1e-8 * max(1.0, abs(log_evidence(p)))
    rng = np.random.default_rng(0)
    guesses = [
        Latent(p.x, p.weight, p.noise, float(m), float(t))
        for m, t in zip(rng.normal(size=200), rng.uniform(0.1, 2, 200), strict=True)
    ]
    mean, variance = _posterior(p)
    best = elbo(Latent(p.x, p.weight, p.noise, mean, math.sqrt(variance)))
    return [
        Check(
            "log p(x)", log_evidence(p), integral, scale, "closed form against quadrature over z"
        ),
        Check("ELBO", elbo(p), bound, scale, "closed form against quadrature over q"),
        Check("KL", gap(p), divergence, scale, "closed form against quadrature over q"),
        Check("ELBO + KL", bound + divergence, log_evidence(p), scale, "quadrature against log p"),
        Check(
            "largest of 200 bounds", max(map(elbo, guesses)), log_evidence(p), 0, RANDOM, "at most"
        ),
        Check("ELBO at the posterior", best, log_evidence(p), 1e-12, "closed forms"),
    ]


RANDOM = "random q against log p(x)"


def _integrated(p: Latent) -> tuple[float, float, float]:
    """Return log ∫ p(x | z) p(z) dz, E_q log p(x, z)/q(z) and E_q log q(z)/p(z | x), by sums."""
    mean, variance = _posterior(p)
    z = mean + math.sqrt(variance) * np.linspace(-12, 12, 4001)
    joint = np.array([_log_normal(p.x, p.weight * v, p.noise**2) + _log_normal(v, 0, 1) for v in z])
    top = joint.max()
    evidence = top + math.log(float(np.trapezoid(np.exp(joint - top), z)))
    u, weights = np.polynomial.hermite_e.hermegauss(60)
    weights = weights / weights.sum()
    z = p.mean + p.deviation * u
    log_q = np.array([_log_normal(v, p.mean, p.deviation**2) for v in z])
    joint = np.array([_log_normal(p.x, p.weight * v, p.noise**2) + _log_normal(v, 0, 1) for v in z])
    bound = float(weights @ (joint - log_q))
    return evidence, bound, float(weights @ (log_q - (joint - evidence)))


def figure(p: Latent, blank: Figure) -> None:
    """Draw posterior and guess, and log p(x) as the bound plus the gap for every mean of q."""
    _check(p)
    left, right = blank.subplots(1, 2, width_ratios=[1, 1.2])
    mean, variance = _posterior(p)
    z = np.linspace(min(mean, p.mean) - 3, max(mean, p.mean) + 3, 400)
    for m, v, colour, name in (
        (0.0, 1.0, GREY, "prior p(z)"),
        (mean, variance, GREEN, "posterior p(z | x)"),
        (p.mean, p.deviation**2, RED, "guess q(z)"),
    ):
        left.plot(z, [math.exp(_log_normal(v_, m, v)) for v_ in z], color=colour, label=name)
    left.set(xlabel="latent z", ylabel="density", ylim=(0, None))
    left.set_ylim(0, 1.35 * left.get_ylim()[1])
    left.set_title(f"x = {p.x:g}: a guess at its posterior")
    left.legend(loc="upper left")
    means = np.linspace(mean - 1.5, mean + 1.5, 200)
    bounds = np.array([elbo(Latent(p.x, p.weight, p.noise, m, p.deviation)) for m in means])
    top = log_evidence(p)
    right.axhline(top, color=GREEN, label="log p(x)")
    right.plot(means, bounds, color=RED, label=f"ELBO of q = N(m, {p.deviation:g}²)")
    right.fill_between(means, bounds, top, color=OCHRE, alpha=0.2, label="KL(q ‖ p(z | x))")
    right.plot(p.mean, elbo(p), "o", color=RED)
    right.plot(mean, top, "*", color=GREEN, markersize=11, label="q = posterior: no gap")
    right.set(xlabel="mean m of q", ylabel="nats")
    right.set_title("the bound never passes log p(x)")
    right.legend(loc="lower center")


# ---- the linear VAE


def optimum(value: float, noise: float) -> tuple[float, float, float, float]:
    """Return (bound, w, a, t²) at the best bound of one dimension, found numerically.

    The data have the variance λ, decoder x ~ N(wz, s²), encoder q = N(ax, t²):
    ELBO = −½ ln 2πs² − (λ(1 − wa)² + w²t²)/2s² − ½(t² + a²λ − 1 − ln t²), averaged over x.

    >>> bound, w, a, t2 = optimum(4.0, 1.0)
    >>> round(a * a * 4, 6), round(w * w, 5)
    (0.75, 3.0)
    """
    from scipy.optimize import minimize

    def cost(v: Array) -> float:
        w, a, log_t2 = v
        miss = (value * (1 - w * a) ** 2 + w**2 * math.exp(log_t2)) / (2 * noise)
        rate = (math.exp(log_t2) + a**2 * value - 1 - log_t2) / 2
        return 0.5 * math.log(2 * math.pi * noise) + miss + rate

    options = {"xatol": 1e-10, "fatol": 1e-14, "maxiter": 20_000, "maxfev": 20_000}
    found = minimize(cost, [0.5, 0.5, 0.0], method="Nelder-Mead", options=options)
    w, a, log_t2 = found.x
    return -float(found.fun), float(w), float(a), math.exp(log_t2)


def log_likelihood(values: Sequence[float], noise: float) -> float:
    """Return the data's mean log-likelihood under probabilistic PCA's optimum, in closed form.

    >>> round(log_likelihood((1.0,), 1.0), 10)
    -1.4189385332
    """
    fitted = [max(v, noise) for v in values]
    parts = [math.log(2 * math.pi * c) + v / c for v, c in zip(values, fitted, strict=True)]
    return -0.5 * sum(parts)


@lru_cache(maxsize=256)
def _optimum(value: float, noise: float) -> tuple[float, float, float, float]:
    return optimum(value, noise)


def _used(p: Spectrum) -> tuple[float, list[float]]:
    """Return the sum of the best bounds and each latent's Var E[z | x], numerically."""
    inside("latents", len(p.eigenvalues), 1, 32)
    inside("noise", p.noise, 1e-3, 1e3)
    if min(p.eigenvalues) <= 0:
        raise UserError(f"eigenvalues: expected numbers above 0, got {min(p.eigenvalues):g}")
    found = [_optimum(v, p.noise) for v in p.eigenvalues]
    carried = [a * a * v for v, (_, _, a, _) in zip(p.eigenvalues, found, strict=True)]
    return sum(bound for bound, *_ in found), carried


def compute_linear(p: Spectrum) -> dict[str, Value]:
    """Return the best bound, and what each latent carries."""
    bound, carried = _used(p)
    return {
        "best ELBO": Value(bound, 0, "maximised numerically"),
        "log-likelihood of pPCA": Value(log_likelihood(p.eigenvalues, p.noise)),
        "latents in use": Value(float(sum(v > 0.01 for v in carried)), 0, "Var E[z | x] > 0.01"),
        "Var E[z | x]": Value(np.array(carried), 0, "maximised numerically"),
    }


def checks_linear(p: Spectrum) -> list[Check]:
    """Return the bound against the likelihood, and latents in use against λ > s²."""
    bound, carried = _used(p)
    exact = log_likelihood(p.eigenvalues, p.noise)
    how = "maximised numerically against max(0, 1 − s²/λ)"
    found = [Check("ELBO at its optimum", bound, exact, 1e-8, "maximised against pPCA")]
    for value, share in zip(p.eigenvalues, carried, strict=True):
        closed = max(0.0, 1 - p.noise / value)
        found.append(Check(f"Var E[z | x], λ = {value:g}", share, closed, 1e-5, how))
    for noise in (0.25, 1.0, 2.5, 5.0):
        q = Spectrum(p.eigenvalues, noise)
        count = float(sum(v > 0.01 for v in _used(q)[1]))
        theory = float(sum(v > noise for v in p.eigenvalues))
        found.append(Check(f"latents in use, s² = {noise:g}", count, theory, 0, "counts of both"))
    return found


def figure_linear(p: Spectrum, blank: Figure) -> None:
    """Draw what each latent carries against the decoder's noise: one after the other collapses."""
    axes = blank.subplots()
    noises = np.geomspace(0.1, 1.5 * max(p.eigenvalues), 300)
    few = np.geomspace(0.12, 1.4 * max(p.eigenvalues), 12)
    colours = (RED, BLUE, GREEN, OCHRE, PURPLE, TEAL)
    for i, value in enumerate(p.eigenvalues):
        colour = colours[i % len(colours)]
        axes.plot(noises, np.maximum(0, 1 - noises / value), color=colour, label=f"λ = {value:g}")
        shares = [_used(Spectrum((value,), float(s2)))[1][0] for s2 in few]
        axes.plot(few, shares, "o", color=colour, markersize=4)
    axes.axvline(p.noise, color=GREY, linestyle=":", linewidth=1)
    axes.set(
        xscale="log", xlabel="decoder's noise s²", ylabel="Var E[z | x], what a latent carries"
    )
    axes.set_title("lines 1 − s²/λ, dots the best ELBO: a latent collapses at s² = λ")
    axes.legend(loc="upper right")


ITEMS: dict[str, Item] = {
    "elbo": Item(
        name="elbo",
        title="The evidence lower bound, and what it lacks, on a model where all is known",
        derivation="log p(x) = E_q log p(x, z)/q(z) + KL(q ‖ p(z | x)), and KL ≥ 0",
        parameters=Latent,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(9.2, 4.0),
    ),
    "linear-vae": Item(
        name="linear-vae",
        title="The linear VAE: its bound is tight, and latents below the noise collapse",
        derivation="at the best ELBO w² = λ − s², so Var E[z | x] = 1 − s²/λ where λ > s², else 0",
        parameters=Spectrum,
        compute=compute_linear,
        checks=checks_linear,
        figure=figure_linear,
        size=(7.2, 4.2),
    ),
}
