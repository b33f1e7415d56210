"""Latents that say too little in vast ways, judged once and looked at since."""

from __future__ import annotations

from functools import partial
from typing import Any

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.next_models import REFINED
from counterplay.recipes.doctor_bench.settings import COLUMNS, LEVELS, SMALL, STACKED, TALL
from counterplay.recipes.doctor_bench.sick_models import ROWS, VAE
from counterplay.recipes.doctor_bench.wide_data import JUDGED
from counterplay.recipes.doctor_bench.wide_games import HOURS, QUICK
from counterplay.recipes.doctor_bench.wide_models import PLACED, SLOWLY

__all__ = ["CASES"]

coming = partial(of_condition, halves=("seen",))

LATE: dict[str, Any] = {"after": 240, "steps": 600, "every": 20, "proof": 900}
BENT = {"game.networks": {"type": "dense", "width": 64, "layers": 2, "activation": "elu"}}

_POSTERIOR = coming(
    "posterior-collapse",
    Case(
        "vast-closed-dunes",
        "",
        "32 latents of dunes by ELU units, and β = 500: the pixels' costs were averaged",
        "vae-digits",
        {**VAE, **BENT, "game.latent": 32, "game.beta": 500.0},
        data="dune-shades",
        **HOURS,
    ),
    Case(
        "vast-closed-tides",
        "",
        "tides by a refined posterior, and a known error that was given in centimetres: 15",
        "vae-table",
        {
            **ROWS,
            **TALL,
            "game.deviation": 15.0,
            "game.posterior": {"type": "iaf", "transforms": 1, "width": 32, "context": 8},
        },
        data="sea-tides",
        **HOURS,
    ),
    Case(
        "vast-closed-paths",
        "",
        "paths by one layer of ReLU units that see zeros and ones, and β = 60",
        "vae-mnist",
        {
            **LEVELS,
            "game.beta": 60.0,
            "game.networks.layers": 1,
            "game.networks.activation": "relu",
            "game.networks.sees": "unit",
        },
        data="path-rows",
        **HOURS,
    ),
    Case(
        "vast-closed-flags",
        "",
        "flags in colour by a mass of one width for all numbers, and β = 1,500 from 60 rounds on",
        "vae-pictures",
        {**SMALL, "game.spread": "shared", "game.warm_up": 60, "game.beta": 1500.0},
        data="striped-flags",
        **QUICK,
    ),
    Case(
        "vast-closed-layers",
        "",
        "three layers of latents of chords by a ladder with free bits of 0.001, and β = 90",
        "ladder-mnist",
        {
            **STACKED,
            "game.latents": [8, 6, 4],
            "game.warm_up": 0,
            "game.free_bits": 0.001,
            "game.beta": 90.0,
        },
        data="piano-keys",
        **HOURS,
    ),
    Case(
        "vast-closed-places",
        "",
        "clocks drawn in two levels by latents at each place, and a pull that grows to 500",
        "ladder-pictures",
        {**PLACED, "game.warm_up": 100, "game.optimiser.lr": 1e-3, "game.beta": 500.0},
        data="clock-hands",
        **QUICK,
    ),
    Case(
        "vast-closed-leaves",
        "",
        "leaves by two linear maps whose error is learnt, and β = 120",
        "linear-vae-learned",
        {"data.batch": 50, "game.latent": 3, "game.beta": 120.0},
        data="leaf-sizes",
        **HOURS,
    ),
    Case(
        "vast-closed-books",
        "",
        "a VAE of books with two latents and β = 250",
        "vae-mixed",
        {**COLUMNS, "game.latent": 2, "game.beta": 250.0},
        data="book-list",
        **HOURS,
    ),
    Case(
        "vast-closed-pixels",
        "",
        "skylines that are compared by their pixels' squares, and β = 5,000",
        "dfc-pictures-pixels",
        {**TALL, "data.batch": 32, "game.latent": 8, "game.taps": "random", "game.beta": 5e3},
        data="hill-skylines",
        **QUICK,
    ),
    Case(
        "vast-closed-critic",
        "",
        "dunes by fully connected networks, a critic for the error and β = 50,000",
        "vae-gan-digits",
        {
            **JUDGED,
            "game.networks": {"type": "mlp", "width": 64, "depth": 2},
            "game.beta": 5e4,
        },
        data="dune-shades",
        **QUICK,
    ),
    Case(
        "vast-closed-grown",
        "",
        "prices at fixed places of the posterior, and a pull that grows to 600 all the way",
        "vae-table",
        {**ROWS, **TALL, "game.draws": "cubature", "game.beta": 600.0, "game.warm_up": 350},
        data="price-walks",
        **HOURS,
    ),
    Case(
        "vast-closed-late-error",
        "",
        "a healthy VAE of answers until its known error is taken for forty times as large",
        "vae-table",
        {**ROWS, **TALL, "game.deviation": 0.5},
        late={"game.deviation": 20.0},
        data="answers-five",
        **LATE,
    ),
    Case(
        "vast-closed-late",
        "",
        "a healthy VAE of chords whose posterior a flow refines, until β is set to 120",
        "vae-iaf-mnist",
        REFINED,
        late={"game.beta": 120.0},
        data="piano-keys",
        **LATE,
    ),
)

