"""A recipe with some fields changed: what a remedy and a case of the doctor's bench do to one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterplay.errors import UserError
from counterplay.recipes import build
from counterplay.recipes.check import leaves, validate
from counterplay.recipes.plan import Plan
from counterplay.recipes.schema import Recipe

__all__ = ["applied", "applies", "options"]


def options(recipe: Recipe) -> dict[str, Any]:
    """Return every field of a recipe by its dotted path."""
    return {path: value for path, _, value in leaves(recipe)}


def applied(recipe: Recipe, changes: Mapping[str, Any]) -> Recipe:
    """Return the recipe with the fields changed.

    Raises:
        UserError: when there is no such field, or it cannot have that value.
    """
    from counterplay.recipes.text import from_plain

    nested: dict[str, Any] = {}
    for path, value in changes.items():
        *groups, name = path.split(".")
        inner = nested
        for group in groups:
            inner = inner.setdefault(group, {})
        inner[name] = list(value) if isinstance(value, tuple) else value
    return validate(from_plain(Recipe, nested, "", recipe))


def applies(plan: Plan, changes: Mapping[str, Any]) -> bool:
    """Return whether a training by the changed recipe could begin."""
    try:
        recipe = applied(plan.recipe, changes)
        plan.source.check_batch(recipe.data.batch)
        build.game(recipe, plan.source.domain, plan.share)
    except (UserError, ValueError):
        return False
    return True
