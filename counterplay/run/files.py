"""Writing so that a reader, or a ``kill -9``, never meets half a file.

Everything is written under a temporary name in the same folder, synced, and renamed. Temporary
names begin with a dot and end with ``.tmp`` or ``.old``; readers never look at them.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from counterplay.errors import UserError

__all__ = ["sync_folder", "telling", "write"]

_REASONS = {
    errno.ENOSPC: ("the disk is full", "free some space, or choose a folder on another disk"),
    errno.EDQUOT: ("your disk quota is used up", "free some space, or choose another folder"),
    errno.EROFS: ("the file system is read-only", "choose a folder you may write to"),
    errno.EACCES: ("permission denied", "choose a folder you may write to"),
    errno.EPERM: ("permission denied", "choose a folder you may write to"),
    errno.EEXIST: ("a file is in its place", "choose another folder"),
    errno.ENOTDIR: ("a part of this path is a file", "choose a path made of folders"),
}


@contextmanager
def telling(path: Path, verb: str = "write") -> Iterator[None]:
    """Turn what the file system says about ``path`` into one line a person can act on.

    Raises:
        UserError: in place of any ``OSError``.
    """
    try:
        yield
    except OSError as error:
        reason, advice = _REASONS.get(
            error.errno or 0, (error.strerror or str(error), "choose a folder that can be used")
        )
        raise UserError(f"cannot {verb} {path}: {reason}; {advice}") from error


def write(path: Path, content: str | bytes) -> Path:
    """Put ``content`` (text as UTF-8) at ``path`` whole, or leave what was there.

    Raises:
        UserError: when it cannot be written (a full disk, a read-only folder).
    """
    data = content.encode() if isinstance(content, str) else content
    temporary = path.with_name(f".{path.name}.tmp")
    with telling(path):
        try:
            write_through(temporary, data)
            os.replace(temporary, path)
            sync_folder(path.parent)
        except OSError:
            with suppress(OSError):
                temporary.unlink()
            raise
    return path


def write_through(path: Path, data: bytes) -> None:
    """Write ``data`` and wait until the disk has it."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_file(path: Path) -> None:
    """Wait until the disk has what was written to ``path``."""
    _sync(path, os.O_RDWR)


def sync_folder(path: Path) -> None:
    """Wait until the disk has the names in the folder ``path``."""
    if os.name == "posix":  # elsewhere a folder cannot be opened
        _sync(path, os.O_RDONLY)


def _sync(path: Path, mode: int) -> None:
    descriptor = os.open(path, mode)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network file systems have nothing to sync and say so.
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)
