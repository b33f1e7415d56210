"""Where normal ends: every number that a condition compares with, in one table.

None is an absolute size: each is a share of what real examples have in the samples' place, a share
of the run's own past, or a number of deviations of an exact null law. They can be fitted anew from
recorded histories: ``diagnose(history, {**THRESHOLDS, "collapse/diversity": 0.3})``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

__all__ = ["THRESHOLDS", "Thresholds"]

Thresholds = Mapping[str, float]

THRESHOLDS: Thresholds = {
    "deviations": 4.0,
    "collapse/diversity": 0.25,
    "collapse/coverage": 0.5,
    "collapse/gain": 0.002,
    "partial/missing": 0.1,
    "partial/precision": 0.6,
    "partial/much": 0.3,
    "partial/most": 0.5,
    "partial/some": 0.3,
    "partial/gain": 0.04,
    "divergence/diversity": 3.0,
    "divergence/distance": 30.0,
    "crowded/crowding": 0.15,
    "class/poorest": 0.25,
    "class/latent": 0.1,
    "class/share": 0.15,
    "class/noise": 0.02,
    "class/varied": 0.5,
    "class/some": 0.3,
    "class/silent": 3.0,
    "class/heard": 0.1,
    "class/unheard": 0.05,
    "rising": 1.05,
    "falling": 0.93,
    "filling/missing": 0.8,
    "filling/coverage": 1.2,
    "approach/near": 1.5,
    "hopping/moved": 2.5,
    "hopping/nowhere": 0.05,
    "hopping/wandered": 1.5,
    "hopping/nearer": 0.93,
    "hopping/nearer_long": 0.85,
    "hopping/missing": 0.5,
    "vanishing/auc": 0.9,
    "vanishing/told": 0.5,
    "overfit/r_v": 0.08,
    "weak/distance": 3.0,
    "weak/coverage": 0.25,
    "weak/deviations": 2.0,
    "exploding/past": 10.0,
    "plateau/distance": 3.0,
    "plateau/coverage": 0.5,
    "plateau/gain": 0.05,
    "plateau/checkups": 12.0,
    "checkerboard/ratio": 3.0,
    "tied/ratio": 4.0,
    "copies/authentic": 0.8,
    "copies/impartial": 0.7,
    "latents/active": 0.1,
    "latents/explained": 0.5,
    "latents/nothing": 0.25,
    "latents/lost": 0.05,
    "latents/bit": math.log(2),
    "latents/taught": 0.02,
    "latents/gain": 0.05,
    "flow/inverse": 1e-3,
    "overfitting/rise": 2.0,
    "chains/flipped": 0.2,
    "chains/saturated": 0.5,
    "chains/strayed": 0.55,
    "chains/counted": 0.6,
    "rate/high": 5e-3,
    "rate/low": 1e-4,
    "rate/none": 1e-6,
    "rate/apart": 10.0,
    "rate/turn": -0.3,
    "rate/jump": 0.01,
    "rate/lost": 0.5,
    "data/doubled": 0.1,
    "data/one": 0.95,
    "data/distinct": 0.5,
    "data/even": 0.5,
    "data/again": 0.02,
    "data/lots": 2.0,
    "data/span": 0.5,
    "data/few": 64.0,
    "finished/distance": 2.0,
    "finished/coverage": 0.75,
    "finished/gain": 0.02,
}
"""Name -> number. "deviations" is how many of them real examples' own values may lie apart."""
