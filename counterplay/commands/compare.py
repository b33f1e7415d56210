"""``counterplay compare``: every family on the same data, with the same time each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro

from counterplay.commands.arguments import parse
from counterplay.errors import UserError

__all__ = ["main", "seconds"]


@dataclass(frozen=True)
class Arguments:
    """Train every sensible game on DATA for the same time, and say which to use, and why.

    The report has a row for each game, one for real examples in the samples' place, and one for
    copies of the training set. The same command goes on where it was stopped.
    """

    data: tyro.conf.Positional[str]
    """A known name (see `counterplay list`) or a path."""
    games: str = ""
    """Families or recipes to compare, comma by comma; all that are sensible when not given."""
    budget: str = "10m"
    """Training time for each, such as 60s, 10m or 1h."""
    seeds: int = 1
    """Trainings of each game, with seeds 0, 1, ...; spreads take two or more."""
    jobs: int = 1
    """Trainings at a time, each in a process of its own."""
    out: Path | None = None
    """Folder for the report and the runs; by default compare/DATA."""
    size: int | None = None
    """Side of the pictures, which are resized and cropped to it."""
    labels: str | None = None
    """The column of a table that holds the classes."""
    peer_samples: tuple[str, ...] = ()
    """What other systems made of the same training part, as NAME=FILE: rows of their own."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where to compute."""


def main(argv: Sequence[str]) -> int:
    """Compare and print; return 0, or 1 when every game failed."""
    given = parse(Arguments, argv, "compare")
    for name, value in (("seeds", given.seeds), ("jobs", given.jobs)):
        if not 1 <= value <= 1000:
            raise UserError(f"--{name} {value}: 1 to 1000 are possible")
    from counterplay.recipes.comparing.page import text
    from counterplay.recipes.comparing.runner import Asked, compare, others_of
    from counterplay.recipes.comparing.words import advice
    from counterplay.run.environment import command

    asked = Asked(
        given.data,
        given.games,
        seconds(given.budget),
        given.seeds,
        given.jobs,
        given.size,
        given.labels,
        given.device,
        given.peer_samples,
    )
    folder = given.out or Path("compare", re.sub(r"[^\w.-]+", "-", Path(given.data).name))
    rows = compare(asked, folder, command(), lambda line: print(line, flush=True))
    print("", text(rows, others_of(folder)), "", *advice(rows), "", sep="\n")
    print(f"  report  {folder / 'report.html'}")
    return 0 if any(row.seeds for row in rows) else 1


def seconds(words: str) -> float:
    """Return the seconds of a duration such as ``60s``, ``10m``, ``1.5h`` or ``90``.

    >>> seconds("60s"), seconds("10m"), seconds("1.5h"), seconds("90")
    (60.0, 600.0, 5400.0, 90.0)

    Raises:
        UserError: when it is no duration above 0.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh]?)", words.strip())
    value = float(found[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[found[2]] if found else 0.0
    if value <= 0:
        raise UserError(f"--budget {words}: a time such as 60s, 10m or 1h is needed")
    return value
