r"""Tables of mixed columns: numbers, whole numbers, dates, categories, booleans, missing values.

*Raw* is float64 (N, C): numbers as they are, dates in seconds (without a time of day: in days)
since 1970, categories as their index, NaN where a value is missing. *Encoded* is float32 (N, W),
a block for each column: a category is one-hot (missing is a category of its own); a number is its
rank in [-1, 1] (see :mod:`counterplay.data.ranks`), and where any are missing (present, missing)
one-hot beside it.

``decode`` is the inverse of ``encode``: exact for categories, missing values and numbers with a
limited number of decimals, to rounding for others. What it returns keeps, whatever it is given,
what holds in every training row: ranges, categories, decimals, and a <= b between columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from counterplay.data.ranks import Curves, atoms
from counterplay.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

__all__ = ["KINDS", "Column", "Table"]

KINDS = ("category", "boolean", "integer", "real", "date", "id")
"""What a column can be."""


@dataclass(frozen=True)
class Column:
    """One column, and all that holds in each of its training rows.

    Attributes:
        name: its name.
        kind: one of :data:`KINDS`. An "id" is unique in each row; it is counted on, not learnt.
        choices: the texts of a category or boolean.
        values: of a number's knots; of an "id": the first number that is free.
        ranks: of those knots, from -1 to 1.
        shares: how often each option is, a little above nought where it is not: of a category and,
            last, missing; of a number present and missing.
        missing: whether values are missing in any row.
        blank: how a missing value is written.
        decimals: values are multiples of 10^-decimals; -1 when they are not limited.
        places: digits that are always written after the point; -1: as many as are needed. Of an
            "id": how many digits it has at least.
        form: a date's format; the text before the number of an "id".
        dtype: its type in a Parquet file or data frame, empty when it came as text.
    """

    name: str
    kind: str
    choices: tuple[str, ...] = ()
    values: tuple[float, ...] = ()
    ranks: tuple[float, ...] = ()
    shares: tuple[float, ...] = ()
    missing: bool = False
    blank: str = ""
    decimals: int = -1
    places: int = -1
    form: str = ""
    dtype: str = ""

    @property
    def nominal(self) -> bool:
        """Whether it is one of a few texts, in no order."""
        return self.kind in ("category", "boolean")

    @property
    def numeric(self) -> bool:
        """Whether it is a number or a date."""
        return self.kind in ("integer", "real", "date")

    @property
    def unit(self) -> int:
        """Seconds in a date's unit, 0 of other columns."""
        return 0 if self.kind != "date" else 1 if "%H" in self.form else 86_400

    @property
    def options(self) -> int:
        """Width of its one-hot part: categories, or (present, missing), or nothing."""
        if self.nominal:
            return len(self.choices) + self.missing
        return 2 if self.numeric and self.missing else 0

    @property
    def width(self) -> int:
        """Width of its block."""
        return self.numeric + self.options

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """The intervals of ranks that are one value each."""
        return atoms(self.values, self.ranks) if self.numeric else ()


class _Way(NamedTuple):
    """Where in a row the columns stand: places of numbers and of one-hot parts."""

    curves: Curves
    numbers: list[int]
    starts: list[int]
    optional: list[int]
    first: Tensor
    last: Tensor
    is_number: Tensor


