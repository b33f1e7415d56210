"""An array that is read in chunks: from memory, ``.npy``, a member of a ``.npz``, or IDX.

Nothing is unpickled: arrays of Python objects are refused.
"""

from __future__ import annotations

import gzip
import math
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import numpy as np

from counterplay.data.store import CHUNK, LIMIT
from counterplay.errors import UserError

__all__ = ["Rows", "from_array", "from_idx", "from_npy", "from_npz"]

Opener = Callable[[], AbstractContextManager[IO[bytes]]]

_BROKEN = (ValueError, OSError, EOFError, NotImplementedError, zlib.error)
_IDX_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


@dataclass(frozen=True)
class Rows:
    """An array by its first axis.

    Attributes:
        shape: of all of it.
        dtype: of its elements.
        chunks: start from the beginning and yield arrays (n, *shape[1:]), each small.
        whole: the array itself when it is in memory or mapped, else ``None``.
    """

    shape: tuple[int, ...]
    dtype: np.dtype
    chunks: Callable[[], Iterator[np.ndarray]]
    whole: np.ndarray | None = None

    def __len__(self) -> int:
        return self.shape[0]

    def array(self) -> np.ndarray:
        """Return all of it in memory: for labels."""
        return self.whole if self.whole is not None else np.concatenate(list(self.chunks()))


def from_array(array: np.ndarray) -> Rows:
    """Return the rows of an array.

    Raises:
        UserError: when its elements are no numbers or it has no first axis.
    """
    if array.ndim == 0:
        raise UserError(f"a single number ({array}) is no data set: give an array of examples")
    step = _step(array.shape, array.dtype)

    def chunks() -> Iterator[np.ndarray]:
        for at in range(0, len(array), step):
            yield array[at : at + step]

    return Rows(array.shape, array.dtype, chunks, array)


def from_npy(path: Path) -> Rows:
    """Return the rows of a ``.npy`` file, mapped.

    Raises:
        UserError: when it is no such file, is truncated, or holds Python objects.
    """
    try:
        return from_array(np.load(path, mmap_mode="r", allow_pickle=False))
    except UserError:
        raise
    except _BROKEN as error:
        raise UserError(f"{path} cannot be read as .npy: {_line(error)}") from error


def from_npz(path: Path) -> dict[str, Rows]:
    """Return the rows of each array in a ``.npz``: small ones read, large ones to be streamed.

    Raises:
        UserError: when it is no such file, is truncated, or holds Python objects.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if m.filename.endswith(".npy")]
            return {
                member.filename.removesuffix(".npy"): _small(archive, member)
                if member.file_size <= LIMIT
                else _member(path, member.filename)
                for member in members
            }
    except UserError:
        raise
    except (*_BROKEN, zipfile.BadZipFile, KeyError) as error:
        raise UserError(f"{path} cannot be read as .npz: {_line(error)}") from error


def _small(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Rows:
    with archive.open(member) as file:
        array = np.lib.format.read_array(file, allow_pickle=False)
    # A single word or number beside the examples (a name, a version) is a row of one.
    return from_array(np.atleast_1d(array))


def _member(path: Path, name: str) -> Rows:
    @contextmanager
    def opened() -> Iterator[IO[bytes]]:
        with zipfile.ZipFile(path) as archive, archive.open(name) as file:
            yield file

    with opened() as file:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0
        if version != (1, 0):
            read = np.lib.format.read_array_header_2_0
        shape, fortran, dtype = read(file)
        start = file.tell()
    if fortran or dtype.hasobject:
        raise ValueError(f"array {name!r} is in Fortran order or holds Python objects")
    return _streamed(path, opened, start, shape, dtype)


def from_idx(path: Path) -> Rows:
    """Return the rows of an IDX file (``.gz`` too), the format of MNIST.

    Raises:
        UserError: when it is no such file or is truncated.
    """

    def opened() -> AbstractContextManager[IO[bytes]]:
        # A GzipFile is read like any other file, though typeshed has it apart.
        return cast(IO[bytes], gzip.open(path) if path.suffix == ".gz" else path.open("rb"))

    try:
        with opened() as file:
            magic = file.read(4)
            if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _IDX_TYPES or not magic[3]:
                raise ValueError(f"it begins with {magic.hex() or 'nothing'}, not with IDX's magic")
            shape = tuple(int(n) for n in np.frombuffer(file.read(4 * magic[3]), ">u4"))
            if len(shape) < magic[3]:
                raise ValueError("it ends in its header")
        rows = _streamed(path, opened, 4 + 4 * magic[3], shape, np.dtype(_IDX_TYPES[magic[2]]))
        small = math.prod(shape) * rows.dtype.itemsize <= LIMIT
        return from_array(np.concatenate(list(rows.chunks()))) if small and len(rows) else rows
    except UserError:
        raise
    except _BROKEN as error:
        raise UserError(f"{path} cannot be read as IDX: {_line(error)}") from error


def _streamed(
    path: Path, opened: Opener, start: int, shape: tuple[int, ...], dtype: np.dtype
) -> Rows:
    step, width = _step(shape, dtype), math.prod(shape[1:]) * dtype.itemsize

    def chunks() -> Iterator[np.ndarray]:
        with opened() as file:
            file.read(start)
            for at in range(0, shape[0], step):
                n = min(step, shape[0] - at)
                data = file.read(n * width)
                if len(data) < n * width:
                    raise UserError(f"{path} ends early: its header promises {shape[0]:,} examples")
                yield np.frombuffer(data, dtype).reshape(n, *shape[1:])

    return Rows(shape, dtype, chunks)


def _step(shape: tuple[int, ...], dtype: np.dtype) -> int:
    """Return how many rows make about 16 MB, at least 1."""
    width = max(1, math.prod(shape[1:]) * dtype.itemsize)
    return max(1, min(64 * CHUNK, 2**24 // width))


def _line(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    if "Object arrays" in text or "Python objects" in text:
        return "it holds Python objects, which are never unpickled: save an array of numbers"
    return text[:160]
