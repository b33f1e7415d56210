r"""The thin layer on ``torch.distributed``.

Every process holds all networks and a shard of the global batch. After a player's backward pass
its own gradients are averaged: g = (1/R) Σ_r g_r. Modules are not wrapped, so that double backward,
shared networks and parts that no cost reaches in some round just work, where DDP, Fabric and
FSDP fail or go silently apart.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor

from counterplay.errors import UserError

__all__ = ["World", "average", "broadcast", "join", "leave", "world"]

PATIENCE = datetime.timedelta(seconds=60)
"""How long a collective waits for a silent rank before it raises."""


@dataclass(frozen=True)
class World:
    """Which process this is: ``rank`` of ``size``; ``local`` is its place on this machine."""

    rank: int = 0
    size: int = 1
    local: int = 0

    @property
    def leads(self) -> bool:
        """Whether this process writes, prints and draws for all."""
        return self.rank == 0


def world() -> World:
    """Return this process's place, (0, 1) when nothing was joined."""
    if not (dist.is_available() and dist.is_initialized()):
        return World()
    return World(dist.get_rank(), dist.get_world_size(), int(os.environ.get("LOCAL_RANK", 0)))


def join(device: str = "cpu", patience: datetime.timedelta = PATIENCE) -> World:
    """Join the group that ``torchrun`` describes in the environment; alone when there is none."""
    if int(os.environ.get("WORLD_SIZE", "1")) > 1 and not dist.is_initialized():
        backend = "nccl" if device.startswith("cuda") else "gloo"
        dist.init_process_group(backend, timeout=patience)
    return world()


def leave() -> None:
    """Leave the group, if there is one."""
    if dist.is_available() and dist.is_initialized():
        dist.destroy_process_group()


def average(parameters: Sequence[Tensor]) -> None:
    """Average the ``grad`` of each parameter over all processes, in one flat collective.

    The mask of existing gradients goes first: a parameter without a gradient on this rank only
    counts as zero here, one without a gradient anywhere keeps ``None``.

    Raises:
        UserError: when another process has died or is stuck.
    """
    if world().size == 1:
        return
    some = [p for p in parameters if p.numel()]
    mask = torch.tensor([float(p.grad is not None) for p in some], device=some[0].device)
    _sum(mask)
    present = [p for p, seen in zip(some, mask.tolist(), strict=True) if seen]
    grads = [torch.zeros_like(p) if p.grad is None else p.grad for p in present]
    for p, g in zip(present, _averaged(grads), strict=True):
        p.grad = g


def average_tensors(tensors: Sequence[Tensor]) -> list[Tensor]:
    """Return the means of ``tensors`` over all processes."""
    return list(tensors) if world().size == 1 else _averaged(tensors)


def broadcast(tensors: Iterable[Tensor]) -> None:
    """Give every process rank 0's values, in place: all start from the same networks."""
    if world().size > 1:
        for tensor in tensors:
            dist.broadcast(tensor.data, 0)


def _averaged(tensors: Sequence[Tensor]) -> list[Tensor]:
    # Summed in float32 whatever the gradients' type, and handed back in their memory order.
    flat = torch.cat([t.reshape(-1).float() for t in tensors])
    _sum(flat)
    flat /= world().size
    parts = flat.split([t.numel() for t in tensors])
    return [
        torch.empty_like(t).copy_(part.view(t.shape))
        for t, part in zip(tensors, parts, strict=True)
    ]


def _sum(tensor: Tensor) -> None:
    try:
        dist.all_reduce(tensor)
    except RuntimeError as error:
        here = world()
        reason = str(error).strip().splitlines()[0][:160]
        raise UserError(
            f"process {here.rank} of {here.size} lost another process in the middle of a round "
            f"({reason}); look at that process's own message, then resume the run"
        ) from None
