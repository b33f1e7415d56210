"""The trainings of the bench: each by the doctor's ordinary way, of which only the history stays.

A record is a file of JSON lines: first how it ended, then the lines of ``signals.jsonl``. What has
a record is not trained again, so a bench that was broken off goes on where it stopped.
"""

from __future__ import annotations

import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes.altered import options
from counterplay.recipes.doctor_bench.case import Case, recipe_of
from counterplay.recipes.doctoring import SIGNALS, lines
from counterplay.recipes.plan import Plan, plan

if TYPE_CHECKING:
    from counterplay.doctor import History
    from counterplay.recipes.session import Outcome, Place, Watch

__all__ = ["Record", "Trial", "read", "record", "run"]


@dataclass(frozen=True)
class Trial:
    """One training: a case and a seed."""

    case: Case
    seed: int

    @property
    def name(self) -> str:
        """What its record is called."""
        return f"{self.case.name}-{self.seed}"


@dataclass(frozen=True)
class Record:
    """What stays of a training.

    Attributes:
        reason: "finished", "non-finite", or "failed: " and why: data of which nothing can be made
            end a training with a sentence, and what the doctor saw before then counts.
        seconds: that it took.
        history: what the doctor saw.
        outcome: what it came to, see :mod:`.reference`; ``None`` where that was not measured.
    """

    reason: str
    seconds: float
    history: History
    outcome: Mapping[str, float] | None = None

    @property
    def failed(self) -> bool:
        """Whether nothing of the training was seen."""
        return not self.history.checkups


def run(
    trials: Sequence[Trial], folder: Path, jobs: int = 1, say: Callable[[str], object] = print
) -> None:
    """Train what has no record in ``folder`` yet, in order, ``jobs`` at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    left = [t for t in trials if read(t, folder) is None]
    for number, (trial, reason, seconds) in enumerate(_made(left, folder, jobs), 1):
        say(f"{number} of {len(left)}: {trial.name}: {reason} ({seconds:.0f} s)")


def _made(trials: Sequence[Trial], folder: Path, jobs: int) -> Iterator[tuple[Trial, str, float]]:
    if jobs == 1:
        yield from (record(trial, folder) for trial in trials)
        return
    with multiprocessing.get_context("spawn").Pool(jobs, _alone) as pool:
        work = [pool.apply_async(record, (trial, folder)) for trial in trials]
        yield from (each.get() for each in work)


def _alone() -> None:
    import torch

    torch.set_num_threads(1)


def record(trial: Trial, folder: Path) -> tuple[Trial, str, float]:
    """Train, write the record, and return how it ended and after how many seconds."""
    began, told, outcome = time.monotonic(), [], {}
    with tempfile.TemporaryDirectory(prefix="counterplay-doctor-") as scratch:
        try:
            reason, outcome = _trained(trial, Path(scratch) / "run")
        except (UserError, ValueError, RuntimeError, OSError) as error:
            reason = f"failed: {str(error).splitlines()[0][:200]}"
        told = [_brief(r) for r in lines(Path(scratch) / "run" / SIGNALS)]
    seconds = time.monotonic() - began
    head = {"case": trial.case.name, "seed": trial.seed, "reason": reason, "seconds": seconds}
    rows = [json.dumps(each) for each in ({**head, "outcome": _rounded(outcome)}, *told)]
    half = _path(folder, trial).with_suffix(".part")
    half.write_text("\n".join(rows) + "\n", encoding="utf-8")
    half.replace(_path(folder, trial))
    return trial, reason, seconds


def read(trial: Trial, folder: Path) -> Record | None:
    """Return a training's record, or ``None`` where there is none by the case as it is now."""
    from counterplay.doctor.history import from_records

    path = _path(folder, trial)
    if not path.is_file():
        return None
    head, *rest = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    found = Record(head["reason"], head["seconds"], from_records(rest), head.get("outcome"))
    return found if found.failed or _fits(trial, found) else None


CHOSEN = frozenset({"data.source", "data.size", "data.length", "data.draw", "precision"})
"""What is decided when a training begins, whatever its case says."""


