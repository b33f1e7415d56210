"""Games that hop in free ways, judged once and looked at since."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.healthy_games import PAIRED
from counterplay.recipes.doctor_bench.next_games import FLAT_NETS
from counterplay.recipes.doctor_bench.settings import DENSE
from counterplay.recipes.doctor_bench.sick_games import BLIND, DIGITS, R1, RING, both
from counterplay.recipes.doctor_bench.vast_games import coming
from counterplay.recipes.doctor_bench.wide_games import FAIR, HOURS, PAIRS, QUICK, TURNS

__all__ = ["CASES"]

METZ: dict[str, Any] = {"game.networks.width": 64}
CURVED: dict[str, Any] = {
    **RING,
    "game.latent": 64,
    "game.networks.width": 64,
    "game.networks.activation": "tanh",
    "game.networks.critic_activation": "tanh",
    "game.networks.weights": "orthogonal",
}
"""Bounded units and many latent numbers: such a generator goes anywhere as a whole."""
FREED: dict[str, Any] = {"game.r1": 0.0, "game.generator.lr": 1e-2}
LATE: dict[str, Any] = {"steps": 900, "every": 30, "proof": 1350}

_HOPPING = coming(
    "mode-hopping",
    Case(
        "free-hop-buoys",
        "",
        "five buoys on a circle by the fast generator of Metz et al. (2017)",
        "unrolled-ring-twin",
        METZ,
        data="buoys",
        **TURNS,
    ),
    Case(
        "free-hop-carousel",
        "",
        "six modes on an ellipse by the fast generator of Metz et al. (2017) and least squares",
        "unrolled-ring-twin",
        {**METZ, "game.cost": "least_squares"},
        data="carousel",
        **TURNS,
    ),
    Case(
        "free-hop-smoothed",
        "",
        "three wide modes whose critic is taught 0.9 of real ones, the generator ten times as fast",
        "unrolled-ring-twin",
        {**METZ, "game.cost": "non_saturating", "game.tricks.real_label": 0.9},
        data="clover",
        **TURNS,
    ),
    Case(
        "free-hop-few-at-a-time",
        "",
        "ten modes on a circle by the fast generator of Metz et al. (2017), sixteen at a time",
        "unrolled-ring-twin",
        {**METZ, "data.batch": 16},
        data="ferris",
        **TURNS,
    ),
    Case(
        "free-hop-gates",
        "",
        "four gates of two posts by the fast generator of Metz et al. (2017) and RMSprop",
        "unrolled-ring-twin",
        {**METZ, **both(rule="rmsprop"), "game.generator.lr": 5e-3},
        data="gates",
        **TURNS,
    ),
    Case(
        "free-hop-hedges",
        "",
        "four hedges of a square by hinge costs and three latent numbers, a generator at 0.01",
        "unrolled-ring-twin",
        {**METZ, "game.cost": "hinge", "game.latent": 3},
        data="hedges",
        **TURNS,
    ),
    Case(
        "free-hop-shores",
        "",
        "two far shores before a critic of four tanh units, the generator five times as fast",
        "pacgan-ring-gan",
        {
            **CURVED,
            "game.networks.critic_width": 4,
            "game.networks.critic_depth": 1,
            "game.critic.lr": 2e-3,
            "game.generator.lr": 1e-2,
        },
        data="shores",
        **TURNS,
        also=(BLIND,),
        why="so small a critic sees one shore at a time.",
    ),
    Case(
        "free-hop-old-shores",
        "",
        "two far shores by networks of the oldest kind and least squares, the generator at 0.01",
        "gan-ring",
        {**DENSE, "game.cost": "least_squares", "game.latent": 16, "game.generator.lr": 1e-2},
        data="shores",
        **TURNS,
    ),
    Case(
        "free-hop-tetra",
        "",
        "four corners in space by alternating moves, the generator of Metz et al. (2017) on top",
        "unrolled-ring-twin",
        {**METZ, "dynamics.rule": "alternating", "game.cost": "non_saturating"},
        data="tetra",
        **TURNS,
    ),
    Case(
        "free-hop-cube",
        "",
        "eight corners of a cube by the fast generator of Metz et al. (2017) and Jensen-Shannon's "
        "costs",
        "unrolled-ring-twin",
        {**METZ, "game.cost": "jensen_shannon"},
        data="cube-corners",
        **TURNS,
    ),
    Case(
        "free-hop-orbit",
        "",
        "seven modes on an orbit, with inertia of 0.9 in the generator's Adam at 0.006",
        "unrolled-ring-twin",
        {**METZ, "game.generator.betas": [0.9, 0.999], "game.generator.lr": 6e-3},
        data="orbit",
        **TURNS,
        also=("rate-too-high",),
        why="with such inertia this rate is too high.",
    ),
    Case(
        "free-hop-pentatope",
        "",
        "five modes in five dimensions by least squares and alternating moves, rates of 0.002 and "
        "0.015",
        "unrolled-ring-twin",
        {
            **METZ,
            "dynamics.rule": "alternating",
            "game.cost": "least_squares",
            "game.critic.lr": 2e-3,
            "game.generator.lr": 1.5e-2,
        },
        data="pentatope",
        **TURNS,
    ),
    Case(
        "free-hop-lighthouses",
        "",
        "eight modes at the ends of four axes by the fast generator of Metz et al. (2017)",
        "unrolled-ring-twin",
        {**METZ, "game.critic.lr": 1.5e-3},
        data="lighthouses",
        **TURNS,
    ),
    Case(
        "free-hop-inertia",
        "",
        "six modes on an ellipse by simultaneous moves of tanh units, inertia of 0.96 in both",
        "pacgan-ring-gan",
        {**CURVED, "dynamics.rule": "simultaneous", **both(lr=4e-3, betas=[0.96, 0.99])},
        data="carousel",
        **TURNS,
        also=("rate-too-high",),
        why="with such inertia this rate is too high.",
    ),
    Case(
        "free-hop-slow-critic",
        "",
        "three wide modes before a critic that is a third as fast as usual, the generator at 0.006",
        "pacgan-ring-gan",
        {**CURVED, "game.critic.lr": 3e-4, "game.generator.lr": 6e-3},
        data="clover",
        **TURNS,
    ),
    Case(
        "free-hop-mist",
        "",
        "ten modes on a circle in a light mist that never lifts, the generator ten times as fast",
        "unrolled-ring-twin",
        {
            **METZ,
            "game.tricks.instance_noise": 0.25,
            "game.tricks.noise_rounds": 1_000_000,
        },
        data="ferris",
        **TURNS,
    ),
    Case(
        "free-hop-engines",
        "",
        "four kinds of engines in eighteen columns by the fast generator of Metz et al. (2017)",
        "unrolled-ring-twin",
        {**METZ, "game.cost": "non_saturating"},
        data="engines",
        **TURNS,
    ),
    Case(
        "free-hop-buoys-late",
        "",
        "five buoys by paired costs, healthy until penalties go and the generator is ten times "
        "as fast",
        "pacgan-ring-gan",
        {**CURVED, **PAIRED},
        after=360,
        late={**FREED, "game.r2": 0.0},
        data="buoys",
        **LATE,
    ),
    Case(
        "free-hop-tetra-late",
        "",
        "four corners in space by R1, healthy until it is dropped and moves are made at once",
        "pacgan-ring-gan",
        {**CURVED, **R1},
        after=360,
        late={**FREED, "dynamics.rule": "simultaneous"},
        data="tetra",
        **LATE,
    ),
    Case(
        "free-hop-quarters",
        "",
        "lit quarters by fully connected networks and least squares, the generator seven times as "
        "fast",
        "photos",
        {
            **FLAT_NETS,
            **FAIR,
            "game.cost": "least_squares",
            "game.latent": 32,
            "game.generator.lr": 7e-3,
        },
        data="quarters",
        **HOURS,
    ),
    Case(
        "free-hop-lit",
        "",
        "lit quarters by convolutions and hinge costs, the generator eight times as fast",
        "photos",
        {
            **DIGITS,
            "game.cost": "hinge",
            "game.networks.critic_norm": "none",
            "game.latent": 32,
            "game.generator.lr": 8e-3,
        },
        data="quarters",
        **QUICK,
    ),
    Case(
        "free-hop-coder",
        "",
        "lit quarters and an encoder by paired costs without penalties, the coder eight times as "
        "fast",
        "bigan-mnist",
        {**PAIRS, "game.cost": "relativistic", "game.r1": 0.0, "game.coder.lr": 8e-3},
        data="quarters",
        **HOURS,
    ),
)

CASES = _HOPPING
"""Twenty-two causes."""
