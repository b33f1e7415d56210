"""The table of default recipes on the page of results: time and three figures beside real ones."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence

from counterplay.recipes.promises.defaults import PREFIX
from counterplay.recipes.row import Criterion, Row

__all__ = ["defaults"]

FIGURES = ("coverage", "precision", "frechet")


def defaults(
    rows: Sequence[Row], table: Callable[..., str], number: Callable[[float | None], str]
) -> str:
    """Return the section, or nothing where no default was measured.

    Args:
        rows: of the ledger.
        table: (head, lines) -> Markdown.
        number: how a figure is written.
    """
    found = [row for row in rows if row.promise.startswith(PREFIX) and not row.peer]
    if not found:
        return ""
    head = ("data", "recipe", "seconds in all", *(f"{name} (real)" for name in FIGURES), "features")
    lines = [
        (
            row.promise.removeprefix(PREFIX),
            str(row.recipe.get("name", "")),
            number(statistics.median(row.seconds)),
            *(_beside(row, name, number) for name in FIGURES),
            _features(row),
        )
        for row in found
    ]
    words = "What `counterplay train` chooses for data, on every data set at hand; in brackets the"
    return f"## Defaults\n\n{words} value of as many training examples.\n\n{table(head, lines)}"


def _figure(row: Row, name: str) -> Criterion | None:
    return next((c for c in row.criteria if c.metric.split("/")[0] == name), None)


def _beside(row: Row, name: str, number: Callable[[float | None], str]) -> str:
    found = _figure(row, name)
    if found is None or found.median is None:
        return "–"
    # A share of the real value stands in the ledger where that is what the bound is of.
    value = found.median * (found.reference or 0.0) if found.relative else found.median
    return f"{number(value)} ({number(found.reference)})"


def _features(row: Row) -> str:
    found = _figure(row, FIGURES[0])
    return found.metric.split("/")[-1] if found else "–"
