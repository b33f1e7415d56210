"""How quickly a trained game draws, measured here."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterplay.recipes.samples import Sampler

__all__ = ["pace_of", "parameters", "speed", "steps_of"]

BATCHES = (1, 16, 64, 256, 1024)
"""Batches that are tried, in this order, until one takes too long."""

LONG = 3.0
"""Seconds of a batch beyond which larger ones are not tried."""

_REPEATS = 3


def speed(sampler: Sampler) -> dict[str, Any]:
    """Return samples a second one by one and at the best batch, steps in a row, and parameters."""
    paces = {}
    for n in BATCHES:
        took, paces[n] = pace_of(lambda n=n: sampler.encoded(n, seed=1), n)
        if took > LONG:
            break
    best = max(paces, key=lambda n: paces[n])
    return {
        "samples_per_second_alone": paces[1],
        "samples_per_second": paces[best],
        "best_batch": best,
        "steps_per_sample": steps_of(sampler.game),
        "parameters": parameters(sampler.game),
    }


def pace_of(draw: Callable[[], Any], n: int) -> tuple[float, float]:
    """Return the seconds of ``draw``, which draws ``n``, and samples a second: the best of three.

    One that takes long is timed once.
    """
    seconds = []
    for _ in range(_REPEATS):
        began = time.perf_counter()
        x = draw()
        _ = float(x[0].flatten()[0])  # an accelerator has done its work when a number is read
        seconds.append(time.perf_counter() - began)
        if seconds[0] > LONG / _REPEATS:
            break
    took = max(min(seconds), 1e-9)
    return took, n / took


def steps_of(game: Any) -> int:
    """Return how many network passes follow one another for a sample: 1 unless the game says."""
    return int(getattr(game, "steps_per_sample", 1))


def parameters(game: Any) -> int:
    """Return the number of numbers that are learnt, of all players."""
    return sum(p.numel() for p in game.parameters())
