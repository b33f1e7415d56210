"""Critics and rates that ruin a game in ways that were judged once and looked at since."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.fresh_games import CLOTHES
from counterplay.recipes.doctor_bench.held_games import TABLE
from counterplay.recipes.doctor_bench.last_games import BLOCKS, last
from counterplay.recipes.doctor_bench.sick_games import BLIND, DIGITS, FLAT, RING, both

__all__ = ["CASES"]

_OVERFIT = last(
    "critic-overfitting",
    Case(
        "last-few-players",
        "",
        "48 players of a game by hinge costs, and a wide critic of four moves",
        "pacgan-ring-gan",
        {
            **RING,
            "data.batch": 24,
            "game.latent": 8,
            "game.cost": "hinge",
            "game.networks.critic_width": 128,
            "game.critic_steps": 4,
        },
        data="skillcraft-48",
        steps=400,
        every=20,
    ),
    Case(
        "last-few-told",
        "",
        "48 larger digits, told the class, and a residual critic without a norm",
        "sngan",
        {
            **BLOCKS,
            "data.batch": 24,
            "game.networks.critic_norm": "none",
            "game.networks.critic_width": 16,
            "game.critic_steps": 2,
        },
        data="mnist-48-told",
        steps=240,
        every=12,
    ),
    Case(
        "last-few-classed",
        "",
        "56 pieces of clothing, and a critic that tells their classes as well",
        "acgan-mnist",
        {
            **DIGITS,
            "data.batch": 28,
            "game.networks.critic_norm": "none",
            "game.networks.critic_width": 16,
            "game.features": 64,
        },
        data="fashion-56-told",
        steps=300,
        every=15,
    ),
)

_WEAK = last(
    BLIND,
    Case(
        "last-undecided",
        "",
        "a critic that is taught one half of real and of generated examples alike",
        "pacgan-ring-gan",
        {**RING, "game.tricks.real_label": 0.5, "game.tricks.fake_label": 0.5},
        data="star",
        steps=500,
        proof=750,
    ),
    Case(
        "last-clipped",
        "",
        "nine columns by Wasserstein's costs with weights clipped at 0.0002",
        "pacgan-ring-gan",
        {
            **RING,
            "game.latent": 8,
            "game.cost": "wasserstein",
            "game.clip": 2e-4,
            **both(lr=1e-3, rule="rmsprop"),
        },
        data="energy-500",
        steps=500,
        proof=750,
        **FLAT,
    ),
    Case(
        "last-crawling",
        "",
        "black digits before a critic that goes down by plain descent at 1e-6",
        "mnist",
        {**CLOTHES, "game.critic.rule": "sgd", "game.critic.lr": 1e-6},
        data="mnist-negative",
        steps=300,
        every=15,
        proof=450,
    ),
)

_CONDITION = last(
    "ignored-condition",
    Case(
        "last-untold",
        "",
        "digits by a gradient penalty, before a critic that is not shown the class",
        "digits-wgan-gp",
        {
            "data.batch": 32,
            "ema": 40.0,
            "game.conditional": True,
            "game.networks.width": 8,
            "game.networks.critic_condition": "none",
            "game.critic_steps": 2,
            **both(lr=1e-3, betas=[0.0, 0.9]),
        },
        steps=400,
        every=20,
        proof=600,
    ),
    Case(
        "last-any-digit",
        "",
        "larger digits by hinge costs and group norm, before a critic that is not shown the class",
        "mnist",
        {
            **DIGITS,
            "game.cost": "hinge",
            "game.networks.critic_norm": "group",
            "game.networks.critic_condition": "none",
        },
        data="mnist-1000",
        steps=400,
        every=20,
        proof=600,
    ),
    Case(
        "last-any-shirt",
        "",
        "clothes, and a class term of a ten-thousandth of its weight",
        "acgan-mnist",
        {
            **DIGITS,
            "game.class_weight": 1e-4,
            "game.r1": 0.1,
            "game.networks.critic_norm": "none",
            "game.features": 32,
        },
        data="fashion-1000",
        steps=400,
        every=20,
        proof=600,
    ),
)

_FAST = last(
    "rate-too-high",
    Case(
        "last-fast-blocks",
        "",
        "residual networks at 0.1 on clothes",
        "sngan",
        {**BLOCKS, "game.networks.critic_norm": "none", **both(lr=0.1)},
        data="fashion-plain",
        steps=200,
        every=10,
        proof=300,
    ),
    Case(
        "last-fast-buildings",
        "",
        "a gradient penalty on nine columns by RMSprop at 0.3",
        "table",
        {**TABLE, "game.penalty": 0.1, "ema": 40.0, **both(lr=0.3, rule="rmsprop")},
        data="energy-500",
        steps=400,
        every=20,
        proof=600,
    ),
)

_SLOW = last(
    "rate-too-low",
    Case(
        "last-slow-blocks",
        "",
        "residual networks at 2e-9 on larger digits",
        "sngan",
        {**BLOCKS, **both(lr=2e-9)},
        data="mnist-unlabelled",
        steps=200,
        every=10,
    ),
)

CASES = (*_OVERFIT, *_WEAK, *_CONDITION, *_FAST, *_SLOW)
"""Three causes of each condition, some of them in the models' file."""
