"""What the doctor costs: one check-up beside the hundred rounds from one to the next.

    python -m benchmarks.doctor [--rounds 100] [--blocks 5] [--data FOLDER] [--json FILE]

The training is that of the recipe, without looks. The two take turns: some rounds, then as many
check-ups as there are from one look at how the play turns to the next.
Promised: 5 % of the time of training, in the mean over these recipes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from statistics import fmean, median

import torch

from benchmarks.timing import MNIST, Row, answer, arguments, interleaved
from counterplay.doctor import Checkup, History, Signs, diagnose
from counterplay.doctor.watch import TURNS, Subject
from counterplay.recipes import build, named
from counterplay.recipes.doctoring import doctor
from counterplay.recipes.plan import Plan, plan
from counterplay.train import Ema, State, train

EVERY = 100
"""Rounds between check-ups, by default."""

CASES = ("ring-wgan-gp", "gan-ring", "digits", "vae-digits", "mnist")


def played(found: Plan) -> tuple[State, Iterator[object]]:
    """Return a training by the plan, and its rounds."""
    recipe = found.recipe
    game = build.game(recipe, found.source.domain, found.share)
    build.begin(game, recipe, found.source)
    state = State(game, ema=Ema(recipe.ema) if recipe.ema else None, precision=recipe.precision)
    batches = found.source.batches(recipe.data.batch, seed=recipe.seed)
    return state, train(game, batches, dynamics=build.dynamics(recipe.dynamics), state=state)


def row(name: str, data: Path, rounds: int, blocks: int) -> Row:
    """Return the share of a training's time that its check-ups take."""
    recipe = named(name)
    if name == "mnist":
        recipe = replace(recipe, data=replace(recipe.data, source=str(data)))
    found = plan({name: recipe}, torch.device("cpu"))
    state, loop = played(found)
    who = doctor(found.source, found.share, found.recipe, torch.device("cpu"))
    seen: list[Checkup] = []
    signs = Signs()

    def look() -> None:
        for _ in range(TURNS):
            seen.append(who.examine(Subject(state.game, state.best, state.seats, state.step)))
            diagnose(History(who.facts, who.normal, seen), signs=signs)

    sides: dict[str, Callable[[], object]] = {
        "rounds": lambda: [None for _ in islice(loop, rounds)],
        "check-ups": look,
    }
    times = {side: median(spent) for side, spent in interleaved(sides, blocks).items()}
    one, round = times["check-ups"] / TURNS, times["rounds"] / rounds
    share = one / (round * EVERY)
    note = f"{1000 * round:.3g} ms a round, {1000 * one:.3g} ms"
    return Row(f"{name}: a check-up by {EVERY} rounds", 100 * share, "%", None, None, note)


def main() -> int:
    """Measure, print, and return 1 when it costs more than promised."""
    given = arguments(__doc__, rounds=EVERY, blocks=5, data=MNIST)
    cases = [c for c in CASES if c != "mnist" or given.data.exists()]
    rows = [row(name, given.data, given.rounds, given.blocks) for name in cases]
    mean = fmean(r.value for r in rows)
    rows.append(Row("mean of these", mean, "%", at_most=5.0))
    return answer(rows, given.json)


if __name__ == "__main__":
    sys.exit(main())
