"""Latents that say too little in free ways, which nobody has looked at, to be judged once."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.next_models import REFINED
from counterplay.recipes.doctor_bench.settings import COLUMNS, LEVELS, SMALL, STACKED, TALL
from counterplay.recipes.doctor_bench.sick_models import ROWS, VAE
from counterplay.recipes.doctor_bench.wide_games import HOURS
from counterplay.recipes.doctor_bench.wide_models import SLOWLY

__all__ = ["PULLED"]

LATE: dict[str, Any] = {"after": 240, "steps": 600, "every": 20, "proof": 900}
WAVY = {"game.networks": {"type": "dense", "width": 64, "layers": 2, "activation": "elu"}}

PULLED = (
    Case(
        "free-pulled-clays",
        "",
        "four equal factors of clays by two linear maps, a known error of 0.8 and β = 2",
        "linear-vae",
        {"data.batch": 50, "game.latent": 6, "game.deviation": 0.8, "game.beta": 2.0},
        data="clay-kinds",
        **SLOWLY,
    ),
    Case(
        "free-pulled-marks",
        "",
        "marks by tanh layers, a known error of one deviation and β = 3.2",
        "vae-table",
        {**ROWS, **TALL, "game.deviation": 1.0, "game.beta": 3.2},
        data="exam-marks",
        **SLOWLY,
    ),
    Case(
        "free-pulled-ovens",
        "",
        "healthy ovens by a known error of 0.4 until β is set to 24",
        "vae-table",
        {**ROWS, **TALL, "game.deviation": 0.4},
        late={"game.beta": 24.0},
        data="oven-heat",
        **LATE,
    ),
    Case(
        "free-pulled-pulses",
        "",
        "pulses by a refined posterior, a known error of one and a half deviations and β = 2",
        "vae-table",
        {
            **ROWS,
            **TALL,
            "game.latent": 6,
            "game.deviation": 1.5,
            "game.beta": 2.0,
            "game.posterior": {"type": "iaf", "transforms": 1, "width": 32, "context": 8},
        },
        data="pulse-rows",
        **SLOWLY,
    ),
    Case(
        "free-pulled-ponds",
        "",
        "counts of animals by two linear maps, a known error of 0.9 and β = 1.6",
        "linear-vae",
        {"data.batch": 50, "game.latent": 4, "game.deviation": 0.9, "game.beta": 1.6},
        data="pond-counts",
        **SLOWLY,
    ),
    Case(
        "free-pulled-looms",
        "",
        "β = 2 on weaves of six threads by ELU units",
        "vae-mnist",
        {**LEVELS, "game.networks.activation": "elu", "game.beta": 2.0},
        data="loom-rows",
        **SLOWLY,
    ),
    Case(
        "free-pulled-keypads",
        "",
        "β = 2.6 on keys that were pressed, the posterior refined by a flow",
        "vae-iaf-mnist",
        {**REFINED, "game.beta": 2.6},
        data="keypad-rows",
        **SLOWLY,
    ),
    Case(
        "free-pulled-clubs",
        "",
        "a ladder of two layers of latents of clubs without free bits, and β = 4.5",
        "ladder-mnist",
        {**STACKED, "game.warm_up": 0, "game.free_bits": 0.0, "game.beta": 4.5},
        data="club-rows",
        **SLOWLY,
    ),
    Case(
        "free-pulled-gauges",
        "",
        "β = 7 on gauges by fixed places of the posterior",
        "vae-mnist",
        {**LEVELS, "game.latent": 6, "game.draws": "cubature", "game.beta": 7.0},
        data="gauge-rows",
        **SLOWLY,
    ),
    Case(
        "free-pulled-windows",
        "",
        "windows of four panes by a known error of three tenths of the range, and β = 5.2",
        "vae-digits",
        {**VAE, **TALL, "game.deviation": 0.6, "game.beta": 5.2},
        data="lit-windows",
        **SLOWLY,
    ),
    Case(
        "free-pulled-late-panes",
        "",
        "healthy windows by ELU layers until the known error goes from 0.3 to 1.36",
        "vae-digits",
        {**VAE, **WAVY, "game.deviation": 0.3},
        late={"game.deviation": 1.36},
        data="lit-windows",
        **LATE,
    ),
    Case(
        "free-pulled-stains",
        "",
        "stains by convolutions, a known error of a fifth of the range and β = 4",
        "vae-digits",
        {
            **SMALL,
            "game.networks": {"type": "picture", "width": 8},
            "game.deviation": 0.4,
            "game.beta": 4.0,
        },
        data="oval-stains",
        **HOURS,
    ),
    Case(
        "free-pulled-crosses",
        "",
        "five signs by a known error of three fifths of the range, batches of 24 and β = 2.1",
        "vae-digits",
        {**VAE, **TALL, "data.batch": 24, "game.deviation": 1.2, "game.beta": 2.1},
        data="five-crosses",
        **SLOWLY,
    ),
    Case(
        "free-pulled-dusk",
        "",
        "dusk, dim as it is, by a known error of an eighth of the range and β = 6",
        "vae-digits",
        {**VAE, **TALL, "game.deviation": 0.25, "game.beta": 6.0},
        data="dusk-fields",
        **SLOWLY,
    ),
    Case(
        "free-pulled-lanterns",
        "",
        "lanterns by convolutions, a known error of a quarter of the range, β growing to 7.6",
        "vae-pictures",
        {
            **SMALL,
            "game.warm_up": 120,
            "game.decoder": "gaussian",
            "game.deviation": 0.5,
            "game.beta": 7.6,
        },
        data="paper-lanterns",
        **HOURS,
    ),
    Case(
        "free-pulled-bridges",
        "",
        "bridges by a mass of all levels of a known width of a quarter of the range, and β = 2.7",
        "vae-pictures",
        {
            **SMALL,
            **TALL,
            "game.warm_up": 0,
            "game.deviation": 0.5,
            "game.beta": 2.7,
        },
        data="stone-bridges",
        **HOURS,
    ),
    Case(
        "free-pulled-parcels",
        "",
        "β = 1.8 on parcels, whose columns have little in common",
        "vae-mixed",
        {**COLUMNS, "game.latent": 6, "game.beta": 1.8},
        data="parcel-list",
        **SLOWLY,
    ),
    Case(
        "free-pulled-late-tickets",
        "",
        "a healthy VAE of tickets until β is set to 2",
        "vae-mixed",
        {**COLUMNS, "game.latent": 8},
        late={"game.beta": 2.0},
        data="ticket-list",
        **LATE,
    ),
)
"""Eighteen causes of one condition."""
