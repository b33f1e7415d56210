"""Flows whose inverses break in free ways, which nobody has looked at, to be judged once."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.free_moves import CHECKERED, coming
from counterplay.recipes.doctor_bench.sick_models import FLOW

__all__ = ["CASES"]

BROKEN: dict[str, Any] = {"steps": 300, "every": 15, "proof": 450}
SHORT: dict[str, Any] = {"steps": 160, "every": 8, "proof": 240}
NO_DIGITS: dict[str, Any] = {
    "also": ("rate-too-high",),
    "why": "shifts by such numbers leave no digits for the point that is shifted.",
}

_BROKEN = coming(
    "not-invertible",
    Case(
        "free-broken-beats",
        "",
        "affine couplings of three hidden layers on a heart's beats, at a rate of 1",
        "flow-real-nvp",
        {**FLOW, "game.networks.depth": 3, "game.optimiser.lr": 1.0},
        data="heart-pulses",
        **BROKEN,
    ),
    Case(
        "free-broken-planet",
        "",
        "six steps of Glow's of a planet and its ring, at a rate of 0.8",
        "flow-glow",
        {**FLOW, "game.networks.blocks": 6, "game.optimiser.lr": 0.8},
        data="saturn-ring",
        **BROKEN,
    ),
    Case(
        "free-broken-jets",
        "",
        "six masked nets of a fountain's jets at a rate of 1.5",
        "flow-maf",
        {**FLOW, "game.networks.blocks": 6, "game.optimiser.lr": 1.5},
        data="fountain-jets",
        **BROKEN,
    ),
    Case(
        "free-broken-axes",
        "",
        "inverse flows of the ends of four axes at a rate of 1",
        "flow-iaf",
        {**FLOW, "game.optimiser.lr": 1.0},
        data="orthoplex-four",
        **BROKEN,
    ),
    Case(
        "free-broken-squares",
        "",
        "additive couplings of a board's black squares at a rate of 300",
        "flow-nice",
        {**FLOW, "game.networks.blocks": 6, "game.optimiser.lr": 300.0},
        data="black-squares",
        **BROKEN,
        **NO_DIGITS,
    ),
    Case(
        "free-broken-stairs",
        "",
        "masked flows of stairways as rows of 64 numbers, at a rate of 0.8",
        "flow-digits-maf",
        {**FLOW, "game.optimiser.lr": 0.8},
        data="stair-ways",
        **BROKEN,
    ),
    Case(
        "free-broken-panes",
        "",
        "affine couplings of windows with learnt noise between their levels, at a rate of 1",
        "flow-digits-real-nvp",
        {
            **FLOW,
            "data.batch": 24,
            "game.networks.blocks": 2,
            "game.dequantisation": "variational",
            "game.optimiser.lr": 1.0,
        },
        data="window-panes",
        **SHORT,
    ),
    Case(
        "free-broken-targets",
        "",
        "Real NVP's checkerboards of targets over two scales, at a rate of 0.7",
        "flow-mnist",
        {**CHECKERED, "game.networks.scales": 2, "game.optimiser.lr": 0.7},
        data="ring-targets",
        **SHORT,
    ),
    Case(
        "free-broken-candles",
        "",
        "Glow's convolutions of candles on one scale, at a rate of 0.6",
        "flow-mnist-glow",
        {**CHECKERED, "game.networks.blocks": 2, "game.optimiser.lr": 0.6},
        data="three-candles",
        **SHORT,
    ),
    Case(
        "free-broken-rhythms",
        "",
        "affine couplings of a heart's beats, a law for each rhythm, at a rate of 1",
        "flow-digits-classes",
        {
            **FLOW,
            "game.networks.dropout": 0.0,
            "game.classes": "prior",
            "game.optimiser.lr": 1.0,
        },
        data="heart-pulses-told",
        **BROKEN,
    ),
    Case(
        "free-broken-late",
        "",
        "healthy inverse flows of a planet and its ring, resumed at a rate of 1",
        "flow-iaf",
        FLOW,
        after=150,
        late={"game.optimiser.lr": 1.0},
        data="saturn-ring",
        steps=390,
        every=15,
        proof=585,
    ),
    Case(
        "free-broken-late-bows",
        "",
        "healthy convolutions of Glow's on rainbows, resumed at a rate of 0.6",
        "flow-mnist-glow",
        {**CHECKERED, "game.networks.blocks": 2},
        after=80,
        late={"game.optimiser.lr": 0.6},
        data="rain-bows",
        steps=200,
        every=8,
        proof=300,
    ),
)

CASES = _BROKEN
"""Thirteen causes."""
