"""Where decoded examples live: in memory when small, else in a file that is mapped.

The cache is a folder of folders, each named by a hash of content and options. One is written under
a temporary name and renamed when complete: it is there as a whole or not at all. Mapped pages
belong to the file and not to the process: a training on them has a constant anonymous memory.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from counterplay.data.examples import Examples, digest
from counterplay.errors import UserError

__all__ = ["CHUNK", "LIMIT", "Keep", "cache_folder", "keep_in_file", "keep_in_memory", "settle"]

LIMIT = 256 * 2**20
"""Bytes of decoded examples that are held in memory; more go to the cache."""

CHUNK = 512
"""Examples that are decoded at a time."""

FORMAT = 2
"""Version of what decoding does and of what a cached folder holds."""

_WRITING, _DAY = ".writing-", 86_400

Keep = Callable[[Iterable[np.ndarray], int, tuple[int, ...], "np.dtype"], np.ndarray]
"""(chunks of rows, how many rows at most, shape of a row, dtype) -> all rows."""


def keep_in_memory(
    chunks: Iterable[np.ndarray], bound: int, shape: tuple[int, ...], dtype: np.dtype
) -> np.ndarray:
    """Put chunks of rows into one array, and hold no chunk beside it."""
    rows, n = np.empty((bound, *shape), dtype), 0
    for chunk in chunks:
        rows[n : n + len(chunk)] = chunk
        n += len(chunk)
    return rows[:n]


def keep_in_file(
    path: Path, chunks: Iterable[np.ndarray], bound: int, shape: tuple[int, ...], dtype: np.dtype
) -> np.ndarray:
    """Append chunks of rows to a ``.npy`` file and return it mapped."""
    with path.open("wb") as file:
        _write_header(file, (bound, *shape), dtype)
        start, n = file.tell(), 0
        for chunk in chunks:
            file.write(np.ascontiguousarray(chunk, dtype).data)
            n += len(chunk)
        file.seek(0)
        # As long as before: numpy leaves room for the digits of the first axis.
        _write_header(file, (n, *shape), dtype)
        assert file.tell() == start
    return np.load(path, mmap_mode="r")


def _write_header(file, shape: tuple[int, ...], dtype: np.dtype) -> None:  # noqa: ANN001
    header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, header)


def settle(key: str, size: int, cache: Path | None, make: Callable[[Keep], Examples]) -> Examples:
    """Return ``make(keep)``, its rows in memory when they are small, else cached under ``key``.

    Args:
        key: a hash of content and options.
        size: bytes of all rows, at most.
        cache: the cache folder asked for, or ``None`` for the usual one.
        make: reads the examples and hands their rows to the ``keep`` that it gets.
    """
    if size <= LIMIT:
        return make(keep_in_memory)
    folder, note = cache_folder(cache)
    _sweep(folder)
    shelf = folder / digest(FORMAT, key)
    found = _open(shelf)
    if found is None:
        with _one_line(size, shelf), _temporary(folder) as temporary:
            made = make(partial(keep_in_file, temporary / "rows.npy"))
            _write(made, temporary)
            del made  # lets go of the map, which would hold the folder's name on Windows
            _publish(temporary, shelf)
        found = _open(shelf)
    if found is None:
        raise UserError(f"the cache {shelf} cannot be read back: delete it and start again")
    where = f"Decoded once ({size / 2**30:.1f} GB at most) into the cache {shelf}."
    return replace(found, notes=(*found.notes, where, *note))


def cache_folder(
    asked: Path | None, environment: Mapping[str, str] = os.environ
) -> tuple[Path, tuple[str, ...]]:
    """Return a writable folder for the cache, and a note when it is not the usual one.

    In this order: ``asked``, the variable COUNTERPLAY_CACHE, the platform's folder for caches, a
    temporary folder.

    Raises:
        UserError: when one that was asked for cannot be written to.
    """
    named = asked or (
        environment.get("COUNTERPLAY_CACHE") and Path(environment["COUNTERPLAY_CACHE"])
    )
    if named:
        problem = _problem(Path(named))
        if problem:
            raise UserError(
                f"the cache folder {named} cannot be written to ({problem}): "
                f"name another with COUNTERPLAY_CACHE"
            )
        return Path(named), ()
    usual = _usual(environment)
    problem = _problem(usual)
    if not problem:
        return usual, ()
    other = Path(tempfile.gettempdir()) / f"counterplay-cache-{_user()}"
    if _problem(other):
        raise UserError(
            f"no cache folder can be written to, neither {usual} ({problem}) nor {other}: "
            f"name one with COUNTERPLAY_CACHE"
        )
    return other, (f"The usual cache {usual} cannot be written to ({problem}).",)


def _usual(environment: Mapping[str, str]) -> Path:
    home = Path(environment.get("HOME") or Path.home())
    if sys.platform == "win32":
        base = Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(environment.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "counterplay"


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")


def _problem(folder: Path) -> str:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return error.strerror or type(error).__name__


@contextmanager
def _temporary(folder: Path) -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix=_WRITING, dir=folder))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove what killed processes left half-written more than a day ago."""
    for path in folder.glob(f"{_WRITING}*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _DAY:
                shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _one_line(size: int, shelf: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UserError(
            f"writing up to {size / 2**30:.1f} GB of decoded examples to {shelf.parent} failed "
            f"({why}): make room, or name another folder with COUNTERPLAY_CACHE"
        ) from error


def _publish(temporary: Path, shelf: Path) -> None:
    with suppress(OSError):
        temporary.rename(shelf)
        return
    # Another process was quicker, and its copy is as good as ours; or the folder is damaged.
    if _open(shelf) is None:
        shutil.rmtree(shelf, ignore_errors=True)
        temporary.rename(shelf)


def _write(examples: Examples, folder: Path) -> None:
    small = {"labels": examples.labels, "parts": examples.parts}
    small = {name: values for name, values in small.items() if values is not None}
    for name, values in small.items():
        np.save(folder / f"{name}.npy", values, allow_pickle=False)
    words = {name: getattr(examples, name) for name in ("digest", "classes", "columns", "notes")}
    words["arrays"] = list(small)
    (folder / "examples.json").write_text(json.dumps(words, indent=1), encoding="utf-8")


def _open(folder: Path) -> Examples | None:
    """Return the cached examples, or ``None`` when there are none or somebody damaged them."""
    with suppress(OSError, EOFError, ValueError, KeyError, TypeError):
        words = json.loads((folder / "examples.json").read_text(encoding="utf-8"))
        lists = ("classes", "columns", "notes")
        tuples: dict[str, Any] = {name: tuple(words[name]) for name in lists}
        small: dict[str, Any] = {
            name: np.load(folder / f"{name}.npy", allow_pickle=False) for name in words["arrays"]
        }
        rows = np.load(folder / "rows.npy", mmap_mode="r", allow_pickle=False)
        if all(len(values) == len(rows) for values in small.values()):
            return Examples(rows, words["digest"], **small, **tuples)
    return None
