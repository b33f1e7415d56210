r"""From an example back to its latent: :math:`\arg\min_z \tfrac1D \|x - G(z)\|^2`.

Generative Visual Manipulation on the Natural Image Manifold (Zhu et al. 2016, arXiv 1609.03552),
section 3. The error has many valleys: for each example a few starts are taken, of many draws and of
what the game's own encoder says, where it has one, those that are nearest; and of what is found the
best. What a generator cannot make is not found: an error as large as a draw's says that examples
like this one are missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.latents.paths import Parted
from counterplay.latents.powers import Renders, Styled, shown
from counterplay.laws import Labels, Uniform
from counterplay.terms import descend

__all__ = ["Inverted", "inverted"]

DRAWS = 256
"""Latents among which starts are looked for."""


@dataclass(frozen=True)
class Inverted:
    """Latents of examples.

    Attributes:
        z: the latents, or the styles of a game by styles, (N, …).
        x: the examples they make, (N, …).
        error: mean square difference from what was asked for, (N,).
        start: the same of the nearest of what it began with, (N,).
    """

    z: Tensor
    x: Tensor
    error: Tensor
    start: Tensor


def inverted(
    game: Renders,
    x: Tensor,
    *,
    label: int | None = None,
    starts: int = 4,
    steps: int = 200,
    seed: int = 0,
) -> Inverted:
    """Return the latents whose examples are nearest to ``x``, (N, …), in mean square.

    Args:
        game: one that renders latents.
        x: examples as the game makes them.
        label: the class they are looked for in, where the game knows any.
        starts: how many of the nearest are followed.
        steps: moves of Adam from each.
        seed: of the draws.

    Raises:
        UserError: when examples have another shape than the game's.
    """
    x = x.to(next(game.parameters()).device)  # pyright: ignore[reportAttributeAccessIssue]
    draws = game.latent.sample(DRAWS, generator(seed, "inversion")).to(x.device)
    _check(shown(game, draws[:1], label), x)
    free, draw, project = _space(game, torch.cat([draws, *_encoded(game, x, label, draws)]), label)
    near = torch.cdist(x.flatten(1), draw(free).flatten(1)).topk(starts, largest=False).indices
    first, target = free[near], x.repeat_interleave(starts, 0)

    def error(at: Tensor) -> Tensor:
        return (draw(at) - target).flatten(1).square().mean(1)

    last = descend(first.flatten(0, 1), [error], steps, project=project(near.flatten()))
    tried = torch.cat([first, last.view_as(first)], 1)  # (N, 2 starts, …)
    errors = torch.cat(
        [error(first.flatten(0, 1)).view(near.shape), error(last).view(near.shape)], 1
    )
    least, best = errors.min(1)
    chosen = tried[torch.arange(len(x), device=x.device), best]
    return Inverted(chosen, draw(chosen), least, errors[:, :starts].amin(1))


def _check(made: Tensor, x: Tensor) -> None:
    if made.shape[1:] != x.shape[1:]:
        raise UserError(
            f"examples of shape {tuple(x.shape[1:])} are no latents' of a game that makes "
            f"{tuple(made.shape[1:])}"
        )


def _encoded(game: Any, x: Tensor, label: int | None, like: Tensor) -> list[Tensor]:
    """Return the latents that the game's own encoder gives, if it has one for whole latents."""
    if not hasattr(game, "encode") or isinstance(game.latent, Parted):
        return []
    condition = () if label is None else (torch.full((len(x),), label, device=x.device),)
    found = game.encode(x, *condition)
    return [found.to(like)] if found.shape[1:] == like.shape[1:] else []


Project = Callable[[Tensor], Tensor]


def _space(
    game: Any, z: Tensor, label: int | None
) -> tuple[Tensor, Callable[[Tensor], Tensor], Callable[[Tensor], Project]]:
    """Return what may move, examples of it, and (rows of draws) -> what keeps it a latent."""
    if isinstance(game, Styled):
        return game.styles(z), game.synthesise, lambda rows: lambda w: w
    kept = _kept(game.latent)
    return z, lambda at: shown(game, at, label), lambda rows: lambda at: kept(at, z[rows])


def _kept(law: Any) -> Callable[[Tensor, Tensor], Tensor]:
    """Return (latents, where they began) -> latents of the law: categories stay what they were."""
    if isinstance(law, Parted):
        keep = [_kept(part) for part in law.parts]
        return lambda z, first: torch.cat(
            [k(a, b) for k, a, b in zip(keep, law.split(z), law.split(first), strict=True)], 1
        )
    if isinstance(law, Uniform):
        return lambda z, first: z.clamp(-1, 1)
    if isinstance(law, Labels):
        return lambda z, first: first
    return lambda z, first: z
