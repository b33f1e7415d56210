"""What a game needs so that one may walk among its latents, and how it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.game import Law, generator

__all__ = ["Renders", "Styled", "numbered", "renders", "shown"]


@runtime_checkable
class Renders(Protocol):
    """The power to make an example of a latent that one chooses."""

    latent: Law
    """The law that z was trained with."""

    def render(self, z: Tensor, *condition: Tensor) -> Tensor:
        """Return examples (N, …) of latents (N, L), and of classes (N,) where it knows any.

        With gradients for a ``z`` that asks for them, and without otherwise.
        """
        ...


@runtime_checkable
class Styled(Protocol):
    """The power to make an example in two steps: latents to styles, styles to examples."""

    def styles(self, z: Tensor, psi: float = 1.0) -> Tensor:
        """Return styles (N, L, D), drawn towards their mean where ``psi`` is below 1."""
        ...

    def synthesise(self, w: Tensor) -> Tensor:
        """Return examples (N, …) of styles."""
        ...


def renders(game: Any) -> Renders:
    """Return ``game`` as one whose latents can be chosen.

    Raises:
        UserError: when it has no law of latents, or no ``render``.
    """
    if isinstance(game, Renders) and isinstance(game.latent, Law):
        return game
    raise UserError(
        f"{type(game).__name__} has no latents to choose: this takes a game with the law of its "
        "latents and render(z), such as a GAN, a VAE or a BiGAN"
    )


def numbered(law: Law, seeds: Sequence[int]) -> Tensor:
    """Return one latent for each number, (N, L): the same whatever numbers stand beside it.

    Raises:
        UserError: when there is no number.
    """
    if not seeds:
        raise UserError("no seeds were given; a latent is named by its seed, such as 0")
    return torch.cat([law.sample(1, generator(seed, "latent")) for seed in seeds])


def shown(game: Renders, z: Tensor, label: int | None = None) -> Tensor:
    """Return the examples of latents (N, L), all of class ``label`` where the game knows any."""
    device = next(game.parameters()).device  # pyright: ignore[reportAttributeAccessIssue]
    condition = () if label is None else (torch.full((len(z),), label, device=device),)
    return game.render(z.to(device), *condition)
