"""Precision, recall, density, coverage, authenticity: an oracle, null values, duplicates."""

from __future__ import annotations

import pytest
import torch

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics import authentic, expected_coverage, frechet_distance, kid, neighbours
from counterplay.metrics.distances import smallest


def normal(n: int, d: int, *words: object) -> torch.Tensor:
    return torch.randn(n, d, generator=generator("neighbours", *words))


@pytest.mark.parametrize(
    ("n", "m", "d", "k", "scale"),
    [(300, 300, 8, 5, 1.0), (400, 250, 64, 3, 0.8), (90, 200, 2, 1, 2)],
)
def test_it_agrees_with_the_prdc_package(n, m, d, k, scale):
    prdc = pytest.importorskip("prdc", reason="the oracle is optional")
    real, made = normal(n, d, "real") + 3, scale * normal(m, d, "made") + 3
    expected = prdc.compute_prdc(real.double().numpy(), made.double().numpy(), k)
    found = neighbours(real, made, k).values()
    for name, value in expected.items():
        assert found[name] == pytest.approx(float(value), abs=1e-9), name


def test_authenticity_is_its_definition_both_ways():
    train, made = normal(200, 3, "train"), normal(150, 3, "made")
    between = torch.cdist(made, train)
    inside = torch.cdist(train, train).fill_diagonal_(torch.inf)
    distance, nearest = between.min(1)
    expected = distance > inside.min(1).values[nearest]
    assert torch.equal(authentic(made, train), expected)
    assert torch.equal(neighbours(train, made).authentic, expected)


@pytest.mark.parametrize("tile", [1, 1000, 12345])
def test_tiles_change_nothing(tile):
    real, made = normal(97, 6, "real"), normal(130, 6, "made")
    once, tiled = neighbours(real, made), neighbours(real, made, tile=tile)
    for name in ("precise", "recalled", "dense", "covered", "authentic"):
        assert torch.equal(getattr(once, name), getattr(tiled, name)), name
    assert torch.equal(authentic(made, real, tile=tile), once.authentic)


@pytest.mark.parametrize(("columns", "k"), [(1, 1), (9, 5), (320, 5), (333, 5), (100, 1)])
def test_the_search_by_groups_finds_thesmallest(columns, k):
    squares = normal(50, columns, "squares").abs()
    found = squares.gather(1, smallest(squares, k)).sort(1).values
    assert torch.equal(found, squares.sort(1).values[:, :k])


def test_rotation_shift_scale_and_order_change_nothing():
    real, made = normal(200, 6, "real"), normal(220, 6, "made")
    turn, _ = torch.linalg.qr(normal(6, 6, "turn"))
    moved = neighbours(4 * real @ turn + 2, 4 * made @ turn + 2)
    assert moved.values() == pytest.approx(neighbours(real, made).values(), abs=1e-6)
    shuffled = neighbours(real.flip(0), made.flip(0))
    assert shuffled.values() == pytest.approx(neighbours(real, made).values(), abs=1e-9)


def test_coverage_of_equal_laws_has_a_closed_form():
    assert expected_coverage(2000, 2000, 5) == pytest.approx(0.96887, abs=5e-6)
    assert expected_coverage(2000, 2000, 3) == pytest.approx(0.87519, abs=5e-6)
    for n, m, d in ((2000, 2000, 4), (900, 300, 16)):
        drawn = [neighbours(normal(n, d, "real", i), normal(m, d, "made", i)) for i in range(8)]
        covered = torch.stack([each.covered for each in drawn]).float().mean()
        dense = torch.stack([each.dense for each in drawn]).mean()
        assert float(covered) == pytest.approx(expected_coverage(n, m), abs=0.015)
        assert float(dense) == pytest.approx(1, abs=0.05)


def test_trap_38_copies_beat_held_out_data_on_everything_but_authenticity():
    train, test, real = (normal(1000, 16, who) for who in ("train", "test", "real"))
    copies, held_out = neighbours(train, train).values(), neighbours(train, test).values()
    assert all(copies[name] == 1 for name in ("precision", "recall", "coverage"))
    assert all(held_out[name] < 1 for name in ("precision", "recall", "coverage"))
    assert frechet_distance(train, train) < frechet_distance(train, test)
    assert kid(train, train).value < kid(train, test).value
    assert copies["authenticity"] == 0
    # Read against a held-out set's value, not against 1.
    held = authentic(test, train).float().mean()
    assert held > 0.4
    assert authentic(real, train).float().mean() == pytest.approx(float(held), abs=0.06)
    half = torch.cat([train[:500], test[:500]])
    assert authentic(half, train).float().mean() == pytest.approx(float(held) / 2, abs=0.03)


@pytest.mark.parametrize(("d", "value"), [(2, 0.375), (512, 0.89)])
def test_trap_38_authenticity_of_a_perfect_generator(d, value):
    found = authentic(normal(3000, d, "made"), normal(3000, d, "train"))
    assert float(found.float().mean()) == pytest.approx(value, abs=0.04)


def test_trap_39_density_rewards_blur_and_only_recall_notices():
    real, other = normal(1500, 32, "real"), normal(1500, 32, "made")
    sharp, blurred = neighbours(real, other).values(), neighbours(real, 0.5 * other).values()
    assert blurred["density"] > 4 * sharp["density"]
    assert blurred["precision"] > 0.999 > sharp["precision"]
    assert blurred["recall"] < 0.3 * sharp["recall"]


def test_trap_39_a_perfect_generator_has_no_precision_of_one():
    found = neighbours(normal(10_000, 64, "real"), normal(10_000, 64, "made")).values()
    assert found["precision"] == pytest.approx(0.68, abs=0.02)
    assert found["coverage"] == pytest.approx(expected_coverage(10_000, 10_000), abs=0.01)


def test_duplicates_lie_in_closed_balls():
    """Equal constant samples are equal: 1 for all shares, and nothing authentic."""
    same = torch.full((40, 7), 0.1)
    found = neighbours(same, same.clone(), k=5).values()
    assert (found["precision"], found["recall"], found["coverage"]) == (1, 1, 1)
    assert found["density"] == pytest.approx(40 / 5)
    assert found["authenticity"] == 0


def test_copies_are_at_zero_however_far_from_the_origin():
    real = normal(300, 20, "real") * 100 + 5000
    found = neighbours(real, real.flip(0))
    assert found.values()["density"] == pytest.approx(6 / 5)  # each copy: itself, five neighbours
    assert not found.authentic.any()
    # Repeated examples have balls of radius 0, which hold their copies and nothing else.
    real = normal(10, 20, "real").repeat_interleave(7, 0) + 3
    assert neighbours(real, real).covered.all()
    assert not neighbours(real, real + 0.01).covered.any()


def test_one_point_again_and_again_is_precise_and_recalls_nothing():
    real = normal(500, 4, "real")
    found = neighbours(real, real[:1].repeat(500, 1)).values()
    assert found["precision"] == 1
    assert found["recall"] <= 1 / 500
    assert found["coverage"] < 0.05
    assert found["authenticity"] == 0


def test_mistakes_are_told_in_a_line():
    x = normal(20, 3, "x")
    with pytest.raises(UserError, match="at least 7"):
        neighbours(x[:6], x, k=5)
    with pytest.raises(UserError, match="at least 1"):
        neighbours(x, x, k=0)
    with pytest.raises(UserError, match="NaN or infinite"):
        neighbours(x, x / 0)
