"""Critics that know too much in vast ways, judged once and looked at since."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.next_critics import FEW, STYLED
from counterplay.recipes.doctor_bench.next_games import FLAT_NETS
from counterplay.recipes.doctor_bench.settings import BLOCKS, DENSE, HEADS, TABLE
from counterplay.recipes.doctor_bench.sick_games import DIGITS, RING, both
from counterplay.recipes.doctor_bench.vast_games import coming
from counterplay.recipes.doctor_bench.vast_sure import BARE
from counterplay.recipes.doctor_bench.wide_critics import PACKED
from counterplay.recipes.doctor_bench.wide_games import FAIR, HOURS, PAIRS, PYRAMID, QUICK

__all__ = ["CASES"]

WIDE: dict[str, Any] = {"game.networks": {"type": "mlp", "width": 128, "depth": 3}}

_OVERFIT = coming(
    "critic-overfitting",
    Case(
        "vast-few-quilts",
        "",
        "40 quilts of 64 kinds by least squares and three moves of a wide critic",
        "photos",
        {
            **FLAT_NETS,
            **WIDE,
            **FAIR,
            "data.batch": 20,
            "game.cost": "least_squares",
            "game.critic_steps": 3,
        },
        data="quilts-40",
        **HOURS,
        **FEW,
    ),
    Case(
        "vast-few-arrows",
        "",
        "40 arrows told where, before wide convolutions without a norm or a penalty",
        "cgan-mnist",
        {
            **DIGITS,
            **BARE,
            "data.batch": 20,
            "game.networks.inner": 0,
            "game.networks.critic_width": 24,
            "game.critic.lr": 2e-3,
        },
        data="arrows-40-told",
        **HOURS,
        **FEW,
    ),
    Case(
        "vast-few-lamps",
        "",
        "40 pictures of lamps and a code, before wide convolutions at thrice the rate",
        "infogan-mnist",
        {
            **BARE,
            "data.batch": 20,
            "ema": 40.0,
            "game.networks.width": 8,
            "game.networks.critic_width": 20,
            "game.noise": 8,
            "game.hidden": 0,
            "game.features": 64,
            **both(lr=1e-3, betas=[0.5, 0.99]),
            "game.critic.lr": 3e-3,
        },
        data="lamps-40",
        **QUICK,
        **FEW,
    ),
    Case(
        "vast-few-flags",
        "",
        "44 flags by residual networks and the logistic costs, a wide critic without a norm",
        "sngan",
        {
            **BLOCKS,
            **BARE,
            "data.batch": 22,
            "game.cost": "non_saturating",
            "game.networks.critic_width": 12,
            "game.critic.lr": 2e-3,
        },
        data="flags-44",
        **QUICK,
        **FEW,
    ),
    Case(
        "vast-few-kinds-of-flags",
        "",
        "44 flags told the middle stripe by paired costs, before layers of 128 units that tell it",
        "acgan-mnist",
        {**HEADS, **WIDE, "data.batch": 22, "game.cost": "relativistic", "game.critic.lr": 2e-3},
        data="flags-44-told",
        **HOURS,
        **FEW,
    ),
    Case(
        "vast-few-spectra",
        "",
        "40 spectra by the game as it is written down, three wide layers and four moves",
        "gan-ring",
        {
            **DENSE,
            "data.batch": 20,
            "game.cost": "gan",
            "game.latent": 8,
            "game.networks.width": 128,
            "game.networks.depth": 3,
            "game.critic_steps": 4,
        },
        data="spectra-40",
        **HOURS,
        **FEW,
    ),
    Case(
        "vast-few-tides",
        "",
        "40 tides by a penalty of a hundredth and six moves of a wide critic",
        "table",
        {
            **TABLE,
            "data.batch": 20,
            "ema": 40.0,
            "game.networks.width": 128,
            "game.networks.depth": 3,
            "game.penalty": 0.01,
            "game.critic_steps": 6,
        },
        data="tides-40",
        **HOURS,
        **FEW,
    ),
    Case(
        "vast-few-switches",
        "",
        "40 rows of 64 modes by paired costs without penalties, before three wide tanh layers",
        "pacgan-ring-gan",
        {
            **RING,
            "data.batch": 20,
            "game.cost": "relativistic",
            "game.latent": 6,
            "game.networks.critic_activation": "tanh",
            "game.networks.critic_width": 128,
            "game.networks.critic_depth": 3,
            "game.critic_steps": 3,
        },
        data="switchboard-40",
        **HOURS,
        **FEW,
    ),
    Case(
        "vast-few-clans",
        "",
        "48 rows of 24 modes by simultaneous moves, before wide maxout units at thrice the rate",
        "pacgan-ring-gan",
        {
            **RING,
            "data.batch": 24,
            "dynamics.rule": "simultaneous",
            "game.latent": 8,
            "game.networks.critic_activation": "maxout",
            "game.networks.critic_width": 96,
            "game.networks.critic_depth": 3,
            "game.critic_steps": 2,
            "game.critic.lr": 3e-3,
        },
        data="clans-48",
        **HOURS,
        **FEW,
    ),
    Case(
        "vast-few-flats",
        "",
        "60 flats to let by a penalty of a hundredth, before a wide critic of five moves",
        "gan-mixed",
        {
            **PACKED,
            "data.batch": 20,
            "game.pack": 1,
            "game.penalty": 0.01,
            "game.critic_steps": 5,
            "game.networks.width": 128,
        },
        data="rentals-60",
        **HOURS,
        **FEW,
    ),
    Case(
        "vast-few-patches",
        "",
        "40 quilts by a pyramid of games, its critics wide, fast and without a penalty",
        "lapgan-mnist",
        {
            **PYRAMID,
            "data.batch": 20,
            "game.networks.width": 16,
            "game.networks.coarse_width": 128,
            "game.r1": 0.0,
            "game.critic.lr": 4e-3,
        },
        data="quilts-40",
        **QUICK,
        **FEW,
    ),
    Case(
        "vast-few-styles",
        "",
        "40 arrows by styles, before a wide critic without R1",
        "style-32",
        {**STYLED, "game.networks.critic_width": 16, "game.r1": 0.0, "game.critic.lr": 3e-3},
        data="arrows-40",
        **QUICK,
        **FEW,
    ),
    Case(
        "vast-few-drawn",
        "",
        "44 larger digits and an encoder that draws, before wide layers without a penalty",
        "bigan-mnist",
        {
            **PAIRS,
            **WIDE,
            "data.batch": 22,
            "game.posterior": "drawn",
            "game.features": 96,
            "game.r1": 0.0,
            "game.critic.lr": 3e-3,
        },
        data="mnist-44",
        **HOURS,
        **FEW,
    ),
)

CASES = _OVERFIT
"""Thirteen causes."""
