"""Stacked-MNIST: a thousand modes, a critic too weak to see all of them, and what helps it.

Tiny networks, in the first three rows with a quarter of the generator's channels in the critic: the
setting of Unrolled Generative Adversarial Networks (Metz et al., 2017, arXiv:1611.02163) and of
PacGAN's Table 3 (Lin et al., 2018, arXiv:1712.04086). Latents are 256 normal numbers, stacks are
drawn on the fly, and a round is one move of each player.

Theirs is 500,000 rounds of 128 packs, at rates of 1e-4 and, for the critic, 2e-4. So that a row is
made in a quarter of an hour on one core, here a round has 128 *examples* whatever the packs, there
are a thirtieth as many rounds, and three things are otherwise:

- The critic has no batch norm. Real and generated examples are normalised apart, each kind by its
  own moments, and a critic of 557 weights is then blind to brightness and contrast: after 20,000
  rounds all samples are on one mode, of single examples at five times their rates, and of packs
  of four at theirs.
- It is ten times as fast as the generator. At twice its rate, as theirs, it is fooled before it
  has seen much: packs of four then find 627 modes after 6,000 rounds, and single examples 18.
- Rates fall to zero in the second half, and samples are of averaged networks. At steady rates the
  samples go from some modes to others until the end: of pairs there are 700 modes after 2,000
  rounds, 319 after 10,000, and of single examples between 14 and 51.

The first three rows have as many examples: they can be held against each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from counterplay.recipes.schema import Adam, Data, Gan, Recipe, Tiny

__all__ = ["RECIPES"]

ROUNDS = 16_000


def stacked_dcgan() -> Recipe:
    """Stacked digits by tiny networks and the plain logistic costs."""
    return _packed("stacked-dcgan", 1)


def stacked_pac2() -> Recipe:
    """Stacked digits by tiny networks, the critic judging two examples together."""
    return _packed("stacked-pac2", 2)


def stacked_pac4() -> Recipe:
    """Stacked digits by tiny networks, the critic judging four examples together."""
    return _packed("stacked-pac4", 4)


def _packed(name: str, pack: int) -> Recipe:
    game = Gan(
        Tiny(critic_norm="none"),
        latent=256,
        generator=Adam(2e-4, (0.5, 0.99)),
        critic=Adam(2e-3, (0.5, 0.99)),
        pack=pack,
    )
    return Recipe(
        name,
        Data("", batch=128),
        game,
        steps=ROUNDS,
        decay=0.5,
        ema=300.0,
        precision="float32",
        look_every=10_000,
        checkpoint_every=10_000,
        budget=14.0,
    )


def stacked_r3() -> Recipe:
    """Stacked digits by tiny networks, paired costs, both penalties.

    The critic has twice the generator's channels, 24,609 weights. One of a quarter of them has 557,
    cannot tell a thousand modes apart, and the samples go from a few modes to a few others.

    The costs of The GAN is dead; long live the GAN! (Huang et al., 2024, arXiv:2501.05441), which
    penalises in every round: of stacked digits, lazy penalties make complete failures (appendix E).
    A round takes nearly twice as long, so there are fewer.
    """
    base = _packed("stacked-r3", 1)
    adam = Adam(1e-3, (0.0, 0.99))
    game = Gan(
        Tiny(critic_width=16, critic_norm="none"),
        cost="relativistic",
        r1=0.1,
        r2=0.1,
        latent=256,
        generator=adam,
        critic=adam,
    )
    return replace(base, game=game, steps=12_000)


RECIPES: dict[str, Callable[[], Recipe]] = {
    "stacked-dcgan": stacked_dcgan,
    "stacked-pac2": stacked_pac2,
    "stacked-pac4": stacked_pac4,
    "stacked-r3": stacked_r3,
}
