"""Every recipe by name. A recipe is added by one row in its family."""

from __future__ import annotations

from collections.abc import Callable

from counterplay.errors import UserError, nearest
from counterplay.recipes import (
    autoencoders,
    autoregressive,
    boltzmann,
    collapsing,
    defaults,
    factors,
    flows,
    images,
    inferential,
    modern,
    semisupervised,
    sequences,
    stacked,
    tables,
    toys,
    typed,
)
from counterplay.recipes.check import validate
from counterplay.recipes.schema import Recipe

__all__ = ["RECIPES", "named", "summary"]

RECIPES: dict[str, Callable[[], Recipe]] = {
    **images.RECIPES,
    **toys.RECIPES,
    **collapsing.RECIPES,
    **tables.RECIPES,
    **typed.RECIPES,
    **inferential.RECIPES,
    **modern.RECIPES,
    **semisupervised.RECIPES,
    **sequences.RECIPES,
    **stacked.RECIPES,
    **factors.RECIPES,
    **autoregressive.RECIPES,
    **boltzmann.RECIPES,
    **flows.RECIPES,
    **autoencoders.RECIPES,
    **defaults.RECIPES,
}


def named(name: str) -> Recipe:
    """Return the recipe called ``name``.

    Raises:
        UserError: when there is none, with the nearest name.
    """
    if name not in RECIPES:
        raise UserError(f"no recipe '{name}'; {nearest(name, RECIPES, ': see counterplay list')}")
    return validate(RECIPES[name]())


def summary(name: str) -> str:
    """Return a recipe's line: the first of its function's docstring."""
    return (RECIPES[name].__doc__ or "").strip().splitlines()[0]
