"""What the doctor says of a run folder, also of a dead one, and of a bare file of samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes.altered import applied, options
from counterplay.recipes.doctoring import FINDINGS, SIGNALS, doctor, lines
from counterplay.recipes.given import read_like
from counterplay.recipes.machine import MACHINE, words
from counterplay.recipes.plan import open_data
from counterplay.recipes.schema import Data, Recipe

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from counterplay.data import Source
    from counterplay.doctor import Checkup, Finding, History
    from counterplay.doctor.watch import Subject
    from counterplay.recipes.opened import Opened
    from counterplay.run import Run

__all__ = ["Diagnosis", "closer", "of_run", "of_samples"]

FRESH = 2000
"""Examples of either kind for a freshly trained critic."""
FAR = "Nothing is wrong, and the samples are not as close to the data as other real examples are."
FEWEST = 16
"""Samples of which anything can be said: what fewer of them reach depends on luck."""
TIMES = 5
"""Looks at one and the same state, with other samples each time: one look is no alarm."""


@dataclass(frozen=True)
class Diagnosis:
    """What was found, on what, and what a person should hear about it."""

    findings: list[Finding]
    history: History
    notes: tuple[str, ...] = ()


def of_run(
    path: Path, device: torch.device, data: str | None = None, fresh: bool = False
) -> Diagnosis:
    """Return what is found in the run folder ``path``; nothing in it is changed.

    Its recorded signals are judged anew. Without any, or when ``fresh``, its checkpoints are
    examined, which takes its data.

    Raises:
        UserError: when there is no run, or nothing in it that could be judged.
    """
    from counterplay.doctor import diagnose
    from counterplay.doctor.history import from_records
    from counterplay.run import Run

    run = Run.open(path)
    known = from_records(lines(path / SIGNALS))
    notes: tuple[str, ...] = ()
    if fresh or not known.checkups:
        bare = () if known.checkups else ("no signals were recorded",)
        known, notes = _examined(run, device, data)
        notes = (*bare, *notes)
    known = replace(known, checkups=[*known.checkups, *_astray(run, known)])
    if not known.checkups:
        raise UserError(f"{path} has neither signals nor a checkpoint yet; let it train a while")
    pictures = _pictures(run)
    found = [
        replace(f, picture=pictures.get(f.name, ""), remedies=_possible(f.remedies, run))
        for f in diagnose(known)
    ]
    return Diagnosis(found, known, (*notes, *words(lines(path / MACHINE))))


def closer(path: Path, device: torch.device, data: str | None = None) -> dict[str, Any]:
    """Return what a closer look at a run's networks says, in minutes: see ``doctor/deep.py``.

    Raises:
        UserError: when the run has no checkpoint.
    """
    from counterplay.doctor import deep
    from counterplay.game import Round
    from counterplay.recipes.opened import held_against, open_run
    from counterplay.run import checkpoint

    played, best = (open_run(path, device, raw=raw) for raw in (True, False))
    source, _ = held_against(played, data)
    game, recipe = played.sampler.game, played.recipe
    batch = next(iter(source.batches(recipe.data.batch, seed=recipe.seed, device=device)))
    round = Round(batch, played.step, recipe.seed)
    found: dict[str, Any] = _divergences(source, best)
    found |= deep.rotation(game, round) | deep.eigenvalue(game, round)
    steps = list(checkpoint.steps(played.run.checkpoints))
    if len(steps) > 1:
        ends = [_weights(path, device, str(step)) for step in (min(steps), max(steps))]
        found["path"] = deep.along(game, (ends[0], ends[1]), round)
    return found


def _divergences(source: Source, opened: Opened) -> dict[str, Any]:
    """Return the fresh critic's bound for samples, and for held-out examples in their place."""
    from counterplay.doctor.deep import fresh_critic
    from counterplay.metrics import pca, raw

    x = source.examples("train", FRESH).x
    features = raw() if x.ndim == 2 else pca(x, 32)
    sides = {"fresh/divergence": opened.sampler.encoded(len(x), seed=opened.recipe.seed + 1)[0]}
    if source.splits.get("validation"):
        sides["fresh/real"] = source.examples("validation", FRESH).x
    there = features(x)
    return {
        name: fresh_critic(there, features(side.cpu()))["fresh/divergence"]
        for name, side in sides.items()
        if len(side) >= 64
    }


