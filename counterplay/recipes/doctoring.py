"""The doctor in a training: when it examines, what is written down, and what follows from it.

``signals.jsonl`` has the numbers (a head with what is normal here, then a line for each check-up),
``findings.jsonl`` a line for each time when what is found has changed: the whole of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes import build
from counterplay.recipes.altered import applied, applies, options
from counterplay.recipes.machine import MACHINE, measured
from counterplay.recipes.plan import Plan
from counterplay.recipes.samples import Sampler
from counterplay.recipes.schema import Recipe

if TYPE_CHECKING:
    import torch

    from counterplay.data import Source
    from counterplay.doctor import Finding, History, Remedy, Signs
    from counterplay.doctor.watch import Doctor
    from counterplay.game import Batch, Game
    from counterplay.recipes.session import Place, Watch
    from counterplay.run import Progress, Run
    from counterplay.train import State

__all__ = [
    "ACTS",
    "FINDINGS",
    "SIGNALS",
    "Doctoring",
    "doctor",
    "lines",
    "remedied",
]

SIGNALS, FINDINGS = "signals.jsonl", "findings.jsonl"
PICTURES = "findings"

ACTS = {"warn": "", "stop": "finding", "remedy": "remedy"}
"""What follows from a sick finding, and the reason by which a training ends for it."""

TRIES = 6
"""Remedies that are tried in a run; what they do not mend goes on with a warning."""
GRACE = 8
"""Check-ups that a remedy is given before another one is tried."""

TRAIN, HELD = 4096, 512
NUMBERS = 10_000_000
"""Numbers of input that the doctor looks at when it begins."""


def doctor(
    source: Source,
    share: Sequence[float],
    recipe: Recipe,
    device: torch.device,
    alone: bool = True,
    shown: int | None = None,
) -> Doctor:
    """Return a doctor for games on these data.

    Args:
        source: the data.
        share: how often each class is drawn.
        recipe: of the training.
        device: where samples are compared.
        alone: whether this process plays by itself: players are asked about nothing otherwise.
        shown: samples that there are, where there are no more to draw.
    """
    from counterplay.doctor.watch import Doctor

    def draw(game: Game, n: int, seed: int) -> Any:
        return Sampler(game, source.domain, tuple(share)).encoded(n, None, seed)

    wide = max(1, NUMBERS // max(1, _numbers(source.domain.shape)))
    held = _held(source, min(HELD, wide))
    return Doctor(
        train=source.examples("train", min(TRAIN, max(wide, 64))),
        held=held,
        examples=0 if source.law else source.splits["train"],
        batch=recipe.data.batch,
        draw=draw,
        device=device,
        seed=recipe.seed,
        asked=alone,
        paired=not getattr(recipe.game, "triples", False),
        shown=shown,
        ordered=source.domain.kind == "sequence",
    )


def _held(source: Source, n: int) -> Batch | None:
    there = source.splits.get("validation", 0)
    return source.examples("validation", min(n, there)) if there >= 4 else None


def _numbers(shape: Sequence[int]) -> int:
    total = 1
    for side in shape:
        total *= side
    return total


@dataclass
class Doctoring:
    """The doctor of one training.

    Attributes:
        plan: what is trained.
        run: its folder, to be written into.
        device: of the networks.
        every: rounds between check-ups; 0 is no doctor.
        act: "warn", "stop" or "remedy".
        alone: whether this process plays by itself.
        findings: the latest ones, the worst first.
        order: by what reason training should end now: "", "finding" or "remedy".
    """

    plan: Plan
    run: Run
    device: torch.device
    every: int
    act: str = "warn"
    alone: bool = True
    findings: list[Finding] = field(default_factory=list)
    order: str = ""
    _doctor: Doctor | None = None
    _history: History | None = None
    _signs: Signs | None = None
    _last: int = -1
    _looked: dict[str, float] | None = None
    _records: list[dict[str, Any]] = field(default_factory=list)
    _pictures: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan, run: Run, place: Place, watch: Watch, step: int) -> Doctoring:
        """Return the doctor of a training that goes on from ``step``; one process has one."""
        if watch.on_finding == "remedy" and place.world.size > 1:
            raise UserError("--on-finding remedy is for one process; stop and warn work with more")
        every = watch.doctor_every if place.world.leads else 0
        for name in (SIGNALS, FINDINGS, MACHINE) if place.world.leads else ():
            if (run.path / name).exists():
                _append(run.path / name, {"event": "resume", "step": step})
        alone = place.world.size == 1
        return cls(plan, run, place.device, every, watch.on_finding, alone)

    def attend(self, state: State, sampler: Sampler, progress: Progress) -> None:
        """Examine; say what is new, and how it is."""
        from counterplay.doctor.text import health, told

        fresh = self.check(state, sampler)
        progress.update(state.step, health=health(self.findings))
        for finding in fresh:
            if finding.severity != "healthy":
                progress.say(told(finding))
        self.order = self._ordered()

    def hear(self, record: Mapping[str, Any]) -> None:
        """Take in a record of the training."""
        if self.every:
            self._records.append(dict(record))

    def looked(self, figures: Mapping[str, Any]) -> None:
        """Take in the figures of a look; there is a check-up at each."""
        found = figures.get("metrics", {})
        self._looked = {f"look/{name}": each["value"] for name, each in found.items()}

    def due(self, step: int) -> bool:
        """Return whether there is a check-up after round ``step``."""
        regular = step % self.every == 0 and step != self._last if self.every else False
        return regular or (bool(self.every) and self._looked is not None)

    def check(self, state: State, sampler: Sampler) -> list[Finding]:
        """Examine, write down, and return those findings that were not there before."""
        from counterplay.doctor import Checkup, History, diagnose
        from counterplay.doctor.history import finite, merged
        from counterplay.doctor.watch import Subject

        known = self._begun(state.step)
        assert self._doctor is not None
        began = time.monotonic()
        for record in self._records:
            self._doctor.hear({k: v for k, v in record.items() if "/" in k})
        subject = Subject(state.game, sampler.game, state.seats, state.step)
        if state.step == self._last:  # the last look comes after the last check-up
            values = self._doctor.late(subject)
        else:
            samples = True if self._looked is not None else None
            values = dict(self._doctor.examine(subject, samples).values)
        values = finite(values | (self._looked or {}))
        machine = measured(self._records, self.device, time.monotonic() - began)
        self._records, self._looked, self._last = [], None, state.step
        self._write(SIGNALS, {"step": state.step, "signals": values})
        self._write(MACHINE, {"step": state.step, **machine})
        facts = {**known.facts, **self._doctor.facts}
        checkups = merged([*known.checkups, Checkup(state.step, values)])
        self._history = History(facts, known.normal, checkups, known.options)
        return self._found(diagnose(self._history, signs=self._signs), sampler)

    @contextmanager
    def astray(self, state: State) -> Iterator[None]:
        """Write down when a number inside is none any more; a remedy takes the error's place."""
        from counterplay.run.log import NonFinite

        try:
            yield
        except NonFinite as error:
            if not self.every:
                raise
            self._strayed(max(state.step, error.step))
            self.run.report()
            if self.order != "remedy":
                raise

    def _strayed(self, step: int) -> None:
        from counterplay.doctor import Checkup, History, diagnose

        known = self._begun(step)
        last = Checkup(step, {"nonfinite": 1.0})
        self._write(SIGNALS, {"step": step, "signals": dict(last.values)})
        self._history = History(known.facts, known.normal, [*known.checkups, last], known.options)
        self._found(diagnose(self._history), None)
        self.order = self._ordered()

    def _ordered(self) -> str:
        sick = [f for f in self.findings if f.severity == "sick"]
        if not sick or self.act == "warn":
            return ""
        ripe = self.act == "stop" or self._ripe(sick)
        return ACTS[self.act] if ripe else ""

    def _ripe(self, sick: Sequence[Finding]) -> bool:
        """Return whether another remedy is to be tried: there is one, and the last had its time."""
        before = [r for r in self._lines(FINDINGS, every=True) if r.get("event") == "remedy"]
        due = before[-1]["step"] + GRACE * self.every if before else 0
        waits = sick[0].step < due and all(f.name != "non-finite" for f in sick)
        return len(before) < TRIES and not waits and untried(self.run, sick) is not None

    def _begun(self, step: int) -> History:
        """Return the history so far: of the run that is gone on with, or a new one."""
        from counterplay.doctor import History, Signs
        from counterplay.doctor.history import from_records, to_record

        if self._history is not None:
            return self._history
        plan = self.plan
        self._doctor = doctor(plan.source, plan.share, plan.recipe, self.device, self.alone)
        self._signs, before = Signs(), from_records(self._lines(SIGNALS))
        self._doctor.recall(before.checkups)
        known = History(
            self._doctor.facts, self._doctor.normal, before.checkups, options(plan.recipe)
        )
        self._write(SIGNALS, {"event": "head", "step": step, **to_record(known)})
        return known

    def _found(self, findings: list[Finding], sampler: Sampler | None) -> list[Finding]:
        """Keep the findings, with what applies here; write them when they are others."""
        before = {(f.name, f.severity) for f in self.findings}
        fresh = [f for f in findings if (f.name, f.severity) not in before]
        kept = {f.name: f.remedies for f in self.findings}
        self.findings = [
            self._pictured(self._with_remedies(f, kept.get(f.name)), sampler) for f in findings
        ]
        if fresh or len(findings) != len(before):
            step = findings[0].step if findings else 0
            told = [f.to_json() for f in self.findings]
            self._write(FINDINGS, {"event": "health", "step": step, "findings": told})
        names = {f.name for f in fresh}
        return [f for f in self.findings if f.name in names]

    def _with_remedies(self, finding: Finding, known: Sequence[Any] | None) -> Finding:
        if known is None:
            known = [r for r in finding.remedies if applies(self.plan, r.changes)]
        return replace(finding, remedies=tuple(known))

    def _pictured(self, finding: Finding, sampler: Sampler | None) -> Finding:
        from counterplay.doctor import CONDITIONS

        shown = {c.name for c in CONDITIONS if c.samples}
        if finding.name not in shown:
            return finding
        if finding.name not in self._pictures and sampler is not None:
            self._pictures[finding.name] = self._drawn(finding, sampler)
        return replace(finding, picture=self._pictures.get(finding.name, ""))

    def _drawn(self, finding: Finding, sampler: Sampler) -> str:
        from counterplay.recipes.looks import draw
        from counterplay.run.files import write
        from counterplay.run.pictures import png

        folder = self.run.path / PICTURES
        folder.mkdir(exist_ok=True)
        path = folder / f"{finding.step:08d}-{finding.name}.png"
        write(path, png(draw(sampler, self.plan.source, self.plan.recipe.seed)))
        return str(path.relative_to(self.run.path))

    def _write(self, name: str, record: Mapping[str, Any]) -> None:
        _append(self.run.path / name, record)

    def _lines(self, name: str, every: bool = False) -> list[dict[str, Any]]:
        return lines(self.run.path / name, every)


