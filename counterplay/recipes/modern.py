"""Runs on pictures whose networks are what is new: residual, modern, growing, by styles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from counterplay.recipes.schema import (
    Adam,
    Data,
    Dcgan,
    Gan,
    Growing,
    Mlp,
    Modern,
    Progressive,
    Recipe,
    Residual,
    Style,
    Styled,
)

__all__ = ["RECIPES"]


def progressive_32() -> Recipe:
    """Pictures of 32x32 by networks that grow from 4x4: WGAN-GP with drift, level by level.

    As published but for the moments, which live on when the networks grow, and for the length: a
    level takes 600,000 pictures there to appear and as many to settle, here 12,800 and 12,800; and
    rates fall to zero in the second half, so that what the last level makes settles in time.
    """
    adam = Adam(1e-3, (0.0, 0.99))
    networks = Growing(width=16)
    return Recipe(
        "progressive-32",
        Data("", size=32, batch=32),
        Progressive(networks, steady=400, fade=400, latent=64, generator=adam, critic=adam),
        steps=10_000,
        decay=0.5,
        ema=100.0,
        look_every=1000,
        checkpoint_every=1000,
        budget=23.0,
    )


def progressive_32_at_once() -> Recipe:
    """The same networks grown at once: what the growing is for, within the same time."""
    grown = progressive_32()
    game = grown.game
    assert isinstance(game, Progressive)
    at_once = replace(game, steady=1, fade=1)
    return replace(grown, name="progressive-32-at-once", game=at_once, steps=10_000)


def style_32() -> Recipe:
    """Pictures of 32x32 by styles: non-saturating with R1, styles of two latents mixed.

    The last grid alone says the colours: with a say on every grid they are spread over all layers,
    and mixing cannot part them. A critic twice as wide learns more in a round. The path's
    length is left alone: of pictures this small it costs more than it brings.
    """
    forge, judge = Adam(2e-3, (0.0, 0.99)), Adam(3e-3, (0.0, 0.99))
    networks = Styled(width=8, critic_width=16, skip=False)
    return Recipe(
        "style-32",
        Data("", size=32, batch=32),
        Style(networks, r1=5.0, r1_every=4, path=0.0, latent=64, generator=forge, critic=judge),
        steps=8000,
        decay=0.5,
        ema=200.0,
        look_every=1000,
        checkpoint_every=1000,
        budget=24.0,
    )


def r3gan() -> Recipe:
    """Pictures of any size by the modern baseline: relativistic with both penalties, no norms."""
    adam = Adam(2e-4, (0.0, 0.99))
    networks = Modern(width=16)
    return Recipe(
        "r3gan",
        Data("", batch=64),
        Gan(networks, "relativistic", r1=0.5, r2=0.5, latent=64, generator=adam, critic=adam),
        steps=10_000,
        ema=300.0,
        look_every=1000,
        checkpoint_every=1000,
        budget=12.0,
    )


def sngan() -> Recipe:
    """Pictures of any size by residual networks: hinge costs, spectral norm, self-attention.

    SNGAN (Miyato et al., 2018, arXiv:1802.05957) with the layer and the two learning rates of
    SAGAN (Zhang et al., 2019, arXiv:1805.08318), whose generator has spectral norm besides.
    """
    return Recipe(
        "sngan",
        Data("", batch=64),
        Gan(
            Residual(width=16, attention=True),
            "hinge",
            latent=64,
            generator=Adam(1e-4, (0.0, 0.9)),
            critic=Adam(4e-4, (0.0, 0.9)),
        ),
        steps=10_000,
        ema=300.0,
        look_every=1000,
        checkpoint_every=1000,
        budget=12.0,
    )


MINUTES = 10.0
"""Of the comparison of networks on small photographs: the same for each."""


def cifar10_dcgan() -> Recipe:
    """Small photographs by convolutional networks: one side of a comparison at equal time."""
    adam = Adam(2e-4, (0.5, 0.999))
    return Recipe(
        "cifar10-dcgan",
        Data("", batch=64),
        Gan(Dcgan(width=32), latent=100, generator=adam, critic=adam),
        steps=100_000,
        ema=300.0,
        look_every=1000,
        checkpoint_every=1000,
        budget=MINUTES,
    )


def cifar10_mlp() -> Recipe:
    """Small photographs by fully connected networks: the other side, all else equal."""
    other = cifar10_dcgan()
    game = other.game
    assert isinstance(game, Gan)
    return replace(other, name="cifar10-mlp", game=replace(game, networks=Mlp(512, 3)))


def cifar10_sngan() -> Recipe:
    """Small photographs by residual networks with spectral norm, as long as the others."""
    other, found = cifar10_dcgan(), sngan()
    return replace(other, name="cifar10-sngan", game=found.game)


def enlarging(how: str) -> Callable[[], Recipe]:
    """Return a small convolutional recipe whose generator enlarges by ``how``."""

    def recipe() -> Recipe:
        adam = Adam(2e-4, (0.5, 0.999))
        networks = Dcgan(width=16, upsample=how, critic_norm="none")  # pyright: ignore[reportArgumentType]
        return Recipe(
            f"checkerboard-{how}",
            Data("shapes", size=32, batch=64),
            Gan(networks, r1=1.0, latent=64, generator=adam, critic=adam),
            steps=3000,
            ema=100.0,
            look_every=1000,
            checkpoint_every=1000,
            budget=5.0,
        )

    recipe.__doc__ = f"Coloured shapes by a generator that enlarges by '{how}': its checkerboard."
    return recipe


RECIPES: dict[str, Callable[[], Recipe]] = {
    "progressive-32": progressive_32,
    "progressive-32-at-once": progressive_32_at_once,
    "style-32": style_32,
    "r3gan": r3gan,
    "sngan": sngan,
    "cifar10-dcgan": cifar10_dcgan,
    "cifar10-mlp": cifar10_mlp,
    "cifar10-sngan": cifar10_sngan,
    **{f"checkerboard-{how}": enlarging(how) for how in ("uneven", "transposed", "resize")},
}
