r"""Kantorovich–Rubinstein by a trained critic, held to slope 1 in the three usual ways.

    W₁(p, q) = max E_p f − E_q f   over f of Lipschitz constant at most 1.

For any critic whatever, (E_p f − E_q f)/Lip(f) ≤ W₁: the number a critic gives depends on how it
is held, and its number divided by its own slope shows how good its shape is.

    clipping         every weight in [−c, c]            Wasserstein GAN (Arjovsky et al. 2017,
                                                        arXiv 1701.07875)
    penalty          λ E (‖∇f‖ − 1)²                    Improved Training of Wasserstein GANs
                                                        (Gulrajani et al. 2017, arXiv 1704.00028)
    spectral norm    each layer divided by its largest  Spectral Normalization for GANs (Miyato et
                     singular value                     al. 2018, arXiv 1802.05957)

A clipped critic of L layers, h units wide, has a slope of at most c^L h^(L−1): at the usual
c = 0.01 a thousandth, and the distance comes out as small. Spectral norm keeps the slope below 1,
but a ReLU layer that bends wastes part of it (Sorting out Lipschitz function approximation, Anil
et al. 2018, arXiv 1811.05381).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.figures import BLUE, GREEN, GREY, OCHRE, PURPLE, RED
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from torch import Tensor, nn

__all__ = ["ITEMS", "Critics", "Trained", "points", "train_critic"]

Array = NDArray[np.float64]

CLIPS = (0.01, 0.03, 0.1, 0.3, 1.0)
"""Clipping constants of the figure, besides the one that is asked for."""


@dataclass(frozen=True)
class Critics:
    """Critics of three layers between two hills and one hill, on the line."""

    distance: float = 2.0
    """Distance of each of p's two hills from q's only one, at 0."""
    clip: float = 0.01
    """Clipping constant c."""
    penalty: float = 10.0
    """Weight λ of the gradient penalty."""
    width: int = 32
    """Units h of each of the two hidden layers."""
    steps: int = 600
    """Steps of Adam."""
    seed: int = 0
    """Of the weights and of the penalty's points."""


class Trained(NamedTuple):
    """A trained critic: its values on p's and q's points, its slope between them, its curve."""

    gain: float
    slope: float
    curve: Array

    @property
    def best(self) -> float:
        """Return (E_p f − E_q f)/Lip(f), a lower bound of W₁."""
        return self.gain / self.slope


def points(p: Critics) -> tuple[Array, Array]:
    """Return the (n,) points of p and of q: quantiles, so that nothing is left to chance.

    >>> a, b = points(Critics(distance=2.0))
    >>> round(float(np.abs(np.sort(a) - np.sort(b)).mean()), 3)
    1.691
    """
    from scipy.stats import norm

    n = 128
    hill = 0.4 * norm.ppf((np.arange(n) + 0.5) / n)
    return np.concatenate([hill[::2] - p.distance, hill[1::2] + p.distance]), hill


def train_critic(p: Critics, way: str, clip: float = 0.0) -> Trained:
    """Return a critic trained on all points at once, held by ``way``, a key of :data:`WAYS`."""
    import torch

    from counterplay.game import generator, seeded
    from counterplay.networks.mlp import MLP

    a, b = (torch.tensor(x, dtype=torch.float32)[:, None] for x in points(p))
    with seeded(p.seed, way):
        critic = MLP([1, p.width, p.width, 1])
    prepare, charge, after = WAYS[way](p, clip)
    prepare(critic)
    rng = generator(p.seed, "penalty")
    adam = torch.optim.Adam(critic.parameters(), lr=1e-2, betas=(0.5, 0.9))
    for step in range(p.steps):
        adam.param_groups[0]["lr"] = 1e-2 * (1 - step / p.steps)
        adam.zero_grad()
        share = torch.rand(len(a), generator=rng)
        (critic(b).mean() - critic(a).mean() + charge(critic, a, b, share)).backward()
        adam.step()
        after(critic)
    return _measured(critic.eval(), a, b)


Way = tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]


def _clipped(p: Critics, clip: float) -> Way:
    def clamp(critic: nn.Module) -> None:
        for weight in critic.parameters():
            weight.data.clamp_(-clip, clip)

    return clamp, _free, clamp


def _penalised(p: Critics, clip: float) -> Way:
    def charge(critic: nn.Module, a: Tensor, b: Tensor, share: Tensor) -> Tensor:
        from counterplay.penalties import gradient_norms, interpolate

        norms = gradient_norms(lambda x: critic(x)[:, 0], interpolate(a, b, share))
        return p.penalty * (norms - 1).square().mean()

    return _nothing, charge, _nothing


def _normalised(p: Critics, clip: float) -> Way:
    def prepare(critic: nn.Module) -> None:
        from torch.nn.utils.parametrizations import spectral_norm

        for layer in critic:  # pyright: ignore[reportGeneralTypeIssues]
            if "weight" in dict(layer.named_parameters()):
                spectral_norm(layer, n_power_iterations=3)

    return prepare, _free, _nothing


WAYS: dict[str, Callable[[Critics, float], Way]] = {
    "clipping": _clipped,
    "penalty": _penalised,
    "spectral norm": _normalised,
}
"""How a critic is held: what is done to it at first, what it pays, what is done after a step."""


def _nothing(critic: nn.Module) -> None:
    pass


def _free(*_: Any) -> float:
    return 0.0


