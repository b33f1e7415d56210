"""What a classifier says of samples: its extremes, its null values, and the empty score."""

from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics import class_counts, class_kl, classifier_score, confident
from counterplay.metrics.intervals import wilson


def certain(classes: torch.Tensor, k: int = 10) -> torch.Tensor:
    return functional.one_hot(classes, k).float()


def test_the_score_is_k_when_perfect_and_1_when_collapsed_or_undecided():
    perfect, (_, high) = classifier_score(certain(torch.arange(1000) % 10))
    assert perfect == pytest.approx(10)
    assert high <= 10
    assert classifier_score(certain(torch.zeros(1000, dtype=torch.long)))[0] == pytest.approx(1)
    assert classifier_score(torch.full((1000, 10), 0.1))[0] == pytest.approx(1)


def test_trap_40_the_score_of_one_sample_is_refused_because_it_is_always_1():
    any_row = torch.rand(1, 10, generator=generator("row")).softmax(1)
    by_formula = (any_row * (any_row / any_row.mean(0)).log()).sum(1).mean().exp()
    assert float(by_formula) == 1
    with pytest.raises(UserError, match="at 1 sample it is always 1"):
        classifier_score(any_row)
    with pytest.raises(UserError, match="at least 100"):
        classifier_score(certain(torch.arange(99) % 10))


def test_the_interval_of_the_score_is_its_spread():
    rng = generator("score")
    found = [
        classifier_score((3 * torch.randn(500, 5, generator=rng)).softmax(1)) for _ in range(80)
    ]
    spread = float(torch.tensor([value for value, _ in found]).log().std())
    widths = [math.log(high / low) / 2 / 1.96 for _, (low, high) in found]
    assert sum(widths) / len(widths) == pytest.approx(spread, rel=0.3)


def test_confidence_counts_what_is_above_the_threshold():
    rows = torch.tensor([[0.95, 0.05], [0.9, 0.1], [0.08, 0.92], [0.5, 0.5]])
    assert confident(rows).tolist() == [True, False, True, False]
    assert class_counts(rows).tolist() == [3, 1]


def test_divergence_of_equal_laws_is_not_zero_and_a_missing_class_is_not_infinite():
    rng, k, n, m = generator("kl"), 10, 2000, 3000
    values = []
    for _ in range(200):
        made, data = (torch.bincount(torch.randint(k, (c,), generator=rng)) for c in (n, m))
        values.append(class_kl(made, data))
    seen = torch.tensor(values)
    assert float(seen[:, 0].mean()) == pytest.approx((k - 1) / 2 * (1 / n + 1 / m), rel=0.15)
    assert float(seen[:, 1].mean() / seen[:, 0].std()) == pytest.approx(1.4, abs=0.5)
    half = torch.tensor([200] * 5 + [0] * 5)
    assert class_kl(half, torch.full((10,), 100)).value == pytest.approx(math.log(2), abs=0.03)
    assert math.isfinite(class_kl(torch.full((10,), 100), half).value)


def test_wilson_covers_the_truth_as_often_as_it_says():
    rng = generator("wilson")
    for share in (0.02, 0.5, 0.97):
        drawn = (torch.rand(4000, 100, generator=rng) < share).float().mean(1)
        hits = [low <= share <= high for low, high in (wilson(float(x), 100) for x in drawn)]
        assert sum(hits) / len(hits) == pytest.approx(0.95, abs=0.03)
    assert wilson(0.0, 50)[0] == 0
    assert wilson(1.0, 50)[1] == 1
