"""Which recipe fits which data, and why, in one line.

The rules, the first that fits: data with a recipe of their own; points in the plane; tables;
pictures with classes and enough of each; few pictures; many. What each comes to on data at hand
stands in ``docs/results.md``: the promises called ``default-...``; for tables of mixed columns it
stands beside other systems in ``docs/benchmarks.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterplay.data import Domain

__all__ = ["ENOUGH", "FEW", "FOR_NAME", "MANY_CLASSES", "by_name", "candidates", "choose"]

FOR_NAME = {
    "digits": "digits",
    "shapes": "shapes",
    "ring": "ring-wgan-gp",
    "grid": "grid-wgan-gp",
}
"""Data that have a recipe of their own."""

STACKED = "stacked:"

ENOUGH = 100
"""Pictures of a class from which on a generator is shown the class."""

MANY_CLASSES = 200
"""More classes than these are not shown: each would be seen too seldom."""

FEW = 5_000
"""Pictures below which they are augmented: a critic learns as many by heart."""

SEQUENCES = ("wavenet", "characters")
"""The recipes of sound and of text."""

_SMALL = 16


def by_name(source: str) -> str | None:
    """Return the recipe of a data name that has one of its own."""
    return "stacked-r3" if source.startswith(STACKED) else FOR_NAME.get(source)


def candidates(source: str) -> tuple[str, ...]:
    """Return the recipes that :func:`choose` may return for ``source``, before it is opened."""
    own = by_name(source)
    usual = ("digits", "mnist", "photos", "photos-few", "plane", "table", "mixed", *SEQUENCES)
    return (own,) if own else usual


def choose(domain: Domain, count: int, name: str = "") -> tuple[str, str]:
    """Return (a recipe's name, the reason) for ``count`` examples of ``domain``.

    Args:
        domain: the data's domain.
        count: examples to train on.
        name: the data's name, for the data that have a recipe of their own.
    """
    own = by_name(name)
    if own:
        return own, f"the recipe of the data '{name}'"
    if domain.kind == "table":
        return _for_table(domain, count)
    if domain.kind == "vector":
        return _for_vectors(domain.shape[0], count)
    if domain.kind == "sequence":
        return _for_sequences(domain, count)
    return _for_pictures(domain.shape[-1], len(domain.classes), count)


def _for_vectors(dim: int, count: int) -> tuple[str, str]:
    if dim == 2:
        return "plane", f"{count:,} points in the plane"
    return "table", f"{count:,} rows of {dim} numbers: Wasserstein's cost, no assumption on columns"


def _for_table(domain: Any, count: int) -> tuple[str, str]:
    columns = len(domain.columns)
    return "mixed", f"{count:,} rows of {columns} columns: column after column, exact likelihood"


def _for_sequences(domain: Any, count: int) -> tuple[str, str]:
    if domain.symbols:
        return "characters", f"{count:,} windows of text of {len(domain.symbols)} characters"
    return "wavenet", f"{count:,} windows of sound, {domain.rate:,} samples a second"


def _for_pictures(size: int, classes: int, count: int) -> tuple[str, str]:
    pictures = f"{count:,} pictures of {size}x{size}"
    if 2 <= classes <= MANY_CLASSES and count >= ENOUGH * classes:
        recipe = "digits" if size <= _SMALL else "mnist"
        return recipe, f"{pictures} in {classes} classes: the generator is shown the class"
    seen = _without_classes(classes)
    if count < FEW:
        return "photos-few", f"{pictures}{seen}: few, so they are augmented"
    return "photos", f"{pictures}{seen}"


def _without_classes(classes: int) -> str:
    if classes < 2:
        return " without labels"
    return f", {'few of each of' if classes <= MANY_CLASSES else 'too many:'} {classes:,} classes"
