"""Data on few levels and few data in free ways, which nobody has looked at, to be judged once."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.free_data import BRIEF, JUDGED
from counterplay.recipes.doctor_bench.free_moves import (
    BLURRED,
    CHECKERED,
    LEARNT,
    OBEYED,
    coming,
)
from counterplay.recipes.doctor_bench.next_critics import STYLED
from counterplay.recipes.doctor_bench.next_models import HEARD, REFINED
from counterplay.recipes.doctor_bench.settings import BLOCKS, HEADS, SMALL, STACKED
from counterplay.recipes.doctor_bench.sick_games import DIGITS
from counterplay.recipes.doctor_bench.sick_models import FLOW, ROWS
from counterplay.recipes.doctor_bench.wide_critics import GROWN, PACKED
from counterplay.recipes.doctor_bench.wide_games import PAIRS

__all__ = ["CASES"]

SLOPED = {"data.batch": 32, "ema": 40.0, "game.networks.width": 8, "game.latent": 8}

_RANGE = coming(
    "data-range",
    Case(
        "free-dim-stairs",
        "",
        "stairways as fractions that somebody divided by twelve again, told which",
        "acgan-mnist",
        HEADS,
        data="stair-ways-twelfth-told",
        **BRIEF,
    ),
    Case(
        "free-mist",
        "",
        "rainbows in the mist: levels 60 to 78",
        "vae-gan-digits",
        JUDGED,
        data="rain-bows-mist",
        **BRIEF,
    ),
    Case(
        "free-curve",
        "",
        "targets of which a printer's curve, used three times, left levels 0 to 24",
        "dae-langevin",
        BLURRED,
        data="ring-targets-curve",
        **BRIEF,
    ),
    Case(
        "free-scores",
        "",
        "marks from 0 to 10, saved as a picture's levels, ten labels of each kind",
        "catgan-mnist",
        LEARNT,
        data="window-panes-scores-told",
        **BRIEF,
    ),
    Case(
        "free-degrees",
        "",
        "a camera for heat, whose degrees from 15 to 38 were saved as levels",
        "flow-mnist-glow",
        {**CHECKERED, "game.networks.blocks": 2},
        data="three-candles-degrees",
        **BRIEF,
    ),
    Case(
        "free-offset",
        "",
        "a horn's calls, weak and on top of a current that sets them near the largest value",
        "wavenet",
        HEARD,
        data="horn-calls-offset",
        **BRIEF,
    ),
    Case(
        "free-glaze",
        "",
        "tiles that shine: levels 236 to 252",
        "bigan-mnist",
        PAIRS,
        data="corner-tiles-glaze",
        **BRIEF,
    ),
    Case(
        "free-narrow",
        "",
        "stairways on 0.45 to 0.5 of a range up to 1, by a gradient penalty",
        "digits-wgan-gp",
        {**SLOPED, "game.critic_steps": 2},
        data="stair-ways-narrow",
        **BRIEF,
    ),
    Case(
        "free-four-bits",
        "",
        "clothes of four bits that were read as eight",
        "photos",
        DIGITS,
        data="fashion-four-bits",
        **BRIEF,
    ),
    Case(
        "free-zero-one",
        "",
        "digits cut at one half and saved as levels 0 and 1 of 255, told which",
        "cgan-mnist",
        OBEYED,
        data="mnist-zero-one",
        **BRIEF,
    ),
    Case(
        "free-negative",
        "",
        "a thin negative of rainbows: levels 234 to 252, by networks that grow",
        "progressive-32",
        GROWN,
        data="rain-bows-negative",
        **BRIEF,
    ),
    Case(
        "free-three-bits",
        "",
        "targets shifted down to three bits and not up again",
        "style-32",
        STYLED,
        data="ring-targets-coarse",
        **BRIEF,
    ),
    Case(
        "free-heights",
        "",
        "heights from 30,100 to 33,500 of 65,535, by a mass of all levels",
        "vae-pictures",
        {**SMALL, "game.warm_up": 0},
        data="window-panes-sixteen",
        **BRIEF,
    ),
)

_FEW = coming(
    "data-few",
    Case(
        "free-few-stairs",
        "",
        "20 stairways, two labels of each kind",
        "ssl-mnist-20min",
        {**LEARNT, "data.few": 2, "data.batch": 10},
        data="stair-ways-20-told",
        **BRIEF,
    ),
    Case(
        "free-few-bows",
        "",
        "20 rainbows by styles",
        "style-32",
        {**STYLED, "data.batch": 8},
        data="rain-bows-20",
        **BRIEF,
    ),
    Case(
        "free-few-targets",
        "",
        "18 targets and a score of them",
        "dae-langevin",
        {**BLURRED, "data.batch": 9},
        data="ring-targets-18",
        **BRIEF,
    ),
    Case(
        "free-few-bars",
        "",
        "16 bar codes whose posterior is refined by a flow",
        "vae-iaf-mnist",
        {**REFINED, "data.batch": 8},
        data="bar-codes-16",
        **BRIEF,
    ),
    Case(
        "free-few-cards",
        "",
        "22 bingo cards",
        "fvsbn",
        {"data.batch": 11},
        data="bingo-cards-22",
        **BRIEF,
    ),
    Case(
        "free-few-crests",
        "",
        "20 rows of crests before layers of latents",
        "ladder-mnist",
        {**STACKED, "data.batch": 10},
        data="crest-rows-20",
        **BRIEF,
    ),
    Case(
        "free-few-voyages",
        "",
        "18 voyages of ships",
        "gan-mixed",
        {**PACKED, "data.batch": 8},
        data="ship-voyages-18",
        **BRIEF,
    ),
    Case(
        "free-few-horns",
        "",
        "8 calls of a horn",
        "wavenet",
        {**HEARD, "data.batch": 4},
        data="horn-calls-8",
        **BRIEF,
    ),
    Case(
        "free-few-winds",
        "",
        "14 gusts on ten masts",
        "flow-glow",
        {**FLOW, "data.batch": 7},
        data="mast-winds-14",
        **BRIEF,
    ),
    Case(
        "free-few-beats",
        "",
        "20 beats of a heart",
        "vae-table",
        {**ROWS, "data.batch": 10, "game.draws": "cubature"},
        data="heart-pulses-20",
        **BRIEF,
    ),
    Case(
        "free-few-planet",
        "",
        "16 points of a planet and its ring",
        "flow-nice",
        {**FLOW, "data.batch": 8},
        data="saturn-ring-16",
        **BRIEF,
    ),
    Case(
        "free-few-candles",
        "",
        "20 rows of candles and an encoder",
        "bigan-mnist",
        {**PAIRS, "data.batch": 10},
        data="three-candles-20",
        **BRIEF,
    ),
    Case(
        "free-few-tiles",
        "",
        "18 tiles by residual networks",
        "sngan",
        {**BLOCKS, "data.batch": 9},
        data="corner-tiles-18",
        **BRIEF,
    ),
)

CASES = (*_RANGE, *_FEW)
"""Thirteen causes of each condition."""
