"""Cells of a table in and out: texts -> examples, raw rows -> texts, and files of them."""

from __future__ import annotations

import csv
import gzip
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from counterplay.data.columns import usable
from counterplay.data.examples import Asked, Examples, digest
from counterplay.data.kinds import asked_kinds, fit, typed
from counterplay.data.typed import Column, Table
from counterplay.errors import UserError, nearest

if TYPE_CHECKING:
    from counterplay.data.source import Order, Raw, Source, Supply

__all__ = ["from_cells", "like", "recoded", "table_of", "texts", "write_parquet", "write_text"]

TEXTS = ("string", "large_string", "object", "str")
"""Types of columns that hold texts, in Parquet files and data frames."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def from_cells(
    names: Sequence[str],
    cells: Sequence[Sequence[str]],
    asked: Asked,
    what: str,
    dtypes: Sequence[str] = (),
    **form: object,
) -> Examples:
    """Return the rows of a table whose columns are given as texts.

    Args:
        names: of the columns.
        cells: the texts of each column.
        asked: what the person asked for; ``labels`` names the column to predict.
        what: what is read.
        dtypes: types of the columns in a Parquet file or data frame.
        form: of a text file, ``header`` and ``separator``.

    Raises:
        UserError: when there are no rows, or a column is of no kind that can be learnt.
    """
    if asked.size is not None:
        raise UserError(f"size={asked.size} is for pictures, {what} is a table")
    if not cells or not len(cells[0]):
        raise UserError(f"{what} has no rows")
    kinds = asked_kinds(asked.types, names, what)
    found: list[tuple[Column, np.ndarray]] = []
    for i in usable(names, asked.drop, what):
        column, values = typed(names[i], cells[i], kinds.get(names[i], ""), what)
        found.append((replace(column, dtype=dtypes[i]) if dtypes else column, values))
    columns = tuple(column for column, _ in found)
    if not sum(column.width for column in columns):
        raise UserError(f"{what} has no column beside those that are unique in each row")
    rows = np.stack([values for _, values in found], 1)
    draft = Table(columns, _target(columns, rows, asked.labels, what), **form)  # type: ignore
    key = digest("table", rows.tobytes(), repr(draft))
    return Examples(rows, key, columns=draft.names, notes=_notes(columns), table=draft)


def table_of(draft: Table, rows: np.ndarray, train: np.ndarray) -> Table:
    """Return the table with knots and orders of the training rows."""
    rest = {"target": draft.target, "header": draft.header, "separator": draft.separator}
    return fit(draft.columns, rows, train, **rest)


def _target(columns: Sequence[Column], rows: np.ndarray, asked: Any, what: str) -> str:
    """Return the column to predict: the one asked for, else the last that varies."""
    names = [column.name for column in columns if column.width]
    if asked in (None, True, False):
        several = (len(np.unique(x[~np.isnan(x)])) > 1 for x in rows.T)
        there = dict(zip((column.name for column in columns), several, strict=True))
        return next((name for name in reversed(names) if there[name]), names[-1])
    if isinstance(asked, int):
        return names[asked % len(names)]
    if asked not in names:
        raise UserError(f"{what} has no column {asked!r:.40} for labels: {nearest(asked, names)}")
    return asked


def _notes(columns: Sequence[Column]) -> tuple[str, ...]:
    words = ", ".join(f"{c.name} {_about(c)}" for c in columns)
    ids = [c.name for c in columns if c.kind == "id"]
    note = (f"Unique in each row, counted on and not learnt: {', '.join(ids)}.",) if ids else ()
    return (f"Columns: {words}.", *note)


def _about(column: Column) -> str:
    count = f" of {len(column.choices)}" if column.kind == "category" else ""
    return f"{column.kind}{count}{', missing values' if column.missing else ''}"


def texts(column: Column, values: np.ndarray) -> list[str]:
    """Return the cells of a column as they stand in a file."""
    return [column.blank if math.isnan(v) else _text(column, v) for v in values.tolist()]


def _text(column: Column, value: float) -> str:
    if column.nominal:
        return column.choices[int(value)]
    if column.kind == "id":
        return f"{column.form}{int(column.values[0]) + int(value):0{column.places}d}"
    if column.kind == "date":
        whole, fraction, zone = column.form.partition("%f")
        text = _moment(column, value).strftime(whole + fraction)
        return text[: len(text) - 6 + column.decimals] + zone if fraction else text
    if column.kind == "integer":
        return str(int(value))
    return f"{value:.{column.places}f}" if column.places >= 0 else _short(value)


def _short(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def _moment(column: Column, value: float) -> datetime:
    return _EPOCH + timedelta(seconds=value * column.unit)


def write_text(table: Table, raw: np.ndarray, packed: bool = False) -> bytes:
    """Return the bytes of a text file: its header and separator are those of the data."""
    columns = [texts(c, raw[:, i]) for i, c in enumerate(table.columns)]
    return text_file(columns, table.names if table.header else (), table.separator, packed)


def text_file(
    columns: Sequence[Sequence[str]], names: Sequence[str], separator: str, packed: bool
) -> bytes:
    """Return the bytes of a text file of columns, with a header unless ``names`` is empty."""
    text = io.StringIO()
    out = csv.writer(text, delimiter=separator, lineterminator="\n")
    if names:
        out.writerow(names)
    out.writerows(zip(*columns, strict=True))
    found = text.getvalue().encode()
    return gzip.compress(found, mtime=0) if packed else found


def write_parquet(table: Table, raw: np.ndarray) -> bytes:
    """Return the bytes of a Parquet file, its columns of the data's own types where they had any.

    Raises:
        UserError: when pyarrow is missing.
    """
    return parquet_file([_array(c, raw[:, i]) for i, c in enumerate(table.columns)], table.names)


def parquet_file(columns: Sequence[Any], names: Sequence[str]) -> bytes:
    """Return the bytes of a Parquet file of columns: arrays, or lists of values.

    Raises:
        UserError: when pyarrow is missing.
    """
    parquet = _pyarrow().parquet
    sink = io.BytesIO()
    arrays = [_pyarrow().array(c) if isinstance(c, list) else c for c in columns]
    parquet.write_table(_pyarrow().table(arrays, names=list(names)), sink)
    return sink.getvalue()


def _pyarrow() -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise UserError(
            "writing Parquet needs pyarrow: pip install 'counterplay[parquet]', or write .csv"
        ) from None
    return pyarrow


def _array(column: Column, values: np.ndarray) -> Any:
    pyarrow = _pyarrow()
    cells = [None if math.isnan(v) else _native(column, v) for v in values.tolist()]
    try:
        return pyarrow.array(cells).cast(pyarrow.type_for_alias(column.dtype))
    except (ValueError, pyarrow.ArrowException):
        return pyarrow.array(cells)


def _native(column: Column, value: float) -> object:
    if column.kind == "date" and column.dtype not in TEXTS:
        return _moment(column, value).replace(tzinfo=None)
    if column.kind == "boolean":
        return column.choices[int(value)].lower() in ("true", "yes", "t", "y")
    if column.kind == "real":
        return value
    text = _text(column, value)
    return int(text) if text.lstrip("+-").isdigit() and "int" in column.dtype else text


def recoded(table: Table, raw: np.ndarray, own: Table) -> np.ndarray:
    """Return rows of ``table`` as rows of ``own``: the same columns, categories by their texts.

    Raises:
        UserError: when the columns differ, or a text is no category of ``own``.
    """
    if table.names != own.names:
        raise UserError(
            f"the run makes columns {', '.join(own.names)}, the data have {', '.join(table.names)}"
        )
    columns = [
        _recoded(a, raw[:, i], b)
        for i, (a, b) in enumerate(zip(table.columns, own.columns, strict=True))
    ]
    return np.stack(columns, 1)


def _recoded(column: Column, values: np.ndarray, own: Column) -> np.ndarray:
    if column.nominal != own.nominal or column.unit != own.unit:
        raise UserError(f"column {own.name!r} is {own.kind} in the run, {column.kind} in the data")
    if column.choices == own.choices or not own.nominal:
        return values
    place: Mapping[str, int] = {text: i for i, text in enumerate(own.choices)}
    odd = [text for text in column.choices if text not in place]
    if odd:
        raise UserError(f"column {own.name!r}: the run knows no {odd[0]!r}")
    codes = np.array([*(place[text] for text in column.choices), np.nan])
    return codes[np.where(np.isnan(values), len(codes) - 1, values).astype(int)]


@dataclass(frozen=True)
class _Recoded:
    """Rows of another file, in a run's own codes."""

    supply: Supply
    table: Table
    own: Table

    def rounds(self, order: Order) -> Iterator[Raw]:
        """Yield the rows of the global batches."""
        return (self._changed(raw) for raw in self.supply.rounds(order))

    def held(self, split: str, n: int, seed: int) -> Raw:
        """Return rows of a split."""
        return self._changed(self.supply.held(split, n, seed))

    def _changed(self, raw: Raw) -> Raw:
        import torch

        return torch.from_numpy(recoded(self.table, raw[0].numpy(), self.own)), raw[1]


def like(source: Source, own: Table) -> Source:
    """Return ``source`` with rows as those of ``own``: its categories, ranks and orders.

    Raises:
        UserError: when the columns are not the same.
    """
    table: Any = source.domain
    recoded(table, source.supply.held("train", 1, 0)[0].numpy(), own)
    return replace(source, domain=own, supply=_Recoded(source.supply, table, own))
