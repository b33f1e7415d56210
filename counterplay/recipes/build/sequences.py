"""Games of sequences from their specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes.build.moves import adam
from counterplay.recipes.specs.sequences import Sequences

if TYPE_CHECKING:
    from counterplay.games.sequences import Sequences as Made

__all__ = ["GAMES"]

DEEPEST = 16
"""Blocks of a cycle, at most: the last one looks back 32,768 steps."""


def _sequences(spec: Sequences, domain: Any, share: tuple[float, ...]) -> Made:
    from counterplay.games.sequences import Sequences as Made
    from counterplay.networks.wavenet import WaveNet as Network

    nets = spec.networks
    if nets.depth > DEEPEST:
        raise UserError(f"game.networks.depth: {nets.depth} blocks; {DEEPEST} or fewer can be had")
    network = Network(
        domain.length,
        domain.levels,
        nets.width,
        nets.skips,
        [2**i for i in range(nets.depth)] * nets.cycles,
        classes=len(share),
        dropout=nets.dropout,
    )
    return Made(network, share=share, move=adam(spec.optimiser))


GAMES: dict[type, Any] = {Sequences: _sequences}
