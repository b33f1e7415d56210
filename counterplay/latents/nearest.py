"""The training examples that are nearest to samples: has it learnt them by heart?

In pixels a shifted copy looks far away, and in features a likeness looks near: one looks at both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from counterplay.errors import UserError

__all__ = ["Nearest", "nearest_examples"]


@dataclass(frozen=True)
class Nearest:
    """The nearest training examples of samples.

    Attributes:
        index: which, the nearest first, int64 (N, k).
        distance: Euclidean, of what was compared, (N, k).
    """

    index: Tensor
    distance: Tensor


def nearest_examples(
    samples: Tensor,
    train: Tensor,
    k: int = 1,
    features: Callable[[Tensor], Tensor] | None = None,
    chunk: int = 256,
) -> Nearest:
    """Return the ``k`` training examples that are nearest to each sample.

    Args:
        samples: (N, …).
        train: (M, …), M ≥ k.
        k: how many for each.
        features: what is compared, examples (N, …) -> (N, F); ``None``: the numbers themselves.
        chunk: samples at a time, which bounds memory.

    Raises:
        UserError: when the two differ in shape, or there are fewer than ``k`` training examples.
    """
    if samples.shape[1:] != train.shape[1:]:
        raise UserError(
            f"samples of shape {tuple(samples.shape[1:])} have no neighbours among examples of "
            f"shape {tuple(train.shape[1:])}"
        )
    if not 1 <= k <= len(train):
        raise UserError(f"{k} neighbours were asked for; 1 to {len(train):,} can be had")
    seen = (features or (lambda x: x))(samples).flatten(1).float()
    known = (features or (lambda x: x))(train).flatten(1).float()
    centre = known.mean(0)  # distances lose least near the origin
    found = [
        torch.cdist(part - centre, known - centre).topk(k, 1, largest=False)
        for part in seen.split(chunk)
    ]
    index = torch.cat([each.indices for each in found])
    # Anew from the differences, so that a copy is at exactly 0.
    exact = torch.stack([(seen - known[index[:, i]]).norm(dim=1) for i in range(k)], 1)
    order = exact.argsort(dim=1)
    return Nearest(index.gather(1, order), exact.gather(1, order))
