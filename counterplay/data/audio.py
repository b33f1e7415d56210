r"""Recordings: PCM in ``.wav`` files, by the standard library, on µ-law levels.

A sample w in [-1, 1] has the level k = round((f(w) + 1) / 2 · µ) with µ = K - 1 and
f(w) = sign(w) log(1 + µ|w|) / log(1 + µ): fine near zero, coarse where it is loud (the companding
of ITU-T G.711, evenly rounded). The rate is the data's own; nothing is resampled.
"""

from __future__ import annotations

import io
import wave
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import numpy as np

from counterplay.data.examples import digest, plural
from counterplay.data.listing import Files, arrange, claims, first, folder_files, zip_files
from counterplay.errors import UserError

__all__ = [
    "LEVELS",
    "Recordings",
    "alone",
    "compressed",
    "expanded",
    "is_sequence",
    "read_recordings",
    "to_wav",
]

LEVELS = 256
"""K: the levels of µ-law."""

BROKEN = (wave.Error, EOFError, ValueError, OSError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""What reading a damaged recording raises, or one in a damaged or locked archive."""

_MOST = 1000


@dataclass(frozen=True)
class Recordings:
    """Sounds of one rate.

    Attributes:
        sounds: the levels of each, uint8.
        rate: samples a second.
        labels: int64 (N,), or ``None``.
        classes: names of the classes.
        parts: int8 (N,), the official split, or ``None``.
        digest: hash of the files' content and what was read off their names.
        notes: sentences for the person.
    """

    sounds: list[np.ndarray]
    rate: int
    labels: np.ndarray | None
    classes: tuple[str, ...]
    parts: np.ndarray | None
    digest: str
    notes: tuple[str, ...]


def compressed(sound: np.ndarray) -> np.ndarray:
    """Return the µ-law levels, uint8, of samples in [-1, 1]."""
    mu = LEVELS - 1
    curve = np.sign(sound) * np.log1p(mu * np.abs(sound)) / np.log1p(mu)
    return np.clip(np.round((curve + 1) / 2 * mu), 0, mu).astype(np.uint8)


def expanded(levels: np.ndarray) -> np.ndarray:
    """Return the samples in [-1, 1], float64, that stand for µ-law levels."""
    mu = LEVELS - 1
    curve = 2 * np.asarray(levels, np.float64) / mu - 1
    return np.sign(curve) * np.expm1(np.abs(curve) * np.log1p(mu)) / mu


def to_wav(levels: np.ndarray, rate: int) -> bytes:
    """Return µ-law levels (T,) as a ``.wav`` file: PCM of 16 bits, one channel."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.round(expanded(levels) * 32767).astype("<i2").tobytes())
    return buffer.getvalue()


def alone(path: Path) -> Path:
    """Return the only file of a folder that holds nothing else, or ``path`` itself."""
    inside = [p for p in path.iterdir() if p.name[0] != "."] if path.is_dir() else []
    return inside[0] if len(inside) == 1 and inside[0].is_file() else path


def is_sequence(path: Path, inner: str = "") -> bool:
    """Return whether at ``path`` is a text, or recordings. Imports no torch."""
    path = alone(path)
    if path.is_dir():
        return _is_sound(folder_files(path).names)
    if path.suffix.lower() == ".zip" and path.is_file():
        with zip_files(path, inner) as files:
            return _is_sound(files.names)
    return path.suffix.lower() in (".txt", ".wav") and path.is_file()


def _is_sound(names: Sequence[str]) -> bool:
    """Return whether recordings outnumber pictures: a stray one does not make them unreadable."""
    return sum(map(_is_wav, names)) > len(claims(names)[0])


def _is_wav(name: str) -> bool:
    return name.lower().endswith(".wav")


@dataclass
class _Reading:
    """What is gathered while files are read."""

    sounds: list[np.ndarray] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    rates: dict[int, str] = field(default_factory=dict)
    mixed: int = 0
    problems: dict[str, str] = field(default_factory=dict)
    hashes: list[str] = field(default_factory=list)


def read_recordings(files: Files, use_labels: bool = True) -> Recordings:
    """Read the ``.wav`` files of a folder or zip.

    Folders are splits and classes as for pictures. Without such folders, what stands before the
    first underscore is the class (``7_jackson_3.wav`` is of class 7), where that makes two classes
    or more, of two recordings or more each.

    Raises:
        UserError: when rates differ, or more than a tenth cannot be read.
    """
    names = [name for name in files.names if _is_wav(name)]
    order = arrange(names, use_labels)
    found = _read_all(files, order.names)
    _check(files.label, found, len(order.names))
    kept = [order.names[i] for i in found.kept]
    labels, classes = order.labels, order.classes
    said = [note.replace("picture", "recording") for note in order.notes]
    if labels is not None:
        labels = labels[found.kept]
    elif use_labels:
        labels, classes = _by_name(kept)
        said += [f"{len(classes)} classes from the files' names."] if classes else []
    parts = None if order.parts is None else order.parts[found.kept]
    seen = (found.hashes, classes, None if labels is None else labels.tolist())
    return Recordings(
        sounds=found.sounds,
        rate=next(iter(found.rates)),
        labels=labels,
        classes=classes,
        parts=parts,
        digest=digest(*seen, None if parts is None else parts.tolist()),
        notes=(*said, *_notes(found)),
    )


def _read_all(files: Files, names: Sequence[str]) -> _Reading:
    found = _Reading()
    for i, name in enumerate(names):
        try:
            with files.open(name) as file:
                content = file.read()
            samples, rate = _pcm(content)
        except BROKEN as error:
            found.problems[name] = str(error) or "it ends too early"
            continue
        found.rates.setdefault(rate, name)
        found.mixed += samples.shape[1] > 1
        found.sounds.append(compressed(samples.mean(1)))
        found.kept.append(i)
        found.hashes.append(digest(content))
    return found


def _pcm(content: bytes) -> tuple[np.ndarray, int]:
    """Return samples in [-1, 1], (T, channels), and the rate.

    Raises:
        ValueError: saying what a file is that cannot be read.
    """
    with wave.open(io.BytesIO(content)) as file:
        channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
        frames = file.readframes(file.getnframes())
    frames = frames[: len(frames) // (width * channels) * width * channels]
    if not frames:
        raise ValueError("no samples")
    # PCM of 8 bits is unsigned, of 16, 24 and 32 signed: the highest bytes of a number of four.
    if width == 1:
        found = (np.frombuffer(frames, np.uint8).astype(np.float64) - 128) / 128
    else:
        given = np.frombuffer(frames, np.uint8).reshape(-1, width)
        wide = np.zeros((len(given), 4), np.uint8)
        wide[:, 4 - width :] = given
        found = wide.view("<i4")[:, 0].astype(np.float64) / 2**31
    return found.reshape(-1, channels), rate


def _check(label: str, found: _Reading, total: int) -> None:
    if len(found.problems) * 10 > total:
        told = first([f"{name} ({why})" for name, why in sorted(found.problems.items())])
        raise UserError(
            f"{label}: {len(found.problems):,} of {plural(total, 'recording')} cannot be read, "
            f"more than a tenth ({told}): PCM of 8 to 32 bits can be"
        )
    if len(found.rates) > 1:
        told = " and ".join(f"{rate} ({name})" for rate, name in sorted(found.rates.items())[:2])
        raise UserError(f"{label}: recordings of {told} samples a second: one rate is needed")
    if len(found.sounds) < 3:
        held = plural(len(found.sounds), "recording")
        raise UserError(
            f"{label} has {held}: 3 or more are needed, for each goes whole into one of the splits"
        )


def _by_name(names: Sequence[str]) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """Return labels and classes by what stands before the first underscore of files' names."""
    words = [PurePosixPath(name).stem.split("_")[0] for name in names]
    classes, codes, counts = np.unique(words, return_inverse=True, return_counts=True)
    marked = all("_" in PurePosixPath(name).stem for name in names)
    if not marked or not 2 <= len(classes) <= _MOST or counts.min() < 2:
        return None, ()
    return codes.reshape(-1).astype(np.int64), tuple(map(str, classes))


def _notes(found: _Reading) -> tuple[str, ...]:
    notes = [f"µ-law, {LEVELS} levels, {next(iter(found.rates)):,} samples a second."]
    if found.mixed:
        notes.append(f"{plural(found.mixed, 'recording')} of several channels mixed into one.")
    if found.problems:
        told = first([f"{name} ({why})" for name, why in sorted(found.problems.items())])
        notes.append(f"{plural(len(found.problems), 'unreadable file')} skipped: {told}.")
    return tuple(notes)
