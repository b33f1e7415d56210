"""A process's place: its device, and its rank among those that ``torchrun`` started."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

    from counterplay.parallel import World

__all__ = ["Place", "joined", "together"]


@dataclass(frozen=True)
class Place:
    """This process's place: its device, and its rank among how many."""

    device: torch.device
    world: World


@contextmanager
def joined(device: str = "auto") -> Iterator[Place]:
    """Take this process's place among those that ``torchrun`` started, and leave it at the end.

    Raises:
        UserError: when a GPU is asked for and there is none.
    """
    from counterplay.parallel import join, leave, world
    from counterplay.recipes.device import find

    found = find(device, _local_rank())
    join(found.type)
    try:
        yield Place(found, world())
    finally:
        leave()


def together(place: Place) -> None:
    """Wait for all processes: the folder that one has made, all of them open."""
    if place.world.size > 1:
        import torch

        from counterplay.parallel import average_tensors

        average_tensors([torch.zeros(1, device=place.device)])


def _local_rank() -> int:
    return int(os.environ.get("LOCAL_RANK", "0"))
