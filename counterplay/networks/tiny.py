"""Tiny convolutional networks: a generator of a few ten thousand weights, a critic of a thousand.

A critic that is weaker than its generator is what makes modes go: the networks on which Unrolled
Generative Adversarial Networks (Metz et al. 2017, arXiv 1611.02163, appendix) and PacGAN (Lin et
al. 2018, arXiv 1712.04086, Table 3) count the modes of stacked digits. Their numbers are those of
28 × 28: grids of 4, 7, 14 and 28, each half of the next, rounded up; any other size is halved
likewise until nothing above 4 is left.
"""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from counterplay.networks.dcgan import NORMS

__all__ = ["TinyCritic", "TinyGenerator", "grids"]


def grids(size: int, least: int = 4) -> list[int]:
    """Return the sides from the image inwards: each half of the one before, rounded up.

    >>> grids(28), grids(32), grids(8)
    ([28, 14, 7, 4], [32, 16, 8, 4], [8, 4])
    """
    sides = [size]
    while sides[-1] > least:
        sides.append((sides[-1] + 1) // 2)
    return sides


class TinyGenerator(nn.Module):
    """Latents to images: (N, latent) -> (N, channels, size, size) in [-1, 1].

    A linear layer, a transposed convolution of 3 × 3 on to each larger grid, a convolution of
    3 × 3 on the last; batch norm and ReLU between them.

    Args:
        latent: width of z.
        channels: channels of the image.
        size: height and width of the image.
        width: channels on the image's own grid; they double on each smaller one.
    """

    def __init__(self, latent: int, channels: int, size: int, width: int = 8) -> None:
        super().__init__()
        sides = grids(size)[::-1]
        wide = [width * 2**i for i in range(len(sides))][::-1]
        self.start = (wide[0], sides[0], sides[0])
        self.project = nn.Linear(latent, wide[0] * sides[0] ** 2)
        layers: list[nn.Module] = [nn.BatchNorm2d(wide[0]), nn.ReLU()]
        for (before, after), (small, large) in zip(pairwise(wide), pairwise(sides), strict=True):
            odd = large - (2 * small - 1)
            layers += [nn.ConvTranspose2d(before, after, 3, 2, 1, output_padding=odd)]
            layers += [nn.BatchNorm2d(after), nn.ReLU()]
        self.body = nn.Sequential(*layers, nn.Conv2d(wide[-1], channels, 3, 1, 1), nn.Tanh())
        self.apply(_small_weights)

    def forward(self, z: Tensor) -> Tensor:
        """Return images."""
        return self.body(self.project(z).view(-1, *self.start))


class TinyCritic(nn.Module):
    """Images to one value: (N, channels, size, size) -> (N,).

    A convolution of 3 × 3 and stride 2 on to each smaller grid, a norm and leaky ReLU of slope 0.3
    after each of them, and a linear layer.

    Args:
        channels: channels of the image.
        size: height and width of the image.
        width: channels on the largest grid; they double on each smaller one.
        norm: a key of :data:`counterplay.networks.dcgan.NORMS`.
    """

    def __init__(self, channels: int, size: int, width: int = 2, norm: str = "batch") -> None:
        super().__init__()
        wrap, follow = NORMS[norm]
        sides = grids(size)[1:]
        wide = [channels, *(width * 2**i for i in range(len(sides)))]
        layers: list[nn.Module] = []
        for before, after in pairwise(wide):
            layers += [wrap(nn.Conv2d(before, after, 3, 2, 1)), follow(after), nn.LeakyReLU(0.3)]
        layers += [nn.Flatten(), wrap(nn.Linear(wide[-1] * sides[-1] ** 2, 1))]
        self.body = nn.Sequential(*layers)
        # Without a norm weights of N(0, 0.02²) make a critic whose values and slopes vanish.
        self.apply(_kept_variance if norm == "none" else _small_weights)

    def forward(self, x: Tensor) -> Tensor:
        """Return the critic's value."""
        return self.body(x).squeeze(1)


def _small_weights(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
        weight = module.weight if "weight" in module._parameters else None
        if weight is not None:
            nn.init.normal_(weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def _kept_variance(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d | nn.Linear):
        nn.init.kaiming_normal_(module.weight, 0.3)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
