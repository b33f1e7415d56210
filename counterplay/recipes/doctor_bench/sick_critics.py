"""Critics that know too much or see too little, and classes that nobody minds."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.sick_games import BLIND, DIGITS, RING, both

__all__ = ["CASES"]

_OVERFIT = of_condition(
    "critic-overfitting",
    Case(
        "overfit-32",
        "",
        "32 training points, and a critic that moves three times as often",
        "pacgan-ring-gan",
        {**RING, "data.batch": 32, "game.critic_steps": 3, "game.networks.critic_width": 64},
        data="ring-32",
        steps=600,
    ),
    Case(
        "overfit-digits",
        "",
        "64 digits, and a critic without any restraint",
        "digits",
        {**DIGITS, "game.conditional": False, "game.networks.critic_width": 16},
        data="digits-64",
        steps=400,
        every=20,
    ),
    Case(
        "overfit-table",
        "",
        "48 rows of ten measurements, and a critic that moves five times as often",
        "table",
        {
            "data.batch": 32,
            "game.networks.width": 64,
            "game.networks.depth": 2,
            "game.penalty": 0.1,
            "game.critic_steps": 5,
            "game.latent": 8,
            **both(lr=1e-3),
        },
        data="diabetes-48",
        steps=500,
    ),
    Case(
        "overfit-rows",
        "",
        "64 rows of thirty measurements, plain costs and three layers",
        "pacgan-ring-gan",
        {
            **RING,
            "data.batch": 32,
            "game.networks.depth": 3,
            "game.latent": 8,
            "game.critic_steps": 2,
        },
        data="cancer-64",
        steps=500,
    ),
)

_WEAK = of_condition(
    BLIND,
    Case(
        "weak-unit",
        "",
        "a critic of one unit",
        "pacgan-ring-gan",
        {**RING, "game.networks.critic_width": 1, "game.networks.critic_depth": 1},
    ),
    Case(
        "weak-flips",
        "",
        "half of what the critic is taught is wrong",
        "pacgan-ring-gan",
        {**RING, "game.tricks.flips": 0.5},
        data="ring-wide",
    ),
    Case(
        "weak-frozen",
        "",
        "a critic whose rate is a millionth of the generator's",
        "pacgan-ring-gan",
        {**RING, "game.critic.lr": 1e-9},
        data="ring-wide",
    ),
    Case(
        "weak-noise",
        "",
        "noise ten times as wide as the data on all that the critic is shown",
        "pacgan-ring-gan",
        {**RING, "game.tricks.instance_noise": 20.0, "game.tricks.noise_rounds": 1_000_000},
        data="ring-wide",
    ),
)

_CONDITION = of_condition(
    "ignored-condition",
    Case(
        "class-unseen",
        "",
        "a critic that is not shown the class",
        "digits",
        {**DIGITS, "game.networks.critic_condition": "none"},
        steps=700,
        every=25,
    ),
    Case(
        "class-shuffled",
        "",
        "digits with each other's labels",
        "digits",
        DIGITS,
        data="shuffled-digits",
        steps=200,
        every=20,
        also=("data-labels",),
        why="then the data are at fault.",
    ),
    Case(
        "class-unasked",
        "",
        "a class term of weight zero, so that nobody asks the generator to obey",
        "acgan-mnist",
        {
            **DIGITS,
            "game.class_weight": 0.0,
            "game.r1": 0.1,
            "game.networks.critic_norm": "none",
            "game.features": 32,
            "data.source": "digits",
        },
        steps=1400,
        every=50,
    ),
    Case(
        "class-drawn",
        "",
        "larger digits with labels that were drawn by lot",
        "mnist",
        {**DIGITS, "game.networks.width": 4},
        data="shuffled-mnist",
        steps=120,
        every=12,
        also=("data-labels",),
        why="then the data are at fault.",
    ),
)

CASES = (*_OVERFIT, *_WEAK, *_CONDITION)
"""Every cause, two of four of them held."""
