"""``counterplay list``: the recipes and the data that have names. No torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from counterplay.commands.arguments import parse
from counterplay.data import names
from counterplay.recipes import RECIPES, summary

__all__ = ["main"]


@dataclass(frozen=True)
class Arguments:
    """List the recipes and the data that have names."""


def main(argv: Sequence[str]) -> int:
    """Print both lists."""
    if argv:
        parse(Arguments, argv, "list")
    _print("Recipes (counterplay train [DATA] --recipe NAME):", {n: summary(n) for n in RECIPES})
    print()
    _print("Data (counterplay train NAME, or the path of your own):", names())
    return 0


def _print(title: str, rows: Mapping[str, str]) -> None:
    width = max(map(len, rows))
    print(title)
    for name, line in rows.items():
        print(f"  {name:{width}}  {line}")
