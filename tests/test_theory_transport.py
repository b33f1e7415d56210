"""Transport against what is known: CDF sums, vertices, other solvers, and bounds of critics."""

from __future__ import annotations

import numpy as np
import ot
import pytest

from counterplay.errors import UserError
from counterplay.theory import transport_critics
from counterplay.theory.transport import (
    Transport,
    cdf_distance,
    checks,
    compute,
    dual,
    laws,
    primal,
)
from counterplay.theory.transport_critics import Critics, points, train_critic


@pytest.mark.parametrize("kind", ["random", "hills", "point-uniform"])
@pytest.mark.parametrize("n", [2, 17])
def test_plan_critic_and_cdf_agree(kind, n):
    p, q = laws(Transport(n, kind))
    cost, plan = primal(p, q)
    value, f = dual(p, q)
    assert cost == pytest.approx(cdf_distance(p, q), abs=1e-10)
    assert value == pytest.approx(cdf_distance(p, q), abs=1e-10)
    assert np.abs(plan.sum(1) - p).max() < 1e-12
    assert np.abs(plan.sum(0) - q).max() < 1e-12
    assert (plan > 1e-12).sum() <= 2 * n - 1
    assert np.abs(np.diff(f)).max() <= 1 + 1e-12
    assert all(check.passes for check in checks(Transport(n, kind)))


def test_two_hundred_points_three_ways():
    p, q = laws(Transport(200, "random"))
    assert dual(p, q)[0] == pytest.approx(cdf_distance(p, q), abs=1e-10)
    assert dual(*laws(Transport(200, "point-uniform")))[0] == pytest.approx(199 / 2, abs=1e-10)


def test_network_simplex_finds_the_same_plan():
    p, q = laws(Transport(17, "hills"))
    i = np.arange(17.0)
    C = np.abs(i[:, None] - i[None, :])
    plan, log = ot.emd(p, q, C, log=True)
    assert primal(p, q)[0] == pytest.approx(log["cost"], abs=1e-10)
    assert (log["u"] @ p + log["v"] @ q) == pytest.approx(log["cost"], abs=1e-10)
    # Of all optimal plans ours is the one without crossings, so its squared cost is the least.
    assert (primal(p, q)[1] * C**2).sum() <= (plan * C**2).sum() + 1e-9


def test_a_plan_that_misses_the_marginals_would_be_seen(monkeypatch):
    from counterplay.theory import transport

    honest = transport.primal
    monkeypatch.setattr(
        transport, "primal", lambda p, q: (lambda c, P: (c, 0.99 * P))(*honest(p, q))
    )
    transport._solved.cache_clear()
    failed = {check.what for check in checks(Transport(8)) if not check.passes}
    transport._solved.cache_clear()
    assert "the plan's marginals" in failed


def test_values_say_how_they_were_found():
    found = compute(Transport(8))
    assert found["W₁"].value == pytest.approx(float(found["W₁ dual"].value), abs=1e-10)
    assert "linear program" in found["W₁ primal"].method


def test_a_size_out_of_range_is_told():
    with pytest.raises(UserError, match="points: expected a number from 2 to 200, got 1"):
        laws(Transport(1))


def test_no_critic_beats_the_exact_distance_and_the_clipped_one_is_far_below():
    p = Critics(steps=120)
    a, b = points(p)
    exact = float(np.abs(np.sort(a) - np.sort(b)).mean())
    assert exact == pytest.approx(ot.emd2_1d(a, b, metric="euclidean"), abs=1e-9)
    ways = {way: train_critic(p, way, p.clip) for way in transport_critics.WAYS}
    assert all(critic.best <= exact + 1e-9 for critic in ways.values())
    assert ways["clipping"].gain <= p.clip**3 * p.width**2 * exact
    assert ways["clipping"].gain < 0.01 * exact
    assert ways["penalty"].gain > 0.8 * exact  # the honest twin of the clipped one
    assert ways["spectral norm"].slope <= 1 + 1e-3