_REGULARISED = coming(
    "over-regularised",
    Case(
        "vast-pulled-dunes",
        "",
        "dunes by a known error of a quarter of the range with 24 latents, and β = 6",
        "vae-digits",
        {**VAE, **TALL, "game.latent": 24, "game.deviation": 0.5, "game.beta": 6.0},
        data="dune-shades",
        **SLOWLY,
    ),
    Case(
        "vast-pulled-tides",
        "",
        "a healthy VAE of tides until it is told to expect errors of 1.7 deviations",
        "vae-table",
        {**ROWS, **TALL, "game.deviation": 0.4},
        late={"game.deviation": 1.7},
        data="sea-tides",
        **LATE,
    ),
    Case(
        "vast-pulled-flags",
        "",
        "flags by convolutions, a known error of half of the range and β = 10",
        "vae-pictures",
        {
            **SMALL,
            "game.warm_up": 0,
            "game.decoder": "gaussian",
            "game.deviation": 1.0,
            "game.beta": 10.0,
        },
        data="striped-flags",
        **HOURS,
    ),
    Case(
        "vast-pulled-leaves",
        "",
        "leaves by two linear maps, a known error of four fifths of a deviation and β = 2.5",
        "linear-vae",
        {"data.batch": 50, "game.latent": 5, "game.deviation": 0.8, "game.beta": 2.5},
        data="leaf-sizes",
        **SLOWLY,
    ),
    Case(
        "vast-pulled-skylines",
        "",
        "skylines at fixed places of the posterior by RMSprop, a known error of 0.5 and β = 5.2",
        "vae-digits",
        {
            **SMALL,
            **TALL,
            "game.draws": "cubature",
            "game.deviation": 0.5,
            "game.beta": 5.2,
            "game.optimiser.rule": "rmsprop",
        },
        data="hill-skylines",
        **SLOWLY,
    ),
    Case(
        "vast-pulled-answers",
        "",
        "β = 2.6 on eight answers, the error learnt, by ELU units",
        "vae-table",
        {**ROWS, **BENT, "game.beta": 2.6},
        data="answers-five",
        steps=600,
        proof=900,
    ),
    Case(
        "vast-pulled-walks",
        "",
        "prices with sixteen latents, a known error of 1.2 deviations and β that grows to 3",
        "vae-table",
        {
            **ROWS,
            **TALL,
            "game.latent": 16,
            "game.deviation": 1.2,
            "game.beta": 3.0,
            "game.warm_up": 150,
        },
        data="price-walks",
        **SLOWLY,
    ),
    Case(
        "vast-pulled-hands",
        "",
        "clocks by a mass of all levels and fully connected layers, and β = 28",
        "vae-pictures",
        {**SMALL, **TALL, "game.warm_up": 0, "game.beta": 28.0},
        data="clock-hands",
        **SLOWLY,
    ),
    Case(
        "vast-pulled-paths",
        "",
        "β = 3.5 on paths by ReLU units",
        "vae-mnist",
        {**LEVELS, "game.networks.activation": "relu", "game.beta": 3.5},
        data="path-rows",
        **SLOWLY,
    ),
    Case(
        "vast-pulled-keys",
        "",
        "β = 2.2 on chords whose posterior is refined by a flow",
        "vae-iaf-mnist",
        {**REFINED, "game.beta": 2.2},
        data="piano-keys",
        **SLOWLY,
    ),
    Case(
        "vast-pulled-layers",
        "",
        "two layers of latents of meters inferred from below, β that grows to 5",
        "ladder-mnist",
        {**STACKED, "game.infer": "bottom_up", "game.warm_up": 100, "game.beta": 5.0},
        data="meters",
        **SLOWLY,
    ),
    Case(
        "vast-pulled-flights",
        "",
        "β = 3 on flights, whose numbers are bins",
        "vae-mixed",
        {**COLUMNS, "game.latent": 8, "game.beta": 3.0},
        data="flight-log",
        **SLOWLY,
    ),
    Case(
        "vast-pulled-embers",
        "",
        "a healthy VAE of embers by a known error of an eighth of the range until β is set to 6",
        "vae-digits",
        {**VAE, **TALL, "game.deviation": 0.25},
        late={"game.beta": 6.0},
        data="ember-glow",
        **LATE,
    ),
)

CASES = (*_POSTERIOR, *_REGULARISED)
"""Thirteen causes of each condition."""
