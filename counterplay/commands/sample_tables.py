"""Samples of tables of mixed columns as files: the header, order and types of the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplay.recipes.given import CLASS
from counterplay.recipes.samples import CATEGORY

if TYPE_CHECKING:
    import numpy as np

    from counterplay.recipes.samples import Sampler

__all__ = ["ENDINGS", "write_table", "write_vectors"]

ENDINGS = (".csv", ".tsv", ".gz", ".parquet")
"""The endings of files of tables; .gz after .csv or .tsv."""


def write_table(sampler: Sampler, out: Path, n: int, seed: int, where: Sequence[str] = ()) -> None:
    """Draw ``n`` rows that hold what is asked for, and write them.

    Raises:
        UserError: when Parquet is asked for without pyarrow, or no such rows are drawn.
    """
    from counterplay.data.cells import write_parquet, write_text
    from counterplay.recipes.where import rows_where
    from counterplay.run.files import write

    domain: Any = sampler.domain
    raw = rows_where(sampler, n, where, seed) if where else sampler.sample(n, seed=seed)
    endings = [ending.lower() for ending in out.suffixes]
    if endings[-1] == ".parquet":
        write(out, write_parquet(domain, raw))
        return
    if ".tsv" in endings:
        domain = replace(domain, separator="\t")
    write(out, write_text(domain, raw, packed=endings[-1] == ".gz"))


def write_vectors(
    sampler: Sampler, samples: np.ndarray, classes: np.ndarray | None, out: Path
) -> None:
    """Write rows of numbers (N, D), and their classes where there are any, in the data's order.

    Categories that the game has found by itself come last: they are no column of the data.

    Raises:
        UserError: when Parquet is asked for without pyarrow.
    """
    from counterplay.data.cells import parquet_file, text_file
    from counterplay.run.files import write

    domain: Any = sampler.domain
    names = list(domain.names)
    # The shortest decimals that are these numbers; bits stand as 0 and 1.
    cells = (samples.round().astype(int) if domain.levels else samples).astype(str).T.tolist()
    if classes is not None:
        told = bool(sampler.share)
        at = domain.label_at if told and domain.label else len(names)
        names.insert(at, (domain.label or CLASS) if told else CATEGORY)
        cells.insert(at, [sampler.names[k] for k in classes.tolist()])
    endings = [ending.lower() for ending in out.suffixes]
    if endings[-1] == ".parquet":
        write(out, parquet_file([_typed(each, domain.levels) for each in cells], names))
        return
    separator = "\t" if ".tsv" in endings else ","
    write(out, text_file(cells, names, separator, endings[-1] == ".gz"))


def _typed(cells: list[str], whole: int) -> list[int] | list[float] | list[str]:
    """Return the cells of a column as numbers, whole ones where they look so or are asked for."""
    if whole or all(cell.lstrip("-").isdigit() for cell in cells):
        return [int(cell) for cell in cells]
    try:
        return [float(cell) for cell in cells]
    except ValueError:
        return cells
