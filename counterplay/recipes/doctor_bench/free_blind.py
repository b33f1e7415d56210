"""Critics that see too little in free ways, judged once and looked at since."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.free_sure import BARE
from counterplay.recipes.doctor_bench.healthy_games import PAIRED
from counterplay.recipes.doctor_bench.next_critics import STYLED
from counterplay.recipes.doctor_bench.next_games import FLAT_NETS
from counterplay.recipes.doctor_bench.settings import BLOCKS, DENSE
from counterplay.recipes.doctor_bench.sick_games import BLIND, DIGITS, FLAT, R1, RING, both
from counterplay.recipes.doctor_bench.vast_games import coming
from counterplay.recipes.doctor_bench.wide_critics import PACKED
from counterplay.recipes.doctor_bench.wide_games import FAIR, HOURS, PAIRS, QUICK

__all__ = ["CASES"]

_WEAK = coming(
    BLIND,
    Case(
        "free-frozen-styles",
        "",
        "kites by styles before a critic whose rate has seven zeros too many",
        "style-32",
        {**STYLED, "data.batch": 32, "game.critic.lr": 1e-10},
        data="kites",
        **QUICK,
    ),
    Case(
        "free-eps-of-blocks",
        "",
        "signs by residual networks, an eps of 10,000,000 in the critic's Adam",
        "sngan",
        {**BLOCKS, "game.critic.eps": 1e7},
        data="signs",
        **QUICK,
    ),
    Case(
        "free-coin-of-engines",
        "",
        "engines by hinge costs and networks of the oldest kind that are taught by a coin",
        "gan-ring",
        {**DENSE, "game.cost": "hinge", "game.latent": 8, "game.tricks.flips": 0.5},
        data="engines",
        **HOURS,
    ),
    Case(
        "free-eps-of-fields",
        "",
        "packs of fields of a harvest, an eps of 100,000,000 in the critic's Adam",
        "gan-mixed",
        {**PACKED, "game.critic.eps": 1e8, "game.generator.lr": 2e-3},
        data="harvests-1500",
        **QUICK,
    ),
    Case(
        "free-frozen-categories",
        "",
        "digits before a classifier of sure verdicts that never moves",
        "catgan-mnist",
        {
            "data.source": "digits",
            "data.batch": 50,
            "data.few": 10,
            "ema": 40.0,
            "game.networks.width": 64,
            "game.networks.generator_width": 64,
            "game.latent": 16,
            "game.critic.lr": 1e-10,
        },
        steps=300,
        every=15,
        proof=450,
        also=("ignored-condition",),
        why="who never learns the classes cannot tell them.",
    ),
    Case(
        "free-flat-there",
        "",
        "panes by hinge costs before a critic that pays a million for any slope at what is made",
        "photos",
        {**FLAT_NETS, **FAIR, "game.cost": "hinge", "game.r2": 1e6},
        data="panes",
        **HOURS,
        **FLAT,
    ),
    Case(
        "free-clipped-engines",
        "",
        "engines by least squares before a critic whose weights are clipped at 0.00001",
        "pacgan-ring-gan",
        {
            **RING,
            "game.cost": "least_squares",
            "game.latent": 8,
            "game.clip": 1e-5,
            **both(rule="rmsprop"),
        },
        data="engines",
        **HOURS,
        **FLAT,
    ),
    Case(
        "free-foggy-quarters",
        "",
        "lit quarters in a fog forty times as wide as the picture is bright, which never lifts",
        "photos",
        {
            **FLAT_NETS,
            **FAIR,
            "game.tricks.instance_noise": 40.0,
            "game.tricks.noise_rounds": 1_000_000,
        },
        data="quarters",
        **HOURS,
        **FLAT,
    ),
    Case(
        "free-alike-broths",
        "",
        "broths whose critic is taught one half of real and of made ones alike",
        "pacgan-ring-gan",
        {
            **RING,
            "game.latent": 8,
            "game.networks.critic_activation": "leaky",
            "game.tricks.real_label": 0.5,
            "game.tricks.fake_label": 0.5,
        },
        data="broths",
        **HOURS,
    ),
    Case(
        "free-crawling-reader",
        "",
        "signs and a code before convolutions by plain descent at 0.00000001",
        "infogan-mnist",
        {
            "data.batch": 32,
            "ema": 40.0,
            **BARE,
            "game.networks.width": 8,
            "game.noise": 8,
            "game.hidden": 0,
            "game.features": 32,
            **FAIR,
            "game.critic.rule": "sgd",
            "game.critic.betas": [0.0, 0.99],
            "game.critic.lr": 1e-8,
        },
        data="signs",
        **QUICK,
    ),
    Case(
        "free-eps-of-pairs",
        "",
        "lit quarters and an encoder that draws, an eps of 100,000,000 in the critic's Adam",
        "bigan-mnist",
        {**PAIRS, "game.posterior": "drawn", "game.critic.eps": 1e8},
        data="quarters",
        **HOURS,
    ),
    Case(
        "free-asleep-late",
        "",
        "four corners in space, healthy until the critic sleeps and the generator is at 0.01",
        "pacgan-ring-gan",
        {**RING, **PAIRED, "game.latent": 4, "game.networks.width": 48},
        after=300,
        late={"game.critic.lr": 1e-12, "game.generator.lr": 1e-2},
        data="tetra",
        steps=700,
        proof=1050,
    ),
    Case(
        "free-eps-late",
        "",
        "signs by convolutions, healthy until the critic's eps is 10,000,000 and its rival fast",
        "photos",
        {**DIGITS, **R1, **BARE},
        after=120,
        late={"game.critic.eps": 1e7, "game.generator.lr": 1e-2},
        data="signs",
        steps=400,
        every=16,
        proof=600,
    ),
)

CASES = _WEAK
"""Thirteen causes."""
