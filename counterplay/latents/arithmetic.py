r"""Sums of latents: *man with glasses − man + woman = woman with glasses*.

With :math:`\bar z_A` the mean latent of a few examples that have something in common,
:math:`z = \bar z_A - \bar z_B + \bar z_C`. Single examples do not do; means of three or more do.
Unsupervised Representation Learning with Deep Convolutional GANs (Radford, Metz, Chintala 2015,
arXiv 1511.06434), section 6.3.2, who add U[−.25, .25] to show what is near.

A mean of many normal latents is nearly 0, and their sum shorter than any latent that a generator
has seen. ``norm`` scales the sum to the norm of a draw, sqrt(L): the direction is what was found.
"""

from __future__ import annotations

import torch
from torch import Tensor

from counterplay.errors import UserError

__all__ = ["analogy", "jittered"]


def analogy(a: Tensor, b: Tensor, c: Tensor, norm: float | None = None) -> Tensor:
    """Return mean(a) − mean(b) + mean(c), (1, L).

    Args:
        a: latents (N, L) of examples that have both what is wanted and what is not.
        b: (M, L), of examples that have what is not wanted.
        c: (K, L), of examples that have what shall stand in its place.
        norm: what the sum is scaled to, usually sqrt(L); ``None`` leaves it as it is.

    Raises:
        UserError: when one of them has no rows, or their widths differ.
    """
    for name, part in (("a", a), ("b", b), ("c", c)):
        if part.ndim != 2 or not len(part) or part.shape[1] != a.shape[1]:
            raise UserError(
                f"latents of shape {tuple(part.shape)} as {name}: each of the three sets takes one "
                f"latent or more, (N, {a.shape[-1]})"
            )
    z = a.mean(0, keepdim=True) - b.mean(0, keepdim=True) + c.mean(0, keepdim=True)
    return z if norm is None else z * (norm / z.norm(dim=1, keepdim=True).clamp(min=1e-30))


def jittered(z: Tensor, n: int, rng: torch.Generator, width: float = 0.25) -> Tensor:
    """Return ``n`` latents around ``z``, (1, L): z + U[−width, width], ``z`` itself first."""
    near = width * (2 * torch.rand(n, z.shape[1], generator=rng) - 1)
    near[:1] = 0
    return z + near.to(z)
