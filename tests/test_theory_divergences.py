"""Divergences: exact values, each with a wrong one that the same check finds."""

from __future__ import annotations

import math

import numpy as np
import pytest

from counterplay.errors import UserError
from counterplay.theory import divergence_discrete as discrete
from counterplay.theory import divergence_fits as fits
from counterplay.theory import divergence_supports as supports
from counterplay.theory import divergences as d
from counterplay.theory.divergence_laws import integral, normal, two_hills
from counterplay.theory.item import Check

JS = {
    0.5: 0.030311300520839,
    1: 0.111421482184736,
    2: 0.336830820346832,
    3: 0.526777306521374,
    4: 0.632720193736867,
    8: 0.693053645482920,
}
TV = {0.5: 0.197412651, 1: 0.382924923, 2: 0.682689492, 3: 0.866385597, 4: 0.954499736}


def at(name, p, q):
    return float(d.by_quadrature(name, p, q).value)


@pytest.mark.parametrize("mean", JS)
def test_js_of_shifted_normals(mean):
    assert abs(at("js", normal(0, 1), normal(mean, 1)) - JS[mean]) < 1e-12


@pytest.mark.parametrize("mean", TV)
def test_tv_kl_and_both_wassersteins_of_shifted_normals(mean):
    p, q = normal(0, 1), normal(mean, 1)
    assert abs(at("tv", p, q) - TV[mean]) < 1e-9
    assert abs(at("kl", p, q) - mean**2 / 2) < 1e-10
    assert abs(at("w1", p, q) - mean) < 1e-10
    assert abs(at("w2", p, q) - mean) < 1e-10


def test_normals_of_different_widths():
    p, q = normal(0, 1), normal(0, 2)
    assert abs(at("js", p, q) - 0.0927333816664125) < 1e-12
    assert abs(at("kl", p, q) - 0.318147180559945) < 1e-12
    assert abs(at("reverse kl", p, q) - 0.806852819440055) < 1e-12
    assert abs(at("w1", p, q) - math.sqrt(2 / math.pi)) < 1e-12
    assert abs(at("w2", p, q) - 1) < 1e-12
    assert at("χ²", q, p) == math.inf


@pytest.mark.parametrize("name", [n for n in d.NAMES if n != "js"])
@pytest.mark.parametrize("q", [normal(1.3, 0.9), normal(-2, 1.4)])
def test_quadrature_is_the_closed_form_within_its_error(name, q):
    found, exact = d.by_quadrature(name, normal(0, 1), q), d.closed_form(name, normal(0, 1), q)
    assert exact is not None
    assert abs(found.value - exact) <= found.error + 1e-12 * abs(exact)


def test_a_stated_error_grows_where_the_panels_are_too_wide():
    def kinked(x):
        return np.exp(-np.abs(x - 0.3))

    blind, told = (integral(kinked, -20, 20, 3.0, breaks) for breaks in ([], [0.3]))
    assert abs(told.value - 2) < 1e-8 < abs(blind.value - 2) <= blind.error * 10


def test_forward_and_reverse_kl_of_two_hills():
    p = two_hills(3, 0.5)
    whole, one = normal(0, math.sqrt(9.25)), normal(3, 0.5)
    assert abs(at("kl", p, whole) - 1.11231177) < 1e-7
    assert abs(at("reverse kl", p, whole) - 5.7586460) < 1e-6
    assert abs(at("reverse kl", p, one) - 0.6931471776) < 1e-9
    assert abs(at("kl", p, one) - 35.3068528) < 1e-6


def test_f_divergences_are_rows_of_the_package_table():
    import torch

    from counterplay.fdivergences import DIVERGENCES

    p, q = normal(0, 1), normal(0.7, 1.2)
    mine = {"kl": 1, "reverse_kl": 1, "pearson": 1, "squared_hellinger": 2, "jensen_shannon": 2}
    names = ("kl", "reverse kl", "χ²", "hellinger²", "js")
    for (row, times), name in zip(mine.items(), names, strict=True):
        f = DIVERGENCES[row].f

        def integrand(x, f=f):
            ratio = np.exp(p.log_density(x) - q.log_density(x))
            return np.exp(q.log_density(x)) * f(torch.tensor(ratio)).numpy()

        assert abs(integral(integrand, -12, 13, 1.0).value - times * at(name, p, q)) < 1e-8


def test_drawn_intervals_hold_the_value_and_say_when_they_cannot():
    p, q = normal(0, 1), normal(1, 1)
    for name in d.NAMES:
        drawn = d.by_drawing(name, p, q, 5000, seed=1)
        assert abs(drawn.value - at(name, p, q)) <= drawn.error + 1e-9
    assert d.by_drawing("χ²", p, normal(8, 1), 5000, seed=1).error == math.inf


def test_the_defaults_of_every_item_pass():
    for topic in (d, discrete, supports, fits):
        for item in topic.ITEMS.values():
            failed = [c.what for c in item.checks(item.parameters()) if not c.passes]
            assert failed == [], (item.name, failed)


def test_three_densities_are_ordered_by_w1_and_not_by_js():
    p, far, near = supports.three(supports.Three())
    assert abs(supports.w1(p, far) - 2) < 1e-12
    assert abs(supports.w1(p, near) - 1.5) < 1e-12
    assert abs(supports.js_bits(p, far) - 0.20) < 1e-12
    assert abs(supports.js_bits(p, near) - 0.25) < 1e-12


@pytest.mark.parametrize("t", [0.1, 1.0, -3.0])
def test_parallel_lines(t):
    found = supports.lines_apart(t, 20)
    assert abs(found["w1"] - abs(t)) < 1e-12
    assert abs(found["js"] - math.log(2)) < 1e-12
    assert found["kl"] == math.inf
    assert found["tv"] == 1


def test_the_forward_fit_covers_and_the_reverse_fit_seeks():
    p = two_hills(3, 0.5, 0.6)
    (_, wide, _), (mean, narrow, _) = (fits.fit(name, p) for name in ("kl", "reverse kl"))
    assert wide > 2.9
    assert narrow < 0.55
    assert abs(mean - 3) < 1e-3


def test_a_wrong_number_fails_its_check():
    right = d.closed_form("kl", normal(0, 1), normal(2, 1))
    assert right is not None
    assert Check("kl", at("kl", normal(0, 1), normal(2, 1)), right, 1e-9, "").passes
    assert not Check("kl", at("kl", normal(0, 1), normal(2.001, 1)), right, 1e-9, "").passes


def test_parameters_out_of_range_are_refused():
    with pytest.raises(UserError, match="std: expected a number"):
        d.laws(d.Pair(std=0))
    with pytest.raises(UserError, match="as many points"):
        discrete.laws(discrete.Discrete(p=(1.0,), q=(0.5, 0.5)))
