"""``load``: one function takes anything and answers with a source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from counterplay.data.catalogue import BITS, DRAWN, LAWS, STACKED, TABLES
from counterplay.data.examples import Asked, Examples
from counterplay.data.sizes import check_size
from counterplay.errors import UserError

if TYPE_CHECKING:
    from counterplay.data.source import Source

__all__ = ["load"]

_KINDS = "a name, a path, an array, a tensor, (x, y), a dict of arrays, or batches"


def load(
    what: Any,
    *,
    size: int | None = None,
    labels: Any = None,
    drop: Sequence[str] = (),
    types: Sequence[str] = (),
    batch: int | None = None,
    seed: int = 0,
    cache: Path | str | None = None,
    length: int | None = None,
) -> Source:
    """Return a source of seeded, endless, sharded batches from almost anything.

    Args:
        what: one of

            - a name: see :func:`counterplay.data.names`; ``"hub:NAME"`` for what is in the local
              cache of ``datasets`` (nothing is downloaded); ``"stacked:PATH"`` for three grey
              pictures of PATH on top of each other (Stacked-MNIST); ``"bits:PATH"`` for an
              ``.npz`` file of pictures of two levels, packed eight pixels in a byte;
            - a path: a folder or zip of pictures (sub-folders give classes, ``train``/``val``/
              ``test`` the split; ``x.zip:folder`` or ``x.zip:*_label*`` a part of a zip) or of
              ``.wav`` files (classes by folder, or by a name's part before its first underscore),
              a folder of sheets of tiles with labels in an ``.npz`` file, a ``.npy``, ``.npz``,
              IDX, CSV, Parquet or ``.txt`` file, or a folder of IDX files;
            - an array or tensor: pictures (N, H, W), (N, H, W, C), (N, C, H, W) of uint8 or of
              floats in [0, 1], [-1, 1] or [0, 255]; vectors (N, D) or (N,);
            - ``(x, y)``, or a dict of arrays such as ``{"x_train": …, "y_train": …}``; a data
              frame, a data set of ``datasets``, a law;
            - an iterable of batches (each an array, ``(x, y)`` or a dict), or a function that
              returns a new iterator of them.
        size: side of the pictures, one of :data:`counterplay.data.SIZES`; ``None``: their own when
            networks can build it, else the nearest up to 64.
        labels: ``False`` for none; for tables the name of a column; for arrays the labels
            themselves; ``None``: whatever the data brings.
        drop: names of columns to leave out of a table.
        types: what columns are, as "name=kind", where :mod:`counterplay.data.kinds` errs;
            ``["vector"]`` for numbers that are no mixed columns.
        batch: of ``iter(source)``, checked at once; ``None``: 64, or all of a smaller part.
        seed: seed of the batches of ``iter(source)``. The split does not depend on it.
        cache: folder for large decoded data; ``None``: $COUNTERPLAY_CACHE, else the platform's.
        length: steps of a window of sound or text; ``None``: chosen from the data.

    Raises:
        UserError: in one line, when there is nothing to learn from.
    """
    if size is not None:
        check_size(size)
    dropped = (drop,) if isinstance(drop, str) else tuple(drop)
    asked = Asked(size, labels, dropped, None if cache is None else Path(cache), tuple(types))
    source = _read(what, replace(asked, length=length))
    if length is not None and source.domain.kind != "sequence":
        raise UserError(
            f"'{source.name}' is neither sound nor text, which a length of {length} cuts: leave "
            "--recipe and --data.length out, and a recipe that fits is chosen"
        )
    if batch is not None:
        source.check_batch(batch)
    return replace(source, batch=batch or min(64, source.splits["train"]), seed=seed)


def _read(what: Any, asked: Asked) -> Source:
    if isinstance(what, str | Path):
        return _read_text(str(what), asked)
    reader = next((read for fits, read in _TABLE if fits(what)), None)
    if reader is None:
        raise UserError(f"{what!r:.60} cannot be loaded: {_KINDS} is needed")
    return reader(what, asked)


def _read_text(text: str, asked: Asked) -> Source:
    from counterplay.data.audio import is_sequence
    from counterplay.data.paths import place, read_path

    name = text.lower().replace("_", "-")
    if name in LAWS:
        from counterplay.data.drawn import named_law

        return named_law(_plain(name, asked))
    if name in TABLES:
        from counterplay.data.embedded import read_embedded

        return _stored(read_embedded(name, asked), name)
    if name in DRAWN:
        from counterplay.data.mixed import read_sources
        from counterplay.data.shapes import read_shapes

        return _stored({"shapes": read_shapes, "sources": read_sources}[name](asked), name)
    if text.startswith(STACKED):
        from counterplay.data.stacked import stack

        return stack(_read_text(text.removeprefix(STACKED), asked), text)
    if text.startswith(BITS):
        from counterplay.data.bits import read_bits

        return _stored(read_bits(Path(text.removeprefix(BITS)), asked), Path(text).name)
    if text.startswith("hub:"):
        from counterplay.data.hub import open_name, read_hub

        return _stored(read_hub(open_name(text[4:]), asked, text), text)
    if is_sequence(*place(text)):
        from counterplay.data.sequences import read_sequences

        return read_sequences(*place(text), asked)
    return _stored(read_path(text, asked), Path(text).name or text)


def _plain(name: str, asked: Asked) -> str:
    """Return the name of a law, of which nothing can be asked."""
    if asked.size is not None or asked.drop or asked.labels not in (None, False):
        raise UserError(f"'{name}' is an exact law of points: size, labels and drop do not fit it")
    return name


def _stored(examples: Examples, name: str) -> Source:
    from counterplay.data.stored import from_examples

    return from_examples(examples, name)


def _read_array(what: Any, asked: Asked) -> Source:
    from counterplay.data.arrays import Part, as_numpy, read_parts

    return _stored(read_parts([Part(as_numpy(what))], asked, what="the array"), "array")


def _read_pair(what: tuple[Any, Any], asked: Asked) -> Source:
    from counterplay.data.arrays import Part, as_numpy, read_parts

    x, y = what
    part = Part(as_numpy(x), None if y is None else as_numpy(y))
    return _stored(read_parts([part], asked, what="the arrays (x, y)"), "array")


def _read_dict(what: Mapping[str, Any], asked: Asked) -> Source:
    from counterplay.data.arrays import as_numpy, by_names, read_parts
    from counterplay.data.rows import from_array

    arrays = {str(name): from_array(as_numpy(values)) for name, values in what.items()}
    parts, notes = by_names(arrays)
    found = read_parts(parts, asked, what="the dict")
    return _stored(replace(found, notes=(*notes, *found.notes)), "dict")


def _read_frame(what: Any, asked: Asked) -> Source:
    from counterplay.data.tables import read_frame

    return _stored(read_frame(what, asked), "table")


def _read_hub(what: Any, asked: Asked) -> Source:
    from counterplay.data.hub import read_hub

    return _stored(read_hub(what, asked), "data set")


def _read_batches(what: Any, asked: Asked) -> Source:
    from counterplay.data.streamed import from_batches

    if isinstance(asked.labels, str) or asked.drop:
        raise UserError("labels= and drop= name columns, an iterable of batches has none")
    return from_batches(what, asked, "batches")


def _read_law(what: Any, asked: Asked) -> Source:
    from counterplay.data.drawn import from_law

    return from_law(what, _plain(type(what).__name__, asked) and None)


def _is_hub(what: Any) -> bool:
    from counterplay.data.hub import is_hub

    return is_hub(what)


def _is_array(what: Any) -> bool:
    # A tensor is known by its manner, so that an array in numpy does without torch.
    return isinstance(what, np.ndarray) or (hasattr(what, "detach") and hasattr(what, "dtype"))


def _is_pair(what: Any) -> bool:
    """Return whether ``what`` is (x, y): examples, and one label for each."""
    if not (isinstance(what, tuple) and len(what) == 2):
        return False
    x, y = (
        getattr(values, "shape", (len(values),) if isinstance(values, Sequence) else ())
        for values in what
    )
    return what[1] is None or (len(x) >= 1 and len(y) in (1, 2) and x[:1] == y[:1])


def _is_numbers(what: Any) -> bool:
    """Return whether ``what`` is nested lists of numbers."""
    while isinstance(what, list | tuple) and what:
        what = what[0]
    return isinstance(what, int | float)


# In this order: the first that fits reads.
_TABLE: tuple[tuple[Callable[[Any], bool], Callable[[Any, Asked], Source]], ...] = (
    (_is_array, _read_array),
    (_is_pair, _read_pair),
    (lambda what: hasattr(what, "iloc") and hasattr(what, "columns"), _read_frame),
    (_is_hub, _read_hub),
    (lambda what: isinstance(what, Mapping), _read_dict),
    (_is_numbers, _read_array),
    (lambda what: hasattr(what, "sample") and not isinstance(what, Iterable), _read_law),
    (lambda what: isinstance(what, Iterable) or callable(what), _read_batches),
)
