"""Games made sick in ample ways, judged once and looked at since."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.healthy_games import PAIRED
from counterplay.recipes.doctor_bench.next_critics import STYLED
from counterplay.recipes.doctor_bench.next_games import CODED, FLAT_NETS
from counterplay.recipes.doctor_bench.settings import BLOCKS, DENSE, TABLE
from counterplay.recipes.doctor_bench.sick_games import BLIND, DIGITS, R1, RING, both
from counterplay.recipes.doctor_bench.wide_critics import GROWN
from counterplay.recipes.doctor_bench.wide_games import (
    BEND,
    FAIR,
    HOURS,
    LONG,
    OUTRUN,
    PAIRS,
    QUICK,
    RUN,
    STILL,
    SURE,
    coming,
)

__all__ = ["CASES", "SLOPE"]

SLOPE = {
    "data.batch": 64,
    "ema": 40.0,
    "game.networks.width": 32,
    "game.networks.depth": 2,
    "game.critic_steps": 2,
    **both(lr=1e-3, betas=[0.5, 0.9]),
}
"""A gradient penalty on points."""

_COLLAPSE = coming(
    "mode-collapse",
    Case(
        "ample-one-throw",
        "",
        "a die by Wasserstein's costs whose penalty was forgotten, and a fast generator",
        "photos",
        {**FLAT_NETS, "game.cost": "wasserstein", **FAIR, "game.generator.lr": 3e-2},
        data="pips",
        **HOURS,
        also=(BLIND, "rate-too-high", "divergence"),
        why="nothing bounds the costs, which drive the generator to one corner.",
    ),
    Case(
        "ample-one-shirt",
        "",
        "clothes and an encoder, the coder's rate 0.05 and the critic's 0.00001",
        "bigan-mnist",
        {**PAIRS, "game.coder.lr": 5e-2, "game.critic.lr": 1e-5},
        data="fashion-plain",
        **QUICK,
        **OUTRUN,
    ),
    Case(
        "ample-one-household",
        "",
        "sixteen hours by RMSprop, the generator at 0.1 and the critic at 0.000001",
        "gan-ring",
        {
            **DENSE,
            **both(rule="rmsprop"),
            "game.generator.lr": 0.1,
            "game.critic.lr": 1e-6,
        },
        data="hours",
        **HOURS,
        **OUTRUN,
    ),
    Case(
        "ample-one-floor",
        "",
        "fifteen modes from weights near zero, which the mean of their past holds with 10,000",
        "pacgan-ring-gan",
        {
            **RING,
            "game.latent": 3,
            "game.networks.weights": "normal",
            "game.tricks.history": 1e4,
        },
        data="tower",
        **HOURS,
        **STILL,
    ),
    Case(
        "ample-one-number",
        "",
        "house numbers by residual networks and hinge costs, the rates in each other's places",
        "sngan",
        {**BLOCKS, "game.cost": "hinge", **RUN},
        data="houses-600",
        **{**QUICK, "steps": 200, "every": 10, "proof": 300},
        **OUTRUN,
    ),
    Case(
        "ample-one-late",
        "",
        "an arch by a gradient penalty, healthy until the critic is frozen and the generator is "
        "tuned at 0.03",
        "ring-wgan-gp",
        {**SLOPE, "game.penalty": 0.1, "game.latent": 4},
        after=200,
        late={"game.critic.lr": 1e-9, "game.generator.lr": 3e-2},
        data="arch",
        steps=500,
        every=20,
        proof=750,
        **OUTRUN,
    ),
)

_PARTIAL = coming(
    "partial-collapse",
    Case(
        "ample-part-tower",
        "",
        "fifteen modes by least squares and a generator of one latent number and three units",
        "pacgan-ring-gan",
        {**RING, **R1, **BEND, "game.cost": "least_squares"},
        data="tower",
        **LONG,
    ),
    Case(
        "ample-part-tesseract",
        "",
        "sixteen corners by networks of the oldest kind, one latent number and a penalty",
        "gan-ring",
        {**DENSE, **PAIRED, "game.latent": 1, "game.networks.depth": 1},
        data="tesseract",
        **LONG,
    ),
    Case(
        "ample-part-hours",
        "",
        "sixteen hours of three kinds of households by a gradient penalty and one latent number",
        "table",
        {**TABLE, "ema": 40.0, "game.latent": 1, "game.penalty": 1.0, "game.critic_steps": 2},
        data="hours",
        **LONG,
    ),
    Case(
        "ample-part-pips",
        "",
        "a die by paired costs and one latent number",
        "photos",
        {**FLAT_NETS, **PAIRED, **FAIR, "game.latent": 1},
        data="pips",
        **HOURS,
    ),
    Case(
        "ample-part-larger",
        "",
        "larger digits by convolutions, R1 and one latent number",
        "photos",
        {**DIGITS, **R1, "game.latent": 1, "game.networks.critic_norm": "none"},
        data="mnist-unlabelled",
        **HOURS,
    ),
    Case(
        "ample-part-arch",
        "",
        "an arch by the costs of reverse KL and a generator of one latent number, four times "
        "as fast",
        "pacgan-ring-gan",
        {
            **RING,
            **R1,
            **BEND,
            "game.cost": "reverse_kl",
            "game.generator.lr": 4e-3,
        },
        data="arch",
        **LONG,
    ),
    Case(
        "ample-part-styles",
        "",
        "photographs by styles of four numbers that one latent number makes, never mixed",
        "style-32",
        {**STYLED, "game.latent": 1, "game.networks.style": 4, "game.mixing": 0.0},
        data="photos-800",
        **QUICK,
    ),
    Case(
        "ample-part-grown",
        "",
        "discs by networks that grow and one latent number",
        "progressive-32",
        {**GROWN, "game.latent": 1},
        data="discs",
        **QUICK,
    ),
    Case(
        "ample-part-faces",
        "",
        "faces by residual networks and one latent number",
        "sngan",
        {**BLOCKS, "game.latent": 1},
        data="faces-240",
        **{**QUICK, "proof": 480},
    ),
    Case(
        "ample-part-wheel",
        "",
        "a pinwheel by Wasserstein's costs, a one-sided penalty and one latent number",
        "pacgan-ring-gan",
        {
            **RING,
            **BEND,
            "game.cost": "wasserstein",
            "game.penalties.one_sided": 1.0,
            "game.critic_steps": 2,
            **both(lr=1e-3, betas=[0.0, 0.9]),
        },
        data="wheel",
        **LONG,
    ),
)

_VANISHING = coming(
    "vanishing-gradient",
    Case(
        "ample-sure-of-codes",
        "",
        "saturating costs on discs with a code that weighs little, before a critic 80 times as "
        "fast",
        "infogan-mnist",
        {
            **CODED,
            "game.cost": "saturating",
            "game.information": 0.01,
            "game.critic.lr": 4e-3,
            "game.generator.lr": 5e-5,
        },
        data="discs",
        steps=400,
        every=20,
    ),
    Case(
        "ample-sure-of-hours",
        "",
        "the game as it is written down on sixteen hours, before a critic of four fast moves",
        "gan-ring",
        {**DENSE, **SURE, "game.cost": "gan", "game.latent": 8},
        data="hours",
        steps=400,
        every=20,
    ),
    Case(
        "ample-sure-of-classes",
        "",
        "larger digits told the class by saturating costs, before convolutions without a norm",
        "cgan-projection-mnist",
        {**DIGITS, **SURE, "game.networks.critic_norm": "none"},
        data="mnist-1000",
        steps=240,
        every=12,
        also=("ignored-condition",),
        why="what hears nothing of its critic hears nothing of classes.",
    ),
    Case(
        "ample-sure-of-faces",
        "",
        "faces by saturating costs and residual networks, the critic of which has no norm",
        "sngan",
        {**BLOCKS, **SURE, "game.networks.critic_norm": "none"},
        data="faces-240",
        steps=200,
        every=10,
    ),
    Case(
        "ample-sure-of-floors",
        "",
        "saturating costs on fifteen modes from weights near zero, before a critic of three layers",
        "pacgan-ring-gan",
        {
            **RING,
            **SURE,
            "game.latent": 3,
            "game.networks.weights": "normal",
            "game.networks.critic_width": 96,
            "game.networks.critic_depth": 3,
        },
        data="tower",
        steps=400,
        every=20,
    ),
    Case(
        "ample-sure-late",
        "",
        "a saturating game of photographs, healthy until R1 is dropped and the critic sped up",
        "photos",
        {**FLAT_NETS, **R1, **FAIR, "game.cost": "saturating"},
        after=100,
        late={**SURE, "game.r1": 0.0},
        data="photos-800",
        steps=500,
        every=20,
    ),
)

CASES = (*_COLLAPSE, *_PARTIAL, *_VANISHING)
"""Six causes of each condition, ten of lost modes."""
