"""Games of networks that grow, and of a generator by styles, from their specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterplay.recipes.build.moves import adam
from counterplay.recipes.build.networks import growing, styled
from counterplay.recipes.specs.modern import Progressive as ProgressiveSpec
from counterplay.recipes.specs.modern import Style

if TYPE_CHECKING:
    from counterplay.data import Domain
    from counterplay.games.progressive import Progressive
    from counterplay.games.style import StyleGAN

__all__ = ["GAMES"]


def _progressive(spec: ProgressiveSpec, domain: Domain, share: tuple[float, ...]) -> Progressive:
    from counterplay.games.progressive import Progressive
    from counterplay.laws import Normal

    return Progressive(
        *growing(spec.networks, domain, spec.latent),
        Normal(spec.latent),
        steady=spec.steady,
        fade=spec.fade,
        penalty=spec.penalty,
        drift=spec.drift,
        critic_steps=spec.critic_steps,
        moves=(adam(spec.critic), adam(spec.generator)),
    )


def _style(spec: Style, domain: Domain, share: tuple[float, ...]) -> StyleGAN:
    from counterplay.costs import COSTS
    from counterplay.games.style import StyleGAN
    from counterplay.laws import Normal
    from counterplay.penalties import SLOPES, Charge

    weights = {"r1": spec.r1, "r2": spec.r2}
    return StyleGAN(
        *styled(spec.networks, domain, spec.latent),
        Normal(spec.latent),
        cost=COSTS[spec.cost],
        penalties={k: Charge(w, SLOPES[k], spec.r1_every) for k, w in weights.items() if w},
        mixing=spec.mixing,
        path=spec.path,
        path_every=spec.path_every,
        moves=(adam(spec.critic), adam(spec.generator)),
    )


GAMES: dict[type, Any] = {ProgressiveSpec: _progressive, Style: _style}
