"""All figures of a generated table, each beside that of real rows in its place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

import numpy as np

from counterplay.metrics import tabular as columns
from counterplay.metrics.measured import Measured
from counterplay.metrics.tabular import Rows
from counterplay.metrics.tabular_models import CLASSIFIERS, detection, utility
from counterplay.metrics.tabular_nearest import closer_to_training, copies, record_distance

__all__ = ["tabular"]

SEEN = 20_000
"""Training rows, at most, among which the nearest is looked for; copies, among all."""

Measure = Callable[[Rows], Measured]


def tabular(
    generated: Rows,
    train: Rows,
    held: Rows,
    nominal: Sequence[bool],
    *,
    target: int,
    split: str,
    ema: bool,
    seed: int = 0,
    only: Collection[str] = (),
) -> dict[str, dict[str, Any]]:
    """Return the entries of a table's figures, in the form of ``evaluate``.

    The reference has training rows in the place of generated ones, as many; where nearness to the
    training rows is measured, held-out rows.

    Args:
        generated: float64 (N, C), see :mod:`counterplay.metrics.tabular`.
        train: the rows that were trained on.
        held: rows that were not.
        nominal: which columns are categories.
        target: the column that is predicted where utility is measured.
        split: what the held-out part is called.
        ema: whether the networks are averaged ones.
        seed: of choices.
        only: names of the figures to measure; all when empty.
    """
    # Files come in some order, so that the first rows are no sample of all.
    mixed = train[np.random.default_rng(seed).permutation(len(train))]
    seen = mixed[:SEEN]
    alike = _alike(held, nominal, target, seed)
    near = {
        "nearest": partial(_against, record_distance, seen, nominal, seed),
        "copies": partial(_against, copies, train, nominal, seed),
    }
    pairs = [(name, measure, mixed[: len(generated)]) for name, measure in alike.items()]
    pairs += [(name, measure, held) for name, measure in near.items()]
    sizes = {"n_generated": len(generated), "split": split, "ema": bool(ema)}
    found = {
        name: _entry(measure(generated), measure(stand_in).value, len(held), sizes)
        for name, measure, stand_in in pairs
        if not only or name in only
    }
    if only and "closer_to_training" not in only:
        return found
    # Of held-out rows themselves it is known without measuring: ½.
    closer = closer_to_training(seen, held, generated, nominal, seed)
    return found | {"closer_to_training": _entry(closer, 0.5, len(held), sizes)}


def _alike(held: Rows, nominal: Sequence[bool], target: int, seed: int) -> dict[str, Measure]:
    numbers, categories = nominal.count(False), sum(map(bool, nominal))  # type: ignore
    found: dict[str, tuple[bool, Callable[..., Measured]]] = {
        "ks": (numbers > 0, columns.number_similarity),
        "tv": (categories > 0, columns.category_similarity),
        "correlation": (numbers > 1, columns.correlation_similarity),
        "contingency": (numbers + categories > 1, columns.contingency_similarity),
        "utility": (
            numbers + categories > 1 and int((~np.isnan(held[:, target])).sum()) > 1,
            partial(utility, target=target),
        ),
        **{
            f"detection/{name}": (len(held) >= 20, partial(detection, classifier=name))
            for name in CLASSIFIERS
        },
    }
    return {
        name: partial(_against, measure, held, nominal, seed)
        for name, (fits, measure) in found.items()
        if fits
    }


def _against(
    measure: Callable[..., Measured], real: Rows, nominal: Sequence[bool], seed: int, rows: Rows
) -> Measured:
    return measure(real, rows, nominal, seed)


def _entry(found: Measured, reference: float, n_real: int, sizes: dict[str, Any]) -> dict[str, Any]:
    low, high = found.interval
    return {
        "value": float(found.value),
        "reference": float(reference),
        "interval": [float(low), float(high)],
        "n_real": n_real,
        "features": "columns",
        **sizes,
    }
