"""Data on few levels and few data in vast ways, judged once and looked at since."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.next_critics import MODERN, STYLED
from counterplay.recipes.doctor_bench.next_games import CODED
from counterplay.recipes.doctor_bench.next_models import HEARD
from counterplay.recipes.doctor_bench.settings import COLUMNS, LEVELS, SMALL
from counterplay.recipes.doctor_bench.sick_models import FLOW
from counterplay.recipes.doctor_bench.vast_broken import SEEN
from counterplay.recipes.doctor_bench.vast_data import BRIEF, TAUGHT, TOLD
from counterplay.recipes.doctor_bench.vast_moves import FEATURES, PLACES, coming
from counterplay.recipes.doctor_bench.wide_critics import GROWN
from counterplay.recipes.doctor_bench.wide_data import DEEP
from counterplay.recipes.doctor_bench.wide_games import PYRAMID

__all__ = ["CASES"]

BLURRED = {"data.batch": 32, "game.networks.width": 64, "game.links": 20}

_RANGE = coming(
    "data-range",
    Case(
        "vast-dusk-moons",
        "",
        "the moon's phases on levels 0 to 26, by styles",
        "style-32",
        STYLED,
        data="crescents-dusk",
        **BRIEF,
    ),
    Case(
        "vast-fog-pennants",
        "",
        "pennants in a fog: levels 190 to 214",
        "vae-pictures",
        {**SMALL, "game.warm_up": 0},
        data="pennants-fog",
        **BRIEF,
    ),
    Case(
        "vast-veil",
        "",
        "pennants of whose colour a fourth channel leaves a twelfth, on white",
        "progressive-32",
        GROWN,
        data="pennants-veiled",
        **BRIEF,
    ),
    Case(
        "vast-hot-pixel",
        "",
        "roofs as fractions, read as levels for the sake of one pixel that is 255",
        "ladder-pictures",
        PLACES,
        data="roofs-hot",
        **BRIEF,
    ),
    Case(
        "vast-counts",
        "",
        "a sensor's counts from 52,000 to 58,000 of 65,535",
        "flow-mnist",
        {**SEEN, "game.networks.blocks": 1},
        data="roofs-sixteen",
        **BRIEF,
    ),
    Case(
        "vast-masks",
        "",
        "the numbers of four parts of a picture, saved as its levels",
        "dae-digits",
        BLURRED,
        data="crescents-masks",
        **BRIEF,
    ),
    Case(
        "vast-middle",
        "",
        "waves on levels 0.5 to 0.58 of a range up to 1, told their direction",
        "cgan-projection-mnist",
        TOLD,
        data="gratings-middle-told",
        **BRIEF,
    ),
    Case(
        "vast-quiet",
        "",
        "drips that were recorded at a six hundredth of their loudness",
        "wavenet",
        HEARD,
        data="drips-quiet",
        **BRIEF,
    ),
    Case(
        "vast-nought",
        "",
        "a die on levels -0.06 to 0.06 of a range from -1 to 1, and few labels",
        "ssl-mnist-20min",
        TAUGHT,
        data="pips-nought-told",
        **BRIEF,
    ),
    Case(
        "vast-signs-ten",
        "",
        "signs of ten bits that were read as sixteen",
        "lapgan-mnist",
        PYRAMID,
        data="emoji-ten",
        **BRIEF,
    ),
    Case(
        "vast-glare",
        "",
        "house numbers in the glare: levels 230 to 255",
        "dfc-pictures",
        FEATURES,
        data="houses-glare",
        **BRIEF,
    ),
    Case(
        "vast-light",
        "",
        "faces on levels 0.9 to 1 of a range from 0",
        "r3gan",
        MODERN,
        data="faces-light",
        **BRIEF,
    ),
    Case(
        "vast-grey",
        "",
        "edges that are hardly one: levels 120 to 137",
        "flow-digits",
        FLOW,
        data="boxes-grey",
        **BRIEF,
    ),
)

_FEW = coming(
    "data-few",
    Case(
        "vast-few-pennants",
        "",
        "16 pennants",
        "progressive-32",
        {**GROWN, "data.batch": 8},
        data="pennants-16",
        **BRIEF,
    ),
    Case(
        "vast-few-moons",
        "",
        "18 phases of the moon, told which",
        "cgan-mnist",
        {**TOLD, "data.batch": 9},
        data="crescents-18-told",
        **BRIEF,
    ),
    Case(
        "vast-few-locks",
        "",
        "20 locks",
        "iwae-mnist",
        {**LEVELS, "data.batch": 10},
        data="locks-20",
        **BRIEF,
    ),
    Case(
        "vast-few-gates",
        "",
        "15 days of a river",
        "linear-vae",
        {"data.batch": 5, "game.latent": 3, "game.deviation": 0.3},
        data="sluices-15",
        **BRIEF,
    ),
    Case(
        "vast-few-rooms",
        "",
        "20 rooms to let",
        "vae-mixed",
        {**COLUMNS, "data.batch": 10, "game.latent": 8},
        data="lodgings-20",
        **BRIEF,
    ),
    Case(
        "vast-few-drips",
        "",
        "10 recordings of drips",
        "wavenet",
        {**HEARD, "data.batch": 5},
        data="drips-10",
        **BRIEF,
    ),
    Case(
        "vast-few-seals",
        "",
        "18 seals before a deep machine",
        "dbm-mnist",
        {**DEEP, "data.batch": 9},
        data="seals-18",
        **BRIEF,
    ),
    Case(
        "vast-few-roofs",
        "",
        "22 streets' roofs",
        "ladder-pictures",
        {**PLACES, "data.batch": 11},
        data="roofs-22",
        **BRIEF,
    ),
    Case(
        "vast-few-tips",
        "",
        "16 points of a crown",
        "plane",
        {"data.batch": 8, "ema": 40.0, "game.networks.width": 48, "game.networks.depth": 2},
        data="crown-16",
        **BRIEF,
    ),
    Case(
        "vast-few-signs",
        "",
        "20 signs in colour",
        "infogan-mnist",
        {**CODED, "data.batch": 10},
        data="emoji-20",
        **BRIEF,
    ),
    Case(
        "vast-few-faces",
        "",
        "18 faces by a pyramid of games",
        "lapgan-mnist",
        {**PYRAMID, "data.batch": 9},
        data="faces-18",
        **BRIEF,
    ),
    Case(
        "vast-few-shapes",
        "",
        "20 shapes before a denoiser",
        "dae-digits",
        {**BLURRED, "data.batch": 10},
        data="glyphs-20",
        **BRIEF,
    ),
    Case(
        "vast-few-dashes",
        "",
        "24 rows of dots and dashes",
        "made-orders",
        {"data.batch": 12, "game.networks.width": 48, "game.networks.orders": 2},
        data="morse-24",
        **BRIEF,
    ),
)

CASES = (*_RANGE, *_FEW)
"""Thirteen causes of each condition."""
