r"""The one loop: it never asks how many players there are or what family it trains.

``train`` is a generator. Nothing calls back: the caller pulls reports and decides.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from counterplay.dynamics import Dynamics, Report, Seat, alternating
from counterplay.errors import UserError
from counterplay.game import Batch, Game, Player, Round, Terms
from counterplay.parallel import average_tensors, broadcast, world

__all__ = ["Ema", "Pace", "State", "falling", "train"]

Scalar = int | float | str

Pace = Callable[[int], float]
"""Rounds finished -> the factor by which every player's learning rate is multiplied."""


@dataclass(frozen=True)
class Ema:
    """How the averaged copy of a game follows it: w̄ ← w̄ + (1 − d)(w − w̄), d = 2^(−every/h).

    Attributes:
        half_life: rounds after which a past value counts half; early on h = min(half_life, t / 10)
            after t rounds, so that the copy does not remember the initial weights.
        every: rounds between updates; d accounts for it.
    """

    half_life: float
    every: int = 4

    def update(self, averaged: nn.Module, game: nn.Module, step: int) -> None:
        """Move ``averaged`` towards ``game`` after round ``step``."""
        if step % self.every:
            return
        half_life = max(min(self.half_life, step / 10), 1e-3)
        weight = 1 - 2 ** (-self.every / half_life)
        follows, copies = _split(averaged, game)
        with torch.no_grad():
            means, values = [a for a, _ in follows], [w for _, w in follows]
            torch._foreach_lerp_(means, values, weight)  # pyright: ignore[reportPrivateImportUsage]
            for mean, now in copies:
                mean.copy_(now)


def _split(averaged: nn.Module, game: nn.Module) -> tuple[list, list]:
    """Return the (mean, value) pairs that are averaged, and those that are copied.

    Parameters and float buffers (batch-norm statistics) are averaged. Integer buffers are copied,
    and so are spectral norm's vectors: the average of unit vectors is shorter than one, the
    estimated norm with it, and outputs explode.
    """
    now = dict(game.named_buffers())
    both = zip(averaged.parameters(), game.parameters(), strict=True)
    pairs: list[tuple[Tensor, Tensor]] = [(p, q.detach()) for p, q in both]
    copies: list[tuple[Tensor, Tensor]] = []
    for name, buffer in averaged.named_buffers():
        vector = name.endswith(("._u", "._v", "weight_u", "weight_v"))
        averages = buffer.is_floating_point() and not vector
        (pairs if averages else copies).append((buffer, now[name]))
    return pairs, copies


class State:
    """Everything of a training that has state, named in one place.

    Args:
        game: the networks and players; put on its device before.
        ema: how an averaged copy follows, or ``None`` for no copy.
        precision: "float32", or "bf16" for costs under autocast (penalties stay in float32).

    Attributes:
        game: the game as it is played.
        averaged: its averaged copy, or ``None``.
        best: the game to sample from: the averaged copy where there is one.
        step: rounds finished.
        seats: the players with their optimisers.

    Raises:
        UserError: when a parameter has no owner or two, or two players share a name.
    """

    def __init__(self, game: Game, *, ema: Ema | None = None, precision: str = "float32") -> None:
        _channels_last(game)
        players = list(game.players())
        _owned_once(game, players)
        broadcast(itertools.chain(game.parameters(), game.buffers()))
        self.game = game
        self.ema = ema
        self.averaged = copy.deepcopy(game).requires_grad_(False) if ema else None
        self.step = 0
        self.seats = [_seat(player, players, precision) for player in players]

    @property
    def best(self) -> Game:
        """The game to sample from."""
        return self.averaged or self.game

    def advance(self) -> None:
        """Count a round as finished and let the averaged copy follow."""
        self.step += 1
        if self.ema and self.averaged is not None:
            self.ema.update(self.averaged, self.game, self.step)

    def tensors(self) -> dict[str, Tensor]:
        """Return every tensor by a unique name: networks, averages, moments, memories."""
        named = {f"game/{k}": v for k, v in self.game.state_dict().items()}
        if self.averaged is not None:
            named |= {f"ema/{k}": v for k, v in self.averaged.state_dict().items()}
        for seat in self.seats:
            named |= _moments(seat) | _memories(seat)
        return named

    def scalars(self) -> dict[str, Scalar]:
        """Return what is not a tensor."""
        return {"step": self.step}

    def load(self, tensors: Mapping[str, Tensor], scalars: Mapping[str, Scalar]) -> None:
        """Become the state that ``tensors()`` and ``scalars()`` described.

        Raises:
            UserError: when a tensor is missing, left over or of another shape; nothing changed.
        """
        fixed = {k: v for k, v in self.tensors().items() if k.startswith(("game/", "ema/"))}
        _fits(fixed, {k: v for k, v in tensors.items() if k.startswith(("game/", "ema/"))})
        with torch.no_grad():
            for name, value in fixed.items():
                value.copy_(tensors[name])
        for seat in self.seats:
            _load_seat(seat, tensors)
        self.step = int(scalars["step"])


