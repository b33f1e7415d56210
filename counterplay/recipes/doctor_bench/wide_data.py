"""Chains, flows and data that are wrong in wide ways, judged once and looked at since."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.next_critics import STYLED
from counterplay.recipes.doctor_bench.next_games import CODED
from counterplay.recipes.doctor_bench.next_models import HEARD
from counterplay.recipes.doctor_bench.settings import COLUMNS, HEADS, LEVELS, TALL
from counterplay.recipes.doctor_bench.sick_games import DIGITS
from counterplay.recipes.doctor_bench.sick_models import BITS, FLOW, ROWS
from counterplay.recipes.doctor_bench.wide_critics import GROWN, PIXELS
from counterplay.recipes.doctor_bench.wide_games import HOURS, PYRAMID, coming

__all__ = ["CASES"]

BRIEF: dict[str, Any] = {"steps": 60, "every": 3}
SOON: dict[str, Any] = {"steps": 300, "every": 15, "proof": 450}
BROKEN: dict[str, Any] = {"steps": 300, "every": 15}
MACHINE = {"data.batch": 40, "game.networks.width": 24}
DEEP = {
    "data.batch": 40,
    "data.binarise": "no",
    "game.networks.width": 24,
    "game.networks.top_width": 12,
}
ADAM = {"game.optimiser.rule": "adam", "game.optimiser.betas": [0.9, 0.999]}
JUDGED = {"data.batch": 32, "ema": 40.0, "game.networks.width": 8, "game.latent": 8}

_CHAINS = coming(
    "chain-not-mixing",
    Case(
        "wide-stuck-baskets",
        "",
        "a machine of baskets by plain descent at a rate of 3, for which 0.03 was meant",
        "rbm-bits",
        {**MACHINE, "game.optimiser.lr": 3.0},
        data="baskets",
        **HOURS,
    ),
    Case(
        "wide-stuck-patches",
        "",
        "a machine of patches and four chains by RMSprop at 0.4",
        "rbm-bits",
        {**MACHINE, "game.chains": 4, "game.optimiser.rule": "rmsprop", "game.optimiser.lr": 0.4},
        data="patches",
        **HOURS,
    ),
    Case(
        "wide-stuck-deep",
        "",
        "a deep machine of baskets by descent with inertia of 0.9, at a rate of 0.5",
        "dbm-mnist",
        {**DEEP, "game.optimiser.lr": 0.5, "game.optimiser.betas": [0.9, 0.999]},
        data="baskets",
        **SOON,
    ),
    Case(
        "wide-stuck-months",
        "",
        "a machine of twelve months by Adam at 0.5",
        "rbm-reals",
        {"data.batch": 40, "game.networks.width": 16, **ADAM, "game.optimiser.lr": 0.5},
        data="months",
        **SOON,
        also=("divergence", "non-finite"),
        why="real units that such weights move run far away.",
    ),
    Case(
        "wide-stuck-digits",
        "",
        "a machine of 100 units for digits, twenty chains and Adam at 0.3",
        "rbm-digits",
        {
            "data.batch": 40,
            "game.networks.width": 100,
            "game.chains": 20,
            **ADAM,
            "game.optimiser.lr": 0.3,
        },
        **HOURS,
    ),
    Case(
        "wide-stuck-late",
        "",
        "a healthy machine of patches, resumed after 200 rounds at 4 in the place of 0.04",
        "rbm-bits",
        {**MACHINE, "game.optimiser.lr": 0.04},
        after=200,
        late={"game.optimiser.lr": 4.0},
        data="patches",
        steps=500,
        every=20,
        proof=750,
    ),
)

_BROKEN = coming(
    "not-invertible",
    Case(
        "wide-broken-rosette",
        "",
        "affine couplings of eight modes at a rate of 1",
        "flow-real-nvp",
        {**FLOW, "game.networks.blocks": 5, "game.optimiser.lr": 1.0},
        data="rosette",
        **BROKEN,
    ),
    Case(
        "wide-broken-discs",
        "",
        "affine couplings of discs as rows of 64 numbers, at a rate of 1",
        "flow-digits-real-nvp",
        {**FLOW, "game.optimiser.lr": 1.0},
        data="discs",
        **BROKEN,
    ),
    Case(
        "wide-broken-months",
        "",
        "inverse flows of twelve months at a rate of 0.7",
        "flow-iaf",
        {**FLOW, "data.batch": 40, "game.optimiser.lr": 0.7},
        data="months",
        **BROKEN,
    ),
    Case(
        "wide-broken-edges",
        "",
        "Real NVP's checkerboards of edges at a rate of 0.5",
        "flow-mnist",
        {
            "data.batch": 24,
            "ema": 20.0,
            "game.networks.width": 8,
            "game.networks.blocks": 1,
            "game.networks.scales": 1,
            "game.optimiser.lr": 0.5,
        },
        data="boxes",
        steps=120,
        every=6,
    ),
    Case(
        "wide-broken-told",
        "",
        "Glow's steps of eight modes that are shown which, at a rate of 0.5",
        "flow-digits-classes",
        {**FLOW, "game.networks.model": "glow", "game.optimiser.lr": 0.5},
        data="rosette-told",
        **BROKEN,
    ),
    Case(
        "wide-broken-late",
        "",
        "healthy masked flows of two rings of a chain, resumed at a rate of 0.5",
        "flow-maf",
        FLOW,
        after=150,
        late={"game.optimiser.lr": 0.5},
        data="links",
        steps=390,
        every=15,
    ),
)

_CONSTANT = coming(
    "data-constant",
    Case(
        "wide-same-painting",
        "",
        "one painting",
        "progressive-32",
        GROWN,
        data="paintings-same",
        **BRIEF,
    ),
    Case("wide-same-disc", "", "one disc", "vae-gan-digits", JUDGED, data="discs-same", **BRIEF),
    Case("wide-same-basket", "", "one basket", "iwae-mnist", LEVELS, data="baskets-same", **BRIEF),
    Case(
        "wide-same-edge",
        "",
        "one picture under five names",
        "cgan-mnist",
        {**DIGITS, "game.networks.inner": 0},
        data="boxes-same",
        **BRIEF,
    ),
    Case("wide-same-whistle", "", "one whistle", "wavenet", HEARD, data="chirps-same", **BRIEF),
    Case(
        "wide-same-corner",
        "",
        "one corner: a pyramid of games on a file that was written over",
        "lapgan-mnist",
        PYRAMID,
        data="corner-same",
        **BRIEF,
    ),
)

_DOUBLED = coming(
    "data-doubled",
    Case(
        "wide-again-journeys",
        "",
        "each journey twice: the same survey under two names",
        "vae-mixed",
        {**COLUMNS, "game.latent": 8},
        data="journeys-again",
        **BRIEF,
    ),
    Case(
        "wide-again-discs",
        "",
        "each disc three times",
        "infogan-mnist",
        CODED,
        data="discs-again",
        **BRIEF,
    ),
    Case(
        "wide-again-baskets",
        "",
        "half of the baskets four times",
        "fvsbn",
        BITS,
        data="baskets-half",
        **BRIEF,
    ),
    Case(
        "wide-again-months",
        "",
        "the months of each place twice",
        "vae-table",
        ROWS,
        data="months-again",
        **BRIEF,
    ),
    Case(
        "wide-again-paintings",
        "",
        "a tenth of the paintings ten times",
        "style-32",
        STYLED,
        data="paintings-tenth",
        **BRIEF,
    ),
    Case(
        "wide-again-whistles",
        "",
        "each whistle three times",
        "wavenet",
        HEARD,
        data="chirps-again",
        **BRIEF,
    ),
)

_RANGE = coming(
    "data-range",
    Case(
        "wide-dark-discs",
        "",
        "discs on levels 0 to 20, told which",
        "acgan-mnist",
        HEADS,
        data="discs-dark",
        **BRIEF,
    ),
    Case(
        "wide-foggy",
        "",
        "paintings under a varnish: levels 180 to 215",
        "style-32",
        STYLED,
        data="paintings-fog",
        **BRIEF,
    ),
    Case(
        "wide-faint",
        "",
        "edges on levels 100 to 125",
        "pixelcnn-digits",
        PIXELS,
        data="boxes-faint",
        **BRIEF,
    ),
    Case(
        "wide-fractions",
        "",
        "edges on levels -1 to -0.9 of a range from -1 to 1",
        "bigan-mnist",
        {
            "data.batch": 32,
            "ema": 40.0,
            "game.latent": 8,
            "game.networks": {"type": "mlp", "width": 64, "depth": 2},
            "game.features": 32,
        },
        data="boxes-fractions",
        **BRIEF,
    ),
    Case(
        "wide-twelve",
        "",
        "paintings of twelve bits that were read as sixteen",
        "dfc-pictures",
        {"game.pixels": 0.5, **TALL, "data.batch": 32, "game.latent": 8, "game.taps": "random"},
        data="paintings-twelve",
        **BRIEF,
    ),
    Case(
        "wide-dim-digits",
        "",
        "digits on levels 0 to 25 of 255, by a pyramid of games",
        "lapgan-mnist",
        PYRAMID,
        data="dim-25",
        **BRIEF,
    ),
)

_FEW = coming(
    "data-few",
    Case(
        "wide-few-told",
        "",
        "20 discs, told which",
        "cgan-projection-mnist",
        {**DIGITS, "data.batch": 10},
        data="discs-20-told",
        **BRIEF,
    ),
    Case(
        "wide-few-trips",
        "",
        "30 journeys",
        "mixed",
        {**COLUMNS, "data.batch": 12},
        data="journeys-30",
        **BRIEF,
    ),
    Case(
        "wide-few-places",
        "",
        "the months of 18 places",
        "table",
        {
            "data.batch": 9,
            "ema": 40.0,
            "game.networks.width": 48,
            "game.networks.depth": 2,
            "game.latent": 8,
        },
        data="months-18",
        **BRIEF,
    ),
    Case(
        "wide-few-baskets",
        "",
        "20 baskets",
        "nade",
        {"data.batch": 10, "game.networks.width": 24},
        data="baskets-20",
        **BRIEF,
    ),
    Case(
        "wide-few-canvases",
        "",
        "20 paintings",
        "vae-gan-digits",
        {**JUDGED, "data.batch": 10},
        data="paintings-20",
        **BRIEF,
    ),
    Case(
        "wide-few-whistles",
        "",
        "14 whistles",
        "wavenet",
        {**HEARD, "data.batch": 7},
        data="chirps-14",
        **BRIEF,
    ),
)

CASES = (*_CHAINS, *_BROKEN, *_CONSTANT, *_DOUBLED, *_RANGE, *_FEW)
"""Six causes of each condition."""
