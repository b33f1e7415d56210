"""``docs/theory.md``: the page of all items, written by running them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from counterplay.errors import UserError
from counterplay.theory.figures import save
from counterplay.theory.item import Item
from counterplay.theory.text import section

__all__ = ["head", "part", "sections", "write"]


def head(items: Mapping[str, Item]) -> str:
    """Return the top of the page, with its contents."""
    contents = [f"- [{name}](#{name}): {item.title}" for name, item in items.items()]
    return "\n".join(
        [
            "# Theory, computed",
            "",
            "What the lectures derive, as numbers, each checked by an independent computation, and",
            "as pictures drawn from them. This page is written by `counterplay theory all --docs",
            "docs`, and one section of it by `counterplay theory NAME --docs docs`; `counterplay",
            "theory NAME` computes a section with the parameters that you choose.",
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


def sections(page: str) -> dict[str, str]:
    r"""Return item -> its section of a page that was written before.

    >>> sections("# Theory\n\n## a\n\nA.\n\n## b\n\nB.\n")["b"]
    '## b\n\nB.\n'
    """
    parts = page.split("\n## ")[1:]
    return {p.split("\n", 1)[0]: f"## {p.rstrip(chr(10))}\n" for p in parts}


def write(folder: Path, items: Mapping[str, Item], anew: Iterable[str]) -> Path:
    """Write the items ``anew`` into ``folder/theory.md`` and ``folder/theory/``; return the page.

    Sections of other items stay as they are, and those of items that are gone are left out.

    Raises:
        UserError: when there is no such folder, or matplotlib is missing.
    """
    if not folder.is_dir():
        raise UserError(f"--docs {folder}: there is no such folder")
    pictures, page = folder / "theory", folder / "theory.md"
    pictures.mkdir(exist_ok=True)
    for name in anew:
        item = items[name]
        save(item, item.parameters(), pictures / f"{name}.png")
        own = part(item)  # before the page is read: somebody else may write another section
        told = sections(page.read_text() if page.exists() else "") | {name: own}
        shown = {n: i for n, i in items.items() if n in told}
        page.write_text("\n".join([head(shown), *(told[n] for n in shown)]))
    return page
