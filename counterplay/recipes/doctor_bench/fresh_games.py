"""Games made sick in ways that nobody has looked at, to be judged once."""

from __future__ import annotations

from functools import partial

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.held_games import PLAIN, TABLE
from counterplay.recipes.doctor_bench.sick_games import BLIND, DIGITS, R1, RING, both
from counterplay.recipes.doctor_bench.sick_models import ROWS

__all__ = ["CASES", "CLOTHES", "fresh"]

fresh = partial(of_condition, halves=("seen",))

CLOTHES = {**PLAIN, "game.networks.critic_norm": "none"}

_COLLAPSE = fresh(
    "mode-collapse",
    Case(
        "fresh-lost-latent",
        "",
        "a generator of six layers from weights near zero, in which the latent is lost",
        "pacgan-ring-gan",
        {
            **RING,
            "game.networks.depth": 6,
            "game.networks.critic_depth": 2,
            "game.networks.weights": "normal",
            **both(lr=3e-4),
        },
        data="corners",
        also=("vanishing-gradient", "divergence"),
        why="nothing comes through six such layers, neither a latent nor a gradient.",
    ),
    Case(
        "fresh-six-corner",
        "",
        "corners of a cube by reverse KL, the generator thirty times as fast",
        "pacgan-ring-gan",
        {**RING, "game.cost": "reverse_kl", "game.generator.lr": 3e-2},
        data="corners",
        also=(BLIND, "divergence"),
        why="it runs to what such a critic likes best.",
    ),
)

_PARTIAL = fresh(
    "partial-collapse",
    Case(
        "fresh-part-spiral",
        "",
        "a spiral by a generator of two units, which can only draw corners",
        "pacgan-ring-gan",
        {
            **RING,
            **R1,
            "data.source": "spiral",
            "game.networks.width": 2,
            "game.networks.depth": 1,
            "game.networks.critic_width": 48,
            "game.networks.critic_depth": 2,
        },
        steps=700,
    ),
    Case(
        "fresh-part-five",
        "",
        "five uneven clusters by hinge costs, the generator four times as fast",
        "pacgan-ring-gan",
        {**RING, "game.cost": "hinge", "game.generator.lr": 4e-3},
        data="five",
        steps=700,
        also=("oscillation", "divergence", BLIND),
        why="a critic that is slower is behind wherever it looks.",
    ),
    Case(
        "fresh-part-clothes",
        "",
        "clothes by a generator of one latent number",
        "mnist",
        {**CLOTHES, **R1, "game.latent": 1},
        data="fashion-plain",
        steps=500,
    ),
)

_HOPPING = fresh(
    "mode-hopping",
    Case(
        "fresh-hop-cube",
        "",
        "corners of a cube and a generator that is ten times as fast",
        "pacgan-ring-gan",
        {**RING, "game.generator.lr": 1e-2},
        data="corners",
        steps=600,
    ),
    Case(
        "fresh-hop-paired",
        "",
        "the fast generator of Metz et al. (2017) by paired costs",
        "unrolled-ring-twin",
        {"game.cost": "relativistic"},
        steps=800,
    ),
)

_VANISHING = fresh(
    "vanishing-gradient",
    Case(
        "fresh-sure-of-clothes",
        "",
        "saturating costs on clothes with a critic of four moves a round",
        "mnist",
        {
            **CLOTHES,
            "game.cost": "saturating",
            "game.critic.lr": 5e-3,
            "game.critic_steps": 4,
            "game.generator.lr": 5e-5,
        },
        data="fashion-plain",
        steps=200,
        every=20,
    ),
    Case(
        "fresh-sure-of-cube",
        "",
        "the game as it is written down on the corners of a cube, by a wide critic of RMSprop",
        "pacgan-ring-gan",
        {
            **RING,
            "game.cost": "gan",
            **both(rule="rmsprop"),
            "game.networks.critic_width": 96,
            "game.critic.lr": 5e-3,
            "game.critic_steps": 8,
            "game.generator.lr": 5e-5,
        },
        data="corners",
        steps=400,
        every=20,
    ),
)

_OVERFIT = fresh(
    "critic-overfitting",
    Case(
        "fresh-few-clothes",
        "",
        "64 pieces of clothing and a critic of 24 channels",
        "mnist",
        {**PLAIN, "game.networks.width": 8, "game.networks.critic_width": 24},
        data="fashion-64",
        steps=300,
        every=20,
    ),
    Case(
        "fresh-few-mixes",
        "",
        "48 mixes of concrete by Wasserstein's costs, and a wide critic of eight moves",
        "table",
        {**TABLE, "game.penalty": 0.1, "game.critic_steps": 8, "game.networks.width": 96},
        data="concrete-48",
        steps=400,
        every=20,
    ),
)

_WEAK = fresh(
    BLIND,
    Case(
        "fresh-flat",
        "",
        "a penalty on the critic's slope of weight 10,000, which leaves it flat",
        "pacgan-ring-gan",
        {**RING, "game.r1": 1e4},
        data="corners",
    ),
    Case(
        "fresh-fog",
        "",
        "clothes in a fog that is eight times as strong as they are",
        "mnist",
        {**CLOTHES, "game.tricks.instance_noise": 15.0, "game.tricks.noise_rounds": 1_000_000},
        data="fashion-plain",
        steps=300,
        every=20,
    ),
)

_CONDITION = fresh(
    "ignored-condition",
    Case(
        "fresh-any-clothes",
        "",
        "clothes by each class's own batch norm, before a critic that is not told the class",
        "mnist",
        {
            **DIGITS,
            **R1,
            "game.networks.critic_norm": "none",
            "game.networks.condition": "batch_norm",
            "game.networks.critic_condition": "none",
            "data.batch": 32,
        },
        data="fashion-1000",
        steps=600,
    ),
    Case(
        "fresh-class-unheard",
        "",
        "larger digits, and a class term of a thousandth of its weight",
        "acgan-mnist",
        {
            **DIGITS,
            "game.class_weight": 1e-3,
            "game.r1": 0.1,
            "game.networks.critic_norm": "none",
            "game.features": 32,
        },
        data="mnist-1000",
        steps=600,
    ),
)

_FAST = fresh(
    "rate-too-high",
    Case(
        "fresh-fast-cube",
        "",
        "RMSprop at 0.2 for both players on the corners of a cube",
        "pacgan-ring-gan",
        {**RING, **R1, **both(lr=0.2, rule="rmsprop")},
        data="corners",
        steps=400,
        every=20,
    ),
    Case(
        "fresh-fast-mixes",
        "",
        "a VAE of mixes of concrete at a rate of 0.3",
        "vae-table",
        {**ROWS, "game.optimiser.lr": 0.3},
        data="concrete-600",
        steps=400,
        every=20,
    ),
)

_SLOW = fresh(
    "rate-too-low",
    Case(
        "fresh-slow-clothes",
        "",
        "clothes by R1 at 2e-9",
        "mnist",
        {**CLOTHES, **R1, **both(lr=2e-9)},
        data="fashion-plain",
        steps=200,
        every=20,
    ),
)

CASES = (
    *_COLLAPSE,
    *_PARTIAL,
    *_HOPPING,
    *_VANISHING,
    *_OVERFIT,
    *_WEAK,
    *_CONDITION,
    *_FAST,
    *_SLOW,
)
"""Two causes of each condition."""
