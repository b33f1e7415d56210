"""Features: what they keep, what they refuse, and that they are functions of their seed."""

from __future__ import annotations

import importlib.util
import sys

import pytest
import torch

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics import choose_features, inception, pca, random_convolution, raw
from counterplay.metrics.features import _exact_axes, _leading_axes


def images(n: int, channels: int = 1, size: int = 8, *words: object) -> torch.Tensor:
    rng = generator("features", *words)
    return torch.rand(n, channels, size, size, generator=rng) * 2 - 1


def test_raw_features_are_the_vectors():
    x = torch.randn(5, 3, generator=generator("raw"))
    assert torch.equal(raw()(x), x)


def test_components_are_those_of_the_covariance_in_one_scale():
    basis, _ = torch.linalg.qr(torch.randn(20, 4, generator=generator("basis")))
    spread = torch.tensor([8.0, 4.0, 2.0, 1.0])
    x = torch.randn(4000, 4, generator=generator("x")) * spread @ basis.T + 7
    seen = pca(x)(x)
    assert seen.shape == (4000, 4)
    covariance = torch.cov(seen.T)
    assert torch.allclose(covariance, torch.diag(covariance.diagonal()), atol=1e-3)
    assert float(covariance.trace()) == pytest.approx(4, rel=1e-4)
    assert float(covariance[0, 0] / covariance[3, 3]) == pytest.approx(64, rel=0.1)
    # One scale for all: distances keep their proportions.
    assert float(torch.pdist(seen[:50]).std() / torch.pdist(seen[:50]).mean()) == pytest.approx(
        float(torch.pdist(x[:50]).std() / torch.pdist(x[:50]).mean()), rel=1e-4
    )


def test_dead_dimensions_do_not_explode():
    """A pixel that never varies in training and hardly in the samples is no feature."""
    train = images(500)
    train[:, :, :2] = -1
    nudged = images(200, 1, 8, "test")
    nudged[:, :, :2] = -1
    seen = pca(train)(nudged)
    assert seen.shape[1] == 48
    assert torch.isfinite(seen).all()
    moved = nudged.clone()
    moved[:, :, :2] += 1e-3
    assert (pca(train)(moved) - seen).abs().max() < 1e-2


def test_wide_examples_have_nearly_the_same_components():
    mix = torch.randn(10, 300, generator=generator("mix"))
    x = torch.randn(600, 10, generator=generator("wide")) @ mix
    mean = x.double().mean(0)
    exact, near = _exact_axes(x, mean, 8, 0), _leading_axes(x, mean, 8, 0)
    assert torch.allclose(exact[0], near[0], rtol=1e-3)
    assert torch.allclose((exact[1].T @ near[1]).abs(), torch.eye(8).double(), atol=1e-3)
    assert pca(images(40, 3, 48))(images(5, 3, 48)).shape == (5, 39)


@pytest.mark.parametrize(("channels", "size"), [(1, 8), (3, 12), (1, 28), (4, 33), (3, 128)])
def test_random_convolutions_take_any_size(channels, size):
    x = images(3, channels, size)
    state = torch.get_rng_state()
    features = random_convolution(channels, size)
    seen = features(x)
    assert seen.shape == (3, 448)
    assert torch.equal(seen, random_convolution(channels, size)(x))
    assert not torch.equal(seen, random_convolution(channels, size, seed=1)(x))
    assert torch.equal(state, torch.get_rng_state())


def test_chunks_change_nothing(monkeypatch):
    x = images(40, 1, 16)
    whole = random_convolution(1, 16)(x)
    monkeypatch.setattr("counterplay.metrics.features.PIXELS", 16 * 16 * 7)
    assert torch.allclose(random_convolution(1, 16)(x), whole, atol=1e-6)


def test_features_carry_no_gradient():
    x = images(4).requires_grad_(True)
    assert not random_convolution(1, 8)(x).requires_grad
    assert not pca(images(90))(x).requires_grad


def test_what_suits_the_examples_is_chosen():
    assert [each.name for each in choose_features(torch.zeros(9, 3))] == ["raw"]
    assert [each.name for each in choose_features(images(90))] == ["convolution", "pca"]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: random_convolution(1, 8)(images(3, 1, 9)), "are for examples of shape"),
        (lambda: pca(images(30))(images(3, 3, 8)), "are for examples of shape"),
        (lambda: pca(torch.ones(30, 4)), "all 30 training examples are equal"),
        (lambda: pca(images(1)), "at least 2"),
        (lambda: random_convolution(1, 7), "8×8"),
        (lambda: raw()(torch.zeros(0, 3)), "no examples"),
        (lambda: raw()(torch.full((3, 3), torch.nan)), "3 of 3"),
    ],
)
def test_mistakes_are_told_in_a_line(make, says):
    with pytest.raises(UserError, match=says):
        make()


def test_inception_is_optional(monkeypatch):
    monkeypatch.setitem(sys.modules, "torchvision", None)
    with pytest.raises(UserError, match="install torchvision"):
        inception()
    assert importlib.util.find_spec("counterplay.metrics") is not None
