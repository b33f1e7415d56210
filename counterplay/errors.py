"""A person's mistake, told in one line: what was asked, what was seen, what would work.

Imports nothing, so that the command line can raise and catch it without torch.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["UserError", "nearest"]


class UserError(ValueError):
    """A mistake a person can mend. The command line prints its one line and exits with code 2."""


MANY = 12
"""Choices that an error line has room for."""


def nearest(word: str, choices: Iterable[str], where: str = "") -> str:
    """Return a hint that ends an error line: the choice nearest to ``word``, else all of them.

    Of more than a line takes, those that begin like ``word`` or the first, and ``where`` the
    others are.

    >>> nearest("wgan-pg", ["gan", "wgan-gp"])
    "did you mean 'wgan-gp'?"
    >>> nearest("zzz", ["gan", "wgan-gp"])
    'choose from gan, wgan-gp'
    """
    choices = sorted(choices)
    close = difflib.get_close_matches(word, choices, n=1)
    if close:
        return f"did you mean '{close[0]}'?"
    like = [c for c in choices if c[:1] == word[:1]] or choices
    few = choices if len(choices) <= MANY else like[:MANY]
    rest = len(choices) - len(few)
    more = f" and {rest} more{where}" if rest else ""
    return f"choose from {', '.join(few)}{more}"
