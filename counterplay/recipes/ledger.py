"""The ledger: ``results.json`` holds the rows, ``results.md`` beside it is made from them.

::

    {"schema": 1, "rows": [{"promise": …, "system": …, "peer": false, "data": …, …}]}

A row is written whole or not at all, replaces the row of the same promise and system and touches
no other.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from counterplay.errors import UserError
from counterplay.recipes.results import markdown
from counterplay.recipes.row import Row, from_plain, plain
from counterplay.run.files import telling, write

__all__ = ["SCHEMA", "page", "read", "ready", "record", "save"]

SCHEMA = 1

_NUMBER = r"(?:-?[0-9][0-9.eE+-]*|null)"
_NUMBERS = re.compile(rf"\[\n\s*({_NUMBER}(?:,\n\s*{_NUMBER})*)\n\s*\]")
"""A list of numbers over many lines; no word has a line break in it as JSON writes them."""


def read(path: Path) -> list[Row]:
    """Return the rows of a ledger; none where there is no file.

    Raises:
        UserError: when it is no ledger, or one of another schema.
    """
    if not path.exists():
        return []
    with telling(path, "read"):
        content = path.read_bytes()
    try:
        found = json.loads(content)
    except ValueError as error:
        raise UserError(f"{path} is not JSON ({error}); was it changed by hand?") from None
    rows = found.get("rows") if isinstance(found, dict) else None
    if not isinstance(rows, list):
        raise UserError(f"{path} is no ledger: it has no list of rows")
    if found.get("schema") != SCHEMA:
        raise UserError(
            f"{path} has schema {found.get('schema')!r} and this version knows {SCHEMA}; "
            "use the version that wrote it"
        )
    return [from_plain(each, f"{path}: row {i}") for i, each in enumerate(rows, start=1)]


def ready(path: Path) -> Path:
    """Return ``path`` when a row can be written there, and make its folder if need be.

    Raises:
        UserError: when it cannot, or a file that is no ledger stands there.
    """
    with telling(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    read(path)
    return path


def record(path: Path, row: Row) -> list[Row]:
    """Put ``row`` into the ledger in the place of its predecessor; make the page anew.

    Raises:
        UserError: for a row that says nothing, a file that is no ledger, or one that cannot be
            written.
    """
    if row.passed is None:
        raise UserError(f"'{row.system}' was not measured in full and has no place in {path}")
    with _alone(ready(path).parent):
        kept = [each for each in read(path) if each.key != row.key]
        rows = sorted([*kept, row], key=lambda each: each.key)
        save(path, rows)
    return rows


def save(path: Path, rows: Sequence[Row]) -> None:
    """Write the rows, and the page beside them."""
    found = {"schema": SCHEMA, "rows": list(map(plain, rows))}
    text = json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False)
    write(path, _short_lists(text) + "\n")
    write(page(path), markdown(rows))


def page(path: Path) -> Path:
    """Return where the page of a ledger stands."""
    return path.with_suffix(".md")


def _short_lists(text: str) -> str:
    """Return ``text`` with each list of numbers on one line, as a person would write it."""
    return _NUMBERS.sub(lambda found: f"[{' '.join(found[1].split())}]", text)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other writers of the folder's ledger waiting meanwhile, where the system can."""
    try:
        import fcntl
    except ImportError:  # Windows: the last writer wins
        yield
        return
    with telling(folder):
        descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
