r"""The checkerboard of transposed convolutions, and what resizing first does to it.

A transposed convolution of stride s gives output i the taps w_j with j ≡ i (mod s): on a constant
input output i is the sum of its own class of taps, s different sums that repeat. With k taps the
classes have ⌈k/s⌉ or ⌊k/s⌋ members. Where s does not divide k even a kernel of equal taps makes
stripes, a checkerboard in the plane; where it does it makes none, but weights drawn at random still
do: for independent taps of variance 1 the sums vary around their mean by (s − 1)/s · k/s on
average. Nearest-neighbour resizing followed by an ordinary convolution maps constants to constants
for every kernel. Deconvolution and Checkerboard Artifacts (Odena, Dumoulin, Olah 2016,
doi 10.23915/distill.00003).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.convolution import matrix, transposed_matrix
from counterplay.theory.figures import BLUE, GREY, RED
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ITEMS", "Checkerboard", "overlap", "resized", "ripple"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Checkerboard:
    """Upsampling by a stride, of a constant and of a smooth picture."""

    taps: int = 3
    """Taps k of the kernel in each direction."""
    stride: int = 2
    """Stride s, the factor of upsampling."""
    size: int = 12
    """Side of the picture that goes in."""
    draws: int = 4000
    """Random kernels over which the ripple is averaged."""
    seed: int = 0
    """Of the random kernels."""


def overlap(n: int, taps: int, stride: int) -> Array:
    """Return how many taps reach each output of a transposed convolution.

    >>> overlap(4, 3, 2).astype(int).tolist()
    [1, 1, 2, 1, 2, 1, 2, 1, 1]
    >>> overlap(4, 4, 2).astype(int).tolist()
    [1, 1, 2, 2, 2, 2, 2, 2, 1, 1]
    """
    return transposed_matrix(n, np.ones(taps), stride) @ np.ones(n)


def resized(n: int, w: Array, stride: int) -> Array:
    """Return the matrix (m, n) of nearest-neighbour resizing, then a convolution by ``w``."""
    return matrix(n * stride, w) @ np.repeat(np.eye(n), stride, axis=0)


def ripple(y: Array, stride: int) -> float:
    """Return the variance, over the phases of the stride, of the mean of y in each phase.

    >>> ripple(np.array([1.0, 2, 1, 2, 1, 2]), 2), ripple(np.ones(6), 2)
    (0.25, 0.0)
    """
    length = len(y) // stride * stride
    return float(y[:length].reshape(-1, stride).mean(0).var())


def _interior(y: Array, p: Checkerboard) -> Array:
    return y[p.taps : len(y) - p.taps]


@lru_cache(maxsize=8)
def _ripples(p: Checkerboard, taps: int) -> tuple[Array, Array]:
    """Return the ripples, (draws,), on a constant 1: of the transposed and of the resized way."""
    inside("taps", p.taps, 1, 16)
    inside("stride", p.stride, 2, 8)
    inside("size", p.size, 12, 64)
    inside("draws", p.draws, 100, 100_000)
    kernels = np.random.default_rng(p.seed).normal(size=(p.draws, taps))
    n, one = 40, np.ones(40)
    # The way is linear in the kernel: one matrix for each tap, shared by all draws.
    basis = np.eye(taps)
    ways = (
        np.stack([transposed_matrix(n, e, p.stride) @ one for e in basis]),
        np.stack([resized(n, e, p.stride) @ one for e in basis]),
    )
    q = Checkerboard(taps, p.stride)
    up, flat = (
        np.array([ripple(_interior(y, q), p.stride) for y in kernels @ way]) for way in ways
    )
    return up, flat


def expected(taps: int, stride: int) -> float:
    """Return E ripple for independent taps of variance 1: (s − 1)/s · k/s.

    The s sums have the variances of their classes' sizes, which add up to k; taking their own mean
    off leaves (s − 1)/s of the total, and the mean over the s sums divides it by s.
    """
    return (stride - 1) / stride * taps / stride


def compute(p: Checkerboard) -> dict[str, Value]:
    """Return the ripple on a constant input, of an even kernel and of random ones."""
    up, flat = _ripples(p, p.taps)
    counts = _interior(overlap(40, p.taps, p.stride), p)
    half = 1.96 * float(up.std()) / len(up) ** 0.5
    return {
        "fewest taps at an output": Value(counts.min(), 0, "count"),
        "most taps at an output": Value(counts.max(), 0, "count"),
        "ripple, equal taps": Value(ripple(counts, p.stride), 0, "matrix"),
        "ripple, random taps": Value(float(up.mean()), half, f"mean of {p.draws} kernels"),
        "ripple, resized and convolved": Value(float(flat.max()), 0, "largest of as many"),
        "period-s power, transposed": Value(_power(p, "transposed"), 0, "Fourier transform"),
        "period-s power, resized": Value(_power(p, "resized"), 0, "Fourier transform"),
    }


def checks(p: Checkerboard) -> list[Check]:
    """Return the measured ripples against theory, and the picture's way against PyTorch."""
    how = "mean over random kernels against (s − 1)k/s²"
    found = []
    for taps in sorted({p.taps, p.stride, 2 * p.stride}):
        up, flat = _ripples(p, taps)
        bound = 4 * float(up.std()) / len(up) ** 0.5
        found += [
            Check(f"ripple, {taps} taps", float(up.mean()), expected(taps, p.stride), bound, how),
            Check(f"resized, {taps} taps", float(flat.max()), 0, 1e-20, "matrix against 0"),
        ]
    even = ripple(_interior(overlap(40, 2 * p.stride, p.stride), p), p.stride)
    far = max(
        float(np.abs(_picture(p, way) - _by_torch(p, way)).max())
        for way in ("transposed", "resized")
    )
    return [
        *found,
        Check(
            "period-s power",
            _power(p, "transposed"),
            _line_power(
                np.bincount(np.arange(p.taps) % p.stride, minlength=p.stride).astype(float)
            ),
            1e-12,
            "Fourier transform of the output against that of the classes' sizes",
        ),
        Check("equal taps, s divides k", even, 0, 1e-20, "overlap against 0"),
        Check("pictures", far, 0, 1e-12, "matrices on both axes against PyTorch in 2-D"),
    ]


