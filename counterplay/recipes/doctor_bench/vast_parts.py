"""Games that lose modes in vast ways, judged once and looked at since."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.healthy_games import PAIRED
from counterplay.recipes.doctor_bench.next_critics import STYLED
from counterplay.recipes.doctor_bench.next_games import CODED, FLAT_NETS, MODERN
from counterplay.recipes.doctor_bench.settings import BLOCKS, DENSE, HEADS, TABLE
from counterplay.recipes.doctor_bench.sick_games import DIGITS, R1, RING, both
from counterplay.recipes.doctor_bench.vast_games import coming
from counterplay.recipes.doctor_bench.wide_games import BEND, FAIR, HOURS, LONG, PAIRS, QUICK

__all__ = ["CASES"]

POINT = {"game.latent": 1}
"""A curve through the data, and no more."""

_PARTIAL = coming(
    "partial-collapse",
    Case(
        "vast-part-quilts",
        "",
        "64 kinds of quilts by fully connected networks, R1 and one latent number",
        "photos",
        {**FLAT_NETS, **R1, **FAIR, **POINT},
        data="quilts",
        **HOURS,
    ),
    Case(
        "vast-part-sewn",
        "",
        "64 kinds of quilts by convolutions, hinge costs, a slope around them and one latent "
        "number",
        "photos",
        {
            **DIGITS,
            **POINT,
            "game.cost": "hinge",
            "game.penalties.dragan": 1.0,
            "game.networks.critic_norm": "none",
        },
        data="quilts",
        **HOURS,
    ),
    Case(
        "vast-part-switches",
        "",
        "64 modes in six dimensions by paired costs, one latent number and three units",
        "pacgan-ring-gan",
        {**RING, **PAIRED, **BEND},
        data="switchboard",
        **LONG,
    ),
    Case(
        "vast-part-signals",
        "",
        "64 modes in six dimensions by a gradient penalty and one latent number",
        "table",
        {**TABLE, "ema": 40.0, **POINT, "game.penalty": 0.1, "game.critic_steps": 2},
        data="switchboard",
        **LONG,
    ),
    Case(
        "vast-part-narrow",
        "",
        "64 modes in six dimensions by least squares, all latents through a layer of two units",
        "pacgan-ring-gan",
        {
            **RING,
            **R1,
            "game.latent": 6,
            "game.cost": "least_squares",
            "game.networks.width": 2,
            "game.networks.depth": 1,
            "game.networks.critic_width": 64,
            "game.networks.critic_depth": 2,
        },
        data="switchboard",
        **LONG,
    ),
    Case(
        "vast-part-clans",
        "",
        "24 modes in eight dimensions by hinge costs, one latent number and three units",
        "pacgan-ring-gan",
        {**RING, **R1, **BEND, "game.cost": "hinge"},
        data="clans",
        **LONG,
    ),
    Case(
        "vast-part-families",
        "",
        "24 modes in eight dimensions by networks of the oldest kind and one latent number",
        "gan-ring",
        {**DENSE, **PAIRED, **POINT, "game.networks.depth": 1},
        data="clans",
        **LONG,
    ),
    Case(
        "vast-part-pairs-of-clans",
        "",
        "24 modes by Wasserstein's costs in packs of two, one latent number and four tanh units",
        "pacgan-ring-gan",
        {
            **RING,
            **BEND,
            "game.networks.width": 4,
            "game.networks.activation": "tanh",
            "game.cost": "wasserstein",
            "game.penalties.one_sided": 1.0,
            "game.critic_steps": 2,
            "game.pack": 2,
            **both(lr=1e-3, betas=[0.0, 0.9]),
        },
        data="clans",
        **LONG,
    ),
    Case(
        "vast-part-comb",
        "",
        "nineteen cells of a comb by paired costs, one latent number and two leaky units",
        "pacgan-ring-gan",
        {
            **RING,
            **PAIRED,
            **BEND,
            "game.networks.width": 2,
            "game.networks.activation": "leaky",
            "game.networks.critic_activation": "leaky",
        },
        data="honeycomb",
        **LONG,
    ),
    Case(
        "vast-part-flags",
        "",
        "54 kinds of flags by a gradient penalty, fully connected networks and one latent number",
        "digits-wgan-gp",
        {**FLAT_NETS, **POINT, "game.penalty": 1.0, "game.critic_steps": 2, **FAIR},
        data="flags",
        **HOURS,
    ),
    Case(
        "vast-part-colours",
        "",
        "54 kinds of flags by residual networks without norms and one latent number",
        "r3gan",
        {**MODERN, **POINT},
        data="flags",
        **{**QUICK, "steps": 200, "every": 10, "proof": 300},
    ),
    Case(
        "vast-part-told",
        "",
        "54 kinds of flags told the middle stripe by hinge costs and R1, one latent number beside "
        "it",
        "digits",
        {**FLAT_NETS, **FAIR, **POINT, "game.cost": "hinge", "game.r1": 0.3},
        data="flags-told",
        **HOURS,
    ),
    Case(
        "vast-part-styles",
        "",
        "54 kinds of flags by styles of two numbers that one latent number makes",
        "style-32",
        {**STYLED, **POINT, "game.networks.style": 2, "game.mixing": 0.0},
        data="flags",
        **QUICK,
    ),
    Case(
        "vast-part-lamps",
        "",
        "36 pairs of lamps by residual networks and one latent number",
        "sngan",
        {**BLOCKS, **POINT, "data.batch": 20},
        data="lamps",
        **{**QUICK, "steps": 200, "every": 10, "proof": 300},
    ),
    Case(
        "vast-part-lamps-told",
        "",
        "36 pairs of lamps by a critic that tells the row, one latent number beside it",
        "acgan-mnist",
        {**HEADS, **POINT, "game.r1": 0.3},
        data="lamps-told",
        **HOURS,
    ),
    Case(
        "vast-part-coded",
        "",
        "64 kinds of quilts by a code of three values and one number beside it, paired costs",
        "infogan-mnist",
        {
            **CODED,
            "game.cost": "relativistic",
            "game.r1": 0.3,
            "game.categories": 3,
            "game.places": 0,
            "game.noise": 1,
        },
        data="quilts",
        **HOURS,
    ),
    Case(
        "vast-part-drawn",
        "",
        "64 kinds of quilts and an encoder that draws the one latent number there is",
        "bigan-mnist",
        {**PAIRS, **POINT, "game.posterior": "drawn", "game.r2": 0.2},
        data="quilts",
        **HOURS,
    ),
)

CASES = _PARTIAL
"""Seventeen causes."""
