"""Critics that are sure in vast ways, judged once and looked at since."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.next_games import FLAT_NETS
from counterplay.recipes.doctor_bench.settings import DENSE
from counterplay.recipes.doctor_bench.sick_games import DIGITS, R1, RING, both
from counterplay.recipes.doctor_bench.vast_games import coming
from counterplay.recipes.doctor_bench.wide_games import FAIR, HOURS, QUICK

__all__ = ["BARE", "CASES"]

SURE = {"game.critic.lr": 5e-3, "game.critic_steps": 4, "game.generator.lr": 3e-5}
"""A critic that is much faster."""
BARE = {"game.networks.critic_norm": "none"}

_VANISHING = coming(
    "vanishing-gradient",
    Case(
        "vast-sure-of-seeds",
        "",
        "saturating costs on fourteen modes, before a wide critic of maxout units",
        "pacgan-ring-gan",
        {
            **RING,
            **SURE,
            "game.cost": "saturating",
            "game.networks.weights": "orthogonal",
            "game.networks.critic_activation": "maxout",
            "game.networks.critic_width": 48,
        },
        data="sunflower",
        **HOURS,
    ),
    Case(
        "vast-sure-of-clans",
        "",
        "the game as it is written down on 24 modes in eight dimensions, the critic 160 times as "
        "fast",
        "gan-ring",
        {**DENSE, **SURE, "game.cost": "gan", "game.latent": 8},
        data="clans",
        **HOURS,
    ),
    Case(
        "vast-sure-of-light",
        "",
        "the Jensen-Shannon divergence's costs on spectra by networks of the oldest kind",
        "gan-ring",
        {**DENSE, **SURE, "game.cost": "jensen_shannon", "game.latent": 10},
        data="spectra",
        **HOURS,
    ),
    Case(
        "vast-sure-of-flags",
        "",
        "saturating costs on flags in colour, before convolutions without a norm",
        "photos",
        {**DIGITS, **BARE, **SURE, "game.cost": "saturating"},
        data="flags",
        **QUICK,
    ),
    Case(
        "vast-sure-of-arrows",
        "",
        "arrows told where by a saturating cost, before convolutions that tell it a little",
        "acgan-mnist",
        {
            **DIGITS,
            **BARE,
            "game.features": 32,
            "game.cost": "saturating",
            "game.class_weight": 0.01,
            "game.critic.lr": 5e-3,
            "game.generator.lr": 3e-5,
        },
        data="arrows-told",
        **HOURS,
        also=("ignored-condition",),
        why="what hears nothing of its critic hears nothing of classes.",
    ),
    Case(
        "vast-sure-of-lamps",
        "",
        "lamps and a code by convolutions and saturating costs, the critic 160 times as fast",
        "infogan-mnist",
        {
            "data.batch": 32,
            "ema": 40.0,
            "game.networks.width": 8,
            **BARE,
            **both(betas=[0.5, 0.99]),
            "game.noise": 8,
            "game.hidden": 0,
            "game.features": 32,
            "game.cost": "saturating",
            "game.information": 0.01,
            "game.critic.lr": 5e-3,
            "game.generator.lr": 3e-5,
        },
        data="lamps",
        **QUICK,
    ),
    Case(
        "vast-sure-of-tides",
        "",
        "the game as it is written down on tides by simultaneous moves, a critic of three tanh "
        "layers",
        "pacgan-ring-gan",
        {
            **RING,
            **SURE,
            "dynamics.rule": "simultaneous",
            "game.cost": "gan",
            "game.latent": 8,
            "game.networks.critic_activation": "tanh",
            "game.networks.critic_width": 96,
            "game.networks.critic_depth": 3,
        },
        data="tides",
        **HOURS,
    ),
    Case(
        "vast-sure-of-quilts",
        "",
        "saturating costs on quilts by residual networks without norms, the penalties left out",
        "r3gan",
        {
            "data.batch": 24,
            "ema": 40.0,
            "game.latent": 8,
            "game.networks.width": 6,
            **both(betas=[0.0, 0.99]),
            **SURE,
            "game.cost": "saturating",
            "game.r1": 0.0,
            "game.r2": 0.0,
        },
        data="quilts",
        **{**QUICK, "steps": 200, "every": 10, "proof": 300},
    ),
    Case(
        "vast-sure-of-signals",
        "",
        "64 modes by saturating costs and RMSprop, before a leaky critic of three layers",
        "pacgan-ring-gan",
        {
            **RING,
            **both(rule="rmsprop"),
            **SURE,
            "game.cost": "saturating",
            "game.latent": 6,
            "game.networks.weights": "normal",
            "game.networks.critic_activation": "leaky",
            "game.networks.critic_width": 64,
            "game.networks.critic_depth": 3,
        },
        data="switchboard",
        **HOURS,
    ),
    Case(
        "vast-sure-of-parts",
        "",
        "coloured shapes by parts of the latent and saturating costs, the penalties left out",
        "shapes-parted",
        {
            "data.size": 8,
            "data.batch": 24,
            "ema": 40.0,
            "game.latent": 6,
            "game.networks.width": 8,
            **SURE,
            "game.cost": "saturating",
            "game.r1": 0.0,
            "game.r2": 0.0,
        },
        **QUICK,
    ),
    Case(
        "vast-sure-of-packs",
        "",
        "ten modes in packs of four by saturating costs, before a critic that sees whole packs",
        "pacgan-ring-gan",
        {
            **RING,
            **SURE,
            "game.pack": 4,
            "game.cost": "saturating",
            "game.networks.weights": "orthogonal",
            "game.networks.critic_width": 96,
        },
        data="rungs",
        **HOURS,
    ),
    Case(
        "vast-sure-late",
        "",
        "a saturating game of a prism, healthy until R1 is dropped and the critic is wound up",
        "pacgan-ring-gan",
        {**RING, **R1, "game.latent": 4, "game.cost": "saturating"},
        after=200,
        late={**SURE, "game.r1": 0.0, "game.critic.lr": 1e-2},
        data="prism",
        steps=600,
        proof=900,
    ),
    Case(
        "vast-sure-late-of-arrows",
        "",
        "arrows by the game as it is written down, healthy until the critic goes on alone",
        "photos",
        {**FLAT_NETS, **R1, **FAIR, "game.cost": "gan"},
        after=100,
        late={**SURE, "game.r1": 0.0},
        data="arrows",
        steps=500,
        every=20,
        proof=750,
    ),
)

CASES = _VANISHING
"""Thirteen causes."""
