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

__all__ = ["begin", "dynamics", "game", "refuse_parts"]

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
        UserError: when the networks do not fit the domain, a conditional game has no labels, or the
            game cannot be played as the recipe says.
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
        made = GAMES[type(recipe.game)](recipe.game, domain, tuple(share))
    _refuse_unseen(made, recipe)
    refuse_parts(made, recipe)
    return made


def refuse_parts(game: Game, recipe: Recipe, processes: int = 1) -> None:
    """Refuse parts of batches that are not worth the whole: free bits, and single examples.

    Free bits go by a latent's KL over the whole batch. A batch norm over rows (N, C) has nothing
    to scale single examples by; no batch norm here is over planes of one pixel.

    Raises:
        UserError: naming the option or the layer, and what would work.
    """
    from torch import nn

    parts = recipe.accumulate * processes
    if parts > 1 and getattr(recipe.game, "free_bits", 0):
        raise UserError(
            f"--game.free_bits: a latent's KL is averaged over the whole batch, and this one is "
            f"cut into {parts} parts; --game.free_bits 0 or a batch in one part works"
        )
    if recipe.data.batch // parts > 1:
        return
    layer = next((n for n, part in game.named_modules() if isinstance(part, nn.BatchNorm1d)), None)
    if layer:
        shown = f"a batch of {recipe.data.batch}" + (f" in {parts} parts" if parts > 1 else "")
        raise UserError(
            f"{shown} shows the networks one example at a time, and the batch norm {layer} scales "
            f"examples by each other: --batch {2 * parts} or more works, of at least as many "
            "training examples" + (", and so do fewer parts" if parts > 1 else "")
        )


def _refuse_unseen(game: Game, recipe: Recipe) -> None:
    """Refuse to look through a player that the game does not have."""
    names = [player.name for player in game.players()]
    if recipe.dynamics.rule == "unrolled" and "critic" not in names:
        others = "alternating, simultaneous, extragradient, optimistic and consensus"
        raise UserError(
            f"--dynamics unrolled: the recipe '{recipe.name}' cannot be unrolled, which looks "
            f"through one player named critic, and it is played by {', '.join(names)}; {others} "
            "work"
        )


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
