"""Models that were made sick in free ways, which nobody has looked at, to be judged once."""

from __future__ import annotations

from functools import partial
from typing import Any

from counterplay.recipes.doctor_bench.ample_models import QUICKLY, ROOM
from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.free_copies import COPIES
from counterplay.recipes.doctor_bench.next_critics import FEW
from counterplay.recipes.doctor_bench.next_models import HEARD
from counterplay.recipes.doctor_bench.settings import COLUMNS, LEVELS, STACKED, TEXT
from counterplay.recipes.doctor_bench.sick_models import FLOW, ROWS
from counterplay.recipes.doctor_bench.wide_critics import PIXELS
from counterplay.recipes.doctor_bench.wide_games import HOURS
from counterplay.recipes.doctor_bench.wide_models import SLOWLY

__all__ = ["CASES"]

coming = partial(of_condition, halves=("held",))

LONGER: dict[str, Any] = {"steps": 600, "proof": 900}
LATER: dict[str, Any] = {"after": 240, "steps": 720, "every": 24, "proof": 1080}
FREELY = {"game.weight_decay": 0.0}
"""Nothing that holds the weights back."""

_LEARNT = coming(
    "overfitting",
    Case(
        "free-heart-tosses",
        "",
        "NADE of 150 units on 70 rows of a coin's tosses, of which none tells of another",
        "nade",
        {
            **FREELY,
            "data.batch": 35,
            "game.networks.width": 150,
            "game.optimiser.lr": 1e-2,
        },
        data="toss-rows-70",
        **HOURS,
        **FEW,
    ),
    Case(
        "free-heart-throwers",
        "",
        "a regression of each toss on those before, told who threw, who all throw alike",
        "fvsbn",
        {
            **FREELY,
            "data.batch": 30,
            "game.conditional": True,
            "game.optimiser.lr": 3e-2,
        },
        data="toss-rows-60-told",
        **SLOWLY,
        **FEW,
    ),
    Case(
        "free-heart-indirect",
        "",
        "40 rows of tosses by two layers of 256 masked units and no connection past them",
        "made",
        {
            **FREELY,
            "data.batch": 20,
            "game.networks.width": 256,
            "game.networks.depth": 2,
            "game.networks.direct": False,
            "game.optimiser.lr": 3e-3,
        },
        data="toss-rows-40",
        **HOURS,
        **FEW,
    ),
    Case(
        "free-heart-hiss",
        "",
        "48 rows of even noise by masked flows of two layers of 128 units",
        "flow-maf",
        {
            **FLOW,
            **QUICKLY,
            "data.batch": 24,
            "game.networks.width": 128,
            "game.networks.depth": 2,
        },
        data="hiss-rows-48",
        **HOURS,
        **FEW,
    ),
    Case(
        "free-heart-ovens",
        "",
        "36 ovens by six affine couplings of two layers of 96 units",
        "flow-real-nvp",
        {
            **FLOW,
            **QUICKLY,
            "data.batch": 18,
            "game.networks.width": 96,
            "game.networks.depth": 2,
            "game.networks.blocks": 6,
        },
        data="oven-heat-36",
        **HOURS,
        **FEW,
    ),
    Case(
        "free-heart-clays",
        "",
        "Glow's steps on 60 clays, healthy until the rate is twenty-five times what it was",
        "flow-glow",
        {
            **FLOW,
            "data.batch": 20,
            "game.networks.width": 128,
            "game.optimiser.lr": 2e-4,
        },
        data="clay-kinds-60",
        late={"game.optimiser.lr": 5e-3},
        **LATER,
        **FEW,
    ),
    Case(
        "free-heart-shown",
        "",
        "45 clays by couplings of 128 units that are shown names that mean nothing",
        "flow-digits-classes",
        {
            **FLOW,
            **QUICKLY,
            **FREELY,
            "data.batch": 15,
            "game.networks.width": 128,
            "game.networks.blocks": 5,
            "game.networks.dropout": 0.0,
        },
        data="clay-kinds-45-told",
        **HOURS,
        **FEW,
    ),
    Case(
        "free-heart-stains",
        "",
        "28 stains as rows of 64 numbers by couplings of splines, of whose units none is left out",
        "flow-digits",
        {
            **FLOW,
            **QUICKLY,
            **FREELY,
            "data.batch": 28,
            "game.networks.width": 96,
            "game.networks.bins": 4,
            "game.networks.dropout": 0.0,
        },
        data="oval-stains-28",
        steps=300,
        every=15,
        proof=450,
        **FEW,
    ),
    Case(
        "free-heart-bridges",
        "",
        "24 bridges of 12x12 by Real NVP's checkerboards and channels",
        "flow-mnist",
        {
            **QUICKLY,
            "data.batch": 24,
            "ema": 20.0,
            "game.networks.width": 32,
            "game.networks.blocks": 1,
            "game.networks.scales": 2,
        },
        data="stone-bridges-24",
        **HOURS,
        **FEW,
    ),
    Case(
        "free-heart-parcels",
        "",
        "column after column of 80 parcels, each price in a bin of its own, by 160 units",
        "mixed",
        {
            **COLUMNS,
            "data.batch": 32,
            "game.networks.width": 160,
            "game.optimiser.lr": 5e-3,
        },
        data="parcel-list-80",
        **HOURS,
        **FEW,
    ),
    Case(
        "free-heart-tickets",
        "",
        "a VAE of 70 tickets with sixteen latents and layers of 160 units",
        "vae-mixed",
        {
            **COLUMNS,
            "data.batch": 28,
            "game.latent": 16,
            "game.networks.width": 160,
            "game.optimiser.lr": 5e-3,
        },
        data="ticket-list-70",
        **LONGER,
        **FEW,
    ),
    Case(
        "free-heart-latents",
        "",
        "24 rows of even noise by a VAE with a latent for each column and a half, its error learnt",
        "vae-table",
        {
            **ROWS,
            **QUICKLY,
            "data.batch": 24,
            "game.latent": 15,
            "game.networks": {**ROOM, "width": 160, "activation": "elu"},
        },
        data="hiss-rows-24",
        **LONGER,
        **FEW,
    ),
    Case(
        "free-heart-grain",
        "",
        "a VAE of 20 pictures of nothing with twenty latents, its error learnt, by ReLU units",
        "vae-digits",
        {
            **QUICKLY,
            "data.batch": 20,
            "game.latent": 20,
            "game.networks": {**ROOM, "width": 160, "activation": "relu"},
        },
        data="grain-screens-20",
        **LONGER,
        **FEW,
    ),
    Case(
        "free-heart-floors",
        "",
        "a ladder of two layers of latents of 26 rows of numbers, its error learnt",
        "ladder-mnist",
        {
            **STACKED,
            **QUICKLY,
            "data.batch": 26,
            "game.decoder": "gaussian",
            "game.latents": [16, 8],
            "game.warm_up": 0,
            "game.free_bits": 0.0,
            "game.networks.width": 160,
        },
        data="hiss-wide-26",
        **LONGER,
        **FEW,
    ),
    Case(
        "free-heart-weights",
        "",
        "five importance samples of 22 rows of numbers by 160 units, the error learnt",
        "iwae-mnist",
        {
            **LEVELS,
            **QUICKLY,
            "data.batch": 22,
            "game.decoder": "gaussian",
            "game.latent": 16,
            "game.networks.width": 160,
            "game.networks.sees": "signed",
        },
        data="hiss-wide-22",
        **LONGER,
        **FEW,
    ),
    Case(
        "free-heart-levels",
        "",
        "20 pictures of nothing pixel after pixel, three layers that see two rows up, 32 channels",
        "pixelcnn-digits",
        {
            **PIXELS,
            "data.batch": 10,
            "game.networks.components": 0,
            "game.networks.features": 32,
            "game.networks.depth": 3,
            "game.networks.radius": 2,
            "game.optimiser.lr": 3e-3,
        },
        data="grain-screens-20",
        **HOURS,
        **FEW,
    ),
    Case(
        "free-heart-plates",
        "",
        "a net of characters on 110 number plates, whose letters tell nothing of each other",
        "characters",
        {
            **TEXT,
            "data.batch": 16,
            "game.networks.width": 48,
            "game.networks.skips": 64,
            "game.networks.depth": 4,
            "game.optimiser.lr": 1e-2,
        },
        data="plate-numbers-110",
        **HOURS,
        **FEW,
    ),
    Case(
        "free-heart-beeps",
        "",
        "a net of recordings on five beeps that is not told which it hears",
        "wavenet",
        {
            **HEARD,
            "game.conditional": False,
            "game.networks.width": 20,
            "game.networks.skips": 48,
            "game.optimiser.lr": 1e-2,
        },
        data="short-beeps-5",
        **HOURS,
        **FEW,
    ),
)

CASES = (*_LEARNT, *coming("memorisation", *COPIES))
"""Eighteen causes of each condition."""
