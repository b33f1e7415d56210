"""Critics that see too little in vast ways, judged once and looked at since."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.next_games import FLAT_NETS, MODERN
from counterplay.recipes.doctor_bench.settings import DENSE, HEADS, TABLE
from counterplay.recipes.doctor_bench.sick_games import BLIND, DIGITS, FLAT, R1, RING
from counterplay.recipes.doctor_bench.vast_games import coming
from counterplay.recipes.doctor_bench.vast_sure import BARE
from counterplay.recipes.doctor_bench.wide_critics import GROWN
from counterplay.recipes.doctor_bench.wide_games import FAIR, HOURS, PYRAMID, QUICK

__all__ = ["CASES"]

_WEAK = coming(
    BLIND,
    Case(
        "vast-frozen-pyramid",
        "",
        "quilts by a pyramid of games whose critics stand still",
        "lapgan-mnist",
        {**PYRAMID, "game.critic.lr": 1e-10, "game.generator.lr": 2e-3},
        data="quilts",
        **QUICK,
    ),
    Case(
        "vast-flat-modern",
        "",
        "flags by residual networks without norms, both penalties of weight 1,000,000",
        "r3gan",
        {**MODERN, "game.r1": 1e6, "game.r2": 1e6},
        data="flags",
        **{**QUICK, "steps": 200, "every": 10, "proof": 300},
        **FLAT,
    ),
    Case(
        "vast-too-consistent",
        "",
        "arrows before a critic that pays a million for telling a picture from its shifted self",
        "photos",
        {**FLAT_NETS, **FAIR, "game.penalties.consistency": 1e6},
        data="arrows",
        **HOURS,
        **FLAT,
    ),
    Case(
        "vast-foggy-clans",
        "",
        "24 modes in eight dimensions by hinge costs, in a fog fifteen times as wide as they are",
        "pacgan-ring-gan",
        {
            **RING,
            "game.cost": "hinge",
            "game.latent": 8,
            "game.tricks.instance_noise": 15.0,
            "game.tricks.noise_rounds": 1_000_000,
        },
        data="clans",
        **HOURS,
        **FLAT,
    ),
    Case(
        "vast-eps-of-light",
        "",
        "spectra before a critic by RMSprop whose eps is 10,000",
        "gan-ring",
        {**DENSE, "game.latent": 8, "game.critic.rule": "rmsprop", "game.critic.eps": 1e4},
        data="spectra",
        **HOURS,
    ),
    Case(
        "vast-crawling-tides",
        "",
        "tides by a gradient penalty, the critic by plain descent at 0.0000001",
        "table",
        {
            **TABLE,
            "ema": 40.0,
            "game.critic.rule": "sgd",
            "game.critic.betas": [0.0, 0.99],
            "game.critic.lr": 1e-7,
        },
        data="tides",
        **HOURS,
    ),
    Case(
        "vast-taught-alike",
        "",
        "nineteen modes whose critic is taught 0.7 of real and of made ones alike",
        "pacgan-ring-gan",
        {**RING, "game.latent": 4, "game.tricks.real_label": 0.7, "game.tricks.fake_label": 0.7},
        data="honeycomb",
        **HOURS,
    ),
    Case(
        "vast-coin-of-lamps",
        "",
        "lamps by hinge costs and convolutions that are taught by a coin",
        "photos",
        {**DIGITS, **BARE, "game.cost": "hinge", "game.tricks.flips": 0.5},
        data="lamps",
        **QUICK,
    ),
    Case(
        "vast-thread",
        "",
        "64 modes before a critic of nine tanh layers of one unit, which begin near zero",
        "pacgan-ring-gan",
        {
            **RING,
            "game.latent": 6,
            "game.networks.weights": "normal",
            "game.networks.critic_activation": "tanh",
            "game.networks.critic_width": 1,
            "game.networks.critic_depth": 9,
        },
        data="switchboard",
        **HOURS,
        **FLAT,
    ),
    Case(
        "vast-frozen-heads",
        "",
        "flags told the middle stripe before a critic and a classifier that never move",
        "acgan-mnist",
        {**HEADS, "game.critic.lr": 1e-10},
        data="flags-told",
        **HOURS,
        also=("ignored-condition",),
        why="who never learns the classes cannot ask for them.",
    ),
    Case(
        "vast-eps-of-growth",
        "",
        "digits by networks that grow, an eps of 10,000,000 in the critic's Adam",
        "progressive-32",
        {**GROWN, "data.source": "digits", "game.critic.eps": 1e7},
        **QUICK,
    ),
    Case(
        "vast-coin-late",
        "",
        "arrows by R1, healthy until a coin teaches the critic and the generator is ten times as "
        "fast",
        "photos",
        {**FLAT_NETS, **R1, **FAIR},
        after=150,
        late={"game.tricks.flips": 0.5, "game.generator.lr": 1e-2},
        data="arrows",
        steps=500,
        every=20,
        proof=750,
    ),
    Case(
        "vast-fog-late",
        "",
        "ten ends of rungs, healthy until a fog falls and the generator is ten times as fast",
        "pacgan-ring-gan",
        {
            **RING,
            **R1,
            "game.latent": 4,
            "game.tricks.instance_noise": 1e-6,
            "game.tricks.noise_rounds": 1_000_000,
        },
        after=200,
        late={"game.tricks.instance_noise": 20.0, "game.generator.lr": 1e-2},
        data="rungs",
        steps=600,
        proof=900,
        **FLAT,
    ),
)

CASES = _WEAK
"""Thirteen causes."""
