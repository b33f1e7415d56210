"""Moves made too large or too small in free ways, which nobody has looked at, to be judged once."""

from __future__ import annotations

from functools import partial
from typing import Any

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.next_critics import MODERN, STYLED
from counterplay.recipes.doctor_bench.next_games import CODED
from counterplay.recipes.doctor_bench.next_models import HEARD
from counterplay.recipes.doctor_bench.settings import BLOCKS, DENSE, HEADS, LEVELS, SMALL, TABLE
from counterplay.recipes.doctor_bench.sick_games import DIGITS, both
from counterplay.recipes.doctor_bench.sick_models import BITS, FLOW, ROWS
from counterplay.recipes.doctor_bench.wide_games import PAIRS

__all__ = [
    "BLURRED",
    "CASES",
    "CHECKERED",
    "CODES",
    "LEARNT",
    "OBEYED",
    "coming",
]

coming = partial(of_condition, halves=("held",))

SWIFT: dict[str, Any] = {"steps": 240, "every": 10, "proof": 360}
SHORT: dict[str, Any] = {"steps": 160, "every": 8, "proof": 240}
BRISK: dict[str, Any] = {"steps": 120, "every": 6, "proof": 180}
LATER: dict[str, Any] = {"steps": 400, "every": 16, "proof": 600}
GIVEN_UP: dict[str, Any] = {"steps": 120, "every": 4, "proof": 180}
LEARNT = {
    "data.batch": 40,
    "data.few": 10,
    "ema": 40.0,
    "game.networks.width": 64,
    "game.networks.generator_width": 64,
    "game.latent": 16,
}
"""A classifier that is told ten labels of each class, and its generator."""
OBEYED = {**DIGITS, "game.networks.inner": 0}
"""Convolutions of few channels, told the class."""
CODES = {"data.batch": 20, "game.networks.width": 8, "game.latent": 8}
"""Convolutions into codes and back."""
BLURRED = {"data.batch": 32, "game.networks.width": 64, "game.links": 40}
"""A denoiser and a chain of forty links."""
CHECKERED = {
    "data.batch": 24,
    "ema": 20.0,
    "game.networks.width": 8,
    "game.networks.blocks": 1,
    "game.networks.scales": 1,
}
"""A picture's couplings over checkerboards."""
MEASURED = {"game.draws": "cubature", "game.optimiser.lr": 1e-9}

_FAST = coming(
    "rate-too-high",
    Case(
        "free-fast-planet",
        "",
        "splines of a planet and its ring at a rate of 3",
        "flow",
        {**FLOW, "game.networks.blocks": 2, "game.optimiser.lr": 3.0},
        data="saturn-ring",
        **SWIFT,
    ),
    Case(
        "free-fast-verdicts",
        "",
        "a classifier of stairways that is to be sure and balanced, both players at 2",
        "catgan-mnist",
        {**LEARNT, **both(lr=2.0)},
        data="stair-ways-told",
        **SWIFT,
    ),
    Case(
        "free-fast-codes",
        "",
        "codes of rainbows by convolutions without norms, at a rate of 1",
        "ae-pictures",
        {**CODES, "game.optimiser.lr": 1.0},
        data="rain-bows",
        **BRISK,
    ),
    Case(
        "free-fast-stairs",
        "",
        "stairways by convolutions and hinge costs, both players by RMSprop at 0.3",
        "photos",
        {**DIGITS, "game.cost": "hinge", **both(lr=0.3, rule="rmsprop")},
        data="stair-ways",
        **SWIFT,
    ),
    Case(
        "free-fast-jets",
        "",
        "a fountain's jets by least squares, both players by RMSprop at 0.5",
        "gan-ring",
        {**DENSE, "game.cost": "least_squares", **both(lr=0.5, rule="rmsprop")},
        data="fountain-jets",
        **SWIFT,
    ),
    Case(
        "free-fast-attention",
        "",
        "tiles by residual networks that look at a whole grid, both players at 0.5",
        "sngan",
        {
            **BLOCKS,
            "data.batch": 12,
            "game.networks.width": 4,
            "game.networks.attention": True,
            **both(lr=0.5),
        },
        data="corner-tiles",
        **SHORT,
    ),
    Case(
        "free-fast-score",
        "",
        "a denoiser of targets, drawn from along its score, at a rate of 1",
        "dae-langevin",
        {**BLURRED, "game.optimiser.lr": 1.0},
        data="ring-targets",
        **SWIFT,
    ),
    Case(
        "free-fast-masks",
        "",
        "a masked net of two hidden layers on bingo cards at a rate of 5",
        "made",
        {
            **BITS,
            "game.networks.width": 48,
            "game.networks.depth": 2,
            "game.optimiser.lr": 5.0,
        },
        data="bingo-cards",
        **SWIFT,
    ),
    Case(
        "free-fast-winds",
        "",
        "the wind on ten masts by a gradient penalty, both players at 0.5",
        "table",
        {**TABLE, "ema": 40.0, "game.critic_steps": 2, **both(lr=0.5)},
        data="mast-winds",
        **SWIFT,
    ),
    Case(
        "free-fast-signs",
        "",
        "black squares of a board by the sign of each gradient alone, both players at 0.2",
        "pacgan-ring-pac2",
        {**DENSE, **both(lr=0.2, betas=[0.0, 0.0])},
        data="black-squares",
        **SWIFT,
    ),
    Case(
        "free-fast-horns",
        "",
        "a horn's calls, sample by sample, healthy until it goes on at a rate of 0.7",
        "wavenet",
        HEARD,
        after=100,
        late={"game.optimiser.lr": 0.7},
        data="horn-calls",
        **SWIFT,
    ),
    Case(
        "free-fast-asked",
        "",
        "windows told how many panes are lit, healthy until both players go on at 1",
        "cgan-projection-mnist",
        OBEYED,
        after=160,
        late=both(lr=1.0),
        data="window-panes-told",
        **LATER,
    ),
    Case(
        "free-fast-mass",
        "",
        "rainbows by a mass of all levels, healthy until it goes on at a rate of 1",
        "vae-pictures",
        {**SMALL, "data.batch": 20, "game.warm_up": 0},
        after=160,
        late={"game.optimiser.lr": 1.0},
        data="rain-bows",
        **LATER,
    ),
)

