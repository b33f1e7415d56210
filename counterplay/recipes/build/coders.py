"""Encoders, decoders and what decoders say, from their specs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes.specs.coders import Dense, Picture

if TYPE_CHECKING:
    from torch import nn

    from counterplay.decoders import Decoded

__all__ = ["CODERS", "KINDS", "decoded", "only_dense"]


def _dense(spec: Dense, domain: Any, out: int, latent: int, maps: int) -> tuple[Any, Any]:
    from counterplay.networks.coders import DenseDecoder, DenseEncoder

    hidden, (first, *rest) = [spec.width] * spec.layers, domain.shape
    return (
        DenseEncoder(domain.shape, hidden, out, spec.activation, spec.sees),
        DenseDecoder(latent, [first * maps, *rest], hidden, spec.activation),
    )


def _picture(spec: Picture, domain: Any, out: int, latent: int, maps: int) -> tuple[Any, Any]:
    from counterplay.networks.coders import PictureDecoder, PictureEncoder

    channels, size, _ = domain.shape
    return (
        PictureEncoder(channels, size, out, spec.width),
        PictureDecoder(latent, channels * maps, size, spec.width),
    )


CODERS: dict[type, Callable[..., tuple[nn.Module, nn.Module]]] = {Dense: _dense, Picture: _picture}
"""(spec, domain, the encoder's outputs, latent, maps of the law) -> (encoder, decoder)."""

KINDS: dict[type, tuple[str, ...]] = {Dense: ("vector", "image"), Picture: ("image",)}
"""The kinds of data that networks are for."""


def decoded(spec: Any, domain: Any, deviation: float | None = None) -> Decoded:
    """Return what the decoder's output means for the data.

    Args:
        spec: with the fields ``decoder`` and ``spread``.
        domain: of the data.
        deviation: the law's scale where it is known and not learned.

    Raises:
        UserError: when a mass is asked of data that have other values, or a scale of a law that
            has none.
    """
    from counterplay.decoders import bernoulli, discretised_logistic, gaussian

    levels, spread = domain.levels, deviation or spec.spread
    if spec.decoder == "gaussian":
        return gaussian(spread)
    if spec.decoder == "bernoulli" and deviation:
        raise UserError("--game.deviation: the decoder bernoulli has no scale; leave it out")
    if spec.decoder == "bernoulli" and levels != 2:
        raise UserError(
            f"--game.decoder bernoulli is a mass of two values, and the data have {_many(levels)}; "
            "--data.binarise threshold makes two of them, or take the decoder gaussian or logistic"
        )
    if spec.decoder == "logistic" and levels < 2:
        raise UserError(
            "--game.decoder logistic is a mass on even levels, and the data are continuous; take "
            "the decoder gaussian"
        )
    return bernoulli() if spec.decoder == "bernoulli" else discretised_logistic(levels, spread)


def only_dense(spec: Dense | Picture, what: str) -> Dense:
    """Return ``spec`` where it is of fully connected networks.

    Raises:
        UserError: where it is not, saying what for.
    """
    if isinstance(spec, Dense):
        return spec
    raise UserError(f"{what} is fully connected here: networks of type dense are for it")


def _many(levels: int) -> str:
    return f"{levels} levels" if levels else "any"
