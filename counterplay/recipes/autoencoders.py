"""Auto-encoders, variational and plain: the numbers are the papers' or measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from counterplay.recipes.schema import Data, Recipe
from counterplay.recipes.specs.autoencoders import Autoencoder, Denoiser
from counterplay.recipes.specs.coders import Dense, Picture
from counterplay.recipes.specs.moves import Adam
from counterplay.recipes.specs.networks import Dcgan
from counterplay.recipes.specs.vae import Dfc, Hierarchical, Iaf, Iwae, Vae, VaeGan

__all__ = ["RECIPES"]

FRESH = Data("", batch=100, binarise="fresh")


def vae_mnist() -> Recipe:
    """Pictures of two levels drawn anew each round: 200-200-50 units, tanh, a Bernoulli decoder.

    The networks of Importance Weighted Autoencoders (Burda et al., 2015, arXiv:1509.00519), which
    took 3,280 epochs of batches of 20; here it is 360 of batches of 100, at rates that fall to
    zero, and the KL term comes in over the first tenth so that fewer latents close for good.
    """
    return Recipe(
        "vae-mnist",
        FRESH,
        Vae(
            Dense(200, 2, "tanh"),
            latent=50,
            decoder="bernoulli",
            warm_up=20_000,
            optimiser=Adam(1.5e-3, (0.9, 0.999)),
        ),
        steps=200_000,
        decay=1.0,
        precision="float32",
        log_every=500,
        look_every=20_000,
        checkpoint_every=10_000,
    )


def iwae_mnist() -> Recipe:
    """The same sizes by the bound of five importance samples, with elu in tanh's place.

    At 16,000 rounds elu is 1.9 nats better than tanh, and the doubly reparameterised gradient .5
    nats better than the plain one.
    """
    return replace(
        vae_mnist(),
        name="iwae-mnist",
        game=Iwae(
            Dense(200, 2, "elu", "unit"),
            latent=50,
            samples=5,
            warm_up=6_000,
            estimator="doubly",
            optimiser=Adam(2e-3, (0.9, 0.999)),
        ),
        steps=100_000,
    )


def vae_iaf_mnist() -> Recipe:
    """The same networks with a posterior that two steps of inverse autoregressive flow refine."""
    base = vae_mnist()
    assert isinstance(base.game, Vae)
    return replace(
        base,
        name="vae-iaf-mnist",
        game=replace(base.game, posterior=Iaf(), warm_up=6_000),
        steps=60_000,
    )


def vae_pictures() -> Recipe:
    """Pictures of any levels by convolutions and a mass: the discretised logistic of each pixel."""
    return Recipe(
        "vae-pictures",
        Data("", batch=64),
        Vae(Picture(32), latent=32, decoder="logistic", spread="pixel", warm_up=1_000),
        steps=10_000,
        decay=0.5,
        look_every=1_000,
        checkpoint_every=1_000,
        budget=15.0,
    )


def ladder_digits() -> Recipe:
    """Four layers of latents on digits of two levels, kept open by warm-up and free bits."""
    return Recipe(
        "ladder-digits",
        Data("digits", batch=64, binarise="threshold"),
        Hierarchical(
            Dense(128, 2, "elu"),
            latents=(16, 8, 8, 4),
            infer="bottom_up",
            warm_up=1_000,
            free_bits=0.2,
        ),
        steps=2_000,
        decay=0.5,
        precision="float32",
        look_every=1_000,
        checkpoint_every=1_000,
    )


def ladder_digits_plain() -> Recipe:
    """The same without either, its twin: the upper layers fall silent."""
    base = ladder_digits()
    assert isinstance(base.game, Hierarchical)
    game = replace(base.game, warm_up=0, free_bits=0.0)
    return replace(base, name="ladder-digits-plain", game=game)


def ladder_mnist() -> Recipe:
    """Three layers of latents on pictures of two levels, a ladder as in Sønderby et al. (2016)."""
    return Recipe(
        "ladder-mnist",
        FRESH,
        Hierarchical(Dense(256, 2, "elu"), latents=(32, 16, 8), warm_up=10_000, free_bits=0.1),
        steps=60_000,
        decay=0.5,
        precision="float32",
        log_every=100,
        look_every=10_000,
        checkpoint_every=10_000,
        budget=20.0,
    )


def ladder_pictures() -> Recipe:
    """Layers of latents on pictures of two levels by convolutions: the lower ones stand on grids.

    Of 28x28 pictures the layers are 14x14 places with 2 latents each, 7x7 with 4, and a row of 16.
    """
    return Recipe(
        "ladder-pictures",
        Data("", batch=64, binarise="fresh"),
        Hierarchical(Picture(32), latents=(2, 4, 16), warm_up=3_000),
        steps=15_000,
        decay=0.5,
        precision="float32",
        log_every=100,
        look_every=3_000,
        checkpoint_every=3_000,
        budget=20.0,
    )


def dfc_pictures() -> Recipe:
    """Pictures compared by what convolutions see of them that were taught quarter turns."""
    return Recipe(
        "dfc-pictures",
        Data("", batch=64),
        Dfc(Picture(32), latent=32, pixels=0.05),
        steps=6_000,
        decay=0.5,
        look_every=1_000,
        checkpoint_every=1_000,
        budget=15.0,
    )


def dfc_pictures_pixels() -> Recipe:
    """The same compared by their pixels alone, its twin."""
    base = dfc_pictures()
    assert isinstance(base.game, Dfc)
    return replace(base, name="dfc-pictures-pixels", game=replace(base.game, pixels=1.0))


def ae_linear() -> Recipe:
    """Two linear maps on the digits: principal component analysis.

    A batch is the whole training part, so that the gradient is exact and the rates' fall ends it.
    """
    return Recipe(
        "ae-linear",
        Data("digits", batch=1439),
        Autoencoder(
            Dense(layers=0), latent=8, sampler="normal", optimiser=Adam(1e-2, (0.9, 0.999))
        ),
        steps=6_000,
        decay=0.7,
        precision="float32",
        look_every=1_000,
        checkpoint_every=1_000,
    )


def linear_vae() -> Recipe:
    """Two linear maps and a known noise on 442 patients: probabilistic PCA, latents that collapse.

    A batch is the whole training part and the posterior's expectation exact, so that nothing is
    random and the rates' fall ends it. The noise's variance, 0.846, is between two eigenvalues.
    """
    return Recipe(
        "linear-vae",
        Data("diabetes", batch=354),
        Vae(
            Dense(layers=0),
            latent=8,
            optimiser=Adam(3e-2, (0.9, 0.99)),
            deviation=0.92,
            draws="cubature",
        ),
        steps=1_000,
        decay=0.8,
        precision="float32",
        log_every=100,
        look_every=1_000,
        checkpoint_every=1_000,
    )


def linear_vae_learned() -> Recipe:
    """The same whose noise is learned: no latent is left over."""
    base = linear_vae()
    assert isinstance(base.game, Vae)
    game = replace(base.game, deviation=None, optimiser=Adam(2e-2, (0.9, 0.99)))
    return replace(base, name="linear-vae-learned", game=game, steps=1_200, decay=0.6)


def ae_digits() -> Recipe:
    """The embedded digits by a convolutional auto-encoder; codes are drawn from a mixture."""
    return Recipe(
        "ae-digits",
        Data("digits", batch=64),
        Autoencoder(Picture(32), latent=8),
        steps=3_000,
        decay=0.5,
        look_every=500,
        checkpoint_every=500,
    )


def ae_pictures() -> Recipe:
    """Pictures by a convolutional auto-encoder with eight numbers to a code."""
    return replace(
        ae_digits(),
        name="ae-pictures",
        data=Data("", batch=64),
        steps=8_000,
        look_every=2_000,
        checkpoint_every=2_000,
        budget=12.0,
    )


def dae_digits() -> Recipe:
    """The embedded digits by an auto-encoder that takes noise away, walked back from noise."""
    return Recipe(
        "dae-digits",
        Data("digits", batch=64),
        Denoiser(),
        steps=6_000,
        decay=0.5,
        look_every=1_000,
        checkpoint_every=1_000,
    )


def dae_langevin() -> Recipe:
    """The same, drawn from along the score that it has learnt."""
    base = dae_digits()
    assert isinstance(base.game, Denoiser)
    game = replace(base.game, chain="langevin", blur=0.3, links=400)
    return replace(base, name="dae-langevin", game=game)


def vae_gan_digits() -> Recipe:
    """The embedded digits by a VAE whose error is told by a critic's features: three players."""
    return Recipe(
        "vae-gan-digits",
        Data("digits", batch=64),
        VaeGan(Dcgan(width=32), latent=16),
        steps=3000,
        decay=0.5,
        ema=200.0,
    )


RECIPES: dict[str, Callable[[], Recipe]] = {
    "vae-gan-digits": vae_gan_digits,
    "vae-mnist": vae_mnist,
    "iwae-mnist": iwae_mnist,
    "vae-iaf-mnist": vae_iaf_mnist,
    "vae-pictures": vae_pictures,
    "ladder-digits": ladder_digits,
    "ladder-digits-plain": ladder_digits_plain,
    "ladder-mnist": ladder_mnist,
    "ladder-pictures": ladder_pictures,
    "dfc-pictures": dfc_pictures,
    "dfc-pictures-pixels": dfc_pictures_pixels,
    "ae-linear": ae_linear,
    "linear-vae": linear_vae,
    "linear-vae-learned": linear_vae_learned,
    "ae-digits": ae_digits,
    "ae-pictures": ae_pictures,
    "dae-digits": dae_digits,
    "dae-langevin": dae_langevin,
}
