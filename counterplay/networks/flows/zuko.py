"""Flows of zuko (Rozet et al., a library of normalising flows), taken as they are.

Nothing of zuko is imported: its flow is asked for its transform and its base.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from counterplay.errors import UserError
from counterplay.networks.flows.base import Transform

__all__ = ["zuko_adapter"]


def zuko_adapter(flow: nn.Module) -> Transform:
    """Return a transform that is ``flow``'s own, and carries its base.

    Args:
        flow: any ``zuko.flows.Flow``; of a conditional one the context is zuko's.

    Raises:
        UserError: when it has no transform to one base, such as a mixture.
    """
    parts = [getattr(flow, name, None) for name in ("transform", "base")]
    if not all(isinstance(part, nn.Module) for part in parts):
        raise UserError(
            f"{type(flow).__name__} is no flow of zuko, with a transform and a base; such as "
            "zuko.flows.NSF(features=2) is needed"
        )
    return _Adapted(flow)


class _Adapted(Transform):
    def __init__(self, flow: Any) -> None:
        super().__init__()
        self.flow = flow
        self.latent = _Base(flow)

    def forward(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        z, log_det = self.flow.transform(context).call_and_ladj(x)
        return z, log_det.reshape(len(x), -1).sum(1)

    def inverse(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        x, log_det = self.flow.transform(context).inv.call_and_ladj(z)
        return x, log_det.reshape(len(z), -1).sum(1)


@dataclass(frozen=True, eq=False)
class _Base:
    """The base of a flow as a law; a base that has a context is taken without one."""

    flow: Any

    def sample(self, n: int, rng: torch.Generator) -> Tensor:
        # torch.distributions draw from torch's global generator, which is lent and given back.
        seed = int(torch.randint(2**62, (), generator=rng))
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return self.flow.base(None).sample((n,))

    def log_prob(self, z: Tensor) -> Tensor:
        return self.flow.base(None).log_prob(z).reshape(len(z), -1).sum(1)
