"""Healthy games in yet further ways, judged once and looked at since."""

from __future__ import annotations

from functools import partial
from typing import Any

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.settings import TABLE, TOLD
from counterplay.recipes.doctor_bench.sick_games import R1, RING, both
from counterplay.recipes.doctor_bench.wide_critics import PACKED
from counterplay.recipes.doctor_bench.wide_healthy import ROWS as BROAD
from counterplay.recipes.doctor_bench.wide_healthy import WIDE

__all__ = ["CASES"]

coming = partial(of_condition, halves=("seen",))

SHOWN: dict[str, Any] = {"steps": 500, "every": 20, "proof": 1000}
ROUND = {**RING, **R1, "game.latent": 4, "game.networks.width": 64}
LEAKY = {"game.networks.activation": "leaky", "game.networks.critic_activation": "leaky"}

CASES = coming(
    "",
    Case(
        "last-well-petals",
        "",
        "four leaves, both players moving at once, paired costs and strong penalties",
        "pacgan-ring-gan",
        {**WIDE, "dynamics.rule": "simultaneous", "game.r1": 0.5, "game.r2": 0.5},
        data="petals",
        steps=750,
        every=30,
        proof=1500,
    ),
    Case(
        "last-well-jets",
        "",
        "four jets of a fountain by Pearson's divergence and a strong R1, batches of 96",
        "pacgan-ring-gan",
        {**ROUND, "data.batch": 96, "game.cost": "pearson", "game.r1": 0.3},
        data="fountain-jets",
        **SHOWN,
    ),
    Case(
        "last-well-knot",
        "",
        "a knot in space by Hellinger's distance squared and R1, leaky units",
        "pacgan-ring-gan",
        {**ROUND, **LEAKY, "data.batch": 96, "game.cost": "squared_hellinger"},
        data="knot",
        **SHOWN,
    ),
    Case(
        "last-well-loaves",
        "",
        "seven numbers, each near its neighbours, by Wasserstein's costs and a penalty on drift",
        "pacgan-ring-gan",
        {
            **RING,
            "data.batch": 96,
            "game.cost": "wasserstein",
            "game.penalties.gradient": 1.0,
            "game.penalties.drift": 1e-3,
            "game.critic_steps": 2,
            "game.latent": 10,
            "game.networks.width": 64,
            **both(lr=1e-3, betas=[0.0, 0.9]),
        },
        data="loaves",
        **SHOWN,
    ),
    Case(
        "last-well-cushion",
        "",
        "an even cube of five dimensions by reverse Kullback and Leibler and R1",
        "pacgan-ring-gan",
        {**ROUND, "data.batch": 128, "game.cost": "reverse_kl", "game.latent": 10},
        data="cushion",
        **SHOWN,
    ),
    Case(
        "last-well-smoothed",
        "",
        "five modes on a circle with smoothed labels of real points and R1",
        "pacgan-ring-gan",
        {**ROUND, "data.batch": 128, "game.tricks.real_label": 0.9},
        data="buoys",
        **SHOWN,
    ),
    Case(
        "last-well-scales",
        "",
        "three leaning modes by hinge costs, the critic's rate five times the generator's",
        "pacgan-ring-gan",
        {**ROUND, "game.cost": "hinge", "game.generator.lr": 4e-4, "game.critic.lr": 2e-3},
        data="triangle",
        **SHOWN,
    ),
    Case(
        "last-well-lattice",
        "",
        "nine modes by orthogonal weights and batch norm in the generator, both penalties",
        "pacgan-ring-gan",
        {
            **WIDE,
            "data.batch": 96,
            "game.networks.weights": "orthogonal",
            "game.networks.batch_norm": True,
        },
        data="lattice",
        **SHOWN,
    ),
    Case(
        "last-well-history",
        "",
        "a dumbbell by players that are held near the mean of their past, least squares",
        "pacgan-ring-gan",
        {**ROUND, "data.batch": 80, "game.cost": "least_squares", "game.tricks.history": 1e-3},
        data="dumbbell",
        **SHOWN,
    ),
    Case(
        "last-well-clover",
        "",
        "three wide modes around a middle, a twentieth of the critic's labels wrong, R1",
        "pacgan-ring-gan",
        {**ROUND, "data.batch": 80, "game.tricks.flips": 0.05},
        data="clover",
        **SHOWN,
    ),
    Case(
        "last-well-pearl",
        "",
        "a ball of six dimensions by paired costs and batches of sixteen, much noise",
        "pacgan-ring-gan",
        {**WIDE, "data.batch": 16, "game.latent": 10, "ema": 100.0},
        data="pearl",
        **SHOWN,
    ),
    Case(
        "last-well-winds",
        "",
        "a gust along ten masts by hinge costs and R1 with 32 latent numbers",
        "pacgan-ring-gan",
        {**ROUND, "game.cost": "hinge", "game.latent": 32, "game.networks.width": 96},
        data="mast-winds",
        **SHOWN,
    ),
    Case(
        "last-well-sluices",
        "",
        "sluices told the way they are run by a strong gradient penalty, a slow generator",
        "table",
        {**TOLD, "game.networks.width": 64, "game.penalty": 1.0, "game.generator.lr": 5e-4},
        data="sluices-told",
        **SHOWN,
    ),
    Case(
        "last-well-beats-told",
        "",
        "beats of the heart told which by a gradient penalty and batches of 96",
        "table",
        {**TOLD, "data.batch": 96, "game.networks.width": 96, "game.latent": 12},
        data="heart-pulses-told",
        **SHOWN,
    ),
    Case(
        "last-well-copula",
        "",
        "even columns, waiting times and bell curves by the first game's divergence and R1",
        "pacgan-ring-gan",
        {**ROUND, "data.batch": 80, "game.cost": "gan", "game.latent": 8},
        data="copula",
        **SHOWN,
    ),
    Case(
        "last-well-beats",
        "",
        "beats of the heart by a penalty on rows and four critic's moves to one, batches of 80",
        "table",
        {
            **TABLE,
            "data.batch": 80,
            "ema": 40.0,
            "game.networks.width": 96,
            "game.latent": 12,
            "game.penalty": 0.5,
            "game.critic_steps": 4,
        },
        data="heart-pulses",
        **SHOWN,
    ),
    Case(
        "last-well-repairs",
        "",
        "packs of three repairs of bicycles by a weak penalty and two moves to one",
        "gan-mixed",
        {**PACKED, "data.batch": 96, "game.pack": 3, "game.penalty": 3.0, "game.critic_steps": 2},
        data="bike-repairs",
        **SHOWN,
    ),
    Case(
        "last-well-lodgings",
        "",
        "rooms to let row by row, without packs, by a penalty and batches of 48",
        "gan-mixed",
        {**PACKED, "data.batch": 48, "game.pack": 1, "game.penalty": 5.0},
        data="lodgings",
        **SHOWN,
    ),
    Case(
        "last-well-shores",
        "",
        "two modes in space far from each other by optimistic moves and saturating costs, R1",
        "pacgan-ring-gan",
        {**ROUND, "dynamics.rule": "optimistic", "game.cost": "saturating", "game.r1": 0.3},
        data="shores",
        **SHOWN,
    ),
    Case(
        "last-well-targets",
        "",
        "targets told which by hinge costs and both penalties, fully connected networks",
        "digits",
        {**BROAD, "game.cost": "hinge", "game.r1": 0.2, "game.r2": 0.2},
        data="ring-targets-told",
        **SHOWN,
    ),
)
"""Games of points, rows, tables and drawn pictures; every one held."""
