"""A recipe and a domain become a game. torch is imported when one is built."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes.schema import Adam, Dcgan, Dynamics, Gan, Mlp, Recipe, Vae, WganGp

if TYPE_CHECKING:
    from torch import nn

    from counterplay.data import Domain
    from counterplay.dynamics import Dynamics as Play
    from counterplay.games.gan import GAN
    from counterplay.games.vae import VAE

__all__ = ["dynamics", "game"]


def game(recipe: Recipe, domain: Domain, share: Sequence[float] = ()) -> GAN | VAE:
    """Return the recipe's game for ``domain``; its weights are a function of ``recipe.seed``.

    Args:
        recipe: the whole run.
        domain: of the data.
        share: how often each class is drawn, for a conditional game; equally often by default.

    Raises:
        UserError: when the networks do not fit the domain, or a conditional game has no labels.
    """
    from counterplay.game import seeded

    networks = recipe.game.networks
    if _KIND[type(networks)] != domain.kind:
        raise UserError(_misfit(recipe, domain))
    with seeded(recipe.seed, "networks"):
        return _GAMES[type(recipe.game)](recipe.game, domain, tuple(share))


def dynamics(spec: Dynamics) -> Play:
    """Return how a round is played."""
    from counterplay.dynamics import DYNAMICS, consensus, unrolled

    made = {
        "consensus": lambda: consensus(spec.gamma),
        "unrolled": lambda: unrolled(spec.look_ahead, spec.rate),
    }
    return made[spec.rule]() if spec.rule in made else DYNAMICS[spec.rule]


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
    generator, critic = _PAIRS[type(spec.networks)](spec.networks, domain, spec.latent, classes)
    return GAN(
        generator,
        critic,
        Normal(spec.latent),
        labels=Labels(share or (1 / classes,) * classes) if classes else None,
        moves=(_adam(spec.critic), _adam(spec.generator)),
        **parts,
    )


def _vae(spec: Vae, domain: Domain, share: tuple[float, ...]) -> VAE:
    from counterplay.games.vae import VAE

    encoder, decoder = _CODERS[type(spec.networks)](spec.networks, domain, spec.latent)
    return VAE(encoder, decoder, spec.latent, beta=spec.beta, move=_adam(spec.optimiser))


def _adam(spec: Adam) -> Callable[..., Any]:
    from counterplay.game import adam

    return adam(spec.lr, spec.betas, spec.eps)


def _dcgan_pair(spec: Dcgan, domain: Any, latent: int, classes: int) -> tuple[nn.Module, nn.Module]:
    from counterplay.networks import ConvCritic, ConvGenerator

    channels, size, _ = domain.shape
    narrow, inner = spec.critic_width or spec.width, spec.inner
    return (
        ConvGenerator(latent, channels, size, spec.width, classes, spec.upsample, inner),
        ConvCritic(channels, size, narrow, classes, spec.critic_norm, inner),
    )


def _mlp_pair(spec: Mlp, domain: Any, latent: int, classes: int) -> tuple[nn.Module, nn.Module]:
    from counterplay.networks import MLP, ConditionalMLP

    hidden, dim = [spec.width] * spec.depth, domain.dim
    sizes = [latent, *hidden, dim], [dim, *hidden, 1]
    if classes:
        return ConditionalMLP(sizes[0], classes), ConditionalMLP(sizes[1], classes)
    return MLP(sizes[0]), MLP(sizes[1])


def _dcgan_coders(spec: Dcgan, domain: Any, latent: int) -> tuple[nn.Module, nn.Module]:
    from counterplay.networks import ConvEncoder, ConvGenerator

    channels, size, _ = domain.shape
    narrow, inner = spec.critic_width or spec.width, spec.inner
    return (
        ConvEncoder(channels, size, 2 * latent, narrow, spec.critic_norm, inner),
        ConvGenerator(latent, channels, size, spec.width, 0, spec.upsample, inner),
    )


def _mlp_coders(spec: Mlp, domain: Any, latent: int) -> tuple[nn.Module, nn.Module]:
    from counterplay.networks import MLP

    hidden, dim = [spec.width] * spec.depth, domain.dim
    return MLP([dim, *hidden, 2 * latent]), MLP([latent, *hidden, dim])


_GAMES: dict[type, Callable[..., Any]] = {Gan: _gan, WganGp: _wgan_gp, Vae: _vae}
_PAIRS: dict[type, Callable[..., Any]] = {Dcgan: _dcgan_pair, Mlp: _mlp_pair}
_CODERS: dict[type, Callable[..., Any]] = {Dcgan: _dcgan_coders, Mlp: _mlp_coders}
_KIND = {Dcgan: "image", Mlp: "vector"}


def _misfit(recipe: Recipe, domain: Domain) -> str:
    what = "pictures" if domain.kind == "image" else f"rows of {domain.shape[0]} numbers"
    kind = type(recipe.game.networks).__name__.lower()
    return (
        f"the recipe '{recipe.name}' has networks of type {kind}, and the data are {what}; "
        f"leave --recipe out and one that fits is chosen"
    )
