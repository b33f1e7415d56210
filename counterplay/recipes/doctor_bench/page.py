"""The bench's figures as a section of ``docs/doctor.md``: a function of ``doctor.json`` alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["BEGIN", "END", "section", "spliced"]

BEGIN = "<!-- made from doctor.json by `counterplay reproduce doctor`: begin -->"
END = "<!-- made from doctor.json by `counterplay reproduce doctor`: end -->"


def spliced(page: str, text: str) -> str:
    """Return the page with ``text`` between its marks; at its end where it has none."""
    body = f"{BEGIN}\n\n{text.strip()}\n\n{END}"
    if BEGIN in page and END in page:
        head, rest = page.split(BEGIN, 1)
        return f"{head}{body}{rest.split(END, 1)[1]}"
    return f"{page.rstrip()}\n\n{body}\n" if page.strip() else f"{body}\n"


def section(found: Mapping[str, Any]) -> str:
    """Return the tables of all parts."""
    held, seen, fitted = (found["halves"][half] for half in ("held", "seen", "fitted"))
    parts = [
        f"{found['recorded']} of the {found['asked']} trainings have been made; {_where(found)}.",
        "### Held causes, which no threshold has seen",
        _summary(held),
        _table(held),
        _healthy(found, "held"),
        "### Causes that thresholds were chosen by",
        _summary(fitted),
        _table(fitted),
        _healthy(found, "fitted"),
        "### Causes that were held before, and looked at since",
        _summary(seen),
        _table(seen),
        _healthy(found, "seen"),
        "### What is said of what",
        "Rows: what is wrong. Columns: what it is called most often, of what is said first at each "
        "check-up; all parts.",
        _confusion(held["confusion"], fitted["confusion"], seen["confusion"]),
        *_missed(found),
        *_not_shown(found),
    ]
    return "\n\n".join(parts)


def _where(found: Mapping[str, Any]) -> str:
    promised = found["promised"]
    return (
        f"version {found['version']}, {found['machine']}. Asked for: a sensitivity of "
        f"{promised['sensitivity']:g} for each condition and {promised['false alarms']:.0%} false "
        "alarms at most, on held causes"
    )


def _summary(half: Mapping[str, Any]) -> str:
    if not half["sick"] or not half["healthy"]:
        return "Nothing has been trained yet."
    delay = "–" if half["delay"] is None else f"{half['delay']:g} rounds"
    return (
        f"**{half['found']} of {half['sick']}** sick trainings are found "
        f"({half['found'] / half['sick']:.0%}), {half['exact']} of them by the condition's own "
        f"name; median delay {delay}. **{half['alarms']} of {half['healthy']}** healthy trainings "
        f"raise a false alarm ({half['alarms'] / half['healthy']:.0%}); "
        f"{half['warned']} get a warning."
    )


def _table(half: Mapping[str, Any]) -> str:
    head = ("condition", "causes", "trainings", "found", "sensitivity", "own name", "median delay")
    rows = [
        (
            row["condition"],
            str(row["causes"]),
            str(row["runs"]),
            str(row["found"]),
            f"{row['sensitivity']:.2f}",
            str(row["exact"]),
            "–" if row["delay"] is None else f"{row['delay']:g}",
        )
        for row in half["conditions"]
    ]
    return _rows(head, rows)


def _healthy(found: Mapping[str, Any], half: str) -> str:
    alarms = [
        f"`{run['case']}`, seed {run['seed']}: {', '.join(run['alarms'])}"
        for run in found["runs"]
        if run["half"] == half and not run["condition"] and run["alarms"] and _counts(run)
    ]
    return f"False alarms: {'; '.join(alarms)}." if alarms else "No false alarm."


def _confusion(*halves: Mapping[str, Mapping[str, int]]) -> str:
    rows: dict[str, dict[str, int]] = {}
    for half in halves:
        for name, counts in half.items():
            row = rows.setdefault(name, {})
            for said, count in counts.items():
                row[said] = row.get(said, 0) + count
    columns = sorted({said for row in rows.values() for said in row})
    marks = {said: _letters(i) for i, said in enumerate(columns)}
    key = "; ".join(f"{mark} {said}" for said, mark in marks.items())
    table = _rows(
        ("wrong \\ said", *marks.values()),
        [
            (name, *(str(row.get(c, "")) for c in columns))
            for name, row in sorted(rows.items(), key=lambda pair: pair[0] == "healthy")
        ],
    )
    return f"{table}\n\n{key}."


def _letters(i: int) -> str:
    return chr(65 + i) if i < 26 else f"A{chr(65 + i - 26)}"


def _missed(found: Mapping[str, Any]) -> list[str]:
    """Return the sick trainings that nobody found, and those that could not be made."""
    lines = [
        f"- `{run['case']}`, seed {run['seed']} ({run['half']}), {run['condition']}: "
        f"{', '.join(run['said'])}"
        for run in found["runs"]
        if run["condition"] and run["found"] is None and _counts(run)
    ]
    lines += [
        f"- `{run['case']}`, seed {run['seed']}: not made, {run['reason']}"
        for run in found["runs"]
        if not run["checkups"]
    ]
    return ["Missed, with what was said instead:", "\n".join(lines)] if lines else []


def _counts(run: Mapping[str, Any]) -> bool:
    return bool(run["checkups"]) and run["shown"] is not False


def _not_shown(found: Mapping[str, Any]) -> list[str]:
    """Return the trainings that did not become what they were made to be."""
    lines = [
        f"- `{run['case']}`, seed {run['seed']} ({run['half']}): "
        f"{'no ' + run['condition'] if run['condition'] else 'nothing good'}; said: "
        f"{', '.join(run['said'])}"
        for run in found["runs"]
        if run["shown"] is False
    ]
    head = "Not what they were made to be, by what they came to; neither found nor missed:"
    return [head, "\n".join(lines)] if lines else []


def _rows(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
