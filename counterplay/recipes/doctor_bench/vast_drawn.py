"""Vast healthy games of pictures and of mixed columns, judged once and looked at since."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.healthy_games import PAIRED
from counterplay.recipes.doctor_bench.next_games import MODERN
from counterplay.recipes.doctor_bench.settings import HEADS
from counterplay.recipes.doctor_bench.sick_games import both
from counterplay.recipes.doctor_bench.vast_healthy import POINTS, SHOWN
from counterplay.recipes.doctor_bench.wide_critics import PACKED
from counterplay.recipes.doctor_bench.wide_data import JUDGED
from counterplay.recipes.doctor_bench.wide_games import FAIR, PAIRS
from counterplay.recipes.doctor_bench.wide_healthy import ROWS as BROAD

__all__ = ["GAMES"]

READ: dict[str, Any] = {"steps": 400, "every": 20, "proof": 1600}
MIDDLE = {"type": "mlp", "width": 96, "depth": 2}

GAMES = (
    *POINTS,
    Case(
        "vast-well-dunes",
        "",
        "dunes by fully connected networks and paired costs",
        "photos",
        {**BROAD, **PAIRED},
        data="dune-shades",
        **SHOWN,
    ),
    Case(
        "vast-well-embers",
        "",
        "embers, of which none is bright, by fully connected networks and paired costs",
        "photos",
        {**BROAD, **PAIRED, "data.batch": 80},
        data="ember-glow",
        **SHOWN,
    ),
    Case(
        "vast-well-hands",
        "",
        "clocks told the hour by fully connected networks and paired costs",
        "digits",
        {**BROAD, **PAIRED},
        data="clock-hands-told",
        **SHOWN,
    ),
    Case(
        "vast-well-uneven",
        "",
        "clocks told the hour, of which some hours are rare, by paired costs and batches of 96",
        "digits",
        {**BROAD, **PAIRED, "data.batch": 96},
        data="clock-hands-uneven",
        **SHOWN,
    ),
    Case(
        "vast-well-flags",
        "",
        "flags in colour by fully connected networks and paired costs, batches of 48",
        "photos",
        {**BROAD, **PAIRED, "data.batch": 48},
        data="striped-flags",
        **SHOWN,
    ),
    Case(
        "vast-well-skylines",
        "",
        "skylines by fully connected networks, Wasserstein's costs and a penalty",
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
        data="hill-skylines",
        **SHOWN,
    ),
    Case(
        "vast-well-kinds",
        "",
        "clocks by a critic that tells the hour, paired costs",
        "acgan-mnist",
        {
            **HEADS,
            "data.batch": 64,
            "game.latent": 16,
            "game.networks": MIDDLE,
            "game.cost": "relativistic",
            "game.r1": 0.3,
        },
        data="clock-hands-told",
        **READ,
    ),
    Case(
        "vast-well-read",
        "",
        "clocks by paired costs, from which six values are read",
        "infogan-mnist",
        {
            "data.batch": 64,
            "ema": 40.0,
            "game.cost": "relativistic",
            "game.categories": 6,
            "game.places": 0,
            "game.noise": 14,
            "game.networks": MIDDLE,
            "game.hidden": 0,
            "game.features": 48,
            "game.r1": 0.3,
            **FAIR,
        },
        data="clock-hands",
        **READ,
    ),
    Case(
        "vast-well-pairs",
        "",
        "dunes and an encoder by paired costs, sixteen latent numbers",
        "bigan-mnist",
        {
            **PAIRS,
            "data.batch": 64,
            "game.cost": "relativistic",
            "game.latent": 16,
            "game.networks": MIDDLE,
            "game.r2": 0.2,
        },
        data="dune-shades",
        **READ,
    ),
    Case(
        "vast-well-books",
        "",
        "packs of four books by a gradient penalty",
        "gan-mixed",
        {**PACKED, "data.batch": 96, "game.pack": 4},
        data="book-list",
        steps=300,
        every=15,
        proof=1200,
    ),
    Case(
        "vast-well-rolls",
        "",
        "packs of two throws of dice, which repeat each other, by a gradient penalty",
        "gan-mixed",
        {**PACKED, "data.batch": 80},
        data="dice-rolls",
        steps=300,
        every=15,
        proof=1200,
    ),
    Case(
        "vast-well-half-taught",
        "",
        "clocks and ten labels of each hour, a classifier that a generator helps",
        "ssl-mnist-20min",
        {
            "data.batch": 40,
            "data.few": 10,
            "ema": 40.0,
            "game.networks.width": 64,
            "game.networks.generator_width": 64,
            "game.latent": 16,
        },
        data="clock-hands-told",
        steps=240,
        every=12,
        proof=720,
    ),
    Case(
        "vast-well-verdicts",
        "",
        "digits by sure and balanced verdicts, fifteen labels of each, batches of 60",
        "catgan-mnist",
        {
            "data.source": "digits",
            "data.batch": 60,
            "data.few": 15,
            "ema": 40.0,
            "game.networks.width": 64,
            "game.networks.generator_width": 64,
            "game.latent": 24,
        },
        steps=300,
        every=15,
        proof=1500,
    ),
    Case(
        "vast-well-modern",
        "",
        "dunes by residual networks without norms, at two thirds of the rate",
        "r3gan",
        {**MODERN, "game.networks.width": 8, "game.latent": 12, **both(lr=7e-4)},
        data="dune-shades",
        steps=240,
        every=12,
        proof=720,
    ),
    Case(
        "vast-well-judged",
        "",
        "dunes by a VAE whose error a critic measures, batches of 48",
        "vae-gan-digits",
        {**JUDGED, "data.batch": 48, "game.networks.width": 10},
        data="dune-shades",
        steps=300,
        every=15,
        proof=900,
    ),
)
"""Every one held."""
