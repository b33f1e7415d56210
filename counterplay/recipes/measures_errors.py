"""Errors of a classifier on the test part, as a count among 10,000."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from counterplay.errors import UserError

if TYPE_CHECKING:
    from torch import Tensor

    from counterplay.data import Source
    from counterplay.recipes.measuring import Bench
    from counterplay.recipes.session import Outcome

__all__ = ["POWERS", "errors"]


class _Classifies(Protocol):
    """The power to tell classes: examples -> their probabilities, (N, K)."""

    def classify(self, x: Tensor) -> Tensor: ...


def errors(game: _Classifies, source: Source, device: Any, split: str = "test") -> float:
    """Return how many of 10,000 examples of a split the game gives a wrong class.

    All examples of the split are looked at, once; of MNIST's test part that is the count itself.

    Raises:
        UserError: when the data have no labels.
    """
    x, y = source.examples(split)
    if y is None:
        raise UserError(f"'{source.name}' has no labels to count errors by")
    found = game.classify(x.to(device)).argmax(1).cpu()
    return 10_000 * float((found != y).double().mean())


def _averaged(outcome: Outcome, on: Bench) -> dict[str, float]:
    game: Any = outcome.sampler.game
    return {"value": errors(game, outcome.plan.source, on.device)}


def _raw(outcome: Outcome, on: Bench) -> dict[str, float]:
    game: Any = outcome.state.game
    return {"value": errors(game, outcome.plan.source, on.device)}


POWERS = {"errors": _averaged, "errors_raw": _raw}
"""Of the averaged networks where there are any, and of the networks as they were played."""
