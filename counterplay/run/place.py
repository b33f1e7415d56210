"""Where a run goes: a new folder, there whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from counterplay.errors import UserError
from counterplay.run.files import sync_folder, telling, write

__all__ = ["appear", "vacant"]

RECIPE = "recipe.yaml"


def vacant(path: Path | str) -> Path:
    """Return ``path`` if a new run can have it. Asks nothing of torch, so ask early.

    Raises:
        UserError: when something is there.
    """
    path = Path(path)
    with telling(path):
        if path.is_dir():
            names = sorted(p.name for p in path.iterdir())
            if not names:
                return path
            if RECIPE in names:
                raise UserError(
                    f"{path} holds a run already; go on with --resume {path}, "
                    "or choose another --out"
                )
            few = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
            raise UserError(f"{path} is not empty (it has {few}); choose another --out")
        if path.exists() or path.is_symlink():
            raise UserError(f"{path} is a file; choose another --out")
    return path


def appear(path: Path, files: Mapping[str, str]) -> None:
    """Make the folder ``path`` with ``files`` (name -> text) in it.

    Raises:
        UserError: when it cannot be written.
    """
    with telling(path):
        if path.exists():  # empty: it may be a mount or somebody's working folder
            return _fill(path, files)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        shutil.rmtree(temporary, ignore_errors=True)
        try:
            temporary.mkdir()
            _fill(temporary, files)
            os.rename(temporary, path)
            sync_folder(path.parent)
        except (OSError, UserError):
            shutil.rmtree(temporary, ignore_errors=True)
            raise


def _fill(path: Path, files: Mapping[str, str]) -> None:
    for name, content in files.items():
        write(path / name, content)
