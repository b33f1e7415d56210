"""Trackers beside the run folder: TensorBoard, and one adapter for what is shaped like W&B.

They are extras, imported when asked for. The run folder is the truth, so a tracker that fails is
named once and dropped: it never stops a training.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from counterplay.errors import UserError, nearest

__all__ = ["TRACKERS", "Tracker", "Trackers", "tensorboard", "wandb_shaped"]

PROJECT = "counterplay"


@dataclass(frozen=True)
class Tracker:
    """Where else the numbers go.

    Attributes:
        name: for the line that says it was dropped.
        log: (step, name -> number).
        picture: (step, path of a PNG).
        finish: called once, at the end.
    """

    name: str
    log: Callable[[int, Mapping[str, float]], object]
    picture: Callable[[int, Path], object]
    finish: Callable[[], object]


def tensorboard(module: ModuleType, folder: Path, config: Mapping[str, Any]) -> Tracker:
    """Write TensorBoard's event files into the run folder."""
    writer = module.SummaryWriter(str(folder / "tensorboard"))

    def log(step: int, values: Mapping[str, float]) -> None:
        for name, value in values.items():
            writer.add_scalar(name, value, step)
        writer.flush()

    def picture(step: int, path: Path) -> None:
        writer.add_image("samples", _pixels(path), step, dataformats="HWC")

    writer.add_text("recipe", "\n".join(f"    {line}" for line in _lines(config)), 0)
    return Tracker("tensorboard", log, picture, writer.close)


def wandb_shaped(module: ModuleType, folder: Path, config: Mapping[str, Any]) -> Tracker:
    """Speak to a module with W&B's ``init``, ``log``, ``Image`` and ``finish``."""
    module.init(project=PROJECT, name=folder.resolve().name, config=dict(config), resume="allow")

    def picture(step: int, path: Path) -> None:
        module.log({"samples": module.Image(str(path))}, step=step)

    return Tracker(
        module.__name__,
        lambda step, values: module.log(dict(values), step=step),
        picture,
        lambda: module.finish(),
    )


@dataclass(frozen=True)
class Kind:
    """A tracker one can ask for: its module, how it is spoken to, and what to install."""

    module: str
    open: Callable[[ModuleType, Path, Mapping[str, Any]], Tracker]
    install: str


TRACKERS = {
    "tensorboard": Kind("torch.utils.tensorboard", tensorboard, "'counterplay[tensorboard]'"),
    "trackio": Kind("trackio", wandb_shaped, "trackio"),
    "wandb": Kind("wandb", wandb_shaped, "wandb"),
}
"""The trackers by the name they are asked for with."""


class Trackers:
    """Several trackers, of which each is dropped at its first failure.

    Args:
        names: keys of :data:`TRACKERS`.
        note: how a person is told that one was dropped.

    Raises:
        UserError: for an unknown name or a package that is not there: before training starts.
    """

    def __init__(self, names: Sequence[str] = (), note: Callable[[str], object] = print) -> None:
        self._modules = {name: _module(name) for name in names}
        self._note = note
        self._open: list[Tracker] = []

    def begin(self, folder: Path, config: Mapping[str, Any]) -> None:
        """Open each one."""
        for name, module in self._modules.items():
            try:
                self._open.append(TRACKERS[name].open(module, folder, config))
            except Exception as error:  # whatever a tracker does, training goes on
                self._dropped(name, error)

    def log(self, step: int, values: Mapping[str, float]) -> None:
        """Pass numbers on."""
        self._each(lambda tracker: tracker.log(step, values))

    def picture(self, step: int, path: Path) -> None:
        """Pass a sample grid on."""
        self._each(lambda tracker: tracker.picture(step, path))

    def finish(self) -> None:
        """Close each one."""
        self._each(lambda tracker: tracker.finish())
        self._open.clear()

    def _each(self, act: Callable[[Tracker], object]) -> None:
        for tracker in list(self._open):
            try:
                act(tracker)
            except Exception as error:  # whatever a tracker does, training goes on
                self._open.remove(tracker)
                self._dropped(tracker.name, error)

    def _dropped(self, name: str, error: Exception) -> None:
        first = (str(error).splitlines() or [""])[0]
        self._note(
            f"{name} failed and is dropped ({type(error).__name__}: {first}); "
            "training goes on, and metrics.jsonl has everything"
        )


def _module(name: str) -> ModuleType:
    if name not in TRACKERS:
        raise UserError(f"unknown tracker {name!r}: {nearest(name, TRACKERS)}")
    try:
        return importlib.import_module(TRACKERS[name].module)
    except Exception as error:  # a package may also be there and broken
        first = (str(error).splitlines() or [""])[0]
        raise UserError(
            f"tracker {name!r} was asked for and cannot be imported ({first}); "
            f"install it with: pip install {TRACKERS[name].install}"
        ) from error


def _pixels(path: Path) -> Any:
    import numpy as np
    from PIL import Image

    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def _lines(config: Mapping[str, Any]) -> list[str]:
    import yaml

    return yaml.safe_dump(dict(config), sort_keys=False).splitlines()
