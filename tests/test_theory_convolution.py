"""Convolutions as matrices against PyTorch, over every small shape; the checkerboard measured."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from torch.nn import functional

from counterplay.errors import UserError
from counterplay.theory import checkerboard, convolution
from counterplay.theory.convolution import Convolution, matrix, transposed_matrix


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_matrices_are_what_pytorch_does(stride, dilation):
    rng = np.random.default_rng(stride + 10 * dilation)
    for n, k, padding in itertools.product((5, 8, 11), (1, 2, 3), (0, 1, 2)):
        x, w = torch.tensor(rng.normal(size=n)), rng.normal(size=k)
        kernel, more = torch.tensor(w)[None, None], (stride, padding, dilation)
        options = {"stride": stride, "padding": padding, "dilation": dilation}
        if n + 2 * padding >= dilation * (k - 1) + 1:
            there = functional.conv1d(x[None, None], kernel, **options)[0, 0]
            assert matrix(n, w, *more) @ x.numpy() == pytest.approx(there.numpy())
        back = functional.conv_transpose1d(x[None, None], kernel, **options)[0, 0]
        assert transposed_matrix(n, w, *more) @ x.numpy() == pytest.approx(back.numpy())


def test_the_textbook_numbers():
    x, y, z = 1.0, 2.0, 3.0
    w = np.array([x, y, z])
    assert matrix(4, w, padding=1).tolist() == [
        [y, z, 0, 0],
        [x, y, z, 0],
        [0, x, y, z],
        [0, 0, x, y],
    ]
    # Stride 2: the copies [ax, ay, az] and [bx, by, bz] overlap in one place and add up there.
    a, b = 5.0, 7.0
    out = transposed_matrix(2, w, stride=2) @ np.array([a, b])
    assert out.tolist() == [a * x, a * y, a * z + b * x, b * y, b * z]


def test_the_transposed_undoes_the_shape_and_not_the_values():
    w = np.array([1.0, 2.0, 3.0])
    C = matrix(9, w, stride=2, padding=1)
    T = transposed_matrix(len(C), w, stride=2, padding=1)
    assert T.shape == C.T.shape
    assert np.array_equal(T, C.T)
    assert np.abs(T @ C - np.eye(9)).max() > 1


def test_a_kernel_that_does_not_fit_is_told():
    with pytest.raises(UserError, match="a kernel of reach 7 does not fit 4 inputs padded by 1"):
        matrix(4, np.ones(4), padding=1, dilation=2)
    with pytest.raises(UserError, match="cuts off"):
        transposed_matrix(2, np.ones(2), padding=3)


def test_checks_pass_for_other_shapes():
    p = Convolution(9, (1.0, -2.0, 0.5, 1.0), stride=3, padding=2, dilation=2)
    assert [c.what for c in convolution.checks(p) if not c.passes] == []


@pytest.mark.parametrize(("taps", "stride"), [(3, 2), (4, 2), (5, 3), (5, 2)])
def test_the_checkerboard_is_as_large_as_theory_says(taps, stride):
    p = checkerboard.Checkerboard(taps, stride, draws=2000)
    assert [c.what for c in checkerboard.checks(p) if not c.passes] == []


def test_resizing_first_leaves_no_ripple_where_transposing_does():
    w = np.array([0.2, 1.0, -0.4])
    one = np.ones(20)
    ways = (transposed_matrix(20, w, 2) @ one, checkerboard.resized(20, w, 2) @ one)
    ripples = [checkerboard.ripple(y[3:-3], 2) for y in ways]
    assert ripples[0] > 0.1
    assert ripples[1] < 1e-25
