"""Healthy games that were judged once and looked at since: slow and unusual ones among them."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.healthy_games import PAIRED
from counterplay.recipes.doctor_bench.held_games import PLAIN, TABLE
from counterplay.recipes.doctor_bench.last_games import last
from counterplay.recipes.doctor_bench.last_well import MODELS
from counterplay.recipes.doctor_bench.sick_games import R1, RING, both

__all__ = ["CASES"]

_GAMES = (
    Case(
        "last-well-star",
        "",
        "a star by paired costs and leaky units, the critic's rate twice the generator's",
        "pacgan-ring-gan",
        {
            **RING,
            **PAIRED,
            "game.networks.activation": "leaky",
            "game.networks.critic_activation": "leaky",
            "game.generator.lr": 5e-4,
        },
        data="star",
        steps=600,
        proof=2400,
    ),
    Case(
        "last-well-tesseract",
        "",
        "corners of a tesseract by paired costs in packs of two",
        "pacgan-ring-gan",
        {**RING, **PAIRED, "game.latent": 4, "game.pack": 2, "game.networks.width": 48},
        data="tesseract",
        steps=600,
        proof=3000,
    ),
    Case(
        "last-well-triangle",
        "",
        "three long modes by least squares, R1 and simultaneous moves",
        "pacgan-ring-gan",
        {**RING, **R1, "game.cost": "least_squares", "dynamics.rule": "simultaneous"},
        data="triangle",
        steps=600,
        proof=2400,
    ),
    Case(
        "last-well-circles",
        "",
        "two circles by paired costs and RMSprop, batches of 128",
        "pacgan-ring-gan",
        {
            **RING,
            **PAIRED,
            "data.source": "circles",
            "data.batch": 128,
            "game.networks.width": 48,
            **both(rule="rmsprop"),
        },
        steps=500,
        proof=1800,
    ),
    Case(
        "last-well-fog",
        "",
        "three long modes in a fog that lifts, plain costs and R1",
        "pacgan-ring-gan",
        {**RING, **R1, "game.tricks.instance_noise": 0.5, "game.tricks.noise_rounds": 600},
        data="triangle",
        steps=700,
        proof=2400,
    ),
    Case(
        "last-well-bow",
        "",
        "a bent sheet in five columns by tanh units and R1",
        "pacgan-ring-gan",
        {
            **RING,
            **R1,
            "game.latent": 5,
            "game.networks.activation": "tanh",
            "game.networks.width": 64,
            "game.networks.critic_activation": "leaky",
        },
        data="bow-5",
        steps=600,
        proof=2400,
    ),
    Case(
        "last-well-bow-slope",
        "",
        "the same by Wasserstein's costs, a one-sided penalty and a wide net of one layer",
        "pacgan-ring-gan",
        {
            **RING,
            "game.latent": 5,
            "game.cost": "wasserstein",
            "game.penalties.one_sided": 1.0,
            "game.critic_steps": 2,
            "game.networks.width": 96,
            "game.networks.depth": 1,
            "game.networks.critic_width": 64,
            "game.networks.critic_depth": 2,
        },
        data="bow-5",
        steps=500,
        proof=2000,
    ),
    Case(
        "last-well-players",
        "",
        "players of a game by a gradient penalty, small batches",
        "table",
        {**TABLE, "game.penalty": 1.0, "ema": 40.0, "game.critic_steps": 2, "game.latent": 16},
        data="skillcraft-1000",
        steps=500,
        proof=2500,
    ),
    Case(
        "last-well-arm",
        "",
        "nine even columns by hinge costs and R1, at half the rate",
        "pacgan-ring-gan",
        {**RING, **R1, "game.latent": 9, "game.cost": "hinge", **both(lr=5e-4)},
        data="kin40k-1000",
        steps=600,
        proof=1800,
    ),
    Case(
        "last-well-group",
        "",
        "digits by group norm, hinge costs and R1",
        "digits",
        {**PLAIN, **R1, "game.networks.critic_norm": "group", "game.cost": "hinge"},
        steps=500,
        every=25,
        proof=1500,
    ),
    Case(
        "last-well-shirts",
        "",
        "clothes by fully connected networks, paired costs and strong penalties",
        "mnist",
        {
            "data.batch": 64,
            "ema": 40.0,
            "game.conditional": False,
            "game.latent": 16,
            "game.networks": {"type": "mlp", "width": 96, "depth": 2},
            **PAIRED,
            "game.r1": 0.5,
            "game.r2": 0.5,
            **both(lr=1e-3, betas=[0.5, 0.99]),
        },
        data="fashion-plain",
        steps=400,
        every=20,
        proof=1000,
    ),
)

CASES = last("", *_GAMES, *MODELS)
"""Every one."""
