"""What is measured of tables of mixed columns, and of their twin, whose columns are independent.

The twin takes each column from training rows in an order of its own: every marginal is the data's,
and nothing of how columns go together. It is what a figure has to beat to say anything.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from counterplay.recipes.measuring import Bench
    from counterplay.recipes.session import Outcome

__all__ = ["POWERS", "independent"]

FIGURES = (
    "utility",
    "detection/boosting",
    "detection/logistic",
    "contingency",
    "correlation",
    "copies",
    "closer_to_training",
)
"""The figures of :func:`counterplay.metrics.tabular_figures.tabular` that are promised."""


def independent(rows: np.ndarray, n: int, seed: int) -> np.ndarray:
    """Return ``n`` rows with the marginals of ``rows`` (N, C) and independent columns, (n, C).

    Args:
        rows: n of them at least.
        n: how many.
        seed: of the orders.
    """
    import numpy as np

    rng = np.random.default_rng(seed)
    return np.stack([column[rng.permutation(len(column))[:n]] for column in rows.T], 1)


def _decoded(on: Bench, x: Any) -> np.ndarray:
    table: Any = on.source.domain
    kept = [i for i, column in enumerate(table.columns) if column.kind != "id"]
    return table.decode(x).cpu().numpy()[:, kept]


def _generated(outcome: Outcome, on: Bench) -> np.ndarray:
    x, _ = outcome.sampler.encoded(on.prepared.n, seed=outcome.plan.recipe.seed + 1)
    return _decoded(on, x)


def _twin(outcome: Outcome, on: Bench) -> np.ndarray:
    return independent(_decoded(on, on.train), on.prepared.n, outcome.plan.recipe.seed + 1)


def _figure(
    name: str, made: Callable[[Outcome, Bench], np.ndarray], outcome: Outcome, on: Bench
) -> dict[str, float]:
    from counterplay.metrics.tabular_figures import tabular

    table: Any = on.source.domain
    columns = [column for column in table.columns if column.kind != "id"]
    found = tabular(
        made(outcome, on),
        _decoded(on, on.train),
        _decoded(on, on.test),
        [column.nominal for column in columns],
        target=[column.name for column in columns].index(table.target),
        split=on.prepared.split,
        ema=outcome.plan.recipe.ema > 0,
        only=(name,),
    )[name]
    return {"value": found["value"], "reference": found["reference"]}


POWERS: dict[str, Callable[[Outcome, Bench], dict[str, float]]] = {
    f"{where}/{name}": partial(_figure, name, made)
    for where, made in (("columns", _generated), ("independent", _twin))
    for name in FIGURES
}
"""Each figure of generated rows, and of their twin."""