_SLOW = coming(
    "rate-too-low",
    Case(
        "free-slow-codes",
        "",
        "stairways and a code that can be read off them, both players at 1e-9",
        "infogan-mnist",
        {**CODED, **both(lr=1e-9)},
        data="stair-ways",
        **SWIFT,
    ),
    Case(
        "free-slow-heads",
        "",
        "targets told which, before a critic that tells it as well, both at 2e-9",
        "acgan-mnist",
        {**HEADS, **both(lr=2e-9)},
        data="ring-targets-told",
        **SWIFT,
    ),
    Case(
        "free-slow-labels",
        "",
        "ten labels each of windows, classifier and generator at 1e-9",
        "ssl-mnist-20min",
        {**LEARNT, **both(lr=1e-9)},
        data="window-panes-told",
        **SWIFT,
    ),
    Case(
        "free-slow-bows",
        "",
        "codes of rainbows by convolutions at 1e-9",
        "ae-pictures",
        {**CODES, "game.optimiser.lr": 1e-9},
        data="rain-bows",
        **BRISK,
    ),
    Case(
        "free-slow-eps",
        "",
        "five importance samples of bar codes, an eps of 100,000,000 in its RMSprop",
        "iwae-mnist",
        {**LEVELS, "game.optimiser.rule": "rmsprop", "game.optimiser.eps": 1e8},
        data="bar-codes",
        **SWIFT,
    ),
    Case(
        "free-slow-orders",
        "",
        "a masked net of three orders on bingo cards at 1e-9",
        "made-orders",
        {
            **BITS,
            "game.networks.width": 48,
            "game.networks.orders": 3,
            "game.optimiser.lr": 1e-9,
        },
        data="bingo-cards",
        **SWIFT,
    ),
    Case(
        "free-slow-repairs",
        "",
        "repairs of bicycles brought to lines at 2e-9",
        "flow-mixed",
        {
            "data.batch": 64,
            "ema": 20.0,
            "game.networks.width": 32,
            "game.transforms": 2,
            "game.optimiser.lr": 2e-9,
        },
        data="bike-repairs",
        **SWIFT,
    ),
    Case(
        "free-slow-modern",
        "",
        "tiles by residual networks without norms, both players at 1e-9",
        "r3gan",
        {**MODERN, **both(lr=1e-9)},
        data="corner-tiles",
        steps=200,
        every=10,
        proof=300,
    ),
    Case(
        "free-slow-asked",
        "",
        "stairways told which by convolutions, both players by descent with inertia at 1e-9",
        "cgan-mnist",
        {**OBEYED, **both(lr=1e-9, rule="sgd", betas=[0.9, 0.999])},
        data="stair-ways-told",
        **SWIFT,
    ),
    Case(
        "free-slow-beats",
        "",
        "a VAE of a heart's beats, posteriors looked at in fixed places, at 1e-9",
        "vae-table",
        {**ROWS, **MEASURED},
        data="heart-pulses",
        **SWIFT,
    ),
    Case(
        "free-slow-checkers",
        "",
        "Real NVP's checkerboards of candles at 1e-9",
        "flow-mnist",
        {**CHECKERED, "game.optimiser.lr": 1e-9},
        data="three-candles",
        **SWIFT,
    ),
    Case(
        "free-slow-late-pairs",
        "",
        "windows and an encoder, the rates of whose players fell to 1e-9 after 20 rounds",
        "bigan-mnist",
        PAIRS,
        after=20,
        late={"game.coder.lr": 1e-9, "game.critic.lr": 1e-9},
        data="window-panes",
        **GIVEN_UP,
    ),
    Case(
        "free-slow-late-styles",
        "",
        "targets by styles, a schedule for which six rounds were an epoch ended both rates",
        "style-32",
        STYLED,
        after=20,
        late=both(lr=1e-9),
        data="ring-targets",
        **GIVEN_UP,
    ),
)

CASES = (*_FAST, *_SLOW)
"""Thirteen causes of each condition."""
