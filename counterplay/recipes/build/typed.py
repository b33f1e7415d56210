"""Games on tables of mixed columns from their specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterplay.recipes.build.moves import adam
from counterplay.recipes.specs.typed import (
    Columns,
    TypedAutoregressive,
    TypedFlow,
    TypedGan,
    TypedVae,
)

if TYPE_CHECKING:
    from counterplay.data.domain import Table
    from counterplay.game import Game
    from counterplay.networks.typed import Layout

__all__ = ["GAMES", "KINDS", "layout"]


def layout(table: Table, resolution: int) -> Layout:
    """Return where in a row the columns of ``table`` stand, and their bins."""
    from counterplay.networks.typed import Block, Layout, bins

    return Layout(
        [
            Block(
                column.numeric,
                column.options,
                bins(column.atoms, resolution) if column.numeric else (),
                column.atoms,
            )
            for column in table.columns
            if column.width
        ]
    )


def _autoregressive(spec: TypedAutoregressive, table: Table, share: object) -> Game:
    from counterplay.games.typed import TypedAutoregressive as Made
    from counterplay.networks.typed import Masked

    nets = spec.networks
    columns = layout(table, nets.resolution)
    return Made(Masked(columns, nets.width, nets.depth), move=adam(spec.optimiser))


def _vae(spec: TypedVae, table: Table, share: object) -> Game:
    from counterplay.games.typed import TypedVAE
    from counterplay.networks import MLP

    nets = spec.networks
    columns, hidden = layout(table, nets.resolution), [nets.width] * nets.depth
    encoder = MLP([columns.width, *hidden, 2 * spec.latent])
    decoder = MLP([spec.latent, *hidden, sum(columns.cells)])
    return TypedVAE(
        encoder, decoder, spec.latent, columns, beta=spec.beta, move=adam(spec.optimiser)
    )


def _flow(spec: TypedFlow, table: Table, share: object) -> Game:
    from counterplay.games.typed import TypedFlow as Made
    from counterplay.networks.flows import VECTORS
    from counterplay.networks.typed_scale import Scale

    nets = spec.networks
    columns = layout(table, nets.resolution)
    hidden = [nets.width] * nets.depth
    dim = len(columns.cells)
    kind = "spline" if dim > 1 else "masked-spline"  # which needs no other column
    transform = VECTORS[kind](dim, hidden, blocks=spec.transforms, bound=4.0)
    scale = Scale(columns, [column.shares for column in table.columns if column.width])
    return Made(transform, scale, move=adam(spec.optimiser))


def _gan(spec: TypedGan, table: Table, share: object) -> Game:
    from torch import nn

    from counterplay.costs import wasserstein
    from counterplay.games.gan import GAN
    from counterplay.laws import Normal
    from counterplay.networks import MLP
    from counterplay.networks.typed import TypedGenerator
    from counterplay.penalties import gradient_penalty
    from counterplay.views import View

    nets = spec.networks
    columns, hidden = layout(table, nets.resolution), [nets.width] * nets.depth
    generator = TypedGenerator(columns, spec.latent, hidden)
    critic = MLP([spec.pack * columns.width, *hidden, 1], lambda: nn.LeakyReLU(0.2))
    numbers = len(columns.numbers)
    view = View(
        {"spread": lambda x, noise, chance: columns.spread(x, noise.uniform(numbers))},
        pack=spec.pack,
    )
    return GAN(
        generator,
        critic,
        Normal(spec.latent + generator.luck),
        cost=wasserstein,
        penalties={"gradient_penalty": (spec.penalty, gradient_penalty)},
        critic_steps=spec.critic_steps,
        moves=(adam(spec.critic), adam(spec.generator)),
        view=view,
    )


KINDS: dict[type, tuple[str, ...]] = {Columns: ("table",)}
"""The kinds of data that networks are for."""

GAMES: dict[type, Any] = {
    TypedAutoregressive: _autoregressive,
    TypedVae: _vae,
    TypedFlow: _flow,
    TypedGan: _gan,
}