def _fits(trial: Trial, found: Record) -> bool:
    """Return whether the record is one of this case, and not of what it was once."""
    case, history = trial.case, found.history
    wanted = options(recipe_of(case, trial.seed, late=bool(case.after)))
    plain = json.loads(json.dumps(_rounded(wanted)))
    known = {k: v for k, v in history.options.items() if k not in CHOSEN}
    if "non-finite" in found.reason or "nonfinite" in history.checkups[-1].values:
        known.pop("steps", None)  # it may have ended in the first leg
    same = all(plain.get(k, v) == v for k, v in known.items())
    first = history.checkups[0]
    return same and (first.step % case.every == 0 or "nonfinite" in first.values)


def _path(folder: Path, trial: Trial) -> Path:
    return folder / f"{trial.name}.jsonl"


def _trained(trial: Trial, out: Path) -> tuple[str, dict[str, float]]:
    """Train in legs, and return how it ended and what it came to."""
    from counterplay.recipes.doctor_bench.reference import cost, measure, reached, stayed
    from counterplay.recipes.session import ENDED, joined, start
    from counterplay.run import NonFinite

    case, watch = trial.case, _watch(trial.case.every)
    with joined("cpu") as place:
        try:
            ready = _plan(trial, place)
            first = case.after or _quarter(ready, case)
            done = start(_at(ready, trial, first), out, place, watch)
            before = cost(done)
            if first < case.steps:
                done = _on(_at(ready, trial, case.steps, bool(case.after)), case, out, place, watch)
            if done.reason in ENDED and case.proof:
                ready = _at(ready, trial, case.proof, bool(case.after))
                done = _on(ready, case, out, place, _watch(0))
        except NonFinite:
            return "non-finite", {}
        if done.reason not in ENDED:
            raise KeyboardInterrupt  # it was stopped from outside, and is made anew the next time
        found = measure(done, before)
        if case.condition == "mode-hopping" and found:
            there, later = reached(done), max(case.steps, case.proof) + 2 * case.every
            done = _on(_at(ready, trial, later, bool(case.after)), case, out, place, _watch(0))
            found["stayed"] = stayed(there, reached(done))
        return done.reason, found


def _watch(every: int) -> Watch:
    from counterplay.recipes.session import Watch

    return Watch(_mute, silent=True, examine=False, doctor_every=every)


def _quarter(ready: Plan, case: Case) -> int:
    """Return the round at which a model's cost is asked for on the way; all of them for others."""
    from counterplay.recipes import build

    game = build.game(ready.recipe, ready.source.domain, ready.share)
    costs = callable(getattr(game, "likelihood", None))
    return case.every * max(1, case.steps // case.every // 4) if costs else case.steps


def _at(ready: Plan, trial: Trial, steps: int, late: bool = False) -> Plan:
    """Return the plan to that round, the data and what was settled with them as they are."""
    recipe = recipe_of(trial.case, trial.seed, late, steps)
    return replace(ready, recipe=replace(recipe, data=ready.recipe.data))


def _on(later: Plan, case: Case, out: Path, place: Place, watch: Watch) -> Outcome:
    """Go on by another recipe, as a remedy does: by --resume a person could not change as much."""
    from counterplay.recipes.session import go_on
    from counterplay.recipes.text import write
    from counterplay.run import Run

    changed = {path: [None, value] for path, value in case.late.items()}
    Run.open(out).amend(write(later.recipe), changed)
    return go_on(later, Run.open(out), later.recipe, place, watch)


def _plan(trial: Trial, place: Place) -> Plan:
    from counterplay.recipes.doctor_bench.made import MADE

    recipe = recipe_of(trial.case, trial.seed)
    what = MADE[trial.case.data]() if trial.case.data else None
    return plan({recipe.name: recipe}, place.device, what=what)


def _mute(line: str) -> None:
    """Say nothing."""


def _brief(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record without what a diagnosis does not read, in six digits."""
    kept = {k: v for k, v in record.items() if k not in ("time",)}
    return _rounded(kept)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    return value
