"""Games that hop in ways not thought of before, which nobody has looked at, to be judged once."""

from __future__ import annotations

from functools import partial
from typing import Any

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.healthy_games import PAIRED
from counterplay.recipes.doctor_bench.more_hops import METZ, SWUNG
from counterplay.recipes.doctor_bench.next_games import CODED
from counterplay.recipes.doctor_bench.settings import DENSE
from counterplay.recipes.doctor_bench.sick_games import R1, both

__all__ = ["CASES"]

coming = partial(of_condition, halves=("held",))

LOOSE: dict[str, Any] = {**SWUNG, "ema": 0.0, "game.latent": 24}
"""Bounded units from orthogonal weights, judged as they stand and not by averaged weights."""
HELD: dict[str, Any] = {**LOOSE, "ema": 20.0}
"""The same by averaged weights."""
WALK: dict[str, Any] = {"steps": 520, "every": 20, "proof": 780}
STROLL: dict[str, Any] = {"steps": 500, "every": 20, "proof": 750}
LONG: dict[str, Any] = {"steps": 700, "every": 25, "proof": 1050}
LATE: dict[str, Any] = {"steps": 600, "every": 25, "proof": 900}

CASES = coming(
    "mode-hopping",
    Case(
        "final-hop-brick",
        "",
        "eight modes of a brick by an Adam that forgets within ten rounds, the generator at 0.01",
        "unrolled-ring-twin",
        {**METZ, "ema": 0.0, **both(betas=[0.0, 0.9]), "game.generator.lr": 1e-2},
        data="brick",
        **LONG,
    ),
    Case(
        "final-hop-numb",
        "",
        "five modes in five dimensions, the critic's Adam with an eps of a hundredth, a "
        "generator at 0.015",
        "pacgan-ring-gan",
        {**LOOSE, "game.critic.eps": 1e-2, "game.generator.lr": 1.5e-2},
        data="pentatope",
        **WALK,
    ),
    Case(
        "final-hop-fakes-only",
        "",
        "seven stairs by paired moves at once and a ten-thousandth of a penalty on generated "
        "points alone, a generator at 0.012",
        "pacgan-ring-rpgan",
        {
            **HELD,
            "dynamics.rule": "simultaneous",
            "game.r1": 0.0,
            "game.r2": 1e-4,
            "game.generator.lr": 1.2e-2,
        },
        data="stairs",
        **WALK,
    ),
    Case(
        "final-hop-features",
        "",
        "four corners in space by matching a critic's features, the generator ten times as fast",
        "pacgan-ring-gan",
        {
            **LOOSE,
            "game.tricks.match_features": True,
            "game.generator.lr": 1e-2,
        },
        data="tetra",
        **WALK,
    ),
    Case(
        "final-hop-pushed",
        "",
        "six modes told which, by descent with momentum of 0.95 in the generator alone",
        "gan-ring",
        {
            **DENSE,
            "ema": 0.0,
            "game.latent": 24,
            "game.conditional": True,
            "game.generator.rule": "sgd",
            "game.generator.betas": [0.95, 0.99],
            "game.generator.lr": 1e-1,
        },
        data="buoys-six-told",
        **WALK,
    ),
    Case(
        "final-hop-leaves",
        "",
        "leaves of three trees in six columns by reverse KL and networks of the oldest kind, a "
        "generator at 0.015",
        "gan-ring",
        {
            **DENSE,
            "ema": 0.0,
            "game.cost": "reverse_kl",
            "game.latent": 24,
            "game.generator.lr": 1.5e-2,
        },
        data="leaf-sizes",
        **WALK,
    ),
    Case(
        "final-hop-rains",
        "",
        "rain in five valleys by optimistic moves and networks of the oldest kind, a generator at "
        "0.012",
        "gan-ring",
        {
            **DENSE,
            "ema": 0.0,
            "dynamics.rule": "optimistic",
            "game.latent": 24,
            "game.generator.lr": 1.2e-2,
        },
        data="rains-five",
        **WALK,
    ),
    Case(
        "final-hop-moon-phases",
        "",
        "phases of the moon by costs that saturate and a code that is read off, the rate 0.015",
        "infogan-mnist",
        {**CODED, "ema": 0.0, "game.cost": "saturating", "game.generator.lr": 1.5e-2},
        data="crescents",
        **STROLL,
    ),
    Case(
        "final-hop-unlooked-late",
        "",
        "twelve modes in space by looking five steps ahead, healthy until it looks no more",
        "unrolled-ring",
        {"data.batch": 48, "game.networks.width": 32, "ema": 0.0},
        after=250,
        late={"dynamics.rule": "alternating"},
        data="crystal",
        **LATE,
    ),
    Case(
        "final-hop-inertia-late",
        "",
        "six ends of three axes by paired costs, healthy until they are not held any more, both "
        "move at once and the generator by inertia of 0.9",
        "pacgan-ring-gan",
        {**LOOSE, **PAIRED},
        after=250,
        late={
            "game.r1": 0.0,
            "game.r2": 0.0,
            "dynamics.rule": "simultaneous",
            "game.generator.betas": [0.9, 0.99],
            "game.generator.lr": 1.2e-2,
        },
        data="octahedron",
        **LATE,
    ),
    Case(
        "final-hop-slow-late",
        "",
        "three outposts by R1, healthy until it is dropped, the critic is a third as fast and the "
        "generator has a short memory and 0.01",
        "pacgan-ring-gan",
        {**HELD, **R1},
        after=250,
        late={
            "game.r1": 0.0,
            "game.critic.lr": 3e-4,
            "game.generator.lr": 1e-2,
            "game.generator.betas": [0.9, 0.9],
        },
        data="outposts",
        **LATE,
    ),
    Case(
        "final-hop-wide-batch",
        "",
        "nine modes, 256 points at a time, before a critic of two layers of six leaky units",
        "pacgan-grid-gan",
        {
            **LOOSE,
            "data.batch": 256,
            "game.networks.critic_width": 6,
            "game.networks.critic_depth": 2,
            "game.networks.critic_activation": "leaky",
            "game.generator.lr": 1e-2,
        },
        data="lattice",
        **WALK,
    ),
    Case(
        "final-hop-valentine",
        "",
        "the outline of a heart, small, by the game as it is written down, bounded units and a "
        "generator at 0.012",
        "pacgan-ring-gan",
        {**LOOSE, "game.cost": "gan", "game.generator.lr": 1.2e-2},
        data="valentine",
        **WALK,
    ),
    Case(
        "final-hop-fours",
        "",
        "five floors in space before a critic of fours, hinge costs and a generator at 0.015",
        "pacgan-ring-pac2",
        {**HELD, "game.pack": 4, "game.cost": "hinge", "game.generator.lr": 1.5e-2},
        data="tower",
        **WALK,
    ),
)
"""Fourteen causes."""
