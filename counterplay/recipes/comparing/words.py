"""A comparison in words: what to pick, and why, from the figures."""

from __future__ import annotations

import math
from collections.abc import Sequence

from counterplay.recipes.comparing.rows import Row, axis, differ, leaders

__all__ = ["advice", "copies", "standing"]

COPIED = 0.8
"""Share of held-out examples' authenticity below which samples may be copies."""

GOOD = 0.5
"""Standing from which on a game is worth picking."""

SHORT = 100
"""Rounds below which a game has hardly begun."""

MORE = "more time (--budget) may change the order"

LIVELY = 10.0
"""How many times as quick a game must be to be worth a mention."""


def standing(row: Row) -> float | None:
    """Return the least of a game's precision, coverage and recall, as shares of real examples'.

    It is high only where samples are good *and* nothing is missing; 1 is as real examples. Samples
    about the middle of the data have precision and coverage, and no recall. Of tables how far a
    classifier is from always knowing counts too, (1 − area) as a share of that of real rows.
    """
    cells = {name: axis(row, name) for name in ("quality", "coverage", "recall")}
    shares = {n: c.value / c.reference for n, c in cells.items() if c is not None and c.reference}
    told = axis(row, "detection")
    if told is not None and told.reference is not None and told.reference < 1:
        shares["detection"] = (1 - told.value) / (1 - told.reference)
    return min(shares.values()) if {"quality", "coverage"} <= shares.keys() else None


def copies(row: Row) -> bool:
    """Return whether the samples are nearer to the training set than held-out examples are."""
    found = axis(row, "authenticity")
    return found is not None and bool(found.reference) and found.high < COPIED * found.reference


def advice(rows: Sequence[Row]) -> list[str]:
    """Return sentences: what to pick, what else is as good, what is quickest, what to leave."""
    good = [row for row in rows if standing(row) is not None and not copies(row)]
    likely = _likely(rows)
    unranked = "No game came to figures that could be ranked"
    best = max(good, key=lambda row: standing(row) or 0.0, default=None)
    said = [f"{unranked}{' but by likelihood' if likely else ''}."]
    said = said if best is None else [_pick(best, good)]
    said += [line for line in (_quickest(good), likely) if line]
    said += [_short(row) for row in rows if _rounds(row) < SHORT and row is not best]
    said += [_copier(row) for row in rows if copies(row)]
    said += [f"{row.name} failed: {row.failed[0]}." for row in rows if row.failed]
    return said


def _pick(best: Row, good: Sequence[Row]) -> str:
    equals = [row.name for row in good if row is not best and _as_good(row, best)]
    quality, coverage, recall = (axis(best, name) for name in ("quality", "coverage", "recall"))
    assert quality is not None
    assert coverage is not None
    fair = (standing(best) or 0.0) >= GOOD
    head = f"Pick {best.name}" if fair else f"None is good yet; the best so far is {best.name}"
    line = (
        f"{head}: {_share(quality.value, quality.reference)} of its samples look like "
        f"real ones and they cover {_share(coverage.value, coverage.reference)} of the real ones"
    )
    if recall is not None and recall.reference and recall.value < GOOD * recall.reference:
        line += (
            f", but only {_share(recall.value, recall.reference)} of the real ones lie among them"
        )
    told = axis(best, "detection")
    if told is not None and told.reference is not None:
        line += (
            f"; a classifier tells them from real ones with an area of {told.value:.2f} "
            f"(real ones: {told.reference:.2f})"
        )
    if equals:
        line += f"; the figures do not tell it from {_listed(equals)}"
    if _rounds(best) < SHORT:
        return f"{line}. It played {_rounds(best):,.0f} rounds: {MORE}."
    return f"{line}." if fair else f"{line}. {MORE.capitalize()}."


def _as_good(row: Row, best: Row) -> bool:
    """Return whether none of a row's numbers by which it stands differs from the best's."""
    names = ("quality", "coverage", "recall", "detection")
    pairs = [(axis(row, name), axis(best, name)) for name in names]
    return all(a is None or b is None or not differ(a, b) for a, b in pairs)


def _rounds(row: Row) -> float:
    return row.cells["rounds"].value if "rounds" in row.cells else math.inf


def _short(row: Row) -> str:
    return f"{row.name} played {_rounds(row):,.0f} rounds in its time, too few to judge it by."


def _share(value: float, reference: float | None) -> str:
    beside = f" (training examples: {reference:.0%})" if reference else ""
    return f"{value:.0%}{beside}"


def _quickest(good: Sequence[Row]) -> str:
    speeds = {row.name: c.value for row in good if (c := axis(row, "speed")) is not None}
    if len(speeds) < 2:
        return ""
    quickest, slowest = max(speeds, key=speeds.__getitem__), min(speeds, key=speeds.__getitem__)
    ratio = speeds[quickest] / speeds[slowest]
    if ratio < LIVELY:
        return ""
    return (
        f"{quickest} draws quickest, {speeds[quickest]:,.0f} samples a second, {ratio:,.0f} times "
        f"as quick as {slowest}."
    )


def _likely(rows: Sequence[Row]) -> str:
    """Say which game is most likely among those whose numbers mean the same."""
    kinds: dict[str, list[Row]] = {}
    for row in rows:
        found = axis(row, "likelihood")
        if found is not None:
            # Masses compare with masses only, and densities with densities.
            kinds.setdefault(_space(found.about), []).append(row)
    lines = []
    for space, group in kinds.items():
        best = leaders(group, "likelihood", least=True)
        value = axis(best[0], "likelihood")
        assert value is not None
        if len(group) > 1:
            named = _listed([row.name for row in best])
            lines.append(
                f"Of {space} the most likely is {named} ({value.value:.3f} bits a number)."
            )
    return " ".join(lines)


def _space(about: str) -> str:
    own = " " + about[about.index("on ") :] if "levels of its own" in about else ""
    return ("masses" if "discrete" in about else "densities") + own


def _copier(row: Row) -> str:
    found = axis(row, "authenticity")
    assert found is not None
    return (
        f"{row.name} may copy training examples: {found.value:.0%} of its samples are new where "
        f"{found.reference:.0%} of held-out examples are; its other figures flatter it."
    )


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
