"""What stands beside the likelihood of binary data: columns that know nothing of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from counterplay.recipes.measuring import Bench
    from counterplay.recipes.session import Outcome

__all__ = ["POWERS", "independent_nll"]


def independent_nll(train: Tensor, test: Tensor) -> float:
    """Return the mean −log p of ``test`` in nats under independent columns fitted to ``train``.

    Column d is 1 with the chance (n_d + 1) / (N + 2) where n_d of N training examples are: the
    mean of all chances under a uniform prior, above 0 whatever was not seen.

    Args:
        train: (N, …), of two values, the higher above 0.
        test: (M, …), likewise.
    """
    seen, held = (x.flatten(1) > 0 for x in (train, test))
    chance = (seen.double().sum(0) + 1) / (len(seen) + 2)
    log_p = held * chance.log() + ~held * (1 - chance).log()
    return -float(log_p.sum(1).mean())


def _independent(outcome: Outcome, on: Bench) -> dict[str, float]:
    train, test = (on.source.examples(split).x for split in ("train", "test"))
    return {"value": independent_nll(train, test)}


POWERS = {"independent": _independent}
