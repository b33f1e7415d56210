"""Trainings on data that are wrong, few rounds of each: what is wrong shows at once."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.sick_games import DIGITS, RING
from counterplay.recipes.doctor_bench.sick_models import FLOW, ROWS, VAE

__all__ = ["CASES"]

GAN = {**DIGITS, "game.conditional": False}
SHORT: dict[str, Any] = {"steps": 60, "every": 20}

_CONSTANT = of_condition(
    "data-constant",
    Case("same-digit", "", "one digit only", "digits", GAN, data="constant-digits", **SHORT),
    Case("same-grey", "", "empty pictures", "vae-digits", VAE, data="constant-grey", **SHORT),
    Case("same-colour", "", "one coloured picture", "digits", GAN, data="constant-colour", **SHORT),
    Case("same-mnist", "", "one large digit", "vae-digits", VAE, data="constant-mnist", **SHORT),
)

_DOUBLED = of_condition(
    "data-doubled",
    Case("twice-all", "", "every digit four times", "digits", GAN, data="doubled-4", **SHORT),
    Case("twice-half", "", "half of them twice", "vae-digits", VAE, data="doubled-half", **SHORT),
    Case("twice-tenth", "", "a tenth eight times", "digits", GAN, data="doubled-tenth", **SHORT),
    Case("twice-mnist", "", "two copies of all", "vae-digits", VAE, data="doubled-mnist", **SHORT),
)

_RANGE = of_condition(
    "data-range",
    Case(
        "dim-levels", "", "levels 0 to 16 read as 0 to 255", "digits", GAN, data="dim-16", **SHORT
    ),
    Case("dim-dark", "", "levels 0 to 4 of 255", "vae-digits", VAE, data="dim-4", **SHORT),
    Case("dim-bright", "", "all nearly white", "digits", GAN, data="bright", **SHORT),
    Case("dim-bits", "", "12 bits read as 16", "vae-digits", VAE, data="dim-mnist", **SHORT),
)

_FEW = of_condition(
    "data-few",
    Case(
        "few-digits",
        "",
        "20 digits",
        "digits",
        {**GAN, "data.batch": 16},
        data="digits-20",
        **SHORT,
    ),
    Case(
        "few-points",
        "",
        "32 points",
        "pacgan-ring-gan",
        {**RING, "data.batch": 16},
        data="ring-32",
        **SHORT,
    ),
    Case(
        "few-rows",
        "",
        "30 irises",
        "vae-table",
        {**ROWS, "data.batch": 16},
        data="iris-30",
        **SHORT,
    ),
    Case(
        "few-wines",
        "",
        "40 wines",
        "flow-real-nvp",
        {**FLOW, "data.batch": 16},
        data="wine-40",
        **SHORT,
    ),
)

CASES = (*_CONSTANT, *_DOUBLED, *_RANGE, *_FEW)
"""Every cause, two of four of them held."""
