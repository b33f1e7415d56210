"""``counterplay evaluate``: a run's samples against data it has not seen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from counterplay.commands.arguments import parse
from counterplay.errors import UserError

__all__ = ["main"]


@dataclass(frozen=True)
class Arguments:
    """Measure a run's samples against data it has not seen.

    Each figure stands beside its value for real data in the samples' place.
    """

    run: tyro.conf.Positional[Path]
    """Run folder."""
    data: str | None = None
    """Data name or path; the run's own when it is not given."""
    n: Annotated[int | None, tyro.conf.arg(aliases=("-n",))] = None
    """Samples; 5,000 or as many as there are to compare with when it is not given."""
    split: Literal["test", "validation"] = "test"
    """Part of the data to measure against; checkpoints were ranked by the validation part."""
    seed: int = 0
    """Decides the samples and the choice of examples."""
    checkpoint: str | None = None
    """last, best or a step; the one that the recipe ends with when it is not given."""
    raw: bool = False
    """Measure the networks as they were played, not the averaged ones."""
    metrics: str | None = None
    """Further metrics, beside the usual ones: all, or names with commas between them."""
    json: bool = False
    """Print JSON instead of a table."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where to compute."""


def main(argv: Sequence[str]) -> int:
    """Measure and print."""
    given = parse(Arguments, argv, "evaluate")
    from counterplay.run import Run

    Run.open(given.run)
    if given.n is not None and given.n < 1:
        raise UserError(f"-n {given.n}: 1 or more samples can be measured")
    from counterplay.metrics import text
    from counterplay.metrics.further import wanted
    from counterplay.recipes.device import find
    from counterplay.recipes.looks import examine
    from counterplay.recipes.opened import held_against, open_run

    further = wanted(given.metrics or "")
    device = find(given.device)
    opened = open_run(given.run, device, given.checkpoint, given.raw)
    source, notes = held_against(opened, given.data)
    figures = examine(
        opened.sampler,
        source,
        device,
        ema=opened.ema,
        n=given.n,
        seed=given.seed,
        split=given.split,
        metrics=further,
    )
    figures["notes"] = [*opened.notes, *notes, *figures["notes"]]
    if further:
        opened.run.evaluated(opened.step, figures)
    about = {"run": str(given.run), "step": opened.step, "data": source.name, "seed": given.seed}
    print(json.dumps({**figures, **about}, indent=1) if given.json else text(figures))
    return 0
