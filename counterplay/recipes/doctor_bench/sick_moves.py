"""Moves that are too large or too small, of games and of models."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.sick_games import DIGITS, RING, both
from counterplay.recipes.doctor_bench.sick_models import FLOW, ROWS, VAE, WINE

__all__ = ["CASES"]

_FAST = of_condition(
    "rate-too-high",
    Case(
        "fast-ring",
        "",
        "Adam at 0.3 for both players",
        "pacgan-ring-gan",
        {**RING, **both(lr=0.3)},
    ),
    Case("fast-vae", "", "a VAE of digits at 0.3", "vae-digits", {**VAE, "game.optimiser.lr": 0.3}),
    Case(
        "fast-flow",
        "",
        "a flow of rows at 0.3",
        "flow-real-nvp",
        {**FLOW, "data.source": "moons", "game.optimiser.lr": 0.3},
        also=("not-invertible",),
        why="large weights do not invert.",
    ),
    Case(
        "fast-momentum",
        "",
        "descent with momentum at a rate of 2",
        "pacgan-ring-gan",
        {**RING, **both(lr=2.0, betas=[0.9, 0.99], rule="sgd")},
    ),
)

_NONFINITE = of_condition(
    "non-finite",
    Case(
        "nan-descent",
        "",
        "descent at a rate of 1e5",
        "pacgan-ring-gan",
        {**RING, "game.cost": "wasserstein", **both(lr=1e5, betas=[0.0, 0.99], rule="sgd")},
        steps=200,
        every=10,
    ),
    Case(
        "nan-pearson",
        "",
        "Pearson's divergence, squares without bounds, at a rate of 10",
        "pacgan-ring-gan",
        {**RING, "game.cost": "pearson", **both(lr=10.0, betas=[0.9, 0.99], rule="sgd")},
        steps=200,
        every=10,
    ),
    Case(
        "nan-vae",
        "",
        "a VAE of rows by descent at 1e4",
        "vae-table",
        {**ROWS, **WINE, "game.optimiser.lr": 1e4, "game.optimiser.rule": "sgd"},
        steps=200,
        every=10,
    ),
    Case(
        "nan-likelihood",
        "",
        "the maximum-likelihood costs, an exponential of what the critic says, at a rate of 1",
        "pacgan-ring-gan",
        {**RING, "game.cost": "maximum_likelihood", **both(lr=1.0)},
        steps=200,
        every=10,
    ),
)

_SLOW = of_condition(
    "rate-too-low",
    Case("slow-ring", "", "Adam at 1e-8", "pacgan-ring-gan", {**RING, **both(lr=1e-8)}),
    Case(
        "slow-vae",
        "",
        "a VAE of digits at 1e-8",
        "vae-digits",
        {**VAE, "game.optimiser.lr": 1e-8},
        steps=400,
        every=20,
    ),
    Case(
        "slow-flow",
        "",
        "a flow of moons at 1e-8",
        "flow-nice",
        {**FLOW, "data.source": "moons", "game.optimiser.lr": 1e-8},
        steps=400,
        every=20,
    ),
    Case(
        "slow-digits",
        "",
        "convolutional networks at 1e-8",
        "digits",
        {**DIGITS, **both(lr=1e-8)},
        steps=400,
        every=20,
    ),
)

CASES = (*_FAST, *_NONFINITE, *_SLOW)
"""Every cause, two of four of them held."""
