"""Games that hop in yet further ways, judged once and looked at since."""

from __future__ import annotations

from functools import partial
from typing import Any

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.more_hops import METZ, SWUNG
from counterplay.recipes.doctor_bench.next_games import FLAT_NETS
from counterplay.recipes.doctor_bench.settings import DENSE
from counterplay.recipes.doctor_bench.sick_games import R1, both
from counterplay.recipes.doctor_bench.wide_games import FAIR

__all__ = ["CASES"]

coming = partial(of_condition, halves=("seen",))

LITHE: dict[str, Any] = {**SWUNG, "game.latent": 40}
"""Bounded units and many latent numbers, from orthogonal weights."""
SPELL: dict[str, Any] = {"steps": 750, "every": 30, "proof": 1125}
SHORT: dict[str, Any] = {"steps": 500, "every": 20, "proof": 750}
LATE: dict[str, Any] = {"steps": 600, "every": 25, "proof": 900}

CASES = coming(
    "mode-hopping",
    Case(
        "last-hop-matches",
        "",
        "five matches on a table by a critic that moves by plain descent, the generator by Adam "
        "at 0.01",
        "unrolled-ring-twin",
        {
            **METZ,
            "game.cost": "non_saturating",
            "game.critic.rule": "sgd",
            "game.critic.betas": [0.5, 0.99],
            "game.critic.lr": 0.05,
        },
        data="match-sticks",
        **SPELL,
    ),
    Case(
        "last-hop-arch",
        "",
        "nine modes of an arch before a critic of one layer of leaky units, the generator at 0.015",
        "unrolled-ring-twin",
        {
            **METZ,
            "game.networks.critic_depth": 1,
            "game.networks.critic_activation": "leaky",
            "game.generator.lr": 1.5e-2,
        },
        data="arch",
        **SHORT,
    ),
    Case(
        "last-hop-tower",
        "",
        "five floors of three modes by moves at once and reverse KL, inertia of 0.9 in the critic",
        "unrolled-ring-twin",
        {**METZ, "game.cost": "reverse_kl", "game.critic.betas": [0.9, 0.999]},
        data="tower",
        **SHORT,
    ),
    Case(
        "last-hop-planet",
        "",
        "a planet and its ring by Wasserstein's costs, which a drift of a thousandth alone holds",
        "unrolled-ring-twin",
        {**METZ, "game.cost": "wasserstein", "game.penalties.drift": 1e-3},
        data="planet-core",
        **SPELL,
    ),
    Case(
        "last-hop-octahedron",
        "",
        "six ends of three axes by extragradient moves, the generator at 0.02",
        "unrolled-ring-twin",
        {**METZ, "dynamics.rule": "extragradient", "game.generator.lr": 2e-2},
        data="octahedron",
        **SPELL,
    ),
    Case(
        "last-hop-dodecahedron",
        "",
        "twenty corners in space before a critic of triples, the generator at 0.015",
        "pacgan-ring-gan",
        {**LITHE, "game.pack": 3, "data.batch": 63, "game.generator.lr": 1.5e-2},
        data="dodecahedron",
        **SPELL,
    ),
    Case(
        "last-hop-quincunx",
        "",
        "the five of a die, eight points at a time, by hinge costs and a generator at 0.01",
        "unrolled-ring-twin",
        {**METZ, "data.batch": 8, "game.cost": "hinge"},
        data="quincunx",
        **SPELL,
    ),
    Case(
        "last-hop-beads",
        "",
        "six beads on a wave before a critic that sees how alike a batch is, a generator at 0.02",
        "unrolled-ring-twin",
        {**METZ, "game.tricks.minibatch": "std", "game.generator.lr": 2e-2},
        data="beads",
        **SHORT,
    ),
    Case(
        "last-hop-saturn",
        "",
        "a ball and a tilted ring by a generator of four layers at 0.006",
        "unrolled-ring-twin",
        {
            **METZ,
            "game.networks.depth": 4,
            "game.networks.critic_depth": 2,
            "game.generator.lr": 6e-3,
        },
        data="saturn-ring",
        **SHORT,
    ),
    Case(
        "last-hop-oven",
        "",
        "three ways to run an oven in twelve columns by networks of the oldest kind that move at "
        "once, a rate of 0.015",
        "gan-ring",
        {
            **DENSE,
            "dynamics.rule": "simultaneous",
            "game.latent": 32,
            "game.generator.lr": 1.5e-2,
        },
        data="oven-heat",
        **SHORT,
    ),
    Case(
        "last-hop-trellis-normed",
        "",
        "sixteen modes, four by four, by moves at once and batch norm in a generator at 0.015",
        "unrolled-ring-twin",
        {**METZ, "game.networks.batch_norm": True, "game.generator.lr": 1.5e-2},
        data="trellis",
        **SHORT,
    ),
    Case(
        "last-hop-rosette-told",
        "",
        "eight modes told which by networks of the oldest kind, moves at once and a rate of 0.02",
        "gan-ring",
        {
            **DENSE,
            "dynamics.rule": "simultaneous",
            "game.conditional": True,
            "game.latent": 32,
            "game.generator.lr": 2e-2,
        },
        data="rosette-told",
        **SHORT,
    ),
    Case(
        "last-hop-clock",
        "",
        "twelve modes on a circle by costs that saturate and both players at 0.01, with inertia "
        "of 0.8 in the critic alone",
        "unrolled-ring-twin",
        {
            **METZ,
            "game.latent": 16,
            **both(lr=1e-2, betas=[0.5, 0.99]),
            "game.critic.betas": [0.8, 0.99],
        },
        data="clock",
        **SHORT,
    ),
    Case(
        "last-hop-unlike-late",
        "",
        "six modes of unlike width by R1, healthy until it is dropped, both move at once and the "
        "generator has 0.015",
        "pacgan-ring-gan",
        {**LITHE, **R1},
        after=240,
        late={"game.r1": 0.0, "dynamics.rule": "simultaneous", "game.generator.lr": 1.5e-2},
        data="buoys-six",
        **LATE,
    ),
    Case(
        "last-hop-quarters-late",
        "",
        "lit quarters by R1, healthy until it is dropped and the generator is eight times as fast",
        "photos",
        {**FLAT_NETS, **FAIR, **R1, "game.latent": 32},
        after=240,
        late={"game.r1": 0.0, "game.generator.lr": 8e-3},
        data="quarters",
        **LATE,
    ),
)
"""Fifteen causes."""
