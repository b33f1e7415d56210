"""Runs on pictures whose factors are known: what a latent says can be read off what it makes."""

from __future__ import annotations

from collections.abc import Callable

from counterplay.recipes.schema import Adam, Data, Dcgan, Gan, Recipe

__all__ = ["RECIPES"]


def shapes() -> Recipe:
    """Coloured shapes of 16x16 without their labels, by the networks and the pace of digits."""
    adam = Adam(1e-3, (0.5, 0.999))
    return Recipe(
        "shapes",
        Data("shapes", batch=64),
        Gan(Dcgan(width=32, inner=1), latent=32, generator=adam, critic=adam),
        steps=10_000,
        decay=0.5,
        ema=300.0,
        look_every=2000,
        checkpoint_every=2000,
        budget=8.0,
    )


RECIPES: dict[str, Callable[[], Recipe]] = {"shapes": shapes}
