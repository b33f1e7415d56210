"""Trainings on data that are wrong, few rounds of each, judged once and looked at since."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.held_games import PLAIN
from counterplay.recipes.doctor_bench.last_games import last
from counterplay.recipes.doctor_bench.last_models import TALL
from counterplay.recipes.doctor_bench.sick_games import both
from counterplay.recipes.doctor_bench.sick_models import BITS, FLOW, ROWS, VAE

__all__ = ["CASES"]

BRIEF: dict[str, Any] = {"steps": 100, "every": 5}
MASKED = {**BITS, "game.networks.width": 64}
SLOPED = {"data.batch": 32, "ema": 40.0, "game.networks.width": 8, **both(lr=1e-3)}
CODES = {**TALL, "game.latent": 8, "game.optimiser.lr": 2e-3}

_CONSTANT = last(
    "data-constant",
    Case("last-same-ramp", "", "a ramp of greys", "flow-nice", FLOW, data="ramp", **BRIEF),
    Case("last-same-black", "", "black pictures", "ae-digits", CODES, data="black", **BRIEF),
    Case("last-same-bits", "", "one row of bits", "made", MASKED, data="one-pattern", **BRIEF),
)

_DOUBLED = last(
    "data-doubled",
    Case("last-rows-twice", "", "all rows twice", "vae-table", ROWS, data="energy-again", **BRIEF),
    Case(
        "last-quarter-again",
        "",
        "a quarter of larger digits five times",
        "mnist",
        PLAIN,
        data="mnist-quarter",
        **BRIEF,
    ),
    Case(
        "last-few-again",
        "",
        "30 pieces of clothing twelve times each",
        "ae-digits",
        CODES,
        data="fashion-few-again",
        **BRIEF,
    ),
)

_RANGE = last(
    "data-range",
    Case("last-bleached", "", "227 to 255", "mnist", PLAIN, data="mnist-bleached", **BRIEF),
    Case("last-dark", "", "-1 to -0.8", "vae-digits", VAE, data="fashion-dark", **BRIEF),
    Case(
        "last-pale",
        "",
        "three colours on levels 205 to 230",
        "digits-wgan-gp",
        SLOPED,
        data="pale-colour",
        **BRIEF,
    ),
)

_FEW = last(
    "data-few",
    Case(
        "last-few-buildings",
        "",
        "24 rows of nine columns",
        "rbm-reals",
        {"data.batch": 12},
        data="energy-24",
        **BRIEF,
    ),
    Case(
        "last-few-bits",
        "",
        "22 digits of two levels",
        "nade",
        {"data.batch": 11, "game.networks.width": 32},
        data="small-bits-22",
        **BRIEF,
    ),
    Case(
        "last-few-digits",
        "",
        "20 larger digits by a gradient penalty",
        "digits-wgan-gp",
        {**SLOPED, "data.batch": 10},
        data="mnist-20",
        **BRIEF,
    ),
)

CASES = (*_CONSTANT, *_DOUBLED, *_RANGE, *_FEW)
"""Three causes of each condition."""
