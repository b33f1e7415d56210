"""Models that were made sick in the next ways, judged once and looked at since."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.next_critics import FEW
from counterplay.recipes.doctor_bench.next_games import coming
from counterplay.recipes.doctor_bench.settings import COLUMNS, LEVELS, SMALL, STACKED, TALL
from counterplay.recipes.doctor_bench.sick_models import FLOW, ROWS, VAE

__all__ = ["CASES", "HEARD", "REFINED"]

HEARD = {
    "data.batch": 8,
    "data.length": 256,
    "game.networks.width": 8,
    "game.networks.skips": 16,
    "game.networks.depth": 5,
    "game.networks.cycles": 1,
}
"""A small net of recordings."""

REFINED = {
    **LEVELS,
    "game.posterior": {"type": "iaf", "transforms": 1, "width": 32, "context": 8},
}
"""A VAE of bits whose posterior is refined by a flow."""

_FAST = coming(
    "rate-too-high",
    Case(
        "next-fast-talk",
        "",
        "spoken digits, sample by sample, at a rate of 0.5",
        "wavenet",
        {**HEARD, "game.optimiser.lr": 0.5},
        data="talk-300",
        steps=200,
        every=10,
        proof=300,
    ),
    Case(
        "next-fast-orders",
        "",
        "a VAE of orders at a rate of 1",
        "vae-mixed",
        {**COLUMNS, "game.latent": 8, "game.optimiser.lr": 1.0},
        data="orders-1500",
        steps=240,
        every=12,
        proof=360,
    ),
)

_NONFINITE = coming(
    "non-finite",
    Case(
        "next-nan-talk",
        "",
        "spoken digits at a rate of 1e30",
        "wavenet",
        {**HEARD, "game.optimiser.lr": 1e30},
        data="talk-300",
        steps=100,
        every=5,
    ),
    Case(
        "next-nan-orders",
        "",
        "a VAE of orders at a rate of 1e30",
        "vae-mixed",
        {**COLUMNS, "game.latent": 8, "game.optimiser.lr": 1e30},
        data="orders-1500",
        steps=100,
        every=5,
    ),
    Case(
        "next-nan-late",
        "",
        "healthy additive couplings of the outline of a square, until the rate is set to 1e30",
        "flow-nice",
        FLOW,
        after=120,
        late={"game.optimiser.lr": 1e30},
        data="frame",
        steps=240,
        every=12,
    ),
)

_SLOW = coming(
    "rate-too-low",
    Case(
        "next-slow-talk",
        "",
        "spoken digits at 1e-9",
        "wavenet",
        {**HEARD, "game.optimiser.lr": 1e-9},
        data="talk-300",
        steps=200,
        every=10,
    ),
    Case(
        "next-slow-machine",
        "",
        "a machine of teams of bits by descent at 1e-8",
        "rbm-bits",
        {"data.batch": 40, "game.networks.width": 24, "game.optimiser.lr": 1e-8},
        data="teams",
        steps=300,
        every=15,
    ),
    Case(
        "next-slow-late",
        "",
        "photographs in colour, the rate of whose VAE fell to 1e-9 after 24 rounds",
        "vae-pictures",
        {**SMALL, "game.warm_up": 0},
        after=24,
        late={"game.optimiser.lr": 1e-9},
        data="photos-800",
        steps=160,
        every=4,
        proof=240,
    ),
)

_POSTERIOR = coming(
    "posterior-collapse",
    Case(
        "next-closed-refined",
        "",
        "teams of bits whose posterior is refined by a flow, and β = 80",
        "vae-iaf-mnist",
        {**REFINED, "game.beta": 80.0},
        data="teams",
        steps=400,
        every=20,
        proof=600,
    ),
    Case(
        "next-closed-critic",
        "",
        "digits by a VAE whose error a critic measures, and β = 10,000",
        "vae-gan-digits",
        {
            "data.batch": 32,
            "ema": 40.0,
            "game.networks.width": 8,
            "game.latent": 8,
            "game.beta": 1e4,
        },
        steps=300,
        every=15,
        proof=450,
    ),
    Case(
        "next-closed-mass",
        "",
        "photographs in colour by a mass of levels that is told to be five times the range wide",
        "vae-pictures",
        {**SMALL, "game.warm_up": 0, "game.deviation": 10.0},
        data="photos-800",
        steps=300,
        every=15,
        proof=450,
    ),
    Case(
        "next-closed-late",
        "",
        "two healthy layers of latents of teams of bits until β is set to 100",
        "ladder-mnist",
        {**STACKED, "game.warm_up": 0},
        after=240,
        late={"game.beta": 100.0},
        data="teams",
        steps=600,
        every=20,
        proof=900,
    ),
)

_REGULARISED = coming(
    "over-regularised",
    Case(
        "next-pulled-factors",
        "",
        "a linear VAE of three factors and β = 3.3, which leaves room for one",
        "linear-vae",
        {"data.batch": 40, "game.latent": 3, "game.beta": 3.3},
        data="factors",
        steps=500,
        proof=750,
    ),
    Case(
        "next-pulled-fronts",
        "",
        "a decoder that is told to expect errors of four fifths of the range on fronts of houses",
        "vae-digits",
        {**VAE, **TALL, "data.batch": 40, "game.latent": 12, "game.deviation": 1.6},
        data="fronts-400",
        steps=500,
        proof=750,
    ),
    Case(
        "next-pulled-strokes",
        "",
        "β = 4.5 on rows of 196 bits whose posterior is refined by a flow",
        "vae-iaf-mnist",
        {**REFINED, "game.beta": 4.5},
        data="strokes",
        steps=500,
        proof=750,
    ),
    Case(
        "next-pulled-columns",
        "",
        "six columns by a known error of 0.95, and β that grows to 2",
        "vae-table",
        {**ROWS, **TALL, "game.deviation": 0.95, "game.beta": 2.0, "game.warm_up": 100},
        data="copula",
        steps=500,
        proof=750,
    ),
)

_LEARNT = coming(
    "overfitting",
    Case(
        "next-heart-talk",
        "",
        "a net of recordings on three spoken digits",
        "wavenet",
        {
            **HEARD,
            "game.networks.width": 24,
            "game.networks.skips": 48,
            "game.optimiser.lr": 1e-2,
        },
        data="talk-3",
        steps=400,
        every=20,
        proof=600,
        **FEW,
    ),
    Case(
        "next-heart-orders",
        "",
        "80 orders brought to lines, by 128 units",
        "flow-mixed",
        {
            "data.batch": 24,
            "ema": 20.0,
            "game.networks.width": 128,
            "game.transforms": 3,
            "game.optimiser.lr": 5e-3,
        },
        data="orders-100",
        steps=400,
        every=20,
        proof=600,
        **FEW,
    ),
    Case(
        "next-heart-photos",
        "",
        "a VAE of 26 photographs in colour by a mass of all levels and convolutions",
        "vae-pictures",
        {
            **SMALL,
            "data.batch": 13,
            "game.latent": 16,
            "game.warm_up": 0,
            "game.networks.width": 16,
            "game.optimiser.lr": 3e-3,
        },
        data="photos-26",
        steps=400,
        every=20,
        proof=600,
        **FEW,
    ),
    Case(
        "next-heart-strokes",
        "",
        "30 rows of 196 bits by 128 units, the posterior refined by a flow",
        "vae-iaf-mnist",
        {**REFINED, "data.batch": 15, "game.networks.width": 128, "game.optimiser.lr": 3e-3},
        data="strokes-30",
        steps=500,
        proof=750,
        **FEW,
    ),
)

_COPIES = coming(
    "memorisation",
    Case(
        "next-copies-strokes",
        "",
        "a regression of each of 196 bits on those before, on 16 rows",
        "fvsbn",
        {"data.batch": 16, "game.weight_decay": 0.0, "game.optimiser.lr": 3e-2},
        data="strokes-16",
        steps=500,
        proof=750,
        **FEW,
    ),
    Case(
        "next-copies-photos",
        "",
        "an auto-encoder of 18 photographs in colour, by convolutions with room for all of them",
        "ae-pictures",
        {
            "data.batch": 18,
            "game.latent": 18,
            "game.networks.width": 16,
            "game.optimiser.lr": 3e-3,
        },
        data="photos-18",
        steps=400,
        every=20,
        proof=600,
        **FEW,
    ),
    Case(
        "next-copies-walk",
        "",
        "a denoiser of 20 digits, whose chain always comes back to one of them",
        "dae-digits",
        {
            "data.batch": 20,
            "game.networks": {"type": "dense", "width": 256, "layers": 2, "activation": "relu"},
            "game.links": 20,
            "game.optimiser.lr": 5e-3,
        },
        data="digits-20",
        steps=600,
        every=30,
        proof=900,
        **FEW,
    ),
    Case(
        "next-copies-proteins",
        "",
        "Glow's steps with splines of 96 units on 20 proteins",
        "flow-glow",
        {
            **FLOW,
            "data.batch": 20,
            "game.networks.model": "mixed-spline",
            "game.networks.width": 96,
            "game.optimiser.lr": 3e-3,
        },
        data="protein-20",
        steps=400,
        every=20,
        proof=600,
        **FEW,
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
)
"""Four causes of each condition, some of them in the other files."""
