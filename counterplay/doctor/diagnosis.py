"""From a history to findings: each condition's sign at each check-up, and what has lasted.

One look is no alarm: a condition is found where m of its last n check-ups show it, and lost where m
of n do not; it is told since the first of the unbroken row. What explains another finding silences
it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from counterplay.doctor.conditions import CONDITIONS, Condition
from counterplay.doctor.finding import ORDER, Figure, Finding
from counterplay.doctor.history import Checkup, History, Moment
from counterplay.doctor.remedies import offered
from counterplay.doctor.thresholds import THRESHOLDS, Thresholds
from counterplay.doctor.verdict import verdict

__all__ = ["Signs", "diagnose", "is_sick"]

LASTING = 3
"""How many times as many check-ups are looked back on as it takes to make a finding."""
KEPT = 256
"""Check-ups whose signs are kept."""

Figures = tuple[Figure, ...]


class Signs:
    """The signs at the check-ups of one history, by one table of thresholds, each sought once.

    A history grows at its end, and a sign looks back alone: what it showed once it will show again.
    """

    def __init__(self) -> None:
        self._kept: dict[Condition, dict[int, tuple[Checkup, Figures]]] = defaultdict(dict)

    def at(self, condition: Condition, history: History, t: Thresholds, index: int) -> Figures:
        """Return the condition's sign at a check-up of the history."""
        if not history.checkups:
            return condition.sign(Moment(history, index), t)
        kept, checkup = self._kept[condition], history.checkups[index]
        if index not in kept or kept[index][0] is not checkup:
            kept[index] = checkup, condition.sign(Moment(history, index), t)
            kept.pop(index - KEPT, None)
        return kept[index][1]


def diagnose(
    history: History,
    thresholds: Thresholds = THRESHOLDS,
    conditions: Sequence[Condition] = CONDITIONS,
    signs: Signs | None = None,
) -> list[Finding]:
    """Return what is found, the worst first; a healthy verdict where nothing is.

    A pure function of recorded numbers: the same history gives the same findings.

    Args:
        history: what was seen, until now.
        thresholds: where normal ends.
        conditions: what is looked for.
        signs: those of the same history when it was shorter, where it is asked again and again.
    """
    signs = signs or Signs()
    found = [f for c in conditions if (f := _held(c, history, thresholds, signs))]
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


def _held(
    condition: Condition, history: History, thresholds: Thresholds, signs: Signs
) -> Finding | None:
    last = max(len(history.checkups) - 1, 0)

    def at(index: int) -> Figures:
        return signs.at(condition, history, thresholds, index)

    recent = _recent(condition, at, last)
    if not any(recent) or not _on(condition, [bool(figures) for figures in recent]):
        return None
    ago, figures = next((i, figures) for i, figures in enumerate(recent) if figures)
    row = _row(condition, at, last - ago)
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


def _recent(condition: Condition, at: Callable[[int], Figures], last: int) -> list[Figures]:
    """Return the signs at the last check-ups, the latest first, as far back as they matter."""
    least, width = condition.last

    def signs(newest: int, count: int) -> list[Figures]:
        return [at(i) for i in range(newest, max(newest - count, -1), -1)]

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


def _row(condition: Condition, at: Callable[[int], Figures], last: int) -> int:
    """Return how many check-ups up to the last show it, gaps as long as it may have included."""
    allowed = condition.last[1] - condition.last[0]
    row, gap = 1, 0
    for i in range(last, -1, -1):
        if at(i):
            row, gap = last - i + 1, 0
        else:
            gap += 1
        if gap > allowed:
            break
    return row
