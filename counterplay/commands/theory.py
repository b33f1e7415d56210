"""``counterplay theory``: a result of the lectures as numbers, checks and a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, make_dataclass
from pathlib import Path
from typing import Annotated, Any

import tyro

from counterplay.commands.arguments import parse
from counterplay.commands.options import arities, read_ahead, spelled_out
from counterplay.errors import UserError, nearest
from counterplay.theory import ITEMS, Item
from counterplay.theory.item import Check

__all__ = ["main"]

ALL = "all"


@dataclass(frozen=True)
class Arguments:
    """Compute what the lectures derive: numbers, checks by another method, the picture.

    NAME is an item of --list, or 'all'. Every parameter of an item is an option:
    counterplay theory NAME --help shows them.
    """

    name: Annotated[
        tyro.conf.Positional[str | None], tyro.conf.arg(metavar="[NAME]", name="name")
    ] = None
    """What to compute; all with --check or --docs."""
    list: bool = False
    """List the items; without a NAME too."""
    check: bool = False
    """Print one line a check, and end with 1 when one fails."""
    out: Path | None = None
    """Write the picture: .png, .svg or .pdf, and .gif where it moves."""
    docs: Path | None = None
    """Write the numbers and pictures into FOLDER/theory.md, of one item or of all."""


def main(argv: Sequence[str]) -> int:
    """List, compute, check or write; return 0, or 1 when a check fails."""
    words = spelled_out(argv, {})
    name = _name(words)
    item = ITEMS.get(name or "")
    given = _parsed(words, item)
    _fit(given)
    if given.list or name is None:
        return _list()
    if name == ALL:
        return _page(given.docs, list(ITEMS)) if given.docs else _check(ITEMS.values())
    assert item is not None
    parameters = item.parameters(
        **{f.name: getattr(given, f.name) for f in fields(item.parameters)}
    )
    if given.docs is None:
        return _one(item, parameters, given)
    if parameters != item.parameters():
        raise UserError("--docs writes the page at the default parameters; leave the options out")
    return _page(given.docs, [item.name])


def _name(words: Sequence[str]) -> str | None:
    """Return the NAME among ``words``, read before tyro has to know the item's options."""
    named = next((word for word in words if word in ITEMS), None)
    if any(word in ("-h", "--help") for word in words):
        return named
    takes = arities(Arguments)
    for item in [ITEMS[named]] if named else ITEMS.values():
        takes = takes | arities(item.parameters)
    free, _ = read_ahead(words, takes)
    if len(free) > 1:
        raise UserError(f"theory takes one name, not {' and '.join(free)}")
    if free and free[0] not in (*ITEMS, ALL):
        raise UserError(f"no item '{free[0]}'; {nearest(free[0], [*ITEMS, ALL])}")
    return free[0] if free else None


def _parsed(words: Sequence[str], item: Item | None) -> Any:
    if item is None:
        return parse(Arguments, words, "theory")
    both = make_dataclass("Arguments", [], bases=(Arguments, item.parameters), frozen=True)
    both.__doc__ = f"{item.title}.\n\n{item.derivation}"
    return parse(both, words, "theory")


def _fit(given: Any) -> None:
    """Refuse options that do not fit each other.

    Raises:
        UserError: saying which.
    """
    if given.docs is not None and given.name is None:
        raise UserError("say what to write: counterplay theory all --docs docs")
    if given.name == ALL and given.out is not None:
        raise UserError("--out takes one item's picture; 'all' writes them with --docs FOLDER")
    if given.name == ALL and not given.check and given.docs is None:
        raise UserError("say what to do with all: --check, or --docs FOLDER")
    if given.check and given.name is None:
        raise UserError("say what to check: counterplay theory all --check")


def _list() -> int:
    width = max(map(len, ITEMS), default=0)
    print("What can be computed (counterplay theory NAME):")
    for name, item in ITEMS.items():
        print(f"  {name:{width}}  {item.title}")
    return 0


def _one(item: Item, parameters: Any, given: Any) -> int:
    from counterplay.theory.figures import save, writable
    from counterplay.theory.text import check_line, shown

    if given.out is not None:
        writable(item, given.out)
    checks = item.checks(parameters)
    if given.check:
        print("\n".join(check_line(item, check) for check in checks))
    else:
        print(shown(item, item.compute(parameters), checks))
    if given.out is not None:
        save(item, parameters, given.out)
        print(f"\nthe picture is in {given.out}")
    return 1 if given.check and not all(check.passes for check in checks) else 0


def _check(items: Any) -> int:
    from counterplay.theory.text import check_line

    failed = total = 0
    for item, check in _checked(items):
        print(check_line(item, check), flush=True)
        total, failed = total + 1, failed + (not check.passes)
    print(f"{total} checks, {failed} failed" if failed else f"{total} checks, all pass")
    return 1 if failed else 0


def _checked(items: Any) -> Iterator[tuple[Item, Check]]:
    for item in items:
        for check in item.checks(item.parameters()):
            yield item, check


def _page(folder: Path, names: list[str]) -> int:
    from counterplay.theory.page import write

    print(f"written: {write(folder, ITEMS, names)}")
    return 0
