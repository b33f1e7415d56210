r"""Path length: how far features move when a latent does.

.. math:: l = E \, |f(g(z_{t + \varepsilon})) - f(g(z_t))|^2 / \varepsilon^2

along the way from one latent to another, t uniform: the mean squared speed. Smooth latent spaces
have a small one, and one that jumps between modes a large one; it says nothing by itself of
quality. Features are one's own (the published figure takes a VGG network's), so the value is
comparable only with others of the same features. Nothing is rounded to bytes on the way, which
would be all that is seen at this ε.

Source: A style-based generator architecture for generative adversarial networks (Karras et al.,
2019, arXiv:1812.04948).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics.checks import double
from counterplay.metrics.features import Features
from counterplay.metrics.intervals import mean_interval
from counterplay.metrics.measured import Measured

__all__ = ["path_length"]

EPSILON = 1e-2
"""Of the way: large enough that float32 pictures differ by more than their rounding."""


@torch.no_grad()
def path_length(
    render: Callable[[Tensor], Tensor],
    start: Tensor,
    end: Tensor,
    way: Callable[[Tensor, Tensor, Tensor], Tensor],
    features: Features,
    *,
    epsilon: float = EPSILON,
    seed: int = 0,
    chunk: int = 256,
) -> Measured:
    """Return the mean squared speed of features along ways between latents.

    Args:
        render: latents (n, …) -> examples.
        start: latents at t = 0, (N, …).
        end: latents at t = 1, (N, …).
        way: (start, end, t of shape (n,)) -> latents: a line or an arc.
        features: what distances are taken in.
        epsilon: the step.
        seed: of the positions t.
        chunk: how many ways at a time.

    Raises:
        UserError: when there are fewer than two ways, their ends differ in shape, or the step is
            not between 0 and 1.
    """
    if len(start) < 2 or start.shape != end.shape or not 0 < epsilon < 1:
        raise UserError(
            f"path lengths between latents {tuple(start.shape)} and {tuple(end.shape)} by steps of "
            f"{epsilon}: give two or more pairs, and a step between 0 and 1"
        )
    t = torch.rand(len(start), generator=generator(seed, "path length")).to(start.device)
    t = t * (1 - epsilon)
    found = []
    for a, b, at in zip(start.split(chunk), end.split(chunk), t.split(chunk), strict=True):
        here, there = (double(features(render(way(a, b, s)))) for s in (at, at + epsilon))
        found.append((there - here).square().sum(1) / epsilon**2)
    each = torch.cat(found)
    return Measured(float(each.mean()), mean_interval(each), about=(("epsilon", epsilon),))