@dataclass(frozen=True)
class Table:
    """Rows of a table of mixed columns.

    Attributes:
        columns: what each is.
        target: the column that the others are asked to predict, where utility is measured.
        below: pairs (a, b) of columns of which a <= b in every training row.
        header: whether the file has a line of names.
        separator: between the cells of a text file.
    """

    columns: tuple[Column, ...]
    target: str = ""
    below: tuple[tuple[int, int], ...] = ()
    header: bool = True
    separator: str = ","
    kind: ClassVar[str] = "table"
    classes: ClassVar[tuple[str, ...]] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(column.name for column in self.columns)

    @property
    def dim(self) -> int:
        """W, the width of an encoded row."""
        return sum(column.width for column in self.columns)

    @property
    def shape(self) -> tuple[int]:
        """(W,) of one encoded row."""
        return (self.dim,)

    @property
    def nominal(self) -> tuple[bool, ...]:
        """Of each column, whether it is a category."""
        return tuple(column.nominal for column in self.columns)

    def encode(self, raw: Tensor) -> Tensor:
        """Map raw rows (N, C), float64, to float32 (N, W) on their device."""
        import torch

        raw, way = raw.double(), self._way
        gone = raw.isnan()
        x = torch.zeros(len(raw), self.dim, device=raw.device)
        ranks = way.curves.ranks(raw[:, way.numbers].nan_to_num(0.0))
        x[:, way.starts] = ranks.where(~gone[:, way.numbers], torch.zeros_like(ranks)).float()
        last, first = way.last.to(raw.device), way.first.to(raw.device)
        option = torch.where(gone, last, torch.where(way.is_number.to(raw.device), 0.0, raw))
        index = (first + option.nan_to_num(0.0)).long()[:, way.optional]
        return x.scatter_(1, index, 1.0)

    def decode(self, x: Tensor) -> Tensor:
        """Map encoded rows (N, W) to raw rows float64 (N, C) that hold what training rows hold."""
        import torch

        x, way = x.detach().float(), self._way
        values = way.curves.values(x[:, way.starts].nan_to_num(0.0))
        numbers = dict(zip(way.numbers, values.unbind(1), strict=True))
        blocks = x.split([column.width for column in self.columns], 1)
        found = [
            _decoded(column, block, numbers.get(i))
            for i, (column, block) in enumerate(zip(self.columns, blocks, strict=True))
        ]
        return self._ordered(torch.stack(found, 1))

    @cached_property
    def _way(self) -> _Way:
        import torch

        columns = self.columns
        starts = [0, *accumulate(column.width for column in columns)]
        numbers = [i for i, column in enumerate(columns) if column.numeric]
        first = [float(at + column.numeric) for at, column in zip(starts, columns, strict=False)]
        return _Way(
            Curves([(columns[i].values, columns[i].ranks) for i in numbers]),
            numbers,
            [starts[i] for i in numbers],
            [i for i, column in enumerate(columns) if column.options],
            torch.tensor(first, dtype=torch.float64),
            torch.tensor([float(max(0, c.options - 1)) for c in columns], dtype=torch.float64),
            torch.tensor([c.numeric for c in columns]),
        )

    def points(self, raw: Any) -> np.ndarray:
        """Return raw rows (N, C) as numbers for a picture: missing is one more category, or low."""
        import numpy as np

        found = np.array(raw, dtype=np.float64)
        for i, column in enumerate(self.columns):
            stand_in = len(column.choices) if column.nominal else min(column.values, default=0.0)
            found[np.isnan(found[:, i]), i] = stand_in
        return found

    def _ordered(self, raw: Tensor) -> Tensor:
        """Raise b to a where a <= b is broken: the pairs come with every column after its lower."""
        for low, high in self.below:
            broken = raw[:, low] > raw[:, high]
            raised = _on_lattice(raw[:, low], self.columns[high].decimals, up=True)
            raw[:, high] = raw[:, high].where(~broken, raised)
        return raw

    def to_json(self) -> dict[str, Any]:
        """Return a dict that :meth:`from_json` reads back, equal after a trip through JSON."""
        return {
            "kind": self.kind,
            **{name: getattr(self, name) for name in ("target", "header", "separator")},
            "below": [list(pair) for pair in self.below],
            "columns": [
                {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(column).items()}
                for column in self.columns
            ],
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Table:
        """Return the table that :meth:`to_json` wrote.

        Raises:
            UserError: when a field is unknown, missing or of the wrong type.
        """
        try:
            columns = tuple(_column(each) for each in given["columns"])
            below = tuple((int(a), int(b)) for a, b in given["below"])
            rest = {k: given[k] for k in ("target", "header", "separator")}
            return cls(columns, below=below, **rest)
        except (KeyError, TypeError, ValueError) as error:
            raise UserError(f"a domain of kind table cannot be read: {error!r:.80}") from None


def _column(given: Mapping[str, Any]) -> Column:
    plain: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
    found = Column(**plain)
    types = {f.name: type(f.default) for f in fields(Column) if f.name not in ("name", "kind")}
    for name, kind in types.items():
        if type(getattr(found, name)) is not kind:
            raise ValueError(f"{found.name}: {name} is {getattr(found, name)!r:.20}")
    if found.kind not in KINDS or (found.numeric and len(found.values) != len(found.ranks)):
        raise ValueError(f"{found.name}: {found.kind}")
    return found


def _decoded(column: Column, block: Tensor, value: Tensor | None) -> Tensor:
    import torch

    if column.kind == "id":
        return torch.arange(len(block), dtype=torch.float64, device=block.device)
    if value is None:
        index = block.argmax(1).double()
        return index.where(index < len(column.choices), torch.full_like(index, torch.nan))
    found = _on_lattice(value, column.decimals).clamp(column.values[0], column.values[-1])
    if not column.missing:
        return found
    return found.where(block[:, 2] <= block[:, 1], torch.full_like(found, torch.nan))


def _on_lattice(value: Tensor, decimals: int, up: bool = False) -> Tensor:
    if decimals < 0:
        return value
    scaled = value * 10.0**decimals
    # A value that stands on the lattice stays: 0.29 * 100 is a little less than 29.
    near = scaled.round()
    whole = near if not up else near.where((scaled - near).abs() < 1e-6, scaled.ceil())
    return whole / 10.0**decimals + 0.0  # of -0.0, which no table holds, 0.0
