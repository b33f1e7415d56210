r"""Vanishing gradients: freeze the generator, train the critic on, and watch what reaches it.

A GAN is trained on small pictures of digits (the 1797 of scikit-learn, 64 pixels) for 1, 10 and 25
epochs. Then the generator stands still, a new critic is trained against it, and the norm of the
generator's gradient is taken after each few steps:

    saturating       ∇ E log(1 − D(G(z))) = −E D ∇b      D → 0 on samples, and with it the gradient
    non-saturating   ∇ E −log D(G(z)) = −E (1 − D) ∇b    stays, and grows with the critic's slope
    Wasserstein      −E ∇b of a critic held to slope 1   stays as it is

b is the critic's output. Towards Principled Methods for Training Generative Adversarial Networks
(Arjovsky, Bottou 2017, arXiv 1701.04862), figures 2 and 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.figures import BLUE, GREEN, RED
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from torch import Tensor, nn

__all__ = ["ITEMS", "Vanishing", "norms"]

Array = NDArray[np.float64]

COSTS = ("saturating", "non_saturating", "wasserstein")
LATENT, BATCH, PENALTY = 16, 64, 10.0


@dataclass(frozen=True)
class Vanishing:
    """When the generator is frozen, and how long the new critic is trained."""

    epochs: tuple[int, ...] = (1, 10, 25)
    """Epochs of training after which the generator is frozen."""
    steps: int = 300
    """Steps of each new critic."""
    look: int = 10
    """Steps between two looks at the gradient."""
    seed: int = 0
    """Of weights, noise and order."""


def _digits() -> Tensor:
    import torch
    from sklearn.datasets import load_digits

    return torch.tensor(np.asarray(load_digits(return_X_y=True)[0]), dtype=torch.float32) / 8 - 1


def _networks(seed: int, *words: object) -> tuple[nn.Module, nn.Module]:
    from torch import nn

    from counterplay.game import seeded
    from counterplay.networks.mlp import MLP

    with seeded(seed, *words):
        maker = nn.Sequential(MLP([LATENT, 128, 128, 64]), nn.Tanh())
        return maker, MLP([64, 128, 128, 1], lambda: nn.LeakyReLU(0.2))


def _frozen(given: Vanishing, data: Tensor) -> dict[int, nn.Module]:
    """Return copies of the generator as it was after each of the asked epochs."""
    import copy

    import torch

    from counterplay.costs import non_saturating
    from counterplay.game import generator

    maker, critic = _networks(given.seed, "game")
    rng = generator(given.seed, "game")
    movers = [
        torch.optim.Adam(m.parameters(), lr=5e-4, betas=(0.5, 0.999)) for m in (critic, maker)
    ]
    kept = {}
    for epoch in range(1, max(given.epochs) + 1):
        for rows in torch.randperm(len(data), generator=rng).split(BATCH)[:-1]:
            z = torch.randn(BATCH, LATENT, generator=rng)
            a, b = critic(torch.cat([data[rows], maker(z).detach()]))[:, 0].split(BATCH)
            _move(movers[0], non_saturating.critic(a, b))
            _move(movers[1], non_saturating.generator(a[:0], critic(maker(z))[:, 0]))
        if epoch in given.epochs:
            kept[epoch] = copy.deepcopy(maker)
    return kept


def _move(mover: Any, cost: Tensor) -> None:
    mover.zero_grad()
    cost.backward()
    mover.step()


def _trained_on(
    given: Vanishing, data: Tensor, maker: nn.Module, name: str
) -> dict[str, list[float]]:
    """Train a new critic against ``maker`` and return the norms of the costs it can judge."""
    import torch

    from counterplay.costs import COSTS as TABLE
    from counterplay.game import Batch, Round, generator
    from counterplay.penalties import gradient_penalty
    from counterplay.views import Noise

    wasserstein = name == "wasserstein"
    judged = [name] if wasserstein else ["saturating", "non_saturating"]
    _, critic = _networks(given.seed, "new critic")
    mover = torch.optim.Adam(critic.parameters(), lr=1e-3, betas=(0.5, 0.9))
    rng = generator(given.seed, "on", name)
    probe = torch.randn(256, LATENT, generator=generator(given.seed, "probe"))
    found: dict[str, list[float]] = {one: [] for one in judged}
    for step in range(given.steps + 1):
        if step % given.look == 0:
            for one in judged:
                found[one].append(
                    float(gradient(TABLE[one].generator, critic, maker, probe).norm())
                )
        x = data[torch.randint(len(data), (BATCH,), generator=rng)]
        y = maker(torch.randn(BATCH, LATENT, generator=rng)).detach()
        a, b = critic(torch.cat([x, y]))[:, 0].split(BATCH)
        cost = TABLE[name].critic(a, b)
        if wasserstein:
            noise = Noise(Round(Batch(x), step, given.seed), "penalty")
            cost = cost + PENALTY * gradient_penalty(lambda v: critic(v)[:, 0], x, y, noise)
        _move(mover, cost)
    return found


def gradient(cost: Any, critic: nn.Module, maker: nn.Module, z: Tensor) -> Tensor:
    """Return the gradient of a generator's cost in the maker's parameters, as one vector."""
    import torch

    verdict = critic(maker(z))[:, 0]
    parts = torch.autograd.grad(cost(verdict[:0], verdict), list(maker.parameters()))
    return torch.cat([part.flatten() for part in parts]).detach()


@lru_cache(maxsize=2)
def norms(given: Vanishing) -> dict[tuple[int, str], list[float]]:
    """Return the gradient's norm at each look, by (epochs of the generator, cost)."""
    for epochs in given.epochs:
        inside("epochs", epochs, 1, 1000)
    inside("steps", given.steps, 1, 100_000)
    inside("look", given.look, 1, given.steps)
    data = _digits()
    found = {}
    for epochs, maker in _frozen(given, data).items():
        for name in ("saturating", "wasserstein"):
            for cost, path in _trained_on(given, data, maker, name).items():
                found[epochs, cost] = path
    return found


