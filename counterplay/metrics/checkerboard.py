r"""The checkerboard artefact: a pattern of period two in what a generator makes.

Notation: a picture x of H × W pixels, cut into windows of T × T, T even; the *phase* of a pixel is
(row mod 2, column mod 2). In each window and channel, with V the variance of all pixels and B that
of the four phases' means, the figure is

    checkerboard = E B / E V  in [0, 1],

over windows, channels and pictures. By Parseval's identity B is the energy of the window's Fourier
coefficients at the three frequencies (π, 0), (0, π) and (π, π), and V that of all but the constant:
the figure is the share of energy at the frequencies of a checkerboard. White noise has
3 / (T² − 1), a checkerboard 1, smooth pictures near 0. Small windows find patterns that come and
go over a picture.

Transposed convolutions weigh the phases differently, all the more so where the kernel is no
multiple of the stride: Deconvolution and Checkerboard Artifacts (Odena et al. 2016,
doi 10.23915/distill.00003).
"""

from __future__ import annotations

from torch import Tensor

from counterplay.errors import UserError

__all__ = ["checkerboard"]


def checkerboard(x: Tensor, window: int | None = None) -> float:
    """Return the share of energy at the frequencies of a checkerboard.

    Args:
        x: pictures, (N, C, H, W), of any scale; what is left over of a last window is left out.
        window: T, even; the whole picture by default (without an odd last row and column).

    Raises:
        UserError: when the window is odd or does not fit, or all pictures are constant.
    """
    window = min(x.shape[2:]) // 2 * 2 if window is None else window
    if window < 2 or window % 2 or x.ndim != 4 or min(x.shape[2:]) < window:
        raise UserError(
            f"a window of {window} pixels was asked for on pictures of shape {tuple(x.shape)}; "
            "an even one that fits into (N, C, H, W) would work"
        )
    tiles = x.detach().double().unfold(2, window, window).unfold(3, window, window)
    halves = tiles.unflatten(-1, (-1, 2)).unflatten(-3, (-1, 2))  # (…, T/2, 2, T/2, 2)
    phases = halves.mean((-4, -2)).flatten(-2)
    whole = tiles.flatten(-2).var(-1, correction=0).mean()
    if not bool(whole > 0):
        raise UserError("every window of the pictures is constant: it has no energy to share out")
    return float(phases.var(-1, correction=0).mean() / whole)
