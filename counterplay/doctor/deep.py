r"""A closer look, for minutes and on demand: what the signals of a check-up cannot afford.

Notation: w = (θ_1, …, θ_k), v(w) = (∂L_1/∂θ_1, …, ∂L_k/∂θ_k) on one fixed round, J = ∂v/∂w,
S = ½(J + Jᵀ), A = ½(J − Jᵀ).

    fresh/divergence   ln 2 − ℓ, ℓ the held-out logistic loss of a freshly trained critic: a lower
                       bound of the Jensen-Shannon divergence, in nats, at most ln 2. Unlike the
                       game's own critic it has no history with these samples
    game/rotation      ‖A v‖² / (‖A v‖² + ‖S v‖²): 1 where the play only turns, 0 where it descends.
                       The Mechanics of n-Player Differentiable Games (Balduzzi et al. 2018,
                       arXiv 1802.05642). It describes; near an equilibrium a healthy game turns too
    game/real, /imaginary   of the eigenvalue of J of largest size: descent is stable where the real
                       part is positive, slow where the imaginary one is large beside it. The
                       Numerics of GANs (Mescheder et al. 2017, arXiv 1705.10461)
    path/…             along the line from one checkpoint to another: each player's cost, and the
                       cosine of v with the line, which has a bump and changes its sign where the
                       play turns. A Closer Look at the Optimization Landscapes of GANs (Berard et
                       al. 2020, arXiv 1906.04848)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from scipy.sparse.linalg import ArpackError, ArpackNoConvergence, LinearOperator, eigs
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as logistic

from counterplay.game import Game, Round, generator, seeded, still

__all__ = ["along", "eigenvalue", "field", "fresh_critic", "products", "rotation"]

Product = Callable[[Tensor], Tensor]


def fresh_critic(
    real: Tensor, made: Tensor, steps: int = 400, width: int = 64, seed: int = 0
) -> dict[str, float]:
    """Return a lower bound of the divergence between two samples, by a critic made for it.

    Args:
        real: features of real examples, (N, F); half of them teach the critic, half judge it.
        made: features of samples, (M, F), likewise.
        steps: of Adam, each on 128 of either.
        width: units of the critic's two hidden layers.
        seed: of its weights and its batches.
    """
    scale = real.std(0).clamp(min=1e-6)
    sides = [(x - real.mean(0)) / scale for x in (real, made)]
    taught = [x[: len(x) // 2] for x in sides]
    judging = [x[len(x) // 2 :] for x in sides]
    with seeded(seed, "fresh critic"):
        critic = nn.Sequential(
            nn.Linear(real.shape[1], width),
            nn.LeakyReLU(0.2),
            nn.Linear(width, width),
            nn.LeakyReLU(0.2),
            nn.Linear(width, 1),
        )
    critic.to(real.device)
    adam = torch.optim.Adam(critic.parameters(), lr=2e-3, weight_decay=1e-3)
    rng, best = generator(seed, "fresh critic's batches"), math.inf
    for step in range(steps):
        batch = [x[torch.randint(len(x), (128,), generator=rng).to(x.device)] for x in taught]
        adam.zero_grad()
        _loss(critic, batch).backward()
        adam.step()
        if (step + 1) % 50 == 0:
            with torch.no_grad():
                best = min(best, float(_loss(critic, judging)))
    # The best of several critics is a little too good: as much too good on real examples, whose
    # value stands beside it.
    return {"fresh/divergence": max(0.0, math.log(2) - best)}


def _loss(critic: nn.Module, sides: Sequence[Tensor]) -> Tensor:
    values = [critic(x).flatten() for x in sides]
    ones = [torch.full_like(v, 1.0 - i) for i, v in enumerate(values)]
    return (logistic(values[0], ones[0]) + logistic(values[1], ones[1])) / 2


def field(game: Game, round: Round) -> tuple[Tensor, list[nn.Parameter]]:
    """Return v, flat and with its graph, and the parameters w it is a function of.

    The game's buffers are the caller's to keep still.
    """
    parts, everyone = [], []
    for player in game.players():
        own = [p for p in player.module.parameters() if p.requires_grad]
        total = torch.stack(list(player.cost(round).values())).sum()
        slopes = torch.autograd.grad(
            total, own, create_graph=True, allow_unused=True, materialize_grads=True
        )
        parts += [s.flatten() for s in slopes]
        everyone += own
    return torch.cat(parts), everyone


def products(v: Tensor, w: Sequence[nn.Parameter]) -> tuple[Product, Product]:
    """Return u -> J u and u -> Jᵀ u."""

    def transposed(u: Tensor) -> Tensor:
        return _flat(_slopes(v, w, u))

    def plain(u: Tensor) -> Tensor:
        # Jᵀ x is linear in x, and its Jacobian in x is J.
        x = torch.zeros_like(v, requires_grad=True)
        image = _flat(_slopes(v, w, x, graph=True))
        (found,) = torch.autograd.grad(image, x, u, retain_graph=True)
        return found

    return plain, transposed


def _slopes(v: Tensor, w: Sequence[Tensor], u: Tensor, graph: bool = False) -> Sequence[Tensor]:
    return torch.autograd.grad(
        v, w, u, retain_graph=True, create_graph=graph, allow_unused=True, materialize_grads=True
    )


def _flat(parts: Sequence[Tensor]) -> Tensor:
    return torch.cat([p.flatten() for p in parts])


def rotation(game: Game, round: Round) -> dict[str, float]:
    """Return how much of the play at this round turns instead of descending."""
    with still([game]), torch.enable_grad():
        v, w = field(game, round)
        plain, transposed = products(v, w)
        here = v.detach()
        one, other = plain(here).detach(), transposed(here).detach()
    turns, falls = float((one - other).norm() ** 2), float((one + other).norm() ** 2)
    return {"game/rotation": turns / max(turns + falls, 1e-300)}


def eigenvalue(game: Game, round: Round, tries: int = 40) -> dict[str, float]:
    """Return the eigenvalue of J of largest size, by Arnoldi's iteration; {} where it fails."""
    with still([game]), torch.enable_grad():
        v, w = field(game, round)
        plain, _ = products(v, w)

        def times(u: np.ndarray) -> np.ndarray:
            given = torch.from_numpy(np.ascontiguousarray(u, np.float32).ravel()).to(v.device)
            return plain(given).detach().double().cpu().numpy()

        size = len(v)
        start = generator("eigenvalue")
        first = torch.randn(size, generator=start, dtype=torch.float64).numpy()
        operator = LinearOperator((size, size), matvec=times, dtype=np.float64)  # type: ignore
        try:
            (found,) = eigs(operator, k=1, v0=first, maxiter=tries, tol=1e-2)[0]  # type: ignore
        except (ArpackNoConvergence, ArpackError):
            return {}
    return {"game/real": float(found.real), "game/imaginary": abs(float(found.imag))}


