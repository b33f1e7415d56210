"""What is promised of sequences: bits against what counting gives, seconds, the shuffled twin."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError

if TYPE_CHECKING:
    import numpy as np

    from counterplay.recipes.measuring import Bench
    from counterplay.recipes.session import Outcome

__all__ = ["POWERS", "counted_bits"]

TURNS = 3
"""Times a sequence is drawn for its seconds, of which the least counts."""

DISCOUNT = 0.75
"""What is taken off each count for characters not seen there (absolute discounting)."""


def _bits(outcome: Outcome, on: Bench) -> float:
    """Return bits a step of the test part; given the class where the game is told one."""
    held = on.source.examples("test", on.prepared.n)
    game: Any = outcome.sampler.game
    told = held.y if outcome.sampler.share else None
    return game.likelihood(held.x, budget=_WHOLE, condition=told).to("bits/dim").value


_WHOLE = 10**6


def _entropy(on: Bench) -> float:
    from counterplay.data.sequences import entropy

    supply: Any = on.source.supply
    domain: Any = on.source.domain
    return entropy(supply, "test", domain.levels)


def _saved(outcome: Outcome, on: Bench) -> dict[str, float]:
    return {"value": _entropy(on) - _bits(outcome, on), "reference": _entropy(on)}


def _shuffled(outcome: Outcome, on: Bench) -> dict[str, float]:
    """Return the samples' distance over that of real sounds whose samples are shuffled in time."""
    import torch

    from counterplay.game import generator

    x, _ = outcome.sampler.encoded(on.prepared.n, seed=outcome.plan.recipe.seed + 1)
    order = torch.rand(on.test.shape, generator=generator(0, "shuffle")).argsort(1)
    twin = on.test.gather(1, order.to(on.test.device))
    ours, theirs = (on.score(each, False)[0] for each in (x, twin))
    name = next(name for name in ours if name.startswith("frechet/"))
    return {"value": ours[name]["value"] / theirs[name]["value"]}


def _seconds(outcome: Outcome, on: Bench) -> dict[str, float]:
    """Return the seconds of one core that one second of sound takes, drawn by itself.

    The processor's seconds, not the wall's: other work on the machine does not count.
    """
    import torch

    domain: Any = on.source.domain
    if not domain.rate:
        raise UserError("seconds_per_second is of sound, and the data are text")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    took = []
    for seed in range(TURNS):
        began = time.process_time()
        outcome.sampler.sample(1, None, seed)
        took.append(time.process_time() - began)
    torch.set_num_threads(threads)
    return {"value": min(took) * domain.rate / domain.length}


def _over_grams(outcome: Outcome, on: Bench) -> dict[str, float]:
    """Return the bits a character that five characters' counts take beyond the model's."""
    supply: Any = on.source.supply
    domain: Any = on.source.domain
    first = int(supply.starts[supply.split["validation"][0]])
    held = domain.decode(on.source.examples("test", on.prepared.n).x).numpy()
    bits = counted_bits(supply.codes[:first], held, domain.levels, 5)
    return {"value": bits - _bits(outcome, on), "reference": bits}


def counted_bits(train: np.ndarray, held: np.ndarray, levels: int, order: int) -> float:
    """Return bits a step of ``held`` (N, T) by counts of ``order`` steps in ``train`` (M,).

    Absolute discounting, interpolated: with c(h) counts of a context and u(h) different steps after
    it, p(x | h) = max(c(hx) - δ, 0) / c(h) + δ u(h) / c(h) · p(x | h without its oldest step), down
    to evenly spread levels. Windows begin with shorter contexts. (An empirical study of smoothing
    techniques for language modeling, Chen and Goodman, 1999.)
    """
    import numpy as np

    total = 0.0
    tables = [_counts(train, k, levels) for k in range(order)]
    for row in held:
        probability = np.full(len(row), 1 / levels)
        for k, (whole, after) in enumerate(tables):
            probability[k:] = _mixed(row, k, whole, after, probability[k:], levels)
        total -= float(np.log2(probability).sum())
    return total / held.size


Counts = Mapping[str, "np.ndarray"]


def _keys(row: np.ndarray, k: int, levels: int) -> np.ndarray:
    """Return a number for each run of ``k`` steps."""
    import numpy as np

    keys = np.zeros(len(row) - k + 1, np.int64)
    for i in range(k):
        keys = keys * levels + row[i : len(row) - k + 1 + i]
    return keys


def _counts(train: np.ndarray, k: int, levels: int) -> Sequence[Counts]:
    """Return counts of runs of k + 1 steps; and of their first k, with how many ways they go on."""
    import numpy as np

    keys, counts = np.unique(_keys(train, k + 1, levels), return_counts=True)
    contexts, where, ways = np.unique(keys // levels, return_inverse=True, return_counts=True)
    sums = np.bincount(where.reshape(-1), weights=counts)
    return {"keys": keys, "counts": counts}, {"keys": contexts, "counts": sums, "ways": ways}


def _mixed(
    row: np.ndarray, k: int, whole: Counts, after: Counts, shorter: np.ndarray, levels: int
) -> np.ndarray:
    import numpy as np

    runs = _keys(row, k + 1, levels)
    of_run = _found(runs, whole["keys"], whole["counts"])
    sums = _found(runs // levels, after["keys"], after["counts"])
    ways = _found(runs // levels, after["keys"], after["ways"])
    known = sums > 0
    seen = np.maximum(sums, 1)
    mixed = np.maximum(of_run - DISCOUNT, 0) / seen + DISCOUNT * ways / seen * shorter
    return np.where(known, mixed, shorter)


def _found(keys: np.ndarray, known: np.ndarray, values: np.ndarray) -> np.ndarray:
    import numpy as np

    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[at] == keys, values[at], 0)


POWERS = {
    "bits_step": lambda outcome, on: {"value": _bits(outcome, on), "reference": _entropy(on)},
    "bits_saved": _saved,
    "bits_below_5grams": _over_grams,
    "over_shuffled": _shuffled,
    "seconds_per_second": _seconds,
}
