r"""Signals of the players: their gradients, their moves, and their costs on examples held out.

For player i with parameters θ_i, of which a sketch of at most 1,024 numbers is kept, and Δ_t its
change since the last check-up:

    grad     ‖∂L_i/∂θ_i‖ of the last move, read where the move left it
    moved    ‖Δ_t‖ / ‖θ_i‖, by the rounds between
    turn     cos(Δ_t, Δ_{t−1}): near 1 on a straight way, below 0 where it goes back and forth
    angle    cos(Δ_t, −g_t), g_t its gradient now: whether it would go on as it came
    agree    cos(g_t, g_{t−1}): the gradient's autocorrelation
    norm     largest singular value of its three largest matrices, by power iteration
    cost     mean of its cost over the rounds since the last check-up; spread: its deviation
    echo     autocorrelation of its cost at a lag of one, over the last 200 records
    train    cost on a batch of training examples; again: on another one; held: on a held-out one;
             each the median of its quarters, with the same noise; scrambled: on training examples
             whose numbers come from different ones

``slope`` is the mean over samples of N ‖∂L_G/∂x_n‖ at x_n = G(z_n): what one sample is told.
Nothing here changes the game: buffers come back as they were, and no gradient is left behind.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from itertools import pairwise

import torch
from torch import Tensor

from counterplay.doctor.powers import Forges
from counterplay.dynamics import Seat
from counterplay.game import Batch, Game, Player, Round, generator, still

__all__ = [
    "ECHOES",
    "SKETCH",
    "angles",
    "costs",
    "echoes",
    "gradients",
    "moves",
    "norms",
    "replayed",
    "sketch",
    "slope",
    "slopes",
    "totals",
]

SKETCH = 1024
"""Numbers of each player's parameters that are kept from one check-up to the next."""
ECHOES = 200
"""Records of the costs that are kept."""
LEAST = 8
"""Examples, where there are so many, whose mean cost is one value."""
LAYERS, TIMES = 3, 3
"""Matrices of each player whose norm is looked at, and power iterations at a check-up."""


@torch.no_grad()
def gradients(seats: Sequence[Seat]) -> dict[str, float]:
    """Return ``PLAYER/grad`` of each player that has moved."""
    found = {}
    for seat in seats:
        grads = [p.grad for p in seat.parameters if p.grad is not None]
        if grads:
            total = torch.linalg.vector_norm(torch.stack([g.norm() for g in grads]).double())
            found[f"{seat.player.name}/grad"] = float(total)
    return found


@torch.no_grad()
def sketch(seats: Sequence[Seat]) -> dict[str, Tensor]:
    """Return at most about 1,024 numbers of each player's parameters, evenly spread."""
    return {seat.player.name: _sketched(seat.parameters) for seat in seats}


@torch.no_grad()
def slopes(seats: Sequence[Seat]) -> dict[str, Tensor]:
    """Return the same of the gradient of the last move, of each player that has moved."""
    return {
        seat.player.name: _sketched(
            [torch.zeros_like(p) if p.grad is None else p.grad for p in seat.parameters]
        )
        for seat in seats
        if any(p.grad is not None for p in seat.parameters)
    }


def _sketched(values: Sequence[Tensor]) -> Tensor:
    stride = max(1, math.ceil(sum(v.numel() for v in values) / SKETCH))
    parts = [v.detach().flatten()[::stride].float() for v in values]
    return torch.cat(parts).cpu()[: 2 * SKETCH]


@torch.no_grad()
def norms(seats: Sequence[Seat], memory: dict[str, Tensor]) -> dict[str, float]:
    """Return ``norm`` of each player, from below: it becomes exact from check-up to check-up.

    Args:
        seats: the players.
        memory: where the iterations go on from; each matrix's vector, on its shorter side.
    """
    found = {}
    for seat in seats:
        wide = [p for p in seat.parameters if p.ndim > 1]
        largest = sorted(wide, key=lambda p: p.numel(), reverse=True)[:LAYERS]
        keys = [f"norm/{seat.player.name}/{i}" for i in range(len(largest))]
        each = [_norm(p, key, memory) for p, key in zip(largest, keys, strict=True)]
        if each:
            found[f"{seat.player.name}/norm"] = float(torch.stack(each).max())
    return found


def _norm(p: Tensor, key: str, memory: dict[str, Tensor]) -> Tensor:
    matrix = p.detach().flatten(1).float()
    matrix = matrix.T if matrix.shape[1] > matrix.shape[0] else matrix
    v, width = memory.get(key), matrix.shape[1]
    if v is None or len(v) != width:
        v = torch.randn(width, generator=generator(key)).to(matrix.device)
    for _ in range(TIMES):
        v = torch.nn.functional.normalize(matrix.T @ (matrix @ v), dim=0)
    memory[key] = v
    return (matrix @ v).norm()


