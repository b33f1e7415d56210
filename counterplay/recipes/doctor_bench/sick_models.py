"""Models with a likelihood that were made sick on purpose."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case, of_condition

__all__ = ["BITS", "CASES", "FLOW", "ROWS", "VAE", "WINE"]

VAE: dict[str, Any] = {
    "data.batch": 64,
    "game.latent": 8,
    "game.networks": {"type": "mlp", "width": 64, "depth": 2},
    "game.optimiser.lr": 2e-3,
}
"""A variational auto-encoder of fully connected networks, for digits."""

ROWS: dict[str, Any] = {
    "data.batch": 64,
    "game.latent": 4,
    "game.networks.width": 32,
    "game.networks.depth": 2,
    "game.optimiser.lr": 2e-3,
}
"""The same for rows of a table."""

FLOW: dict[str, Any] = {
    "data.batch": 64,
    "ema": 20.0,
    "game.networks.width": 32,
    "game.networks.depth": 1,
    "game.networks.blocks": 3,
}
"""A small flow of rows."""

BITS: dict[str, Any] = {"data.batch": 50}

WINE = {"data.source": "wine", "data.batch": 32}

_POSTERIOR = of_condition(
    "posterior-collapse",
    Case("closed-beta", "", "β = 50 on digits", "vae-digits", {**VAE, "game.beta": 50.0}),
    Case(
        "closed-table",
        "",
        "β = 30 on a table",
        "vae-table",
        {**ROWS, **WINE, "game.beta": 30.0},
    ),
    Case(
        "closed-pixels",
        "",
        "β = 20 with a decoder of two levels, a nat for each of which is dear",
        "vae-digits",
        {
            **VAE,
            "game.networks": {"type": "dense", "width": 64, "layers": 2},
            "game.beta": 20.0,
            "game.decoder": "bernoulli",
            "data.binarise": "threshold",
        },
    ),
    Case(
        "closed-late",
        "",
        "a healthy VAE whose β is set to 100 after 250 rounds",
        "vae-digits",
        VAE,
        after=250,
        late={"game.beta": 100.0},
        steps=550,
    ),
)

_REGULARISED = of_condition(
    "over-regularised",
    Case("pulled-digits", "", "β = 6 on digits", "vae-digits", {**VAE, "game.beta": 6.0}),
    Case(
        "pulled-table",
        "",
        "β = 4 on a table of thirty columns",
        "vae-table",
        {**ROWS, "data.source": "breast-cancer", "game.beta": 4.0},
        steps=900,
    ),
    Case(
        "pulled-one",
        "",
        "β = 4 with sixteen latents",
        "vae-digits",
        {**VAE, "game.beta": 4.0, "game.latent": 16},
    ),
    Case(
        "pulled-mnist",
        "",
        "β = 10 on larger digits",
        "vae-digits",
        {**VAE, "game.beta": 10.0},
        data="mnist-unlabelled",
        steps=400,
        every=20,
    ),
)

_LEARNT = of_condition(
    "overfitting",
    Case(
        "heart-made",
        "",
        "a masked net of 200 units on 60 rows of bits",
        "made",
        {**BITS, "game.networks.width": 200, "game.optimiser.lr": 3e-3},
        data="dna-60",
        steps=400,
        every=20,
    ),
    Case(
        "heart-flow",
        "",
        "a flow on 60 rows",
        "flow",
        {**FLOW, "data.batch": 32, "game.networks.width": 64, "game.optimiser.lr": 3e-3},
        data="wine-60",
        steps=400,
        every=20,
    ),
    Case(
        "heart-vae",
        "",
        "a VAE of 256 units on 48 digits",
        "vae-digits",
        {**VAE, "data.batch": 32, "game.networks": {"type": "mlp", "width": 256, "depth": 2}},
        data="digits-48",
        steps=500,
    ),
    Case(
        "heart-nade",
        "",
        "NADE on 80 rows of bits, fast",
        "nade",
        {**BITS, "game.networks.width": 100, "game.optimiser.lr": 1e-2},
        data="mushrooms-80",
        steps=400,
        every=20,
    ),
    Case(
        "heart-typed",
        "",
        "an autoregressive net of a table with 80 rows",
        "mixed",
        {"data.batch": 32, "ema": 20.0, "game.networks.width": 128},
        data="housing-100",
        steps=400,
        every=20,
    ),
    Case(
        "heart-maf",
        "",
        "masked flows on 48 rows",
        "flow-maf",
        {**FLOW, "data.batch": 32, "game.networks.width": 64, "game.optimiser.lr": 3e-3},
        data="diabetes-48",
        steps=400,
        every=20,
    ),
)

_COPIES = of_condition(
    "memorisation",
    Case(
        "copies-ae",
        "",
        "an auto-encoder of 16 pictures with room for all of them",
        "ae-digits",
        {
            "data.batch": 16,
            "game.latent": 16,
            "game.networks": {"type": "dense", "width": 128, "layers": 2},
            "game.optimiser.lr": 3e-3,
        },
        data="digits-16",
        steps=400,
        every=20,
    ),
    Case(
        "copies-vae",
        "",
        "a VAE of 20 digits that pays next to nothing for its latents",
        "vae-digits",
        {**VAE, "data.batch": 16, "game.beta": 0.05, "game.optimiser.lr": 3e-3},
        data="digits-20",
        steps=500,
    ),
    Case(
        "copies-rows",
        "",
        "an auto-encoder of 40 rows with room for all of them",
        "ae-digits",
        {
            "data.batch": 32,
            "game.latent": 12,
            "game.networks": {"type": "dense", "width": 128, "layers": 2},
            "game.optimiser.lr": 3e-3,
        },
        data="wine-40",
        steps=500,
    ),
    Case(
        "copies-iwae",
        "",
        "importance weights on 32 rows of bits",
        "iwae-mnist",
        {
            "data.batch": 32,
            "data.binarise": "no",
            "game.latent": 16,
            "game.networks.width": 128,
            "game.optimiser.lr": 3e-3,
        },
        data="bits-64",
        steps=400,
        every=20,
    ),
)

_CHAINS = of_condition(
    "chain-not-mixing",
    Case(
        "stuck-rbm",
        "",
        "persistent chains of a machine whose rate is 1",
        "rbm-digits",
        {"data.batch": 50, "game.networks.width": 64, "game.optimiser.lr": 1.0},
        steps=600,
        every=20,
    ),
    Case(
        "stuck-dbm",
        "",
        "a deep machine at a rate of 0.5",
        "dbm-digits",
        {
            "data.batch": 50,
            "game.networks.width": 32,
            "game.networks.top_width": 32,
            "game.optimiser.lr": 0.5,
        },
        steps=500,
        every=20,
    ),
    Case(
        "stuck-bits",
        "",
        "rows of bits that are far from each other, at a rate of 0.5, with few hidden units",
        "rbm-bits",
        {"data.batch": 50, "game.networks.width": 16, "game.optimiser.lr": 0.7},
        data="mushrooms-1500",
        steps=600,
        every=20,
    ),
    Case(
        "stuck-late",
        "",
        "a healthy machine whose rate is set to 2 after 300 rounds",
        "rbm-digits",
        {"data.batch": 50, "game.networks.width": 64},
        after=300,
        late={"game.optimiser.lr": 2.0},
        steps=600,
        every=20,
    ),
)

_BROKEN = of_condition(
    "not-invertible",
    Case(
        "broken-coupling",
        "",
        "affine couplings at a rate of 3 on digits",
        "flow-digits-real-nvp",
        {**FLOW, "game.optimiser.lr": 3.0},
        steps=300,
        every=15,
    ),
    Case(
        "broken-glow",
        "",
        "Glow's steps at a rate of 0.1 on a table",
        "flow-glow",
        {**FLOW, **WINE, "game.optimiser.lr": 0.1},
        steps=400,
        every=20,
    ),
    Case(
        "broken-maf",
        "",
        "masked flows at a rate of 0.1 on a table",
        "flow-maf",
        {**FLOW, "data.source": "breast-cancer", "data.batch": 32, "game.optimiser.lr": 0.1},
        steps=400,
        every=20,
    ),
    Case(
        "broken-late",
        "",
        "a healthy flow whose rate is set to 0.2 after 200 rounds",
        "flow-real-nvp",
        {**FLOW, "data.source": "breast-cancer", "data.batch": 32},
        after=200,
        late={"game.optimiser.lr": 0.2},
        steps=500,
        every=20,
    ),
)

CASES = (*_POSTERIOR, *_REGULARISED, *_LEARNT, *_COPIES, *_CHAINS, *_BROKEN)
"""Every cause, every second of them held."""
