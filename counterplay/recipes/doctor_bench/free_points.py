"""Free healthy games of points and rows, which nobody has looked at: uneven, discrete, strong."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.healthy_games import PAIRED
from counterplay.recipes.doctor_bench.settings import DENSE, TABLE, TOLD
from counterplay.recipes.doctor_bench.sick_games import RING, both
from counterplay.recipes.doctor_bench.wide_healthy import WIDE

__all__ = ["POINTS"]

PLANE: dict[str, Any] = {"steps": 600, "proof": 2400}
SHOWN: dict[str, Any] = {"steps": 500, "proof": 2000}
STEEP = {
    **TABLE,
    "data.batch": 64,
    "ema": 40.0,
    "game.networks.width": 96,
    "game.latent": 12,
    "game.penalty": 1.0,
    "game.critic_steps": 2,
}
"""Rows by a gradient penalty."""
ROUND = {**RING, "game.r1": 0.1, "game.latent": 4, "game.networks.width": 64}
LEAKY = {"game.networks.activation": "leaky", "game.networks.critic_activation": "leaky"}

POINTS = (
    Case(
        "free-well-buoys",
        "",
        "six modes of unlike width by paired costs, batches of 100",
        "pacgan-ring-gan",
        {**WIDE, "data.batch": 100},
        data="buoys-six",
        **PLANE,
    ),
    Case(
        "free-well-matches",
        "",
        "five matches on a table by paired costs in packs of two, batches of 128",
        "pacgan-ring-gan",
        {**WIDE, "data.batch": 128, "game.pack": 2},
        data="match-sticks",
        **PLANE,
    ),
    Case(
        "free-well-orbit",
        "",
        "a closed curve in four dimensions by least squares, R1 and six latent numbers",
        "pacgan-ring-gan",
        {**ROUND, "data.batch": 80, "game.cost": "least_squares", "game.latent": 6},
        data="orbit-four",
        **PLANE,
    ),
    Case(
        "free-well-bowl",
        "",
        "the inside of a bowl by networks of the oldest kind, paired costs and both penalties",
        "gan-ring",
        {**DENSE, **PAIRED, "data.batch": 80, "game.networks.width": 64},
        data="bowl-inside",
        **PLANE,
    ),
    Case(
        "free-well-bowl-slow",
        "",
        "the same by three tenths of the rate and leaky units, which takes three times as long",
        "pacgan-ring-gan",
        {**WIDE, **LEAKY, **both(lr=3e-4), "data.batch": 80},
        data="bowl-inside",
        steps=700,
        proof=2800,
    ),
    Case(
        "free-well-bean",
        "",
        "one bent mode by networks of twelve units and paired costs",
        "pacgan-ring-gan",
        {**WIDE, "game.networks.width": 12},
        data="bean-bent",
        **PLANE,
    ),
    Case(
        "free-well-planet",
        "",
        "a ring and its core by hinge costs, R1 and leaky units, batches of 96",
        "pacgan-ring-gan",
        {**ROUND, **LEAKY, "data.batch": 96, "game.cost": "hinge"},
        data="planet-core",
        **PLANE,
    ),
    Case(
        "free-well-herds",
        "",
        "three herds, the last with a twentieth of the points, by paired costs and large batches",
        "pacgan-ring-gan",
        {**WIDE, "data.batch": 160},
        data="herds-uneven",
        **PLANE,
    ),
    Case(
        "free-well-flocks",
        "",
        "two modes in four dimensions, one of them rare, by paired costs and batches of 128",
        "pacgan-ring-gan",
        {**WIDE, "data.batch": 128, "game.latent": 6},
        data="flocks-two",
        **PLANE,
    ),
    Case(
        "free-well-pegs",
        "",
        "places on a board a half apart, many times the same, by a gradient penalty",
        "table",
        STEEP,
        data="pegs-half",
        **SHOWN,
    ),
    Case(
        "free-well-rains",
        "",
        "rains with long tails by paired costs and batches of 100",
        "pacgan-ring-gan",
        {**WIDE, "data.batch": 100, "game.latent": 10},
        data="rains-five",
        **PLANE,
    ),
    Case(
        "free-well-ponds",
        "",
        "counts of animals, whole numbers and many noughts, by a gradient penalty",
        "table",
        {**STEEP, "data.batch": 80},
        data="pond-counts",
        **SHOWN,
    ),
    Case(
        "free-well-ovens",
        "",
        "ovens by paired costs, twelve latent numbers and batches of 80",
        "pacgan-ring-gan",
        {**WIDE, "data.batch": 80, "game.latent": 12, "game.networks.width": 96},
        data="oven-heat",
        **SHOWN,
    ),
    Case(
        "free-well-clays",
        "",
        "four factors of clays by Wasserstein's costs and a one-sided penalty, batches of 96",
        "pacgan-ring-gan",
        {
            **RING,
            "data.batch": 96,
            "game.cost": "wasserstein",
            "game.penalties.one_sided": 1.0,
            "game.critic_steps": 2,
            "game.latent": 10,
            "game.networks.width": 96,
            **both(lr=1e-3, betas=[0.0, 0.9]),
        },
        data="clay-kinds",
        **SHOWN,
    ),
    Case(
        "free-well-marks",
        "",
        "marks in whole numbers by a gradient penalty and batches of 80",
        "table",
        {**STEEP, "data.batch": 80, "game.latent": 16},
        data="exam-marks",
        **SHOWN,
    ),
    Case(
        "free-well-buoys-told",
        "",
        "six modes told which by a gradient penalty",
        "table",
        {**TOLD, "game.networks.width": 64},
        data="buoys-six-told",
        **PLANE,
    ),
    Case(
        "free-well-herds-told",
        "",
        "three herds told which, one of them rare, by a gradient penalty and large batches",
        "table",
        {**TOLD, "data.batch": 128, "game.networks.width": 64},
        data="herds-uneven-told",
        **PLANE,
    ),
    Case(
        "free-well-planet-told",
        "",
        "a ring and its core told which by a gradient penalty, at two thirds of the rate",
        "table",
        {**TOLD, **both(lr=7e-4), "data.batch": 96, "game.networks.width": 64},
        data="planet-core-told",
        **PLANE,
    ),
    Case(
        "free-well-fast",
        "",
        "one bent mode by paired costs at three times the rate, strong penalties",
        "pacgan-ring-gan",
        {**WIDE, **both(lr=3e-3), "data.batch": 128, "game.r1": 0.3, "game.r2": 0.3},
        data="bean-bent",
        **PLANE,
    ),
    Case(
        "free-well-strong",
        "",
        "six modes before a critic of three layers of 96 units, three of its moves to one",
        "pacgan-ring-gan",
        {
            **WIDE,
            "data.batch": 80,
            "game.critic_steps": 3,
            "game.networks.critic_width": 96,
            "game.networks.critic_depth": 3,
        },
        data="buoys-six",
        **SHOWN,
    ),
)
"""Every one held."""
