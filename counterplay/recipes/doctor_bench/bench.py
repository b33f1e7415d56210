"""The bench from end to end: trained, judged, written to ``docs/doctor.json`` and its page."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from counterplay.errors import UserError
from counterplay.recipes.doctor_bench.case import SEEDS, Case, Half
from counterplay.recipes.doctor_bench.catalogue import CASES
from counterplay.recipes.doctor_bench.page import section, spliced
from counterplay.recipes.doctor_bench.runner import Trial, read, run
from counterplay.recipes.doctor_bench.scoring import Verdict, judge, tell

__all__ = ["FALSE_ALARMS", "QUICK", "SENSITIVITY", "Bench", "kept", "trials", "verdicts"]

SENSITIVITY, FALSE_ALARMS = 0.9, 0.05
"""What is promised of each condition, and of the healthy trainings, on the held half."""

QUICK = ("same-grey", "few-points", "nan-descent", "well-moons")
"""Cases that are tried where only the plumbing is to be proved."""

QUICK_STEPS = 12
HALVES: tuple[Half, ...] = ("fitted", "seen", "held")


@dataclass(frozen=True)
class Bench:
    """Where a bench keeps its records and writes its figures.

    Attributes:
        folder: of the records; what is there is not trained again.
        docs: the folder of ``doctor.json`` and ``doctor.md``, or ``None`` to write nothing.
        seeds: of each case.
        jobs: trainings at a time.
        say: where sentences for the person go.
    """

    folder: Path
    docs: Path | None
    seeds: int = SEEDS
    jobs: int = 1
    say: Callable[[str], object] = print

    def run(self, cases: Sequence[Case] = CASES) -> dict[str, Any]:
        """Train what is not recorded, judge everything, write it down, and return the figures."""
        asked = trials(cases, self.seeds)
        run(asked, self.folder, self.jobs, self.say)
        return self.judged(asked)

    def judged(self, asked: Sequence[Trial]) -> dict[str, Any]:
        """Judge the recorded trainings, write the figures down, and return them."""
        found = figures(verdicts(asked, self.folder), len(asked))
        if self.docs is not None:
            self._write(self.docs, found)
        return found

    def _write(self, docs: Path, found: Mapping[str, Any]) -> None:
        from counterplay.run.files import telling, write

        write(docs / "doctor.json", json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        page = docs / "doctor.md"
        with telling(page, "read"):
            before = page.read_text(encoding="utf-8") if page.is_file() else ""
        write(page, spliced(before, section(found)))


def trials(cases: Sequence[Case], seeds: int = SEEDS) -> list[Trial]:
    """Return every training: one seed of all cases, sick and healthy in turns, then the next.

    What has been looked at since it was held counts for nothing: one seed of it shows enough.
    """
    sick = [case for case in cases if case.condition]
    well = [case for case in cases if not case.condition]
    longest = max(len(sick), len(well))
    turns = [each for i in range(longest) for each in (*sick[i : i + 1], *well[i : i + 1])]
    rows = [(seed, case) for seed in range(seeds) for case in turns]
    return [Trial(case, seed) for seed, case in rows if not seed or case.half != "seen"]


def verdicts(asked: Sequence[Trial], folder: Path) -> list[Verdict]:
    """Return what is said of every training that has a record."""
    known = ((trial, read(trial, folder)) for trial in asked)
    return [
        judge(trial.case, trial.seed, record.history, record.reason, outcome=record.outcome)
        for trial, record in known
        if record is not None
    ]


def figures(found: Sequence[Verdict], asked: int) -> dict[str, Any]:
    """Return all that is published, as plain data."""
    from counterplay.doctor import THRESHOLDS
    from counterplay.run.environment import machine, package_version

    return {
        "schema": 1,
        "command": "counterplay reproduce doctor",
        "version": package_version(),
        "machine": machine(),
        "asked": asked,
        "recorded": len(found),
        "promised": {"sensitivity": SENSITIVITY, "false alarms": FALSE_ALARMS},
        "thresholds": dict(THRESHOLDS),
        "halves": {half: tell([v for v in found if v.half == half]) for half in HALVES},
        "runs": [asdict(each) for each in found],
    }


def kept(found: Mapping[str, Any]) -> bool:
    """Return whether the promise is kept: on the held half, when all of it has been trained."""
    held = found["halves"]["held"]
    alarms = held["alarms"] <= FALSE_ALARMS * held["healthy"]
    found_all = all(row["sensitivity"] >= SENSITIVITY for row in held["conditions"])
    return bool(found["recorded"] == found["asked"] and alarms and found_all)


def quick(folder: Path, say: Callable[[str], object]) -> list[Verdict]:
    """Train a handful for a few rounds and judge them: it proves that everything works.

    Raises:
        UserError: when a training could not be made or read back.
    """
    from dataclasses import replace

    cases = [
        replace(case, steps=QUICK_STEPS, every=QUICK_STEPS // 3)
        for case in CASES
        if case.name in QUICK
    ]
    asked = trials(cases, 1)
    run(asked, folder, say=say)
    found = verdicts(asked, folder)
    empty = [v.case for v in found if not v.checkups]
    if len(found) != len(QUICK) or empty:
        raise UserError(f"the bench does not work: nothing was seen of {empty or 'some'}")
    return found
