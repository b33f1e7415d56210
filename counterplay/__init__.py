"""Generative networks as games: every training is a game between one or more players.

Names are looked up when they are used (PEP 562): importing the package does not import torch.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterplay.check import check_game
    from counterplay.data import load
    from counterplay.errors import UserError
    from counterplay.game import Batch, Game, Law, Player, Round, adam, generator, sgd
    from counterplay.recipes import Recipe
    from counterplay.recipes.trained import Trained, fit
    from counterplay.train import Ema, State, train

__version__ = "0.1.0"

__all__ = [
    "Batch",
    "Ema",
    "Game",
    "Law",
    "Player",
    "Recipe",
    "Round",
    "State",
    "Trained",
    "UserError",
    "__version__",
    "adam",
    "check_game",
    "fit",
    "generator",
    "load",
    "sgd",
    "train",
]

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
    "check_game": "check",
    "fit": "recipes.trained",
    "generator": "game",
    "load": "data",
    "sgd": "game",
}
"""Public name -> the module it lives in."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'counterplay' has no attribute '{name}'")
    value = getattr(import_module(f"counterplay.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """The package, of which ``train`` is the function whoever has imported the module ``train``.

    Importing a module sets it as an attribute of its package, where it would hide the function.
    """

    @property
    def train(self) -> Callable[..., Any]:
        return import_module("counterplay.train").train

    @train.setter
    def train(self, module: ModuleType) -> None:
        pass


sys.modules[__name__].__class__ = _Package
