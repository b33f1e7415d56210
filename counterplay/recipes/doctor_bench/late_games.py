"""Games made sick in the latest ways, judged once and looked at since."""

from __future__ import annotations

from functools import partial

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.new_games import DENSE
from counterplay.recipes.doctor_bench.sick_games import BLIND, R1, RING, both

__all__ = ["BLOCKS", "CASES", "late"]

late = partial(of_condition, halves=("seen",))

BLOCKS = {
    "data.batch": 24,
    "ema": 40.0,
    "game.latent": 8,
    "game.networks.width": 8,
    **both(lr=1e-3, betas=[0.5, 0.99]),
}
"""Residual networks of few channels."""

_COLLAPSE = late(
    "mode-collapse",
    Case(
        "late-one-tile",
        "",
        "ten modes, healthy until R1 is dropped and the generator is a hundred times as fast",
        "pacgan-ring-gan",
        {**RING, **R1},
        after=300,
        late={"game.r1": 0.0, "game.generator.lr": 2e-2, "game.critic.lr": 2e-4},
        data="domino",
        steps=600,
        proof=900,
        also=(BLIND,),
        why="such a slow critic is no match for the generator.",
    ),
    Case(
        "late-one-wave",
        "",
        "waves of grey by residual networks, the generator's rate typed with two zeros too few",
        "sngan",
        {**BLOCKS, "game.generator.lr": 5e-2, "game.critic.lr": 1e-4},
        data="gratings",
        steps=240,
        every=12,
        proof=360,
        also=(BLIND, "rate-too-high"),
        why="the generator's rate is what ruins it, and the critic is no match for it.",
    ),
    Case(
        "late-one-pole",
        "",
        "the surface of a ball by reverse KL, the generator twenty times as fast",
        "gan-ring",
        {**DENSE, "game.cost": "reverse_kl", "game.generator.lr": 2e-2},
        data="shell",
        steps=500,
        proof=750,
    ),
)

_PARTIAL = late(
    "partial-collapse",
    Case(
        "late-part-clock",
        "",
        "twelve modes by a generator of one latent number and two units of maxout",
        "pacgan-ring-gan",
        {
            **RING,
            **R1,
            "data.batch": 100,
            "game.latent": 1,
            "game.networks.activation": "maxout",
            "game.networks.width": 2,
            "game.networks.depth": 1,
            "game.networks.critic_width": 64,
            "game.networks.critic_depth": 2,
        },
        data="clock",
        steps=700,
        proof=1050,
    ),
    Case(
        "late-part-knot",
        "",
        "a knot by Wasserstein's costs, a one-sided penalty and a generator of three leaky units",
        "pacgan-ring-gan",
        {
            **RING,
            "game.cost": "wasserstein",
            "game.penalties.one_sided": 1.0,
            "game.critic_steps": 2,
            "game.networks.activation": "leaky",
            "game.networks.width": 3,
            "game.networks.depth": 1,
            "game.networks.critic_width": 64,
            "game.networks.critic_depth": 2,
            "game.latent": 1,
        },
        data="knot",
        steps=600,
        every=30,
        proof=900,
    ),
    Case(
        "late-part-blocks",
        "",
        "digits by residual networks and a generator of one latent number",
        "sngan",
        {**BLOCKS, "data.source": "digits", "game.latent": 1},
        steps=240,
        every=12,
        proof=360,
    ),
)

_HOPPING = late(
    "mode-hopping",
    Case(
        "late-hop-domino",
        "",
        "ten modes by paired costs, the generator by RMSprop and twenty times as fast",
        "pacgan-ring-gan",
        {
            **RING,
            "data.batch": 40,
            "game.cost": "relativistic",
            **both(rule="rmsprop"),
            "game.generator.lr": 2e-2,
        },
        data="domino",
        steps=900,
        every=30,
    ),
    Case(
        "late-hop-simplex",
        "",
        "six corners in six dimensions by hinge costs, the generator fifteen times as fast",
        "gan-ring",
        {**DENSE, "game.cost": "hinge", "game.latent": 6, "game.generator.lr": 1.5e-2},
        data="simplex",
        steps=900,
        every=30,
    ),
    Case(
        "late-hop-clock",
        "",
        "twelve modes by hinge costs and leaky units, the generator ten times as fast",
        "pacgan-ring-gan",
        {
            **RING,
            "game.cost": "hinge",
            "game.networks.activation": "leaky",
            "game.generator.lr": 1e-2,
        },
        data="clock",
        steps=900,
        every=30,
    ),
)

_VANISHING = late(
    "vanishing-gradient",
    Case(
        "late-sure-of-voices",
        "",
        "the game as it is written down on measured voices, before a critic of six moves a round",
        "gan-ring",
        {
            **DENSE,
            "game.cost": "gan",
            "game.latent": 8,
            "game.critic.lr": 4e-3,
            "game.critic_steps": 6,
            "game.generator.lr": 5e-5,
        },
        data="parkinsons-1500",
        steps=400,
        every=20,
    ),
    Case(
        "late-sure-of-waves",
        "",
        "waves of grey and a code, saturating costs, the critic sixty times as fast",
        "infogan-mnist",
        {
            "data.batch": 32,
            "ema": 40.0,
            "game.cost": "saturating",
            "game.networks.width": 8,
            "game.networks.critic_norm": "none",
            "game.noise": 6,
            "game.hidden": 0,
            "game.features": 32,
            **both(betas=[0.5, 0.99]),
            "game.critic.lr": 3e-3,
            "game.generator.lr": 5e-5,
        },
        data="gratings",
        steps=300,
        every=15,
    ),
    Case(
        "late-sure-of-simplex",
        "",
        "saturating costs on six corners by simultaneous moves and a deep, wide critic",
        "pacgan-ring-gan",
        {
            **RING,
            "dynamics.rule": "simultaneous",
            "game.cost": "saturating",
            "game.latent": 6,
            "game.networks.weights": "normal",
            "game.networks.critic_width": 96,
            "game.networks.critic_depth": 3,
            "game.critic.lr": 5e-3,
            "game.generator.lr": 2e-5,
        },
        data="simplex",
        steps=400,
        every=20,
    ),
)

CASES = (*_COLLAPSE, *_PARTIAL, *_HOPPING, *_VANISHING)
"""Three causes of each condition."""
