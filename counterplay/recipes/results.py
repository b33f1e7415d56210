"""The ledger as a page of Markdown: a function of the rows and of nothing else."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from itertools import groupby

from counterplay.recipes.defaults_page import defaults
from counterplay.recipes.row import Criterion, Row
from counterplay.recipes.schema import Promise

__all__ = ["bound", "markdown", "number"]

HEAD = """# Results

Made from `results.json` by `counterplay reproduce`; changes by hand are found by
`counterplay reproduce --check`. A promise is kept when each number's median over the seeds is
within its bound, over as many seeds as were promised; `counterplay reproduce NAME --more` adds
those that a row lacks. *Real* is the same number with training examples in the place of generated
ones; where a bound is a share of it, so is what was measured.
"""


def markdown(rows: Sequence[Row]) -> str:
    """Return the page: one table of promises, and a section for each of them."""
    if not rows:
        return f"{HEAD}\nNothing has been measured yet.\n"
    parts = [HEAD, _summary(rows), *filter(None, [defaults(rows, _table, number)])]
    for name, group in groupby(rows, key=lambda row: row.promise):
        parts.append(f"## {name}\n")
        parts += [_section(row) for row in group]
    return "\n".join(parts)


def bound(of: Criterion | Promise) -> str:
    """Return the bound in signs: ``≥ 0.88 × real``."""
    limits = (("≥", of.at_least), ("≤", of.at_most))
    signs = " and ".join(f"{sign} {number(v)}" for sign, v in limits if v is not None)
    return signs + (" × real" if of.relative else "")


def number(value: float | None) -> str:
    """Return a number in four digits; a dash where there is none."""
    return "–" if value is None else f"{value:.4g}"


def _summary(rows: Sequence[Row]) -> str:
    head = (
        "system",
        "promise",
        "within bounds",
        "seeds",
        "seconds in all, median",
        "machine",
        "version",
    )
    lines = [
        (
            row.system + (" (peer)" if row.peer else ""),
            row.promise,
            _word(row.passed),
            str(len(row.seeds)),
            number(statistics.median(row.seconds)),
            row.machine,
            row.version,
        )
        for row in rows
    ]
    return _table(head, lines)


def _section(row: Row) -> str:
    head = ("number", "bound", "over", "measured", "each seed", "real", "published", "within")
    lines = [
        (
            f"`{c.metric}`: {c.what}",
            bound(c),
            c.over,
            number(c.median),
            ", ".join(map(number, c.measured)),
            number(c.reference),
            number(c.published),
            _word(c.passed),
        )
        for c in row.criteria
    ]
    sources = dict.fromkeys(c.source for c in row.criteria if c.source)
    facts = [
        f"Data: `{row.data}` ({row.fingerprint[:12]}), {row.split} split.",
        f"Seconds in all: {', '.join(map(number, row.seconds))}; "
        f"of training: {', '.join(map(number, row.training_seconds))}.",
        f"Made by `{row.command}`, version {row.version}, on {row.machine}.",
        *(f"Published: {source}." for source in sources),
        *(f"{note[:1].upper()}{note[1:]}." for note in row.notes),
    ]
    title = f"### {row.system}" + (" (peer)" if row.peer else "")
    return "\n".join([title, "", _table(head, lines), *(f"- {fact}" for fact in facts), ""])


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rows = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in c] for c in lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _word(passed: bool | None) -> str:
    return "–" if passed is None else "yes" if passed else "**no**"