def compute(given: Vanishing) -> dict[str, Value]:
    """Return the norms at the start and at the end."""
    how = f"first and last of {given.steps // given.look + 1} looks"
    return {
        f"{epochs} epochs, {cost}": Value(np.array([path[0], path[-1]]), 0, how)
        for (epochs, cost), path in norms(given).items()
    }


def checks(given: Vanishing) -> list[Check]:
    """Return how much weaker the saturating gradient is than the others, and a gradient by hand."""
    found = norms(given)
    rows = [_by_hand(given)]
    for epochs in dict.fromkeys(given.epochs):
        weak, strong = (found[epochs, cost][-1] for cost in COSTS[:2])
        how = "last looks: saturating/non-saturating, a tenth"
        when = f"{epochs} epochs"
        rows.append(Check(f"{when}: saturating vanishes", weak / strong, 0.1, 0, how, "at most"))
        for cost in COSTS[1:]:
            left = _left(found[epochs, cost])
            how = "last look/largest, a tenth"
            rows.append(Check(f"{when}: {cost} stays", left, 0.1, 0, how, "at least"))
    return rows


def _left(path: list[float]) -> float:
    return path[-1] / max(path)


def _by_hand(given: Vanishing) -> Check:
    import torch

    from counterplay.costs import saturating
    from counterplay.game import generator

    maker, critic = _networks(given.seed, "by hand")
    z = torch.randn(64, LATENT, generator=generator(given.seed, "by hand"))
    automatic = gradient(saturating.generator, critic, maker, z)
    verdict = critic(maker(z))[:, 0]
    weights = -torch.sigmoid(verdict.detach())
    by_hand = gradient(lambda a, b: (weights * b).mean(), critic, maker, z)
    gap = float((automatic - by_hand).abs().max())
    return Check("saturating gradient", gap, 0, 1e-6, "automatic against −E D ∇b")


def figure(given: Vanishing, blank: Figure) -> None:
    """Draw the norms on a logarithmic axis, a panel for each cost."""
    found = norms(given)
    words = {
        "saturating": "saturating: falls away",
        "non_saturating": "non-saturating: grows",
        "wasserstein": "Wasserstein: steady",
    }
    panels = blank.subplots(1, 3, sharey=True)
    colours = (RED, BLUE, GREEN)
    for axes, cost in zip(panels, COSTS, strict=True):
        for i, epochs in enumerate(dict.fromkeys(given.epochs)):
            path = found[epochs, cost]
            steps = given.look * np.arange(len(path))
            plural = "epoch" if epochs == 1 else "epochs"
            axes.plot(steps, path, color=colours[i % 3], label=f"G after {epochs} {plural}")
        axes.set(yscale="log", xlabel="steps of the critic, G frozen")
        axes.set_title(words[cost])
    panels[0].set_ylabel("norm of the generator's gradient")
    panels[0].legend()


ITEMS: dict[str, Item] = {
    "vanishing-gradients": Item(
        name="vanishing-gradients",
        title="The generator frozen, the critic trained on: whose gradient vanishes",
        derivation="∇E log(1 − D) = −E D ∇b: as D(G(z)) → 0 so does it; −E (1 − D) ∇b does not",
        parameters=Vanishing,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(11.0, 4.0),
    )
}
