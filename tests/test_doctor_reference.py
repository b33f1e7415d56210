"""What a training of the bench came to, measured apart from the doctor."""

from __future__ import annotations

import math

import numpy as np
import pytest

from counterplay.recipes.doctor_bench import CONDITIONS, Case
from counterplay.recipes.doctor_bench import reference as ref
from counterplay.recipes.doctor_bench.runner import Trial, read, record
from counterplay.recipes.doctor_bench.sick_games import R1, RING
from counterplay.recipes.doctor_bench.sick_models import BITS

RNG = np.random.default_rng(0)
ANGLES = np.arange(8) * math.pi / 4
CENTRES = 2 * np.stack([np.cos(ANGLES), np.sin(ANGLES)], 1)


def ring(n, modes=range(8)):
    chosen = RNG.choice(np.array(modes), n)
    return CENTRES[chosen] + 0.1 * RNG.normal(size=(n, 2))


TEST, TRAIN = ring(800), ring(800)


def test_samples_of_the_law_itself_are_as_training_examples():
    found = ref._of_samples(ring(800), TEST, TRAIN)
    assert all(value == pytest.approx(1, abs=0.06) for value in found.values())
    assert ref.shown("", found)


@pytest.mark.parametrize(
    ("condition", "made"),
    [
        ("mode-collapse", CENTRES[[3]] + 0.05 * RNG.normal(size=(800, 2))),
        ("partial-collapse", ring(800, range(4))),
        ("critic-too-weak", ring(800) + 5),
    ],
)
def test_each_sickness_shows_where_it_is_and_not_in_good_samples(condition, made):
    assert ref.shown(condition, ref._of_samples(made, TEST, TRAIN))
    assert not ref.shown(condition, ref._of_samples(ring(800), TEST, TRAIN))
    assert not ref.shown("", ref._of_samples(made, TEST, TRAIN))


def test_copies_are_told_from_new_samples():
    jitter = 1e-6 * RNG.normal(size=(400, 2))
    few = TRAIN[:40]
    copies = few[RNG.integers(0, 40, 400)] + jitter
    assert ref._copied(copies, TEST, few) > 0.9
    assert ref._copied(ring(400), TEST, few) < 0.15
    assert ref.shown("memorisation", {"copied": ref._copied(copies, TEST, few)})


def test_classes_are_read_off_samples_where_labels_say_anything():
    sides = [RNG.integers(0, 8, 600) for _ in range(3)]
    rows = tuple(CENTRES[side] + 0.1 * RNG.normal(size=(600, 2)) for side in sides)
    right = ref._obeyed(rows, sides)["obeyed"]
    assert right == pytest.approx(1, abs=0.02)
    wrong = ref._obeyed(rows, [RNG.permutation(sides[0]), *sides[1:]])["obeyed"]
    assert ref.shown("ignored-condition", {"obeyed": wrong})
    assert not ref.shown("ignored-condition", {"obeyed": right})
    assert ref._obeyed(rows, [RNG.permutation(side) for side in sides]) == {}


def test_what_no_figure_says_is_left_to_what_was_done():
    assert ref.shown("data-few", {"reached": 0.1}) is None
    assert ref.shown("mode-hopping", {"reached": 0.1}) is None
    assert ref.shown("mode-collapse", None) is None
    assert ref.shown("mode-collapse", {}) is None
    assert set(ref.SIGNS) < set(CONDITIONS)


def test_what_moved_on_has_not_stayed():
    one, other = np.array([1, 1, 0, 0], bool), np.array([0, 0, 1, 1], bool)
    assert ref.stayed(one, one) == 1
    assert ref.stayed(one, other) == 0


def test_what_is_nowhere_near_the_data_does_not_hop():
    hops = {"reached": 0.1, "inside": 0.6, "stayed": 0.0}
    assert ref.shown("mode-hopping", hops)
    assert ref.shown("mode-hopping", {**hops, "inside": 0.0}) is False


def test_a_gradient_vanishes_before_a_sure_critic_alone():
    real, made = RNG.normal(size=500), RNG.normal(size=400)
    sure, unsure = ref._area(real + 5, made), ref._area(real, made)
    assert sure > 0.99
    assert unsure == pytest.approx(0.5, abs=0.06)
    assert ref.shown("vanishing-gradient", {"told": sure, "reached": 0.0})
    assert ref.shown("vanishing-gradient", {"told": unsure, "reached": 0.0}) is False
    assert ref.shown("vanishing-gradient", {"told": sure, "reached": 1.0}) is False


def test_a_cost_that_rises_is_no_healthy_one():
    assert ref.shown("", {"risen": -3.0, "reached": 0.0})
    assert not ref.shown("", {"risen": 3.0, "reached": 1.0})
    assert ref.shown("overfitting", {"risen": 3.0})


def test_a_training_in_legs_has_the_history_of_one_in_a_piece(tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTERPLAY_CACHE", str(tmp_path / "cache"))
    small = {**BITS, "game.networks.width": 8}
    case = Case("a", "overfitting", "x", "made", small, data="bits-64", steps=40, every=10)
    _, reason, _ = record(Trial(case, 0), tmp_path)
    legs = read(Trial(case, 0), tmp_path)
    assert reason == "finished"
    assert legs is not None
    assert "risen" in legs.outcome
    monkeypatch.setattr("counterplay.recipes.doctor_bench.runner._quarter", lambda plan, case: 40)
    record(Trial(case, 0), tmp_path)
    whole = read(Trial(case, 0), tmp_path)
    assert whole.outcome.get("risen", 0) == 0
    for one, other in zip(legs.history.checkups, whole.history.checkups, strict=True):
        both = one.values.keys() & other.values.keys()
        both = {k for k in both if not k.endswith("/norm")}  # whose iteration begins anew
        assert one.step == other.step
        assert {k: one.values[k] for k in both} == {k: other.values[k] for k in both}
        more = one.values.keys() ^ other.values.keys()  # at the end of a leg samples are seen
        begun = ("moved", "turn", "angle", "agree")  # these ask what was before the last check-up
        assert all(name.startswith(("samples/", "look/")) or name.endswith(begun) for name in more)


def test_a_healthy_game_is_proved_by_more_rounds_than_the_doctor_saw(tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTERPLAY_CACHE", str(tmp_path / "cache"))
    case = Case(
        "a",
        "",
        "x",
        "pacgan-ring-gan",
        {**RING, **R1},
        data="ring-500",
        steps=20,
        every=10,
        proof=30,
    )
    assert record(Trial(case, 0), tmp_path)[1] == "finished"
    found = read(Trial(case, 0), tmp_path)
    assert [c.step for c in found.history.checkups] == [10, 20]
    assert {"reached", "inside", "varied", "copied", "apart", "told"} <= found.outcome.keys()
