r"""Fictitious play on a GAN: a critic that remembers every generator.

The data p live on n places; a generator that has collapsed puts all its mass on one place at a
time. Each round the critic answers q exactly, D(x) = p(x)/(p(x) + q(x)), and the next generator
goes to where D is largest, its best response to the saturating and to the non-saturating cost.

    without history   q = the last generator: it runs from place to place for ever, and
                      JSD(p, q) = JSD(p, δ) never falls
    with history      q = the average of all generators so far: their mixture converges to p,
                      every place's share within b/T of p's, b = max(1, (n − 1) max p)

With c_i visits to place i in T rounds, argmax p/(p + q) is argmax p/c: seats given to parties one
by one, by Adams' method. When j is visited for the last time p_j/(c_j − 1) ≥ p_i/c_i for every i.
Over all i that gives c_j ≤ T p_j + 1, over all j ≠ i it gives c_i ≥ p_i (T − n + 1): hence b. And
JSD ≤ ½ ln 2 · Σ (p − q)²/(p + q) (Topsøe 2000), so that JSD(p, q) ≤ ½ ln 2 · Σ (b/T)²/p.

The second part trains it: a two-layer critic on samples, and a generator of one place on the line;
the critic's fakes come from the last generator or from all of its history. Generative Adversarial
Nets (Goodfellow et al. 2014, arXiv 1406.2661); Fictitious GAN (Ge et al. 2018, arXiv 1803.08647).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.figures import BLUE, GREY, RED
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from torch import Tensor, nn

__all__ = ["ITEMS", "History", "chase", "jsd", "train_chase"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class History:
    """A generator of one place against a critic, with and without a history of generators."""

    places: int = 8
    """Number of places n on which the data live."""
    tilt: float = 0.5
    """How unequal the places are: p(x) ∝ 1 + tilt · x/(n − 1)."""
    rounds: int = 64
    """Rounds T."""
    trained: int = 30
    """Rounds of the part with a trained critic, no fewer than places."""
    seed: int = 0
    """Of the trained critic."""


def data(p: History) -> Array:
    """Return the data's law, (n,)."""
    weights = 1 + p.tilt * np.arange(p.places) / (p.places - 1)
    return weights / weights.sum()


def jsd(p: Array, q: Array) -> float:
    """Return the Jensen–Shannon divergence in nats.

    >>> round(jsd(np.array([1.0, 0.0]), np.array([0.0, 1.0])), 10) == round(math.log(2), 10)
    True
    """

    def kl(a: Array, b: Array) -> float:
        on = a > 0
        return float((a[on] * np.log(a[on] / b[on])).sum())

    return (kl(p, (p + q) / 2) + kl(q, (p + q) / 2)) / 2


def chase(p: Array, rounds: int, remembers: bool) -> Array:
    """Return the places that the generator goes to, int (rounds,), starting at the first.

    >>> chase(np.array([0.5, 0.5]), 4, remembers=False).tolist()
    [0, 1, 0, 1]
    """
    counts, places = np.zeros(len(p)), [0]
    for t in range(1, rounds):
        counts[places[-1]] += 1
        q = counts / t if remembers else np.eye(len(p))[places[-1]]
        places.append(int((p / (p + q)).argmax()))
    return np.array(places)


def train_chase(p: History, remembers: bool) -> Array:
    """Return where a trained critic sends the generator, (trained,), on the line.

    Each round a network is trained to tell samples of p from samples of the last generator, or of
    all so far, both blurred by N(0, 0.15²); the generator then moves to the critic's highest point.
    """
    import torch

    from counterplay.game import generator

    law = torch.tensor(data(p))
    grid = torch.linspace(-0.5, p.places - 0.5, 24 * p.places)
    went = [0.0]
    for t in range(1, p.trained):
        rng = generator(p.seed, t)
        real = torch.multinomial(law, 512, replacement=True, generator=rng).float()
        past = torch.tensor(went if remembers else went[-1:])
        fake = past[torch.randint(len(past), (512,), generator=rng)]
        real, fake = (x + 0.15 * torch.randn(512, generator=rng) for x in (real, fake))
        critic = _critic(p, real, fake)
        with torch.no_grad():
            went.append(float(grid[critic(_seen(grid, p.places)).argmax()]))
    return np.array(went)


def _critic(p: History, real: Tensor, fake: Tensor) -> nn.Module:
    import torch

    from counterplay.costs import non_saturating
    from counterplay.game import seeded
    from counterplay.networks.mlp import MLP

    a, b = _seen(real, p.places), _seen(fake, p.places)
    with seeded(p.seed):
        critic = MLP([a.shape[1], 32, 1])
    adam = torch.optim.Adam(critic.parameters(), lr=2e-2)
    for _ in range(60):
        adam.zero_grad()
        non_saturating.critic(critic(a)[:, 0], critic(b)[:, 0]).backward()
        adam.step()
    return critic


def _seen(x: Tensor, places: int) -> Tensor:
    """Return bumps along the line, which let a small network have many hills: (N, 2n + 1)."""
    import torch

    centres = torch.linspace(-0.5, places - 0.5, 2 * places + 1)
    return torch.exp(-0.5 * ((x[:, None] - centres) / 0.35) ** 2)


