"""The driver that trains by a recipe: for the command line, for ``fit`` and for ``reproduce``.

It pulls reports from ``train`` and decides: what is logged, when the samples are looked at, when
a checkpoint is written, when to stop. Every process runs it; rank 0 alone writes and prints.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes import build
from counterplay.recipes.changes import changes
from counterplay.recipes.doctoring import Doctoring, remedied
from counterplay.recipes.looks import Look, draw_real, examine, score_of
from counterplay.recipes.place import Place, joined, together
from counterplay.recipes.plan import Plan, brief
from counterplay.recipes.samples import Sampler
from counterplay.recipes.schema import Recipe
from counterplay.recipes.stop import Stop
from counterplay.recipes.text import write

if TYPE_CHECKING:
    from counterplay.run import Progress, Run, Score, Trackers
    from counterplay.train import State

__all__ = ["ENDED", "Outcome", "Place", "Watch", "about", "go_on", "joined", "start"]


ENDED = ("finished", "budget", "patience")
"""Why a run ends that need not be gone on with."""


@dataclass(frozen=True)
class Watch:
    """How a training is watched; nothing of what is computed.

    Attributes:
        say: where sentences for the person go.
        trackers: second places for the numbers, by name.
        silent: draw no progress.
        examine: measure everything at the end.
        paths: speak of the run folder's files, which stay.
        doctor_every: rounds between the doctor's check-ups, which change nothing; 0: none.
        on_finding: what follows from a sick finding: "warn", "stop", or "remedy", which goes on
            from the last healthy checkpoint by a changed recipe.
    """

    say: Callable[[str], object] = print
    trackers: tuple[str, ...] = ()
    silent: bool = False
    examine: bool = True
    paths: bool = True
    doctor_every: int = 100
    on_finding: str = "warn"


@dataclass(frozen=True)
class Outcome:
    """What a training left.

    Attributes:
        plan: what was run.
        state: networks, averages and optimisers as they ended.
        sampler: draws from the networks to sample from.
        run: its folder.
        reason: one of :data:`ENDED`, "Ctrl-C" or "SIGTERM".
        figures: the evaluation, in the form of :func:`counterplay.metrics.evaluate`, or {}.
        picture: the last sample grid.
        step: rounds that were played; the networks may be those of an earlier one.
    """

    plan: Plan
    state: State
    sampler: Sampler
    run: Run
    reason: str
    figures: dict[str, Any]
    picture: Path | None
    step: int


def start(plan: Plan, out: Path, place: Place, watch: Watch) -> Outcome:
    """Make the run folder ``out`` and train in it.

    Raises:
        UserError: when the game cannot be built or the folder not be made: nothing is left of it.
            NonFinite when a cost goes astray: the last good checkpoint is kept.
    """
    from counterplay.run import NonFinite, Run, Trackers, environment

    together(place)  # nobody has looked for a free folder after another has made one
    trackers = Trackers(watch.trackers, watch.say)
    state = _state(plan, place)
    if place.world.leads:
        Run.create(out, write(plan.recipe), about(plan), environment())
    together(place)
    try:
        return _play(plan, state, Run.open(out), place, watch, trackers)
    except NonFinite:
        raise
    except UserError:
        if place.world.leads and not state.step:  # found in the first round, as some mistakes are
            shutil.rmtree(out, ignore_errors=True)
        raise


def about(plan: Plan) -> dict[str, Any]:
    """Return what the run folder says of the data: the domain, the classes' shares, the content."""
    source = plan.source
    more = {"share": list(plan.share), "fingerprint": source.fingerprint}
    return source.domain.to_json() | more


def go_on(plan: Plan, run: Run, stored: Recipe, place: Place, watch: Watch) -> Outcome:
    """Go on with a run from its newest whole checkpoint, to the same bits as without a break.

    Args:
        plan: by the recipe as it is asked for now.
        run: its folder.
        stored: the recipe as it stands in the folder.
        place: this process's place.
        watch: how it is watched.

    Raises:
        UserError: when the data or the recipe have changed in what they compute.
    """
    from counterplay.run import Trackers

    _same_data(plan, run)
    trackers = Trackers(watch.trackers, watch.say)
    state = _state(plan, place)
    restored = run.restore(state)
    for note in restored.notes:
        watch.say(note)
    found = changes(stored, plan.recipe, restored.step)
    if found and place.world.leads:
        run.amend(write(plan.recipe), found)
        for path, (old, new) in found.items():
            watch.say(f"changed: {path} from {old} to {new}")
    together(place)
    return _play(plan, state, run, place, watch, trackers)


