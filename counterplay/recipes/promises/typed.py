"""What games on tables of mixed columns promise: to be told from real rows with pains, and used.

Each bound lies between real rows, which stand beside it, and the twin: rows of independent columns,
drawn from the same marginals and measured in the same way. What misses how columns go together has
the twin's figures, and fails.
"""

from __future__ import annotations

from counterplay.recipes.promises.reproduction import Reproduction
from counterplay.recipes.schema import Promise

__all__ = ["PROMISES"]

ADULT = "../shared/data/adult/adult.data.gz"
CALIFORNIA = "../shared/data/california-housing/housing.csv.gz"

NOTE = (
    "five minutes of two cores; independent/...: training rows with each column in an order of its "
    "own, a broken twin"
)
UTILITY = "real rows predicted by a model that learnt from generated ones"
DETECTION = "area under the curve of a boosted classifier of generated rows, 0.5 is ideal"
CONTINGENCY = "1 less the total variation of the joint shares of pairs of columns"
CORRELATION = "1 less half the difference of correlations of pairs of numbers"
COPIES = "share of rows that are a training row to the last cell"
CLOSER = "share of rows nearer to a training row than to a held-out one, 0.5 is ideal"


def _bounds(
    utility: float, detection: float, contingency: float, correlation: float
) -> tuple[Promise, ...]:
    return (
        Promise("columns/utility", UTILITY, utility),
        Promise("columns/detection/boosting", DETECTION, None, detection),
        Promise("columns/contingency", CONTINGENCY, contingency),
        Promise("columns/correlation", CORRELATION, correlation),
        Promise("columns/copies", COPIES, None, 0.01),
        Promise("columns/closer_to_training", CLOSER, None, 0.55),
    )


def _twin(
    utility: float, detection: float, contingency: float, correlation: float
) -> tuple[Promise, ...]:
    return (
        Promise(
            "independent/utility", f"the same of independent columns: {UTILITY}", None, utility
        ),
        Promise("independent/detection/boosting", "likewise, the area", detection),
        Promise("independent/contingency", "likewise, pairs of columns", None, contingency),
        Promise("independent/correlation", "likewise, correlations", None, correlation),
    )


def _adult(system: str, recipe: str, *bounds: float) -> Reproduction:
    return Reproduction(
        system=f"{system}, census of 1994 (Adult)",
        recipe=recipe,
        data=ADULT,
        promises=(*_bounds(*bounds), *_twin(0.6, 0.95, 0.91, 0.975)),
        seconds=480.0,
        note=NOTE,
    )


PROMISES: dict[str, Reproduction] = {
    "mixed-adult": _adult("Column after column", "mixed", 0.88, 0.75, 0.93, 0.98),
    "vae-mixed-adult": _adult("Variational auto-encoder", "vae-mixed", 0.85, 0.9, 0.915, 0.975),
    "flow-mixed-adult": _adult("Spline flow", "flow-mixed", 0.85, 0.9, 0.915, 0.975),
    "gan-mixed-adult": _adult("WGAN-GP on packs", "gan-mixed-5min", 0.8, 0.95, 0.91, 0.975),
    "mixed-california": Reproduction(
        system="Column after column, houses of California",
        recipe="mixed",
        data=CALIFORNIA,
        promises=(*_bounds(0.9, 0.85, 0.83, 0.93), *_twin(0.6, 0.95, 0.8, 0.9)),
        seconds=480.0,
        note=NOTE,
    ),
}
