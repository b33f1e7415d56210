"""Models that were made sick in ways that were judged once and looked at since."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.last_games import last
from counterplay.recipes.doctor_bench.sick_games import RING, both
from counterplay.recipes.doctor_bench.sick_models import BITS, FLOW, ROWS, VAE

__all__ = ["CASES", "DEEP", "LAYERS", "SMALL", "TALL"]

TALL = {"game.networks": {"type": "dense", "width": 64, "layers": 2}}
SMALL = {
    "data.batch": 32,
    "game.latent": 8,
    "game.networks.width": 8,
    "game.optimiser.lr": 2e-3,
}
"""A VAE of pictures by few channels."""
LAYERS = {
    "data.batch": 50,
    "game.networks.width": 48,
    "game.latents": [12, 6],
    "game.optimiser.lr": 2e-3,
}
DEEP = {"data.batch": 50, "data.binarise": "no", "game.networks.width": 48}

_FAST = last(
    "rate-too-high",
    Case(
        "last-fast-codes",
        "",
        "an auto-encoder of black digits at a rate of 0.2",
        "ae-digits",
        {**TALL, "game.latent": 8, "game.optimiser.lr": 0.2},
        data="mnist-negative",
        steps=300,
        every=15,
        proof=450,
    ),
)

_NONFINITE = last(
    "non-finite",
    Case(
        "last-nan-layers",
        "",
        "two layers of latents at a rate of 1e15",
        "ladder-digits-plain",
        {**LAYERS, "game.optimiser.lr": 1e15},
        steps=200,
        every=10,
    ),
    Case(
        "last-nan-star",
        "",
        "the costs of the KL divergence on a star, by descent at a rate of 1e3",
        "pacgan-ring-gan",
        {**RING, "game.cost": "kl", **both(lr=1e3, betas=[0.0, 0.99], rule="sgd")},
        data="star",
        steps=200,
        every=10,
    ),
    Case(
        "last-nan-adults",
        "",
        "column after column of the census at a rate of 1e30",
        "mixed",
        {"data.batch": 64, "ema": 20.0, "game.networks.width": 32, "game.optimiser.lr": 1e30},
        data="adult-2000",
        steps=200,
        every=10,
    ),
)

_SLOW = last(
    "rate-too-low",
    Case(
        "last-slow-text",
        "",
        "text by a small net at 1e-9",
        "characters",
        {
            "data.source": "../shared/data/tinyshakespeare/input.txt",
            "data.length": 32,
            "game.networks.width": 16,
            "game.networks.skips": 24,
            "game.networks.depth": 3,
            "game.networks.cycles": 1,
            "game.networks.dropout": 0.0,
            "game.optimiser.lr": 1e-9,
        },
        steps=200,
        every=10,
    ),
    Case(
        "last-slow-buildings",
        "",
        "masked flows of nine columns at 3e-9",
        "flow-maf",
        {**FLOW, "game.optimiser.lr": 3e-9},
        data="energy-500",
        steps=300,
        every=15,
    ),
)

_POSTERIOR = last(
    "posterior-collapse",
    Case(
        "last-closed-layers",
        "",
        "two layers of latents and β = 50",
        "ladder-digits-plain",
        {**LAYERS, "game.beta": 50.0},
    ),
    Case(
        "last-closed-conv",
        "",
        "convolutions and β = 200 on black digits",
        "vae-digits",
        {
            **SMALL,
            "game.beta": 200.0,
        },
        data="mnist-negative",
        steps=300,
        every=15,
    ),
    Case(
        "last-closed-buildings",
        "",
        "nine columns, and a decoder that is told to expect errors of eight deviations",
        "vae-table",
        {**ROWS, **TALL, "game.deviation": 8.0},
        data="energy-500",
    ),
)

_REGULARISED = last(
    "over-regularised",
    Case(
        "last-pulled-layers",
        "",
        "two layers of latents and β = 2",
        "ladder-digits-plain",
        {**LAYERS, "game.beta": 2.0},
    ),
    Case(
        "last-pulled-buildings",
        "",
        "β = 2 on nine columns",
        "vae-table",
        {**ROWS, "game.beta": 2.0},
        data="energy-500",
        steps=800,
    ),
    Case(
        "last-pulled-negatives",
        "",
        "β = 3.5 on black digits with a refined posterior",
        "vae-digits",
        {
            **VAE,
            **TALL,
            "game.beta": 3.5,
            "game.posterior": {"type": "iaf", "transforms": 1, "width": 48, "context": 16},
        },
        data="mnist-negative",
    ),
)

_LEARNT = last(
    "overfitting",
    Case(
        "last-heart-nade",
        "",
        "NADE on 40 larger digits of two levels",
        "nade",
        {**BITS, "data.batch": 20, "game.networks.width": 64, "game.optimiser.lr": 2e-2},
        data="mnist-bits-40",
        steps=400,
        every=20,
    ),
    Case(
        "last-heart-adults",
        "",
        "column after column of 80 adults by 128 units",
        "mixed",
        {"data.batch": 32, "ema": 20.0, "game.networks.width": 128, "game.optimiser.lr": 3e-3},
        data="adult-100",
        steps=300,
        every=15,
    ),
    Case(
        "last-heart-layers",
        "",
        "two layers of latents on 40 digits of two levels",
        "ladder-digits-plain",
        {
            "data.batch": 20,
            "game.networks.width": 128,
            "game.latents": [16, 8],
            "game.optimiser.lr": 3e-3,
        },
        data="digits-40",
        steps=600,
    ),
)

_COPIES = last(
    "memorisation",
    Case(
        "last-copies-clothes",
        "",
        "an auto-encoder of 20 pieces of clothing with convolutions and room for all of them",
        "ae-digits",
        {"data.batch": 20, "game.networks.width": 16, "game.latent": 20, "game.optimiser.lr": 3e-3},
        data="fashion-20",
        steps=300,
        every=15,
    ),
    Case(
        "last-copies-bits",
        "",
        "a masked net of 256 units on 22 digits of two levels",
        "made",
        {"data.batch": 22, "game.networks.width": 256, "game.optimiser.lr": 5e-3},
        data="small-bits-22",
        steps=600,
        every=30,
    ),
    Case(
        "last-copies-voices",
        "",
        "an auto-encoder of 30 rows of measured voices, whose codes get a normal law",
        "ae-digits",
        {
            "data.batch": 15,
            "game.latent": 16,
            "game.networks": {"type": "dense", "width": 128, "layers": 2},
            "game.optimiser.lr": 3e-3,
        },
        data="parkinsons-30",
        steps=500,
    ),
)

_CHAINS = last(
    "chain-not-mixing",
    Case(
        "last-stuck-clothes",
        "",
        "a machine of 32 units for clothes of two levels at a rate of 2",
        "rbm-bits",
        {"data.batch": 50, "game.networks.width": 32, "game.optimiser.lr": 2.0},
        data="fashion-bits",
        steps=400,
        every=20,
        proof=600,
    ),
    Case(
        "last-stuck-deep",
        "",
        "a deep machine of larger digits of two levels at a rate of 1",
        "dbm-digits",
        {**DEEP, "game.networks.top_width": 24, "game.optimiser.lr": 1.0},
        data="mnist-bits",
        steps=400,
        every=20,
        proof=600,
    ),
    Case(
        "last-stuck-few",
        "",
        "a healthy machine of ten chains whose rate is set to 3 after 200 rounds",
        "rbm-bits",
        {"data.batch": 50, "game.networks.width": 48, "game.chains": 10},
        after=200,
        late={"game.optimiser.lr": 3.0},
        data="small-bits-1000",
        steps=500,
        every=20,
        proof=750,
    ),
)

_BROKEN = last(
    "not-invertible",
    Case(
        "last-broken-players",
        "",
        "affine couplings of players of a game at a rate of 0.5",
        "flow-real-nvp",
        {**FLOW, "game.optimiser.lr": 0.5},
        data="skillcraft-1000",
        steps=300,
        every=15,
    ),
    Case(
        "last-broken-glow",
        "",
        "Glow's convolutions of digits at a rate of 0.3",
        "flow-mnist-glow",
        {
            "data.source": "digits",
            "data.batch": 32,
            "ema": 20.0,
            "game.networks.width": 12,
            "game.networks.blocks": 2,
            "game.networks.scales": 2,
            "game.optimiser.lr": 0.3,
        },
        steps=200,
        every=10,
    ),
    Case(
        "last-broken-buildings",
        "",
        "healthy masked flows of nine columns whose rate is set to 0.3 after 150 rounds",
        "flow-maf",
        FLOW,
        after=150,
        late={"game.optimiser.lr": 0.3},
        data="energy-500",
        steps=400,
        every=15,
    ),
)

CASES = (
    *_FAST,
    *_NONFINITE,
    *_SLOW,
    *_POSTERIOR,
    *_REGULARISED,
    *_LEARNT,
    *_COPIES,
    *_CHAINS,
    *_BROKEN,
)
"""Three causes of each condition, some of them in the games' file."""
