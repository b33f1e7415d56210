"""Chains, flows and data that are wrong in ample ways, judged once and looked at since."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.last_models import SMALL, TALL
from counterplay.recipes.doctor_bench.last_well import COLUMNS
from counterplay.recipes.doctor_bench.late_critics import HEADS
from counterplay.recipes.doctor_bench.late_games import BLOCKS
from counterplay.recipes.doctor_bench.new_games import DENSE
from counterplay.recipes.doctor_bench.new_models import TEXT
from counterplay.recipes.doctor_bench.next_games import CODED, FLAT_NETS
from counterplay.recipes.doctor_bench.sick_games import R1
from counterplay.recipes.doctor_bench.sick_models import BITS, FLOW
from counterplay.recipes.doctor_bench.wide_critics import GROWN, PIXELS
from counterplay.recipes.doctor_bench.wide_data import (
    ADAM,
    BRIEF,
    BROKEN,
    DEEP,
    JUDGED,
    MACHINE,
    SOON,
)
from counterplay.recipes.doctor_bench.wide_games import FAIR, HOURS, PAIRS, coming

__all__ = ["CASES"]

LINES = {"data.batch": 64, "ema": 20.0, "game.networks.width": 48, "game.transforms": 2}

_CHAINS = coming(
    "chain-not-mixing",
    Case(
        "ample-stuck-votes",
        "",
        "a machine of votes by plain descent at a rate of 5, for which 0.05 was meant",
        "rbm-bits",
        {**MACHINE, "game.optimiser.lr": 5.0},
        data="votes",
        **HOURS,
    ),
    Case(
        "ample-stuck-meters",
        "",
        "a machine of meters, eight chains and Adam at 0.6",
        "rbm-bits",
        {**MACHINE, **ADAM, "game.chains": 8, "game.optimiser.lr": 0.6},
        data="meters",
        **HOURS,
    ),
    Case(
        "ample-stuck-deep",
        "",
        "a deep machine of meters by one step a round, at a rate of 2",
        "dbm-mnist",
        {**DEEP, "game.gibbs": 1, "game.optimiser.lr": 2.0},
        data="meters",
        **SOON,
    ),
    Case(
        "ample-stuck-hours",
        "",
        "a machine of sixteen hours by RMSprop at 0.4",
        "rbm-reals",
        {
            "data.batch": 40,
            "game.networks.width": 16,
            "game.optimiser.rule": "rmsprop",
            "game.optimiser.lr": 0.4,
        },
        data="hours",
        **SOON,
        also=("divergence", "non-finite"),
        why="real units that such weights move run far away.",
    ),
    Case(
        "ample-stuck-clothes",
        "",
        "a machine of clothes of two levels by descent with inertia of 0.9, at a rate of 1.5",
        "rbm-bits",
        {
            **MACHINE,
            "game.networks.width": 48,
            "game.optimiser.lr": 1.5,
            "game.optimiser.betas": [0.9, 0.999],
        },
        data="fashion-small-bits",
        **HOURS,
    ),
    Case(
        "ample-stuck-late",
        "",
        "a healthy deep machine of votes, resumed after 150 rounds at 3 in the place of 0.03",
        "dbm-mnist",
        {**DEEP, "game.optimiser.lr": 0.03},
        after=150,
        late={"game.optimiser.lr": 3.0},
        data="votes",
        steps=390,
        every=15,
        proof=585,
    ),
)

_BROKEN = coming(
    "not-invertible",
    Case(
        "ample-broken-tower",
        "",
        "inverse flows of fifteen modes at a rate of 0.7",
        "flow-iaf",
        {**FLOW, "game.optimiser.lr": 0.7},
        data="tower",
        **BROKEN,
    ),
    Case(
        "ample-broken-hours",
        "",
        "affine couplings of sixteen hours at a rate of 0.8",
        "flow-real-nvp",
        {**FLOW, "game.networks.blocks": 4, "game.optimiser.lr": 0.8},
        data="hours",
        **BROKEN,
    ),
    Case(
        "ample-broken-pips",
        "",
        "masked flows of a die as rows of 64 numbers, at a rate of 0.5",
        "flow-digits-maf",
        {**FLOW, "game.optimiser.lr": 0.5},
        data="pips",
        **BROKEN,
    ),
    Case(
        "ample-broken-photos",
        "",
        "Glow's steps of photographs over one scale, at a rate of 0.5",
        "flow-mnist-glow",
        {
            "data.batch": 24,
            "ema": 20.0,
            "game.networks.width": 8,
            "game.networks.blocks": 2,
            "game.networks.scales": 1,
            "game.optimiser.lr": 0.5,
        },
        data="photos-800",
        steps=120,
        every=6,
    ),
    Case(
        "ample-broken-told",
        "",
        "affine couplings of discs that are shown the place, at a rate of 0.6",
        "flow-digits-classes",
        {**FLOW, "game.networks.model": "real-nvp", "game.optimiser.lr": 0.6},
        data="discs-told",
        **BROKEN,
    ),
    Case(
        "ample-broken-late",
        "",
        "healthy steps of Glow's of two moons, resumed at a rate of 0.6",
        "flow-glow",
        FLOW,
        after=150,
        late={"game.optimiser.lr": 0.6},
        data="moons",
        steps=390,
        every=15,
    ),
)

_CONSTANT = coming(
    "data-constant",
    Case("ample-same-throw", "", "one throw", "sngan", BLOCKS, data="pips-same", **BRIEF),
    Case(
        "ample-same-shirt",
        "",
        "one piece of clothing, whose file a loop wrote again and again",
        "infogan-mnist",
        CODED,
        data="clothes-same",
        **BRIEF,
    ),
    Case("ample-same-vote", "", "one vote", "rbm-bits", MACHINE, data="votes-same", **BRIEF),
    Case("ample-same-patient", "", "one patient", "mixed", COLUMNS, data="patients-same", **BRIEF),
    Case(
        "ample-same-train",
        "",
        "one line of a railway's times, 600 times",
        "characters",
        TEXT,
        data="times-same",
        **BRIEF,
    ),
    Case(
        "ample-same-photo",
        "",
        "one photograph in place of all",
        "vae-pictures",
        {**SMALL, "game.warm_up": 0},
        data="photos-same",
        **BRIEF,
    ),
)

_DOUBLED = coming(
    "data-doubled",
    Case(
        "ample-again-throws",
        "",
        "each throw three times",
        "bigan-mnist",
        PAIRS,
        data="pips-again",
        **BRIEF,
    ),
    Case(
        "ample-again-households",
        "",
        "each household twice: two exports in one table",
        "gan-ring",
        {**DENSE, **R1},
        data="hours-again",
        **BRIEF,
    ),
    Case(
        "ample-again-votes",
        "",
        "a third of the votes five times",
        "made",
        {**BITS, "game.networks.width": 64},
        data="votes-third",
        **BRIEF,
    ),
    Case(
        "ample-again-patients",
        "",
        "each patient three times",
        "flow-mixed",
        LINES,
        data="patients-again",
        **BRIEF,
    ),
    Case(
        "ample-again-photos",
        "",
        "half of the photographs four times",
        "dfc-pictures",
        {**TALL, "data.batch": 32, "game.latent": 8, "game.taps": "random"},
        data="photos-half",
        **BRIEF,
    ),
    Case(
        "ample-again-clothes",
        "",
        "each piece of clothing twice",
        "photos",
        {**FLAT_NETS, **R1, **FAIR},
        data="fashion-twice",
        **BRIEF,
    ),
)

_RANGE = coming(
    "data-range",
    Case(
        "ample-dark-throws",
        "",
        "a die on levels 0 to 22, told its number",
        "acgan-mnist",
        {**HEADS, "game.r1": 0.1},
        data="pips-dark",
        **BRIEF,
    ),
    Case(
        "ample-ten",
        "",
        "photographs of ten bits that were read as sixteen",
        "vae-pictures",
        {**SMALL, "game.warm_up": 0},
        data="photos-ten",
        **BRIEF,
    ),
    Case(
        "ample-shade",
        "",
        "faces in the shade: levels 30 to 60",
        "sngan",
        BLOCKS,
        data="faces-shade",
        **BRIEF,
    ),
    Case(
        "ample-pale",
        "",
        "pale shapes: levels 220 to 250",
        "ae-pictures",
        {"data.batch": 32, "game.latent": 8, "game.networks.width": 8},
        data="glyphs-pale",
        **BRIEF,
    ),
    Case(
        "ample-dull",
        "",
        "signs in colour without contrast: levels 100 to 131",
        "progressive-32",
        GROWN,
        data="emoji-dull",
        **BRIEF,
    ),
    Case(
        "ample-eighths",
        "",
        "larger digits on levels 0 to 0.12 of a range from -1 to 1",
        "infogan-mnist",
        CODED,
        data="mnist-eighths",
        **BRIEF,
    ),
)

_FEW = coming(
    "data-few",
    Case(
        "ample-few-told",
        "",
        "18 throws of a die, told the number",
        "acgan-mnist",
        {**HEADS, "data.batch": 9},
        data="pips-18-told",
        **BRIEF,
    ),
    Case(
        "ample-few-homes",
        "",
        "20 households",
        "flow-maf",
        {**FLOW, "data.batch": 10},
        data="hours-20",
        **BRIEF,
    ),
    Case(
        "ample-few-votes",
        "",
        "16 votes",
        "rbm-bits",
        {**MACHINE, "data.batch": 8},
        data="votes-16",
        **BRIEF,
    ),
    Case(
        "ample-few-patients",
        "",
        "24 patients",
        "flow-mixed",
        {**LINES, "data.batch": 8},
        data="patients-24",
        **BRIEF,
    ),
    Case(
        "ample-few-photos",
        "",
        "16 photographs",
        "vae-gan-digits",
        {**JUDGED, "data.batch": 8},
        data="photos-16",
        **BRIEF,
    ),
    Case(
        "ample-few-numbers",
        "",
        "22 house numbers pixel after pixel",
        "pixelcnn-digits",
        {**PIXELS, "data.batch": 8, "game.networks.features": 6},
        data="houses-22",
        **BRIEF,
    ),
)

CASES = (*_CHAINS, *_BROKEN, *_CONSTANT, *_DOUBLED, *_RANGE, *_FEW)
"""Six causes of each condition."""
