"""``counterplay diagnose``: what is wrong with a run or with samples, and what to try."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import tyro

from counterplay.commands.arguments import parse
from counterplay.errors import UserError

if TYPE_CHECKING:
    from counterplay.recipes.diagnosing import Diagnosis

__all__ = ["main"]


@dataclass(frozen=True)
class Arguments:
    """Say what is wrong with a run, how one knows, and what to try.

    RUN may train yet, be finished, or be dead. Or name bare samples with --samples, and with --data
    what they should be like. The exit code is 0 when nothing is sick, 1 when something is, and 2
    for a mistake in the command.
    """

    run: Annotated[tyro.conf.Positional[Path | None], tyro.conf.arg(metavar="[RUN]")] = None
    """Run folder."""
    samples: str | None = None
    """File or folder of samples, in the place of a run."""
    data: str | None = None
    """Data name or path; the run's own when it is not given."""
    fresh: bool = False
    """Examine the checkpoints, whatever was recorded."""
    deep: bool = False
    """Look closer, for minutes: a freshly trained critic, the game's eigenvalues, its path."""
    json: bool = False
    """Print JSON instead of words."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where to compute."""


def main(argv: Sequence[str]) -> int:
    """Diagnose, print, and return 0, or 1 where something is sick."""
    given = parse(Arguments, argv, "diagnose")
    if (given.run is None) == (given.samples is None):
        raise UserError("diagnose takes a run folder, or --samples FILE with --data DATA")
    if given.samples is not None and given.data is None:
        raise UserError("--samples: say with --data what the samples should be like")
    if given.deep and given.run is None:
        raise UserError("--deep looks at networks, and --samples has none; give a run")
    if given.run is not None:
        from counterplay.run import Run

        Run.open(given.run)
    found = _found(given)
    from counterplay.doctor import is_sick
    from counterplay.doctor.text import table

    deep = _closer(given)
    if given.json:
        print(json.dumps({**_plain(found), **({"deep": deep} if deep else {})}, indent=1))
    else:
        print("\n".join([table(found.findings), *(f"note: {n}" for n in found.notes)]))
        print("\n".join(_told(deep)), end="\n" if deep else "")
    return int(is_sick(found.findings))


def _closer(given: Arguments) -> dict[str, Any]:
    from counterplay.recipes.device import find
    from counterplay.recipes.diagnosing import closer

    if not given.deep or given.run is None:
        return {}
    return closer(given.run, find(given.device), given.data)


def _told(deep: Mapping[str, Any]) -> list[str]:
    """Return the closer look's lines: numbers, then the path as a table."""
    lines = [f"{name:18} {value:.4g}" for name, value in deep.items() if name != "path"]
    rows = deep.get("path", [])
    if rows:
        lines.append("  ".join(f"{name:>16}" for name in rows[0]))
    return lines + ["  ".join(f"{value:16.4g}" for value in row.values()) for row in rows]


def _found(given: Arguments) -> Diagnosis:
    from counterplay.recipes.device import find
    from counterplay.recipes.diagnosing import of_run, of_samples

    device = find(given.device)
    if given.run is None:
        return of_samples(str(given.samples), str(given.data), device)
    return of_run(given.run, device, given.data, given.fresh)


def _plain(found: Diagnosis) -> dict[str, object]:
    last = found.history.checkups[-1] if found.history.checkups else None
    return {
        "findings": [f.to_json() for f in found.findings],
        "step": last.step if last else 0,
        "signals": dict(last.values) if last else {},
        "notes": list(found.notes),
    }
