"""What a recipe promises."""

from __future__ import annotations

from dataclasses import dataclass

from counterplay.recipes.schema import Promise

__all__ = ["Reproduction"]


@dataclass(frozen=True)
class Reproduction:
    """A recipe, and the numbers that it must reach.

    Attributes:
        system: what is trained, as the ledger names it.
        recipe: the recipe's name.
        promises: the numbers. Beside what ``evaluate`` reports there is "bound_gain": a VAE's
            bound less the log likelihood of principal components (see
            :mod:`counterplay.recipes.measuring`), in nats per dimension.
        seconds: what each seed may take in all, or ``None`` where time is not promised.
        seeds: over how many the median is taken.
        data: a name or a path, relative to the repository; ``None``: the recipe's own.
        note: a sentence for the reader of the row.
    """

    system: str
    recipe: str
    promises: tuple[Promise, ...]
    seconds: float | None = None
    seeds: int = 1
    data: str | None = None
    note: str = ""
