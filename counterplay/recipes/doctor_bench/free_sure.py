"""Critics that are sure in free ways, which nobody has looked at, to be judged once."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.free_games import coming
from counterplay.recipes.doctor_bench.next_games import CODED, FLAT_NETS, MODERN
from counterplay.recipes.doctor_bench.settings import BLOCKS, DENSE
from counterplay.recipes.doctor_bench.sick_games import DIGITS, R1, RING, both
from counterplay.recipes.doctor_bench.wide_games import FAIR, HOURS, QUICK

__all__ = ["CASES"]

SURE: dict[str, Any] = {
    "game.critic.lr": 6e-3,
    "game.critic_steps": 4,
    "game.generator.lr": 2e-5,
}
"""A critic that is three hundred times as fast."""
MEEK: dict[str, Any] = {
    "game.critic.lr": 6e-3,
    "game.critic_steps": 4,
    "game.generator.rule": "sgd",
    "game.generator.betas": [0.0, 0.99],
    "game.generator.lr": 5e-3,
}
"""The same, and a generator by plain descent, whose moves are as small as its gradient."""
BARE = {"game.networks.critic_norm": "none"}
NO_CLASS: dict[str, Any] = {
    "also": ("ignored-condition",),
    "why": "what hears nothing of its critic hears nothing of classes.",
}

_VANISHING = coming(
    "vanishing-gradient",
    Case(
        "free-sure-of-engines",
        "",
        "saturating costs on four kinds of engines, the generator by plain descent",
        "pacgan-ring-gan",
        {
            **RING,
            **MEEK,
            "game.cost": "saturating",
            "game.latent": 8,
            "game.networks.critic_activation": "leaky",
            "game.networks.critic_width": 64,
        },
        data="engines",
        **HOURS,
    ),
    Case(
        "free-sure-of-gaits",
        "",
        "the game as it is written down on gaits, the generator by plain descent at 0.005",
        "gan-ring",
        {**DENSE, **MEEK, "game.cost": "gan", "game.latent": 8, "game.networks.width": 64},
        data="gaits",
        **HOURS,
    ),
    Case(
        "free-sure-of-ripples",
        "",
        "saturating costs on heights of waves, before maxout units that begin orthogonal",
        "pacgan-ring-gan",
        {
            **RING,
            **SURE,
            "game.cost": "saturating",
            "game.latent": 8,
            "game.networks.weights": "orthogonal",
            "game.networks.critic_activation": "maxout",
            "game.networks.critic_width": 64,
        },
        data="ripples",
        **HOURS,
    ),
    Case(
        "free-sure-of-signs",
        "",
        "saturating costs on signs, before convolutions with group norm, resized ones behind them",
        "photos",
        {
            **DIGITS,
            **SURE,
            "game.cost": "saturating",
            "game.networks.upsample": "resize",
            "game.networks.critic_norm": "group",
            "game.networks.critic_width": 16,
        },
        data="signs",
        **QUICK,
    ),
    Case(
        "free-sure-of-kites",
        "",
        "the game as it is written down on kites, fully connected, the critic by RMSprop",
        "photos",
        {**FLAT_NETS, **FAIR, **SURE, "game.cost": "gan", "game.critic.rule": "rmsprop"},
        data="kites",
        **HOURS,
    ),
    Case(
        "free-sure-of-quarters",
        "",
        "saturating costs on lit quarters by the small convolutions of Metz et al. (2017), undone",
        "photos",
        {
            "data.batch": 32,
            "ema": 40.0,
            "game.latent": 8,
            "game.networks": {
                "type": "tiny",
                "width": 8,
                "critic_width": 12,
                "critic_norm": "none",
            },
            **FAIR,
            **SURE,
            "game.cost": "saturating",
        },
        data="quarters",
        **QUICK,
    ),
    Case(
        "free-sure-of-told-signs",
        "",
        "signs told which by a saturating cost, before planes of the class beside the picture",
        "cgan-mnist",
        {**DIGITS, **BARE, **SURE, "game.networks.inner": 0, "game.cost": "saturating"},
        data="signs-told",
        **QUICK,
        **NO_CLASS,
    ),
    Case(
        "free-sure-of-codes",
        "",
        "lit quarters and a code by fully connected networks and saturating costs, without R1",
        "infogan-mnist",
        {
            **CODED,
            "game.cost": "saturating",
            "game.information": 0.01,
            "game.critic.lr": 6e-3,
            "game.generator.lr": 2e-5,
        },
        data="quarters",
        **HOURS,
    ),
    Case(
        "free-sure-of-panes",
        "",
        "the game as it is written down on nine panes by residual networks without norms",
        "r3gan",
        {**MODERN, **SURE, "game.cost": "gan", "game.r1": 0.0, "game.r2": 0.0},
        data="panes",
        **{**QUICK, "steps": 200, "every": 10, "proof": 300},
    ),
    Case(
        "free-sure-of-blocks",
        "",
        "saturating costs on kites by residual networks, the critic of which has no norm",
        "sngan",
        {
            **BLOCKS,
            **BARE,
            **SURE,
            "game.cost": "saturating",
            "game.networks.critic_width": 12,
        },
        data="kites",
        **{**QUICK, "steps": 200, "every": 10, "proof": 300},
    ),
    Case(
        "free-sure-of-told-kites",
        "",
        "kites told a colour by the game as it is written down, before a projection without a norm",
        "cgan-projection-mnist",
        {**DIGITS, **BARE, **SURE, "game.networks.inner": 0, "game.cost": "gan"},
        data="kites-told",
        **QUICK,
        **NO_CLASS,
    ),
    Case(
        "free-sure-late-of-engines",
        "",
        "a saturating game of engines, healthy until R1 is dropped and the critic is wound up",
        "pacgan-ring-gan",
        {**RING, **R1, "game.latent": 8, "game.cost": "saturating"},
        after=200,
        late={**SURE, "game.r1": 0.0, "game.critic.lr": 1e-2, "game.critic_steps": 5},
        data="engines",
        steps=600,
        proof=900,
    ),
    Case(
        "free-sure-late-of-signs",
        "",
        "a saturating game of signs, healthy until R1 is dropped and the critic 400 times as fast",
        "photos",
        {**FLAT_NETS, **R1, **both(lr=1e-3, betas=[0.5, 0.99]), "game.cost": "saturating"},
        after=120,
        late={**SURE, "game.r1": 0.0, "game.generator.lr": 1e-5, "game.critic.lr": 4e-3},
        data="signs",
        steps=500,
        every=20,
        proof=750,
    ),
)

CASES = _VANISHING
"""Thirteen causes."""