def moves(
    now: Mapping[str, Tensor],
    before: Mapping[str, Tensor],
    earlier: Mapping[str, Tensor],
    rounds: int,
) -> dict[str, float]:
    """Return ``moved`` and ``turn`` of each player from its last three sketches, where there are.

    Args:
        now: of this check-up.
        before: of the last one, ``rounds`` rounds ago; {} when this is the first.
        earlier: of the one before it, likewise.
        rounds: between now and before.
    """
    found = {}
    for name, here in now.items():
        if name not in before:
            continue
        step = here - before[name]
        size = float(here.norm())
        found[f"{name}/moved"] = float(step.norm()) / max(size, 1e-12) / max(rounds, 1)
        if name in earlier:
            found[f"{name}/turn"] = _cosine(step, before[name] - earlier[name])
    return found


def angles(
    now: Mapping[str, Tensor],
    before: Mapping[str, Tensor],
    slope: Mapping[str, Tensor],
    slope_before: Mapping[str, Tensor],
) -> dict[str, float]:
    """Return ``angle`` and ``agree`` of each player, from sketches now and at the last check-up."""
    found = {}
    for name, g in slope.items():
        if name in before:
            found[f"{name}/angle"] = _cosine(now[name] - before[name], -g)
        if name in slope_before:
            found[f"{name}/agree"] = _cosine(g, slope_before[name])
    return found


def _cosine(a: Tensor, b: Tensor) -> float:
    both = float(a.norm() * b.norm())
    return float(a @ b) / both if both > 0 else 0.0


def echoes(series: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return ``echo`` of each player from its last costs, eight or more, in order."""
    return {f"{name}/echo": _echo(values) for name, values in series.items() if len(values) >= 8}


def _echo(values: Sequence[float]) -> float:
    mean = statistics.fmean(values)
    off = [v - mean for v in values]
    whole = math.fsum(a * a for a in off)
    return math.fsum(a * b for a, b in pairwise(off)) / whole if whole else 0.0


def totals(records: Sequence[Mapping[str, float]]) -> dict[str, list[float]]:
    """Return each player's cost in each record, in order.

    Args:
        records: ``player/term`` -> value, one a record.
    """
    found: dict[str, list[float]] = {}
    for record in records:
        sums: dict[str, float] = {}
        for name, value in record.items():
            player = name.rpartition("/")[0]
            sums[player] = sums.get(player, 0.0) + value
        for player, total in sums.items():
            found.setdefault(player, []).append(total)
    return found


def costs(series: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return ``cost`` and ``spread`` of each player, from its costs since the last check-up."""
    found = {f"{player}/cost": statistics.fmean(v) for player, v in series.items()}
    more = {f"{p}/spread": statistics.stdev(v) for p, v in series.items() if len(v) > 1}
    return found | more


def replayed(game: Game, batches: Mapping[str, Batch], step: int, seed: int) -> dict[str, float]:
    """Return ``PLAYER/WHICH``, each player's cost on each of the batches, with one noise.

    It is the median over the batch's quarters, of eight examples at least: one far example is no
    trend.

    Args:
        game: as it is played; it ends as it began.
        batches: WHICH -> batch, all of one size.
        step: rounds finished.
        seed: of the noise.
    """
    found = {}
    for player in game.players():
        for which, batch in batches.items():
            with still([game]):
                values = [_cost(player, Round(part, step, seed)) for part in _quarters(batch)]
            found[f"{player.name}/{which}"] = statistics.median(values)
    return found


def _cost(player: Player, round: Round) -> float:
    try:
        with torch.no_grad():
            terms = player.cost(round)
    except RuntimeError:  # a cost that has a gradient in it
        with torch.enable_grad():
            terms = player.cost(round)
    return sum(float(v.detach()) for v in terms.values())


def _quarters(batch: Batch) -> list[Batch]:
    count = len(batch.x)
    n = min(count, max(count // 4, LEAST))
    cuts = [slice(at, at + n) for at in range(0, count // n * n, n)]
    return [Batch(batch.x[c], None if batch.y is None else batch.y[c]) for c in cuts]


def slope(game: Forges, player: Player, batch: Batch, step: int, seed: int) -> dict[str, float]:
    """Return the generator's ``slope`` and how unevenly it is shared out, ``unevenness``.

    The latter is the share of the whole slope that the steepest tenth of the samples has.
    """
    while not player.moves_at(step):
        step += 1
    round = Round(batch, step, seed)
    with still([player.module, game]), torch.enable_grad():  # type: ignore[list-item]
        total = torch.stack(list(game.generator_cost(round).values())).sum()
        made = game.fake(round)
        x = made[0] if isinstance(made, tuple) else made
        (found,) = torch.autograd.grad(total, x, allow_unused=True, materialize_grads=True)
    norms = found.flatten(1).norm(dim=1).double() * len(x)
    top = norms.sort(descending=True).values[: max(1, len(norms) // 10)]
    whole = float(norms.sum())
    uneven = float(top.sum()) / whole if whole > 0 else 1.0
    return {f"{player.name}/slope": float(norms.mean()), f"{player.name}/unevenness": uneven}
