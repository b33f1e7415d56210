"""The latest healthy games, judged once and looked at since: slow and unusual ones among them."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.healthy_games import PAIRED
from counterplay.recipes.doctor_bench.held_games import TABLE
from counterplay.recipes.doctor_bench.late_games import late
from counterplay.recipes.doctor_bench.late_well import MODELS
from counterplay.recipes.doctor_bench.new_games import DENSE
from counterplay.recipes.doctor_bench.sick_games import R1, RING, both

__all__ = ["CASES"]

_GAMES = (
    Case(
        "late-well-clock",
        "",
        "twelve modes by paired costs and leaky units, batches of 100",
        "pacgan-ring-gan",
        {
            **RING,
            **PAIRED,
            "data.batch": 100,
            "game.latent": 4,
            "game.networks.activation": "leaky",
            "game.networks.critic_activation": "leaky",
            "game.networks.width": 64,
        },
        data="clock",
        steps=600,
        proof=2000,
    ),
    Case(
        "late-well-domino",
        "",
        "ten modes by paired costs and optimistic moves",
        "pacgan-ring-gan",
        {
            **RING,
            **PAIRED,
            "dynamics.rule": "optimistic",
            "game.latent": 4,
            "game.networks.width": 64,
        },
        data="domino",
        steps=600,
        proof=2000,
    ),
    Case(
        "late-well-rails",
        "",
        "two bars by networks of the oldest kind, paired costs and penalties, RMSprop",
        "gan-ring",
        {**DENSE, **PAIRED, **both(lr=5e-4, rule="rmsprop")},
        data="rails",
        steps=600,
        proof=2000,
    ),
    Case(
        "late-well-knot",
        "",
        "a knot in space by Wasserstein's costs and a one-sided penalty",
        "pacgan-ring-gan",
        {
            **RING,
            "game.cost": "wasserstein",
            "game.penalties.one_sided": 1.0,
            "game.critic_steps": 2,
            "game.latent": 4,
            "game.networks.width": 64,
            **both(lr=1e-3, betas=[0.0, 0.9]),
        },
        data="knot",
        steps=600,
        proof=2400,
    ),
    Case(
        "late-well-shell",
        "",
        "the surface of a ball by least squares, R1 and a deep critic",
        "pacgan-ring-gan",
        {
            **RING,
            **R1,
            "game.latent": 6,
            "game.cost": "least_squares",
            "game.networks.width": 64,
            "game.networks.critic_depth": 3,
        },
        data="shell",
        steps=500,
        proof=2000,
    ),
    Case(
        "late-well-tails",
        "",
        "columns with heavy tails by plain costs, R1 and batches of 32",
        "gan-ring",
        {**DENSE, **R1, "data.batch": 32, "game.latent": 8},
        data="tails",
        steps=600,
        proof=2400,
    ),
    Case(
        "late-well-bananas",
        "",
        "bent clusters told which by a gradient penalty, at half the rate",
        "table",
        {
            **TABLE,
            "data.batch": 64,
            "ema": 40.0,
            "game.penalty": 0.2,
            "game.conditional": True,
            "game.critic_steps": 2,
            **both(lr=5e-4),
        },
        data="bananas",
        steps=500,
        proof=2000,
    ),
    Case(
        "late-well-wings",
        "",
        "aerofoils by paired costs in packs of two, the critic by RMSprop",
        "pacgan-ring-gan",
        {**RING, **PAIRED, "game.latent": 6, "game.pack": 2, "game.critic.rule": "rmsprop"},
        data="airfoil-650",
        steps=500,
        proof=2000,
    ),
    Case(
        "late-well-corners",
        "",
        "six corners by extrapolating moves, hinge costs and R1",
        "pacgan-ring-gan",
        {
            **RING,
            **R1,
            "dynamics.rule": "extragradient",
            "game.cost": "hinge",
            "game.latent": 8,
            "game.networks.width": 64,
        },
        data="simplex",
        steps=500,
        proof=2000,
    ),
    Case(
        "late-well-told-digits",
        "",
        "digits by a critic that tells the class, fully connected networks and paired costs",
        "acgan-mnist",
        {
            "data.source": "digits",
            "data.batch": 64,
            "ema": 40.0,
            "game.latent": 10,
            "game.networks": {"type": "mlp", "width": 96, "depth": 2},
            "game.features": 48,
            "game.cost": "relativistic",
            "game.r1": 0.2,
            **both(lr=1e-3, betas=[0.5, 0.99]),
        },
        steps=400,
        every=20,
        proof=1600,
    ),
)

CASES = late("", *_GAMES, *MODELS)
"""Every one held."""