def train(
    game: Game,
    batches: Iterable[Batch],
    *,
    steps: int | None = None,
    dynamics: Dynamics = alternating,
    seed: int = 0,
    state: State | None = None,
    accumulate: int = 1,
    pace: Pace | None = None,
) -> Iterator[tuple[int, Report]]:
    """Play the game round by round and yield (rounds finished, report) after each.

    Args:
        game: what is played.
        batches: this process's shard of each round's fresh batch, from round ``state.step`` on.
        steps: the round after which play ends, or ``None`` to play while batches come.
        dynamics: how a round is played.
        seed: all noise is a function of (seed, step).
        state: what is carried on with; made anew, without an averaged copy, when ``None``.
        accumulate: micro-batches a batch is cut into; gradients are their mean.
        pace: how the learning rates change, a function of the round; constant when ``None``.

    Raises:
        UserError: when a batch cannot be cut into ``accumulate`` equal parts.
    """
    state = state or State(game)
    here = world()
    rounds = iter(batches)
    while steps is None or state.step < steps:
        batch = next(rounds, None)
        if batch is None:
            return
        batch = _laid_out(batch)
        if len(batch.x) % accumulate:
            raise UserError(
                f"accumulate={accumulate} does not divide this process's batch of {len(batch.x)}"
            )
        if pace:
            _set_pace(state.seats, pace(state.step))
        shard = (here.rank, here.size)
        report = dynamics(state.seats, Round(batch, state.step, seed, shard, accumulate))
        _agree(game)
        state.advance()
        yield state.step, _mean_report(report)


def _agree(game: Game) -> None:
    # Batch-norm statistics are each process's own shard's: their mean keeps the processes one.
    if world().size == 1:
        return
    if floats := [b for b in game.buffers() if b.is_floating_point()]:
        for buffer, mean in zip(floats, average_tensors(floats), strict=True):
            buffer.data.copy_(mean)


def falling(steps: int, share: float) -> Pace:
    """Return the pace that is 1 and falls linearly to 0 over the last ``share`` of ``steps``.

    >>> pace = falling(100, 0.5)
    >>> pace(0), pace(50), pace(75), pace(100)
    (1.0, 1.0, 0.5, 0.0)
    """
    length = max(1.0, share * steps)
    return lambda step: min(1.0, max(0.0, (steps - step) / length))


def _set_pace(seats: Iterable[Seat], factor: float) -> None:
    for seat in seats:
        for group in seat.optimiser.param_groups:
            group["lr"] = group.setdefault("initial_lr", group["lr"]) * factor


def _mean_report(report: Report) -> Report:
    if world().size == 1 or not report:
        return report
    values = average_tensors([torch.stack([v.float() for v in report.values()])])[0]
    return dict(zip(report, values.unbind(), strict=True))


