"""Samples of tables of mixed columns as files: the header, order and types of the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from counterplay.data import Vector
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
    domain: Vector, samples: np.ndarray, classes: np.ndarray | None, out: Path
) -> None:
    """Write rows of numbers (N, D), and their classes as the last column where there are any.

    Raises:
        UserError: when Parquet is asked for without pyarrow.
    """
    from counterplay.data.cells import parquet_file, text_file
    from counterplay.run.files import write

    known = [] if classes is None else [[domain.classes[k] for k in classes.tolist()]]
    names = (*domain.names, *(["class"] if known else []))
    # The shortest decimals that are these numbers; bits stand as 0 and 1.
    cells = (samples.round().astype(int) if domain.levels else samples).astype(str).T.tolist()
    endings = [ending.lower() for ending in out.suffixes]
    if endings[-1] == ".parquet":
        number = int if domain.levels else float
        write(out, parquet_file([*(list(map(number, c)) for c in cells), *known], names))
        return
    separator = "\t" if ".tsv" in endings else ","
    write(out, text_file([*cells, *known], names, separator, endings[-1] == ".gz"))
