"""Models that were made sick in new ways, judged once and looked at since."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.last_models import SMALL, TALL
from counterplay.recipes.doctor_bench.new_games import new
from counterplay.recipes.doctor_bench.sick_models import BITS, FLOW, ROWS, VAE

__all__ = ["CASES", "LEVELS", "TEXT"]

TEXT = {
    "data.length": 32,
    "game.networks.width": 16,
    "game.networks.skips": 24,
    "game.networks.depth": 3,
    "game.networks.cycles": 1,
    "game.networks.dropout": 0.0,
}
"""A small net of characters."""

LEVELS = {
    "data.batch": 50,
    "data.binarise": "no",
    "game.latent": 8,
    "game.warm_up": 0,
    "game.networks.width": 64,
    "game.optimiser.lr": 2e-3,
}
"""A VAE of bits, or of pictures of two levels."""

_FAST = new(
    "rate-too-high",
    Case(
        "new-fast-text",
        "",
        "plays, character by character, at a rate of 0.5",
        "characters",
        {**TEXT, "game.optimiser.lr": 0.5},
        data="plays-60000",
        steps=200,
        every=10,
        proof=300,
    ),
    Case(
        "new-fast-columns",
        "",
        "column after column of the census at a rate of 1",
        "mixed",
        {"data.batch": 48, "ema": 20.0, "game.networks.width": 48, "game.optimiser.lr": 1.0},
        data="adult-1500",
        steps=240,
        every=12,
        proof=360,
    ),
)

_NONFINITE = new(
    "non-finite",
    Case(
        "new-nan-pixels",
        "",
        "pixel after pixel of small digits at a rate of 1e15",
        "pixelcnn-digits",
        {
            "data.batch": 24,
            "ema": 20.0,
            "game.networks.features": 8,
            "game.networks.depth": 2,
            "game.conditional": False,
            "game.optimiser.lr": 1e15,
        },
        steps=120,
        every=6,
    ),
    Case(
        "new-nan-text",
        "",
        "plays at a rate of 1e25",
        "characters",
        {**TEXT, "game.optimiser.lr": 1e25},
        data="plays-60000",
        steps=200,
        every=10,
    ),
    Case(
        "new-nan-wines",
        "",
        "splines of red wines at a rate of 1e12",
        "flow",
        {**FLOW, "game.optimiser.lr": 1e12},
        data="reds-800",
        steps=200,
        every=10,
    ),
)

_SLOW = new(
    "rate-too-low",
    Case(
        "new-slow-bits",
        "",
        "NADE on small clothes of two levels at 1e-9",
        "nade",
        {**BITS, "game.networks.width": 32, "game.optimiser.lr": 1e-9},
        data="fashion-small-bits",
        steps=300,
        every=15,
    ),
    Case(
        "new-slow-faces",
        "",
        "an auto-encoder of faces at 5e-9",
        "ae-pictures",
        {**TALL, "game.latent": 8, "game.optimiser.lr": 5e-9},
        data="faces-240",
        steps=200,
        every=10,
    ),
)

_POSTERIOR = new(
    "posterior-collapse",
    Case(
        "new-closed-levels",
        "",
        "clothes of two levels, whose KL term counts 40 times: the bits' costs were averaged",
        "vae-mnist",
        {**LEVELS, "game.beta": 40.0},
        data="fashion-bits",
        steps=400,
        every=20,
    ),
    Case(
        "new-closed-houses",
        "",
        "house numbers whose features are compared, the KL term with a weight of 500",
        "dfc-pictures",
        {**TALL, "data.batch": 32, "game.latent": 8, "game.taps": "random", "game.beta": 500.0},
        data="houses-600",
        steps=200,
        every=10,
    ),
    Case(
        "new-closed-mass",
        "",
        "faces by a mass of 256 levels and convolutions, the KL term with a weight of 256",
        "vae-pictures",
        {
            **SMALL,
            "game.warm_up": 0,
            "game.beta": 256.0,
        },
        data="faces-240",
        steps=240,
        every=12,
    ),
    Case(
        "new-closed-late",
        "",
        "a healthy VAE of days of hired bicycles whose β is set to 60 after 250 rounds",
        "vae-table",
        {**ROWS, **TALL},
        after=250,
        late={"game.beta": 60.0},
        data="bike-1200",
        steps=550,
    ),
)

_REGULARISED = new(
    "over-regularised",
    Case(
        "new-pulled-levels",
        "",
        "β = 4 on larger digits of two levels",
        "vae-mnist",
        {**LEVELS, "game.beta": 4.0},
        data="mnist-bits",
    ),
    Case(
        "new-pulled-faces",
        "",
        "β = 8 on faces",
        "vae-digits",
        {**VAE, **TALL, "game.beta": 8.0},
        data="faces-240",
        steps=400,
        every=20,
    ),
    Case(
        "new-pulled-days",
        "",
        "β = 3 on thirteen columns of hired bicycles by ELU",
        "vae-table",
        {
            **ROWS,
            "game.networks": {"type": "dense", "width": 48, "layers": 2, "activation": "elu"},
            "game.beta": 3.0,
        },
        data="bike-1200",
        steps=700,
    ),
    Case(
        "new-pulled-known",
        "",
        "a decoder that is told to expect errors of 1.5 on red wines",
        "vae-table",
        {**ROWS, **TALL, "game.deviation": 1.5},
        data="reds-800",
        steps=600,
    ),
)

_LEARNT = new(
    "overfitting",
    Case(
        "new-heart-play",
        "",
        "a net of characters on 3,000 letters",
        "characters",
        {
            **TEXT,
            "game.networks.width": 32,
            "game.networks.skips": 48,
            "game.optimiser.lr": 1e-2,
        },
        data="plays-3000",
        steps=400,
        every=20,
    ),
    Case(
        "new-heart-weights",
        "",
        "five importance samples of 30 small digits of two levels, by 128 units",
        "iwae-mnist",
        {**LEVELS, "data.batch": 15, "game.networks.width": 128},
        data="mnist-small-bits-30",
        steps=500,
    ),
    Case(
        "new-heart-lifts",
        "",
        "splines in Glow's steps on 40 rows of seventeen columns",
        "flow-glow",
        {
            **FLOW,
            "data.batch": 20,
            "game.networks.model": "mixed-spline",
            "game.networks.width": 96,
            "game.optimiser.lr": 2e-3,
        },
        data="elevators-40",
        steps=400,
        every=20,
    ),
    Case(
        "new-heart-adults",
        "",
        "a VAE of 48 adults that 128 units learn by heart",
        "vae-mixed",
        {"data.batch": 24, "ema": 20.0, "game.networks.width": 128, "game.optimiser.lr": 5e-3},
        data="adult-60",
        steps=300,
        every=15,
    ),
)

_COPIES = new(
    "memorisation",
    Case(
        "new-copies-houses",
        "",
        "an auto-encoder of 22 house numbers whose codes get a mixture, with room for all of them",
        "ae-pictures",
        {**TALL, "data.batch": 22, "game.latent": 22, "game.optimiser.lr": 3e-3},
        data="houses-22",
        steps=400,
        every=20,
    ),
    Case(
        "new-copies-orders",
        "",
        "a masked net of four orders and 256 units on 24 rows of ordered bits",
        "made-orders",
        {"data.batch": 24, "game.networks.width": 256, "game.optimiser.lr": 5e-3},
        data="ordered-24",
        steps=500,
    ),
    Case(
        "new-copies-small",
        "",
        "NADE of 96 units on 24 small clothes of two levels",
        "nade",
        {"data.batch": 24, "game.networks.width": 96, "game.optimiser.lr": 1e-2},
        data="fashion-small-bits-24",
        steps=500,
    ),
    Case(
        "new-copies-wines",
        "",
        "splines of 96 units on 24 red wines",
        "flow",
        {**FLOW, "data.batch": 24, "game.networks.width": 96, "game.optimiser.lr": 3e-3},
        data="reds-24",
        steps=400,
        every=20,
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
