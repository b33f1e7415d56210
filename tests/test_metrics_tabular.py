"""Metrics of tables: the values of Synthetic Data Metrics, laws, and what each of them sees."""

from __future__ import annotations

import numpy as np
import pytest

from counterplay.errors import UserError
from counterplay.metrics import tabular_figures
from counterplay.metrics.tabular import (
    category_similarity,
    contingency,
    contingency_similarity,
    correlation_similarity,
    kolmogorov_smirnov,
    number_similarity,
    total_variation,
)
from counterplay.metrics.tabular_figures import tabular
from counterplay.metrics.tabular_models import auc_error, detection, utility
from counterplay.metrics.tabular_nearest import (
    closer_to_training,
    copies,
    record_distance,
    records,
)

NOMINAL = (False, False, True, True)


def recorded():
    """The two tables of which values of SDMetrics 0.32 were recorded: 300 and 250 rows."""
    rng = np.random.default_rng(0)

    def table(n, shift):
        a = np.round(rng.normal(shift, 1, n), 2)
        b = np.round(a * 0.5 + rng.normal(0, 1 + shift, n), 2)
        c = rng.choice([0, 1, 2], n, p=[0.3, 0.3, 0.4] if shift else [0.5, 0.3, 0.2])
        d = np.where(a + rng.normal(0, 0.5, n) > 0, 0, 1)
        return np.stack([a, b, c, d], 1).astype(np.float64)

    return table(300, 0.0), table(250, 0.3)


def drawn(n, seed, apart=0.0):
    rng = np.random.default_rng(seed)
    a = rng.normal(size=n)
    b = a + rng.normal(size=n) * 0.5
    c = rng.integers(3, size=n)
    d = (a + rng.normal(size=n) * 0.5 > apart).astype(float)
    rows = np.stack([a, b, c, d], 1)
    rows[rng.random(n) < 0.1, 1] = np.nan
    return rows


def test_the_values_of_sdmetrics():
    real, made = recorded()
    found = [1 - kolmogorov_smirnov(real[:, i], made[:, i]) for i in (0, 1)]
    assert found == pytest.approx([0.814, 0.88], abs=1e-9)
    found = [1 - total_variation(real[:, i], made[:, i]) for i in (2, 3)]
    assert found == pytest.approx([0.8613333333, 0.852], abs=1e-9)
    assert correlation_similarity(real, made, NOMINAL).value == pytest.approx(
        0.9591110385, abs=1e-9
    )
    assert 1 - contingency(real[:, 2:], made[:, 2:]) == pytest.approx(0.8413333333, abs=1e-9)
    assert number_similarity(real, made, NOMINAL).value == pytest.approx(0.847, abs=1e-9)
    assert category_similarity(real, made, NOMINAL).value == pytest.approx(0.8566666667, abs=1e-9)
    first = [0.0044904537, 0.0044498382, 0.0036261552, 0.0093594442, 0.0091644897, 0.0471887550]
    near = records(made, real, NOMINAL)
    assert near[:6].tolist() == pytest.approx(first, abs=1e-6)
    assert float(near.double().quantile(0.5)) == pytest.approx(0.01115790, abs=1e-6)


def test_distances_of_records_by_hand():
    train = np.array([[0.0, 0.0, 0.0], [10.0, 1.0, 1.0], [5.0, np.nan, np.nan]])
    rows = np.array([[5.0, 0.0, 0.0], [5.0, np.nan, np.nan], [0.0, 1.0, np.nan], [30.0, 1.0, 1.0]])
    found = records(rows, train, (False, False, True))
    assert found.tolist() == pytest.approx([0.5 / 3, 0.0, 1.5 / 3, 2 / 3], abs=1e-6)
    many, few = drawn(70, 0), drawn(5, 1)
    wide = np.nanmax(many, 0) - np.nanmin(many, 0)
    for row, found in zip(few, records(few, many, NOMINAL), strict=True):
        apart = np.minimum(np.abs(many - row)[:, :2] / wide[:2], 1)
        one_gone = np.isnan(many[:, 1]) != np.isnan(row[1])
        apart[:, 1] = np.where(one_gone, 1.0, np.nan_to_num(apart[:, 1]))
        by_hand = apart.sum(1) + (many[:, 2:] != row[2:]).sum(1)
        assert float(found) == pytest.approx(by_hand.min() / 4, abs=1e-5)


