"""Chains, flows and data that were wrong in the next ways, judged once and looked at since."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.next_games import CODED, MODERN, coming
from counterplay.recipes.doctor_bench.next_models import HEARD
from counterplay.recipes.doctor_bench.settings import COLUMNS, HEADS, LEVELS, TALL
from counterplay.recipes.doctor_bench.sick_games import RING
from counterplay.recipes.doctor_bench.sick_models import FLOW

__all__ = ["CASES"]

BRIEF: dict[str, Any] = {"steps": 100, "every": 5}
SEEN = {"data.batch": 32, "game.latent": 8, "game.networks.width": 8, "game.optimiser.lr": 2e-3}

_CHAINS = coming(
    "chain-not-mixing",
    Case(
        "next-stuck-one",
        "",
        "a machine of teams of bits that are far from each other, one chain and a rate of 2",
        "rbm-bits",
        {
            "data.batch": 40,
            "game.networks.width": 24,
            "game.chains": 1,
            "game.optimiser.lr": 2.0,
        },
        data="teams",
        steps=400,
        every=20,
        proof=600,
    ),
    Case(
        "next-stuck-strokes",
        "",
        "a machine of few hidden units for rows of 196 bits by Adam at 0.5",
        "rbm-bits",
        {
            "data.batch": 40,
            "game.networks.width": 12,
            "game.optimiser.lr": 0.5,
            "game.optimiser.rule": "adam",
            "game.optimiser.betas": [0.9, 0.999],
        },
        data="strokes",
        steps=300,
        every=15,
        proof=450,
    ),
    Case(
        "next-stuck-columns",
        "",
        "a machine of six columns by Adam at 0.3",
        "rbm-reals",
        {
            "data.batch": 40,
            "game.networks.width": 16,
            "game.optimiser.lr": 0.3,
            "game.optimiser.rule": "adam",
            "game.optimiser.betas": [0.9, 0.999],
        },
        data="copula",
        steps=300,
        every=15,
        proof=450,
        also=("divergence", "non-finite"),
        why="real units that such weights move run far away.",
    ),
    Case(
        "next-stuck-late",
        "",
        "a healthy deep machine of strokes whose rate is set to 4 after 160 rounds",
        "dbm-digits",
        {
            "data.batch": 40,
            "data.binarise": "no",
            "game.networks.width": 24,
            "game.networks.top_width": 12,
        },
        after=160,
        late={"game.optimiser.lr": 4.0},
        data="strokes-small",
        steps=400,
        every=20,
        proof=600,
    ),
)

_BROKEN = coming(
    "not-invertible",
    Case(
        "next-broken-screw",
        "",
        "steps of Glow with splines on a screw in space at a rate of 1",
        "flow-glow",
        {**FLOW, "game.networks.model": "mixed-spline", "game.optimiser.lr": 1.0},
        data="helix",
        steps=300,
        every=15,
    ),
    Case(
        "next-broken-shades",
        "",
        "masked flows of shades of grey at a rate of 0.5",
        "flow-digits-maf",
        {**FLOW, "game.optimiser.lr": 0.5},
        data="shades",
        steps=240,
        every=12,
    ),
    Case(
        "next-broken-photos",
        "",
        "Glow's convolutions of photographs in colour, with learnt noise, at a rate of 0.5",
        "flow-mnist-glow",
        {
            "data.batch": 24,
            "ema": 20.0,
            "game.networks.width": 8,
            "game.networks.blocks": 2,
            "game.networks.scales": 1,
            "game.dequantisation": "variational",
            "game.optimiser.lr": 0.5,
        },
        data="photos-800",
        steps=120,
        every=6,
    ),
    Case(
        "next-broken-late",
        "",
        "healthy affine couplings of six columns whose rate is set to 0.7 after 150 rounds",
        "flow-real-nvp",
        {**FLOW, "data.batch": 40},
        after=150,
        late={"game.optimiser.lr": 0.7},
        data="copula",
        steps=390,
        every=15,
    ),
)

_CONSTANT = coming(
    "data-constant",
    Case("next-same-sign", "", "one sign in colour", "r3gan", MODERN, data="same-emoji", **BRIEF),
    Case("next-same-front", "", "one front", "infogan-mnist", CODED, data="same-front", **BRIEF),
    Case(
        "next-same-glyph",
        "",
        "one shape under six names",
        "acgan-mnist",
        HEADS,
        data="same-glyph",
        **BRIEF,
    ),
    Case("next-silence", "", "silence", "wavenet", HEARD, data="silence", **BRIEF),
)

_DOUBLED = coming(
    "data-doubled",
    Case(
        "next-again-drawn",
        "",
        "2,000 points that were drawn with replacement from 250",
        "pacgan-ring-gan",
        {**RING, "game.r1": 0.1},
        data="drawn-again",
        **BRIEF,
    ),
    Case(
        "next-again-orders",
        "",
        "each order three times, as a wrong join makes it",
        "mixed",
        COLUMNS,
        data="orders-again",
        **BRIEF,
    ),
    Case(
        "next-again-glyphs",
        "",
        "half of the shapes four times",
        "r3gan",
        MODERN,
        data="glyphs-again",
        **BRIEF,
    ),
    Case(
        "next-again-strokes",
        "",
        "two folders of rows of bits of which one was a copy",
        "vae-mnist",
        LEVELS,
        data="strokes-again",
        **BRIEF,
    ),
)

_RANGE = coming(
    "data-range",
    Case("next-noon", "", "against the sun", "r3gan", MODERN, data="photos-noon", **BRIEF),
    Case(
        "next-gloom",
        "",
        "fronts by night",
        "ae-pictures",
        {**TALL, "game.latent": 8, "game.optimiser.lr": 2e-3},
        data="fronts-gloom",
        **BRIEF,
    ),
    Case(
        "next-centred",
        "",
        "a tenth of the range, in its middle, as fractions",
        "infogan-mnist",
        CODED,
        data="shades-centred",
        **BRIEF,
    ),
    Case("next-tenths", "", "11 bits in 16", "vae-pictures", SEEN, data="glyphs-tenths", **BRIEF),
)

_FEW = coming(
    "data-few",
    Case(
        "next-few-photos",
        "",
        "26 photographs in colour",
        "r3gan",
        {**MODERN, "data.batch": 13},
        data="photos-26",
        **BRIEF,
    ),
    Case(
        "next-few-shapes",
        "",
        "24 shapes, told which",
        "acgan-mnist",
        {**HEADS, "data.batch": 12},
        data="glyphs-24-told",
        **BRIEF,
    ),
    Case(
        "next-few-orders",
        "",
        "30 orders",
        "gan-mixed",
        {
            "data.batch": 12,
            "ema": 40.0,
            "game.networks.width": 32,
            "game.latent": 8,
            "game.pack": 2,
        },
        data="orders-30",
        **BRIEF,
    ),
    Case(
        "next-few-strokes",
        "",
        "22 rows of bits",
        "rbm-bits",
        {"data.batch": 11, "game.networks.width": 16},
        data="strokes-small-22",
        **BRIEF,
    ),
)

CASES = (*_CHAINS, *_BROKEN, *_CONSTANT, *_DOUBLED, *_RANGE, *_FEW)
"""Four causes of each condition."""
