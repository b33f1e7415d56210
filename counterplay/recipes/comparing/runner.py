"""The trainings of a comparison, each in a process of its own, and their table."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes.comparing.games import wanted
from counterplay.recipes.comparing.page import page, text
from counterplay.recipes.comparing.peers import asked_peers, measure_peer, samples_of
from counterplay.recipes.comparing.rows import Row, row
from counterplay.recipes.comparing.task import FAILED, RESULT, TASK, Task, read_task, result_of
from counterplay.recipes.comparing.words import advice
from counterplay.recipes.plan import open_data
from counterplay.recipes.schema import Data

if TYPE_CHECKING:
    from counterplay.data import Source

__all__ = ["Asked", "compare", "others_of"]

OTHERS = "others.json"
"""The figures of real examples and of copies, which no training changes."""

GRACE = 600.0
"""Seconds that a training may take for data, looks and measuring, beside its own."""

FEW = 200
"""Test examples below which the report says that they are few."""

_TELLING = 3
"""Last lines of a process that ended without a result, which say why."""


@dataclass(frozen=True)
class Asked:
    """What is compared.

    Attributes:
        data: a name or path.
        games: families or recipes, comma by comma; "" for all that are sensible.
        seconds: of training for each.
        seeds: trainings of each game.
        jobs: processes at a time.
        size: side of the pictures.
        labels: the column of the labels.
        device: "auto", "cpu" or "cuda".
        peers: samples of other systems, as ``NAME=FILE``.
    """

    data: str
    games: str = ""
    seconds: float = 600.0
    seeds: int = 1
    jobs: int = 1
    size: int | None = None
    labels: str | None = None
    device: str = "auto"
    peers: tuple[str, ...] = ()


def compare(asked: Asked, folder: Path, command: str, say: Callable[[str], object]) -> list[Row]:
    """Train what has not been trained yet, measure, and write the report into ``folder``.

    Raises:
        UserError: when the data cannot be used, a game is not known, or the folder is that of
            another comparison.
    """
    source = open_data(Data(asked.data, size=asked.size, labels=asked.labels))
    games = wanted(asked.games, source.domain, source.splits["train"], asked.data)
    if not games:
        raise UserError(f"'{asked.data}': no family is known for data of kind {source.domain.kind}")
    tasks = [
        Task(
            asked.data, family, recipe, seed, asked.seconds, asked.size, asked.labels, asked.device
        )
        for seed in range(asked.seeds)
        for family, recipe in games.items()
    ]
    peers = asked_peers(asked.peers, list(games))
    for peer in peers:
        samples_of(peer.path, source)  # before hours of training, not after
    _prepared(tasks, folder)
    others = _others(source, folder, asked.device, say)
    with ThreadPoolExecutor(asked.jobs) as pool:
        done = [pool.submit(_contest, task, folder, asked.jobs) for task in tasks]
        for number, (task, each) in enumerate(zip(tasks, done, strict=True), 1):
            say(f"{number} of {len(tasks)}: {task.name}: {_told(each.result())}")
    results = {task: each.result() for task, each in zip(tasks, done, strict=True)}
    rows = [
        row(family, [results[task] for task in tasks if task.family == family]) for family in games
    ]
    rows += [measure_peer(peer, source, folder, asked.device) for peer in peers]
    _written(asked, source, rows, others, folder, command)
    return rows


def _prepared(tasks: Sequence[Task], folder: Path) -> None:
    """Make the folders, and refuse one whose trainings were others.

    Raises:
        UserError: naming the first that differs.
    """
    for task in tasks:
        there = folder / task.name
        if (there / TASK).is_file() and read_task(there) != task:
            raise UserError(
                f"--out {folder}: '{task.name}' was compared there by other settings; "
                "the same settings go on with it, another folder begins anew"
            )
        task.write(there)


def _contest(task: Task, folder: Path, jobs: int) -> Mapping[str, Any]:
    """Run one training in a process of its own, unless it has ended; return what came of it.

    One that failed is tried again: its reason may have been the machine's.
    """
    place = folder / task.name
    found = result_of(place)
    if found is not None and FAILED not in found:
        return found
    (place / RESULT).unlink(missing_ok=True)
    threads = max(1, (os.cpu_count() or 1) // jobs)
    # The package may be read from a checkout that is installed nowhere.
    paths = [str(Path(__file__).parents[3]), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    environment |= {"OMP_NUM_THREADS": str(threads)} if jobs > 1 else {}
    words = [sys.executable, "-m", "counterplay.recipes.comparing.contest", str(place)]
    with (place / "log.txt").open("w") as log:
        try:
            subprocess.run(
                words, stdout=log, stderr=log, env=environment, timeout=task.seconds * 2 + GRACE
            )
        except subprocess.TimeoutExpired as error:
            return {FAILED: f"it took longer than {error.timeout:.0f} s", "recipe": task.recipe}
    return result_of(place) or {FAILED: _last_words(place / "log.txt"), "recipe": task.recipe}


def _last_words(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return "its process ended: " + " / ".join(lines[-_TELLING:])[-300:]


def _told(result: Mapping[str, Any]) -> str:
    if FAILED in result:
        return f"failed, {result[FAILED]}"
    return f"{result['rounds']:,} rounds in {result['trained_seconds']:.0f} s, measured"


def _others(
    source: Source, folder: Path, device: str, say: Callable[[str], object]
) -> dict[str, Any]:
    """Return the figures of real examples and copies, computed once."""
    from counterplay.recipes.comparing.measured import bystanders
    from counterplay.recipes.device import find
    from counterplay.recipes.looks import draw_real
    from counterplay.run.files import write

    path = folder / OTHERS
    if path.is_file():
        return others_of(folder)
    say("measuring real examples and copies of them in the samples' place ...")
    found = {name: each["metrics"] for name, each in bystanders(source, find(device)).items()}
    draw_real(source).save(folder / "real.png")
    write(path, json.dumps(found, indent=1))
    return found


def others_of(folder: Path) -> dict[str, Any]:
    """Return the figures of real examples and copies, from the folder of a comparison."""
    return json.loads((folder / OTHERS).read_text(encoding="utf-8"))


def _few(count: int) -> list[str]:
    """Return a warning where there are too few test examples to tell games apart."""
    return [f"{count} test examples are few: figures are coarse"] if count < FEW else []


def _origin(found: Row) -> str:
    if found.seeds and "parameters" not in found.cells:
        return f"{found.name} was trained elsewhere, for whatever time: {found.recipe}"
    return f"{found.name} is the recipe '{found.recipe}'"


def _written(
    asked: Asked,
    source: Source,
    rows: Sequence[Row],
    others: Mapping[str, Any],
    folder: Path,
    command: str,
) -> None:
    from counterplay.run.environment import machine
    from counterplay.run.files import write

    about = [
        f"{asked.data}: {', '.join(f'{n:,} {part}' for part, n in source.splits.items())}",
        f"each game trained for {asked.seconds:g} s, as many rounds as fit, on {machine()}",
        "every figure is of samples against the same test part; nothing was chosen by it",
        *_few(source.splits["test"]),
        *source.notes,
        *(_origin(each) for each in rows),
    ]
    found = page(asked.data, about, rows, others, advice(rows), folder, command)
    write(folder / "report.html", found)
    write(folder / "table.txt", text(rows, others) + "\n")
