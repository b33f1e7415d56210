"""A path -> examples: which reader it is for, by what it is and how it is called."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from counterplay.data.arrays import read_npy, read_npz
from counterplay.data.examples import Asked, Examples
from counterplay.data.folder import read_pictures
from counterplay.data.idx import idx_files, is_idx, read_idx, read_idx_folder
from counterplay.data.listing import claims, first, folder_files, zip_files
from counterplay.data.missing import KINDS, missing
from counterplay.data.pictures import EXTENSIONS
from counterplay.data.sheets import find_sheets, read_sheets
from counterplay.data.tables import read_csv, read_parquet
from counterplay.errors import UserError

__all__ = ["place", "read_path"]

_READERS: dict[str, Callable[[Path, Asked], Examples]] = {
    ".npy": read_npy,
    ".npz": read_npz,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".data": read_csv,
    ".parquet": read_parquet,
    ".pq": read_parquet,
}
_PICKLES = frozenset({".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".mat", ".h5", ".hdf5"})
_ARCHIVES = frozenset({".tar", ".tgz", ".rar", ".7z", ".bz2", ".xz"})
_IN_ZIP = re.compile(r"(?P<zip>.+?\.zip)[:/\\](?P<inner>.+)", re.IGNORECASE)


def place(text: str) -> tuple[Path, str]:
    """Return the file or folder, and the folder inside it when it is a zip."""
    path = Path(text).expanduser()
    inside = _IN_ZIP.fullmatch(text)
    if inside and not path.exists():
        return Path(inside["zip"]).expanduser(), inside["inner"].replace("\\", "/")
    return path, ""


def read_path(text: str, asked: Asked) -> Examples:
    """Read a file or folder.

    Raises:
        UserError: when there is none, or it is of no kind that can be read.
    """
    path, inner = place(text)
    if not path.exists():
        raise UserError(missing(text))
    if path.is_dir():
        return _read_folder(path, asked)
    if path.suffix.lower() == ".zip":
        with zip_files(path, inner) as files:
            return read_pictures(files, _for_pictures(asked))
    reader = _reader(path)
    if reader is None:
        raise UserError(f"{path} is {_kind(path)}: {KINDS} can be read")
    return reader(path, asked)


def _reader(path: Path) -> Callable[[Path, Asked], Examples] | None:
    packed = path.suffix.lower() == ".gz"
    reader = _READERS.get(Path(path.stem if packed else path.name).suffix.lower())
    if is_idx(path):
        return read_idx
    return reader if reader is read_csv or not packed else None


def _kind(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix in EXTENSIONS:
        return "one picture"
    if suffix in _PICKLES:
        return f"a {suffix} file, which is not opened (save the array as .npy or .npz)"
    if suffix in _ARCHIVES:
        return "an archive (unpack it, or make it a .zip)"
    return f"a file of an unknown kind ({suffix or 'no ending'})"


def _for_pictures(asked: Asked) -> Asked:
    if asked.drop:
        raise UserError(f"drop={list(asked.drop)!r} names columns, pictures have none")
    if asked.types:
        raise UserError(f"types={list(asked.types)!r} names columns, pictures have none")
    if asked.labels not in (None, True, False):
        raise UserError(
            f"labels={asked.labels!r:.40}: pictures in files get their labels from the names of "
            f"their folders; labels=False leaves them out"
        )
    return asked


def _read_folder(folder: Path, asked: Asked) -> Examples:
    """Read IDX files, else sheets of tiles, else pictures, else the only other known file."""
    files = folder_files(folder)
    if not files.names:
        raise UserError(f"{folder} is empty: {KINDS} can be read")
    if idx_files(folder):
        return read_idx_folder(folder, asked)
    sheets = find_sheets(folder)
    if sheets is not None:
        return read_sheets(sheets, _for_pictures(asked))
    named, _, _ = claims(files.names)
    if not named:
        known = [p for p in sorted(folder.iterdir()) if p.is_file() and _known(p)]
        if len(known) == 1:
            found = read_path(str(known[0]), asked)
            return replace(found, notes=(f"Read {known[0].name}.", *found.notes))
        if known:
            raise UserError(
                f"{folder} has no pictures, it has {first([p.name for p in known], 5)}: "
                f"give one of these"
            )
    return read_pictures(files, _for_pictures(asked))


def _known(path: Path) -> bool:
    return path.suffix.lower() == ".zip" or _reader(path) is not None