def _same_data(plan: Plan, run: Run) -> None:
    """Refuse data that are not the run's own.

    Raises:
        UserError: naming the data.
    """
    before = run.domain.get("fingerprint")
    if before is not None and before != plan.source.fingerprint:
        raise UserError(
            f"--resume {run.path}: the data '{plan.recipe.data.source}' are not those of the run "
            f"(their contents differ); train anew into another --out"
        )


def _state(plan: Plan, place: Place) -> State:
    from counterplay.train import Ema, State

    recipe = plan.recipe
    shards = place.world.size * recipe.accumulate
    if recipe.data.batch % shards:
        raise UserError(
            f"a batch of {recipe.data.batch} cannot be cut into {shards} equal parts "
            f"({place.world.size} processes, accumulate {recipe.accumulate}); change --batch"
        )
    game = build.game(recipe, plan.source.domain, plan.share).to(place.device)
    build.refuse_parts(game, recipe, place.world.size)
    build.begin(game, recipe, plan.source)
    ema = Ema(recipe.ema) if recipe.ema else None
    return State(game, ema=ema, precision=recipe.precision)


def _play(
    plan: Plan, state: State, run: Run, place: Place, watch: Watch, trackers: Trackers
) -> Outcome:
    found = _played(plan, state, run, place, watch, trackers)
    while found.reason == "remedy":
        plan, run = remedied(plan, run, watch.say)
        state = _state(plan, place)
        run.restore(state)
        found = _played(plan, state, run, place, watch, trackers)
    return found


def _played(
    plan: Plan, state: State, run: Run, place: Place, watch: Watch, trackers: Trackers
) -> Outcome:
    from counterplay.run import Progress

    recipe = plan.recipe
    progress = Progress(recipe.steps, state.step, 1 if watch.silent else place.world.rank)
    watch.say(brief(recipe))
    try:
        run.begin(
            state.step,
            log_every=recipe.log_every,
            batch=recipe.data.batch,
            keep=recipe.keep,
            rank=place.world.rank,
            trackers=trackers,
            facts=_facts(plan),
        )
        training = _Training(plan, state, run, place, progress, watch)
        reason = training.play()
        step = state.step
        if reason in ENDED:
            training.settle()
        figures = training.last_look(watch.examine and reason in ENDED)
        run.finish(step, reason)
    finally:
        run.close()
    return Outcome(plan, state, training.sampler, run, reason, figures, training.picture, step)


