"""The command line finds the verb, and turns a person's mistake into one line and exit code 2."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from counterplay.errors import UserError, nearest

__all__ = ["VERBS", "main"]

VERBS = {
    "train": "train on data or by a recipe, or go on with a run",
    "sample": "draw new examples from a run, into a file or a folder",
    "latent": "walk among a run's latents: paths, sums, truncation, nearest examples",
    "diagnose": "say what is wrong with a run or with samples, and what to try",
    "compare": "train every family on the same data for the same time, and say which to use",
    "evaluate": "measure a run's samples against the data it has not seen",
    "reproduce": "run a recipe that promises a number, and write its row into the ledger",
    "theory": "compute what the lectures derive, check it, and draw it",
    "list": "list the recipes and the data that have names",
}

HELP = """usage: counterplay VERB ...

Generative networks as games.

{verbs}

  counterplay train digits           a minute of training on the embedded digits
  counterplay train FOLDER           the same on your own pictures or table
  counterplay VERB --help            what a verb takes"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return the process's exit code: 0, 2 for a mistake, 130 for Ctrl-C."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        code = _dispatch(words)
        if sys.stdout is not None:
            sys.stdout.flush()  # here, and not when Python ends: a closed reader is no error here
        return code
    except UserError as error:
        return _complain(" ".join(str(error).split()))
    except BrokenPipeError:
        # The reader (head, a pager) has closed; what it did not want is not an error.
        _close_quietly()
        return 0
    except OSError as error:
        return _complain(": ".join(str(p) for p in (error.filename, error.strerror or error) if p))
    except KeyboardInterrupt:
        print("counterplay: interrupted", file=sys.stderr)
        return 130


def _close_quietly() -> None:
    """Let what is left in the buffer of standard output go nowhere when Python ends."""
    with contextlib.suppress(OSError, ValueError), open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        width = max(map(len, VERBS))
        print(HELP.format(verbs="\n".join(f"  {v:{width}}  {line}" for v, line in VERBS.items())))
        return 0
    if words[0] == "--version":
        print(_version())
        return 0
    if words[0] not in VERBS:
        raise UserError(f"no verb '{words[0]}'; {nearest(words[0], VERBS)}")
    return import_module(f"counterplay.commands.{words[0]}").main(words[1:])


def _version() -> str:
    return import_module("counterplay").__version__


def _complain(line: str) -> int:
    print(f"counterplay: {line}", file=sys.stderr)
    return 2