def _input(p: Checkerboard) -> Array:
    x = np.linspace(-1, 1, p.size)
    return np.exp(-2 * (x[:, None] ** 2 + x[None, :] ** 2))


def _weights(p: Checkerboard) -> Array:
    """Return the kernel of equal taps and sum 1."""
    return np.full(p.taps, 1 / p.taps)


def _way(p: Checkerboard, way: str) -> Array:
    if way == "transposed":
        return p.stride * transposed_matrix(p.size, _weights(p), p.stride)
    return resized(p.size, _weights(p), p.stride)


def _picture(p: Checkerboard, way: str) -> Array:
    """Return the upsampled picture: a separable kernel is one matrix for each axis."""
    A = _way(p, way)
    return A @ _input(p) @ A.T


def _by_torch(p: Checkerboard, way: str) -> Array:
    import torch
    from torch.nn import functional

    x = torch.tensor(_input(p))[None, None]
    w = torch.tensor(np.outer(_weights(p), _weights(p)))[None, None]
    if way == "transposed":
        return functional.conv_transpose2d(x, p.stride**2 * w, stride=p.stride)[0, 0].numpy()
    big = functional.interpolate(x, scale_factor=p.stride, mode="nearest")
    return functional.conv2d(big, w)[0, 0].numpy()


def _power(p: Checkerboard, way: str) -> float:
    """Return the share of a row's power, its mean taken off, at the frequency 1/s."""
    y = _interior(_way(p, way) @ np.ones(p.size), p)
    y = y[: len(y) // p.stride * p.stride]
    spectrum = np.abs(np.fft.rfft(y)) ** 2
    return float(spectrum[len(y) // p.stride] / spectrum[0])


def _line_power(counts: Array) -> float:
    waves = np.exp(-2j * np.pi * np.arange(len(counts)) / len(counts))
    return float(abs((counts * waves).sum()) ** 2 / counts.sum() ** 2)


def figure(p: Checkerboard, blank: Figure) -> None:
    """Draw the same picture upsampled both ways, and one row through the middle of each."""
    panels = blank.subplots(1, 4, width_ratios=[1, 1, 1, 1.25])
    shown = (
        (_input(p), f"in: {p.size} × {p.size}"),
        (_picture(p, "transposed"), f"transposed, k = {p.taps}, s = {p.stride}"),
        (_picture(p, "resized"), "resized, then convolved"),
    )
    for axes, (picture, title) in zip(panels, shown, strict=False):
        axes.imshow(picture, cmap="gray")
        axes.set_title(title, fontsize=9.5)
        axes.axis("off")
    rows = panels[3]
    for way, colour in (("transposed", RED), ("resized", BLUE)):
        y = _way(p, way) @ np.ones(p.size)
        rows.plot(np.arange(len(y)) - len(y) / 2, y, ".-", color=colour, label=way, linewidth=1)
    rows.axhline(1, color=GREY, linestyle=":", linewidth=1)
    rows.set_xlabel("place")
    rows.set_ylabel("output on a constant 1")
    rows.set_title("a constant stays one?", fontsize=9.5)
    rows.set_ylim(0, 2.2)
    rows.legend(loc="upper right")


ITEMS: dict[str, Item] = {
    "checkerboard": Item(
        name="checkerboard",
        title="The checkerboard of stride 2, measured, and resize-convolution without it",
        derivation="on a constant, output i sums the taps j ≡ i mod s: s different sums, repeated",
        parameters=Checkerboard,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(11.0, 3.3),
    )
}
