"""Modes counted as papers count them, beside our own stricter count.

Each function is a row of :data:`counterplay.recipes.measuring.POWERS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError

if TYPE_CHECKING:
    from counterplay.metrics.modes import Modes
    from counterplay.recipes.measuring import Bench
    from counterplay.recipes.session import Outcome

__all__ = ["POWERS"]

NEAR, SHARE = 10.0, 25
"""Far from sharp: within ten standard deviations, by one sample in a hundred."""


def _counted(outcome: Outcome, on: Bench, threshold: float, least: int) -> Modes:
    from counterplay.metrics.modes import SAMPLES, count_modes

    law: Any = on.source.law
    if law is None or not hasattr(law, "centres"):
        raise UserError(f"'{on.source.name}' is no mixture: it has no modes to count")
    # The samples whose other figures stand in the same row.
    x, _ = outcome.sampler.encoded(on.prepared.n, seed=outcome.plan.recipe.seed + 1)
    few = on.source.domain.decode(x[:SAMPLES])
    return count_modes(few, law.centres, law.std, threshold, least)


def _hit(outcome: Outcome, on: Bench) -> dict[str, float]:
    return {"value": float(_counted(outcome, on, 3.0, 1).covered)}


def _near(outcome: Outcome, on: Bench) -> dict[str, float]:
    return {"value": float(_counted(outcome, on, NEAR, SHARE).covered)}


def _close(outcome: Outcome, on: Bench) -> dict[str, float]:
    return {"value": _counted(outcome, on, NEAR, SHARE).high_quality}


POWERS: dict[str, Callable[[Outcome, Bench], dict[str, float]]] = {
    "modes_hit": _hit,
    "modes_near": _near,
    "close": _close,
}
"""Modes with one sample of 2,500 within 3 σ; with one in a hundred within 10 σ; samples there."""