def test_equal_laws_are_alike_and_others_are_not():
    one, two, other = drawn(1500, 0), drawn(1500, 1), drawn(1500, 2)
    rng = np.random.default_rng(0)
    apart = np.stack([rng.permutation(column) for column in other.T], 1)  # the marginals alone
    for measure, floor in ((number_similarity, 0.95), (category_similarity, 0.96)):
        assert measure(one, two, NOMINAL).value > floor
        assert measure(one, apart, NOMINAL).value > floor
    for measure in (correlation_similarity, contingency_similarity):
        same, broken = measure(one, two, NOMINAL), measure(one, apart, NOMINAL)
        assert same.value > 0.93
        assert broken.interval[1] < same.interval[0]


def test_detection_is_a_coin_on_equal_laws_and_sees_lost_dependence():
    one, two, other = drawn(600, 0), drawn(600, 1), drawn(600, 2)
    rng = np.random.default_rng(0)
    apart = np.stack([rng.permutation(column) for column in other.T], 1)
    found = detection(one, two, NOMINAL)
    assert found.interval[0] - 0.03 < 0.5 < found.interval[1] + 0.03
    assert detection(one, apart, NOMINAL).value > 0.8
    # Each column by itself is as it should be: a linear classifier sees nothing.
    assert detection(one, apart, NOMINAL, classifier="logistic").value < 0.6
    moved = one + np.array([3.0, 0, 0, 0])
    assert detection(two, moved, NOMINAL, classifier="logistic").value > 0.95


def test_utility_is_real_rows_for_equal_laws_and_nothing_without_dependence():
    held, train, other = drawn(600, 0), drawn(600, 1), drawn(600, 2)
    rng = np.random.default_rng(0)
    apart = np.stack([rng.permutation(column) for column in other.T], 1)
    for target, good in ((3, 0.9), (0, 0.5)):
        assert utility(held, train, NOMINAL, target=target).value > good
        assert utility(held, apart, NOMINAL, target=target).value < good - 0.3
    alone = train.copy()
    alone[:, 3] = 1.0
    assert utility(held, alone, NOMINAL, target=3).value == 0.5


def test_a_column_of_nothing_but_missing_values_teaches_nothing():
    held, train = drawn(200, 0), drawn(200, 1)
    empty = [np.concatenate([x, np.full((200, 1), np.nan)], 1) for x in (held, train)]
    wide = (*NOMINAL, False)
    for target in (0, 3):
        plain = utility(held, train, NOMINAL, target=target).value
        assert utility(empty[0], empty[1], wide, target=target).value == plain
    assert detection(*empty, wide).value == detection(held, train, NOMINAL).value
    known = empty[1].copy()
    known[:, 4] = 1.0
    assert detection(empty[0], known, wide).value == 1
    lost = train.copy()
    lost[:, 3] = np.nan
    assert utility(held, lost, NOMINAL, target=3).value == 0.5
    found = tabular(empty[1], empty[1], empty[0], wide, target=4, split="test", ema=False)
    assert "utility" not in found
    assert "detection/boosting" in found


def test_copies_are_seen():
    train, held, fresh = drawn(800, 0), drawn(800, 1), drawn(800, 2)
    assert copies(train, train, NOMINAL).value == 1
    assert copies(train, fresh, NOMINAL).value == 0
    low, high = closer_to_training(train, held, fresh, NOMINAL).interval
    assert low < 0.5 < high
    assert closer_to_training(train, held, train, NOMINAL).value > 0.99
    near = record_distance(train, fresh, NOMINAL), record_distance(train, held, NOMINAL)
    assert near[0].interval[0] < near[1].value < near[0].interval[1]
    assert record_distance(train, train, NOMINAL).value == 0