@lru_cache(maxsize=4)
def _chases(p: History) -> dict[bool, tuple[Array, Array]]:
    """Return remembers -> (places by exact critics, places by trained critics)."""
    inside("places", p.places, 2, 32)
    inside("tilt", p.tilt, 0, 5)
    inside("rounds", p.rounds, 8, 5000)
    inside("trained", p.trained, max(4, p.places), 500)
    return {r: (chase(data(p), p.rounds, r), train_chase(p, r)) for r in (False, True)}


def _distances(p: History, remembers: bool) -> Array:
    """Return JSD(p, what the critic faces) after each round."""
    places, law = _chases(p)[remembers][0], data(p)
    if not remembers:
        return np.array([jsd(law, np.eye(p.places)[i]) for i in places])
    return np.array([jsd(law, _mixture(places[: t + 1], p.places)) for t in range(p.rounds)])


def _mixture(places: Array, n: int) -> Array:
    return np.bincount(np.clip(np.rint(places), 0, n - 1).astype(int), minlength=n) / len(places)


def _worst(p: History) -> float:
    mixture = _mixture(_chases(p)[True][0], p.places)
    return float(np.abs(mixture - data(p)).max() * p.rounds)


def compute(p: History) -> dict[str, Value]:
    """Return how far what the critic faces is from the data, with and without a history."""
    law, tail = data(p), slice(p.trained // 2, None)
    return {
        "JSD without history": Value(_distances(p, False)[-1], 0, "last round, exact critic"),
        "JSD with history": Value(_distances(p, True)[-1], 0, "last round, exact critic"),
        "T · largest difference of a share": Value(_worst(p), 0, "mixture against p"),
        "trained: mean step without history": Value(
            _restless(_chases(p)[False][1][tail]), 0, "trained critics"
        ),
        "trained: JSD of the history": Value(
            jsd(law, _mixture(_chases(p)[True][1], p.places)), 0, "trained critics"
        ),
    }


def _most(law: Array) -> float:
    """Return b, of which T · |share − p| is no more anywhere."""
    return max(1.0, (len(law) - 1) * float(law.max()))


def checks(p: History) -> list[Check]:
    """Return the plays against what they must do."""
    law = data(p)
    b = _most(law)
    near = math.log(2) / 2 * float(((b / p.rounds) ** 2 / law).sum())
    alone, memory = _distances(p, False), _distances(p, True)
    point = [math.log(2) + (a * math.log(a) - (1 + a) * math.log(1 + a)) / 2 for a in law]
    last = point[_chases(p)[False][0][-1]]
    trained = jsd(law, _mixture(_chases(p)[True][1], p.places))
    how = "sum against ln 2 + (p ln p − (1 + p) ln (1 + p))/2"
    bound = "play against ½ ln 2 · Σ (b/T)²/p"
    quarter = "trained critics against a quarter of any point's"
    return [
        Check("a mixture's share, times T", _worst(p), b, 1e-9, "play against b", "at most"),
        Check("JSD without history", alone[-1], last, 1e-12, how),
        Check("lowest JSD without history", min(alone), min(point), 1e-12, how, "at least"),
        Check("JSD with history", memory[-1], near, 1e-12, bound, "at most"),
        Check("trained: JSD with history", trained, min(point) / 4, 0, quarter, "at most"),
    ]


def _restless(places: Array) -> float:
    return float(np.abs(np.diff(places)).mean())


def figure(p: History, blank: Figure) -> None:
    """Draw where the generator goes, exact and trained, and how far the critic's fakes are."""
    panels = blank.subplots(2, 2, width_ratios=[1, 1], sharey="col")
    for row, (remembers, colour) in zip(panels, ((False, RED), (True, BLUE)), strict=True):
        said = "critic against all generators so far" if remembers else "critic against the last"
        _steps(row[0], p, remembers, colour, said)
        row[1].plot(np.arange(1, p.rounds + 1), _distances(p, remembers), color=colour)
        row[1].set(yscale="log", ylabel="JSD(p, q) in nats")
        row[1].set_title("falls: the mixture becomes p" if remembers else "never falls: it cycles")
    for axes in panels[-1]:
        axes.set_xlabel("round")


def _steps(axes: Axes, p: History, remembers: bool, colour: str, said: str) -> None:
    exact, trained = _chases(p)[remembers]
    axes.plot(np.arange(1, len(exact) + 1), exact, ".-", color=colour, linewidth=0.6, label="exact")
    axes.plot(np.arange(1, len(trained) + 1), trained, "x", color=GREY, label="trained")
    axes.set_ylabel("generator's place")
    axes.set_title(said)
    axes.set_ylim(-1, 1.35 * p.places)
    axes.legend(loc="upper right", ncols=2)


ITEMS: dict[str, Item] = {
    "fictitious-gan": Item(
        name="fictitious-gan",
        title="A GAN with a history of generators: the cycle ends, the mixture becomes the data",
        derivation="G goes to argmax p/(p + q); with q the average of past generators, q → p",
        parameters=History,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(9.6, 5.2),
    )
}
