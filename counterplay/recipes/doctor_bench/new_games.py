"""Games made sick in new ways that were judged once, and looked at since."""

from __future__ import annotations

from functools import partial

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.held_games import PLAIN
from counterplay.recipes.doctor_bench.sick_games import BLIND, R1, RING, both

__all__ = ["CASES", "DENSE", "DRAWN", "new"]

new = partial(of_condition, halves=("seen",))

DENSE = {
    "data.batch": 48,
    "ema": 40.0,
    "game.latent": 4,
    "game.networks.width": 32,
    "game.networks.depth": 2,
    **both(lr=1e-3, betas=[0.5, 0.99]),
}
"""Fully connected networks of the oldest kind for points and rows."""

DRAWN = {**PLAIN, "data.batch": 24, "game.networks.critic_norm": "none"}
"""Convolutions for pictures without classes, before a critic without a norm."""

_COLLAPSE = new(
    "mode-collapse",
    Case(
        "new-one-petal",
        "",
        "four petals by networks of the oldest kind, the generator a hundred times as fast",
        "gan-ring",
        {**DENSE, "game.generator.lr": 1e-2, "game.critic.lr": 1e-4},
        data="petals",
        steps=500,
        proof=750,
        also=(BLIND, "mode-hopping", "divergence"),
        why="such a slow critic is no match for the generator.",
    ),
    Case(
        "new-one-boat",
        "",
        "boats by Adam at 0.02 in the generator, by plain descent at 0.002 in the critic",
        "pacgan-ring-gan",
        {
            **RING,
            "game.latent": 6,
            "game.generator.lr": 2e-2,
            "game.critic.rule": "sgd",
            "game.critic.betas": [0.0, 0.99],
            "game.critic.lr": 2e-3,
        },
        data="yacht-200",
        steps=500,
        proof=750,
        also=(BLIND, "divergence"),
        why="descent at a rate that was chosen for Adam hardly moves a critic.",
    ),
    Case(
        "new-one-adult",
        "",
        "packs of rows of the census, the generator five thousand times as fast as the critic",
        "gan-mixed",
        {
            "data.batch": 64,
            "ema": 40.0,
            "game.networks.width": 48,
            "game.latent": 16,
            "game.generator.lr": 5e-2,
            "game.critic.lr": 1e-5,
        },
        data="adult-1500",
        steps=240,
        every=12,
        proof=360,
        also=(BLIND, "rate-too-high"),
        why="the generator's rate is what ruins it, and such a slow critic is no match.",
    ),
    Case(
        "new-one-code",
        "",
        "digits and an encoder, the coder 250 times as fast as the critic of pairs",
        "bigan-mnist",
        {
            "data.source": "digits",
            "data.batch": 32,
            "ema": 40.0,
            "game.latent": 8,
            "game.networks": {"type": "mlp", "width": 64, "depth": 2},
            "game.features": 32,
            "game.coder.lr": 5e-3,
            "game.critic.lr": 2e-5,
        },
        steps=300,
        every=15,
        proof=450,
        also=(BLIND, "rate-too-high"),
        why="the coder's rate is what ruins it, and such a slow critic is no match.",
    ),
)

_PARTIAL = new(
    "partial-collapse",
    Case(
        "new-part-wheel",
        "",
        "a pinwheel by a generator of one latent and four leaky units",
        "pacgan-ring-gan",
        {
            **RING,
            **R1,
            "game.latent": 1,
            "game.networks.activation": "leaky",
            "game.networks.width": 4,
            "game.networks.depth": 1,
            "game.networks.critic_width": 48,
            "game.networks.critic_depth": 2,
        },
        data="wheel",
        steps=700,
        proof=1050,
    ),
    Case(
        "new-part-axes",
        "",
        "ten modes in five dimensions by reverse KL, the generator 2.5 times as fast",
        "pacgan-ring-gan",
        {**RING, "game.latent": 5, "game.cost": "reverse_kl", "game.generator.lr": 2.5e-3},
        data="axes",
        steps=700,
        proof=1050,
        also=(BLIND, "oscillation", "divergence"),
        why="a critic that is slower is behind wherever it looks.",
    ),
    Case(
        "new-part-lattice",
        "",
        "nine modes before a critic of three units of maxout",
        "pacgan-ring-gan",
        {
            **RING,
            "game.networks.critic_activation": "maxout",
            "game.networks.critic_width": 2,
            "game.networks.critic_depth": 1,
        },
        data="lattice",
        steps=700,
        proof=1050,
        also=(BLIND, "divergence"),
        why="it cannot tell nine modes from four.",
    ),
    Case(
        "new-part-sheet",
        "",
        "a rolled sheet by a gradient penalty and a generator of one latent number",
        "plane",
        {
            "data.batch": 64,
            "ema": 40.0,
            "game.networks.width": 48,
            "game.networks.depth": 2,
            "game.latent": 1,
            **both(lr=1e-3, betas=[0.5, 0.9]),
        },
        data="sheet",
        steps=600,
        every=30,
        proof=900,
    ),
)

