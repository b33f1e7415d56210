"""Latents that say nothing in free ways, which nobody has looked at, to be judged once."""

from __future__ import annotations

from functools import partial
from typing import Any

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.free_pulled import PULLED
from counterplay.recipes.doctor_bench.settings import COLUMNS, LEVELS, SMALL, STACKED, TALL
from counterplay.recipes.doctor_bench.sick_models import ROWS
from counterplay.recipes.doctor_bench.wide_data import JUDGED
from counterplay.recipes.doctor_bench.wide_games import HOURS, QUICK
from counterplay.recipes.doctor_bench.wide_models import PLACED

__all__ = ["CASES"]

coming = partial(of_condition, halves=("held",))

LATE: dict[str, Any] = {"after": 240, "steps": 600, "every": 20, "proof": 900}

_POSTERIOR = coming(
    "posterior-collapse",
    Case(
        "free-closed-ovens",
        "",
        "ovens by RMSprop, the error learnt, and β = 200",
        "vae-table",
        {**ROWS, **TALL, "game.beta": 200.0, "game.optimiser.rule": "rmsprop"},
        data="oven-heat",
        **HOURS,
    ),
    Case(
        "free-closed-clubs",
        "",
        "clubs by two linear maps and a mass of two levels, and β = 130",
        "vae-mnist",
        {**LEVELS, "game.beta": 130.0, "game.networks.layers": 0},
        data="club-rows",
        **HOURS,
    ),
    Case(
        "free-closed-lanterns",
        "",
        "lanterns in colour by a mass whose width is each pixel's own, and β = 4,000",
        "vae-pictures",
        {**SMALL, "game.warm_up": 0, "game.beta": 4000.0},
        data="paper-lanterns",
        **QUICK,
    ),
    Case(
        "free-closed-looms",
        "",
        "weaves whose posterior is refined by two flows of 24 units, and β = 90",
        "vae-iaf-mnist",
        {
            **LEVELS,
            "game.posterior": {"type": "iaf", "transforms": 2, "width": 24, "context": 8},
            "game.beta": 90.0,
        },
        data="loom-rows",
        **HOURS,
    ),
    Case(
        "free-closed-four",
        "",
        "four layers of latents of digits that are inferred from below, and β = 150",
        "ladder-digits",
        {
            "data.batch": 50,
            "game.networks.width": 48,
            "game.latents": [10, 6, 4, 2],
            "game.warm_up": 0,
            "game.free_bits": 0.0,
            "game.beta": 150.0,
            "game.optimiser.lr": 2e-3,
        },
        **HOURS,
    ),
    Case(
        "free-closed-pulses",
        "",
        "a ladder of two layers of latents of pulses as numbers, its error learnt, and β = 160",
        "ladder-mnist",
        {
            **STACKED,
            "game.decoder": "gaussian",
            "game.latents": [6, 3],
            "game.warm_up": 0,
            "game.free_bits": 0.0,
            "game.beta": 160.0,
        },
        data="pulse-rows",
        **HOURS,
    ),
    Case(
        "free-closed-parcels",
        "",
        "a VAE of parcels with twenty latents and β = 400",
        "vae-mixed",
        {**COLUMNS, "game.latent": 20, "game.beta": 400.0},
        data="parcel-list",
        **HOURS,
    ),
    Case(
        "free-closed-features",
        "",
        "stains by convolutions whose features, taught quarter turns, are compared, and β = 20,000",
        "dfc-pictures",
        {
            "game.pixels": 0.5,
            "data.batch": 32,
            "game.latent": 6,
            "game.networks": {"type": "picture", "width": 8},
            "game.beta": 2e4,
            "game.optimiser.lr": 2e-3,
        },
        data="oval-stains",
        **QUICK,
    ),
    Case(
        "free-closed-critic",
        "",
        "windows by convolutions, a critic for the error and β = 200,000",
        "vae-gan-digits",
        {**JUDGED, "game.latent": 6, "game.beta": 2e5},
        data="lit-windows",
        **QUICK,
    ),
    Case(
        "free-closed-marks",
        "",
        "marks by two linear maps, a known error of a half and β = 400, for which 0.4 was meant",
        "linear-vae",
        {"data.batch": 50, "game.latent": 4, "game.deviation": 0.5, "game.beta": 400.0},
        data="exam-marks",
        **HOURS,
    ),
    Case(
        "free-closed-late-units",
        "",
        "healthy bridges by convolutions until the known error is given in grey levels: 50",
        "vae-pictures",
        {
            **SMALL,
            "game.warm_up": 0,
            "game.decoder": "gaussian",
            "game.deviation": 0.4,
        },
        late={"game.deviation": 50.0},
        data="stone-bridges",
        **LATE,
    ),
    Case(
        "free-closed-late-critic",
        "",
        "dusk by a healthy VAE whose error a critic measures, until β is set to 200,000",
        "vae-gan-digits",
        JUDGED,
        after=120,
        late={"game.beta": 2e5},
        data="dusk-fields",
        steps=300,
        every=15,
        proof=450,
    ),
    Case(
        "free-closed-late-places",
        "",
        "signs of two levels by healthy latents at each place until β is set to 500",
        "ladder-pictures",
        PLACED,
        after=120,
        late={"game.beta": 500.0},
        data="five-crosses",
        steps=300,
        every=15,
        proof=450,
    ),
)

CASES = (*_POSTERIOR, *coming("over-regularised", *PULLED))
"""Thirteen causes of the one condition, eighteen of the other."""
