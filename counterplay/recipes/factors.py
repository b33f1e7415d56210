"""Runs on pictures whose factors are known: what a latent says can be read off what it makes."""

from __future__ import annotations

from collections.abc import Callable

from counterplay.recipes.schema import Adam, Data, Dcgan, Gan, Parted, Recipe

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


def shapes_parted() -> Recipe:
    """Coloured shapes of 16x16 without their labels, by a latent that says where, what, and colour.

    What is drawn by one part of the latent is drawn alike whatever the others say: latents can be
    summed up. Of eight kinds each shape can have two.
    """
    adam = Adam(2e-3, (0.0, 0.99))
    return Recipe(
        "shapes-parted",
        Data("shapes", batch=32, size=16),
        Gan(Parted(), "relativistic", r1=0.5, r2=0.5, latent=24, generator=adam, critic=adam),
        steps=10_000,
        decay=0.5,
        ema=100.0,
        precision="float32",
        look_every=1500,
        checkpoint_every=500,
    )


RECIPES: dict[str, Callable[[], Recipe]] = {"shapes": shapes, "shapes-parted": shapes_parted}
