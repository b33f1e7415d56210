"""Vast healthy games, judged once and looked at since: rare modes, heavy tails, strong critics."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.healthy_games import PAIRED
from counterplay.recipes.doctor_bench.settings import DENSE, TABLE, TOLD
from counterplay.recipes.doctor_bench.sick_games import RING, both
from counterplay.recipes.doctor_bench.wide_healthy import WIDE

__all__ = ["POINTS", "SHOWN"]

PLANE: dict[str, Any] = {"steps": 600, "proof": 2400}
SHOWN: dict[str, Any] = {"steps": 500, "proof": 2000}

POINTS = (
    Case(
        "vast-well-heart",
        "",
        "a heart's outline by paired costs, a critic of three layers and batches of 80",
        "pacgan-ring-gan",
        {**WIDE, "data.batch": 80, "game.networks.critic_depth": 3},
        data="valentine",
        **PLANE,
    ),
    Case(
        "vast-well-comb",
        "",
        "seven teeth of a comb by paired costs in packs of two, batches of 128",
        "pacgan-ring-gan",
        {**WIDE, "data.batch": 128, "game.pack": 2},
        data="comb-teeth",
        steps=600,
        proof=3000,
    ),
    Case(
        "vast-well-rare",
        "",
        "five modes of which the last has a 25th of the points, by paired costs and large batches",
        "pacgan-ring-gan",
        {**WIDE, "data.batch": 160},
        data="rare-five",
        **PLANE,
    ),
    Case(
        "vast-well-trio",
        "",
        "three modes of unlike width by hinge costs, R1 and leaky units",
        "pacgan-ring-gan",
        {
            **RING,
            "game.cost": "hinge",
            "game.r1": 0.1,
            "game.latent": 4,
            "game.networks.width": 64,
            "game.networks.activation": "leaky",
            "game.networks.critic_activation": "leaky",
        },
        data="trio-widths",
        **PLANE,
    ),
    Case(
        "vast-well-zigzag",
        "",
        "a zigzag by Wasserstein's costs and a one-sided penalty, batches of 80",
        "pacgan-ring-gan",
        {
            **RING,
            "data.batch": 80,
            "game.cost": "wasserstein",
            "game.penalties.one_sided": 1.0,
            "game.critic_steps": 2,
            "game.latent": 4,
            "game.networks.width": 64,
            **both(lr=1e-3, betas=[0.0, 0.9]),
        },
        data="zigzag-line",
        **PLANE,
    ),
    Case(
        "vast-well-egg",
        "",
        "an egg's shell by least squares, R1 and six latent numbers",
        "pacgan-ring-gan",
        {
            **RING,
            "data.batch": 80,
            "game.cost": "least_squares",
            "game.r1": 0.1,
            "game.latent": 6,
            "game.networks.width": 64,
        },
        data="egg-shell",
        **PLANE,
    ),
    Case(
        "vast-well-saddle",
        "",
        "a saddle by networks of the oldest kind, paired costs and both penalties",
        "gan-ring",
        {**DENSE, **PAIRED, "data.batch": 80, "game.networks.width": 64},
        data="saddle-sheet",
        **PLANE,
    ),
    Case(
        "vast-well-gusts",
        "",
        "gusts, whose tails reach ten deviations, by paired costs and batches of 100",
        "pacgan-ring-gan",
        {**WIDE, "data.batch": 100, "game.latent": 10},
        data="gusts-tails",
        **PLANE,
    ),
    Case(
        "vast-well-answers",
        "",
        "answers in whole numbers by a gradient penalty, batches of 64",
        "table",
        {
            **TABLE,
            "data.batch": 64,
            "ema": 40.0,
            "game.networks.width": 96,
            "game.latent": 16,
            "game.penalty": 1.0,
            "game.critic_steps": 2,
        },
        data="answers-five",
        **SHOWN,
    ),
    Case(
        "vast-well-tides",
        "",
        "tides by paired costs, fourteen latent numbers and batches of 80",
        "pacgan-ring-gan",
        {**WIDE, "data.batch": 80, "game.latent": 14, "game.networks.width": 96},
        data="sea-tides",
        **SHOWN,
    ),
    Case(
        "vast-well-leaves",
        "",
        "leaves told the tree by a gradient penalty, half of them of one",
        "table",
        {**TOLD, "game.networks.width": 64},
        data="leaf-sizes-told",
        **PLANE,
    ),
    Case(
        "vast-well-rare-told",
        "",
        "five modes told which, of which one is rare, by a gradient penalty and large batches",
        "table",
        {**TOLD, "data.batch": 128, "game.networks.width": 64},
        data="rare-five-told",
        **PLANE,
    ),
    Case(
        "vast-well-small",
        "",
        "four correlated numbers by networks of sixteen units and paired costs",
        "pacgan-ring-gan",
        {**WIDE, "game.latent": 6, "game.networks.width": 16},
        data="normal-4",
        **PLANE,
    ),
    Case(
        "vast-well-fast",
        "",
        "three long modes by paired costs at three times the rate, strong penalties",
        "pacgan-ring-gan",
        {
            **WIDE,
            **both(lr=3e-3),
            "data.batch": 128,
            "game.r1": 0.3,
            "game.r2": 0.3,
        },
        data="triangle",
        **PLANE,
    ),
    Case(
        "vast-well-strong",
        "",
        "five modes before a critic of three layers of 96 units, four of its moves to one",
        "pacgan-ring-gan",
        {
            **WIDE,
            "game.critic_steps": 4,
            "game.networks.critic_width": 96,
            "game.networks.critic_depth": 3,
        },
        data="quincunx",
        steps=500,
        proof=2000,
    ),
)
"""Points and rows; every one held."""
