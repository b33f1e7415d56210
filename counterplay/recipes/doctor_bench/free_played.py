"""Free healthy games of pictures and of columns, which nobody has looked at."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.free_points import POINTS
from counterplay.recipes.doctor_bench.healthy_games import PAIRED
from counterplay.recipes.doctor_bench.settings import HEADS
from counterplay.recipes.doctor_bench.sick_games import both
from counterplay.recipes.doctor_bench.vast_drawn import MIDDLE, READ
from counterplay.recipes.doctor_bench.wide_critics import PACKED
from counterplay.recipes.doctor_bench.wide_games import FAIR, PAIRS
from counterplay.recipes.doctor_bench.wide_healthy import ROWS as BROAD

__all__ = ["GAMES"]

SHOWN: dict[str, Any] = {"steps": 500, "proof": 2000}

GAMES = (
    *POINTS,
    Case(
        "free-well-windows",
        "",
        "windows of four panes by fully connected networks and paired costs",
        "photos",
        {**BROAD, **PAIRED},
        data="lit-windows",
        **SHOWN,
    ),
    Case(
        "free-well-crosses",
        "",
        "five signs told which by fully connected networks and paired costs, batches of 80",
        "digits",
        {**BROAD, **PAIRED, "data.batch": 80},
        data="five-crosses-told",
        **SHOWN,
    ),
    Case(
        "free-well-uneven",
        "",
        "five signs told which, half of them of one kind, by paired costs and batches of 96",
        "digits",
        {**BROAD, **PAIRED, "data.batch": 96},
        data="five-crosses-uneven",
        **SHOWN,
    ),
    Case(
        "free-well-dusk",
        "",
        "dusk, dim and full of shades, by fully connected networks and paired costs",
        "photos",
        {**BROAD, **PAIRED, "data.batch": 80},
        data="dusk-fields",
        **SHOWN,
    ),
    Case(
        "free-well-lanterns",
        "",
        "lanterns in colour by fully connected networks and paired costs, batches of 48",
        "photos",
        {**BROAD, **PAIRED, "data.batch": 48},
        data="paper-lanterns",
        **SHOWN,
    ),
    Case(
        "free-well-kinds",
        "",
        "five signs by a critic that tells which, paired costs",
        "acgan-mnist",
        {
            **HEADS,
            "data.batch": 64,
            "game.latent": 16,
            "game.networks": MIDDLE,
            "game.cost": "relativistic",
            "game.r1": 0.3,
        },
        data="five-crosses-told",
        **READ,
    ),
    Case(
        "free-well-read",
        "",
        "lanterns by paired costs, from which four values are read",
        "infogan-mnist",
        {
            "data.batch": 64,
            "ema": 40.0,
            "game.cost": "relativistic",
            "game.categories": 4,
            "game.places": 0,
            "game.noise": 14,
            "game.networks": MIDDLE,
            "game.hidden": 0,
            "game.features": 48,
            "game.r1": 0.3,
            **FAIR,
        },
        data="paper-lanterns",
        **READ,
    ),
    Case(
        "free-well-pairs",
        "",
        "stains and an encoder by paired costs, sixteen latent numbers",
        "bigan-mnist",
        {
            **PAIRS,
            "data.batch": 64,
            "game.cost": "relativistic",
            "game.latent": 16,
            "game.networks": MIDDLE,
            "game.r2": 0.2,
        },
        data="oval-stains",
        **READ,
    ),
    Case(
        "free-well-parcels",
        "",
        "packs of four parcels by a gradient penalty",
        "gan-mixed",
        {**PACKED, "data.batch": 96, "game.pack": 4},
        data="parcel-list",
        steps=300,
        every=15,
        proof=1200,
    ),
    Case(
        "free-well-half-taught",
        "",
        "five signs and ten labels of each, a classifier that a generator helps",
        "ssl-mnist-20min",
        {
            "data.batch": 40,
            "data.few": 10,
            "ema": 40.0,
            "game.networks.width": 64,
            "game.networks.generator_width": 64,
            "game.latent": 16,
        },
        data="five-crosses-told",
        steps=240,
        every=12,
        proof=720,
    ),
    Case(
        "free-well-bridges",
        "",
        "bridges of 12x12 by Wasserstein's costs and a penalty, fully connected networks",
        "digits-wgan-gp",
        {
            "data.batch": 64,
            "ema": 40.0,
            "game.latent": 16,
            "game.networks": MIDDLE,
            "game.penalty": 1.0,
            "game.critic_steps": 2,
            **both(lr=1e-3, betas=[0.0, 0.9]),
        },
        data="stone-bridges",
        **SHOWN,
    ),
)
"""Every one held."""
