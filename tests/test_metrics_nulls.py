"""Equal laws are called different in at most 5 % of 200 trials by each metric with an interval."""

from __future__ import annotations

import json

import pytest

from benchmarks.nulls import FIGURES, FIRST, PAIRS, TRIALS, called
from counterplay.metrics.further import FURTHER
from counterplay.metrics.measured import difference

KEPT = json.loads(FIGURES.read_text())


def test_no_metric_calls_equal_laws_different_more_often_than_promised():
    assert {name: len(each) for name, each in KEPT.items() if len(each) > 0.05 * TRIALS} == {}
    assert FURTHER.keys() <= KEPT.keys()
    usual = "frechet kid sliced precision recall density coverage authenticity confident class_kl"
    tables = "ks tv correlation contingency utility detection/boosting nearest closer_to_training"
    assert {*usual.split(), *tables.split(), "modes", "high_quality"} <= KEPT.keys()


@pytest.mark.parametrize("name", sorted(PAIRS.keys() - {"c2st_network"}))
def test_the_first_trials_come_out_as_they_did(name):
    now = called(PAIRS[name], range(FIRST))
    for metric, trials in now.items():
        then = [trial for trial in KEPT[metric] if trial < FIRST]
        # Another processor rounds otherwise: a trial on the edge may turn.
        assert len(set(trials) ^ set(then)) <= 1, metric


def test_intervals_at_95_percent_alone_would_call_one_pair_in_twenty_different():
    """The broken twin: of shares, whose intervals are neither too wide nor too narrow."""
    apart = 0
    for trial in range(TRIALS):
        one, two = PAIRS["usual"](trial)
        low, high = difference(one["authenticity"], two["authenticity"])
        apart += low > 0 or high < 0
    assert apart > 0.03 * TRIALS
    assert apart > 2 * len(KEPT["authenticity"])
