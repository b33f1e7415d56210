"""What the verbs share: tyro's parsing and help, with mistakes told in one line."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Sequence
from typing import Any, TypeVar

import tyro

from counterplay.errors import UserError

__all__ = ["parse"]

T = TypeVar("T")


def parse(kind: type[T], argv: Sequence[str], verb: str, default: Any = None) -> T:
    """Return the arguments of ``verb`` as the dataclass ``kind``; print help and exit if asked to.

    Raises:
        UserError: with tyro's message in one line.
    """
    if any(word in ("-h", "--help") for word in argv):
        # Alone, so that a mistake beside it does not stand in the way of the help.
        argv = ["--help"]
    heard = io.StringIO()
    given = {} if default is None else {"default": default}
    try:
        with contextlib.redirect_stderr(heard):
            return tyro.cli(
                tyro.conf.AvoidSubcommands[kind],  # type: ignore[misc, valid-type]
                args=list(argv),
                prog=f"counterplay {verb}",
                **given,
            )
    except SystemExit as stop:
        if stop.code in (0, None):
            sys.stdout.flush()
            raise
    raise UserError(f"{_gist(heard.getvalue())}; see counterplay {verb} --help") from None


def _gist(box: str) -> str:
    """Return the first paragraph of one of tyro's boxes, as one line."""
    # Where the terminal has no lines to draw with, boxes are of ASCII.
    lines = [line.strip("│| ") for line in box.splitlines()]
    words: list[str] = []
    for line in lines[1:]:
        if not line.strip("─╰╯├┤-+"):
            if words:
                break
            continue
        words.append(line)
    text = " ".join(" ".join(words).split()).rstrip(".")
    return text[:1].lower() + text[1:] if text else "the arguments cannot be read"
