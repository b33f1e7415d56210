r"""The best critic between two laws known exactly, and what smoothed labels make of it.

A critic that is taught α on draws of p and β on draws of q maximises pointwise

    p (α log D + (1 − α) log(1 − D)) + q (β log D + (1 − β) log(1 − D)),

so that D* = (α p + β q)/(p + q). With α = 1, β = 0: D* = p/(p + q), its logit is log p/q, and

    V(D*) = E_p log D* + E_q log(1 − D*) = −log 4 + 2 JS(p, q).

The generator that minimises −log D(x) is pulled by d log D*/dx. With β = 0 a factor α drops out of
it; with β > 0 it vanishes where p ≪ q. Generative Adversarial Nets (Goodfellow et al. 2014,
arXiv 1406.2661); Improved Techniques for Training GANs (Salimans et al. 2016, arXiv 1606.03498).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.divergence_laws import Hills, integral, normal, reach
from counterplay.theory.divergences import by_quadrature
from counterplay.theory.figures import BLUE, GREEN, GREY, OCHRE, PURPLE, RED
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ITEMS", "Best", "Smooth", "best_critic", "pull", "train_critic", "value"]

Array = NDArray[np.float64]
Logit = Callable[[Array], Array]

LEARNING_RATE = 1e-2


@dataclass(frozen=True)
class Best:
    """p = N(0, 1) and q = N(mean, std²)."""

    mean: float = 2.0
    """Mean of q."""
    std: float = 1.0
    """Standard deviation of q."""
    steps: int = 600
    """Adam's steps of the trained critic."""
    batch: int = 512
    """Fresh draws of each law in a step."""
    seed: int = 0
    """Of weights and draws."""


def best_critic(p: Hills, q: Hills, real: float = 1.0, fake: float = 0.0) -> Logit:
    """Return x -> the logit of (α p + β q)/(p + q), α = ``real``, β = ``fake``.

    >>> float(best_critic(normal(0, 1), normal(2, 1))(np.array([0.5]))[0])
    1.0
    """

    def logit(x: Array) -> Array:
        a, b = p.log_density(x), q.log_density(x)
        with np.errstate(divide="ignore"):
            yes = np.logaddexp(np.log(real) + a, np.log(fake) + b)
            no = np.logaddexp(np.log1p(-real) + a, np.log1p(-fake) + b)
        return yes - no

    return logit


def value(p: Hills, q: Hills, logit: Logit) -> Value:
    """Return V = E_p log D + E_q log(1 − D) of the critic σ(logit), by quadrature.

    >>> round(value(normal(0, 1), normal(0, 1), lambda x: 0 * x).value, 10)
    -1.3862943611
    """

    def f(x: Array) -> Array:
        a = logit(x)
        yes, no = -np.logaddexp(0, -a), -np.logaddexp(0, a)
        return np.exp(p.log_density(x)) * yes + np.exp(q.log_density(x)) * no

    return integral(f, *reach(p, q))


def pull(p: Hills, q: Hills, x: Array, real: float = 1.0, fake: float = 0.0) -> Array:
    """Return d log D*/dx, by central differences."""
    logit, h = best_critic(p, q, real, fake), 1e-5
    log_d = [-np.logaddexp(0, -logit(x + s)) for s in (h, -h)]
    return (log_d[0] - log_d[1]) / (2 * h)


def train_critic(
    p: Hills, q: Hills, real: float, fake: float, steps: int, batch: int, seed: int
) -> Logit:
    """Return the logit of an MLP trained on fresh draws with the cost the games use."""
    import torch

    from counterplay.costs import saturating, smoothed
    from counterplay.game import seeded
    from counterplay.networks.mlp import MLP

    cost = smoothed(saturating, real, fake) if (real, fake) != (1, 0) else saturating
    with seeded(seed, "critic"):
        critic = MLP([1, 32, 32, 1], torch.nn.Tanh)
    rng = np.random.default_rng(seed)
    adam = torch.optim.Adam(critic.parameters(), lr=LEARNING_RATE)
    pace = torch.optim.lr_scheduler.LinearLR(adam, 1.0, 0.01, steps)
    for _ in range(steps):
        both = np.concatenate([p.sample(batch, rng), q.sample(batch, rng)])
        a, b = critic(torch.tensor(both, dtype=torch.float32)[:, None])[:, 0].split(batch)
        adam.zero_grad()
        cost.critic(a, b).backward()
        adam.step()
        pace.step()
    critic = critic.double()

    def logit(x: Array) -> Array:
        with torch.no_grad():
            return critic(torch.tensor(x)[:, None])[:, 0].numpy()

    return logit


@lru_cache(maxsize=4)
def _trained(given: Best) -> tuple[Hills, Hills, Logit]:
    inside("mean", given.mean, -6, 6)
    inside("std", given.std, 0.2, 5)
    inside("steps", given.steps, 1, 100_000)
    inside("batch", given.batch, 1, 100_000)
    p, q = normal(0, 1), normal(given.mean, given.std)
    return p, q, train_critic(p, q, 1, 0, given.steps, given.batch, given.seed)


