"""Features: what a metric looks at. Examples as networks see them in, float32 (N, F) out.

The order of preference: vectors are their own features (:func:`raw`); for labelled images a
classifier trained on them (:func:`counterplay.metrics.judge.judge`); without labels a random
convolution *and* principal components, both reported, since each is blind to something: random
convolutions hardly see half of the classes go, principal components take blur for quality.

Every extractor has features of order one (one scale for all of them, so that distances keep their
proportions), changes no state, and works in chunks.
"""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics.checks import CHUNK, check_finite, column_means, double

__all__ = ["Extractor", "Features", "inception", "pca", "random_convolution", "raw"]

PIXELS = 1 << 19
"""How many numbers of input go through an extractor at a time."""


class Features(Protocol):
    """Anything with a name that turns examples into features."""

    @property
    def name(self) -> str:
        """The name metrics are reported under, as in ``frechet/pca``."""
        ...

    def __call__(self, x: Tensor, /) -> Tensor:
        """Turn examples (N, C, H, W) or (N, D) into float32 features (N, F), on their device."""
        ...


@dataclass(frozen=True)
class Extractor:
    """Features by a pure function of a chunk of examples."""

    name: str
    extract: Callable[[Tensor], Tensor] = field(repr=False)
    shape: tuple[int, ...] | None = None
    """The shape of one example, where the function is made for one."""

    @torch.no_grad()
    def __call__(self, x: Tensor) -> Tensor:
        """Turn examples into float32 features (N, F), chunk by chunk.

        Raises:
            UserError: when the examples have another shape than the extractor was made for, when
                there are none, or a value is not finite.
        """
        if self.shape is not None and tuple(x.shape[1:]) != self.shape:
            raise UserError(
                f"features {self.name!r} are for examples of shape {self.shape}, "
                f"got {tuple(x.shape[1:])}: compare samples of one size and channel count"
            )
        if len(x) == 0:
            raise UserError(f"features {self.name!r} were asked for no examples: give at least one")
        check_finite(x, f"the sample given to features {self.name!r}")
        rows = max(1, PIXELS // max(1, x[0].numel()))
        return torch.cat([self.extract(part.float()) for part in x.split(rows)])


def raw() -> Extractor:
    """Return the examples themselves, flattened: for vectors, which are standardised already."""
    return Extractor("raw", lambda x: x.flatten(1))


@torch.no_grad()
def pca(train: Tensor, components: int = 64, seed: int = 0) -> Extractor:
    """Return the leading principal components of ``train``, at most ``components``.

    Components with a standard deviation below 1e-3 of the first one's (dead pixels, constant
    columns) are dropped. All are divided by one number, the root of the mean variance kept: they
    are not whitened, which would blow up what hardly varies.

    Exact up to 2,048 input dimensions; beyond, by randomised subspace iteration on at most 4,096
    seeded examples (Halko, Martinsson and Tropp, 2011, arXiv:0909.4061).

    Raises:
        UserError: with fewer than 2 examples, non-finite values, or no variation at all.
    """
    shape = tuple(train.shape[1:])
    if len(train) < 2:
        raise UserError(f"principal components of {len(train)} examples: give at least 2")
    flat = check_finite(train.detach(), "the training sample").flatten(1)
    if flat.shape[1] > 2048 and len(flat) > 4096:
        flat = flat[torch.randperm(len(flat), generator=generator(seed, "pca"))[:4096]]
    mean = column_means(flat)
    decompose = _exact_axes if flat.shape[1] <= 2048 else _leading_axes
    variance, axes = decompose(flat, mean, min(components, flat.shape[1]), seed)
    kept = variance > 1e-6 * variance.max()
    if not kept.any():
        raise UserError(f"all {len(train)} training examples are equal: there are no components")
    scale = variance[kept].mean().sqrt()
    mean, axes = mean.float(), (axes[:, kept] / scale).float()
    return Extractor("pca", lambda x: (x.flatten(1) - mean.to(x.device)) @ axes.to(x.device), shape)


def _exact_axes(x: Tensor, mean: Tensor, count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Return (variances, axes (D, count)) of the leading components, largest first."""
    covariance = mean.new_zeros(len(mean), len(mean))
    for part in x.split(CHUNK):
        centred = double(part) - mean
        covariance.addmm_(centred.T, centred)
    values, vectors = torch.linalg.eigh(covariance / (len(x) - 1))
    return values.flip(0)[:count], vectors.flip(1)[:, :count]


def _leading_axes(x: Tensor, mean: Tensor, count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Return the same as :func:`_exact_axes`, nearly, without the (D, D) covariance."""
    wanted = min(count, len(x) - 1)
    mean = mean.to(x)
    axes = torch.randn(len(mean), wanted + 16, generator=generator(seed, "axes")).to(x)
    for _ in range(6):
        axes, _ = torch.linalg.qr(axes)
        axes = _times_covariance(x, mean, axes)
    axes, _ = torch.linalg.qr(axes)
    inner = axes.T @ _times_covariance(x, mean, axes)
    values, vectors = torch.linalg.eigh(double(inner))
    return values.flip(0)[:wanted], (double(axes) @ vectors.flip(1))[:, :wanted]


def _times_covariance(x: Tensor, mean: Tensor, axes: Tensor) -> Tensor:
    product = torch.zeros_like(axes)
    for part in x.split(256):
        centred = part - mean
        product.addmm_(centred.T, centred @ axes)
    return product / (len(x) - 1)


def random_convolution(channels: int, size: int, seed: int = 0) -> Extractor:
    """Return the features of a fixed, seeded, untrained convolutional network: 448 numbers.

    Three 3×3 convolutions of 16, 32 and 64 channels, each halving the side where it is above 4
    (and the first one reading every second pixel from size 65 on); from each, the mean over the
    four quarters of the image of the rectified activations. Weights are He-normal. Naeem et al.
    (2020, arXiv:2002.09797) argue for such an embedding away from natural images.

    Raises:
        UserError: for a size below 8 or without channels.
    """
    if size < 8 or channels < 1:
        raise UserError(
            f"random convolution features of {channels} channels at size {size}: "
            "images have at least 1 channel and 8×8 pixels"
        )
    rng = generator(seed, "random convolution", channels)
    widths = (channels, 16, 32, 64)
    weights = [
        torch.randn(after, before, 3, 3, generator=rng) * (2 / (9 * before)) ** 0.5
        for before, after in itertools.pairwise(widths)
    ]

    def extract(x: Tensor) -> Tensor:
        quarters, stride = [], 2 if size > 64 else 1
        for weight in weights:
            seen = functional.conv2d(x, weight.to(x.device), stride=stride, padding=1)
            x = functional.leaky_relu(seen, 0.2)
            quarters.append(functional.adaptive_avg_pool2d(x, 2).flatten(1))
            x, stride = functional.avg_pool2d(x, 2) if x.shape[-1] > 4 else x, 1
        return torch.cat(quarters, 1)

    return Extractor("convolution", extract, (channels, size, size))


def inception() -> Extractor:
    """Return torchvision's Inception v3 pool features (2,048), where it and its weights exist.

    Optional: torchvision is no requirement, its weights are downloaded by torchvision itself, and
    images are resized to 299 with antialiasing. Figures are comparable only with others of this
    backend: the resize and the weights of published FID differ.

    Raises:
        UserError: when torchvision cannot be imported or its weights cannot be had.
    """
    try:
        models = importlib.import_module("torchvision.models")
        network = models.inception_v3(weights=models.Inception_V3_Weights.IMAGENET1K_V1)
    except (ImportError, OSError, RuntimeError) as error:
        raise UserError(
            f"Inception features need torchvision and its weights ({error}): install torchvision, "
            "or use judge, pca or random_convolution features"
        ) from error
    network.fc = torch.nn.Identity()
    network.eval().requires_grad_(False)

    def extract(x: Tensor) -> Tensor:
        colour = x.expand(-1, 3, -1, -1) if x.shape[1] == 1 else x
        wide = functional.interpolate(colour, size=299, mode="bilinear", antialias=True)
        return network.to(x.device)(wide)

    return Extractor("inception", extract)
