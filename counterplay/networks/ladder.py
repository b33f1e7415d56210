"""The networks of a hierarchy of latents."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from torch import nn

from counterplay.networks.coders import ACTIVATIONS, DenseEncoder, dense

__all__ = ["ladder"]


def ladder(
    shape: Sequence[int],
    latents: Sequence[int],
    hidden: Sequence[int],
    chained: bool,
    activation: str = "tanh",
) -> tuple[list[nn.Module], list[nn.Module], list[nn.Module]]:
    """Return (climbs, evidences, descents) of :class:`counterplay.games.hierarchical`.

    Args:
        shape: of an example.
        latents: of each layer, from the data upwards.
        hidden: widths of the hidden layers of every climb and descent.
        chained: whether a climb goes on from the climb below it, or from the latents there.
        activation: a key of :data:`counterplay.networks.coders.ACTIVATIONS`.
    """
    top, last = hidden[-1], hidden[:-1]
    below = [top if chained else k for k in latents[:-1]]
    widths = [math.prod(shape), *below]
    climbs: list[nn.Module] = [
        nn.Sequential(DenseEncoder((w,), last, top, activation), ACTIVATIONS[activation]())
        for w in widths
    ]
    evidences = [nn.Linear(top, 2 * k) for k in latents]
    pairs = itertools.pairwise(latents)
    descents = [dense([above, *hidden, 2 * own], activation) for own, above in pairs]
    return climbs, list(evidences), list(descents)
