"""Which recipe fits which data, and why, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterplay.data import Domain

__all__ = ["FOR_NAME", "by_name", "candidates", "choose"]

FOR_NAME = {"digits": "digits", "ring": "ring-wgan-gp", "grid": "grid-wgan-gp"}
"""Data that have a recipe of their own."""

_SMALL = 16


def by_name(source: str) -> str | None:
    """Return the recipe of a data name that has one of its own."""
    return FOR_NAME.get(source)


def candidates(source: str) -> tuple[str, ...]:
    """Return the recipes that :func:`choose` may return for ``source``, before it is opened."""
    own = by_name(source)
    return (own,) if own else ("digits", "mnist", "photos", "plane", "table")


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
    if domain.kind == "vector":
        return _for_vectors(domain.shape[0], count)
    return _for_pictures(domain.shape[-1], len(domain.classes), count)


def _for_vectors(dim: int, count: int) -> tuple[str, str]:
    if dim == 2:
        return "plane", f"{count:,} points in the plane"
    return "table", f"{count:,} rows of {dim} numbers"


def _for_pictures(size: int, classes: int, count: int) -> tuple[str, str]:
    pictures = f"{count:,} pictures of {size}x{size}"
    if classes < 2 or count < 100 * classes:
        few = f", few of each of {classes} classes" if classes > 1 else " without labels"
        return "photos", pictures + few
    return ("digits" if size <= _SMALL else "mnist"), f"{pictures} in {classes} classes"
