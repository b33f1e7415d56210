"""Normalising flows from their specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes.specs.flows import Flow, PictureFlow, VectorFlow

if TYPE_CHECKING:
    from counterplay.data import Image, Source, Vector
    from counterplay.games.flow import Flow as Made
    from counterplay.networks.flows import Transform

__all__ = ["FIRST", "GAMES", "KINDS"]

STARTED_WITH = 512
"""Examples that the activation norms are fitted to."""


def _flow(spec: Flow, domain: Image | Vector, share: tuple[float, ...]) -> Made:
    from counterplay.game import adam
    from counterplay.games.flow import Flow as Made
    from counterplay.laws import Labels

    classes = _classes(spec, domain)
    move = spec.optimiser
    if move.rule != "adam":
        raise UserError(f"game.optimiser.rule: a flow moves by adam here, not by {move.rule}")
    return Made(
        _transform(spec, domain, classes),
        domain.shape,
        levels=domain.levels,
        labels=Labels(share or (1 / classes,) * classes) if classes else None,
        dequantiser=_dequantiser(spec, domain),
        move=adam(move.lr, move.betas, move.eps, spec.weight_decay),
    )


def _classes(spec: Flow, domain: Image | Vector) -> int:
    classes = len(domain.classes) if spec.conditional else 0
    if spec.conditional and classes < 2:
        raise UserError(
            f"game.classes: {spec.classes} was asked for and the data have no classes to show; "
            "--game.classes none does without"
        )
    return classes


def _transform(spec: Flow, domain: Image | Vector, classes: int) -> Transform:
    """Return the way from what the game shows of an example to z."""
    from counterplay.networks.flows import Chain, ClassNorm, Flat, Logit

    shown = classes if spec.classes == "networks" else 0
    steps: list[Transform] = [Logit(spec.margin)] if domain.levels else []
    if len(domain.shape) == 3 and type(spec.networks) is VectorFlow:
        steps.append(Flat(domain.shape))
    steps.append(BUILT[type(spec.networks)](spec.networks, domain, shown))
    if spec.classes == "prior":
        steps.append(ClassNorm(_count(domain), classes))
    return Chain(*steps)


def _rows(nets: VectorFlow, domain: Image | Vector, context: int) -> Transform:
    from counterplay.networks.flows import VECTORS

    options: dict[str, Any] = {"blocks": nets.blocks, "context": context}
    if "spline" in nets.model:
        options |= {"bins": nets.bins, "bound": nets.bound}
    if nets.model not in ("maf", "iaf", "masked-spline"):
        options["dropout"] = nets.dropout
    elif nets.dropout:
        raise UserError(f"game.networks.dropout: '{nets.model}' has none; leave it at 0")
    return VECTORS[nets.model](_count(domain), [nets.width] * nets.depth, **options)


def _grids(nets: PictureFlow, domain: Image | Vector, context: int) -> Transform:
    from counterplay.networks.flows import PICTURES

    size = domain.shape[-1]
    if size % 2**nets.scales:
        fit = max(k for k in range(nets.scales) if size % 2**k == 0)
        works = f"--game.networks.scales {fit}" if fit else "--data.size with an even side"
        raise UserError(
            f"game.networks.scales: pictures of {size}x{size} cannot be halved {nets.scales} "
            f"times; {works} works"
        )
    return PICTURES[nets.model](domain.shape, nets.width, nets.scales, nets.blocks, context)


def _dequantiser(spec: Flow, domain: Image | Vector) -> Transform | None:
    from counterplay.networks.flows import dequantiser

    if spec.dequantisation == "uniform":
        return None
    if not domain.levels:
        raise UserError(
            "game.dequantisation: the data are continuous and have no levels to add noise to; "
            "--game.dequantisation uniform leaves them as they are"
        )
    return dequantiser(domain.shape, spec.networks.width)


def _count(domain: Image | Vector) -> int:
    import math

    return math.prod(domain.shape)


def _start(game: Made, source: Source, seed: int) -> None:
    device = next(game.parameters()).device
    x, y = source.examples("train", STARTED_WITH, seed)
    game.start(x.to(device), None if y is None else y.to(device), seed)


BUILT: dict[type, Any] = {VectorFlow: _rows, PictureFlow: _grids}
"""(spec, domain, numbers of the context) -> the transform without what goes before and after."""

KINDS: dict[type, tuple[str, ...]] = {VectorFlow: ("image", "vector"), PictureFlow: ("image",)}
"""The kinds of data that networks are for."""

GAMES: dict[type, Any] = {Flow: _flow}

FIRST: dict[type, Any] = {Flow: _start}
"""Spec -> what is done to a new game with its data before its first round."""
