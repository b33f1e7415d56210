r"""1-D convolution and its transpose as matrices.

A convolution of n numbers by a kernel w of k taps (what networks call so: no flip), stride s, zero
padding p and dilation d is the matrix

    C[i, i s + j d − p] = w_j,   m = ⌊(n + 2p − d(k − 1) − 1)/s⌋ + 1 rows,

and the transposed convolution by the same kernel is Cᵀ: every input spreads a copy of w, s places
from its neighbour's, and what overlaps adds up. It has (m − 1)s − 2p + d(k − 1) + 1 outputs. It
undoes the shape, not the values: CᵀC is not the identity. A guide to convolution arithmetic for
deep learning (Dumoulin, Visin 2016, arXiv 1603.07285).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterplay.errors import UserError
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ITEMS", "Convolution", "matrix", "transposed_matrix"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Convolution:
    """A convolution of one channel on a line."""

    inputs: int = 4
    """Numbers n that go in; the transposed convolution has as many inputs of its own."""
    kernel: tuple[float, ...] = (1.0, 2.0, 3.0)
    """The taps w."""
    stride: int = 2
    """Stride s."""
    padding: int = 1
    """Zeros p put at either end; the transposed convolution cuts as many off."""
    dilation: int = 1
    """Distance d of the taps."""


def matrix(n: int, w: Array, stride: int = 1, padding: int = 0, dilation: int = 1) -> Array:
    """Return C, (m, n): one row an output, the kernel moved on by the stride.

    >>> matrix(4, np.array([1.0, 2, 3]), padding=1).astype(int).tolist()
    [[2, 3, 0, 0], [1, 2, 3, 0], [0, 1, 2, 3], [0, 0, 1, 2]]
    >>> matrix(4, np.array([1.0, 2, 3]), stride=2, padding=1).astype(int).tolist()
    [[2, 3, 0, 0], [0, 1, 2, 3]]

    Raises:
        UserError: when the kernel is longer than the padded input.
    """
    reach = dilation * (len(w) - 1) + 1
    if n + 2 * padding < reach:
        raise UserError(f"a kernel of reach {reach} does not fit {n} inputs padded by {padding}")
    rows = (n + 2 * padding - reach) // stride + 1
    wide = np.zeros((rows, n + 2 * padding))
    for i in range(rows):
        wide[i, i * stride + dilation * np.arange(len(w))] = w
    return wide[:, padding : padding + n]


def transposed_matrix(
    n: int, w: Array, stride: int = 1, padding: int = 0, dilation: int = 1
) -> Array:
    """Return T, (m, n), of the transposed convolution of ``n`` inputs: a column an input.

    >>> transposed_matrix(2, np.array([1.0, 2, 3]), stride=2).astype(int).tolist()
    [[1, 0], [2, 0], [3, 1], [0, 2], [0, 3]]

    Raises:
        UserError: when the padding cuts all outputs off.
    """
    size = (n - 1) * stride + dilation * (len(w) - 1) + 1 - 2 * padding
    if size < 1:
        raise UserError(f"padding {padding} cuts off all {size + 2 * padding} outputs")
    return matrix(size, w, stride, padding, dilation)[:n].T


def _kernel(p: Convolution) -> Array:
    inside("inputs", p.inputs, 1, 256)
    inside("taps of the kernel", len(p.kernel), 1, 64)
    inside("stride", p.stride, 1, 16)
    inside("padding", p.padding, 0, 64)
    inside("dilation", p.dilation, 1, 16)
    return np.array(p.kernel, dtype=np.float64)


def _both(p: Convolution) -> tuple[Array, Array]:
    w, more = _kernel(p), (p.stride, p.padding, p.dilation)
    return matrix(p.inputs, w, *more), transposed_matrix(p.inputs, w, *more)


def compute(p: Convolution) -> dict[str, Value]:
    """Return both matrices' shapes, and what they make of 1, 2, 3, …."""
    C, T = _both(p)
    x = np.arange(1.0, p.inputs + 1)
    return {
        "outputs of the convolution": Value(float(len(C)), 0, "rows of C"),
        "convolution of 1, 2, 3, …": Value(C @ x, 0, "C x"),
        "outputs of the transposed": Value(float(len(T)), 0, "rows of T"),
        "transposed convolution of 1, 2, 3, …": Value(T @ x, 0, "T x"),
        "singular values of C": Value(np.linalg.svd(C, compute_uv=False), 0, "SVD"),
    }


