"""Networks from their specs, sized for a domain: a row in each table for each kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from counterplay.recipes.specs.networks import Dcgan, Mlp

if TYPE_CHECKING:
    from torch import nn

__all__ = ["CODERS", "KIND", "PAIRS"]


def _dcgan_pair(spec: Dcgan, domain: Any, latent: int, classes: int) -> tuple[nn.Module, nn.Module]:
    from counterplay.networks import ClassNormGenerator, ConvGenerator

    channels, size, _ = domain.shape
    kinds = {"concatenation": ConvGenerator, "batch_norm": ClassNormGenerator}
    kind = kinds[spec.condition] if classes else ConvGenerator
    forge = kind(latent, channels, size, spec.width, classes, spec.upsample, spec.inner)
    return forge, _dcgan_critic(spec, domain, classes)


def _dcgan_critic(spec: Dcgan, domain: Any, classes: int) -> nn.Module:
    from counterplay.networks import Blind, Concatenated, ConvCritic

    channels, size, _ = domain.shape
    how = spec.critic_condition if classes else "projection"
    planes, shown = {"concatenation": (classes, 0), "projection": (0, classes)}.get(how, (0, 0))
    narrow, norm = spec.critic_width or spec.width, spec.critic_norm
    critic = ConvCritic(channels + planes, size, narrow, shown, norm, spec.inner)
    if planes:
        return Concatenated(critic, classes)
    return Blind(critic) if how == "none" else critic


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


KIND: dict[type, str] = {Dcgan: "image", Mlp: "vector"}
"""The kind of data that networks are for."""

PAIRS: dict[type, Callable[..., tuple[Any, Any]]] = {Dcgan: _dcgan_pair, Mlp: _mlp_pair}
"""(spec, domain, latent, classes) -> (generator, critic)."""

CODERS: dict[type, Callable[..., tuple[Any, Any]]] = {Dcgan: _dcgan_coders, Mlp: _mlp_coders}
"""(spec, domain, latent) -> (encoder with 2 · latent outputs, decoder)."""
