"""A recipe and a domain become a game. torch is imported when one is built.

A family is a file with a table ``GAMES``: spec -> builder ``(spec, domain, share) -> Game``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes.build import (
    autoencoders,
    autoregressive,
    boltzmann,
    coders,
    flows,
    gan,
    inferential,
    modern,
    semisupervised,
    vae,
)
from counterplay.recipes.build.networks import KINDS
from counterplay.recipes.build.sequences import GAMES as SEQUENCES
from counterplay.recipes.build.typed import GAMES as TYPED
from counterplay.recipes.build.typed import KINDS as TYPED_KINDS
from counterplay.recipes.schema import Dynamics, Recipe

if TYPE_CHECKING:
    from counterplay.data import Domain, Source
    from counterplay.dynamics import Dynamics as Play
    from counterplay.game import Game

__all__ = ["begin", "dynamics", "game"]

GAMES: dict[type, Callable[..., Any]] = {
    **gan.GAMES,
    **TYPED,
    **vae.GAMES,
    **autoencoders.GAMES,
    **inferential.GAMES,
    **semisupervised.GAMES,
    **modern.GAMES,
    **SEQUENCES,
    **autoregressive.GAMES,
    **boltzmann.GAMES,
    **flows.GAMES,
}

FIRST: dict[type, Callable[..., None]] = {
    **vae.FIRST,
    **autoencoders.FIRST,
    **semisupervised.FIRST,
    **boltzmann.FIRST,
    **flows.FIRST,
}
"""Spec -> what is done to a new game with its data before its first round, where anything is."""


def game(recipe: Recipe, domain: Domain, share: Sequence[float] = ()) -> Game:
    """Return the recipe's game for ``domain``; its weights are a function of ``recipe.seed``.

    Args:
        recipe: the whole run.
        domain: of the data.
        share: how often each class is drawn, for a conditional game; equally often by default.

    Raises:
        UserError: when the networks do not fit the domain, or a conditional game has no labels.
    """
    from counterplay.game import seeded

    networks = recipe.game.networks
    kinds = TYPED_KINDS | {
        **KINDS,
        **coders.KINDS,
        **semisupervised.KINDS,
        **autoregressive.KINDS,
        **boltzmann.KINDS,
        **flows.KINDS,
    }
    if domain.kind not in kinds[type(networks)]:
        raise UserError(_misfit(recipe, domain))
    with seeded(recipe.seed, "networks"):
        return GAMES[type(recipe.game)](recipe.game, domain, tuple(share))


def begin(game: Game, recipe: Recipe, source: Source) -> None:
    """Let a new game look at its data before the first round, where its weights start from them."""
    first = FIRST.get(type(recipe.game))
    if first:
        first(game, source, recipe.seed)


def dynamics(spec: Dynamics) -> Play:
    """Return how a round is played."""
    from counterplay.dynamics import DYNAMICS, INNER, consensus, unrolled

    made = {
        "consensus": lambda: consensus(spec.gamma),
        "unrolled": lambda: unrolled(spec.look_ahead, spec.rate, inner=INNER[spec.look_by]),
    }
    return made[spec.rule]() if spec.rule in made else DYNAMICS[spec.rule]


def _misfit(recipe: Recipe, domain: Domain) -> str:
    words = {
        "image": "pictures",
        "sequence": f"sequences of {domain.shape[0]} steps",
        "table": "a table with categories or dates, which --data.drop or --data.labels takes out",
    }
    what = words.get(domain.kind, f"rows of {domain.shape[0]} numbers")
    kind = type(recipe.game.networks).__name__.lower()
    return (
        f"the recipe '{recipe.name}' has networks of type {kind}, and the data are {what}; "
        f"leave --recipe out and one that fits is chosen"
    )
