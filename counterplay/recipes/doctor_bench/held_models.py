"""Models and data that were made sick in yet other ways: held once, looked at since."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.held_games import PLAIN, held
from counterplay.recipes.doctor_bench.sick_data import SHORT
from counterplay.recipes.doctor_bench.sick_models import BITS, FLOW, ROWS, VAE, WINE

__all__ = ["CASES"]

CODER = {
    "game.networks": {"type": "dense", "width": 128, "layers": 2},
    "game.optimiser.lr": 3e-3,
}

_NONFINITE = held(
    "non-finite",
    Case(
        "held-nan-flow",
        "",
        "a flow of rows at a rate of 1e30",
        "flow-real-nvp",
        {**FLOW, **WINE, "game.optimiser.lr": 1e30},
        steps=200,
        every=10,
    ),
    Case(
        "held-nan-bits",
        "",
        "NADE at a rate of 1e30",
        "nade",
        {**BITS, "game.optimiser.lr": 1e30},
        data="bits-1000",
        steps=200,
        every=10,
    ),
)

_POSTERIOR = held(
    "posterior-collapse",
    Case(
        "held-closed-large",
        "",
        "β = 100 on larger digits",
        "vae-digits",
        {**VAE, "game.beta": 100.0},
        data="mnist-unlabelled",
    ),
    Case(
        "held-closed-rows",
        "",
        "β = 40 on rows of thirty measurements",
        "vae-table",
        {**ROWS, "data.source": "breast-cancer", "data.batch": 32, "game.beta": 40.0},
    ),
)

_REGULARISED = held(
    "over-regularised",
    Case(
        "held-pulled-wine",
        "",
        "β = 2.5 on thirteen columns",
        "vae-table",
        {**ROWS, **WINE, "game.beta": 2.5},
        steps=800,
    ),
    Case(
        "held-pulled-bits",
        "",
        "β = 3.5 on digits of two levels",
        "vae-digits",
        {
            **VAE,
            "game.networks": {"type": "dense", "width": 64, "layers": 2},
            "game.beta": 3.5,
            "game.decoder": "bernoulli",
            "data.binarise": "threshold",
        },
        steps=800,
    ),
)

_LEARNT = held(
    "overfitting",
    Case(
        "held-heart-bits",
        "",
        "a masked net of 300 units on 64 digits of two levels",
        "made",
        {**BITS, "data.batch": 32, "game.networks.width": 300, "game.optimiser.lr": 3e-3},
        data="bits-64",
        steps=600,
        every=30,
    ),
    Case(
        "held-heart-spline",
        "",
        "splines on 80 rows of thirty measurements",
        "flow",
        {**FLOW, "data.batch": 32, "game.networks.width": 64, "game.optimiser.lr": 3e-3},
        data="cancer-80",
        steps=400,
        every=20,
    ),
    Case(
        "held-heart-pixels",
        "",
        "pixel after pixel of 64 digits",
        "pixelcnn-digits",
        {
            "data.batch": 16,
            "ema": 20.0,
            "game.networks.features": 24,
            "game.networks.depth": 2,
            "game.conditional": False,
            "game.optimiser.lr": 5e-3,
        },
        data="digits-64",
        steps=1200,
        every=40,
    ),
)

_COPIES = held(
    "memorisation",
    Case(
        "held-copies-large",
        "",
        "an auto-encoder of 24 larger digits with room for all of them",
        "ae-digits",
        {**CODER, "data.batch": 16, "game.latent": 24},
        data="mnist-24",
        steps=500,
    ),
    Case(
        "held-copies-measured",
        "",
        "an auto-encoder of 32 rows of thirty measurements",
        "ae-digits",
        {**CODER, "data.batch": 16, "game.latent": 16},
        data="cancer-32",
        steps=600,
    ),
)

_CHAINS = held(
    "chain-not-mixing",
    Case(
        "held-stuck-narrow",
        "",
        "persistent chains of a machine of sixteen units whose rate is 0.8",
        "rbm-digits",
        {"data.batch": 50, "game.networks.width": 16, "game.optimiser.lr": 0.8},
        steps=500,
        every=20,
    ),
    Case(
        "held-stuck-bits",
        "",
        "a machine of digits of two levels at a rate of 1",
        "rbm-bits",
        {"data.batch": 50, "game.networks.width": 64, "game.optimiser.lr": 1.0},
        data="bits-1000",
        steps=500,
        every=20,
    ),
)

_BROKEN = held(
    "not-invertible",
    Case(
        "held-broken-rows",
        "",
        "affine couplings at a rate of 0.3 on thirteen columns",
        "flow-real-nvp",
        {**FLOW, **WINE, "game.optimiser.lr": 0.3},
        steps=400,
        every=20,
    ),
    Case(
        "held-broken-glow",
        "",
        "Glow's steps whose rate is set to 0.3 after 200 rounds",
        "flow-glow",
        {**FLOW, "data.source": "breast-cancer", "data.batch": 32},
        after=200,
        late={"game.optimiser.lr": 0.3},
        steps=500,
        every=20,
    ),
)

_SLOW = held(
    "rate-too-low",
    Case(
        "held-slow-bits",
        "",
        "a masked net at 1e-8",
        "made",
        {**BITS, "game.networks.width": 64, "game.optimiser.lr": 1e-8},
        data="bits-1000",
        steps=300,
        every=20,
    ),
)

_CONSTANT = held(
    "data-constant",
    Case("held-same-white", "", "white pictures", "digits", PLAIN, data="constant-white", **SHORT),
    Case("held-same-point", "", "one eight", "vae-digits", VAE, data="constant-eight", **SHORT),
)

_DOUBLED = held(
    "data-doubled",
    Case("held-ten-times", "", "100 pictures ten times", "digits", PLAIN, data="tenfold", **SHORT),
    Case("held-thrice", "", "three downloads", "vae-digits", VAE, data="doubled-third", **SHORT),
)

_RANGE = held(
    "data-range",
    Case("held-dim-ones", "", "0 to 1 as bytes", "vae-digits", VAE, data="dim-1", **SHORT),
    Case("held-dim-tenth", "", "levels 0 to 25 of 255", "digits", PLAIN, data="dim-25", **SHORT),
)

_FEW = held(
    "data-few",
    Case(
        "held-few-larger",
        "",
        "24 larger digits",
        "vae-digits",
        {**VAE, "data.batch": 16},
        data="mnist-24",
        **SHORT,
    ),
    Case(
        "held-few-measured",
        "",
        "32 rows of thirty measurements",
        "flow-nice",
        {**FLOW, "data.batch": 16},
        data="cancer-32",
        **SHORT,
    ),
)

CASES = (
    *_NONFINITE,
    *_POSTERIOR,
    *_REGULARISED,
    *_LEARNT,
    *_COPIES,
    *_CHAINS,
    *_BROKEN,
    *_SLOW,
    *_CONSTANT,
    *_DOUBLED,
    *_RANGE,
    *_FEW,
)
"""Two causes of each condition, or three."""
