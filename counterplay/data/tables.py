"""Tables: CSV (``.gz`` too), Parquet, data frames.

Tables of finite numbers are vectors, and a column is a label only when the person says so. Tables
with text, missing values, truth values or a column of whole numbers (but not of bits only, nor with
labels), or whose columns the person gave types, are read as mixed columns, see
:mod:`counterplay.data.cells`; ``types=["vector"]`` says that they are vectors all the same.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from counterplay.data.arrays import Part, read_parts
from counterplay.data.cells import from_cells
from counterplay.data.columns import named, usable
from counterplay.data.examples import Asked, Examples
from counterplay.data.kinds import MISSING
from counterplay.data.rows import Rows, from_array
from counterplay.data.separated import BLOCK, HEAD, has_header, open_text, records, sniff, unique
from counterplay.data.separated import strings as cells_of
from counterplay.data.store import LIMIT
from counterplay.errors import UserError, nearest

__all__ = ["read_csv", "read_frame", "read_parquet"]

WIDE = 60
"""Columns up to which whole numbers make a table one of mixed columns; wider ones are pixels."""

_VECTOR = ("vector",)


def read_csv(path: Path, asked: Asked) -> Examples:
    """Read a table of text: separator and header are found out.

    Raises:
        UserError: when it is empty, ragged, no text, or has columns that are no numbers.
    """
    try:
        return _read_csv(path, asked)
    except UnicodeDecodeError as error:
        raise UserError(
            f"{path} is no text in UTF-8 (byte {error.start:,}); save it as UTF-8"
        ) from error
    except (OSError, EOFError, csv.Error, zlib.error) as error:
        raise UserError(f"{path} cannot be read as a table of text: {error}") from error


def _read_csv(path: Path, asked: Asked) -> Examples:
    with open_text(path) as file:
        head = list(islice((line for line in file if line.strip()), HEAD))
    if not head:
        raise UserError(f"{path} is empty: rows of numbers are needed")
    separator = sniff(head)
    cells = records(head, separator)
    header = has_header(cells)
    columns = unique(cells[0]) if header else named(len(cells[0]))

    def strings() -> Iterator[np.ndarray]:
        return cells_of(path, separator, len(columns), header)

    label = _label(columns, asked, str(path))
    keep = [i for i in usable(columns, asked.drop, str(path)) if i != label]
    small = path.stat().st_size * (4 if path.suffix == ".gz" else 1) <= LIMIT
    mixed, values, names = _are_asked(asked), [], []
    counted = _Counted(small and label is None and not asked.types, cells[header:], keep)
    for chunk in strings():
        numbers, bad = _numbers(chunk[:, keep])
        mixed = mixed or bool(bad) or _has_holes(numbers)
        if mixed:
            break
        counted.see(numbers)
        values += [numbers] if small else [np.empty(len(numbers))]
        names += [] if label is None else chunk[:, label].tolist()
    if mixed or counted.found:
        asked = _without_vector(asked)
        cells = list(np.concatenate(list(strings())).T)
        return from_cells(columns, cells, asked, str(path), header=header, separator=separator)
    rows = _table(values, small, keep, strings, str(path))
    y = _classes(names, label, columns, path)
    return _read(rows, y, columns, label, keep, asked, str(path))


class _Counted:
    """Whether a table of numbers has columns of whole ones, and others than bits.

    Args:
        asked: whether it matters.
        cells: the first rows, as text.
        keep: the columns that count.
    """

    def __init__(self, asked: bool, cells: Sequence[Sequence[str]], keep: Sequence[int]) -> None:
        columns = [[row[i] for row in cells if i < len(row)] for i in keep]
        self._whole = [i for i, each in enumerate(columns) if each and all(map(_is_whole, each))]
        self._asked, self._bits = asked and len(keep) <= WIDE, True

    def see(self, numbers: np.ndarray) -> None:
        """Look at rows (n, columns)."""
        rest = numbers[:, self._whole]
        still = (rest == np.round(rest)).all(0)
        self._whole = [i for i, whole in zip(self._whole, still.tolist(), strict=True) if whole]
        self._bits = self._bits and bool(np.isin(numbers, (0.0, 1.0)).all())

    @property
    def found(self) -> bool:
        """Whether the table is one of mixed columns for that."""
        return self._asked and bool(self._whole) and not self._bits


def _counts(columns: Sequence[np.ndarray], asked: Asked) -> bool:
    """Return whether columns (N,) hold truth values or whole numbers, and others than bits."""
    kinds = {column.dtype.kind for column in columns}
    if asked.types or len(columns) > WIDE or not kinds & set("biu"):
        return False
    if sum(column.nbytes for column in columns) > LIMIT:
        return False
    return "b" in kinds or not all(np.isin(column, (0, 1)).all() for column in columns)


def _are_asked(asked: Asked) -> bool:
    """Return whether the person gave columns types."""
    return bool(asked.types) and asked.types != _VECTOR


def _without_vector(asked: Asked) -> Asked:
    """Return what was asked for, for a table that cannot be vectors."""
    return replace(asked, types=()) if asked.types == _VECTOR else asked


def _is_whole(cell: str) -> bool:
    text = cell.strip()
    return text.removeprefix("-").isdigit()


def _has_holes(numbers: np.ndarray) -> bool:
    """Return whether values are missing; infinite ones are refused later, by name."""
    return bool(np.isnan(numbers).any()) and not bool(np.isinf(numbers).any())


def _table(
    values: list[np.ndarray],
    small: bool,
    keep: Sequence[int],
    strings: Callable[[], Iterator[np.ndarray]],
    what: str,
) -> Rows:
    if not values:
        raise UserError(f"{what} has a header and no rows: rows of numbers are needed")
    if small:
        return from_array(np.concatenate(values))
    shape = (sum(map(len, values)), len(keep))
    chunks = lambda: (_numbers(chunk[:, keep])[0] for chunk in strings())  # noqa: E731
    return Rows(shape, np.dtype(np.float64), chunks)


def _numbers(cells: np.ndarray) -> tuple[np.ndarray, set[int]]:
    """Return float64 (NaN where missing) and the columns that hold text."""
    try:
        return cells.astype(np.float64), set()
    except ValueError:
        numbers, text = np.full(cells.shape, np.nan), set()
    for i in range(cells.shape[1]):
        column = [cell.strip() for cell in cells[:, i].tolist()]
        try:
            numbers[:, i] = ["nan" if cell.lower() in MISSING else cell for cell in column]
        except ValueError:
            text.add(i)
    return numbers, text


def _label(columns: Sequence[str], asked: Asked, what: str) -> int | None:
    """Return the index of the column of labels that was asked for."""
    labels = asked.labels
    if labels is None or labels is False:
        return None
    if (
        isinstance(labels, int)
        and not isinstance(labels, bool)
        and -len(columns) <= labels < len(columns)
    ):
        return labels % len(columns)
    if not isinstance(labels, str) or labels not in columns:
        hint = nearest(str(labels), columns)
        raise UserError(f"{what} has no column {labels!r:.40} for labels: {hint}")
    return columns.index(labels)


def _classes(
    names: Sequence[Any], label: int | None, columns: Sequence[str], what: object
) -> np.ndarray | None:
    """Return labels as whole numbers where they are, else as text."""
    if label is None:
        return None
    values = np.array([str(n).strip() for n in names])
    missing = int(np.isin(np.char.lower(values), list(MISSING)).sum())
    if missing:
        raise UserError(
            f"{what}: {missing:,} of {len(values):,} labels in {columns[label]!r} are missing"
        )
    numbers, text = _numbers(values[:, None])
    if text:
        return values
    if not np.array_equal(numbers, np.round(numbers)):
        raise UserError(
            f"{what}: labels must be whole numbers or text, {columns[label]!r} holds {values[0]}"
        )
    return numbers[:, 0].astype(np.int64)


def _read(
    rows: Rows,
    y: np.ndarray | None,
    columns: Sequence[str],
    label: int | None,
    keep: Sequence[int],
    asked: Asked,
    what: str,
) -> Examples:
    kept = [columns[i] for i in keep]
    if not kept:
        raise UserError(f"{what} has no column beside the labels")
    found = read_parts([Part(rows, y)], replace(asked, labels=None, drop=()), kept, what)
    named = ("", 0) if label is None else (columns[label], sum(i < label for i in keep))
    return replace(found, bounded=True, label=named)


def read_parquet(path: Path, asked: Asked) -> Examples:
    """Read a Parquet file.

    Raises:
        UserError: when pyarrow is missing, or the file is none.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise UserError(
            f"{path}: reading Parquet needs pyarrow: pip install 'counterplay[parquet]', or save "
            f"the table as CSV"
        ) from None
    try:
        file = parquet.ParquetFile(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise UserError(
            f"{path} cannot be read as Parquet: {str(error).splitlines()[0]}"
        ) from error
    types = pyarrow.types
    numeric = (types.is_integer, types.is_floating, types.is_boolean, types.is_decimal)
    columns = tuple(file.schema_arrow.names)
    label = _label(columns, asked, str(path))
    keep = [i for i in usable(columns, asked.drop, str(path)) if i != label]
    kinds = file.schema_arrow.types
    text = [i for i in keep if not any(is_kind(kinds[i]) for is_kind in numeric)]
    kept = file.read([columns[i] for i in keep]).columns
    mixed = text or _are_asked(asked) or any(map(_has_nulls, kept))
    if mixed or (label is None and _counts([c.to_numpy() for c in kept], asked)):
        asked = _without_vector(asked)
        cells = [_texts(file.read([name]).column(0).to_pylist()) for name in columns]
        return from_cells(columns, cells, asked, str(path), dtypes=[str(k) for k in kinds])

    def chunks() -> Iterator[np.ndarray]:
        for batch in file.iter_batches(BLOCK, columns=[columns[i] for i in keep]):
            yield np.column_stack([_floats(column) for column in batch.columns])

    names = [] if label is None else file.read([columns[label]]).column(0).to_pylist()
    rows = Rows((file.metadata.num_rows, len(keep)), np.dtype(np.float64), chunks)
    y = _classes(names, label, columns, path)
    return _read(rows, y, columns, label, keep, asked, str(path))


def _has_nulls(column: Any) -> bool:
    if column.null_count:
        return True
    values = column.to_numpy()
    return values.dtype.kind == "f" and _has_holes(values)


def _texts(cells: Iterable[Any]) -> list[str]:
    """Return values of Python as the texts that a text file would have."""
    return ["" if cell is None or cell != cell else _as_text(cell) for cell in cells]


def _as_text(cell: Any) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    return cell.isoformat(sep=" ") if hasattr(cell, "hour") else str(cell)


def _floats(column: Any) -> np.ndarray:
    return np.asarray(column.to_numpy(zero_copy_only=False), np.float64)


def _plain(value: Any) -> Any:
    """Return a value of pandas as one of Python: its missing values are equal to nothing."""
    return None if str(value) in ("NaT", "<NA>") else value


def read_frame(frame: Any, asked: Asked) -> Examples:
    """Read a data frame of pandas."""
    columns = tuple(str(name) for name in frame.columns)
    label = _label(columns, asked, "the data frame")
    keep = [i for i in usable(columns, asked.drop, "the data frame") if i != label]
    series = [frame.iloc[:, i] for i in range(len(columns))]
    text = [i for i in keep if getattr(series[i].dtype, "kind", "O") not in "buif"]
    cells = [] if text else [series[i].to_numpy(np.float64, na_value=np.nan) for i in keep]
    mixed = text or _are_asked(asked) or any(map(_has_holes, cells))
    if mixed or (label is None and _counts([series[i].to_numpy() for i in keep], asked)):
        asked = _without_vector(asked)
        texts = [_texts(None if v is None else _plain(v) for v in s.tolist()) for s in series]
        dtypes = [str(s.dtype) for s in series]
        return from_cells(columns, texts, asked, "the data frame", dtypes=dtypes)
    names = [] if label is None else series[label].tolist()
    y = _classes(names, label, columns, "the data frame")
    rows = from_array(np.column_stack(cells)) if cells else from_array(np.empty((len(frame), 0)))
    return _read(rows, y, columns, label, keep, asked, "the data frame")
