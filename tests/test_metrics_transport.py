"""Exact transport: certificates, closed forms, two solvers that agree."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
import torch

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics.transport import optimal_plan, wasserstein


def normal(n: int, d: int, *words: object) -> torch.Tensor:
    return torch.randn(n, d, generator=generator("transport", *words))


def costs(n: int, m: int) -> np.ndarray:
    return torch.cdist(normal(n, 3, "x"), normal(m, 3, "y")).double().square().numpy()


def test_the_potentials_of_the_assignment_prove_it_optimal():
    cost = costs(120, 120)
    plan = optimal_plan(cost, "assignment")
    assert (plan.u[:, None] + plan.v <= cost + 1e-9).all()
    assert plan.u.mean() + plan.v.mean() == pytest.approx(plan.cost, abs=1e-12)


@pytest.mark.parametrize("n", [1, 2, 60, 300])
def test_the_simplex_and_the_assignment_agree(n):
    pytest.importorskip("ot", reason="the network simplex is optional")
    cost = costs(n, n)
    one, two = optimal_plan(cost, "assignment"), optimal_plan(cost, "simplex")
    assert one.cost == pytest.approx(two.cost, rel=1e-9)
    assert (two.u[:, None] + two.v <= cost + 1e-9).all()
    # The potentials are each other's, up to a number exchanged between rows and columns.
    assert one.u.mean() + one.v.mean() == pytest.approx(two.u.mean() + two.v.mean(), rel=1e-9)


def test_unequal_counts_are_the_same_as_equal_ones_repeated():
    pytest.importorskip("ot", reason="the network simplex is optional")
    x, y = normal(20, 3, "x"), normal(30, 3, "y")
    found = wasserstein(x, y).value
    expected = wasserstein(x.repeat(3, 1), y.repeat(2, 1), solver="assignment").value
    assert found == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("p", [1, 2])
def test_on_the_line_it_is_the_sorted_one(p):
    x, y = normal(50, 1, "x").double(), 2 * normal(50, 1, "y").double() + 1
    sorted_apart = (x[:, 0].sort().values - y[:, 0].sort().values).abs().pow(p).mean() ** (1 / p)
    for solver in ("assignment", "auto"):
        assert wasserstein(x, y, p, solver).value == pytest.approx(float(sorted_apart))
    if p == 1:
        expected = scipy.stats.wasserstein_distance(x[:, 0].numpy(), y[:, 0].numpy())
        assert wasserstein(x, y, 1).value == pytest.approx(expected)


def test_a_shift_is_its_length_and_the_interval_holds_it():
    x = normal(200, 4, "x")
    found = wasserstein(x, x + torch.tensor([3.0, 0, 0, 4.0]))
    assert found.value == pytest.approx(5, rel=1e-6)
    assert found.interval[0] <= found.value <= found.interval[1]


@pytest.mark.parametrize("solver", ["assignment", "auto"])
def test_the_interval_is_the_spread_of_the_value(solver):
    values, widths = [], []
    for i in range(60):
        found = wasserstein(normal(60, 2, "a", i), 2 * normal(60, 2, "b", i) + 1, solver=solver)
        values.append(found.value)
        widths.append((found.interval[1] - found.interval[0]) / 2 / 1.96)
    spread = float(torch.tensor(values).std())
    assert sum(widths) / 60 == pytest.approx(spread, rel=0.25)


def test_trap_41_it_is_no_entropic_distance():
    """Sinkhorn's plan at a usual temperature costs visibly more than the least."""
    ot = pytest.importorskip("ot", reason="the network simplex is optional")
    x, y = normal(100, 2, "x"), normal(100, 2, "y") + 1
    apart = torch.cdist(x.double(), y.double()).numpy()
    weights = np.full(100, 0.01)
    blurred = float((ot.sinkhorn(weights, weights, apart, 0.5) * apart).sum())
    exact = wasserstein(x, y, p=1).value
    assert exact == pytest.approx(float(ot.emd2(weights, weights, apart)), rel=1e-6)
    assert blurred > 1.03 * exact


def test_trap_39_equal_laws_are_not_at_zero():
    assert wasserstein(normal(200, 8, "x"), normal(200, 8, "y")).value > 1


def test_mistakes_are_told_in_a_line():
    x = normal(5, 2, "x")
    with pytest.raises(UserError, match=r"p = 0\.5"):
        wasserstein(x, x, p=0.5)
    with pytest.raises(UserError, match="between 5 and 4"):
        wasserstein(x, x[:4], solver="assignment")
    with pytest.raises(UserError, match="at most 20,000"):
        wasserstein(torch.zeros(30_000, 1), torch.zeros(30_000, 1))
