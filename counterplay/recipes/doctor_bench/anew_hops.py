"""Games that hop in new ways, judged once and looked at since."""

from __future__ import annotations

from functools import partial
from typing import Any

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.settings import DENSE
from counterplay.recipes.doctor_bench.sick_games import RING, both
from counterplay.recipes.doctor_bench.wide_games import TURNS

__all__ = ["CASES"]

coming = partial(of_condition, halves=("seen",))

METZ: dict[str, Any] = {"game.networks.width": 64}
SWAYED: dict[str, Any] = {
    **RING,
    "game.latent": 32,
    "game.networks.width": 64,
    "game.networks.activation": "tanh",
    "game.networks.critic_activation": "tanh",
    "game.networks.weights": "orthogonal",
}
"""Bounded units and many latent numbers, from orthogonal weights."""
BRIEF: dict[str, Any] = {"steps": 600, "every": 25, "proof": 900}

_HOPPING = coming(
    "mode-hopping",
    Case(
        "anew-hop-optimist",
        "",
        "a closed curve in four dimensions by optimistic moves, the generator ten times as fast",
        "unrolled-ring-twin",
        {**METZ, "dynamics.rule": "optimistic"},
        data="orbit-four",
        **BRIEF,
    ),
    Case(
        "anew-hop-one-number",
        "",
        "nine modes of a crown by a latent of one number and the fast generator of Metz et al. "
        "(2017)",
        "unrolled-ring-twin",
        {**METZ, "game.latent": 1},
        data="crown",
        **TURNS,
    ),
    Case(
        "anew-hop-packed",
        "",
        "six far corners in six dimensions before a critic of pairs, the generator ten times as "
        "fast",
        "unrolled-ring-twin",
        {**METZ, "game.pack": 2, "game.cost": "non_saturating"},
        data="simplex",
        **TURNS,
    ),
    Case(
        "anew-hop-clipped",
        "",
        "four leaves by Wasserstein's costs and clipped weights, one move of the critic and a "
        "generator at 0.01",
        "unrolled-ring-twin",
        {**METZ, "game.cost": "wasserstein", "game.clip": 0.2, "game.critic.lr": 2e-3},
        data="petals",
        **TURNS,
    ),
    Case(
        "anew-hop-hellinger",
        "",
        "two turns of a screw by Hellinger's costs and the fast generator of Metz et al. (2017)",
        "unrolled-ring-twin",
        {**METZ, "game.cost": "squared_hellinger"},
        data="helix",
        **BRIEF,
    ),
    Case(
        "anew-hop-maxout",
        "",
        "a knot in space before a critic of sixteen maxout units, the generator twelve times as "
        "fast",
        "pacgan-ring-gan",
        {
            **SWAYED,
            "game.networks.critic_activation": "maxout",
            "game.networks.critic_width": 16,
            "game.generator.lr": 1.2e-2,
        },
        data="knot",
        **BRIEF,
    ),
    Case(
        "anew-hop-flipped",
        "",
        "eight ends of four axes, a tenth of the critic's labels flipped, a generator at 0.01",
        "unrolled-ring-twin",
        {**METZ, "game.cost": "non_saturating", "game.tricks.flips": 0.1},
        data="orthoplex-four",
        **TURNS,
    ),
    Case(
        "anew-hop-large-maker",
        "",
        "a screw that grows wider by a fast generator of 256 units before a critic of sixteen",
        "pacgan-ring-gan",
        {
            **SWAYED,
            "game.networks.width": 256,
            "game.networks.critic_width": 16,
            "game.generator.lr": 1e-2,
        },
        data="corkscrew",
        **BRIEF,
    ),
    Case(
        "anew-hop-one-step-ahead",
        "",
        "six modes of unlike width by a generator at 0.02 that looks one short step ahead",
        "unrolled-ring",
        {
            **METZ,
            "dynamics.look_ahead": 1,
            "dynamics.rate": 1e-5,
            "dynamics.look_by": "descent",
            "game.generator.lr": 2e-2,
        },
        data="buoys-six",
        **TURNS,
    ),
    Case(
        "anew-hop-jets",
        "",
        "four jets of water by paired costs without penalties, batch norm and a rate of 0.01",
        "pacgan-ring-gan",
        {
            **SWAYED,
            "game.cost": "relativistic",
            "game.networks.batch_norm": True,
            "game.generator.lr": 1e-2,
        },
        data="fountain-jets",
        **TURNS,
    ),
    Case(
        "anew-hop-slope",
        "",
        "a chain of two rings by a hundredth of a penalty on slopes, the generator ten times as "
        "fast",
        "ring-wgan-gp",
        {
            "data.batch": 64,
            "ema": 40.0,
            "game.networks.width": 64,
            "game.networks.depth": 2,
            "game.penalty": 1e-2,
            "game.critic_steps": 1,
            "game.latent": 8,
            "game.generator.lr": 1e-2,
        },
        data="links",
        **TURNS,
    ),
    Case(
        "anew-hop-likelihood",
        "",
        "the outline of a square by the costs of maximum likelihood, the generator at 0.01",
        "unrolled-ring-twin",
        {**METZ, "game.cost": "maximum_likelihood"},
        data="frame",
        **TURNS,
    ),
    Case(
        "anew-hop-pearson",
        "",
        "five modes of unlike size by Pearson's costs and the fast generator of Metz et al. (2017)",
        "unrolled-ring-twin",
        {**METZ, "game.cost": "pearson"},
        data="rare-five",
        **TURNS,
    ),
    Case(
        "anew-hop-tesseract",
        "",
        "sixteen corners in four dimensions by Pearson's costs, the critic at 0.0005 and the "
        "generator at 0.01",
        "unrolled-ring-twin",
        {**METZ, "game.cost": "pearson", "game.critic.lr": 5e-4},
        data="tesseract",
        **BRIEF,
    ),
    Case(
        "anew-hop-tides",
        "",
        "three kinds of tides in fourteen columns by the game as it is written, the generator ten "
        "times as fast",
        "unrolled-ring-twin",
        METZ,
        data="tides",
        **TURNS,
    ),
    Case(
        "anew-hop-sluices",
        "",
        "three ways of ten gates by networks of the oldest kind with inertia of 0.97 in both",
        "gan-ring",
        {**DENSE, "game.latent": 16, **both(lr=4e-3, betas=[0.97, 0.99])},
        data="sluices",
        **TURNS,
        also=("rate-too-high",),
        why="with such inertia this rate is too high.",
    ),
)

CASES = _HOPPING
"""Sixteen causes."""
