"""Moves that are too large or too small in vast ways, judged once and looked at since."""

from __future__ import annotations

from functools import partial
from typing import Any

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.next_critics import MODERN, STYLED
from counterplay.recipes.doctor_bench.next_games import CODED
from counterplay.recipes.doctor_bench.settings import COLUMNS, DENSE, HEADS, LEVELS, TALL
from counterplay.recipes.doctor_bench.sick_games import R1, both
from counterplay.recipes.doctor_bench.sick_models import BITS, FLOW
from counterplay.recipes.doctor_bench.wide_critics import GROWN, PACKED, PIXELS
from counterplay.recipes.doctor_bench.wide_data import JUDGED
from counterplay.recipes.doctor_bench.wide_games import PAIRS, PYRAMID, QUICK

__all__ = ["CASES", "FEATURES", "PLACES", "SLOPED", "coming"]

coming = partial(of_condition, halves=("seen",))

BRIEF: dict[str, Any] = {"steps": 240, "every": 10, "proof": 360}
LATER: dict[str, Any] = {"steps": 400, "every": 16, "proof": 600}
GIVEN_UP: dict[str, Any] = {"steps": 120, "every": 4, "proof": 180}
FEATURES = {
    **TALL,
    "data.batch": 32,
    "game.latent": 8,
    "game.pixels": 0.5,
    "game.taps": "random",
}
"""Features of convolutions that nobody trained, compared."""
PLACES = {
    "data.batch": 32,
    "data.binarise": "no",
    "game.decoder": "gaussian",
    "game.networks.width": 8,
    "game.latents": [4, 2],
    "game.warm_up": 0,
    "game.optimiser.lr": 2e-3,
}
"""Latents at each place of a picture, in two layers, and a density of its levels."""
SLOPED = {"data.batch": 32, "ema": 40.0, "game.networks.width": 8, "game.latent": 8}
"""Convolutions before a gradient penalty."""


def judges(lr: float) -> dict[str, Any]:
    """One rate for the three networks of a VAE whose error a critic measures."""
    return {f"game.{name}.lr": lr for name in ("encoder", "decoder", "critic")}


_FAST = coming(
    "rate-too-high",
    Case(
        "vast-fast-moons",
        "",
        "the moon's phases by convolutions and a gradient penalty, both players at 0.5",
        "digits-wgan-gp",
        {**SLOPED, "game.critic_steps": 2, **both(lr=0.5)},
        data="crescents",
        **QUICK,
    ),
    Case(
        "vast-fast-wheels",
        "",
        "logistic regressions of a lock's wheels, one place on another, at a rate of 20",
        "fvsbn",
        {**BITS, "game.optimiser.lr": 20.0},
        data="locks",
        **QUICK,
    ),
    Case(
        "vast-fast-seals",
        "",
        "five importance samples of seals at a rate of 2",
        "iwae-mnist",
        {**LEVELS, "game.optimiser.lr": 2.0},
        data="seals",
        **QUICK,
    ),
    Case(
        "vast-fast-floors",
        "",
        "a die by a pyramid of games, all of its players at 0.3",
        "lapgan-mnist",
        {**PYRAMID, **both(lr=0.3)},
        data="pips",
        **QUICK,
    ),
    Case(
        "vast-fast-judged",
        "",
        "discs by a VAE whose error a critic measures, the three of them at 0.3",
        "vae-gan-digits",
        {**JUDGED, **judges(0.3)},
        data="discs",
        **QUICK,
    ),
    Case(
        "vast-fast-codes",
        "",
        "roofs and a code that can be read off them, both players at 0.3",
        "infogan-mnist",
        {**CODED, **both(lr=0.3)},
        data="roofs",
        **QUICK,
    ),
    Case(
        "vast-fast-additive",
        "",
        "additive couplings of the middles of a cube's edges at a rate of 3",
        "flow-nice",
        {**FLOW, "game.optimiser.lr": 3.0},
        data="crystal",
        **QUICK,
        also=("not-invertible",),
        why="shifts by such numbers leave no digits for the point that is shifted.",
    ),
    Case(
        "vast-fast-features",
        "",
        "pennants whose features are compared, at a rate of 0.5",
        "dfc-pictures",
        {**FEATURES, "game.optimiser.lr": 0.5},
        data="pennants",
        **QUICK,
    ),
    Case(
        "vast-fast-drawn",
        "",
        "edges and an encoder that draws, by paired costs, both players at 0.3",
        "bigan-mnist",
        {
            **PAIRS,
            "game.posterior": "drawn",
            "game.cost": "relativistic",
            "game.coder.lr": 0.3,
            "game.critic.lr": 0.3,
        },
        data="boxes",
        **QUICK,
    ),
    Case(
        "vast-fast-modern",
        "",
        "shapes by residual networks without norms, both players at 0.3",
        "r3gan",
        {**MODERN, **both(lr=0.3)},
        data="glyphs",
        steps=200,
        every=10,
        proof=300,
    ),
    Case(
        "vast-fast-ahead",
        "",
        "a crown's tips by gradients of where a step would lead, both players at 0.5",
        "gan-ring",
        {**DENSE, **R1, "dynamics.rule": "extragradient", **both(lr=0.5)},
        data="crown",
        **QUICK,
    ),
    Case(
        "vast-fast-rent",
        "",
        "column after column of rooms to let, healthy until it goes on at a rate of 1",
        "mixed",
        COLUMNS,
        after=160,
        late={"game.optimiser.lr": 1.0},
        data="lodgings",
        **LATER,
    ),
    Case(
        "vast-fast-heads",
        "",
        "waves of grey told their direction, healthy until both players go on at 0.5",
        "acgan-mnist",
        {**HEADS, **R1},
        after=160,
        late={"game.generator.lr": 0.5, "game.critic.lr": 0.5},
        data="gratings-told",
        **LATER,
    ),
)

