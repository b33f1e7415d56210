"""Runs on tables of numbers."""

from __future__ import annotations

from collections.abc import Callable

from counterplay.recipes.schema import Adam, Data, Mlp, Recipe, Vae, WganGp

__all__ = ["RECIPES"]


def table() -> Recipe:
    """Rows of numbers, from CSV, Parquet or an array, by WGAN-GP."""
    adam = Adam(1e-4, (0.5, 0.9))
    return Recipe(
        "table",
        Data("", batch=64),
        WganGp(Mlp(256, 3), penalty=1.0, critic_steps=5, latent=32, generator=adam, critic=adam),
        steps=10000,
        ema=500.0,
        precision="float32",
        look_every=1000,
        checkpoint_every=1000,
    )


def vae_table() -> Recipe:
    """Rows of numbers by a variational auto-encoder."""
    return Recipe(
        "vae-table",
        Data("", batch=64),
        Vae(Mlp(256, 2), latent=8),
        steps=5000,
        precision="float32",
        look_every=1000,
        checkpoint_every=1000,
    )


RECIPES: dict[str, Callable[[], Recipe]] = {"table": table, "vae-table": vae_table}
