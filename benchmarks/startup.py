"""What starting and resuming cost.

Each figure is the median of runs in fresh processes: `counterplay --help` and `list`; `train` until
its first round is in the records, new and resumed. A checkpoint of a DCGAN (64 base channels at
32×32, Adam's moments and the averaged copy) is saved and loaded in this process, by turns.

    python -m benchmarks.startup [--repeats 7]

Promised: `--help` and `list` answer in half a second.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path
from statistics import median

from benchmarks.timing import Row, answer, arguments, interleaved, seconds

ROOT = Path(__file__).resolve().parents[1]
TINY = ("--steps", "100000", "--log-every", "1", "--checkpoint-every", "1", "--quiet")
PATIENCE = 120


def command(*words: str) -> list[str]:
    """Return the command line of ``counterplay``."""
    return [sys.executable, "-m", "counterplay", *words]


def answered(*words: str) -> float:
    """Return the seconds until ``counterplay WORDS`` has ended."""
    quiet = {"stdout": subprocess.DEVNULL, "cwd": ROOT}
    return seconds(lambda: subprocess.run(command(*words), check=True, **quiet))


def first_round(words: list[str], run: Path) -> float:
    """Return the seconds until ``train`` has written the record of a round; it is killed then."""
    before = rounds(run)
    begin = time.perf_counter()
    process = subprocess.Popen(command("train", *words), stdout=subprocess.DEVNULL, cwd=ROOT)
    try:
        while rounds(run) <= before:
            if process.poll() is not None or time.perf_counter() - begin > PATIENCE:
                raise RuntimeError(f"counterplay train {' '.join(words)}: no round was played")
            time.sleep(0.005)
        took = time.perf_counter() - begin
        while not any((run / "checkpoints").glob("[0-9]*")):  # for the resume
            time.sleep(0.005)
        return took
    finally:
        process.kill()
        process.wait()


def rounds(run: Path) -> int:
    """Return how many records of rounds there are."""
    file = run / "metrics.jsonl"
    lines = file.read_text().splitlines() if file.exists() else []
    return sum(line.startswith('{"step"') for line in lines)


def processes(repeats: int, root: Path) -> list[Row]:
    """Time the verbs, each in a fresh process."""
    times: dict[str, list[float]] = {"help": [], "list": [], "train": [], "resume": []}
    answered("--help")
    for turn in range(repeats):
        run = root / f"run{turn}"
        times["help"].append(answered("--help"))
        times["list"].append(answered("list"))
        times["train"].append(first_round(["digits", "--out", str(run), *TINY], run))
        times["resume"].append(first_round(["--resume", str(run), "--quiet"], run))
    note = f"{repeats} fresh processes"
    return [
        Row("counterplay --help", median(times["help"]), "s", at_most=0.5, note=note),
        Row("counterplay list", median(times["list"]), "s", at_most=0.5, note=note),
        Row("train digits: start to first round recorded", median(times["train"]), "s", note=note),
        Row(
            "train --resume: start to next round recorded", median(times["resume"]), "s", note=note
        ),
    ]


def checkpoints(repeats: int, root: Path) -> list[Row]:
    """Time the saving and the loading of a DCGAN's whole state."""
    from benchmarks.loop import ours, play
    from counterplay.data import load
    from counterplay.run import checkpoint

    loop, state = ours(load("digits", size=32), "float32")
    play(loop, 1)()  # so that there are moments
    numbers = count(1)

    def save() -> None:
        state.step = next(numbers)
        checkpoint.save(root, state)
        checkpoint.trim(root, 1)

    def resume() -> None:
        found, _ = checkpoint.latest(root)
        state.load(found.tensors, found.scalars)

    times = interleaved({"save": save, "load": resume}, repeats)
    size = sum(f.stat().st_size for f in root.glob("*/*")) / 1e6
    note = f"{size:.0f} MB, {repeats} turns"
    return [
        Row("save a DCGAN's checkpoint, synced to disk", median(times["save"]), "s", note=note),
        Row("find, check and load a DCGAN's checkpoint", median(times["load"]), "s", note=note),
    ]


def main() -> int:
    """Measure all."""
    asked = arguments(__doc__, repeats=7)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        rows = processes(asked.repeats, root) + checkpoints(asked.repeats, root / "checkpoints")
    return answer(rows, asked.json)


if __name__ == "__main__":
    sys.exit(main())
