"""Small games against their closed forms: values measured once, and laws that hold at any step."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from counterplay.errors import UserError
from counterplay.theory import small_games_bilinear as bilinear
from counterplay.theory import small_games_dirac as dirac
from counterplay.theory import small_games_history as history
from counterplay.theory import small_games_limits as limits
from counterplay.theory import small_games_matrix as matrix
from counterplay.theory import small_games_quadratic as quadratic
from counterplay.theory.small_games import (
    MAPS,
    closed_growth,
    field,
    iterate,
    quadratic_costs,
    radius,
    rule,
    simulate,
)

ONE = np.ones(2)

NORMS = {
    "simultaneous": 289.545544865,
    "extragradient": 0.0138216614624,
    "consensus": 2.61496969e-20,
    "proximal": 0.0138147523626,
}
"""‖z‖² after 500 steps of η = 0.1 from (1, 1); consensus with γ = 0.5."""


@pytest.mark.parametrize("name", sorted(NORMS))
def test_known_norms_after_five_hundred_steps(name):
    z = iterate(MAPS[name](field(0, 1, 0), 0.1, 0.5, 5), ONE, 500)[-1]
    assert z @ z == pytest.approx(NORMS[name], rel=1e-8)


def test_alternating_play_as_known():
    p = bilinear.Bilinear()
    path = bilinear.path_of("alternating", p)
    assert path[-1] == pytest.approx([1.20059968, 0.73985643], abs=1e-8)
    assert bilinear.alternating_end(p) == pytest.approx(path[-1], abs=1e-10)
    energy = (path**2).sum(1) - 0.1 * path[:, 0] * path[:, 1]
    assert energy == pytest.approx(1.9, abs=1e-12)
    assert 2 * math.pi / math.acos(1 - 0.1**2 / 2) == pytest.approx(62.8057, abs=1e-4)


@pytest.mark.parametrize("name", sorted(MAPS))
@pytest.mark.parametrize("eta", [0.05, 0.3, 0.55, 0.9])
def test_closed_growth_is_the_maps_largest_eigenvalue(name, eta):
    found = radius(MAPS[name](field(0, 1, 0), eta, 0.7, 3)) ** 2
    assert closed_growth(name, eta, 0.7, 3) == pytest.approx(found, abs=1e-9)


def test_optimism_as_known():
    assert closed_growth("optimistic", 0.1) ** 0.5 == pytest.approx(0.994936153, abs=1e-9)
    assert closed_growth("optimistic", 0.5) == pytest.approx(0.5)
    assert closed_growth("optimistic", 0.57) ** 0.5 == pytest.approx(0.9807, abs=1e-4)
    assert closed_growth("optimistic", 0.58) ** 0.5 == pytest.approx(1.0069, abs=1e-4)


@pytest.mark.parametrize("name", sorted(set(MAPS) - {"proximal"}))
def test_the_projects_dynamics_are_these_maps_on_a_curved_game(name):
    a, b, c, eta, gamma, k = 0.4, 1.3, 0.7, 0.12, 0.3, 3
    played = simulate(quadratic_costs(a, b, c), rule(name, eta, gamma, k), ONE, eta, 25)
    assert played == pytest.approx(iterate(MAPS[name](field(a, b, c), eta, gamma, k), ONE, 25))


def test_a_wrong_rule_is_not_the_map():
    played = simulate(quadratic_costs(0, 1, 0), rule("alternating", 0.1, 0, 0), ONE, 0.1, 25)
    other = iterate(MAPS["simultaneous"](field(0, 1, 0), 0.1, 0, 0), ONE, 25)
    assert np.abs(played - other).max() > 0.05


def test_unrolling_as_known():
    ends = [
        np.hypot(*iterate(MAPS["unrolled"](field(0, 1, 0), 0.1, 0, k), ONE, 300)[-1])
        for k in (0, 1, 5)
    ]
    assert ends == pytest.approx([6.29, 0.345, 0.0], abs=5e-3)


def test_bilinear_checks_pass_at_other_parameters():
    p = bilinear.Bilinear(eta=0.3, steps=60, x=-0.4, y=1.1, gamma=0.9, unroll=2)
    assert [c.what for c in bilinear.checks(p) if not c.passes] == []


@pytest.mark.parametrize("name", sorted(MAPS))
def test_limits_by_bisection_are_the_closed_ones(name):
    p = limits.Limits(gamma=0.8, unroll=3)
    assert limits.limit(name, p) == pytest.approx(limits.closed_limit(name, p), abs=1e-6)


def test_extragradients_best_step():
    assert limits._best() == pytest.approx(2**-0.5, abs=1e-7)
    assert closed_growth("extragradient", 2**-0.5) ** 0.5 == pytest.approx(0.8660254, abs=1e-7)


@pytest.mark.parametrize(("a", "b", "c"), [(0.3, 1.0, 0.3), (1.0, 0.2, 0.1), (0.0, 1.0, 0.5)])
def test_quadratic_eigenvalues_and_largest_step(a, b, c):
    p = quadratic.Quadratic(a, b, c, eta=0.05, steps=10)
    assert [check.what for check in quadratic.checks(p) if not check.passes] == []


def test_dirac_gan_checks_pass_and_r1_is_what_converges():
    p = dirac.Dirac(steps=120)
    assert [c.what for c in dirac.checks(p) if not c.passes] == []
    ends = {name: float(np.hypot(*path[-1])) for name, path in dirac._paths(p).items()}
    assert ends["simultaneous"] > 1.2
    assert ends["alternating"] == pytest.approx(1, abs=0.1)
    assert max(ends["R1"], ends["instance noise"], ends["consensus"]) < 0.05
    without = dirac._paths(replace(p, gamma=0.0))["R1"]
    assert np.hypot(*without[-1]) == pytest.approx(ends["alternating"], abs=1e-9)


@pytest.mark.parametrize("name", sorted(matrix.GAMES))
def test_equilibria_cannot_be_exploited(name):
    p = matrix.MatrixGame(name, rounds=400)  # pyright: ignore[reportArgumentType]
    A = matrix.GAMES[name](0)
    x, y, v = matrix.equilibrium(A)
    assert matrix.exploitability(A, x, y) == pytest.approx(0, abs=1e-9)
    assert v == pytest.approx(matrix.by_supports(A), abs=1e-9)
    tilted = np.roll(x, 1) * 0.5 + 0.5 * np.eye(len(x))[0]
    assert matrix.exploitability(A, tilted, y) > 1e-3
    bad = [c.what for c in matrix.checks(p) if not c.passes]
    assert bad == []


@pytest.mark.parametrize("rounds", [100, 150, 200, 201, 300, 1000])
def test_every_number_of_rounds_passes(rounds):
    found = matrix.checks(matrix.MatrixGame(rounds=rounds))
    assert [c.what for c in found if not c.passes] == []
    assert (found[-1].what == "exponent of T") == (rounds >= matrix.SETTLED)


def test_fictitious_play_falls_as_the_root_and_the_last_replies_do_not():
    A = matrix.GAMES["rock-paper-scissors"](0)
    gaps, xs, _ = matrix.fictitious_play(A, 10_000)
    assert gaps[-1] < 0.03
    assert gaps[99] / gaps[-1] == pytest.approx(10, rel=0.15)
    assert xs[-1] == pytest.approx(1 / 3, abs=0.02)
    # The broken twin answers the last move alone: it is exploited for all it has, for ever.
    assert matrix.exploitability(A, np.eye(3)[0], np.eye(3)[1]) == 2


def test_a_history_of_generators_ends_the_chase():
    p = history.History(rounds=40)
    law = history.data(p)
    without, with_ = (history.chase(law, 40, remembers) for remembers in (False, True))
    assert set(without.tolist()) == {0, 1}
    assert set(with_.tolist()) == set(range(8))
    shares = np.bincount(with_, minlength=8) / 40
    assert np.abs(shares - law).max() <= 1 / 40
    assert history.jsd(law, shares) < 1 / 40
    assert min(history.jsd(law, np.eye(8)[i]) for i in without) > 0.4


@pytest.mark.parametrize(("places", "tilt", "rounds"), [(5, 4.0, 64), (16, 0.5, 8), (32, 5.0, 128)])
def test_a_history_passes_whatever_the_law(places, tilt, rounds):
    p = history.History(places=places, tilt=tilt, rounds=rounds, trained=places)
    assert [c.what for c in history.checks(p) if not c.passes] == []


def test_a_history_too_short_for_its_places_is_refused():
    with pytest.raises(UserError, match="trained: expected a number from 8 to 500, got 4"):
        history.checks(history.History(places=8, trained=4))


def test_a_trained_critic_sees_the_same():
    p = history.History(trained=12, places=4)
    without, with_ = (history.train_chase(p, remembers) for remembers in (False, True))
    far, near = (history.jsd(history.data(p), history._mixture(w, 4)) for w in (without, with_))
    assert near < far / 3
    assert np.unique(np.rint(with_).clip(0, 3)).tolist() == [0, 1, 2, 3]
