"""Exact checkpoints: a folder ``00001000`` with ``state.safetensors`` and ``state.json``.

A checkpoint is written under a temporary name beside its place, synced and renamed, so that it
is there whole or not at all. ``state.json`` holds what is no tensor, the names, shapes and types
of what is, the SHA-256 of the tensors' file and a seal over itself: a checkpoint that was cut
short, damaged or tampered with is told from a good one before anything is believed. Nothing is
pickled or unpickled.
"""

from __future__ import annotations

import errno
import hashlib
import json
import math
import os
import re
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from counterplay.errors import UserError
from counterplay.run.environment import package_version
from counterplay.run.files import sync_file, sync_folder, telling, write_through

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["Checkpoint", "Score", "Stateful", "latest", "read", "save", "tidy", "trim"]

FORMAT = "counterplay checkpoint 1"
TENSORS = "state.safetensors"
MANIFEST = "state.json"

Scalar = int | float | str


class Stateful(Protocol):
    """What a checkpoint asks of a state: all of it by name, and the way back."""

    def tensors(self) -> Mapping[str, Tensor]:
        """Return every tensor by name. Names that share one tensor come back sharing one."""
        ...

    def scalars(self) -> Mapping[str, Scalar]:
        """Return everything that is no tensor; ``"step"`` is among it."""
        ...

    def load(self, tensors: Mapping[str, Tensor], scalars: Mapping[str, Scalar]) -> None:
        """Take it all back; raise ``UserError`` at the first name or shape that does not fit."""
        ...


@dataclass(frozen=True)
class Score:
    """By what the best checkpoint is chosen: a metric's name, its value, and which way is up."""

    metric: str
    value: float
    better: Literal["lower", "higher"] = "lower"

    def cost(self) -> float:
        """Return the value with the sign that makes smaller better."""
        return self.value if self.better == "lower" else -self.value


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint that was read and found whole.

    Attributes:
        path: its folder.
        step: rounds finished when it was saved.
        tensors: name -> tensor on the CPU, contiguous, as saved.
        scalars: name -> number or string, as saved.
        recipe: the fingerprint of the recipe it was trained by.
        score: what it was ranked by, or ``None``.
    """

    path: Path
    step: int
    tensors: dict[str, Tensor]
    scalars: dict[str, Scalar]
    recipe: str
    score: Score | None


def save(folder: Path, state: Stateful, recipe: str = "", score: Score | None = None) -> Path:
    """Write the checkpoint of ``state`` into ``folder``, whole or not at all; return its path.

    Raises:
        UserError: when it cannot be written; what was there before still is.
    """
    tensors, scalars = dict(state.tensors()), dict(state.scalars())
    score = score if score and math.isfinite(score.value) else None
    place = folder / f"{int(scalars['step']):08d}"
    temporary = folder / f".{place.name}.tmp"
    with telling(place):
        folder.mkdir(exist_ok=True)
        tidy(folder)
        try:
            _fill(temporary, tensors, scalars, recipe, score)
            _swap_in(temporary, place)
        except OSError:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
    return place


def read(path: Path) -> Checkpoint:
    """Read the checkpoint at ``path`` after checking all of it.

    Raises:
        UserError: when it is cut short, damaged, tampered with, or no checkpoint of ours.
    """
    manifest = _manifest(path)
    file = path / TENSORS
    with telling(file, "read"):
        if not file.is_file():
            raise UserError(f"checkpoint {path} is not whole: it has no {TENSORS}; {_ELSE}")
        digest = _digest(file)
    if digest != manifest["sha256"]:
        raise UserError(
            f"checkpoint {path} is damaged: {TENSORS} has {file.stat().st_size} bytes and is not "
            f"the file of {manifest['bytes']} bytes that was saved; {_ELSE}"
        )
    tensors = _load(file)
    tensors |= {name: tensors[first] for name, first in manifest["shared"].items()}
    score = manifest["score"] and Score(**manifest["score"])
    return Checkpoint(
        path, manifest["step"], tensors, manifest["scalars"], manifest["recipe"], score
    )


def latest(folder: Path) -> tuple[Checkpoint | None, tuple[str, ...]]:
    """Return the newest checkpoint that is whole, and a note for each newer one that is not.

    ``None`` when there is no checkpoint at all. Changes nothing on disk.

    Raises:
        UserError: when there are checkpoints and none of them is whole.
    """
    notes: list[str] = []
    for path in reversed(list(steps(folder).values())):
        try:
            return read(path), tuple(notes)
        except UserError as error:
            notes.append(f"passed over: {error}")
    if notes:
        raise UserError(f"no checkpoint in {folder} is whole; {notes[0]}")
    return None, ()


def steps(folder: Path) -> dict[int, Path]:
    """Return the folder's checkpoints by step, oldest first; temporary names are none.

    One that a killed writer had moved aside for its successor counts while its place is empty.
    """
    found = list(folder.iterdir()) if folder.is_dir() else []
    aside = {int(p.name[1:-4]): p for p in found if re.fullmatch(r"\.\d{8,}\.old", p.name)}
    named = {int(p.name): p for p in found if re.fullmatch(r"\d{8,}", p.name)}
    return dict(sorted({**aside, **named}.items()))


def trim(folder: Path, keep: int) -> None:
    """Remove all but the last ``keep`` checkpoints and the best one by the newest one's metric.

    Checkpoints whose files do not fit their manifest are not counted, and are removed only once
    ``keep`` good newer ones stand: there is always one to go on from.

    Raises:
        UserError: when ``keep`` is less than one.
    """
    if keep < 1:
        raise UserError(f"keep={keep} checkpoints leaves nothing to go on from; use 1 or more")
    whole = {step: m for step, p in steps(folder).items() if (m := _glance(p)) is not None}
    kept = set(list(whole)[-keep:])
    best = _best(whole)
    oldest = min(kept, default=0)
    for step, path in steps(folder).items():
        if step < oldest and step != best:
            remove(path)


def best(folder: Path) -> Path | None:
    """Return the checkpoint with the best score by the newest score's metric, if any has one."""
    found = steps(folder)
    step = _best({s: m for s, p in found.items() if (m := _glance(p)) is not None})
    return None if step is None else found[step]


