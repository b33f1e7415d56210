"""``counterplay reproduce``: a promised number is run, and its row written; or the rows checked."""

from __future__ import annotations

import json
import math
import shlex
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

import tyro

import counterplay
from counterplay.commands import reproduce_doctor
from counterplay.commands.arguments import parse
from counterplay.commands.options import arities, read_ahead, spelled_out
from counterplay.errors import UserError
from counterplay.recipes import ledger, named
from counterplay.recipes.instalments import added, lacking, same_data
from counterplay.recipes.plan import open_data
from counterplay.recipes.promises import REPRODUCTIONS, promised
from counterplay.recipes.reproduction import Peer, Task, compare, reproduce
from counterplay.recipes.results import bound, number
from counterplay.recipes.row import Row, plain
from counterplay.recipes.stale import reasons, stale

__all__ = ["Arguments", "command", "home", "main", "read_command", "request"]


@dataclass(frozen=True)
class Arguments:
    """Run a recipe that promises a number, and write its row into the ledger.

    Without a name it lists what is promised. It ends with 1 when the promise is not kept: the row
    is written all the same.
    """

    name: Annotated[
        tyro.conf.Positional[str | None], tyro.conf.arg(metavar="[NAME]", name="name")
    ] = None
    """What is promised."""
    jobs: int = 1
    """Trainings at a time, of the doctor's bench alone."""
    seeds: int | None = None
    """Trainings, with seeds 0, 1, ...; as many as the promise is over when it is not given."""
    more: bool = False
    """Train only the seeds that the ledger's row lacks, and add them to it."""
    quick: bool = False
    """Prove in a few rounds that everything works; nothing is written into the ledger."""
    json: bool = False
    """Print the row as JSON."""
    out: Path | None = None
    """Folder for the run folders; by default runs/reproduce-NAME, numbered when that is taken."""
    resume: Path | None = None
    """Folder of a reproduction that was interrupted: go on with its trainings, to the same row."""
    data: str | None = None
    """The data, where they are not at their usual place."""
    ledger: Path | None = None
    """The ledger's file; by default docs/results.json, or results.json in --out."""
    check: bool = False
    """Run nothing; say which rows no longer fit the code, and end with 1 when one does not."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where to compute."""
    peer_samples: Path | None = None
    """Another system's samples, .npz: measure them as ours are, and write its row beside ours."""
    peer_name: str | None = None
    """That system's name and version."""
    peer_seconds: float | None = None
    """Seconds that its training took."""


def main(argv: Sequence[str]) -> int:
    """Run, list or check; return 0, or 1 for a promise that was not kept and for a stale row."""
    given = request(argv)
    if given.check:
        return _check(given)
    if given.name is None:
        return _list(given)
    if given.name == reproduce_doctor.DOCTOR:
        return _doctor(given)
    task = _task(given, given.name)
    if given.quick:
        return _told(given, _made(given, task), None)
    given = replace(given, out=_out(given, given.name))
    path = ledger.ready(_ledger(given))  # before an hour of training and not after it
    row = _more(given, task, path) if given.more else _made(given, task)
    ledger.record(path, row)
    return _told(given, row, path)


def _check_doctor(given: Arguments) -> None:
    if given.data is not None or given.peer_samples is not None or given.ledger is not None:
        raise UserError("the doctor's bench has data, doctor and page of its own; --out is for it")
    if not 1 <= given.jobs <= 256:
        raise UserError(f"--jobs {given.jobs}: 1 to 256 trainings at a time")


def _doctor(given: Arguments) -> int:
    root = home()
    docs = root / "docs" if root is not None else None
    return reproduce_doctor.main(given.out, docs, given.seeds, given.jobs, given.quick, given.json)


def _told(given: Arguments, row: Row, path: Path | None) -> int:
    if given.json:
        print(json.dumps({"quick": given.quick, **plain(row)}, indent=1, ensure_ascii=False))
    else:
        print(_shown(row, path))
    return 1 if row.passed is False and not row.peer else 0


