"""Moves that are too large or too small in ample ways, judged once and looked at since."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.next_models import REFINED
from counterplay.recipes.doctor_bench.settings import BLOCKS, COLUMNS, DENSE, SMALL, TALL, TEXT
from counterplay.recipes.doctor_bench.sick_games import both
from counterplay.recipes.doctor_bench.sick_models import BITS, FLOW
from counterplay.recipes.doctor_bench.wide_critics import BRIEF
from counterplay.recipes.doctor_bench.wide_data import DEEP
from counterplay.recipes.doctor_bench.wide_games import PAIRS, QUICK, coming
from counterplay.recipes.doctor_bench.wide_moves import SOON

__all__ = ["CASES"]

_FAST = coming(
    "rate-too-high",
    Case(
        "ample-fast-votes",
        "",
        "a masked net of two orders on votes at a rate of 1",
        "made-orders",
        {**BITS, "game.networks.width": 64, "game.networks.orders": 2, "game.optimiser.lr": 1.0},
        data="votes",
        **QUICK,
    ),
    Case(
        "ample-fast-pairs",
        "",
        "a die and an encoder, both players at 0.2",
        "bigan-mnist",
        {**PAIRS, "game.coder.lr": 0.2, "game.critic.lr": 0.2},
        data="pips",
        **QUICK,
    ),
    Case(
        "ample-fast-hours",
        "",
        "a linear VAE of sixteen hours at a rate of 5",
        "linear-vae",
        {"data.batch": 40, "game.latent": 4, "game.optimiser.lr": 5.0},
        data="hours",
        **QUICK,
    ),
    Case(
        "ample-fast-denoiser",
        "",
        "a denoiser of a die at a rate of 0.5",
        "dae-digits",
        {"data.batch": 32, "game.networks.width": 64, "game.links": 20, "game.optimiser.lr": 0.5},
        data="pips",
        **QUICK,
    ),
    Case(
        "ample-fast-wards",
        "",
        "patients brought to lines at a rate of 1",
        "flow-mixed",
        {
            "data.batch": 64,
            "ema": 20.0,
            "game.networks.width": 48,
            "game.transforms": 2,
            "game.optimiser.lr": 1.0,
        },
        data="patients-1500",
        **QUICK,
    ),
    Case(
        "ample-fast-late",
        "",
        "a net of a railway's times, healthy until it goes on at a rate of 0.5",
        "characters",
        TEXT,
        after=120,
        late={"game.optimiser.lr": 0.5},
        data="times",
        steps=300,
        every=12,
        proof=450,
    ),
)

_SLOW = coming(
    "rate-too-low",
    Case(
        "ample-slow-blocks",
        "",
        "photographs by residual networks, both players at 2e-9",
        "sngan",
        {**BLOCKS, **both(lr=2e-9)},
        data="photos-800",
        **BRIEF,
    ),
    Case(
        "ample-slow-pairs",
        "",
        "a die and an encoder, both players at 1e-9",
        "bigan-mnist",
        {**PAIRS, "game.coder.lr": 1e-9, "game.critic.lr": 1e-9},
        data="pips",
        **BRIEF,
    ),
    Case(
        "ample-slow-refined",
        "",
        "votes whose posterior is refined by a flow, at 1e-9",
        "vae-iaf-mnist",
        {**REFINED, "game.optimiser.lr": 1e-9},
        data="votes",
        **BRIEF,
    ),
    Case(
        "ample-slow-wards",
        "",
        "column after column of patients at 2e-9",
        "mixed",
        {**COLUMNS, "game.optimiser.lr": 2e-9},
        data="patients-1500",
        **BRIEF,
    ),
    Case(
        "ample-slow-deep",
        "",
        "a deep machine of votes by descent at 1e-8",
        "dbm-mnist",
        {**DEEP, "game.optimiser.lr": 1e-8},
        data="votes",
        **BRIEF,
    ),
    Case(
        "ample-slow-late",
        "",
        "a spiral, the rate of whose masked flows fell to 1e-9 after 20 rounds",
        "flow-maf",
        FLOW,
        after=20,
        late={"game.optimiser.lr": 1e-9},
        data="spiral",
        steps=200,
        every=4,
        proof=300,
    ),
)

_NONFINITE = coming(
    "non-finite",
    Case(
        "ample-nan-unbounded",
        "",
        "Wasserstein's costs of sixteen hours without a clip or a penalty, by descent at 1,000",
        "gan-ring",
        {**DENSE, "game.cost": "wasserstein", **both(lr=1e3, rule="sgd")},
        data="hours",
        **SOON,
    ),
    Case(
        "ample-nan-exact",
        "",
        "photographs by a decoder whose known error was typed as 1e-30",
        "vae-pictures",
        {**SMALL, "game.warm_up": 0, "game.decoder": "gaussian", "game.deviation": 1e-30},
        data="photos-800",
        **SOON,
    ),
    Case(
        "ample-nan-codes",
        "",
        "an auto-encoder of a die by descent at 1,000,000",
        "ae-digits",
        {**TALL, "game.latent": 8, "game.optimiser.rule": "sgd", "game.optimiser.lr": 1e6},
        data="pips",
        **SOON,
    ),
    Case(
        "ample-nan-machine",
        "",
        "a machine of sixteen hours by descent at 1e6, whose real units know no bounds",
        "rbm-reals",
        {
            "data.batch": 40,
            "game.networks.width": 16,
            "game.optimiser.rule": "sgd",
            "game.optimiser.lr": 1e6,
        },
        data="hours",
        **SOON,
    ),
    Case(
        "ample-nan-affine",
        "",
        "affine couplings of two moons, exponentials of their nets, at a rate of 1e15",
        "flow-real-nvp",
        {**FLOW, "game.optimiser.lr": 1e15},
        data="moons",
        **SOON,
    ),
    Case(
        "ample-nan-late",
        "",
        "a net of a railway's times, healthy until the rate is set to 1e28",
        "characters",
        TEXT,
        after=80,
        late={"game.optimiser.lr": 1e28},
        data="times",
        steps=200,
        every=8,
    ),
)

CASES = (*_FAST, *_SLOW, *_NONFINITE)
"""Six causes of each condition."""
