"""``docs/theory.md``: the page of all items, written by running them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from counterplay.errors import UserError
from counterplay.theory.figures import save
from counterplay.theory.item import Item
from counterplay.theory.text import section

__all__ = ["head", "part", "write"]


def head(items: Mapping[str, Item]) -> str:
    """Return the top of the page, with its contents."""
    contents = [f"- [{name}](#{name}): {item.title}" for name, item in items.items()]
    return "\n".join(
        [
            "# Theory, computed",
            "",
            "What the lectures derive, as numbers, each checked by an independent computation, and",
            "as pictures drawn from them. This page is written by `counterplay theory all --docs",
            "docs`; `counterplay theory NAME` computes one part of it, and takes its options.",
            "",
            *contents,
            "",
        ]
    )


def part(item: Item, folder: str = "theory") -> str:
    """Return the item's section at its default parameters."""
    parameters = item.parameters()
    picture = f"{folder}/{item.name}.png"
    return section(item, item.compute(parameters), item.checks(parameters), picture)


def write(folder: Path, items: Mapping[str, Item]) -> Path:
    """Write ``folder/theory.md`` and ``folder/theory/NAME.png``; return the page's path.

    Raises:
        UserError: when there is no such folder, or matplotlib is missing.
    """
    if not folder.is_dir():
        raise UserError(f"--docs {folder}: there is no such folder")
    pictures = folder / "theory"
    pictures.mkdir(exist_ok=True)
    parts = [head(items)]
    for item in items.values():
        save(item, item.parameters(), pictures / f"{item.name}.png")
        if item.frames:
            save(item, item.parameters(), pictures / f"{item.name}.gif")
        parts.append(part(item))
    page = folder / "theory.md"
    page.write_text("\n".join(parts))
    return page
