"""A person's mistake, told in one line: what was asked, what was seen, what would work.

Imports nothing, so that the command line can raise and catch it without torch.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["UserError", "nearest"]


class UserError(ValueError):
    """A mistake a person can mend. The command line prints its one line and exits with code 2."""


def nearest(word: str, choices: Iterable[str]) -> str:
    """Return a hint that ends an error line: the choice nearest to ``word``, else all of them.

    >>> nearest("wgan-pg", ["gan", "wgan-gp"])
    "did you mean 'wgan-gp'?"
    >>> nearest("zzz", ["gan", "wgan-gp"])
    'choose from gan, wgan-gp'
    """
    choices = sorted(choices)
    close = difflib.get_close_matches(word, choices, n=1)
    return f"did you mean '{close[0]}'?" if close else f"choose from {', '.join(choices)}"
