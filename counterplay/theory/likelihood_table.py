r"""Maximum likelihood, noise-contrastive estimation and a GAN on one problem, side by side.

All three compare a model with data through the logit log p_model − log p_other:

    MLE   no critic; log Z must be known
    NCE   the critic is the model, log p_model + c − log q; the other law q stands still
    GAN   the critic is free, the other law is the generator, and moves

The problem: n draws of N(mean, std²). MLE has its formula; NCE fits e^{hx − Λx²/2 + c} against
noise, c = −log Z included; the GAN's critic is a parabola, trained to its optimum in every round,
its generator m + s z descends the non-saturating cost. Every estimate is repeated on fresh data.
With noise that is a copy of the model and ν = 1, NCE's expected gradient is half the likelihood's.
On distinguishability criteria for estimating generative models (Goodfellow 2014, arXiv 1412.6515).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.divergence_laws import integral, normal, reach
from counterplay.theory.figures import BLUE, GREEN, RED
from counterplay.theory.item import Check, Item, Value, inside
from counterplay.theory.likelihood_noise import logistic

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ITEMS", "METHODS", "Three", "by_gan", "by_likelihood", "by_noise", "estimates"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Three:
    """n draws of N(mean, std²), and what each method needs besides."""

    mean: float = 1.0
    """Mean of the data."""
    std: float = 1.5
    """Standard deviation of the data."""
    n: int = 500
    """Draws of the data."""
    ratio: int = 5
    """NCE: noise for each draw, ν."""
    wide: float = 3.0
    """NCE: standard deviation of the noise, whose mean is 0."""
    rounds: int = 60
    """GAN: rounds."""
    repeats: int = 40
    """Fresh data sets."""
    seed: int = 0
    """Of data and noise."""


def by_likelihood(x: Array, given: Three, rng: np.random.Generator) -> Array:
    """Return the maximum-likelihood mean, standard deviation and log Z = log √(2π)σ + μ²/2σ²."""
    return np.array([x.mean(), x.std(), _log_z(x.mean(), x.std())])


def by_noise(x: Array, given: Three, rng: np.random.Generator) -> Array:
    """Return the same by noise-contrastive estimation."""
    noise = given.wide * rng.standard_normal(len(x) * given.ratio)
    both = np.concatenate([x, noise])
    offset = 0.5 * (both / given.wide) ** 2 + 0.5 * math.log(2 * math.pi * given.wide**2)
    label = np.repeat([1.0, 0.0], [len(x), len(noise)])
    start = np.array([0.0, 1 / given.wide**2, 0.0])
    path, _ = logistic(_features(both), offset - math.log(given.ratio), label, start)
    h, precision, c = path[-1]
    return np.array([h / precision, precision**-0.5, -c])


def by_gan(x: Array, given: Three, rng: np.random.Generator) -> Array:
    """Return the generator's m and s after the rounds; it has no log Z to tell.

    The latents are the quantiles of the normal law: its own draws are left out of the comparison.
    """
    from scipy.special import ndtri

    z = ndtri((np.arange(len(x)) + 0.5) / len(x))
    z = z / z.std()
    m, s, critic = 0.0, 1.0, np.zeros(3)
    label = np.repeat([1.0, 0.0], len(x))
    for turn in range(given.rounds):
        y = m + s * z
        both = _features(np.concatenate([x, y]))
        path, _ = logistic(both, np.zeros(len(both)), label, critic, steps=4)
        critic = path[-1]
        h, precision, c = critic
        unsure = 1 / (1 + np.exp(h * y - 0.5 * precision * y**2 + c))
        slope = unsure * (h - precision * y)
        rate = 2.0 * s**2 / (1 + turn / 20)
        m, s = m + rate * slope.mean(), max(s + rate * (slope * z).mean(), 0.05)
    return np.array([m, s, math.nan])


METHODS = {"MLE": by_likelihood, "NCE": by_noise, "GAN": by_gan}
COLOURS = {"MLE": BLUE, "NCE": GREEN, "GAN": RED}


@lru_cache(maxsize=4)
def estimates(given: Three) -> dict[str, Array]:
    """Return each method's (mean, std, log Z) on every data set, (repeats, 3).

    Raises:
        UserError: for a parameter out of range.
    """
    inside("std", given.std, 0.2, 5)
    inside("mean", given.mean, -5, 5)
    inside("n", given.n, 50, 100_000)
    inside("ratio", given.ratio, 1, 100)
    inside("wide", given.wide, 0.3, 20)
    inside("rounds", given.rounds, 1, 10_000)
    inside("repeats", given.repeats, 5, 10_000)
    found: dict[str, list[Array]] = {name: [] for name in METHODS}
    for repeat in range(given.repeats):
        rng = np.random.default_rng((given.seed, repeat))
        x = given.mean + given.std * rng.standard_normal(given.n)
        for name, method in METHODS.items():
            found[name].append(method(x, given, rng))
    return {name: np.array(rows) for name, rows in found.items()}


def self_contrast(given: Three) -> tuple[float, float]:
    """Return d/dμ of NCE's gain with the model's copy as noise, and half of the likelihood's.

    The model is N(0, std²) and the data N(mean, std²); the copy stands still.
    """
    p, model = normal(given.mean, given.std), normal(0, given.std)
    h = 1e-5

    def gain(shift: float) -> float:
        moved = normal(shift, given.std)

        def f(x: np.ndarray) -> np.ndarray:
            b = moved.log_density(x) - model.log_density(x)
            yes, no = -np.logaddexp(0, -b), -np.logaddexp(0, b)
            return np.exp(p.log_density(x)) * yes + np.exp(model.log_density(x)) * no

        return float(integral(f, *reach(p, model)).value)

    return (gain(h) - gain(-h)) / (2 * h), 0.5 * given.mean / given.std**2


def compute(given: Three) -> dict[str, Value]:
    """Return mean and spread of every method's estimates."""
    found = {}
    how = f"{given.repeats} data sets of {given.n}"
    for name, rows in estimates(given).items():
        for i, what in enumerate(("mean", "std", "log Z")):
            if np.isfinite(rows[:, i]).all():
                error = 2 * float(rows[:, i].std(ddof=1))
                found[f"{name}: {what}"] = Value(float(rows[:, i].mean()), error, how)
    found["true log Z"] = Value(_log_z(given.mean, given.std))
    return found


