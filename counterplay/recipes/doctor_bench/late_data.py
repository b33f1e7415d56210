"""Chains, flows and data that were wrong in the latest ways, judged once and looked at since."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.held_games import TABLE
from counterplay.recipes.doctor_bench.last_models import TALL
from counterplay.recipes.doctor_bench.late_games import BLOCKS, late
from counterplay.recipes.doctor_bench.new_games import DRAWN
from counterplay.recipes.doctor_bench.sick_models import FLOW, VAE

__all__ = ["CASES"]

BRIEF: dict[str, Any] = {"steps": 100, "every": 5}
SEEN = {"data.batch": 32, "game.latent": 8, "game.networks.width": 8, "game.optimiser.lr": 2e-3}

_CHAINS = late(
    "chain-not-mixing",
    Case(
        "late-stuck-lines",
        "",
        "a machine of lines of bits by descent with much inertia, at a rate of 0.5",
        "rbm-bits",
        {
            "data.batch": 40,
            "game.networks.width": 24,
            "game.optimiser.lr": 0.5,
            "game.optimiser.betas": [0.95, 0.999],
        },
        data="bars",
        steps=400,
        every=20,
        proof=600,
    ),
    Case(
        "late-stuck-runs",
        "",
        "a machine of runs of bits and eight chains whose rate is 6",
        "rbm-bits",
        {
            "data.batch": 40,
            "game.networks.width": 40,
            "game.chains": 8,
            "game.optimiser.lr": 6.0,
        },
        data="runs",
        steps=400,
        every=20,
        proof=600,
    ),
    Case(
        "late-stuck-deep",
        "",
        "a deep machine of lines of bits by Adam at 0.3",
        "dbm-digits",
        {
            "data.batch": 40,
            "data.binarise": "no",
            "game.networks.width": 24,
            "game.networks.top_width": 12,
            "game.optimiser.lr": 0.3,
            "game.optimiser.rule": "adam",
            "game.optimiser.betas": [0.9, 0.999],
        },
        data="bars",
        steps=300,
        every=15,
        proof=450,
    ),
)

_BROKEN = late(
    "not-invertible",
    Case(
        "late-broken-knot",
        "",
        "Glow's steps on a knot at a rate of 0.3",
        "flow-glow",
        {**FLOW, "data.batch": 50, "game.optimiser.lr": 0.3},
        data="knot",
        steps=300,
        every=15,
    ),
    Case(
        "late-broken-told",
        "",
        "couplings of bent clusters that are shown which, at a rate of 1",
        "flow-digits-classes",
        {
            **FLOW,
            "game.networks.model": "real-nvp",
            "game.networks.blocks": 4,
            "game.optimiser.lr": 1.0,
        },
        data="bananas",
        steps=300,
        every=15,
    ),
    Case(
        "late-broken-late",
        "",
        "healthy inverse flows of heavy tails whose rate is set to 1 after 150 rounds",
        "flow-iaf",
        {**FLOW, "data.batch": 40},
        after=150,
        late={"game.optimiser.lr": 1.0},
        data="tails",
        steps=390,
        every=15,
    ),
)

_CONSTANT = late(
    "data-constant",
    Case(
        "late-same-scene",
        "",
        "one photograph",
        "sngan",
        BLOCKS,
        data="same-scene",
        steps=80,
        every=4,
    ),
    Case(
        "late-same-frame",
        "",
        "an empty frame: the pictures in it were lost",
        "bigan-mnist",
        {
            "data.batch": 32,
            "ema": 40.0,
            "game.latent": 6,
            "game.networks": {"type": "mlp", "width": 48, "depth": 2},
            "game.features": 32,
        },
        data="same-frame",
        **BRIEF,
    ),
    Case("late-same-wave", "", "one wave", "vae-pictures", SEEN, data="same-grating", **BRIEF),
)

_DOUBLED = late(
    "data-doubled",
    Case(
        "late-again-mushrooms",
        "",
        "each mushroom exported four times",
        "nade",
        {"data.batch": 40, "game.networks.width": 32},
        data="mushrooms-again",
        **BRIEF,
    ),
    Case(
        "late-again-wings",
        "",
        "half of the aerofoils three times",
        "table",
        {**TABLE, "ema": 40.0, "game.critic_steps": 2},
        data="airfoil-part",
        **BRIEF,
    ),
    Case(
        "late-again-scenes",
        "",
        "a third of the photographs five times",
        "vae-pictures",
        SEEN,
        data="scenes-again",
        **BRIEF,
    ),
)

_RANGE = late(
    "data-range",
    Case("late-dusk", "", "photographs at dusk", "sngan", BLOCKS, data="scenes-dusk", **BRIEF),
    Case(
        "late-thin",
        "",
        "waves on levels 90 to 112",
        "vae-digits",
        {**VAE, **TALL},
        data="gratings-thin",
        **BRIEF,
    ),
    Case(
        "late-percent",
        "",
        "shares of white from 0 to 16, saved as bytes",
        "photos",
        DRAWN,
        data="fashion-percent",
        **BRIEF,
    ),
)

_FEW = late(
    "data-few",
    Case(
        "late-few-scenes-all",
        "",
        "24 photographs",
        "vae-pictures",
        {**SEEN, "data.batch": 12},
        data="scenes-24",
        **BRIEF,
    ),
    Case(
        "late-few-voices",
        "",
        "22 rows of measured voices",
        "rbm-reals",
        {"data.batch": 11},
        data="parkinsons-22",
        **BRIEF,
    ),
    Case(
        "late-few-mushrooms",
        "",
        "26 mushrooms",
        "fvsbn",
        {"data.batch": 13},
        data="mushrooms-26",
        **BRIEF,
    ),
)

CASES = (*_CHAINS, *_BROKEN, *_CONSTANT, *_DOUBLED, *_RANGE, *_FEW)
"""Three causes of each condition."""
