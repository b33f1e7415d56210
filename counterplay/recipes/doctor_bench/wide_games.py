"""Games made sick in wide ways, judged once and looked at since."""

from __future__ import annotations

from functools import partial
from typing import Any

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.healthy_games import PAIRED
from counterplay.recipes.doctor_bench.next_critics import STYLED
from counterplay.recipes.doctor_bench.next_games import FLAT_NETS, MODERN
from counterplay.recipes.doctor_bench.settings import BLOCKS, DENSE, HEADS
from counterplay.recipes.doctor_bench.sick_games import BLIND, DIGITS, R1, RING, both

__all__ = ["CASES", "FAIR", "HOURS", "PAIRS", "PYRAMID", "QUICK", "coming"]

coming = partial(of_condition, halves=("seen",))

FAIR = both(lr=1e-3, betas=[0.5, 0.99])
HOURS: dict[str, Any] = {"steps": 400, "every": 20, "proof": 600}
QUICK: dict[str, Any] = {"steps": 240, "every": 12, "proof": 360}
LONG: dict[str, Any] = {"steps": 700, "proof": 1050}
TURNS: dict[str, Any] = {"steps": 900, "every": 30, "proof": 1350}
RUN = {"game.generator.lr": 5e-2, "game.critic.lr": 1e-5}
OUTRUN: dict[str, Any] = {
    "also": (BLIND, "rate-too-high"),
    "why": "the generator's rate drives it to one corner, and such a critic is no match.",
}
STILL: dict[str, Any] = {
    "also": ("rate-too-low", "vanishing-gradient"),
    "why": "what does not move stays where weights near zero put it.",
}
PAIRS = {
    "data.batch": 32,
    "ema": 40.0,
    "game.latent": 8,
    "game.networks": {"type": "mlp", "width": 64, "depth": 2},
    "game.features": 32,
    "game.r1": 0.2,
    "game.coder.lr": 1e-3,
    "game.critic.lr": 1e-3,
}
"""Fully connected networks and an encoder."""
PYRAMID = {
    "data.batch": 32,
    "ema": 40.0,
    "game.networks.width": 8,
    "game.networks.levels": 1,
    "game.networks.coarse_width": 32,
    "game.latent": 8,
}
"""A small pyramid of one halving."""
BEND = {
    "game.latent": 1,
    "game.networks.width": 3,
    "game.networks.depth": 1,
    "game.networks.critic_width": 64,
    "game.networks.critic_depth": 2,
}
"""A generator that can draw a bent line and no more, before a critic that is large enough."""

_COLLAPSE = coming(
    "mode-collapse",
    Case(
        "wide-one-disc",
        "",
        "discs by styles, the generator at 0.05 and the critic at 0.00001",
        "style-32",
        {**STYLED, "data.batch": 32, **RUN},
        data="discs",
        **QUICK,
        **OUTRUN,
    ),
    Case(
        "wide-one-painting",
        "",
        "paintings by residual networks without norms, the two rates in each other's places",
        "r3gan",
        {**MODERN, **RUN},
        data="paintings",
        **{**QUICK, "steps": 200, "every": 10, "proof": 300},
        **OUTRUN,
    ),
    Case(
        "wide-one-year",
        "",
        "twelve months by a generator that begins near zero, five zeros too many in its rate",
        "pacgan-ring-gan",
        {
            **RING,
            "game.latent": 4,
            "game.networks.weights": "normal",
            "game.generator.lr": 1e-8,
        },
        data="months",
        **HOURS,
        **STILL,
    ),
    Case(
        "wide-one-kind",
        "",
        "discs told which, without a class term, the generator thousands of times as fast",
        "acgan-mnist",
        {**HEADS, "game.class_weight": 0.0, **RUN},
        data="discs-told",
        **HOURS,
        also=(BLIND, "rate-too-high", "ignored-condition"),
        why="the rate drives it to one corner, whatever class is asked for.",
    ),
    Case(
        "wide-one-floor",
        "",
        "digits by a pyramid of games, its generators at 0.1 and its critics at 0.000001",
        "lapgan-mnist",
        {**PYRAMID, "data.source": "digits", "game.generator.lr": 0.1, "game.critic.lr": 1e-6},
        **QUICK,
        **OUTRUN,
    ),
    Case(
        "wide-one-late",
        "",
        "edges by hinge costs, healthy until the critic is frozen and the generator tuned at 0.03",
        "photos",
        {**FLAT_NETS, "game.cost": "hinge", **R1, **FAIR},
        after=200,
        late={"game.critic.lr": 1e-9, "game.generator.lr": 3e-2},
        data="boxes",
        steps=500,
        every=20,
        proof=750,
        **OUTRUN,
    ),
)

_PARTIAL = coming(
    "partial-collapse",
    Case(
        "wide-part-trellis",
        "",
        "sixteen modes by least squares and a generator of one latent number and three tanh units",
        "pacgan-ring-gan",
        {
            **RING,
            **R1,
            **BEND,
            "data.batch": 48,
            "game.cost": "least_squares",
            "game.networks.activation": "tanh",
        },
        data="trellis",
        **LONG,
    ),
    Case(
        "wide-part-links",
        "",
        "two rings of a chain by paired costs and a generator of one latent number and three units",
        "pacgan-ring-gan",
        {**RING, **PAIRED, **BEND},
        data="links",
        **LONG,
    ),
    Case(
        "wide-part-months",
        "",
        "twelve months by networks of the oldest kind, hinge costs and one latent number",
        "gan-ring",
        {**DENSE, **R1, "game.cost": "hinge", "game.latent": 1},
        data="months",
        **LONG,
    ),
    Case(
        "wide-part-paired",
        "",
        "digits and an encoder, all of whose codes are one number",
        "bigan-mnist",
        {**PAIRS, "data.source": "digits", "game.latent": 1},
        steps=500,
        proof=750,
    ),
    Case(
        "wide-part-discs",
        "",
        "discs by a gradient penalty and fully connected networks of one latent number",
        "digits-wgan-gp",
        {**FLAT_NETS, "game.latent": 1, "game.penalty": 1.0, "game.critic_steps": 2, **FAIR},
        data="discs",
        **HOURS,
    ),
    Case(
        "wide-part-crystal",
        "",
        "twelve modes in space by a gradient penalty, one latent number and one layer of twelve",
        "ring-wgan-gp",
        {
            "data.batch": 64,
            "ema": 40.0,
            "game.latent": 1,
            "game.networks.width": 12,
            "game.networks.depth": 1,
            "game.penalty": 0.1,
            "game.critic_steps": 2,
            **both(lr=2e-3, betas=[0.5, 0.9]),
        },
        data="crystal",
        **LONG,
        also=(BLIND,),
        why="a critic of twelve units is a small one, too.",
    ),
)

