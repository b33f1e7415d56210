"""Linear autoencoders, changes of variables, the evidence bound and the table, at other numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from counterplay.errors import UserError
from counterplay.theory import bound, flows, linear, table
from counterplay.theory.bound import Latent, Spectrum


@pytest.mark.parametrize("keep", [1, 3])
def test_the_linear_autoencoder_is_pca(keep):
    p = linear.Linear((2.0, 1.5, 1.0, 0.5), keep, 200, seed=3)
    assert [c.what for c in linear.checks(p) if not c.passes] == []
    x, V, _, fitted = linear._solved(p)
    assert linear.angles(V, fitted.decoder).max() < 1e-6
    # The broken twin: the axes that vary least.
    least = np.linalg.svd(x)[2][-keep:].T
    assert linear.angles(V, least).max() > 0.5


@pytest.mark.parametrize("a", [-0.3, 0.0, 2.0])
def test_a_stretched_line_keeps_its_mass(a):
    p = flows.Line(a=a, samples=20_000)
    assert [c.what for c in flows.checks_line(p) if not c.passes] == []


def test_without_the_jacobian_mass_is_lost():
    p = flows.Line()
    x = np.linspace(-12, 12, 4001)
    bare = flows._normal(flows.unstretch(x, p))
    assert np.trapezoid(flows.line_density(x, p), x) == pytest.approx(1, abs=1e-8)
    assert np.trapezoid(bare, x) > 1.5


@pytest.mark.parametrize(("scale", "bend"), [(0.0, 0.0), (-0.6, 0.2)])
def test_the_plane_keeps_its_mass(scale, bend):
    p = flows.Plane(scale, bend, angle=100.0, samples=20_000)
    assert [c.what for c in flows.checks_plane(p) if not c.passes] == []


@pytest.mark.parametrize("x", [-2.0, 0.0, 3.0])
def test_log_p_is_bound_plus_divergence(x):
    p = Latent(x, weight=-0.7, noise=0.4, mean=0.3, deviation=0.5)
    assert bound.elbo(p) + bound.gap(p) == pytest.approx(bound.log_evidence(p), abs=1e-12)
    assert [c.what for c in bound.checks(p) if not c.passes] == []
    assert bound.elbo(p) < bound.log_evidence(p)


@pytest.mark.parametrize(("noise", "used"), [(0.25, 6), (1.0, 4), (2.5, 2), (5.0, 0)])
def test_latents_below_the_noise_collapse(noise, used):
    p = Spectrum(noise=noise)
    values, carried = bound._used(p)
    assert sum(v > 0.01 for v in carried) == used
    assert values == pytest.approx(bound.log_likelihood(p.eigenvalues, noise), abs=1e-8)
    shares = [max(0.0, 1 - noise / v) for v in p.eigenvalues]
    assert carried == pytest.approx(shares, abs=1e-5)


def test_bad_parameters_are_told():
    with pytest.raises(UserError, match=r"noise: expected a number from 0\.01"):
        bound.compute(Latent(noise=0.0))
    with pytest.raises(UserError, match="eigenvalues: expected numbers above 0"):
        bound.compute_linear(Spectrum((1.0, -1.0)))
    with pytest.raises(UserError, match="keep: expected a number from 1 to 4"):
        linear.compute(linear.Linear(keep=5))


def test_the_table_at_a_small_size():
    p = table.Table(rounds=120, width=16)
    values = table.compute(p)
    exact = [c for c in table.checks(p) if c.what != "sharpness, GAN over VAE"]
    assert [c.what for c in exact if not c.passes] == []
    assert "GAN: bound of log p, nats" not in values
    assert float(values["data: sharpness"].value) == pytest.approx(1 - math.exp(-4.5), abs=0.012)
