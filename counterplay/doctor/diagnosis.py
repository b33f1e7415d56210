"""From a history to findings: each condition's sign at each check-up, and what has lasted.

One look is no alarm: a condition is found where m of its last n check-ups show it, and it is told
since the first of the unbroken row. What explains another finding silences it.
"""

from __future__ import annotations

from collections.abc import Sequence

from counterplay.doctor.conditions import CONDITIONS, Condition
from counterplay.doctor.finding import ORDER, Figure, Finding
from counterplay.doctor.history import History, Moment
from counterplay.doctor.remedies import offered
from counterplay.doctor.thresholds import THRESHOLDS, Thresholds
from counterplay.doctor.verdict import verdict

__all__ = ["diagnose", "is_sick"]


def diagnose(
    history: History,
    thresholds: Thresholds = THRESHOLDS,
    conditions: Sequence[Condition] = CONDITIONS,
) -> list[Finding]:
    """Return what is found, the worst first; a healthy verdict where nothing is.

    A pure function of recorded numbers: the same history gives the same findings.

    Args:
        history: what was seen, until now.
        thresholds: where normal ends.
        conditions: what is looked for.
    """
    found = [f for c in conditions if (f := _held(c, history, thresholds))]
    names = {f.name for f in found}
    causes = {c.name: c.unless for c in conditions}
    told = [f for f in found if not names.intersection(causes[f.name])]
    if all(f.severity == "note" for f in told):
        told += verdict(history, thresholds)
    return sorted(told, key=lambda f: (ORDER.index(f.severity), -f.confidence))


def is_sick(findings: Sequence[Finding]) -> bool:
    """Return whether any of the findings says that samples are, or will be, bad."""
    return any(f.severity == "sick" for f in findings)


def _held(condition: Condition, history: History, thresholds: Thresholds) -> Finding | None:
    last = max(len(history.checkups) - 1, 0)
    least, width = condition.last
    signs = _recent(condition, history, thresholds, last, width)
    if sum(map(bool, signs)) < least:
        return None
    figures = next(figures for figures in signs if figures)
    row = _row(condition, history, last, thresholds)
    steps = [c.step for c in history.checkups] or [0]
    return Finding(
        name=condition.name,
        severity=condition.severity,
        since=steps[last - row + 1],
        step=steps[last],
        confidence=1.0 if width == 1 else 1 - 0.5**row,
        meaning=condition.meaning,
        figures=figures,
        remedies=tuple(offered(condition.name, history.options)),
    )


def _recent(
    condition: Condition, history: History, thresholds: Thresholds, last: int, width: int
) -> list[tuple[Figure, ...]]:
    """Return the signs at the last ``width`` check-ups, the latest first."""
    return [
        condition.sign(Moment(history, i), thresholds)
        for i in range(last, max(last - width, -1), -1)
    ]


def _row(condition: Condition, history: History, last: int, thresholds: Thresholds) -> int:
    """Return how many check-ups up to the last show it, gaps as long as it may have included."""
    allowed = condition.last[1] - condition.last[0]
    row, gap = 1, 0
    for i in range(last, -1, -1):
        if condition.sign(Moment(history, i), thresholds):
            row, gap = last - i + 1, 0
        else:
            gap += 1
        if gap > allowed:
            break
    return row
