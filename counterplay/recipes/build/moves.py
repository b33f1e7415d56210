"""How players move, from their specs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from counterplay.recipes.specs.moves import Adam

__all__ = ["adam"]


def adam(spec: Adam) -> Callable[..., Any]:
    from counterplay import game

    return game.adam(spec.lr, spec.betas, spec.eps)
