"""Games made sick in vast ways, judged once and looked at since."""

from __future__ import annotations

from functools import partial
from typing import Any

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.healthy_games import PAIRED
from counterplay.recipes.doctor_bench.next_games import CODED, FLAT_NETS
from counterplay.recipes.doctor_bench.sick_games import BLIND, DIGITS, R1, RING, both
from counterplay.recipes.doctor_bench.wide_critics import PACKED
from counterplay.recipes.doctor_bench.wide_games import (
    FAIR,
    HOURS,
    OUTRUN,
    PAIRS,
    QUICK,
    RUN,
    STILL,
)

__all__ = ["CASES", "coming"]

coming = partial(of_condition, halves=("seen",))

CHAIN = {
    "game.networks.width": 1,
    "game.networks.depth": 10,
    "game.networks.critic_width": 32,
    "game.networks.critic_depth": 2,
}
"""A generator of layers of one unit each, of which the first that is dead stops every latent."""
DEAD: dict[str, Any] = {
    "also": ("vanishing-gradient",),
    "why": "through units that are dead comes neither a latent nor a gradient.",
}

_COLLAPSE = coming(
    "mode-collapse",
    Case(
        "vast-one-flag",
        "",
        "flags in colour by least squares, the generator at 0.1 and the critic at 0.00001",
        "photos",
        {**FLAT_NETS, "game.cost": "least_squares", **FAIR, **RUN, "game.generator.lr": 0.1},
        data="flags",
        **HOURS,
        **OUTRUN,
    ),
    Case(
        "vast-one-arrow",
        "",
        "arrows by paired costs and a code that hardly weighs, its rates in each other's places",
        "infogan-mnist",
        {**CODED, "game.cost": "relativistic", "game.information": 1e-5, **RUN},
        data="arrows",
        **HOURS,
        **OUTRUN,
    ),
    Case(
        "vast-one-seed",
        "",
        "fourteen modes by a generator of ten layers of a single unit each",
        "pacgan-ring-gan",
        {**RING, **R1, **CHAIN},
        data="sunflower",
        **HOURS,
        **DEAD,
    ),
    Case(
        "vast-one-tide",
        "",
        "tides by Wasserstein's costs and a one-sided penalty, twelve layers of one unit",
        "pacgan-ring-gan",
        {
            **RING,
            **CHAIN,
            "game.networks.depth": 12,
            "game.latent": 8,
            "game.cost": "wasserstein",
            "game.penalties.one_sided": 1.0,
            "game.critic_steps": 2,
        },
        data="tides",
        **HOURS,
        **DEAD,
    ),
    Case(
        "vast-one-corner",
        "",
        "a prism by paired costs and fourteen layers of tanh units that begin near zero",
        "pacgan-ring-gan",
        {
            **RING,
            **PAIRED,
            "game.networks.width": 16,
            "game.networks.depth": 14,
            "game.networks.critic_width": 32,
            "game.networks.critic_depth": 2,
            "game.networks.activation": "tanh",
            "game.networks.weights": "normal",
            "game.generator.lr": 1e-4,
        },
        data="prism",
        **HOURS,
        also=("vanishing-gradient", "rate-too-low"),
        why="what comes through fourteen such layers is next to nothing, either way.",
    ),
    Case(
        "vast-one-outline",
        "",
        "a heart from weights near zero, the generator by plain descent at 0.0000001",
        "pacgan-ring-gan",
        {
            **RING,
            "game.latent": 3,
            "game.networks.weights": "normal",
            "game.generator.rule": "sgd",
            "game.generator.betas": [0.0, 0.99],
            "game.generator.lr": 1e-7,
        },
        data="heart",
        **HOURS,
        **STILL,
    ),
    Case(
        "vast-one-quilt",
        "",
        "quilts by convolutions without a norm, whose weights begin near zero and never move",
        "photos",
        {
            **DIGITS,
            "game.networks.critic_norm": "none",
            "game.networks.generator_norm": "none",
            "game.generator.lr": 1e-9,
        },
        data="quilts",
        **HOURS,
        **STILL,
    ),
    Case(
        "vast-one-lamp",
        "",
        "lamps by convolutions without a norm and RMSprop, the generator 5,000 times as fast",
        "photos",
        {
            **DIGITS,
            "game.cost": "hinge",
            "game.networks.critic_norm": "none",
            "game.networks.generator_norm": "none",
            **both(rule="rmsprop"),
            **RUN,
        },
        data="lamps",
        **QUICK,
        **OUTRUN,
    ),
    Case(
        "vast-one-told",
        "",
        "flags told the middle stripe by the game as it is written down, the generator at 0.1",
        "digits",
        {
            **FLAT_NETS,
            **FAIR,
            "game.cost": "gan",
            "game.generator.lr": 0.1,
            "game.critic.lr": 1e-6,
        },
        data="flags-told",
        **HOURS,
        also=(BLIND, "rate-too-high", "ignored-condition", "vanishing-gradient"),
        why="the rate drives it to one corner, whatever class is asked for, and there it stays.",
    ),
    Case(
        "vast-one-drawn",
        "",
        "quilts and an encoder that draws, by paired costs, the coder 5,000 times as fast",
        "bigan-mnist",
        {
            **PAIRS,
            "game.cost": "relativistic",
            "game.posterior": "drawn",
            "game.coder.lr": 5e-2,
            "game.critic.lr": 1e-5,
        },
        data="quilts",
        **HOURS,
        **OUTRUN,
    ),
    Case(
        "vast-one-decoder",
        "",
        "digits by a VAE whose decoder hears a frozen critic alone and moves at 0.1",
        "vae-gan-digits",
        {
            "data.batch": 32,
            "game.latent": 8,
            "game.networks": {"type": "mlp", "width": 64, "depth": 2},
            "game.gamma": 0.0,
            "game.decoder.lr": 0.1,
            "game.critic.lr": 1e-6,
        },
        **HOURS,
        also=(BLIND, "rate-too-high", "posterior-collapse"),
        why="the rate drives it to one corner, which is one picture of all latents.",
    ),
    Case(
        "vast-one-flat-to-let",
        "",
        "packs of flats to let, healthy until the two rates change places and one grows",
        "gan-mixed",
        PACKED,
        after=120,
        late=RUN,
        data="rentals-1500",
        steps=300,
        every=12,
        proof=450,
        **OUTRUN,
    ),
    Case(
        "vast-one-late",
        "",
        "arrows by paired costs, healthy until the critic stops and the generator is at 0.05",
        "photos",
        {**FLAT_NETS, **PAIRED, **FAIR},
        after=200,
        late={"game.critic.lr": 1e-10, "game.generator.lr": 5e-2},
        data="arrows",
        steps=500,
        every=20,
        proof=750,
        **OUTRUN,
    ),
)

CASES = _COLLAPSE
"""Thirteen causes; those of other conditions are in files of their own."""
