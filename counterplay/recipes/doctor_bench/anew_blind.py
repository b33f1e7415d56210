"""Critics that see too little in new ways, judged once and looked at since."""

from __future__ import annotations

from functools import partial

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.next_games import CODED, FLAT_NETS, MODERN
from counterplay.recipes.doctor_bench.settings import DENSE, HEADS, TOLD
from counterplay.recipes.doctor_bench.sick_games import BLIND, FLAT, R1, RING, both
from counterplay.recipes.doctor_bench.wide_critics import GROWN
from counterplay.recipes.doctor_bench.wide_games import FAIR, HOURS, PAIRS, QUICK

__all__ = ["CASES"]

coming = partial(of_condition, halves=("seen",))

CASES = coming(
    BLIND,
    Case(
        "anew-slope-alone",
        "",
        "a tyre in space before a critic that pays ten million for any slope but 1",
        "plane",
        {
            "data.batch": 64,
            "ema": 40.0,
            "game.latent": 4,
            "game.networks.width": 32,
            "game.networks.depth": 2,
            "game.critic_steps": 1,
            "game.penalty": 1e7,
            **both(lr=1e-3, betas=[0.5, 0.9]),
        },
        data="torus",
        **HOURS,
    ),
    Case(
        "anew-slope-near-data",
        "",
        "fourteen seeds of a sunflower by DRAGAN's penalty of weight 10,000,000",
        "pacgan-ring-gan",
        {**RING, "game.latent": 4, "game.penalties.dragan": 1e7},
        data="sunflower",
        **HOURS,
    ),
    Case(
        "anew-one-feature",
        "",
        "eight ends of four axes, only the mean of a critic's single feature to be matched",
        "pacgan-ring-gan",
        {
            **RING,
            "game.latent": 6,
            "game.tricks.match_features": True,
            "game.networks.critic_width": 1,
            "game.networks.critic_depth": 1,
        },
        data="orthoplex-four",
        **HOURS,
    ),
    Case(
        "anew-thread-of-bows",
        "",
        "rainbows by residual networks without norms, the critic of one channel and hardly moving",
        "r3gan",
        {**MODERN, "game.networks.critic_width": 1, "game.critic.lr": 1e-6},
        data="rain-bows",
        **{**QUICK, "steps": 200, "every": 10, "proof": 300},
    ),
    Case(
        "anew-grown-slope",
        "",
        "pennants by networks that grow, a gradient penalty of weight 100,000,000",
        "progressive-32",
        {**GROWN, "game.penalty": 1e8},
        data="pennants",
        **QUICK,
    ),
    Case(
        "anew-narrow-pair",
        "",
        "shades and an encoder, the pairs seen through a single unit",
        "bigan-mnist",
        {**PAIRS, "game.features": 1},
        data="shades",
        **HOURS,
    ),
    Case(
        "anew-narrow-trunk",
        "",
        "stairs told which, whose critic and classifier stand on a single unit",
        "acgan-mnist",
        {**HEADS, "game.features": 1},
        data="stair-ways-told",
        **HOURS,
        also=("ignored-condition",),
        why="who cannot see the classes cannot ask for them.",
    ),
    Case(
        "anew-warped",
        "",
        "five crosses and a code, turned, sheared and stretched past recognition when looked at",
        "infogan-mnist",
        {
            **CODED,
            "game.warp.degrees": 180.0,
            "game.warp.shear": 6.0,
            "game.warp.stretch": 3.0,
        },
        data="five-crosses",
        **HOURS,
    ),
    Case(
        "anew-told-asleep",
        "",
        "leaves told of which tree, two moves at 0.0000000001 of the critic to one",
        "table",
        {**TOLD, "game.critic.lr": 1e-10},
        data="leaf-sizes-told",
        **HOURS,
        also=("ignored-condition",),
        why="who never learns the classes cannot ask for them.",
    ),
    Case(
        "anew-clipped-kl",
        "",
        "the heat of ovens by the bound of KL and weights clipped at 0.00001",
        "gan-ring",
        {**DENSE, "game.cost": "kl", "game.latent": 8, "game.clip": 1e-5},
        data="oven-heat",
        **HOURS,
        **FLAT,
    ),
    Case(
        "anew-slope-late",
        "",
        "bows of stone, healthy until a two-sided penalty of ten million and a fast generator",
        "photos",
        {**FLAT_NETS, **FAIR, **R1},
        after=150,
        late={"game.penalties.gradient": 1e7, "game.generator.lr": 1e-2},
        data="stone-bridges",
        steps=500,
        every=20,
        proof=750,
    ),
    Case(
        "anew-flat-reader",
        "",
        "waves of grey and a code by paired costs, R1 of 10,000,000",
        "infogan-mnist",
        {**CODED, "game.cost": "relativistic", "game.r1": 1e7},
        data="gratings",
        **HOURS,
        **FLAT,
    ),
)
"""Twelve causes."""
