"""The evaluation of all metrics: its format, its references, its honesty."""

from __future__ import annotations

import json
import math

import pytest
import torch

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.laws import ring
from counterplay.metrics import (
    HEADER,
    evaluate,
    expected_coverage,
    prepare,
    random_convolution,
    score,
    table,
    text,
)

KEYS = {"value", "reference", "interval", "n_real", "n_generated", "features", "split", "ema"}


def normal(n: int, d: int, *words: object) -> torch.Tensor:
    return torch.randn(n, d, generator=generator("evaluate", *words))


def images(n: int, *words: object) -> torch.Tensor:
    return (normal(n, 64, *words) / 3).reshape(n, 1, 8, 8).clamp(-1, 1)


class Bright:
    """A judge of two classes: dark and bright."""

    name = "bright"
    accuracy = 0.99

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        return x.flatten(1)[:, :6].float()

    def classify(self, x: torch.Tensor) -> torch.Tensor:
        bright = (40 * x.flatten(1).mean(1)).sigmoid()
        return torch.stack([1 - bright, bright], 1)


@pytest.fixture(scope="module")
def vectors() -> dict:
    return evaluate(
        normal(400, 3, "made"), normal(900, 3, "train"), normal(500, 3, "test"), ema=True
    )


def test_every_figure_carries_what_it_was_measured_on(vectors):
    assert set(vectors) == {"metrics", "notes"}
    assert json.loads(json.dumps(vectors, allow_nan=False)) == vectors
    shares = ["precision", "recall", "density", "coverage", "authenticity"]
    names = ["frechet", "kid", "sliced", *shares]
    assert sorted(vectors["metrics"]) == sorted(f"{name}/raw" for name in names)
    for name, entry in vectors["metrics"].items():
        assert set(entry) >= KEYS, name
        assert entry["n_generated"] == 400, name
        assert entry["n_real"] == (900 if name.startswith("authenticity") else 400), name
        assert entry["features"] == "raw"
        assert entry["ema"] is True
        assert entry["split"] == ("train" if name.startswith("authenticity") else "test")
        low, high = entry["interval"]
        assert low <= entry["value"] <= high, name
    assert vectors["metrics"]["frechet/raw"]["floor"] > 0


def test_a_perfect_generator_looks_like_real_against_real(vectors):
    for name, entry in vectors["metrics"].items():
        spread = (entry["interval"][1] - entry["interval"][0]) / 1.96
        assert abs(entry["value"] - entry["reference"]) < 2 * spread, name
    covered = vectors["metrics"]["coverage/raw"]
    assert covered["reference"] == pytest.approx(expected_coverage(400, 400), abs=0.03)


def test_the_reference_is_train_against_test_and_does_not_see_the_samples(vectors):
    train, test = normal(900, 3, "train"), normal(500, 3, "test")
    other = evaluate(normal(400, 3, "other") * 5, train, test, ema=False)
    for name, entry in other["metrics"].items():
        assert entry["reference"] == vectors["metrics"][name]["reference"], name
        assert entry["ema"] is False
    assert other["metrics"]["frechet/raw"]["value"] > 10
    assert other["metrics"]["precision/raw"]["value"] < 0.4


def test_counts_are_equal_and_the_order_of_the_files_does_not_matter():
    train, test = normal(300, 3, "train"), normal(120, 3, "test").sort(0).values
    found = evaluate(normal(999, 3, "made").sort(0).values, train, test, ema=False)
    entry = found["metrics"]["coverage/raw"]
    assert entry["n_real"] == entry["n_generated"] == 120
    assert entry["value"] > 0.5


def test_a_prepared_evaluation_is_the_same_evaluation(vectors):
    prepared = prepare(normal(900, 3, "train"), normal(500, 3, "test"), samples=400)
    assert score(normal(400, 3, "made"), prepared, ema=True) == vectors
    with pytest.raises(UserError, match="prepared for 400"):
        score(normal(399, 3, "made"), prepared, ema=True)


def test_trap_36_the_floor_stands_beside_the_figure(vectors):
    entry = vectors["metrics"]["frechet/raw"]
    assert 0.2 * entry["floor"] < entry["value"] < 4 * entry["floor"]
    assert "floor" in text(vectors)


