"""What networks are measured by, beside their samples: mixed styles, and the checkerboard.

Each function is a row of :data:`counterplay.recipes.measuring.POWERS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from counterplay.recipes.measuring import Bench
    from counterplay.recipes.session import Outcome

__all__ = ["POWERS", "inherited"]

COUPLES = 1_000
"""Pairs of parents."""

FINE = 4
"""Layers that have the styles of the second parent: of a picture of 32x32, the finer half."""


def inherited(told: tuple[np.ndarray, np.ndarray, np.ndarray], of: int) -> float:
    """Return the share of children whose factor is that of parent ``of``, where parents differ.

    Args:
        told: a factor's codes of the first parents, of the second ones and of the children, (N,).
        of: 0 or 1.
    """
    differ = told[0] != told[1]
    return float((told[2] == told[of])[differ].mean())


def _mixing(fine: int | None, factor: str, of: int) -> Callable[[Outcome, Bench], dict[str, float]]:
    """Return the share of children that have ``factor`` from parent ``of``.

    The last ``fine`` layers have the styles of the second parent, all where it is ``None``, and
    the others those of the first; the factors are read off the pictures by rules.
    """

    def measure(outcome: Outcome, on: Bench) -> dict[str, float]:
        from counterplay.data.shapes import tell
        from counterplay.games.style import mixed

        if on.source.name != "shapes":
            raise UserError(f"mixing is measured by factors of 'shapes', not '{on.source.name}'")
        game: Any = outcome.sampler.game
        first, second = game.styles(_latents(game, 0)), game.styles(_latents(game, 1))
        cut = 0 if fine is None else first.shape[1] - fine

        def factors(w: Tensor) -> np.ndarray:
            return tell(on.source.domain.decode(game.synthesise(w)).cpu().numpy())[factor]

        told = factors(first), factors(second), factors(mixed(first, second, cut))
        return {"value": inherited(told, of)}

    return measure


def _latents(game: Any, who: int) -> Tensor:
    from counterplay.game import generator

    device = next(game.parameters()).device
    return game.latent.sample(COUPLES, generator("parents", who)).to(device)


def _checkerboard(outcome: Outcome, on: Bench) -> dict[str, float]:
    """Return the share of energy at the frequencies of a checkerboard, beside the data's."""
    from counterplay.metrics.checkerboard import checkerboard

    samples, _ = outcome.sampler.encoded(len(on.test), seed=outcome.plan.recipe.seed + 1)
    return {"value": checkerboard(samples), "reference": checkerboard(on.test)}


POWERS: dict[str, Callable[[Outcome, Bench], dict[str, float]]] = {
    "mixing_coarse_shape": _mixing(FINE, "shape", 0),
    "mixing_coarse_side": _mixing(FINE, "side", 0),
    "mixing_fine_colour": _mixing(FINE, "colour", 1),
    "mixing_everywhere_shape": _mixing(None, "shape", 0),
    "mixing_nowhere_colour": _mixing(0, "colour", 1),
    "checkerboard": _checkerboard,
}
"""Name -> what is measured of the game, or of its samples."""
