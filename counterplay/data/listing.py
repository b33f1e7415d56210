"""What a folder or a zip of pictures says by the names of its files: splits and classes.

``train``, ``val``, ``test`` (and their usual spellings) as outermost folders are the split; the
next folder is the class. ``trainA``, ``trainB``, ``testA``, ``testB`` are both at once: the parts
and the classes A and B (Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial
Networks, Zhu et al. 2017, arXiv 1703.10593). Folders that hold everything are looked through,
hidden files and those that no picture is called like are left aside.
"""

from __future__ import annotations

import fnmatch
import io
import os
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import numpy as np

from counterplay.data.examples import part_of, plural
from counterplay.data.pictures import EXTENSIONS
from counterplay.errors import UserError

__all__ = ["Files", "Order", "arrange", "first", "folder_files", "zip_files"]


_SIDED = re.compile(r"(train|val|valid|validation|test)[_-]?([A-Z])/")
"""A folder of one part and one class; a capital, for words such as ``tests`` are names."""


@dataclass(frozen=True)
class Files:
    """Files of a folder or of a zip.

    Attributes:
        label: what to call it in a message.
        names: paths inside, with forward slashes, sorted.
        open: name -> file to read.
    """

    label: str
    names: list[str]
    open: Callable[[str], BinaryIO]


@dataclass(frozen=True)
class Order:
    """What the names say.

    Attributes:
        names: the files to read.
        labels: int64 (N,), -1 nowhere, or ``None``.
        classes: names of the classes.
        parts: int8 (N,), or ``None``.
        notes: sentences for the person.
    """

    names: list[str]
    labels: np.ndarray | None
    classes: tuple[str, ...]
    parts: np.ndarray | None
    notes: tuple[str, ...]


def folder_files(folder: Path) -> Files:
    """List a folder and the folders in it, links followed, no folder twice.

    Raises:
        UserError: when it cannot be listed.
    """
    try:
        names = sorted(_walk(folder, "", set()))
    except OSError as error:
        raise UserError(f"{folder} cannot be listed: {error.strerror}") from error
    return Files(str(folder), names, lambda name: (folder / name).open("rb"))


def _walk(folder: Path, prefix: str, seen: set[tuple[int, int]]) -> Iterator[str]:
    state = folder.stat()
    if (state.st_dev, state.st_ino) in seen:
        return
    seen.add((state.st_dev, state.st_ino))
    with os.scandir(folder) as entries:
        # Folders wait until this one is closed: a deep tree does not hold many open.
        inner = []
        for entry in entries:
            if _hidden(entry.name):
                continue
            if entry.is_dir():
                inner.append(entry.name)
            elif entry.is_file():
                yield prefix + entry.name
    for name in inner:
        yield from _walk(folder / name, f"{prefix}{name}/", seen)


@contextmanager
def zip_files(path: Path, inner: str = "") -> Iterator[Files]:
    """List a zip, or the folder ``inner`` in it, or the names in it that match ``inner``'s stars.

    Raises:
        UserError: when it is no zip, or holds nothing by that name.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise UserError(f"{path} cannot be read as a zip: {error}") from error
    with archive:
        members = [m.filename for m in archive.infolist() if not m.is_dir()]
        names = [n for n in members if not any(map(_hidden, PurePosixPath(n).parts))]
        chosen = sorted(_inside(names, inner))
        if inner and not chosen:
            folders = sorted({str(PurePosixPath(n).parent) for n in names} - {"."})[:5]
            holds = ", ".join(folders) if folders else "files without folders"
            raise UserError(f"{path} has no folder or files {inner!r}: it holds {holds}")
        # Whole members: Pillow seeks to and fro, which in a compressed member starts anew.
        yield Files(f"{path}:{inner}" if inner else str(path), chosen, _reader(archive))


def _reader(archive: zipfile.ZipFile) -> Callable[[str], BinaryIO]:
    return lambda name: io.BytesIO(archive.read(name))


def _inside(names: Sequence[str], inner: str) -> list[str]:
    inner = inner.strip("/")
    if any(sign in inner for sign in "*?["):
        return [n for n in names if fnmatch.fnmatchcase(n, inner)]
    return [n for n in names if not inner or n.startswith(inner + "/")]


def _hidden(name: str) -> bool:
    return name.startswith(".") or name in ("__MACOSX", "Thumbs.db", "desktop.ini")


def claims(names: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Part names by their endings: of pictures, of nothing (they may be pictures), of others."""
    kinds: dict[bool | None, list[str]] = {True: [], None: [], False: []}
    for name in names:
        suffix = PurePosixPath(name).suffix.lower()
        kinds[suffix in EXTENSIONS if suffix else None].append(name)
    return kinds[True], kinds[None], kinds[False]