def remove(path: Path) -> None:
    """Delete a checkpoint. Killed half-way, it leaves no checkpoint that only looks like one."""
    aside = path.with_name(f".{path.name}.gone.tmp")
    with telling(path, "remove"):
        os.replace(path, aside)
    shutil.rmtree(aside, ignore_errors=True)


def tidy(folder: Path) -> None:
    """Clear what a killed writer left: only for the one process that writes."""
    for path in folder.glob(".*.old"):
        place = folder / path.name[1 : -len(".old")]
        if not place.exists():  # killed between moving the old one out and the new one in
            with suppress(OSError):
                os.replace(path, place)
        shutil.rmtree(path, ignore_errors=True)
    for path in folder.glob(".*.tmp"):
        shutil.rmtree(path, ignore_errors=True)


_ELSE = "go on from another checkpoint, or train anew into another --out"


def _fill(
    temporary: Path,
    tensors: dict[str, Tensor],
    scalars: dict[str, Scalar],
    recipe: str,
    score: Score | None,
) -> None:
    temporary.mkdir()
    plain, shared = _plain(tensors)
    _store(plain, temporary / TENSORS)
    body = {
        "format": FORMAT,
        "counterplay": package_version(),
        "step": int(scalars["step"]),
        "scalars": scalars,
        "recipe": recipe,
        "score": score and vars(score),
        "tensors": {name: _described(value) for name, value in plain.items()},
        "shared": shared,
        "bytes": (temporary / TENSORS).stat().st_size,
        "sha256": _digest(temporary / TENSORS),
    }
    text = json.dumps({**body, "seal": _seal(body)}, indent=1)
    write_through(temporary / MANIFEST, text.encode())
    sync_folder(temporary)


def _swap_in(temporary: Path, place: Path) -> None:
    """Give the finished folder its name; one that is there already steps aside until then."""
    aside = place.with_name(f".{place.name}.old")
    if place.exists():
        os.replace(place, aside)
    try:
        os.replace(temporary, place)
    except OSError:
        if aside.exists():
            os.replace(aside, place)
        raise
    sync_folder(place.parent)
    shutil.rmtree(aside, ignore_errors=True)


def _plain(tensors: dict[str, Tensor]) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Return tensors ready to be written, and name -> name for those that are the same tensor."""
    first: dict[tuple, str] = {}
    plain, shared = {}, {}
    for name, value in tensors.items():
        key = (value.data_ptr(), value.shape, value.stride(), value.dtype, value.device)
        owner = first.setdefault(key, name) if value.numel() else name
        if owner != name:
            shared[name] = owner
            continue
        value = value.detach().cpu().contiguous()
        whole = value.untyped_storage().nbytes() == value.nbytes
        plain[name] = value if whole else value.clone()  # a view of a larger storage
    return plain, shared


def _described(value: Tensor) -> str:
    """Return type and shape, such as ``"float32[3, 4]"``."""
    return f"{str(value.dtype).removeprefix('torch.')}{list(value.shape)}"


def _store(tensors: dict[str, Tensor], file: Path) -> None:
    import safetensors.torch

    try:
        safetensors.torch.save_file(tensors, file)
    except safetensors.SafetensorError as error:  # hides the file system's own error in its text
        number = re.search(r"os error (\d+)", str(error))
        code = int(number[1]) if number else errno.EIO
        raise OSError(code, os.strerror(code)) from error
    sync_file(file)


def _load(file: Path) -> dict[str, Tensor]:
    import safetensors.torch

    try:
        return safetensors.torch.load_file(file)
    except safetensors.SafetensorError as error:
        raise UserError(f"{file} is not a safetensors file ({error}); {_ELSE}") from error


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _seal(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _manifest(path: Path) -> dict[str, Any]:
    file = path / MANIFEST
    if not file.is_file():
        what = f"has no {MANIFEST}" if path.is_dir() else "is no folder"
        raise UserError(f"{path} is no checkpoint: it {what}; {_ELSE}")
    try:
        with telling(file, "read"):
            body = json.loads(file.read_bytes())
        seal = body.pop("seal")
        known = body["format"]
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        if isinstance(error, UserError):
            raise
        raise UserError(f"{file} is no manifest of a checkpoint of ours; {_ELSE}") from error
    if known != FORMAT:
        raise UserError(f"{file} says format {known!r}, this version reads {FORMAT!r}; {_ELSE}")
    if seal != _seal(body):
        raise UserError(f"{file} was changed after it was saved; {_ELSE}")
    if path.name.isdigit() and int(path.name) != body["step"]:
        raise UserError(f"{path} is the checkpoint of step {body['step']}, renamed; {_ELSE}")
    return body


def _glance(path: Path) -> dict[str, Any] | None:
    """Return the manifest if it holds and the tensors' file has its size: no full check."""
    try:
        manifest = _manifest(path)
        return manifest if (path / TENSORS).stat().st_size == manifest["bytes"] else None
    except (UserError, OSError):
        return None


def _best(manifests: Mapping[int, Mapping[str, Any]]) -> int | None:
    scores = {step: Score(**m["score"]) for step, m in manifests.items() if m["score"]}
    if not scores:
        return None
    metric = scores[max(scores)].metric
    return min(
        (s for s in scores if scores[s].metric == metric), key=lambda s: (scores[s].cost(), s)
    )
