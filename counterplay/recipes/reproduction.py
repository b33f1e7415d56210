"""A promise is run, seed after seed, and becomes a row of the ledger."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes.instalments import kept, so_far
from counterplay.recipes.plan import open_data, plan
from counterplay.recipes.promises import Reproduction
from counterplay.recipes.registry import named
from counterplay.recipes.row import Criterion, Row
from counterplay.recipes.schema import Promise, Recipe
from counterplay.recipes.stale import TIME, asked_of, described

if TYPE_CHECKING:
    from counterplay.data import Source
    from counterplay.recipes.measuring import Bench
    from counterplay.recipes.plan import Plan
    from counterplay.recipes.session import Outcome, Place, Watch

__all__ = ["Peer", "Task", "compare", "reproduce", "shortened"]

FEW = 20
"""Rounds of a quick run."""


JUDGED = "the judge was trained for this alone, with a seed that no training has"


@dataclass(frozen=True)
class Task:
    """What is to be measured, and how it is told.

    Attributes:
        name: the promise's name.
        promise: the promise.
        data: the name or path of its data, as it is written down.
        opened: the same, as it can be opened from here.
        command: the command line that does this.
        device: "auto", "cpu" or "cuda".
        quick: only prove that everything works: few rounds, few samples, no verdict.
        say: where sentences for the person go.
        silent: draw no progress.
        resumed: go on with the trainings that are in the folder already.
    """

    name: str
    promise: Reproduction
    data: str
    opened: str
    command: str
    device: str = "auto"
    quick: bool = False
    say: Callable[[str], object] = print
    silent: bool = False
    resumed: bool = False

    def recipe(self, seed: int) -> Recipe:
        """Return what is run with ``seed``."""
        recipe = named(self.promise.recipe)
        found = replace(recipe, seed=seed, data=replace(recipe.data, source=self.opened))
        return shortened(found) if self.quick else found


@dataclass(frozen=True)
class Peer:
    """Another system's samples, to be measured as ours are.

    Attributes:
        name: the system, with its version.
        samples: an ``.npz`` file, see :func:`counterplay.recipes.measuring.peer_samples`.
        seconds: what each of its trainings took.
    """

    name: str
    samples: Path
    seconds: float


@dataclass(frozen=True)
class _Seed:
    """What one training came to; no figures where it went astray."""

    figures: Mapping[str, Any]
    training: float
    seconds: float
    notes: Sequence[str] = ()


def shortened(recipe: Recipe) -> Recipe:
    """Return the same recipe for a few rounds, with a look and a checkpoint on the way."""
    half = FEW // 2
    return replace(recipe, steps=FEW, log_every=half, look_every=half, checkpoint_every=half)


def reproduce(task: Task, seeds: Sequence[int], out: Path) -> Row:
    """Train once for each seed, or go on where it was interrupted; measure, and return the row.

    Raises:
        UserError: when the data or ``out`` cannot be used.
        KeyboardInterrupt: when a training was stopped by Ctrl-C or SIGTERM; its run folder can be
            gone on with, and no row is made.
    """
    from counterplay.recipes.session import joined
    from counterplay.run import vacant

    before = {seed: _spent(task, _folder(out, seed)) for seed in seeds}
    for seed in (each for each, seconds in before.items() if seconds is None):
        vacant(_folder(out, seed))
    found: list[_Seed] = []
    on: tuple[Bench, float] | None = None
    with joined(task.device) as place:
        if place.world.size > 1:
            raise UserError(
                f"reproduce measures one process, and {place.world.size} were started; "
                "leave torchrun out"
            )
        for seed in seeds:
            task.say(f"{task.name}: seed {seed} ({len(found) + 1} of {len(seeds)})")
            began = time.monotonic() - (before[seed] or 0.0)
            outcome = _trained(task, seed, out, place, before[seed] is not None)
            training = time.monotonic() - began
            if on is None:
                on = _prepared(task, place, outcome)
            found.append(_measured(task, outcome, training, on))
        assert on is not None, "there is no promise over no seeds"
        return _row(task, seeds, found, on[0], recipe=described(named(task.promise.recipe)))


def compare(task: Task, peer: Peer) -> Row:
    """Measure another system's samples with the same judge and counts, and return its row.

    Raises:
        UserError: when the samples cannot be read or do not fit the data.
    """
    from counterplay.recipes.measuring import bench, peer_samples
    from counterplay.recipes.session import joined

    with joined(task.device) as place:
        source = open_data(task.recipe(0).data)
        sets = peer_samples(peer.samples, source.domain)
        on = bench(source, place.device, task.quick)
        found = []
        for x in sets:
            figures, notes = on.score(x, ema=False)
            found.append(_Seed(figures, peer.seconds, peer.seconds, notes))
        note = "its seconds are those of its training, as they were given"
        return _row(task, range(len(found)), found, on, peer.name, notes=(note,))


def _folder(out: Path, seed: int) -> Path:
    return out / f"seed-{seed}"


def _spent(task: Task, folder: Path) -> float | None:
    """Return the seconds of the training in ``folder``, ``None`` where one has to be begun."""
    from counterplay.run import Run
    from counterplay.run.place import RECIPE

    if not task.resumed or not (folder / RECIPE).is_file():
        return None
    return max((r.get("time", 0.0) for r in Run.open(folder).records()), default=0.0)


def _trained(task: Task, seed: int, out: Path, place: Place, begun: bool) -> Outcome | None:
    """Return what a training left, or ``None`` when a cost went astray."""
    from counterplay.recipes.session import ENDED, Watch, start
    from counterplay.run import NonFinite

    ready = plan({task.promise.recipe: task.recipe(seed)}, place.device)
    watch = Watch(task.say, silent=task.silent, examine=False)
    play = _gone_on_with if begun else start
    try:
        outcome = play(ready, _folder(out, seed), place, watch)
    except NonFinite as error:
        task.say(f"seed {seed} went astray: {error}")
        return None
    if outcome.reason not in ENDED:
        task.say(f"stopped by {outcome.reason}: nothing is written down; --resume {out} goes on")
        raise KeyboardInterrupt
    return outcome


def _gone_on_with(ready: Plan, folder: Path, place: Place, watch: Watch) -> Outcome:
    from counterplay.recipes.opened import stored_recipe
    from counterplay.recipes.session import go_on
    from counterplay.run import Run

    run = Run.open(folder)
    stored = stored_recipe(run)
    moved = replace(stored, data=replace(stored.data, source=ready.recipe.data.source))
    if moved != ready.recipe:
        raise UserError(
            f"--resume {folder.parent}: {folder.name} is of another recipe than '{stored.name}' "
            "has now; leave --resume out, and it is trained anew"
        )
    return go_on(ready, run, moved, place, watch)


def _prepared(task: Task, place: Place, outcome: Outcome | None) -> tuple[Bench, float]:
    """Return the real side, and what it took; every seed is charged with that."""
    from counterplay.recipes.measuring import bench

    source: Source = outcome.plan.source if outcome else open_data(task.recipe(0).data)
    task.say("training the judge and preparing the real side ...")
    began = time.monotonic()
    found = bench(source, place.device, task.quick)
    return found, time.monotonic() - began


def _measured(
    task: Task, outcome: Outcome | None, training: float, on: tuple[Bench, float]
) -> _Seed:
    if outcome is None:
        return _Seed({}, training, training)
    began = time.monotonic()
    names = [each.metric for each in task.promise.promises]
    figures, notes = on[0].measure(outcome, names)
    seconds = training + on[1] + time.monotonic() - began
    steps, precision = outcome.state.step, outcome.plan.recipe.precision
    rounds = f"seed {outcome.plan.recipe.seed}: {steps:,} rounds in {precision}"
    return _Seed(figures, training, seconds, (*notes, rounds))


def _row(
    task: Task,
    seeds: Sequence[int],
    found: Sequence[_Seed],
    on: Bench,
    peer: str = "",
    *,
    notes: Sequence[str] = (),
    recipe: Mapping[str, Any] | None = None,
) -> Row:
    from counterplay.run.environment import machine, package_version

    asked = asked_of(task.promise, bool(peer))
    criteria = tuple(_criterion(bounds, over, found, task.quick) for bounds, over in asked)
    said = [*notes, *([task.promise.note] if task.promise.note else [])]
    said += [] if on.prepared.judge is None else [JUDGED]
    said += [note for each in found for note in each.notes]
    promised, count = (1 if peer or task.quick else task.promise.seeds), max(seeds) + 1
    said += so_far(task.name, count, promised)
    return Row(
        promise=task.name,
        system=peer or task.promise.system,
        peer=bool(peer),
        data=task.data,
        fingerprint=on.source.fingerprint,
        split=on.prepared.split,
        seeds=tuple(seeds),
        criteria=criteria,
        passed=None if task.quick else kept(criteria, count, promised),
        seconds=tuple(round(each.seconds, 1) for each in found),
        training_seconds=tuple(round(each.training, 1) for each in found),
        machine=machine(),
        version=package_version(),
        command=task.command,
        notes=tuple(dict.fromkeys(said)),
        recipe=dict(recipe or {}),
    )


def _criterion(bounds: Promise, over: str, found: Sequence[_Seed], quick: bool) -> Criterion:
    reference = next((_reference(each.figures, bounds) for each in found if each.figures), None)
    made = Criterion(
        metric=bounds.metric,
        what=bounds.what,
        at_least=bounds.at_least,
        at_most=bounds.at_most,
        relative=bounds.relative,
        over=over,
        published=bounds.published,
        source=bounds.citation,
        reference=None if reference is None else _rounded(reference),
        measured=tuple(_value(each, bounds) for each in found),
        median=None,
        passed=None,
    )
    return replace(made, median=made.middle(), passed=None if quick else made.holds())


def _reference(figures: Mapping[str, Any], bounds: Promise) -> float | None:
    return figures.get(bounds.metric, {}).get("reference")


def _value(seed: _Seed, bounds: Promise) -> float | None:
    if bounds.metric == TIME:
        return round(seed.seconds, 1)
    if not seed.figures:
        return None
    if bounds.metric not in seed.figures:
        known = ", ".join(sorted(seed.figures))
        raise UserError(f"'{bounds.metric}' is promised and not measured here; there are {known}")
    figure = seed.figures[bounds.metric]
    value = figure["value"]
    return _rounded(value / figure["reference"] if bounds.relative else value)


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")
