r"""Signals of the players: their gradients, their moves, and their costs on examples held out.

For player i with parameters θ_i, of which a sketch of at most 1,024 numbers is kept, and Δ_t its
change since the last check-up:

    grad     ‖∂L_i/∂θ_i‖ of the last move, read where the move left it
    moved    ‖Δ_t‖ / ‖θ_i‖, by the rounds between
    turn     cos(Δ_t, Δ_{t−1}): near 1 on a straight way, below 0 where it goes back and forth
    cost     mean of its cost over the rounds since the last check-up; spread: its deviation
    train    cost on a batch of training examples; again: on another one; held: on a held-out one,
             all with the same noise

``slope`` is the mean over samples of N ‖∂L_G/∂x_n‖ at x_n = G(z_n): what one sample is told.
Nothing here changes the game: buffers come back as they were, and no gradient is left behind.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from counterplay.doctor.powers import Forges
from counterplay.dynamics import Seat
from counterplay.game import Batch, Game, Player, Round, still

__all__ = ["SKETCH", "costs", "gradients", "moves", "replayed", "sketch", "slope"]

SKETCH = 1024
"""Numbers of each player's parameters that are kept from one check-up to the next."""


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
    found = {}
    for seat in seats:
        stride = max(1, math.ceil(sum(p.numel() for p in seat.parameters) / SKETCH))
        parts = [p.detach().flatten()[::stride] for p in seat.parameters]
        found[seat.player.name] = torch.cat([part.float() for part in parts]).cpu()[: 2 * SKETCH]
    return found


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
            last = before[name] - earlier[name]
            both = float(step.norm() * last.norm())
            found[f"{name}/turn"] = float(step @ last) / both if both > 0 else 0.0
    return found


def costs(records: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return ``cost`` and ``spread`` of each player, and each term's mean, from its records.

    Args:
        records: ``player/term`` -> value, one a record since the last check-up.
    """
    totals: dict[str, list[float]] = {}
    for record in records:
        sums: dict[str, float] = {}
        for name, value in record.items():
            player = name.rpartition("/")[0]
            sums[player] = sums.get(player, 0.0) + value
        for player, total in sums.items():
            totals.setdefault(player, []).append(total)
    found = {f"{player}/cost": statistics.fmean(v) for player, v in totals.items()}
    more = {f"{p}/spread": statistics.stdev(v) for p, v in totals.items() if len(v) > 1}
    return found | more


def replayed(game: Game, batches: Mapping[str, Batch], step: int, seed: int) -> dict[str, float]:
    """Return ``PLAYER/WHICH``, each player's cost on each of the batches, with one noise.

    Args:
        game: as it is played; it ends as it began.
        batches: WHICH -> batch, all of one size.
        step: rounds finished.
        seed: of the noise.
    """
    found = {}
    for player in game.players():
        for which, batch in batches.items():
            with still([game]), torch.enable_grad():
                terms = player.cost(Round(batch, step, seed))
            found[f"{player.name}/{which}"] = sum(float(v.detach()) for v in terms.values())
    return found


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