class _Training:
    """One training under way: what is decided after each round."""

    def __init__(
        self, plan: Plan, state: State, run: Run, place: Place, progress: Progress, watch: Watch
    ) -> None:
        self.plan, self.state, self.run, self.place = plan, state, run, place
        self.progress, self._paths = progress, watch.paths
        self._doctoring = Doctoring.of(plan, run, place, watch, state.step)
        self.sampler = Sampler(state.best, plan.source.domain, plan.share)
        self.picture: Path | None = None
        self._look = Look(plan.source, place.device, plan.recipe.seed, plan.recipe.ema > 0)
        self._seen: tuple[int, Score | None] = (-1, None)
        self._saved = state.step

    def play(self) -> str:
        """Play the rounds that are left and return why they ended."""
        if not self.state.step:
            self.run.show_real(draw_real(self.plan.source))
        with Stop(self.plan.recipe.budget, _spent(self.run)) as stop, self.progress:
            with self._doctoring.astray(self.state):
                self._play_on(stop)
            stop.reason = stop.reason or self._doctoring.order
            if stop.reason == "remedy":
                return stop.reason
            in_haste = stop.reason in ("Ctrl-C", "SIGTERM")
            self._save(None if in_haste else self._glance())
            self._attend()
        return stop.reason or "finished"

    def _play_on(self, stop: Stop) -> None:
        for step, report in self._rounds():
            self._after(step, report)
            if self._waited(step):
                stop.reason = stop.reason or "patience"
            stop.reason = stop.reason or self._doctoring.order
            if self._ends(step, stop):
                break

    def settle(self) -> None:
        """Go back to the networks that ranked best, where the recipe ends with those."""
        found = self.run.best() if self.plan.recipe.finish == "best" else None
        if found is None or found.step == self.state.step:
            return
        self.state.load(found.tensors, found.scalars)
        self.picture = self.run.pictures().get(found.step, self.picture)
        self.progress.say(f"ends with the networks of step {found.step:,}, the best on validation")

    def _waited(self, step: int) -> bool:
        """Return whether the last ``patience`` looks were no better than one before them."""
        recipe = self.plan.recipe
        if not recipe.patience or step % recipe.look_every or not self.place.world.leads:
            return False
        looks = [r for r in self.run.records() if r.get("event") == "look"]
        costs = [score.cost() for r in looks if (score := score_of(r)) is not None]
        return bool(costs) and len(costs) - 1 - costs.index(min(costs)) >= recipe.patience

    def _rounds(self) -> Iterator[tuple[int, Any]]:
        from counterplay.train import falling, train

        recipe, world = self.plan.recipe, self.place.world
        pace = falling(recipe.steps, recipe.decay) if recipe.decay else None
        batches = self.plan.source.batches(
            recipe.data.batch,
            seed=recipe.seed,
            start=self.state.step,
            shard=(world.rank, world.size),
            device=self.place.device,
        )
        return train(
            self.state.game,
            batches,
            steps=recipe.steps,
            dynamics=build.dynamics(recipe.dynamics),
            seed=recipe.seed,
            state=self.state,
            accumulate=recipe.accumulate,
            pace=pace,
        )

    def last_look(self, full: bool) -> dict[str, Any]:
        """Measure everything against the test part, and write it down."""
        if not (full and self.place.world.leads):
            return {}
        recipe, source = self.plan.recipe, self.plan.source
        judged = " (with classes a judge is trained first)" if source.domain.classes else ""
        self.progress.say(f"measuring against the test part{judged} ...")
        try:
            ema = recipe.ema > 0
            found = examine(self.sampler, source, self.place.device, ema=ema, seed=recipe.seed)
        except UserError as error:
            self.progress.say(f"not measured: {error}")
            return {}
        self.run.evaluated(self.state.step, found)
        return found

    def _after(self, step: int, report: Any) -> None:
        recipe = self.plan.recipe
        record = self.run.log(step, report)
        if record:
            terms = {name: value for name, value in record["last"].items() if "/" in name}
            self.progress.update(step, record.get("images_per_second"), terms)
            self._doctoring.hear(record)
        else:
            self.progress.update(step)
        score = None if step % recipe.look_every else self._glance()
        if step % recipe.checkpoint_every == 0:
            self._save(score)
        self._attend()

    def _attend(self) -> None:
        if self._doctoring.due(self.state.step):
            self._doctoring.attend(self.state, self.sampler, self.progress)

    def _glance(self) -> Score | None:
        """Look at the samples, once at each step; return by what its checkpoint is ranked."""
        step = self.state.step
        if not self.place.world.leads:
            return None
        if step != self._seen[0]:
            with self.run.aside():
                picture, figures = self._look(self.sampler)
                self._look.keep(self.sampler, self.run.path / "samples", step)
                self.picture = self.run.look(step, picture, figures)
                self._doctoring.looked(figures)
            self._seen = (step, score_of(figures))
            self.progress.update(step, picture=self.picture if self._paths else None)
            self.progress.say(self._line(step))
        return self._seen[1]

    def _line(self, step: int) -> str:
        score = self._seen[1]
        measured = [f"{score.metric} {score.value:.4g}"] if score else []
        where = [str(self.picture)] if self._paths else []
        return " · ".join([f"step {step:,}", *measured, *where])

    def _save(self, score: Score | None) -> None:
        if self.state.step > self._saved:
            self.run.save(self.state, score)
            self._saved = self.state.step

    def _ends(self, step: int, stop: Stop) -> bool:
        """Return whether to stop, which all processes have to do after the same round."""
        if self.place.world.size == 1:
            return stop.now()
        if step % self.plan.recipe.log_every:
            return False
        import torch

        from counterplay.parallel import average_tensors

        (share,) = average_tensors([torch.tensor([float(stop.now())], device=self.place.device)])
        if share.item() > 0 and not stop.reason:
            stop.reason = "another process was stopped"
        return bool(share.item() > 0)


def _facts(plan: Plan) -> dict[str, Any]:
    source = plan.source
    facts = {"data": source.name, "splits": dict(source.splits), "notes": list(source.notes)}
    return facts | ({"recipe chosen for": plan.reason} if plan.reason else {})


def _spent(run: Run) -> float:
    """Return the minutes that the run has trained for."""
    return max((record.get("time", 0.0) for record in run.records()), default=0.0) / 60
