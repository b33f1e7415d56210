"""Recipes that are chosen for kinds of data, beside those of each family."""

from __future__ import annotations

from collections.abc import Callable

from counterplay.recipes.schema import Adam, Data, Dcgan, Gan, Recipe
from counterplay.recipes.specs.gan import Augment

__all__ = ["RECIPES"]


def photos_few() -> Recipe:
    """A few hundred or thousand pictures: augmented, so that they are not learnt by heart.

    A critic learns a few hundred pictures by heart within minutes, and then its slope says nothing
    of others; what it is shown, real and generated alike, is moved, recoloured and partly hidden
    (Zhao et al., 2020, arXiv:2006.10738). The networks are those of ``photos``; learning rates are
    larger, and fall, since there are minutes and not hours.
    """
    adam = Adam(5e-4, (0.5, 0.99))
    return Recipe(
        "photos-few",
        Data("", batch=32),
        Gan(
            Dcgan(width=32, upsample="resize", critic_norm="none"),
            r1=0.5,
            latent=64,
            generator=adam,
            critic=adam,
            augment=Augment(colour=True, translation=True, cutout=True),
        ),
        steps=6000,
        ema=300.0,
        look_every=500,
        checkpoint_every=500,
        budget=9.0,
    )


RECIPES: dict[str, Callable[[], Recipe]] = {"photos-few": photos_few}
