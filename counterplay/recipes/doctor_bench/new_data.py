"""Chains, flows and data that are wrong in new ways, judged once and looked at since."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.last_models import TALL
from counterplay.recipes.doctor_bench.new_games import DRAWN, new
from counterplay.recipes.doctor_bench.new_models import LEVELS
from counterplay.recipes.doctor_bench.sick_games import RING
from counterplay.recipes.doctor_bench.sick_models import FLOW, VAE

__all__ = ["CASES"]

BRIEF: dict[str, Any] = {"steps": 100, "every": 5}
CODES = {**TALL, "game.latent": 8, "game.optimiser.lr": 2e-3}

_CHAINS = new(
    "chain-not-mixing",
    Case(
        "new-stuck-clothes",
        "",
        "a machine of small clothes of two levels and five chains, by RMSprop at 0.3",
        "rbm-bits",
        {
            "data.batch": 50,
            "game.networks.width": 32,
            "game.chains": 5,
            "game.optimiser.lr": 0.3,
            "game.optimiser.rule": "rmsprop",
        },
        data="fashion-small-bits",
        steps=400,
        every=20,
        proof=600,
    ),
    Case(
        "new-stuck-adam",
        "",
        "a machine of ordered bits by Adam at 0.3, a rate that was meant for descent",
        "rbm-bits",
        {
            "data.batch": 50,
            "game.networks.width": 24,
            "game.optimiser.lr": 0.3,
            "game.optimiser.rule": "adam",
            "game.optimiser.betas": [0.9, 0.999],
        },
        data="ordered",
        steps=400,
        every=20,
        proof=600,
    ),
    Case(
        "new-stuck-deep",
        "",
        "a deep machine of small clothes of two levels by RMSprop at 0.2",
        "dbm-digits",
        {
            "data.batch": 50,
            "data.binarise": "no",
            "game.networks.width": 32,
            "game.networks.top_width": 16,
            "game.optimiser.lr": 0.2,
            "game.optimiser.rule": "rmsprop",
        },
        data="fashion-small-bits",
        steps=300,
        every=15,
        proof=450,
    ),
    Case(
        "new-stuck-late",
        "",
        "a healthy machine of ordered bits whose rate is set to 5 after 200 rounds",
        "rbm-bits",
        {"data.batch": 50, "game.networks.width": 24, "game.gibbs": 2},
        after=200,
        late={"game.optimiser.lr": 5.0},
        data="ordered",
        steps=500,
        every=20,
        proof=750,
    ),
)

_BROKEN = new(
    "not-invertible",
    Case(
        "new-broken-wheel",
        "",
        "affine couplings of a pinwheel at a rate of 1",
        "flow-real-nvp",
        {**FLOW, "game.optimiser.lr": 1.0},
        data="wheel",
        steps=300,
        every=15,
    ),
    Case(
        "new-broken-houses",
        "",
        "Real NVP's couplings of house numbers at a rate of 0.3",
        "flow-mnist",
        {
            "data.batch": 24,
            "ema": 20.0,
            "game.networks.width": 8,
            "game.networks.blocks": 1,
            "game.networks.scales": 2,
            "game.optimiser.lr": 0.3,
        },
        data="houses-600",
        steps=120,
        every=6,
    ),
    Case(
        "new-broken-days",
        "",
        "masked flows of hired bicycles at a rate of 0.7",
        "flow-maf",
        {**FLOW, "game.optimiser.lr": 0.7},
        data="bike-1200",
        steps=300,
        every=15,
    ),
    Case(
        "new-broken-late",
        "",
        "healthy steps of Glow on proteins whose rate is set to 0.3 after 150 rounds",
        "flow-glow",
        FLOW,
        after=150,
        late={"game.optimiser.lr": 0.3},
        data="protein-1500",
        steps=400,
        every=15,
    ),
)

_CONSTANT = new(
    "data-constant",
    Case("new-same-bits", "", "one row of 49 bits", "vae-mnist", LEVELS, data="same-bits", **BRIEF),
    Case("new-same-face", "", "one face", "photos", DRAWN, data="same-face", **BRIEF),
    Case(
        "new-same-house",
        "",
        "one house number in colour",
        "r3gan",
        {"data.batch": 16, "ema": 40.0, "game.latent": 8, "game.networks.width": 4},
        data="same-house",
        steps=60,
        every=3,
    ),
    Case("new-same-checks", "", "a chess board", "ae-pictures", CODES, data="checks", **BRIEF),
)

_DOUBLED = new(
    "data-doubled",
    Case("new-again-faces", "", "each face twice", "vae-digits", VAE, data="faces-again", **BRIEF),
    Case(
        "new-again-lifts",
        "",
        "a third of seventeen columns four times",
        "flow-maf",
        FLOW,
        data="elevators-part",
        **BRIEF,
    ),
    Case(
        "new-again-houses",
        "",
        "half of the house numbers three times",
        "photos",
        DRAWN,
        data="houses-again",
        **BRIEF,
    ),
    Case(
        "new-again-proteins",
        "",
        "two downloads of the same proteins",
        "rbm-reals",
        {"data.batch": 50},
        data="protein-again",
        **BRIEF,
    ),
)

_RANGE = new(
    "data-range",
    Case("new-night", "", "house numbers at night", "photos", DRAWN, data="houses-night", **BRIEF),
    Case("new-faces-fog", "", "levels 170 to 200", "ae-pictures", CODES, data="faces-fog", **BRIEF),
    Case(
        "new-scaled-twice",
        "",
        "larger digits divided by 255 twice",
        "vae-digits",
        {**VAE, **TALL},
        data="mnist-twice-scaled",
        **BRIEF,
    ),
    Case(
        "new-sixteen",
        "",
        "levels up to 10,200 read as if they were 0 to 65,535",
        "mnist",
        DRAWN,
        data="fashion-sixteen",
        **BRIEF,
    ),
)

_FEW = new(
    "data-few",
    Case(
        "new-few-faces-all",
        "",
        "20 faces",
        "photos",
        {**DRAWN, "data.batch": 10},
        data="faces-20",
        **BRIEF,
    ),
    Case(
        "new-few-boats",
        "",
        "24 boats",
        "flow-glow",
        {**FLOW, "data.batch": 12},
        data="yacht-24",
        **BRIEF,
    ),
    Case(
        "new-few-ordered",
        "",
        "24 rows of bits",
        "vae-mnist",
        {**LEVELS, "data.batch": 12},
        data="ordered-24",
        **BRIEF,
    ),
    Case(
        "new-few-proteins",
        "",
        "32 proteins",
        "pacgan-ring-gan",
        {**RING, "data.batch": 16, "game.latent": 8},
        data="protein-32",
        **BRIEF,
    ),
)

CASES = (*_CHAINS, *_BROKEN, *_CONSTANT, *_DOUBLED, *_RANGE, *_FEW)
"""Four causes of each condition."""