def request(argv: Sequence[str]) -> Arguments:
    """Read a command line, without torch.

    Raises:
        UserError: for an unknown option or name, or options that do not fit each other.
    """
    words = spelled_out(argv, {})
    if not any(word in ("-h", "--help") for word in words):
        free, _ = read_ahead(words, arities(Arguments))
        if len(free) > 1:
            raise UserError(f"reproduce takes one name, not {' and '.join(free)}")
    given = parse(Arguments, words, "reproduce")
    if given.check and given.name is not None:
        raise UserError("--check looks at every row; leave the name out")
    if given.name == reproduce_doctor.DOCTOR:
        _check_doctor(given)
    elif given.name is not None:
        promised(given.name)
        if given.jobs != 1:
            raise UserError(f"--jobs {given.jobs}: one training at a time is measured here")
    if given.seeds is not None and not 1 <= given.seeds <= 1000:
        raise UserError(f"--seeds {given.seeds}: 1 to 1000 trainings can be run")
    if given.more and (given.name in (None, reproduce_doctor.DOCTOR) or given.quick):
        raise UserError(
            "--more adds seeds to a row: it takes the NAME of a promise, and no --quick"
        )
    _check_peer(given)
    _check_resume(given)
    return given


def command(given: Arguments) -> str:
    """Return the command line that makes the same row again, wherever its files are put."""
    name = given.name or ""
    words = ["counterplay", "reproduce", name]
    if given.peer_samples is not None:
        # Only the file's name: folders differ from machine to machine.
        words += ["--peer-samples", given.peer_samples.name, "--peer-name", given.peer_name or ""]
        words += ["--peer-seconds", f"{given.peer_seconds or 0:g}"]
    elif given.seeds is not None and given.seeds != promised(name).seeds:
        words += ["--seeds", str(given.seeds)]
    words += ["--data", given.data] if given.data is not None else []
    words += ["--quick"] if given.quick else []
    words += ["--device", given.device] if given.device != "auto" else []
    return shlex.join(words)


def read_command(line: str) -> tuple[str, int, bool]:
    """Return (promise, number of seeds, whether of a peer) of a row's command line.

    Raises:
        UserError: when it is not one that makes a row.
    """
    words = shlex.split(line)
    if words[:2] != ["counterplay", "reproduce"]:
        raise UserError("it does not begin with 'counterplay reproduce'")
    given = request(words[2:])
    if given.name is None or given.quick:
        raise UserError("it makes no row")
    return (
        given.name,
        given.seeds or promised(given.name).seeds,
        given.peer_samples is not None,
    )


def home() -> Path | None:
    """Return the repository that this code is run from, or ``None`` where it is installed."""
    root = Path(counterplay.__file__).parents[1]
    return root if (root / "docs").is_dir() and (root / "pyproject.toml").is_file() else None


def _check_peer(given: Arguments) -> None:
    parts = (given.peer_samples, given.peer_name, given.peer_seconds)
    if all(part is None for part in parts):
        return
    if given.name is None or any(part is None for part in parts):
        raise UserError("a peer takes a NAME, --peer-samples, --peer-name and --peer-seconds")
    if given.seeds is not None or given.more:
        word = "--more" if given.more else "--seeds"
        raise UserError(f"{word} is for trainings; a peer has one array in its file for each")
    seconds = given.peer_seconds or 0.0
    if not (math.isfinite(seconds) and seconds > 0) or not (given.peer_name or "").strip():
        raise UserError("--peer-name needs a name, and --peer-seconds a number above 0")


def _check_resume(given: Arguments) -> None:
    if given.resume is None:
        return
    if given.name in (None, reproduce_doctor.DOCTOR) or given.quick or given.peer_samples:
        raise UserError("--resume takes the NAME of a promise, and no --quick and no peer")
    if given.out is not None:
        raise UserError(f"--resume {given.resume} goes on in that folder; leave --out out")
    if not any(given.resume.glob("seed-*")):
        raise UserError(
            f"--resume {given.resume}: no reproduction is there; its folders are called seed-0, "
            "seed-1 and so on"
        )


def _task(given: Arguments, name: str) -> Task:
    promise = promised(name)
    data = given.data or promise.data or named(promise.recipe).data.source
    return Task(
        name,
        promise,
        data=data,
        opened=_found(data, name),
        command=command(given),
        device=given.device,
        quick=given.quick,
        say=_aside if given.json else print,
        silent=given.json,
        resumed=given.resume is not None,
    )


def _more(given: Arguments, task: Task, path: Path) -> Row:
    """Return the ledger's row with the seeds that it lacked.

    Raises:
        UserError: before anything is trained, when nothing can be added to that row.
    """
    promised = task.promise.seeds
    before = next((r for r in ledger.read(path) if r.promise == task.name and not r.peer), None)
    seeds = lacking(before, task.name, given.seeds or promised)
    if before is None:
        return _made(given, task)
    why = list(reasons(before, counterplay.__version__, read_command))
    if why:
        raise UserError(f"--more: the row of '{task.name}' no longer fits ({why[0]})")
    same_data(before, open_data(task.recipe(0).data))
    with _place(given, task.name) as out:
        return added(before, reproduce(task, seeds, out), promised)


