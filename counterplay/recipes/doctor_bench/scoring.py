"""What the doctor is worth, as of a medical test, by histories that were recorded before.

    sensitivity   share of the sick trainings of a condition that are found at any check-up after
                  its onset: by the condition's own name ("exact"), or by one that names the same
    false alarms  share of healthy trainings of which anything sick is said at any check-up
    delay         rounds from the onset to the first check-up that finds it; the onset is the round
                  from which the cause is there, so the time in which it takes effect counts too

A training that is not what it was made to be, by what it came to (:mod:`.reference`), is neither
found nor missed: it is told by name and counts for nothing.

Nothing is trained here: every prefix of a history is diagnosed anew, with any thresholds.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from counterplay.doctor import CONDITIONS, THRESHOLDS, Condition, History, Signs, diagnose
from counterplay.doctor.thresholds import Thresholds
from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.reference import shown

__all__ = ["HEALTHY", "Score", "Verdict", "confusion", "judge", "score", "tell"]

HEALTHY = "healthy"
"""What is said of a training of which nothing bad is said."""


@dataclass(frozen=True)
class Verdict:
    """What was said of one training.

    Attributes:
        case: its name.
        seed: of the training.
        condition: what was wrong with it, "" where nothing was.
        half: whether thresholds were chosen by it.
        found: the first round after the onset at which one of its names was said, or ``None``.
        exact: the first round at which its own name was, or ``None``.
        alarms: sick findings while it was healthy: name -> the first round.
        warnings: the same of warnings.
        said: what was said at the last check-up, the worst first; [healthy] where nothing was.
        named: what was said first at most of the check-ups after the onset that said anything.
        onset: the round from which the cause was there.
        checkups: how many there were; none where the training could not be made.
        reason: how the training ended.
        shown: whether it came to what it was made to be; ``None`` where no reference says it.
    """

    case: str
    seed: int
    condition: str
    half: str
    found: int | None
    exact: int | None
    alarms: Mapping[str, int]
    warnings: Mapping[str, int]
    said: Sequence[str]
    named: str
    onset: int
    checkups: int
    reason: str
    shown: bool | None = None

    @property
    def counts(self) -> bool:
        """Whether there is anything to judge, and the label holds."""
        return self.checkups > 0 and self.shown is not False

    @property
    def delay(self) -> int | None:
        """Rounds from the onset to the first finding of it."""
        return None if self.found is None else self.found - self.onset


@dataclass(frozen=True)
class Score:
    """What is said of one condition.

    Attributes:
        condition: its name.
        causes: different ones.
        runs: trainings.
        found: those that were found, by any name of it.
        exact: those that were found by its own name.
        delay: median rounds from the onset, of those that were found.
    """

    condition: str
    causes: int
    runs: int
    found: int
    exact: int
    delay: float | None

    @property
    def sensitivity(self) -> float:
        """Share of the trainings that were found."""
        return self.found / self.runs


def judge(
    case: Case,
    seed: int,
    history: History,
    reason: str = "finished",
    thresholds: Thresholds = THRESHOLDS,
    conditions: Sequence[Condition] = CONDITIONS,
    outcome: Mapping[str, float] | None = None,
) -> Verdict:
    """Return what the doctor says of a recorded training, check-up after check-up."""
    found = exact = None
    alarms: dict[str, int] = {}
    warnings: dict[str, int] = {}
    said: list[str] = []
    first: Counter[str] = Counter()
    signs = Signs()
    for checkup in history.checkups:
        findings = diagnose(history.upto(checkup.step), thresholds, conditions, signs)
        said = [f.name for f in findings if f.severity in ("sick", "warning")]
        first.update(said[:1] if checkup.step > case.after else ())
        if case.condition and checkup.step > case.after:
            found = found or (checkup.step if case.names.intersection(said) else None)
            exact = exact or (checkup.step if case.condition in said else None)
            continue
        for f in findings:
            known = {"sick": alarms, "warning": warnings}.get(f.severity)
            if known is not None:
                known.setdefault(f.name, checkup.step)
    return Verdict(
        case.name,
        seed,
        case.condition,
        case.half,
        found,
        exact,
        alarms,
        warnings,
        said or [HEALTHY],
        next((name for name, _ in first.most_common(1)), HEALTHY),
        case.after,
        len(history.checkups),
        reason,
        shown(case.condition, outcome, reason),
    )


def score(verdicts: Iterable[Verdict]) -> list[Score]:
    """Return each condition's figures, in the order in which they come."""
    groups: dict[str, list[Verdict]] = {}
    for each in verdicts:
        if each.condition and each.counts:
            groups.setdefault(each.condition, []).append(each)
    return [_score(name, group) for name, group in groups.items()]


def _score(name: str, group: Sequence[Verdict]) -> Score:
    delays = [v.delay for v in group if v.delay is not None]
    return Score(
        name,
        len({v.case for v in group}),
        len(group),
        len(delays),
        sum(v.exact is not None for v in group),
        statistics.median(delays) if delays else None,
    )


def confusion(verdicts: Iterable[Verdict]) -> dict[str, dict[str, int]]:
    """Return condition -> what it was named most often -> trainings; the healthy ones last."""
    found: dict[str, Counter[str]] = {}
    for each in sorted(verdicts, key=lambda v: not v.condition):
        if each.counts:
            row = found.setdefault(each.condition or HEALTHY, Counter())
            row[each.named] += 1
    return {name: dict(row.most_common()) for name, row in found.items()}


def tell(verdicts: Sequence[Verdict]) -> dict[str, object]:
    """Return all figures of one half, as plain data."""
    sick = [v for v in verdicts if v.condition and v.counts]
    well = [v for v in verdicts if not v.condition and v.counts]
    alarmed = [v for v in well if v.alarms]
    delays = [v.delay for v in sick if v.delay is not None]
    return {
        "sick": len(sick),
        "found": len(delays),
        "exact": sum(v.exact is not None for v in sick),
        "delay": statistics.median(delays) if delays else None,
        "healthy": len(well),
        "alarms": len(alarmed),
        "warned": sum(bool(v.warnings) for v in well),
        "not made": sum(not v.checkups for v in verdicts),
        "not shown": sum(v.shown is False for v in verdicts),
        "conditions": [{**asdict(s), "sensitivity": s.sensitivity} for s in score(verdicts)],
        "confusion": confusion(verdicts),
    }
