"""The papers' flows, as compositions: from data to z ~ N(0, I) of shape (N, D)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import nn

from counterplay.errors import UserError
from counterplay.networks.flows.base import Chain, Inverse, Transform
from counterplay.networks.flows.coupling import Coupling, channels, checkerboard, every_other
from counterplay.networks.flows.linear import ActNorm, InvertibleLinear
from counterplay.networks.flows.masked import Autoregressive
from counterplay.networks.flows.pictures import ConvNet, MultiScale, Squeeze, after_stages
from counterplay.networks.flows.univariate import Univariate, additive, affine, spline
from counterplay.networks.mlp import MLP

__all__ = ["PICTURES", "VECTORS", "coupled", "glow", "inverse_of", "masked", "mixed", "real_nvp"]


def coupled(
    dim: int, hidden: Sequence[int], blocks: int = 6, univariate: Univariate = affine
) -> Transform:
    """Return couplings of alternating halves, each after an activation norm, for vectors.

    NICE with ``additive``, Real NVP with ``affine``, a neural spline flow with ``spline()``.
    """
    _check_width(dim)
    steps = []
    for k in range(blocks):
        net = _perceptron(dim, hidden, univariate.width)
        steps += [ActNorm(dim), Coupling(net, every_other(dim, k % 2 == 1), univariate)]
    return Chain(*steps, ActNorm(dim))


def mixed(
    dim: int, hidden: Sequence[int], blocks: int = 6, univariate: Univariate = affine
) -> Transform:
    """Return Glow's steps on vectors: activation norm, invertible linear map, coupling."""
    _check_width(dim)
    steps = []
    for _ in range(blocks):
        net = _perceptron(dim, hidden, univariate.width)
        steps += [ActNorm(dim), InvertibleLinear(dim), Coupling(net, every_other(dim), univariate)]
    return Chain(*steps, ActNorm(dim))


def masked(
    dim: int, hidden: Sequence[int], blocks: int = 5, univariate: Univariate = affine
) -> Transform:
    """Return masked autoregressive transforms, every second one in the reversed order."""
    steps = []
    for k in range(blocks):
        order = range(dim) if k % 2 == 0 else range(dim - 1, -1, -1)
        steps += [ActNorm(dim), Autoregressive(list(order), hidden, univariate)]
    return Chain(*steps, ActNorm(dim))


def inverse_of(make: Callable[..., Transform]) -> Callable[..., Transform]:
    """Return ``make``'s flow the other way round; of :func:`masked` it is the inverse one."""
    return lambda *args, **options: Inverse(make(*args, **options))


def real_nvp(shape: Sequence[int], hidden: int = 32, scales: int = 2, blocks: int = 3) -> Transform:
    """Return Real NVP for pictures (C, H, W): checkerboard, squeeze, channel couplings, a scale.

    Density estimation using Real NVP (Dinh et al. 2016, arXiv 1605.08803), section 3.6, with small
    convolutional nets in the place of residual ones and activation in the place of batch norm.
    """
    _check_sides(shape, scales)
    stages = []
    for k in range(scales):
        count, height, width = _before(shape, k)
        fine = [checkerboard(height, width, odd % 2 == 1) for odd in range(blocks)]
        coarse = [channels(4 * count, odd % 2 == 1) for odd in range(blocks)]
        steps = [*_steps(count, fine, hidden), Squeeze(), *_steps(4 * count, coarse, hidden)]
        stages.append(Chain(*steps, ActNorm(4 * count)))
    return MultiScale(stages, shape)


def glow(shape: Sequence[int], hidden: int = 32, scales: int = 2, blocks: int = 4) -> Transform:
    """Return Glow for pictures (C, H, W): squeeze, then steps with invertible 1 × 1 convolutions.

    Glow (Kingma, Dhariwal 2018, arXiv 1807.03039), figure 2, with a prior of N(0, I) throughout.
    """
    _check_sides(shape, scales)
    stages = []
    for k in range(scales):
        count = 4 * _before(shape, k)[0]
        steps = []
        for _ in range(blocks):
            net = ConvNet(count, hidden, affine.width)
            steps += [ActNorm(count), InvertibleLinear(count), Coupling(net, channels(count))]
        stages.append(Chain(Squeeze(), *steps, ActNorm(count)))
    return MultiScale(stages, shape)


VECTORS: dict[str, Callable[[int, Sequence[int]], Transform]] = {
    "nice": lambda dim, hidden: coupled(dim, hidden, univariate=additive),
    "real-nvp": coupled,
    "spline": lambda dim, hidden: coupled(dim, hidden, univariate=spline()),
    "glow": mixed,
    "maf": masked,
    "iaf": inverse_of(masked),
    "masked-spline": lambda dim, hidden: masked(dim, hidden, univariate=spline()),
}
"""Name -> flow of vectors, from (dimensions, hidden widths)."""

PICTURES: dict[str, Callable[..., Transform]] = {"real-nvp": real_nvp, "glow": glow}
"""Name -> flow of pictures, from (C, H, W)."""


def _steps(count: int, masks: Sequence, hidden: int) -> list[Transform]:
    steps = []
    for mask in masks:
        steps += [ActNorm(count), Coupling(ConvNet(count, hidden, affine.width), mask)]
    return steps


def _perceptron(dim: int, hidden: Sequence[int], width: int) -> MLP:
    net = MLP([dim, *hidden, dim * width])
    last = list(net.parameters())[-2]  # the last bias is zero already
    nn.init.zeros_(last)
    return net


def _before(shape: Sequence[int], stage: int) -> tuple[int, int, int]:
    channels, height, width = after_stages(shape, stage)
    return channels // 2, height, width


def _check_width(dim: int) -> None:
    if dim < 2:
        raise UserError(f"a coupling needs two numbers to couple; the data has {dim}; take 'maf'")


def _check_sides(shape: Sequence[int], scales: int) -> None:
    if any(side % 2**scales for side in shape[1:]):
        raise UserError(
            f"{scales} scales halve the sides {scales} times; seen: {shape[1]} × {shape[2]} "
            f"pixels; take fewer scales, or pictures whose sides divide by {2**scales}"
        )
