"""Networks from their specs, sized for a domain: a row in each table for each kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes.specs.networks import (
    Dcgan,
    Growing,
    Mlp,
    Modern,
    Parted,
    Points,
    Residual,
    Styled,
    Tiny,
)
from counterplay.recipes.specs.sequences import WaveNet

if TYPE_CHECKING:
    from torch import nn

__all__ = ["CODERS", "KINDS", "PAIRS", "growing", "styled"]


def _dcgan_pair(spec: Dcgan, domain: Any, latent: int, classes: int) -> tuple[nn.Module, nn.Module]:
    from counterplay.networks import ClassNormGenerator, ConvGenerator
    from counterplay.networks.norms import referenced

    channels, size, _ = domain.shape
    norm, sizes = spec.generator_norm, (latent, channels, size, spec.width, classes)
    if classes and spec.condition == "batch_norm":
        if norm != "batch":
            raise UserError(
                f"game.networks.generator-norm: '{norm}' does not show the class; take 'batch', "
                "or the condition 'concatenation'"
            )
        forge: nn.Module = ClassNormGenerator(*sizes, spec.upsample, spec.inner)
    else:
        plain = ConvGenerator(*sizes, spec.upsample, spec.inner, norm)
        forge = referenced(plain, norm, latent, classes)
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
    from counterplay.networks.mlp import FlatCritic, FlatGenerator

    hidden = [spec.width] * spec.depth
    if domain.kind == "image":
        forge = FlatGenerator(latent, domain.shape, hidden, classes)
        return forge, FlatCritic(domain.shape, hidden, classes)
    sizes = [latent, *hidden, domain.dim], [domain.dim, *hidden, 1]
    if classes:
        return ConditionalMLP(sizes[0], classes), ConditionalMLP(sizes[1], classes)
    return MLP(sizes[0]), MLP(sizes[1])


def _residual_pair(
    spec: Residual, domain: Any, latent: int, classes: int
) -> tuple[nn.Module, nn.Module]:
    from counterplay.networks.norms import referenced
    from counterplay.networks.resnet import ResidualCritic, ResidualGenerator

    channels, size, _ = domain.shape
    narrow, norm = spec.critic_width or spec.width, spec.generator_norm
    forge = ResidualGenerator(
        latent, channels, size, spec.width, classes, norm, attention=spec.attention
    )
    judge = ResidualCritic(
        channels, size, narrow, classes, spec.critic_norm, spec.inner, spec.attention
    )
    return referenced(forge, norm, latent, classes), judge


def _modern_pair(
    spec: Modern, domain: Any, latent: int, classes: int
) -> tuple[nn.Module, nn.Module]:
    from counterplay.networks.modern import ModernCritic, ModernGenerator

    channels, size, _ = domain.shape
    narrow = spec.critic_width or spec.width
    return (
        ModernGenerator(latent, channels, size, spec.width, classes, spec.depth),
        ModernCritic(channels, size, narrow, classes, spec.depth),
    )


def _points_pair(spec: Points, domain: Any, latent: int, classes: int) -> tuple[Any, Any]:
    from counterplay.networks.points import perceptron

    if classes:
        raise UserError(
            "game.conditional: networks for points show no class; networks of type mlp do"
        )
    hidden = [spec.width] * spec.depth
    judge = [spec.critic_width or spec.width] * (spec.critic_depth or spec.depth)
    dim = domain.dim
    return (
        perceptron([latent, *hidden, dim], spec.activation, spec.weights, spec.batch_norm),
        perceptron([dim, *judge, 1], spec.critic_activation, spec.weights),
    )


def _tiny_pair(spec: Tiny, domain: Any, latent: int, classes: int) -> tuple[nn.Module, nn.Module]:
    from counterplay.networks.tiny import TinyCritic, TinyGenerator

    if classes:
        raise UserError("networks of type tiny are shown no classes; --game.no-conditional")
    channels, size, _ = domain.shape
    return (
        TinyGenerator(latent, channels, size, spec.width),
        TinyCritic(channels, size, spec.critic_width, spec.critic_norm),
    )


def _parted_pair(
    spec: Parted, domain: Any, latent: int, classes: int
) -> tuple[nn.Module, nn.Module]:
    from counterplay.networks import ConvCritic
    from counterplay.networks.parted import PARTS, PartedGenerator

    channels, size, _ = domain.shape
    if classes:
        raise UserError("networks of type parted are shown no classes; --game.no-conditional")
    if latent % PARTS:
        near = max(round(latent / PARTS), 1) * PARTS
        raise UserError(
            f"game.latent: networks of type parted take a latent of {PARTS} equal parts, and "
            f"{latent} numbers have none; --game.latent {near} works"
        )
    narrow = spec.critic_width or spec.width
    return (
        PartedGenerator(latent, channels, size, spec.width),
        ConvCritic(channels, size, narrow, norm="none", inner=spec.inner),
    )


def growing(spec: Growing, domain: Any, latent: int) -> tuple[Any, Any]:
    """Return (generator, critic) that grow."""
    from counterplay.networks.progressive import GrowingCritic, GrowingGenerator

    channels, size, _ = domain.shape
    return (
        GrowingGenerator(latent, channels, size, spec.width),
        GrowingCritic(channels, size, spec.critic_width or spec.width),
    )


def styled(spec: Styled, domain: Any, latent: int) -> tuple[Any, Any]:
    """Return (generator by styles, its critic)."""
    from counterplay.networks.style import PlainCritic, StyleCritic, StyleGenerator

    channels, size, _ = domain.shape
    if spec.kinds and latent % (2 * spec.kinds):
        near = max(round(latent / (2 * spec.kinds)), 1) * 2 * spec.kinds
        raise UserError(
            f"game.latent: half of {latent} numbers is no whole number of choices among "
            f"{spec.kinds}; --game.latent {near} works"
        )
    ways = (spec.skip, spec.rate, spec.kinds, spec.placed, spec.bounded)
    critic = StyleCritic if spec.critic == "residual" else PlainCritic
    return (
        StyleGenerator(latent, channels, size, spec.width, spec.style, spec.depth, *ways),
        critic(channels, size, spec.critic_width or spec.width),
    )


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
    from counterplay.networks.mlp import FlatCritic, FlatGenerator

    hidden = [spec.width] * spec.depth
    if domain.kind == "image":
        encoder = FlatCritic(domain.shape, hidden, out=2 * latent)
        return encoder, FlatGenerator(latent, domain.shape, hidden)
    return MLP([domain.dim, *hidden, 2 * latent]), MLP([latent, *hidden, domain.dim])


KINDS: dict[type, tuple[str, ...]] = {
    Dcgan: ("image",),
    Mlp: ("vector", "image"),
    Residual: ("image",),
    Modern: ("image",),
    Tiny: ("image",),
    Parted: ("image",),
    Points: ("vector",),
    Growing: ("image",),
    Styled: ("image",),
    WaveNet: ("sequence",),
}
"""The kinds of data that networks are for."""

PAIRS: dict[type, Callable[..., tuple[Any, Any]]] = {
    Dcgan: _dcgan_pair,
    Mlp: _mlp_pair,
    Residual: _residual_pair,
    Modern: _modern_pair,
    Tiny: _tiny_pair,
    Parted: _parted_pair,
    Points: _points_pair,
}
"""(spec, domain, latent, classes) -> (generator, critic)."""

CODERS: dict[type, Callable[..., tuple[Any, Any]]] = {Dcgan: _dcgan_coders, Mlp: _mlp_coders}
"""(spec, domain, latent) -> (encoder with 2 · latent outputs, decoder)."""
