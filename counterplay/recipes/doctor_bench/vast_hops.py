"""Games that hop in vast ways, judged once and looked at since."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.healthy_games import PAIRED
from counterplay.recipes.doctor_bench.next_games import CODED, FLAT_NETS
from counterplay.recipes.doctor_bench.settings import DENSE
from counterplay.recipes.doctor_bench.sick_games import BLIND, DIGITS, RING, both
from counterplay.recipes.doctor_bench.vast_games import coming
from counterplay.recipes.doctor_bench.wide_games import FAIR, HOURS, PAIRS, QUICK, TURNS

__all__ = ["CASES"]

METZ = {"game.networks.width": 64}
BENT = {
    **RING,
    "game.latent": 16,
    "game.networks.width": 64,
    "game.networks.activation": "tanh",
    "game.networks.critic_activation": "tanh",
}
"""Tanh units and many latent numbers, by which a generator goes anywhere as a whole."""

_HOPPING = coming(
    "mode-hopping",
    Case(
        "vast-hop-comb",
        "",
        "nineteen cells of a comb by the fast generator of Metz et al. (2017)",
        "unrolled-ring-twin",
        METZ,
        data="honeycomb",
        **TURNS,
    ),
    Case(
        "vast-hop-rungs",
        "",
        "ten ends of rungs by the fast generator of Metz et al. (2017) and Jensen-Shannon's costs",
        "unrolled-ring-twin",
        {**METZ, "game.cost": "jensen_shannon"},
        data="rungs",
        **TURNS,
    ),
    Case(
        "vast-hop-seeds",
        "",
        "fourteen seeds by the fast generator of Metz et al. (2017) and paired costs",
        "unrolled-ring-twin",
        {**METZ, "game.cost": "relativistic"},
        data="sunflower",
        **TURNS,
    ),
    Case(
        "vast-hop-dumbbell",
        "",
        "a dumbbell of eight modes by alternating moves, the generator of Metz et al. (2017) twice "
        "as fast as theirs",
        "unrolled-ring-twin",
        {
            **METZ,
            "dynamics.rule": "alternating",
            "game.cost": "non_saturating",
            "game.generator.lr": 2e-2,
        },
        data="dumbbell",
        **TURNS,
    ),
    Case(
        "vast-hop-clans",
        "",
        "24 modes in eight dimensions by the fast generator of Metz et al. (2017)",
        "unrolled-ring-twin",
        {**METZ, "game.cost": "non_saturating"},
        data="clans",
        **TURNS,
    ),
    Case(
        "vast-hop-heart",
        "",
        "a heart by the fast generator of Metz et al. (2017) and hinge costs",
        "unrolled-ring-twin",
        {**METZ, "game.cost": "hinge"},
        data="heart",
        **TURNS,
    ),
    Case(
        "vast-hop-prism",
        "",
        "a prism of ten modes by hinge costs and RMSprop, the generator twelve times as fast",
        "pacgan-ring-gan",
        {**BENT, "game.cost": "hinge", **both(rule="rmsprop"), "game.generator.lr": 1.2e-2},
        data="prism",
        **TURNS,
    ),
    Case(
        "vast-hop-chevron",
        "",
        "nine modes in a wedge by networks of the oldest kind, critic at 0.002, generator at 0.02",
        "gan-ring",
        {**DENSE, "game.latent": 16, "game.critic.lr": 2e-3, "game.generator.lr": 2e-2},
        data="chevron",
        **TURNS,
    ),
    Case(
        "vast-hop-outposts",
        "",
        "three outposts in four dimensions by plain costs, the generator twelve times as fast",
        "pacgan-ring-gan",
        {**BENT, "game.generator.lr": 1.2e-2},
        data="outposts",
        **TURNS,
    ),
    Case(
        "vast-hop-switches",
        "",
        "64 modes in six dimensions by simultaneous moves, the generator fifteen times as fast",
        "pacgan-ring-gan",
        {**BENT, "dynamics.rule": "simultaneous", "game.generator.lr": 1.5e-2},
        data="switchboard",
        **TURNS,
    ),
    Case(
        "vast-hop-seen-dimly",
        "",
        "fourteen seeds before a critic of eight tanh units, the generator ten times as fast",
        "pacgan-ring-gan",
        {
            **BENT,
            "game.networks.critic_width": 8,
            "game.networks.critic_depth": 2,
            "game.generator.lr": 1e-2,
        },
        data="sunflower",
        **TURNS,
        also=(BLIND,),
        why="so small a critic can hold some modes at a time and no more.",
    ),
    Case(
        "vast-hop-inertia",
        "",
        "ten ends of rungs, with inertia of 0.98 in the generator's Adam alone, at eight times the "
        "rate",
        "pacgan-ring-gan",
        {**BENT, "game.generator.betas": [0.98, 0.99], "game.generator.lr": 8e-3},
        data="rungs",
        **TURNS,
        also=("rate-too-high",),
        why="with such inertia this rate is too high.",
    ),
    Case(
        "vast-hop-lamps",
        "",
        "36 pairs of lamps by fully connected networks, the generator twelve times as fast",
        "photos",
        {**FLAT_NETS, **FAIR, "game.latent": 32, "game.generator.lr": 1.2e-2},
        data="lamps",
        **HOURS,
    ),
    Case(
        "vast-hop-flags",
        "",
        "54 kinds of flags by convolutions and least squares, the generator twelve times as fast",
        "photos",
        {
            **DIGITS,
            "game.cost": "least_squares",
            "game.networks.critic_norm": "none",
            "game.generator.lr": 1.2e-2,
        },
        data="flags",
        **QUICK,
    ),
    Case(
        "vast-hop-arrows",
        "",
        "arrows by paired costs and a code that nobody reads, the generator twelve times as fast",
        "infogan-mnist",
        {
            **CODED,
            "game.cost": "relativistic",
            "game.information": 0.0,
            "game.generator.lr": 1.2e-2,
        },
        data="arrows",
        **HOURS,
    ),
    Case(
        "vast-hop-coder",
        "",
        "64 kinds of quilts and an encoder, the coder twelve times as fast, no penalty",
        "bigan-mnist",
        {**PAIRS, "game.r1": 0.0, "game.coder.lr": 1.2e-2},
        data="quilts",
        **HOURS,
    ),
    Case(
        "vast-hop-late",
        "",
        "nine modes in a wedge by paired costs, healthy until the penalties are dropped and the "
        "generator is fifteen times as fast",
        "pacgan-ring-gan",
        {**BENT, **PAIRED},
        after=300,
        late={"game.r1": 0.0, "game.r2": 0.0, "game.generator.lr": 1.5e-2},
        data="chevron",
        steps=800,
        proof=1200,
    ),
)

CASES = _HOPPING
"""Seventeen causes."""
