"""Runs on laws that are known exactly, where covering every mode can be counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from counterplay.recipes.schema import Adam, Data, Gan, Mlp, Recipe, WganGp

__all__ = ["RECIPES"]


def ring_wgan_gp() -> Recipe:
    """A ring of 8 Gaussians by WGAN-GP.

    The game, its penalty of 0.1 and the scale of the data are the authors' toy script's. Theirs is
    a contour plot after 100,000 rounds; so that samples are sharp (3 standard deviations of 0.02)
    within minutes, networks are narrower, two rounds of the critic go to one of the generator, and
    a learning rate of 1e-3 falls to zero in the second half.
    """
    adam = Adam(1e-3, (0.0, 0.99))
    return Recipe(
        "ring-wgan-gp",
        Data("ring", batch=256),
        WganGp(Mlp(128, 3), penalty=0.1, critic_steps=2, latent=2, generator=adam, critic=adam),
        steps=10000,
        decay=0.5,
        ema=300.0,
        precision="float32",
        look_every=5000,
        checkpoint_every=2000,
    )


def grid_wgan_gp() -> Recipe:
    """A grid of 25 Gaussians by WGAN-GP, in more rounds than the ring."""
    return replace(ring_wgan_gp(), name="grid-wgan-gp", data=Data("grid", batch=256), steps=22000)


def gan_ring() -> Recipe:
    """A ring of 8 Gaussians by the plain logistic costs: watch the modes come and go."""
    adam = Adam(1e-4, (0.5, 0.9))
    return Recipe(
        "gan-ring",
        Data("ring", batch=256),
        Gan(Mlp(128, 2), latent=2, generator=adam, critic=adam),
        steps=10000,
        ema=200.0,
        precision="float32",
        look_every=1000,
        checkpoint_every=1000,
    )


def plane() -> Recipe:
    """Points in the plane (spiral, moons, your own two columns) by WGAN-GP."""
    return replace(ring_wgan_gp(), name="plane", data=Data("moons", batch=256))


RECIPES: dict[str, Callable[[], Recipe]] = {
    "ring-wgan-gp": ring_wgan_gp,
    "grid-wgan-gp": grid_wgan_gp,
    "gan-ring": gan_ring,
    "plane": plane,
}