def _weights(path: Path, device: torch.device, step: str) -> dict[str, Tensor]:
    from counterplay.recipes.opened import open_run

    game = open_run(path, device, step, raw=True).sampler.game
    return {name: p.detach() for name, p in game.named_parameters()}


def of_samples(path: str, data: str, device: torch.device) -> Diagnosis:
    """Return what is found in a file or folder of samples, beside the data they should be like.

    Raises:
        UserError: when either cannot be read, or they are not of one shape.
    """
    from counterplay.doctor import Checkup, History, diagnose
    from counterplay.doctor.history import STILL
    from counterplay.game import generator

    source = open_data(Data(data))
    x = read_like(path, source)
    if len(x) < FEWEST:
        raise UserError(
            f"--samples {path}: {FEWEST} or more are needed to tell anything, seen {len(x)}"
        )
    who = doctor(source, (), Recipe("samples"), device, shown=len(x))
    checkups = []
    for turn in range(TIMES):
        rows = _permuted(len(x), generator("samples", turn))
        values = who.compare(x[rows], None, "samples")
        # What is held out here may have been learnt from elsewhere: nobody is a stranger for sure.
        values.pop("samples/impartial", None)
        checkups.append(Checkup(turn, values))
    history = History({**who.facts, STILL: 1.0}, who.normal, checkups, {})
    found = [_bare(f) for f in diagnose(history)]
    return Diagnosis(found, history, (f"{len(x):,} samples beside '{source.name}'",))


def _bare(finding: Finding) -> Finding:
    """Return what is said of samples that nobody is training: no round, and nothing to wait for."""
    said = FAR if finding.name == "healthy-unfinished" else finding.meaning
    return replace(finding, since=0, step=0, meaning=said)


def _permuted(n: int, rng: torch.Generator) -> Tensor:
    import torch

    return torch.randperm(n, generator=rng)


def _examined(run: Run, device: torch.device, data: str | None) -> tuple[History, tuple[str, ...]]:
    """Return a history made of the run's checkpoints, the last one looked at several times."""
    from counterplay.doctor import History
    from counterplay.doctor.history import STILL
    from counterplay.recipes.opened import held_against, open_run
    from counterplay.run import checkpoint

    there = list(checkpoint.steps(run.checkpoints))
    if not there:
        return History(), ()
    opened = open_run(run.path, device)
    source, notes = held_against(opened, data)
    who = doctor(source, opened.sampler.share, opened.recipe, device)
    checkups: list[Checkup] = []
    for step in sorted({s for s in there if s < opened.step}):
        checkups.append(who.examine(_subject(run.path, device, str(step)), samples=True))
    now = _subject(run.path, device, str(opened.step))
    checkups += [who.examine(now, samples=True, turn=turn) for turn in range(TIMES)]
    facts = {**who.facts, STILL: 1.0}
    history = History(facts, who.normal, checkups, options(opened.recipe))
    return history, (*opened.notes, *notes, "its checkpoints were examined")


def _subject(path: Path, device: torch.device, checkpoint: str) -> Subject:
    from counterplay.doctor.watch import Subject
    from counterplay.recipes.opened import open_run

    played, best = (open_run(path, device, checkpoint, raw) for raw in (True, False))
    game = played.sampler.game
    return Subject(game, best.sampler.game if best.ema else game, (), played.step)


def _astray(run: Run, known: History) -> list[Checkup]:
    """Return a check-up that says so when the run ended with a number that is none."""
    from counterplay.doctor import Checkup

    events = [r for r in run.records() if r.get("event") == "nonfinite"]
    said = any("nonfinite" in c.values for c in known.checkups)
    return [Checkup(events[-1]["step"], {"nonfinite": 1.0})] if events and not said else []


def _possible(remedies: Sequence[Any], run: Run) -> tuple[Any, ...]:
    from counterplay.recipes.opened import stored_recipe

    recipe = stored_recipe(run)
    return tuple(r for r in remedies if _fits(recipe, r.changes))


def _fits(recipe: Recipe, changes: Any) -> bool:
    try:
        applied(recipe, changes)
    except UserError:
        return False
    return True


def _pictures(run: Run) -> dict[str, str]:
    """Return finding -> picture as they were written down while it trained."""
    told = [r["findings"] for r in lines(run.path / FINDINGS) if "findings" in r]
    return {f["name"]: f.get("picture", "") for findings in told for f in findings}
