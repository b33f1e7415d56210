"""Games made sick in ways that were judged once, and looked at since."""

from __future__ import annotations

from functools import partial

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.held_games import TABLE
from counterplay.recipes.doctor_bench.sick_games import BLIND, R1, RING, both

__all__ = ["BLOCKS", "CASES", "last"]

last = partial(of_condition, halves=("seen",))

BLOCKS = {
    "data.batch": 32,
    "ema": 40.0,
    "game.networks.width": 8,
    "game.networks.attention": False,
    "game.latent": 8,
    **both(lr=1e-3, betas=[0.5, 0.99]),
}
"""Residual networks of few channels."""

ROWS = {
    "data.batch": 32,
    "ema": 40.0,
    "game.conditional": False,
    "game.latent": 8,
    "game.networks": {"type": "mlp", "width": 64, "depth": 2},
    **both(lr=1e-3, betas=[0.5, 0.99]),
}
"""Fully connected networks for pictures."""

_COLLAPSE = last(
    "mode-collapse",
    Case(
        "last-one-shirt",
        "",
        "clothes by fully connected networks, the generator 150 times as fast as the critic",
        "mnist",
        {**ROWS, "game.cost": "hinge", "game.generator.lr": 3e-2, "game.critic.lr": 2e-4},
        data="fashion-plain",
        steps=400,
        every=20,
        proof=600,
        also=(BLIND, "rate-too-high"),
        why="the generator's rate is what ruins it, and such a slow critic is no match.",
    ),
    Case(
        "last-one-building",
        "",
        "nine columns by least squares, the generator sixty times as fast as the critic",
        "pacgan-ring-gan",
        {
            **RING,
            "game.latent": 8,
            "game.cost": "least_squares",
            "game.generator.lr": 3e-2,
            "game.critic.lr": 5e-4,
        },
        data="energy-500",
        steps=500,
        proof=750,
        also=("mode-hopping", BLIND, "divergence"),
        why="it runs to where the critic last liked it.",
    ),
    Case(
        "last-one-corner",
        "",
        "corners of a tesseract by a generator whose tanh units are driven to their ends",
        "pacgan-ring-gan",
        {
            **RING,
            "game.latent": 4,
            "game.networks.activation": "tanh",
            "game.cost": "squared_hellinger",
            "game.generator.lr": 5e-2,
            "game.critic.lr": 5e-4,
        },
        data="tesseract",
        steps=500,
        proof=750,
        also=("mode-hopping", BLIND, "rate-too-high", "vanishing-gradient"),
        why="units at their ends, where the rate put them, pass on neither latent nor gradient.",
    ),
)

_PARTIAL = last(
    "partial-collapse",
    Case(
        "last-part-star",
        "",
        "a star by a generator of one latent and three tanh units, which draws a bent line",
        "pacgan-ring-gan",
        {
            **RING,
            **R1,
            "game.latent": 1,
            "game.networks.activation": "tanh",
            "game.networks.width": 3,
            "game.networks.depth": 1,
            "game.networks.critic_width": 48,
            "game.networks.critic_depth": 2,
        },
        data="star",
        steps=700,
        proof=1050,
    ),
    Case(
        "last-part-arm",
        "",
        "nine even columns by a gradient penalty and a generator of one latent number",
        "table",
        {**TABLE, "game.penalty": 0.1, "ema": 40.0, "game.latent": 1, "game.critic_steps": 2},
        data="kin40k-1000",
        steps=500,
        proof=750,
    ),
    Case(
        "last-part-shirts",
        "",
        "clothes by fully connected networks and least squares, the generator ten times as fast",
        "mnist",
        {**ROWS, "game.cost": "least_squares", "game.generator.lr": 1e-2},
        data="fashion-plain",
        steps=500,
        proof=750,
        also=(BLIND, "oscillation"),
        why="a critic that is slower is behind wherever it looks.",
    ),
)

_HOPPING = last(
    "mode-hopping",
    Case(
        "last-hop-star",
        "",
        "a star of seven modes by hinge costs, the generator twelve times as fast",
        "pacgan-ring-gan",
        {**RING, "game.cost": "hinge", "game.generator.lr": 1.2e-2},
        data="star",
        steps=900,
        every=30,
    ),
    Case(
        "last-hop-inertia",
        "",
        "least squares on three long modes, with inertia of 0.97 in both players' Adam",
        "pacgan-ring-gan",
        {**RING, "game.cost": "least_squares", **both(lr=3e-3, betas=[0.97, 0.99])},
        data="triangle",
        steps=900,
        every=30,
        also=("rate-too-high",),
        why="with such inertia this rate is too high.",
    ),
    Case(
        "last-hop-grid",
        "",
        "25 modes by the fast generator of Metz et al. (2017) and squared Hellinger's costs",
        "unrolled-ring-twin",
        {"data.source": "grid", "game.cost": "squared_hellinger", "game.networks.width": 64},
        steps=900,
        every=30,
    ),
)

_VANISHING = last(
    "vanishing-gradient",
    Case(
        "last-sure-of-buildings",
        "",
        "saturating costs on nine columns, and a critic of leaky units with twenty times the rate",
        "pacgan-ring-gan",
        {
            **RING,
            "game.latent": 8,
            "game.cost": "saturating",
            "game.networks.critic_activation": "leaky",
            "game.networks.critic_width": 64,
            "game.critic.lr": 5e-3,
            "game.critic_steps": 6,
            "game.generator.lr": 5e-5,
        },
        data="energy-500",
        steps=400,
        every=20,
    ),
    Case(
        "last-sure-of-negatives",
        "",
        "saturating costs on black digits, by residual networks and a critic without a norm",
        "sngan",
        {
            **BLOCKS,
            "game.cost": "saturating",
            "game.networks.critic_norm": "none",
            "game.critic.lr": 4e-3,
            "game.critic_steps": 3,
            "game.generator.lr": 5e-5,
        },
        data="mnist-negative",
        steps=200,
        every=10,
    ),
    Case(
        "last-sure-of-star",
        "",
        "the game as it is written down on a star, far from which the generator starts",
        "pacgan-ring-gan",
        {
            **RING,
            "game.cost": "gan",
            "game.networks.weights": "orthogonal",
            "game.networks.critic_activation": "maxout",
            "game.networks.critic_width": 48,
            "game.critic.lr": 8e-3,
            "game.critic_steps": 6,
            "game.generator.lr": 3e-5,
        },
        data="star",
        steps=400,
        every=20,
    ),
)

CASES = (*_COLLAPSE, *_PARTIAL, *_HOPPING, *_VANISHING)
"""Three causes of each condition."""