_HOPPING = new(
    "mode-hopping",
    Case(
        "new-hop-axes",
        "",
        "ten modes in five dimensions by least squares and RMSprop, the generator's at 0.015",
        "pacgan-ring-gan",
        {
            **RING,
            "game.latent": 5,
            "game.cost": "least_squares",
            **both(rule="rmsprop"),
            "game.generator.lr": 1.5e-2,
        },
        data="axes",
        steps=900,
        every=30,
    ),
    Case(
        "new-hop-beads",
        "",
        "six modes on a wave by networks of the oldest kind, the generator fifteen times as fast",
        "gan-ring",
        {**DENSE, "game.latent": 2, "game.generator.lr": 1.5e-2},
        data="beads",
        steps=900,
        every=30,
    ),
    Case(
        "new-hop-lattice",
        "",
        "nine modes by simultaneous moves and a fast generator with batch norm",
        "pacgan-ring-gan",
        {
            **RING,
            "dynamics.rule": "simultaneous",
            "game.networks.batch_norm": True,
            "game.generator.lr": 1.5e-2,
        },
        data="lattice",
        steps=900,
        every=30,
    ),
    Case(
        "new-hop-clothes",
        "",
        "clothes by convolutions and hinge costs, the generator fifteen times as fast",
        "mnist",
        {**DRAWN, "game.cost": "hinge", "game.generator.lr": 1.5e-2},
        data="fashion-plain",
        steps=400,
        every=20,
    ),
)

_VANISHING = new(
    "vanishing-gradient",
    Case(
        "new-sure-of-lifts",
        "",
        "the Jensen-Shannon divergence's costs on seventeen columns, and a critic of leaky units",
        "pacgan-ring-gan",
        {
            **RING,
            "game.cost": "jensen_shannon",
            "game.latent": 8,
            "game.networks.critic_activation": "leaky",
            "game.networks.critic_width": 64,
            "game.critic.lr": 5e-3,
            "game.critic_steps": 6,
            "game.generator.lr": 3e-5,
        },
        data="elevators-1200",
        steps=400,
        every=20,
    ),
    Case(
        "new-sure-of-houses",
        "",
        "saturating costs on house numbers before a critic of three times the generator's width",
        "photos",
        {
            **DRAWN,
            "game.cost": "saturating",
            "game.networks.critic_width": 16,
            "game.critic.lr": 4e-3,
            "game.critic_steps": 3,
            "game.generator.lr": 5e-5,
        },
        data="houses-600",
        steps=160,
        every=8,
    ),
    Case(
        "new-sure-of-pair",
        "",
        "the oldest game as it is written down on two small modes in eight dimensions",
        "gan-ring",
        {
            **DENSE,
            "game.cost": "gan",
            "game.latent": 8,
            "game.critic.lr": 1e-2,
            "game.critic_steps": 5,
            "game.generator.lr": 5e-5,
        },
        data="far-pair",
        steps=400,
        every=20,
    ),
    Case(
        "new-sure-of-classes",
        "",
        "digits told the class by saturating costs, the critic at forty times the generator's rate",
        "cgan-mnist",
        {
            "data.source": "digits",
            "data.batch": 32,
            "ema": 40.0,
            "game.latent": 8,
            "game.cost": "saturating",
            "game.networks.width": 8,
            "game.networks.critic_norm": "none",
            "game.critic.lr": 4e-3,
            "game.critic_steps": 3,
            "game.generator.lr": 1e-4,
        },
        steps=240,
        every=12,
    ),
)

CASES = (*_COLLAPSE, *_PARTIAL, *_HOPPING, *_VANISHING)
"""Four causes of each condition."""
