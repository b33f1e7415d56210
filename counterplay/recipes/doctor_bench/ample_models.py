"""Models that were made sick in ample ways, judged once and looked at since."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.ample_latents import CASES as LATENTS
from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.last_models import SMALL
from counterplay.recipes.doctor_bench.late_models import STACKED
from counterplay.recipes.doctor_bench.new_models import LEVELS
from counterplay.recipes.doctor_bench.next_critics import FEW
from counterplay.recipes.doctor_bench.sick_models import FLOW, ROWS
from counterplay.recipes.doctor_bench.wide_games import HOURS, coming
from counterplay.recipes.doctor_bench.wide_models import SLOWLY

__all__ = ["CASES"]

ROOM: dict[str, Any] = {"type": "dense", "width": 128, "layers": 2}
QUICKLY = {"game.optimiser.lr": 3e-3}

_LEARNT = coming(
    "overfitting",
    Case(
        "ample-heart-pips",
        "",
        "40 throws of a die as rows of 64 numbers, by masked flows of 96 units",
        "flow-digits-maf",
        {**FLOW, **QUICKLY, "data.batch": 20, "game.networks.width": 96},
        data="pips-40",
        **HOURS,
        **FEW,
    ),
    Case(
        "ample-heart-hours",
        "",
        "40 households by Glow's steps of 96 units",
        "flow-glow",
        {**FLOW, **QUICKLY, "data.batch": 20, "game.networks.width": 96},
        data="hours-40",
        **HOURS,
        **FEW,
    ),
    Case(
        "ample-heart-votes",
        "",
        "40 votes by a masked net of two layers of 128 units",
        "made",
        {
            "data.batch": 20,
            "game.networks.width": 128,
            "game.networks.depth": 2,
            "game.optimiser.lr": 5e-3,
        },
        data="votes-40",
        **HOURS,
        **FEW,
    ),
    Case(
        "ample-heart-clothes",
        "",
        "a VAE of 30 clothes by a mass of all levels and convolutions",
        "vae-pictures",
        {**SMALL, **QUICKLY, "data.batch": 15, "game.warm_up": 0, "game.networks.width": 16},
        data="fashion-30",
        **HOURS,
        **FEW,
    ),
    Case(
        "ample-heart-proteins",
        "",
        "32 proteins by affine couplings of 128 units",
        "flow-real-nvp",
        {**FLOW, **QUICKLY, "data.batch": 16, "game.networks.width": 128},
        data="protein-32",
        **HOURS,
        **FEW,
    ),
    Case(
        "ample-heart-strokes",
        "",
        "a regression of each of 196 bits on those before, on 30 rows, at thirty times the rate",
        "fvsbn",
        {"data.batch": 15, "game.weight_decay": 0.0, "game.optimiser.lr": 3e-2},
        data="strokes-30",
        **HOURS,
        **FEW,
    ),
    Case(
        "ample-heart-meters",
        "",
        "three importance samples of 40 rows of meters by layers of 160 units",
        "iwae-mnist",
        {
            **LEVELS,
            **QUICKLY,
            "data.batch": 20,
            "game.samples": 3,
            "game.networks.width": 160,
        },
        data="meters-40",
        **SLOWLY,
        **FEW,
    ),
    Case(
        "ample-heart-layers",
        "",
        "two layers of latents of 40 runs of bits by layers of 128 units",
        "ladder-mnist",
        {
            **STACKED,
            **QUICKLY,
            "data.batch": 20,
            "game.warm_up": 0,
            "game.networks.width": 128,
        },
        data="runs-40",
        **SLOWLY,
        **FEW,
    ),
    Case(
        "ample-heart-moons",
        "",
        "30 points of two moons by masked splines of 128 units",
        "flow",
        {
            **FLOW,
            **QUICKLY,
            "data.batch": 30,
            "game.networks.model": "masked-spline",
            "game.networks.width": 128,
        },
        data="moons-30",
        **HOURS,
        **FEW,
    ),
    Case(
        "ample-heart-bars",
        "",
        "NADE of 128 units on 30 pictures of lines",
        "nade",
        {"data.batch": 15, "game.networks.width": 128, "game.optimiser.lr": 1e-2},
        data="bars-30",
        **SLOWLY,
        **FEW,
    ),
)

_COPIES = coming(
    "memorisation",
    Case(
        "ample-copies-pips",
        "",
        "an auto-encoder of 20 throws of a die with room for all of them",
        "ae-digits",
        {**QUICKLY, "data.batch": 20, "game.latent": 20, "game.networks": ROOM},
        data="pips-20",
        **SLOWLY,
        **FEW,
    ),
    Case(
        "ample-copies-hours",
        "",
        "a VAE of 20 households that pays a hundredth for its latents",
        "vae-table",
        {
            **ROWS,
            **QUICKLY,
            "data.batch": 20,
            "game.latent": 6,
            "game.networks": ROOM,
            "game.deviation": 0.05,
            "game.beta": 0.01,
        },
        data="hours-20",
        steps=800,
        proof=1200,
        **FEW,
    ),
    Case(
        "ample-copies-votes",
        "",
        "NADE of 160 units on 20 votes",
        "nade",
        {"data.batch": 20, "game.networks.width": 160, "game.optimiser.lr": 1e-2},
        data="votes-20",
        steps=800,
        proof=1200,
        **FEW,
    ),
    Case(
        "ample-copies-clothes",
        "",
        "a VAE of 20 clothes by convolutions that pays a hundredth for its latents",
        "vae-digits",
        {
            **SMALL,
            **QUICKLY,
            "data.batch": 20,
            "game.networks": {"type": "picture", "width": 16},
            "game.deviation": 0.2,
            "game.beta": 0.01,
        },
        data="fashion-20",
        **SLOWLY,
        **FEW,
    ),
    Case(
        "ample-copies-moons",
        "",
        "splines of 128 units on 20 points of two moons",
        "flow",
        {**FLOW, **QUICKLY, "data.batch": 20, "game.networks.width": 128},
        data="moons-20",
        **SLOWLY,
        **FEW,
    ),
    Case(
        "ample-copies-photos",
        "",
        "a VAE of 18 photographs whose known error is a fortieth of the range",
        "vae-pictures",
        {
            **SMALL,
            **QUICKLY,
            "data.batch": 18,
            "game.warm_up": 0,
            "game.networks": ROOM,
            "game.decoder": "gaussian",
            "game.deviation": 0.05,
            "game.beta": 0.1,
        },
        data="photos-18",
        **SLOWLY,
        **FEW,
    ),
    Case(
        "ample-copies-faces",
        "",
        "an auto-encoder of 20 faces by convolutions with room for all of them",
        "ae-pictures",
        {**QUICKLY, "data.batch": 20, "game.latent": 20, "game.networks.width": 12},
        data="faces-20",
        **HOURS,
        **FEW,
    ),
    Case(
        "ample-copies-chain",
        "",
        "a denoiser of 20 discs, whose chain goes along its score to one of them",
        "dae-langevin",
        {
            **QUICKLY,
            "data.batch": 20,
            "game.networks": {**ROOM, "width": 256, "activation": "relu"},
            "game.links": 100,
        },
        data="discs-20",
        steps=600,
        every=30,
        proof=900,
        **FEW,
    ),
    Case(
        "ample-copies-masked",
        "",
        "a masked net of 300 units on 16 rows of 196 bits",
        "made",
        {"data.batch": 16, "game.networks.width": 300, "game.optimiser.lr": 5e-3},
        data="strokes-16",
        **SLOWLY,
        **FEW,
    ),
    Case(
        "ample-copies-houses",
        "",
        "masked splines of 128 units on 24 houses' needs of heat",
        "flow",
        {
            **FLOW,
            **QUICKLY,
            "data.batch": 24,
            "game.networks.model": "masked-spline",
            "game.networks.width": 128,
        },
        data="energy-24",
        **HOURS,
        **FEW,
    ),
)

CASES = (*LATENTS, *_LEARNT, *_COPIES)
"""Six causes of each condition, ten of what is learnt by heart."""
