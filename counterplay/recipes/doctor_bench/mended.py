"""Each sick case of the catalogue once more, with the doctor's remedies and without.

A record is a file of JSON for each training; what has one is not trained again.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes.doctor_bench.case import Case, recipe_of
from counterplay.recipes.doctor_bench.made import MADE
from counterplay.recipes.plan import Plan, plan

if TYPE_CHECKING:
    from counterplay.recipes.healing import Trial
    from counterplay.recipes.place import Place

__all__ = ["chosen", "figures", "mend"]


def chosen(cases: Sequence[Case]) -> list[Case]:
    """Return those that a recipe made sick: data are mended where they are, and by no remedy."""
    return [c for c in cases if c.condition and not c.condition.startswith("data-")]


def mend(
    cases: Sequence[Case], seeds: Sequence[int], folder: Path, say: Callable[[str], object] = print
) -> list[dict[str, Any]]:
    """Train each case with each seed, alone and mended, and return what each came to.

    Args:
        cases: see :func:`chosen`.
        seeds: of each.
        folder: of the records.
        say: where sentences go.
    """
    from counterplay.recipes.session import joined

    folder.mkdir(parents=True, exist_ok=True)
    found = []
    with joined("cpu") as place:
        for seed in seeds:
            for case in cases:
                path = folder / f"{case.name}-{seed}.json"
                if not path.is_file():
                    path.write_text(json.dumps(_told(case, seed, place)) + "\n", encoding="utf-8")
                found.append(json.loads(path.read_text(encoding="utf-8")))
                say(f"{case.name}, seed {seed}: {_word(found[-1])}")
    return found


def figures(told: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return of the trainings that were found sick the share that ends well, mended and alone."""
    found = [t for t in told if t.get("found")]
    count = max(len(found), 1)
    return {
        "found": float(len(found)),
        "mended": sum(not t["left"] and not t["worse"] for t in found) / count,
        "alone": sum(not t["sick"] for t in found) / count,
    }


def _told(case: Case, seed: int, place: Place) -> dict[str, Any]:
    from counterplay.recipes.healing import healed

    about = {"case": case.name, "condition": case.condition, "seed": seed}
    with tempfile.TemporaryDirectory(prefix="counterplay-mended-") as scratch:
        try:
            ready = _plan(case, seed, place, late=True)
            first = _plan(case, seed, place, late=False) if case.after else None
            first = first and replace(ready, recipe=first.recipe)
            trial = healed(ready, place, Path(scratch), every=case.every, first=first)
        except (UserError, ValueError, RuntimeError, OSError) as error:
            return {**about, "failed": str(error).splitlines()[0][:200]}
    return {**about, **_of(trial)}


def _of(trial: Trial) -> dict[str, Any]:
    from counterplay.recipes.healing import DISTANCE

    alone, mended = trial.alone, trial.mended
    return {
        "found": alone.ever,
        "sick": alone.last,
        "tried": mended.tried if mended else (),
        "left": mended.last if mended else (),
        "worse": trial.worse,
        "distance": [c.signals.get(DISTANCE) for c in (alone, mended) if c],
        "seconds": alone.seconds + (mended.seconds if mended else 0.0),
    }


def _plan(case: Case, seed: int, place: Place, late: bool) -> Plan:
    recipe = replace(recipe_of(case, seed, late), checkpoint_every=case.every)
    maker = MADE.get(case.data)
    return plan({recipe.name: recipe}, place.device, what=maker() if maker else None)


def _word(told: Mapping[str, Any]) -> str:
    if "failed" in told:
        return f"not trained: {told['failed']}"
    if not told["found"]:
        return "nothing sick was found"
    ends = [", ".join(told[which]) or "well" for which in ("sick", "left")]
    return f"alone {ends[0]}; mended by {len(told['tried'])} {ends[1]}"
