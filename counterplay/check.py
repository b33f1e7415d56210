"""The rules that every game keeps, as one public check. To register a game is to be tested."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor, nn

from counterplay.dynamics import Dynamics, alternating
from counterplay.errors import UserError
from counterplay.game import Batch, Game, Round, generator
from counterplay.penalties import couples
from counterplay.train import Ema, State, train

__all__ = ["check_game"]


def check_game(
    game: Game,
    batch: Batch,
    *,
    dynamics: Dynamics = alternating,
    rounds: Sequence[int] = (0,),
    whole: Sequence[str] = (),
) -> None:
    """Prove that ``game`` keeps the house's rules on ``batch``; the game itself is left as it was.

    1. Every parameter belongs to exactly one player.
    2. A player's cost reaches all of its own parameters; its move changes nobody else's.
    3. A move changes no other player's buffers; sampling changes no state at all.
    4. Noise is a function of (seed, step): torch's global generator is neither read nor moved.
    5. Twenty rounds are ten, saved, loaded, and ten more, bit for bit.
    6. Where no layer mixes the batch, its halves' mean gradient is the whole batch's, for every
       player that is not in ``whole``.

    Args:
        game: any game.
        batch: an even number of examples, at least 4, as its networks see them.
        dynamics: how rounds are played in rule 5.
        rounds: at which the rules are held, for a game whose rounds differ: networks that grow do
            not reach all of their parameters in each. In one of them a cost has to.
        whole: the players whose costs are of the whole batch, as one that matches batch means is:
            a mean over its halves is another cost, and rule 6 leaves them out.

    Raises:
        AssertionError: naming the rule, the player and the parameter or buffer that breaks it.
        UserError: when rule 1 is broken, or ``whole`` names a player that the game lacks.
    """
    State(copy.deepcopy(game))
    judged = _in_halves(game, whole)
    for index in range(len(game.players())):
        _check_reach(game, batch, index, rounds)
    _check_sample(game)
    _check_noise(game, batch)
    for step in rounds:
        _check_resume(game, batch, dynamics, step)
        if not any(couples(module) for module in game.children()):
            for index in judged:
                _check_shards(game, batch, index, step)


def _in_halves(game: Game, whole: Sequence[str]) -> list[int]:
    """Return which players rule 6 is held for."""
    names = [player.name for player in game.players()]
    if strange := sorted(set(whole) - set(names)):
        raise UserError(f"whole: no player is called {strange[0]!r}, they are {', '.join(names)}")
    return [index for index, name in enumerate(names) if name not in whole]


def _round(batch: Batch, game: Game, step: int) -> Round:
    # The last round of a full cycle, in which every player moves.
    cycle = max(player.every for player in game.players())
    return Round(batch, step // cycle * cycle + cycle - 1, seed=0)


def _check_reach(game: Game, batch: Batch, index: int, rounds: Sequence[int]) -> None:
    player = game.players()[index]
    reached: set[str] = set()
    for step in rounds:
        reached |= _check_move(game, batch, index, step)
    for name, _ in player.module.named_parameters():
        _hold(name in reached, f"rule 2: {player.name}'s cost does not reach {name}")


def _check_move(game: Game, batch: Batch, index: int, step: int) -> set[str]:
    """Return the names of the parameters that the player's cost reaches."""
    state = State(copy.deepcopy(game))
    seat = state.seats[index]
    own = {id(t) for t in (*seat.player.module.parameters(), *seat.player.module.buffers())}
    before = _snapshot(state.game)
    alternating([seat], _round(batch, state.game, step))
    for name, tensor in _named(state.game):
        same = id(tensor) in own or torch.equal(tensor, before[name])
        _hold(
            same, f"rules 2 and 3: {seat.player.name}'s move changes {name}, which is not its own"
        )
    named = seat.player.module.named_parameters()
    return {name for name, p in named if p.grad is not None}


