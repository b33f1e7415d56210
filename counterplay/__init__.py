"""Generative networks as games: every training is a game between one or more players.

Names are looked up when they are used (PEP 562): importing the package does not import torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "Batch": "game",
    "Ema": "train",
    "Game": "game",
    "Law": "game",
    "Player": "game",
    "Recipe": "recipes",
    "Round": "game",
    "State": "train",
    "Trained": "recipes.trained",
    "UserError": "errors",
    "adam": "game",
    "fit": "recipes.trained",
    "load": "data",
    "sgd": "game",
    "train": "train",
}
"""Public name -> the module it lives in."""

__all__ = ["__version__", *sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'counterplay' has no attribute '{name}'")
    value = getattr(import_module(f"counterplay.{_HOMES[name]}"), name)
    globals()[name] = value  # `counterplay.train` is the function, not the module it lives in
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
