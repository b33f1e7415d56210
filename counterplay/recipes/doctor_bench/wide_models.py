"""Models that were made sick in wide ways, judged once and looked at since."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.next_critics import FEW
from counterplay.recipes.doctor_bench.settings import COLUMNS, LEVELS, SMALL, TALL, TEXT
from counterplay.recipes.doctor_bench.sick_models import FLOW, ROWS, VAE
from counterplay.recipes.doctor_bench.wide_critics import PIXELS
from counterplay.recipes.doctor_bench.wide_games import HOURS, coming

__all__ = ["CASES"]

SLOWLY: dict[str, Any] = {"steps": 500, "proof": 750}
PLACED = {
    "data.batch": 32,
    "game.networks.width": 8,
    "game.latents": [4, 2],
    "game.warm_up": 0,
    "game.optimiser.lr": 2e-3,
}
"""Two layers of latents at each place of a picture."""

_POSTERIOR = coming(
    "posterior-collapse",
    Case(
        "wide-closed-levels",
        "",
        "discs by a decoder whose known error was given in grey levels: 40",
        "vae-digits",
        {**VAE, **TALL, "game.deviation": 40.0},
        data="discs",
        **HOURS,
    ),
    Case(
        "wide-closed-journeys",
        "",
        "a VAE of journeys and β = 100",
        "vae-mixed",
        {**COLUMNS, "game.latent": 8, "game.beta": 100.0},
        data="journeys-1500",
        **HOURS,
    ),
    Case(
        "wide-closed-places",
        "",
        "edges by latents at each place, in two layers, and β = 300",
        "ladder-pictures",
        {**PLACED, "game.beta": 300.0},
        data="boxes",
        steps=240,
        every=12,
        proof=360,
    ),
    Case(
        "wide-closed-months",
        "",
        "a linear VAE of twelve months, the error of which is taken for degrees: eight of them",
        "linear-vae",
        {"data.batch": 40, "game.latent": 3, "game.deviation": 8.0},
        data="months",
        **HOURS,
    ),
    Case(
        "wide-closed-features",
        "",
        "discs whose features are compared, hardly any of their pixels, and β = 1,000",
        "dfc-pictures",
        {
            **TALL,
            "data.batch": 32,
            "game.latent": 8,
            "game.taps": "random",
            "game.pixels": 0.1,
            "game.beta": 1e3,
        },
        data="discs",
        **HOURS,
    ),
    Case(
        "wide-closed-late",
        "",
        "a healthy VAE of baskets by fixed places of the posterior until β is set to 80",
        "vae-mnist",
        {**LEVELS, "game.draws": "cubature"},
        after=240,
        late={"game.beta": 80.0},
        data="baskets",
        steps=600,
        every=20,
        proof=900,
    ),
)

_REGULARISED = coming(
    "over-regularised",
    Case(
        "wide-pulled-months",
        "",
        "twelve months by a decoder that is told to expect errors of two and a half deviations",
        "vae-table",
        {**ROWS, **TALL, "game.latent": 3, "game.deviation": 2.5},
        data="months",
        **SLOWLY,
    ),
    Case(
        "wide-pulled-discs",
        "",
        "discs by a known error of a quarter of the range, and β = 7",
        "vae-digits",
        {**VAE, **TALL, "game.deviation": 0.5, "game.beta": 7.0},
        data="discs",
        **SLOWLY,
    ),
    Case(
        "wide-pulled-edges",
        "",
        "edges by a known error of half of the range and fixed places, β growing to 4.5",
        "vae-digits",
        {
            **VAE,
            **TALL,
            "game.deviation": 1.0,
            "game.beta": 4.5,
            "game.warm_up": 100,
            "game.draws": "cubature",
        },
        data="boxes",
        **SLOWLY,
    ),
    Case(
        "wide-pulled-players",
        "",
        "a linear VAE of players of a game, a known error of one deviation and β = 2.2",
        "linear-vae",
        {"data.batch": 40, "game.latent": 6, "game.deviation": 1.0, "game.beta": 2.2},
        data="skillcraft-1000",
        **SLOWLY,
    ),
    Case(
        "wide-pulled-patches",
        "",
        "β = 4 on patches of bits",
        "vae-mnist",
        {**LEVELS, "game.beta": 4.0},
        data="patches",
        **SLOWLY,
    ),
    Case(
        "wide-pulled-paintings",
        "",
        "paintings by convolutions that are told to expect errors of three halves of the range",
        "vae-pictures",
        {**SMALL, "game.warm_up": 0, "game.decoder": "gaussian", "game.deviation": 3.0},
        data="paintings",
        **HOURS,
    ),
)

_LEARNT = coming(
    "overfitting",
    Case(
        "wide-heart-pixels",
        "",
        "24 pictures of edges pixel after pixel, by twice the channels and thrice the rate",
        "pixelcnn-digits",
        {
            **PIXELS,
            "data.batch": 12,
            "game.networks.features": 16,
            "game.optimiser.lr": 5e-3,
        },
        data="boxes-24",
        **HOURS,
        **FEW,
    ),
    Case(
        "wide-heart-months",
        "",
        "inverse flows of 96 units on the months of 40 places",
        "flow-iaf",
        {
            **FLOW,
            "data.batch": 20,
            "game.networks.width": 96,
            "game.optimiser.lr": 3e-3,
        },
        data="months-40",
        **HOURS,
        **FEW,
    ),
    Case(
        "wide-heart-baskets",
        "",
        "NADE of 96 units on 40 baskets",
        "nade",
        {"data.batch": 20, "game.networks.width": 96, "game.optimiser.lr": 1e-2},
        data="baskets-40",
        **SLOWLY,
        **FEW,
    ),
    Case(
        "wide-heart-addresses",
        "",
        "a net of characters on 80 addresses",
        "characters",
        {
            **TEXT,
            "data.batch": 16,
            "game.networks.width": 48,
            "game.networks.skips": 64,
            "game.optimiser.lr": 1e-2,
        },
        data="addresses-80",
        **HOURS,
        **FEW,
    ),
    Case(
        "wide-heart-journeys",
        "",
        "column after column of 80 journeys, by three pairs of layers of 128 units",
        "mixed",
        {
            **COLUMNS,
            "data.batch": 24,
            "game.networks.width": 128,
            "game.networks.depth": 3,
            "game.optimiser.lr": 3e-3,
        },
        data="journeys-80",
        **HOURS,
        **FEW,
    ),
    Case(
        "wide-heart-paintings",
        "",
        "26 paintings by latents at each place, in two layers",
        "ladder-pictures",
        {
            **PLACED,
            "data.batch": 13,
            "game.networks.width": 16,
            "game.optimiser.lr": 3e-3,
        },
        data="paintings-26",
        **HOURS,
        **FEW,
    ),
)

_COPIES = coming(
    "memorisation",
    Case(
        "wide-copies-discs",
        "",
        "a VAE of 20 discs by convolutions that pays a fiftieth for its latents",
        "vae-digits",
        {
            **SMALL,
            "data.batch": 20,
            "game.networks.width": 16,
            "game.beta": 0.02,
            "game.optimiser.lr": 3e-3,
        },
        data="discs-20",
        **SLOWLY,
        **FEW,
    ),
    Case(
        "wide-copies-months",
        "",
        "splines of 96 units on the months of 24 places",
        "flow",
        {**FLOW, "data.batch": 24, "game.networks.width": 96, "game.optimiser.lr": 3e-3},
        data="months-24",
        **HOURS,
        **FEW,
    ),
    Case(
        "wide-copies-baskets",
        "",
        "a masked net of two layers of 256 units on 24 baskets",
        "made",
        {
            "data.batch": 24,
            "game.networks.width": 256,
            "game.networks.depth": 2,
            "game.optimiser.lr": 5e-3,
        },
        data="baskets-24",
        **SLOWLY,
        **FEW,
    ),
    Case(
        "wide-copies-paintings",
        "",
        "an auto-encoder of 20 paintings by layers of 128 units with room for all of them",
        "ae-digits",
        {
            "data.batch": 20,
            "game.latent": 20,
            "game.networks": {"type": "dense", "width": 128, "layers": 2},
            "game.optimiser.lr": 3e-3,
        },
        data="paintings-20",
        **HOURS,
        **FEW,
    ),
    Case(
        "wide-copies-wings",
        "",
        "a VAE of 20 aerofoils that pays a hundredth for its latents",
        "vae-table",
        {
            **ROWS,
            "data.batch": 20,
            "game.latent": 6,
            "game.networks": {"type": "dense", "width": 128, "layers": 2},
            "game.deviation": 0.05,
            "game.beta": 0.01,
            "game.optimiser.lr": 3e-3,
        },
        data="airfoil-20",
        steps=800,
        proof=1200,
        **FEW,
    ),
    Case(
        "wide-copies-chain",
        "",
        "a denoiser of 16 pictures of edges, whose chain goes along its score to one of them",
        "dae-langevin",
        {
            "data.batch": 16,
            "game.networks": {"type": "dense", "width": 256, "layers": 2, "activation": "relu"},
            "game.links": 100,
            "game.optimiser.lr": 3e-3,
        },
        data="boxes-16",
        steps=600,
        every=30,
        proof=900,
        **FEW,
    ),
)

CASES = (*_POSTERIOR, *_REGULARISED, *_LEARNT, *_COPIES)
"""Six causes of each condition."""
