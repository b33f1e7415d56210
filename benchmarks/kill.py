"""Trainings killed at random moments and gone on with: do they end with the same bits?

A trial runs ``counterplay train`` on a tiny game in a process that is killed with SIGKILL after a
uniformly random part of the time that an undisturbed training takes, from its first instruction to
its last, the making of the run folder and the final evaluation included. Then ``--resume`` in a new
process, killed at random again, until one ends by itself; a trial in which nothing was killed is
repeated. What is left is compared with the undisturbed training: every tensor of the last
checkpoint with ``torch.equal``, every record, figure and picture; only times may differ.

torch is imported once: the processes are forked from one that has imported it and computed nothing.

    python -m benchmarks.kill [--trials 200] [--seed 0]

Promised: all of them end with the same bits.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.timing import Row, answer, arguments

SHARED = "--log-every 4 --look-every 60 --device cpu --quiet"
SIZE = "--game.networks.width 16 --game.networks.depth 1 --batch 32 --keep 2"
GAMES = (
    f"--recipe gan-ring --ema 20 {SIZE} {SHARED}",
    f"--recipe ring-wgan-gp --ema 20 --dynamics optimistic {SIZE} {SHARED}",
)
"""Trials take these in turn: alternating play with the logistic costs, and optimistic play, which
remembers gradients, with a gradient penalty and five critic steps."""

POINTS = 400
"""Examples that are learnt from: points on a ring, in a file. An epoch is 11 rounds."""

NEEDED = (
    "torch",
    "torch._dynamo",  # the first optimiser imports it
    "sklearn.neighbors",
    "scipy.stats",
    "counterplay.commands.train",
    "counterplay.data.loading",
    "counterplay.data.drawn",
    "counterplay.games",
    "counterplay.metrics",
    "counterplay.networks",
    "counterplay.recipes.session",
    "counterplay.run.pictures",
    "counterplay.run.report",
    "counterplay.train",
)
ROUNDS = ("--steps", "100", "--checkpoint-every", "6")
DATA = "points.npy"
TIMES = ("time", "images_per_second", "at")

fork = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Ending:
    """What a training left, without its times."""

    tensors: dict[str, Any]
    scalars: dict[str, Any]
    records: list[dict[str, Any]]
    figures: dict[tuple[str, int], dict[str, Any]]
    pictures: dict[int, bytes]

    def differs(self, other: Ending) -> str:
        """Return the first thing in which ``other`` differs, or ""."""
        import torch

        if self.tensors.keys() != other.tensors.keys():
            return "the names of the tensors"
        for name, value in self.tensors.items():
            if value.dtype != other.tensors[name].dtype or not torch.equal(
                value, other.tensors[name]
            ):
                return f"tensor {name}"
        for part in ("scalars", "records", "figures", "pictures"):
            if getattr(self, part) != getattr(other, part):
                return part
        return ""


def ending(folder: Path) -> Ending:
    """Read what is left in a run folder."""
    from counterplay.run import Run

    run = Run.open(folder)
    checkpoint, _ = run.latest_good()
    assert checkpoint is not None
    kept = [{k: v for k, v in r.items() if k not in TIMES} for r in run.records()]
    return Ending(
        checkpoint.tensors,
        checkpoint.scalars,
        [r for r in kept if "event" not in r],
        # A look that was written down and then lost its checkpoint is taken again.
        {(r["event"], r["step"]): r for r in kept if r.get("event") in ("look", "evaluate")},
        {step: path.read_bytes() for step, path in run.pictures().items()},
    )


def life(words: list[str], log: Path) -> None:
    """Be a ``counterplay`` process."""
    from counterplay.cli import main

    with log.open("a") as file, contextlib.redirect_stdout(file), contextlib.redirect_stderr(file):
        code = main(words)
    os._exit(code)


def lived(game: str, folder: Path, seconds: float | None = None) -> int:
    """Start or go on with the run; return its exit code, -9 when killed after ``seconds``."""
    there = (folder / "recipe.yaml").is_file()
    new = [str(folder.parent / DATA), *game.split(), *ROUNDS, "--out", str(folder)]
    given = ["--resume", str(folder)] if there else new
    log = folder.with_suffix(".log")
    process = fork.Process(target=life, args=(["train", *given], log))
    process.start()
    process.join(seconds)
    process.kill()
    process.join()
    if process.exitcode not in (0, -9):
        raise RuntimeError(f"{' '.join(given)}: exit code {process.exitcode}\n{log.read_text()}")
    return process.exitcode


def points(file: Path) -> None:
    """Write the data."""
    import numpy as np

    draw = np.random.default_rng(0)
    angle = draw.integers(0, 8, POINTS) * (np.pi / 4)
    ring = np.stack([np.cos(angle), np.sin(angle)], 1) + 0.02 * draw.standard_normal((POINTS, 2))
    np.save(file, ring.astype(np.float32))


def undisturbed(game: str, folder: Path) -> tuple[Ending, float]:
    """Return how the game ends when nobody kills it, and the seconds it takes."""
    begin = time.perf_counter()
    lived(game, folder)
    return ending(folder), time.perf_counter() - begin


def trial(game: str, folder: Path, seconds: float, rng: Random) -> int:
    """Kill and go on until it ends; return how often it was killed, 0 when it was too quick."""
    kills = 0
    while lived(game, folder, rng.uniform(0, seconds)):
        kills += 1
    return kills


def trials(count: int, seed: int, root: Path) -> tuple[int, int, list[str]]:
    """Return (ends with the same bits, kills in all, what differed where)."""
    rng = Random(seed)
    points(root / DATA)
    whole = [undisturbed(game, root / f"whole{i}") for i, game in enumerate(GAMES)]
    same, killed, wrong = 0, 0, []
    for number in range(count):
        game, (wanted, seconds) = GAMES[number % len(GAMES)], whole[number % len(GAMES)]
        kills, attempt = 0, 0
        while not kills:
            folder = root / f"trial{number}-{attempt}"
            kills, attempt = trial(game, folder, seconds, rng), attempt + 1
        found = wanted.differs(ending(folder))
        same, killed = same + (not found), killed + kills
        wrong += [f"trial {number}: {found}"] if found else []
    return same, killed, wrong


def prepare() -> None:
    """Import what the processes need, and compute nothing: a process with threads cannot fork."""
    import torch

    torch.set_num_threads(1)
    for name in NEEDED:
        import_module(name)


def main() -> int:
    """Run the trials and print the count."""
    asked = arguments(__doc__, trials=200, seed=0)
    prepare()
    with tempfile.TemporaryDirectory() as folder:
        same, killed, wrong = trials(asked.trials, asked.seed, Path(folder))
    for line in wrong:
        print(line)
    note = f"{killed} kills in {asked.trials} trials"
    what = f"of {asked.trials} trainings killed at random moments end with the same bits"
    return answer([Row(what, same, "", at_least=asked.trials, note=note)], asked.json)


if __name__ == "__main__":
    sys.exit(main())
