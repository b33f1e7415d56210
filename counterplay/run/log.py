"""``metrics.jsonl``: one JSON object a line, appended and flushed, never rewritten.

A record has ``step``, ``time`` (seconds of training, pauses left out), ``images`` (examples seen)
and the window's means under ``player/term``, their last values under ``last``. An event has
``event`` instead: start, resume, look, nonfinite, amend, end. A number that is not finite is
written as ``null`` and named in ``nonfinite``, so that every line is strict JSON.

A resume at step s is an event too: what was written before it about later steps is superseded,
and :func:`records` leaves it out.
"""

from __future__ import annotations

import json
import math
import os
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.run.files import sync_file, telling

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["Journal", "NonFinite", "Window", "history", "mend", "records"]

Record = dict[str, Any]

NAME = "metrics.jsonl"


class NonFinite(UserError):
    """A term of a player's cost became NaN or infinite.

    Attributes:
        player: whose cost it is; empty for a tensor of the state.
        term: which term of it, or the tensor's name.
        step: the first round in which it happened.
        value: what it became.
    """

    def __init__(self, player: str, term: str, step: int, value: float, advice: str = "") -> None:
        self.player, self.term, self.step, self.value = player, term, step, value
        what = f"player {player!r}: its term {term!r}" if player else f"the state's {term!r}"
        line = f"{what} became {value} at step {step}"
        super().__init__(f"{line}; {advice}" if advice else line)

    def advise(self, advice: str) -> NonFinite:
        """Return the same, with what a person can do about it."""
        return NonFinite(self.player, self.term, self.step, self.value, advice)


class Window:
    """The reports since the last record, kept as tensors until they are asked for.

    ``add`` costs the device nothing; ``settle`` brings all values over in one transfer.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[int, str, Tensor]] = []
        self._values: dict[str, list[float]] = {}

    @property
    def empty(self) -> bool:
        """Whether nothing was added since the last record."""
        return not (self._waiting or self._values)

    def add(self, step: int, report: Mapping[str, Tensor]) -> None:
        """Take in the scalar terms of round ``step``."""
        self._waiting += [(step, name, value.detach()) for name, value in report.items()]

    def settle(self) -> None:
        """Bring the values over and check each of them.

        Raises:
            NonFinite: naming the first term that is NaN or infinite.
        """
        waiting, self._waiting = self._waiting, []
        numbers = _numbers([value for _, _, value in waiting])
        for (step, name, _), value in zip(waiting, numbers, strict=True):
            if not math.isfinite(value):
                player, _, term = name.rpartition("/")
                raise NonFinite(player, term, step, value)
            self._values.setdefault(name, []).append(value)

    def close(self) -> tuple[dict[str, float], dict[str, float]]:
        """Settle, return each term's mean and its last value, and begin a new window."""
        self.settle()
        values, self._values = self._values, {}
        means = {name: math.fsum(v) / len(v) for name, v in values.items()}
        return means, {name: v[-1] for name, v in values.items()}


class Journal:
    """The writer of ``metrics.jsonl``. Each line goes to the file in one unbuffered write."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with telling(path):
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
            self._close = weakref.finalize(self, os.close, self._file)
            if _torn(path):  # it ends here, ours begins anew
                os.write(self._file, b"\n")

    def write(self, record: Mapping[str, Any]) -> None:
        """Append one record.

        Raises:
            UserError: when it cannot be written; the lines before it stay whole.
        """
        rest = memoryview(json.dumps(strict(record), allow_nan=False).encode() + b"\n")
        with telling(self.path):
            size = os.fstat(self._file).st_size
            try:
                while rest:  # a disk that is almost full takes a part
                    rest = rest[os.write(self._file, rest) :]
            except OSError:
                os.ftruncate(self._file, size)
                raise

    def sync(self) -> None:
        """Wait until the disk has every line: a checkpoint never knows more than the records."""
        with telling(self.path):
            os.fsync(self._file)

    def close(self) -> None:
        """Close the file."""
        self._close()


def strict(record: Mapping[str, Any]) -> Record:
    """Return the record with ``None`` for each number that is not finite, named in ``nonfinite``.

    >>> strict({"step": 3, "score": {"value": float("nan")}})
    {'step': 3, 'score': {'value': None}, 'nonfinite': {'score.value': 'nan'}}
    """
    named: dict[str, str] = {}
    clean = {key: _strict(value, key, named) for key, value in record.items()}
    return {**clean, "nonfinite": named} if named else clean


def history(path: Path) -> list[Record]:
    """Return every whole line of the file, superseded ones too; a torn last line is left out."""
    if not path.exists():
        return []
    with telling(path, "read"):
        lines = path.read_bytes().split(b"\n")
    return [record for line in lines if (record := _parse(line)) is not None]


def records(path: Path) -> list[Record]:
    """Return the records that hold: what a later resume has superseded is left out."""
    kept: list[Record] = []
    for record in history(path):
        if record.get("event") == "resume":
            kept = [r for r in kept if r.get("step", 0) <= record["step"]]
        kept.append(record)
    return kept


def mend(path: Path) -> None:
    """Cut off a last line that a killed writer left unfinished, or give it its line's end."""
    if not path.exists():
        return
    with telling(path), path.open("r+b") as file:
        data = file.read()
        head, end, tail = data.rpartition(b"\n")
        if not tail:
            return
        if _parse(tail) is None:
            file.truncate(len(head) + len(end))
        else:
            file.write(b"\n")
    with telling(path):
        sync_file(path)


def _numbers(values: list[Tensor]) -> list[float]:
    """Return scalars as floats, in order, with one transfer for each device and type."""
    import torch

    alike: dict[tuple, list[int]] = {}
    for i, value in enumerate(values):
        alike.setdefault((value.device, value.dtype), []).append(i)
    numbers = [0.0] * len(values)
    for places in alike.values():
        moved = torch.stack([values[i].reshape(()) for i in places]).tolist()
        for i, number in zip(places, moved, strict=True):
            numbers[i] = float(number)
    return numbers


def _strict(value: Any, where: str, named: dict[str, str]) -> Any:
    if hasattr(value, "tolist"):  # numpy's and torch's scalars and arrays
        value = value.tolist()
    if isinstance(value, float) and not math.isfinite(value):
        named[where] = str(value)
        return None
    if isinstance(value, Mapping):
        return {str(k): _strict(v, f"{where}.{k}", named) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_strict(v, f"{where}.{i}", named) for i, v in enumerate(value)]
    return value


def _torn(path: Path) -> bool:
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


def _parse(line: bytes) -> Record | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
