"""Games that lose modes in free ways, which nobody has looked at, to be judged once."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.ample_games import SLOPE
from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.free_games import coming
from counterplay.recipes.doctor_bench.healthy_games import PAIRED
from counterplay.recipes.doctor_bench.next_critics import STYLED
from counterplay.recipes.doctor_bench.next_games import CODED, FLAT_NETS, MODERN
from counterplay.recipes.doctor_bench.settings import BLOCKS, DENSE, HEADS, TABLE, TOLD
from counterplay.recipes.doctor_bench.sick_games import DIGITS, R1, RING, both
from counterplay.recipes.doctor_bench.wide_games import BEND, FAIR, LONG, PAIRS, QUICK

__all__ = ["CASES"]

THREAD = {"game.latent": 1}
"""One number decides all of a sample: a thread through what the data fill."""
WHILE: dict[str, Any] = {"steps": 600, "proof": 900}
BRISK: dict[str, Any] = {"steps": 300, "every": 15, "proof": 450}
STRAIT = {
    "game.latent": 6,
    "game.networks.width": 1,
    "game.networks.depth": 1,
    "game.networks.critic_width": 64,
    "game.networks.critic_depth": 2,
}
"""All latents go through one unit, before a critic that is large enough."""

_PARTIAL = coming(
    "partial-collapse",
    Case(
        "free-part-cushion",
        "",
        "a filled cube of five dimensions by least squares, one latent number and three units",
        "pacgan-ring-gan",
        {**RING, **R1, **BEND, "game.cost": "least_squares"},
        data="cushion",
        **LONG,
    ),
    Case(
        "free-part-pearl",
        "",
        "a filled ball of six dimensions by paired costs, one latent number and two tanh units",
        "pacgan-ring-gan",
        {
            **RING,
            **PAIRED,
            **BEND,
            "game.networks.width": 2,
            "game.networks.activation": "tanh",
        },
        data="pearl",
        **LONG,
    ),
    Case(
        "free-part-loaves",
        "",
        "seven columns that hang together by hinge costs, all latents through one leaky unit",
        "pacgan-ring-gan",
        {
            **RING,
            **R1,
            **STRAIT,
            "game.cost": "hinge",
            "game.networks.activation": "leaky",
        },
        data="loaves",
        **LONG,
    ),
    Case(
        "free-part-budgets",
        "",
        "seven shares of a hundred by networks of the oldest kind and one latent number",
        "gan-ring",
        {**DENSE, **PAIRED, **THREAD, "game.networks.width": 24, "game.networks.depth": 1},
        data="budgets",
        **LONG,
    ),
    Case(
        "free-part-grains",
        "",
        "six measures with long tails by a gradient penalty, one layer and one latent number",
        "table",
        {
            **TABLE,
            **THREAD,
            "ema": 40.0,
            "game.networks.depth": 1,
            "game.penalty": 0.1,
            "game.critic_steps": 2,
        },
        data="grains",
        **LONG,
    ),
    Case(
        "free-part-wedge",
        "",
        "six numbers in order by Wasserstein's costs, one latent number and three leaky units",
        "pacgan-ring-gan",
        {
            **RING,
            **BEND,
            "game.networks.activation": "leaky",
            "game.cost": "wasserstein",
            "game.penalties.gradient": 0.1,
            "game.critic_steps": 2,
            **both(lr=1e-3, betas=[0.0, 0.9]),
        },
        data="wedge",
        **LONG,
    ),
    Case(
        "free-part-packs-of-broths",
        "",
        "broths of eight ingredients in packs of three, one latent number and three leaky units",
        "pacgan-ring-gan",
        {
            **RING,
            **R1,
            **BEND,
            "data.batch": 96,
            "game.pack": 3,
            "game.networks.activation": "leaky",
            "game.networks.critic_activation": "leaky",
        },
        data="broths",
        **LONG,
    ),
    Case(
        "free-part-ripples",
        "",
        "sixteen heights of waves by a gradient penalty, two layers and one latent number",
        "table",
        {**TABLE, **THREAD, "ema": 40.0, "game.penalty": 1.0, "game.critic_steps": 2},
        data="ripples",
        **LONG,
    ),
    Case(
        "free-part-told-broths",
        "",
        "broths told of much or little salt by a gradient penalty, one latent number beside it",
        "table",
        {**TOLD, **THREAD, "game.networks.depth": 1},
        data="broths-told",
        **LONG,
    ),
    Case(
        "free-part-slope",
        "",
        "a filled ball of six dimensions by a gradient penalty, one layer and one latent number",
        "ring-wgan-gp",
        {
            **SLOPE,
            **THREAD,
            "game.penalty": 0.1,
            "game.networks.width": 24,
            "game.networks.depth": 1,
        },
        data="pearl",
        **LONG,
    ),
    Case(
        "free-part-foresight",
        "",
        "broths of eight ingredients by extrapolating moves, all latents through two tanh units",
        "pacgan-ring-gan",
        {
            **RING,
            **R1,
            **STRAIT,
            "dynamics.rule": "extragradient",
            "game.networks.width": 2,
            "game.networks.activation": "tanh",
        },
        data="broths",
        steps=500,
        proof=750,
    ),
    Case(
        "free-part-blinds",
        "",
        "eight slats of any grey by fully connected networks, R1 and one latent number",
        "photos",
        {**FLAT_NETS, **FAIR, **THREAD, "game.r1": 0.3},
        data="blinds",
        **LONG,
    ),
    Case(
        "free-part-panes",
        "",
        "nine panes of any grey by paired costs, fully connected networks and one latent number",
        "photos",
        {**FLAT_NETS, **PAIRED, **FAIR, **THREAD},
        data="panes",
        **LONG,
    ),
    Case(
        "free-part-washes",
        "",
        "washes of twelve shades by a gradient penalty, fully connected and one latent number",
        "digits-wgan-gp",
        {**FLAT_NETS, **THREAD, "game.penalty": 1.0, "game.critic_steps": 2, **FAIR},
        data="washes",
        **WHILE,
    ),
    Case(
        "free-part-swells",
        "",
        "swells of sixteen waves by residual networks without norms and one latent number",
        "r3gan",
        {**MODERN, **THREAD},
        data="swells",
        **QUICK,
    ),
    Case(
        "free-part-told-blinds",
        "",
        "eight slats told which end is lighter by hinge costs and R1, one latent number beside it",
        "digits",
        {**FLAT_NETS, **FAIR, **THREAD, "game.cost": "hinge", "game.r1": 0.3},
        data="blinds-told",
        **LONG,
    ),
    Case(
        "free-part-blocks",
        "",
        "washes of twelve shades by residual networks with spectral norm and one latent number",
        "sngan",
        {**BLOCKS, **THREAD},
        data="washes",
        **QUICK,
    ),
    Case(
        "free-part-pairs",
        "",
        "nine panes of any grey and an encoder into the only latent number there is",
        "bigan-mnist",
        {**PAIRS, **THREAD},
        data="panes",
        **WHILE,
    ),
    Case(
        "free-part-heads",
        "",
        "eight slats before a critic that tells which end is lighter, one latent number beside it",
        "acgan-mnist",
        {**HEADS, **THREAD, "game.r1": 0.3},
        data="blinds-told",
        **LONG,
    ),
    Case(
        "free-part-coded",
        "",
        "swells of sixteen waves by a code of two values and one number beside it",
        "infogan-mnist",
        {
            **CODED,
            "game.r1": 0.3,
            "game.categories": 2,
            "game.places": 0,
            "game.noise": 1,
        },
        data="swells",
        **LONG,
    ),
    Case(
        "free-part-styles",
        "",
        "swells of sixteen waves by styles of one number that one latent number makes",
        "style-32",
        {**STYLED, **THREAD, "game.networks.style": 1, "game.mixing": 0.0},
        data="swells",
        **BRISK,
    ),
    Case(
        "free-part-sewn",
        "",
        "eight slats of any grey by convolutions, least squares, R1 and one latent number",
        "photos",
        {
            **DIGITS,
            **THREAD,
            "game.cost": "least_squares",
            "game.r1": 0.3,
            "game.networks.critic_norm": "none",
        },
        data="blinds",
        steps=400,
        every=20,
        proof=600,
    ),
)

CASES = _PARTIAL
"""Twenty-two causes."""