def shared_folder(names: Sequence[str]) -> str:
    """Return the folders that all names lie in, as a prefix that ends with a slash, or "".

    >>> shared_folder(["faces/s1/1.pgm", "faces/s2/1.pgm"])
    'faces/'
    """
    if not names:
        return ""
    # The first and the last in order differ as early as any two.
    low, high = min(names).split("/")[:-1], max(names).split("/")[:-1]
    same = takewhile(lambda both: both[0] == both[1], zip(low, high, strict=False))
    return "".join(f"{part}/" for part, _ in same)


def arrange(names: Sequence[str], use_labels: bool = True) -> Order:
    """Read splits and classes off the names of picture files.

    Decided where names leave it open: pictures beside the folders of a split are left out, and
    so are pictures beside folders of classes when they are at most a tenth of all; when they are
    more, the folders are no classes. One class is no class, and neither is one for each picture.
    """
    prefix = shared_folder(names)
    inner = _unpaired([name[len(prefix) :] for name in names])
    keep, parts, notes = _split(inner)
    rest = [_without_part(inner[i], parts is not None) for i in keep]
    within, labels, classes, more = _classes(rest, use_labels)
    chosen = [keep[i] for i in within]
    return Order(
        names=[names[i] for i in chosen],
        labels=labels,
        classes=classes,
        parts=None if parts is None else parts[within],
        notes=(*notes, *more),
    )


def _unpaired(names: Sequence[str]) -> list[str]:
    """Return ``trainA/1.png`` as ``train/A/1.png``, where such folders are a split."""
    found = [_SIDED.match(name) for name in names]
    parts = {part_of(match[1]) for match in found if match}
    if 0 not in parts or len(parts) < 2:
        return list(names)
    return [
        f"{match[1]}/{match[2]}/{name[match.end() :]}" if match else name
        for name, match in zip(names, found, strict=True)
    ]


def _without_part(name: str, has_part: bool) -> str:
    return name.split("/", 1)[1] if has_part else name


def _split(names: Sequence[str]) -> tuple[list[int], np.ndarray | None, tuple[str, ...]]:
    """Return which names count, their parts, and notes."""
    codes = [part_of(n.split("/", 1)[0]) if "/" in n else None for n in names]
    inside = [i for i, code in enumerate(codes) if code is not None]
    if 0 not in codes or len({codes[i] for i in inside}) < 2:
        return list(range(len(names))), None, ()
    parts = np.array([codes[i] for i in inside], np.int8)
    outside = [names[i] for i, code in enumerate(codes) if code is None]
    if not outside:
        return inside, parts, ()
    note = f"{plural(len(outside), 'picture')} outside train, validation and test left out"
    return inside, parts, (f"{note}: {first(outside)}.",)


def _classes(
    names: Sequence[str], use_labels: bool
) -> tuple[list[int], np.ndarray | None, tuple[str, ...], tuple[str, ...]]:
    """Return which names count, their labels, the classes, and notes."""
    everything = list(range(len(names)))
    folders = [n.split("/", 1)[0] if "/" in n else "" for n in names]
    classes = tuple(sorted(set(folders) - {""}, key=_natural))
    bare = [i for i, folder in enumerate(folders) if not folder]
    if not use_labels or not classes:
        return everything, None, (), ()
    if len(bare) > len(names) // 10:
        note = f"{len(bare):,} of {len(names):,} pictures lie in no folder: folders are no classes."
        return everything, None, (), (note,)
    notes = ()
    if bare:
        said = f"{plural(len(bare), 'picture')} in no class folder left out"
        notes = (f"{said}: {first([names[i] for i in bare])}.",)
    within = [i for i in everything if folders[i]]
    if len(classes) == 1:
        return within, None, (), (*notes, f"One class only ({classes[0]}): no labels.")
    if len(classes) == len(within):
        return within, None, (), (*notes, "One picture a folder: folders are no classes.")
    code = {name: i for i, name in enumerate(classes)}
    labels = np.array([code[folders[i]] for i in within], np.int64)
    least = min(Counter(labels.tolist()).values())
    said = (
        f"{len(classes)} classes from the folders' names, {plural(least, 'picture')} or more each"
    )
    return within, labels, classes, (*notes, f"{said}.")


def _natural(name: str) -> list[tuple[int, str]]:
    """Sort s2 before s10."""
    return [
        (int(t), "") if t.isdecimal() else (-1, t.lower()) for t in re.split(r"(\d+)", name)
    ] + [(0, name)]


def first(names: Sequence[str], most: int = 3) -> str:
    """Return the first names, and that there are more.

    >>> first(["a", "b", "c", "d"])
    'a, b, c, …'
    """
    return ", ".join([*names[:most], *(["…"] if len(names) > most else [])])