def along(
    game: Game,
    ends: tuple[Mapping[str, Tensor], Mapping[str, Tensor]],
    round: Round,
    points: int = 11,
) -> list[dict[str, float]]:
    """Return each player's cost and the cosine of v with the line, at points of a line.

    Args:
        game: of the same shape; it ends as it began.
        ends: parameter's name -> value, of the two checkpoints.
        round: the batch and the noise, the same everywhere.
        points: from α = 0 to α = 1.
    """
    own = dict(game.named_parameters())
    saved = {name: p.detach().clone() for name, p in own.items()}
    one, other = ({name: end[name].to(own[name]) for name in own} for end in ends)
    rows = []
    try:
        for i in range(points):
            alpha = i / (points - 1)
            _put(own, {n: one[n].lerp(other[n], alpha) for n in own})
            rows.append({"path/at": alpha, **_at(game, round, one, other)})
    finally:
        _put(own, saved)
    return rows


def _at(
    game: Game, round: Round, one: Mapping[str, Tensor], other: Mapping[str, Tensor]
) -> dict[str, float]:
    names = {id(p): name for name, p in game.named_parameters()}
    with still([game]), torch.enable_grad():
        v, w = field(game, Round(round.batch, round.step, round.seed))
        line = _flat([one[names[id(p)]] - other[names[id(p)]] for p in w])
        both = float(v.detach().norm() * line.norm())
        found = {"path/cosine": float(v.detach() @ line) / both if both > 0 else 0.0}
    with still([game]), torch.enable_grad():
        for player in game.players():
            terms = player.cost(Round(round.batch, round.step, round.seed)).values()
            found[f"path/{player.name}"] = sum(float(t.detach()) for t in terms)
    return found


@torch.no_grad()
def _put(own: Mapping[str, nn.Parameter], values: Mapping[str, Tensor]) -> None:
    for name, p in own.items():
        p.copy_(values[name])