_SLOW = coming(
    "rate-too-low",
    Case(
        "vast-slow-wheels",
        "",
        "logistic regressions of a lock's wheels at 1e-9",
        "fvsbn",
        {**BITS, "game.optimiser.lr": 1e-9},
        data="locks",
        **BRIEF,
    ),
    Case(
        "vast-slow-styles",
        "",
        "the moon's phases by styles, both players at 1e-9",
        "style-32",
        {**STYLED, **both(lr=1e-9)},
        data="crescents",
        **BRIEF,
    ),
    Case(
        "vast-slow-grown",
        "",
        "pennants by networks that grow and hardly move, at 2e-9",
        "progressive-32",
        {**GROWN, **both(lr=2e-9)},
        data="pennants",
        **BRIEF,
    ),
    Case(
        "vast-slow-features",
        "",
        "discs whose features are compared, at 1e-9",
        "dfc-pictures",
        {**FEATURES, "game.optimiser.lr": 1e-9},
        data="discs",
        **BRIEF,
    ),
    Case(
        "vast-slow-judged",
        "",
        "edges by a VAE whose error a critic measures, the three of them at 1e-9",
        "vae-gan-digits",
        {**JUDGED, **judges(1e-9)},
        data="boxes",
        **BRIEF,
    ),
    Case(
        "vast-slow-inverse",
        "",
        "inverse flows of a corkscrew at 3e-9",
        "flow-iaf",
        {**FLOW, "game.optimiser.lr": 3e-9},
        data="corkscrew",
        **BRIEF,
    ),
    Case(
        "vast-slow-packs",
        "",
        "packs of rooms to let, both players at 1e-9",
        "gan-mixed",
        {**PACKED, **both(lr=1e-9)},
        data="lodgings",
        **BRIEF,
    ),
    Case(
        "vast-slow-eps",
        "",
        "a denoiser of discs and its score, an eps of 10,000,000 in its Adam",
        "dae-langevin",
        {
            "data.batch": 32,
            "game.networks.width": 64,
            "game.links": 40,
            "game.optimiser.eps": 1e7,
        },
        data="discs",
        **BRIEF,
    ),
    Case(
        "vast-slow-lines",
        "",
        "a linear VAE of a river's gates by descent at 1e-9",
        "linear-vae",
        {
            "data.batch": 64,
            "game.latent": 3,
            "game.deviation": 0.3,
            "game.optimiser.rule": "sgd",
            "game.optimiser.lr": 1e-9,
        },
        data="sluices",
        **BRIEF,
    ),
    Case(
        "vast-slow-places",
        "",
        "waves of grey by latents at each place, in two layers, at 2e-9",
        "ladder-pictures",
        {**PLACES, "game.optimiser.lr": 2e-9},
        data="gratings",
        **BRIEF,
    ),
    Case(
        "vast-slow-ways",
        "",
        "a VAE of journeys at 1e-9",
        "vae-mixed",
        {**COLUMNS, "game.latent": 8, "game.optimiser.lr": 1e-9},
        data="journeys-1500",
        **BRIEF,
    ),
    Case(
        "vast-slow-one-by-one",
        "",
        "discs pixel after pixel, whose rate fell to 1e-9 after 20 rounds",
        "pixelcnn-digits",
        PIXELS,
        after=20,
        late={"game.optimiser.lr": 1e-9},
        data="discs",
        **GIVEN_UP,
    ),
    Case(
        "vast-slow-late",
        "",
        "NADE on seals, the rate of which fell to 2e-9 after 20 rounds",
        "nade",
        {**BITS, "game.networks.width": 32},
        after=20,
        late={"game.optimiser.lr": 2e-9},
        data="seals",
        **GIVEN_UP,
    ),
)

CASES = (*_FAST, *_SLOW)
"""Thirteen causes of each condition."""
