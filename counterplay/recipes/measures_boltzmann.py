"""What stands beside the likelihood of a Boltzmann machine: how sure its log Z is.

The estimate of log Z from below alone makes a machine look better than it is. Beside it stand the
estimate from above, the effective number of chains, and what needs no log Z at all.

Each function is a row of :data:`counterplay.recipes.measuring.POWERS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

    from counterplay.ais import Bracket
    from counterplay.recipes.measuring import Bench
    from counterplay.recipes.session import Outcome

__all__ = ["POWERS"]

STEPS = (1_000, 3_000)
"""Steps of annealing: an estimate that has converged stays where it is."""

SHORT = (20, 40)
"""The same of a quick look at whether everything works."""

FEW = 100
"""Examples of a quick look."""


def _brackets(outcome: Outcome, on: Bench) -> tuple[Bracket, ...]:
    game: Any = outcome.sampler.game
    steps = SHORT if on.prepared.n <= FEW else STEPS
    return game.bracket(on.test, steps, outcome.plan.recipe.seed + 1)


def _log_z_width(outcome: Outcome, on: Bench) -> float:
    """Return the estimate of log Z from above less that from below, by most steps, in nats."""
    return _brackets(outcome, on)[-1].width


def _log_z_drift(outcome: Outcome, on: Bench) -> float:
    """Return how far the estimate from below moves from few steps to most, in nats."""
    few, *_, most = _brackets(outcome, on)
    return abs(most.below.value - few.below.value)


def _effective_chains(outcome: Outcome, on: Bench) -> float:
    return _brackets(outcome, on)[-1].below.effective


def _overfit(outcome: Outcome, on: Bench) -> float:
    return float(_machine(outcome).overfit(on.train[: len(on.test)], on.test))


def _saturated(outcome: Outcome, on: Bench) -> float:
    return float(_machine(outcome).saturated(on.test))


def _machine(outcome: Outcome) -> Any:
    return outcome.sampler.game


def _independent(outcome: Outcome, on: Bench) -> float:
    """Return −log p of the test part under independent units of the training part's base rates."""
    return independent(on.train, on.test)


def independent(train: Tensor, test: Tensor) -> float:
    """Return the mean −log p in nats of bits ±1 that are drawn by themselves, each at its rate.

    Args:
        train: where rates are taken, with half a one and half a zero added to each.
        test: what is scored.
    """
    ones, seen = (train.flatten(1) > 0).double(), (test.flatten(1) > 0).double()
    rates = (ones.sum(0) + 0.5) / (len(ones) + 1)
    each = seen * rates.log() + (1 - seen) * (1 - rates).log()
    return -float(each.sum(1).mean())


def _figure(of: Callable[[Outcome, Bench], float]) -> Callable[[Outcome, Bench], dict[str, float]]:
    return lambda outcome, on: {"value": of(outcome, on)}


POWERS = {
    "log_z_width": _figure(_log_z_width),
    "log_z_drift": _figure(_log_z_drift),
    "effective_chains": _figure(_effective_chains),
    "free_energy_gap": _figure(_overfit),
    "saturated": _figure(_saturated),
    "independent_nats": _figure(_independent),
}