def compute(given: Best) -> dict[str, Value]:
    """Return V at the best and at the trained critic, and what its ratio recovers."""
    p, q, trained = _trained(given)
    js = by_quadrature("js", p, q)
    found = value(p, q, trained)
    ratio = "trained critic, expectations by quadrature"
    return {
        "JS": js,
        "V(D*)": value(p, q, best_critic(p, q)),
        "V(trained critic)": Value(found.value, found.error, ratio),
        "JS from the trained critic": Value((found.value + math.log(4)) / 2, 0, ratio),
        "E_q exp(logit)": Value(_weighted(p, q, trained, 0), 0, ratio),
        "E_q x exp(logit)": Value(_weighted(p, q, trained, 1), 0, ratio),
    }


def checks(given: Best) -> list[Check]:
    """Return the formula three ways: quadrature, a trained critic, the ratio it recovers."""
    p, q, trained = _trained(given)
    told = -math.log(4) + 2 * float(by_quadrature("js", p, q).value)
    best, found = (float(value(p, q, f).value) for f in (best_critic(p, q), trained))
    reach_how = "trained critic against best critic"
    ratio = "trained critic's ratio as weights on q against p"
    return [
        Check("V(D*) = −log 4 + 2 JS", best, told, 1e-10, "E_p, E_q of log D* against KL to m"),
        Check("V(trained) is no more", found, best, 1e-10, reach_how, side="at most"),
        Check("V(trained) gets there", found, best, 0.01, reach_how),
        Check("D(trained) is p/(p + q)", _apart(p, q, trained), 0, 0.02, "rms under (p + q)/2"),
        Check("E_q p/q is 1", _weighted(p, q, trained, 0), 1, 0.1, ratio),
        Check("E_q x p/q is E_p x", _weighted(p, q, trained, 1), 0, 0.1, ratio),
    ]


def _weighted(p: Hills, q: Hills, logit: Logit, power: int) -> float:
    low, high, width = reach(p, q)
    f = integral(lambda x: np.exp(q.log_density(x) + logit(x)) * x**power, low, high, width)
    return float(f.value)


def _apart(p: Hills, q: Hills, logit: Logit, real: float = 1.0, fake: float = 0.0) -> float:
    exact = best_critic(p, q, real, fake)

    def f(x: Array) -> Array:
        gap = _chance(logit(x)) - _chance(exact(x))
        return gap**2 * (np.exp(p.log_density(x)) + np.exp(q.log_density(x))) / 2

    return math.sqrt(max(float(integral(f, *reach(p, q)).value), 0.0))


def _chance(logit: Array) -> Array:
    return np.exp(-np.logaddexp(0, -logit))


def figure(given: Best, blank: Figure) -> None:
    """Draw densities and critics, and the log ratio that the trained critic recovers."""
    p, q, trained = _trained(given)
    left, right = blank.subplots(1, 2)
    x = np.linspace(min(0, given.mean) - 3.5, max(0, given.mean) + 3.5, 400)
    _densities(left, x, p, q)
    exact = best_critic(p, q)
    left.plot(x, _chance(exact(x)), color=GREEN, label="D* = p/(p + q)")
    left.plot(x, _chance(trained(x)), color="black", linestyle="--", label="trained critic")
    js, found = by_quadrature("js", p, q).value, value(p, q, trained).value
    left.set_title(f"V(D*) = −log 4 + 2·{js:.4f} = {2 * js - math.log(4):.4f}; trained {found:.4f}")
    left.legend(loc="upper center", ncols=2)
    left.set(ylabel="density, and D(x)", ylim=(0, 1.3))
    right.plot(x, exact(x), color=GREEN, label="log p/q")
    right.plot(x, trained(x), color="black", linestyle="--", label="trained critic's logit")
    right.set(xlabel="x", ylabel="nats", ylim=(1.1 * exact(x).min(), 1.1 * exact(x).max()))
    right.set_title("the critic has learned the density ratio")
    right.legend()


def _densities(axes: Axes, x: Array, p: Hills, q: Hills) -> None:
    for law, colour, label in ((p, BLUE, "data p"), (q, RED, "model q")):
        y = np.exp(law.log_density(x))
        axes.fill_between(x, y, color=colour, alpha=0.25, label=label)
    axes.set_xlabel("x")


@dataclass(frozen=True)
class Smooth:
    """p = N(0, 1), q = N(mean, 1), and a critic that is taught α and β."""

    mean: float = 4.0
    """Mean of q."""
    real: float = 0.9
    """What the critic is taught on data: α."""
    fake: float = 0.1
    """What it is taught on generated examples, where both sides are smoothed: β."""
    steps: int = 600
    """Adam's steps of the trained critics."""
    seed: int = 0
    """Of weights and draws."""


def _smooth_laws(given: Smooth) -> tuple[Hills, Hills, dict[str, tuple[float, float]]]:
    inside("mean", given.mean, 0.5, 8)
    inside("real", given.real, 0.5, 1)
    inside("fake", given.fake, 0, 0.5)
    inside("steps", given.steps, 1, 100_000)
    targets = {
        "none": (1.0, 0.0),
        "one side": (given.real, 0.0),
        "both sides": (given.real, given.fake),
    }
    return normal(0, 1), normal(given.mean, 1), targets


