"""Which options a dataclass tree makes, and which words of a command line are no option's value.

tyro converts and checks the values. It has to be told the defaults first, and those depend on
words of the same command line (the data, the recipe, the configuration): this reads them ahead.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from typing import Any

from counterplay.errors import UserError, nearest

__all__ = ["arities", "read_ahead", "spelled_out"]


def arities(kind: type, prefix: str = "", value: Any = None) -> dict[str, int]:
    """Return every option of ``kind`` with the number of words it takes, or :data:`MANY`.

    A field of several kinds has the options of ``value``'s kind, and of all kinds without a
    ``value``. A field named ``fields`` stands for its own fields.
    """
    found: dict[str, int] = {}
    for name, hint in typing.get_type_hints(kind).items():
        path = prefix if name == "fields" else f"{prefix}{name.replace('_', '-')}"
        own = getattr(value, name, None)
        for option in [type(own)] if is_dataclass(own) else _kinds(hint):
            if is_dataclass(option):
                found |= arities(typing.cast(type, option), f"{path}." if path else "", own)
            elif option is bool:
                head, _, tail = path.rpartition(".")
                no = f"{head}.no-{tail}" if head else f"no-{tail}"
                found |= {f"--{path}": 0, f"--{no}": 0}
            else:
                found[f"--{path}"] = _count(option)
    return found


MANY = -1
"""Words that an option takes when it takes as many as there are, and at least one."""


def _count(option: Any) -> int:
    if typing.get_origin(option) is not tuple:
        return 1
    kinds = typing.get_args(option)
    return MANY if kinds[1:] == (Ellipsis,) else len(kinds)


def spelled_out(argv: Sequence[str], short: Mapping[str, str]) -> list[str]:
    """Return ``argv`` with short spellings in full and dashes in the options' names."""
    return [_spelled_out(word, short) if word.startswith("--") else word for word in argv]


def read_ahead(
    argv: Sequence[str], takes: Mapping[str, int]
) -> tuple[list[str], dict[str, list[str]]]:
    """Return (words that are no option's value, option -> its words).

    Raises:
        UserError: for an option that does not exist, stands twice, or lacks a value.
    """
    words: list[str] = []
    given: dict[str, list[str]] = {}
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        if not word.startswith("-") or word == "-":
            words.append(word)
            continue
        name, equals, value = word.partition("=")
        if name not in takes:
            raise UserError(f"no option {name}; {_hint(name, takes)}")
        if name in given:
            raise UserError(f"option {name} stands twice")
        given[name] = [value] if equals else _values(name, rest, takes[name])
    return words, given


def _values(name: str, rest: list[str], count: int) -> list[str]:
    most = len(rest) if count == MANY else count
    values = [rest.pop(0) for _ in range(most) if rest and not rest[0].startswith("--")]
    if len(values) < abs(count):
        raise UserError(f"option {name} lacks a value")
    return values


def _hint(name: str, takes: Mapping[str, int]) -> str:
    hint = nearest(name, takes)
    return hint if hint.startswith("did you mean") else "--help shows them all"


def _spelled_out(word: str, short: Mapping[str, str]) -> str:
    name, equals, value = word.partition("=")
    name = name.replace("_", "-")
    return short.get(name, name) + equals + value


def _kinds(hint: Any) -> Iterator[Any]:
    origin = typing.get_origin(hint)
    if origin is typing.Annotated:
        yield from _kinds(typing.get_args(hint)[0])
    elif origin in (typing.Union, types.UnionType):
        yield from (o for o in typing.get_args(hint) if o is not type(None))
    else:
        yield hint
