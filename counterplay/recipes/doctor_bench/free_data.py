"""Data that are constant or doubled in free ways, which nobody has looked at, to be judged once."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.free_moves import BLURRED, CODES, LEARNT, coming
from counterplay.recipes.doctor_bench.next_models import HEARD, REFINED
from counterplay.recipes.doctor_bench.settings import (
    COLUMNS,
    DENSE,
    LEVELS,
    SMALL,
    STACKED,
    TEXT,
)
from counterplay.recipes.doctor_bench.sick_games import DIGITS
from counterplay.recipes.doctor_bench.sick_models import BITS, FLOW, ROWS
from counterplay.recipes.doctor_bench.wide_critics import GROWN, PIXELS
from counterplay.recipes.doctor_bench.wide_data import DEEP
from counterplay.recipes.doctor_bench.wide_games import PAIRS

__all__ = ["BRIEF", "CASES", "JUDGED"]

BRIEF: dict[str, Any] = {"steps": 60, "every": 3, "proof": 90}
JUDGED = {
    "data.batch": 32,
    "ema": 40.0,
    "game.networks": {"type": "mlp", "width": 48, "depth": 2},
    "game.latent": 8,
}
"""Fully connected layers whose error a critic measures."""
MASKED = {**BITS, "game.networks.width": 48}

_CONSTANT = coming(
    "data-constant",
    Case(
        "free-same-stairs",
        "",
        "one stairway, by convolutions without classes",
        "photos",
        DIGITS,
        data="stair-ways-same",
        **BRIEF,
    ),
    Case(
        "free-same-bow",
        "",
        "one rainbow, which a browser had kept, for each address that was asked",
        "ae-pictures",
        CODES,
        data="rain-bows-same",
        **BRIEF,
    ),
    Case(
        "free-same-bar",
        "",
        "one bar code that a scanner read 320 times",
        "made-orders",
        {**MASKED, "game.networks.orders": 3},
        data="bar-codes-same",
        **BRIEF,
    ),
    Case(
        "free-same-card",
        "",
        "one bingo card, copied for all who play",
        "vae-iaf-mnist",
        REFINED,
        data="bingo-cards-same",
        **BRIEF,
    ),
    Case(
        "free-same-knit",
        "",
        "one knitting pattern before layers of latents",
        "ladder-mnist",
        STACKED,
        data="knit-rows-same",
        **BRIEF,
    ),
    Case(
        "free-same-repair",
        "",
        "one repair of a bicycle, which a loop over customers wrote for each of them",
        "vae-mixed",
        {**COLUMNS, "game.latent": 8},
        data="bike-repairs-same",
        **BRIEF,
    ),
    Case(
        "free-same-loud",
        "",
        "recordings so far overdriven that each sample is the largest there is",
        "wavenet-near",
        HEARD,
        data="horn-calls-clipped",
        **BRIEF,
        also=("data-range",),
        why="one level is a small part of the range as well.",
    ),
    Case(
        "free-same-opening",
        "",
        "one game of chess's first moves on each of 500 lines",
        "characters-near",
        {**TEXT, "game.networks.depth": 2},
        data="chess-openings-same",
        **BRIEF,
    ),
    Case(
        "free-same-wind",
        "",
        "masts whose recorder stopped: all rows but five are as the first, before a VAE",
        "vae-table",
        ROWS,
        data="mast-winds-stopped",
        **BRIEF,
        also=("data-doubled",),
        why="what is the same nearly everywhere is there many times.",
    ),
    Case(
        "free-same-target",
        "",
        "one target, from which a denoiser takes noise away",
        "dae-digits",
        BLURRED,
        data="ring-targets-same",
        **BRIEF,
    ),
    Case(
        "free-same-window",
        "",
        "one window under five names, by a classifier that is to be sure and balanced",
        "catgan-mnist",
        LEARNT,
        data="window-panes-same-told",
        **BRIEF,
    ),
    Case(
        "free-same-cap",
        "",
        "pictures by a camera with the cap on its lens, pixel after pixel",
        "pixelcnn-digits",
        PIXELS,
        data="lens-cap",
        **BRIEF,
        also=("data-range",),
        why="one level is a small part of the range as well.",
    ),
    Case(
        "free-same-white",
        "",
        "pictures that were exposed until all of them were white, by networks that grow",
        "progressive-32",
        GROWN,
        data="overexposed",
        **BRIEF,
        also=("data-range",),
        why="one level is a small part of the range as well.",
    ),
)

_DOUBLED = coming(
    "data-doubled",
    Case(
        "free-again-stairs",
        "",
        "each stairway twice, of which a classifier learns ten labels each",
        "ssl-mnist-20min",
        LEARNT,
        data="stair-ways-told-again",
        **BRIEF,
    ),
    Case(
        "free-again-bows",
        "",
        "half of the rainbows four times",
        "vae-pictures",
        {**SMALL, "game.warm_up": 0},
        data="rain-bows-half",
        **BRIEF,
    ),
    Case(
        "free-again-bars",
        "",
        "1,200 bar codes that were drawn with replacement from 150, as a till sees goods",
        "made",
        MASKED,
        data="bar-codes-drawn",
        **BRIEF,
    ),
    Case(
        "free-again-cards",
        "",
        "each bingo card three times before a deep machine",
        "dbm-mnist",
        DEEP,
        data="bingo-cards-again",
        **BRIEF,
    ),
    Case(
        "free-again-knits",
        "",
        "a tenth of the knitting patterns ten times",
        "iwae-mnist",
        LEVELS,
        data="knit-rows-tenth",
        **BRIEF,
    ),
    Case(
        "free-again-repairs",
        "",
        "each repair of a bicycle four times, once for each line of its bill",
        "mixed",
        COLUMNS,
        data="bike-repairs-again",
        **BRIEF,
    ),
    Case(
        "free-again-horns",
        "",
        "half of a horn's calls five times",
        "wavenet",
        HEARD,
        data="horn-calls-half",
        **BRIEF,
    ),
    Case(
        "free-again-winds",
        "",
        "each gust twice: two stations that send what the same masts measure",
        "flow-real-nvp",
        FLOW,
        data="mast-winds-again",
        **BRIEF,
    ),
    Case(
        "free-again-jets",
        "",
        "each point of a fountain four times, before a critic of pairs",
        "pacgan-ring-pac2",
        DENSE,
        data="fountain-jets-again",
        **BRIEF,
    ),
    Case(
        "free-again-planet",
        "",
        "a quarter of a planet's points six times",
        "flow-maf",
        FLOW,
        data="saturn-ring-quarter",
        **BRIEF,
    ),
    Case(
        "free-again-targets",
        "",
        "each target twice, by a VAE whose error a critic measures",
        "vae-gan-digits",
        JUDGED,
        data="ring-targets-again",
        **BRIEF,
    ),
    Case(
        "free-again-candles",
        "",
        "candles by a camera that sends its last picture again, up to four times",
        "bigan-mnist",
        PAIRS,
        data="three-candles-stuttered",
        **BRIEF,
    ),
    Case(
        "free-again-panes",
        "",
        "each window three times before a denoiser",
        "dae-digits",
        BLURRED,
        data="window-panes-again",
        **BRIEF,
    ),
)

CASES = (*_CONSTANT, *_DOUBLED)
"""Thirteen causes of each condition."""