def _made(given: Arguments, task: Task) -> Row:
    if given.peer_samples is not None:
        peer = Peer(given.peer_name or "", given.peer_samples, given.peer_seconds or 0.0)
        return compare(task, peer)
    fewest = 1 if given.quick else task.promise.seeds
    with _place(given, task.name) as out:
        return reproduce(task, range(given.seeds or fewest), out)


def _aside(line: str) -> None:
    print(line, file=sys.stderr)


def _found(data: str, name: str) -> str:
    """Return the data as they can be opened from here: paths are relative to the repository.

    Raises:
        UserError: when a path leads nowhere.
    """
    from counterplay.data import names
    from counterplay.data.catalogue import BITS, STACKED

    kind = next((word for word in (STACKED, BITS) if data.startswith(word)), "")
    path = data.removeprefix(kind)
    root = home()
    places = [Path(path), *([root / path] if root else [])]
    there = next((str(place) for place in places if place.exists()), None)
    if there is None and path not in names():
        raise UserError(f"the data of '{name}' are not at {path}; --data says where they are")
    return data if path in names() else f"{kind}{there or path}"


@contextmanager
def _place(given: Arguments, name: str) -> Iterator[Path]:
    """Give the folder for the run folders; what a quick run leaves there goes again."""
    if given.quick and given.out is None:
        with tempfile.TemporaryDirectory(prefix="counterplay-") as folder:
            yield Path(folder)
        return
    yield _out(given, name)


def _out(given: Arguments, name: str) -> Path:
    asked = given.resume or given.out
    if asked is not None:
        return asked
    first = Path("runs") / f"reproduce-{name}"
    places = (first, *(first.with_name(f"{first.name}-{i}") for i in range(2, 10_000)))
    return next(path for path in places if not path.exists())


def _ledger(given: Arguments) -> Path:
    if given.ledger is not None:
        return given.ledger
    root, here = home(), Path("docs/results.json")
    if root is not None:
        return root / here
    return here if here.is_file() or given.out is None else given.out / here.name


def _check(given: Arguments) -> int:
    path = _ledger(given)
    if not path.is_file():
        raise UserError(f"no ledger at {path}; --ledger says where it is")
    lines = stale(path, counterplay.__version__, read_command)
    if given.json:
        print(json.dumps({"ledger": str(path), "stale": lines}, indent=1, ensure_ascii=False))
    else:
        rows = len(ledger.read(path))
        print("\n".join(lines) or f"{path}: {rows} rows, all fit the code")
    return 1 if lines else 0


def _list(given: Arguments) -> int:
    found = {
        name: {
            "system": each.system,
            "seeds": each.seeds,
            "seconds": each.seconds,
            "promises": [f"{p.metric} {bound(p)}" for p in each.promises],
        }
        for name, each in REPRODUCTIONS.items()
    }
    found[reproduce_doctor.DOCTOR] = reproduce_doctor.listed()
    if given.json:
        print(json.dumps(found, indent=1, ensure_ascii=False))
        return 0
    width = max(map(len, found))
    print("What is promised (counterplay reproduce NAME):")
    for name, each in found.items():
        print(f"  {name:{width}}  {each['system']}: {', '.join(each['promises'])}")
    return 0


def _shown(row: Row, path: Path | None) -> str:
    """Return the row for a person; what a quick run measured says nothing, and is told so."""
    head = ("number", "measured", "bound", "over", "real", "kept")
    kept = {True: "yes", False: "NO", None: "-"}
    lines = [
        (c.metric, number(c.median), bound(c), c.over, number(c.reference), kept[c.passed])
        for c in row.criteria
    ]
    widths = [max(map(len, column)) for column in zip(head, *lines, strict=True)]
    table = [
        "  ".join(f"{cell:{width}}" for cell, width in zip(each, widths, strict=True)).rstrip()
        for each in (head, *lines)
    ]
    return "\n".join([row.system, *table, _verdict(row, path)])


def _verdict(row: Row, path: Path | None) -> str:
    if path is None:
        return "quick: everything works; it says nothing about the promise and is not written down"
    said = "the promise is kept" if row.passed else "the promise is NOT kept"
    if not row.passed and all(c.holds() for c in row.criteria):
        said = f"within its bounds, with {len(row.seeds)} of the promised seeds; --more goes on"
    if row.peer:
        said = "measured as ours is" if row.passed else "measured as ours is; not within our bounds"
    return f"{said}; the row is in {path}, the page in {ledger.page(path)}"
