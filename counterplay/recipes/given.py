"""Samples in a file or folder, as networks see them that were trained on some data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes.samples import CATEGORY

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from counterplay.data import Sequence, Source

__all__ = ["CLASS", "read_like", "rows_like"]

CLASS = "class"
"""What ``sample`` calls the column of classes of data that have no name for it."""


def read_like(path: str, source: Source) -> Tensor:
    """Return the samples at ``path`` as networks see them that were trained on ``source``.

    They are read as the data are, whatever could be learnt from them alone: all may be the same.

    Args:
        path: a file or folder of the data's kind.
        source: the data.

    Raises:
        UserError: when they cannot be read, or are not like the data's.
    """
    domain: Any = source.domain
    if domain.kind in ("table", "vector"):
        return rows_like(path, domain)
    if domain.kind == "sequence":
        found = _text(path, domain) if domain.symbols else _sounds(path, domain)
    else:
        found = _pictures(path, domain)
    if found.shape[1:] != domain.shape:
        raise UserError(
            f"--samples {path} has examples of shape {tuple(found.shape[1:])}, "
            f"'{source.name}' of {domain.shape}: compare like with like"
        )
    return domain.encode(found)


def rows_like(path: str | Path, domain: Any, option: str = "--samples") -> Tensor:
    """Return the rows of a file, its columns read as those of ``domain`` are.

    Args:
        path: a file of rows.
        domain: a table or vectors.
        option: by which the file was given.

    Raises:
        UserError: when the columns are others, or a text is no category of the data.
    """
    import torch

    from counterplay.data.cells import recoded, table_of
    from counterplay.data.examples import Asked
    from counterplay.data.paths import read_path

    mixed = domain.kind == "table"
    types = tuple(f"{c.name}={c.kind}" for c in domain.columns) if mixed else ("vector",)
    columns = read_path(str(path), Asked()).columns
    classes = (getattr(domain, "label", "") or CLASS, CATEGORY)
    drop = tuple(name for name in classes if name in columns and name not in domain.names)
    if not _same(tuple(c for c in columns if c not in drop), domain.names):
        raise UserError(
            f"{option} {path}: its columns are {', '.join(columns) or 'none'}; the data's "
            f"are {', '.join(domain.names)}"
        )
    found = read_path(str(path), Asked(types=types, drop=drop))
    if (found.table is not None) != mixed:
        raise UserError(f"{option} {path}: not all of its columns are numbers, as the data's are")
    rows: np.ndarray = found.rows
    if found.table is not None:
        import numpy as np

        table = table_of(found.table, rows, np.arange(len(rows)))
        rows = recoded(table, rows, domain)
    return domain.encode(torch.from_numpy(rows.copy()))


def _same(columns: tuple[str, ...], names: tuple[str, ...]) -> bool:
    """Return whether columns are the data's; an array has numbers in the place of names."""
    from counterplay.data.columns import named

    plain = named(len(names))
    return columns == names or (len(columns) == len(names) and plain in (columns, names))


def _text(path: str, domain: Sequence) -> Tensor:
    """Return the windows of a text, one after the other, by the data's own symbols."""
    import numpy as np
    import torch

    from counterplay.data.text import read_characters

    found = read_characters(Path(path))
    place = {symbol: level for level, symbol in enumerate(domain.symbols)}
    odd = next((symbol for symbol in found.symbols if symbol not in place), None)
    if odd is not None:
        raise UserError(f"--samples {path}: the data know no {odd!r}")
    levels = np.array([place[symbol] for symbol in found.symbols])[found.codes]
    count = len(levels) // domain.length
    if not count:
        raise UserError(
            f"--samples {path} has {len(levels):,} characters: windows of {domain.length:,} are "
            "compared, so more are needed"
        )
    return torch.from_numpy(levels[: count * domain.length].reshape(count, domain.length))


def _sounds(path: str, domain: Sequence) -> Tensor:
    import torch

    from counterplay.data import load

    made: Any = load(path, length=domain.length)
    if made.domain.kind != domain.kind or made.domain.rate != domain.rate:
        raise UserError(f"--samples {path}: recordings at {domain.rate:,} Hz are needed")
    parts = [made.supply.held(part, n, 0)[0] for part, n in made.splits.items() if n]
    return torch.cat(parts)


def _pictures(path: str, domain: Any) -> Tensor:
    import torch

    from counterplay.data.examples import Asked
    from counterplay.data.paths import read_path

    return torch.from_numpy(read_path(path, Asked(size=domain.size, labels=False)).rows.copy())
