"""One training of a comparison, in a process of its own: ``python -m … FOLDER``.

The rounds are as many as fit into the seconds, by a pace that is measured beforehand, so that
learning rates fall to their end within them. What comes of it is one JSON file; a user's mistake or
a training gone astray is such a file too.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes import build
from counterplay.recipes.comparing.speed import speed
from counterplay.recipes.comparing.task import FAILED, RESULT, Task, read_task
from counterplay.recipes.plan import Plan, open_data, plan
from counterplay.recipes.registry import named
from counterplay.recipes.schema import Data, Recipe

if TYPE_CHECKING:
    from counterplay.recipes.session import Outcome, Place

__all__ = ["contest", "end_with", "paced"]

TRIAL = 2.0
"""Seconds, or a tenth of all, in which the pace is measured."""

SHARE = 0.85
"""Of the seconds that rounds are planned for; the rest is for looks and checkpoints."""

_LEAST, _WARM = 4, 2
"""Rounds of a trial, and the first of them that are not timed."""


def contest(folder: Path) -> dict[str, Any]:
    """Train, or go on, and measure; write and return what came of it."""
    from counterplay.run import NonFinite

    task = read_task(folder)
    try:
        found = _run(task, folder)
    except (UserError, NonFinite) as error:
        found = {FAILED: " ".join(str(error).split())}
    except (RuntimeError, ValueError, MemoryError) as error:
        # A game that does not fit these data must not end the others: it is a row with a reason.
        found = {FAILED: f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"}
    from counterplay.run.files import write
    from counterplay.run.log import strict

    write(folder / RESULT, json.dumps(strict({"recipe": task.recipe, **found}), indent=1))
    return found


def _run(task: Task, folder: Path) -> dict[str, Any]:
    from counterplay.recipes.session import joined

    with joined(task.device) as place:
        outcome = _trained(task, folder, place)
        from counterplay.recipes.comparing.measured import measured

        source = open_data(Data(task.data, size=task.size, labels=task.labels))
        return {
            **measured(outcome, source, place.device, folder),
            **speed(outcome.sampler),
            "trained_seconds": round(_spent(outcome), 1),
            "rounds": outcome.step,
            "verdict": _verdict(outcome),
        }


def _trained(task: Task, folder: Path, place: Place) -> Outcome:
    from counterplay.recipes.opened import stored_recipe
    from counterplay.recipes.session import Watch, go_on, start
    from counterplay.run import Run

    watch = Watch(say=print, silent=True, examine=False)
    path = folder / "run"
    if (path / "recipe.yaml").is_file():
        run = Run.open(path)
        stored = stored_recipe(run)
        return go_on(plan({stored.name: stored}, place.device), run, stored, place, watch)
    found = plan({task.recipe: _asked(task)}, place.device, shrink=True)
    return start(replace(found, recipe=paced(found, place, task.seconds)), path, place, watch)


def _asked(task: Task) -> Recipe:
    recipe = replace(named(task.recipe), seed=task.seed)
    data = replace(recipe.data, source=task.data, labels=task.labels)
    return replace(recipe, data=data if task.size is None else replace(data, size=task.size))


def paced(found: Plan, place: Place, seconds: float) -> Recipe:
    """Return the recipe with as many rounds as fit into ``seconds`` here, and looks that few cost.

    Args:
        found: what is to be run.
        place: where.
        seconds: of training.
    """
    pace = _pace(found, place, min(TRIAL, seconds / 10))
    steps = max(_LEAST, int(SHARE * seconds / pace))
    every = max(1, steps // 4)
    return replace(
        found.recipe,
        steps=steps,
        budget=seconds / 60,
        look_every=every,
        checkpoint_every=every,
        log_every=max(1, min(found.recipe.log_every, steps // 20)),
    )


def _pace(found: Plan, place: Place, seconds: float) -> float:
    """Return the seconds of a round, of a game that is thrown away."""
    from counterplay.train import Ema, State, train

    recipe = found.recipe
    game = build.game(recipe, found.source.domain, found.share).to(place.device)
    build.begin(game, recipe, found.source)
    state = State(game, ema=Ema(recipe.ema) if recipe.ema else None, precision=recipe.precision)
    batches = found.source.batches(recipe.data.batch, seed=recipe.seed, device=place.device)
    began, first = time.monotonic(), 0.0
    rounds = train(
        game, batches, steps=10**6, dynamics=build.dynamics(recipe.dynamics), state=state
    )
    for step, report in rounds:
        if step == _WARM:
            first = time.monotonic()
        if step >= _LEAST and time.monotonic() - began > seconds:
            # A number is read, so that an accelerator has done what was asked of it.
            _ = [float(value) for value in report.values()]
            return (time.monotonic() - first) / (step - _WARM)
    raise AssertionError("rounds do not end")


def _spent(outcome: Outcome) -> float:
    return max((record.get("time", 0.0) for record in outcome.run.records()), default=0.0)


def _verdict(outcome: Outcome) -> str:
    """Return what the doctor said last, or "" where it was not asked."""
    from counterplay.recipes.comparing.doctor import said

    return said(outcome.run.path)


def end_with(parent: int, seconds: float = 1.0) -> None:
    """End this process when ``parent`` has: a comparison that was killed leaves nothing running.

    What was trained is in its checkpoints, and the same command goes on with it.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(seconds)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def main(argv: list[str]) -> int:
    """Run the contest of a folder."""
    end_with(os.getppid())
    found = contest(Path(argv[0]))
    print(found.get(FAILED) or "measured")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
