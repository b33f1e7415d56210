"""The data that have names, one line each. Imports no torch, so that a list of them is instant."""

from __future__ import annotations

from pathlib import Path

__all__ = ["BITS", "DRAWN", "LAWS", "STACKED", "TABLES", "is_known", "names"]

STACKED = "stacked:"
"""Before the path of grey pictures: three of them on top of each other (Stacked-MNIST)."""

BITS = "bits:"
"""Before the path of an ``.npz`` file of pictures of two levels, eight pixels in a byte."""


TABLES: dict[str, str] = {
    "digits": "1,797 handwritten digits, 8x8 grey, 10 classes (embedded, UCI via scikit-learn)",
    "iris": "150 irises, 4 measurements, 3 species (embedded, Fisher 1936)",
    "wine": "178 wines, 13 measurements, 3 growers (embedded, UCI)",
    "breast-cancer": "569 tumours, 30 measurements, 2 classes (embedded, UCI)",
    "diabetes": "442 patients, 10 measurements and the disease's progress (embedded, LARS paper)",
}
"""Data that scikit-learn carries."""

DRAWN: dict[str, str] = {
    "shapes": "20,000 coloured shapes, 16x16 or --size S, of known shape, colour and side (drawn)",
    "sources": "20,000 rows of 5 mixtures of 5 hidden sources, in 40 segments (drawn)",
}
"""Data that are drawn when they are asked for."""

LAWS: dict[str, str] = {
    "ring": "8 Gaussians on a circle in the plane (exact law: modes can be counted)",
    "grid": "25 Gaussians on a square lattice in the plane (exact law: modes can be counted)",
    "spiral": "two arms of a spiral in the plane (exact law)",
    "moons": "two interleaved half circles in the plane (exact law)",
    "circles": "two concentric circles in the plane (exact law)",
    "swissroll": "a rolled-up strip in the plane (exact law)",
}
"""The exact laws of :mod:`counterplay.laws`; a test keeps the two tables equal."""


def names() -> dict[str, str]:
    """Return the names that ``load`` knows, each with a description of one line."""
    return TABLES | DRAWN | LAWS


def is_known(text: str) -> bool:
    """Return whether ``text`` names data: one of :func:`names`, or a path that is there.

    >>> is_known("digits"), is_known("stacked:nowhere")
    (True, False)
    """
    if text.startswith("hub:"):
        return True  # what the cache of ``datasets`` holds is found out when it is opened
    path = text.removeprefix(STACKED).removeprefix(BITS)
    zipped = path[: path.lower().find(".zip") + 4] if ".zip" in path.lower() else path
    return path in names() or Path(path).expanduser().exists() or Path(zipped).is_file()
