"""How new sequences are written: sounds as ``.wav``, texts as ``.txt``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

__all__ = ["drawn", "file_of", "folder_of", "usual"]

SHOWN = 4
"""Texts, at most, that are printed too."""


def usual(out: Path, domain: Mapping[str, Any]) -> Path:
    """Return ``out`` with the ending that suits what the run folder says of its data."""
    if domain.get("kind") != "sequence":
        return out.with_suffix(".png")
    return out.with_suffix(".txt" if domain.get("symbols") else "")


def file_of(out: Path, samples: np.ndarray, domain: Any) -> None:
    """Write sequences into one file; print a few texts.

    Raises:
        UserError: when the data are of another kind than the file.
    """
    from counterplay.run.files import write
    from counterplay.run.sequences import file_of as content

    fits = domain.kind == "sequence"
    ending, data = content(samples, domain) if fits else ("", b"")
    if out.suffix.lower() != ending:
        works = f"{ending} does" if fits else "it is for sound and text: .png or .npz fit"
        raise UserError(f"--out {out}: this run's samples do not fit that file; {works}")
    write(out, data)
    if domain.symbols and len(samples) <= SHOWN:
        print(data.decode())


def folder_of(out: Path, samples: np.ndarray, classes: np.ndarray | None, domain: Any) -> None:
    """Write one file for each sequence, in a folder for each class where there are any."""
    from counterplay.run.files import telling
    from counterplay.run.sequences import file_of as content

    with telling(out):
        for i, row in enumerate(samples):
            folder = out if classes is None else out / _safe(domain.classes[classes[i]])
            folder.mkdir(parents=True, exist_ok=True)
            ending, data = content(row[None], domain)
            (folder / f"{i:06d}{ending}").write_bytes(data)


def drawn(samples: np.ndarray, classes: np.ndarray | None, domain: Any) -> Image.Image:
    """Return the picture of sequences."""
    from counterplay.run.sequences import picture

    return picture(samples, domain, None if classes is None else classes.tolist())


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in " -_.+" else "_" for c in name).strip(" .") or "_"
