"""Recipes that are chosen for kinds of data, beside those of each family."""

from __future__ import annotations

from collections.abc import Callable

from counterplay.recipes.schema import Adam, Data, Dcgan, Gan, Recipe
from counterplay.recipes.specs.gan import Augment

__all__ = ["RECIPES"]


def photos_few() -> Recipe:
    """A few hundred or thousand pictures: augmented, so that they are not learnt by heart.

    A critic learns a few hundred pictures by heart within minutes, and then its slope says nothing
    of others: what it is shown, real and generated alike, is moved (Zhao et al., 2020,
    arXiv:2006.10738). To recolour and to hide parts as well is more than a critic so young can see
    through: generators ended in grey. Rates are as for ``photos``.
    """
    adam = Adam(4e-4, (0.5, 0.999))
    return Recipe(
        "photos-few",
        Data("", batch=32),
        Gan(
            Dcgan(width=32, critic_norm="batch"),
            latent=64,
            generator=adam,
            critic=adam,
            augment=Augment(translation=True),
        ),
        steps=4000,
        decay=0.5,
        ema=200.0,
        look_every=500,
        checkpoint_every=500,
        budget=12.0,
    )


RECIPES: dict[str, Callable[[], Recipe]] = {"photos-few": photos_few}
