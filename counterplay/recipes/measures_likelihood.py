"""The likelihood of the whole test part, by a game that can tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterplay.errors import UserError

if TYPE_CHECKING:
    from counterplay.likelihood import Likelihood, Unit
    from counterplay.recipes.measuring import Bench
    from counterplay.recipes.session import Outcome

__all__ = ["POWERS", "whole"]

EFFORT = 1_000
"""What an estimate may spend: importance samples, for one."""

FEW, SMALL = 100, 5
"""Examples and effort of a quick look at whether everything works."""


def whole(outcome: Outcome, on: Bench, effort: int = EFFORT) -> Likelihood:
    """Return the account of the whole test part; of a few examples in a quick run.

    Args:
        outcome: a training that is over.
        on: where it is measured.
        effort: what an estimate may spend.

    Raises:
        UserError: when the game has not the power.
    """
    from counterplay.metrics.likelihood import account

    quick = on.prepared.n <= FEW
    x = on.source.examples("test", FEW if quick else None).x.to(on.device)
    found = account(outcome.sampler.game, x, budget=SMALL if quick else effort)
    if found is None:
        raise UserError(f"the recipe '{outcome.plan.recipe.name}' makes a game of no likelihood")
    return found


def _in(unit: Unit, outcome: Outcome, on: Bench, effort: int = EFFORT) -> dict[str, float]:
    return {"value": whole(outcome, on, effort).to(unit).value}


POWERS = {
    "nats": lambda outcome, on: _in("nats", outcome, on),
    "nats_100": lambda outcome, on: _in("nats", outcome, on, 100),
    "bits_per_dim": lambda outcome, on: _in("bits/dim", outcome, on),
}
