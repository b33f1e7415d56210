"""The newest sounds and texts of a run, for its report: a player, or the text itself."""

from __future__ import annotations

import base64
import html
from pathlib import Path

__all__ = ["heard"]


def heard(folder: Path) -> str:
    """Return what the newest file of sound and the newest text in ``folder`` are, as HTML."""
    return "".join(
        make(max(found))
        for ending, make in _MADE.items()
        if (found := [*folder.glob(f"*{ending}")])
    )


def _player(path: Path) -> str:
    data = base64.b64encode(path.read_bytes()).decode()
    return (
        f'<figure><audio controls src="data:audio/wav;base64,{data}"></audio>'
        f"<figcaption>Generated, round {_round(path)}</figcaption></figure>"
    )


def _text(path: Path) -> str:
    said = html.escape(path.read_text(encoding="utf-8"))
    return f"<h3>Generated, round {_round(path)}</h3><pre>{said}</pre>"


def _round(path: Path) -> str:
    return f"{int(path.stem):,}" if path.stem.isdigit() else path.stem


_MADE = {".wav": _player, ".txt": _text}
