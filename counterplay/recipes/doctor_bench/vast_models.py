"""Models that were made sick in vast ways, judged once and looked at since."""

from __future__ import annotations

from functools import partial
from typing import Any

from counterplay.recipes.doctor_bench.ample_models import QUICKLY, ROOM
from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.next_critics import FEW
from counterplay.recipes.doctor_bench.next_models import HEARD
from counterplay.recipes.doctor_bench.settings import COLUMNS, LEVELS, SMALL, STACKED, TEXT
from counterplay.recipes.doctor_bench.sick_models import FLOW, ROWS
from counterplay.recipes.doctor_bench.vast_copies import COPIES
from counterplay.recipes.doctor_bench.wide_critics import PIXELS
from counterplay.recipes.doctor_bench.wide_games import HOURS
from counterplay.recipes.doctor_bench.wide_models import SLOWLY

__all__ = ["CASES"]

coming = partial(of_condition, halves=("seen",))

LATER: dict[str, Any] = {"after": 240, "steps": 720, "every": 24, "proof": 1080}

_LEARNT = coming(
    "overfitting",
    Case(
        "vast-heart-coins",
        "",
        "200 rows of coins, of which there is nothing to learn, by a masked net of 256 units",
        "made",
        {"data.batch": 50, "game.networks.width": 256, "game.optimiser.lr": 5e-3},
        data="coin-rows-200",
        **SLOWLY,
    ),
    Case(
        "vast-heart-noise",
        "",
        "120 rows of noise by masked splines of 160 units",
        "flow",
        {
            **FLOW,
            **QUICKLY,
            "data.batch": 40,
            "game.networks.model": "masked-spline",
            "game.networks.width": 160,
        },
        data="white-noise-120",
        **HOURS,
        **FEW,
    ),
    Case(
        "vast-heart-tides",
        "",
        "additive couplings of two layers of 160 units on the tides of 30 days",
        "flow-nice",
        {
            **FLOW,
            **QUICKLY,
            "data.batch": 30,
            "game.networks.width": 160,
            "game.networks.depth": 2,
            "game.networks.blocks": 4,
        },
        data="sea-tides-30",
        **SLOWLY,
        **FEW,
    ),
    Case(
        "vast-heart-squeezed",
        "",
        "28 digits by Glow's convolutions of 48 channels",
        "flow-mnist-glow",
        {
            **QUICKLY,
            "data.batch": 28,
            "ema": 20.0,
            "game.networks.width": 48,
            "game.networks.blocks": 2,
            "game.networks.scales": 2,
        },
        data="digits-28",
        **SLOWLY,
        **FEW,
    ),
    Case(
        "vast-heart-told",
        "",
        "48 digits by couplings of 160 units that are shown the class",
        "flow-digits-classes",
        {**FLOW, **QUICKLY, "data.batch": 24, "game.networks.width": 160},
        data="digits-48-told",
        **HOURS,
        **FEW,
    ),
    Case(
        "vast-heart-books",
        "",
        "70 books brought to lines by one coupling after the other, 160 units in each",
        "flow-mixed",
        {
            **COLUMNS,
            "data.batch": 20,
            "game.networks.width": 160,
            "game.transforms": 2,
            "game.optimiser.lr": 5e-3,
        },
        data="book-list-70",
        **HOURS,
        **FEW,
    ),
    Case(
        "vast-heart-flights",
        "",
        "column after column of 80 flights, healthy until the rate is a hundred times what it was",
        "mixed",
        {
            **COLUMNS,
            "data.batch": 20,
            "game.networks.width": 160,
            "game.optimiser.lr": 1e-4,
        },
        after=120,
        late={"game.optimiser.lr": 1e-2},
        data="flight-log-80",
        steps=520,
        every=20,
        proof=780,
        **FEW,
    ),
    Case(
        "vast-heart-machine",
        "",
        "a machine of 24 rows of coins, two steps a round and four times the rate",
        "rbm-bits",
        {
            "data.batch": 24,
            "game.networks.width": 18,
            "game.gibbs": 2,
            "game.optimiser.lr": 0.2,
        },
        data="coin-rows-24",
        steps=900,
        every=30,
        proof=1350,
        **FEW,
    ),
    Case(
        "vast-heart-bells",
        "",
        "a net of recordings on five bells, told which bell it is",
        "wavenet",
        {**HEARD, "game.networks.width": 24, "game.networks.skips": 48, "game.optimiser.lr": 1e-2},
        data="struck-bells-5",
        **HOURS,
        **FEW,
    ),
    Case(
        "vast-heart-phones",
        "",
        "a net of characters on the numbers of 60 telephones",
        "characters",
        {
            **TEXT,
            "data.batch": 16,
            "game.networks.width": 48,
            "game.networks.skips": 64,
            "game.optimiser.lr": 1e-2,
        },
        data="phone-list-60",
        **HOURS,
        **FEW,
    ),
    Case(
        "vast-heart-snow",
        "",
        "24 pictures of snow pixel after pixel, a logit for each of five levels",
        "pixelcnn-digits",
        {
            **PIXELS,
            "data.batch": 12,
            "game.networks.components": 0,
            "game.networks.features": 24,
            "game.optimiser.lr": 5e-3,
        },
        data="snow-screen-24",
        **HOURS,
        **FEW,
    ),
    Case(
        "vast-heart-keys",
        "",
        "eight importance samples of 36 chords by ELU layers of 160 units",
        "iwae-mnist",
        {
            **LEVELS,
            **QUICKLY,
            "data.batch": 18,
            "game.samples": 8,
            "game.networks.width": 160,
        },
        data="piano-keys-36",
        **SLOWLY,
        **FEW,
    ),
    Case(
        "vast-heart-paths",
        "",
        "three layers of latents that are inferred from below, of 40 paths, 128 units each",
        "ladder-mnist",
        {
            **STACKED,
            **QUICKLY,
            "data.batch": 20,
            "game.latents": [12, 8, 4],
            "game.infer": "bottom_up",
            "game.warm_up": 0,
            "game.free_bits": 0.0,
            "game.networks.width": 128,
        },
        data="path-rows-40",
        steps=600,
        proof=900,
        **FEW,
    ),
    Case(
        "vast-heart-skylines",
        "",
        "24 skylines by a mass of all levels and fully connected layers of 160 units",
        "vae-pictures",
        {
            **SMALL,
            **QUICKLY,
            "data.batch": 24,
            "game.latent": 12,
            "game.warm_up": 0,
            "game.networks": {**ROOM, "width": 160},
        },
        data="hill-skylines-24",
        **SLOWLY,
        **FEW,
    ),
    Case(
        "vast-heart-walks",
        "",
        "36 prices by a refined posterior and an error of its own for each of twelve days",
        "vae-table",
        {
            **ROWS,
            **QUICKLY,
            "data.batch": 18,
            "game.latent": 8,
            "game.spread": "pixel",
            "game.networks": ROOM,
            "game.posterior": {"type": "iaf", "transforms": 1, "width": 48, "context": 16},
        },
        data="price-walks-36",
        steps=600,
        proof=900,
        **FEW,
    ),
    Case(
        "vast-heart-linear",
        "",
        "two linear maps and fourteen latents of 18 rows of noise, the error learnt",
        "linear-vae-learned",
        {"data.batch": 18, "game.latent": 14},
        data="white-noise-18",
        steps=800,
        every=32,
        proof=1200,
        **FEW,
    ),
    Case(
        "vast-heart-menus",
        "",
        "120 menus by a masked net, healthy until half of its units are no longer left out",
        "made",
        {
            "data.batch": 30,
            "game.networks.width": 300,
            "game.networks.depth": 2,
            "game.networks.dropout": 0.5,
            "game.optimiser.lr": 3e-4,
        },
        data="menu-rows-120",
        late={"game.networks.dropout": 0.0, "game.optimiser.lr": 5e-3},
        **LATER,
    ),
)

CASES = (*_LEARNT, *coming("memorisation", *COPIES))
"""Seventeen causes of each condition."""