def test_the_error_of_an_area_is_its_spread():
    rng = np.random.default_rng(0)
    areas = []
    for _ in range(400):
        a, b = rng.normal(size=60), rng.normal(1, 1, size=60)
        areas.append((a[:, None] < b).mean())
    assert auc_error(float(np.mean(areas)), 60, 60) == pytest.approx(np.std(areas), rel=0.2)


def test_all_figures_of_a_table_beside_real_ones():
    train, held, made = drawn(400, 0), drawn(200, 1), drawn(200, 2)
    found = tabular(made, train, held, NOMINAL, target=3, split="test", ema=False)
    assert {"ks", "tv", "correlation", "contingency", "utility", "nearest"} <= set(found)
    assert {"detection/logistic", "detection/boosting", "closer_to_training"} <= set(found)
    for entry in found.values():
        assert entry["interval"][0] <= entry["value"] <= entry["interval"][1]
        assert entry["n_generated"] == 200


def test_the_stand_in_of_a_sorted_table_is_a_sample_of_it():
    train, held = drawn(400, 0), drawn(200, 1)
    train = train[train[:, 0].argsort()]
    found = tabular(held, train, held, NOMINAL, target=3, split="test", ema=False, only=("ks",))
    assert set(found) == {"ks"}
    assert found["ks"]["reference"] > 0.85
    assert number_similarity(train[:200], held, NOMINAL).value < 0.75  # the first rows of the file


def test_a_copy_of_any_training_row_is_seen(monkeypatch):
    monkeypatch.setattr(tabular_figures, "SEEN", 50)
    train, held = drawn(400, 0), drawn(200, 1)
    only = ("copies",)
    for made, share in ((train[200:], 1.0), (drawn(200, 2), 0.0)):
        found = tabular(made, train, held, NOMINAL, target=3, split="test", ema=False, only=only)
        assert found["copies"]["value"] == share


def test_tables_that_cannot_be_compared():
    one = drawn(30, 0)
    with pytest.raises(UserError, match="compare the same columns"):
        number_similarity(one, one[:, :2], NOMINAL)
    with pytest.raises(UserError, match="it takes 1 of each"):
        records(one[:0], one, NOMINAL)
    with pytest.raises(UserError, match="columns of categories takes 1 or more"):
        category_similarity(one, one, (False,) * 4)
    with pytest.raises(UserError, match="it takes 20"):
        detection(one[:10], one[:10], NOMINAL)


def test_a_hole_on_one_side_alone_and_unseen_categories_are_measured():
    train, nominal = np.array([[0.0, 0, 1], [1.0, 1, 0], [0.5, 1, 1]]), (False, True, True)
    holed = np.array([[np.nan, 0.0, 1.0], [0.0, 0.0, 1.0]])
    assert records(holed, train, nominal).tolist() == pytest.approx([1 / 3, 0.0])
    # A category that no training row has is as far as any other, in whichever row it comes first.
    unseen = np.array([[0.0, 7.0, 1.0], [1.0, 1.0, 0.0]])
    for rows in (unseen, unseen[::-1]):
        assert sorted(records(rows, train, nominal).tolist()) == pytest.approx([0.0, 1 / 3])
    assert records(unseen, unseen, nominal).tolist() == [0.0, 0.0]


def test_a_number_that_no_real_row_has_is_cut_into_there_and_not():
    real, made = drawn(40, 0), drawn(40, 1)
    real[:, 0] = np.nan
    made[:, 0] = 1.7e9 * np.arange(40) - 5e9
    found = contingency_similarity(real, made, NOMINAL)
    assert 0.0 <= found.value <= 1.0


def test_a_class_that_is_never_made_is_told_from_no_other():
    rng = np.random.default_rng(0)
    y = rng.integers(3, size=600).astype(float)
    x = np.where(y == 0, 0.0, 1.0) + rng.normal(0, 0.3, 600)  # classes 1 and 2 look alike
    rows, nominal = np.stack([x, y], 1), (False, True)
    whole = utility(rows[:300], rows[300:], nominal, 1).value
    lacking = rows[300:][rows[300:, 1] != 2]
    assert utility(rows[:300], lacking, nominal, 1).value < whole
