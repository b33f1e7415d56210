"""Recipes as YAML, strictly in and out.

The reader is YAML 1.2's core schema and not PyYAML's 1.1: ``1e-4`` is a number, ``no`` is a word,
``12:30:00`` is a word. Keys must be known and stand once, values must have the field's type, and
a field that holds one of several kinds says which by ``type:``. Every error is one line with the
path of the field: ``game.critic.lr: expected a number, got 'fast'``.
"""

from __future__ import annotations

import math
import re
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, Literal

import yaml

from counterplay.errors import UserError, nearest
from counterplay.recipes.check import validate
from counterplay.recipes.schema import TYPES, Recipe

__all__ = ["from_plain", "parse", "read", "to_plain", "write"]

TAGS = {cls: tag for tag, cls in TYPES.items()}


def write(recipe: Recipe) -> str:
    """Return the recipe as YAML, complete. ``read(write(recipe)) == recipe``."""
    return yaml.dump(to_plain(recipe), Dumper=_Dumper, sort_keys=False, allow_unicode=True)


def read(text: str, base: Recipe | None = None) -> Recipe:
    """Return the recipe that ``text`` says; what it leaves out is as in ``base``.

    Raises:
        UserError: on malformed YAML, an unknown or repeated key, a missing field, a wrong type
            or a number out of range.
    """
    return validate(from_plain(Recipe, parse(text), base=base))


def parse(text: str) -> dict[str, Any]:
    """Return one YAML document's mapping as plain dicts, lists and scalars."""
    try:
        plain = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise UserError(f"not the YAML of a recipe: {_one_line(error)}") from None
    except RecursionError:
        raise UserError("not the YAML of a recipe: nested too deeply") from None
    if not isinstance(plain, dict):
        raise UserError(f"not the YAML of a recipe: expected 'key: value' lines, got {plain!r:.60}")
    return plain


def to_plain(value: Any) -> Any:
    """Return dicts, lists and scalars; a value of a tagged kind starts with its ``type``."""
    if is_dataclass(value):
        tag = {"type": TAGS[type(value)]} if type(value) in TAGS else {}
        return tag | {f.name: to_plain(getattr(value, f.name)) for f in fields(value)}
    return [to_plain(v) for v in value] if isinstance(value, tuple) else value


def from_plain(kind: Any, plain: Any, path: str = "", base: Any = None) -> Any:
    """Return ``plain`` as a value of the type ``kind``.

    Args:
        kind: a dataclass, a union of them, a scalar type, ``Literal``, ``tuple`` or ``X | None``.
        plain: what YAML said.
        path: where it stood, for the error.
        base: a dataclass value that fills in what ``plain`` leaves out.
    """
    origin, options = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return _from_union(options, plain, path, base)
    if is_dataclass(kind):
        return _from_mapping(typing.cast(type, kind), plain, path, base)
    if origin is Literal:
        return _from_choice(options, plain, path)
    if origin is tuple:
        return _from_list(options, plain, path)
    return _SCALARS[kind](plain, path)


def _from_union(options: tuple[Any, ...], plain: Any, path: str, base: Any) -> Any:
    if type(None) in options:
        rest = next(o for o in options if o is not type(None))
        return None if plain is None else from_plain(rest, plain, path)
    plain = _mapping(plain, path)
    kinds = {TAGS[o]: o for o in options}
    tag = plain.get("type", TAGS.get(type(base)))
    if tag is None:
        raise UserError(f"{path}: say which kind by 'type:', one of {', '.join(sorted(kinds))}")
    kind = _lookup(tag, kinds, f"{path}.type")
    rest = {key: value for key, value in plain.items() if key != "type"}
    return _from_mapping(kind, rest, path, base if type(base) is kind else None)


def _from_mapping(kind: type, plain: Any, path: str, base: Any) -> Any:
    plain, prefix = _mapping(plain, path), f"{path}." if path else ""
    known = {f.name: f for f in fields(kind)}
    for key in plain:
        if key not in known:
            raise UserError(f"{prefix}{key}: no such field; {nearest(str(key), known)}")
    hints = typing.get_type_hints(kind)
    return kind(
        **{
            name: from_plain(hints[name], plain[name], f"{prefix}{name}", getattr(base, name, None))
            if name in plain
            else _left_out(f, f"{prefix}{name}", base)
            for name, f in known.items()
        }
    )


def _left_out(f: Field[Any], path: str, base: Any) -> Any:
    if base is not None:
        return getattr(base, f.name)
    if f.default is not MISSING:
        return f.default
    if f.default_factory is not MISSING:
        return f.default_factory()
    raise UserError(f"{path}: missing")


