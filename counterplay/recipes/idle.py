"""Options that make no difference, because of what another one says: asked for, they are refused.

A recipe may have them, for the day when that other one is changed; a person who asks for one
expects something of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce

from counterplay.errors import UserError
from counterplay.recipes.schema import Recipe

__all__ = ["refuse_idle"]

UNROLLED = (("dynamics.rule", "unrolled"), "--dynamics unrolled")
ADAPTIVE = (("game.augment.adaptive", True), "--game.augment.adaptive")

USED: Mapping[str, tuple[tuple[str, object], str]] = {
    "dynamics.gamma": (("dynamics.rule", "consensus"), "--dynamics consensus"),
    "dynamics.look_ahead": UNROLLED,
    "dynamics.rate": UNROLLED,
    "dynamics.look_by": UNROLLED,
    "game.augment.start": ADAPTIVE,
    "game.augment.target": ADAPTIVE,
    "game.augment.examples": ADAPTIVE,
    "game.augment.chance": (("game.augment.adaptive", False), "a chance that does not adapt"),
}
"""Option -> the other one and the value that it needs there, and how that is asked for."""


def refuse_idle(recipe: Recipe, asked: Iterable[str]) -> None:
    """Raise when one of the options ``asked``, "--game.lr" say, makes no difference to ``recipe``.

    Raises:
        UserError: naming the option, the value that leaves it idle, and what would use it.
    """
    for option in asked:
        name = option.removeprefix("--").replace("-", "_")
        if name not in USED:
            continue
        (other, needed), use = USED[name]
        seen = reduce(getattr, other.split("."), recipe)
        if seen != needed:
            raise UserError(f"{option}: nothing uses it where {other} is {seen}; {use} does")