def test_trap_37_samples_are_measured_as_they_are():
    """Half the contrast is a worse generator: rescaling to the full range would hide it."""
    train, test, made = images(300, "train"), images(300, "test"), images(300, "made")
    features = [random_convolution(1, 8)]
    whole = evaluate(made, train, test, features, ema=False)
    half = evaluate(made / 2, train, test, features, ema=False)
    name = "frechet/convolution"
    assert half["metrics"][name]["value"] > 3 * whole["metrics"][name]["value"]
    assert not [note for note in whole["notes"] if "clipped" in note]
    # What is out of range is clipped, as saving would, and said.
    beyond = evaluate(made * 4, train, test, features, ema=False)
    clipped = evaluate((made * 4).clamp(-1, 1), train, test, features, ema=False)
    assert beyond["metrics"] == clipped["metrics"]
    assert [note for note in beyond["notes"] if "clipped" in note]
    cut = evaluate(made, train, test, features, ema=False, truncation=0.7)
    assert [note for note in cut["notes"] if "truncated (0.7)" in note]


def test_trap_38_copies_are_told():
    train, test = normal(300, 4, "train"), normal(300, 4, "test")
    copied = evaluate(train, train, test, ema=False)
    entry = copied["metrics"]["authenticity/raw"]
    assert entry["value"] == 0
    assert entry["reference"] > 0.3
    assert [note for note in copied["notes"] if "copies" in note]
    honest = evaluate(normal(300, 4, "made"), train, test, ema=False)
    assert not [note for note in honest["notes"] if "copies" in note]


def test_trap_39_every_row_of_the_table_has_real_against_real(vectors):
    rows = table(vectors)
    column = HEADER.index("real vs real")
    assert len(rows) == len(vectors["metrics"])
    assert all(len(row) == len(HEADER) and float(row[column]) < 10 for row in rows)
    lines = text(vectors).splitlines()
    assert lines[0].split()[0] == "metric"
    assert "400 vs 400" in lines[1]
    assert "yes" in lines[1]


def test_a_law_has_its_modes_counted_in_its_own_units():
    law = ring()
    rng = generator("ring")
    train, test, made = (law.sample(n, rng) for n in (3000, 3000, 3000))
    seven = made[made[:, 0] < 1.9]
    found = evaluate(seven / 2, train / 2, test / 2, law=law, decode=lambda x: x * 2, ema=False)
    modes = found["metrics"]["modes"]
    assert (modes["value"], modes["reference"]) == (7, 8)
    assert modes["n_generated"] == modes["n_real"] == modes["scoring"]["samples"] == 2500
    assert modes["scoring"]["std"] == law.std
    quality = found["metrics"]["high_quality"]
    assert quality["value"] == pytest.approx(1 - math.exp(-4.5), abs=0.01)
    assert found["metrics"]["mode_kl"]["value"] == pytest.approx(math.log(8 / 7), abs=0.01)


def test_a_judge_tells_confidence_and_balance_and_agreement():
    train, test = images(400, "train"), images(400, "test")
    made = images(400, "made")
    asked = (made.flatten(1).mean(1) > 0).long()
    wrong = asked.clone()
    wrong[:100] = 1 - wrong[:100]
    found = evaluate(made, train, test, ema=False, judge=Bright(), condition=wrong)["metrics"]
    assert found["agreement"]["value"] == 0.75
    assert found["agreement"]["reference"] == 0.99
    assert found["class_share_min"]["value"] + found["class_share_max"]["value"] == 1
    assert found["confident"]["features"] == "bright"
    assert found["class_kl"]["value"] < 0.05
    assert "coverage/bright" in found
    bright = evaluate(made.abs(), train, test, [], ema=False, judge=Bright())["metrics"]
    assert bright["class_share_min"]["value"] == 0
    assert bright["class_kl"]["value"] > 0.4
    assert bright["classifier_score"]["value"] == pytest.approx(1, abs=0.01)
    assert "agreement" not in bright


def test_wide_features_of_few_examples_are_noted():
    train, test, made = (normal(40, 60, who) for who in ("train", "test", "made"))
    assert [n for n in evaluate(made, train, test, ema=False)["notes"] if "singular" in n]


def test_mistakes_are_told_in_a_line():
    train, test, made = (normal(50, 3, who) for who in ("train", "test", "made"))
    broken = made.clone()
    broken[:4] = torch.nan
    cases = [
        (lambda: evaluate(broken, train, test, ema=False), "generated sample.* 4 of 50"),
        (lambda: evaluate(made[:6], train, test, ema=False), "at least 7"),
        (lambda: evaluate(made[:0], train, test, ema=False), "at least 7"),
        (lambda: evaluate(made, train, test[:3], ema=False), r"test 3\)"),
        (lambda: evaluate(made[:, :2], train, test, ema=False), "compare like with like"),
        (lambda: evaluate(made * 1e30, train, test, ema=False), "too far out of range"),
        (
            lambda: evaluate(
                images(30),
                images(30),
                images(30),
                ema=False,
                judge=Bright(),
                condition=torch.zeros(3),
            ),
            "one class a sample",
        ),
    ]
    for make, says in cases:
        with pytest.raises(UserError, match=says):
            make()