def checks(p: Convolution) -> list[Check]:
    """Return both matrices against PyTorch on random inputs, and against each other."""
    C, T = _both(p)
    far = [_against_torch(p, A, f) for A, f in ((C, "conv1d"), (T, "conv_transpose1d"))]
    everywhere = max(
        _against_torch(q, A, f)
        for q in _grid()
        for A, f in zip(_both(q), ("conv1d", "conv_transpose1d"), strict=True)
    )
    w, more = _kernel(p), (p.stride, p.padding, p.dilation)
    back = matrix(len(T), w, *more)[: p.inputs]
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=len(T)), rng.normal(size=p.inputs)
    how = "matrix against PyTorch on random inputs"
    return [
        Check("convolution", far[0], 0, 1e-12, how),
        Check("transposed convolution", far[1], 0, 1e-12, how),
        Check("stride, padding and dilation 1 to 3", everywhere, 0, 1e-12, how),
        Check("⟨Cx, y⟩ = ⟨x, Cᵀy⟩", float((back @ x) @ y), float(x @ (T @ y)), 1e-12, ADJOINT),
    ]


ADJOINT = "convolution against the transposed one"


def _grid() -> list[Convolution]:
    three = (1, 2, 3)
    return [
        Convolution(10, (0.3, -1.0, 2.0, 0.7)[:taps], stride, padding, dilation)
        for taps in (2, 3, 4)
        for stride in three
        for padding in (0, 1, 2)
        for dilation in three
    ]


def _against_torch(p: Convolution, A: Array, name: str) -> float:
    import torch

    x = np.random.default_rng(1).normal(size=p.inputs)
    found = getattr(torch.nn.functional, name)(
        torch.tensor(x)[None, None],
        torch.tensor(_kernel(p))[None, None],
        stride=p.stride,
        padding=p.padding,
        dilation=p.dilation,
    )[0, 0].numpy()
    return float(np.abs(found - A @ x).max()) if found.shape == (len(A),) else np.inf


def figure(p: Convolution, blank: Figure) -> None:
    """Draw both matrices with their numbers, as products with the input."""
    C, T = _both(p)
    left, right = blank.subplots(1, 2, width_ratios=[1, 1])
    shape = f"stride {p.stride}, padding {p.padding}, dilation {p.dilation}"
    _grid_of_numbers(left, C, f"convolution C: {C.shape[1]} → {C.shape[0]}\n{shape}")
    _grid_of_numbers(right, T, f"transposed convolution: {T.shape[1]} → {T.shape[0]}\n{shape}")


def _grid_of_numbers(axes: Axes, A: Array, title: str) -> None:
    top = float(np.abs(A).max())
    axes.imshow(np.where(A == 0, np.nan, A), cmap="PuBu", vmin=-top / 2, vmax=1.6 * top)
    for (i, j), value in np.ndenumerate(A):
        if A.size <= 400:
            axes.text(j, i, f"{value:g}", ha="center", va="center", alpha=1 if value else 0.3)
    axes.set_xticks(range(A.shape[1]), [f"x{j + 1}" for j in range(A.shape[1])])
    axes.set_yticks(range(A.shape[0]), [f"y{i + 1}" for i in range(A.shape[0])])
    axes.set_xticks(np.arange(A.shape[1] + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(A.shape[0] + 1) - 0.5, minor=True)
    axes.grid(visible=False)
    axes.grid(visible=True, which="minor")
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_visible(False)
    axes.set_title(title)


ITEMS: dict[str, Item] = {
    "convolution": Item(
        name="convolution",
        title="1-D convolution and transposed convolution as matrices",
        derivation="C[i, is + jd − p] = w_j; the transposed one is Cᵀ: copies of w that add up",
        parameters=Convolution,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(8.4, 4.2),
    )
}
