"""The data room: a name, a path, an array or a tensor in; seeded, endless, sharded batches out.

>>> from counterplay.data import load
>>> source = load("digits")
>>> source.domain.shape, sum(source.splits.values())
((1, 8, 8), 1797)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from counterplay.data.catalogue import is_known, names
from counterplay.data.domain import Domain, Image, Sequence, Vector, from_json
from counterplay.data.sizes import SIZES

if TYPE_CHECKING:
    from counterplay.data.binarising import binarised
    from counterplay.data.loading import load
    from counterplay.data.source import Source

__all__ = [
    "SIZES",
    "Domain",
    "Image",
    "Sequence",
    "Source",
    "Vector",
    "binarised",
    "from_json",
    "is_known",
    "load",
    "names",
]

# Read on first use: batches need torch, which takes seconds to import; names and domains do not.
_LAZY = {
    "binarised": "counterplay.data.binarising",
    "load": "counterplay.data.loading",
    "Source": "counterplay.data.source",
}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Kept, so that the second use is as quick as that of any other name.
    value = getattr(importlib.import_module(_LAZY[name]), name)
    globals()[name] = value
    return value
