r"""A GAN is an actor and a critic in a world of one step (Pfau, Vinyals 2016, arXiv 1610.01945).

    generator G(z)          actor, action a = G(z) from the state z
    critic b(a)             Q(a), the value of the action
    −E b(G(z))              the actor's cost −E Q(a)
    its gradient            −E ∇_a Q(a) · ∂a/∂θ, the deterministic policy gradient

The two gradients are one and the same by the chain rule; where a generator's output is discrete
there is no ∂a/∂θ, and the score function E Q(a) ∇ log π(a) takes its place. What differs: the
critic cannot see rewards apart from its own judgement, and it is made to be fooled.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.figures import BLUE, RED
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from torch import Tensor, nn

__all__ = ["ITEMS", "Actor", "as_actor", "as_generator", "by_score"]

Array = NDArray[np.float64]

COSTS = ("wasserstein", "non_saturating", "saturating")


@dataclass(frozen=True)
class Actor:
    """An actor of the plane, and a critic that has been trained to tell its actions from data."""

    width: int = 32
    """Units of the hidden layers of both networks."""
    batch: int = 64
    """States z."""
    steps: int = 150
    """Steps of the critic's training."""
    draws: int = 200_000
    """Actions drawn for the score function."""
    seed: int = 0
    """Of weights and draws."""


@lru_cache(maxsize=2)
def _players(given: Actor) -> tuple[nn.Module, nn.Module, Tensor]:
    import torch
    from torch import nn

    from counterplay.costs import logistic_critic
    from counterplay.game import generator, seeded
    from counterplay.networks.mlp import MLP

    inside("width", given.width, 1, 1000)
    inside("batch", given.batch, 1, 10_000)
    inside("draws", given.draws, 1000, 10_000_000)
    with seeded(given.seed, "actor"):
        actor = MLP([2, given.width, 2], nn.Tanh).double()
        critic = MLP([2, given.width, given.width, 1], nn.Tanh).double()
    rng = generator(given.seed, "critic")
    adam = torch.optim.Adam(critic.parameters(), lr=1e-2)
    for _ in range(given.steps):
        data = torch.randn(256, 2, generator=rng, dtype=torch.float64) * 0.4 + 1.5
        z = torch.randn(256, 2, generator=rng, dtype=torch.float64)
        adam.zero_grad()
        logistic_critic(critic(data)[:, 0], critic(actor(z).detach())[:, 0]).backward()
        adam.step()
    z = torch.randn(given.batch, 2, generator=rng, dtype=torch.float64)
    return actor, critic, z


def as_generator(given: Actor, name: str) -> Array:
    """Return the gradient of the project's cost ``name`` in all of G's parameters, (P,)."""
    import torch

    from counterplay.costs import COSTS as TABLE

    actor, critic, z = _players(given)
    b = critic(actor(z))[:, 0]
    parts = torch.autograd.grad(TABLE[name].generator(b[:0], b), list(actor.parameters()))
    return torch.cat([part.flatten() for part in parts]).numpy()


def as_actor(given: Actor, name: str) -> Array:
    """Return −E ∇_a Q(a) · ∂a/∂θ, (P,), from the critic's slope and the actor's Jacobian apart.

    Q is −cost of the critic's logit: b itself, log D or −log(1 − D).
    """
    import torch
    from torch.func import functional_call, jacrev, vmap

    from counterplay.costs import COSTS as TABLE

    actor, critic, z = _players(given)
    a = actor(z).detach().requires_grad_()
    b = critic(a)[:, 0]
    # The cost is a mean over the batch: N times its slope in one action is that action's own.
    (slope,) = torch.autograd.grad(-TABLE[name].generator(b[:0], b) * len(z), a)
    parameters = {k: v.detach() for k, v in actor.named_parameters()}
    jacobian = vmap(jacrev(lambda p, one: functional_call(actor, p, (one,))), (None, 0))
    parts = [
        -torch.einsum("na,na...->n...", slope, j).mean(0).flatten()
        for j in jacobian(parameters, z).values()
    ]
    return torch.cat(parts).numpy()


