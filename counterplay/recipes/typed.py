"""Runs on tables of mixed columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from counterplay.recipes.schema import Data, Recipe
from counterplay.recipes.specs.typed import (
    Columns,
    TypedAutoregressive,
    TypedFlow,
    TypedGan,
    TypedVae,
)

__all__ = ["RECIPES"]


def mixed() -> Recipe:
    """Rows of numbers, categories and dates, column after column, with exact likelihood."""
    return Recipe(
        "mixed",
        Data("", batch=256),
        TypedAutoregressive(Columns(256, 2)),
        steps=8000,
        ema=300.0,
        decay=0.5,
        precision="float32",
        look_every=500,
        checkpoint_every=500,
        finish="best",
    )


def vae_mixed() -> Recipe:
    """Rows of numbers, categories and dates by a variational auto-encoder."""
    return Recipe(
        "vae-mixed",
        Data("", batch=256),
        TypedVae(Columns(256, 2)),
        steps=20000,
        ema=300.0,
        decay=0.5,
        precision="float32",
        look_every=1000,
        checkpoint_every=1000,
        finish="best",
    )


def flow_mixed() -> Recipe:
    """Rows of numbers, categories and dates by a spline flow of columns brought to lines."""
    return Recipe(
        "flow-mixed",
        Data("", batch=256),
        TypedFlow(),
        steps=10000,
        ema=300.0,
        decay=0.5,
        precision="float32",
        look_every=1000,
        checkpoint_every=1000,
        finish="best",
    )


def gan_mixed() -> Recipe:
    """Rows of numbers, categories and dates by WGAN-GP on packs of rows."""
    return Recipe(
        "gan-mixed",
        Data("", batch=512),
        TypedGan(),
        steps=20000,
        ema=500.0,
        precision="float32",
        look_every=1000,
        checkpoint_every=1000,
    )


def gan_mixed_5min() -> Recipe:
    """The same game of packs for as long as five minutes."""
    return replace(gan_mixed(), name="gan-mixed-5min", budget=5.0)


RECIPES: dict[str, Callable[[], Recipe]] = {
    "mixed": mixed,
    "vae-mixed": vae_mixed,
    "flow-mixed": flow_mixed,
    "gan-mixed": gan_mixed,
    "gan-mixed-5min": gan_mixed_5min,
}
