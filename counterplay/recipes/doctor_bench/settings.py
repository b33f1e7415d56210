"""What the changes of several cases have in common: small networks and quick rates."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.sick_games import both

__all__ = [
    "BLOCKS",
    "COLUMNS",
    "DENSE",
    "HEADS",
    "LAYERS",
    "LEVELS",
    "SMALL",
    "STACKED",
    "TABLE",
    "TALL",
    "TEXT",
    "TOLD",
]

TABLE = {
    "data.batch": 32,
    "game.networks.width": 48,
    "game.networks.depth": 2,
    "game.latent": 8,
    **both(lr=1e-3),
}
"""Fully connected networks for rows."""

TOLD = {
    **TABLE,
    "data.batch": 64,
    "game.penalty": 0.1,
    "ema": 40.0,
    "game.conditional": True,
    "game.critic_steps": 2,
}
"""Rows by a gradient penalty, told their class."""

HEADS = {
    "data.batch": 32,
    "ema": 40.0,
    "game.latent": 8,
    "game.networks": {"type": "mlp", "width": 64, "depth": 2},
    "game.features": 32,
    **both(lr=1e-3, betas=[0.5, 0.99]),
}
"""Fully connected networks whose critic tells more than one thing."""

BLOCKS = {
    "data.batch": 24,
    "ema": 40.0,
    "game.latent": 8,
    "game.networks.width": 8,
    **both(lr=1e-3, betas=[0.5, 0.99]),
}
"""Residual networks of few channels."""

DENSE = {
    "data.batch": 48,
    "ema": 40.0,
    "game.latent": 4,
    "game.networks.width": 32,
    "game.networks.depth": 2,
    **both(lr=1e-3, betas=[0.5, 0.99]),
}
"""Fully connected networks of the oldest kind for points and rows."""

SMALL = {
    "data.batch": 32,
    "game.latent": 8,
    "game.networks.width": 8,
    "game.optimiser.lr": 2e-3,
}
"""A VAE of pictures by few channels."""

TALL = {"game.networks": {"type": "dense", "width": 64, "layers": 2}}
"""Dense layers instead of convolutions."""

LAYERS = {
    "data.batch": 50,
    "game.networks.width": 48,
    "game.latents": [12, 6],
    "game.optimiser.lr": 2e-3,
}
"""Layers of latents."""

STACKED = {**LAYERS, "data.binarise": "no", "data.batch": 40, "game.latents": [8, 4]}
"""Two small layers of latents of rows of bits."""

LEVELS = {
    "data.batch": 50,
    "data.binarise": "no",
    "game.latent": 8,
    "game.warm_up": 0,
    "game.networks.width": 64,
    "game.optimiser.lr": 2e-3,
}
"""A VAE of bits, or of pictures of two levels."""

TEXT = {
    "data.length": 32,
    "game.networks.width": 16,
    "game.networks.skips": 24,
    "game.networks.depth": 3,
    "game.networks.cycles": 1,
    "game.networks.dropout": 0.0,
}
"""A small net of characters."""

COLUMNS = {"data.batch": 64, "ema": 20.0, "game.networks.width": 48}
"""A net of columns in their order."""