def checks(given: Three) -> list[Check]:
    """Return the three methods against the truth, MLE's spread against Cramér–Rao."""
    found = estimates(given)
    truth = (given.mean, given.std, _log_z(given.mean, given.std))
    rows = []
    for name, values in found.items():
        for i, what in enumerate(("mean", "std", "log Z")):
            if np.isfinite(values[:, i]).all():
                error = 5 * float(values[:, i].std(ddof=1)) / given.repeats**0.5
                how = "mean estimate against truth, five standard errors"
                rows.append(
                    Check(f"{name}: {what}", float(values[:, i].mean()), truth[i], error, how)
                )
    bound = given.std / given.n**0.5
    spread = {name: float(values[:, 0].std(ddof=1)) for name, values in found.items()}
    apart = float(np.abs(found["GAN"][:, :2] - found["MLE"][:, :2]).max())
    mine, half = self_contrast(given)
    play = "largest difference over the data sets"
    return [
        *rows,
        Check("MLE: spread of the mean", spread["MLE"], bound, 0.5 * bound, "spread, Cramér–Rao"),
        Check("NCE spreads more", spread["NCE"], spread["MLE"], 0, "spreads", "at least"),
        Check("GAN with a parabola − MLE", apart, 0, 0.02, play),
        Check("noise = model: half of ∇MLE", mine, half, 1e-6, "difference of NCE against formula"),
    ]


def figure(given: Three, blank: Figure) -> None:
    """Draw the estimates of all data sets, and the table."""
    left, right = blank.subplots(1, 2, width_ratios=[1, 1.35])
    marks = {"MLE": "o", "NCE": "^", "GAN": "x"}
    for name, rows in estimates(given).items():
        left.plot(rows[:, 0], rows[:, 1], marks[name], color=COLOURS[name], label=name, alpha=0.7)
    left.plot(given.mean, given.std, "*", color="black", markersize=13, label="truth")
    left.set(xlabel="estimated mean", ylabel="estimated standard deviation")
    left.set_title(f"{given.repeats} data sets of {given.n}")
    left.legend()
    _table(right, given)


def _table(axes: Axes, given: Three) -> None:
    axes.axis("off")
    words = {
        "the critic": ("none", "log model − log q,\nq fixed", "free: a parabola"),
        "who learns": ("the model", "the model, as critic", "critic and generator"),
        "compared with": ("its own Z", f"noise N(0, {given.wide:g}²)", "its own samples"),
    }
    rows = [[key, *cells] for key, cells in words.items()]
    for i, (what, truth) in enumerate(
        (
            ("mean", given.mean),
            ("std", given.std),
            ("log Z", _log_z(given.mean, given.std)),
        )
    ):
        cells = [_spelled(values[:, i]) for values in estimates(given).values()]
        rows.append([f"{what}, true {truth:.3f}", *cells])
    table = axes.table(
        cellText=rows,
        colLabels=["", *METHODS],
        loc="center",
        cellLoc="center",
        bbox=(0, 0, 1, 1),  # pyright: ignore[reportArgumentType]
    )
    table.auto_set_font_size(False)
    table.set_fontsize(9)
    axes.set_title("learned on one problem, ± one standard deviation")


def _spelled(values: Array) -> str:
    if not np.isfinite(values).all():
        return "not told"
    return f"{values.mean():.3f} ± {values.std(ddof=1):.3f}"


def _log_z(mean: float, std: float) -> float:
    return 0.5 * math.log(2 * math.pi) + math.log(std) + mean**2 / (2 * std**2)


def _features(x: Array) -> Array:
    return np.stack([x, -0.5 * x**2, np.ones_like(x)], 1)


ITEMS: dict[str, Item] = {
    "nce-mle-gan": Item(
        name="nce-mle-gan",
        title="MLE, NCE and a GAN on one problem: what each learns, and how well",
        derivation="logit = log p_model − log p_other: other fixed is NCE, other moving is a GAN",
        parameters=Three,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(11.0, 4.2),
    )
}
