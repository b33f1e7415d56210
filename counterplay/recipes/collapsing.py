"""Runs that fall sick on purpose, to see whether the doctor's remedies heal them."""

from __future__ import annotations

from collections.abc import Callable

from counterplay.recipes.schema import Adam, Data, Gan, Points, Recipe

__all__ = ["RECIPES"]


def ring_collapsing() -> Recipe:
    """A ring of 8 Gaussians against a critic of four units, under which the modes are lost.

    Its losses look as they should. It is there for ``--on-finding remedy``.
    """
    adam = Adam(1e-3, (0.5, 0.99))
    return Recipe(
        "ring-collapsing",
        Data("ring", batch=128),
        Gan(Points(64, 2, 4, 1), latent=2, generator=adam, critic=adam),
        steps=4000,
        decay=0.5,
        ema=50.0,
        precision="float32",
        look_every=4000,
        checkpoint_every=100,
    )


RECIPES: dict[str, Callable[[], Recipe]] = {"ring-collapsing": ring_collapsing}
