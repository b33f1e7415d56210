"""Conditional and inferential games. Each has its broken twin, which has to fail where it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from counterplay.recipes.schema import Acgan, Adam, Bigan, Data, Dcgan, Gan, Infogan, Recipe
from counterplay.recipes.specs.inferential import Warp

__all__ = ["RECIPES"]

FAST = Adam(1e-3, (0.5, 0.999))


def cgan_mnist() -> Recipe:
    """Conditional GAN (2014) on 28x28 digits: the class beside the latent and beside the picture.

    The classes are concatenated in both networks, as in the paper; the networks are DCGAN's and
    the rates those of the default recipe for such pictures.
    """
    networks = Dcgan(width=32, inner=1, critic_condition="concatenation")
    return Recipe(
        "cgan-mnist",
        Data("", batch=64),
        Gan(networks, latent=64, conditional=True, generator=FAST, critic=FAST),
        steps=6000,
        decay=0.5,
        ema=200.0,
        look_every=2000,
        checkpoint_every=2000,
    )


def cgan_mnist_twin() -> Recipe:
    """The same with a critic that is not shown the class: the generator has no reason to obey."""
    whole = cgan_mnist()
    return _changed(whole, networks=replace(whole.game.networks, critic_condition="none"))


def cgan_projection_mnist() -> Recipe:
    """The class by each class's own batch norm in the generator, by projection in the critic."""
    whole = cgan_mnist()
    networks = Dcgan(width=32, inner=1, condition="batch_norm", critic_condition="projection")
    return replace(_changed(whole, networks=networks), name="cgan-projection-mnist")


def acgan_mnist() -> Recipe:
    """AC-GAN (2017) on 28x28 digits: the critic tells the class and is not shown it."""
    return Recipe(
        "acgan-mnist",
        Data("", batch=64),
        Acgan(Dcgan(width=32, inner=1), generator=FAST, critic=FAST),
        steps=6000,
        decay=0.5,
        ema=200.0,
        look_every=2000,
        checkpoint_every=2000,
    )


def acgan_mnist_twin() -> Recipe:
    """The same without the class term: nobody asks the generator to obey."""
    return _changed(acgan_mnist(), class_weight=0.0)


def infogan_mnist() -> Recipe:
    """InfoGAN (2016) on 28x28 digits: a code of ten categories, read without labels.

    The code and the rates are the paper's; the networks are half as wide. The trunk looks at real
    and generated digits through one random warp, which the paper does not: slant and width are
    then nothing that a category can be about. After 500 rounds the categories tell 0.5 of held-out
    digits, and 0.36 without.
    """
    return Recipe(
        "infogan-mnist",
        Data("", batch=64),
        Infogan(
            Dcgan(width=32),
            hidden=512,
            features=512,
            warp=Warp(degrees=20.0, shear=0.3, stretch=0.15),
        ),
        steps=12000,
        decay=0.3,
        ema=200.0,
        look_every=2000,
        checkpoint_every=2000,
    )


def infogan_mnist_twin() -> Recipe:
    """The same without the information: Q's head stands on the critic's features, unlearnt."""
    return _changed(infogan_mnist(), information=0.0)


def bigan_mnist() -> Recipe:
    """BiGAN (2017) on 28x28 digits, convolutional: an encoder that inverts without a distance.

    The paper's networks are fully connected, 1024 wide, with 50 latents, and play for 190,000
    rounds. A light penalty in the place of batch norm in the critic lets both move five times as
    fast, and 32 latents are enough to draw a digit. More rounds are no better: after 15,000 the
    nearest code is of another class twice as often as after 3,000.
    """
    fast = Adam(1e-3, (0.5, 0.99))
    networks = Dcgan(width=32, critic_norm="none")
    return Recipe(
        "bigan-mnist",
        Data("", batch=64),
        Bigan(networks, r1=0.02, features=256, latent=32, coder=fast, critic=fast),
        steps=3000,
        decay=0.5,
        ema=300.0,
        look_every=1000,
        checkpoint_every=1000,
    )


def bigan_mnist_twin() -> Recipe:
    """The same with pairs shuffled before the critic: nothing ties the encoder to the rest."""
    return _changed(bigan_mnist(), paired=False)


def _changed(recipe: Recipe, **fields: object) -> Recipe:
    """Return the twin of ``recipe``: its game with other ``fields``."""
    return replace(recipe, name=f"{recipe.name}-twin", game=replace(recipe.game, **fields))


RECIPES: dict[str, Callable[[], Recipe]] = {
    "cgan-mnist": cgan_mnist,
    "cgan-mnist-twin": cgan_mnist_twin,
    "cgan-projection-mnist": cgan_projection_mnist,
    "acgan-mnist": acgan_mnist,
    "acgan-mnist-twin": acgan_mnist_twin,
    "infogan-mnist": infogan_mnist,
    "infogan-mnist-twin": infogan_mnist_twin,
    "bigan-mnist": bigan_mnist,
    "bigan-mnist-twin": bigan_mnist_twin,
}
