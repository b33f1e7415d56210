"""Runs on pictures whose factors are known: what a latent says can be read off what it makes."""

from __future__ import annotations

from collections.abc import Callable

from counterplay.recipes.schema import Adam, Data, Dcgan, Gan, Parted, Recipe, Style, Styled

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
    summed up. Of eight kinds each shape can have two; now and then no kind comes to be blue.
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


def shapes_styled() -> Recipe:
    """Coloured shapes of 32x32 without their labels, by styles that place and choose.

    The mapping learns as fast as all else, and half of the latent is choices among eight kinds:
    shapes do not pass into each other. The critic has strides in the place of residual blocks: a
    round takes a quarter of the time, and there can be more of them.
    """
    adam = Adam(2e-3, (0.0, 0.99))
    networks = Styled(
        width=8,
        critic_width=16,
        style=64,
        depth=1,
        skip=False,
        rate=1.0,
        kinds=8,
        placed=True,
        bounded=True,
        critic="strided",
    )
    game = Style(
        networks, "relativistic", 0.5, 0.5, path=0.0, latent=32, generator=adam, critic=adam
    )
    return Recipe(
        "shapes-styled",
        Data("shapes", size=32, batch=32),
        game,
        steps=20_000,
        decay=0.5,
        ema=100.0,
        precision="float32",
        look_every=2000,
        checkpoint_every=1000,
    )


RECIPES: dict[str, Callable[[], Recipe]] = {
    "shapes": shapes,
    "shapes-parted": shapes_parted,
    "shapes-styled": shapes_styled,
}
