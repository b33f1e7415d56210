"""Critics and rates that ruined a game in the latest ways, judged once and looked at since."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.held_games import TABLE, TOLD
from counterplay.recipes.doctor_bench.late_games import BLOCKS, late
from counterplay.recipes.doctor_bench.new_games import DRAWN
from counterplay.recipes.doctor_bench.sick_games import BLIND, DIGITS, FLAT, RING, both

__all__ = ["CASES", "HEADS"]

HEADS = {
    "data.batch": 32,
    "ema": 40.0,
    "game.latent": 8,
    "game.networks": {"type": "mlp", "width": 64, "depth": 2},
    "game.features": 32,
    **both(lr=1e-3, betas=[0.5, 0.99]),
}
"""Fully connected networks whose critic tells more than one thing."""

_OVERFIT = late(
    "critic-overfitting",
    Case(
        "late-few-scenes",
        "",
        "40 photographs by residual networks and paired costs, a wide critic without a norm",
        "sngan",
        {
            **BLOCKS,
            "data.batch": 16,
            "game.cost": "relativistic",
            "game.networks.critic_norm": "none",
            "game.networks.critic_width": 12,
        },
        data="scenes-40",
        steps=120,
        every=5,
    ),
    Case(
        "late-few-voices-known",
        "",
        "48 measured voices by hardly any gradient penalty, before a wide critic of six moves",
        "table",
        {
            **TABLE,
            "data.batch": 24,
            "ema": 40.0,
            "game.penalty": 0.01,
            "game.critic_steps": 6,
            "game.networks.width": 128,
            "game.networks.depth": 3,
        },
        data="parkinsons-48",
        steps=400,
        every=20,
    ),
    Case(
        "late-few-waves",
        "",
        "40 waves of grey and an encoder of fully connected networks, without any penalty",
        "bigan-mnist",
        {
            "data.batch": 20,
            "ema": 40.0,
            "game.latent": 6,
            "game.networks": {"type": "mlp", "width": 128, "depth": 2},
            "game.features": 64,
            "game.r1": 0.0,
            "game.critic.lr": 2e-3,
        },
        data="gratings-40",
        steps=300,
        every=15,
    ),
)

_WEAK = late(
    BLIND,
    Case(
        "late-flat-made",
        "",
        "twelve modes and a penalty of 100,000 on the critic's slope where samples are",
        "pacgan-ring-gan",
        {**RING, "game.r2": 1e5, "game.networks.critic_activation": "leaky"},
        data="clock",
        steps=500,
        proof=750,
        **FLAT,
    ),
    Case(
        "late-one-tanh",
        "",
        "six corners before a critic of one tanh unit that looks at eight rows at once",
        "pacgan-ring-gan",
        {
            **RING,
            "game.latent": 6,
            "game.pack": 8,
            "game.networks.critic_activation": "tanh",
            "game.networks.critic_width": 1,
            "game.networks.critic_depth": 1,
        },
        data="simplex",
        steps=500,
        proof=750,
    ),
    Case(
        "late-taught-halves",
        "",
        "photographs whose critic is taught 0.9 of real and 0.9 of made ones: a typing error",
        "photos",
        {**DRAWN, "game.tricks.real_label": 0.9, "game.tricks.fake_label": 0.9},
        data="scenes-800",
        steps=160,
        every=8,
        proof=240,
        also=("vanishing-gradient",),
        why="such a critic says the same everywhere.",
    ),
)

_CONDITION = late(
    "ignored-condition",
    Case(
        "late-any-wave",
        "",
        "waves of grey told the direction by hinge costs, the critic is not shown it",
        "cgan-mnist",
        {
            **DIGITS,
            "game.cost": "hinge",
            "game.penalties.dragan": 1.0,
            "game.networks.inner": 0,
            "game.networks.critic_norm": "none",
            "game.networks.critic_condition": "none",
        },
        data="gratings-told",
        steps=400,
        every=20,
        proof=600,
    ),
    Case(
        "late-wave-unheard",
        "",
        "waves of grey by saturating costs and a class term that was switched off by a zero",
        "acgan-mnist",
        {**HEADS, "game.class_weight": 0.0, "game.r1": 0.1},
        data="gratings-told",
        steps=400,
        every=20,
        proof=600,
    ),
    Case(
        "late-sorted-corners",
        "",
        "six corners whose labels were read in another order than the rows",
        "table",
        TOLD,
        data="simplex-sorted",
        steps=400,
        every=20,
        proof=600,
        also=("data-labels",),
        why="then the data are at fault.",
    ),
)

_FAST = late(
    "rate-too-high",
    Case(
        "late-fast-heads",
        "",
        "waves of grey by a critic that tells the class, both players by RMSprop at 0.05",
        "acgan-mnist",
        {**HEADS, **both(lr=0.05, rule="rmsprop")},
        data="gratings-told",
        steps=300,
        every=15,
        proof=450,
    ),
)

_SLOW = late(
    "rate-too-low",
    Case(
        "late-slow-heads",
        "",
        "waves of grey by a critic that tells the class, both players at 3e-9",
        "acgan-mnist",
        {**HEADS, **both(lr=3e-9)},
        data="gratings-told",
        steps=240,
        every=12,
    ),
)

_NONFINITE = late(
    "non-finite",
    Case(
        "late-nan-clock",
        "",
        "the costs of maximum likelihood on twelve modes by descent at a rate of 300",
        "pacgan-ring-gan",
        {
            **RING,
            "game.cost": "maximum_likelihood",
            **both(lr=300.0, betas=[0.5, 0.99], rule="sgd"),
        },
        data="clock",
        steps=200,
        every=10,
    ),
)

CASES = (*_OVERFIT, *_WEAK, *_CONDITION, *_FAST, *_SLOW, *_NONFINITE)
"""Three causes of each condition, some of them in the models' file."""