def untried(run: Run, findings: Sequence[Finding]) -> tuple[Finding, Remedy] | None:
    """Return the first sick finding with a remedy that the run has not tried, and that one."""
    tried = [r.get("options") for r in lines(run.path / FINDINGS, every=True)]
    for finding in findings:
        for each in finding.remedies if finding.severity == "sick" else ():
            if each.options not in tried:
                return finding, each
    return None


def remedied(plan: Plan, run: Run, say: Callable[[str], object]) -> tuple[Plan, Run]:
    """Change the recipe of a run by the first remedy, back at its last healthy checkpoint.

    Returns: the changed plan, and the run, to be gone on with from its newest checkpoint; from the
        first round where there is none from before the finding, or the networks are others now.
    """
    from counterplay.doctor.finding import from_json
    from counterplay.recipes.text import write
    from counterplay.run import Run, checkpoint

    told = [r for r in lines(run.path / FINDINGS) if "findings" in r][-1]["findings"]
    chosen = untried(run, [from_json(each) for each in told])
    assert chosen is not None, "training ends for a remedy only where there is one"
    finding, remedy = chosen
    recipe = applied(plan.recipe, remedy.changes)
    there = checkpoint.steps(run.checkpoints)
    step = max((s for s in there if s < finding.since and _same(plan, recipe)), default=0)
    for later in (path for at, path in there.items() if at > step):
        checkpoint.remove(later)
    before = options(plan.recipe)
    run.amend(write(recipe), {p: [before.get(p), v] for p, v in remedy.changes.items()})
    about = {"finding": finding.name, "options": remedy.options, "why": remedy.why}
    seen = [r["step"] for r in lines(run.path / SIGNALS) if "signals" in r]
    at = max([finding.step, *seen])
    _append(run.path / FINDINGS, {"event": "remedy", "step": step, "at": at, **about})
    say(f"{finding.name}: back to round {step:,}, and on with {remedy.options} ({remedy.why})")
    return replace(plan, recipe=recipe), Run.open(run.path)


def _same(plan: Plan, recipe: Recipe) -> bool:
    """Return whether the networks of the plan fit the changed recipe."""
    games = [build.game(r, plan.source.domain, plan.share) for r in (plan.recipe, recipe)]
    one, other = ({k: v.shape for k, v in game.state_dict().items()} for game in games)
    return one == other


def _append(path: Path, record: Mapping[str, Any]) -> None:
    from counterplay.run.log import Journal

    journal = Journal(path)
    journal.write(record)
    journal.close()


def lines(path: Path, every: bool = False) -> list[dict[str, Any]]:
    """Return what the file says, without what was superseded unless ``every`` line is wanted."""
    from counterplay.run.log import history, records

    return (history if every else records)(path)
