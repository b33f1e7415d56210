r"""What classifiers make of generated tables: can they be told apart, and can one learn from them?

Tables as in :mod:`counterplay.metrics.tabular`. *Detection* is the area under the curve (AUC) of a
classifier of real against generated rows, on rows it was not trained on: ½ where it learns nothing,
1 where it always knows. *Utility* trains a model on generated rows to predict one column from the
others and tests it on real held-out rows: the AUC of a category (one against the rest, by how often
each is), :math:`R^2` of a number. Its reference is the same model trained on as many real rows.

Modeling Tabular data using Conditional GAN (Xu et al. 2019, arXiv 1907.00503), section 5; the
interval of an AUC: The meaning and use of the area under a ROC curve (Hanley and McNeil, 1982).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from counterplay.errors import UserError
from counterplay.metrics.intervals import around
from counterplay.metrics.measured import Measured
from counterplay.metrics.tabular import Rows, check_tables

__all__ = ["CLASSIFIERS", "auc_error", "detection", "utility"]

ROWS = 4000
"""Rows of each kind, at most, that a classifier is shown."""


def _boosting(nominal: Sequence[bool], seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(max_iter=60, max_leaf_nodes=15, random_state=seed)


def _squarable(x: Rows) -> Rows:
    """Return numbers whose squares can be summed up: 1e308 stands for a missing value in places."""
    return np.clip(x, -1e140, 1e140)


def _logistic(nominal: Sequence[bool], seed: int) -> Any:
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

    categories = [i for i, category in enumerate(nominal) if category]
    numbers = [i for i, category in enumerate(nominal) if not category]
    filled = make_pipeline(
        FunctionTransformer(_squarable),
        SimpleImputer(add_indicator=True, keep_empty_features=True),
        StandardScaler(),
    )
    parts = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), categories), (filled, numbers)
    )
    return make_pipeline(parts, LogisticRegression(max_iter=300))


CLASSIFIERS: dict[str, Callable[[Sequence[bool], int], Any]] = {
    "logistic": _logistic,
    "boosting": _boosting,
}
"""Name -> (nominal, seed) -> a classifier as scikit-learn has them."""


def detection(
    real: Rows,
    generated: Rows,
    nominal: Sequence[bool],
    seed: int = 0,
    classifier: str = "boosting",
) -> Measured:
    """Return the AUC of telling generated rows from real ones, of two halves by each other.

    Raises:
        UserError: when the tables differ in columns, or have fewer than 20 rows.
    """
    from sklearn.metrics import roc_auc_score

    check_tables(real, generated, nominal)
    n = min(len(real), len(generated), ROWS)
    if n < 20:
        raise UserError(f"tables of {n} rows are too short to be told apart: it takes 20")
    rng = np.random.default_rng(seed)
    rows = np.concatenate([x[rng.permutation(len(x))[:n]] for x in (real, generated)])
    kind = np.repeat([0, 1], n)
    half = np.arange(2 * n) % 2 == 0
    scores = np.empty(2 * n)
    for held in (half, ~half):
        fitted = CLASSIFIERS[classifier](nominal, seed).fit(_filled(rows[~held]), kind[~held])
        scores[held] = fitted.predict_proba(rows[held])[:, 1]
    areas = [float(roc_auc_score(kind[h], scores[h])) for h in (half, ~half)]
    value = sum(areas) / 2
    # Each half's model was trained on the other half: the areas are not independent, and their mean
    # is no surer than one of them is taken for.
    return Measured(value, _within(value, auc_error(value, n // 2, n // 2)), 0.5)


def _filled(x: Rows) -> Rows:
    """Return rows with nought in columns of which nothing is known: trees want one value at least.

    No tree is cut by such a column, so that what later rows hold in it makes no difference.
    """
    return np.where(np.isnan(x).all(0), 0.0, x)


def auc_error(area: float, n: int, m: int) -> float:
    """Return the standard error of an AUC of n against m (Hanley and McNeil, 1982)."""
    q1, q2 = area / (2 - area), 2 * area * area / (1 + area)
    square = area * (1 - area) + (n - 1) * (q1 - area**2) + (m - 1) * (q2 - area**2)
    return math.sqrt(max(0.0, square) / (n * m))


def _within(value: float, error: float) -> tuple[float, float]:
    low, high = around(value, error, 0.0)
    return low, min(1.0, high)


def utility(
    held: Rows, generated: Rows, nominal: Sequence[bool], seed: int = 0, target: int = -1
) -> Measured:
    """Return how well a model trained on ``generated`` predicts column ``target`` of ``held``.

    Raises:
        UserError: when the tables differ in columns, the target is the only one or missing.
    """
    check_tables(held, generated, nominal)
    if len(nominal) < 2:
        raise UserError("one column alone is predicted from nothing; it takes 2")
    target %= len(nominal)
    train, test = (x[~np.isnan(x[:, target])] for x in (generated, held))
    if len(test) < 2:
        raise UserError(f"column {target} is there in {len(test)} real rows; it takes 2 to predict")
    if len(train) < 2:  # nothing is learnt from nothing
        least = 0.5 if nominal[target] else 0.0
        return Measured(least, (least, least))
    x, y = _filled(np.delete(train, target, 1)), train[:, target]
    seen, truth = np.delete(test, target, 1), test[:, target]
    if nominal[target]:
        return _classified(x, y, seen, truth, seed)
    return _regressed(x, y, seen, truth, seed)


def _classified(x: Rows, y: Rows, seen: Rows, truth: Rows, seed: int) -> Measured:
    from sklearn.metrics import roc_auc_score

    if len(np.unique(y)) < 2:
        return Measured(0.5, (0.5, 0.5))  # what knows one class only tells none apart
    fitted = _boosting((), seed).fit(x, y)
    chances = fitted.predict_proba(seen)
    known = {label: chances[:, i] for i, label in enumerate(fitted.classes_)}
    areas, weights, errors = [], [], []
    for label in np.unique(truth):
        own = truth == label
        if not own.all():
            # A class that was never made is told from no other: its chances are all the same.
            areas.append(float(roc_auc_score(own, known.get(label, np.zeros(len(own))))))
            weights.append(int(own.sum()))
            errors.append(auc_error(areas[-1], int(own.sum()), int((~own).sum())))
    if not areas:
        return Measured(0.5, (0.5, 0.5))
    share = np.array(weights) / sum(weights)
    # Areas of one model on one sample go together: their errors add up.
    value, error = float(share @ areas), float(share @ errors)
    return Measured(value, _within(value, error))


def _regressed(x: Rows, y: Rows, seen: Rows, truth: Rows, seed: int) -> Measured:
    from sklearn.ensemble import HistGradientBoostingRegressor

    found = HistGradientBoostingRegressor(max_iter=60, max_leaf_nodes=15, random_state=seed)
    residuals = (found.fit(x, y).predict(seen) - truth) ** 2
    spread = float(((truth - truth.mean()) ** 2).mean()) or 1.0
    error = float(residuals.std(ddof=1)) / math.sqrt(len(truth)) / spread
    value = 1 - float(residuals.mean()) / spread
    return Measured(value, around(value, error))