def _laid_out(batch: Batch) -> Batch:
    x = batch.x
    return Batch(x.to(memory_format=torch.channels_last), batch.y) if x.ndim == 4 else batch


def _channels_last(game: nn.Module) -> None:
    for p in game.parameters():
        if p.ndim == 4:
            # Not contiguous(): with one channel it calls both layouts its own and leaves the
            # strides, and convolutions then go back and forth between the two.
            p.data = p.data.to(memory_format=torch.channels_last)


def _seat(player: Player, players: list[Player], precision: str) -> Seat:
    others = [other.module for other in players if other is not player]
    cost = player.cost if precision == "float32" else _in_bf16(player)
    return Seat(player, cost, player.optimise(player.module.parameters()), others)


def _in_bf16(player: Player) -> Callable[[Round], Terms]:
    # Only the cost is evaluated under autocast: its backward pass runs outside, as it must.
    device = next(player.module.parameters()).device.type

    def cost(round: Round) -> Terms:
        with torch.autocast(device, torch.bfloat16):
            return player.cost(round)

    return cost


def _owned_once(game: nn.Module, players: list[Player]) -> None:
    names = [player.name for player in players]
    if len(set(names)) < len(names):
        raise UserError(f"players' names must differ, got {', '.join(names)}")
    owners: dict[int, list[str]] = {id(p): [] for p in game.parameters()}
    for player in players:
        for p in player.module.parameters():
            owners.setdefault(id(p), []).append(player.name)
    labels = {id(p): name for name, p in game.named_parameters()}
    for key, who in owners.items():
        if len(who) != 1:
            seen = " and ".join(who) or "nobody"
            raise UserError(
                f"parameter {labels.get(key, 'outside the game')} belongs to {seen}; every "
                "parameter needs exactly one player whose module holds it"
            )


def _moments(seat: Seat) -> dict[str, Tensor]:
    return {
        f"optimiser/{seat.player.name}/{i}/{key}": value
        for i, p in enumerate(seat.parameters)
        for key, value in seat.optimiser.state.get(p, {}).items()
        if value is not None
    }


def _memories(seat: Seat) -> dict[str, Tensor]:
    return {
        f"memory/{seat.player.name}/{i}/{key}": value
        for key, values in seat.memory.items()
        for i, value in enumerate(values)
    }


def _load_seat(seat: Seat, tensors: Mapping[str, Tensor]) -> None:
    own = seat.parameters
    seat.optimiser.state.clear()
    seat.memory.clear()
    for i, p in enumerate(own):
        for key, value in _under(f"optimiser/{seat.player.name}/{i}/", tensors):
            seat.optimiser.state[p][key] = _like(p, value)
        for key, value in _under(f"memory/{seat.player.name}/{i}/", tensors):
            seat.memory.setdefault(key, []).append(_like(p, value))


def _under(prefix: str, tensors: Mapping[str, Tensor]) -> list[tuple[str, Tensor]]:
    return [(k.removeprefix(prefix), v) for k, v in tensors.items() if k.startswith(prefix)]


def _like(p: nn.Parameter, value: Tensor) -> Tensor:
    # Moments lie in memory as their parameter does; counters are scalars of their own.
    if value.shape != p.shape:
        return value.to(p.device).clone()
    return torch.empty_like(p, dtype=value.dtype, requires_grad=False).copy_(value)


def _fits(mine: Mapping[str, Tensor], theirs: Mapping[str, Tensor]) -> None:
    missing, extra = mine.keys() - theirs.keys(), theirs.keys() - mine.keys()
    for name in sorted(missing | extra):
        where = "lacks" if name in missing else "has, and this game has not,"
        raise UserError(f"the checkpoint {where} {name}; it was saved by another recipe")
    for name, value in mine.items():
        if value.shape != theirs[name].shape:
            raise UserError(
                f"the checkpoint holds {name} of shape {tuple(theirs[name].shape)}, this game "
                f"needs {tuple(value.shape)}; it was saved by another recipe"
            )
