"""Every recipe by name, and what each promises. A recipe is added by one row in its family."""

from __future__ import annotations

from collections.abc import Callable

from counterplay.errors import UserError, nearest
from counterplay.recipes import images, tables, toys
from counterplay.recipes.check import validate
from counterplay.recipes.schema import Promise, Recipe

__all__ = ["PROMISES", "RECIPES", "named", "summary"]

RECIPES: dict[str, Callable[[], Recipe]] = {**images.RECIPES, **toys.RECIPES, **tables.RECIPES}

PROMISES: dict[str, tuple[Promise, ...]] = {
    "mnist": (
        Promise("confident", "an independent judge is more than 0.9 sure", at_least=0.85),
        Promise(
            "coverage/judge", "coverage beside real against real", at_least=0.88, relative=True
        ),
        Promise("class_share_min", "the rarest class's share", at_least=0.07),
        Promise("class_share_max", "the commonest class's share", at_most=0.14),
    ),
    "ring-wgan-gp": (
        Promise("modes", "modes of the ring that are covered", at_least=8.0),
        Promise("high_quality", "share of samples near a mode", at_least=0.9),
    ),
    "grid-wgan-gp": (
        Promise("modes", "modes of the grid that are covered", at_least=25.0),
        Promise("high_quality", "share of samples near a mode", at_least=0.9),
    ),
}
"""What ``reproduce`` measures, for the recipes that promise a number."""


def named(name: str) -> Recipe:
    """Return the recipe called ``name``.

    Raises:
        UserError: when there is none, with the nearest name.
    """
    if name not in RECIPES:
        raise UserError(f"no recipe '{name}'; {nearest(name, RECIPES)}")
    return validate(RECIPES[name]())


def summary(name: str) -> str:
    """Return a recipe's line: the first of its function's docstring."""
    return (RECIPES[name].__doc__ or "").strip().splitlines()[0]