def _from_choice(options: tuple[str, ...], plain: Any, path: str) -> str:
    return _lookup(plain, {o: o for o in options}, path)


def _from_list(kinds: tuple[Any, ...], plain: Any, path: str) -> tuple[Any, ...]:
    if not isinstance(plain, list | tuple):
        raise UserError(f"{path}: expected a list, got {plain!r:.60}")
    if kinds[1:] == (Ellipsis,):
        kinds = (kinds[0],) * len(plain)
    if len(plain) != len(kinds):
        raise UserError(f"{path}: expected a list of {len(kinds)}, got {plain!r:.60}")
    pairs = enumerate(zip(kinds, plain, strict=True))
    return tuple(from_plain(kind, value, f"{path}[{i}]") for i, (kind, value) in pairs)


def _mapping(plain: Any, path: str) -> Mapping[str, Any]:
    if isinstance(plain, Mapping):
        return plain
    raise UserError(f"{path or 'recipe'}: expected fields, got {plain!r:.60}")


def _lookup(word: Any, table: Mapping[str, Any], path: str) -> Any:
    if isinstance(word, str) and word in table:
        return table[word]
    raise UserError(f"{path}: cannot be {word!r:.60}; {nearest(str(word), table)}")


def _word(plain: Any, path: str) -> str:
    if isinstance(plain, str):
        return plain
    raise UserError(f"{path}: expected a word, got {plain!r:.60} (quotes make it a word)")


def _truth(plain: Any, path: str) -> bool:
    if isinstance(plain, bool):
        return plain
    raise UserError(f"{path}: expected true or false, got {plain!r:.60}")


def _number(plain: Any, path: str) -> float:
    number = isinstance(plain, int | float) and not isinstance(plain, bool)
    if number and math.isfinite(plain):
        return float(plain)
    raise UserError(f"{path}: expected a number, got {plain!r:.60}")


def _whole(plain: Any, path: str) -> int:
    # 1e4 is a float to YAML, and a natural way to say how many steps.
    number = isinstance(plain, int | float) and not isinstance(plain, bool)
    if number and math.isfinite(plain) and plain == int(plain):
        return int(plain)
    raise UserError(f"{path}: expected a whole number, got {plain!r:.60}")


_SCALARS: dict[Any, Callable[[Any, str], Any]] = {
    str: _word,
    bool: _truth,
    float: _number,
    int: _whole,
}

_CORE = [
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("float", r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", "-+."),
    ("null", r"~|null|Null|NULL|", "~nN"),
]
"""YAML 1.2's core schema: tag, pattern, first characters."""


class _Loader(yaml.SafeLoader):
    """Knows plain scalars, lists and mappings whose keys are words that stand once."""

    yaml_implicit_resolvers: typing.ClassVar = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        # Aliases of aliases can unfold to more than any memory holds, and a recipe needs none.
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.YAMLError(f"line {mark.line + 1}: an alias (*) has no place in a recipe")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for i, key in enumerate(keys):
            where = f"line {node.value[i][0].start_mark.line + 1}"
            if not isinstance(key, str):
                raise yaml.YAMLError(f"{where}: the key {key!r:.60} is not a word")
            if key in keys[:i]:
                raise yaml.YAMLError(f"{where}: the key '{key}' stands twice")
        return super().construct_mapping(node, deep=deep)

    def construct_core_int(self, node: yaml.ScalarNode) -> int:
        # Base ten always: PyYAML's reads 010 as eight.
        digits = self.construct_scalar(node)
        if len(digits) > 20:
            raise yaml.YAMLError(f"line {node.start_mark.line + 1}: {digits:.20}... is too large")
        return int(digits)


class _Dumper(yaml.SafeDumper):
    """Quotes a word that either YAML would read as something else; short lists on one line."""

    def represent_list(self, data: list[Any]) -> yaml.SequenceNode:  # type: ignore[override]
        return self.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)


def _represent_word(dumper: yaml.SafeDumper, word: str) -> yaml.ScalarNode:
    # PyYAML writes Unicode's own line breaks as they are, and folds them when it reads.
    style = '"' if any(c in word for c in "\x85\u2028\u2029") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", word, style=style)


_Dumper.add_representer(str, _represent_word)
_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_core_int)
_Dumper.add_representer(list, _Dumper.represent_list)
for _tag, _pattern, _first in _CORE:
    for _table in (_Loader, _Dumper):
        _table.add_implicit_resolver(
            f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), [*_first, ""]
        )


def _one_line(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}: " if mark else ""
    return where + " ".join(str(getattr(error, "problem", None) or error).split())
