"""From a history to findings: each condition's sign at each check-up, and what has lasted.

One look is no alarm: a condition is found where m of its last n check-ups show it, and lost where m
of n do not; it is told since the first of the unbroken row. What explains another finding silences
it.
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

LASTING = 3
"""How many times as many check-ups are looked back on as it takes to make a finding."""


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
    told = [f for f in found if not names.intersection(causes[f.name]) and not _milder(f, found)]
    if all(f.severity == "note" for f in told):
        told += verdict(history, thresholds)
    return sorted(told, key=lambda f: (ORDER.index(f.severity), -f.confidence))


def _milder(finding: Finding, found: Sequence[Finding]) -> bool:
    """Return whether the same is found and worse."""
    rank = ORDER.index(finding.severity)
    return any(f.name == finding.name and ORDER.index(f.severity) < rank for f in found)


def is_sick(findings: Sequence[Finding]) -> bool:
    """Return whether any of the findings says that samples are, or will be, bad."""
    return any(f.severity == "sick" for f in findings)


def _held(condition: Condition, history: History, thresholds: Thresholds) -> Finding | None:
    last = max(len(history.checkups) - 1, 0)
    signs = _recent(condition, history, thresholds, last)
    if not any(signs) or not _on(condition, [bool(figures) for figures in signs]):
        return None
    ago, figures = next((i, figures) for i, figures in enumerate(signs) if figures)
    row = _row(condition, history, last - ago, thresholds)
    steps = [c.step for c in history.checkups] or [0]
    return Finding(
        name=condition.name,
        severity=condition.severity,
        since=steps[last - ago - row + 1],
        step=steps[last],
        confidence=1.0 if condition.last[1] == 1 else 1 - 0.5**row,
        meaning=condition.meaning,
        figures=figures,
        remedies=tuple(offered(condition.name, history.options)),
    )


def _recent(
    condition: Condition, history: History, thresholds: Thresholds, last: int
) -> list[tuple[Figure, ...]]:
    """Return the signs at the last check-ups, the latest first, as far back as they matter."""
    least, width = condition.last

    def signs(newest: int, count: int) -> list[tuple[Figure, ...]]:
        oldest = max(newest - count, -1)
        return [condition.sign(Moment(history, i), thresholds) for i in range(newest, oldest, -1)]

    found = signs(last, width)
    if 0 < sum(map(bool, found)) < least:  # else the older ones change nothing
        found += signs(last - width, (LASTING - 1) * width)
    return found


def _on(condition: Condition, shown: Sequence[bool]) -> bool:
    """Return whether a condition holds, from whether each check-up shows it, the latest first.

    It takes as many check-ups without a sign to lose a finding as with one to make it: what comes
    and goes is not healthy in between.
    """
    least, width = condition.last
    held = False
    for end in range(len(shown) - 1, -1, -1):
        window = shown[end : end + width]
        if sum(window) >= least:
            held = True
        elif len(window) - sum(window) >= least:
            held = False
    return held


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
