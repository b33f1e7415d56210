"""What the benchmarks share: sides that take turns, medians, and rows that state their target."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

__all__ = ["MNIST", "Row", "answer", "arguments", "interleaved", "ratio", "seconds"]

MNIST = Path(__file__).resolve().parents[2] / "shared" / "data" / "mnist"
"""Where the pictures lie by default: beside the repository."""


@dataclass(frozen=True)
class Row:
    """One figure.

    Attributes:
        what: what was measured, for a reader.
        value: the figure.
        unit: its unit; "×" for a ratio.
        at_least: the lower bound that was promised, or ``None``.
        at_most: the upper bound that was promised, or ``None``.
        note: counts, and the figures that a ratio was made from.
    """

    what: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def target(self) -> str:
        """The promise in words, "" when there is none."""
        low = "" if self.at_least is None else f"≥ {self.at_least:g}"
        high = "" if self.at_most is None else f"≤ {self.at_most:g}"
        return low or high

    @property
    def met(self) -> bool:
        """Whether the promise is kept."""
        low = self.at_least is None or self.value >= self.at_least
        return low and (self.at_most is None or self.value <= self.at_most)

    def line(self) -> str:
        """Return the row for the terminal."""
        state = f"  {self.target} {'met' if self.met else 'NOT MET'}" if self.target else ""
        return f"{self.what:64} {self.value:10.4g} {self.unit:6}{state}  {self.note}"


def seconds(act: Callable[[], object]) -> float:
    """Return how long ``act`` took."""
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def interleaved(sides: Mapping[str, Callable[[], object]], blocks: int) -> dict[str, list[float]]:
    """Return the seconds of ``blocks`` blocks of each side.

    The sides take turns and each block begins with another one, so that whatever else the machine
    does falls on all of them alike. One block of each goes before, uncounted.
    """
    names = list(sides)
    for act in sides.values():
        act()
    times: dict[str, list[float]] = {name: [] for name in names}
    for block in range(blocks):
        first = block % len(names)
        for name in names[first:] + names[:first]:
            times[name].append(seconds(sides[name]))
    return times


def ratio(over: Sequence[float], under: Sequence[float]) -> float:
    """Return the median of the blocks' own ratios: neighbours in time share their disturbances."""
    return median(a / b for a, b in zip(over, under, strict=True))


def arguments(about: str, **defaults: int | float | Path) -> argparse.Namespace:
    """Read the command line: an option for each default, and ``--json FILE`` for the rows."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    for name, default in defaults.items():
        parser.add_argument(f"--{name}", type=type(default), default=default)
    parser.add_argument("--json", type=Path, default=None, help="write the rows there")
    return parser.parse_args()


def answer(rows: Sequence[Row], file: Path | None) -> int:
    """Print the rows, write them as JSON where asked, and return 1 when a promise is not kept."""
    for row in rows:
        print(row.line())
    if file:
        file.write_text(json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False))
    return int(not all(row.met for row in rows))
