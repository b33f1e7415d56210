"""Latents that say too little in ample ways, judged once and looked at since."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.settings import COLUMNS, LEVELS, SMALL, STACKED, TALL
from counterplay.recipes.doctor_bench.sick_models import ROWS, VAE
from counterplay.recipes.doctor_bench.wide_data import JUDGED
from counterplay.recipes.doctor_bench.wide_games import HOURS, QUICK, coming
from counterplay.recipes.doctor_bench.wide_models import SLOWLY

__all__ = ["CASES"]

_POSTERIOR = coming(
    "posterior-collapse",
    Case(
        "ample-closed-pips",
        "",
        "a VAE of a die whose error is learnt, and β = 200",
        "vae-digits",
        {**VAE, **TALL, "game.beta": 200.0},
        data="pips",
        **HOURS,
    ),
    Case(
        "ample-closed-hours",
        "",
        "a VAE of sixteen hours and β = 60, for which 0.6 was meant",
        "vae-table",
        {**ROWS, **TALL, "game.deviation": 1.0, "game.beta": 60.0},
        data="hours",
        **HOURS,
    ),
    Case(
        "ample-closed-layers",
        "",
        "two layers of latents of votes that are inferred from below, and β = 80",
        "ladder-mnist",
        {**STACKED, "game.warm_up": 0, "game.infer": "bottom_up", "game.beta": 80.0},
        data="votes",
        **HOURS,
    ),
    Case(
        "ample-closed-critic",
        "",
        "photographs by a VAE whose error a critic measures, and β = 10,000",
        "vae-gan-digits",
        {**JUDGED, "game.beta": 1e4},
        data="photos-800",
        **QUICK,
    ),
    Case(
        "ample-closed-clothes",
        "",
        "clothes of two levels by RMSprop and β = 100, growing for 50 rounds",
        "vae-mnist",
        {
            **LEVELS,
            "game.warm_up": 50,
            "game.beta": 100.0,
            "game.optimiser.rule": "rmsprop",
        },
        data="fashion-small-bits",
        **HOURS,
    ),
    Case(
        "ample-closed-late",
        "",
        "a healthy VAE of patients until β is set to 150",
        "vae-mixed",
        {**COLUMNS, "game.latent": 8},
        after=240,
        late={"game.beta": 150.0},
        data="patients-1500",
        steps=600,
        every=20,
        proof=900,
    ),
)

_REGULARISED = coming(
    "over-regularised",
    Case(
        "ample-pulled-pips",
        "",
        "a die by a known error of a third of the range, and β = 8",
        "vae-digits",
        {**VAE, **TALL, "game.deviation": 0.65, "game.beta": 8.0},
        data="pips",
        **SLOWLY,
    ),
    Case(
        "ample-pulled-hours",
        "",
        "sixteen hours by a known error of one deviation, and β that grows to 4.5",
        "vae-table",
        {**ROWS, **TALL, "game.deviation": 1.0, "game.beta": 4.5, "game.warm_up": 100},
        data="hours",
        **SLOWLY,
    ),
    Case(
        "ample-pulled-votes",
        "",
        "β = 7 on votes",
        "vae-mnist",
        {**LEVELS, "game.beta": 7.0},
        data="votes",
        **SLOWLY,
    ),
    Case(
        "ample-pulled-clothes",
        "",
        "clothes by convolutions, a known error of three fifths of the range and β = 10",
        "vae-digits",
        {
            **SMALL,
            "game.networks": {"type": "picture", "width": 8},
            "game.deviation": 1.2,
            "game.beta": 10.0,
        },
        data="fashion-plain",
        **HOURS,
    ),
    Case(
        "ample-pulled-voices",
        "",
        "a linear VAE of measured voices, a known error of one and a half deviations and β = 3.5",
        "linear-vae",
        {"data.batch": 40, "game.latent": 4, "game.deviation": 1.5, "game.beta": 3.5},
        data="parkinsons-1500",
        **SLOWLY,
    ),
    Case(
        "ample-pulled-photos",
        "",
        "photographs by fully connected networks, a known error of half of the range and β = 12",
        "vae-pictures",
        {
            **SMALL,
            **TALL,
            "game.warm_up": 0,
            "game.decoder": "gaussian",
            "game.deviation": 1.0,
            "game.beta": 12.0,
        },
        data="photos-800",
        **HOURS,
    ),
)

CASES = (*_POSTERIOR, *_REGULARISED)
"""Six causes of each condition."""
