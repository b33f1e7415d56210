"""What recipes promise, as data: the numbers to reach, on which data, over how many seeds.

``counterplay reproduce NAME`` runs one and writes the row. A promise is kept when the median over
the seeds of each of its numbers is within its bound, and no seed took longer than it may.
"""

from __future__ import annotations

from counterplay.errors import UserError, nearest
from counterplay.recipes.promises import (
    autoencoders,
    autoregressive,
    boltzmann,
    defaults,
    flows,
    images,
    inferential,
    latents,
    modern,
    remedies,
    semisupervised,
    sequences,
    stacked,
    toys,
    typed,
)
from counterplay.recipes.promises.reproduction import Reproduction

__all__ = ["REPRODUCTIONS", "Reproduction", "promised"]

REPRODUCTIONS: dict[str, Reproduction] = {
    **toys.PROMISES,
    **images.PROMISES,
    **inferential.PROMISES,
    **modern.PROMISES,
    **semisupervised.PROMISES,
    **sequences.PROMISES,
    **stacked.PROMISES,
    **latents.PROMISES,
    **boltzmann.PROMISES,
    **autoregressive.PROMISES,
    **autoencoders.PROMISES,
    **defaults.PROMISES,
    **flows.PROMISES,
    **typed.PROMISES,
    **remedies.PROMISES,
}
"""Every promise by name."""


def promised(name: str) -> Reproduction:
    """Return the promise called ``name``.

    Raises:
        UserError: when there is none, with the nearest name.
    """
    if name not in REPRODUCTIONS:
        raise UserError(f"nothing called '{name}' is promised; {nearest(name, REPRODUCTIONS)}")
    return REPRODUCTIONS[name]