def _measured(critic: nn.Module, a: Tensor, b: Tensor) -> Trained:
    import torch

    with torch.no_grad():
        # W₁ between these points sees f at these points alone, so its slope is taken there.
        x, _ = torch.cat([a, b]).double().sort(0)
        critic = critic.double()
        f, on = critic(x)[:, 0], critic(torch.tensor(_line(), dtype=torch.float64)[:, None])
        slope = (f.diff() / x[:, 0].diff()).abs().max()
        gain = critic(a.double()).mean() - critic(b.double()).mean()
        return Trained(float(gain), float(slope), on[:, 0].numpy())


def _line() -> Array:
    return np.linspace(-4, 4, 401)


@lru_cache(maxsize=4)
def _all(p: Critics) -> tuple[float, dict[str, Trained], dict[float, Trained]]:
    inside("distance", p.distance, 0.1, 3)
    inside("clip", p.clip, 1e-4, 10)
    inside("penalty", p.penalty, 0.01, 1e4)
    inside("width", p.width, 1, 512)
    inside("steps", p.steps, 1, 20_000)
    a, b = points(p)
    exact = float(np.abs(np.sort(a) - np.sort(b)).mean())
    clips = {c: train_critic(p, "clipping", c) for c in sorted({*CLIPS, p.clip})}
    ways = {way: train_critic(p, way) for way in WAYS if way != "clipping"}
    return exact, {"clipping": clips[p.clip], **ways}, clips


def compute(p: Critics) -> dict[str, Value]:
    """Return W₁, and for each way the critic's number, its slope, and their quotient."""
    exact, ways, _ = _all(p)
    found = {"W₁": Value(exact, 0, "sorted points")}
    for way, critic in ways.items():
        found[f"{way}: E_p f − E_q f"] = Value(critic.gain, 0, "trained critic")
        found[f"{way}: Lip(f)"] = Value(critic.slope, 0, "largest slope between points")
        found[f"{way}: quotient"] = Value(critic.best, 0, "a lower bound of W₁")
    return found


def checks(p: Critics) -> list[Check]:
    """Return each way against the exact value."""
    exact, ways, _ = _all(p)
    clipped = ways["clipping"]
    cap = p.clip**3 * p.width**2
    how = "trained critic against sorted points"
    bounds = [
        Check(f"{way}: quotient", c.best, exact, 1e-9, how, side="at most")
        for way, c in ways.items()
    ]
    reached = [
        Check(f"{way}: reached", ways[way].best, exact, share * exact, how)
        for way, share in (("penalty", 0.15), ("spectral norm", 0.25))
    ]
    return [
        *bounds,
        *reached,
        Check("spectral norm", ways["spectral norm"].gain, exact, 1e-3, how, side="at most"),
        Check("clipping", clipped.gain, cap * exact, 1e-9, "critic against c³h²W₁", "at most"),
    ]


def figure(p: Critics, blank: Figure) -> None:
    """Draw the critics over the two laws, and the clipped critic's number against c."""
    exact, ways, clips = _all(p)
    left, right = blank.subplots(1, 2, width_ratios=[1.25, 1])
    _curves(left, p, exact, ways)
    c = list(clips)
    right.axhline(exact, color=GREY, linestyle="--")
    right.text(c[0], exact * 1.15, "exact W₁", color=GREY)
    right.plot(c, [t.gain for t in clips.values()], "o-", color=RED, label="what the critic says")
    right.plot(c, [t.best for t in clips.values()], "s-", color=OCHRE, label="divided by its slope")
    right.set(xscale="log", yscale="log", xlabel="clipping constant c", ylabel="E_p f − E_q f")
    right.set_title("a clipped critic's number is the clip's")
    right.legend(loc="lower right")


def _curves(axes: Axes, p: Critics, exact: float, ways: dict[str, Trained]) -> None:
    x, (a, b) = _line(), points(p)
    best = np.minimum(np.abs(x), 2 * p.distance)
    axes.plot(x, best - best.mean(), color="black", linestyle="--", label="exact: slope ±1")
    for (way, critic), colour in zip(ways.items(), (RED, GREEN, PURPLE), strict=True):
        name = f"{way}, c = {p.clip:g}" if way == "clipping" else way
        label = f"{name}: {critic.gain:.2g}"
        axes.plot(x, critic.curve - critic.curve.mean(), color=colour, label=label)
    floor = axes.get_ylim()[0] - 0.2
    axes.plot(a, np.full_like(a, floor), "|", color=BLUE, alpha=0.5)
    axes.plot(b, np.full_like(b, floor - 0.25), "|", color=RED, alpha=0.5)
    axes.text(-4, floor - 0.08, "data p", color=BLUE, fontsize=9)
    axes.text(-4, floor - 0.4, "model q", color=RED, fontsize=9)
    axes.set(xlabel="x", ylabel="critic f(x)")
    axes.set_title(f"critics, and the distance each tells (exact: {exact:.2f})")
    axes.legend(loc="upper center")


ITEMS: dict[str, Item] = {
    "critic-slopes": Item(
        name="critic-slopes",
        title="Kantorovich–Rubinstein by a critic: clipping, gradient penalty and spectral norm",
        derivation="W₁ = max over ‖f‖_Lip ≤ 1 of E_p f − E_q f, so (E_p f − E_q f)/Lip(f) ≤ W₁",
        parameters=Critics,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(9.6, 4.2),
    )
}
