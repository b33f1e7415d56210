"""Runs on pictures. Each function returns a whole run; the numbers are the paper's or measured."""

from __future__ import annotations

from collections.abc import Callable

from counterplay.recipes.schema import Adam, Data, Dcgan, Gan, Recipe, Vae, WganGp

__all__ = ["RECIPES"]


def digits() -> Recipe:
    """The embedded 8x8 digits: a small DCGAN that is shown the class, about a minute on two cores.

    As for larger pictures (see :func:`mnist`), of which it has a fortieth as many.
    """
    adam = Adam(1e-3, (0.5, 0.999))
    networks = Dcgan(width=32, inner=1)
    return Recipe(
        "digits",
        Data("digits", batch=64),
        Gan(networks, latent=32, conditional=True, generator=adam, critic=adam),
        steps=6000,
        decay=0.5,
        ema=100.0,
        look_every=1000,
        checkpoint_every=1000,
    )


def mnist() -> Recipe:
    """Labelled pictures of any kind (28x28 digits first): a DCGAN that is shown the class.

    Five times DCGAN's learning rate, falling to zero in the second half, learns faster and ends
    nearer. Pictures of 28x28 have two strided layers only: two more on the innermost grid buy
    more coverage than twice the width.
    """
    adam = Adam(1e-3, (0.5, 0.999))
    networks = Dcgan(width=32, inner=2)
    return Recipe(
        "mnist",
        Data("", batch=64),
        Gan(networks, latent=64, conditional=True, generator=adam, critic=adam),
        steps=10000,
        decay=0.5,
        ema=300.0,
        look_every=1000,
        checkpoint_every=1000,
        budget=8.0,
    )


def photos() -> Recipe:
    """Pictures without labels, grey or colour: a DCGAN.

    Twice DCGAN's learning rate, falling to zero in the second half.
    """
    adam = Adam(4e-4, (0.5, 0.999))
    return Recipe(
        "photos",
        Data("", batch=64),
        Gan(Dcgan(width=32), latent=64, generator=adam, critic=adam),
        steps=8000,
        decay=0.5,
        ema=300.0,
        look_every=500,
        checkpoint_every=500,
        budget=30.0,
    )


def digits_wgan_gp() -> Recipe:
    """The embedded digits with a gradient penalty in place of the logistic costs."""
    return Recipe(
        "digits-wgan-gp",
        Data("digits", batch=64),
        WganGp(Dcgan(width=32, critic_norm="none"), penalty=10.0, latent=32),
        steps=5000,
        ema=200.0,
    )


def digits_vae() -> Recipe:
    """The embedded digits with a variational auto-encoder: the game of one player."""
    return Recipe(
        "vae-digits",
        Data("digits", batch=64),
        Vae(Dcgan(width=32, critic_norm="none"), latent=16, optimiser=Adam(1e-3, (0.9, 0.999))),
        steps=3000,
    )


RECIPES: dict[str, Callable[[], Recipe]] = {
    "digits": digits,
    "mnist": mnist,
    "photos": photos,
    "digits-wgan-gp": digits_wgan_gp,
    "vae-digits": digits_vae,
}
