"""What the doctor's remedies are worth: the same sick trainings with them and without.

Each function is a row of :data:`counterplay.recipes.measuring.POWERS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError

if TYPE_CHECKING:
    from counterplay.recipes.healing import Course, Trial
    from counterplay.recipes.measuring import Bench
    from counterplay.recipes.session import Outcome

__all__ = ["POWERS"]

RUNS = 10
"""Trainings, with seeds 0, 1, ..."""
EVERY = 100
"""Rounds between check-ups, as ``train`` has them when nothing is said."""
FEW = 100
"""Rounds below which a training is there to prove that everything works, as is one case then."""


def _whole(outcome: Outcome, on: Bench, which: str) -> dict[str, float]:
    law: Any = on.source.law
    if law is None or not hasattr(law, "centres"):
        raise UserError(f"'{on.source.name}' is no mixture: it has no modes to count")
    told = [_told(outcome, on, seed) for seed in range(RUNS)]
    return {"value": float(sum(each[which] == len(law.centres) for each in told))}


def _told(outcome: Outcome, on: Bench, seed: int) -> dict[str, Any]:
    """Return what a training came to, from its file if it was trained for another figure."""
    from counterplay.parallel import world
    from counterplay.recipes.healing import healed
    from counterplay.recipes.place import Place

    folder: Path = outcome.run.path / "remedies" / str(seed)
    path = folder / "modes.json"
    if not path.is_file():
        ready = replace(outcome.plan, recipe=replace(outcome.plan.recipe, seed=seed))
        found = _counted(healed(ready, Place(on.device, world()), folder, every=EVERY))
        path.write_text(json.dumps(found) + "\n", encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))


def _counted(trial: Trial) -> dict[str, Any]:
    alone, mended = trial.alone, trial.mended or trial.alone
    return {
        "alone": _covered(alone),
        "mended": _covered(mended),
        "found": alone.ever,
        "sick": alone.last,
        "tried": mended.tried,
        "left": mended.last,
    }


def _covered(course: Course) -> int:
    from counterplay.metrics.modes import SAMPLES, count_modes

    outcome = course.outcome
    if outcome is None:
        return 0
    source = outcome.plan.source
    law: Any = source.law
    x, _ = outcome.sampler.encoded(SAMPLES, seed=outcome.plan.recipe.seed + 1)
    return count_modes(source.domain.decode(x), law.centres, law.std).covered


def _share(outcome: Outcome, which: str) -> dict[str, float]:
    """Return the share of the fitted half's sick trainings that end well, of those found sick."""
    from counterplay.recipes.doctor_bench.catalogue import CASES
    from counterplay.recipes.doctor_bench.mended import chosen, figures, mend

    cases = [case for case in chosen(CASES) if case.half == "fitted"]
    cases = cases[:1] if outcome.plan.recipe.steps < FEW else cases
    return {"value": figures(mend(cases, (0,), outcome.run.path / "remedies"))[which]}


POWERS: dict[str, Callable[[Outcome, Bench], dict[str, float]]] = {
    "whole_mended": lambda outcome, on: _whole(outcome, on, "mended"),
    "whole_alone": lambda outcome, on: _whole(outcome, on, "alone"),
    "share_mended": lambda outcome, on: _share(outcome, "mended"),
    "share_alone": lambda outcome, on: _share(outcome, "alone"),
}
"""Of ten trainings those that end with every mode, with remedies and without; of the bench's sick
trainings the share that ends with nothing sick, likewise."""
