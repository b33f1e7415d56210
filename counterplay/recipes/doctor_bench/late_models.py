"""Models that were made sick in the latest ways, judged once and looked at since."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.last_models import LAYERS, SMALL, TALL
from counterplay.recipes.doctor_bench.last_well import COLUMNS
from counterplay.recipes.doctor_bench.late_games import late
from counterplay.recipes.doctor_bench.new_models import LEVELS, TEXT
from counterplay.recipes.doctor_bench.sick_models import BITS, ROWS, VAE

__all__ = ["CASES", "STACKED"]

STACKED = {**LAYERS, "data.binarise": "no", "data.batch": 40, "game.latents": [8, 4]}
"""Two small layers of latents of rows of bits."""

_FAST = late(
    "rate-too-high",
    Case(
        "late-fast-runs",
        "",
        "a masked net of runs of bits at a rate of 1",
        "made",
        {**BITS, "game.networks.width": 64, "game.optimiser.lr": 1.0},
        data="runs",
        steps=300,
        every=15,
        proof=450,
    ),
    Case(
        "late-fast-refined",
        "",
        "rows of lines whose posterior is refined by a flow, at a rate of 0.5",
        "vae-iaf-mnist",
        {
            **LEVELS,
            "game.posterior": {"type": "iaf", "transforms": 1, "width": 32, "context": 8},
            "game.optimiser.lr": 0.5,
        },
        data="bars",
        steps=300,
        every=15,
        proof=450,
    ),
)

_NONFINITE = late(
    "non-finite",
    Case(
        "late-nan-weights",
        "",
        "five importance samples of lines of bits at a rate of 1e20",
        "iwae-mnist",
        {**LEVELS, "game.optimiser.lr": 1e20},
        data="bars",
        steps=200,
        every=10,
    ),
    Case(
        "late-nan-denoiser",
        "",
        "a denoiser of waves of grey by descent at a rate of 1e6",
        "dae-digits",
        {
            "data.batch": 32,
            "game.networks": {"type": "dense", "width": 64, "layers": 2, "activation": "relu"},
            "game.links": 20,
            "game.optimiser.lr": 1e6,
            "game.optimiser.rule": "sgd",
        },
        data="gratings",
        steps=200,
        every=10,
    ),
)

_SLOW = late(
    "rate-too-low",
    Case(
        "late-slow-weights",
        "",
        "importance samples of runs of bits at 2e-9",
        "iwae-mnist",
        {**LEVELS, "game.optimiser.lr": 2e-9},
        data="runs",
        steps=240,
        every=12,
    ),
    Case(
        "late-slow-lines",
        "",
        "columns of the census brought to lines at 1e-9",
        "flow-mixed",
        {**COLUMNS, "game.optimiser.lr": 1e-9},
        data="adult-1200",
        steps=200,
        every=10,
    ),
)

_POSTERIOR = late(
    "posterior-collapse",
    Case(
        "late-closed-lines",
        "",
        "two layers of latents of lines of bits, the KL terms summed over batches of 40",
        "ladder-mnist",
        {**STACKED, "game.warm_up": 0, "game.beta": 40.0},
        data="bars",
        steps=400,
        every=20,
    ),
    Case(
        "late-closed-linear",
        "",
        "a linear VAE of measured voices and β = 80",
        "linear-vae",
        {"data.batch": 40, "game.latent": 6, "game.beta": 80.0},
        data="parkinsons-1500",
        steps=400,
        every=20,
    ),
    Case(
        "late-closed-waves",
        "",
        "a healthy VAE of waves of grey whose β is set to 150 after 240 rounds",
        "vae-digits",
        {**VAE, **TALL},
        after=240,
        late={"game.beta": 150.0},
        data="gratings",
        steps=480,
        every=20,
    ),
)

_REGULARISED = late(
    "over-regularised",
    Case(
        "late-pulled-waves",
        "",
        "β = 4 on waves of grey with convolutions",
        "vae-digits",
        {
            **SMALL,
            "game.beta": 4.0,
        },
        data="gratings",
        steps=400,
        every=20,
    ),
    Case(
        "late-pulled-voices",
        "",
        "a decoder that is told to expect errors of 2.6 on measured voices",
        "vae-table",
        {**ROWS, **TALL, "game.deviation": 2.6, "data.batch": 40},
        data="parkinsons-1500",
        steps=500,
    ),
    Case(
        "late-pulled-runs",
        "",
        "β = 4.3 on runs of bits whose posterior is refined by a flow",
        "vae-iaf-mnist",
        {
            **LEVELS,
            "game.beta": 4.3,
            "game.posterior": {"type": "iaf", "transforms": 1, "width": 32, "context": 8},
        },
        data="runs",
        steps=500,
    ),
)

_LEARNT = late(
    "overfitting",
    Case(
        "late-heart-sums",
        "",
        "a net of characters on 150 sums",
        "characters",
        {
            **TEXT,
            "data.length": 24,
            "game.networks.width": 48,
            "game.networks.skips": 64,
            "game.optimiser.lr": 1e-2,
        },
        data="sums-150",
        steps=400,
        every=20,
    ),
    Case(
        "late-heart-bars",
        "",
        "a masked net of two layers of 200 units on 30 rows of lines",
        "made",
        {
            "data.batch": 15,
            "game.networks.width": 200,
            "game.networks.depth": 2,
            "game.optimiser.lr": 5e-3,
        },
        data="bars-30",
        steps=600,
    ),
    Case(
        "late-heart-runs",
        "",
        "two layers of latents and 128 units on 40 runs of bits",
        "ladder-mnist",
        {
            **STACKED,
            "data.batch": 20,
            "game.warm_up": 0,
            "game.networks.width": 128,
            "game.optimiser.lr": 5e-3,
        },
        data="runs-40",
        steps=500,
    ),
)

_COPIES = late(
    "memorisation",
    Case(
        "late-copies-scenes",
        "",
        "an auto-encoder of 24 photographs with convolutions and room for all of them",
        "ae-pictures",
        {
            "data.batch": 24,
            "game.latent": 24,
            "game.networks.width": 12,
            "game.optimiser.lr": 3e-3,
        },
        data="scenes-24",
        steps=400,
        every=20,
    ),
    Case(
        "late-copies-machine",
        "",
        "a machine of 200 hidden units whose chains start at 24 runs of bits",
        "rbm-bits",
        {
            "data.batch": 24,
            "game.networks.width": 200,
            "game.chains": 0,
            "game.optimiser.lr": 0.2,
        },
        data="runs-24",
        steps=500,
    ),
    Case(
        "late-copies-runs",
        "",
        "NADE of 128 units on 24 runs of bits",
        "nade",
        {"data.batch": 24, "game.networks.width": 128, "game.optimiser.lr": 1e-2},
        data="runs-24",
        steps=500,
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
"""Three causes of each condition, some of them in the other files."""
