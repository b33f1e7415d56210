"""Errors of a classifier on the test part, and the edges of a pyramid's samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import torch
from torch.nn.functional import cosine_similarity

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.terms import rendered

if TYPE_CHECKING:
    from torch import Tensor

    from counterplay.data import Source
    from counterplay.games.lapgan import LAPGAN
    from counterplay.recipes.measuring import Bench
    from counterplay.recipes.session import Outcome

__all__ = ["POWERS", "edge_energy", "errors", "residual_match"]


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


def edge_energy(x: Tensor) -> float:
    """Return the mean square difference of neighbouring pixels, across and along, of (N, C, H, W).

    Blur lowers it and noise raises it.
    """
    across, along = x.diff(dim=3).square().mean(), x.diff(dim=2).square().mean()
    return 0.5 * float(across + along)


def _edges(outcome: Outcome, on: Bench) -> dict[str, float]:
    x, _ = outcome.sampler.encoded(on.prepared.n, seed=outcome.plan.recipe.seed + 1)
    return {"value": edge_energy(x) / edge_energy(on.test), "reference": 1.0}


def _edges_blurred(outcome: Outcome, on: Bench) -> dict[str, float]:
    game: Any = outcome.sampler.game
    x = game.blurred(on.prepared.n, seed=outcome.plan.recipe.seed + 1)
    return {"value": edge_energy(x) / edge_energy(on.test), "reference": 1.0}


def _residuals_of_their_own(outcome: Outcome, on: Bench) -> dict[str, float]:
    game: Any = outcome.sampler.game
    return {"value": residual_match(game, on.test), "reference": 1.0}


def _residuals_of_another(outcome: Outcome, on: Bench) -> dict[str, float]:
    game: Any = outcome.sampler.game
    return {"value": residual_match(game, on.test, turn=1), "reference": 0.0}


def residual_match(game: LAPGAN, x: Tensor, turn: int = 0) -> float:
    """Return the mean cosine of the finest generator's residuals with those of the pictures.

    Edges alone are as many where the residuals of other pictures are put on, or noise of the right
    size; what a generator has learnt is which residual a coarse picture asks for.

    Args:
        game: the pyramid's game.
        x: real pictures, (N, C, S, S).
        turn: by how many rows the coarse pictures that the generator is shown are turned.
    """
    residuals, coarse = game.real(0, x)
    noise = torch.randn(len(x), 1, game.size, game.size, generator=generator(0, "residuals"))
    made = rendered(game.generators[0], noise.to(x.device), coarse.roll(turn, 0))
    return float(cosine_similarity(made.flatten(1), residuals.flatten(1)).mean())


POWERS = {
    "errors": _averaged,
    "errors_raw": _raw,
    "edges": _edges,
    "edges_blurred": _edges_blurred,
    "residual_match": _residuals_of_their_own,
    "residual_match_turned": _residuals_of_another,
}
"""Errors of the averaged networks where there are any, and of the networks as they were played;
the edge energy of samples over that of the test part, and of samples without their residuals; how
residuals match those of the pictures that they are made for, and those of other ones."""
