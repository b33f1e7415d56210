"""Healthy games in ways not thought of before, which nobody has looked at, to be judged once."""

from __future__ import annotations

from functools import partial
from typing import Any

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.healthy_games import PAIRED
from counterplay.recipes.doctor_bench.settings import HEADS, TOLD
from counterplay.recipes.doctor_bench.sick_games import DIGITS, R1, RING, both
from counterplay.recipes.doctor_bench.wide_critics import PACKED
from counterplay.recipes.doctor_bench.wide_games import PAIRS
from counterplay.recipes.doctor_bench.wide_healthy import ROWS as BROAD

__all__ = ["CASES"]

coming = partial(of_condition, halves=("held",))

SHOWN: dict[str, Any] = {"steps": 500, "every": 20, "proof": 1000}
LONGER: dict[str, Any] = {"steps": 750, "every": 25, "proof": 1500}
ROUND = {**RING, **R1, "game.latent": 4, "game.networks.width": 64}
PLAIN = {"game.networks.critic_norm": "none"}
DRAWN = {**DIGITS, **PLAIN, "game.latent": 12, "game.networks.width": 10}
"""Convolutions whose critic has no norm."""
MIDDLE = {"type": "mlp", "width": 96, "depth": 2}

CASES = coming(
    "",
    Case(
        "final-well-digits-paired",
        "",
        "digits by convolutions and paired costs at twice the rate, a critic without norm",
        "digits",
        {**DRAWN, **PAIRED, **both(lr=2e-3), "game.conditional": False},
        **SHOWN,
    ),
    Case(
        "final-well-dunes",
        "",
        "dunes by a critic that judges two at a time, hinge costs and R1",
        "photos",
        {**BROAD, **R1, "game.pack": 2, "game.cost": "hinge"},
        data="dune-shades",
        **SHOWN,
    ),
    Case(
        "final-well-shades-read",
        "",
        "shades of grey from which six values and two places are read, by plain costs and R1",
        "infogan-mnist",
        {
            "data.batch": 64,
            "ema": 40.0,
            "game.categories": 6,
            "game.places": 2,
            "game.noise": 8,
            "game.networks": MIDDLE,
            "game.hidden": 0,
            "game.features": 48,
            "game.r1": 0.3,
            **both(lr=1e-3, betas=[0.5, 0.99]),
        },
        data="shades",
        **SHOWN,
    ),
    Case(
        "final-well-drawn",
        "",
        "digits and an encoder that draws, paired costs and both penalties",
        "bigan-mnist",
        {
            **PAIRS,
            "data.source": "digits",
            "data.batch": 64,
            "game.cost": "relativistic",
            "game.posterior": "drawn",
            "game.latent": 12,
            "game.networks": MIDDLE,
            "game.r2": 0.2,
        },
        **SHOWN,
    ),
    Case(
        "final-well-noisy",
        "",
        "dunes behind noise that fades, labels of real pictures smoothed, little averaged",
        "photos",
        {
            **BROAD,
            **R1,
            "ema": 10.0,
            "game.tricks.real_label": 0.9,
            "game.tricks.instance_noise": 0.2,
            "game.tricks.noise_rounds": 600,
        },
        data="dune-shades",
        **SHOWN,
    ),
    Case(
        "final-well-digits-plain",
        "",
        "digits of no class by fully connected networks, least squares and R1, nothing averaged",
        "digits",
        {**BROAD, **R1, "ema": 0.0, "game.conditional": False, "game.cost": "least_squares"},
        **SHOWN,
    ),
    Case(
        "final-well-moved",
        "",
        "dunes that are moved about before the critic sees them, paired costs",
        "photos",
        {**BROAD, **PAIRED, "game.augment.translation": True, "game.augment.chance": 0.3},
        data="dune-shades",
        **SHOWN,
    ),
    Case(
        "final-well-kinds",
        "",
        "digits told which, a critic that tells the digit, paired costs, nothing averaged",
        "acgan-mnist",
        {
            **HEADS,
            "data.source": "digits",
            "data.batch": 64,
            "ema": 0.0,
            "game.latent": 12,
            "game.networks": MIDDLE,
            "game.cost": "relativistic",
            "game.r1": 0.3,
        },
        **SHOWN,
    ),
    Case(
        "final-well-unrolled",
        "",
        "a wedge by a generator that looks two steps ahead, least squares and R1",
        "pacgan-ring-gan",
        {
            **ROUND,
            "dynamics.rule": "unrolled",
            "dynamics.look_ahead": 2,
            "game.cost": "least_squares",
            "game.networks.width": 48,
        },
        data="wedge",
        **SHOWN,
    ),
    Case(
        "final-well-consensus",
        "",
        "the shell of an egg by both players' wish for consensus, paired costs",
        "pacgan-ring-gan",
        {**ROUND, "dynamics.rule": "consensus", "dynamics.gamma": 1.0, "game.cost": "relativistic"},
        data="egg-shell",
        **SHOWN,
    ),
    Case(
        "final-well-pentatope",
        "",
        "five corners of a simplex by a slope that is kept near one around real points",
        "pacgan-ring-gan",
        {**RING, "game.networks.width": 64, "game.latent": 6, "game.penalties.dragan": 1.0},
        data="pentatope",
        **LONGER,
    ),
    Case(
        "final-well-grains",
        "",
        "grains of six measures by Jensen's and Shannon's divergence, maxout in the critic, R1",
        "pacgan-ring-gan",
        {
            **ROUND,
            "ema": 0.0,
            "game.cost": "jensen_shannon",
            "game.latent": 8,
            "game.networks.critic_activation": "maxout",
        },
        data="grains",
        **SHOWN,
    ),
    Case(
        "final-well-saddle",
        "",
        "a bent sheet in space by extrapolating moves and hinge costs, both by RMSprop",
        "pacgan-ring-gan",
        {
            **ROUND,
            "dynamics.rule": "extragradient",
            "game.cost": "hinge",
            **both(lr=7e-4, rule="rmsprop"),
        },
        data="saddle-sheet",
        **SHOWN,
    ),
    Case(
        "final-well-broths",
        "",
        "broths told which by a gradient penalty, small batches and three critic's moves to one",
        "table",
        {**TOLD, "data.batch": 32, "game.critic_steps": 3, "game.latent": 6},
        data="broths-told",
        **SHOWN,
    ),
    Case(
        "final-well-tickets",
        "",
        "packs of two tickets by a gradient penalty, nothing averaged",
        "gan-mixed",
        {**PACKED, "ema": 0.0, "data.batch": 96},
        data="ticket-list",
        **SHOWN,
    ),
)
"""Games of pictures, rows, tables and points; every one held."""
