"""Critics and rates that ruin a game in new ways, judged once and looked at since."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.held_games import TOLD
from counterplay.recipes.doctor_bench.new_games import DENSE, DRAWN, new
from counterplay.recipes.doctor_bench.sick_games import BLIND, DIGITS, FLAT, R1, RING, both

__all__ = ["CASES"]

_OVERFIT = new(
    "critic-overfitting",
    Case(
        "new-few-faces",
        "",
        "40 faces and an encoder, before a critic of pairs that pays no penalty",
        "bigan-mnist",
        {
            "data.batch": 20,
            "ema": 40.0,
            "game.latent": 8,
            "game.networks.width": 6,
            "game.networks.critic_width": 12,
            "game.features": 64,
            "game.r1": 0.0,
            "game.critic.lr": 3e-3,
        },
        data="faces-40",
        steps=160,
        every=8,
    ),
    Case(
        "new-few-lifts",
        "",
        "40 rows of seventeen columns by least squares before a wide critic of maxout units",
        "pacgan-ring-gan",
        {
            **RING,
            "data.batch": 20,
            "game.latent": 8,
            "game.cost": "least_squares",
            "game.networks.critic_activation": "maxout",
            "game.networks.critic_width": 64,
            "game.critic_steps": 3,
        },
        data="elevators-40",
        steps=400,
        every=20,
    ),
    Case(
        "new-few-houses",
        "",
        "48 house numbers, a code that is read off them, and a critic without a norm",
        "infogan-mnist",
        {
            "data.batch": 24,
            "ema": 40.0,
            "game.noise": 6,
            "game.networks.width": 8,
            "game.networks.critic_width": 16,
            "game.networks.critic_norm": "none",
            "game.hidden": 0,
            "game.features": 64,
            **both(lr=1e-3, betas=[0.5, 0.99]),
            "game.critic.lr": 3e-3,
        },
        data="houses-48",
        steps=200,
        every=8,
    ),
    Case(
        "new-few-days",
        "",
        "40 days of hired bicycles by networks of the oldest kind and paired costs, no penalty",
        "gan-ring",
        {
            **DENSE,
            "data.batch": 20,
            "game.latent": 8,
            "game.cost": "relativistic",
            "game.networks.width": 128,
            "game.critic_steps": 3,
        },
        data="bike-40",
        steps=400,
        every=20,
    ),
)

_WEAK = new(
    BLIND,
    Case(
        "new-eps",
        "",
        "a critic in whose Adam eps is 100, where 1e-8 was meant",
        "pacgan-ring-gan",
        {**RING, "game.critic.eps": 100.0},
        data="beads",
        steps=500,
        proof=750,
    ),
    Case(
        "new-past",
        "",
        "players that pay a hundredfold for each step away from the mean of their own past",
        "pacgan-ring-gan",
        {**RING, "game.tricks.history": 100.0, "game.critic.lr": 1e-4, "game.latent": 6},
        data="yacht-200",
        steps=500,
        proof=750,
    ),
    Case(
        "new-deep-blind",
        "",
        "a critic of nine layers whose weights begin near zero, so that nothing comes through",
        "pacgan-ring-gan",
        {
            **RING,
            "game.networks.weights": "normal",
            "game.networks.critic_depth": 9,
            "game.networks.critic_width": 8,
        },
        data="cross",
        steps=400,
        every=20,
        proof=600,
        **FLAT,
    ),
    Case(
        "new-drift",
        "",
        "Wasserstein's costs on house numbers, and a drift term of weight 10,000",
        "photos",
        {
            **DRAWN,
            "game.cost": "wasserstein",
            "game.penalties.gradient": 0.1,
            "game.penalties.drift": 1e4,
        },
        data="houses-600",
        steps=160,
        every=8,
        proof=240,
        **FLAT,
    ),
)

_CONDITION = new(
    "ignored-condition",
    Case(
        "new-mean-only",
        "",
        "digits told the class by a generator that matches mean features of batches, not classes",
        "digits",
        {**DIGITS, **R1, "game.networks.critic_norm": "none", "game.tricks.match_features": True},
        steps=400,
        every=20,
        proof=600,
    ),
    Case(
        "new-any-dress",
        "",
        "clothes by least squares and spectral norm, before a critic that is not shown the class",
        "cgan-mnist",
        {
            **DIGITS,
            "game.cost": "least_squares",
            "game.networks.inner": 0,
            "game.networks.critic_norm": "spectral",
            "game.networks.critic_condition": "none",
        },
        data="fashion-told-2000",
        steps=300,
        every=15,
        proof=450,
    ),
    Case(
        "new-class-whispered",
        "",
        "digits by fully connected networks and paired costs, a class term of a thousandth",
        "acgan-mnist",
        {
            "data.source": "digits",
            "data.batch": 32,
            "ema": 40.0,
            "game.latent": 8,
            "game.networks": {"type": "mlp", "width": 64, "depth": 2},
            "game.features": 32,
            "game.cost": "relativistic",
            "game.class_weight": 1e-3,
            "game.r1": 0.1,
            **both(lr=1e-3, betas=[0.5, 0.99]),
        },
        steps=400,
        every=20,
        proof=600,
    ),
    Case(
        "new-off-by-one",
        "",
        "a pinwheel whose arms are told by labels that slipped by one row",
        "table",
        TOLD,
        data="wheel-shifted",
        steps=500,
        proof=750,
        also=("data-labels",),
        why="then the data are at fault.",
    ),
)

_FAST = new(
    "rate-too-high",
    Case(
        "new-fast-pairs",
        "",
        "an encoder beside the generator of digits, all of them at 0.1",
        "bigan-mnist",
        {
            "data.source": "digits",
            "data.batch": 32,
            "ema": 40.0,
            "game.latent": 8,
            "game.networks.width": 8,
            "game.features": 32,
            "game.coder.lr": 0.1,
            "game.critic.lr": 0.1,
        },
        steps=300,
        every=15,
        proof=450,
    ),
    Case(
        "new-fast-petals",
        "",
        "petals by hinge costs at 0.2, by networks of the oldest kind",
        "gan-ring",
        {**DENSE, "game.cost": "hinge", **both(lr=0.2, betas=[0.9, 0.999])},
        data="petals",
        steps=400,
        every=20,
        proof=600,
    ),
)

_SLOW = new(
    "rate-too-low",
    Case(
        "new-slow-codes",
        "",
        "a code that can be read off digits, both players at 2e-9",
        "infogan-mnist",
        {
            "data.source": "digits",
            "data.batch": 32,
            "ema": 40.0,
            "game.networks.width": 8,
            "game.hidden": 0,
            "game.features": 32,
            **both(lr=2e-9),
        },
        steps=200,
        every=10,
    ),
    Case(
        "new-slow-days",
        "",
        "hired bicycles by descent at 1e-6, after a paper that used Adam",
        "pacgan-ring-gan",
        {**RING, "game.latent": 8, **both(lr=1e-6, betas=[0.0, 0.99], rule="sgd")},
        data="bike-1200",
        steps=300,
        every=15,
    ),
)

_NONFINITE = new(
    "non-finite",
    Case(
        "new-nan-cross",
        "",
        "Pearson's divergence on crossed bars by RMSprop at a rate of 1e6",
        "gan-ring",
        {**DENSE, "game.cost": "pearson", **both(lr=1e6, rule="rmsprop")},
        data="cross",
        steps=200,
        every=10,
    ),
)

CASES = (*_OVERFIT, *_WEAK, *_CONDITION, *_FAST, *_SLOW, *_NONFINITE)
"""Four causes of each condition, some of them in the models' file."""
