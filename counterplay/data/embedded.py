"""Data that scikit-learn carries: nothing is downloaded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from counterplay.data.arrays import Part, read_parts
from counterplay.data.examples import Asked, Examples

__all__ = ["read_embedded"]

_LOADERS = {
    "iris": "load_iris",
    "wine": "load_wine",
    "breast-cancer": "load_breast_cancer",
    "diabetes": "load_diabetes",
}


def read_embedded(name: str, asked: Asked) -> Examples:
    """Return the examples of a name in :data:`counterplay.data.catalogue.TABLES`."""
    from sklearn import datasets as carried

    datasets: Any = carried  # its loaders return several kinds, by their options

    if name == "digits":
        digits = datasets.load_digits()
        # Ink is counted from 0 to 16 in 4x4 blocks: 16 becomes 255.
        pictures = np.round(digits.images * (255 / 16)).astype(np.uint8)
        found = read_parts([Part(pictures, digits.target)], asked)
        return replace(found, levels=17 if found.rows.shape[-1] == pictures.shape[-1] else None)
    options = {"scaled": False} if name == "diabetes" else {}
    table = getattr(datasets, _LOADERS[name])(**options)
    columns = tuple(str(c).removesuffix(" (cm)").replace(" ", "_") for c in table.feature_names)
    if name == "diabetes":
        rows = np.column_stack([table.data, table.target])
        return read_parts([Part(rows)], asked, (*columns, "progress"))
    return read_parts([Part(table.data, table.target_names[table.target])], asked, columns)
