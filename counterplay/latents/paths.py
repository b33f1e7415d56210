r"""Paths between two latents.

*lerp*: :math:`(1 - t)\,a + t\,b`, the straight line. Its middle is too near the origin: of two
independent draws of N(0, I_d) the midpoint has norm :math:`\sqrt{d / 2}`, where a generator has
hardly ever been.

*slerp*: with :math:`\cos\omega = a \cdot b / (\|a\| \|b\|)`,

.. math:: \frac{\sin((1 - t)\,\omega)}{\sin\omega}\, a + \frac{\sin(t\,\omega)}{\sin\omega}\, b,

which stays at the norm of its ends: the path for a normal latent. Sampling Generative Networks
(White 2016, arXiv 1609.04468); Shoemake (1985) for rotations. For latents uniform on a cube and for
styles, which fill a convex set, the straight line is the one that stays inside. Between two
categories, written as one-hot vectors, nothing was learnt: there the *nearer* end's is taken. A
latent of several parts goes along the path of each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.game import Law
from counterplay.laws import Labels, Normal

__all__ = ["PATHS", "Parted", "Way", "lerp", "nearer", "path", "slerp", "way"]

Where = Tensor | float
"""Between 0 (a) and 1 (b): one number, or one a row, (N,)."""

Way = Callable[[Tensor, Tensor, Where], Tensor]
"""(a, b, t) -> the point at t."""


@runtime_checkable
class Parted(Protocol):
    """A law of several laws' draws side by side."""

    @property
    def parts(self) -> Sequence[Any]:
        """The laws, in order; of a category, the law of its index."""
        ...

    def split(self, z: Tensor) -> Sequence[Tensor]:
        """Return what is each law's of latents (N, L)."""
        ...


_PARALLEL = 1e-4


def lerp(a: Tensor, b: Tensor, t: Where) -> Tensor:
    """Return (1 − t) a + t b, shaped as ``a``, (N, …)."""
    t = _each(t, a)
    return (1 - t) * a + t * b


def slerp(a: Tensor, b: Tensor, t: Where) -> Tensor:
    """Return the point at ``t`` on the arc from ``a`` to ``b``, row by row, shaped as ``a``.

    Rows that are parallel, opposite or zero have no arc of their own: between them it is a line.
    """
    t = _each(t, a)
    one, two = a.flatten(1), b.flatten(1)
    norms = one.norm(dim=1) * two.norm(dim=1)
    cosine = ((one * two).sum(1) / norms.clamp(min=1e-30)).clamp(-1, 1)
    omega = _each(cosine.acos(), a)
    sine = omega.sin()
    flat = (sine < _PARALLEL) | _each(norms == 0, a).bool()
    safe = torch.where(flat, torch.ones_like(sine), sine)
    arc = ((1 - t) * omega).sin() / safe * a + (t * omega).sin() / safe * b
    return torch.where(flat, lerp(a, b, t), arc)


def nearer(a: Tensor, b: Tensor, t: Where) -> Tensor:
    """Return ``a`` in the first half of the way and ``b`` from its middle, shaped as ``a``."""
    return torch.where(_each(t, a) < 0.5, a, b)


PATHS: dict[str, Way] = {"line": lerp, "arc": slerp}
"""Path's name -> the path."""


def way(law: Law | Labels) -> Way:
    """Return the path that a law's latents ask for: see the head of this file."""
    if isinstance(law, Parted):
        return _beside(law)
    return slerp if isinstance(law, Normal) else nearer if isinstance(law, Labels) else lerp


def _beside(law: Parted) -> Way:
    ways = [way(part) for part in law.parts]

    def go(a: Tensor, b: Tensor, t: Where) -> Tensor:
        ends = zip(ways, law.split(a), law.split(b), strict=True)
        return torch.cat([each(one, other, t) for each, one, other in ends], 1)

    return go


def path(a: Tensor, b: Tensor, steps: int, how: str | Way = "arc") -> Tensor:
    """Return ``steps`` latents from ``a`` to ``b``, both included, (N, steps, …).

    Args:
        a: (N, …).
        b: shaped as ``a``.
        steps: 2 or more.
        how: a key of :data:`PATHS`, or what :func:`way` found.

    Raises:
        UserError: for fewer than two steps.
    """
    if steps < 2:
        raise UserError(f"{steps} steps between two latents: 2 or more, both ends included")
    ticks = torch.linspace(0, 1, steps).tolist()
    going = PATHS[how] if isinstance(how, str) else how
    points = [a, *(going(a, b, t) for t in ticks[1:-1]), b]
    return torch.stack(points, 1)


def _each(values: Where, like: Tensor) -> Tensor:
    """Return a number, or one for each row, shaped so that it goes with ``like``."""
    values = torch.as_tensor(values, dtype=like.dtype, device=like.device)
    return values if values.ndim in (0, like.ndim) else values.view(-1, *(1,) * (like.ndim - 1))