def _check_sample(game: Game) -> None:
    before, modes = _snapshot(game), [m.training for m in game.modules()]
    ours = torch.get_rng_state()
    one, two = game.sample(4, seed=1), game.sample(4, seed=1)
    _hold(torch.equal(one, two), "rule 4: sample(4, seed=1) drew differently when asked again")
    _hold(not one.requires_grad, "rule 3: samples carry a graph")
    _hold(torch.equal(ours, torch.get_rng_state()), "rule 4: sample moves torch's global generator")
    _hold(modes == [m.training for m in game.modules()], "rule 3: sample changes a network's mode")
    for name, tensor in _named(game):
        _hold(torch.equal(tensor, before[name]), f"rule 3: sample changes {name}")


def _check_noise(game: Game, batch: Batch) -> None:
    ends = []
    for luck in (1, 2):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(luck)
            ours = torch.get_rng_state()
            ends.append(_played(copy.deepcopy(game), [batch] * 3, alternating)[0])
            moved = not torch.equal(ours, torch.get_rng_state())
        _hold(not moved, "rule 4: a round moves torch's global generator; draw with round.normal")
    _equal(ends[0], ends[1], "rule 4: the end depends on torch's global generator")


def _check_resume(game: Game, batch: Batch, dynamics: Dynamics, step: int) -> None:
    batches = _noisy(batch, 20)
    whole, report = _played(copy.deepcopy(game), batches, dynamics, step)
    half = State(copy.deepcopy(game), ema=Ema(5.0, every=1))
    half.step = step
    for _ in train(half.game, batches[:10], state=half, dynamics=dynamics):
        pass
    saved = {k: v.clone() for k, v in half.tensors().items()}
    again = State(copy.deepcopy(game), ema=Ema(5.0, every=1))
    again.load(saved, half.scalars())
    *_, (_, last) = train(again.game, batches[10:], state=again, dynamics=dynamics)
    _equal(whole, again.tensors(), "rule 5: 20 rounds are not 10, saved, loaded, and 10")
    _equal(report, last, "rule 5: the last report of a resumed run differs")


def _check_shards(game: Game, batch: Batch, index: int, step: int) -> None:
    name = game.players()[index].name
    grads = []
    for parts in (1, 2):
        seat = State(copy.deepcopy(game)).seats[index]
        one = _round(batch, game, step)
        alternating([seat], Round(batch, one.step, one.seed, parts=parts))
        # What a round does not reach has no gradient.
        found = [torch.zeros_like(p) if p.grad is None else p.grad for p in seat.parameters]
        grads.append(found)
    for whole, halves in zip(*grads, strict=True):
        close = torch.allclose(
            whole, halves, rtol=1e-3, atol=1e-5 + 1e-4 * float(whole.abs().max())
        )
        _hold(
            close,
            f"rule 6: {name}'s mean gradient over the batch's halves is not the whole batch's; "
            "whole=(...) names the players that match batch means",
        )


def _played(
    game: Game, batches: list[Batch], dynamics: Dynamics, step: int = 0
) -> tuple[dict, dict]:
    state = State(game, ema=Ema(5.0, every=1))
    state.step = step
    report: dict[str, Tensor] = {}
    for _, report in train(game, batches, state=state, dynamics=dynamics):
        _hold(not any(v.requires_grad for v in report.values()), "a report carries a graph")
    return {k: v.clone() for k, v in state.tensors().items()}, report


def _noisy(batch: Batch, n: int) -> list[Batch]:
    draw: Callable[[int], Tensor] = lambda t: torch.randn(  # noqa: E731
        batch.x.shape, generator=generator("check", t)
    )
    return [Batch(0.9 * batch.x + 0.1 * draw(t).to(batch.x), batch.y) for t in range(n)]


def _named(game: nn.Module) -> Iterator[tuple[str, Tensor]]:
    yield from game.named_parameters()
    yield from game.named_buffers()


def _snapshot(game: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.detach().clone() for name, tensor in _named(game)}


def _equal(one: dict[str, Tensor], two: dict[str, Tensor], rule: str) -> None:
    _hold(
        one.keys() == two.keys(), f"{rule}: {sorted(one.keys() ^ two.keys())[:3]} on one side only"
    )
    for name in one:
        _hold(torch.equal(one[name], two[name]), f"{rule}: {name} differs")


def _hold(law: bool, broken: str) -> None:
    # Not an assert statement: python -O would turn the check into one that cannot fail.
    if not law:
        raise AssertionError(broken)
