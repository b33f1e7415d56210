r"""Rows that hold what is asked of some columns, from any game on tables.

Rows are drawn and those that do not hold it are thrown away: what is left has the game's own law
given the condition, :math:`p(x \mid x_c = v)`, exactly and whatever the game is. It takes
:math:`1 / P(x_c = v)` draws a row, which is why there is an end to it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from counterplay.errors import UserError, nearest

if TYPE_CHECKING:
    import numpy as np

    from counterplay.data.typed import Column, Table
    from counterplay.recipes.samples import Sampler

__all__ = ["condition", "rows_where"]

FIRST, MOST = 2_000, 400_000
"""Rows of the first draw, and in all beyond which no more are drawn."""

_APART = 1_000_003
"""Between the seeds of two draws, so that those of neighbouring seeds are not the same."""

Test = Callable[["np.ndarray"], "np.ndarray"]


def rows_where(sampler: Sampler, n: int, words: Sequence[str], seed: int) -> np.ndarray:
    """Return ``n`` raw rows (n, C) that hold all of ``words``.

    Args:
        sampler: what draws.
        n: how many.
        words: as :func:`condition` reads them.
        seed: the same seed gives the same rows.

    Raises:
        UserError: when the game's data are no table of mixed columns, a word is not understood, or
            such rows are too rare.
    """
    import numpy as np

    table = sampler.domain
    if table.kind != "table":
        raise UserError(f"--where {words[0]}: for tables of mixed columns; this is {table.kind}")
    tests = [condition(table, word) for word in words]  # type: ignore
    parts, drawn, held = [], 0, 0
    while held < n:
        if drawn >= MOST:
            raise UserError(
                f"--where {' '.join(words)}: {held:,} of {drawn:,} rows that were drawn hold it; "
                f"that is too rare for {n:,}"
            )
        raw = sampler.sample(_next(n, held, drawn), seed=seed + _APART * len(parts))
        kept = raw[np.logical_and.reduce([test(raw) for test in tests])]
        parts.append(kept)
        drawn, held = drawn + len(raw), held + len(kept)
    return _renumbered(table, np.concatenate(parts)[:n])  # type: ignore


def _next(n: int, held: int, drawn: int) -> int:
    """Return how many rows to draw: a little more than it seems to take."""
    if not drawn:
        return FIRST
    share = max(held, 0.5) / drawn
    return max(1, min(math.ceil(1.2 * (n - held) / share), 10 * FIRST, MOST - drawn))


def _renumbered(table: Table, raw: np.ndarray) -> np.ndarray:
    """Return rows whose ids count on, as they do where none was thrown away."""
    import numpy as np

    for i, column in enumerate(table.columns):
        if column.kind == "id":
            raw[:, i] = np.arange(len(raw))
    return raw


def condition(table: Table, word: str) -> Test:
    """Return the test of raw rows (N, C) that ``NAME=VALUE`` or ``NAME=LOW..HIGH`` says.

    A value is written as it is in the file; a span of numbers or dates may lack an end, and no
    value at all means missing.

    Raises:
        UserError: when there is no such column, or it never holds that.
    """
    import numpy as np

    splits = [(word[:i], word[i + 1 :].strip()) for i, c in enumerate(word) if c == "="]
    found = [(name.strip(), value) for name, value in splits if name.strip() in table.names]
    if not found:
        name = splits[0][0] if splits else word
        raise UserError(f"--where {word}: NAME=VALUE is needed; {nearest(name, table.names)}")
    name, value = found[-1]
    place = table.names.index(name)
    column = table.columns[place]
    if column.kind == "id":
        raise UserError(f"--where {word}: {name!r} is unique in each row, and counted on")
    if _is_missing(column, value):
        return lambda raw: np.isnan(raw[:, place])
    low, high = _ends(column, value, word)
    return lambda raw: (raw[:, place] >= low) & (raw[:, place] <= high)


def _is_missing(column: Column, value: str) -> bool:
    from counterplay.data.kinds import MISSING

    return column.missing and value not in column.choices and value.lower() in MISSING


def _ends(column: Column, value: str, word: str) -> tuple[float, float]:
    import numpy as np

    from counterplay.data.cells import texts

    if column.nominal:
        if value not in column.choices:
            raise UserError(
                f"--where {word}: no {value!r} in {column.name!r}; {nearest(value, column.choices)}"
            )
        code = float(column.choices.index(value))
        return code, code
    first, dots, last = value.partition("..")
    low = _number(column, first, word) if first or not dots else -math.inf
    high = low if not dots else _number(column, last, word) if last else math.inf
    if low > high or low > column.values[-1] or high < column.values[0]:
        least, most = texts(column, np.array([column.values[0], column.values[-1]]))
        raise UserError(f"--where {word}: {column.name!r} is from {least} to {most}")
    return low, high


def _number(column: Column, text: str, word: str) -> float:
    try:
        if column.kind != "date":
            return float(text)
        moment = datetime.strptime(text.strip(), column.form).replace(tzinfo=UTC)
        return moment.timestamp() / column.unit
    except ValueError:
        like = "a number" if column.kind != "date" else f"a date as {column.form}"
        raise UserError(
            f"--where {word}: {text!r} is not {like}, which {column.name!r} holds; "
            "VALUE or LOW..HIGH is needed"
        ) from None
