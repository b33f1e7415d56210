"""Windows of sound and of text: what one example of a sequence is, and batches of them.

Recordings are cut from their beginning into windows of T samples. A rest of less than half a window
is left out, a longer one, and a recording shorter than a window, ends in silence. All windows of a
recording are in the same split. Text is cut without gaps where it is measured; in training windows
overlap, so that a character is met at many places of a window.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch

from counterplay.data.audio import LEVELS, Recordings, alone, compressed, read_recordings
from counterplay.data.domain import Sequence
from counterplay.data.examples import Asked, digest, divide, plural
from counterplay.data.listing import Files, folder_files, zip_files
from counterplay.data.source import Order, Raw, Source
from counterplay.data.stored import orders
from counterplay.data.text import Characters, read_characters
from counterplay.errors import UserError
from counterplay.game import generator

__all__ = ["Windows", "entropy", "from_characters", "from_recordings", "read_sequences"]

OVERLAP = 16
"""Windows of text, in training, that a character is in."""

COUNTED = 4_096
"""Windows of a part, at most, in which levels are counted."""

LENGTH = 256
"""Characters of a window of text when nobody asks for another number."""


@dataclass(frozen=True)
class Windows:
    """A supply of windows of one long array of levels.

    Attributes:
        codes: all levels, one recording or part after the other, (M,).
        starts: where each window begins, (W,).
        filled: how many levels of each are its own, (W,); silence follows.
        length: T.
        silence: the level that fills up a window.
        labels: int64 (W,), or ``None``.
        split: sorted numbers of the windows of each part.
    """

    codes: np.ndarray
    starts: np.ndarray
    filled: np.ndarray
    length: int
    silence: int
    labels: np.ndarray | None
    split: Mapping[str, np.ndarray]

    def rounds(self, order: Order) -> Iterator[Raw]:
        """Yield this shard of the global batches from number ``order.start`` on, endlessly."""
        where = torch.from_numpy(self.split["train"])
        for index in orders(where, order.size, order.seed, order.start):
            rows, labels = self.taken(order.cut(index).numpy())
            yield rows.to(order.device), None if labels is None else labels.to(order.device)

    def held(self, split: str, n: int, seed: int) -> Raw:
        """Return ``n`` distinct windows of a split, on the CPU."""
        return self.taken(self.chosen(split, n, seed))

    def chosen(self, split: str, n: int, seed: int) -> np.ndarray:
        """Return the numbers of the windows that ``held`` returns."""
        where = self.split[split]
        if n < len(where):
            order = torch.randperm(len(where), generator=generator(seed, split))
            where = where[order[:n].numpy()]
        return where

    def taken(self, where: np.ndarray) -> Raw:
        """Return the windows of these numbers."""
        steps = np.arange(self.length)
        places = self.starts[where, None] + steps
        rows = self.codes[np.minimum(places, len(self.codes) - 1)]
        rows[steps >= self.filled[where, None]] = self.silence
        labels = None if self.labels is None else torch.from_numpy(self.labels[where])
        return torch.from_numpy(rows), labels


def read_sequences(path: Path, inner: str, asked: Asked) -> Source:
    """Return the windows of the text or of the recordings at ``path``, see :func:`is_sequence`.

    Raises:
        UserError: when they cannot be learnt from.
    """
    path = alone(path)
    _check(asked, path)
    if path.is_dir():
        return _recordings(folder_files(path), path, asked)
    if path.suffix.lower() == ".zip":
        with zip_files(path, inner) as files:
            return _recordings(files, path, asked)
    if path.suffix.lower() == ".wav":
        raise UserError(f"{path} is one recording: a folder or zip of recordings can be read")
    return from_characters(read_characters(path), path.name, asked.length)


def _recordings(files: Files, path: Path, asked: Asked) -> Source:
    found = read_recordings(files, asked.labels is not False)
    return from_recordings(found, path.name, asked.length)


def _check(asked: Asked, path: Path) -> None:
    if asked.size is not None:
        raise UserError(f"size={asked.size} is for pictures, {path} is a sequence: length= cuts it")
    if asked.drop or asked.labels not in (None, True, False):
        raise UserError(
            f"{path}: drop= and labels= name columns, sequences have none; labels=False leaves "
            "the classes out"
        )


def from_recordings(found: Recordings, name: str, length: int | None = None) -> Source:
    """Return windows of recordings: splits by recording.

    Args:
        found: the recordings.
        name: what to call them.
        length: T, less where no recording is as long; ``None``: as long as nine of ten
            recordings, at most a second.
    """
    counts = np.array([len(sound) for sound in found.sounds])
    longest, most = (int(np.ceil(np.percentile(counts, p) / 64) * 64) for p in (100, 90))
    length = min(length, longest) if length else min(found.rate, most)
    split, said = divide(len(counts), found.parts)
    begins = np.concatenate([[0], np.cumsum(counts)[:-1]])
    # Of 2.4 windows there are 2, of 2.5 there are 3, and one at least.
    each = np.maximum(1, (counts + length // 2) // length)
    of = np.repeat(np.arange(len(counts)), each)
    within = (np.arange(len(of)) - np.repeat(np.cumsum(each) - each, each)) * length
    windows = Windows(
        codes=np.concatenate(found.sounds),
        starts=begins[of] + within,
        filled=np.minimum(length, counts[of] - within),
        length=length,
        silence=int(compressed(np.zeros(1))[0]),
        labels=None if found.labels is None else found.labels[of],
        split={part: np.flatnonzero(np.isin(of, own)) for part, own in split.items()},
    )
    padded = 1 - windows.filled.sum() / windows.filled.size / length
    left = 1 - windows.filled.sum() / counts.sum()
    notes = (
        *found.notes,
        said.replace("Split:", "Split by recording:"),
        f"{plural(len(of), 'window')} of {length:,} samples; {padded:.0%} of them is silence that "
        f"was added, {left:.0%} of the recordings was left out.",
    )
    domain = Sequence(length, LEVELS, found.rate, "", found.classes)
    return _source(windows, domain, found.digest, notes, name, "sample")


def from_characters(found: Characters, name: str, length: int | None = None) -> Source:
    """Return windows of a text: three contiguous parts."""
    ends = (0, *found.ends, len(found.codes))
    shortest = min(b - a for a, b in pairwise(ends))
    length = length or min(LENGTH, max(8, shortest // 10))
    if length < 2:
        raise UserError(f"length={length}: windows of 2 characters or more say what follows what")
    if length > shortest:
        raise UserError(
            f"length={length}: the shortest part of '{name}' has {shortest:,} characters, "
            f"windows of {shortest} or fewer fit"
        )
    steps = {"train": max(1, length // OVERLAP), "validation": length, "test": length}
    starts = {
        part: np.arange(begin, end - length + 1, steps[part])
        for part, begin, end in zip(steps, ends, ends[1:], strict=False)
    }
    sizes = np.cumsum([0, *(len(own) for own in starts.values())])
    split = {part: np.arange(sizes[i], sizes[i + 1]) for i, part in enumerate(starts)}
    every = np.concatenate(list(starts.values()))
    windows = Windows(found.codes, every, np.full(len(every), length), length, 0, None, split)
    cut = [f"{b - a:,} {part}" for part, a, b in zip(steps, ends, ends[1:], strict=False)]
    notes = (
        f"{len(found.codes):,} characters, {len(found.symbols)} different ones.",
        f"Split: {', '.join(cut)}: contiguous parts, 90/5/5; windows of {length} characters, "
        "overlapping in training alone.",
    )
    domain = Sequence(length, len(found.symbols), 0, found.symbols)
    return _source(windows, domain, found.digest, notes, name, "character")


def _source(
    windows: Windows, domain: Sequence, content: str, notes: tuple[str, ...], name: str, unit: str
) -> Source:
    counts = {part: len(own) for part, own in windows.split.items()}
    bits = entropy(windows, "test", domain.levels)
    said = f"Unconditionally, by counts of the training part, a test {unit} takes {bits:.3f} bits."
    key = digest(content, domain.length, domain.levels, domain.classes, counts)
    return Source(domain, counts, key, (*notes, said), name, windows)


def entropy(windows: Windows, split: str, levels: int) -> float:
    """Return bits a step of a part, by how often each level is among those of training, plus one.

    All levels of the windows (of 4,096 of them, where they are more) are counted, silence that was
    added too.
    """
    train, held = (_counts(windows, part, levels) for part in ("train", split))
    log_p = np.log2((train + 1) / (train + 1).sum())
    return float(-(held * log_p).sum() / max(1, held.sum()))


def _counts(windows: Windows, split: str, levels: int) -> np.ndarray:
    total = np.zeros(levels)
    some = windows.chosen(split, COUNTED, 0)
    for part in np.array_split(some, 1 + len(some) // 512):
        rows = windows.taken(part)[0].numpy()
        total += np.bincount(rows.reshape(-1), minlength=levels)
    return total
