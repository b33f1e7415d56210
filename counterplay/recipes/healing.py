"""Whether remedies heal: one sick training, gone on with as it is, and mended by the doctor."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from counterplay.recipes.doctoring import FINDINGS, SIGNALS, lines

if TYPE_CHECKING:
    from counterplay.doctor import Finding
    from counterplay.recipes.place import Place
    from counterplay.recipes.plan import Plan
    from counterplay.recipes.session import Outcome

__all__ = ["Course", "Trial", "counts", "course", "healed"]


DISTANCE, CLOSE = "samples/distance", 2.0
"""A signal of samples that does not depend on what is wrong with them, and where it is small."""


@dataclass(frozen=True)
class Course:
    """What a training came to.

    Attributes:
        ever: every sick finding that there was, in the order in which they came.
        last: those that hold of the networks that it ended with.
        signals: of the last check-up of these networks.
        tried: remedies, as options.
        seconds: what it took.
        outcome: what it left; ``None`` where it ended with a number that is none.
    """

    ever: tuple[str, ...]
    last: tuple[str, ...]
    signals: Mapping[str, float]
    tried: tuple[str, ...]
    seconds: float
    outcome: Outcome | None


@dataclass(frozen=True)
class Trial:
    """The same training twice: to the first sick finding with the same bits, then with and without.

    Attributes:
        alone: gone on with.
        mended: with the doctor's remedies; ``None`` where nothing sick was found.
    """

    alone: Course
    mended: Course | None

    @property
    def sick(self) -> bool:
        """Whether it ends sick when it is gone on with."""
        return bool(self.alone.last)

    @property
    def healed(self) -> bool:
        """Whether it ends sick by itself, and with remedies has nothing sick and is not worse."""
        mended = self.mended
        return self.sick and mended is not None and not mended.last and not self.worse

    @property
    def worse(self) -> bool:
        """Whether samples are farther from the data with remedies, and farther than real ones are.

        A training that loses what was wrong by losing everything is not healed.
        """
        ratio = self.ratio(DISTANCE)
        close = self.mended is None or self.mended.signals.get(DISTANCE, 0.0) <= CLOSE
        return ratio is not None and ratio > 1 and not close

    @property
    def recovered(self) -> bool:
        """Whether a sick finding was gone in the end though nothing was done."""
        return bool(self.alone.ever) and not self.sick

    def ratio(self, name: str) -> float | None:
        """Return a signal with remedies by the same without, such as "samples/distance"."""
        one = self.alone.signals.get(name)
        other = self.mended.signals.get(name) if self.mended else None
        return None if not one or other is None else other / one


def healed(
    plan: Plan,
    place: Place,
    folder: Path,
    *,
    every: int = 100,
    first: Plan | None = None,
    say: Callable[[str], object] = lambda _: None,
) -> Trial:
    """Train as it is, and once more with remedies if anything sick was found.

    Args:
        plan: what is trained, made sick on purpose.
        place: this process's place.
        folder: where the two run folders, "alone" and "mended", are made.
        every: rounds between check-ups.
        first: what is trained before, where it falls sick by what is changed on the way.
        say: where sentences go.

    Raises:
        UserError: when the game cannot be built, or a run folder is there already.
    """
    run = partial(course, plan, place, every=every, first=first, say=say)
    alone = run(folder / "alone", "warn")
    return Trial(alone, run(folder / "mended", "remedy") if alone.ever else None)


def course(
    plan: Plan,
    place: Place,
    out: Path,
    act: str,
    *,
    every: int = 100,
    first: Plan | None = None,
    say: Callable[[str], object] = lambda _: None,
) -> Course:
    """Train in the folder ``out`` and return what it came to.

    Args:
        plan: what is trained.
        place: this process's place.
        out: the run folder.
        act: what follows from a sick finding: "warn", "stop" or "remedy".
        every: rounds between check-ups.
        first: what is trained before, or ``None``.
        say: where sentences go.
    """
    from counterplay.doctor import diagnose
    from counterplay.doctor.history import from_records
    from counterplay.recipes.session import Watch, go_on, start
    from counterplay.run import NonFinite, Run

    watch = Watch(say, silent=True, examine=False, paths=False, doctor_every=every, on_finding=act)
    began, outcome = time.monotonic(), None
    try:
        outcome = start(first or plan, out, place, watch)
        if first is not None:
            outcome = go_on(plan, Run.open(out), first.recipe, place, watch)
    except NonFinite as error:
        say(str(error))
    known = from_records(lines(out / SIGNALS))
    if outcome is not None and outcome.state.step:
        # Of the networks that it ends with, which may be those that ranked best.
        known = known.upto(outcome.state.step)
    told = lines(out / FINDINGS, every=True)
    return Course(
        ever=tuple(dict.fromkeys(_named(told))),
        last=_sick(diagnose(known)),
        signals=dict(known.checkups[-1].values) if known.checkups else {},
        tried=tuple(r["options"] for r in told if r.get("event") == "remedy"),
        seconds=time.monotonic() - began,
        outcome=outcome,
    )


def counts(trials: Sequence[Trial]) -> dict[str, int]:
    """Return how many were found sick, ended sick alone, recovered alone, and were healed."""
    return {
        "found": sum(bool(t.alone.ever) for t in trials),
        "sick": sum(t.sick for t in trials),
        "recovered": sum(t.recovered for t in trials),
        "healed": sum(t.healed for t in trials),
    }


def _named(told: Iterable[Mapping[str, object]]) -> Iterable[str]:
    """Yield the names of the sick findings that were written down."""
    for record in told:
        found = record.get("findings", ())
        assert isinstance(found, list | tuple)
        yield from (f["name"] for f in found if f["severity"] == "sick")


def _sick(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(f.name for f in findings if f.severity == "sick")
