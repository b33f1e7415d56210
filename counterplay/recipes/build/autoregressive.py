"""Belief nets and PixelCNNs from their specs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes.specs.autoregressive import Autoregressive, Fvsbn, Made, Nade, PixelCnn

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterplay.data import Image, Vector
    from counterplay.games.autoregressive import Autoregressive as Game

__all__ = ["GAMES", "KINDS"]


def _game(spec: Autoregressive, domain: Image | Vector, share: tuple[float, ...]) -> Game:
    from counterplay.game import adam
    from counterplay.games.autoregressive import Autoregressive as Game

    if not domain.levels:
        raise UserError(
            "these numbers stand on no levels, and the game gives each level its mass; "
            "a recipe of a flow, such as --recipe flow, is for continuous data"
        )
    move = spec.optimiser
    if move.rule != "adam":
        raise UserError(f"game.optimiser.rule: these networks move by adam, not by {move.rule}")
    parts = BUILT[type(spec.networks)](spec.networks, domain, len(share))
    moves = adam(move.lr, move.betas, move.eps, spec.weight_decay)
    return Game(**parts, share=share, move=moves)


def _belief(
    make: Callable[[Any, int, int], Any],
) -> Callable[[Any, Image | Vector, int], dict[str, Any]]:
    def build(spec: Any, domain: Image | Vector, classes: int) -> dict[str, Any]:
        from counterplay.networks.masked import Flat

        if domain.levels != 2:
            raise UserError(
                f"{type(spec).__name__.upper()} is for two levels and the data have "
                f"{domain.levels}; --data.binarise fixed makes two of them"
            )
        network = make(spec, math.prod(domain.shape), classes)
        views = network.orderings() if type(spec) is Made else [network]
        if len(domain.shape) == 1:
            return {"network": network, "members": views}
        members = [Flat(view, domain.shape) for view in views]
        return {"network": Flat(network, domain.shape), "members": members}

    return build


def _fvsbn(spec: Fvsbn, dim: int, classes: int) -> Any:
    from counterplay.networks.masked import FVSBN

    return FVSBN(dim, classes)


def _nade(spec: Nade, dim: int, classes: int) -> Any:
    from counterplay.networks.masked import NADE

    return NADE(dim, spec.width, classes)


def _made(spec: Made, dim: int, classes: int) -> Any:
    from counterplay.networks.masked import MADE

    hidden, orders = [spec.width] * spec.depth, range(spec.orders)
    return MADE(dim, hidden, spec.direct, classes, orders, spec.dropout)


def _pixelcnn(spec: PixelCnn, domain: Any, classes: int) -> dict[str, Any]:
    from counterplay.networks.mixture import CATEGORICAL, logistics
    from counterplay.networks.pixelcnn import PixelCNN

    network = PixelCNN(
        domain.shape,
        domain.levels,
        spec.features,
        spec.depth,
        spec.radius,
        spec.reach,
        classes,
        spec.components,
        spec.dropout,
    )
    output = logistics(domain.levels) if spec.components else CATEGORICAL
    return {"network": network, "output": output}


BUILT: dict[type, Callable[[Any, Any, int], dict[str, Any]]] = {
    Fvsbn: _belief(_fvsbn),
    Nade: _belief(_nade),
    Made: _belief(_made),
    PixelCnn: _pixelcnn,
}
"""(spec, domain, classes) -> what the game is made of."""

KINDS: dict[type, tuple[str, ...]] = {
    Fvsbn: ("vector", "image"),
    Nade: ("vector", "image"),
    Made: ("vector", "image"),
    PixelCnn: ("image",),
}
"""The kinds of data that networks are for."""

GAMES: dict[type, Any] = {Autoregressive: _game}
