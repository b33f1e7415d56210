"""Models and data that were made sick in ways that nobody has looked at, to be judged once."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.fresh_games import fresh
from counterplay.recipes.doctor_bench.held_games import PLAIN
from counterplay.recipes.doctor_bench.held_models import CODER
from counterplay.recipes.doctor_bench.sick_data import SHORT
from counterplay.recipes.doctor_bench.sick_games import both
from counterplay.recipes.doctor_bench.sick_models import BITS, FLOW, ROWS, VAE

__all__ = ["CASES"]

TALL = {"game.networks": {"type": "dense", "width": 64, "layers": 2}}

_NONFINITE = fresh(
    "non-finite",
    Case(
        "fresh-nan-clothes",
        "",
        "Wasserstein's costs on clothes by descent at a rate of 1e8",
        "mnist",
        {
            **PLAIN,
            "game.networks.critic_norm": "none",
            "game.networks.generator_norm": "none",
            "game.cost": "wasserstein",
            **both(lr=1e8, betas=[0.0, 0.99], rule="sgd"),
        },
        data="fashion-plain",
        steps=200,
        every=10,
    ),
    Case(
        "fresh-nan-machine",
        "",
        "a machine of real units at a rate of 1e25",
        "rbm-reals",
        {"data.batch": 50, "game.optimiser.lr": 1e25},
        data="airfoil-1000",
        steps=200,
        every=10,
    ),
)

_POSTERIOR = fresh(
    "posterior-collapse",
    Case(
        "fresh-closed-wide",
        "",
        "a decoder that is told that clothes scatter many times as widely as they do",
        "vae-digits",
        {**VAE, **TALL, "game.deviation": 4.0},
        data="fashion-plain",
    ),
    Case(
        "fresh-closed-warm",
        "",
        "β that grows to 200 over 200 rounds, on mixes of concrete",
        "vae-table",
        {**ROWS, "game.beta": 200.0, "game.warm_up": 200},
        data="concrete-600",
    ),
)

_REGULARISED = fresh(
    "over-regularised",
    Case(
        "fresh-pulled-wide",
        "",
        "a decoder that is told to expect errors as large as the digits themselves",
        "vae-digits",
        {**VAE, **TALL, "game.deviation": 1.2},
    ),
    Case(
        "fresh-pulled-clothes",
        "",
        "β = 20 on clothes with 24 latents",
        "vae-digits",
        {**VAE, **TALL, "game.latent": 24, "game.beta": 20.0},
        data="fashion-plain",
    ),
)

_LEARNT = fresh(
    "overfitting",
    Case(
        "fresh-heart-pixels",
        "",
        "a regression of each of 196 bits on those before, with 64 digits",
        "fvsbn",
        {**BITS, "data.batch": 32, "game.optimiser.lr": 2e-2},
        data="mnist-bits-64",
        steps=400,
        every=20,
    ),
    Case(
        "fresh-heart-rows",
        "",
        "a masked net of 200 units on 28 digits of two levels",
        "made",
        {"data.batch": 14, "game.networks.width": 200, "game.optimiser.lr": 3e-3},
        data="bits-28",
        steps=500,
    ),
    Case(
        "fresh-heart-clothes",
        "",
        "a VAE of 24 pieces of clothing that pays nearly nothing for its latents",
        "vae-digits",
        {**VAE, **TALL, "data.batch": 16, "game.beta": 0.01, "game.optimiser.lr": 3e-3},
        data="fashion-24",
        steps=600,
    ),
)

_COPIES = fresh(
    "memorisation",
    Case(
        "fresh-copies-mixes",
        "",
        "an auto-encoder of 24 mixes of concrete with room for all of them",
        "ae-digits",
        {**CODER, "data.batch": 16, "game.latent": 8},
        data="concrete-24",
        steps=600,
    ),
    Case(
        "fresh-copies-masked",
        "",
        "masked flows of 96 units on 24 mixes of concrete",
        "flow-maf",
        {**FLOW, "data.batch": 12, "game.networks.width": 96, "game.optimiser.lr": 3e-3},
        data="concrete-24",
        steps=600,
    ),
)

_CHAINS = fresh(
    "chain-not-mixing",
    Case(
        "fresh-stuck-pixels",
        "",
        "a machine of 24 units for 196 bits at a rate of 1",
        "rbm-bits",
        {"data.batch": 50, "game.networks.width": 24, "game.optimiser.lr": 1.0},
        data="mnist-bits",
        steps=400,
        every=20,
    ),
    Case(
        "fresh-stuck-genes",
        "",
        "a healthy machine of genes whose rate is set to 8 after 200 rounds",
        "rbm-bits",
        {"data.batch": 50, "game.networks.width": 40},
        after=200,
        late={"game.optimiser.lr": 8.0},
        data="dna-1000",
        steps=500,
        every=20,
    ),
)

_BROKEN = fresh(
    "not-invertible",
    Case(
        "fresh-broken-mixes",
        "",
        "inverse autoregressive flows of concrete at a rate of 0.5",
        "flow-iaf",
        {**FLOW, "game.optimiser.lr": 0.5},
        data="concrete-600",
        steps=400,
        every=20,
    ),
    Case(
        "fresh-broken-pixels",
        "",
        "masked flows of digits at a rate of 1",
        "flow-digits-maf",
        {**FLOW, "game.optimiser.lr": 1.0},
        steps=300,
        every=15,
    ),
)

_SLOW = fresh(
    "rate-too-low",
    Case(
        "fresh-slow-pixels",
        "",
        "pixel after pixel at 3e-9",
        "pixelcnn-digits",
        {
            "data.batch": 16,
            "ema": 20.0,
            "game.networks.features": 12,
            "game.networks.depth": 2,
            "game.conditional": False,
            "game.optimiser.lr": 3e-9,
        },
        steps=200,
        every=20,
    ),
)

_CONSTANT = fresh(
    "data-constant",
    Case("fresh-same-shirt", "", "one shirt", "vae-digits", VAE, data="fashion-same", **SHORT),
    Case("fresh-same-stripes", "", "a test picture", "digits", PLAIN, data="striped", **SHORT),
)

_DOUBLED = fresh(
    "data-doubled",
    Case(
        "fresh-third-again",
        "",
        "a third of the clothes four times",
        "vae-digits",
        VAE,
        data="fashion-again",
        **SHORT,
    ),
    Case(
        "fresh-mixes-again",
        "",
        "each mix of concrete three times",
        "flow-nice",
        {**FLOW, "data.batch": 32},
        data="concrete-again",
        **SHORT,
    ),
)

_RANGE = fresh(
    "data-range",
    Case("fresh-washed", "", "levels 118 to 138", "digits", PLAIN, data="washed-out", **SHORT),
    Case("fresh-faint", "", "levels 0 to 12", "vae-digits", VAE, data="fashion-faint", **SHORT),
)

_FEW = fresh(
    "data-few",
    Case(
        "fresh-few-clothes-all",
        "",
        "24 pieces of clothing",
        "mnist",
        {**PLAIN, "data.batch": 16},
        data="fashion-24",
        **SHORT,
    ),
    Case(
        "fresh-few-bits",
        "",
        "28 rows of bits",
        "made",
        {"data.batch": 14, "game.networks.width": 64},
        data="bits-28",
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
