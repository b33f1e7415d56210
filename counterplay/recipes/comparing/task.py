"""What is compared, and one training of it: written into its folder before it begins."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from counterplay.errors import UserError

__all__ = ["FAILED", "RESULT", "TASK", "Task", "read_task", "result_of"]

TASK, RESULT = "task.json", "result.json"
"""Files of a training's folder: what is to be done, and what came of it."""

FAILED = "failed"
"""The key of a result under which the reason stands when there is nothing else."""


@dataclass(frozen=True)
class Task:
    """One training.

    Attributes:
        data: a name or path.
        family: what it is called in the table.
        recipe: by which it is trained.
        seed: of the training.
        seconds: of training, the same for every game.
        size: side of the pictures, or ``None``.
        labels: the column of the labels, or ``None``.
        device: "auto", "cpu" or "cuda".
    """

    data: str
    family: str
    recipe: str
    seed: int
    seconds: float
    size: int | None = None
    labels: str | None = None
    device: str = "auto"

    @property
    def name(self) -> str:
        """The folder's name, below that of the comparison."""
        return f"{self.family}-{self.seed}"

    def write(self, folder: Path) -> None:
        """Write the task into its folder, which is made."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / TASK).write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")


def read_task(folder: Path) -> Task:
    """Return the task of a folder.

    Raises:
        UserError: when there is none, or it has other fields.
    """
    try:
        plain = json.loads((folder / TASK).read_text(encoding="utf-8"))
        return Task(**{f.name: plain[f.name] for f in fields(Task)})
    except (OSError, ValueError, KeyError, TypeError):
        raise UserError(f"{folder}: no task of a comparison is in it") from None


def result_of(folder: Path) -> dict[str, Any] | None:
    """Return what came of a training, or ``None`` where it has not ended."""
    try:
        found = json.loads((folder / RESULT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
