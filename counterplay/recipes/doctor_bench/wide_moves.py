"""Moves that are too large or too small in wide ways, judged once and looked at since."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.settings import LEVELS, SMALL, STACKED, TABLE, TEXT
from counterplay.recipes.doctor_bench.sick_games import both
from counterplay.recipes.doctor_bench.sick_models import BITS, FLOW, ROWS
from counterplay.recipes.doctor_bench.wide_critics import BRIEF, GROWN, PACKED, PIXELS
from counterplay.recipes.doctor_bench.wide_games import PYRAMID, QUICK, coming

__all__ = ["CASES"]

SOON: dict[str, Any] = {"steps": 160, "every": 8}

_FAST = coming(
    "rate-too-high",
    Case(
        "wide-fast-grown",
        "",
        "paintings by networks that grow, both players at 0.3",
        "progressive-32",
        {**GROWN, **both(lr=0.3)},
        data="paintings",
        **QUICK,
    ),
    Case(
        "wide-fast-baskets",
        "",
        "NADE on baskets at a rate of 2",
        "nade",
        {**BITS, "game.networks.width": 32, "game.optimiser.lr": 2.0},
        data="baskets",
        **QUICK,
    ),
    Case(
        "wide-fast-layers",
        "",
        "two layers of latents of patches at a rate of 0.5",
        "ladder-mnist",
        {**STACKED, "game.warm_up": 0, "game.optimiser.lr": 0.5},
        data="patches",
        **QUICK,
    ),
    Case(
        "wide-fast-pixels",
        "",
        "edges pixel after pixel at a rate of 0.5",
        "pixelcnn-digits",
        {**PIXELS, "game.optimiser.lr": 0.5},
        data="boxes",
        steps=160,
        every=8,
        proof=240,
    ),
    Case(
        "wide-fast-journeys",
        "",
        "packs of journeys, both players at 0.5",
        "gan-mixed",
        {**PACKED, **both(lr=0.5)},
        data="journeys-1500",
        **QUICK,
    ),
    Case(
        "wide-fast-late",
        "",
        "a VAE of twelve months, healthy until it goes on at a rate of 0.5",
        "vae-table",
        ROWS,
        after=200,
        late={"game.optimiser.lr": 0.5},
        data="months",
        steps=500,
        every=20,
        proof=750,
    ),
)

_SLOW = coming(
    "rate-too-low",
    Case(
        "wide-slow-floors",
        "",
        "digits by a pyramid of games at 1e-9",
        "lapgan-mnist",
        {**PYRAMID, "data.source": "digits", **both(lr=1e-9)},
        **BRIEF,
    ),
    Case(
        "wide-slow-glow",
        "",
        "Glow's steps of two rings of a chain at 2e-9",
        "flow-glow",
        {**FLOW, "game.optimiser.lr": 2e-9},
        data="links",
        steps=300,
        every=15,
    ),
    Case(
        "wide-slow-layers",
        "",
        "two layers of latents of baskets at 1e-9",
        "ladder-mnist",
        {**STACKED, "game.warm_up": 0, "game.optimiser.lr": 1e-9},
        data="baskets",
        **BRIEF,
    ),
    Case(
        "wide-slow-denoiser",
        "",
        "a denoiser of edges by descent at 1e-7, a rate for another rule and other units",
        "dae-digits",
        {
            "data.batch": 32,
            "game.networks.width": 64,
            "game.links": 20,
            "game.optimiser.rule": "sgd",
            "game.optimiser.lr": 1e-7,
        },
        data="boxes",
        **BRIEF,
    ),
    Case(
        "wide-slow-months",
        "",
        "twelve months by a gradient penalty, both players by descent at 1e-8",
        "table",
        {**TABLE, "ema": 40.0, "game.critic_steps": 2, **both(rule="sgd", lr=1e-8)},
        data="months",
        **BRIEF,
    ),
    Case(
        "wide-slow-late",
        "",
        "addresses, the rate of whose net fell to 1e-9 after 20 rounds",
        "characters",
        TEXT,
        after=20,
        late={"game.optimiser.lr": 1e-9},
        data="addresses",
        steps=200,
        every=4,
        proof=300,
    ),
)

_NONFINITE = coming(
    "non-finite",
    Case(
        "wide-nan-linear",
        "",
        "a linear VAE of twelve months by descent at a rate of 10: squares without bounds",
        "linear-vae",
        {
            "data.batch": 40,
            "game.latent": 3,
            "game.deviation": 1.0,
            "game.optimiser.rule": "sgd",
            "game.optimiser.lr": 10.0,
        },
        data="months",
        **SOON,
    ),
    Case(
        "wide-nan-mass",
        "",
        "a VAE of edges by a mass of all levels, by descent at a rate of 1,000",
        "vae-pictures",
        {
            **SMALL,
            "game.warm_up": 0,
            "game.optimiser.rule": "sgd",
            "game.optimiser.lr": 1e3,
        },
        data="boxes",
        **SOON,
    ),
    Case(
        "wide-nan-slopes",
        "",
        "a gradient penalty on eight modes, both players by descent at 1e12",
        "table",
        {**TABLE, "game.critic_steps": 2, **both(lr=1e12, rule="sgd")},
        data="rosette",
        **SOON,
    ),
    Case(
        "wide-nan-masked",
        "",
        "masked flows of two rings of a chain, exponentials of their nets, at a rate of 1e18",
        "flow-maf",
        {**FLOW, "game.optimiser.lr": 1e18},
        data="links",
        **SOON,
    ),
    Case(
        "wide-nan-layers",
        "",
        "two layers of latents of baskets at a rate of 1e22",
        "ladder-mnist",
        {**STACKED, "game.warm_up": 0, "game.optimiser.lr": 1e22},
        data="baskets",
        **SOON,
    ),
    Case(
        "wide-nan-late",
        "",
        "healthy importance samples of patches until the rate is set to 1e25",
        "iwae-mnist",
        LEVELS,
        after=120,
        late={"game.optimiser.lr": 1e25},
        data="patches",
        steps=240,
        every=12,
    ),
)

CASES = (*_FAST, *_SLOW, *_NONFINITE)
"""Six causes of each condition."""
