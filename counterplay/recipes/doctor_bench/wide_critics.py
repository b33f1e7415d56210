"""Critics and rates that ruin a training in wide ways, judged once and looked at since."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.next_critics import FEW, LABELS
from counterplay.recipes.doctor_bench.next_games import FLAT_NETS
from counterplay.recipes.doctor_bench.next_models import HEARD
from counterplay.recipes.doctor_bench.settings import BLOCKS, DENSE, HEADS, TOLD
from counterplay.recipes.doctor_bench.sick_games import BLIND, DIGITS, FLAT, R1, RING, both
from counterplay.recipes.doctor_bench.sick_models import FLOW
from counterplay.recipes.doctor_bench.wide_games import FAIR, HOURS, PAIRS, PYRAMID, QUICK, coming

__all__ = ["BRIEF", "CASES", "GROWN", "PACKED", "PIXELS"]

GROWN = {
    "data.batch": 20,
    "data.size": 8,
    "ema": 40.0,
    "game.networks.width": 8,
    "game.latent": 8,
    "game.steady": 50,
    "game.fade": 50,
}
"""Networks that grow once, from 4x4 to 8x8."""
PACKED = {
    "data.batch": 64,
    "ema": 40.0,
    "game.networks.width": 48,
    "game.networks.resolution": 16,
    "game.latent": 12,
    "game.pack": 2,
    **both(lr=1e-3),
}
"""Packs of rows of mixed columns."""
PIXELS = {
    "data.batch": 24,
    "ema": 20.0,
    "game.networks.features": 8,
    "game.networks.depth": 2,
    "game.networks.components": 3,
    "game.conditional": False,
}
"""Pixel after pixel by mixtures."""
BRIEF: dict[str, Any] = {"steps": 200, "every": 10}

_OVERFIT = coming(
    "critic-overfitting",
    Case(
        "wide-few-kinds",
        "",
        "44 discs told which, before fully connected layers of 128 units without a penalty",
        "acgan-mnist",
        {
            **HEADS,
            "data.batch": 22,
            "game.networks": {"type": "mlp", "width": 128, "depth": 3},
            "game.critic.lr": 2e-3,
        },
        data="discs-44-told",
        **HOURS,
        **FEW,
    ),
    Case(
        "wide-few-floors",
        "",
        "40 small clothes by a pyramid of games without penalties, its critics ten times as fast",
        "lapgan-mnist",
        {
            **PYRAMID,
            "data.batch": 20,
            "game.networks.width": 16,
            "game.networks.coarse_width": 96,
            "game.r1": 0.0,
            "game.critic.lr": 5e-3,
        },
        data="fashion-40",
        **QUICK,
        **FEW,
    ),
    Case(
        "wide-few-journeys",
        "",
        "journeys of 60 people by hardly any penalty, before a wide critic of six moves",
        "gan-mixed",
        {
            **PACKED,
            "data.batch": 20,
            "game.pack": 1,
            "game.penalty": 0.01,
            "game.critic_steps": 6,
            "game.networks.width": 128,
        },
        data="journeys-60",
        **HOURS,
        **FEW,
    ),
    Case(
        "wide-few-digits",
        "",
        "48 digits told the class by projection, before wide convolutions without a norm",
        "cgan-projection-mnist",
        {
            **DIGITS,
            "data.batch": 24,
            "game.networks.critic_width": 24,
            "game.networks.critic_norm": "none",
            "game.critic.lr": 2e-3,
        },
        data="digits-48-told",
        **HOURS,
        **FEW,
    ),
    Case(
        "wide-few-paintings",
        "",
        "40 paintings by a penalty of a hundredth and a wide critic of five moves",
        "digits-wgan-gp",
        {
            **FLAT_NETS,
            "data.batch": 20,
            "game.networks": {"type": "mlp", "width": 128, "depth": 3},
            "game.penalty": 0.01,
            "game.critic_steps": 5,
            **FAIR,
        },
        data="paintings-40",
        **HOURS,
        **FEW,
    ),
    Case(
        "wide-few-wings",
        "",
        "40 aerofoils by least squares, three wide layers of the oldest kind and five moves",
        "gan-ring",
        {
            **DENSE,
            "data.batch": 20,
            "game.cost": "least_squares",
            "game.latent": 6,
            "game.networks.width": 128,
            "game.networks.depth": 3,
            "game.critic_steps": 5,
        },
        data="airfoil-40",
        **HOURS,
        **FEW,
    ),
)

_WEAK = coming(
    BLIND,
    Case(
        "wide-frozen-grown",
        "",
        "paintings by networks that grow, the critic of which was frozen by mistake",
        "progressive-32",
        {**GROWN, "game.critic.lr": 1e-10},
        data="paintings",
        **QUICK,
    ),
    Case(
        "wide-one-channel",
        "",
        "edges before a residual critic of a single channel",
        "sngan",
        {**BLOCKS, "game.networks.critic_width": 1},
        data="boxes",
        **QUICK,
    ),
    Case(
        "wide-flipped",
        "",
        "discs whose critic is told the wrong of two labels every second time",
        "photos",
        {**FLAT_NETS, **FAIR, "game.tricks.flips": 0.5},
        data="discs",
        **HOURS,
    ),
    Case(
        "wide-noisy-months",
        "",
        "twelve months under noise ten times as wide as they are, which never fades",
        "pacgan-ring-gan",
        {
            **RING,
            "game.latent": 6,
            "game.tricks.instance_noise": 10.0,
            "game.tricks.noise_rounds": 1_000_000,
        },
        data="months",
        **HOURS,
        **FLAT,
    ),
    Case(
        "wide-flat-pairs",
        "",
        "edges and an encoder, the critic's penalties of weight 100,000",
        "bigan-mnist",
        {**PAIRS, "game.r1": 1e5, "game.r2": 1e5},
        data="boxes",
        **HOURS,
        **FLAT,
    ),
    Case(
        "wide-plain-descent",
        "",
        "sixteen modes before a critic that moves by plain descent at a rate chosen for Adam",
        "pacgan-ring-gan",
        {
            **RING,
            "game.critic.rule": "sgd",
            "game.critic.betas": [0.0, 0.99],
            "game.critic.lr": 2e-4,
        },
        data="trellis",
        **HOURS,
    ),
)

_CONDITION = coming(
    "ignored-condition",
    Case(
        "wide-any-edge",
        "",
        "edges told which by least squares and R1, the critic is not shown the kind",
        "cgan-projection-mnist",
        {
            **DIGITS,
            **R1,
            "game.cost": "least_squares",
            "game.networks.critic_norm": "none",
            "game.networks.critic_condition": "none",
        },
        data="boxes-told",
        **HOURS,
    ),
    Case(
        "wide-disc-unheard",
        "",
        "discs by convolutions and a class term of a millionth",
        "acgan-mnist",
        {
            **DIGITS,
            "game.networks.critic_norm": "none",
            "game.features": 32,
            "game.class_weight": 1e-6,
            "game.r1": 0.1,
        },
        data="discs-told",
        **HOURS,
    ),
    Case(
        "wide-lots-of-digits",
        "",
        "a flow with a latent Gaussian for each class, of labels that were drawn by lot",
        "flow-digits-classes",
        {**FLOW, "game.classes": "prior", "game.networks.width": 48},
        data="shuffled-digits",
        **QUICK,
        **LABELS,
    ),
    Case(
        "wide-lots-of-edges",
        "",
        "edges pixel after pixel, told kinds that were drawn by lot",
        "pixelcnn-digits",
        {**PIXELS, "game.conditional": True},
        data="boxes-lots",
        steps=160,
        every=8,
        **LABELS,
    ),
    Case(
        "wide-slipped",
        "",
        "eight modes told by labels that slipped by three rows",
        "table",
        TOLD,
        data="rosette-slipped",
        **HOURS,
        **LABELS,
    ),
    Case(
        "wide-lots-of-whistles",
        "",
        "whistles, sample by sample, whose files were named by lot",
        "wavenet",
        HEARD,
        data="chirps-lots",
        **BRIEF,
        **LABELS,
    ),
)

CASES = (*_OVERFIT, *_WEAK, *_CONDITION)
"""Six causes of each condition."""
