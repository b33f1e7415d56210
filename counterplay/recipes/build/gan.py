"""Adversarial games from their specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes.build.moves import adam
from counterplay.recipes.build.networks import PAIRS
from counterplay.recipes.specs.gan import Gan, WganGp

if TYPE_CHECKING:
    from counterplay.data import Domain
    from counterplay.games.gan import GAN

__all__ = ["GAMES"]


def _gan(spec: Gan, domain: Domain, share: tuple[float, ...]) -> GAN:
    from counterplay.costs import COSTS
    from counterplay.penalties import r1, r2

    asked = {"r1": (spec.r1, r1), "r2": (spec.r2, r2)}
    penalties = {name: pair for name, pair in asked.items() if pair[0]}
    return _adversarial(spec, domain, share, {"cost": COSTS[spec.cost], "penalties": penalties})


def _wgan_gp(spec: WganGp, domain: Domain, share: tuple[float, ...]) -> GAN:
    from counterplay.costs import wasserstein
    from counterplay.penalties import gradient_penalty

    parts = {
        "cost": wasserstein,
        "penalties": {"gradient_penalty": (spec.penalty, gradient_penalty)},
        "critic_steps": spec.critic_steps,
    }
    return _adversarial(spec, domain, share, parts)


def _adversarial(
    spec: Gan | WganGp, domain: Domain, share: tuple[float, ...], parts: dict[str, Any]
) -> GAN:
    from counterplay.games.gan import GAN
    from counterplay.laws import Labels, Normal

    classes = len(domain.classes) if spec.conditional else 0
    if spec.conditional and classes < 2:
        raise UserError(
            "game.conditional: the data has no classes to show; --game.no-conditional does without"
        )
    generator, critic = PAIRS[type(spec.networks)](spec.networks, domain, spec.latent, classes)
    return GAN(
        generator,
        critic,
        Normal(spec.latent),
        labels=Labels(share or (1 / classes,) * classes) if classes else None,
        moves=(adam(spec.critic), adam(spec.generator)),
        **parts,
    )


GAMES: dict[type, Any] = {Gan: _gan, WganGp: _wgan_gp}
