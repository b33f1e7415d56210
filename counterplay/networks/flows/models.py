"""The papers' flows, as compositions: from data to z ~ N(0, I) of shape (N, D)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from counterplay.errors import UserError
from counterplay.networks.flows.base import Chain, Inverse, Transform
from counterplay.networks.flows.coupling import Coupling, channels, checkerboard, every_other
from counterplay.networks.flows.linear import ActNorm, InvertibleLinear
from counterplay.networks.flows.masked import Autoregressive
from counterplay.networks.flows.nets import ConvNet, Perceptron
from counterplay.networks.flows.pictures import MultiScale, Squeeze, after_stages
from counterplay.networks.flows.univariate import Univariate, additive, affine, spline

__all__ = [
    "PICTURES",
    "VECTORS",
    "coupled",
    "dequantiser",
    "glow",
    "inverse_of",
    "masked",
    "mixed",
    "real_nvp",
    "with_map",
]


def coupled(
    dim: int,
    hidden: Sequence[int],
    blocks: int = 6,
    univariate: Univariate = affine,
    context: int = 0,
    dropout: float = 0.0,
) -> Transform:
    """Return couplings of alternating halves, each after an activation norm, for vectors.

    NICE with ``additive``, Real NVP with ``affine``, a neural spline flow with ``spline()``.
    """
    _check_width(dim)
    steps = []
    for k in range(blocks):
        net = Perceptron(dim, hidden, univariate.width, context, dropout)
        steps += [ActNorm(dim), Coupling(net, every_other(dim, k % 2 == 1), univariate)]
    return Chain(*steps, ActNorm(dim))


def mixed(
    dim: int,
    hidden: Sequence[int],
    blocks: int = 6,
    univariate: Univariate = affine,
    context: int = 0,
    dropout: float = 0.0,
) -> Transform:
    """Return Glow's steps on vectors: activation norm, invertible linear map, coupling.

    With ``spline()`` they are those of Neural Spline Flows (Durkan et al. 2019, arXiv 1906.04032).
    """
    _check_width(dim)
    steps = []
    for _ in range(blocks):
        net = Perceptron(dim, hidden, univariate.width, context, dropout)
        steps += [ActNorm(dim), InvertibleLinear(dim), Coupling(net, every_other(dim), univariate)]
    return Chain(*steps, ActNorm(dim))


def masked(
    dim: int,
    hidden: Sequence[int],
    blocks: int = 5,
    univariate: Univariate = affine,
    context: int = 0,
) -> Transform:
    """Return masked autoregressive transforms, every second one in the reversed order."""
    steps = []
    for k in range(blocks):
        order = range(dim) if k % 2 == 0 else range(dim - 1, -1, -1)
        steps += [ActNorm(dim), Autoregressive(list(order), hidden, univariate, context)]
    return Chain(*steps, ActNorm(dim))


def inverse_of(make: Callable[..., Transform]) -> Callable[..., Transform]:
    """Return ``make``'s flow the other way round; of :func:`masked` it is the inverse one."""
    return lambda *args, **options: Inverse(make(*args, **options))


def real_nvp(
    shape: Sequence[int], hidden: int = 32, scales: int = 2, blocks: int = 3, context: int = 0
) -> Transform:
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
        steps = [
            *_steps(count, fine, hidden, context),
            Squeeze(),
            *_steps(4 * count, coarse, hidden, context),
        ]
        stages.append(Chain(*steps, ActNorm(4 * count)))
    return MultiScale(stages, shape)


def glow(
    shape: Sequence[int], hidden: int = 32, scales: int = 2, blocks: int = 4, context: int = 0
) -> Transform:
    """Return Glow for pictures (C, H, W): squeeze, then steps with invertible 1 × 1 convolutions.

    Glow (Kingma, Dhariwal 2018, arXiv 1807.03039), figure 2, with a prior of N(0, I) throughout.
    """
    _check_sides(shape, scales)
    stages = []
    for k in range(scales):
        count = 4 * _before(shape, k)[0]
        steps = []
        for _ in range(blocks):
            net = ConvNet(count, hidden, affine.width, context)
            steps += [ActNorm(count), InvertibleLinear(count), Coupling(net, channels(count))]
        stages.append(Chain(Squeeze(), *steps, ActNorm(count)))
    return MultiScale(stages, shape)


def dequantiser(shape: Sequence[int], hidden: int = 32, blocks: int = 4) -> Transform:
    """Return couplings of the noise that is added to levels, whose context is the example.

    Flow++ (Ho et al. 2019, arXiv 1902.00275), section 3.1, with affine couplings.
    """
    if len(shape) == 1:
        return coupled(shape[0], [hidden, hidden], blocks, context=shape[0])
    count, height, width = shape
    steps = []
    for k in range(blocks):
        net = ConvNet(count, hidden, affine.width, count)
        steps.append(Coupling(net, checkerboard(height, width, k % 2 == 1)))
    return Chain(*steps)


def with_map(
    make: Callable[..., Transform], univariate: Callable[..., Univariate], *names: str
) -> Callable[..., Transform]:
    """Return ``make`` with the map that ``univariate`` makes of the options called ``names``."""

    def made(*args: Any, **options: Any) -> Transform:
        own = {name: options.pop(name) for name in names if name in options}
        return make(*args, univariate=univariate(**own), **options)

    return made


VECTORS: dict[str, Callable[..., Transform]] = {
    "nice": with_map(coupled, lambda: additive),
    "real-nvp": coupled,
    "spline": with_map(coupled, spline, "bins", "bound"),
    "glow": mixed,
    "mixed-spline": with_map(mixed, spline, "bins", "bound"),
    "maf": masked,
    "iaf": inverse_of(masked),
    "masked-spline": with_map(masked, spline, "bins", "bound"),
}
"""Name -> flow of vectors, from (dimensions, hidden widths), blocks and context."""

PICTURES: dict[str, Callable[..., Transform]] = {"real-nvp": real_nvp, "glow": glow}
"""Name -> flow of pictures, from (C, H, W), hidden, scales, blocks and context."""


def _steps(count: int, masks: Sequence, hidden: int, context: int) -> list[Transform]:
    steps = []
    for mask in masks:
        steps += [ActNorm(count), Coupling(ConvNet(count, hidden, affine.width, context), mask)]
    return steps


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
