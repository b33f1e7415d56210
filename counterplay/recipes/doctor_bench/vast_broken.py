"""Flows whose inverses break in vast ways, judged once and looked at since."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.sick_models import FLOW
from counterplay.recipes.doctor_bench.vast_moves import coming
from counterplay.recipes.doctor_bench.wide_data import BROKEN

__all__ = ["CASES", "SEEN"]

SEEN = {
    "data.batch": 24,
    "ema": 20.0,
    "game.networks.width": 8,
    "game.networks.blocks": 2,
    "game.networks.scales": 1,
}
"""Couplings of convolutions on one scale."""
SHORT: dict[str, Any] = {"steps": 160, "every": 8}
LATER: dict[str, Any] = {"after": 150, "steps": 390, "every": 15}

_BROKEN = coming(
    "not-invertible",
    Case(
        "vast-broken-gates",
        "",
        "affine couplings of a river's gates at a rate of 0.8",
        "flow-real-nvp",
        {**FLOW, "data.batch": 40, "game.optimiser.lr": 0.8},
        data="sluices",
        **BROKEN,
    ),
    Case(
        "vast-broken-crown",
        "",
        "six affine couplings of two hidden layers each of a crown's tips, at a rate of 1",
        "flow-real-nvp",
        {
            **FLOW,
            "game.networks.depth": 2,
            "game.networks.blocks": 6,
            "game.optimiser.lr": 1.0,
        },
        data="crown",
        **BROKEN,
    ),
    Case(
        "vast-broken-cube",
        "",
        "Glow's steps of the middles of a cube's edges at a rate of 0.6",
        "flow-glow",
        {**FLOW, "game.optimiser.lr": 0.6},
        data="crystal",
        **BROKEN,
    ),
    Case(
        "vast-broken-ways",
        "",
        "Glow's steps of a river's gates, a law for each way in which they stand, at a rate of 0.7",
        "nonlinear-ica",
        {**FLOW, "game.optimiser.lr": 0.7},
        data="sluices-told",
        **BROKEN,
    ),
    Case(
        "vast-broken-corkscrew",
        "",
        "five masked nets of a corkscrew at a rate of 1",
        "flow-maf",
        {**FLOW, "game.networks.blocks": 5, "game.optimiser.lr": 1.0},
        data="corkscrew",
        **BROKEN,
    ),
    Case(
        "vast-broken-pennants",
        "",
        "affine couplings of pennants as rows of 192 numbers, at a rate of 0.8",
        "flow-digits-real-nvp",
        {**FLOW, "game.optimiser.lr": 0.8},
        data="pennants",
        **BROKEN,
    ),
    Case(
        "vast-broken-knot",
        "",
        "inverse flows of a knot at a rate of 1.2",
        "flow-iaf",
        {**FLOW, "game.optimiser.lr": 1.2},
        data="knot",
        **BROKEN,
    ),
    Case(
        "vast-broken-shapes",
        "",
        "Glow's steps of shapes as rows of 64 numbers, at a rate of 0.4",
        "flow-digits-real-nvp",
        {**FLOW, "game.networks.model": "glow", "game.optimiser.lr": 0.4},
        data="glyphs",
        **BROKEN,
    ),
    Case(
        "vast-broken-colours",
        "",
        "Real NVP's checkerboards of pennants in colour, at a rate of 0.6",
        "flow-mnist",
        {**SEEN, "game.networks.blocks": 1, "game.optimiser.lr": 0.6},
        data="pennants",
        **SHORT,
    ),
    Case(
        "vast-broken-scales",
        "",
        "Glow's convolutions of waves of grey over two scales, at a rate of 0.6",
        "flow-mnist-glow",
        {**SEEN, "game.networks.scales": 2, "game.optimiser.lr": 0.6},
        data="gratings",
        **SHORT,
    ),
    Case(
        "vast-broken-laws",
        "",
        "masked flows of five rays, each of which has a law of its own, at a rate of 1",
        "flow-digits-classes",
        {
            **FLOW,
            "game.networks.model": "maf",
            "game.networks.dropout": 0.0,
            "game.classes": "prior",
            "game.optimiser.lr": 1.0,
        },
        data="spokes",
        **BROKEN,
    ),
    Case(
        "vast-broken-late",
        "",
        "healthy affine couplings of the moon's phases as rows, resumed at a rate of 0.8",
        "flow-digits-real-nvp",
        FLOW,
        late={"game.optimiser.lr": 0.8},
        data="crescents",
        **LATER,
    ),
    Case(
        "vast-broken-later",
        "",
        "healthy masked flows of sixteen hours, resumed at a rate of 0.6",
        "flow-maf",
        {**FLOW, "data.batch": 40},
        late={"game.optimiser.lr": 0.6},
        data="hours",
        **LATER,
    ),
)

CASES = _BROKEN
"""Thirteen causes."""