@lru_cache(maxsize=4)
def _smooth_trained(given: Smooth) -> dict[str, Logit]:
    p, q, targets = _smooth_laws(given)
    return {
        name: train_critic(p, q, *target, given.steps, 512, given.seed)
        for name, target in targets.items()
    }


def compute_smooth(given: Smooth) -> dict[str, Value]:
    """Return D* and the generator's pull where q has its mass, for each smoothing."""
    p, q, targets = _smooth_laws(given)
    at = np.array([given.mean])
    found = {}
    for name, target in targets.items():
        d = _chance(best_critic(p, q, *target)(at))[0]
        found[f"{name}: D* at the mean of q"] = Value(float(d))
        slope = float(-pull(p, q, at, *target)[0])
        found[f"{name}: pull towards p there"] = Value(slope, 1e-8, "central difference")
    return found


def checks_smooth(given: Smooth) -> list[Check]:
    """Return each D* against a pointwise search and a trained critic, and the pulls' law."""
    p, q, targets = _smooth_laws(given)
    rows = []
    for name, target in targets.items():
        formula = _chance(best_critic(p, q, *target)(GRID * given.mean))
        searched = [_searched(p, q, x, *target) for x in GRID * given.mean]
        gap = float(np.abs(formula - searched).max())
        rows.append(Check(f"{name}: D*", gap, 0, 1e-6, "formula against a search at each x"))
        apart = _apart(p, q, _smooth_trained(given)[name], *target)
        rows.append(Check(f"{name}: trained", apart, 0, 0.02, "rms of trained D − D*"))
    plain, one, both = (pull(p, q, np.array([given.mean]), *t)[0] for t in targets.values())
    how = "d log D*/dx with against without smoothing"
    rows.append(Check("one side leaves the pull", float(one), float(plain), 1e-6, how))
    if given.fake > 0:
        weak = Check("both sides weaken it", abs(float(both)), abs(float(plain)), 0, how, "at most")
        rows.append(weak)
    return rows


GRID = np.array([-0.5, 0.0, 0.25, 0.5, 0.75, 1.0, 1.5])
"""Where D* is searched for, in units of q's mean."""


def _searched(p: Hills, q: Hills, x: float, real: float, fake: float) -> float:
    from scipy.optimize import minimize_scalar

    a, b = (float(np.exp(law.log_density(np.array([x])))[0]) for law in (p, q))
    yes, no = real * a + fake * b, (1 - real) * a + (1 - fake) * b
    total = yes + no

    def charge(logit: float) -> float:
        return (yes * np.logaddexp(0, -logit) + no * np.logaddexp(0, logit)) / total

    found = minimize_scalar(charge, bounds=(-40, 40), method="bounded", options={"xatol": 1e-10})
    return float(_chance(np.array(found.x)))  # pyright: ignore[reportAttributeAccessIssue]


def figure_smooth(given: Smooth, blank: Figure) -> None:
    """Draw the three best critics, and how each pulls a generated example."""
    p, q, targets = _smooth_laws(given)
    left, right = blank.subplots(1, 2)
    x = np.linspace(-3, given.mean + 3, 400)
    _densities(left, x, p, q)
    _densities(right, x, p, q)
    styles = zip(targets.items(), (GREY, OCHRE, PURPLE), ("-", "--", "-"), strict=True)
    for (name, target), colour, line in styles:
        label = f"{name}: α = {target[0]:g}, β = {target[1]:g}"
        exact, trained = best_critic(p, q, *target), _smooth_trained(given)[name]
        left.plot(x, _chance(exact(x)), color=colour, linestyle=line, label=label)
        left.plot(x[::25], _chance(trained(x[::25])), "o", color=colour, markersize=4)
        right.plot(x, -pull(p, q, x, *target), color=colour, linestyle=line, label=name)
    left.plot([], [], "o", color="black", markersize=4, label="trained critics")
    left.set(ylabel="density, and D(x)", ylim=(0, 1.45))
    left.set_title("D* = (αp + βq)/(p + q)")
    left.legend(loc="upper right", fontsize=8, ncols=2)
    right.set(ylabel="pull towards p: −d log D*/dx")
    right.set_title("smoothed on both sides, q is not pulled")
    right.legend(loc="upper left")


ITEMS: dict[str, Item] = {
    "optimal-critic": Item(
        name="optimal-critic",
        title="The best critic is p/(p + q), and the game's value there −log 4 + 2 JS",
        derivation="d/dD [p log D + q log(1 − D)] = p/D − q/(1 − D) = 0, so D* = p/(p + q)",
        parameters=Best,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(10.4, 4.2),
    ),
    "label-smoothing": Item(
        name="label-smoothing",
        title="Labels smoothed on one side and on both: the best critic and the generator's pull",
        derivation="(αp + βq)/D = ((1 − α)p + (1 − β)q)/(1 − D), so D* = (αp + βq)/(p + q)",
        parameters=Smooth,
        compute=compute_smooth,
        checks=checks_smooth,
        figure=figure_smooth,
        size=(10.4, 4.4),
    ),
}