_HOPPING = coming(
    "mode-hopping",
    Case(
        "wide-hop-trellis",
        "",
        "sixteen modes before a critic of tanh units, the generator fifteen times as fast",
        "pacgan-ring-gan",
        {**RING, "game.networks.critic_activation": "tanh", "game.generator.lr": 1.5e-2},
        data="trellis",
        **TURNS,
    ),
    Case(
        "wide-hop-stairs",
        "",
        "seven stairs by the fast generator of Metz et al. (2017) and reverse KL",
        "unrolled-ring-twin",
        {"game.cost": "reverse_kl", "game.networks.width": 64},
        data="stairs",
        **TURNS,
    ),
    Case(
        "wide-hop-crystal",
        "",
        "twelve modes in space by plain costs, with inertia of 0.97 in both players' Adam",
        "pacgan-ring-gan",
        {**RING, "game.latent": 3, **both(lr=4e-3, betas=[0.97, 0.99])},
        data="crystal",
        **TURNS,
        also=("rate-too-high",),
        why="with such inertia this rate is too high.",
    ),
    Case(
        "wide-hop-discs",
        "",
        "discs by fully connected networks and hinge costs, the generator fifteen times as fast",
        "photos",
        {**FLAT_NETS, "game.cost": "hinge", **FAIR, "game.generator.lr": 1.5e-2},
        data="discs",
        **HOURS,
    ),
    Case(
        "wide-hop-edges",
        "",
        "edges by residual networks, the generator twelve times as fast",
        "sngan",
        {**BLOCKS, "game.generator.lr": 1.2e-2},
        data="boxes",
        **QUICK,
    ),
    Case(
        "wide-hop-rosette",
        "",
        "eight modes by simultaneous moves and RMSprop, networks of the oldest kind",
        "gan-ring",
        {
            **DENSE,
            "dynamics.rule": "simultaneous",
            **both(lr=1e-3, rule="rmsprop"),
            "game.generator.lr": 1.2e-2,
        },
        data="rosette",
        **TURNS,
    ),
)

SURE = {
    "game.cost": "saturating",
    "game.critic.lr": 4e-3,
    "game.critic_steps": 4,
    "game.generator.lr": 5e-5,
}
"""The cost that saturates, before a critic that is much faster."""

_VANISHING = coming(
    "vanishing-gradient",
    Case(
        "wide-sure-of-months",
        "",
        "saturating costs on twelve months by networks of the oldest kind, the critic's 80 times "
        "as fast",
        "gan-ring",
        {**DENSE, **SURE, "game.latent": 6},
        data="months",
        steps=400,
        every=20,
    ),
    Case(
        "wide-sure-of-kinds",
        "",
        "discs told which by a saturating cost, before a critic of sixty times the rate",
        "acgan-mnist",
        {
            **HEADS,
            "game.cost": "saturating",
            "game.class_weight": 0.01,
            "game.critic.lr": 3e-3,
            "game.generator.lr": 5e-5,
        },
        data="discs-told",
        steps=400,
        every=20,
        also=("ignored-condition",),
        why="what hears nothing of its critic hears nothing of classes.",
    ),
    Case(
        "wide-sure-of-paintings",
        "",
        "saturating costs on paintings in colour by fully connected networks",
        "photos",
        {**FLAT_NETS, **FAIR, **SURE},
        data="paintings",
        steps=300,
        every=15,
    ),
    Case(
        "wide-sure-late",
        "",
        "a saturating game of sixteen modes, healthy until R1 is dropped and the critic sped up",
        "pacgan-ring-gan",
        {**RING, **R1, "game.latent": 4, "game.cost": "saturating"},
        after=200,
        late={**SURE, "game.r1": 0.0},
        data="trellis",
        steps=600,
    ),
    Case(
        "wide-clipped-deep",
        "",
        "Wasserstein's costs before a critic of five layers whose weights are clipped at 0.001",
        "pacgan-ring-gan",
        {
            **RING,
            "game.cost": "wasserstein",
            "game.clip": 1e-3,
            "game.networks.critic_depth": 5,
            **both(rule="rmsprop"),
        },
        data="rosette",
        steps=400,
        every=20,
        also=(BLIND,),
        why="weights so small pass on no slope, and such a critic sees nothing.",
    ),
    Case(
        "wide-sure-of-edges",
        "",
        "the game as it is written down on edges, by convolutions and a critic without a norm",
        "photos",
        {**DIGITS, **SURE, "game.cost": "gan", "game.networks.critic_norm": "none"},
        data="boxes",
        steps=240,
        every=12,
    ),
)

CASES = (*_COLLAPSE, *_PARTIAL, *_HOPPING, *_VANISHING)
"""Six causes of each condition."""
