"""How players move, from their specs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from counterplay.recipes.specs.moves import Move

__all__ = ["adam", "move"]


def move(spec: Move) -> Callable[..., Any]:
    """Return how a player moves."""
    from counterplay import game

    rules = {
        "adam": lambda: game.adam(spec.lr, spec.betas, spec.eps),
        "sgd": lambda: game.sgd(spec.lr, spec.betas[0]),
        "rmsprop": lambda: game.rmsprop(spec.lr, spec.betas[1], spec.eps),
    }
    return rules[spec.rule]()


adam = move
