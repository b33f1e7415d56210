"""A game's own likelihood of held-out examples as figures, beside that of training examples.

The value is −log p, so that smaller is better. Its *reference* is the value of training examples:
what a model knows of examples that it was fitted to. A value far above it says that training went
on for too long, or that there are too few examples.
"""

from __future__ import annotations

from typing import Any, Protocol, cast

from torch import Tensor

from counterplay.likelihood import Likelihood, Unit

__all__ = ["HasLikelihood", "account", "likelihood_figures", "rounding_figures"]

Z = 1.96
"""Standard errors to either side of a mean that hold it in 95 of 100 cases."""

ROUNDED = 64
"""Examples whose rounding is looked at."""

NAMES: dict[str, Unit] = {"nll": "nats", "bits_per_dim": "bits/dim"}


class HasLikelihood(Protocol):
    """The power to tell how likely examples are."""

    def likelihood(self, x: Tensor, seed: int = 0, budget: int = 1) -> Likelihood:
        """Return the account of −log p over the examples ``x``, as networks see them."""
        ...


def account(game: Any, x: Tensor, seed: int = 0, budget: int = 1) -> Likelihood | None:
    """Return the game's account of ``x``; ``None`` where it has not the power.

    Args:
        game: any game.
        x: examples, as its networks see them.
        seed: of what is drawn on the way.
        budget: effort that an estimate or a bound may spend, importance samples for one.
    """
    # A word of the same name is no power: a game may have an attribute called so.
    if not callable(getattr(game, "likelihood", None)):
        return None
    return cast(HasLikelihood, game).likelihood(x, seed=seed, budget=budget)


def likelihood_figures(
    held: Likelihood, train: Likelihood, *, split: str, ema: bool
) -> dict[str, dict[str, Any]]:
    """Return the entries "nll" (nats an example) and "bits_per_dim", in the form of ``evaluate``.

    Args:
        held: the account of the held-out examples.
        train: that of as many training examples.
        split: what the held-out part is called.
        ema: whether the networks are averaged ones.
    """
    return {name: _entry(held.to(unit), train.to(unit), split, ema) for name, unit in NAMES.items()}


def rounding_figures(
    game: Any, held: Tensor, train: Tensor, *, split: str, ema: bool
) -> dict[str, dict[str, Any]]:
    """Return the entry "inverse_error", max |f⁻¹(f(x)) − x| in float32, of an invertible game.

    It is looked at on a few examples; a likelihood is worth no more than the inverse that samples.
    """
    if not callable(getattr(game, "inverse_error", None)):
        return {}
    value, reference = (float(game.inverse_error(x[:ROUNDED])) for x in (held, train))
    entry = {
        "value": value,
        "reference": reference,
        "interval": [value, value],
        "n_real": len(held[:ROUNDED]),
        "n_generated": 0,
        "features": "what the transform is shown",
        "split": split,
        "ema": ema,
    }
    return {"inverse_error": entry}


def _entry(held: Likelihood, train: Likelihood, split: str, ema: bool) -> dict[str, Any]:
    spent = [f"{count:,} {name.replace('_', ' ')}" for name, count in held.budget.items()]
    return {
        "value": held.value,
        "reference": train.value,
        "interval": [held.value - Z * held.error, held.value + Z * held.error],
        "n_real": held.budget.get("examples", 0),
        "n_generated": 0,
        "features": f"{held.kind}, {held.space}",
        "split": split,
        "ema": ema,
        "unit": held.unit,
        "about": f"{held.kind}, {held.space}, D = {held.dims}, {', '.join(spent)}",
    }