def by_score(given: Actor) -> tuple[Array, Array, Array]:
    """Return the policy gradient of a discrete generator: exact, by draws, four standard errors.

    Five symbols, π = softmax(logits), Q = log D of each; the gradient is in the logits, (5,).
    """
    rng = np.random.default_rng(given.seed)
    logits, q = rng.standard_normal(5), -np.logaddexp(0, -2 * rng.standard_normal(5))
    chance = np.exp(logits) / np.exp(logits).sum()
    exact = chance * (q - chance @ q)
    action = rng.choice(5, given.draws, p=chance)
    each = (q[action] - chance @ q)[:, None] * (np.eye(5)[action] - chance)
    return exact, each.mean(0), 4 * each.std(0) / given.draws**0.5


def compute(given: Actor) -> dict[str, Value]:
    """Return the norms of the gradients, and how far the two forms are apart."""
    found = {}
    for name in COSTS:
        one, other = as_generator(given, name), as_actor(given, name)
        found[f"{name}: gradient's norm"] = Value(float(np.linalg.norm(one)), 0, "through D(G(z))")
        found[f"{name}: policy gradient's norm"] = Value(
            float(np.linalg.norm(other)), 0, "slope of Q times Jacobian of the actor"
        )
    _, drawn, error = by_score(given)
    found["score function, 5 symbols"] = Value(drawn, float(error.max()), f"{given.draws} draws")
    return found


def checks(given: Actor) -> list[Check]:
    """Return the generator's gradient against the actor's, for each cost."""
    rows = []
    for name in COSTS:
        gap = np.abs(as_generator(given, name) - as_actor(given, name)).max()
        how = "backward through D(G(z)) − deterministic policy gradient"
        rows.append(Check(f"{name}: largest difference", float(gap), 0, 1e-12, how))
    exact, drawn, error = by_score(given)
    worst = int(np.argmax(np.abs(drawn - exact) / error))
    how = "score function against exact, four standard errors"
    rows.append(Check("discrete", drawn[worst], exact[worst], float(error[worst]), how))
    return rows


def figure(given: Actor, blank: Figure) -> None:
    """Draw the critic's landscape, the actions, and where its slope sends them."""
    import torch

    actor, critic, z = _players(given)
    axes = blank.subplots()
    a = actor(z).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(a).sum(), a)
    points = a.detach().numpy()
    low, high = np.minimum(points.min(0), 0) - 0.7, np.maximum(points.max(0), 2.5) + 0.7
    x, y = (np.linspace(low[i], high[i], 80) for i in (0, 1))
    plane = torch.tensor(np.stack(np.meshgrid(x, y), -1).reshape(-1, 2))
    with torch.no_grad():
        level = critic(plane)[:, 0].numpy().reshape(80, 80)
    hills = axes.contourf(x, y, level, 18, cmap="Greys_r", alpha=0.75)
    blank.colorbar(hills, ax=axes, label="Q(a): the critic's logit")
    rng = np.random.default_rng(given.seed)
    data = 1.5 + 0.4 * rng.standard_normal((150, 2))
    axes.plot(*data.T, ".", color=BLUE, markersize=4, label="data")
    axes.plot(*points.T, "o", color=RED, markersize=4, label="actions a = G(z)")
    arrows = slope.numpy()
    axes.quiver(*points.T, *arrows.T, color=RED, width=0.004, alpha=0.8)
    axes.set(xlabel="a₁", ylabel="a₂", xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    axes.set_title("the actor climbs the critic: arrows are dQ/da")
    axes.legend(loc="lower left", frameon=True)


ITEMS: dict[str, Item] = {
    "gan-actor-critic": Item(
        name="gan-actor-critic",
        title="A GAN as actor and critic: the two gradients are one",
        derivation="∇_θ E Q(G(z)) = E ∇_a Q(a) ∂a/∂θ at a = G(z), as for a policy",
        parameters=Actor,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(7.4, 5.0),
    )
}
