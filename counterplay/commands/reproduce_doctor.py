"""``counterplay reproduce doctor``: trainings of which it is known what is wrong, diagnosed."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

__all__ = ["DOCTOR", "listed", "main"]

DOCTOR = "doctor"
"""The name under which the bench stands among what can be reproduced."""


def listed() -> dict[str, Any]:
    """Return the bench's row in the list of what is promised."""
    from counterplay.recipes.doctor_bench.case import SEEDS

    return {
        "system": "the doctor, on sick and healthy trainings that set no threshold",
        "seeds": SEEDS,
        "seconds": None,
        "promises": ["sensitivity ≥ 0.9 of each condition", "false alarms ≤ 0.05"],
    }


def main(
    out: Path | None, docs: Path | None, seeds: int | None, jobs: int, quick: bool, plain: bool
) -> int:
    """Train what has no record in ``out``, judge, write; return 1 for a promise that is not kept.

    Args:
        out: the folder of the records; by default runs/reproduce-doctor, which is gone on with.
        docs: where ``doctor.json`` and ``doctor.md`` go; the folder ``out`` where there is none.
        seeds: trainings of each case; three when it is not said.
        jobs: trainings at a time.
        quick: only prove that everything works, and write nothing.
        plain: print JSON.
    """
    from counterplay.recipes.doctor_bench.bench import Bench, kept
    from counterplay.recipes.doctor_bench.bench import quick as tried
    from counterplay.recipes.doctor_bench.case import SEEDS

    say = _aside if plain else print
    if quick:
        with tempfile.TemporaryDirectory(prefix="counterplay-") as folder:
            found = tried(Path(folder), say)
        print(json.dumps({"quick": True, "runs": len(found)}) if plain else _proved(len(found)))
        return 0
    folder = out or Path("runs") / "reproduce-doctor"
    figures = Bench(folder, docs or folder, seeds or SEEDS, jobs, say).run()
    good = kept(figures)
    print(json.dumps(figures, indent=1, ensure_ascii=False) if plain else _told(figures, good))
    return 0 if good else 1


def _proved(count: int) -> str:
    return f"quick: {count} trainings were made and judged; nothing is written down"


def _told(figures: dict[str, Any], good: bool) -> str:
    lines = []
    for name, half in figures["halves"].items():
        sick, well = half["sick"], half["healthy"]
        lines.append(f"{name}: {half['found']} of {sick} found, {half['alarms']} of {well} alarmed")
        lines += [
            f"  {row['condition']:22} {row['sensitivity']:.2f} of {row['runs']}"
            for row in half["conditions"]
        ]
    return "\n".join([*lines, f"the promise is {'kept' if good else 'NOT kept'}"])


def _aside(line: str) -> None:
    print(line, file=sys.stderr)
