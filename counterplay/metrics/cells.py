"""Cells of k-means: a sample is cut into ``k`` regions, in which another one is counted.

A function of (sample, k, seed); scikit-learn's, with one seeding by k-means++.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.metrics.distances import closest

__all__ = ["Cells", "cells"]


@dataclass(frozen=True)
class Cells:
    """The centres (K, F); a point belongs to the nearest."""

    centres: Tensor

    def __call__(self, x: Tensor) -> Tensor:
        """Return the cell of each row of ``x`` (N, F), int64 (N,)."""
        _, index = closest(x.to(self.centres), self.centres, 1)
        return index[:, 0]

    def counts(self, x: Tensor) -> Tensor:
        """Return how many rows of ``x`` fall into each cell, float64 (K,), on the CPU."""
        return torch.bincount(self(x).cpu(), minlength=len(self.centres)).double()


def cells(x: Tensor, k: int, seed: int = 0) -> Cells:
    """Fit ``k`` cells to features (N, F).

    Raises:
        UserError: when there are fewer different examples than cells.
    """
    from sklearn.cluster import KMeans

    x = x.detach().float()
    different = len(x[: 20 * k].unique(dim=0))
    if different < k and len(x.unique(dim=0)) < k:
        raise UserError(
            f"{k} cells were asked for of {different} different examples: ask for fewer"
        )
    fitted = KMeans(k, n_init=1, random_state=seed)  # pyright: ignore[reportArgumentType]
    fitted.fit(x.cpu().numpy())
    return Cells(torch.from_numpy(fitted.cluster_centers_).to(x))
