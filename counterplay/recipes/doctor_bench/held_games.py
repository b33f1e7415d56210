"""Games made sick in yet other ways: held once, judged once, and looked at since."""

from __future__ import annotations

from functools import partial

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.sick_games import BLIND, DIGITS, R1, RING, both
from counterplay.recipes.doctor_bench.sick_models import WINE

__all__ = ["CASES", "PLAIN", "TABLE", "TOLD"]

held = partial(of_condition, halves=("seen",))

PLAIN = {**DIGITS, "game.conditional": False}
TABLE = {
    "data.batch": 32,
    "game.networks.width": 48,
    "game.networks.depth": 2,
    "game.latent": 8,
    **both(lr=1e-3),
}
TOLD = {
    **TABLE,
    "data.batch": 64,
    "game.penalty": 0.1,
    "ema": 40.0,
    "game.conditional": True,
    "game.critic_steps": 2,
}
"""Rows by a gradient penalty, told their class."""

_COLLAPSE = held(
    "mode-collapse",
    Case(
        "held-still-critic",
        "",
        "digits, and from round 120 on a critic that stands still before a fast generator",
        "digits",
        {**PLAIN, **R1, "game.networks.critic_norm": "none"},
        after=120,
        late={"game.critic.lr": 1e-9, "game.generator.lr": 1e-2},
        steps=400,
        every=20,
        also=(BLIND, "divergence"),
        why="one picture is what a critic that stands still likes best.",
    ),
    Case(
        "held-outrun",
        "",
        "paired costs without penalties on 25 modes, the generator fifty times as fast",
        "pacgan-grid-gan",
        {**RING, "game.cost": "relativistic", "game.generator.lr": 5e-2},
        data="grid-wide",
        steps=500,
        also=("partial-collapse", BLIND),
        why="what is left of the modes is one or two.",
    ),
)

_PARTIAL = held(
    "partial-collapse",
    Case(
        "held-line",
        "",
        "a generator of one latent and four units draws a line through 25 modes",
        "pacgan-grid-gan",
        {
            **RING,
            **R1,
            "game.latent": 1,
            "game.networks.width": 4,
            "game.networks.depth": 1,
            "game.networks.critic_width": 32,
            "game.networks.critic_depth": 2,
        },
        steps=700,
        every=25,
        data="grid-wide",
    ),
    Case(
        "held-dropped",
        "",
        "a healthy game on the ring whose generator becomes eight times as fast after 300 rounds",
        "pacgan-ring-gan",
        {**RING, "game.cost": "relativistic", "game.r1": 0.1, "game.r2": 0.1},
        after=300,
        late={"game.generator.lr": 8e-3, "game.critic.lr": 1e-4, "game.r1": 0.0, "game.r2": 0.0},
        steps=800,
        data="ring-wide",
        also=("oscillation", "divergence", BLIND),
        why="a critic that is so much slower is behind wherever it looks.",
    ),
)

_HOPPING = held(
    "mode-hopping",
    Case(
        "held-hop-plain",
        "",
        "the fast generator of Metz et al. (2017) by costs that do not saturate",
        "unrolled-ring-twin",
        {"game.cost": "non_saturating"},
        steps=800,
    ),
    Case(
        "held-hop-hinge",
        "",
        "the same by hinge costs",
        "unrolled-ring-twin",
        {"game.cost": "hinge"},
        steps=800,
    ),
)

_VANISHING = held(
    "vanishing-gradient",
    Case(
        "held-far-apart",
        "",
        "saturating costs on two modes far from each other, a critic of ten moves a round",
        "pacgan-ring-gan",
        {
            **RING,
            "game.cost": "saturating",
            "game.critic.lr": 5e-3,
            "game.critic_steps": 10,
            "game.generator.lr": 1e-4,
        },
        data="two-modes",
        steps=400,
        every=20,
    ),
    Case(
        "held-sure-of-rows",
        "",
        "saturating costs on thirteen columns, with a critic that is twenty times as fast",
        "pacgan-ring-gan",
        {
            **RING,
            **WINE,
            "game.latent": 8,
            "game.cost": "saturating",
            "game.critic.lr": 1e-2,
            "game.critic_steps": 3,
            "game.generator.lr": 5e-5,
        },
        steps=400,
        every=20,
    ),
)

_OVERFIT = held(
    "critic-overfitting",
    Case(
        "held-large-pictures",
        "",
        "64 larger digits, and a critic that moves twice as often",
        "mnist",
        {**PLAIN, "game.networks.width": 8, "game.critic_steps": 2},
        data="mnist-64",
        steps=400,
        every=20,
    ),
    Case(
        "held-labelled-few",
        "",
        "100 digits told by class, and a critic of 32 channels",
        "digits",
        {**DIGITS, "game.networks.width": 16, "game.critic_steps": 2},
        data="digits-100-told",
        steps=400,
        every=20,
    ),
)

_WEAK = held(
    BLIND,
    Case(
        "held-frozen-pictures",
        "",
        "digits before a critic that never moves",
        "digits",
        {**PLAIN, "game.critic.lr": 1e-9, "game.networks.critic_norm": "none"},
        steps=400,
        every=20,
    ),
    Case(
        "held-coin",
        "",
        "rows whose critic is taught by a coin",
        "pacgan-ring-gan",
        {**RING, **WINE, "game.latent": 8, "game.tricks.flips": 0.5},
        steps=500,
    ),
)

_CONDITION = held(
    "ignored-condition",
    Case(
        "held-unseen-large",
        "",
        "larger digits before a critic that is not shown the class",
        "mnist",
        {
            **DIGITS,
            **R1,
            "game.networks.critic_norm": "none",
            "game.networks.critic_condition": "none",
            "data.batch": 32,
        },
        data="mnist-1000",
        steps=600,
        every=25,
    ),
    Case(
        "held-labels-of-rows",
        "",
        "points of three clusters with labels drawn by lot",
        "table",
        {**TABLE, "game.penalty": 0.1, "game.conditional": True},
        data="shuffled-clusters",
        steps=500,
        also=("data-labels",),
        why="then the data are at fault.",
    ),
)

_FAST = held(
    "rate-too-high",
    Case(
        "held-fast-pictures",
        "",
        "digits with both players at 0.1",
        "digits",
        {**PLAIN, **both(lr=0.1)},
        steps=400,
        every=20,
    ),
    Case(
        "held-fast-rows",
        "",
        "a gradient penalty on a table at 0.2",
        "table",
        {**TABLE, **WINE, "game.penalty": 0.1, **both(lr=0.2)},
        steps=400,
        every=20,
    ),
)

_SLOW = held(
    "rate-too-low",
    Case(
        "held-slow-penalty",
        "",
        "digits by a gradient penalty at 1e-9",
        "digits-wgan-gp",
        {"data.batch": 32, "ema": 40.0, "game.networks.width": 8, **both(lr=1e-9)},
        steps=200,
        every=20,
    ),
    Case(
        "held-slow-hinge",
        "",
        "hinge costs on 25 modes at 3e-9",
        "pacgan-grid-gan",
        {**RING, "game.cost": "hinge", **both(lr=3e-9)},
        steps=400,
        every=20,
    ),
)

CASES = (
    *_COLLAPSE,
    *_PARTIAL,
    *_HOPPING,
    *_VANISHING,
    *_OVERFIT,
    *_WEAK,
    *_CONDITION,
    *_FAST,
    *_SLOW,
)
"""Two causes of each condition."""
