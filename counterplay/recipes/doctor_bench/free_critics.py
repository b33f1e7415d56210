"""Critics that know too much in free ways, which nobody has looked at, to be judged once."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.free_games import coming
from counterplay.recipes.doctor_bench.free_sure import BARE
from counterplay.recipes.doctor_bench.next_critics import FEW, STYLED
from counterplay.recipes.doctor_bench.next_games import CODED, FLAT_NETS, MODERN
from counterplay.recipes.doctor_bench.settings import BLOCKS, DENSE, TABLE
from counterplay.recipes.doctor_bench.sick_games import DIGITS, RING, both
from counterplay.recipes.doctor_bench.wide_critics import PACKED
from counterplay.recipes.doctor_bench.wide_games import FAIR, HOURS, PAIRS, PYRAMID, QUICK

__all__ = ["CASES"]

LARGE: dict[str, Any] = {"game.networks": {"type": "mlp", "width": 128, "depth": 3}}
TALL_CRITIC: dict[str, Any] = {
    "game.networks.critic_width": 128,
    "game.networks.critic_depth": 3,
}

_OVERFIT = coming(
    "critic-overfitting",
    Case(
        "free-few-ripples",
        "",
        "42 waves by hinge costs, before three wide leaky layers that move three times a round",
        "pacgan-ring-gan",
        {
            **RING,
            **TALL_CRITIC,
            "data.batch": 21,
            "game.cost": "hinge",
            "game.latent": 8,
            "game.networks.critic_activation": "leaky",
            "game.critic_steps": 3,
        },
        data="ripples-42",
        **HOURS,
        **FEW,
    ),
    Case(
        "free-few-engines",
        "",
        "40 engines by least squares and RMSprop, three wide layers of the oldest kind",
        "gan-ring",
        {
            **DENSE,
            "data.batch": 20,
            "game.cost": "least_squares",
            "game.latent": 8,
            "game.networks.width": 128,
            "game.networks.depth": 3,
            **both(rule="rmsprop"),
            "game.critic_steps": 4,
        },
        data="engines-40",
        **HOURS,
        **FEW,
    ),
    Case(
        "free-few-gaits",
        "",
        "44 gaits by a penalty of a two-hundredth and six moves of a wide critic",
        "table",
        {
            **TABLE,
            "data.batch": 22,
            "ema": 40.0,
            "game.networks.width": 128,
            "game.networks.depth": 3,
            "game.penalty": 0.005,
            "game.critic_steps": 6,
        },
        data="gaits-44",
        **HOURS,
        **FEW,
    ),
    Case(
        "free-few-fields",
        "",
        "64 fields of a harvest, one at a time, before a wide critic of six moves",
        "gan-mixed",
        {
            **PACKED,
            "data.batch": 21,
            "game.pack": 1,
            "game.penalty": 0.01,
            "game.critic_steps": 6,
            "game.networks.width": 128,
        },
        data="harvests-64",
        **HOURS,
        **FEW,
    ),
    Case(
        "free-few-signs",
        "",
        "40 signs by plain costs and four moves of a wide critic by RMSprop",
        "photos",
        {
            **FLAT_NETS,
            **LARGE,
            **FAIR,
            "data.batch": 20,
            "game.critic.rule": "rmsprop",
            "game.critic_steps": 4,
        },
        data="signs-40",
        **HOURS,
        **FEW,
    ),
    Case(
        "free-few-told-signs",
        "",
        "44 signs told which by least squares, before a wide projection without a norm",
        "cgan-projection-mnist",
        {
            **DIGITS,
            **BARE,
            "data.batch": 22,
            "game.cost": "least_squares",
            "game.networks.critic_width": 24,
            "game.critic.lr": 2e-3,
        },
        data="signs-44-told",
        **HOURS,
        **FEW,
    ),
    Case(
        "free-few-kites",
        "",
        "40 kites by residual networks without norms and hinge costs, the penalties left out",
        "r3gan",
        {
            **MODERN,
            "data.batch": 20,
            "game.cost": "hinge",
            "game.networks.critic_width": 12,
            "game.r1": 0.0,
            "game.r2": 0.0,
            "game.critic.lr": 2e-3,
        },
        data="kites-40",
        **{**QUICK, "steps": 200, "every": 10, "proof": 300},
        **FEW,
    ),
    Case(
        "free-few-told-kites",
        "",
        "44 kites told a colour, before wide convolutions that tell it, without a norm",
        "acgan-mnist",
        {
            **DIGITS,
            **BARE,
            "data.batch": 22,
            "game.networks.inner": 0,
            "game.networks.critic_width": 24,
            "game.features": 64,
            "game.critic.lr": 3e-3,
        },
        data="kites-44-told",
        **QUICK,
        **FEW,
    ),
    Case(
        "free-few-washes",
        "",
        "40 washes of colour by residual networks and least squares, a wide critic without a norm",
        "sngan",
        {
            **BLOCKS,
            **BARE,
            "data.batch": 20,
            "game.cost": "least_squares",
            "game.networks.critic_width": 12,
            "game.critic.lr": 2e-3,
        },
        data="washes-40",
        **QUICK,
        **FEW,
    ),
    Case(
        "free-few-swells",
        "",
        "40 swells and an encoder by paired costs, before wide layers without a penalty",
        "bigan-mnist",
        {
            **PAIRS,
            **LARGE,
            "data.batch": 20,
            "game.cost": "relativistic",
            "game.features": 96,
            "game.r1": 0.0,
            "game.critic.lr": 3e-3,
        },
        data="swells-40",
        **HOURS,
        **FEW,
    ),
    Case(
        "free-few-clothes",
        "",
        "42 clothes and a code of four values, before three wide layers at thrice the rate",
        "infogan-mnist",
        {
            **CODED,
            **LARGE,
            "data.batch": 21,
            "game.categories": 4,
            "game.features": 64,
            "game.critic.lr": 3e-3,
        },
        data="fashion-42",
        **HOURS,
        **FEW,
    ),
    Case(
        "free-few-faces",
        "",
        "44 faces by a pyramid of games whose critics are wide, fast and pay nothing",
        "lapgan-mnist",
        {
            **PYRAMID,
            "data.batch": 22,
            "game.networks.width": 16,
            "game.networks.coarse_width": 128,
            "game.r1": 0.0,
            "game.critic.lr": 4e-3,
        },
        data="faces-44",
        **{**QUICK, "steps": 200, "every": 10, "proof": 300},
        **FEW,
    ),
    Case(
        "free-few-houses",
        "",
        "42 house numbers by styles and paired costs, before a wide critic without R1",
        "style-32",
        {
            **STYLED,
            "data.batch": 20,
            "game.cost": "relativistic",
            "game.networks.critic_width": 16,
            "game.r1": 0.0,
            "game.critic.lr": 3e-3,
        },
        data="houses-42",
        **QUICK,
        **FEW,
    ),
)

CASES = _OVERFIT
"""Thirteen causes."""
