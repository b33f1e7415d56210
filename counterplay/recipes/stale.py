"""Which rows of a ledger no longer fit the code, and why, in one line each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from counterplay.errors import UserError
from counterplay.recipes.instalments import kept
from counterplay.recipes.ledger import page, read
from counterplay.recipes.promises import REPRODUCTIONS, Reproduction
from counterplay.recipes.registry import named
from counterplay.recipes.results import bound, markdown, number
from counterplay.recipes.row import EVERY, MEDIAN, Criterion, Row
from counterplay.recipes.schema import Promise, Recipe
from counterplay.recipes.text import to_plain

__all__ = ["Reader", "asked_of", "described", "reasons", "stale"]

Reader = Callable[[str], tuple[str, int, bool]]
"""A command line -> (the promise it names, over how many seeds, whether of a peer); or UserError"""

TIME = "seconds"


def described(recipe: Recipe) -> dict[str, Any]:
    """Return what a row keeps of its recipe: all but the seed and the data's place."""
    found = to_plain(recipe)
    data = {name: value for name, value in found["data"].items() if name != "source"}
    return {name: value for name, value in found.items() if name != "seed"} | {"data": data}


def asked_of(promise: Reproduction, peer: bool = False) -> list[tuple[Promise, str]]:
    """Return each number that is promised, and over what its bound is held; a peer owes no time."""
    numbers = [(each, MEDIAN) for each in promise.promises]
    if promise.seconds is None or peer:
        return numbers
    limit = Promise(TIME, "data, training and measuring", at_most=promise.seconds)
    return [*numbers, (limit, EVERY)]


def stale(path: Path, version: str, reader: Reader) -> list[str]:
    """Return a line for each row that no longer fits, and for a page that is not the ledger's.

    Args:
        path: of the ledger.
        version: of the code.
        reader: reads the command line of a row, as the code's own verb does.

    Raises:
        UserError: when the file is no ledger.
    """
    rows = read(path)
    lines = []
    for row in rows:
        if why := list(reasons(row, version, reader)):
            lines.append(f"{row.promise}, {row.system}: {'; '.join(why)}")
    if not page(path).is_file() or page(path).read_text(encoding="utf-8") != markdown(rows):
        lines.append(f"{page(path)} is not what {path.name} makes; any reproduce writes it anew")
    return lines


def reasons(row: Row, version: str, reader: Reader) -> Iterator[str]:
    """Yield each way in which a row no longer fits the code."""
    promise = REPRODUCTIONS.get(row.promise)
    if promise is None:
        yield "nothing of that name is promised any more"
        return
    if row.version.split(".")[:2] != version.split(".")[:2]:
        yield f"it was made by version {row.version} and this is {version}"
    yield from _command(row, reader)
    yield from _bounds(row, promise)
    yield from _verdict(row, 1 if row.peer else promise.seeds)
    if not row.peer:
        if row.system != promise.system:
            yield f"the system is called '{promise.system}' now"
        yield from _changed(row.recipe, described(named(promise.recipe)))


def _command(row: Row, reader: Reader) -> Iterator[str]:
    try:
        name, seeds, peer = reader(row.command)
    except UserError as error:
        yield f"its command cannot be given any more ({error})"
        return
    if name != row.promise or peer != row.peer:
        yield f"its command '{row.command}' makes another row"
    elif not peer and seeds != len(row.seeds):
        yield f"its command runs {seeds} seeds and the row has {len(row.seeds)}"


def _bounds(row: Row, promise: Reproduction) -> Iterator[str]:
    asked = {each.metric: (each, over) for each, over in asked_of(promise, row.peer)}
    there = {criterion.metric: criterion for criterion in row.criteria}
    for name in [*asked, *(name for name in there if name not in asked)]:
        if name not in there:
            yield f"it has no '{name}', which is promised now"
        elif name not in asked:
            yield f"'{name}' is promised no more"
        elif _terms(there[name]) != (*_limits(asked[name][0]), asked[name][1]):
            (now, over), before = asked[name], there[name]
            yield (
                f"the bound of '{name}' is {bound(now)} over {over} "
                f"and was {bound(before)} over {before.over}"
            )


def _limits(bounds: Promise | Criterion) -> tuple[float | None, float | None, bool]:
    return bounds.at_least, bounds.at_most, bounds.relative


def _terms(criterion: Criterion) -> tuple[Any, ...]:
    return (*_limits(criterion), criterion.over)


def _verdict(row: Row, promised: int) -> Iterator[str]:
    for criterion in row.criteria:
        if criterion.passed is not criterion.holds():
            yield f"'{criterion.metric}' says passed: {criterion.passed} and its numbers do not"
        if criterion.median != criterion.middle():
            yield f"the median of '{criterion.metric}' is {number(criterion.middle())}"
    if row.passed is not kept(row.criteria, len(row.seeds), promised):
        yield f"it says passed: {row.passed} and its numbers do not, over {promised} seeds"


def _changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Yield each field of the recipe that has changed. A field that is new changes nothing."""
    fields, current = dict(_flat(before)), dict(_flat(now))
    for path, value in fields.items():
        if path not in current:
            yield f"the recipe has no {path} any more"
        elif current[path] != value:
            yield f"the recipe's {path} is {current[path]} and was {value}"


def _flat(plain: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in plain.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
